"""Right or wrong: told to the server, which keeps it; and an answer on a page of its own."""

from __future__ import annotations

import json

import pytest
from made_up import PEAK, TERM, UNSTATED
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser


def test_right_is_one_click(visit: Visit) -> None:
    reply = visit.ask(PEAK)
    with visit.page.expect_response("**/api/feedback") as sent:
        visit.page.get_by_role("button", name="Right", exact=True).click()
    assert sent.value.status == 201
    body = sent.value.request.post_data_json
    assert body == {"answer_id": reply["id"], "verdict": "right", "reason": None, "comment": None}
    visit.page.get_by_text("Thank you").wait_for()
    assert "Thank you" in visit.page.evaluate("document.activeElement.textContent"), "the focus is not lost"


def test_wrong_asks_why_and_sends_reason_and_comment(visit: Visit) -> None:
    visit.ask(TERM)
    visit.page.get_by_role("button", name="Wrong", exact=True).click()
    form = visit.page.locator("form.why")
    assert visit.page.evaluate("document.activeElement.type") == "radio"
    visit.assert_accessible()
    form.get_by_label("The passage does not prove it").check()
    form.get_by_label("In your words").fill("The second excerpt is about another term.")
    visit.screenshot("feedback")
    with visit.page.expect_response("**/api/feedback") as sent:
        form.get_by_role("button", name="Send").click()
    assert sent.value.status == 201
    assert sent.value.request.post_data_json["reason"] == "wrong_citation"
    assert sent.value.request.post_data_json["comment"].startswith("The second")


def test_refusal_offers_its_own_reasons_and_can_be_cancelled(visit: Visit) -> None:
    visit.ask(UNSTATED)
    visit.page.get_by_role("button", name="Wrong", exact=True).click()
    labels = visit.page.locator(".why fieldset label").all_inner_texts()
    assert [label.strip() for label in labels] == ["The text does say it", "Something else"]
    visit.page.get_by_role("button", name="Cancel").click()
    assert visit.page.get_by_text("Is it right not to answer?").is_visible()


def test_server_that_keeps_no_feedback_is_not_offered_any(visit: Visit) -> None:
    about = visit.page.evaluate("fetch('/api/about').then(reply => reply.json())")
    about["limits"]["keep_feedback"] = 0
    visit.page.route("**/api/about", lambda route: route.fulfill(json=about))
    visit.ask(PEAK)
    visit.page.locator(".feedback").wait_for(state="hidden")


def test_feedback_that_cannot_be_kept_says_so_and_can_be_sent_again(visit: Visit) -> None:
    visit.ask(PEAK)
    visit.expect_problem("net::ERR")
    visit.page.route("**/api/feedback", lambda route: route.abort())
    visit.page.get_by_role("button", name="Right", exact=True).click()
    visit.page.locator(".feedback .problem").wait_for()
    visit.page.unroute("**/api/feedback")
    visit.page.get_by_role("button", name="Try again").click()
    visit.page.get_by_text("Thank you").wait_for()


def test_permalink_shows_the_same_answer_after_a_reload(visit: Visit, visit_at: OpenVisit, server: str) -> None:
    reply = visit.ask(TERM)
    other = visit_at(server)
    other.open(f"answers/{reply['id']}")
    page = other.page
    page.locator("#page .reply").wait_for()
    assert page.locator("h1.question").inner_text() == TERM
    quotations = page.locator("#page blockquote").all_text_contents()
    assert quotations == [given["cited_text"] for given in reply["citations"]]
    page.locator("#page .text .cite").first.click()
    assert other.marked() == reply["citations"][0]["cited_text"]
    other.assert_accessible()
    other.screenshot("kept-answer")
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the receipt").click()
    assert json.loads(saved.value.path().read_text())["answer"]["id"] == reply["id"]


def test_answer_that_is_not_kept_says_what_to_do(visit_at: OpenVisit, server: str) -> None:
    visit = visit_at(server)
    visit.expect_problem("404")
    visit.open("answers/0123456789abcdef")
    visit.page.locator(".problem").wait_for()
    assert "Ask the question again" in visit.page.locator(".problem").inner_text()
    visit.screenshot("no-answer-kept")


def test_address_without_a_page_says_so_and_leads_on(visit_at: OpenVisit, server: str) -> None:
    visit = visit_at(server)
    visit.expect_problem("404")
    visit.open("no/such/page")
    visit.page.get_by_role("heading", name="There is no page here").wait_for()
    visit.assert_accessible()
    visit.screenshot("no-page")
    visit.page.get_by_role("link", name="Ask a question").click()
    visit.page.locator("#question").wait_for()

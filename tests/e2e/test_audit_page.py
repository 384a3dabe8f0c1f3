"""The audit, the page about nkqa, and what stands beside the conversation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser


def audit(visit: Visit) -> Any:
    return visit.page.evaluate("fetch('/api/audit').then(reply => reply.json())")


def test_every_finding_is_shown_with_its_places(visit: Visit) -> None:
    visit.open_page("/audit")
    given = audit(visit)
    failed = [finding for finding in given["findings"] if not finding["passed"]]
    messages = visit.page.locator(".findings .message").all_text_contents()
    assert sorted(messages) == sorted(finding["message"] for finding in given["findings"])
    assert f"{len(failed)} findings, {given['passed']} checks passed" in visit.page.locator(".count").inner_text()
    places = visit.page.locator(".places a")
    assert places.count() == sum(len(finding["spans"]) for finding in given["findings"])
    assert visit.page.locator(".passed .message").first.is_hidden()
    visit.page.locator(".passed > summary").click()
    assert visit.page.locator(".passed .message").count() == given["passed"]


def test_places_of_a_finding_are_marked_together(visit: Visit) -> None:
    visit.open_page("/audit")
    finding = audit(visit)["findings"][0]
    visit.page.get_by_role("link", name=f"All {len(finding['spans'])} places marked in the source").first.click()
    visit.page.wait_for_selector(".reader mark")
    spans = sorted(finding["spans"], key=lambda span: span["start"])
    assert visit.page.locator(".reader mark").all_text_contents() == [span["text"] for span in spans]


def test_nothing_to_report_is_said(visit: Visit) -> None:
    empty = {"generation": "made-up", "failed": 0, "passed": 0, "findings": []}
    visit.page.route("**/api/audit", lambda route: route.fulfill(body=json.dumps(empty)))
    visit.open_page("/audit")
    visit.page.get_by_text("There is nothing to report").wait_for()


def test_about_names_licences_limits_and_what_answers(visit: Visit) -> None:
    visit.open_page("/about")
    text = visit.page.locator("#page").inner_text()
    about = visit.page.evaluate("fetch('/api/about').then(reply => reply.json())")
    for words in [about["nkqa"], about["generation"], "MIT", "CC BY-SA 4.0", "7 in 10", "newest 1,000 answers"]:
        assert words in text


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (360, 740, "dark")])
def test_pages_fit_and_pass_axe(visit_at: OpenVisit, server: str, width: int, height: int, scheme: str) -> None:
    visit = visit_at(server, width, height, scheme)
    for path in ["/audit", "/about"]:
        visit.open_page(path)
        visit.screenshot(f"{path[1:]}-{width}-{scheme}")
        visit.assert_accessible()
        visit.assert_fits()


def test_suggested_question_is_asked_at_once(visit: Visit) -> None:
    body = json.dumps({"generation": "made-up", "questions": ["What is Hanawon?"]})
    visit.page.route("**/api/suggestions", lambda route: route.fulfill(body=body))
    visit.open()
    visit.page.locator(".openers .chip").click()
    visit.page.locator(".reply").wait_for()
    assert visit.last_answer()["question"] == "What is Hanawon?"


def test_without_suggestions_headings_draft_a_question(visit: Visit) -> None:
    visit.expect_problem("404")
    visit.page.route("**/api/suggestions", lambda route: route.fulfill(status=404, body="{}"))
    visit.open()
    visit.page.locator(".openers .chip").first.click()
    assert visit.page.input_value("#question") == "What does the text say about “Terms”?"


def test_a_hundred_documents_are_listed_by_title_and_can_be_narrowed(visit: Visit) -> None:
    documents = visit.documents()
    many = [{**documents[0], "id": f"id{number}", "title": f"Report {number}"} for number in range(100)]
    body = json.dumps({"generation": "made-up", "documents": many})
    visit.page.route("**/api/documents", lambda route: route.fulfill(body=body))
    visit.open()
    assert visit.page.locator(".card a").last.inner_text() == "All 100 documents"
    visit.assert_accessible()
    visit.page.locator(".card a").last.click()
    visit.page.fill("#filter", "report 42")
    visit.page.get_by_text("1 of 100 documents").wait_for()
    assert visit.page.url.endswith("/source?q=report+42")
    visit.assert_accessible()

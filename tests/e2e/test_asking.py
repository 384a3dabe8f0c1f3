"""Asking: the empty page, a cited answer, a refusal, a friendly line, a follow-up, stopping."""

from __future__ import annotations

import re

import pytest
from made_up import GREETING, HANAWON, OFF_TOPIC, PEAK, TERM, UNSTATED, answer, cell_answer, citation
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser


def test_empty_page_names_the_documents_and_their_licence(visit: Visit) -> None:
    documents = visit.documents()
    assert visit.page.locator(".intro").is_visible()
    assert visit.page.locator(".card h3").all_text_contents() == [document["title"] for document in documents]
    credit = visit.page.locator("#colophon")
    assert documents[0]["source"]["author"] in credit.inner_text()
    licence = credit.get_by_role("link", name="CC BY-SA 4.0")
    assert licence.get_attribute("href") == documents[0]["source"]["licence_url"]
    visit.screenshot("empty")


def test_opener_is_asked_by_one_click_and_answered(visit: Visit) -> None:
    chip = visit.page.locator("#openers button").first
    question = chip.inner_text()
    chip.click()
    visit.page.locator(".reply.answered").wait_for()
    assert visit.page.locator(".question").inner_text() == question


def test_answer_shows_text_markers_and_exact_quotations(visit: Visit) -> None:
    reply = visit.ask(PEAK)
    assert reply["status"] == "answered"
    page = visit.page
    if reply["short"]:
        assert page.locator(".short").inner_text() == reply["short"]
    shown = page.locator(".text").inner_text()
    with_buttons = re.sub(r"\[(\d+)\]", r"\1", reply["text"])
    assert shown.split() == with_buttons.split()
    bold = page.locator(".text strong.answer").all_inner_texts()
    assert bold == ([reply["short"]] if reply["short"] and reply["short"] in reply["text"] else [])
    quotations = page.locator(".citations blockquote").all_text_contents()
    assert quotations == [given["cited_text"] for given in reply["citations"]]
    for item, given in zip(page.locator(".citations > li").all(), reply["citations"], strict=True):
        assert all(heading in item.locator(".place").inner_text() for heading in given["section"])
    assert page.title().startswith(PEAK)
    assert page.locator(".intro").is_hidden()
    visit.screenshot("answer")


def test_flags_of_the_source_are_badges_with_an_explanation(visit: Visit) -> None:
    document = visit.first_document()
    flag = next(flag for flag in document["flags"] if flag["label"] == "citation needed")
    flagged = citation(document, flag["start"] - 40, flag["end"], flags=["citation needed"])
    visit.answer_with(answer(document, text="Flagged. [1]", citations=[flagged], confidence=0.6))
    visit.ask(TERM)
    item = visit.page.locator(".citations .flag")
    assert item.inner_text() == "citation needed the source itself says that a reference is missing here"
    assert visit.page.locator(".confidence .badge").inner_text() == "citation needed"
    visit.screenshot("flagged")


def test_cells_are_lines_of_row_column_and_value(visit: Visit) -> None:
    document = visit.first_document()
    made = cell_answer(document)
    visit.answer_with(made)
    visit.ask("How many women came in 2009?")
    cell = made["citations"][0]["cells"][0]
    assert visit.page.locator(".cells tbody td").all_text_contents() == [cell["row"], cell["column"], cell["value"]]
    visit.screenshot("cells")


def test_refusal_looks_different_and_offers_closest_passages(visit: Visit) -> None:
    reply = visit.ask(UNSTATED)
    assert reply["status"] == "declined"
    page = visit.page
    assert page.locator(".reply.declined").is_visible()
    assert page.get_by_text("No answer", exact=True).is_visible()
    assert page.locator(".short, .confidence, .cite").count() == 0
    assert reply["closest"], "a refusal names its closest passages"
    assert page.get_by_text("Closest passages – not an answer").is_visible()
    page.locator(".closest button").first.click()
    assert visit.marked() == reply["closest"][0]["cited_text"]
    visit.screenshot("refusal")


def test_question_about_something_else_is_refused_without_passages(visit: Visit) -> None:
    reply = visit.ask(OFF_TOPIC)
    assert reply["reason"] == "off_topic"
    assert visit.page.locator(".declined .no-answer").inner_text().endswith("Not what these documents are about")
    assert visit.page.locator(".declined .text").inner_text() == reply["text"]
    assert visit.page.locator("blockquote").count() == len(reply["closest"])
    visit.screenshot("off-topic")


def test_greeting_gets_a_friendly_line_without_citations(visit: Visit) -> None:
    reply = visit.ask(GREETING)
    assert reply["status"] == "smalltalk"
    assert visit.page.locator(".reply .text").inner_text() == reply["text"]
    assert visit.page.locator(".citations").count() == 0
    visit.screenshot("greeting")


def test_suggestion_is_asked_by_one_click(visit: Visit) -> None:
    document = visit.first_document()
    visit.answer_with(answer(document, status="smalltalk", kind="smalltalk", text="Hello.", suggestions=[HANAWON]))
    visit.ask(GREETING)
    visit.page.unroute("**/api/ask")
    with visit.page.expect_request("**/api/ask") as request:
        visit.page.get_by_role("button", name=HANAWON).click()
    assert request.value.post_data_json == {"question": HANAWON, "history": [GREETING]}
    visit.page.locator(".reply").nth(1).wait_for()


def test_earlier_questions_travel_with_the_next_one_and_its_reading_is_shown(visit: Visit) -> None:
    visit.ask(PEAK)
    document = visit.first_document()
    visit.answer_with(answer(document, text="So read.", interpreted_as="And in which month?"))
    with visit.page.expect_request("**/api/ask") as request:
        visit.ask("and the month?")
    assert request.value.post_data_json == {"question": "and the month?", "history": [PEAK]}
    assert visit.page.locator(".reading q").inner_text().strip('“”"') == "And in which month?"
    assert visit.page.locator(".entry .question").all_text_contents() == [PEAK, "and the month?"]


def test_question_in_the_address_is_asked_on_load(visit_at: OpenVisit, server: str) -> None:
    visit = visit_at(server)
    visit.open("?q=What+is+Hanawon%3F")
    visit.page.wait_for_selector(".reply")
    assert visit.page.locator(".question").inner_text() == HANAWON


def test_enter_asks_and_shift_enter_starts_a_new_line(visit: Visit) -> None:
    visit.page.fill("#question", "one")
    visit.page.press("#question", "Shift+Enter")
    visit.page.keyboard.type("two")
    assert visit.page.input_value("#question") == "one\ntwo"
    assert visit.page.locator(".entry").count() == 0
    visit.page.fill("#question", "   ")
    visit.page.press("#question", "Enter")
    assert visit.page.locator(".entry").count() == 0


def test_escape_stops_a_question_and_keeps_it(visit: Visit) -> None:
    visit.page.route("**/api/ask", lambda _: None)
    visit.page.fill("#question", HANAWON)
    visit.page.press("#question", "Enter")
    visit.page.wait_for_selector(".waiting")
    assert visit.page.get_attribute("#thread", "aria-busy") == "true"
    visit.screenshot("waiting")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector(".stopped")
    assert visit.page.get_attribute("#thread", "aria-busy") == "false"
    assert visit.page.input_value("#question") == HANAWON
    visit.page.unroute("**/api/ask")
    visit.page.get_by_role("button", name="Ask again").click()
    visit.page.wait_for_selector(".reply")
    assert visit.page.input_value("#question") == ""

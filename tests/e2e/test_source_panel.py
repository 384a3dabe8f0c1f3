"""The source panel: the highlighted text is exactly what was cited, in a text that is complete."""

from __future__ import annotations

import pytest
from made_up import HANAWON, PEAK, TERM, answer, cell_answer, citation
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser

# The text of the panel without what the page adds to it.
TEXT_WITHOUT_NOTES = """() => {
  const copy = document.querySelector('.manuscript').cloneNode(true);
  copy.querySelectorAll('[data-note]').forEach(note => note.remove());
  return copy.textContent;
}"""


@pytest.mark.parametrize("question", [PEAK, TERM, HANAWON])
def test_number_opens_the_source_at_exactly_what_is_cited(visit: Visit, question: str) -> None:
    reply = visit.ask(question)
    for number, given in enumerate(reply["citations"]):
        visit.page.locator(".citations .cite").nth(number).click()
        assert visit.marked() == given["cited_text"]
        assert visit.page.locator("#source mark").first.is_visible()
        visit.screenshot(f"source-{question.split()[-1].strip('?').lower()}")
        text = visit.page.evaluate(TEXT_WITHOUT_NOTES)
        # The panel covers the proofs; the chips in the text stay within reach.
        visit.page.keyboard.press("Escape")
        assert text == visit.document(given["document_id"])["text"]


def test_marker_in_the_text_and_quotation_open_the_source_too(visit: Visit) -> None:
    reply = visit.ask(PEAK)
    visit.page.locator(".text .cite").first.click()
    assert visit.marked() == reply["citations"][0]["cited_text"]
    visit.page.keyboard.press("Escape")
    assert visit.page.locator("#source").is_hidden()
    visit.page.locator(".citations blockquote").first.click()
    assert visit.marked() == reply["citations"][0]["cited_text"]


def test_cell_is_marked_in_its_row_and_scrolled_into_view(visit: Visit) -> None:
    document = visit.first_document()
    made = cell_answer(document)
    visit.answer_with(made)
    visit.ask("How many women came in 2009?")
    visit.page.locator(".text .cite").click()
    given = made["citations"][0]
    assert visit.marked() == given["cited_text"]
    hit = visit.page.locator("#source .cell-hit")
    assert hit.all_text_contents() == [given["cells"][0]["value"]]
    assert visit.page.locator("#source th.hit").inner_text().strip() == given["cells"][0]["column"]
    frame = visit.page.locator(".table-scroll").bounding_box()
    box = hit.bounding_box()
    assert frame
    assert box
    assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]
    visit.screenshot("source-cell")


def test_excerpt_over_several_blocks_behind_an_astral_character_is_exact(visit: Visit) -> None:
    document = visit.first_document()
    astral = next(index for index, character in enumerate(document["text"]) if ord(character) > 0xFFFF)
    given = citation(document, astral - 700, astral + 60)
    visit.answer_with(answer(document, text="Over several blocks. [1]", citations=[given]))
    visit.ask("?")
    visit.page.locator(".text .cite").click()
    assert visit.marked() == given["cited_text"]


def test_ignored_regions_and_empty_sections_are_marked(visit: Visit) -> None:
    document = visit.first_document()
    visit.page.locator(".card h3 button").first.click()
    visit.page.wait_for_selector(".manuscript")
    assert visit.page.locator(".ignored .note").all_text_contents() == [
        f"Ignored: {region['reason']}" for region in document["ignored"]
    ]
    empty = [section for section in document["outline"] if section["empty"]]
    assert visit.page.get_by_text("Empty: nothing stands under this heading").count() == len(empty)
    visit.page.locator(".ignored").first.scroll_into_view_if_needed()
    visit.screenshot("source-ignored")


def test_heading_beside_the_conversation_opens_the_source_there(visit: Visit) -> None:
    opener = visit.page.locator(".card li button").nth(1)
    heading = opener.inner_text()
    opener.click()
    visit.page.wait_for_selector(".manuscript")
    assert visit.page.evaluate("document.activeElement.textContent.trim()") == heading


def test_escape_closes_and_focus_returns(visit: Visit) -> None:
    visit.ask(PEAK)
    opener = visit.page.locator(".text .cite").first
    opener.click()
    visit.marked()
    assert visit.page.evaluate("document.activeElement.tagName") == "MARK"
    visit.page.keyboard.press("Escape")
    assert visit.page.locator("#source").is_hidden()
    assert opener.evaluate("element => element === document.activeElement")


def test_sheet_on_a_phone_covers_the_page_and_closes(visit_at: OpenVisit, server: str) -> None:
    visit = visit_at(server, width=360, height=740)
    visit.open()
    reply = visit.ask(PEAK)
    opener = visit.page.locator(".text .cite").first
    opener.click()
    assert visit.marked() == reply["citations"][0]["cited_text"]
    assert visit.page.locator("#source").bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    visit.assert_fits()
    visit.screenshot("phone-source")
    visit.page.get_by_role("button", name="Close").click()
    assert visit.page.locator("#source").is_hidden()
    assert opener.evaluate("element => element === document.activeElement")


def test_changed_document_is_said_and_nothing_is_highlighted(visit: Visit) -> None:
    document = visit.first_document()
    given = {**citation(document, 100, 160), "cited_text": "words that the document does not hold there"}
    visit.answer_with(answer(document, text="Out of date. [1]", citations=[given]))
    visit.ask("?")
    visit.page.locator(".text .cite").click()
    visit.page.get_by_text("The document has changed since this answer was given").wait_for()
    assert visit.page.locator("#source mark").count() == 0


def test_page_of_its_own_shows_the_same_passage(visit: Visit) -> None:
    reply = visit.ask(PEAK)
    visit.page.locator(".text .cite").first.click()
    visit.marked()
    visit.page.get_by_role("link", name="Open on a page of its own").click()
    visit.page.wait_for_selector(".reader mark")
    assert "".join(visit.page.locator(".reader mark").all_text_contents()) == reply["citations"][0]["cited_text"]
    assert visit.page.locator("#source").is_hidden()
    visit.page.go_back()
    visit.page.locator(".reply").wait_for()


def test_document_that_is_gone_is_said_like_one_that_has_changed(visit: Visit) -> None:
    visit.expect_problem("404")
    document = visit.first_document()
    given = citation(document, 100, 160, document_id="000000000000")
    visit.answer_with(answer(document, text="Of an earlier index. [1]", citations=[given]))
    visit.ask("?")
    visit.page.locator(".text .cite").click()
    visit.page.get_by_text("The document has changed since this answer was given, or was removed").wait_for()

"""Previews at the chips, a question put in other words, and a reading that can be corrected."""

from __future__ import annotations

import pytest
from made_up import PEAK, TERM, answer
from visiting import Visit

pytestmark = pytest.mark.browser


def test_pointing_at_a_chip_shows_its_excerpt_and_marks_its_claim(visit: Visit) -> None:
    given = visit.ask(TERM)["citations"][0]
    chip = visit.page.locator(".text .cite").first
    chip.hover()
    preview = visit.page.locator("#preview")
    preview.wait_for()
    assert preview.locator(".excerpt").text_content() == given["cited_text"]
    image = "element => getComputedStyle(element).backgroundImage"
    assert "gradient" in visit.page.locator(".claim .words").first.evaluate(image)
    visit.assert_accessible()
    visit.screenshot("preview")
    # Into the excerpt, which stays; then Escape puts it away.
    preview.hover()
    visit.page.wait_for_timeout(300)
    assert preview.is_visible()
    visit.page.keyboard.press("Escape")
    assert preview.is_hidden()


def test_focus_on_a_chip_describes_it_by_its_excerpt(visit: Visit) -> None:
    citations = visit.ask(TERM)["citations"]
    for _ in range(60):
        visit.page.keyboard.press("Shift+Tab")
        if visit.page.evaluate("document.activeElement.matches('.text .cite')"):
            break
    described = visit.page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby'))?.textContent"
    )
    number = int(visit.page.evaluate("document.activeElement.textContent"))
    assert citations[number - 1]["cited_text"] in described
    visit.page.keyboard.press("Tab")
    assert visit.page.locator("#preview").is_hidden()


def test_question_in_other_words_is_read_against_what_came_before_it(visit: Visit) -> None:
    visit.ask(PEAK)
    visit.ask(TERM)
    visit.page.get_by_role("button", name="Edit the question").last.click()
    box = visit.page.locator(".rewording textarea")
    assert box.input_value() == TERM
    box.fill("What are they called in South Korea?")
    visit.screenshot("rewording")
    with visit.page.expect_request("**/api/ask") as request:
        box.press("Enter")
    assert request.value.post_data_json == {"question": "What are they called in South Korea?", "history": [PEAK]}
    visit.page.locator(".reply").nth(2).wait_for()
    asked = visit.page.locator(".entry .question").all_text_contents()
    assert asked == [PEAK, TERM, "What are they called in South Korea?"]


def test_escape_leaves_the_question_as_it_was(visit: Visit) -> None:
    visit.ask(PEAK)
    visit.page.get_by_role("button", name="Edit the question").click()
    visit.page.locator(".rewording textarea").fill("other words")
    visit.page.keyboard.press("Escape")
    assert visit.page.locator(".question").inner_text() == PEAK
    assert visit.page.evaluate("document.activeElement.textContent") == "Edit"


def test_reading_can_be_corrected(visit: Visit) -> None:
    document = visit.first_document()
    visit.answer_with(answer(document, text="So read.", interpreted_as="And in which month?"))
    visit.ask("and teh month?")
    visit.page.get_by_role("button", name="Not what you meant?").click()
    box = visit.page.locator(".rewording textarea")
    assert box.input_value() == "And in which month?", "the reading is what is corrected"
    assert box.evaluate("box => box === document.activeElement")


def test_words_are_not_lost_while_another_question_is_under_way(visit: Visit) -> None:
    visit.ask(PEAK)
    visit.page.route("**/api/ask", lambda _: None)
    visit.page.fill("#question", TERM)
    visit.page.press("#question", "Enter")
    visit.page.wait_for_selector(".waiting")
    visit.page.get_by_role("button", name="Edit the question").first.click()
    box = visit.page.locator(".rewording textarea")
    box.fill("In which year was the peak?")
    box.press("Enter")
    assert box.input_value() == "In which year was the peak?", "the form stays open with what was typed"
    visit.page.locator(".suggestions button").first.click()
    suggestion = visit.page.locator(".suggestions button").first.inner_text()
    assert visit.page.input_value("#question") == suggestion, "it waits in the box"


def test_only_a_figure_that_stands_by_itself_is_bold(visit: Visit) -> None:
    document = visit.first_document()
    visit.answer_with(answer(document, text="In 2012, 12 came, as is known. No.", short="12"))
    visit.ask("How many?")
    before = visit.page.locator(".text strong.answer").evaluate("strong => strong.previousSibling.textContent")
    assert before == "In 2012, "

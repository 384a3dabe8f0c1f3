"""For everyone: axe on each state, light and dark, desk and phone; keyboard only; zoom; announcements."""

from __future__ import annotations

import pytest
from made_up import GREETING, PEAK, UNSTATED, answer, cell_answer
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (360, 740, "dark")])
def test_every_state_passes_axe_and_fits(
    visit_at: OpenVisit, server: str, width: int, height: int, scheme: str
) -> None:
    visit = visit_at(server, width, height, scheme)
    visit.open()
    check(visit, f"{width}-{scheme}-empty")
    visit.ask(PEAK)
    check(visit, f"{width}-{scheme}-answer")
    visit.page.locator(".text .cite").first.click()
    visit.marked()
    check(visit, f"{width}-{scheme}-source")
    visit.page.keyboard.press("Escape")
    visit.ask(UNSTATED)
    check(visit, f"{width}-{scheme}-refusal")
    visit.ask(GREETING)
    check(visit, f"{width}-{scheme}-greeting")
    made = cell_answer(visit.first_document())
    made["citations"][0]["flags"] = ["citation needed"]
    visit.answer_with(made)
    visit.ask("How many?")
    check(visit, f"{width}-{scheme}-cells")
    visit.page.locator(".text .cite").last.click()
    visit.marked()
    check(visit, f"{width}-{scheme}-source-cell")


def check(visit: Visit, name: str) -> None:
    visit.screenshot(name)
    visit.assert_accessible()
    visit.assert_fits()


def test_keyboard_alone_asks_opens_reads_and_returns(visit: Visit) -> None:
    page = visit.page
    assert page.evaluate("document.activeElement.id") == "question", "one can type at once"
    page.keyboard.type(PEAK)
    with page.expect_response("**/api/ask"):
        page.keyboard.press("Enter")
    page.wait_for_selector(".reply")
    reply = visit.last_answer()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.text .cite')"):
            break
    number = int(page.evaluate("document.activeElement.textContent"))
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus is visible"
    visit.screenshot("keyboard-focus")
    page.keyboard.press("Enter")
    assert visit.marked() == next(c["cited_text"] for c in reply["citations"] if c["number"] == number)
    for _ in range(4):  # a table around the excerpt is a stop of its own, because it scrolls
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.id") == "source-close":
            break
    assert page.evaluate("document.activeElement.id") == "source-close"
    page.keyboard.press("Enter")
    assert page.locator("#source").is_hidden()
    assert page.evaluate("document.activeElement.matches('.text .cite')")


def test_skip_link_is_first_and_leads_to_the_question(visit: Visit) -> None:
    page = visit.page
    assert page.evaluate("document.querySelector('a, button, textarea').className") == "skip"
    page.locator(".skip").focus()
    assert page.locator(".skip").bounding_box()["x"] == 0, "visible once it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "question"


def test_focus_on_a_table_lets_the_keyboard_scroll_it(visit: Visit) -> None:
    visit.page.locator(".card h3 button").first.click()
    table = visit.page.locator(".table-scroll").first
    table.focus()
    table.evaluate("table => { window.moved = new Promise(done => { table.onscroll = done; }); }")
    visit.page.keyboard.press("ArrowRight")
    assert table.evaluate("table => window.moved.then(() => table.scrollLeft)") > 0


def test_answer_is_announced_once(visit: Visit) -> None:
    visit.page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => window.said.push(document.querySelector('#announcer').textContent))
            .observe(document.querySelector('#announcer'), { childList: true, characterData: true, subtree: true });
        }"""
    )
    visit.ask(PEAK)
    said = [words for words in visit.page.evaluate("window.said") if words]
    assert len(said) == 1
    assert said[0].startswith("Answer: ")
    assert "[1]" not in said[0]


def test_zoom_of_400_percent_keeps_everything_reachable(visit_at: OpenVisit, server: str) -> None:
    # 1280 by 1024 at 400 %.
    visit = visit_at(server, width=320, height=256)
    visit.open()
    visit.ask(PEAK)
    visit.assert_fits()
    position = visit.page.locator("#ask").evaluate("form => getComputedStyle(form).position")
    assert position == "static", "a sticky box would leave no room to read"
    visit.page.locator(".text .cite").first.click()
    visit.marked()
    visit.assert_fits()
    visit.screenshot("zoom-400")


def test_targets_are_large_enough(visit_at: OpenVisit, server: str) -> None:
    visit = visit_at(server, width=360, height=740)
    visit.open()
    made = answer(visit.first_document(), status="smalltalk", text="Hello.", suggestions=["A?", "B?"])
    visit.ask(PEAK)
    visit.answer_with(made)
    visit.ask(GREETING)
    for target in visit.page.locator("button:visible").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24, target.inner_text()

"""On paper: a clean document, black on white, with nothing to press and nothing cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import PEAK, UNSTATED, answer, cell_answer
from visiting import SCREENSHOTS, OpenVisit, Visit

pytestmark = pytest.mark.browser

# As wide as the text on A4 with the margins of print.css.
PAPER = {"width": 643, "height": 900}
COLOURS = """() => [...document.querySelectorAll('body, body *')]
  .filter(element => element.checkVisibility())
  .map(element => getComputedStyle(element))
  .flatMap(style => [style.color, style.backgroundColor, style.borderLeftColor])"""


def on_paper(visit: Visit, name: str) -> None:
    visit.page.set_viewport_size({"width": PAPER["width"], "height": PAPER["height"]})
    visit.page.emulate_media(media="print")
    SCREENSHOTS.mkdir(exist_ok=True)
    visit.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def pdf(visit: Visit, folder: Path) -> bytes:
    """Print; Chromium fails where the style sheet asks for what cannot be laid out."""
    path = folder / "page.pdf"
    visit.page.pdf(path=path, prefer_css_page_size=True)
    return path.read_bytes()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_conversation_on_paper(visit_at: OpenVisit, server: str, scheme: str, tmp_path: Path) -> None:
    visit = visit_at(server, scheme=scheme)
    visit.open()
    page = visit.page
    reply = visit.ask(PEAK)
    visit.ask(UNSTATED)
    visit.answer_with(cell_answer(visit.first_document()))
    visit.ask("How many women came?")
    page.locator(".answer-tools summary").first.click()
    page.locator(".citations .cite").first.click()
    page.wait_for_selector("#source mark")
    on_paper(visit, f"print-{scheme}")
    for gone in (
        "#ask",
        "#nav",
        "#history-open",
        "#export",
        "#source",
        ".answer-tools",
        ".chip",
        ".documents",
        ".skip",
    ):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    assert page.locator("h2.question:visible").count() == 3
    head = page.locator(".paper-head")
    assert PEAK in head.inner_text()
    assert "20" in head.inner_text().rsplit(" ", 1)[1], "the date"
    shown = page.locator(".citations blockquote:visible").all_text_contents()
    assert shown[: len(reply["citations"])] == [one["cited_text"] for one in reply["citations"]]
    link = page.locator("#colophon a[href^=http]").first
    written_out = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert link.get_attribute("href") in written_out.replace('"', "")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"], "nothing is cut off"
    for colour in set(page.evaluate(COLOURS)):
        red, green, blue = (float(part) for part in colour.split("(")[1].rstrip(")").replace(",", " ").split()[:3])
        assert red == green == blue, f"{colour} is not black, white or grey"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert pdf(visit, tmp_path).startswith(b"%PDF-")


def test_wide_table_is_not_cut_off_on_paper(visit: Visit) -> None:
    page = visit.page
    visit.answer_with(answer(visit.first_document(), status="smalltalk", text="A table."))
    visit.ask("?")
    page.evaluate(
        """async document_ => {
          const { Manuscript } = await import('/static/source/manuscript.js');
          document.querySelector('.reply').append(new Manuscript(document_).element);
        }""",
        visit.first_document(),
    )
    on_paper(visit, "print-table")
    cells = page.locator(".reply table").first.locator("tr").nth(1).locator("td")
    assert cells.count() > 15, "the article's table is wide"
    boxes = [cell.bounding_box() for cell in cells.all()]
    assert all(box and box["x"] + box["width"] <= PAPER["width"] for box in boxes)
    assert len({box["height"] for box in boxes if box}) == 1
    visit.page.locator(".reply table").first.scroll_into_view_if_needed()
    visit.screenshot("print-table-seen")


def test_folded_parts_are_printed(visit: Visit) -> None:
    page = visit.page
    visit.ask(PEAK)
    page.evaluate(
        """() => {
          const details = document.createElement('details');
          details.id = 'folded';
          details.append(document.createElement('summary'), 'Folded away');
          document.querySelector('.reply').append(details);
        }"""
    )
    on_paper(visit, "print-folded")
    height = page.locator("#folded").evaluate("element => element.getBoundingClientRect().height")
    summary = page.locator("#folded summary").evaluate("element => element.getBoundingClientRect().height")
    assert height > summary + 10


def test_unknown_and_empty_pages_print_something(visit: Visit, tmp_path: Path) -> None:
    visit.open("c/0123456789abcdef01")
    visit.page.locator(".unknown").wait_for()
    visit.page.emulate_media(media="print")
    assert visit.page.locator(".unknown h2").is_visible()
    assert pdf(visit, tmp_path).startswith(b"%PDF-")

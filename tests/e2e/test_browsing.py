"""The source to read: list, outline, places, search, flags, and selected passages, each with an address of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser

# Selects from one offset of the manuscript's text to another, as a person would with the mouse.
SELECT = """async ([start, end]) => {
  const { TextMap } = await import('/static/source/textmap.js');
  const range = new TextMap(document.querySelector('.manuscript')).range(start, end);
  getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
}"""


@pytest.fixture
def article(visit: Visit) -> Any:
    return visit.first_document()


def marked(visit: Visit) -> str:
    visit.page.wait_for_selector(".reader mark")
    return "".join(visit.page.locator(".reader mark").all_text_contents())


def test_list_names_every_document_and_leads_to_it(visit: Visit) -> None:
    visit.open_page("/source")
    document = visit.documents()[0]
    assert "46,909 characters" in visit.page.locator(".document-list").inner_text()
    visit.screenshot("source-list")
    visit.assert_accessible()
    visit.page.locator(".document-list h2 a").click()
    visit.page.wait_for_selector(".reader h1")
    assert urlsplit(visit.page.url).path == f"/source/{document['id']}"
    assert visit.page.title() == f"{document['title']} – nkqa"
    assert visit.page.evaluate("document.activeElement.tagName") == "H1"
    assert visit.page.locator("#nav [aria-current]").inner_text() == "Source"
    visit.page.go_back()
    visit.page.wait_for_selector(".document-list")


def test_outline_marks_empty_sections_and_the_one_that_is_read(visit: Visit, article: Any) -> None:
    visit.open_page(f"/source/{article['id']}")
    links = visit.page.locator(".contents a")
    assert links.count() == len(article["outline"])
    empty = [section["heading"] for section in article["outline"] if section["empty"]]
    assert visit.page.locator(".contents .empty").count() == len(empty)
    visit.page.get_by_role("link", name="Mental health").click()
    assert visit.page.evaluate("document.activeElement.dataset.heading") == "Mental health"
    visit.page.locator(".contents a[aria-current]", has_text="Mental health").wait_for()
    visit.page.reload()
    assert marked(visit).strip() == "Mental health"


def test_text_is_complete_and_regions_are_marked(visit: Visit, article: Any) -> None:
    visit.open_page(f"/source/{article['id']}")
    text = visit.page.evaluate(
        """() => {
          const copy = document.querySelector('.manuscript').cloneNode(true);
          copy.querySelectorAll('[data-note]').forEach(note => note.remove());
          return copy.textContent;
        }"""
    )
    assert text == article["text"]
    assert visit.page.locator(".ignored .note").count() == len(article["ignored"])


def test_several_places_and_a_cell_are_marked_exactly_and_the_first_has_the_focus(visit: Visit, article: Any) -> None:
    text = article["text"]
    row = article["tables"][0]["rows"][1]
    cell = row["cells"][3]
    spans = [(2348, 2477), (3100, 3300), (row["start"], row["end"])]
    query = "&".join(f"at={start}-{end}" for start, end in spans)
    visit.open_page(f"/source/{article['id']}?{query}&cell={cell['start']}-{cell['end']}")
    assert marked(visit) == "".join(text[start:end] for start, end in spans)
    assert visit.page.locator(".reader .cell-hit").all_text_contents() == [cell["value"]]
    assert visit.page.evaluate("document.activeElement.className") == "cell-hit"
    assert visit.page.locator(".reader .cell-hit").is_visible()
    visit.screenshot("source-places")


def test_place_beyond_the_end_is_said_and_nothing_is_marked(visit: Visit, article: Any) -> None:
    visit.open_page(f"/source/{article['id']}?at=46900-47000")
    visit.page.get_by_text("beyond the end of the document").wait_for()
    assert visit.page.locator(".reader mark").count() == 0
    assert visit.page.evaluate("scrollY") == 0


def test_unknown_document_says_which_there_are(visit: Visit) -> None:
    visit.expect_problem("404")
    visit.open_page("/source/0123456789ab?at=1-2")
    assert visit.page.locator("h1:visible").inner_text() == "This document has changed or was removed"
    assert visit.page.locator(".document-list a").count() >= 1
    visit.assert_accessible()


def test_search_counts_steps_and_keeps_its_address(visit: Visit, article: Any) -> None:
    visit.open_page(f"/source/{article['id']}")
    page = visit.page
    total = article["text"].lower().count("vietnam")
    page.fill("#find", "VIETNAM")
    page.get_by_text(f"1 of {total}").wait_for()
    assert page.evaluate("CSS.highlights.get('found').size") == total
    page.press("#find", "Enter")
    page.get_by_text(f"2 of {total}").wait_for()
    page.press("#find", "Shift+Enter")
    page.press("#find", "Shift+Enter")
    page.get_by_text(f"{total} of {total}").wait_for()
    shown = "[...CSS.highlights.get('found-now')][0]"
    assert page.evaluate(f"{shown}.toString().toLowerCase()") == "vietnam"
    top = page.evaluate(f"{shown}.getBoundingClientRect().top")
    assert 0 < top < 900
    page.reload()
    page.get_by_text(f"1 of {total}").wait_for()
    visit.screenshot("source-find")
    visit.assert_accessible()
    page.press("#find", "Escape")
    assert page.evaluate("CSS.highlights.size") == 0
    assert urlsplit(page.url).query == ""
    page.fill("#find", "no such words")
    page.get_by_text("None", exact=True).wait_for()


def test_flagged_sentences_are_listed_and_stepped_through(visit: Visit, article: Any) -> None:
    visit.open_page(f"/source/{article['id']}")
    page = visit.page
    flags = sorted(article["flags"], key=lambda flag: flag["start"])
    page.get_by_text(f"{len(flags)} flagged sentences").click()
    assert page.locator(".flags li").count() == len(flags)
    page.locator(".flags li button").nth(2).click()
    assert page.evaluate("document.activeElement.dataset.flag") == "3"
    page.get_by_role("button", name="Next flagged sentence").click()
    assert parse_qs(urlsplit(page.url).query) == {"flag": ["4"]}
    page.reload()
    page.get_by_text(f"4 of {len(flags)}").wait_for()
    assert page.evaluate("document.activeElement.textContent") == f"[{flags[3]['label']}]"


def test_link_to_a_selection_over_several_blocks_marks_exactly_that(visit: Visit, article: Any) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open_page(f"/source/{article['id']}")
    text = article["text"]
    start, end = text.index("Different terms"), text.index("Ministry of Unification")
    assert "\n" in text[start:end].strip()
    # The page counts units where Python counts characters: the two differ behind an astral character.
    units = [len(text[:at].encode("utf-16-le")) // 2 for at in (start, end)]
    visit.page.evaluate(SELECT, units)
    visit.page.get_by_role("button", name="Copy link to this passage").click()
    visit.page.locator("#announcer", has_text="Copied").wait_for()
    link = visit.page.evaluate("navigator.clipboard.readText()")
    visit.page.get_by_role("button", name="Copy quotation with its source").click()
    visit.page.wait_for_timeout(100)
    quotation = visit.page.evaluate("navigator.clipboard.readText()")
    expected = text[start:end].strip()
    assert quotation.startswith(f"“{expected}”\n{article['title']} › Terms (Wikipedia contributors, CC BY-SA 4.0)\n")
    assert quotation.endswith(link)
    visit.screenshot("source-selection")
    visit.page.goto(link)
    assert marked(visit) == expected


def test_selection_from_outside_the_text_is_cut_to_it(visit: Visit, article: Any) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open_page(f"/source/{article['id']}")
    visit.page.evaluate("getSelection().selectAllChildren(document.body)")
    visit.page.get_by_role("button", name="Copy link to this passage").click()
    visit.page.locator("#announcer", has_text="Copied").wait_for()
    link = visit.page.evaluate("navigator.clipboard.readText()")
    at = parse_qs(urlsplit(link).query)["at"][0]
    assert at == f"0-{len(article['text'].rstrip())}"


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (360, 740, "dark"), (320, 256, "light")])
def test_document_fits_and_passes_axe(visit_at: OpenVisit, server: str, width: int, height: int, scheme: str) -> None:
    visit = visit_at(server, width, height, scheme)
    visit.open()
    document = visit.first_document()
    visit.open_page(f"/source/{document['id']}?at=2348-2477&find=refugees")
    visit.page.wait_for_selector(".step-status:has-text('of')")
    visit.screenshot(f"document-{width}-{scheme}")
    visit.assert_fits()
    if width == 1280 or height == 740:
        visit.assert_accessible()
    if width < 500:
        visit.page.locator(".contents summary").click()
        visit.page.get_by_role("link", name="Mental health").click()
        assert visit.page.evaluate("document.activeElement.dataset.heading") == "Mental health"
        assert visit.page.locator(".contents ol").is_hidden(), "it closes and leaves the text free"


def test_skip_link_leads_to_the_text(visit: Visit, article: Any) -> None:
    visit.open_page(f"/source/{article['id']}")
    visit.page.locator(".skip").focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.tagName") == "H1"


def test_very_long_document_opens_and_is_searched_soon(visit: Visit) -> None:
    document = long_document()
    visit.page.route(
        "**/api/documents/long", lambda route: route.fulfill(body=json.dumps(document), content_type="application/json")
    )
    start = document["outline"][1990]["start"]
    used_s = processor_time_of(visit)
    visit.open_page(f"/source/long?at={start}-{start + 12}")
    assert marked(visit) == document["text"][start : start + 12]
    top = visit.page.locator(".reader mark").first.bounding_box()
    assert top
    assert 0 <= top["y"] <= 900
    opened_s = used_s()
    assert opened_s < 8  # a page that works through all of it takes minutes
    visit.page.fill("#find", "needle")
    # Not by its text: the driver would look for that through the whole document, which takes it longer than the page.
    visit.page.wait_for_selector(".find .step-status:not(:empty)")
    assert visit.page.locator(".find .step-status").inner_text().endswith(" of 2,000")
    assert used_s() - opened_s < 4


def processor_time_of(visit: Visit) -> Callable[[], float]:
    """Return what tells how long the page's main thread has worked, whatever other processes do meanwhile."""
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def used_s() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))

    return used_s


def long_document() -> dict[str, Any]:
    """Return a made-up document of about 2.2 million characters in 2,000 sections, with a flag in each."""
    body = "One of many sentences that say nothing much, and a needle in it. " * 4
    parts, outline, flags = [], [], []
    at = 0
    for number in range(2000):
        heading = f"Section {number:04}"
        paragraphs = (body.replace("needle", "haystack") + "\n\n") * 3
        part = f"{heading}\n\n{paragraphs}{body.replace('needle', 'straw', 3)}[citation needed]\n\n"
        flags.append({"label": "citation needed", "start": at + len(part) - 19, "end": at + len(part) - 2})
        place = {"start": at, "end": at + len(part), "heading_start": at, "heading_end": at + len(heading)}
        outline.append({"heading": heading, "level": 1, "path": [heading], "empty": False, **place})
        parts.append(part)
        at += len(part)
    text = "".join(parts)
    assert len(text) > 2_000_000
    nothing = dict.fromkeys(["author", "source", "url", "licence", "licence_url", "retrieved"])
    return {
        "generation": "made-up",
        "id": "long",
        "name": "long.txt",
        "title": "A long document",
        "text": text,
        "source": nothing,
        "outline": outline,
        "ignored": [],
        "flags": flags,
        "tables": [],
    }

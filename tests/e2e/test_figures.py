"""Computed answers, charts, estimates, timelines, lists and comparisons as views of their own."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from made_up import TERM, answer, citation
from playwright.sync_api import Download, Locator
from visiting import SCREENSHOTS, OpenVisit, Visit

pytestmark = pytest.mark.browser

SHARE = "What share of arrivals in 2008 were women?"
ABOVE = "In which years did more than 2500 people come?"
TOTAL = "How many defectors arrived in total from 2002 to 2010?"
AVERAGE = "What was the average number of arrivals per year?"
IN_CHINA = "How many defectors are in China?"
IN_VIETNAM = "What incidents happened in Vietnam?"
FILMS = "Which films are listed?"
FILMS_OF_2018 = "Which films are listed from 2018?"
COMPARE = "Compare the number of men and women in 2005"
EVERY_VIEW = [SHARE, ABOVE, TOTAL, IN_CHINA, IN_VIETNAM, FILMS_OF_2018, COMPARE]
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def hit(visit: Visit) -> str:
    """Wait for the source and return the one cell or figure that is highlighted in it."""
    visit.page.wait_for_selector("#source .cell-hit")
    hits = visit.page.locator("#source .cell-hit").all_text_contents()
    assert len(hits) == 1
    return hits[0]


def table_answer(visit: Visit, **changes: Any) -> dict[str, Any]:
    """Return an answer over the article's last table row, with a chart."""
    document = visit.first_document()
    table = document["tables"][0]
    row, count = table["rows"][-1], changes.pop("count", 6)
    cells = row["cells"][:count]
    chart = {
        "kind": changes.pop("kind", "bar"),
        "title": "A title",
        "x": table["columns"][:count],
        "y": [float(cell["value"].replace(",", "").rstrip("%")) for cell in cells],
        "series": row["label"],
        "unit": None,
        "citation": 1,
        "cells": [{"start": cell["start"], "end": cell["end"]} for cell in cells],
    }
    cited = citation(document, row["start"], row["end"])
    return answer(document, kind="computed", text="From the table. [1]", citations=[cited], chart=chart, **changes)


# ---------------------------------------------------------------------------------------------------------- formulas


def test_each_operand_opens_its_own_cell(visit: Visit) -> None:
    reply = visit.ask(SHARE)
    operands = reply["computation"]["operands"]
    buttons = visit.page.locator(".formula button")
    shown = [" ".join(text.split()) for text in buttons.all_inner_texts()]
    assert shown == [f"{operand['value']} {operand['label']}" for operand in operands]
    assert visit.page.locator(".formula strong").inner_text().strip() == reply["computation"]["result"]
    text = visit.first_document()["text"]
    for button, operand in zip(buttons.all(), operands, strict=True):
        button.click()
        assert hit(visit) == text[operand["start"] : operand["end"]] == operand["value"]
        assert button.get_attribute("aria-current") == "true"
    visit.screenshot("formula")


def test_a_long_sum_is_cut_and_its_cells_stand_in_the_table(visit: Visit) -> None:
    reply = visit.ask(TOTAL)
    operands = reply["computation"]["operands"]
    assert visit.page.locator(".formula button").count() == 3
    assert "…" in visit.page.locator(".formula").inner_text()
    assert visit.page.locator(".all-operands").count() == 0
    assert visit.page.locator(".numbers td").all_inner_texts() == [operand["value"] for operand in operands]


def test_operands_without_a_chart_are_listed_under_the_formula(visit: Visit) -> None:
    reply = visit.ask(AVERAGE)
    assert visit.page.locator(".computation .figure-note").inner_text() == "From 22 cells of the table below."
    visit.answer_with({**reply, "chart": None})
    visit.ask(TERM)
    listed = visit.page.locator(".all-operands").last
    assert listed.locator("summary").inner_text() == "22 cells"
    listed.locator("summary").click()
    listed.locator("button").nth(3).click()
    assert hit(visit) == reply["computation"]["operands"][3]["value"]


def test_a_caveat_is_said_once(visit: Visit) -> None:
    reply = visit.ask(ABOVE)
    caveat = reply["computation"]["caveats"][0]
    assert visit.page.locator(".reply").inner_text().count(caveat) == 1
    visit.answer_with({**reply, "text": "Four years. [2]"})
    visit.ask(TERM)
    assert visit.page.locator(".reply").last.locator(".figure-note").inner_text() == caveat


# ------------------------------------------------------------------------------------------------------------ charts


def test_chart_and_table_say_the_same_and_open_the_same_cells(visit: Visit) -> None:
    reply = visit.ask(ABOVE)
    page, chart = visit.page, reply["chart"]
    text = visit.first_document()["text"]
    values = [text[cell["start"] : cell["end"]] for cell in chart["cells"]]
    page.wait_for_selector(".chart")
    names = [point.get_attribute("aria-label") for point in page.locator(".point").all()]
    assert names == [f"{label}: {value}" for label, value in zip(chart["x"], values, strict=True)]
    assert page.locator(".numbers tbody th").all_inner_texts() == chart["x"]
    assert page.locator(".numbers td").all_inner_texts() == values
    operands = {operand["value"] for operand in reply["computation"]["operands"]}
    assert set(page.locator(".numbers .hit td").all_inner_texts()) == operands
    page.locator(".point").nth(7).click()
    assert hit(visit) == values[7]
    page.locator(".numbers button").nth(2).click()
    assert hit(visit) == values[2]
    visit.screenshot("chart")


def test_points_are_one_stop_and_reached_by_arrow_keys(visit: Visit) -> None:
    reply = visit.ask(ABOVE)
    page = visit.page
    page.wait_for_selector(".chart")
    assert page.locator(".point[tabindex='0']").count() == 1
    page.locator(".point").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    focused = page.locator(".point:focus")
    assert focused.get_attribute("aria-label") == f"{reply['chart']['x'][1]}: 1,285"
    assert page.locator(".value.now").text_content() == "1,285"
    visit.screenshot("chart-focus")
    page.keyboard.press("End")
    assert page.locator(".point").last.evaluate("point => point === document.activeElement")
    page.keyboard.press("Enter")
    assert hit(visit) == "196"
    page.locator("#source-close").click()
    assert page.locator(".point").last.evaluate("point => point === document.activeElement")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_labels_of_a_chart_never_overlap_or_leave_it(visit_at: OpenVisit, server: str, width: int) -> None:
    visit = visit_at(server, width=width, height=740)
    visit.open()
    for place, count in enumerate((3, 6, 24)):
        visit.answer_with(table_answer(visit, count=count, kind="line" if count == 6 else "bar"))
        visit.ask(TERM)
        chart = visit.page.locator(".chart").nth(place)
        chart.wait_for()
        frame = box(chart)
        labels = [box(label) for label in chart.locator("text:visible").all()]
        assert len(labels) > 5
        for index, one in enumerate(labels):
            assert frame["x"] - 1 <= one["x"]
            assert one["x"] + one["width"] <= frame["x"] + frame["width"] + 1
            assert not any(overlap(one, other) for other in labels[:index])
        visit.assert_fits()
        visit.screenshot(f"chart-{count}-{width}")


def box(element: Locator) -> Any:
    return element.evaluate("e => e.getBoundingClientRect().toJSON()")


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        # The boxes of two lines of text may touch, their letters do not.
        and one["y"] + 3 < other["y"] + other["height"]
        and other["y"] + 3 < one["y"] + one["height"]
    )


def test_chart_is_drawn_anew_for_another_width(visit: Visit) -> None:
    visit.ask(ABOVE)
    page = visit.page
    page.wait_for_selector(".chart")
    before = page.locator(".chart").get_attribute("width")
    page.locator(".point").nth(4).focus()
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_function("before => document.querySelector('.chart').getAttribute('width') !== before", arg=before)
    assert page.locator(".point:focus").get_attribute("aria-label") == "2006: 2,028"
    visit.assert_fits()


def test_what_cannot_be_drawn_is_left_out(visit: Visit) -> None:
    made = table_answer(visit)
    made["chart"]["y"].pop()
    visit.answer_with({**made, "kind": "comparison", "sides": []})
    visit.ask(TERM)
    assert visit.page.locator(".text").inner_text().startswith("From the table.")
    assert visit.page.locator(".view").count() == 0


# ------------------------------------------------------------------------------------------------------------- files


def save(visit: Visit, label: str) -> Path:
    with visit.page.expect_download() as saved:
        visit.page.get_by_role("button", name=label).last.click()
    download: Download = saved.value
    assert visit.page.locator(".said").last.inner_text() == "Saved."
    return Path(download.path())


def test_chart_is_saved_as_csv_and_as_pictures_with_their_source(visit: Visit) -> None:
    reply = visit.ask(ABOVE)
    visit.page.wait_for_selector(".chart")
    visit.screenshot("chart-saved")
    rows = list(csv.reader(io.StringIO(save(visit, "Save CSV").read_text("utf-8-sig"), newline="")))
    assert rows[0] == ["Year", "Total"]
    assert [row[0] for row in rows[1:]] == reply["chart"]["x"]
    drawn = ElementTree.fromstring(save(visit, "Save SVG").read_text())  # noqa: S314 (the page's own)
    words = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert " ".join(str(word) for word in words[:1]) == reply["chart"]["title"]
    assert str(words[-1]).startswith("Source: North Korean defectors › ")
    marks = [mark.get("fill") for mark in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert len(marks) == 1 + len(reply["chart"]["x"])
    assert set(marks) == {"rgb(255, 255, 255)", "rgb(122, 130, 135)", "rgb(11, 90, 65)"}
    picture = save(visit, "Save PNG").read_bytes()
    assert picture.startswith(PNG_SIGNATURE)
    assert int.from_bytes(picture[16:20]) == 1600
    (SCREENSHOTS / "saved-chart.png").write_bytes(picture)


def test_picture_has_the_colours_it_is_shown_in(visit_at: OpenVisit, server: str) -> None:
    visit = visit_at(server, width=360, height=740, scheme="dark")
    visit.open()
    visit.ask(ABOVE)
    visit.page.wait_for_selector(".chart")
    visit.screenshot("chart-dark")
    drawn = save(visit, "Save SVG").read_text()
    assert "rgb(18, 21, 23)" in drawn
    assert "rgb(255, 255, 255)" not in drawn
    (SCREENSHOTS / "saved-chart-dark.png").write_bytes(save(visit, "Save PNG").read_bytes())


def test_copying_is_said_and_done(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reply = visit.ask(FILMS_OF_2018)
    visit.page.get_by_role("button", name="Copy as text").click()
    visit.page.get_by_text("Copied.").wait_for()
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0] == "2 of 13 entries of “Films” (year: 2018)"
    assert copied.splitlines()[1:] == [f"- {entry['text']}" for entry in reply["listing"]["entries"]]
    assert visit.page.locator(".said").get_attribute("role") == "status"


def test_copying_works_without_the_newer_way_too(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask(SHARE)
    visit.ask(FILMS_OF_2018)
    visit.page.evaluate("() => { Clipboard.prototype.writeText = () => Promise.reject(new Error('no')); }")
    button = visit.page.get_by_role("button", name="Copy as CSV")
    button.click()
    visit.page.get_by_text("Copied.").wait_for()
    assert visit.page.evaluate("navigator.clipboard.readText()").startswith("name,entry,citation")
    assert button.evaluate("button => button === document.activeElement")


# ------------------------------------------------------------------------------------- estimates, timelines, lists


def test_ledger_has_each_figure_with_who_says_so_and_when(visit: Visit) -> None:
    reply = visit.ask(IN_CHINA)
    rows = visit.page.locator(".ledger tbody tr").all()
    assert len(rows) == len(reply["estimates"]) >= 3
    for row, estimate in zip(rows, reply["estimates"], strict=True):
        shown = row.inner_text()
        for part in (estimate["hedge"], estimate["value"], estimate["claimant"], estimate["period"] or "undated"):
            assert part is None or part in shown
        row.locator("th button").click()
        assert hit(visit) == estimate["value"]
    assert visit.page.locator(".range").count() == len(rows)
    assert visit.page.locator(".short").count() == 0
    visit.screenshot("ledger")


def test_a_figure_that_is_not_the_same_and_flags_are_kept(visit: Visit) -> None:
    document = visit.first_document()
    cited = [citation(document, 0, 20), citation(document, 30, 50, number=2)]
    estimate = {"value": "7", "low": 7.0, "high": 7.0, "unit": "camps", "what": "camps: there are", "where": None}
    estimate |= {"period": None, "claimant": None, "hedge": None, "flags": ["citation needed"], "citation": 1}
    text = "The text gives 1 figure, newest first. 7 camps. [1] Not the same: 9 huts, Norway. [2]"
    made = answer(document, kind="estimates", text=text, citations=cited)
    visit.answer_with({**made, "estimates": [{**estimate, "start": None, "end": None}]})
    visit.ask(TERM)
    view = visit.page.locator(".ledger-view")
    assert view.locator(".figure-note").inner_text() == "Not the same: 9 huts, Norway. 2"
    assert view.locator(".badge").inner_text() == "citation needed"
    assert view.locator("tbody th").inner_text().split() == ["7", "camps", "citation", "needed"]
    assert view.locator("tbody td").all_inner_texts() == ["camps", "undated", "1"]
    assert view.locator(".range, th button").count() == 0


def test_incidents_are_filtered_and_counted(visit: Visit) -> None:
    reply = visit.ask(IN_VIETNAM)
    page, rows = visit.page, reply["timeline"]
    items = page.locator(".incidents > li")
    assert items.count() == len(rows)
    for item, row in zip(items.all(), rows, strict=True):
        assert row["text"] in item.inner_text()
        assert ("may be people of an earlier row" in item.inner_text()) == bool(row["again"])
        assert item.locator(".badge").all_inner_texts() == row["flags"]
    count = page.locator(".incidents-view [role=status]").first
    page.get_by_label("Words").fill("deported")
    matching = sum("deported" in row["text"] for row in rows)
    assert count.inner_text() == f"{matching} of {len(rows)} incidents"
    assert page.locator(".incidents > li:visible").count() == matching
    saved = list(csv.reader(io.StringIO(save(visit, "Save CSV").read_text("utf-8-sig"), newline="")))
    assert len(saved) == 1 + matching
    page.get_by_label("Words").fill("")
    page.get_by_label("Flagged by the source").check()
    assert count.inner_text() == f"1 of {len(rows)} incidents"
    page.get_by_label("Flagged by the source").uncheck()
    page.get_by_label("Place").select_option("Vietnam")
    assert count.inner_text() == f"{sum(row['where'] == 'Vietnam' for row in rows)} of {len(rows)} incidents"
    page.get_by_label("Words").fill("nothing at all")
    assert count.inner_text() == f"0 of {len(rows)} incidents"
    visit.screenshot("incidents")
    page.get_by_role("button", name="Show all").click()
    assert count.inner_text() == f"{len(rows)} incidents"
    visit.answer_with({**reply, "timeline": rows[:6]})
    visit.ask(TERM)
    assert page.locator(".incidents-view").last.locator(".row-filters").count() == 0


def test_list_says_how_many_there_are_and_what_is_not_stated(visit: Visit) -> None:
    visit.ask(FILMS)
    view = visit.page.locator(".listing-view")
    assert view.locator(".view-title").inner_text() == "All 13 entries of “Films”"
    assert view.locator("li").count() == 13
    reply = visit.ask(FILMS_OF_2018)
    last = view.last
    assert last.locator(".view-title").inner_text() == "2 of 13 entries of “Films” (year: 2018)"
    names = last.locator("li strong").all_inner_texts()
    assert names == [entry["short"] for entry in reply["listing"]["entries"]]
    assert last.locator(".figure-note").all_inner_texts() == ["For 1 of 13 entries the year is not stated."]
    visit.answer_with({**reply, "text": "Two films. [1][2]"})
    visit.ask(TERM)
    assert view.last.locator(".figure-note").all_inner_texts() == ["For 1 entry the year is not stated."]
    visit.screenshot("list")


def test_sides_stand_beside_each_other_and_open_their_cells(visit: Visit) -> None:
    reply = visit.ask(COMPARE)
    sides = visit.page.locator(".sides > div")
    boxes = [box(side) for side in sides.all()]
    assert len(boxes) == 2
    assert boxes[0]["y"] == boxes[1]["y"]
    for side, given in zip(sides.all(), reply["sides"], strict=True):
        assert side.locator("dt").inner_text() == given["label"]
        side.locator("button").click()
        assert hit(visit) == given["value"]
    assert "Status of North Korean defectors" in visit.page.locator(".comparison .figure-note").inner_text()
    visit.page.set_viewport_size({"width": 320, "height": 740})
    visit.page.locator("#source-close").click()
    boxes = [box(side) for side in sides.all()]
    assert boxes[0]["y"] < boxes[1]["y"]
    visit.screenshot("sides")


# ---------------------------------------------------------------------------------------------------------- everyone


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_every_view_is_accessible_and_fits(visit_at: OpenVisit, server: str, width: int, scheme: str) -> None:
    visit = visit_at(server, width=width, height=740, scheme=scheme)
    visit.open()
    for question in EVERY_VIEW:
        visit.ask(question)
        visit.assert_fits()
    visit.page.locator(".chart").first.wait_for()
    visit.assert_accessible()
    small = visit.page.evaluate(
        """() => [...document.querySelectorAll('.view button')].map(button => [button.textContent,
            button.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))"""
    )
    assert small == []


def test_paper_shows_every_row_and_no_button(visit: Visit) -> None:
    visit.ask(ABOVE)
    visit.page.emulate_media(media="print")
    table = visit.page.locator(".numbers-scroll")
    assert table.evaluate("table => table.scrollHeight <= table.clientHeight + 1")
    assert visit.page.locator(".exports:visible").count() == 0

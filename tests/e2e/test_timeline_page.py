"""The time line: complete, in order, by filters that live in the address, each row leading to its exact place."""

from __future__ import annotations

from typing import Any

import pytest
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser


def rows(visit: Visit, query: str = "") -> Any:
    return visit.page.evaluate("query => fetch(`/api/timeline?${query}`).then(reply => reply.json())", query)["rows"]


def test_every_incident_stands_under_its_year(visit: Visit) -> None:
    visit.open_page("/timeline")
    given = rows(visit)
    assert visit.page.locator(".count").inner_text() == f"{len(given)} incidents"
    assert visit.page.locator(".year li").count() == len(given)
    years = [row["event"]["period"]["start"][:4] for row in given]
    assert visit.page.locator(".year h2").all_inner_texts() == sorted(set(years))
    again = [row for row in given if row["again"]]
    assert visit.page.get_by_text("may be people of an earlier row").count() == len(again)
    flagged = [flag for row in given for flag in row["event"]["flags"]]
    assert visit.page.locator(".year .badge").all_inner_texts() == flagged


def test_filters_live_in_the_address(visit: Visit) -> None:
    page = visit.page
    visit.open_page("/timeline")
    page.fill("#filter-place", "Vietnam")
    page.fill("#filter-from", "2019")
    page.fill("#filter-to", "20")
    given = rows(visit, "place=Vietnam&from=2019")
    page.get_by_text(f"{len(given)} incidents", exact=True).wait_for()
    assert page.url.endswith("/timeline?place=Vietnam&from=2019"), "half a year is no filter yet"
    page.reload()
    page.get_by_text(f"{len(given)} incidents", exact=True).wait_for()
    assert page.input_value("#filter-from") == "2019"


def test_row_leads_to_its_sentence(visit: Visit) -> None:
    visit.open_page("/timeline?place=Vietnam")
    event = rows(visit, "place=Vietnam")[0]["event"]
    visit.page.locator(".year a").first.click()
    visit.page.wait_for_selector(".reader mark")
    assert "".join(visit.page.locator(".reader mark").all_text_contents()) == event["statement_text"]


def test_nothing_found_says_what_to_do(visit: Visit) -> None:
    visit.open_page("/timeline?place=Atlantis")
    visit.page.get_by_text("The text dates nothing like that").wait_for()
    visit.assert_accessible()


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (360, 740, "dark")])
def test_timeline_fits_and_passes_axe(visit_at: OpenVisit, server: str, width: int, height: int, scheme: str) -> None:
    visit = visit_at(server, width, height, scheme)
    visit.open_page("/timeline")
    visit.screenshot(f"timeline-{width}-{scheme}")
    visit.assert_accessible()
    visit.assert_fits()

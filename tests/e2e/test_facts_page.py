"""The facts as a table that can be filtered, each on a page of its own, and each leading to its exact place."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser

KINDS = ["cell", "quantity", "event", "definition", "list_item", "relation"]


def facts(visit: Visit, query: str) -> Any:
    return visit.page.evaluate("query => fetch(`/api/facts?${query}`).then(reply => reply.json())", query)


def test_filters_live_in_the_address_and_survive_reload_back_and_forward(visit: Visit) -> None:
    page = visit.page
    visit.open_page("/facts")
    assert page.locator(".count").inner_text().startswith(f"{facts(visit, '')['total']} facts, 1–50 shown")
    page.select_option("#filter-kind", "quantity")
    page.fill("#filter-about", "vietnam")
    expected = facts(visit, "kind=quantity&about=vietnam")
    page.get_by_text(f"{expected['total']} facts", exact=True).wait_for()
    assert parse_qs(urlsplit(page.url).query) == {"kind": ["quantity"], "about": ["vietnam"]}
    page.get_by_text("what is counted").wait_for()
    shown = page.locator(".facts .value").all_text_contents()
    assert shown == [fact["value"] for fact in expected["facts"]]
    page.reload()
    page.get_by_text(f"{expected['total']} facts", exact=True).wait_for()
    assert page.input_value("#filter-about") == "vietnam"
    page.locator(".facts a").first.click()
    page.wait_for_selector(".fact h1")
    page.go_back()
    page.get_by_text(f"{expected['total']} facts", exact=True).wait_for()
    page.go_forward()
    page.wait_for_selector(".fact h1")


def test_flagged_only_and_the_same_filters_for_the_download(visit: Visit) -> None:
    page = visit.page
    visit.open_page("/facts")
    page.check("#filter-flagged")
    total = facts(visit, "flagged=true")["total"]
    page.locator(".count", has_text=f"{total} facts").wait_for()
    assert page.locator(".facts tbody .badge").count() >= min(total, 50)
    link = page.get_by_role("link", name="Download these as CSV")
    assert link.get_attribute("href") == "/api/facts.csv?flagged=true"
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "facts.csv"
    assert urlsplit(page.url).path == "/facts"


def test_pages_lead_on_and_back(visit: Visit) -> None:
    page = visit.page
    visit.open_page("/facts?kind=list_item")
    first = page.locator(".facts .value").first.inner_text()
    page.get_by_role("link", name="Next").click()
    page.locator(".count", has_text="51–").wait_for()
    assert (
        page.locator(".facts .value").first.inner_text()
        == facts(visit, "kind=list_item&offset=50")["facts"][0]["value"]
    )
    page.get_by_role("link", name="Previous").click()
    page.locator(".count", has_text="1–50").wait_for()
    assert page.locator(".facts .value").first.inner_text() == first


@pytest.mark.parametrize("kind", KINDS)
def test_link_marks_sentence_and_value_in_the_source(visit: Visit, kind: str) -> None:
    page = visit.page
    fact = facts(visit, f"kind={kind}&limit=3")["facts"][-1]
    visit.open_page(f"/facts/{fact['id']}")
    assert page.locator(".fact mark").all_text_contents() == [fact["value"]]
    assert page.locator(".fact blockquote").text_content() == fact["statement_text"]
    page.get_by_role("link", name="Show it in the source").click()
    page.wait_for_selector(".reader mark")
    assert "".join(page.locator(".reader mark").all_text_contents()) == fact["statement_text"]
    assert "".join(page.locator(".reader .cell-hit").all_text_contents()) == fact["value"]


def test_nothing_found_says_what_to_do(visit: Visit) -> None:
    visit.open_page("/facts?about=zzzzzz")
    visit.page.get_by_text("No fact is like that").wait_for()
    visit.assert_accessible()


def test_unknown_fact_and_failed_list_say_so(visit: Visit) -> None:
    visit.expect_problem("404")
    visit.open_page("/facts/000000000000")
    assert visit.page.locator("h1:visible").inner_text() == "There is no such fact any more"
    visit.expect_problem("503")
    problem = {"detail": "There is no index yet.", "remedy": "Run `nkqa build`."}
    visit.page.route("**/api/facts?*", lambda route: route.fulfill(status=503, body=json.dumps(problem)))
    visit.open_page("/facts")
    visit.page.get_by_text("There is no index yet.").wait_for()
    visit.page.unroute("**/api/facts?*")
    visit.page.get_by_role("button", name="Try again").click()
    visit.page.wait_for_selector(".facts")


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (360, 740, "dark")])
def test_table_and_fact_fit_and_pass_axe(
    visit_at: OpenVisit, server: str, width: int, height: int, scheme: str
) -> None:
    visit = visit_at(server, width, height, scheme)
    visit.open_page("/facts?kind=quantity")
    check(visit, f"facts-{width}-{scheme}")
    visit.page.locator(".facts tbody a").first.click()
    visit.page.wait_for_selector(".fact h1")
    check(visit, f"fact-{width}-{scheme}")


def check(visit: Visit, name: str) -> None:
    visit.screenshot(name)
    visit.assert_accessible()
    visit.assert_fits()

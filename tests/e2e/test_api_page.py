"""The page of the HTTP interface: all operations, the form, axe, a phone; foreign requests fail any visit."""

from __future__ import annotations

import json

import pytest
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser


def test_shows_every_operation_and_type_and_opens_them(visit: Visit) -> None:
    visit.open_page("/api/docs")
    described = visit.page.evaluate("fetch('/openapi.json').then(reply => reply.json())")
    ids = [operation["operationId"] for item in described["paths"].values() for operation in item.values()]
    assert sorted(visit.page.locator(".operation").evaluate_all("all => all.map(one => one.id)")) == sorted(ids)
    assert visit.page.locator(".type").count() == len(described["components"]["schemas"])
    visit.page.locator("#search summary").click()
    visit.page.locator("#search .responses").get_by_role("button", name="SearchBody").click()
    assert visit.page.evaluate("document.activeElement.closest('details').id") == "type-SearchBody"
    assert visit.page.locator("#type-SearchBody table").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_tries_requests_accessibly_at_any_size(visit_at: OpenVisit, server: str, width: int, scheme: str) -> None:
    visit = visit_at(server, width, 800, scheme)
    visit.open_page("/api/docs")
    visit.page.locator("#search summary").click()
    body = {"question": "it's <b>high</b>", "limit": 1}
    visit.page.fill("#try-search-body", json.dumps(body))
    command = visit.page.locator("#search .command").text_content()
    assert command is not None
    assert r"'{\"question\": \"it'\''s <b>high</b>\"".replace('\\"', '"') in command
    visit.page.locator("#search").get_by_role("button", name="Send").click()
    reply = visit.page.locator("#search .reply-text")
    reply.wait_for()
    assert len(json.loads(reply.text_content() or "")["passages"]) == 1
    assert visit.page.locator("#search [role=status]").inner_text().startswith("200 OK")
    visit.page.locator("#search summary").scroll_into_view_if_needed()
    visit.screenshot(f"api-docs-try-{width}-{scheme}")
    visit.expect_problem("404")
    visit.page.locator("#show_fact summary").click()
    visit.page.fill("#try-show_fact-fact_id", "no/such fact")
    visit.page.locator("#show_fact").get_by_role("button", name="Send").click()
    visit.page.locator("#show_fact .reply-text").wait_for()
    assert "404" in visit.page.locator("#show_fact [role=status]").inner_text()
    visit.page.locator("#type-Citation summary").click()
    visit.screenshot(f"api-docs-{width}-{scheme}")
    visit.assert_accessible()
    visit.assert_fits()

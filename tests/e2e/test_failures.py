"""What goes wrong is said, can be tried again, and loses nothing."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from made_up import HANAWON
from playwright.sync_api import Page
from serving import run_server
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser

EMOJI_MEGABYTE = "🔥" * 262_144


def test_lost_connection_offers_a_retry_that_works(visit: Visit) -> None:
    visit.expect_problem("net::ERR")
    visit.page.route("**/api/ask", lambda route: route.abort())
    submit(visit.page, HANAWON)
    notice = visit.page.locator(".problem")
    notice.wait_for()
    assert "cannot be reached" in notice.inner_text()
    assert visit.page.input_value("#question") == HANAWON
    visit.assert_accessible()
    visit.screenshot("unreachable")
    visit.page.unroute("**/api/ask")
    notice.get_by_role("button", name="Try again").click()
    visit.page.wait_for_selector(".reply")
    assert visit.page.locator(".entry").count() == 1
    assert visit.page.input_value("#question") == ""


def test_server_restarted_in_the_middle_costs_one_retry(
    visit_at: OpenVisit, article_index: Path, tmp_path: Path
) -> None:
    with run_server(article_index, tmp_path) as url:
        visit = visit_at(url)
        visit.open()
        visit.ask(HANAWON)
    visit.expect_problem("net::ERR")
    submit(visit.page, HANAWON)
    visit.page.wait_for_selector(".problem")
    with run_server(article_index, tmp_path, urlsplit(url).port or 0):
        visit.page.get_by_role("button", name="Try again").click()
        visit.page.locator(".reply").nth(1).wait_for()


def test_problem_of_the_service_is_shown_with_its_remedy(visit: Visit) -> None:
    problem = '{"title": "Service Unavailable", "status": 503, "detail": "No index.", "remedy": "Run `nkqa build`."}'
    visit.expect_problem("503")
    visit.page.route(
        "**/api/ask", lambda route: route.fulfill(status=503, content_type="application/problem+json", body=problem)
    )
    submit(visit.page, HANAWON)
    notice = visit.page.locator(".problem")
    notice.wait_for()
    assert "No index." in notice.inner_text()
    assert notice.locator("code").inner_text() == "nkqa build"
    assert notice.get_by_role("button", name="Try again").is_visible()
    visit.screenshot("problem")


@pytest.mark.parametrize(("status", "body"), [(502, "<h1>Bad gateway</h1>"), (200, "<p>a portal</p>"), (200, "{}")])
def test_reply_that_is_not_the_service_s_is_a_clear_error(visit: Visit, status: int, body: str) -> None:
    visit.expect_problem(str(status))
    visit.page.route("**/api/ask", lambda route: route.fulfill(status=status, content_type="text/html", body=body))
    submit(visit.page, HANAWON)
    visit.page.wait_for_selector(".problem")
    assert "<" not in visit.page.locator(".problem").inner_text()


def test_documents_that_cannot_be_listed_are_an_error_with_a_retry(visit_at: OpenVisit, server: str) -> None:
    visit = visit_at(server)
    visit.expect_problem("net::ERR")
    visit.page.route("**/api/documents", lambda route: route.abort())
    visit.page.goto(server)
    visit.page.wait_for_selector("#documents .problem")
    visit.page.unroute("**/api/documents")
    visit.page.get_by_role("button", name="Try again").click()
    visit.page.wait_for_selector(".card")


def test_too_long_question_gets_the_service_s_words(visit: Visit) -> None:
    visit.expect_problem("422")
    submit(visit.page, "word " * 2_000)
    notice = visit.page.locator(".problem")
    notice.wait_for()
    assert "characters" in notice.inner_text()
    assert notice.get_by_role("button", name="Try again").count() == 0
    assert len(visit.page.input_value("#question")) == 10_000
    visit.assert_fits()
    visit.screenshot("too-long")


def test_megabyte_of_emoji_is_refused_and_the_page_lives_on(visit: Visit) -> None:
    submit(visit.page, EMOJI_MEGABYTE)
    visit.page.wait_for_selector(".problem")
    assert "too long" in visit.page.locator(".problem").inner_text()
    assert len(visit.page.locator(".question").inner_text()) < 1_000
    visit.assert_fits()
    visit.screenshot("emoji")
    assert visit.ask(HANAWON)["status"] == "answered"


def test_one_very_long_word_wraps(visit_at: OpenVisit, server: str) -> None:
    visit = visit_at(server, width=360, height=740)
    visit.open()
    visit.ask("Donaudampfschifffahrt" * 90)
    visit.assert_fits()
    visit.screenshot("phone-long-word")


HOSTILE = [
    "<script>window.hit=1</script>",
    '"><img src=x onerror="window.hit=1">',
    "<svg/onload=window.hit=1>",
    "javascript:window.hit=1//[1]",
    "{{constructor.constructor('window.hit=1')()}}",
    "\u202egnp.exe\u202c \u200bzero\u200bwidth\u2066",
]


@pytest.mark.parametrize("question", HOSTILE)
def test_hostile_question_changes_nothing_but_text(visit: Visit, question: str) -> None:
    elements = "document.querySelectorAll('script, img, svg, iframe').length"
    before = visit.page.evaluate(elements)
    visit.ask(question)
    assert visit.page.locator(".question").evaluate("heading => heading.textContent") == question
    assert visit.page.evaluate("window.hit") is None
    assert visit.page.evaluate(elements) == before


def test_hostile_reply_and_document_change_nothing_but_text(visit: Visit) -> None:
    document = visit.first_document()
    text = "".join(HOSTILE) + "\n\n" + document["text"]
    hostile = {**document, "text": text, "title": HOSTILE[0], "outline": [], "ignored": [], "flags": [], "tables": []}
    visit.page.route("**/api/documents/*", lambda route: route.fulfill(json=hostile))
    given = {
        "number": 1,
        "cited_text": text[: len(HOSTILE[0])],
        "document_id": document["id"],
        "document_title": HOSTILE[1],
        "start_char_index": 0,
        "end_char_index": len(HOSTILE[0]),
        "section": [HOSTILE[2]],
        "flags": [HOSTILE[1]],
        "cells": [{"row": HOSTILE[0], "column": HOSTILE[1], "value": HOSTILE[2], "start": 0, "end": 3}],
    }
    visit.page.route(
        "**/api/ask",
        lambda route: route.fulfill(
            json={
                "status": "answered",
                "text": HOSTILE[1] + "[1][2]",
                "short": HOSTILE[0],
                "confidence": 1,
                "interpreted_as": HOSTILE[2],
                "citations": [given],
                "closest": [],
                "suggestions": [HOSTILE[0]],
            }
        ),
    )
    visit.ask("?")
    visit.page.locator(".text .cite").click()
    assert visit.marked() == HOSTILE[0]
    assert visit.page.locator(".text .cite").count() == 1, "there is no citation 2, so its marker stays text"
    assert visit.page.evaluate("window.hit") is None
    assert visit.page.locator("#source img, .reply img, .reply script, .reply svg").count() == 0


def submit(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")

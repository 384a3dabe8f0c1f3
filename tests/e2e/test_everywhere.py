"""What holds on every page: axe, no sideways scrolling, a heading with the focus, back to the place one left."""

from __future__ import annotations

import pytest
from made_up import PEAK, TERM
from playwright.sync_api import Route, expect
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser

PAGES = ["source", "source/DOCUMENT", "facts", "timeline", "audit", "about"]


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(1280, 900, "light"), (360, 740, "dark"), (320, 256, "light")],
)
def test_every_page_passes_axe_and_fits(visit_at: OpenVisit, server: str, width: int, height: int, scheme: str) -> None:
    visit = visit_at(server, width, height, scheme)
    visit.open()
    for path in PAGES:
        visit.page.goto(server + path.replace("DOCUMENT", visit.documents()[0]["id"]))
        visit.page.locator("#page h1").wait_for()
        visit.assert_accessible()
        visit.assert_fits()
        visit.screenshot(f"page-{path.replace('/', '-').lower()}-{width}-{scheme}")


def test_navigation_moves_the_focus_to_the_heading_and_marks_the_page(visit: Visit) -> None:
    for name in ("Source", "Facts", "Timeline", "Audit", "About"):
        visit.page.locator("#nav").get_by_role("link", name=name).click()
        visit.page.locator("#page[aria-busy=false] h1").wait_for()
        assert visit.page.evaluate("document.activeElement.tagName") == "H1"
        assert visit.page.locator("#nav [aria-current=page]").all_inner_texts() == [name]
        assert visit.page.title().endswith(" – nkqa")


def test_back_leads_to_the_place_one_left(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.url}facts")
    row = page.locator("tbody tr").nth(30)
    row.scroll_into_view_if_needed()
    page.wait_for_function("window.scrollY > 300")
    left = page.evaluate("window.scrollY")
    row.get_by_role("link").first.click()
    page.wait_for_url("**/facts/*")
    page.locator("#page h1").wait_for()
    assert page.evaluate("window.scrollY") == 0
    page.go_back()
    page.wait_for_function("left => Math.abs(window.scrollY - left) < 40", arg=left)


def test_keyboard_alone_reaches_every_part(visit: Visit) -> None:
    page = visit.page
    visit.ask(TERM)
    names: list[str] = []
    for _ in range(80):
        page.keyboard.press("Shift+Tab")
        name = page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")
        visible = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert visible != "none" or page.evaluate("document.activeElement.matches('textarea')"), name
        names.append(name.strip())
    for part in (
        "Conversations",
        "New conversation",
        "Facts",
        "Copy with citations",
        "Cite",
        "Right",
        "Wrong",
        "Edit the question",
    ):
        assert part in names, f"{part} is not reached: {names}"


def test_answer_while_another_page_is_open_waits_in_the_conversation(visit: Visit) -> None:
    visit.page.fill("#question", PEAK)
    visit.page.press("#question", "Enter")
    visit.page.locator("#nav").get_by_role("link", name="About").click()
    visit.page.locator("#page h1").wait_for()
    visit.page.locator("#nav-ask").click()
    visit.page.locator(".reply").wait_for()
    assert visit.page.locator(".question").all_inner_texts() == [PEAK]


@pytest.mark.parametrize("path", ["source/%FF", "facts/%E0%A4%A", "answers/%FF"])
def test_malformed_address_is_no_page(visit_at: OpenVisit, server: str, path: str) -> None:
    visit = visit_at(server)
    visit.expect_problem("40")
    visit.open(path)
    visit.page.get_by_role("heading", name="There is no page here").wait_for()


def test_filter_that_is_being_typed_does_not_follow_to_the_next_page(visit: Visit) -> None:
    visit.page.goto(f"{visit.url}facts")
    visit.page.get_by_label("About").fill("China")
    visit.page.locator("#nav").get_by_role("link", name="Timeline").click()
    visit.page.get_by_role("heading", name="Timeline", level=1).wait_for()
    visit.page.wait_for_timeout(600)  # longer than the filter waits for more letters
    assert visit.page.url == f"{visit.url}timeline"
    assert visit.page.title() == "Timeline – nkqa"


def test_page_behind_the_last_fact_is_the_last_page(visit: Visit) -> None:
    visit.page.goto(f"{visit.url}facts?offset=99999")
    visit.page.locator("tbody tr").first.wait_for()
    assert visit.page.get_by_role("link", name="Next").count() == 0
    assert visit.page.get_by_role("link", name="Previous").count() == 1


def test_escape_on_another_page_does_not_stop_a_question(visit: Visit) -> None:
    visit.page.route("**/api/ask", lambda _: None)
    visit.page.fill("#question", PEAK)
    visit.page.press("#question", "Enter")
    visit.page.locator("#nav").get_by_role("link", name="About").click()
    visit.page.locator("#page h1").wait_for()
    visit.page.keyboard.press("Escape")
    visit.page.locator("#nav-ask").click()
    assert visit.page.locator(".waiting").is_visible()
    visit.page.keyboard.press("Escape")
    visit.page.locator(".stopped").wait_for()


def test_answer_that_came_on_another_page_is_there_on_going_back(visit: Visit) -> None:
    held: list[Route] = []
    visit.page.route("**/api/ask", lambda route: held.append(route))
    visit.page.fill("#question", PEAK)
    visit.page.press("#question", "Enter")
    visit.page.locator("#nav").get_by_role("link", name="About").click()
    visit.page.locator("#page h1").wait_for()
    held.pop().continue_()
    expect(visit.page.locator("#nav-ask")).not_to_have_attribute("href", "/")  # it is kept now
    assert visit.page.title().startswith("About")
    visit.page.go_back()
    visit.page.locator(".reply").wait_for()
    assert visit.page.locator(".question").all_inner_texts() == [PEAK]

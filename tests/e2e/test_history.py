"""Conversations are kept in the browser, have addresses, and can be found, renamed, deleted and forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from made_up import GREETING, HANAWON, PEAK, TERM, UNSTATED, answer
from playwright.sync_api import Page, expect
from visiting import OpenVisit, Visit, watch

pytestmark = pytest.mark.browser

ADDRESS = re.compile(r"/c/[0-9a-f]{18}$")
THREAD = "document.querySelector('#thread').innerHTML"
STORED = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('nkqa');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const database = opening.result;
    const all = database.transaction('conversations').objectStore('conversations').getAll();
    all.onsuccess = () => { database.close(); resolve(all.result); };
  };
})"""
PUT = """records => new Promise((resolve, reject) => {
  const opening = indexedDB.open('nkqa');
  opening.onsuccess = () => {
    const database = opening.result;
    const transaction = database.transaction('conversations', 'readwrite');
    for (const record of records) transaction.objectStore('conversations').put(record);
    transaction.oncomplete = () => { database.close(); resolve(null); };
    transaction.onabort = () => reject(transaction.error);
  };
})"""


def kept(page: Page) -> list[dict[str, Any]]:
    """Return what the database holds."""
    records: list[dict[str, Any]] = page.evaluate(STORED)
    return records


def ask(visit: Visit, question: str) -> None:
    """Ask, and wait until the answer is kept."""
    visit.ask(question)
    visit.page.wait_for_url(ADDRESS)


def begin(visit: Visit) -> None:
    visit.page.click("#history-new")
    expect(visit.page).to_have_url(visit.url)


def open_list(visit: Visit) -> None:
    visit.page.click("#history-open")
    visit.page.locator(".history[open]").wait_for()
    visit.page.locator(".history-list li, .history-status:not(:empty)").first.wait_for()


def titles(visit: Visit) -> list[str]:
    return visit.page.locator(".history-list a").all_inner_texts()


def record(number: int, answered: dict[str, Any]) -> dict[str, Any]:
    """Return a conversation as the page keeps it; a higher number is a later one."""
    asked = f"2025-01-01T00:{number // 60:02}:{number % 60:02}.000Z"
    entry = {"question": f"Question {number}?", "answer": answered, "asked": asked}
    return {
        "schema": 1,
        "changed": asked,
        "id": f"{number:018x}",
        "name": None,
        "created": asked,
        "entries": [entry],
    }


def second_tab(visit: Visit) -> Visit:
    """Open another tab of the same browser, watched like the first."""
    other = Visit(visit.page.context.new_page(), visit.url)
    watch(other)
    return other


# ------------------------------------------------------------------------------------------------------- addresses


def test_reload_restores_the_conversation_without_asking_again(visit: Visit) -> None:
    ask(visit, PEAK)
    ask(visit, UNSTATED)
    page = visit.page
    before, title = page.evaluate(THREAD), page.title()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/ask" in request.url else None)
    page.reload()
    page.locator(".reply").nth(1).wait_for()
    assert page.evaluate(THREAD) == before
    assert page.title() == title
    assert page.locator(".intro").is_hidden()
    assert asked == []
    visit.ask("why?")
    assert len(kept(page)[0]["entries"]) == 3, "it goes on where it was"


def test_server_is_told_nothing_but_the_question(visit: Visit) -> None:
    sent: list[str] = []
    visit.page.on("request", lambda request: sent.append(request.method + " " + request.url))
    ask(visit, PEAK)
    open_list(visit)
    assert [line for line in sent if not line.startswith("GET ")] == [f"POST {visit.url.rstrip('/')}/api/ask"]


def test_back_and_forward_lead_from_conversation_to_conversation(visit: Visit) -> None:
    page = visit.page
    ask(visit, PEAK)
    first = page.url
    begin(visit)
    assert page.locator(".entry").count() == 0
    assert page.locator(".intro").is_visible()
    ask(visit, TERM)
    second = page.url
    assert first != second
    page.go_back()
    expect(page.locator("h2.question")).to_have_text([PEAK])
    assert page.url == first
    assert page.title().startswith(PEAK)
    page.go_forward()
    expect(page.locator("h2.question")).to_have_text([TERM])
    assert page.url == second


def test_link_to_the_conversation_leads_back_to_it(visit: Visit) -> None:
    ask(visit, PEAK)
    assert visit.page.url.endswith(visit.page.get_attribute("#nav-ask", "href") or "?")
    begin(visit)
    assert visit.page.get_attribute("#nav-ask", "href") == "/"
    assert visit.page.get_attribute("#nav-ask", "aria-current") == "page"


def test_key_begins_a_new_conversation(visit: Visit) -> None:
    ask(visit, PEAK)
    visit.page.keyboard.press("Alt+n")
    expect(visit.page.locator(".entry")).to_have_count(0)
    assert visit.page.input_value("#question") == ""
    assert visit.page.evaluate("document.activeElement.id") == "question"


def test_unknown_conversation_says_where_conversations_are_kept(visit: Visit) -> None:
    visit.open("c/0123456789abcdef01")
    page = visit.page
    expect(page.locator(".unknown")).to_contain_text("kept in the browser that they were held in")
    visit.assert_accessible()
    visit.screenshot("conversation-unknown")
    page.get_by_role("link", name="begin a new conversation").click()
    expect(page.locator(".unknown")).to_be_hidden()
    page.go_back()
    page.locator(".unknown").wait_for()
    visit.ask(PEAK)
    expect(page.locator(".unknown")).to_be_hidden()
    assert [page.url.endswith(one["id"]) for one in kept(page)] == [True], "asking there begins a new one as well"


# ------------------------------------------------------------------------------------------------------------- tabs


def test_going_on_in_two_tabs_loses_no_entry(visit: Visit) -> None:
    ask(visit, PEAK)
    other = second_tab(visit)
    other.page.goto(visit.page.url)
    other.page.wait_for_selector(".reply")
    other.ask(TERM)
    visit.ask(HANAWON)
    note = visit.page.locator(".kept-note")
    note.wait_for()
    assert "went on in another tab" in note.inner_text()
    assert visit.page.url != other.page.url
    questions = sorted([entry["question"] for entry in one["entries"]] for one in kept(visit.page))
    assert questions == sorted([[PEAK, TERM], [PEAK, HANAWON]])
    visit.ask(TERM)
    other.ask(HANAWON)
    expect(note).to_have_count(1)
    lengths = [len(one["entries"]) for one in kept(visit.page)]
    assert lengths == [3, 3], "each goes on by itself"
    assert other.unexpected() == []


def test_what_was_deleted_in_another_tab_does_not_come_back(visit: Visit) -> None:
    ask(visit, PEAK)
    other = second_tab(visit)
    other.open()
    open_list(other)
    other.page.get_by_role("button", name="Forget everything").click()
    other.page.get_by_role("button", name="Forget everything").click()
    expect(other.page.locator(".history-list li")).to_have_count(0)
    visit.page.fill("#question", TERM)
    visit.page.press("#question", "Enter")
    expect(visit.page.locator(".kept-note")).to_contain_text("was deleted in another tab")
    assert [[entry["question"] for entry in one["entries"]] for one in kept(visit.page)] == [[TERM]]
    assert visit.page.locator("h2.question").all_inner_texts() == [TERM], "the page shows what is kept"
    assert other.unexpected() == []


# ------------------------------------------------------------------------------------------------------------- list


def test_empty_list_says_what_will_be_there(visit: Visit) -> None:
    open_list(visit)
    assert "in this browser only" in visit.page.locator(".history-status").first.inner_text()
    visit.assert_accessible()
    visit.screenshot("conversations-none")


def test_list_shows_title_day_and_number_and_opens_one(visit: Visit) -> None:
    ask(visit, PEAK)
    begin(visit)
    ask(visit, TERM)
    ask(visit, UNSTATED)
    open_list(visit)
    page = visit.page
    assert titles(visit) == [TERM, PEAK]
    assert page.locator(".history-line > span").all_inner_texts() == ["today · 2 questions", "today · 1 question"]
    assert page.locator(".history-list [aria-current]").inner_text() == TERM
    visit.assert_accessible()
    visit.screenshot("conversations")
    page.get_by_role("link", name=PEAK).click()
    expect(page.locator("h2.question")).to_have_text([PEAK])
    assert page.locator(".history").is_hidden()
    page.go_back()
    expect(page.locator("h2.question").first).to_have_text(TERM)


def test_days_are_in_words(visit: Visit) -> None:
    days = visit.page.evaluate(
        """async () => {
          const { dayInWords } = await import('/static/lib/dates.js');
          const now = new Date(2026, 2, 29, 0, 30);
          return [[2026, 2, 29, 0, 10], [2026, 2, 28, 23, 59], [2026, 2, 27, 12], [2025, 2, 29]]
            .map(parts => dayInWords(new Date(...parts), now));
        }"""
    )
    assert days == ["today", "yesterday", "27 March 2026", "29 March 2025"]


def test_search_finds_questions_and_answers_whatever_the_case(visit: Visit) -> None:
    document = visit.first_document()
    for question, text in ((TERM, "The café in Zürich. 탈북자"), (PEAK, "Something else.")):
        begin(visit)
        visit.page.unroute_all()
        visit.answer_with(answer(document, text=text, short=None))
        ask(visit, question)
    open_list(visit)
    box = visit.page.locator("#history-search")
    for query, found in (
        ("ZURICH cafe", [TERM]),
        ("탈북", [TERM]),
        ("peak", [PEAK]),
        ("something zurich", []),
        ("  ", [PEAK, TERM]),
    ):
        box.fill(query)
        assert titles(visit) == found, query
    box.fill("xyzzy")
    assert "Nothing found" in visit.page.locator(".history-status").first.inner_text()


def test_renaming_in_place(visit: Visit) -> None:
    ask(visit, PEAK)
    open_list(visit)
    page = visit.page
    page.get_by_role("button", name="Rename").click()
    box = page.get_by_role("textbox", name="Name")
    visit.assert_accessible()
    box.fill("Not this")
    box.press("Escape")
    assert titles(visit) == [PEAK]
    assert page.locator(".history").is_visible(), "Escape gave up the name, not the dialog"
    assert page.evaluate("document.activeElement.textContent") == "Rename"
    page.keyboard.press("Enter")
    box.fill("The <b>peak</b> years")
    box.press("Enter")
    page.get_by_role("link", name="The <b>peak</b> years").wait_for()
    assert page.title() == "The <b>peak</b> years – nkqa"
    page.reload()
    page.wait_for_selector(".reply")
    assert page.title() == "The <b>peak</b> years – nkqa"
    visit.ask(TERM)
    expect(page).to_have_title("The <b>peak</b> years – nkqa")
    assert kept(page)[0]["name"] == "The <b>peak</b> years"
    open_list(visit)
    page.get_by_role("button", name="Rename").click()
    box.fill(" ")
    box.press("Enter")
    page.get_by_role("link", name=PEAK).wait_for()


def test_deleting_can_be_undone(visit: Visit) -> None:
    ask(visit, PEAK)
    begin(visit)
    ask(visit, TERM)
    before = kept(visit.page)
    open_list(visit)
    page = visit.page
    page.get_by_role("button", name=f"Delete {TERM}").click()
    page.get_by_role("button", name="Undo").wait_for()
    assert titles(visit) == [PEAK]
    assert len(kept(page)) == 1
    assert page.url.rstrip("/") == visit.url.rstrip("/"), "it was the one on the page"
    assert page.evaluate("document.activeElement.textContent") == "Undo"
    visit.assert_accessible()
    page.keyboard.press("Enter")
    page.get_by_role("link", name=TERM).wait_for()
    assert kept(page) == before
    page.get_by_role("button", name=f"Delete {TERM}").click()
    page.get_by_role("button", name="Undo").wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".history").is_hidden()
    assert len(kept(page)) == 1


def test_forgetting_everything_asks_first_and_empties_the_database(visit: Visit) -> None:
    ask(visit, PEAK)
    begin(visit)
    ask(visit, TERM)
    open_list(visit)
    page = visit.page
    page.get_by_role("button", name="Forget everything").click()
    assert page.evaluate("document.activeElement.textContent") == "Keep them"
    visit.assert_accessible()
    visit.screenshot("conversations-forget")
    page.get_by_role("button", name="Keep them").click()
    assert len(kept(page)) == 2
    page.get_by_role("button", name="Forget everything").click()
    page.get_by_role("button", name="Forget everything").click()
    expect(page.locator(".history-list li")).to_have_count(0)
    assert kept(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".entry").count() == 0
    page.reload()
    page.wait_for_selector(".card")
    assert page.locator(".entry").count() == 0


def test_dialog_by_keyboard_alone(visit: Visit) -> None:
    ask(visit, PEAK)
    page = visit.page
    page.focus("#history-open")
    page.keyboard.press("Enter")
    page.locator(".history-list li").wait_for()
    for _ in range(12):  # the browser keeps the focus in a modal dialog, or in its own bars
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('.history')")
    page.keyboard.press("Escape")
    assert page.locator(".history").is_hidden()
    assert page.evaluate("document.activeElement.id") == "history-open"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_list_on_every_screen(visit_at: OpenVisit, server: str, width: int, scheme: str) -> None:
    visit = visit_at(server, width=width, height=740, scheme=scheme)
    visit.open()
    ask(visit, PEAK)
    visit.assert_fits()
    visit.assert_accessible()
    open_list(visit)
    visit.assert_fits()
    visit.assert_accessible()
    for target in visit.page.locator(".history button:visible").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24, target.inner_text()
    visit.screenshot(f"conversations-{width}-{scheme}")


# ----------------------------------------------------------------------------------------------- what can go wrong


def test_broken_records_are_left_out_and_counted(visit: Visit) -> None:
    ask(visit, PEAK)
    page = visit.page
    good = kept(page)[0]
    later = {**good, "id": "a" * 18, "schema": 99}
    page.evaluate(PUT, [{"id": "b" * 18}, {"id": "c" * 18, "schema": 1, "entries": "none"}, later])
    for part in (
        {"citations": None},
        {"text": 7},
        {"status": "perhaps"},
        {"closest": [{}]},
        {"estimates": [{"value": 1}]},
    ):
        entry = {**good["entries"][0], "answer": {**good["entries"][0]["answer"], **part}}
        page.evaluate(PUT, [{**good, "id": f"{abs(hash(str(part))):018x}"[:18], "entries": [entry]}])
    open_list(visit)
    assert titles(visit) == [PEAK]
    assert "8 conversations cannot be read" in page.locator(".history-status").first.inner_text()
    visit.open(f"c/{'c' * 18}")
    page.locator(".unknown").wait_for()


def test_oldest_conversations_make_room(visit: Visit) -> None:
    visit.ask(PEAK)
    page = visit.page
    page.wait_for_url(ADDRESS)
    made = answer(visit.first_document(), status="smalltalk", text="Hello.")
    page.evaluate(PUT, [record(number, made) for number in range(499)])
    begin(visit)
    ask(visit, GREETING)
    records = kept(page)
    assert len(records) == 500
    assert f"{0:018x}" not in {one["id"] for one in records}
    assert f"{1:018x}" in {one["id"] for one in records}
    open_list(visit)
    assert len(titles(visit)) == 500
    page.fill("#history-search", "question 417?")
    assert titles(visit) == ["Question 417?"]


def test_full_store_is_said_and_nothing_breaks(visit: Visit) -> None:
    page = visit.page
    page.evaluate(
        """() => {
          IDBObjectStore.prototype.put = function () { throw new DOMException("Full.", "QuotaExceededError"); };
        }"""
    )
    visit.ask(PEAK)
    page.locator(".kept-note").wait_for()
    assert "no room" in page.locator(".kept-note").inner_text()
    visit.assert_accessible()
    visit.screenshot("conversations-full")
    visit.ask(TERM)
    assert page.locator(".reply").count() == 2
    page.get_by_role("button", name="Dismiss").click()
    assert page.locator(".kept-note").count() == 0


REFUSALS: dict[str, str] = {
    "missing": "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', { value: undefined });",
    "refused": "IDBFactory.prototype.open = () => { throw new DOMException('No.', 'SecurityError'); };",
    "failing": """IDBFactory.prototype.open = () => {
        const request = { error: new DOMException('No.', 'InvalidStateError') };
        setTimeout(() => request.onerror());
        return request;
    };""",
}


@pytest.mark.parametrize("how", REFUSALS)
def test_browser_that_keeps_nothing_says_so_once(visit_at: OpenVisit, server: str, how: str) -> None:
    visit = visit_at(server)
    page = visit.page
    page.add_init_script(REFUSALS[how])
    visit.open()
    ask(visit, PEAK)
    note = page.locator(".kept-note")
    note.wait_for()
    assert "does not keep conversations" in note.inner_text()
    page.get_by_role("button", name="Dismiss").click()
    begin(visit)
    ask(visit, TERM)
    assert note.count() == 0, "once is enough"
    page.go_back()
    expect(page.locator("h2.question")).to_have_text([PEAK])
    open_list(visit)
    assert titles(visit) == [TERM, PEAK]
    assert "does not keep" in page.locator(".history-status").first.inner_text()


def test_answer_that_comes_while_another_conversation_is_open_is_not_mixed_in(visit: Visit) -> None:
    ask(visit, PEAK)
    first = visit.page.url
    held: list[Callable[[], None]] = []
    visit.page.route("**/api/ask", lambda route: held.append(route.continue_))
    visit.page.fill("#question", TERM)
    visit.page.press("#question", "Enter")
    visit.page.locator(".waiting").wait_for()
    begin(visit)
    visit.page.unroute_all(behavior="ignoreErrors")
    visit.page.fill("#question", "")
    ask(visit, HANAWON)
    visit.page.goto(first)
    expect(visit.page.locator("h2.question")).to_have_text([PEAK])

"""The answer comes in as a stream: stages, then text; it can be stopped, cut off, and asked for again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from made_up import HANAWON, PEAK
from visiting import Visit

pytestmark = pytest.mark.browser

WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const waiting = document.querySelector('.waiting')?.textContent;
    const partial = document.querySelector('.partial')?.textContent;
    for (const [what, text] of [['stage', waiting], ['text', partial]])
      if (text && window.seen.at(-1)?.[1] !== text) window.seen.push([what, text]);
  }).observe(document.querySelector('#thread'), { childList: true, characterData: true, subtree: true });
}"""


def events(*pairs: tuple[str, Any]) -> str:
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in pairs)


def stream_with(visit: Visit, body: str) -> None:
    """Let the page get this stream to every question."""
    visit.page.route("**/api/ask", lambda route: route.fulfill(body=body, content_type="text/event-stream"))


def submit(visit: Visit, question: str) -> None:
    visit.page.fill("#question", question)
    visit.page.press("#question", "Enter")


def test_stages_and_text_are_shown_while_they_come(visit: Visit) -> None:
    visit.page.evaluate(WATCH)
    with visit.page.expect_request("**/api/ask") as request:
        reply = visit.ask("Why do people leave North Korea?")
    assert request.value.headers["accept"] == "text/event-stream"
    seen = visit.page.evaluate("window.seen")
    stages = [words for what, words in seen if what == "stage"]
    assert "Searching the documents" in stages
    assert "Reading the closest passages" in stages
    pieces = [words for what, words in seen if what == "text"]
    assert pieces, "the text was seen before the answer was complete"
    assert all(reply["text"].startswith(piece) for piece in pieces)


def test_stream_that_is_cut_off_says_so_and_can_be_tried_again(visit: Visit) -> None:
    stream_with(
        visit, events(("meta", {"generation": "x"}), ("stage", {"stage": "read"}), ("delta", {"text": "Half "}))
    )
    submit(visit, HANAWON)
    notice = visit.page.locator(".problem")
    notice.wait_for()
    assert "cut before the answer was complete" in notice.inner_text()
    assert visit.page.locator(".partial").count() == 0, "half an answer is no answer"
    assert visit.page.input_value("#question") == HANAWON
    visit.screenshot("cut-off")
    visit.page.unroute("**/api/ask")
    notice.get_by_role("button", name="Try again").click()
    visit.page.locator(".reply").wait_for()
    assert visit.page.locator(".entry").count() == 1


def test_error_in_the_stream_is_shown_with_its_remedy(visit: Visit) -> None:
    problem = {"title": "Service Unavailable", "status": 503, "detail": "No index.", "remedy": "Run `nkqa build`."}
    stream_with(visit, events(("stage", {"stage": "question"}), ("error", problem)))
    submit(visit, HANAWON)
    visit.page.locator(".problem").wait_for()
    assert visit.page.locator(".problem code").inner_text() == "nkqa build"


def test_event_cut_anywhere_in_its_bytes_is_read_whole(visit: Visit) -> None:
    text = ": still here\n\nevent: delta\r\ndata: 탈북자 🔥\r\n\r\nevent: done\ndata: {}\n\nevent: lost\ndata: 1"
    for size in range(1, 12):
        read = visit.page.evaluate(
            """async ([text, size]) => {
              const { readEvents } = await import('/static/lib/stream.js');
              const bytes = new TextEncoder().encode(text);
              const body = new ReadableStream({ start(sink) {
                for (let at = 0; at < bytes.length; at += size) sink.enqueue(bytes.slice(at, at + size));
                sink.close();
              } });
              const read = [];
              for await (const { name, data } of readEvents(body)) read.push([name, data]);
              return read;
            }""",
            [text, size],
        )
        assert read == [["delta", "탈북자 🔥"], ["done", "{}"]]


def test_second_question_waits_until_the_first_is_stopped(visit: Visit) -> None:
    visit.page.route("**/api/ask", lambda _: None)
    submit(visit, HANAWON)
    visit.page.wait_for_selector(".waiting")
    visit.page.fill("#question", PEAK)
    visit.page.press("#question", "Enter")
    assert visit.page.locator(".entry").count() == 1
    assert visit.page.input_value("#question") == PEAK, "what was typed meanwhile is kept"
    visit.page.get_by_role("button", name="Stop").click()
    visit.page.wait_for_selector(".stopped")
    assert visit.page.input_value("#question") == PEAK

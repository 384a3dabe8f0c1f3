"""One open page of the browser: what a person does on it, and what is checked on every page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

# The browser's own record of a body that is read as a stream is not to be relied on.
KEEP_LAST_REPLY = """
const send = window.fetch;
window.fetch = async (...request) => {
  const response = await send(...request);
  if (String(request[0]).endsWith('/api/ask')) window.lastReply = response.clone().text();
  return response;
};
"""
SCREENSHOTS = Path(__file__).resolve().parents[2] / "test-results"


@dataclass
class Visit:
    """One open page, what went wrong on it, and what a test expects to go wrong."""

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> None:
        """Go to the page and wait until it has listed the documents."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector(".card", state="attached")

    def open_page(self, path: str) -> None:
        """Go to a page beside the conversation and wait until it is there."""
        self.page.goto(self.url.rstrip("/") + path)
        self.page.wait_for_selector("#page[aria-busy=false] h1")

    def ask(self, question: str) -> Any:
        """Ask in the box and wait for the reply; return the JSON that the page got."""
        before = self.page.locator(".reply").count()
        self.page.fill("#question", question)
        with self.page.expect_response("**/api/ask"):
            self.page.press("#question", "Enter")
        self.page.locator(".reply").nth(before).wait_for()
        return self.last_answer()

    def last_answer(self) -> Any:
        """Return the JSON of the answer that the page got last."""
        return answer_in(self.page.evaluate("window.lastReply"))

    def documents(self) -> Any:
        """Return the documents that the service lists."""
        return self.page.evaluate("fetch('/api/documents').then(reply => reply.json())")["documents"]

    def first_document(self) -> Any:
        """Return the JSON of the first document listed."""
        return self.document(self.documents()[0]["id"])

    def document(self, document_id: str) -> Any:
        """Return the JSON of a document, fetched by the page."""
        return self.page.evaluate("id => fetch(`/api/documents/${id}`).then(reply => reply.json())", document_id)

    def answer_with(self, answer: dict[str, Any]) -> None:
        """Let the page get this answer to every question, for states that a corpus does not offer on demand."""
        self.page.route(
            "**/api/ask", lambda route: route.fulfill(body=json.dumps(answer), content_type="application/json")
        )

    def marked(self) -> str:
        """Wait for a highlight in the source panel and return its text."""
        self.page.wait_for_selector("#source mark")
        return "".join(self.page.locator("#source mark").all_text_contents())

    def assert_accessible(self) -> None:
        """Run axe; it knows which of its rules apply to what is shown."""
        violations = Axe().run(self.page).response["violations"]
        assert not violations, json.dumps([(v["id"], [n["html"] for n in v["nodes"]]) for v in violations], indent=1)

    def assert_fits(self) -> None:
        """Check that nothing makes the page scroll sideways."""
        width = self.page.evaluate("document.documentElement.clientWidth")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width

    def screenshot(self, name: str) -> None:
        """Leave a picture to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def expect_problem(self, part: str) -> None:
        """Allow console messages that contain `part`, such as the browser's own line about a failed request."""
        self.expected.append(part)

    def unexpected(self) -> list[str]:
        return [problem for problem in self.problems if not any(part in problem for part in self.expected)]


def answer_in(stream: str) -> Any:
    """Return the answer that a body ends with: a stream of events, or JSON where a test makes it up."""
    last = stream.strip().split("\n\n")[-1]
    name, _, data = last.partition("\n")
    return json.loads(data.removeprefix("data: ") if name == "event: done" else stream)


OpenVisit = Callable[..., Visit]


def watch(visit: Visit) -> None:
    """Note console errors (a violated content policy is one), page errors, and requests to anywhere else."""

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.hostname != "127.0.0.1" and parts.scheme != "data":
            visit.problems.append(f"request to {request.url}")

    visit.page.add_init_script(KEEP_LAST_REPLY)
    visit.page.on(
        "console", lambda line: visit.problems.append(line.text) if line.type in {"error", "warning"} else None
    )
    visit.page.on("pageerror", lambda error: visit.problems.append(f"page error: {error}"))
    visit.page.on("request", on_request)

"""Weigh the page, and time its first answer in a fresh browser against the bare request for that answer.

    python bench/page.py [--repeat 7] [--question TEXT] [--index-dir index]

Needs chromium-headless-shell or chromium on PATH and the development dependencies. Page and bare request are run in
turn; both ask a server that is warm. Bytes are what goes over the wire, compressed where the server compresses.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from measure import ROOT, count, print_machine, print_table, spread
from playwright.sync_api import Browser, sync_playwright
from server_memory import running_server

GOAL_BYTES = 60 * 1024
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
TIMEOUT_MS = 30_000
# What the page saw: first paint and first answer since the navigation began, in ms, and the bytes it loaded for them.
FIGURES = """() => ({
  paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  answer: performance.now(),
  bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter(entry => !entry.name.includes('/api/'))
    .reduce((sum, entry) => sum + entry.transferSize, 0),
})"""


def main() -> None:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=count, default=7, help="measured runs of each")
    parser.add_argument("--question", default="Why do people leave North Korea?")
    parser.add_argument("--index-dir", type=Path, default=Path("index"))
    options = parser.parse_args()
    print_machine()
    seconds: dict[str, list[float]] = {"first paint": [], "first answer": [], "bare request": []}
    whole = loaded = 0
    with running_server(options.index_dir) as (_, address), sync_playwright() as playwright:
        whole = sum(compressed(address, path) for path in page_files())
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        for repetition in range(options.repeat + 1):
            bare = bare_seconds(address, options.question)
            paint, answer, loaded = page_seconds(browser, address, options.question)
            if repetition:
                for name, taken in zip(seconds, (paint, answer, bare), strict=True):
                    seconds[name].append(taken)
        browser.close()
    print_table(
        ("bytes", "compressed", "goal"),
        [("loaded for the first answer", f"{loaded:,}", ""), ("all of the page", f"{whole:,}", f"{GOAL_BYTES:,}")],
    )
    print_table(("wall time, s", "median", "min", "max"), [(name, *spread(taken)) for name, taken in seconds.items()])
    answer, bare = (statistics.median(seconds[name]) for name in ("first answer", "bare request"))
    print(f"first answer of a cold page / bare request for it: {answer / bare:.2f}")


def page_files() -> list[Path]:
    """Return every file that a browser may load; types and the module map are for developers only."""
    files = (path for path in sorted((ROOT / "web").rglob("*")) if path.is_file())
    return [path for path in files if path.name != "types.js" and path.suffix != ".md"]


def compressed(address: str, path: Path) -> int:
    """Return the size of a file as the server sends it, in bytes, without headers."""
    url = address + ("" if path.name == "index.html" else f"static/{path.relative_to(ROOT / 'web').as_posix()}")
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})  # noqa: S310 (the server's own address)
    with urllib.request.urlopen(request, timeout=TIMEOUT_MS / 1000) as reply:  # noqa: S310
        return len(reply.read())


def bare_seconds(address: str, question: str) -> float:
    """Return how long the answer takes without a page."""
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(  # noqa: S310 (the server's own address)
        f"{address}api/ask", data=body, headers={"Content-Type": "application/json"}
    )
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=TIMEOUT_MS / 1000) as reply:  # noqa: S310
        reply.read()
    return time.perf_counter() - start


def page_seconds(browser: Browser, address: str, question: str) -> tuple[float, float, int]:
    """Return first paint and first answer in a browser without any cache, in seconds, and the bytes loaded."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}?q={quote(question)}", timeout=TIMEOUT_MS)
    page.wait_for_selector(".reply", timeout=TIMEOUT_MS)
    figures = page.evaluate(FIGURES)
    context.close()
    return figures["paint"] / 1000, figures["answer"] / 1000, figures["bytes"]


if __name__ == "__main__":
    main()

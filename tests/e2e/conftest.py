"""A real server, a real browser, and pages that fail a test on any console error, page error or foreign request."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from serving import run_server
from visiting import OpenVisit, Visit, watch

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# ---------------------------------------------------------------------------------------------------------- server


@pytest.fixture(scope="session")
def server(article_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with run_server(article_index, tmp_path_factory.mktemp("server")) as url:
        yield url


# --------------------------------------------------------------------------------------------------------- browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "chromium is not on PATH: `make test` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield browser
        browser.close()


@contextmanager
def visiting(chromium: Browser) -> Iterator[OpenVisit]:
    """Give what makes pages; each is checked at the end."""
    visits: list[Visit] = []

    def start(url: str, width: int = 1280, height: int = 900, scheme: str = "light") -> Visit:
        phone = width < 500
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            is_mobile=phone,
            has_touch=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        visit = Visit(context.new_page(), url)
        watch(visit)
        visits.append(visit)
        return visit

    yield start
    found = [problem for visit in visits for problem in visit.unexpected()]
    for visit in visits:
        visit.page.context.close()
    assert not found


@pytest.fixture
def visit_at(chromium: Browser) -> Iterator[OpenVisit]:
    """Make pages: `visit_at(url, width=..., height=..., scheme=...)`; each is checked when the test ends."""
    with visiting(chromium) as start:
        yield start


@pytest.fixture
def visit(visit_at: OpenVisit, server: str) -> Visit:
    """The page on a desk, open and empty."""
    made = visit_at(server)
    made.open()
    return made


@pytest.fixture(scope="module")
def modules(chromium: Browser, server: str) -> Iterator[Visit]:
    """A page for all tests of a file that only call modules and leave the page as it is."""
    with visiting(chromium) as start:
        made = start(server)
        made.open()
        yield made

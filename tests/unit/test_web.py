"""The files of the page belong together: nothing is missing, nothing is left over."""

from __future__ import annotations

import re
from pathlib import Path

from nkqa.resources import web_dir

WEB = web_dir()
STATIC_IMPORT = re.compile(r'^(?:import|export)\s[^;]*?from "(\.[^"]+)";', re.MULTILINE | re.DOTALL)
LAZY_IMPORT = re.compile(r'import\("(\.[^"]+)"\)')
# Types only, never loaded.
TYPES = WEB / "lib" / "types.js"


def imported(module: Path, pattern: re.Pattern[str]) -> set[Path]:
    # Comments name modules, too, for their types.
    code = re.sub(r"/\*.*?\*/", "", module.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {(module.parent / name).resolve() for name in pattern.findall(code)}


def reachable(start: Path, *patterns: re.Pattern[str]) -> set[Path]:
    found, waiting = set(), [start]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += [other for pattern in patterns for other in imported(module, pattern)]
    return found


def test_page_preloads_exactly_what_it_needs_at_once() -> None:
    html = (WEB / "index.html").read_text(encoding="utf-8")
    preloaded = {WEB / name for name in re.findall(r'rel="modulepreload" href="/static/([^"]+)"', html)}
    assert preloaded == reachable(WEB / "app.js", STATIC_IMPORT) - {WEB / "app.js"}


def test_every_module_and_style_sheet_is_used() -> None:
    used = reachable(WEB / "app.js", STATIC_IMPORT, LAZY_IMPORT) | {TYPES}
    assert used == set(WEB.rglob("*.js"))
    html = (WEB / "index.html").read_text(encoding="utf-8")
    assert {WEB / name for name in re.findall(r'href="/static/(styles/[^"]+)"', html)} == set(WEB.rglob("*.css"))


def test_module_map_names_every_module_in_its_folder() -> None:
    text = (WEB / "README.md").read_text(encoding="utf-8")
    sections = re.split(r"^`(\w+)/`: ", text, flags=re.MULTILINE)
    named = {
        f"{folder}/{name}"
        for folder, section in zip(["", *sections[1::2]], sections[::2], strict=True)
        for row in re.findall(r"^\|.*", section, flags=re.MULTILINE)
        for name in re.findall(r"`(\w+\.js)`", row)
    }
    modules = {f"{path.parent.name if path.parent != WEB else ''}/{path.name}" for path in WEB.rglob("*.js")}
    assert named == modules

"""What travels of a script is what it does."""

from __future__ import annotations

import re

import pytest

from nkqa.resources import web_dir
from nkqa.serve.shorten import shortened

SCRIPTS = sorted(web_dir().rglob("*.js"))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/** What it does. */\n\nconst a = 1;\n", "const a = 1;\n"),
        ("f(); // why\n  // on a line of its own\n  g();\n", "f(); // why\ng();\n"),
        ("/**\n * @param {string} a\n */\n  function f(a) {}\n", "function f(a) {}\n"),
        ("const b = /** @type {B} */ (a);\nf();\n/* c */\n", "const b = /** @type {B} */ (a);\nf();\n"),
        ("/** @type {B} */ (a).b();\nkept();\n/** gone */\n", "/** @type {B} */ (a).b();\nkept();\n"),
        ("const url = 'http://a'; // b\n", "const url = 'http://a'; // b\n"),
        ("const s = `${a ? ` (${a})` : ''}  b`;\n", "const s = `${a ? ` (${a})` : ''}  b`;\n"),
        ("@media (a) {\n  /* why */\n  b :is(c) {\n    d: e;\n  }\n}\n", "@media (a) {\nb :is(c) {\nd: e;\n}\n}\n"),
    ],
)
def test_only_comments_and_indents_go(written: str, sent: str) -> None:
    assert shortened(written) == sent


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_string_of_the_page_runs_over_several_lines(path) -> None:
    code = re.sub(r"^[ \t]*(//|\*|/\*).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    # A backquote in a regular expression is no template.
    code = re.sub(r"/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*(?=[.,;)\s])", "", code)
    odd = [line for line in code.splitlines() if line.count("`") % 2 or line.endswith("\\")]
    assert not odd


def test_style_sheets_lose_every_comment() -> None:
    for path in web_dir().rglob("*.css"):
        assert "/*" not in shortened(path.read_text(encoding="utf-8")), path.name

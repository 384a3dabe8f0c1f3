"""What must not creep into the source: words of one corpus, long functions, long files."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "nkqa"
FILES = sorted(SOURCE.rglob("*.py"))

MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 400
LONG_FILES = {
    "types.py": "every value that crosses a stage stands here (ARCHITECTURE.md)",
    "scoring.py": "follows ../shared/eval/score.py rule by rule, in its order",
}

# Names that an article about anything may hold.
GENERAL_NAMES = {"United Nations", "United States", "United Kingdom", "Prime Minister", "Human Rights"}
# A list of all countries of the world names those of the article too.
GENERAL_LISTS = {"text/places.py"}


def name_of(path):
    return path.relative_to(SOURCE).as_posix()


def words_of(document):
    """Return the headings of a document, and the names of several words in its text."""
    headings = {section.heading for section in document.sections}
    text = document.text[: document.ignored[0].span.start]
    names = set(re.findall(r"(?<=[a-z,;(] )[A-Z][\w'’]+(?:[ -][A-Z][\w'’]+)+", text))
    return {word for word in headings | names if len(word) > 3} - GENERAL_NAMES


def uses(source, words):
    """Return the words that stand in a source text as they do in the document; one common word may stand anywhere."""
    there = (word for word in words if word in source)  # a pattern for each word and file takes minutes
    return sorted(word for word in there if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", source))


def test_words_of_the_article_are_what_is_looked_for(article):
    words = words_of(article)
    assert {"Social and ethnic tensions", "Demographics", "Canada", "Return to North Korea"} <= words
    assert {"Andrei Lankov", "Kim Jong Un", "New Malden", "Eunkoo Lee"} <= words
    assert len(words) > 150


@pytest.mark.parametrize("path", [path for path in FILES if name_of(path) not in GENERAL_LISTS], ids=name_of)
def test_source_names_nothing_of_the_article(path, article):
    assert uses(path.read_text(encoding="utf-8"), words_of(article)) == []


def test_use_of_the_article_is_noticed(article):
    words = words_of(article)
    assert uses('if heading == "Mental health":', words) == ["Mental health"]
    assert uses("# as Andrei Lankov says", words) == ["Andrei Lankov"]
    assert uses("statistics = terms_of(films)", words) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_functions_fit_a_screen(path):
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lines = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: count for name, count in lines.items() if count > MAX_FUNCTION_LINES} == {}


def test_files_are_short():
    long = {name_of(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > MAX_FILE_LINES}
    assert long - set(LONG_FILES) == set()


def test_no_exception_is_swallowed():
    broad = re.compile(r"except(?:\s+(?:Base)?Exception\b[^:]*)?:|contextlib\.suppress|with suppress")
    assert [name_of(path) for path in FILES if broad.search(path.read_text(encoding="utf-8"))] == []


def test_nothing_is_pickled():
    unsafe = re.compile(r"\bpickle\b|allow_pickle=True|(?<![\w.])(?:eval|exec)\(|shell=True")
    sources = {name_of(path): path.read_text(encoding="utf-8").replace("allow_pickle=False", "") for path in FILES}
    assert [name for name, source in sources.items() if unsafe.search(source)] == []

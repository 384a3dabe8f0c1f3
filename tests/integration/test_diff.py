"""`nkqa diff`: which answers a rebuild changed, and the lines behind them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tiny_builds import build_tiny, settings_of

from nkqa import cli
from nkqa.build.pipeline import build
from nkqa.diff import LineChange, changed_lines
from nkqa.store.answers import AnswerStore

OLD = "Lamps\n\nThe first lamp of Skarholm was lit by Ada Berg in 1907.\n\nThe ferry to Skarholm is called Marigold.\n"
NEW = OLD.replace("Ada Berg", "Nils Holm").replace("\n\nThe ferry", "\n\nThe pier was built in 1931.\n\nThe ferry")
LIT = "Who lit the first lamp of Skarholm?"
FERRY = "What is the ferry to Skarholm called?"
PIER = "When was the pier built?"


@pytest.mark.parametrize(
    ("old", "new", "cited", "expected"),
    [
        ("a\nb\nc", "a\nb\nc", ({1}, {1}), []),
        ("a\nthe lamp\nc", "a\nthe lamps\nc", ({1}, {1}), [("changed", 2, 2)]),
        ("a\nthe lamp\nc", "a\nc", ({1}, set()), [("gone", 2, None)]),
        ("a\nc", "a\nthe lamp\nc", (set(), {1}), [("new", None, 2)]),
        ("a\nthe lamp\nc", "x\na\nthe lamp\nc", ({1}, {2}), []),
        ("a\nthe lamp\nc", "a\nthe lamps\nc", ({0}, {2}), []),
        (
            "the lamp\nsome pier",
            "quite another thing\nsome piers",
            ({0, 1}, {0, 1}),
            [("gone", 1, None), ("new", None, 1), ("changed", 2, 2)],
        ),
        ("", "the lamp", (set(), {0}), [("new", None, 1)]),
        ("a\n \nc", "a\nc", ({1}, set()), []),
    ],
)
def test_cited_lines_that_changed(old, new, cited, expected):
    lines = list(changed_lines("x", old.split("\n"), new.split("\n"), *cited))
    assert {(one.state, one.old_line, one.new_line) for one in lines} == set(expected)
    assert len(lines) == len(expected)
    for one in lines:
        assert one.before == (None if one.old_line is None else old.split("\n")[one.old_line - 1])
        assert one.after == (None if one.new_line is None else new.split("\n")[one.new_line - 1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory, model_home):
    """A corpus that was built twice, with questions of a kept answer and of a file."""
    folder = build_tiny(tmp_path_factory.mktemp("diff"), model_home, OLD)
    (folder / "corpus" / "lamps.txt").write_text(NEW, encoding="utf-8")
    build(settings_of(folder))
    for number, question in enumerate((FERRY, PIER, FERRY)):
        AnswerStore(folder / "index", 10).save(str(number), {"answer": {"question": question}, "history": None})
    line = {"id": "1", "type": "factoid", "question": LIT, "answerable": True, "answers": ["x"], "evidence": ["x"]}
    (folder / "questions.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def diff(folder):
    def run(*arguments):
        folders = ["--corpus-dir", str(folder / "corpus"), "--index-dir", str(folder / "index")]
        result = CliRunner().invoke(cli.cli, ["diff", *arguments, *folders])
        return result.exit_code, result.output

    return run


@pytest.mark.model
def test_changed_answers_and_their_lines(diff, folder):
    code, out = diff("--json", "--questions", str(folder / "questions.jsonl"))
    found = json.loads(out)
    assert (code, found["asked"], found["skipped"]) == (0, 3, 0)
    changes = {one["question"]: one for one in found["changes"]}
    assert set(changes) == {LIT, PIER}
    assert "text" in changes[LIT]["changed"]
    assert "Ada Berg" in changes[LIT]["before"]["text"]
    assert "Nils Holm" in changes[LIT]["after"]["text"]
    (line,) = changes[LIT]["lines"]
    assert LineChange(**line) == LineChange(*("lamps.txt", "changed", 3, 3), OLD.split("\n")[2], NEW.split("\n")[2])
    assert changes[PIER]["changed"][0] == "status"
    assert [(one["state"], one["new_line"]) for one in changes[PIER]["lines"]] == [("new", 5)]


@pytest.mark.model
def test_as_text_and_strict(diff, folder):
    code, out = diff("--strict", "--questions", str(folder / "questions.jsonl"))
    assert code == 1
    assert f"{LIT}  (text" in out
    assert "- line 3: The first lamp of Skarholm was lit by Ada Berg" in out
    assert "2 of 3 answers changed." in out
    assert "1 of 1 answers changed." not in diff("--limit", "1")[1]


@pytest.mark.model
def test_same_generation_changes_nothing(diff, folder):
    current = (folder / "index" / "CURRENT").read_text()[:12]
    code, out = diff("--strict", current, current, "--questions", str(folder / "questions.jsonl"))
    assert (code, "0 of 3 answers changed." in out) == (0, True)


@pytest.mark.model
@pytest.mark.parametrize("arguments", [["0123456789ab"], ["../corpus"]])
def test_unknown_generation(diff, arguments):
    code, out = diff(*arguments)
    assert code == 4
    assert "nkqa index list" in out

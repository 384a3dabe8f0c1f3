"""`nkqa evaluate` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nkqa.cli import cli

pytestmark = pytest.mark.model

QUESTIONS = Path(__file__).resolve().parents[1] / "evaluation" / "small.jsonl"


@pytest.fixture
def evaluate(capsys, small_settings):
    folders = ["--corpus-dir", str(small_settings.corpus_dir), "--index-dir", str(small_settings.index_dir)]

    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            cli.main(["evaluate", *folders, *map(str, arguments)], prog_name="nkqa")
        printed = capsys.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


def test_prints_scores_and_writes_one_prediction_a_question(evaluate, tmp_path):
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[:8]
    questions, predictions = tmp_path / "questions.jsonl", tmp_path / "predictions.jsonl"
    questions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, _ = evaluate(questions, "--out", predictions)
    assert code == 0
    assert out.startswith("8 questions, index ")
    written = [json.loads(line) for line in predictions.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in written] == [json.loads(line)["id"] for line in lines]


@pytest.mark.parametrize("content", [None, b"{", b"\xff\n"], ids=["missing", "no JSON", "not UTF-8"])
def test_question_file_that_cannot_be_used(evaluate, tmp_path, content):
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    code, out, err = evaluate(path)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.splitlines()[1].startswith("  do: ")


def test_no_index(evaluate, tmp_path):
    code, out, err = evaluate(QUESTIONS, "--index-dir", tmp_path)
    assert (code, out) == (4, "")
    assert "nkqa build" in err

"""`nkqa ask` and `nkqa chat`: what they print, and what they refuse."""

from __future__ import annotations

import functools
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nkqa.ask.pipeline import EngineSource
from nkqa.cli import cli
from nkqa.types import Status

pytestmark = pytest.mark.model

QUESTION = "Who designed the first four towers?"
QUESTIONS = Path(__file__).resolve().parents[1] / "evaluation" / "small.jsonl"
KOREAN = "What is a lighthouse called in Korean?"
TIMEOUT_S = 60


@pytest.fixture
def nkqa(capsys, small_settings, monkeypatch):
    """Run a command on the small corpus in this process; gives exit code, stdout and stderr."""
    folders = ["--corpus-dir", str(small_settings.corpus_dir), "--index-dir", str(small_settings.index_dir)]

    def run(command, *arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as caught:
            cli.main([command, *folders, *arguments], prog_name="nkqa")
        printed = capsys.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def command(small_settings):
    """Give the arguments of a command on the small corpus in a process of its own."""
    folders = ["--corpus-dir", str(small_settings.corpus_dir.resolve())]
    folders += ["--index-dir", str(small_settings.index_dir.resolve())]
    return lambda name, *arguments: [sys.executable, "-m", "nkqa", name, *folders, *arguments]


def check_error(result, code, *words):
    """Check that nothing but the two lines of an error was printed."""
    assert result[:2] == (code, ""), result
    first, second = result[2].splitlines()
    assert first.startswith("error: ")
    assert second.startswith("  do: ")
    assert [word for word in words if word not in result[2]] == []


def test_text_shows_answer_and_exact_citations(nkqa, small_settings):
    code, out, err = nkqa("ask", QUESTION)
    assert (code, err) == (0, "")
    answer = EngineSource(small_settings).current().ask(QUESTION)
    assert answer.text in out
    assert answer.citations
    for citation in answer.citations:
        assert f"[{citation.number}] {citation.document_title}" in out
        assert f"characters {citation.start_char_index}–{citation.end_char_index}" in out
        assert f"“{citation.cited_text}”" in out
        assert all(heading in out for heading in citation.section)


def test_json_is_the_whole_answer(nkqa, small_settings):
    code, out, _ = nkqa("ask", "--json", QUESTION)
    expected = json.loads(json.dumps(EngineSource(small_settings).current().ask(QUESTION).to_json()))
    assert code == 0
    assert {**json.loads(out), "timings_ms": None} == {**expected, "timings_ms": None}
    assert "등대" in nkqa("ask", "--json", KOREAN)[1]


def test_refusal_shows_what_comes_closest_and_is_no_failure(nkqa, small_settings):
    engine = EngineSource(small_settings).current()
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    answers = [engine.ask(line["question"], line.get("history")) for line in lines if not line["answerable"]]
    # Whichever the engine refuses now: this test is about what a refusal looks like.
    refusal = next(answer for answer in answers if answer.status is Status.DECLINED and answer.closest)
    code, out, _ = nkqa("ask", refusal.question)
    assert code == 0
    assert refusal.text in out
    before, _, after = out.partition("Not an answer")
    for citation in refusal.closest:
        assert f"“{citation.cited_text}”" in after
        assert citation.cited_text not in before


def test_flags_of_the_source_are_shown(nkqa):
    assert "[citation needed]" in nkqa("ask", 'What is a "cold watch"?')[1]


def test_history_is_read(nkqa):
    _, out, _ = nkqa("ask", "--history", "How high is Skarholm Light?", "--json", "And Gannet Rock?")
    answer = json.loads(out)
    assert answer["interpreted_as"]
    assert "29 metres" in answer["text"]


def test_question_from_standard_input(nkqa):
    assert "Halvard Quist" in nkqa("ask", "-", stdin=f"{QUESTION}\n".encode())[1]


def test_standard_input_that_is_not_utf8(nkqa):
    check_error(nkqa("ask", "-", stdin=b"Wer ist M\xfcller?"), 2, "UTF-8")


@pytest.mark.parametrize("question", ["", "  ", "\n"])
def test_blank_question(nkqa, question):
    check_error(nkqa("ask", question), 2)
    check_error(nkqa("ask", "-", stdin=question.encode()), 2)


def test_long_question(nkqa, small_settings):
    check_error(nkqa("ask", "why " * 2500), 2, str(small_settings.max_question_chars))


@pytest.mark.parametrize("char", ["\0", "\x1b", "\x07"])
def test_control_characters(nkqa, char):
    result = nkqa("ask", "-", stdin=f"How high is {char} Gannet Rock?".encode())
    check_error(result, 2)
    assert char not in result[2]


def test_argument_that_is_not_utf8(command):
    arguments = [*map(os.fsencode, command("ask")), b"Wer ist M\xfcller?"]
    result = subprocess.run(arguments, capture_output=True, timeout=TIMEOUT_S)
    assert (result.returncode, result.stdout) == (2, b""), result
    assert result.stderr.startswith(b"error: ")


def test_no_index(nkqa, tmp_path):
    check_error(nkqa("ask", "--index-dir", str(tmp_path), QUESTION), 4, "nkqa build")
    check_error(nkqa("chat", "--index-dir", str(tmp_path)), 4, "nkqa build")


def test_broken_index(nkqa, small_settings, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(small_settings.index_dir, index, ignore=shutil.ignore_patterns("models", ".*"))
    (index / "models").symlink_to(small_settings.index_dir.resolve() / "models")
    passages = next(index.glob("*/passages.jsonl"))
    passages.write_bytes(passages.read_bytes()[:-1])
    check_error(nkqa("ask", "--index-dir", str(index), QUESTION), 4, "passages.jsonl", "nkqa build")


def test_unknown_setting(nkqa, monkeypatch):
    monkeypatch.setenv("NKQA_POTR", "1")
    check_error(nkqa("ask", QUESTION), 2, "NKQA_POTR")


def test_chat_keeps_the_history_and_survives_bad_questions(nkqa):
    lines = ["How high is Skarholm Light?", "", "why " * 2500, "And Gannet Rock?", "/quit", "Who was Signe Holm?"]
    code, out, err = nkqa("chat", stdin="\n".join(lines).encode())
    assert code == 0
    assert "Skarholm Light stands" in out
    assert "(read as: How high is Gannet Rock?)" in out
    assert "29 metres" in out
    assert "Coxswain" not in out
    assert err.count("error: ") == 1


def test_chat_ends_with_its_input(nkqa):
    code, out, err = nkqa("chat", stdin=b"How high is Gannet Rock? \xff")
    assert (code, err) == (0, "")
    assert "29 metres" in out


def test_ctrl_c_ends_a_chat_with_130(command):
    pipe = subprocess.PIPE
    # A job that was started in the background ignores SIGINT, and so would its children.
    listen = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command("chat"), stdin=pipe, stdout=pipe, stderr=pipe, text=True, preexec_fn=listen
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("nkqa, index ")
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=TIMEOUT_S)
        finally:
            process.kill()
    assert process.returncode == 130, err
    assert "Traceback" not in err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_terminal_of_any_encoding(command, encoding):
    """LC_ALL=C alone makes Python use UTF-8; PYTHONIOENCODING stands for a terminal that really lacks the letters."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": encoding}
    text = subprocess.run(command("ask", KOREAN), capture_output=True, env=environment, timeout=TIMEOUT_S)
    assert (text.returncode, text.stderr) == (0, b"")
    assert ("등대" if encoding == "utf-8" else r"\ub4f1\ub300") in text.stdout.decode(encoding)
    as_json = subprocess.run(command("ask", "--json", KOREAN), capture_output=True, env=environment, timeout=TIMEOUT_S)
    assert "등대" in json.loads(as_json.stdout.decode(encoding))["citations"][0]["cited_text"]


def test_no_colour_in_a_pipe_nor_where_it_is_unwanted(command):
    piped = subprocess.run(command("ask", QUESTION), capture_output=True, timeout=TIMEOUT_S)
    environment = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm"}
    forced = subprocess.run(command("ask", QUESTION), capture_output=True, env=environment, timeout=TIMEOUT_S)
    environment["NO_COLOR"] = "1"
    unwanted = subprocess.run(command("ask", QUESTION), capture_output=True, env=environment, timeout=TIMEOUT_S)
    assert b"\x1b[" not in piped.stdout
    assert b"\x1b[36m" in forced.stdout
    assert b"\x1b[36m" not in unwanted.stdout


HEAVY = ["torch", "sentence_transformers", "transformers", "nltk", "onnx", "flask", "waitress", "nkqa.build", "rich"]
WATCHED_ASK = f"""
import sys
from nkqa.cli import cli
from nkqa.types import Status
try:
    cli.main(sys.argv[1:])
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


def test_ask_loads_only_what_it_needs(command):
    arguments = command("ask", "--json", QUESTION)
    arguments[1:3] = ["-c", WATCHED_ASK]
    result = subprocess.run(arguments, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert (result.returncode, result.stderr) == (0, "[]\n")

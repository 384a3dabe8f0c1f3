"""The evaluation command: reading question files, the baseline, what is checked, printed and written."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from corpora import ARTICLE_CORPUS
from numpy.typing import NDArray

from nkqa import evaluate, scoring
from nkqa.errors import QuestionError, SettingsError
from nkqa.evaluate import Slices, Tutorial
from nkqa.scoring import Prediction
from nkqa.settings import Settings
from nkqa.types import Answer, CellRef, Citation, Document, Kind, Passage, PassageKind, Source, Span, Status, Timing

TESTS = Path(__file__).parents[1]
CORPUS = TESTS / "corpus"
SMALL = TESTS / "evaluation" / "small.jsonl"
TEXT = "The lamp burns oil. The tower is 41 metres high.\n\nThe horn was switched off in 2016 because it was silent."
GOOD: dict[str, Any] = {
    "id": "q1",
    "type": "factoid",
    "question": "How high is the tower?",
    "answers": ["41 metres"],
    "evidence": ["The tower is 41 metres high."],
    "answerable": True,
}
REFUSE = GOOD | {
    "id": "q2",
    "type": "unanswerable_far",
    "question": "hello",
    "answers": [],
    "evidence": [],
    "answerable": False,
}


class HashEncoder:
    """Counts the words of a text in 64 places, so that texts that share words are near."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % 64] += 1
            row[0] += 1e-3
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def document(text: str = TEXT) -> Document:
    return Document("d1", "lamp.txt", "Lamp", text, "0" * 64, Source(), (), (), (), (), ())


def citation(start: int, end: int, text: str | None = None, cells: tuple[CellRef, ...] = ()) -> Citation:
    cited = TEXT[start:end] if text is None else text
    return Citation(1, "char_location", cited, "d1", 0, "Lamp", start, end, (), (), cells)


def answer(status: Status = Status.ANSWERED, **fields: Any) -> Answer:
    plain = Answer(
        id="a",
        question="?",
        interpreted_as=None,
        status=status,
        reason=None,
        kind=Kind.FACTOID,
        text="The tower is 41 metres high. [1]",
        short="41 metres",
        confidence=0.9,
        citations=(citation(20, 48),) if status is Status.ANSWERED else (),
        closest=(),
        suggestions=(),
        generation="g",
        timings=(Timing("all", 1.0),),
    )
    return replace(plain, **fields)


class FakeEngine:
    """Answers "How ...?" and refuses everything else; remembers what it was asked."""

    def __init__(self) -> None:
        self.manifest = SimpleNamespace(generation="0123abcd")
        self.documents = (document(),)
        self.encoder = HashEncoder()
        self.asked: list[tuple[str, tuple[str, ...] | None]] = []

    def ask(self, question: str, history: Sequence[str] | None = None, as_of: int | None = None) -> Answer:
        self.asked.append((question, tuple(history) if history else None))
        return answer(Status.ANSWERED if question.startswith("How") else Status.DECLINED)

    def search(self, question: str, history: Sequence[str] | None = None, limit: int = 10) -> tuple[Any, ...]:
        found = [self.passage(Span(0, 19)), self.passage(Span(20, 48))]
        return tuple(SimpleNamespace(passage=passage) for passage in found[:limit])

    def passage(self, span: Span) -> Passage:
        return Passage("p", "d1", PassageKind.SENTENCE, (), span, span, None, (), span.of(TEXT))


def write(path: Path, *lines: Any) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def run(monkeypatch: pytest.MonkeyPatch, questions: Path, out: Path | None) -> list[str]:
    engine = FakeEngine()
    monkeypatch.setattr(evaluate, "EngineSource", lambda settings: SimpleNamespace(current=lambda: engine))
    lines: list[str] = []
    assert evaluate.run(questions, Settings(), out, lines.append) == 0
    return lines


# ------------------------------------------------------------------------------------------------ question files


def test_a_question_file_is_read_whole(tmp_path: Path) -> None:
    full = GOOD | {
        "id": "q3",
        "history": ["Which tower?"],
        "answer_parts": [["41"], ["metres", "m"]],
        "min_parts": 1,
        "cells": [["1958", "Steam", "1,217"]],
        "calc": "x",
        "notes": "flag: [citation needed]",
        "style": "lower",
    }
    first, second, third = evaluate.read_questions(write(tmp_path / "q.jsonl", GOOD, "", REFUSE, full))
    assert (first.id, first.history, first.parts, first.min_parts, first.computed) == ("q1", (), (), 0, False)
    assert (second.answerable, second.answers, second.evidence) == (False, (), ())
    assert (third.history, third.min_parts, third.flagged, third.computed) == (("Which tower?",), 1, True, True)
    assert third.parts == (("41",), ("metres", "m"))
    assert third.cells == (scoring.GoldCell("1958", "Steam", "1,217"),)


def test_all_parts_are_needed_where_the_file_does_not_say_how_many(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", GOOD | {"answer_parts": [["41"], ["metres"]]})
    assert evaluate.read_questions(path)[0].min_parts == 2


@pytest.mark.parametrize("name", ["dev.jsonl", "small.jsonl", "blind.jsonl"])
def test_the_projects_own_question_files_can_be_read(name: str) -> None:
    path = SMALL.with_name(name)
    questions = evaluate.read_questions(path)
    assert len(questions) == len(path.read_text(encoding="utf-8").splitlines())


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n" + json.dumps(REFUSE).encode() + b"\r\n")
    assert len(evaluate.read_questions(path)) == 2


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", GOOD | {"question": "How\u2028high?"})
    assert evaluate.read_questions(path)[0].text == "How\u2028high?"


BAD_LINES = [
    ("{", "not JSON"),
    ("[" * 100_000, "not JSON"),
    ('{"id": "\\ud83d"}', "not JSON"),
    ("[]", "not a JSON object"),
    ("7", "not a JSON object"),
    (GOOD | {"question": "  "}, "'question'"),
    (GOOD | {"question": 7}, "'question'"),
    (GOOD | {"answerable": "yes"}, "'answerable'"),
    (GOOD | {"answers": []}, "'answers'"),
    (GOOD | {"answers": "41"}, "'answers'"),
    (GOOD | {"evidence": []}, "'evidence'"),
    (GOOD | {"evidence": [None]}, "'evidence'"),
    (GOOD | {"history": "How?"}, "'history'"),
    (GOOD | {"answer_parts": [[]]}, "'answer_parts'"),
    (GOOD | {"answer_parts": [["x"]], "min_parts": 2}, "min_parts is 2 of 1"),
    (GOOD | {"answer_parts": [["x"]], "min_parts": 0}, "'min_parts'"),
    (GOOD | {"answer_parts": [["x"]], "min_parts": True}, "'min_parts'"),
    (GOOD | {"cells": [["1958", "Steam"]]}, "'cells'"),
    (GOOD | {"type": "yes_no"}, "neither yes nor no"),
    *(({name: value for name, value in GOOD.items() if name != absent}, f"'{absent}' is missing") for absent in GOOD),
]


@pytest.mark.parametrize(("line", "complaint"), BAD_LINES)
def test_a_bad_line_is_named_with_what_to_do(tmp_path: Path, line: Any, complaint: str) -> None:
    path = write(tmp_path / "q.jsonl", REFUSE, line)
    with pytest.raises(QuestionError, match="line 2") as caught:
        evaluate.read_questions(path)
    assert complaint in caught.value.message
    assert caught.value.remedy
    assert caught.value.exit_code == 2


def test_an_id_may_occur_once(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="line 2: the id 'q1' occurs twice"):
        evaluate.read_questions(write(tmp_path / "q.jsonl", GOOD, GOOD))


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_a_file_without_questions_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(content)
    with pytest.raises(QuestionError, match="holds no questions"):
        evaluate.read_questions(path)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(json.dumps(GOOD).encode() + b"\n" + '{"id": "é"}'.encode("latin-1"))
    with pytest.raises(QuestionError, match="line 2: not UTF-8"):
        evaluate.read_questions(path)


def test_an_absent_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.jsonl", tmp_path):
        with pytest.raises(QuestionError, match="cannot be read"):
            evaluate.read_questions(path)


# ------------------------------------------------------------------------------------------------ what is measured


def test_a_cell_is_cited_with_its_labels_and_value() -> None:
    cells = (CellRef("Steam", "1958", "1,217", 4, 9),)
    assert evaluate._shown(citation(0, 5, cells=cells)).text == "The l (Steam | 1958 | 1,217)"
    assert evaluate._shown(citation(0, 5)).text == "The l"


def test_citations_and_closest_passages_have_to_be_slices_of_their_document() -> None:
    good, shifted = citation(20, 48), citation(21, 49, TEXT[20:48])
    elsewhere = replace(good, document_id="d2")
    texts = {"d1": TEXT}
    assert evaluate.check_slices(answer(citations=(good,), closest=(good,)), texts) == Slices(2, 2)
    assert evaluate.check_slices(answer(citations=(shifted,)), texts) == Slices(1, 0)
    assert evaluate.check_slices(answer(citations=(), closest=(good, shifted, elsewhere)), texts) == Slices(3, 1)


@pytest.mark.parametrize(
    ("status", "abstained"), [(Status.ANSWERED, False), (Status.DECLINED, True), (Status.SMALLTALK, True)]
)
def test_all_but_an_answer_is_an_abstention(tmp_path: Path, status: Status, abstained: bool) -> None:
    (asked,) = evaluate.read_questions(write(tmp_path / "q.jsonl", GOOD))
    assert evaluate._prediction(asked, answer(status), 1.5) == Prediction(
        "q1",
        "The tower is 41 metres high. [1]",
        "41 metres",
        () if abstained else (scoring.CitedText(TEXT[20:48]),),
        abstained,
        1.5,
        0.9,
    )


def test_the_engine_gets_the_history_and_its_passages_are_ranked(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", GOOD | {"history": ["Which tower?"]}, REFUSE)
    engine: Any = FakeEngine()
    result, slices = evaluate.ask_engine(engine, evaluate.read_questions(path))
    assert engine.asked == [("How high is the tower?", ("Which tower?",)), ("hello", None)]
    assert result.ranks == (2, None)
    assert [one.abstained for one in result.predictions] == [False, True]
    assert slices == Slices(1, 1)


def test_chunks_are_plain_cuts_of_the_text() -> None:
    text = "x" * 1200 + " " * 800 + "y"
    assert [len(chunk) for chunk in evaluate.cut_chunks(text)] == [500, 500, 500, 1]
    assert "".join(evaluate.cut_chunks(TEXT * 9)) == TEXT * 9


def test_the_baseline_answers_with_the_nearest_sentence_of_the_nearest_chunk(tmp_path: Path) -> None:
    (asked,) = evaluate.read_questions(write(tmp_path / "q.jsonl", GOOD))
    tutorial = Tutorial((document("Ships wait for the tide. " * 20 + TEXT),), HashEncoder())
    said, chunks = tutorial.ask(asked)
    assert said.answer == "The tower is 41 metres high."
    assert [cited.text for cited in said.citations] == [said.answer]
    assert not said.abstained
    assert chunks[0] == TEXT


def test_figures_are_taken_over_the_chosen_types_only(tmp_path: Path) -> None:
    questions = evaluate.read_questions(write(tmp_path / "q.jsonl", GOOD, REFUSE))
    engine: Any = FakeEngine()
    result, _ = evaluate.ask_engine(engine, questions)
    factoid = evaluate.score(questions, result, ["factoid"])
    assert (factoid.n, factoid.recall_at_1, factoid.recall_at_3, factoid.mrr) == (1, 0.0, 1.0, 0.5)
    assert (factoid.cited_correct, factoid.abstention_recall) == (1.0, None)
    far = evaluate.score(questions, result, ["unanswerable_far"])
    assert (far.n, far.recall_at_5, far.accuracy, far.abstention_recall) == (1, None, None, 1.0)
    assert evaluate.score(questions, result, ["list"]).cited_correct is None


# ------------------------------------------------------------------------------------------------ the command


def test_both_systems_and_the_summary_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run(monkeypatch, write(tmp_path / "q.jsonl", GOOD, REFUSE), None)
    printed = "\n".join(lines)
    assert lines[0] == "2 questions, index 0123abcd"
    (engine,) = (line for line in lines if line.startswith("engine"))
    (baseline,) = (line for line in lines if line.startswith("tutorial baseline"))
    assert engine.split()[1:] == baseline.split()[2:]
    factoids = [line.split() for line in lines if line.startswith("factoid ")]
    assert factoids[0][1:10] == ["1", "0.0", "100.0", "100.0", "100.0", "50.0", "100.0", "100.0", "-"]
    assert factoids[1][2] == "100.0"
    assert "unanswerable_far refused: 1 of 1 (100.0 %)" in printed
    assert "citations that slice exactly: 1 of 1 (100.0 %)" in printed
    assert "confidence: calibration error (ECE) 10.0 % over 1 answers" in printed
    assert "wrong among the surest: 25% 0.0 %, 50% 0.0 %, 75% 0.0 %, 90% 0.0 %, 100% 0.0 %" in printed
    assert "evidence recall@5 over factoid, definition, why_how, yes_no, disputed: engine 100.0 %" in printed
    assert "cited-correct: engine 100.0 %, tutorial baseline 50.0 %, ratio 2.00 : 1" in printed


def test_figures_that_do_not_apply_are_printed_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run(monkeypatch, write(tmp_path / "q.jsonl", REFUSE), None)
    assert "cited-correct: engine 100.0 %, tutorial baseline 0.0 %, ratio -" in lines
    assert "citations that slice exactly: 0 of 0" in lines
    assert not any("confidence" in line for line in lines)


def test_predictions_and_figures_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "said.jsonl"
    out.write_text("old", encoding="utf-8")
    run(monkeypatch, write(tmp_path / "q.jsonl", GOOD, REFUSE), out)
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert first.pop("latency_ms") >= 0
    assert first == {
        "id": "q1",
        "answer": "The tower is 41 metres high. [1]",
        "short": "41 metres",
        "citations": [{"text": "The tower is 41 metres high.", "flags": []}],
        "abstained": False,
        "confidence": 0.9,
    }
    assert second["abstained"] is True
    assert len((tmp_path / "said.baseline.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    summary = json.loads((tmp_path / "said.summary.json").read_text(encoding="utf-8"))
    assert summary["scores"]["engine"]["ALL"]["cited_correct"] == 1.0
    assert summary["scores"]["engine"]["unanswerable_far"]["accuracy"] is None
    assert summary["slices"] == {"checked": 1, "exact": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "q.jsonl",
        "said.baseline.jsonl",
        "said.jsonl",
        "said.summary.json",
    ]


def test_nothing_is_asked_when_the_predictions_cannot_be_written(tmp_path: Path) -> None:
    questions = write(tmp_path / "q.jsonl", GOOD)
    for out in (tmp_path / "absent" / "said.jsonl", tmp_path):
        with pytest.raises(SettingsError, match="cannot be written"):
            evaluate.run(questions, Settings(index_dir=tmp_path / "none"), out, print)


def test_a_run_that_fails_keeps_the_earlier_predictions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(settings: Settings) -> None:
        raise QuestionError("The question is too long.", "Shorten it.")

    monkeypatch.setattr(evaluate, "EngineSource", fail)
    out = write(tmp_path / "said.jsonl", "old")
    with pytest.raises(QuestionError):
        evaluate.run(write(tmp_path / "q.jsonl", GOOD), Settings(), out, print)
    assert out.read_text(encoding="utf-8") == "old\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["q.jsonl", "said.jsonl"]


# ------------------------------------------------------------------------------------------------ the second corpus


def corpus_texts(folder: Path = CORPUS) -> dict[str, str]:
    paths = [path for path in folder.iterdir() if path.suffix in {".txt", ".md"}]
    return {path.name: path.read_bytes().decode("utf-8") for path in paths}


@pytest.mark.parametrize(("name", "corpus"), [("small.jsonl", CORPUS), ("blind.jsonl", ARTICLE_CORPUS)])
def test_the_evidence_of_a_set_is_in_its_corpus_to_the_letter(name: str, corpus: Path) -> None:
    texts = corpus_texts(corpus).values()
    missing = [
        (question.id, evidence)
        for question in evaluate.read_questions(SMALL.with_name(name))
        for evidence in question.evidence
        if not any(evidence in text for text in texts)
    ]
    assert not missing


def test_the_gold_cells_of_the_small_set_stand_in_its_evidence() -> None:
    for question in evaluate.read_questions(SMALL):
        for cell in question.cells:
            assert any(cell.value in evidence and cell.row in evidence for evidence in question.evidence), question.id


def test_the_gold_answers_of_the_small_set_are_right_by_the_rules() -> None:
    for question in evaluate.read_questions(SMALL):
        said = ". ".join(question.answers)
        assert scoring.is_right(question, said) == question.answerable, question.id


def test_the_small_set_has_every_type_and_enough_of_each_hard_kind() -> None:
    questions = evaluate.read_questions(SMALL)
    types = [question.type for question in questions]
    dev = {question.type for question in evaluate.read_questions(SMALL.with_name("dev.jsonl"))}
    assert set(types) == dev
    assert len(questions) >= 40
    assert types.count("unanswerable_near") >= 6
    assert types.count("unanswerable_far") >= 4
    assert sum(bool(question.history) for question in questions) >= 3


def test_the_second_corpus_has_every_feature() -> None:
    texts = corpus_texts()
    harbour, fog = texts["harbour-lights.txt"], texts["fog-signals.md"]
    assert {path.stem for path in CORPUS.glob("*.toml")} == {Path(name).stem for name in texts}
    assert fog.count("\r\n") == fog.count("\n") > 50
    assert "\r" not in harbour
    assert "\u00a0" in harbour
    astral = next(place for place, char in enumerate(harbour) if ord(char) > 0xFFFF)
    assert astral < harbour.index("Skarholm was the first light") < harbour.index("Tags:")
    for flag in ("[citation needed]", "[failed verification]", "[when?]"):
        assert flag in harbour
    assert "[citation needed]" in fog
    for text in (harbour, fog):
        assert any(unicodedata.name(char, "").startswith("HANGUL SYLLABLE") for char in text)
    for feature in ("\r\n===", "\r\n---", "\r\n### ", "\r\n- ", "\r\n* ", "\r\n1. ", "| :--- |", "](", "`1000`"):
        assert feature in fog
    for feature in (
        "\n  • ",
        "~1950",
        "Romanizationbeseumakeu",
        "\nHangul\n베",
        "\n\nRadio\n\nSee also\n\n",
        "Trending",
    ):
        assert feature in harbour

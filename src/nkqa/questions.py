"""Question files: what `nkqa evaluate` asks and `nkqa feedback export` writes.

A question file is JSONL, one object a line: `id`, `type`, `question`, `answerable`, and for an answerable question
`answers` (accepted wordings) and `evidence` (sentences of the corpus that prove it). Optional: `history` (earlier
questions, oldest first), `as_of` (a year), `answer_parts` with `min_parts`, `cells` ([column, row, value] each),
`calc`, `notes` (begins with "flag" where the source is flagged). Other fields are for
whoever reads the file.

A line with `"candidate": true` is a question whose answer nobody has written down yet: it is skipped, and named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nkqa import scoring
from nkqa.errors import QuestionError
from nkqa.scoring import GoldCell, Question

Echo = Callable[[str], None]


def _say_nothing(_: str) -> None:
    pass


def read_questions(path: Path, echo: Echo = _say_nothing) -> tuple[Question, ...]:
    """Read a question file; `echo` is told of each candidate that is skipped.

    Raises QuestionError, with the line number, for a file that is absent, empty, not UTF-8 or not JSONL, for a field
    that is missing or of the wrong type, and for an id that occurs twice.
    """
    questions: dict[str, Question] = {}
    for number, line in enumerate(_read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        fields = _parse_line(line, f"{path}, line {number}")
        if fields.get("candidate") is True:
            echo(f"skipped {path.name}, line {number}: a candidate; write its answers and evidence, remove candidate")
            continue
        question = question_of(fields, f"{path}, line {number}")
        if question.id in questions:
            raise QuestionError(f"{path}, line {number}: the id {question.id!r} occurs twice.", "Give each its own id.")
        questions[question.id] = question
    if not questions:
        raise QuestionError(f"{path} holds no questions to score.", "Put one JSON object with a question on each line.")
    return tuple(questions.values())


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise QuestionError(f"{path} cannot be read ({reason}).", "Name a question file (JSONL).") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise QuestionError(f"{path}, line {line}: not UTF-8 text.", "Save the file as UTF-8.") from error


def _parse_line(line: str, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
        json.dumps(fields, ensure_ascii=False).encode("utf-8")  # refuses half of a surrogate pair
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"{where}: not JSON ({error}).", "Put one JSON object on each line.") from error
    if not isinstance(fields, dict):
        raise QuestionError(f"{where}: not a JSON object.", "Put one JSON object on each line.")
    return fields


def question_of(fields: Mapping[str, Any], where: str) -> Question:
    """Return the question that one line of a file describes; raises QuestionError, which names `where` it stands."""
    answerable = _field(fields, "answerable", where, lambda value: isinstance(value, bool), "true or false")
    needed = _is_texts if answerable else _is_text_list
    kind = "a list of texts, at least one" if answerable else "a list of texts"
    answers = _field(fields, "answers", where, needed, kind)
    question_type = _field(fields, "type", where, _is_text, "a text")
    if answerable and question_type == "yes_no" and not scoring.polarity(answers[0]):
        raise QuestionError(f"{where}: the answer to a yes_no question is neither yes nor no.", "Begin it with one.")
    parts = _field(fields, "answer_parts", where, _is_parts, "a list of lists of texts", default=[])
    least = _field(fields, "min_parts", where, _is_count, "a whole number from 1", default=len(parts))
    if least > len(parts):
        raise QuestionError(f"{where}: min_parts is {least} of {len(parts)} answer_parts.", "Ask for fewer parts.")
    cells = _field(fields, "cells", where, _is_cells, "a list of [column, row, value]", default=[])
    return Question(
        id=_field(fields, "id", where, _is_text, "a text"),
        type=question_type,
        text=_field(fields, "question", where, _is_text, "a text"),
        history=tuple(_field(fields, "history", where, _is_text_list, "a list of texts", default=[])),
        answerable=answerable,
        answers=tuple(answers),
        parts=tuple(tuple(part) for part in parts),
        min_parts=least,
        evidence=tuple(_field(fields, "evidence", where, needed, kind)),
        cells=tuple(GoldCell(*cell) for cell in cells),
        computed=bool(fields.get("calc")),
        flagged=str(fields.get("notes") or "").startswith("flag"),
        as_of=_field(fields, "as_of", where, _is_count, "a year", default=None),
    )


_ABSENT = object()


def _field(
    fields: Mapping[str, Any], name: str, where: str, test: Callable[[Any], bool], kind: str, default: Any = _ABSENT
) -> Any:
    """Return a field that passes `test`; `default` where it is absent or null. Raises QuestionError."""
    value = fields.get(name)
    if value is None and default is not _ABSENT:
        return default
    if value is None:
        raise QuestionError(f"{where}: the field {name!r} is missing.", f"Add it; it is {kind}.")
    if not test(value):
        raise QuestionError(f"{where}: the field {name!r} is {value!r:.80}.", f"It has to be {kind}.")
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)


def _is_texts(value: Any) -> bool:
    return _is_text_list(value) and bool(value)


def _is_parts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_texts(part) for part in value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_cells(value: Any) -> bool:
    return isinstance(value, list) and all(_is_texts(cell) and len(cell) == 3 for cell in value)

"""Receipts: what an answer rests on, in a file that can be checked again, offline, against the corpus.

A receipt holds the answer as JSON, the hash of every document it cites, and the generation and version that made it.
Checking it needs the documents only: no index, no model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from pathlib import Path
from typing import Any

from nkqa import __version__
from nkqa.errors import NkqaError
from nkqa.types import Document

FORMAT = 1
# A line at least this similar is the cited one, changed.
_ALIKE = 0.6
_SHOWN = 160
# Each level of brackets is a call; no formula of nkqa has more than one.
_MAX_BRACKETS = 50
_MARK = re.compile(r"\[(\d{1,4})\](?!\()")


class ReceiptError(NkqaError):
    """A file is no receipt."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was proved again, or not: what it was and what was found."""

    what: str
    passed: bool
    detail: str


def make_receipt(
    answer: Mapping[str, Any],
    documents: Sequence[Document],
    history: Sequence[str] | None = None,
    as_of: int | None = None,
) -> dict[str, Any]:
    """Return the receipt of an answer, given as its JSON; `documents` are those of the index that answered.

    `history` and `as_of` are what the question was asked with: with them it can be asked again.
    """
    cited = {citation["document_id"] for citation in _citations(answer)}
    used = [document for document in documents if document.id in cited]
    texts = {document.id: document.text for document in used}
    return {
        "receipt": FORMAT,
        "nkqa": __version__,
        "generation": answer["generation"],
        "history": list(history or ()),
        "as_of": as_of,
        "documents": [{"id": one.id, "name": one.name, "title": one.title, "sha256": one.sha256} for one in used],
        "lines": [_line(texts[place["document_id"]], place["start_char_index"]) for place in _citations(answer)],
        "answer": dict(answer),
    }


def read_receipt(path: Path) -> dict[str, Any]:
    """Read a receipt, or the bare JSON of an answer; raises ReceiptError where the file is neither."""
    remedy = "Give a file written by `nkqa ask --receipt FILE` or `nkqa ask --json`."
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ReceiptError(f"{path} cannot be read as a receipt: {error}.", remedy) from error
    receipt = content if isinstance(content, dict) and "answer" in content else {"answer": content}
    if not _is_receipt(receipt):
        raise ReceiptError(f"{path} is no receipt.", remedy)
    return receipt


def verify_receipt(receipt: Mapping[str, Any], documents: Sequence[Document]) -> tuple[Check, ...]:
    """Prove every citation, cell and computation of a receipt again from the documents as they are now."""
    answer = receipt["answer"]
    named = {entry["id"]: entry for entry in receipt.get("documents", [])}
    lines = receipt.get("lines", [])
    checks: list[Check] = []
    for place, citation in enumerate(_citations(answer)):
        document = _find(citation["document_id"], named, documents)
        line = lines[place] if place < len(lines) else None
        checks += _check_citation(citation, document, line)
    checks += _check_hashes(named, documents)
    checks += _check_marks(answer)
    if computation := answer.get("computation"):
        checks += _check_computation(computation, answer.get("citations", []))
    return tuple(checks)


# --------------------------------------------------------------------------------------------------- the citations


def _citations(answer: Mapping[str, Any]) -> list[Any]:
    return [*answer.get("citations", ()), *answer.get("closest", ())]


def _is_receipt(receipt: Mapping[str, Any]) -> bool:
    """Tell whether a receipt has the form that it is checked by; anything may stand in a file."""
    answer = receipt["answer"]
    if not isinstance(answer, dict) or not isinstance(answer.get("closest", []), list):
        return False
    computation = answer.get("computation") or {"operands": []}
    return (
        isinstance(computation, dict)
        and _are(answer.get("citations"), number=int, cited_text=str, **_PLACE)
        and _are(answer.get("closest", []), number=int, cited_text=str, **_PLACE)
        and all(
            _are(citation.get("cells", []), row=str, column=str, value=str, start=int, end=int)
            for citation in _citations(answer)
        )
        and _are(computation.get("operands"), label=str, value=str, citation=int)
        and _are(receipt.get("documents", []), id=str, name=str, sha256=str)
        and isinstance(receipt.get("lines", []), list)
    )


_PLACE = {"document_id": str, "start_char_index": int, "end_char_index": int}


def _are(values: Any, **kinds: type) -> bool:
    """Tell whether a value is a list of objects with these fields."""
    return isinstance(values, list) and all(
        isinstance(value, dict) and all(isinstance(value.get(name), kind) for name, kind in kinds.items())
        for value in values
    )


def _find(doc_id: str, named: Mapping[str, Any], documents: Sequence[Document]) -> Document | None:
    """Return a document by its id, or, where it has changed since, by its name."""
    by_id = {document.id: document for document in documents}
    name = named.get(doc_id, {}).get("name")
    by_name = next((document for document in documents if document.name == name), None)
    # A bare answer names no files: with one document there is no doubt.
    return by_id.get(doc_id) or by_name or (documents[0] if not named and len(documents) == 1 else None)


def _check_citation(citation: Mapping[str, Any], document: Document | None, line: int | None) -> Iterator[Check]:
    what = f"citation [{citation['number']}]"
    if document is None:
        yield Check(what, False, f"its document {citation['document_id']} is not in the corpus")
        return
    start, end, cited = citation["start_char_index"], citation["end_char_index"], citation["cited_text"]
    where = f"{document.name}, characters {start}–{end}"
    if cited and 0 <= start <= end and document.text[start:end] == cited:
        yield Check(what, True, f"{where} (line {_line(document.text, start)})")
    else:
        yield Check(what, False, f"{where}: {_what_changed(cited, document.text, line)}")
    for cell in citation.get("cells", []):
        value = document.text[cell["start"] : cell["end"]]
        name = f"{what}, cell {cell['row']} / {cell['column']}"
        inside = start <= cell["start"] and cell["end"] <= end
        if value == cell["value"] and inside:
            yield Check(name, True, f"“{value}” at characters {cell['start']}–{cell['end']}")
        else:
            yield Check(name, False, f"“{cell['value']}” was cited, the text there is “{_short(value)}”")


def _what_changed(cited: str, text: str, line: int | None) -> str:
    """Say where the cited text stands now, or which line of the text took its place."""
    if cited and (place := text.find(cited)) >= 0:
        return f"the text has moved to characters {place}–{place + len(cited)}, line {_line(text, place)}"
    first = cited.splitlines()[0] if cited.splitlines() else cited
    lines = text.splitlines()
    was = f"line {line} when it was cited, " if line else ""
    ratio, number = max(((_likeness(first, entry), n) for n, entry in enumerate(lines, 1)), default=(0.0, 0))
    if ratio < _ALIKE:
        return f"the cited text is gone ({was}“{_short(cited)}”)"
    return f"line {number} has changed ({was}now “{_short(_part_like(first, lines[number - 1]))}”)"


def _likeness(cited: str, line: str) -> float:
    """Return how much of a cited text a line holds, from 0 to 1; a line is much longer than a sentence of it."""
    words = cited.split()
    if not words or not line:
        return 0.0
    matcher = SequenceMatcher(None, words, line.split(), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(words)


def _part_like(cited: str, line: str) -> str:
    """Return the stretch of a line that stands where a cited text stood."""
    blocks = SequenceMatcher(None, cited, line, autojunk=False).get_matching_blocks()
    sized = [block for block in blocks if block.size > 3]
    return line[sized[0].b : sized[-1].b + sized[-1].size] if sized else line


def _check_hashes(named: Mapping[str, Any], documents: Sequence[Document]) -> Iterator[Check]:
    for entry in named.values():
        now = next((document for document in documents if document.name == entry["name"]), None)
        if now is not None and now.sha256 != entry["sha256"]:
            # Told, not held against the answer: what it cites is checked on its own.
            yield Check(
                f"document {entry['name']}", True, "the file has changed since; the cited parts are checked alone"
            )
        elif now is not None:
            yield Check(f"document {entry['name']}", True, f"SHA-256 {now.sha256[:12]}… is the same")


def _check_marks(answer: Mapping[str, Any]) -> Iterator[Check]:
    numbers = {citation["number"] for citation in answer.get("citations", [])}
    used = {int(mark) for mark in _MARK.findall(str(answer.get("text", "")))}
    if answer.get("status") == "answered":
        missing = sorted(used - numbers)
        detail = f"[{missing[0]}] is no citation" if missing else f"{len(used)} marks, each with its citation"
        yield Check("marks in the text", not missing and bool(used), detail)


# -------------------------------------------------------------------------------------------------- the arithmetic


def _check_computation(computation: Mapping[str, Any], citations: Sequence[Mapping[str, Any]]) -> Iterator[Check]:
    by_number = {citation["number"]: citation for citation in citations}
    for operand in computation.get("operands", []):
        citation = by_number.get(operand["citation"], {})
        values = [cell["value"] for cell in citation.get("cells", [])] or [citation.get("cited_text", "")]
        known = operand["value"] in values or operand["value"] in citation.get("cited_text", "")
        detail = f"{operand['value']} is in citation [{operand['citation']}]"
        yield Check(f"operand {operand['label']}", known, detail if known else f"{detail.replace(' is ', ' is not ')}")
    formula = str(computation.get("formula", ""))
    operands = [read_number(operand["value"]) for operand in computation.get("operands", [])]
    yield _check_formula(formula, [operand for operand in operands if operand is not None])


def _check_formula(formula: str, operands: Sequence[Fraction]) -> Check:
    left, equals, right = formula.rpartition("=")
    try:
        value = evaluate(left) if equals else None
    except ZeroDivisionError:
        return Check("formula", False, f"{formula}: it divides by zero")
    result = read_number(right) if equals else None
    if value is None or result is None:
        return Check("formula", True, f"“{formula}” is no arithmetic; its operands were checked")
    if "%" in right and "%" not in left:
        value *= 100
    allowed = {*operands, sum(operands, Fraction(0)), Fraction(len(operands)), Fraction(100)}
    strange = [number for number in _numbers(left) if operands and not any(_same(number, one) for one in allowed)]
    if strange:
        return Check("formula", False, f"{formula}: {float(strange[0]):,g} is not among the operands")
    exact = abs(value - result) <= _rounding(right)
    found = f"{formula}" if exact else f"{formula}: the result is {float(value):,.6g}"
    return Check("formula", exact, found)


def _same(number: Fraction, other: Fraction) -> bool:
    """Compare a number as shown with an exact one: sums are shown with one decimal."""
    return abs(number - other) <= Fraction(1, 20)


def _rounding(written: str) -> Fraction:
    """Return half a unit of the last decimal that a result is written with."""
    decimals = re.search(r"\.(\d+)", written)
    return (
        Fraction(1, 2 * 10 ** (len(decimals[1]) if decimals else 0)) if decimals or "%" in written else Fraction(1, 2)
    )


_NUMBER = re.compile(r"[$€£¥₩~]?\s?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?%?")
_TOKEN = re.compile(rf"\s*(?:(?P<number>{_NUMBER.pattern})|(?P<sign>[-+−–×·*÷/()]))\s*")
_OPERATORS = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/"}


def read_number(text: str) -> Fraction | None:
    """Return the first number of a text; a minus directly before it counts."""
    found = _NUMBER.search(text)
    if not found:
        return None
    negative = text[: found.start()].rstrip().endswith(("-", "−"))
    return Fraction(found[1].replace(",", "")) * (-1 if negative else 1)


def _numbers(text: str) -> list[Fraction]:
    return [Fraction(found[1].replace(",", "")) for found in _NUMBER.finditer(text)]


def evaluate(text: str) -> Fraction | None:
    """Return the value of a sum as written, exactly; None where it is no plain arithmetic of + − × ÷ and brackets."""
    if text.count("(") > _MAX_BRACKETS:
        return None
    tokens: list[str | Fraction] = []
    place = 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        if not found:
            return None
        number = found["number"]
        tokens.append(_numbers(number)[0] if number else _OPERATORS.get(found["sign"], found["sign"]))
        place = found.end()
    value, rest = _sum(tokens)
    return value if not rest else None


def _sum(tokens: list[str | Fraction]) -> tuple[Fraction | None, list[str | Fraction]]:
    value, tokens = _product(tokens)
    while value is not None and tokens and tokens[0] in ("+", "-"):
        sign, (other, tokens) = tokens[0], _product(tokens[1:])
        value = None if other is None else value + other if sign == "+" else value - other
    return value, tokens


def _product(tokens: list[str | Fraction]) -> tuple[Fraction | None, list[str | Fraction]]:
    value, tokens = _factor(tokens)
    while value is not None and tokens and tokens[0] in ("*", "/"):
        sign, (other, tokens) = tokens[0], _factor(tokens[1:])
        value = None if other is None else value * other if sign == "*" else value / other
    return value, tokens


def _factor(tokens: list[str | Fraction]) -> tuple[Fraction | None, list[str | Fraction]]:
    if not tokens:
        return None, tokens
    first = tokens[0]
    if isinstance(first, Fraction):
        return first, tokens[1:]
    if first == "-":
        value, rest = _factor(tokens[1:])
        return (None if value is None else -value), rest
    if first == "(":
        value, rest = _sum(tokens[1:])
        return (value, rest[1:]) if rest and rest[0] == ")" else (None, rest)
    return None, tokens


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"

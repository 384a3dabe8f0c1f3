"""Sentences against the table they speak of: a count or share of a year next to the cell of that year.

A sentence is compared where it names a year of the table and speaks of what the table is about: it holds half of the
caption's words, with the sentence before it and the headings above it. In any other sentence a large number that is
the cell to the digit still counts as agreeing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nkqa.build.audit.finding import MAX_SENTENCE_CHARS, fault, passed, say, shorten
from nkqa.build.audit.grid import Grid, Series, series_of
from nkqa.text.labels import names
from nkqa.text.numbers import bounds
from nkqa.text.terms import terms
from nkqa.text.values import Value, find_values
from nkqa.types import AnswerType, AuditFinding, Document, Fact, Severity, Span

# Further apart, two numbers measure different things rather than contradict each other.
NEAR = 0.25
NEAR_POINTS = 10.0
_ABOUT = 0.5
# From here on a number that equals a cell does so by no accident.
_LARGE = 100
_PRONOUN = re.compile(r"\b(?:they|them|their|these|those|it)\b", re.IGNORECASE)
# A year that is not the whole year, or the edge of a longer time.
_PART = re.compile(
    r"(?:\b(?:half|quarter|end|part|months?|beginning|start) of|\b(?:since|before|after|until|till|between|"
    r"Jan\w*|Feb\w*|March|April|May|June|July|Aug\w*|Sep\w*|Oct\w*|Nov\w*|Dec\w*)|\bfrom\b[^.;]{0,40}\bto|[–-])\s*\Z",
    re.IGNORECASE,
)
_IN_YEAR = re.compile(r"[\s\w]{0,14}?\b(?:in|of|for|during)\s+\Z")
_HEDGE = re.compile(r"\b(?:about|around|roughly|approximately|nearly|almost|some|over|more than|less than)\s+\Z", re.I)
# A number of these is a measure of something, not a count.
_MEASURE = re.compile(
    r"[\s-](?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|miles?|feet|foot|inch(?:es)?|knots?|degrees?|"
    r"(?:kilo|centi|milli)?met(?:re|er)s?|km|cm|mm|kg|tons?|tonnes?|lit(?:re|er)s?|nautical|square|cubic)\b",
    re.IGNORECASE,
)
_SHARE_COUNT = re.compile(r"[^()]{0,60}\(\s*\Z")


@dataclass(frozen=True, slots=True)
class _Stated:
    """A figure of a sentence with the year it is said of."""

    value: Value
    number: float
    year: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence next to a table: the lines of the table that it names, and whether it is `about` what the table is."""

    document: Document
    span: Span
    named: tuple[Series, ...]
    total: Series | None
    about: bool


def check_prose(grid: Grid) -> tuple[AuditFinding, ...]:
    """Compare the sentences of the table's document with its cells."""
    series = series_of(grid)
    if not series:
        return ()
    found: list[AuditFinding] = []
    agreeing: list[Span] = []
    for place in _places(grid, series):
        stated = tuple(_figures(place, series))
        for figure in stated:
            result = _judge(grid, place, figure, stated) if place.about else _is_cell(place, figure)
            if isinstance(result, AuditFinding):
                found.append(result)
            elif result:
                agreeing.append(figure.value.span)
    if agreeing:
        agree = "1 figure of the prose agrees" if len(agreeing) == 1 else f"{len(agreeing)} figures of the prose agree"
        found.append(passed("prose_table", grid.document, f"Table {grid.name}: {agree} with it.", *agreeing))
    return tuple(found)


def _places(grid: Grid, series: Sequence[Series]) -> Iterator[_Place]:
    document = grid.document
    topic = frozenset(terms(grid.name))
    total = next((line for line in series if line.total), None)
    for block in document.blocks:
        before = ""
        for sentence in block.sentences:
            text = sentence.span.of(document.text)
            if len(text) > MAX_SENTENCE_CHARS:
                continue
            around = frozenset(terms(" ".join((before, text, *document.path_of(block.section)))))
            about = len(topic & around) >= _ABOUT * len(topic)
            yield _Place(document, sentence.span, _named(text, before, series), total, about)
            before = text


def _named(text: str, before: str, series: Sequence[Series]) -> tuple[Series, ...]:
    """Return the parts that a sentence names, or that its pronoun may stand for in the sentence before."""
    parts = [line for line in series if not line.total]
    for source in (text, before if _PRONOUN.search(text) else ""):
        asked = frozenset(terms(source))
        if named := tuple(line for line in parts if names(asked, line.label) or _agent(asked, line.label)):
            return named
    return ()


def _agent(asked: frozenset[str], label: str) -> bool:
    """Tell whether a text names a label as an agent noun: "steamers" for "Steam"."""
    wanted = terms(label)
    return bool(wanted) and all(f"{term}er" in asked or term in asked for term in wanted)


def _figures(place: _Place, series: Sequence[Series]) -> Iterator[_Stated]:
    """Yield the figures of a sentence, each with its year: "... 2,914 in 2009", else the last year named before it."""
    text = place.document.text
    known = {year for line in series for year in line.by_year}
    values = find_values(text, place.span)
    years = [value for value in values if value.type is AnswerType.YEAR]
    for value in values:
        if value.type not in {AnswerType.NUMBER, AnswerType.PERCENT} or _MEASURE.match(text, value.span.end):
            continue
        numbers = bounds(value.span.of(text))
        year = _year_of(text, value, years)
        if numbers is None or numbers[0] != numbers[1] or year is None:
            continue
        written = year.span.of(text)
        if written.isdigit() and int(written) in known and not _PART.search(text[place.span.start : year.span.start]):
            yield _Stated(value, numbers[0], int(written))


def _year_of(text: str, value: Value, years: Sequence[Value]) -> Value | None:
    after = [year for year in years if year.span.start >= value.span.end]
    before = [year for year in years if year.span.end <= value.span.start]
    if after and _IN_YEAR.fullmatch(text[value.span.end : after[0].span.start]):
        return after[0]
    return before[-1] if before else (after[0] if after else None)


def _judge(grid: Grid, place: _Place, figure: _Stated, all_figures: Sequence[_Stated]) -> AuditFinding | bool:
    """Return what is wrong with a figure, True where it agrees with the table, False where they do not compare."""
    total = place.total.by_year.get(figure.year) if place.total else None
    parts = [(line.label, line.by_year[figure.year]) for line in place.named if figure.year in line.by_year]
    if figure.value.type is AnswerType.PERCENT:
        return _judge_share(grid, place, figure, parts[0] if len(parts) == 1 else None, total)
    if len(parts) == 1 and total:
        share = _share_before(place.document.text, figure, all_figures)
        if share:
            return _judge_count_of_share(grid, place, figure, parts[0], total)
    return _judge_count(grid, place, figure, [*parts, *([("total", total)] if total else [])])


def _is_cell(place: _Place, figure: _Stated) -> bool:
    """Tell whether a large number is the total, or the part that the sentence names, to the digit."""
    if figure.value.type is not AnswerType.NUMBER or figure.number < _LARGE:
        return False
    lines = (*place.named, place.total) if place.total else place.named
    cells = [line.by_year.get(figure.year) for line in lines]
    return any(cell is not None and cell.low == figure.number for cell in cells)


def _share_before(text: str, figure: _Stated, all_figures: Sequence[_Stated]) -> _Stated | None:
    """Return the percentage that a number in brackets counts: the 56% of "56% of ... (1,138 people)"."""
    for share in all_figures:
        if share.value.type is AnswerType.PERCENT and share.value.span.end <= figure.value.span.start:
            between = text[share.value.span.end : figure.value.span.start]
            if _SHARE_COUNT.fullmatch(between):
                return share
    return None


def _judge_share(
    grid: Grid, place: _Place, figure: _Stated, part: tuple[str, Fact] | None, total: Fact | None
) -> AuditFinding | bool:
    if part is None or total is None or not total.low or part[1].low is None:
        return False
    share = 100 * part[1].low / total.low
    written = figure.value.span.of(place.document.text)
    decimals = len(re.search(r"\.(\d+)", written)[1]) if re.search(r"\.\d", written) else 0  # type: ignore[index]
    gap = abs(share - figure.number)
    if gap <= 0.5 * 10**-decimals + 1e-9:
        return True
    if gap > NEAR_POINTS:
        return False
    message = _message(
        grid, place, figure, f"gives {part[1].value} of {total.value} ({part[0]}), which is {share:.{decimals + 1}f} %"
    )
    return fault("prose_table", Severity.WARNING, grid.document, message, figure.value.span, part[1].span, total.span)


def _judge_count_of_share(
    grid: Grid, place: _Place, figure: _Stated, part: tuple[str, Fact], total: Fact
) -> AuditFinding | bool:
    label, cell = part
    if cell.low == figure.number:
        return True
    near_total = total.low and abs(figure.number - total.low) <= NEAR * total.low
    if not near_total and not (cell.low and abs(figure.number - cell.low) <= NEAR * cell.low):
        return False
    verdict = f"gives {cell.value} of {total.value} ({label})"
    if figure.number == total.low:
        verdict += "; the number in the prose is the total of that year, not the share"
    message = _message(grid, place, figure, verdict)
    return fault("prose_table", Severity.ERROR, grid.document, message, figure.value.span, cell.span, total.span)


def _judge_count(
    grid: Grid, place: _Place, figure: _Stated, candidates: Sequence[tuple[str, Fact]]
) -> AuditFinding | bool:
    text = place.document.text
    cells = [(label, cell, cell.low) for label, cell in candidates if cell.low]
    if any(number == figure.number for _, _, number in cells):
        return True
    near = [(abs(figure.number - number) / number, label, cell, number) for label, cell, number in cells]
    near = sorted((entry for entry in near if entry[0] <= NEAR), key=lambda entry: entry[0])
    if not near:
        return False
    _, label, cell, number = near[0]
    hedged = _HEDGE.search(text[place.span.start : figure.value.span.start])
    if hedged and _rounds_to(number, figure.number):
        return True
    verdict = f"gives {cell.value} ({label})"
    if _rounds_to(number, figure.number):
        verdict += "; the prose may have rounded it without saying so"
    message = _message(grid, place, figure, verdict)
    return fault("prose_table", Severity.WARNING, grid.document, message, figure.value.span, cell.span)


def _rounds_to(number: float, rounded: float) -> bool:
    """Tell whether a round number is the other one rounded: 1,350 is 1,348, and 1,300 is 1,310."""
    if rounded != int(rounded) or not rounded:
        return False
    digits = str(int(rounded))
    zeros = len(digits) - len(digits.rstrip("0"))
    return zeros > 0 and round(number, -zeros) == rounded


def _message(grid: Grid, place: _Place, figure: _Stated, verdict: str) -> str:
    text = place.document.text
    written = figure.value.span.of(text)
    number = written if written.endswith("%") else say(figure.number)
    return f"{figure.year}: the prose says {number}, table {grid.name} {verdict}. “{shorten(place.span.of(text))}”"

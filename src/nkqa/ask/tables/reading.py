"""Question → what is asked of a table: operation, series, years and bound, each from its own words.

A question is read as one about a table only when every word of it is understood: a label or a word for it, a time, a
word of an operation, or a filler. A word that is left over may change what is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nkqa.ask.tables import grammar
from nkqa.ask.tables.grammar import Operation
from nkqa.ask.tables.grid import Grid, Series, year_of
from nkqa.text.labels import is_total, knows, names, synonyms
from nkqa.text.numbers import read_numbers
from nkqa.text.places import name_countries
from nkqa.text.terms import terms
from nkqa.text.values import years
from nkqa.types import Kind, Query


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bound that entries must pass: above or below a number; `inclusive` for "at least" and "at most"."""

    above: bool
    number: float
    inclusive: bool


@dataclass(frozen=True, slots=True)
class TableQuestion:
    """A question read against one table. `years` are those named, in order; () where none is.

    `span` is the range of years asked about (None on a side: open); `rank` counts from 1; `of_share` asks for the
    share of a series in the total rather than for its numbers; `asks_label` asks for the year or entry, not the number.
    `upward` asks whether something is more (else less), `over_time` whether it became so; `compares` for both sides,
    `latest` for the newest entry.
    """

    operation: Operation
    grid: Grid
    series: tuple[Series, ...]
    years: tuple[int, ...]
    span: tuple[int | None, int | None] | None
    threshold: Threshold | None
    entries: tuple[str, ...]
    rank: int
    of_share: bool
    asks_label: bool
    upward: bool
    over_time: bool
    compares: bool
    latest: bool
    wants_total: bool
    wants_period: bool


def read_table_question(query: Query, grids: tuple[Grid, ...]) -> TableQuestion | None:
    """Return the question as one about the table that understands it, or None where no table does, or several do."""
    if query.kind is Kind.WHY_HOW and not grammar.HOW_CHANGED.search(query.text):
        return None
    asked = frozenset(terms(name_countries(query.text)))
    # Every word must be known to the table or to the grammar of questions about tables.
    words = [term for term in asked if not term[0].isdigit() and term not in grammar.FILLERS]
    fitting = (grid for grid in grids if all(knows(grid.vocabulary, term) for term in words))
    candidates = [reading for grid in fitting if (reading := _read(query, asked, grid))]
    return candidates[0] if len(candidates) == 1 else None


def _read(query: Query, asked: frozenset[str], grid: Grid) -> TableQuestion | None:
    text = query.text
    span = _span(text)
    named = () if span else _years_asked(query, grid)
    operation, asks_year = _operation(text, named)
    upward = bool(grammar.UPWARD.search(text))
    if query.kind is Kind.YES_NO and operation is not Operation.VERIFY:
        if not upward and not grammar.DOWNWARD.search(text):
            return None
        operation = Operation.COMPARE
    series = _series_asked(text, asked, grid)
    entries = _entries_asked(asked, grid)
    wants_total = bool(grammar.TOTAL_COLUMN.search(text))
    computed = operation is not Operation.LOOK_UP
    if query.kind is Kind.DEFINITION and not computed and not named:
        return None
    on_topic = bool(named or span or series or wants_total or computed or entries)
    if not on_topic or not (computed or grammar.ASKS_NUMBER.search(text) or (named and series)):
        return None
    return TableQuestion(
        operation=operation,
        grid=grid,
        series=series or _default_series(grid),
        years=named,
        span=span,
        threshold=_threshold(text),
        entries=entries,
        rank=next((grammar.ORDINALS[w] for w in re.findall(r"\w+", text.lower()) if w in grammar.ORDINALS), 1),
        of_share=bool(grammar.ASKS_SHARE.search(text)),
        asks_label=asks_year or bool(re.search(rf"\b(?:which|what) {grid.entry_word}s?\b", text, re.IGNORECASE)),
        upward=upward,
        over_time=bool(grammar.CHANGES.search(text)),
        compares=bool(grammar.COMPARES.search(text)),
        latest=bool(grammar.LATEST.search(text)) and not years(text),
        wants_total=wants_total,
        wants_period=bool(grammar.PERIOD_COLUMN.search(text)),
    )


def _operation(text: str, named: tuple[int, ...]) -> tuple[Operation, bool]:
    """Return the operation, and whether the year or entry is asked for rather than the number."""
    asks_year = bool(grammar.ASKS_YEAR.search(text))
    if _threshold(text) and (bounded := _bounded(text, asks_year)):
        return bounded
    for operation, pattern in grammar.OPERATIONS:
        if pattern.search(text) and not (operation is Operation.SUM and len(named) < 2 and not _span(text)):
            return operation, asks_year
    if grammar.ASKS_SHARE.search(text):
        return Operation.SHARE, asks_year
    span = _span(text)
    several = len(named) > 1 or bool(span and all(span))
    if grammar.HOW_CHANGED.search(text):
        return (Operation.CHANGE if several else Operation.TREND), False
    if several and not asks_year and re.search(r"\btotal\b", text, re.IGNORECASE):
        return Operation.SUM, False
    return Operation.LOOK_UP, asks_year


def _bounded(text: str, asks_year: bool) -> tuple[Operation, bool] | None:
    """Return what is asked about the entries above or below a bound."""
    if grammar.FIRST.search(text):
        return Operation.FIRST, True
    if grammar.LAST.search(text):
        return Operation.LAST, True
    if grammar.COUNTS_YEARS.search(text):
        return Operation.COUNT, False
    return (Operation.WHICH, True) if asks_year else None


def _series_asked(text: str, asked: frozenset[str], grid: Grid) -> tuple[Series, ...]:
    """Return the series that a question names; the total only where nothing else is named, or both are compared."""
    found = [series for series in grid.series if names(asked, series.label)]
    # In the order in which the question names them: "the ratio of women to men".
    said = [synonym for term in terms(text) for synonym in sorted(synonyms(term))]
    found.sort(key=lambda series: min((said.index(t) for t in terms(series.label) if t in said), default=len(said)))
    others = [series for series in found if not is_total(series.label)]
    return tuple(found if grammar.BOTH.search(text) and not others else others or found)


def _default_series(grid: Grid) -> tuple[Series, ...]:
    if grid.total_series:
        return (grid.total_series,)
    return grid.series if len(grid.series) == 1 else ()


def _entries_asked(asked: frozenset[str], grid: Grid) -> tuple[str, ...]:
    """Return the entries (row labels of a table without years) that a question names."""
    if grid.by_year:
        return ()
    labels = dict.fromkeys(fact.subject for series in grid.series for fact in series.cells)
    return tuple(label for label in labels if names(asked, label))


def _years_asked(query: Query, grid: Grid) -> tuple[int, ...]:
    """Return the years named, a relative one ("the year before") put in its place.

    In a follow-up the years of the new question take the place of those of the question before it.
    """
    text = query.text
    current = query.years
    named = current or years(text)
    known = sorted({year for series in grid.series for fact in series.cells if (year := year_of(fact)) is not None})
    if beside := grammar.NEXT_TO_YEAR.search(text):
        return (int(beside["year"]) + (1 if beside["side"].lower() in ("after", "following") else -1),)
    if grammar.LATEST.search(text) and not named and known and not _threshold(text):
        return (known[-1],)
    step = 1 if grammar.YEAR_AFTER.search(text) else -1 if grammar.YEAR_BEFORE.search(text) else 0
    if named and step:
        moved = named[-1] + step
        return (named[-1], moved) if current else (moved,)
    return tuple(dict.fromkeys(named))


def _span(text: str) -> tuple[int | None, int | None] | None:
    """Return the first and last year of a range, None on a side where it is open; None where there is no range."""
    if grammar.NEXT_TO_YEAR.search(text):
        return None
    if found := grammar.RANGE.search(text):
        ends = [int(year) for year in found.groups() if year]
        return min(ends), max(ends)
    since, after = grammar.SINCE.search(text), grammar.AFTER.search(text)
    before, until = grammar.BEFORE.search(text), grammar.UNTIL.search(text)
    start = int(since[1] or since[2]) if since else int(after[1]) + 1 if after else None
    end = int(before[1]) - 1 if before else int(until[1]) if until else None
    return (start, end) if start or end else None


def _threshold(text: str) -> Threshold | None:
    found = grammar.THRESHOLD.search(text)
    if not found:
        return None
    written, word = found["number"].lower(), found["word"].lower()
    numbers = read_numbers(written)
    number = numbers[0] if numbers else grammar.SCALES[written.split()[-1]]
    if word == "up to" and re.fullmatch(grammar.YEAR, written):
        return None
    above = word.startswith(("above", "over", "more", "greater", "higher", "exceed", "at least", "no fewer"))
    return Threshold(above, number, word.startswith(("at ", "no ", "up to")))

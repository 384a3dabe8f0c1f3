"""A table as a grid of numbers with labelled axes, made from cell facts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from nkqa.store.facts import FactStore
from nkqa.text.labels import is_total, synonyms
from nkqa.text.terms import terms
from nkqa.types import CellRef, Document, Fact, FactKind, Span, Table


@dataclass(frozen=True, slots=True)
class Series:
    """The cells of one row (or one column), total and open periods apart.

    `label` names what is counted, `cells` are those of single years or entries, in the order of the table; `total` is
    the stated total, None where the table has none.
    """

    label: str
    cells: tuple[Fact, ...]
    total: Fact | None
    periods: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One table. `series` run along the years where an axis has years, else along the rows for each column."""

    document: Document
    caption: Span | None
    caption_text: str
    series: tuple[Series, ...]
    by_year: bool
    path: tuple[str, ...]
    vocabulary: frozenset[str]
    entry_word: str

    @property
    def total_series(self) -> Series | None:
        """Return the series that sums the others, None where the table has none."""
        return next((series for series in self.series if is_total(series.label)), None)


def read_grids(store: FactStore, documents: dict[str, Document]) -> tuple[Grid, ...]:
    """Return every table of the index that holds numbers."""
    groups: dict[str, list[Fact]] = {}
    for fact in store.find(FactKind.CELL):
        groups.setdefault(fact.group or "", []).append(fact)
    grids = (_grid(facts, documents[facts[0].doc_id]) for facts in groups.values())
    return tuple(grid for grid in grids if any(series.cells for series in grid.series))


def year_of(fact: Fact) -> int | None:
    """Return the year of a cell, None where its label is no single year."""
    if fact.period is None or fact.period.precision != "year" or fact.period.end is None:
        return None
    return int(fact.period.end[:4])


def entry_label(fact: Fact, grid: Grid) -> str:
    """Return the label of a cell along its series: the year, or the entry that has the measure."""
    if grid.by_year:
        return fact.period.text if fact.period else fact.attribute
    return fact.subject


def number(fact: Fact) -> Fraction:
    """Return the number of a cell exactly; only cells with a number are in a series."""
    assert fact.low is not None  # noqa: S101 (a series holds numbers only)
    return Fraction(str(fact.low))


def cell_ref(fact: Fact) -> CellRef:
    """Return the cell as a citation names it: labels and value as written."""
    return CellRef(fact.subject, fact.attribute, fact.value, fact.span.start, fact.span.end)


def _grid(facts: list[Fact], document: Document) -> Grid:
    table = next(table for table in document.tables if table.span.contains(facts[0].statement))
    years_across = any(_is_time(fact.attribute, fact) for fact in facts)
    years_down = not years_across and any(fact.period and fact.period.precision == "year" for fact in facts)
    # With years across, a series is a row; with years down, or none, a series is a column.
    across = years_across
    keys = dict.fromkeys(fact.subject if across else fact.attribute for fact in facts)
    series = tuple(
        _series(key, [fact for fact in facts if (fact.subject if across else fact.attribute) == key], across)
        for key in keys
    )
    caption = table.caption.of(document.text) if table.caption else ""
    labels = [caption, document.title, *document.path_of(table.section), *(f.subject for f in facts)]
    labels += [fact.attribute for fact in facts] + ([table.corner.of(document.text)] if table.corner else [])
    labels.append(_introduction(document, table))
    known = {term for label in labels for term in terms(label)}
    vocabulary = frozenset(word for term in known for word in synonyms(term))
    path = document.path_of(table.section)
    corner = table.corner.of(document.text) if table.corner else "entry"
    entry_word = "year" if across or years_down else re.escape(corner.split()[-1].lower())
    return Grid(document, table.caption, caption, series, across or years_down, path, vocabulary, entry_word)


def _introduction(document: Document, table: Table) -> str:
    """Return the last sentence before a table in its section: it often says what the numbers are."""
    before = [b for b in document.blocks if b.section == table.section and b.span.end <= table.span.start]
    return before[-1].sentences[-1].span.of(document.text) if before and before[-1].sentences else ""


def _is_time(label: str, fact: Fact) -> bool:
    return fact.period is not None and fact.period.text == label and fact.period.precision in ("year", "years", "open")


def _series(label: str, facts: list[Fact], across: bool) -> Series:
    counted = [fact for fact in facts if fact.low is not None and fact.low == fact.high]
    totals = [fact for fact in counted if is_total(fact.attribute if across else fact.subject)]
    periods = [fact for fact in counted if fact.period and fact.period.precision in ("open", "years")]
    rest = tuple(fact for fact in counted if fact not in totals and fact not in periods)
    return Series(label, rest, totals[0] if totals else None, tuple(periods))

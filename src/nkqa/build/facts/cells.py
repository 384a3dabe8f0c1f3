"""Tables → cell facts: a number, a unit, and what its row and column stand for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from nkqa.store.facts import fact_id
from nkqa.text.labels import is_total, unit_of
from nkqa.text.numbers import bounds
from nkqa.types import Document, Fact, FactKind, Period, Span, Table, TableRow

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_SINGLE_YEAR = re.compile(r"(?:in\s+)?((?:1[5-9]|20)\d\d)\Z", re.IGNORECASE)
_NO_VALUE = re.compile(r"(?:n\.?/?a\.?|none|unknown|not available|[-–—.…?]*)\Z", re.IGNORECASE)
_FOOTNOTE = re.compile(r"(?:\[[\w ]{1,8}\]|[*†‡§]|\([a-z]\))+\Z")
_DOTTED = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3})+(?![\d.])")
_DOTTED_TWICE = re.compile(r"\d\.\d{3}\.\d{3}(?!\d)")
_NUMERIC = re.compile(r"[~<>≈±+−-]?\s?[$€£¥₩]?\s?\d[\d.,'’\u00a0\u202f ]*\s?(?:%|[^\W\d_]{1,12})?\Z")


def cell_facts(document: Document) -> tuple[Fact, ...]:
    """Return a fact for every cell of every table, in the order rows, columns.

    `low` and `high` are None where the cell holds no number ("n/a", a dash, a text).
    """
    return tuple(
        _fact(document, table, row, (row_index, column_index), dots)
        for table in document.tables
        for dots in [uses_dots_for_thousands(cell.of(document.text) for row in table.rows for cell in row.cells)]
        for row_index, row in enumerate(table.rows)
        for column_index in range(len(row.cells))
    )


def table_id(document: Document, table: Table) -> str:
    """Return the id under which the cells of a table are grouped."""
    return hashlib.sha256(f"{document.id}:{table.span.start}:{table.span.end}".encode()).hexdigest()[:12]


def label_period(label: str) -> Period | None:
    """Return the time that a row or column label stands for.

    "2005" is a year. "~1998" or "until 1998" is all time up to then, "1999–2001" a range: periods, not years. "Total"
    has the precision "total". None where the label is no time.
    """
    if is_total(label):
        return Period(label, None, None, "total")
    if single := _SINGLE_YEAR.match(label.strip()):
        return Period(label, f"{single[1]}-01-01", f"{single[1]}-12-31", "year")
    found = _YEAR.findall(label)
    if not found or len(re.sub(r"[\d\W_]", "", label)) > 12:
        return None
    start = f"{found[0]}-01-01" if len(found) > 1 else None
    return Period(label, start, f"{found[-1]}-12-31", "years" if len(found) > 1 else "open")


def uses_dots_for_thousands(values: Iterable[str]) -> bool:
    """Tell whether a table writes 1234567 as "1.234.567": one value shows it, and no value denies it."""
    dotted = [value for value in values if "." in value]
    return any(_DOTTED_TWICE.search(value) for value in dotted) and all(_DOTTED.search(value) for value in dotted)


def cell_bounds(value: str, *, dots: bool = False) -> tuple[float, float] | None:
    """Return the number of a cell, or None where it holds none; footnote marks do not count.

    `dots` says that the table has dots between thousands, so that "2.500" is two thousand five hundred.
    """
    plain = _FOOTNOTE.sub("", value.strip()).strip()
    plain = plain.replace(".", "") if dots else plain
    if _NO_VALUE.match(plain) or not _NUMERIC.match(plain):
        return None
    return bounds(plain)


def _fact(document: Document, table: Table, row: TableRow, position: tuple[int, int], dots: bool) -> Fact:
    text = document.text
    span = row.cells[position[1]]
    subject, attribute = row.label.of(text), table.columns[position[1]].of(text)
    value = span.of(text)
    numbers = cell_bounds(value, dots=dots)
    low, high = numbers if numbers else (None, None)
    return Fact(
        # The place is part of the id: empty cells of a row share a span.
        id=fact_id(document, FactKind.CELL, span, f"{position}", subject),
        kind=FactKind.CELL,
        subject=subject,
        attribute=attribute,
        value=value,
        low=low,
        high=high,
        unit=unit_of(attribute) or unit_of(subject) or ("%" if value.endswith("%") else None),
        where=None,
        period=label_period(attribute) or label_period(subject),
        claimant=None,
        hedge=None,
        flags=(),
        doc_id=document.id,
        span=Span(span.start, span.end),
        statement=row.span,
        path=document.path_of(table.section),
        group=table_id(document, table),
        position=position,
    )

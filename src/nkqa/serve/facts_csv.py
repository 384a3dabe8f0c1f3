"""Facts as a table for spreadsheets: RFC 4180, with a byte order mark, without which Excel reads UTF-8 as Latin-1."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from nkqa.spreadsheet import safe_cell
from nkqa.types import Document, Fact

MEDIA_TYPE = "text/csv"
COLUMNS = (
    "kind subject attribute value unit where period claimant hedge flags document section start end sentence"
).split()
BYTE_ORDER_MARK = "\ufeff"


def facts_csv(facts: Iterable[tuple[Fact, Document]]) -> str:
    """Return facts, each with its document, as CSV with a header; `start` and `end` are the span of the value."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for fact, document in facts:
        writer.writerow([safe_cell(value) for value in _row(fact, document)])
    return out.getvalue()


def _row(fact: Fact, document: Document) -> tuple[object, ...]:
    return (
        fact.kind.value, fact.subject, fact.attribute, fact.value, fact.unit, fact.where,
        fact.period.text if fact.period else None, fact.claimant, fact.hedge, "; ".join(fact.flags), document.title,
        " › ".join(fact.path), fact.span.start, fact.span.end, fact.statement.of(document.text),
    )  # fmt: skip

"""Structured facts in SQLite: written by the build, read by questions, opened by any SQLite browser.

One table `facts`, a row a fact, and a view for each kind with the names that fit it. docs/facts.md is the description.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from nkqa.store.files import write_synced
from nkqa.types import Document, Fact, FactKind, Period, Span

FACTS_FILE = "facts.sqlite"
_COLUMNS = (
    "id, kind, subject, attribute, value, low, high, unit, place, period, period_start, period_end, precision, "
    "claimant, hedge, flags, doc_id, start_char, end_char, statement_start, statement_end, section, group_id, "
    "row_index, column_index"
)
_SCHEMA = f"""
CREATE TABLE facts ({_COLUMNS.replace("id, kind", "id TEXT PRIMARY KEY, kind TEXT NOT NULL", 1)});
CREATE INDEX facts_kind ON facts (kind, group_id, row_index, column_index);
CREATE VIEW cells AS SELECT id, doc_id, group_id AS table_id, row_index, column_index, subject AS row_label,
    attribute AS column_label, value, low AS number, unit, period, precision, flags, start_char, end_char, section
    FROM facts WHERE kind = 'cell';
CREATE VIEW quantities AS SELECT id, doc_id, subject AS counted, attribute AS population, value, low, high, unit,
    place, period, period_start, period_end, claimant, hedge, flags, start_char, end_char, section
    FROM facts WHERE kind = 'quantity';
CREATE VIEW events AS SELECT id, doc_id, period AS date, period_start, period_end, place, subject AS who,
    value AS count, attribute AS outcome, flags, statement_start, statement_end, section
    FROM facts WHERE kind = 'event';
CREATE VIEW definitions AS SELECT id, doc_id, subject AS term, attribute AS relation, value AS meaning, flags,
    start_char, end_char, section FROM facts WHERE kind = 'definition';
CREATE VIEW list_items AS SELECT id, doc_id, group_id AS list_id, row_index AS item, subject AS title, attribute, value,
    start_char, end_char, section FROM facts WHERE kind = 'list_item';
CREATE VIEW relations AS SELECT id, doc_id, subject, attribute AS relation, value AS object, period, flags, start_char,
    end_char, section FROM facts WHERE kind = 'relation';
"""  # noqa: S608 (no value of a user is in it)


def fact_id(document: Document, kind: FactKind, span: Span, subject: str, attribute: str) -> str:
    """Return the stable id of a fact."""
    key = f"{document.id}:{kind}:{span.start}:{span.end}:{subject}:{attribute}"
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def write_facts(folder: Path, facts: Iterable[Fact]) -> None:
    """Write all facts; two with the same id are an error of an extractor and refused by the database.

    Made in memory: so the file is written like all others, by one function, and is whole or not there.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        with connection:
            connection.executescript(_SCHEMA)
            marks = ", ".join("?" * len(_COLUMNS.split(",")))
            connection.executemany(f"INSERT INTO facts VALUES ({marks})", (_to_row(fact) for fact in facts))  # noqa: S608
        write_synced(folder / FACTS_FILE, connection.serialize())


class FactStore:
    """Reads facts. Thread-safe: SQLite serialises the calls."""

    def __init__(self, folder: Path) -> None:
        uri = f"{(folder / FACTS_FILE).absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._connection.execute("SELECT count(*) FROM facts").fetchone()

    def find(self, kind: FactKind | None = None, group: str | None = None, doc_id: str | None = None) -> list[Fact]:
        """Return the facts of a kind, a table or list, a document; None does not restrict. In order of the corpus."""
        conditions = [("kind", kind), ("group_id", group), ("doc_id", doc_id)]
        given = [(column, str(value)) for column, value in conditions if value is not None]
        where = " AND ".join(f"{column} = ?" for column, _ in given) or "1"
        query = f"SELECT {_COLUMNS} FROM facts WHERE {where} ORDER BY rowid"  # noqa: S608 (names of this module only)
        rows = self._connection.execute(query, [value for _, value in given]).fetchall()
        return [_from_row(row) for row in rows]

    def get(self, identity: str) -> Fact | None:
        """Return a fact by its id, None where there is none."""
        query = f"SELECT {_COLUMNS} FROM facts WHERE id = ?"  # noqa: S608 (as above)
        row = self._connection.execute(query, (identity,)).fetchone()
        return _from_row(row) if row else None

    def count(self) -> int:
        """Return how many facts there are."""
        return int(self._connection.execute("SELECT count(*) FROM facts").fetchone()[0])

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT over the views and `facts`."""
        return self._connection.execute(sql, parameters).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _to_row(fact: Fact) -> tuple[object, ...]:
    period = fact.period or Period("", None, None, "")
    row, column = fact.position or (None, None)
    return (
        fact.id, fact.kind.value, fact.subject, fact.attribute, fact.value, fact.low, fact.high, fact.unit, fact.where,
        period.text or None, period.start, period.end, period.precision or None, fact.claimant, fact.hedge,
        json.dumps(fact.flags, ensure_ascii=False), fact.doc_id, fact.span.start, fact.span.end, fact.statement.start,
        fact.statement.end, json.dumps(fact.path, ensure_ascii=False), fact.group, row, column,
    )  # fmt: skip


def _from_row(row: tuple[Any, ...]) -> Fact:
    (
        identity, kind, subject, attribute, value, low, high, unit, place, period, period_start, period_end, precision,
        claimant, hedge, flags, doc_id, start, end, statement_start, statement_end, section, group, row_index, column,
    ) = row  # fmt: skip
    return Fact(
        id=identity,
        kind=FactKind(kind),
        subject=subject,
        attribute=attribute,
        value=value,
        low=low,
        high=high,
        unit=unit,
        where=place,
        period=Period(period, period_start, period_end, precision) if period else None,
        claimant=claimant,
        hedge=hedge,
        flags=tuple(json.loads(flags)),
        doc_id=doc_id,
        span=Span(start, end),
        statement=Span(statement_start, statement_end),
        path=tuple(json.loads(section)),
        group=group,
        position=None if row_index is None else (row_index, column),
    )

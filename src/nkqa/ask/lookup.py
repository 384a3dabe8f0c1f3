"""Query → a table cell, where the question names exactly one column and one row of a table that retrieval found.

Arithmetic, lists and estimates need the fact store; a question that names several columns is not answered from here.
"""

from __future__ import annotations

import re

from nkqa.text.terms import stem, tokens
from nkqa.types import AnswerType, CellRef, Document, Evidence, Hit, PassageKind, Query, Table

# Words that people use for a row label other than its own; groups of words for the same thing, by stem.
_SAME = tuple(
    frozenset(stem(word) for word in group.split())
    for group in (
        "male males man men guy guys boy boys masculine",
        "female females woman women girl girls lady ladies feminine",
        "total totals altogether overall together sum all both everyone everybody whole combined",
    )
)
_TOTAL = _SAME[2]
# A question about more than one cell, or about what a cell does not say.
_COMPUTED = re.compile(
    r"\b(?:average|mean|per ?cent\w*|percentage|share|proportion|ratio|rate|difference|gap|more|fewer|less|change|growth|"
    r"increase|decrease|grow|grew|fell|fall|compared|than|add|sum of|highest|lowest|most|least|largest|smallest|peak|"
    r"which year|what years?|which years|in what year|trend|rank|since|before|after|between|from .* to|until)\b|%",
    re.IGNORECASE,
)


def look_up(query: Query, hits: tuple[Hit, ...], documents: dict[str, Document]) -> tuple[Evidence, ...]:
    """Return the one cell that a question names, or () where it names none or more than one."""
    if query.answer_type not in (AnswerType.NUMBER, AnswerType.ANY) or _COMPUTED.search(query.text):
        return ()
    asked = [token.word for token in tokens(query.text)]
    for hit in hits:
        if hit.passage.kind is PassageKind.TABLE_ROW:
            document = documents[hit.passage.doc_id]
            table = next(table for table in document.tables if table.span.contains(hit.passage.span))
            return _cell(asked, document, table, hit)
    return ()


def _cell(asked: list[str], document: Document, table: Table, hit: Hit) -> tuple[Evidence, ...]:
    text = document.text
    columns = [place for place, column in enumerate(table.columns) if _names(asked, column.of(text))]
    rows = [row for row in table.rows if _names(asked, row.label.of(text))]
    if len(rows) > 1:  # "how many women in total": the word for the total is not the row that is asked for
        rows = [row for row in rows if not _is_total(row.label.of(text))]
    if len(columns) != 1 or len(rows) != 1:
        return ()
    (column,), (row,) = columns, rows
    value = row.cells[column]
    cell = CellRef(row.label.of(text), table.columns[column].of(text), value.of(text), value.start, value.end)
    return (
        Evidence(document.id, row.span, document.path_of(table.section), (), hit.score, short=value, cells=(cell,)),
    )


def _names(asked: list[str], label: str) -> bool:
    """Tell whether a question holds every content word of a label, or another word for it."""
    wanted = [token.word for token in tokens(label)]
    stems = {stem(word) for word in asked}
    return bool(wanted) and all(_synonyms(stem(word)) & stems for word in wanted)


def _synonyms(word: str) -> frozenset[str]:
    return next((group for group in _SAME if word in group), frozenset({word}))


def _is_total(label: str) -> bool:
    return any(stem(token.word) in _TOTAL for token in tokens(label))


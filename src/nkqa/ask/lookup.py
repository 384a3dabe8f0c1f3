"""Query → a table cell, where the question names exactly one column and one row of a table that retrieval found.

Arithmetic, lists and estimates need the fact store; a question that names several columns is not answered from here.
"""

from __future__ import annotations

import re

from nkqa.text.terms import stem, terms
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
# Share of a question's words that a table's caption, headings and labels must hold for it to be about the table.
MIN_SHARED = 0.6
_VALUE = re.compile(r"\b(?:figures?|counts?|numbers?|values?|totals?)\b|\bin the table\b", re.IGNORECASE)
# A question about more than one cell, or about what a cell does not say.
_COMPUTED = re.compile(
    r"\b(?:average|mean|per ?cent\w*|percentage|share|proportion|ratio|rate|difference|gap|more|fewer|less|change|"
    r"growth|"
    r"increase|decrease|grow|grew|fell|fall|compared|than|add|sum of|highest|lowest|most|least|largest|smallest|peak|"
    r"which year|what years?|which years|in what year|trend|rank|since|before|after|between|from .* to|until)\b|%",
    re.IGNORECASE,
)


def look_up(query: Query, hits: tuple[Hit, ...], documents: dict[str, Document]) -> tuple[Evidence, ...]:
    """Return the one cell that a question names, or () where it names none or more than one."""
    asks_for_value = query.answer_type is AnswerType.NUMBER or _VALUE.search(query.text)
    if not asks_for_value or _COMPUTED.search(query.text):
        return ()
    asked = frozenset(terms(query.text))
    for hit in hits:
        if hit.passage.kind is PassageKind.TABLE_ROW:
            document = documents[hit.passage.doc_id]
            table = next(table for table in document.tables if table.span.contains(hit.passage.span))
            return _cell(asked, document, table, hit)
    return ()


def _cell(asked: frozenset[str], document: Document, table: Table, hit: Hit) -> tuple[Evidence, ...]:
    text = document.text
    columns = [place for place, column in enumerate(table.columns) if frozenset(terms(column.of(text))) <= asked]
    rows = [row for row in table.rows if _names(asked, row.label.of(text))]
    # "How many women in total in 2012": the word for the total adds nothing where a row or column is named.
    if len(rows) > 1:
        rows = [row for row in rows if not _is_total(row.label.of(text))]
    if len(columns) > 1:
        columns = [place for place in columns if not _is_total(table.columns[place].of(text))]
    if len(columns) != 1 or len(rows) != 1 or not _is_about(asked, document, table):
        return ()
    (column,), (row,) = columns, rows
    value = row.cells[column]
    cell = CellRef(row.label.of(text), table.columns[column].of(text), value.of(text), value.start, value.end)
    path = document.path_of(table.section)
    return (Evidence(document.id, row.span, path, (), hit.score, table.caption, value, (cell,)),)


def _is_about(asked: frozenset[str], document: Document, table: Table) -> bool:
    """Tell whether the table speaks of what the question speaks of: most of its words are the table's."""
    text = document.text
    labels = [table.caption, table.corner, *table.columns, *(row.label for row in table.rows)]
    known = {term for label in labels if label for term in terms(label.of(text))}
    known |= {term for heading in (document.title, *document.path_of(table.section)) for term in terms(heading)}
    shared = [term for term in asked if _synonyms(term) & known]
    return len(shared) >= MIN_SHARED * len(asked)


def _names(asked: frozenset[str], label: str) -> bool:
    """Tell whether a question holds every content word of a label, or another word for it."""
    wanted = terms(label)
    return bool(wanted) and all(_synonyms(term) & asked for term in wanted)


def _synonyms(word: str) -> frozenset[str]:
    return next((group for group in _SAME if word in group), frozenset({word}))


def _is_total(label: str) -> bool:
    return any(term in _TOTAL for term in terms(label))

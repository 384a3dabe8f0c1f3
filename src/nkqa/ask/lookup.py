"""Query → what structured facts say to it: the answerers, in the order of how sure they are of a question."""

from __future__ import annotations

from collections.abc import Callable

from nkqa.ask.definitions import find_definition
from nkqa.ask.estimates import find_estimates
from nkqa.ask.lists import find_item_attribute, find_list, find_missing_attribute
from nkqa.ask.sources import Sources
from nkqa.ask.tables.arithmetic import answer_table_question
from nkqa.ask.tables.grid import read_grids, year_of
from nkqa.ask.tables.prose import add_prose
from nkqa.ask.tables.reading import read_table_question
from nkqa.ask.timeline import find_timeline
from nkqa.store.facts import FactStore
from nkqa.types import Document, Finding, Hit, Query

Answerer = Callable[[Query, Sources], Finding | None]


class Lookup:
    """Answers from the facts of one generation; `grids` are its tables, which are read once."""

    def __init__(self, facts: FactStore, documents: dict[str, Document]) -> None:
        self._facts = facts
        self._documents = documents
        self.grids = read_grids(facts, documents)
        # Before retrieval: a question of which every word is understood needs no passage.
        self._exact: tuple[Answerer, ...] = (
            self._ask_tables,
            find_timeline,
            find_definition,
            find_list,
            find_item_attribute,
        )
        # After retrieval: the passages found say which facts are meant.
        self._near: tuple[Answerer, ...] = (find_list, find_estimates)

    def find_exact(self, query: Query) -> Finding | None:
        """Return what the facts alone say, or None."""
        return self._first(self._exact, query, ())

    def find_near(self, query: Query, hits: tuple[Hit, ...]) -> Finding | None:
        """Return what the facts in and around the passages found say, or None."""
        return self._first(self._near, query, hits)

    def what_is_missing(self, query: Query) -> str | None:
        """Say what a table or list that the question is about does not state; None where that is not the trouble."""
        if missing := find_missing_attribute(query, Sources(self._documents, self._facts, ())):
            return missing
        asked = read_table_question(query, self.grids)
        if asked is None or not asked.grid.by_year or not (asked.years or asked.span):
            return None
        covered = sorted({year for s in asked.grid.series for fact in s.cells if (year := year_of(fact)) is not None})
        name = f"“{asked.grid.caption_text}”" if asked.grid.caption_text else "The table"
        return (
            f"{name} has single years from {covered[0]} to {covered[-1]} and not what is asked for."
            if covered
            else None
        )

    def _first(self, answerers: tuple[Answerer, ...], query: Query, hits: tuple[Hit, ...]) -> Finding | None:
        sources = Sources(self._documents, self._facts, hits)
        return next((finding for answerer in answerers if (finding := answerer(query, sources))), None)

    def _ask_tables(self, query: Query, _: Sources) -> Finding | None:
        asked = read_table_question(query, self.grids)
        finding = answer_table_question(asked) if asked else None
        return add_prose(finding, asked, self._facts) if finding and asked else None

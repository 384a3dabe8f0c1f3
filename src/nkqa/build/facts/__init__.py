"""Documents → facts: one module a kind, each a function from a document to the facts it states."""

from __future__ import annotations

from collections.abc import Callable

from nkqa.build.facts.cells import cell_facts
from nkqa.build.facts.definitions import definition_facts
from nkqa.build.facts.events import event_facts
from nkqa.build.facts.list_items import list_item_facts
from nkqa.build.facts.quantities import quantity_facts
from nkqa.build.facts.relations import relation_facts
from nkqa.types import Document, Fact

_EXTRACTORS: tuple[Callable[[Document], tuple[Fact, ...]], ...] = (
    cell_facts,
    quantity_facts,
    event_facts,
    definition_facts,
    list_item_facts,
    relation_facts,
)


def extract_facts(document: Document) -> tuple[Fact, ...]:
    """Return every fact of a document, kind by kind, each kind in the order of the text."""
    return tuple(fact for extract in _EXTRACTORS for fact in extract(document))

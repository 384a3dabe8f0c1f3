"""Documents → facts: one module a kind, each a function from a document to the facts it states."""

from __future__ import annotations

from nkqa.build.facts.cells import cell_facts
from nkqa.types import Document, Fact


def extract_facts(document: Document) -> tuple[Fact, ...]:
    """Return every fact of a document, kind by kind, each kind in the order of the text."""
    return cell_facts(document)

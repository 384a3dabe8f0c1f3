"""What an answerer may look at: the documents, the facts, and what retrieval found. Nothing in it changes."""

from __future__ import annotations

from dataclasses import dataclass

from nkqa.store.facts import FactStore
from nkqa.types import Document, Hit


@dataclass(frozen=True, slots=True)
class Sources:
    """Documents by id, the fact store, and the ranked passages for the question at hand."""

    documents: dict[str, Document]
    facts: FactStore
    hits: tuple[Hit, ...]

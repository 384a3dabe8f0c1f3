"""What an answerer may look at: the documents, the facts, and what retrieval found. Nothing in it changes."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from nkqa.store.facts import FactStore
from nkqa.types import Document, Fact, FactKind, Hit

# The facts of a store never change; reading them takes longer than looking through them.
_READ: WeakKeyDictionary[FactStore, dict[FactKind, list[Fact]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Sources:
    """Documents by id, the fact store, and the ranked passages for the question at hand."""

    documents: dict[str, Document]
    facts: FactStore
    hits: tuple[Hit, ...]

    def all(self, kind: FactKind) -> list[Fact]:
        """Return the facts of a kind, in order of the corpus; read once, not to be changed."""
        read = _READ.setdefault(self.facts, {})
        if kind not in read:
            read[kind] = self.facts.find(kind)
        return read[kind]

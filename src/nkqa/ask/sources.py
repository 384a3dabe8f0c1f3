"""What an answerer may look at: the documents, the facts, and what retrieval found. Nothing in it changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from nkqa.store.facts import FactStore
from nkqa.types import Document, Hit

Which = TypeVarTuple("Which")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Sources:
    """Documents by id, the fact store, and the ranked passages for the question at hand."""

    documents: dict[str, Document]
    facts: FactStore
    hits: tuple[Hit, ...]


def once_per_store(read: Callable[[Sources, *Which], Read]) -> Callable[[Sources, *Which], Read]:
    """Let `read` run once for each fact store and each of its further arguments; for functions that look at no hits.

    A store never changes, and reading from it takes longer than looking through what was read. Nobody may change that.
    """
    kept: WeakKeyDictionary[FactStore, dict[Hashable, Read]] = WeakKeyDictionary()

    @wraps(read)
    def found(sources: Sources, *which: *Which) -> Read:
        own = kept.setdefault(sources.facts, {})
        if which not in own:
            own[which] = read(sources, *which)
        return own[which]

    return found

"""Facts to look through, rather than to answer with: by kind, by document, by the words they are about."""

from __future__ import annotations

from collections.abc import Mapping

from nkqa.store.facts import FactStore
from nkqa.text.terms import terms
from nkqa.types import Document, Fact, FactKind


def browse(
    facts: FactStore,
    documents: Mapping[str, Document],
    kind: FactKind | None = None,
    about: str = "",
    doc_id: str | None = None,
) -> tuple[Fact, ...]:
    """Return the facts of a kind and a document that are about something, in the order of the corpus.

    Every content word of `about` must occur, in any form, in the fact, its headings or the sentence that states it.
    """
    wanted = frozenset(terms(about))
    found = facts.find(kind, doc_id=doc_id)
    return tuple(fact for fact in found if wanted <= _stems(fact, documents[fact.doc_id])) if wanted else tuple(found)


def _stems(fact: Fact, document: Document) -> frozenset[str]:
    parts = (fact.subject, fact.attribute, fact.value, fact.where or "", *fact.path, fact.statement.of(document.text))
    return frozenset(terms("\n".join(parts)))

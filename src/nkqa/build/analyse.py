"""Document → `Analysis`: its passages with their stems, its facts, and what the checks say of it."""

from __future__ import annotations

from nkqa.build.audit import audit
from nkqa.build.facts import extract_facts
from nkqa.build.passages import make_passages, make_views
from nkqa.text.terms import terms, tokens
from nkqa.types import Analysis, Document, Passage


def analyse(document: Document) -> Analysis:
    """Return all that the index says of a document; the same document gives the same, whatever stands beside it."""
    passages = make_passages(document)
    facts = extract_facts(document)
    return Analysis(
        document=document,
        passages=passages,
        views=make_views(document, passages, 0),
        terms=tuple((terms(passage.text), _around(document, passage)) for passage in passages),
        words=_words(passages),
        facts=facts,
        audit=audit((document,), facts),
    )


def _words(passages: tuple[Passage, ...]) -> tuple[str, ...]:
    """Return the words that a misspelt word of a question may have meant: those of passages and headings."""
    texts = [text for passage in passages for text in (passage.text, *passage.path)]
    return tuple(sorted({token.word for text in texts for token in tokens(text) if token.word.isalpha()}))


def _around(document: Document, passage: Passage) -> tuple[str, ...]:
    parts = [document.title, *passage.path, passage.window.of(document.text) if passage.window != passage.span else ""]
    parts += [passage.lead.of(document.text)] if passage.lead else []
    for table in document.tables:
        if table.span.contains(passage.span):
            parts += [column.of(document.text) for column in table.columns]
            parts += [table.corner.of(document.text)] if table.corner else []
    return terms("\n".join(parts))

"""Analyses → a draft: everything of a generation but its vectors. Its id is known from it already.

The id is a hash of the format, both models, the readable files, and the texts and stems that are searched: equal input
gives the equal id, and a change of the text analysis, of the audit or of a model gives another one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from nkqa.store.encoder import MODEL_SHA256
from nkqa.store.reader import read_reader_info
from nkqa.types import Analysis, AuditFinding, Document, Fact, Passage, PassageTerms, Severity, Trust, View

FORMAT = 7

DOCUMENT = TypeAdapter(Document)
PASSAGE = TypeAdapter(Passage)
AUDIT = TypeAdapter(AuditFinding)
_FACTS = TypeAdapter(tuple[Fact, ...])
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class TierDraft:
    """What the documents of one tier give. `views` count the passages of the tier, and stand in their order.

    `words` are the words of the tier as spelt, sorted; `audit` gives faults first, the worst of them first.
    """

    trust: Trust
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    views: tuple[View, ...]
    terms: tuple[PassageTerms, ...]
    words: tuple[str, ...]
    facts: tuple[Fact, ...]
    audit: tuple[AuditFinding, ...]
    documents_jsonl: bytes
    passages_jsonl: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a generation but its vectors: one tier at least, in the order of trust, none without a document."""

    id: str
    tiers: tuple[TierDraft, ...]


def draft(analyses: Sequence[Analysis]) -> Draft:
    """Put analyses together, tier by tier, each in the order given; there is one at least."""
    by_trust = {trust: [one for one in analyses if one.document.trust is trust] for trust in Trust}
    tiers = tuple(_tier(trust, found) for trust, found in by_trust.items() if found)
    digest = hashlib.sha256(f"{FORMAT}\0{MODEL_SHA256}\0{read_reader_info().sha256}\0".encode())
    for tier in tiers:
        searched = json.dumps([[(view.passage, view.text) for view in tier.views], tier.terms, tier.words]).encode()
        audit = b"".join(AUDIT.dump_json(finding) for finding in tier.audit)
        for part in (tier.documents_jsonl, tier.passages_jsonl, searched, _FACTS.dump_json(tier.facts), audit):
            digest.update(hashlib.sha256(part).digest())
    return Draft(digest.hexdigest()[:12], tiers)


def _tier(trust: Trust, analyses: Sequence[Analysis]) -> TierDraft:
    documents = tuple(one.document for one in analyses)
    passages = tuple(passage for one in analyses for passage in one.passages)
    findings = [finding for one in analyses for finding in one.audit]
    return TierDraft(
        trust=trust,
        documents=documents,
        passages=passages,
        views=_views(analyses),
        terms=tuple(terms for one in analyses for terms in one.terms),
        words=tuple(sorted({word for one in analyses for word in one.words})),
        facts=tuple(fact for one in analyses for fact in one.facts),
        audit=tuple(sorted(findings, key=lambda one: (one.passed, _SEVERITIES.index(one.severity)))),
        documents_jsonl=b"".join(DOCUMENT.dump_json(document) + b"\n" for document in documents),
        passages_jsonl=b"".join(PASSAGE.dump_json(passage) + b"\n" for passage in passages),
    )


def _views(analyses: Sequence[Analysis]) -> tuple[View, ...]:
    views: list[View] = []
    first = 0
    for one in analyses:
        views += [View(first + view.passage, view.text) for view in one.views]
        first += len(one.passages)
    return tuple(views)

"""Evidence → answer: numbered citations that are checked against the source, and the text that carries their marks."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from nkqa.ask.smalltalk import Smalltalk
from nkqa.errors import BrokenIndexError
from nkqa.text.marks import as_read
from nkqa.types import (
    Answer,
    AuditFinding,
    Chart,
    Citation,
    Claim,
    Document,
    Estimate,
    Evidence,
    Finding,
    Hit,
    Incident,
    Kind,
    ListEntry,
    Operand,
    Query,
    Reason,
    Side,
    Span,
    Status,
    Timing,
    Trust,
)

MAX_CLOSEST = 3
MAX_NOTES = 2
NO_VERDICT = "The text gives no clear yes or no. It says:"
# The flag of every excerpt from a document that the operator trusts less.
LOW_TRUST = "low trust"
_MARK = re.compile(r"\[(\d+)\]")
# What an answer consists of beside its text; each part names its evidence.
_Part = TypeVar("_Part", Chart, Estimate, Incident, ListEntry, Operand, Side)
_REFUSALS = {
    Reason.OFF_TOPIC: "This does not seem to be about the documents here ({titles}), so I cannot answer it.",
    Reason.NOT_IN_CORPUS: (
        "{detail}I found no passage that answers this. The closest ones are shown; they are no answer."
    ),
    Reason.MENTIONED_NOT_STATED: "The text does not state this. {detail}",
    Reason.FALSE_PREMISE: (
        "The question takes something for granted that the text denies; the closest passage says what."
    ),
    Reason.SECTION_EMPTY: "The text has the heading “{detail}”, but nothing stands under it.",
}


class Composer:
    """Makes answers from documents of one generation: those of one tier, of which the first has the number `first`."""

    def __init__(self, documents: Sequence[Document], generation: str, first: int = 0) -> None:
        self.generation = generation
        self._documents = {document.id: document for document in documents}
        self._places = {document.id: place for place, document in enumerate(documents, start=first)}

    def answered(
        self,
        query: Query,
        kind: Kind,
        evidence: Sequence[Evidence],
        confidence: float,
        timings: tuple[Timing, ...],
    ) -> Answer:
        """Return an answer that consists of the evidence, in the order given, each piece with its mark."""
        citations = self.cite(with_leads(evidence))
        text = " ".join(f"{wording(citation)} [{citation.number}]" for citation in citations)
        if query.kind is Kind.YES_NO:
            text = f"{NO_VERDICT} {text}"
        first = evidence[0]
        short = _one_line(first.short.of(self._documents[first.doc_id].text)) if first.short else None
        return self._answer(query, Status.ANSWERED, None, kind, text, short, confidence, citations, (), timings)

    def found(self, query: Query, finding: Finding, timings: tuple[Timing, ...]) -> Answer:
        """Return an answer from structured facts: its claims, each with the marks of the evidence that proves it."""
        cited = with_leads(finding.evidence)
        numbers = tuple(cited.index(piece) + 1 for piece in finding.evidence)
        citations = self.cite(cited)
        leads = [c for c in citations if c.number not in numbers]
        opening = [f"{_one_line(c.cited_text).rstrip(':')} [{c.number}]" for c in leads]
        claims = [_marked(claim, numbers) for claim in finding.claims]
        answer = self._answer(
            replace(query, interpreted_as=finding.interpreted_as or query.interpreted_as),
            Status.ANSWERED,
            None,
            finding.kind,
            # A verdict comes first; what it was read from may follow.
            " ".join([*claims, *opening] if finding.kind is Kind.YES_NO else [*(f"{o}:" for o in opening), *claims]),
            finding.short,
            finding.confidence,
            citations,
            (),
            timings,
        )
        return _with_numbers(answer, self._as_read(finding), numbers)

    def joined(self, query: Query, parts: Sequence[Answer], timings: tuple[Timing, ...]) -> Answer:
        """Return one answer that gives those of all parts, in their order, the excerpts numbered through.

        The bare answer is the last part's, to which the others lead; it is as sure as all of them together. A part
        without an answer is said to have none; one part at least has one.
        """
        citations: list[Citation] = []
        texts: list[str] = []
        told = [part for part in parts if part.status is Status.ANSWERED]
        for part in told:
            texts.append(_renumbered_marks(part.text, len(citations)))
            citations += [replace(one, number=one.number + len(citations)) for one in part.citations]
        texts += [f"I found nothing that answers “{part.question}”" for part in parts if part not in told]
        last = told[-1]
        answer = self._answer(
            replace(query, interpreted_as=" → ".join(part.question for part in parts)),
            Status.ANSWERED,
            None,
            last.kind,
            " ".join(texts),
            last.short,
            round(math.prod(part.confidence for part in told), 3),
            tuple(citations),
            (),
            timings,
        )
        # The n-th citation of the last part now stands behind those of the others.
        return _with_numbers(answer, last, range(len(citations) - len(last.citations), len(citations) + 1))

    def with_notes(self, answer: Answer, audit: Sequence[AuditFinding]) -> Answer:
        """Return an answer with what the audit says against a sentence it cites, and the table row that says so."""
        notes = [note for citation in answer.citations for note in self._notes(citation, audit)][:MAX_NOTES]
        citations = list(answer.citations)
        told: list[str] = []
        for said, evidence in notes:
            row = self._citation(len(citations) + 1, evidence)
            known = [other for other in citations if _place(other) == _place(row)]
            citations += [] if known else [row]
            told.append(f"Note: {said} [{(known or [row])[0].number}]")
        return replace(answer, text=" ".join([answer.text, *told]), citations=tuple(citations))

    def _notes(self, citation: Citation, audit: Sequence[AuditFinding]) -> list[tuple[str, Evidence]]:
        """Return what contradicts a cited sentence: the audit's words, and the row of the table it is held against."""
        document = self._documents[citation.document_id]
        excerpt = Span(citation.start_char_index, citation.end_char_index)
        found: list[tuple[str, Evidence]] = []
        for finding in audit:
            if finding.kind != "prose_table" or finding.passed or finding.document != document.id or citation.cells:
                continue
            told, *cells = finding.spans
            row = next((row for t in document.tables for row in t.rows if cells and row.span.contains(cells[0])), None)
            if excerpt.contains(told) and row:
                said = finding.message.rsplit(" “", 1)[0].rstrip(".")
                found.append((f"{said}.", Evidence(document.id, row.span, citation.section, (), 1.0)))
        return found

    def declined(
        self,
        query: Query,
        reason: Reason,
        hits: Sequence[Hit],
        timings: tuple[Timing, ...],
        detail: str = "",
        wording: str | None = None,
    ) -> Answer:
        """Return a refusal that says why, with the nearest passages, which are plainly not an answer.

        `wording` replaces the usual words of the reason.
        """
        titles = ", ".join(f"“{document.title}”" for document in self._documents.values())
        closest = self.cited(hits[:MAX_CLOSEST]) if reason is not Reason.OFF_TOPIC else ()
        text = (wording or _REFUSALS[reason]).format(titles=titles, detail=detail)
        return self._answer(query, Status.DECLINED, reason, query.kind, text, None, 0.0, (), closest, timings)

    def cited(self, hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """Return the passages that were found as citations, numbered in their order."""
        return self.cite(
            [
                Evidence(hit.passage.doc_id, hit.passage.span, hit.passage.path, hit.passage.flags, hit.score)
                for hit in hits
            ]
        )

    def smalltalk(self, query: Query, talk: Smalltalk, timings: tuple[Timing, ...]) -> Answer:
        """Return a friendly line."""
        return self._answer(query, Status.SMALLTALK, None, Kind.SMALLTALK, talk.value, None, 1.0, (), (), timings)

    def cite(self, evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
        """Return numbered citations of pieces of evidence, each checked to be a slice of its source."""
        return tuple(self._citation(number, piece) for number, piece in enumerate(evidence, start=1))

    def _citation(self, number: int, evidence: Evidence) -> Citation:
        document = self._documents[evidence.doc_id]
        cited = evidence.span.of(document.text)
        if not cited or len(cited) != evidence.span.end - evidence.span.start:
            raise BrokenIndexError(f"A span of {document.name} lies outside the text.", "Run `nkqa build --force`.")
        return Citation(
            number=number,
            type="char_location",
            cited_text=cited,
            document_id=document.id,
            document_index=self._places[document.id],
            document_title=document.title,
            start_char_index=evidence.span.start,
            end_char_index=evidence.span.end,
            section=evidence.path,
            flags=evidence.flags if document.trust is Trust.NORMAL else (*evidence.flags, LOW_TRUST),
            cells=evidence.cells,
            author=document.source.author,
            date=document.source.date,
            url=document.source.url,
            licence=document.source.licence,
        )

    def _as_read(self, finding: Finding) -> Finding:
        """Return a finding whose incidents and entries have no marks of a format, as the answer's text has none."""
        names = [self._documents[piece.doc_id].name for piece in finding.evidence]
        listing = finding.listing
        if listing:
            entries = (
                replace(one, text=as_read(one.text, names[one.evidence]), short=as_read(one.short, names[one.evidence]))
                for one in listing.entries
            )
            listing = replace(listing, entries=tuple(entries))
        timeline = (replace(one, text=as_read(one.text, names[one.evidence])) for one in finding.timeline)
        return replace(finding, listing=listing, timeline=tuple(timeline))

    def _answer(
        self,
        query: Query,
        status: Status,
        reason: Reason | None,
        kind: Kind,
        text: str,
        short: str | None,
        confidence: float,
        citations: tuple[Citation, ...],
        closest: tuple[Citation, ...],
        timings: tuple[Timing, ...],
    ) -> Answer:
        names = [self._documents[citation.document_id].name for citation in citations]
        text, short = as_read(text, *names), as_read(short, *names) if short else short
        identity = f"{self.generation}\0{query.question}\0{query.text}\0{text}"
        return Answer(
            id=hashlib.sha256(identity.encode()).hexdigest()[:16],
            question=query.question,
            interpreted_as=query.interpreted_as,
            status=status,
            reason=reason,
            kind=kind,
            text=text,
            short=short,
            confidence=confidence,
            citations=citations,
            closest=closest,
            suggestions=(),
            generation=self.generation,
            timings=timings,
        )


def with_leads(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Put what introduces a piece of evidence before it, once."""
    result: list[Evidence] = []
    for piece in evidence:
        if piece.lead and all(piece.lead != other.span or piece.doc_id != other.doc_id for other in result):
            result.append(Evidence(piece.doc_id, piece.lead, piece.path, (), piece.score))
        result.append(piece)
    return result


def _marked(claim: Claim, numbers: tuple[int, ...]) -> str:
    marks = "".join(f"[{numbers[place]}]" for place in claim.evidence)
    return f"{claim.text} {marks}".strip()


def _with_numbers(answer: Answer, told: Finding | Answer, numbers: Sequence[int]) -> Answer:
    """Return an answer with the parts of what was told: figures, entries, incidents; `numbers` maps their evidence."""
    computation, listing = told.computation, told.listing
    if computation:
        computation = replace(computation, operands=_at(numbers, computation.operands))
    if listing:
        listing = replace(listing, entries=_at(numbers, listing.entries))
    return replace(
        answer,
        estimates=_at(numbers, told.estimates),
        computation=computation,
        chart=_at(numbers, (told.chart,))[0] if told.chart else None,
        listing=listing,
        timeline=_at(numbers, told.timeline),
        sides=_at(numbers, told.sides),
    )


def _at(numbers: Sequence[int], parts: tuple[_Part, ...]) -> tuple[_Part, ...]:
    return tuple(replace(part, evidence=numbers[part.evidence]) for part in parts)


def _renumbered_marks(text: str, by: int) -> str:
    return _MARK.sub(lambda mark: f"[{int(mark[1]) + by}]", text)


def wording(citation: Citation) -> str:
    """Return what the answer says of a citation: the excerpt, or the labels and value of the cells it was cited for."""
    if not citation.cells:
        return _one_line(citation.cited_text)
    return "; ".join(f"{cell.row}, {cell.column}: {cell.value}" for cell in citation.cells)


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.document_id, citation.start_char_index, citation.end_char_index


def _one_line(text: str) -> str:
    """Return a slice as running text; a source's own "[3]" would be taken for a citation mark of the answer."""
    return " ".join(_MARK.sub("", text).split())

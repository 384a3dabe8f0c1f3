"""How an answer came about: its steps in order, the passages that were weighed, and the numbers that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nkqa.types import Answer, Finding, Hit, Measure, Query, TraceCandidate, TraceStep, Trust

# Scores are told to so many decimal places.
PLACES = 4


@dataclass(slots=True)
class Trace:
    """Collects the steps of one question; `trust` is that of the documents that are being asked."""

    trust: Trust = Trust.NORMAL
    steps: list[TraceStep] = field(default_factory=list)

    def add(self, step: str, outcome: object, measures: Sequence[Measure] = (), hits: Sequence[Hit] = ()) -> None:
        """Add a step; its outcome is told in words."""
        told = tuple(_candidate(hit) for hit in hits)
        self.steps.append(TraceStep(self.trust, step, _in_words(outcome), tuple(measures), told))


def _in_words(outcome: object) -> str:
    if isinstance(outcome, Query):
        said = f"read as “{outcome.text}”: {outcome.kind.value}, asks for {outcome.answer_type.value}"
        return f"{said}, years {', '.join(map(str, outcome.years))}" if outcome.years else said
    if isinstance(outcome, Finding):
        return f"answered by facts: {outcome.kind.value}, {len(outcome.evidence)} places"
    if isinstance(outcome, Answer):
        places = ", ".join(f"{one.start_char_index}–{one.end_char_index}" for one in outcome.citations)
        chosen = f"; cites characters {places}" if places else ""
        return f"{outcome.status.value}: {(outcome.reason or outcome.kind).value}{chosen}"
    return "no answer" if outcome is None else str(outcome)


def _candidate(hit: Hit) -> TraceCandidate:
    passage, reading = hit.passage, hit.reading
    return TraceCandidate(
        passage=passage.id,
        document_id=passage.doc_id,
        start_char_index=passage.span.start,
        end_char_index=passage.span.end,
        cited_text=passage.text,
        cosine=round(hit.similarity, PLACES),
        lexical=round(hit.lexical, PLACES),
        coverage=round(hit.coverage, PLACES),
        found_score=round(hit.found_score if reading else hit.score, PLACES),
        relevance=round(reading.relevance, PLACES) if reading else None,
        pointing=round(max(-1e6, reading.pointing), PLACES) if reading else None,
        chance=round(hit.score, PLACES) if reading else None,
    )

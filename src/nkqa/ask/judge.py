"""Hits → hits that were read: for each, how likely it answers the question, and where. docs/decisions/0008."""

from __future__ import annotations

import math
from dataclasses import replace

from nkqa.ask.rank import holds_type
from nkqa.ask.read import excerpt
from nkqa.text.places import spell_out
from nkqa.types import Document, Hit, PassageKind, Query, Reader, Reading, Span, Window

# Logistic regression of "this passage answers", fitted on questions about ten articles that neither the reader was
# trained on nor any figure is given for (training/calibrate.py). Inputs: those of `inputs`.
CHANCE: tuple[float, ...] = (-7.31, 0.36, 0.22, 6.38, -0.31)
# A pointer beyond this is as sure as it can be.
MAX_LOGIT = 20.0


def judge(query: Query, hits: tuple[Hit, ...], documents: dict[str, Document], reader: Reader) -> tuple[Hit, ...]:
    """Return the hits with what the reader says of them, most likely first; table rows are left to facts."""
    readable = [hit for hit in hits if hit.passage.kind is not PassageKind.TABLE_ROW]
    excerpts = [excerpt(hit.passage, documents[hit.passage.doc_id]) for hit in readable]
    windows = [_window(hit, span, documents[hit.passage.doc_id]) for hit, span in zip(readable, excerpts, strict=True)]
    readings = reader.read(_as_read(query), windows)
    judged = [
        _judged(query, hit, span, window, reading)
        for hit, span, window, reading in zip(readable, excerpts, windows, readings, strict=True)
    ]
    return tuple(sorted(judged, key=lambda hit: -hit.score))


def _as_read(query: Query) -> str:
    """Return the question for the reader: countries written out, and abbreviations of what it names beside it."""
    letters = [name.other[0] for name in query.names if len(name.other) == 1]
    asked = spell_out(query.text)
    return f"{asked.rstrip(' ?')} ({', '.join(letters)})?" if letters else asked


def _window(hit: Hit, span: Span, document: Document) -> Window:
    lead = (hit.passage.lead.of(document.text),) if hit.passage.lead else ()
    return Window((document.title, *hit.passage.path, *lead), span.of(document.text))


def _judged(query: Query, hit: Hit, span: Span, window: Window, reading: Reading) -> Hit:
    answer = Span(span.start + reading.span.start, span.start + reading.span.end)
    read = replace(hit, found_score=hit.score, window=window, reading=reading, answer=answer)
    return replace(read, score=logistic(CHANCE, inputs(query, read)))


def inputs(query: Query, hit: Hit) -> tuple[float, ...]:
    """Return what the chance of a hit that was read is computed from.

    The reader's two logits, the score it was found with, and whether it holds the type asked for (1 or 0).
    """
    if hit.reading is None:
        raise ValueError("the hit was not read")
    type_held = float(holds_type(hit.passage, query))
    return (hit.reading.relevance, held(hit.reading.pointing), hit.found_score, type_held)


def held(logit: float) -> float:
    """Return a logit, but none beyond what is as good as sure."""
    return max(-MAX_LOGIT, min(MAX_LOGIT, logit))


def logistic(weights: tuple[float, ...], inputs: tuple[float, ...]) -> float:
    """Return 1 / (1 + exp(-(w0 + w1 x1 + ...)))."""
    total = weights[0] + sum(weight * value for weight, value in zip(weights[1:], inputs, strict=True))
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))

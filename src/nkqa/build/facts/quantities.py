"""Sentences and list items → quantity facts: a figure, what it counts, where, when, who says so and how surely."""

from __future__ import annotations

import re

from nkqa.build.facts.clauses import Reading, find_clause, say_attribute
from nkqa.build.facts.counted import counted_phrase, implied_subject
from nkqa.build.facts.figures import find_figures, measure_of, unit_of
from nkqa.build.facts.whereabouts import where_of
from nkqa.store.facts import fact_id
from nkqa.text.claimants import find_claimant, find_hedge
from nkqa.text.numbers import bounds
from nkqa.text.periods import find_periods
from nkqa.text.values import Value
from nkqa.types import AnswerType, Block, BlockKind, Document, Fact, FactKind, Period, Sentence, Span

_ANAPHORA = re.compile(
    r"\b(?:the|this|that)\s(?:share|numbers?|figure|percentage|proportion|rate|total|portion|count)\b(?!\s(?:of|who)\b)",
    re.IGNORECASE,
)
_SAME_TIME = re.compile(r"\bin (?:the same|that) (?:year|month|period)\b", re.IGNORECASE)


def quantity_facts(document: Document) -> tuple[Fact, ...]:
    """Return a fact for every figure in the sentences and list items of a document, in the order of its text.

    Years, dates, clock times, bounds of an age group ("were under 30") and numbers that are part of a name ("Camp 14")
    are no figures. `attribute` is the rest of the clause, without time and hedge: what makes the number that number.
    """
    facts: list[Fact] = []
    lead: Block | None = None
    for block in document.blocks:
        if block.kind is BlockKind.CAPTION:
            continue
        if block.kind is not BlockKind.LIST_ITEM:
            lead = block if block.span.of(document.text).endswith(":") else None
        readings: list[Reading] = []
        for sentence in block.sentences:
            figures = find_figures(document.text, sentence, block.kind)
            for value in figures:
                readings.append(_read(document, block, sentence, value, figures, readings))
        opening = lead.sentences[-1] if lead and block.kind is BlockKind.LIST_ITEM else None
        facts += [_fact(document, block, reading, opening) for reading in readings]
    return tuple(facts)


def _read(
    document: Document,
    block: Block,
    sentence: Sentence,
    value: Value,
    figures: tuple[Value, ...],
    earlier: list[Reading],
) -> Reading:
    text = document.text
    before, behind = find_clause(text, sentence, value, figures)
    counted = counted_phrase(text, value, behind)
    unit = measure_of(text, value)
    rest = Span(min(counted.end if counted else unit.end if unit else behind.start, behind.end), behind.end)
    subject = counted.of(text) if counted else implied_subject(text, sentence, value, before, rest, earlier)
    attribute = say_attribute(text, block, sentence, before, rest, earlier)
    where = where_of(document, block, sentence, before, behind, earlier)
    period = _period(text, sentence, behind, value, earlier)
    told = _told_again(text, before, earlier, value)
    if told:
        subject, attribute, where = told.subject, told.attribute, told.where
    return Reading(value, sentence, before, behind, subject, attribute, where, period)


def _told_again(text: str, before: Span, earlier: list[Reading], value: Value) -> Reading | None:
    """Return the figure that "the share" or "the number" of this clause takes up, None where it takes up none."""
    if not _ANAPHORA.search(text, before.start, before.end):
        return None
    same = [
        reading
        for reading in earlier
        if (reading.value.type is AnswerType.PERCENT) == (value.type is AnswerType.PERCENT)
    ]
    return same[-1] if same else None


def _period(text: str, sentence: Sentence, behind: Span, value: Value, earlier: list[Reading]) -> Period | None:
    """Return the time of a figure: the first behind it in its clause, the last before it, else the next."""
    if _SAME_TIME.search(text, sentence.span.start, sentence.span.end) and earlier and earlier[-1].period:
        return earlier[-1].period
    times = find_periods(text, sentence.span)
    inside = [period for place, period in times if behind.contains(place)]
    ahead = [period for place, period in times if place.end <= value.span.start]
    beyond = [period for place, period in times if place.start >= behind.end]
    joined = text[behind.end : behind.end + 1] != ";"
    return next(iter([*inside, *ahead[-1:], *(beyond if joined else [])]), None)


def _fact(document: Document, block: Block, reading: Reading, lead: Sentence | None) -> Fact:
    text, span, sentence = document.text, reading.value.span, reading.sentence
    segment = _segment(text, sentence.span, span)
    numbers = bounds(span.of(text)) or (None, None)
    period, attribute = reading.period, reading.attribute
    claimant = find_claimant(text, segment, span)
    if lead:
        opening = lead.span.of(text).rstrip(":").strip()
        attribute = f"{opening}: {attribute}".strip(": ") if attribute else opening
        period = period or next((time for _, time in find_periods(text, lead.span)), None)
        claimant = claimant or find_claimant(text, lead.span, Span(lead.span.end, lead.span.end))
    return Fact(
        id=fact_id(document, FactKind.QUANTITY, span, reading.subject, reading.attribute),
        kind=FactKind.QUANTITY,
        subject=reading.subject,
        attribute=attribute,
        value=span.of(text),
        low=numbers[0],
        high=numbers[1],
        unit=unit_of(text, reading.value),
        where=reading.where,
        period=period,
        claimant=claimant,
        hedge=find_hedge(text, Span(reading.before.start, reading.behind.end), segment, span),
        flags=tuple(dict.fromkeys(flag.label for flag in sentence.flags)),
        doc_id=document.id,
        span=span,
        statement=sentence.span if block.kind is not BlockKind.LIST_ITEM else _statement(block, sentence),
        path=document.path_of(block.section),
    )


def _statement(block: Block, sentence: Sentence) -> Span:
    return block.span if len(block.sentences) == 1 else sentence.span


def _segment(text: str, sentence: Span, value: Span) -> Span:
    """Return the part of a sentence between semicolons that holds the value."""
    start = text.rfind("; ", sentence.start, value.start)
    end = text.find("; ", value.end, sentence.end)
    return Span(sentence.start if start < 0 else start + 2, sentence.end if end < 0 else end)

"""Sentences → event facts: dated incidents, with who, where, how many and what became of them, as written.

A clause is an incident where its verb stands in the past and a day, a month or a year is said of it. A date that is
incomplete or relative ("on 16 June", "the next day", "after 8 days") takes what is missing from the sentence before:
its precision is then "relative".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nkqa.build.facts.event_words import IRREGULAR, Verb, find_verb
from nkqa.store.facts import fact_id
from nkqa.text.numbers import bounds
from nkqa.text.periods import find_periods
from nkqa.types import Block, BlockKind, Document, Fact, FactKind, Period, Sentence, Span

_DATED = frozenset({"day", "month", "year", "half", "decade_part"})
_CLAUSE_END = re.compile(r";\s+|,?\s+while\s+(?=(?:the\s+)?(?:other|remaining|rest|\d))|,\s+but\s+")
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|dozens?|hundreds?|thousands?)"
)
_NO_PEOPLE = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|miles?|kilomet\w+|met(?:re|er)s?|percent|per|"
    r"dollars?|won|yuan|crowns?|million|billion|times?|kg|km|cm|mm|tons?|tonnes?|nautical)"
)
_STOP = (
    r"(?:who|which|that|was|were|had|has|have|being|in|on|onto|into|at|from|to|of|by|as|after|and|for|with|via|while|"
    rf"annually|off|over|near|managed|{'|'.join(IRREGULAR.split())})"
)
_GROUP = re.compile(
    rf"(?<![\w$€£₩.,-])(?P<group>(?:the\s+other\s+|another\s+|all\s+|an?\s+family\s+of\s+|an?\s+group\s+of\s+)?"
    rf"(?P<count>{_NUMBER})(?![\w%]|[.,]\d|[-–])(?:\s+of\s+(?:the\s+|its\s+|their\s+)?(?:original\s+)?{_NUMBER}(?![\w%]))?"
    rf"(?P<noun>(?:\s+(?!{_NO_PEOPLE}\b|{_STOP}\b)[^\W\d][\w'’-]*){{0,4}}?)(?=\s+(?:{_STOP}|\w+ed)\b|\s*(?:[.,;(]|\Z)))"
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_NO_SUBJECT = re.compile(r"(?:after|before|following|during|with)\b", re.IGNORECASE)
# A subject up to this length is shown whole.
_SHORT = 60
_CLAIMANT = re.compile(r"According to (?P<who>[^,]{2,80}?)(?:\s+(?:in|on)\s+[^,]*\d{4})?,\s+")
_HEDGE = re.compile(r"\b(?:reportedly|allegedly|apparently|supposedly|unconfirmed|believed)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(about|around|approximately|roughly|at least|more than|over|nearly|almost|up to|some)\s+\Z", re.IGNORECASE
)
# Studies find figures; they are no incidents.
_STUDY = re.compile(r"\b(?:survey|study|studies|poll|research|census|statistics|report|paper|cable|data)s?\b", re.I)
# Behind this another thing is told.
_NEXT_VERB = re.compile(r",?\s+and\s+(?:had|has|was|were|then)\b|\s(?:because|after|when|who|which|as)\s")
_WHERE = re.compile(
    r"\b(?:in|at|off|near|onto|ashore at|on)\s+(?P<place>(?:the\s+)?"
    r"(?:(?:coast|border|city|port|province|island)\s+of\s+)?(?:the\s+)?[A-ZÀ-Þ][\w-]*(?![\w'’])"
    r"(?:\s+(?:[A-ZÀ-Þ][\w'’-]*|of|the|border|coast|embassy|consulate))*(?<!\bof)(?<!\bthe))"
)
_NO_PLACE = re.compile(
    r"(?:the\s+)?(?:January|February|March|April|May|June|July|August|September|October|November|Dec)"
)
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
_RELATIVE = re.compile(
    rf"\bthe\s+(?P<which>next|following|same)\s+(?P<unit>day|week|month|year)\b"
    rf"|\b(?:after\s+)?(?P<count>{_NUMBER})\s+(?P<units>day|week|month|year)s?(?:\s+(?P<later>later|afterwards))?\b"
    rf"|(?P<open>\blater\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _When:
    """A time said of a clause, where it is written, and in which words."""

    span: Span
    period: Period


def event_facts(document: Document) -> tuple[Fact, ...]:
    """Return the dated incidents of a document, in the order of the text."""
    found: list[Fact] = []
    for block in document.blocks:
        if block.kind is BlockKind.PARAGRAPH:
            found += _of_block(document, block)
    return tuple(found)


def _of_block(document: Document, block: Block) -> Iterator[Fact]:
    before: Period | None = None
    for sentence in block.sentences:
        when: _When | None = None
        for clause in _clauses(document.text, sentence.span):
            verb = find_verb(document.text, clause)
            when = _when(document.text, block, sentence, clause, verb, before) or when
            if verb and when:
                yield from _facts(document, block, sentence, clause, verb, when)
        before = when.period if when else before


def _clauses(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for match in _CLAUSE_END.finditer(text, span.start, span.end):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, span.end)


# ------------------------------------------------------------------------------------------------------ the time


def _when(
    text: str, block: Block, sentence: Sentence, clause: Span, verb: Verb | None, before: Period | None
) -> _When | None:
    """Return the time of a clause: the one it opens with, else the one after its verb, else one taken from before."""
    own = [_When(*pair) for pair in find_periods(text, sentence.span) if clause.contains(pair[0])]
    own = [when for when in own if when.period.precision in _DATED and not when.period.text.lower().startswith("as ")]
    if claimant := _CLAIMANT.match(text, clause.start, clause.end):
        # "According to a 2020 paper": the year of the paper, not of what it tells.
        own = [when for when in own if not claimant.start("who") <= when.span.start < claimant.end("who")]
    if not own:
        whole = find_periods(text, Span(block.span.start, sentence.span.end))
        taken = [(span, period) for span, period in whole if clause.contains(span) and period.precision in _DATED]
        own = [_When(span, _relative(period)) for span, period in taken if not re.search(r"\d{4}", period.text)]
    if own:
        return _choose(own, clause, verb)
    return _relative_to(text, clause, verb, before) if verb and before and before.start else None


def _choose(own: list[_When], clause: Span, verb: Verb | None) -> _When | None:
    first = own[0]
    if first.span.start - clause.start <= len("Early in the "):
        return first
    if verb is None:
        return None
    after = [when for when in own if when.span.start >= verb.span.start]
    return after[0] if after else own[-1]


def _relative(period: Period) -> Period:
    return Period(period.text, period.start, period.end, "relative")


def _relative_to(text: str, clause: Span, verb: Verb, before: Period) -> _When | None:
    found = _RELATIVE.search(text, verb.subject_end, clause.end)
    if not found or not before.start:
        return None
    if found["count"] and not (found["later"] or found[0].lower().startswith("after")):
        return None
    span = Span(found.start(), found.end())
    if found["open"]:
        return _When(span, Period(span.of(text), before.start, None, "relative"))
    unit = (found["unit"] or found["units"]).lower()
    steps = 0 if (found["which"] or "").lower() == "same" else 1
    numbers = bounds(found["count"]) if found["count"] else None
    return _When(span, _moved(span.of(text), before, unit, int(numbers[0]) if numbers else steps))


def _moved(text: str, before: Period, unit: str, steps: int) -> Period:
    """Return the time so many days, weeks, months or years after another; a month is counted in whole months."""
    start = date.fromisoformat(str(before.start))
    if unit in ("day", "week"):
        exact = before.start == before.end
        day = (start + timedelta(days=steps * _UNITS[unit])).isoformat()
        return Period(text, day, day if exact else None, "relative")
    if unit == "year":
        return Period(text, f"{start.year + steps}-01-01", f"{start.year + steps}-12-31", "relative")
    month = start.year * 12 + start.month - 1 + steps
    first = date(month // 12, month % 12 + 1, 1)
    last = date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
    return Period(text, first.isoformat(), last.isoformat(), "relative")


# ------------------------------------------------------------------------------------------------------ the fact


def _facts(
    document: Document, block: Block, sentence: Sentence, clause: Span, verb: Verb, when: _When
) -> Iterator[Fact]:
    """Yield an event for each counted group of a clause; one without a count where it has none."""
    text = document.text
    claimant = _CLAIMANT.match(text, clause.start, clause.end)
    subject = _subject(text, Span(claimant.end() if claimant else clause.start, verb.subject_end), when.span)
    if not subject.of(text).strip() or _STUDY.search(subject.of(text)):
        return
    source = verb.by or (Span(*claimant.span("who")) if claimant else None)
    for who, value in _who(text, subject, verb, when):
        numbers = bounds(value.of(text)) if value != when.span else None
        yield Fact(
            id=fact_id(document, FactKind.EVENT, value, who.of(text), f"{verb.span.start}"),
            kind=FactKind.EVENT,
            subject=" ".join(who.of(text).split()),
            attribute=_outcome(text, sentence, verb.span),
            value=value.of(text),
            low=numbers[0] if numbers else None,
            high=numbers[1] if numbers else None,
            unit=None,
            where=_where(text, subject, verb),
            period=when.period,
            claimant=source.of(text) if source else None,
            hedge=_hedge(text, clause, subject, value),
            flags=tuple(flag.label for flag in sentence.flags),
            doc_id=document.id,
            span=value,
            statement=sentence.span,
            path=document.path_of(block.section),
        )


def _subject(text: str, span: Span, when: Span) -> Span:
    """Return the subject without the time at its beginning or end, and without an adverb before the verb."""
    start, end = span.start, span.end
    if span.contains(when):
        if when.start - start <= len("Early in the "):
            start = when.end
        elif not text[when.end : end].strip():
            end = when.start
    piece = re.sub(r"(?:[\s,]+(?:\w+ly|in|on|of|also|then))*[\s,]*\Z", "", text[start:end])
    lead = re.match(r"[\s,]*", piece)
    return Span(start + (lead.end() if lead else 0), max(start + (lead.end() if lead else 0), start + len(piece)))


def _who(text: str, subject: Span, verb: Verb, when: _When) -> list[tuple[Span, Span]]:
    """Return who it happened to, each with the count: the subject, else what the verb acts on, else no count."""
    groups = _groups(text, subject, bare=True)
    if groups:
        short = subject.end - subject.start <= _SHORT and not _NO_SUBJECT.match(subject.of(text))
        return [(subject if short else groups[0][0], groups[0][1])]
    end = _NEXT_VERB.search(text, verb.span.start, verb.span.end)
    groups = _groups(text, Span(verb.span.start, end.start() if end else verb.span.end), bare=False)
    groups = [(group, count) for group, count in groups if not _touches(count, when.span)]
    counts = [(bounds(count.of(text)) or (0.0, 0.0))[0] for _, count in groups]
    # "nine people, three men, three women and three boys": the parts of the first are not counted again.
    if len(counts) > 2 and sum(counts[1:]) == counts[0]:
        groups = groups[:1]
    return groups or [(subject, when.span)]


def _groups(text: str, span: Span, *, bare: bool) -> list[tuple[Span, Span]]:
    """Return counted groups and their counts; `bare` allows a number alone, "3" or "10 of the original 14"."""
    found: list[tuple[Span, Span]] = []
    for match in _GROUP.finditer(text, span.start, span.end):
        alone = not match["noun"] and match.start("group") == match.start("count")
        if (alone and not (bare and match.start() == span.start)) or _YEAR.fullmatch(match["count"]):
            continue
        found.append((Span(*match.span("group")), Span(*match.span("count"))))
    return found


def _where(text: str, subject: Span, verb: Verb) -> str | None:
    """Return the first place named after the verb, else in the subject, as written."""
    end = _NEXT_VERB.search(text, verb.span.start, verb.span.end)
    for start, stop in ((verb.span.start, end.start() if end else verb.span.end), (subject.start, subject.end)):
        for match in _WHERE.finditer(text, start, stop):
            if not _NO_PLACE.match(match["place"]):
                return match["place"]
    return None


def _hedge(text: str, clause: Span, subject: Span, value: Span) -> str | None:
    words = [match[0].lower() for match in _HEDGE.finditer(text, subject.start, clause.end)]
    about = _ABOUT.search(text, clause.start, value.start)
    return ", ".join(dict.fromkeys([*words, *([about[1].lower()] if about else [])])) or None


def _touches(span: Span, other: Span) -> bool:
    return span.start < other.end and other.start < span.end


def _outcome(text: str, sentence: Sentence, span: Span) -> str:
    """Return the verb phrase as written, without an editor's mark and the full stop behind it."""
    marks = [flag.span.start for flag in sentence.flags if flag.span.start > span.start]
    piece = text[span.start : min([span.end, *marks])]
    return " ".join(piece.split()).rstrip(" .,;")

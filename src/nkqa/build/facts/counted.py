"""What a figure counts or measures: the phrase beside it, or what its clause and the figures before it imply."""

from __future__ import annotations

import re

from nkqa.build.facts.clauses import Reading, opens_with_verb, without_opening
from nkqa.build.facts.figures import measure_of
from nkqa.text.phrases import amount_of, first_plural, is_plural, noun_phrase
from nkqa.text.values import Value
from nkqa.types import AnswerType, Sentence, Span

_OF_STUFF = re.compile(r"k?g\b|k?m\b.*of|kilo|gram|ton|pound|lit|gallon|acre|hectare|times|square|cubic")
_GROUP = re.compile(
    r"\b(?:an?|the|its|their)\s(staff|crew|team|group|family|population|community|army|fleet|audience)\sof\s"
    r"(?:\w+\s){0,2}\Z"
)
_AMONG = re.compile(r"\s(?:for|among)\s")
OF_WHOM = re.compile(r"\s(?:all\s)?(?:of\s)?(?:whom|which|them|these|those)\b")
_FINITE = re.compile(
    r"\s(?:(?:is|are|was|were|has|have|had|can|to|at|of|for|by|within|from|ranging|who|which|that|went|paid|\w{3,}ed)"
    r"(?:\s|\Z))|,\s"
)


def counted_phrase(text: str, value: Value, behind: Span) -> Span | None:
    """Return the phrase right behind a value that says what is counted or measured."""
    if OF_WHOM.match(text, value.span.end):
        return None
    start = value.span.end
    unit = measure_of(text, value)
    if unit:
        start = unit.end
    has_of = re.match(r"\s(?:or (?:more|so)\s)?of\s", text[start : behind.end])
    if value.type is AnswerType.NUMBER and start == value.span.end:
        return noun_phrase(text, start, behind.end)
    if unit and not _OF_STUFF.match(unit.of(text)):
        hyphen = text[value.span.end] == "-"  # "11-mile border", but "12 nautical miles of the bar"
        return noun_phrase(text, start, behind.end) if hyphen else None
    if has_of:
        return noun_phrase(text, start + has_of.end(), behind.end)
    phrase = noun_phrase(text, start, behind.end)
    if phrase and value.type is AnswerType.PERCENT:
        return phrase if is_plural(phrase.of(text)) else None
    return phrase if phrase and _is_bare(text, phrase, behind) else None


def implied_subject(
    text: str, sentence: Sentence, value: Value, before: Span, rest: Span, earlier: list[Reading]
) -> str:
    """Return what a figure counts whose clause does not say it beside the figure."""
    if value.type in (AnswerType.MONEY, AnswerType.DURATION) or measure_of(text, value):
        return _measured(text, sentence, before, earlier)
    same = [draft for draft in earlier if draft.value.type in (AnswerType.NUMBER, AnswerType.PERCENT)]
    if phrase := amount_of(text, before.start, before.end):
        return phrase.of(text)
    if group := _GROUP.search(text, before.start, value.span.start):
        return group[1]
    if (among := _AMONG.match(text, rest.start, rest.end)) and (phrase := noun_phrase(text, among.end(), rest.end)):
        return phrase.of(text)
    if same and same[-1].sentence == sentence:
        return same[-1].subject
    if phrase := amount_of(text, sentence.span.start, value.span.start):
        return phrase.of(text)
    phrase = first_plural(text, sentence.span.start, value.span.start)
    if phrase and not (same and phrase.of(text) in ("numbers", "figures")):
        return phrase.of(text)
    return same[-1].subject if same else ""


def _measured(text: str, sentence: Sentence, before: Span, earlier: list[Reading]) -> str:
    """Return what a sum, a duration or a measure is that of: the subject of its clause, or what stands before it."""
    words = without_opening(text, before).of(text).strip()
    if not words or opens_with_verb(words) or len(words.split()) == 1:
        if earlier and earlier[-1].sentence == sentence and earlier[-1].value.type is not AnswerType.NUMBER:
            return earlier[-1].subject
        words = without_opening(text, Span(sentence.span.start, before.end)).of(text).strip()
    words = re.sub(r"\A(?:Due|According|Owing|Because|Based|Apart|Despite)\b[^,]*,\s", "", words)
    subject = _FINITE.split(words)[0].strip(" ,")
    if re.search(r"\d", subject) and earlier and earlier[-1].sentence == sentence:
        return earlier[-1].subject
    if " the " in subject:
        subject = subject[subject.rindex(" the ") + 1 :]
    return " ".join(subject.split()[-8:])


def _is_bare(text: str, phrase: Span, behind: Span) -> bool:
    """Tell whether a noun may follow a measure directly: "12-week course", "$13,300 housing subsidy"."""
    words = phrase.of(text).split()
    return len(words) > 1 or text[behind.start - 1 : behind.start].isalpha() or is_plural(words[0])

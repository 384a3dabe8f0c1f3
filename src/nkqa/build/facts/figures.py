"""Which numbers of a sentence are figures, and the unit of each: labels, bounds and numbers in names are none."""

from __future__ import annotations

import re
from functools import partial

from nkqa.text.numbers import bounds
from nkqa.text.phrases import is_plural, noun_phrase
from nkqa.text.terms import STOP_WORDS
from nkqa.text.values import Value, find_values
from nkqa.types import AnswerType, BlockKind, Sentence, Span

# What is longer, or holds more figures, is a table or data that lost its form: no rule of English holds in it.
MAX_SENTENCE_CHARS = 3_000
MAX_FIGURES = 40
_COUNTED = (AnswerType.NUMBER, AnswerType.PERCENT, AnswerType.MONEY, AnswerType.DURATION)
_MEASURE = re.compile(
    r"[`*_]?[\s-](?P<unit>(?:(?:nautical|square|cubic|sq)\s)?(?:metres?|meters?|miles?|kilomet(?:re|er)s?|centimet(?:re|er)s?|km|cm|"
    r"mm|m|feet|foot|inch(?:es)?|yards?|kg|kilograms?|kilos?|grams?|tons?|tonnes?|pounds|lit(?:re|er)s?|gallons?|hertz|"
    r"k?Hz|bar|degrees|knots|hectares?|acres?|watts?|volts?|[kM]W|[MG]B|times|mi|ft|mph|km/h|lm(?:/W)?|"
    r"[ck]?m[23²³]))(?!\w)"
)
_YEAR_TO = re.compile(r"(?:1[5-9]|20)\d\d\s(?:to|and)\s")
_CURRENCY = re.compile(r"[$€£¥₩₽₹]|[^\W\d_][^\d]*\Z")
_TIME_UNIT = re.compile(r"[^\W\d_]+\Z")
_BOUND = re.compile(
    r"\b(?:(?:is|are|was|were|or|and)\s(?:aged?\s)?(?:under|over|between|above|below)|ages?|aged|age of|up to age|"
    r"older than|younger than|children under)\s\Z",
    re.IGNORECASE,
)
# "20-story", "30-odd", "17th"; units of measure are told apart before.
_COMPOUND = re.compile(r"-(?!(?:mile|met(?:re|er)|foot|inch|yard|acre|ton|pound|kilo)\w*\b)[^\W\d_]")
_EARLY_YEAR = re.compile(r"1[0-4]\d\d")
_NAME_NUMBER = re.compile(r"\b([^\W\d_a-z][\w’'-]*)\s\Z")
_RELATIVE_TIME = re.compile(
    r"\s(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)\s(?:later|earlier|ago|before|after|old)\b"
)


def find_figures(text: str, sentence: Sentence, kind: BlockKind) -> tuple[Value, ...]:
    """Return the values of a sentence that state how many or how much; () where it is no sentence."""
    if sentence.span.end - sentence.span.start > MAX_SENTENCE_CHARS:
        return ()
    flagged = [flag.span for flag in sentence.flags]
    found = tuple(
        value
        for value in map(partial(_without_year, text), find_values(text, sentence.span))
        if value.type in _COUNTED
        and not any(flag.contains(value.span) for flag in flagged)
        and not (value.type is AnswerType.NUMBER and _is_no_count(text, sentence.span, value.span, kind))
    )
    return found if len(found) <= MAX_FIGURES else ()


def measure_of(text: str, value: Value) -> Span | None:
    """Return the unit of length, weight or the like behind a bare number, "nautical miles"; None where none stands."""
    found = _MEASURE.match(text, value.span.end) if value.type is AnswerType.NUMBER else None
    return Span(found.start("unit"), found.end("unit")) if found else None


def unit_of(text: str, value: Value) -> str | None:
    """Return the unit of a figure as written, "%" for a share; None for a bare count."""
    written = value.span.of(text)
    if value.type is AnswerType.PERCENT:
        return "%"
    if value.type is AnswerType.MONEY:
        found = _CURRENCY.search(written)
        return re.sub(r"\A(?:hundred|thousand|million|billion)\s", "", found[0]) if found else None
    if value.type is AnswerType.DURATION:
        found = _TIME_UNIT.search(written)
        return found[0] if found else None
    measure = measure_of(text, value)
    return measure.of(text) if measure else None


def _without_year(text: str, value: Value) -> Value:
    """Return a percentage without a year that was taken for the low end of its range: "in 1951 to 4%"."""
    year = _YEAR_TO.match(text, value.span.start, value.span.end) if value.type is AnswerType.PERCENT else None
    return Value(value.type, Span(year.end(), value.span.end)) if year else value


def _is_no_count(text: str, sentence: Span, span: Span, kind: BlockKind) -> bool:
    """Tell whether a bare number is a label, a bound, a time ago, or the word "one"."""
    before, written = text[sentence.start : span.start], span.of(text)
    if written.lower() == "one" or bounds(written) is None or _COMPOUND.match(text, span.end):
        return True
    is_year = _EARLY_YEAR.fullmatch(written) and not _MEASURE.match(text, span.end)
    if is_year and not _counts_noun(text, span.end):
        return True
    if _RELATIVE_TIME.match(text, span.end) or (_BOUND.search(before) and not _counts_noun(text, span.end)):
        return True
    in_title = kind is BlockKind.LIST_ITEM and re.match(r"\s[^\W\d_a-z]", text[span.end : span.end + 2])
    if written[0].isalpha() and written[0].isupper() and (before.strip() or in_title):
        return True
    name = _NAME_NUMBER.search(before)
    in_name = name is not None and name[1].lower() not in STOP_WORDS and not _is_opening_word(before, name)
    return in_name and written[0].isdigit() and "," not in written and not _counts_noun(text, span.end)


def _is_opening_word(before: str, name: re.Match[str]) -> bool:
    """Tell whether a capital is that of the first word of the sentence: "Approximately 600"."""
    return not before[: name.start()].strip() and bool(
        re.search(r"ly\Z|\A(?:Over|About|Around|Some|Nearly)\Z", name[1])
    )


def _counts_noun(text: str, end: int) -> bool:
    phrase = noun_phrase(text, end, min(len(text), end + 60))
    return bool(phrase and phrase.start <= end + 1 and is_plural(phrase.of(text).rpartition(" ")[2]))

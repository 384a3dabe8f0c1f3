"""Numbers, shares, sums of money, durations and dates in running text, as spans. Nothing is computed from them here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nkqa.types import AnswerType, Span

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_WORD = rf"(?:{_SMALL.replace(' ', '|')})(?:-(?:{'|'.join(_SMALL.split()[:9])}))?"
_SCALE = r"(?:hundred|thousand|million|billion|dozen)"
# Never from inside a run of digits: it would be wrong, and thousands of digits would take minutes.
_DIGITS = r"(?<!\d)(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_CURRENCY = r"[$€£¥₩₽₹]"
_COIN = r"(?:dollars?|euros?|pounds?|yuan|yen|won|roubles?|rubles?|francs?|crowns?|USD|EUR|GBP|CNY|KRW|JPY)"
_TIME_UNIT = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))"
_DASH = r"\s?[–—-]\s?|\s(?:to|and)\s"

_NUMBER = rf"(?:(?:{_DIGITS})(?:\s{_SCALE})?|\b{_WORD}(?:\s{_SCALE})?\b)"
_RANGE = rf"{_NUMBER}(?:(?:{_DASH}){_NUMBER})?"

# In order of trust: a span that an earlier pattern took is not offered to a later one.
_PATTERNS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (answer_type, re.compile(pattern, re.IGNORECASE if answer_type is not AnswerType.DATE else 0))
    for answer_type, pattern in (
        (AnswerType.PERCENT, rf"(?:{_NUMBER}\s?%?(?:{_DASH}))?{_NUMBER}\s?(?:%|per\s?cent\b|percent\b)"),
        (
            AnswerType.MONEY,
            rf"(?:{_CURRENCY}\s?(?:{_DIGITS})(?:\s{_SCALE})?(?:(?:{_DASH}){_CURRENCY}?\s?(?:{_DIGITS})(?:\s{_SCALE})?)?"
            rf"|{_RANGE}\s(?:[A-Z][a-z]+\s){{0,2}}{_COIN}\b)",
        ),
        (AnswerType.DURATION, rf"{_RANGE}[\s-]{_TIME_UNIT}\b(?!\s(?:later|after|before|earlier|ago|old)\b)"),
        (AnswerType.DATE, rf"\b\d{{1,2}}\s{_MONTH}(?:\s{_YEAR})?\b|\b{_MONTH}\s\d{{1,2}}(?:,\s{_YEAR})?\b(?!\d)"),
        (AnswerType.DATE, rf"\b(?:{_MONTH}|[Mm]id|[Ee]arly|[Ll]ate)[\s-]{_YEAR}s?\b"),
        (AnswerType.YEAR, rf"(?<![\d,.$₩]){_YEAR}(?:[–-](?:{_YEAR}|\d\d))?(?![\d,.]\d|s\b|%|\d)"),
        (AnswerType.NUMBER, rf"(?<![\w.,:-]){_RANGE}(?![\w%]|[,.:]\d|-year|-\d)"),
    )
)


@dataclass(frozen=True, slots=True)
class Value:
    """A typed span: what it is and where it stands."""

    type: AnswerType
    span: Span


def find_values(text: str, span: Span) -> tuple[Value, ...]:
    """Return the values inside `span` of `text`, in order; no two overlap.

    A range ("49–81%", "$50 to $500") is one value.
    """
    found: list[Value] = []
    taken = bytearray(max(0, span.end - span.start))  # 1 for each character that a value holds
    for answer_type, pattern in _PATTERNS:
        for match in pattern.finditer(text, span.start, span.end):
            place = slice(match.start() - span.start, match.end() - span.start)
            if not any(taken[place]):
                taken[place] = b"\1" * len(match[0])
                found.append(Value(answer_type, Span(match.start(), match.end())))
    return tuple(sorted(found, key=lambda value: value.span))


def years(text: str) -> tuple[int, ...]:
    """Return the four-digit years named in `text`, in order."""
    return tuple(int(match[0]) for match in re.finditer(rf"(?<![\d,.]){_YEAR}(?![\d,]\d|\d)", text))

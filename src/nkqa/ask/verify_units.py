"""A text to be checked → its sentences, and each sentence as units that must agree: words, names, numbers and times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from nkqa.ask.smalltalk import recognise
from nkqa.ask.verdict import NEGATION
from nkqa.errors import QuestionError
from nkqa.text.irregular import BASE_FORMS
from nkqa.text.numbers import bounds
from nkqa.text.periods import find_periods
from nkqa.text.places import name_countries, write_out
from nkqa.text.terms import STOP_WORDS, stem, tokens
from nkqa.text.values import Value, find_values
from nkqa.types import AnswerType, Span

# A sentence with fewer units states nothing that could be looked up.
MIN_UNITS = 2
# What is longer is no sentence that anybody checks, and costs more than its share.
MAX_SENTENCE_CHARS = 2000
# A line without a full stop and with at most so many words is a heading.
MAX_HEADING_WORDS = 8

# Where a sentence may end: a mark with its closing quotation, before white space; a blank line always ends one.
_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]]*(?:\[[^\[\]\n]{1,80}\])*(?=\s+[\"'“‘(\[]*[^\W_a-z]|\s*\Z)|\n\s*\n|\n(?=\s*(?:[-*•#]|\d+[.)]))"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|prof|rev|hon|gen|col|lt|capt|sgt|maj|st|jr|sr|co|corp|inc|ltd|no|vol|ed|pp?|figs?|ca|cf|vs|"
    r"etc|approx|est|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[a-z]|(?:\w\.)+\w))\.\Z",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-*•]\s+|#+\s*|\d+[.)]\s+)?")
_TAGS = re.compile(r"\[[^\[\]\n]{1,80}\]")
_NUMBER_NEXT = r"(?=\s(?:an?\s|the\s|estimated\s)?(?:[$€£¥₩~]?\s?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|half|hundreds|thousands|millions)\b))"  # noqa: E501 (one pattern)
# Words that change what a statement says, though no passage is found by them. Words of one class say the same.
_QUALIFIERS = tuple(
    (name, re.compile(rf"\b(?:{pattern})", re.IGNORECASE))
    for name, pattern in (
        ("about", rf"(?:about|around|approximately|roughly|circa|some|close to){_NUMBER_NEXT}|estimated\b"),
        ("nearly", r"(?:nearly|almost)\b"),
        ("at least", r"at least\b|or more\b|no fewer than\b"),
        ("more than", rf"(?<!no )more than\b|(?:over|above|exceeding){_NUMBER_NEXT}"),
        ("less than", rf"(?:less|(?<!no )fewer) than\b|(?:under|below){_NUMBER_NEXT}"),
        ("up to", r"up to\b|at most\b|as many as\b|no more than\b"),
        ("only", r"only\b|just\b|merely\b"),
        ("reportedly", r"reportedly\b|allegedly\b|supposedly\b|purportedly\b|apparently\b|rumou?red\b|is said to\b"),
        ("probably", r"probably\b|likely\b|presumably\b|perhaps\b|maybe\b|possibly\b|(?:believed|thought|suspected)\b"),
        ("may", r"may\b|might\b|could\b"),
        ("would", r"would\b|should\b|must\b"),
        ("will", r"will\b|shall\b"),
        ("if", r"if\b|unless\b|provided that\b"),
        ("all", r"all\b|every\b|each\b|always\b"),
        ("most", r"most\b|majority\b|mostly\b"),
        ("some", rf"some\b(?!{_NUMBER_NEXT})|sometimes\b"),
        ("few", r"few\b|rarely\b|seldom\b"),
        ("many", r"(?<!as )many\b|often\b"),
        ("half", r"half\b"),
        ("before", r"before\b|prior to\b"),
        ("after", r"after\b"),
        ("until", r"until\b|till\b"),
        ("no longer", r"no longer\b|formerly\b|used to\b|former\b"),
    )
)  # fmt: skip
_CLAUSE = re.compile(
    r";\s*|[.!?]\s+|,\s+(?=(?:but|while|although|though|whereas|and|which|who|because|since|as|or|so)\b)|"
    r"\s+(?=(?:although|whereas|despite|because)\b)|:\s+"
)
_PARENTHESES = re.compile(r"\([^()]*\)")


class UnitKind(StrEnum):
    """What a unit is: only units of one kind can stand for each other in two versions of a statement."""

    WORD = "word"
    NAME = "name"
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, name, number or time of a sentence; two units with one `key` say the same. `aside`: in parentheses."""

    kind: UnitKind
    key: str
    text: str
    start: int
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as it is compared: units in order; `text` is the sentence with countries under one name each."""

    text: str
    units: tuple[Unit, ...]

    def clauses(self) -> tuple[Span, ...]:
        """Return the clauses of the sentence, in order; together they are the sentence."""
        cuts = [0, *(match.end() for match in _CLAUSE.finditer(self.text)), len(self.text)]
        return tuple(Span(start, end) for start, end in pairwise(cuts) if start < end)


def check_text(text: str, max_chars: int) -> None:
    """Raise QuestionError for a text that is empty or too long to be checked."""
    if not text.strip():
        raise QuestionError("The text is empty.", "Send the text to be checked.")
    if len(text) > max_chars:
        raise QuestionError(
            f"The text has {len(text):,} characters; at most {max_chars:,} are checked at once.",
            "Send it in parts, or raise the setting max_verify_chars.",
        )


def split_text(text: str) -> tuple[Span, ...]:
    """Return the sentences of a text, in order: without white space around them, bullets or heading marks."""
    cuts = [0]
    for match in _END.finditer(text):
        if not _ABBREVIATED.search(text, cuts[-1], match.end()) or match[0].startswith("\n"):
            cuts.append(match.end())
    spans: list[Span] = []
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        bullet = _BULLET.match(text, start, end)
        first = bullet.end() if bullet else start
        last = first + len(text[first:end].rstrip())
        if last > first:
            spans.append(Span(first, last))
    return tuple(spans)


def not_checkable(sentence: str) -> str | None:
    """Say why a sentence makes no statement that a source could bear out; None where it makes one."""
    if sentence.rstrip("\"'”’) ").endswith("?"):
        return "A question states nothing."
    if recognise(sentence):
        return "It states nothing."
    if len(sentence) > MAX_SENTENCE_CHARS:
        return f"It is longer than {MAX_SENTENCE_CHARS} characters: write it as several sentences."
    if (
        not re.search(r"[.!…:;][\"'”’)\]]*\Z", _TAGS.sub("", sentence).rstrip())
        and len(sentence.split()) <= MAX_HEADING_WORDS
    ):
        return "It looks like a heading, not like a sentence."
    if len(read_statement(sentence).units) < MIN_UNITS:
        return "It has too few words to be looked up."
    return None


def read_statement(sentence: str) -> Statement:
    """Return a sentence as units; tags such as "[citation needed]" are no part of what it says."""
    text = name_countries(write_out(" ".join(_TAGS.sub(" ", sentence).split())))
    whole = Span(0, len(text))
    asides = [Span(*match.span()) for match in _PARENTHESES.finditer(text)]
    taken: list[Span] = []
    found: list[tuple[UnitKind, str, Span]] = []
    for span, period in find_periods(text, whole):
        found.append((UnitKind.TIME, f"{period.start}..{period.end}", span))
        taken.append(span)
    for value in find_values(_blanked(text, taken), whole):
        if key := _amount(text, value):
            found.append((UnitKind.NUMBER, key, value.span))
            taken.append(value.span)
    # Words that limit a statement are compared by their class.
    taken += [Span(*match.span()) for _, pattern in _QUALIFIERS for match in pattern.finditer(text)]
    free = _blanked(text, taken)
    for token in tokens(text):
        if BASE_FORMS.get(token.word, token.word) not in STOP_WORDS and token.span.of(free) == token.span.of(text):
            kind = UnitKind.NAME if _is_name(text, token.span) else UnitKind.WORD
            found.append((kind, stem(token.word), token.span))
    ordered = sorted(found, key=lambda one: one[2])
    units = (Unit(k, key, s.of(text), s.start, any(a.contains(s) for a in asides)) for k, key, s in ordered)
    return Statement(text, tuple(units))


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with spaces in place of some of its spans."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)


def qualifiers(text: str) -> Counter[str]:
    """Return the classes of the words in a text that limit, weaken or widen what it says; negations are apart."""
    return Counter(name for name, pattern in _QUALIFIERS if pattern.search(text))


def negations(text: str) -> int:
    """Return how often a text says "not"."""
    return len(NEGATION.findall(text))


def _amount(text: str, value: Value) -> str | None:
    """Return a number with its unit in one spelling: "1.5 million crowns" and "1,500,000 crowns" are equal."""
    written = value.span.of(text)
    ends = bounds(written)
    if ends is None:
        return None
    if value.type is AnswerType.PERCENT:
        unit = "%"
    else:
        words = [t.word for t in tokens(written) if not bounds(t.word) and t.word.rstrip("s") not in _SCALES]
        unit = " ".join(stem(w) for w in words if w not in STOP_WORDS) + "".join(c for c in written if c in "$€£¥₩₽₹")
    return f"{ends[0]:.10g}..{ends[1]:.10g} {unit}".strip()


_SCALES = frozenset("dozen hundred thousand million billion".split())


def _is_name(text: str, span: Span) -> bool:
    """Tell whether a word is written like a name; the first of a sentence only with another one behind it."""
    if not text[span.start].isupper():
        return False
    opens = not text[: span.start].strip(" \"'“‘(")
    return not opens or re.match(r"\s[^\W\d_a-z]", text[span.end :]) is not None

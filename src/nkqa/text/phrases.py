"""Noun phrases in running text, by rules of English and without a grammar model: for corpus and questions."""

from __future__ import annotations

import re

from nkqa.text.terms import STOP_WORDS
from nkqa.types import Span

# A noun phrase is at most this many words.
MAX_WORDS = 6
WORD = re.compile(r"[“\"'‘]?(?P<word>(?:[^\W\d_]|\d+(?=-\w))[\w'’.-]*)[”\"]?")
_PLURALS = frozenset("people men women children persons staff crew personnel feet police youth clergy cattle".split())
# Words that no noun phrase holds, besides function words: verbs that follow a counted noun without an auxiliary.
_VERBS = frozenset(
    """live lives lie lies come comes came say says said stay remain hold held want go went fled fell rose leave left
    took met won lost found saw knew felt think believe report reported identify cite cited need use work make became
    become began grew cost die escape choose arrive speak receive have show shows include includes carry get put rely
    managed tried seek sought spent fight fought per according ago later earlier old back home away together
    including""".split()
)
_ADJECTIVES = frozenset("more other same own further such most new".split())
_CONNECTIVES = frozenset(
    """since because although though despite among amongst across towards toward along near around via per than amid
    throughout unless whereas upon onto beside besides except""".split()
)
_SKIPPED = re.compile(
    r"\s?(?:(?:all|the|these|those|their|its|his|her|our|both|any|each|every|such|original|remaining|of)\s)*",
    re.IGNORECASE,
)
_INNER_NUMBER = re.compile(r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten)\s", re.IGNORECASE)
_AMOUNT_OF = re.compile(
    r"\b(?:percentages?|proportions?|shares?|portions?|rates?|(?:total )?numbers?|totals?|amounts?|majority|"
    r"(?:poll|survey|study|sample|demographics?|status|breakdown|distribution)) of\s",
    re.IGNORECASE,
)


def noun_phrase(text: str, start: int, end: int) -> Span | None:
    """Return the noun phrase that begins at `start`: words up to the first plural, or up to a function word or stop.

    "The", "all of", "their" and a number before it ("of 407 defectors polled") are skipped. None where a verb or a
    function word stands there.
    """
    position = _skipped(text, start, end)
    words: list[Span] = []
    while len(words) < MAX_WORDS and (match := WORD.match(text, position, end)):
        word = match["word"].rstrip(".").lower()
        if _ends_phrase(word) or (words and word in _VERBS):
            break
        words.append(Span(match.start("word"), match.start("word") + len(match["word"].rstrip("."))))
        follows = text[match.end() : match.end() + 1]
        if is_plural(word) or follows not in (" ", "\n") or match["word"].endswith("."):
            break
        position = match.end() + 1
    first = words[0].of(text).lower() if words else ""
    plural = bool(words) and is_plural(words[-1].of(text))
    alone = first.endswith("ing") and len(words) == 1
    if not words or first in _VERBS or (not plural and (alone or first.endswith("ed"))):
        return None
    return Span(words[0].start, words[-1].end)


def is_plural(word: str) -> bool:
    """Tell whether a word has the form of a plural noun."""
    plain = word.lower()
    if plain in _PLURALS or plain.rpartition("-")[2] in _PLURALS:
        return True
    return len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is", "'s", "’s"))


def amount_of(text: str, start: int, end: int) -> Span | None:
    """Return the last phrase in "the number of ...", "the percentage of ...", "a poll of ..." of a stretch of text."""
    found = [
        phrase for match in _AMOUNT_OF.finditer(text, start, end) if (phrase := noun_phrase(text, match.end(), end))
    ]
    return found[-1] if found else None


def first_plural(text: str, start: int, end: int) -> Span | None:
    """Return the first noun phrase with a plural in a stretch of text, None where it has none."""
    for match in re.finditer(r"(?<![\w'’-])[^\W\d_]", text[start:end]):
        phrase = noun_phrase(text, start + match.start(), end)
        if phrase and is_plural(phrase.of(text).rpartition(" ")[2]):
            return phrase
    return None


def _skipped(text: str, start: int, end: int) -> int:
    position = start
    if match := _SKIPPED.match(text, position, end):
        position = match.end()
    if number := _INNER_NUMBER.match(text, position, end):
        position = number.end()
    return position


def _ends_phrase(word: str) -> bool:
    return word in _CONNECTIVES or (word in STOP_WORDS and word not in _ADJECTIVES)

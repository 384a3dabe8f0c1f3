"""Typing errors in a question → the words that were meant; what is in doubt stays as it was typed.

A word is looked at only where neither the corpus nor English has it. It is then two words run together, half of a word
that a blank tore apart, or a word one slip of the hand away from a word of questions or of the corpus. A slip is two
letters exchanged, a letter missing, too many, or wrong; a long word in lower case may hold two. Where two words are as
near, neither was meant for sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from nkqa.text.terms import STOP_WORDS, Token, stem, tokens

# Below this length only words of questions are recognised, and only where two letters are exchanged.
MIN_WORD_CHARS = 4
# From this length on a letter may be wrong, from the next a word in lower case may hold two slips.
MIN_SLIP_CHARS = 5
MIN_TWO_SLIPS_CHARS = 9
# A wrong or missing first letter is rare, and takes a long word to be sure of.
MIN_FIRST_LETTER_CHARS = 7
MIN_PART_CHARS = 4
MIN_NAME_PART_CHARS = 5
# A name that differs by a wrong letter may be somebody else's.
MIN_NAME_CHARS = 7

# General words that questions are made of and that a corpus need not hold.
_QUESTION_WORDS = STOP_WORDS | frozenset(
    """abbreviation according amount average between called combined compare compared comparison country decrease
    define definition describe difference different during estimate explain female females formerly happened highest
    history increase known largest longest lowest male males maximum meaning means minimum number numbers overview
    people percent percentage population ratio reason reasons romanization romanized script share smallest spelling
    statistics summary total translation until woman women years""".split()
)
# Words that are readily run together with the one behind them; "inhumane" is no "in humane". Behind the question words
# that word may be a stop word, too.
_ASKING = frozenset("how what who when where why which".split())
_OPENERS = _ASKING | frozenset("the many from did does was were are".split())
_ENDINGS = tuple(
    "ability able al ally ance ation ed ee ees eer eers ence er ers es ful hood ian ing ings ion ions ish ism ist ists "
    "ity ive ization ize ized izing ise ised ising less like ly man men ment ments ness or ors ous s ship ships st th "
    "ties ty ward wards wise y".split()
)
_PREFIXES = (
    "anti counter fore inter mid mis multi non out over post pre pro re self semi sub super trans un under".split()
)
_BEHIND_HOW = r"(?:many|much|long|far|old|large|big|often|do|does|did)\b"
_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Speller:
    """Knows the words of the corpus; `is_word` tells those of English and of the corpus in any form."""

    vocabulary: frozenset[str]
    is_word: Callable[[str], bool]

    def correct(self, question: str) -> str:
        """Return a question with its typing errors mended; letters that are none of an error stay as they are."""
        joined = self._join(question)
        pieces: list[str] = []
        position = 0
        for token in tokens(joined):
            typed = token.span.of(joined)
            if joined[: token.span.start][-1:].isalnum() or joined[token.span.end :][:1].isalnum():
                continue  # a part of "12th" or "4x4" is no word
            if replacement := self._meant(token.word, typed, joined):
                pieces += [joined[position : token.span.start], replacement]
                position = token.span.end
        return "".join([*pieces, joined[position:]])

    def _knows(self, word: str) -> bool:
        return word in self.vocabulary or word in _QUESTION_WORDS or self.is_word(word)

    def _join(self, question: str) -> str:
        """Join what a blank tore apart: neighbours of which one is no word and that are one together."""
        for one, other in reversed(list(pairwise(tokens(question)))):
            gap = question[one.span.end : other.span.start]
            whole = one.word + other.word
            known = self._knows(one.word) + self._knows(other.word)
            if gap != " " or known == 2 or len(whole) <= MIN_SLIP_CHARS or not (_is_plain(one) and _is_plain(other)):
                continue
            if whole in self.vocabulary:
                question = question[: one.span.end] + question[other.span.start :]
            elif not known and (meant := self._nearest(whole, self.vocabulary, is_name=True)):
                question = question[: one.span.start] + meant + question[other.span.end :]
        return question

    def _meant(self, word: str, typed: str, question: str) -> str | None:
        """Return what a word was meant to be, or None where it is right or nothing is near enough."""
        if not word.isascii() or not word.isalpha() or self._knows(word):
            return None
        if len(word) < MIN_WORD_CHARS:
            return _exchanged(word, question)
        if self._is_derived(word):
            return None
        is_name = _is_name(typed, question)
        choices = self.vocabulary if is_name else self.vocabulary | _QUESTION_WORDS
        mended = self._parted(word, is_name) or self._nearest(word, choices, is_name)
        return mended or (None if is_name else self._english(word))

    def _is_derived(self, word: str) -> bool:
        """Tell whether a word is made of an English word and a common ending or prefix, and so is English itself."""
        bases = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
        bases += [base + silent for base in bases if len(base) < len(word) - 1 for silent in ("e", "y")]
        bases += [base[:-1] for base in bases if base[-2:-1] == base[-1:]]
        bases += [word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)]
        return any(len(base) >= MIN_WORD_CHARS and self._knows(base) for base in bases)

    def _parted(self, word: str, is_name: bool) -> str | None:
        """Return two words that were run together, or None; the parts of a name must be long to be no chance."""
        shortest = MIN_NAME_PART_CHARS if is_name else MIN_PART_CHARS
        for place in range(2, len(word) - 1):
            left, right = word[:place], word[place:]
            is_right = len(right) >= shortest and right in self.vocabulary
            if is_right and len(left) >= shortest and left in self.vocabulary:
                return f"{left} {right}"
            if left in _OPENERS and not is_name and (is_right or (left in _ASKING and right in STOP_WORDS)):
                return f"{left} {right}"
        return None

    def _nearest(self, word: str, choices: frozenset[str], is_name: bool) -> str | None:
        """Return the choice that is nearest to a word, or None where there is none, or several say different things."""
        near: dict[tuple[int, int], set[str]] = {}
        for choice in choices:
            if abs(len(choice) - len(word)) <= 2 and (distance := _distance(word, choice, is_name)):
                near.setdefault(distance, set()).add(choice)
        best = sorted(near[min(near)]) if near else []
        return best[0] if len({stem(choice) for choice in best}) == 1 else None

    def _english(self, word: str) -> str | None:
        """Return the one English word that the commonest slips turn into a word, for words that the corpus lacks."""
        if len(word) < MIN_SLIP_CHARS:
            return None
        found = {choice for choice in _exchanges(word) | _respellings(word) if self.is_word(choice)}
        return found.pop() if len(found) == 1 else None


def _is_plain(token: Token) -> bool:
    return token.word.isascii() and token.word.isalpha()


def _is_name(typed: str, question: str) -> bool:
    """Tell whether a capital marks a name, which may be one that the corpus does not hold: "Hong" beside "Kong"."""
    if not typed[0].isupper() or question == question.upper():
        return False
    return not question.startswith(typed) or question[len(typed) :].lstrip(" -")[:1].isupper()


def _exchanges(word: str) -> set[str]:
    """Return what a word becomes when two neighbouring letters change places."""
    return {word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1)} - {word}


def _respellings(word: str) -> set[str]:
    """Return what a word becomes when a letter is doubled or no longer is, or a vowel is put for another."""
    found = {word[:place] + char + word[place:] for place, char in enumerate(word)}
    found |= {word[:place] + word[place + 1 :] for place, (one, other) in enumerate(pairwise(word)) if one == other}
    vowels = [place for place, char in enumerate(word) if place and char in _VOWELS]
    return found | {word[:place] + vowel + word[place + 1 :] for place in vowels for vowel in _VOWELS} - {word}


def _exchanged(word: str, question: str) -> str | None:
    """Return the short word of questions that was meant; "hwo" is "how" where a word behind it says so."""
    found = sorted(_exchanges(word) & STOP_WORDS) if len(word) > 2 else []
    if "how" in found and re.search(rf"\b{word}\s{_BEHIND_HOW}", question, re.IGNORECASE):
        return "how"
    return found[0] if len(found) == 1 else None


def _distance(word: str, choice: str, is_name: bool) -> tuple[int, int] | None:
    """Return how far a choice is from a word, nearer first; None where too far to have been meant.

    The first number counts slips, the second says how likely a slip is: letters exchanged, a doubled letter, a vowel
    for a vowel, a letter missing, one too many, one wrong.
    """
    if len(choice) < MIN_WORD_CHARS - (len(word) == MIN_WORD_CHARS) or choice == word:
        return None
    if choice[0] != word[0]:
        exchanged = len(word) >= MIN_SLIP_CHARS and word[1::-1] + word[2:] == choice
        rare = len(word) >= MIN_FIRST_LETTER_CHARS and not is_name and OSA.distance(word, choice, score_cutoff=1) == 1
        return (1, 0) if exchanged else (1, 6) if rare else None
    slips = OSA.distance(word, choice, score_cutoff=2)
    if slips == 1:
        kind = _kind_of_slip(word, choice)
        if is_name and kind in (2, 5) and len(word) < MIN_NAME_CHARS:
            return None
        is_sure = len(word) >= MIN_SLIP_CHARS or kind == 0 or (kind in (1, 3) and not is_name)
        return (1, kind) if is_sure else None
    long = min(len(word), len(choice)) >= MIN_TWO_SLIPS_CHARS - 1 and len(word) + len(choice) >= 2 * MIN_TWO_SLIPS_CHARS
    return (2, 0) if slips == 2 and long and not is_name and not _differs_by_ending(word, choice) else None


def _kind_of_slip(word: str, choice: str) -> int:
    """Return how unlikely the one slip between two words is, from 0."""
    if len(word) == len(choice):
        wrong = [{one, other} for one, other in zip(word, choice, strict=True) if one != other]
        return 0 if len(wrong) == 2 else 2 if wrong[0] <= _VOWELS else 5
    if re.sub(r"(.)\1", r"\1", word) == re.sub(r"(.)\1", r"\1", choice):
        return 1
    return 3 if len(word) < len(choice) else 4


def _differs_by_ending(word: str, choice: str) -> bool:
    """Tell whether two words share all but their last letters: the one may be a form that the corpus does not hold."""
    return word[: len(word) - 3] == choice[: len(word) - 3]

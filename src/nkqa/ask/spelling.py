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

from rapidfuzz.distance import OSA, Levenshtein

from nkqa.text.terms import STOP_WORDS, Token, stem, tokens

# Below this length only words of questions are recognised, and only where two letters are exchanged.
MIN_WORD_CHARS = 4
# From the first length on a letter may be missing, from the second there may be one too many or a vowel for another,
# from the third two slips. Measured on 8,000 English words: shorter ones are too often right and only not known here.
MIN_SLIP_CHARS = 5
MIN_LONG_CHARS = 7
MIN_TWO_SLIPS_CHARS = 9
# A wrong first letter is rare, and takes a long word to be sure of.
MIN_WRONG_FIRST_CHARS = 9
MIN_PART_CHARS = 4
MIN_NAME_PART_CHARS = 5

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
_SOUNDS = (_VOWELS, *(frozenset(sound) for sound in ("ck", "cs", "sz", "mn", "dt", "gj", "fv", "vw", "bp", "kq")))
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


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
            if (
                gap != " "
                or known == 2
                or len(whole) <= MIN_SLIP_CHARS
                or not (_is_plain(one, question) and _is_plain(other, question))
            ):
                continue
            if whole in self.vocabulary:
                question = question[: one.span.end] + question[other.span.start :]
            elif not known and (meant := self._nearest(whole, self.vocabulary, is_name=True)):
                question = question[: one.span.start] + meant + question[other.span.end :]
        return question

    def _meant(self, word: str, typed: str, question: str) -> str | None:
        """Return what a word was meant to be, or None where it is right or nothing is near enough."""
        if not typed.isascii() or not word.isalpha() or self._knows(word):
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
            is_left = len(left) >= shortest and left in self.vocabulary
            if is_left and is_right and not {left, right} & STOP_WORDS:
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
        near = _exchanges(word) if len(word) >= MIN_SLIP_CHARS else set()
        near |= _respellings(word) if len(word) >= MIN_LONG_CHARS - 1 else set()
        found = {choice for choice in near if self.is_word(choice) and not self._is_only_stemmed(choice)}
        return found.pop() if len(found) == 1 else None

    def _is_only_stemmed(self, word: str) -> bool:
        """Tell whether a word has nothing but its stem in common with words of the corpus: it need not be a word."""
        family = [known for known in self.vocabulary if known[:2] == word[:2] and stem(known) == stem(word)]
        return bool(family) and not any(known.startswith(word.removesuffix("s")) for known in family)


def _is_plain(token: Token, question: str) -> bool:
    return token.span.of(question).isascii() and token.word.isalpha()


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
    if not found and len(word) > 2 and re.search(rf"(?<!\w){word}(?!\w)", question):  # in capitals it may be a name
        longer = (other for other in STOP_WORDS if len(other) == len(word) + 1 and other[0] == word[0])
        found = sorted(other for other in longer if OSA.distance(word, other, score_cutoff=1) == 1)
    return found[0] if len(found) == 1 else None


def _distance(word: str, choice: str, is_name: bool) -> tuple[int, int] | None:
    """Return how far a choice is from a word, nearer first; None where too far to have been meant.

    The first number counts slips, the second says how unlikely a slip is (`_kind_of_slip`).
    """
    if len(choice) < MIN_WORD_CHARS or choice == word:
        return None
    slips = OSA.distance(word, choice, score_cutoff=2)
    if slips == 1:
        kind = _kind_of_slip(word, choice)
        return (1, kind) if kind is not None and _is_sure(kind, word, choice, is_name) else None
    long = len(word) + len(choice) >= 2 * MIN_TWO_SLIPS_CHARS
    likely = slips == 2 and long and not is_name and word[0] == choice[0] and not _differs_by_ending(word, choice)
    return (2, 0) if likely and _is_likely(word, choice) else None


def _is_sure(kind: int, word: str, choice: str, is_name: bool) -> bool:
    """Tell whether a word is long enough for its slip; a wrong letter in a name may make it somebody else's."""
    if choice[0] != word[0] and kind:
        return not is_name and len(word) >= (MIN_WRONG_FIRST_CHARS if len(word) == len(choice) else MIN_LONG_CHARS)
    if kind == 0:
        return len(word) >= MIN_SLIP_CHARS or choice[0] == word[0]
    if is_name and kind in (2, 5):
        return len(word) >= MIN_LONG_CHARS
    if choice in _QUESTION_WORDS:
        return len(word) >= MIN_SLIP_CHARS or len(word) < len(choice)
    return len(word) >= {1: MIN_SLIP_CHARS + 1, 3: MIN_SLIP_CHARS, 5: MIN_SLIP_CHARS + 1}.get(kind, MIN_LONG_CHARS)


def _kind_of_slip(word: str, choice: str) -> int | None:
    """Return how unlikely the one slip between two words is; None where no key or sound explains a wrong letter.

    Letters exchanged 0, a doubled letter 1, a vowel for a vowel 2, a letter missing or a vowel put in 3, another letter
    too many 4, one wrong 5.
    """
    if len(word) == len(choice):
        wrong = [one + other for one, other in zip(word, choice, strict=True) if one != other]
        if len(wrong) == 2:
            return 0
        return 2 if set(wrong[0]) <= _VOWELS else 5 if _is_near(*wrong[0]) else None
    if re.sub(r"(.)\1", r"\1", word) == re.sub(r"(.)\1", r"\1", choice):
        return 1
    if len(word) < len(choice):
        return 3
    extra = next((place for place, char in enumerate(choice) if word[place] != char), len(choice))
    return 3 if extra < len(choice) and word[extra] in _VOWELS else 4


def _is_near(one: str, other: str) -> bool:
    """Tell whether two letters sound alike or lie side by side on the keyboard."""
    if any({one, other} <= sound for sound in _SOUNDS):
        return True
    places = {char: (row, column + row / 2) for row, keys in enumerate(_KEYS) for column, char in enumerate(keys)}
    if one not in places or other not in places:
        return False
    (row, column), (other_row, other_column) = places[one], places[other]
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 1


def _is_likely(word: str, choice: str) -> bool:
    """Tell whether no letter of a word with two slips is wrong but for one that sounds alike."""
    replaced = [
        {word[step.src_pos], choice[step.dest_pos]}
        for step in Levenshtein.editops(word, choice)
        if step.tag == "replace"
    ]
    return all(any(pair <= sound for sound in _SOUNDS) for pair in replaced)


def _differs_by_ending(word: str, choice: str) -> bool:
    """Tell whether two words share all but their last letters: the one may be a form that the corpus does not hold."""
    return word[: len(word) - 3] == choice[: len(word) - 3]

"""Two names of one thing in a question: an abbreviation and its full name, a country and its letters.

A passage that has the one name says what a question with the other asks for. Abbreviations are those that the corpus
itself defines ("Torhaven Rescue Association (TRA)"); countries are general knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass

from nkqa.text.places import letters_for, letters_of
from nkqa.text.terms import terms
from nkqa.types import Fact, OtherName


@dataclass(frozen=True, slots=True)
class Names:
    """Pairs of names, by the terms of the one: `pairs` holds both directions of each."""

    pairs: tuple[OtherName, ...]

    @classmethod
    def of(cls, facts: list[Fact]) -> Names:
        """Return the abbreviations and full names among definition facts."""
        both = [
            OtherName(terms(one), terms(other))
            for fact in facts
            if fact.attribute in ("full name", "abbreviation")
            for one, other in ((fact.subject, fact.value), (fact.value, fact.subject))
        ]
        return cls(tuple(dict.fromkeys(pair for pair in both if pair.named and pair.other)))

    def others(self, text: str, known: frozenset[str]) -> tuple[OtherName, ...]:
        """Return the other names of what a question names; `known` are the stems of the corpus.

        Letters for a country are given only where its name is not in the corpus: they would outweigh it.
        """
        asked = terms(text)
        found = [pair for pair in self.pairs if _holds(asked, pair.named)]
        found += [OtherName(terms(letters), terms(name)) for letters, name in letters_of(text)]
        found += [
            OtherName(terms(name), terms(letters))
            for name, letters in letters_for(text)
            if not set(terms(name)) <= known
        ]
        return tuple(dict.fromkeys(pair for pair in found if pair.other and set(pair.other) <= known))


def implied(names: tuple[OtherName, ...], present: frozenset[str]) -> frozenset[str]:
    """Return the terms of a question that a passage with these terms says by another name."""
    return frozenset(term for name in names if set(name.other) <= present for term in name.named)


def _holds(asked: tuple[str, ...], named: tuple[str, ...]) -> bool:
    """Tell whether the terms of a name stand side by side in a question."""
    return any(asked[place : place + len(named)] == named for place in range(len(asked) - len(named) + 1))

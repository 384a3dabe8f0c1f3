"""Words for the same thing in labels and questions: general English, nothing of any corpus."""

from __future__ import annotations

import re
from functools import lru_cache

from nkqa.text.terms import stem, terms

_GROUPS = (
    "male males man men guy guys boy boys masculine gentlemen",
    "female females woman women girl girls lady ladies feminine",
    "total totals altogether overall together all both everyone everybody whole combined sum",
)
_SAME: tuple[frozenset[str], ...] = tuple(frozenset(stem(word) for word in group.split()) for group in _GROUPS)
TOTAL = _SAME[2]
MIN_DERIVED_CHARS = 4
# Labels are compared with every question.
MAX_REMEMBERED = 1 << 13
_ENDINGS = ("er", "or", "ist", "ian")
_UNIT = re.compile(r"\(([^()]{1,20})\)\s*\Z")


def synonyms(term: str) -> frozenset[str]:
    """Return the stems that mean the same as a stem, itself among them."""
    return next((group for group in _SAME if term in group), frozenset({term}))


@lru_cache(MAX_REMEMBERED)
def meant_by(label: str) -> tuple[frozenset[str], ...]:
    """Return for each content word of a label the stems that stand for it.

    They are its own, those of other words for it, and those of what is named after it: "steamers" for "Steam".
    """
    return tuple(synonyms(term) | _derived(term) for term in terms(_UNIT.sub("", label)))


def names(asked: frozenset[str], label: str) -> bool:
    """Tell whether a question, as a set of stems, holds every content word of a label or another word for it."""
    wanted = meant_by(label)
    return bool(wanted) and all(meant & asked for meant in wanted)


def knows(vocabulary: frozenset[str], term: str) -> bool:
    """Tell whether a set of stems holds a stem, another word for it, or the word that it is derived from."""
    derived_from = (term.removesuffix(ending) for ending in _ENDINGS if term.endswith(ending))
    return bool(synonyms(term) & vocabulary) or any(word in vocabulary for word in derived_from)


def _derived(term: str) -> frozenset[str]:
    return frozenset(term + ending for ending in _ENDINGS) if len(term) >= MIN_DERIVED_CHARS else frozenset()


def is_total(label: str) -> bool:
    """Tell whether a label stands for a sum of the others: "Total", "All", "Overall"."""
    wanted = terms(label)
    return len(wanted) == 1 and wanted[0] in TOTAL - {stem("both"), stem("together")}


def unit_of(label: str) -> str | None:
    """Return the unit in brackets at the end of a label, "crowns" of "Cost (crowns)"; None where there is none."""
    found = _UNIT.search(label)
    return found[1].strip() if found else None

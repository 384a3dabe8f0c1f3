"""Two statements, unit by unit: does the source state all that the claim says, or the same with something else in it?

The order must be kept, but for a time and for one turn ("In May, X fell." and "X fell in May."): a bag of equal words
may say the contrary.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from nkqa.ask.verdict import OPPOSITES
from nkqa.ask.verify_units import Statement, Unit, UnitKind, negations, qualifiers
from nkqa.types import Span

# So many words of the source may be left out between two that the claim has.
MAX_SKIPPED = 2
# A turned part is at least so long, and so many units of a claim agree where one is said to contradict the source.
MIN_PART = 3
MIN_AGREEING = 3
MIN_AGREEING_FOR_NAMES = 4
MIN_AGREEING_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Difference:
    """What a claim has in the place of what the source has."""

    claimed: str
    stated: str
    kind: UnitKind | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a claim stands to a statement of the source that has all its other words.

    `differences` are () where the source states all of it; `qualified` says in which words that limit a statement the
    two differ, "" in none; `certain` is False where the differing statements may both be true.
    """

    differences: tuple[Difference, ...]
    qualified: str
    certain: bool


@dataclass(slots=True)
class _Walk:
    pairs: list[tuple[Unit, Unit]]
    swaps: list[tuple[Unit, Unit]]
    end: int
    skipped: int = 0


def compare(claim: Statement, source: Statement) -> Comparison | None:
    """Return how a claim stands to a statement; None where the statement is about something else, or lacks a part."""
    times = [unit for unit in source.units if unit.kind is UnitKind.TIME]
    positional = len(times) > 1
    ours = [unit for unit in claim.units if positional or unit.kind is not UnitKind.TIME]
    theirs = [unit for unit in source.units if positional or unit.kind is not UnitKind.TIME]
    walk = _follow(ours, theirs)
    if walk is None or not walk.pairs:
        return None
    timed = () if positional else _times(claim, times)
    if timed is None:
        return None
    swaps = [*walk.swaps, *timed]
    touched = [unit for _, unit in walk.pairs] + [unit for _, unit in walk.swaps]
    text = " ".join(span.of(source.text) for span in source.clauses() if _holds(span, touched))
    differences = tuple(Difference(one.text, other.text, one.kind) for one, other in swaps)
    said, stated = qualifiers(claim.text), qualifiers(text)
    missing, added = stated - said, said - stated
    qualified = _qualified(missing, added)
    denied = negations(claim.text) % 2 != negations(text) % 2
    if denied:
        differences += (Difference("", text, None),)
    agreeing = len(walk.pairs) + sum(u.kind is UnitKind.TIME for u in claim.units) - len(timed)
    enough = MIN_AGREEING_FOR_NAMES if any(d.kind is UnitKind.NAME for d in differences) else MIN_AGREEING
    certain = (
        _one_place(differences)
        and not walk.skipped
        and agreeing >= max(enough, MIN_AGREEING_SHARE * len(claim.units))
        and not (times and not any(u.kind is UnitKind.TIME for u in claim.units))
    )
    return Comparison(differences, qualified, certain)


def _qualified(missing: Counter[str], added: Counter[str]) -> str:
    if missing:
        return f"The text says it with “{', '.join(missing)}”."
    return f"The text does not say “{', '.join(added)}”." if added else ""


def _one_place(differences: tuple[Difference, ...]) -> bool:
    """Tell whether there is one difference; the words of one name are one."""
    names = all(one.kind is UnitKind.NAME for one in differences)
    return len(differences) == 1 or (names and len(differences) == 2)


def _holds(span: Span, units: list[Unit]) -> bool:
    return any(span.start <= unit.start < span.end for unit in units)


def _times(claim: Statement, times: list[Unit]) -> list[tuple[Unit, Unit]] | None:
    """Return the time of a claim beside another one of the source; None where the source gives no such time."""
    ours = [unit for unit in claim.units if unit.kind is UnitKind.TIME]
    if not ours:
        return []
    if len(ours) != 1 or not times:
        return None
    one, other = ours[0], times[0]
    if one.key == other.key or _within(other.key, one.key):
        return []
    return None if _within(one.key, other.key) else [(one, other)]


def _within(inner: str, outer: str) -> bool:
    """Tell whether a time lies in another one that is a year or shorter: what happened in May happened in that year."""
    (first, last), (start, end) = inner.split(".."), outer.split("..")
    closed = "None" not in (first, last, start, end)
    return closed and start[:4] == end[:4] and start <= first and last <= end


def _follow(ours: list[Unit], theirs: list[Unit]) -> _Walk | None:
    """Follow a claim through a statement to its end, with at most one turn; None where it cannot be followed."""
    if not ours:
        return None
    first = _best(ours, 0, theirs)
    if first is None or first.end == len(ours):
        return first
    whole: list[_Walk] = []
    for cut in range(MIN_PART, len(ours) - MIN_PART + 1):
        one, other = _best(ours[:cut], 0, theirs), _best(ours, cut, theirs)
        if one and other and one.end == cut and other.end == len(ours) and not one.swaps and not _share(one, other):
            whole.append(_Walk(one.pairs + other.pairs, other.swaps, len(ours), one.skipped + other.skipped))
    return min(whole, key=lambda walk: (len(walk.swaps), walk.skipped), default=None)


def _share(one: _Walk, other: _Walk) -> bool:
    places = {unit.start for _, unit in one.pairs}
    return any(unit.start in places for _, unit in [*other.pairs, *other.swaps])


def _best(ours: list[Unit], begin: int, theirs: list[Unit]) -> _Walk | None:
    walks = [
        _walk(ours, begin, theirs, place)
        for place, unit in enumerate(theirs)
        if _same(ours[begin], unit) or _replaces(ours[begin], unit)
    ]
    return max(walks, key=lambda walk: (walk.end, -len(walk.swaps), -walk.skipped), default=None)


def _walk(ours: list[Unit], begin: int, theirs: list[Unit], place: int) -> _Walk:
    walk = _Walk([], [], begin)
    while True:
        pair = (ours[walk.end], theirs[place])
        (walk.pairs if _same(*pair) else walk.swaps).append(pair)
        walk.end += 1
        if walk.end == len(ours):
            return walk
        ahead = _ahead(theirs, place + 1)
        wanted = ours[walk.end]
        found = next((p for p in ahead if _same(wanted, theirs[p])), None)
        if found is None:
            found = next((p for p in ahead if _replaces(wanted, theirs[p])), None)
        if found is None:
            return walk
        walk.skipped += sum(not unit.aside for unit in theirs[place + 1 : found])
        place = found


def _ahead(theirs: list[Unit], place: int) -> list[int]:
    """Return the places that may follow: the next one, and those behind words and parentheses that are left out."""
    places: list[int] = []
    skipped = 0
    for here in range(place, len(theirs)):
        places.append(here)
        skipped += not theirs[here].aside
        if skipped > MAX_SKIPPED or (theirs[here].kind is not UnitKind.WORD and not theirs[here].aside):
            break
    return places


def _same(one: Unit, other: Unit) -> bool:
    return one.key == other.key


def _replaces(one: Unit, other: Unit) -> bool:
    """Tell whether two units can be two versions of one thing: different numbers, times or names, or opposites."""
    if _same(one, other):
        return False
    if one.kind is UnitKind.WORD or other.kind is UnitKind.WORD:
        return any((one.key in a and other.key in b) or (one.key in b and other.key in a) for a, b in OPPOSITES)
    return one.kind is other.kind

"""What to ask next, and what to begin with: candidates near the answer, of different kinds, each asked beforehand.

A suggestion is given only where facts, or a heading, were found to answer it: an offer that leads nowhere is worse than
none. The same question gets the same suggestions; another one gets others, in another order.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from nkqa.ask.candidates import Candidate
from nkqa.text.terms import terms
from nkqa.types import Answer, Finding

MAX_SUGGESTIONS = 3
MAX_OPENERS = 6
# Candidates of a family, or of a kind of openers, that are asked before it is left out: what a question may cost has a
# limit, however many documents there are and whatever year is asked about.
MAX_TRIED = 8
MAX_REMEMBERED = 4096
# Facts before headings, which say least of what there is to know.
_LAST = "heading"
# The kinds of openers, those that show most of what can be asked first.
_OPENERS = ("share", "incidents", "list", "term", "peak", "person", "number", "detail", "work", "trend", "list by year")

# Returns what a question would be answered with, given earlier questions and a year; None where that is not sure.
Asks = Callable[[str, Sequence[str], int | None], Finding | None]


# What lies around a place, from its section (0) over its main heading and its document to everything (3).
_Ring = tuple[int, str, tuple[str, ...]]
_EVERYWHERE: _Ring = (3, "", ())


class Suggester:
    """Suggests questions of one generation. Thread-safe: what it remembers can only be found the same again."""

    def __init__(self, candidates: tuple[Candidate, ...], ask: Asks, generation: str) -> None:
        self._ask = ask
        self._generation = generation
        # Shuffled once; for a question only the place to begin at is chosen.
        self._candidates = sorted(candidates, key=lambda one: self._shuffled(one.text, ""))
        self._around: dict[_Ring, dict[str, dict[str, list[Candidate]]]] = {}
        for candidate in self._candidates:
            for ring in _rings((candidate.doc_id, candidate.path)):
                kinds = self._around.setdefault(ring, {}).setdefault(candidate.family, {})
                kinds.setdefault(candidate.kind, []).append(candidate)
        self._answered = lru_cache(MAX_REMEMBERED)(self._answer)
        self._openers: tuple[str, ...] | None = None
        self._lock = threading.Lock()

    def after(self, answer: Answer, history: Sequence[str], as_of: int | None = None) -> tuple[str, ...]:
        """Return questions to go on with: near what was cited, or came closest; none that was asked already."""
        earlier = (*history, answer.question)
        known = {_key(text) for text in (*earlier, answer.interpreted_as or "")}
        chosen: list[str] = []
        for ranked in self._families(answer, "\0".join(earlier)):
            new = (candidate for candidate in ranked if _key(candidate.text) not in known)
            chosen += self._first(islice(new, MAX_TRIED), answer.short, earlier, as_of)
            if len(chosen) == MAX_SUGGESTIONS:
                break
        return tuple(chosen)

    @property
    def openers(self) -> tuple[str, ...]:
        """Return questions to begin with, of as many kinds and documents as there are; found once."""
        with self._lock:
            if self._openers is None:
                self._openers = tuple(self._find_openers())[:MAX_OPENERS]
            return self._openers

    def _families(self, answer: Answer, seed: str) -> Iterator[Iterator[Candidate]]:
        """Yield the candidates by family, the nearest family and the nearest of each first; headings last."""
        cited = answer.citations or answer.closest
        near = dict.fromkeys((citation.document_id, citation.section) for citation in cited)
        by_distance = zip(*map(_rings, near), strict=True)
        rings = list(dict.fromkeys(ring for same in by_distance for ring in same)) or [_EVERYWHERE]
        distance: dict[str, int] = {}
        for ring in rings:
            for family in self._around.get(ring, ()):
                distance.setdefault(family, ring[0])
        order = {family: self._shuffled(family, seed) for family in distance}
        for family in sorted(distance, key=lambda one: (one == _LAST, distance[one], order[one])):
            yield self._outwards(family, rings, int(order[family], 16))

    def _outwards(self, family: str, rings: Iterable[_Ring], start: int) -> Iterator[Candidate]:
        """Yield each candidate of a family once, ring by ring; `start` chooses with which of a ring it begins."""
        seen: set[str] = set()
        for ring in rings:
            for candidate in _in_turn(self._around.get(ring, {}).get(family, {}), start):
                if candidate.text not in seen:
                    seen.add(candidate.text)
                    yield candidate

    def _first(
        self, ranked: Iterable[Candidate], short: str | None, earlier: Sequence[str], as_of: int | None
    ) -> list[str]:
        """Return the first candidate that is answered, also where it is asked after the earlier questions."""
        for candidate in ranked:
            found = self._answered(candidate, as_of)
            # What answers the same would tell nothing new.
            if found is None or (short and found.short == short):
                continue
            if _fits(candidate, self._ask(candidate.text, earlier, as_of)):
                return [candidate.text]
        return []

    def _answer(self, candidate: Candidate, as_of: int | None) -> Finding | None:
        """Return what a candidate is answered with where nothing was asked before; None where it is not as meant."""
        found = self._ask(candidate.text, (), as_of)
        return found if _fits(candidate, found) else None

    def _find_openers(self) -> Iterator[str]:
        used: Counter[str] = Counter()
        seen: set[str] = set()
        # A second round where there are few kinds; headings at the end.
        for kind in (*_OPENERS, *_OPENERS, *[_LAST] * MAX_OPENERS):
            own = [candidate for candidate in self._candidates if candidate.kind == kind and candidate.text not in seen]
            own.sort(key=lambda one: used[one.doc_id])
            found = next((candidate for candidate in own[:MAX_TRIED] if self._answered(candidate, None)), None)
            if found:
                used[found.doc_id] += 1
                seen.add(found.text)
                yield found.text

    def _shuffled(self, text: str, seed: str) -> str:
        return hashlib.blake2b(f"{self._generation}\0{seed}\0{text}".encode(), digest_size=8).hexdigest()


def _fits(candidate: Candidate, found: Finding | None) -> bool:
    """Tell whether a question was answered by what it was made from."""
    if found is None or len(found.timeline) < candidate.incidents:
        return False
    if candidate.proof is None:
        return True
    return any(piece.doc_id == candidate.doc_id and piece.span == candidate.proof for piece in found.evidence)


def _rings(place: tuple[str, tuple[str, ...]]) -> tuple[_Ring, ...]:
    """Return what lies around a document's section, nearest first."""
    doc_id, path = place
    return (0, doc_id, path), (1, doc_id, path[:1]), (2, doc_id, ()), _EVERYWHERE


def _in_turn(kinds: Mapping[str, Sequence[Candidate]], start: int) -> Iterator[Candidate]:
    """Yield one candidate of each kind in turn; `start` chooses the first kind, and the first of each kind."""
    names = list(kinds)
    for turn in range(max(map(len, kinds.values()), default=0)):
        for number in range(len(names)):
            same = kinds[names[(start + number) % len(names)]]
            if turn < len(same):
                yield same[(start // len(names) + turn) % len(same)]


def _key(text: str) -> frozenset[str]:
    return frozenset(terms(text))

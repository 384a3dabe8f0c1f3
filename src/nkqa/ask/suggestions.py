"""What to ask next, and what to begin with: candidates near the answer, of different kinds, each asked beforehand.

A suggestion is given only where facts, or a heading, were found to answer it: an offer that leads nowhere is worse than
none. The same question gets the same suggestions; another one gets others, in another order.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from nkqa.ask.candidates import Candidate
from nkqa.text.terms import terms
from nkqa.types import Answer, Finding

MAX_SUGGESTIONS = 3
MAX_OPENERS = 6
# Facts before headings, which say least of what there is to know.
_LAST = "heading"
# The kinds of openers, those that show most of what can be asked first.
_OPENERS = ("share", "incidents", "list", "term", "peak", "person", "number", "detail", "work", "trend", "list by year")

# Returns what a question would be answered with, given earlier questions and a year; None where that is not sure.
Asks = Callable[[str, Sequence[str], int | None], Finding | None]


class Suggester:
    """Suggests questions of one generation. Thread-safe: what it remembers can only be found the same again."""

    def __init__(self, candidates: tuple[Candidate, ...], ask: Asks, generation: str) -> None:
        self._candidates = candidates
        self._ask = ask
        self._generation = generation
        self._asked: dict[str, Finding | None] = {}
        self._openers: tuple[str, ...] | None = None
        self._lock = threading.Lock()

    def after(self, answer: Answer, history: Sequence[str], as_of: int | None = None) -> tuple[str, ...]:
        """Return questions to go on with: near what was cited, or came closest; none that was asked already."""
        earlier = (*history, answer.question)
        known = {_key(text) for text in (*earlier, answer.interpreted_as or "")}
        chosen: list[str] = []
        for ranked in self._families(answer, "\0".join(earlier)):
            chosen += self._first(ranked, known, answer.short, earlier, as_of)
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

    def _families(self, answer: Answer, seed: str) -> list[list[Candidate]]:
        """Return the candidates by family, the nearest family and the nearest of each first; headings last."""
        cited = answer.citations or answer.closest
        near = list(dict.fromkeys((citation.document_id, citation.section) for citation in cited))
        distance: dict[tuple[str, tuple[str, ...]], int] = {}
        families: dict[str, list[tuple[int, str, str, Candidate]]] = {}
        for candidate in self._candidates:
            place = (candidate.doc_id, candidate.path)
            if place not in distance:
                distance[place] = min((_distance(place, other) for other in near), default=0)
            order = (self._shuffled(candidate.kind, seed), self._shuffled(candidate.text, seed))
            families.setdefault(candidate.family, []).append((distance[place], *order, candidate))
        ranked = [sorted(family, key=lambda one: one[:3]) for family in families.values()]
        ranked.sort(key=lambda family: (family[0][3].family == _LAST, family[0][0], family[0][1]))
        return [[candidate for *_, candidate in family] for family in ranked]

    def _first(
        self, ranked: Iterable[Candidate], known: set[frozenset[str]], short: str | None, earlier: Sequence[str],
        as_of: int | None,
    ) -> list[str]:  # fmt: skip
        """Return the first candidate that is new and answered, also where it is asked after the earlier questions."""
        for candidate in ranked:
            if _key(candidate.text) in known or not (found := self._answered(candidate)):
                continue
            # What answers the same would tell nothing new.
            if short and found.short == short:
                continue
            if _fits(candidate, self._ask(candidate.text, earlier, as_of)):
                return [candidate.text]
        return []

    def _answered(self, candidate: Candidate) -> Finding | None:
        """Return what a candidate is answered with where nothing was asked before; None where it is not as meant."""
        if candidate.text not in self._asked:
            found = self._ask(candidate.text, (), None)
            self._asked[candidate.text] = found if _fits(candidate, found) else None
        return self._asked[candidate.text]

    def _find_openers(self) -> Iterator[str]:
        used: Counter[str] = Counter()
        seen: set[str] = set()
        # A second round where there are few kinds; headings at the end.
        for kind in (*_OPENERS, *_OPENERS, *[_LAST] * MAX_OPENERS):
            own = [candidate for candidate in self._candidates if candidate.kind == kind and candidate.text not in seen]
            own.sort(key=lambda one: (used[one.doc_id], self._shuffled(one.text, "")))
            found = next((candidate for candidate in own if self._answered(candidate)), None)
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


def _distance(one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]) -> int:
    """Return 0 for the same section, 1 for one under the same main heading, 2 for the same document, else 3."""
    if one[0] != other[0]:
        return 3
    if one[1] == other[1]:
        return 0
    return 1 if one[1][:1] == other[1][:1] else 2


def _key(text: str) -> frozenset[str]:
    return frozenset(terms(text))

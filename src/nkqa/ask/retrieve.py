"""Query → hits: vectors and terms propose passages, `rank` orders them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nkqa.ask.names import implied
from nkqa.ask.rank import Features, reward_type, score
from nkqa.store.tier import Tier
from nkqa.text.places import spell_out
from nkqa.text.values import years
from nkqa.types import Encoder, Hit, Query, Weighted

# How many views and how many passages each half proposes; a passage beyond both was never the place of an answer on
# the 500 questions that the weights of `rank` were set on.
DENSE_LIMIT = 200
LEXICAL_LIMIT = 100


def retrieve(
    query: Query,
    vector: NDArray[np.float32],
    tier: Tier,
    limit: int,
    as_of: int | None = None,
    doc_id: str | None = None,
) -> tuple[Hit, ...]:
    """Return the best passages for a query, best first; ties go to the earlier passage of the corpus.

    `vector` is the encoded text of the query, shape (dimensions,). With `as_of`, passages that name only later years
    are left out; with `doc_id`, all but those of that document.
    """
    weights = _weights(query, tier)
    lexical = _lexical(query, weights, tier, doc_id)
    proposed = sorted({*_dense(vector, tier, doc_id), *lexical})
    cosines = tier.vectors.cosines(vector, proposed)
    stems = tier.lexical.stems(proposed)
    best_lexical = max(lexical.values(), default=0.0) or 1.0
    hits: list[Hit] = []
    for number in proposed:
        passage = tier.passages[number]
        if as_of is not None and is_later(passage.text, as_of):
            continue
        coverage = _covered(weights, stems[number] | implied(query.names, stems[number]))
        features = Features(cosines[number], lexical.get(number, 0.0) / best_lexical, coverage)
        hits.append(Hit(passage, score(features), max(cosines[number]), coverage, lexical=features.lexical))
    return tuple(reward_type(hits, query)[:limit])


def _lexical(query: Query, weights: dict[str, float], tier: Tier, doc_id: str | None) -> dict[int, float]:
    """Return the BM25 score of each passage that terms propose, best first."""
    others = [term for name in query.names for term in name.other]
    limit = LEXICAL_LIMIT if doc_id is None else len(tier.passages)
    found = tier.lexical.search((*weights, *others), limit)
    return {number: found[number] for number in _of(found, tier, doc_id)[:LEXICAL_LIMIT]}


def _dense(vector: NDArray[np.float32], tier: Tier, doc_id: str | None) -> list[int]:
    """Return the passages that vectors propose, best first."""
    views = DENSE_LIMIT if doc_id is None else tier.vectors.shape[0]
    return _of(tier.vectors.search(vector, views), tier, doc_id)[:DENSE_LIMIT]


def _of(passages: Iterable[int], tier: Tier, doc_id: str | None) -> list[int]:
    return [number for number in passages if doc_id is None or tier.passages[number].doc_id == doc_id]


def query_vector(query: Query, encoder: Encoder) -> NDArray[np.float32]:
    """Return the unit vector of a query, shape (dimensions,): its own, or the weighted sum of those of its views."""
    views = query.views or (Weighted(query.text, 1.0),)
    vectors = encoder.encode([spell_out(view.text) for view in views])
    summed = np.asarray([view.weight for view in views], dtype=np.float32) @ vectors
    return np.asarray(summed / np.linalg.norm(summed), dtype=np.float32)


def _weights(query: Query, tier: Tier) -> dict[str, float]:
    """Return the weight of each term in the corpus, less for one that comes from an earlier question."""
    recalled = {one.text: one.weight for one in query.context}
    weights = tier.lexical.weights((*query.terms, *recalled))
    return {term: weight * recalled.get(term, 1.0) for term, weight in weights.items()}


def _covered(weights: dict[str, float], present: frozenset[str]) -> float:
    """Return the share of the query's term weight that is present; 0 for a query without content words."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0


def is_later(text: str, as_of: int) -> bool:
    """Tell whether a text names years, all of them after `as_of`."""
    named = years(text)
    return bool(named) and min(named) > as_of

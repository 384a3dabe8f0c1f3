"""Answer or refuse, and how sure. The numbers come from docs/decisions/0005."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nkqa.types import Hit, Reason

# Below this, a question has nothing to do with the documents; between it and the setting `min_support`, it may.
OFF_TOPIC_SUPPORT = 0.3
# How much of the support is term coverage, and how much is similarity.
COVERAGE_SHARE = 0.4
# Logistic regression of "the best passage holds the answer" on 500 questions about 20 held-out articles.
INTERCEPT = -4.0
SUPPORT_WEIGHT = 6.0
LEAD_WEIGHT = 6.0


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` is None where the question is answered; `confidence` is the chance, in [0, 1], that it is right."""

    reason: Reason | None
    confidence: float


def decide(hits: tuple[Hit, ...], min_support: float) -> Decision:
    """Decide by the best passage whether there is anything to answer from."""
    if not hits:
        return Decision(Reason.OFF_TOPIC, 0.0)
    best = hits[0]
    found = support(best)
    if found < min_support:
        return Decision(Reason.OFF_TOPIC if found < OFF_TOPIC_SUPPORT else Reason.NOT_IN_CORPUS, 0.0)
    lead = best.score - hits[1].score if len(hits) > 1 else best.score
    confidence = 1 / (1 + math.exp(-(INTERCEPT + SUPPORT_WEIGHT * found + LEAD_WEIGHT * lead)))
    return Decision(None, round(confidence, 3))


def support(hit: Hit) -> float:
    """Return how well a passage carries a question, in [0, 1]: its similarity and the share of the words it has."""
    return (1 - COVERAGE_SHARE) * max(0.0, hit.similarity) + COVERAGE_SHARE * hit.coverage

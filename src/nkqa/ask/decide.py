"""Answer or refuse, and how sure. The numbers come from docs/decisions/0005."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nkqa.types import Hit, Reason

# Logistic regression that tells 500 questions about 20 held-out articles, asked of those articles (1), from the same
# questions asked of the two corpora of this project (0). Inputs: similarity and coverage of the best passage.
SUPPORT = (-14.27, 21.66, 11.60)
# Logistic regression of "the best passage holds the answer" on the 500 questions. Inputs: similarity and coverage of
# the best passage, and how far its score leads the second.
CONFIDENCE = (-2.03, 1.53, 1.25, 9.14)
# Below this support the question has nothing to do with the documents; up to the setting `min_support`, it may.
OFF_TOPIC_SUPPORT = 0.02


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
    return Decision(None, round(_logistic(CONFIDENCE, (best.similarity, best.coverage, lead)), 3))


def support(hit: Hit) -> float:
    """Return the chance, in [0, 1], that a question whose best passage this is asks about these documents at all."""
    return _logistic(SUPPORT, (hit.similarity, hit.coverage))


def _logistic(weights: tuple[float, ...], inputs: tuple[float, ...]) -> float:
    """Return 1 / (1 + exp(-(w0 + w1 x1 + ...)))."""
    total = weights[0] + sum(weight * value for weight, value in zip(weights[1:], inputs, strict=True))
    return 1 / (1 + math.exp(-total))

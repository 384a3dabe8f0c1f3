"""How much a passage looks like the place of the answer: one number from cosines, terms and the type asked for.

The weights were set on 500 questions about 20 articles that are no corpus of this project (SQuAD 1.1 train, held-out
articles) and then checked on the project's own question sets: docs/decisions/0004.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nkqa.text.values import find_values
from nkqa.types import AnswerType, Hit, Kind, Passage, PassageKind, Query, Span

HEADING_WEIGHT = 1.0
WINDOW_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.1
COVERAGE_WEIGHT = 0.3
TYPE_WEIGHT = 0.1
# Only so many passages are looked at for values of the type asked for; the reward lifts none from further down.
TYPE_CANDIDATES = 60
# A value of each of these types can be the answer where the type on the left is asked for.
ACCEPTED: dict[AnswerType, frozenset[AnswerType]] = {
    AnswerType.NUMBER: frozenset({AnswerType.NUMBER}),
    AnswerType.PERCENT: frozenset({AnswerType.PERCENT}),
    AnswerType.MONEY: frozenset({AnswerType.MONEY}),
    AnswerType.DURATION: frozenset({AnswerType.DURATION}),
    AnswerType.YEAR: frozenset({AnswerType.YEAR, AnswerType.DATE}),
    AnswerType.DATE: frozenset({AnswerType.DATE, AnswerType.YEAR}),
}
# Words by which a sentence gives a cause, a purpose or a means.
_CAUSE = re.compile(
    r"\b(?:because|due to|since|as a (?:result|consequence)|owing to|thanks to|in order to|so that|so as to|"
    r"in response to|for fear|"
    r"reasons?|caus(?:e|ed|es)|therefore|thus|hence|prompted|led to|leads to|to avoid|to prevent|in an? "
    r"(?:attempt|effort)|intended to|motivated|out of|by means of|by \w+ing|as (?:most|many|they|it|he|she|the))\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[^\W\d_a-z]\w+")


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a passage for a query.

    `cosines` are those of its views (alone, with headings, with neighbours where it has any); `lexical` is BM25
    relative to the best passage, in [0, 1]; `coverage` the share of the query's term weight found in and around it.
    """

    cosines: tuple[float, ...]
    lexical: float
    coverage: float


def score(features: Features) -> float:
    """Return the score of a passage before its type is looked at; only differences within one query have a meaning."""
    alone, headed = features.cosines[:2]
    window = features.cosines[2] if len(features.cosines) > 2 else alone
    dense = (alone + HEADING_WEIGHT * headed + WINDOW_WEIGHT * window) / (1 + HEADING_WEIGHT + WINDOW_WEIGHT)
    lexical = LEXICAL_WEIGHT * features.lexical + COVERAGE_WEIGHT * features.coverage
    return dense + lexical


def reward_type(hits: list[Hit], query: Query) -> list[Hit]:
    """Return the best hits with the reward for holding the type asked for, best first; equal ones keep their order."""
    best = sorted(hits, key=lambda hit: -hit.score)[:TYPE_CANDIDATES]
    rewarded = [replace(hit, score=hit.score + TYPE_WEIGHT * holds_type(hit.passage, query)) for hit in best]
    return sorted(rewarded, key=lambda hit: -hit.score)


def holds_type(passage: Passage, query: Query) -> bool:
    """Tell whether a passage has what is asked for by type; a type that is not known is never missing."""
    if query.kind is Kind.WHY_HOW:
        return _CAUSE.search(passage.text) is not None
    if query.answer_type is AnswerType.ANY:
        return True
    if query.answer_type is AnswerType.NAME:
        return _NAME.search(passage.text) is not None
    if passage.kind is PassageKind.TABLE_ROW:
        return query.answer_type in (AnswerType.NUMBER, AnswerType.PERCENT)
    accepted = ACCEPTED[query.answer_type]
    return any(value.type in accepted for value in find_values(passage.text, Span(0, len(passage.text))))

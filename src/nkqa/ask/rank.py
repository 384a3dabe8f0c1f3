"""How much a passage looks like the place of the answer: one number from cosines, terms and the type asked for.

The weights were set on 500 questions about 20 articles that are no corpus of this project (SQuAD 1.1 train, held-out
articles) and then checked on the project's own question sets: docs/decisions/0004.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nkqa.text.values import find_values
from nkqa.types import AnswerType, Passage, PassageKind, Query, Span

HEADING_WEIGHT = 1.0
WINDOW_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.1
COVERAGE_WEIGHT = 0.3
TYPE_WEIGHT = 0.1
# A value of each of these types can be the answer where the type on the left is asked for.
ACCEPTED: dict[AnswerType, frozenset[AnswerType]] = {
    AnswerType.NUMBER: frozenset({AnswerType.NUMBER}),
    AnswerType.PERCENT: frozenset({AnswerType.PERCENT}),
    AnswerType.MONEY: frozenset({AnswerType.MONEY}),
    AnswerType.DURATION: frozenset({AnswerType.DURATION}),
    AnswerType.YEAR: frozenset({AnswerType.YEAR, AnswerType.DATE}),
    AnswerType.DATE: frozenset({AnswerType.DATE, AnswerType.YEAR}),
}
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


def score(features: Features, passage: Passage, query: Query) -> float:
    """Return the rank score; only differences within one query have a meaning."""
    alone, headed = features.cosines[:2]
    window = features.cosines[2] if len(features.cosines) > 2 else alone
    dense = (alone + HEADING_WEIGHT * headed + WINDOW_WEIGHT * window) / (1 + HEADING_WEIGHT + WINDOW_WEIGHT)
    lexical = LEXICAL_WEIGHT * features.lexical + COVERAGE_WEIGHT * features.coverage
    return dense + lexical + TYPE_WEIGHT * holds_type(passage, query.answer_type)


def holds_type(passage: Passage, answer_type: AnswerType) -> bool:
    """Tell whether a passage has a value of the type asked for; a type that is not known is never missing."""
    if answer_type is AnswerType.ANY:
        return True
    if answer_type is AnswerType.NAME:
        return _NAME.search(passage.text) is not None
    if passage.kind is PassageKind.TABLE_ROW:
        return answer_type in (AnswerType.NUMBER, AnswerType.PERCENT)
    accepted = ACCEPTED[answer_type]
    return any(value.type in accepted for value in find_values(passage.text, Span(0, len(passage.text))))

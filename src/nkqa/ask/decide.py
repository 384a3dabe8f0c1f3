"""Answer or refuse, and how sure. The numbers come from docs/decisions/0005 and 0008."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nkqa.ask.judge import held, logistic
from nkqa.ask.read import names_of
from nkqa.ask.verdict import denies_premise
from nkqa.text.places import countries_of
from nkqa.text.terms import stem, terms, tokens
from nkqa.text.values import years
from nkqa.types import Hit, Kind, Query, Reason

# Logistic regression that tells 500 questions about 20 held-out articles, asked of those articles (1), from the same
# questions asked of the two corpora of this project (0). Inputs: similarity and coverage of the best passage.
SUPPORT = (-14.27, 21.66, 11.60)
# Logistic regression of "the best passage answers" (training/calibrate.py). Inputs: those of `signs`.
CONFIDENCE: tuple[float, ...] = (-1.24, -0.05, 0.16, 0.32, 1.96, -0.58)
# The same without the reader's logits, for yes/no questions: it never saw any, orders them well and points at nothing.
CONFIDENCE_YES_NO: tuple[float, ...] = (-1.25, 0.0, 0.0, 0.30, 1.79, -0.75)
# Below this support the question has nothing to do with the documents; up to the setting `min_support`, it may.
OFF_TOPIC_SUPPORT = 0.02
# The share of the setting `min_confidence` that a yes/no question needs.
YES_NO_SHARE = 0.5
# The closest passages, in which it is looked up whether the documents speak of a thing at all.
LOOKED_AT = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` is None where the question is answered; `confidence` is the chance, in [0, 1], that it is right."""

    reason: Reason | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered; `detail` says in words what is missing, "" where the reason says all."""

    reason: Reason
    detail: str = ""


def off_topic(hits: tuple[Hit, ...], min_support: float) -> Reason | None:
    """Return why a question cannot be about the documents, by the best passage found; None where it can."""
    found = support(hits[0]) if hits else 0.0
    if hits and found >= min_support:
        return None
    return Reason.OFF_TOPIC if found < OFF_TOPIC_SUPPORT else Reason.NOT_IN_CORPUS


def support(hit: Hit) -> float:
    """Return the chance, in [0, 1], that a question whose best passage this is asks about these documents at all."""
    return logistic(SUPPORT, (hit.similarity, hit.coverage))


def decide(query: Query, hits: tuple[Hit, ...], min_confidence: float) -> Decision:
    """Decide by what was read whether the best passage answers; `hits` are those of `judge`, best first."""
    if not hits:
        return Decision(Reason.NOT_IN_CORPUS, 0.0)
    if denies_premise(query, hits[0]):
        return Decision(Reason.FALSE_PREMISE, 0.0)
    countries = countries_of(query.text)
    if not _tell_of(countries, hits) or _is_elsewhere(countries, hits[0]):
        return Decision(Reason.NOT_IN_CORPUS, 0.0)
    confidence = sureness(query, hits)
    needed = confidence_needed(query, min_confidence)
    return Decision(None if confidence >= needed else Reason.NOT_IN_CORPUS, confidence)


def _tell_of(countries: frozenset[str], hits: tuple[Hit, ...]) -> bool:
    """Tell whether the passages name every country that is asked about: what is said of another is no answer.

    One of them will do, and not the best: it may say "the country" of what the one before it names.
    """
    missing = countries
    for hit in hits:
        if not missing:
            break
        if hit.window:
            missing -= countries_of(" ".join((*hit.window.path, hit.window.text)))
    return not missing


def _is_elsewhere(countries: frozenset[str], hit: Hit) -> bool:
    """Tell whether a passage stands under the name of one country and the question asks of others.

    Countries in the title are those that all of the document is about: they tell nothing apart.
    """
    if hit.window is None:
        return False
    path = hit.window.path  # the title first
    asked = countries - countries_of(" ".join(path[:1]))
    here = countries_of(" ".join(path[1:]))
    return bool(asked and here) and asked.isdisjoint(here | countries_of(hit.window.text))


def confidence_needed(query: Query, min_confidence: float) -> float:
    """Return the confidence from which a question is answered."""
    # Less is enough for a yes/no question: where words give no verdict, its answer says so and only quotes.
    return min_confidence * YES_NO_SHARE if query.kind is Kind.YES_NO else min_confidence


def sureness(query: Query, hits: tuple[Hit, ...]) -> float:
    """Return how likely the first of the hits answers, in [0, 1]; the others are what else might."""
    weights = CONFIDENCE_YES_NO if query.kind is Kind.YES_NO else CONFIDENCE
    return round(logistic(weights, signs(query, hits)), 3)


def explain(query: Query, hits: tuple[Hit, ...], weights: dict[str, float], known: frozenset[str]) -> Refusal:
    """Say why no passage answers: a name that the documents never use, a time they do not tell of, or just this.

    `weights` are those of the question's terms in the corpus, `known` the stems that the corpus has.
    """
    if strange := strange_names(query, known):
        named = ", ".join(f"“{name}”" for name in strange)
        return Refusal(Reason.NOT_IN_CORPUS, f"The documents never name {named}. ")
    near = " ".join(f"{' '.join(hit.passage.path)} {hit.passage.text}" for hit in hits[:LOOKED_AT])
    words = [term for term in query.terms if term in weights and not term.isdigit()]
    rarest = max(words, key=lambda term: weights[term], default="")
    if rarest not in terms(near):
        return Refusal(Reason.NOT_IN_CORPUS)
    if query.years and not set(query.years) & set(years(near)):
        asked = ", ".join(map(str, query.years))
        return Refusal(Reason.MENTIONED_NOT_STATED, f"What comes closest does not speak of {asked}.")
    word = next(token.span.of(query.text) for token in tokens(query.text) if stem(token.word) == rarest)
    return Refusal(Reason.MENTIONED_NOT_STATED, f"It speaks of “{word}”, but I found nothing that answers this.")


def signs(query: Query, hits: tuple[Hit, ...]) -> tuple[float, ...]:
    """Return what the confidence is computed from.

    Of the best passage: the reader's two logits, how far the log-odds of its chance lie over those of the second, and
    the score it was found with. Of the question: whether it has a year that the best passage with its headings does not
    have (1 or 0).
    """
    best = hits[0]
    if best.reading is None or best.window is None:
        raise ValueError("signs needs hits that were read")
    second = hits[1].score if len(hits) > 1 else 0.0
    lead = _log_odds(best.score) - _log_odds(second)
    told = " ".join((*best.window.path, best.window.text))
    other_year = bool(set(query.years) - set(years(told)))
    logits = (best.reading.relevance, held(best.reading.pointing))
    return (*logits, lead, best.found_score, float(other_year))


def strange_names(query: Query, known: frozenset[str]) -> list[str]:
    """Return the names of a question that hold a word which the documents never use."""
    return [name for name in dict.fromkeys(names_of(query.question)) if set(terms(name)) - known]


def _log_odds(chance: float) -> float:
    """Return ln(p / (1 - p)), held between -12 and 12."""
    bounded = min(max(chance, 6e-6), 1 - 6e-6)
    return math.log(bounded / (1 - bounded))

"""`python -m training.calibrate INDEX CALIBRATE.jsonl`: fit the numbers of `ask/judge.py` and `ask/decide.py`.

INDEX was built from the corpus that `training.corpus` writes, CALIBRATE.jsonl is its first question set. Two logistic
regressions are fitted and printed:

CHANCE      does this passage answer? Over all passages read for all questions.
CONFIDENCE  does the best passage answer? Over questions with an answer, questions that people wrote to have none, and
            the first ones once more with every passage that holds the answer taken away: they ask for what the
            documents mention and do not state. Then its log-odds are stretched and moved (Platt 1999) to fit how often
            the passages quoted were right for questions as users ask them: those of each `--real INDEX QUESTIONS`.

The kinds are weighted to the shares of `SHARES`: what a confidence is worth depends on how many questions have no
answer, and a service meets fewer of them than this data holds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nkqa.ask import judge
from nkqa.ask.decide import signs
from nkqa.ask.pipeline import Engine
from nkqa.ask.read import DEFAULT_SENTENCES, MIN_SHARE
from nkqa.calibration import expected_calibration_error
from nkqa.questions import read_questions
from nkqa.scoring import first_rank
from nkqa.settings import load_settings
from nkqa.types import Hit, Query
from training.examples import Row
from training.measure import auroc

SHARES = {"answerable": 0.8, "written": 0.08, "removed": 0.12}
FOLDS = 5
# Questions of these types are answered from facts.
FACT_TYPES = ("table", "table_compute", "list", "conflict", "definition", "multi_hop")
# The first of the signs are the reader's logits, which a yes/no question is judged without.
LOGITS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the hits that were read for it, and which of them answer it."""

    query: Query
    hits: tuple[Hit, ...]
    right: tuple[bool, ...]
    answerable: bool


def main() -> None:
    """Read the arguments, ask the questions and print the coefficients with what they are worth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--real", type=Path, nargs=2, action="append", default=[], metavar=("INDEX", "QUESTIONS"))
    arguments = parser.parse_args()
    engine = Engine.open(load_settings(index_dir=arguments.index))
    rows = [json.loads(line) for line in arguments.questions.read_text(encoding="utf-8").splitlines()]
    asked = [ask(engine, row) for row in rows]
    inputs = np.array([judge.inputs(one.query, hit) for one in asked for hit in one.hits])
    right = np.array([right for one in asked for right in one.right])
    chance = fit(inputs, right, np.ones(len(right)))
    report("CHANCE", chance, inputs, right, np.ones(len(right)))
    judge.CHANCE = (*map(float, chance),)  # the second step sees the first one's result
    real = [one for index, questions in arguments.real for one in ask_real(index, questions)]
    fit_confidence([ranked_again(one) for one in asked], real)


def ask(engine: Engine, row: Row) -> Asked:
    """Read what is found for a question; a passage is right where it holds the answer and stands in the evidence."""
    hits = engine.search(row["question"])
    return Asked(engine.query(row["question"]), hits, tuple(is_right(hit, row) for hit in hits), row["answerable"])


def ranked_again(asked: Asked) -> Asked:
    """Return a question with its hits in the order of the chance that was just fitted; nothing is read again."""
    scored = [
        (replace(hit, score=judge.logistic(judge.CHANCE, judge.inputs(asked.query, hit))), right)
        for hit, right in zip(asked.hits, asked.right, strict=True)
    ]
    hits, right = zip(*sorted(scored, key=lambda pair: -pair[0].score), strict=True)
    return Asked(asked.query, hits, right, asked.answerable)


def ask_real(index: Path, questions: Path) -> list[Asked]:
    """Read what is found for the questions of a set that passages answer; a passage is right where it is evidence."""
    engine = Engine.open(load_settings(index_dir=index))
    found: list[Asked] = []
    for question in read_questions(questions):
        if question.type in FACT_TYPES:
            continue
        hits = engine.search(question.text, question.history)
        right = tuple(first_rank(question, [hit.passage.text]) is not None for hit in hits)
        found.append(Asked(engine.query(question.text, question.history), hits, right, question.answerable))
    return found


def is_right(hit: Hit, row: Row) -> bool:
    """Tell whether a passage is (a piece of) the evidence and holds an accepted answer."""
    text = hit.passage.text
    stands = any(text in evidence or evidence in text for evidence in row["evidence"])
    return stands and any(answer in text for answer in row["answers"])


def shown(hits: Sequence[Hit]) -> list[int]:
    """Return the places of the hits that an answer would quote: the best, and others that are nearly as likely."""
    likely = [place for place, hit in enumerate(hits) if hit.score >= MIN_SHARE * hits[0].score]
    return likely[:DEFAULT_SENTENCES]


def fit_confidence(asked: Sequence[Asked], real: Sequence[Asked]) -> None:
    """Fit and report the confidence that the best passage answers."""
    kinds: list[str] = []
    inputs: list[tuple[float, ...]] = []
    right: list[bool] = []
    for one in asked:
        kinds.append("answerable" if one.answerable else "written")
        inputs.append(signs(one.query, one.hits))
        right.append(one.right[0])
        without = tuple(hit for hit, answers in zip(one.hits, one.right, strict=True) if not answers)
        if one.answerable and without:
            kinds.append("removed")
            inputs.append(signs(one.query, without))
            right.append(False)
    counts = {kind: kinds.count(kind) for kind in SHARES}
    weights = np.array([SHARES[kind] / counts[kind] for kind in kinds]) * len(kinds)
    columns = np.array(inputs)
    for name, used in (("CONFIDENCE", columns), ("CONFIDENCE_YES_NO, without its two zeros", columns[:, LOGITS:])):
        coefficients = fit(used, np.array(right), weights)
        report(name, coefficients, used, np.array(right), weights)
        if real:
            columns_real = np.array([signs(one.query, one.hits) for one in real])[:, -used.shape[1] :]
            right_real = np.array([any(one.right[place] for place in shown(one.hits)) for one in real])
            odds = coefficients[0] + columns_real @ coefficients[1:]
            move, stretch = fit(odds[:, None], right_real, np.ones(len(real)))
            coefficients = stretch * coefficients
            coefficients[0] += move
            print(f"  moved by {move:.2f}, stretched by {stretch:.2f}:")
            report(name, coefficients, columns_real, right_real, np.ones(len(real)))
        tell_refusals(predict(coefficients, used), kinds)


def tell_refusals(sure: NDArray[np.float64], kinds: Sequence[str]) -> None:
    """Print which share of each kind of question is refused at which threshold."""
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
        refused = {kind: np.mean(sure[[one == kind for one in kinds]] < threshold) for kind in SHARES}
        print(
            f"  refused below {threshold:.2f}: " + ", ".join(f"{kind} {share:.1%}" for kind, share in refused.items())
        )


def fit(inputs: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coefficients, constant first, of a weighted logistic regression, by Newton's method."""
    columns = np.c_[np.ones(len(inputs)), inputs]
    found = np.zeros(columns.shape[1])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-np.clip(columns @ found, -30, 30)))
        gradient = columns.T @ (weights * (chances - right))
        curvature = (columns * (weights * chances * (1 - chances))[:, None]).T @ columns
        step = np.linalg.solve(curvature + 1e-4 * np.eye(len(found)), gradient)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    return found


def predict(coefficients: NDArray[np.float64], inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance of each row of inputs."""
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(coefficients[0] + inputs @ coefficients[1:], -30, 30)))
    return chances


def report(
    name: str,
    coefficients: NDArray[np.float64],
    inputs: NDArray[np.float64],
    right: NDArray[np.bool_],
    weights: NDArray[np.float64],
) -> None:
    """Print the coefficients, and what they are worth in cross-validation over parts of questions that follow."""
    parts = np.arange(len(right)) * FOLDS // len(right)
    sure = np.empty(len(right))
    for part in range(FOLDS):
        own = parts == part
        sure[own] = predict(fit(inputs[~own], right[~own], weights[~own]), inputs[own])
    repeated = np.random.default_rng(0).choice(len(right), 20_000, p=weights / weights.sum())
    error = expected_calibration_error(list(sure[repeated]), list(right[repeated]))
    print(f"{name} = ({', '.join(f'{value:.2f}' for value in coefficients)})")
    print(f"  {len(right)} rows, AUROC {auroc(sure, right):.3f}, calibration error {error:.3f} ({FOLDS} folds)")


if __name__ == "__main__":
    main()

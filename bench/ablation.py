"""What each part of answering is worth: the question sets with one part taken away at a time.

    python bench/ablation.py [--index-dir index] [--questions tests/evaluation/dev.jsonl]

Prints cited-correct over all questions and over those that passages answer, the evidence at rank 1, how many questions
without an answer are refused, and how many with one; in per cent.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from measure import QUESTIONS, print_machine, print_table

from nkqa.ask import judge, rank
from nkqa.ask import pipeline as asking
from nkqa.evaluate import ask_engine, types_of
from nkqa.evaluate import score as scores_of
from nkqa.questions import read_questions
from nkqa.scoring import Question
from nkqa.settings import load_settings

PASSAGE_TYPES = ("factoid", "why_how", "yes_no", "disputed", "followup", "multi_hop")
NEVER: Callable[[str], None] = lambda _: None  # noqa: E731


def _without_reader() -> mock._patch[tuple[float, ...]]:
    """Order by retrieval's score alone, and decide nothing."""
    return mock.patch.object(judge, "CHANCE", (0.0, 0.0, 0.0, 6.0, 0.0))


def _without_fusion() -> mock._patch[tuple[float, ...]]:
    """Order by the reader alone."""
    return mock.patch.object(judge, "CHANCE", (judge.CHANCE[0], *judge.CHANCE[1:3], 0.0, 0.0))


VARIANTS: dict[str, tuple[Callable[[], object], ...]] = {
    "all parts": (),
    "without the reader and the decision": (_without_reader,),
    "without retrieval's score beside the reader": (_without_fusion,),
    "without coverage in retrieval": (lambda: mock.patch.object(rank, "COVERAGE_WEIGHT", 0.0),),
    "without terms in retrieval": (
        lambda: mock.patch.object(rank, "COVERAGE_WEIGHT", 0.0),
        lambda: mock.patch.object(rank, "LEXICAL_WEIGHT", 0.0),
    ),
    "without the decision": (),
    "without steps": (
        lambda: mock.patch.object(asking, "two_questions", NEVER),
        lambda: mock.patch.object(asking, "year_hop", NEVER),
        lambda: mock.patch.object(asking, "joined", NEVER),
    ),
}
UNDECIDED = {"without the reader and the decision", "without the decision"}


@contextmanager
def applied(patches: tuple[Callable[[], object], ...]) -> Iterator[None]:
    """Apply patches for as long as the block runs."""
    started = [patch() for patch in patches]
    for patch in started:
        patch.start()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for patch in reversed(started):
            patch.stop()  # type: ignore[attr-defined]


def measure(index: Path, questions: tuple[Question, ...], variant: str) -> tuple[str, ...]:
    """Return the row of one variant."""
    changes = {"min_confidence": 0.0} if variant in UNDECIDED else {}
    engine = asking.Engine.open(load_settings(index_dir=index, **changes))
    with applied(VARIANTS[variant]):
        result, _ = ask_engine(engine, questions)
    every = scores_of(questions, result, types_of(questions))
    passages = scores_of(questions, result, PASSAGE_TYPES)
    near = scores_of(questions, result, ("unanswerable_near",))
    figures = (
        every.cited_correct,
        passages.cited_correct,
        passages.recall_at_1,
        near.abstention_recall,
        every.false_abstention,
    )
    return (variant, *("-" if figure is None else f"{100 * figure:.1f}" for figure in figures))


def main() -> None:
    """Measure all variants and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--index-dir", type=Path, default=Path("index"))
    options = parser.parse_args()
    questions = tuple(read_questions(options.questions))
    print_machine()
    rows = [measure(options.index_dir, questions, variant) for variant in VARIANTS]
    print_table(("variant", "all", "passages", "R@1", "near refused", "wrongly refused"), rows)


if __name__ == "__main__":
    main()

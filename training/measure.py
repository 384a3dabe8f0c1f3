"""`python -m training.measure DATA MODEL...`: what a reader is worth on the articles held apart (`split` = valid).

Each question is asked of the sentences of its paragraph, in windows of `--size` sentences that overlap. The span with
the best score over all windows is the answer. F1 is that of SQuAD (Rajpurkar et al. 2016) on the answerable questions,
AUROC tells answerable from unanswerable ones by the best window's score.
"""

from __future__ import annotations

import argparse
import random
import re
import string
from collections import Counter
from pathlib import Path

import numpy as np

from nkqa.store.reader import OnnxReader
from nkqa.types import Span, Window
from training.examples import Paragraph, Row, squad_rows

SEED = 20
# Weight of the window's relevance beside the pointers' logit in its score.
RELEVANCE_WEIGHT = 1.0


def main() -> None:
    """Read the arguments and print a line for each model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--size", type=int, default=3, help="sentences in a window")
    parser.add_argument("--limit", type=int, default=0, help="ask only so many questions, drawn by chance; 0: all")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    answerable, unanswerable = squad_rows(arguments.data, "valid")
    rows = [*answerable, *unanswerable]
    if arguments.limit:
        rows = random.Random(SEED).sample(rows, arguments.limit)  # noqa: S311 - nothing secret
    for folder in arguments.models:
        print(folder, *measure(OnnxReader(arguments.threads, folder=folder), rows, arguments.size), sep="\n  ")


def measure(reader: OnnxReader, rows: list[Row], size: int) -> list[str]:
    """Return the lines that say what the reader is worth on rows of SQuAD."""
    scores: list[tuple[bool, float, float, float]] = []
    found: list[float] = []
    exact: list[float] = []
    for row in rows:
        windows = windows_of(row["context"], size)
        title = (row["title"].replace("_", " "),)
        readings = reader.read(row["question"], [Window(title, window.of(row["context"])) for window in windows])
        ranked = [reading.pointing + RELEVANCE_WEIGHT * reading.relevance for reading in readings]
        best = int(np.argmax(ranked))
        scores.append(
            (
                row["answerable"],
                ranked[best],
                max(reading.relevance for reading in readings),
                max(reading.pointing for reading in readings),
            )
        )
        if row["answerable"]:
            answer = readings[best].span.of(windows[best].of(row["context"]))
            golds = [gold["text"] for gold in row["answers"]]
            found.append(max(f1(answer, gold) for gold in golds))
            exact.append(max(float(normal(answer) == normal(gold)) for gold in golds))
    labels = np.array([answered for answered, *_ in scores])
    columns = [np.array(column) for column in list(zip(*scores, strict=True))[1:]]
    return [
        f"questions {len(rows)}, answerable {int(labels.sum())}, windows of {size}",
        f"F1 {100 * np.mean(found):.1f}, exact {100 * np.mean(exact):.1f}",
        "AUROC "
        + ", ".join(
            f"{name} {auroc(column, labels):.3f}"
            for name, column in zip(("both", "relevance", "pointing"), columns, strict=True)
        ),
    ]


def windows_of(text: str, size: int) -> list[Span]:
    """Return the windows of so many sentences, each beginning one sentence later than the one before."""
    sentences = Paragraph(text).sentences
    last = max(1, len(sentences) - size + 1)
    return [Span(sentences[n].start, sentences[min(n + size, len(sentences)) - 1].end) for n in range(last)]


def normal(text: str) -> str:
    """Return a text as SQuAD compares it: lower case, no punctuation, no articles."""
    plain = "".join(char for char in text.lower() if char not in string.punctuation)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", plain).split())


def f1(answer: str, gold: str) -> float:
    """Return the harmonic mean of the shares of words that an answer and the gold answer have in common."""
    one, other = normal(answer).split(), normal(gold).split()
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other)) if common else 0.0


def auroc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the chance that a right one scores higher than a wrong one (ties count half)."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    for value in np.unique(scores):
        equal = np.flatnonzero(scores[order] == value)
        ranks[order[equal]] = equal.mean() + 1  # ties share their mean rank
    positive = labels.sum()
    return float((ranks[labels].sum() - positive * (positive + 1) / 2) / (positive * (len(labels) - positive)))


if __name__ == "__main__":
    main()

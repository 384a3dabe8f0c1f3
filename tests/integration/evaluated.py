"""The questions of the evaluation files, as the tests of this folder share them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from nkqa.ask.pipeline import Engine
from nkqa.types import Answer

EVALUATION = Path(__file__).parents[1] / "evaluation"
# Two are about the article, one about the hand-written corpus.
FILES = ("dev.jsonl", "small.jsonl", "blind.jsonl")


class Asked(NamedTuple):
    """A question and its answer; `file` is the evaluation file it is from, empty where it is from none."""

    file: str
    engine: Engine
    question: str
    history: list[str]
    answer: Answer


def lines_of(name):
    return [json.loads(line) for line in (EVALUATION / name).read_text(encoding="utf-8").splitlines()]


def ask(engine, question, history=(), file=""):
    return Asked(file, engine, question, list(history), engine.ask(question, list(history) or None))

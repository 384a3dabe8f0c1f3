"""What several files of these tests need and what takes long: the evaluation questions, answered once."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from evaluated import FILES, Asked, ask, lines_of
from sharing import made_once

from nkqa.ask.pipeline import Engine


@pytest.fixture(scope="session")
def evaluated(article_engine: Engine, small_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """Every question of every evaluation file, asked once; nothing of it may be changed."""
    engines = dict(zip(FILES, (article_engine, small_engine, article_engine), strict=True))
    lines = [(name, line["question"], line.get("history") or []) for name in FILES for line in lines_of(name)]

    def answer_all(folder: Path) -> None:
        answers = [ask(engines[name], question, history).answer for name, question, history in lines]
        (folder / "answers").write_bytes(pickle.dumps(answers))

    folder = made_once(tmp_path_factory, "evaluated", answer_all)
    answers = pickle.loads((folder / "answers").read_bytes())  # noqa: S301 (written by the tests)
    return [Asked(name, engines[name], *rest, answer) for (name, *rest), answer in zip(lines, answers, strict=True)]

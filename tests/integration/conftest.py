"""What several files of these tests need and what takes long: the evaluation questions, answered once."""

from __future__ import annotations

import pytest
from evaluated import Asked, ask, lines_of

from nkqa.ask.pipeline import Engine


@pytest.fixture(scope="session")
def evaluated(article_engine: Engine, small_engine: Engine) -> list[Asked]:
    """Every question of every evaluation file, asked once; nothing of it may be changed."""
    engines = {"dev.jsonl": article_engine, "small.jsonl": small_engine, "blind.jsonl": article_engine}
    return [
        ask(engine, line["question"], line.get("history") or (), name)
        for name, engine in engines.items()
        for line in lines_of(name)
    ]

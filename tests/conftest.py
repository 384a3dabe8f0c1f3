"""Shared fixtures: indexes built once a session, from the real corpora with the real model."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpora import ARTICLE_CORPUS, SMALL_CORPUS

from nkqa.ask.pipeline import Engine
from nkqa.build.document import read_document
from nkqa.build.pipeline import build
from nkqa.settings import Settings, load_settings
from nkqa.types import Document


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose `models/` the indexes of a session share, so that the model is exported once."""
    return tmp_path_factory.mktemp("models")


def _built(corpus: Path, index: Path, model_home: Path) -> Settings:
    (model_home / "models").mkdir(exist_ok=True)
    index.mkdir()
    (index / "models").symlink_to(model_home / "models")
    settings = load_settings(corpus_dir=corpus, index_dir=index)
    build(settings)
    return settings


@pytest.fixture(scope="session")
def article_settings(tmp_path_factory: pytest.TempPathFactory, model_home: Path) -> Settings:
    """Settings whose index holds the article."""
    return _built(ARTICLE_CORPUS, tmp_path_factory.mktemp("article") / "index", model_home)


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory, model_home: Path) -> Settings:
    """Settings whose index holds the hand-written corpus."""
    return _built(SMALL_CORPUS, tmp_path_factory.mktemp("small") / "index", model_home)


@pytest.fixture(scope="session")
def article_index(article_settings: Settings) -> Path:
    """The folder of the article's index."""
    return article_settings.index_dir


@pytest.fixture(scope="session")
def article_engine(article_settings: Settings) -> Engine:
    """An engine that answers from the article."""
    return Engine.open(article_settings)


@pytest.fixture(scope="session")
def small_engine(small_settings: Settings) -> Engine:
    """An engine that answers from the hand-written corpus."""
    return Engine.open(small_settings)


@pytest.fixture(scope="session")
def article() -> Document:
    """The article as a document."""
    return read_document(ARTICLE_CORPUS / "north-korean-defectors.txt", "north-korean-defectors.txt")


@pytest.fixture(scope="session")
def harbour() -> Document:
    """The plain-text document of the hand-written corpus."""
    return read_document(SMALL_CORPUS / "harbour-lights.txt", "harbour-lights.txt")


@pytest.fixture(scope="session")
def fog() -> Document:
    """The Markdown document of the hand-written corpus."""
    return read_document(SMALL_CORPUS / "fog-signals.md", "fog-signals.md")

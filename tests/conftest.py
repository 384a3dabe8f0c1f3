"""Shared fixtures: indexes built once a session, from the real corpora with the real model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from corpora import ARTICLE_CORPUS, SMALL_CORPUS
from sharing import made_once

from nkqa.ask.pipeline import Engine
from nkqa.build.document import read_document
from nkqa.build.pipeline import build
from nkqa.settings import Settings, load_settings
from nkqa.store.encoder import model_dir
from nkqa.types import Document


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose `models/` the indexes of this process share; the model in it is exported once for all."""
    from nkqa.store.encoder_export import export_encoder  # torch: not where only units are run

    exported = made_once(tmp_path_factory, "exported", lambda folder: export_encoder(model_dir(folder)))
    return shutil.copytree(exported, tmp_path_factory.mktemp("model") / "home")


def _built(factory: pytest.TempPathFactory, corpus: Path, model_home: Path) -> Settings:
    """Return settings with an index for the tests of this process: a copy of the one that is built once for all."""

    def make(folder: Path) -> None:
        (folder / "models").symlink_to(model_home / "models")
        build(load_settings(corpus_dir=corpus, index_dir=folder))

    name = "-".join(corpus.parts[-2:])
    own = factory.mktemp(name) / "index"
    shutil.copytree(made_once(factory, f"index-of-{name}", make), own, ignore=shutil.ignore_patterns("models"))
    (own / "models").symlink_to(model_home / "models")
    return load_settings(corpus_dir=corpus, index_dir=own)


@pytest.fixture(scope="session")
def article_settings(tmp_path_factory: pytest.TempPathFactory, model_home: Path) -> Settings:
    """Settings whose index holds the article."""
    return _built(tmp_path_factory, ARTICLE_CORPUS, model_home)


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory, model_home: Path) -> Settings:
    """Settings whose index holds the hand-written corpus."""
    return _built(tmp_path_factory, SMALL_CORPUS, model_home)


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

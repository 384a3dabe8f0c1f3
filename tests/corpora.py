"""Where the tests' corpora lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTICLE_CORPUS = ROOT / "corpus"
SMALL_CORPUS = ROOT / "tests" / "corpus"

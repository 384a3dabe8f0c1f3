"""Where the files that come with nkqa lie: inside the installed package, else at the root of the repository.

An editable install does not copy `web/` and `corpus/` into the package, hence the second place.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def web_dir(package: Path = _PACKAGE) -> Path:
    """Return the folder with the page; it may be absent in an incomplete checkout."""
    return _inside_or_beside(package, "web")


def packaged_corpus_dir(package: Path = _PACKAGE) -> Path:
    """Return the folder with the corpus that nkqa comes with."""
    return _inside_or_beside(package, "corpus")


def _inside_or_beside(package: Path, name: str) -> Path:
    inside = package / name
    # The package lies at src/nkqa in a repository, so the root is two folders up.
    return inside if inside.is_dir() else package.parents[1] / name

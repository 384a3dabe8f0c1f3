"""A tiny corpus with its index, for tests that build, damage and rebuild: used by several files of tests."""

from __future__ import annotations

from pathlib import Path

from nkqa.build.pipeline import build
from nkqa.settings import Settings, load_settings


def settings_of(folder: Path) -> Settings:
    """Return settings whose corpus and index lie in a folder."""
    return load_settings(corpus_dir=folder / "corpus", index_dir=folder / "index")


def build_tiny(folder: Path, model_home: Path, text: str) -> Path:
    """Build the index of one file, lamps.txt; the exported model is shared."""
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lamps.txt").write_text(text, encoding="utf-8")
    (folder / "index").mkdir()
    (folder / "index" / "models").symlink_to(model_home / "models")
    build(settings_of(folder))
    return folder


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return name, time and content of every file but the shared model, kept work, and the lock of builders."""
    files = [(path, path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        name.as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path, name in files
        if name.parts[0] not in ("models", "kept") and not name.name.startswith(".lock")
    }

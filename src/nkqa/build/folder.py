"""The corpus folder: which of its files are documents, and what is left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nkqa.build.document import SIDECAR, SUFFIXES
from nkqa.errors import CorpusError

_READ = ", ".join(SUFFIXES)


def corpus_files(folder: Path) -> list[Path]:
    """Return the documents of a corpus folder, sorted; raises CorpusError where there is none."""
    try:
        if not folder.is_dir():
            raise CorpusError(
                f"There is no corpus folder {folder}.",
                f"Make it and put documents ({_READ}) into it, or name another one with --corpus-dir.",
            )
        files = [path for path in sorted(_walk(folder)) if path.suffix.lower() in SUFFIXES]
        files = [path for path in files if _is_utf8(plain_name(path, folder))]
        files = [p for p in files if not _outside(p, folder) and not _outside(p.with_suffix(SIDECAR), folder)]
    except OSError as error:
        raise CorpusError(
            f"{shown(str(error.filename))} cannot be read: {error.strerror}.", "Give read permission."
        ) from error
    if not files:
        raise CorpusError(f"There is no document in {folder}.", f"Put documents ({_READ}) into it.")
    return files


def not_read(folder: Path) -> tuple[str, ...]:
    """Say what is not in the index: files of other kinds, links that lead out, names that are not UTF-8."""
    return tuple(_reasons(folder))


def plain_name(path: Path, folder: Path) -> str:
    """Return a file's path inside the corpus folder, with forward slashes."""
    return path.relative_to(folder).as_posix()


def shown(name: str) -> str:
    """Return a name as it can be printed: bytes in it that are no UTF-8 are written as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_utf8(name: str) -> bool:
    return shown(name) == name


def _reasons(folder: Path) -> Iterator[str]:
    for path in _walk(folder):
        name = shown(plain_name(path, folder))
        if reason := _outside(path, folder):
            yield f"{name} is not read: {reason}. Put a copy of the file into the corpus folder."
        elif path.suffix.lower() not in {*SUFFIXES, SIDECAR}:
            yield f"{name} is not read: only {_READ} are."
        elif not _is_utf8(plain_name(path, folder)):
            yield f"{name} is not read: its name is not UTF-8. Rename it."


def _outside(path: Path, folder: Path) -> str:
    """Say why a path is no file of the folder: nobody may make nkqa quote what lies elsewhere, or wait for a pipe."""
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        return "it is a link that leads out of the corpus folder"
    if path.is_dir():
        return "it is a link to a folder"
    # What is not there, such as the target of a link, stays: reading it says so.
    return "it is no file but a device or a pipe" if path.exists() and not path.is_file() else ""


def _walk(folder: Path) -> list[Path]:
    """Return all files below a folder but hidden ones; unlike rglob it raises where a folder cannot be read.

    A link to a folder is returned as it stands: what it leads to may lie outside, or around it.
    """
    found: list[Path] = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        found += _walk(entry) if entry.is_dir() and not entry.is_symlink() else [entry]
    return found

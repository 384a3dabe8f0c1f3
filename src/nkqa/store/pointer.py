"""`index/CURRENT`: which generation answers, and which ones it can be taken back to.

A line a generation: its id and the SHA-256 of its manifest. The first answers; the others were current before, the
latest first. The last line is the SHA-256 of those above. The file is replaced in one step, so a reader sees one whole
state.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nkqa.errors import BrokenIndexError
from nkqa.store.files import replace_synced

CURRENT_FILE = "CURRENT"
REMEDY = "Run `nkqa build --force`."
_LINE = re.compile(r"([0-9a-f]{12}) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pointed:
    """A generation as CURRENT names it."""

    id: str
    manifest_sha256: str


def read_pointer(index_dir: Path) -> tuple[Pointed, ...]:
    """Return the generations in order; none where nothing was built yet. Raises BrokenIndexError."""
    text = _text(index_dir)
    if text is None:
        return ()
    pointed = readable_lines(index_dir)
    if not pointed or text != _content(pointed):
        raise BrokenIndexError(f"{index_dir / CURRENT_FILE} is damaged.", REMEDY)
    return pointed


def readable_lines(index_dir: Path) -> tuple[Pointed, ...]:
    """Return the generations that a file, damaged perhaps, still names."""
    try:
        lines = (_text(index_dir) or "").splitlines()
    except BrokenIndexError:
        return ()
    return tuple(Pointed(match[1], match[2]) for match in map(_LINE.fullmatch, lines) if match)


def write_pointer(index_dir: Path, pointed: Sequence[Pointed]) -> None:
    """Switch: what is first in `pointed` answers from now on."""
    replace_synced(index_dir / CURRENT_FILE, _content(pointed).encode())


def _content(pointed: Sequence[Pointed]) -> str:
    lines = "".join(f"{one.id} {one.manifest_sha256}\n" for one in pointed)
    return f"{lines}{hashlib.sha256(lines.encode()).hexdigest()}\n"


def current_id(index_dir: Path) -> str | None:
    """Return the id of the generation that answers, None where nothing was built yet; raises BrokenIndexError."""
    pointed = read_pointer(index_dir)
    return pointed[0].id if pointed else None


def folder_stamp(index_dir: Path) -> tuple[int, int] | None:
    """Return what changes whenever CURRENT is replaced (inode and time), to notice a rebuild; None: no index."""
    try:
        status = os.stat(index_dir / CURRENT_FILE)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _text(index_dir: Path) -> str | None:
    path = index_dir / CURRENT_FILE
    try:
        return path.read_bytes().decode("ascii")  # as it is: every byte counts
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenIndexError(f"{path} cannot be read.", REMEDY) from error

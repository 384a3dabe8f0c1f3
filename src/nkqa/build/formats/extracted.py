"""What a reader makes of a file, and the bounds it keeps to."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file in a simple Markdown form, and what the file says about itself; None where it does not."""

    text: str
    title: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None
    licence: str | None = None
    licence_url: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. A container may unfold to `ratio` times its size where that is more than a few MiB."""

    wall_s: float = 5.0
    cpu_s: int = 5
    memory_bytes: int = 1024 * MEBIBYTE
    file_bytes: int = 64 * MEBIBYTE
    unfolded_bytes: int = 256 * MEBIBYTE
    ratio: int = 100
    text_chars: int = 10_000_000

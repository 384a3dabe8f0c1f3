"""Files are read up to a bound: one that is too large is refused before it takes the memory."""

from __future__ import annotations

from pathlib import Path

from nkqa.build.formats.extracted import MEBIBYTE
from nkqa.errors import CorpusError

SIDECAR_BYTES = MEBIBYTE


def check_size(path: Path, name: str, most: int) -> None:
    """Raise CorpusError for a file of more than `most` bytes, or one that cannot be looked at."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(name, error) from error
    if size > most:
        raise _too_large(name, most)


def read_file(path: Path, name: str, most: int) -> bytes:
    """Return the bytes of a file; raises CorpusError for one of more than `most`, even if it grows meanwhile."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise _unreadable(name, error) from error
    if len(data) > most:
        raise _too_large(name, most)
    return data


def _unreadable(name: str, error: OSError) -> CorpusError:
    return CorpusError(f"{name} cannot be read: {error.strerror}.", "Give read permission or remove it.")


def _too_large(name: str, most: int) -> CorpusError:
    return CorpusError(
        f"{name} is larger than {most:,} bytes.", "Split it into smaller files; max_file_mib bounds documents."
    )

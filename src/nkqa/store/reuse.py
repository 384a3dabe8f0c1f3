"""What builds reuse: of each document its analysis and its vectors, a file each in `index/kept/`.

No answer comes from here. A file is named for the key of its document and begins with the hash of what follows, so one
that is damaged, or was cut off, counts as not there; the folder may be removed at any time.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from nkqa.store.encoder import DIMENSIONS
from nkqa.types import Analysis

KEPT_DIR = "kept"
# Beyond the documents of now: those of the build before, so that going back is quick, too.
_SPARE = 16

_log = logging.getLogger(__name__)
_ANALYSIS = TypeAdapter(Analysis)
_DIGEST_BYTES = 64


class KeptWork:
    """Keeps the work done for documents by their keys; the caller holds `build_lock` where it writes."""

    def __init__(self, index_dir: Path) -> None:
        self._folder = index_dir / KEPT_DIR

    def load(self, key: str) -> tuple[Analysis, NDArray[np.float32]] | None:
        """Return the analysis and its vectors, shape (views, 384); None where they are not kept whole."""
        try:
            data = (self._folder / key).read_bytes()
        except OSError:
            return None
        digest, body = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        text, _, numbers = body.partition(b"\n")  # JSON has no line end of its own
        try:
            analysis = _ANALYSIS.validate_json(text)
        except ValidationError:
            return None
        vectors = np.frombuffer(numbers, dtype="<f4").reshape(-1, DIMENSIONS)
        return (analysis, vectors) if len(vectors) == len(analysis.views) else None

    def save(self, key: str, analysis: Analysis, vectors: NDArray[np.float32]) -> None:
        """Keep the work for a document; where it cannot be written, nothing is kept."""
        body = _ANALYSIS.dump_json(analysis) + b"\n" + vectors.astype("<f4").tobytes()
        try:
            self._folder.mkdir(exist_ok=True)
            (self._folder / key).write_bytes(hashlib.sha256(body).hexdigest().encode() + body)
        except OSError as error:
            _log.warning("The work for a document is not kept: %s", error)
            self.give_way()

    def prune(self, used: Collection[str]) -> None:
        """Keep what was used now, and of the rest the newest, as much again and some."""
        if not self._folder.is_dir():
            return
        for key in used:
            if (self._folder / key).exists():
                os.utime(self._folder / key)
        rest = [path for path in self._folder.iterdir() if path.name not in used]
        rest.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in rest[len(used) + _SPARE :]:
            path.unlink()

    def clear(self) -> None:
        """Remove all of it: the next build does the work anew; raises OSError."""
        if self._folder.is_dir():
            shutil.rmtree(self._folder)

    def give_way(self) -> None:
        """Remove what can be removed where something cannot be written: on a full disk, the index needs the room."""
        shutil.rmtree(self._folder, ignore_errors=True)

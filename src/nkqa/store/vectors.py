"""Vectors of an index: exact inner-product search. The only user of faiss.

They are kept as NumPy arrays and not as a faiss file, because faiss loads some damaged files without a word.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

VECTORS_FILE = "vectors.npy"
OWNERS_FILE = "vector_passages.npy"


def write_vectors(folder: Path, vectors: NDArray[np.float32], owners: NDArray[np.int32]) -> None:
    """Write unit vectors, shape (views, dimensions), and the passage number of each, in ascending order."""
    for name, array in ((VECTORS_FILE, vectors), (OWNERS_FILE, owners)):
        with (folder / name).open("wb") as file:
            np.save(file, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())


class Vectors:
    """Searches the views of all passages by cosine."""

    def __init__(self, folder: Path) -> None:
        self._vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
        self._owners = np.load(folder / OWNERS_FILE, allow_pickle=False)
        self._index = faiss.IndexFlatIP(self._vectors.shape[1])
        self._index.add(np.ascontiguousarray(self._vectors))

    @property
    def shape(self) -> tuple[int, int]:
        """Return how many vectors there are, and their dimensions."""
        return self._vectors.shape[0], self._vectors.shape[1]

    def search(self, vector: NDArray[np.float32], limit: int) -> tuple[int, ...]:
        """Return the passages of the `limit` views nearest to a unit vector, best first, each once."""
        if not len(self._owners):
            return ()
        _, rows = self._index.search(vector.reshape(1, -1), min(limit, len(self._owners)))
        return tuple(dict.fromkeys(int(self._owners[row]) for row in rows[0]))

    def cosines(self, vector: NDArray[np.float32], passages: Iterable[int]) -> dict[int, tuple[float, ...]]:
        """Return the cosine of a unit vector with each view of the passages, in the order the views were made."""
        wanted = list(passages)
        starts = np.searchsorted(self._owners, wanted, side="left")
        ends = np.searchsorted(self._owners, wanted, side="right")
        return {
            passage: tuple(float(cosine) for cosine in self._vectors[start:end] @ vector)
            for passage, start, end in zip(wanted, starts, ends, strict=True)
        }

"""Vectors of an index: exact inner-product search. The only user of faiss.

They are kept as NumPy arrays and not as a faiss file, because faiss loads some damaged files without a word.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

VECTORS_FILE = "vectors.npy"
OWNERS_FILE = "vector_passages.npy"


def write_vectors(folder: Path, vectors: NDArray[np.float32], owners: NDArray[np.int32]) -> None:
    """Write unit vectors, shape (views, dimensions), and the passage number of each."""
    np.save(folder / VECTORS_FILE, vectors, allow_pickle=False)
    np.save(folder / OWNERS_FILE, owners, allow_pickle=False)


class Vectors:
    """Searches the views of all passages by cosine."""

    def __init__(self, folder: Path) -> None:
        vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
        self._owners = np.load(folder / OWNERS_FILE, allow_pickle=False)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: NDArray[np.float32], limit: int) -> dict[int, tuple[float, ...]]:
        """Return the cosines of the `limit` views nearest to a unit vector, best first, by passage number."""
        similarities, rows = self._index.search(vector.reshape(1, -1), min(limit, len(self)))
        found: dict[int, tuple[float, ...]] = {}
        for similarity, row in zip(similarities[0], rows[0], strict=True):
            owner = int(self._owners[row])
            found[owner] = (*found.get(owner, ()), float(similarity))
        return found

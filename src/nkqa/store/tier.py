"""One tier of a generation on disk: the documents of equal trust, which are searched together.

documents.jsonl      the source texts with their structure, to read by eye
passages.jsonl       what is searched and cited, to read by eye
audit.jsonl          where the documents contradict themselves, to read by eye
facts.sqlite         structured facts: docs/facts.md
vectors.npy ...      see `vectors` and `lexical`
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from nkqa.store.draft import AUDIT, DOCUMENT, PASSAGE, TierDraft
from nkqa.store.facts import FACTS_FILE, FactStore, write_facts
from nkqa.store.files import write_synced
from nkqa.store.lexical import TERMS_FILE, Lexical, write_terms
from nkqa.store.vectors import OWNERS_FILE, VECTORS_FILE, Vectors, write_vectors
from nkqa.types import AuditFinding, Document, Passage, TierInfo, Trust

DOCUMENTS_FILE = "documents.jsonl"
PASSAGES_FILE = "passages.jsonl"
AUDIT_FILE = "audit.jsonl"
TIER_FILES = (DOCUMENTS_FILE, PASSAGES_FILE, AUDIT_FILE, FACTS_FILE, TERMS_FILE, OWNERS_FILE, VECTORS_FILE)


@dataclass(frozen=True, slots=True)
class Tier:
    """The opened documents of one trust; nothing in it changes."""

    trust: Trust
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors
    lexical: Lexical
    facts: FactStore
    audit: tuple[AuditFinding, ...]

    def close(self) -> None:
        """Close the files that are read on demand."""
        self.lexical.close()
        self.facts.close()


def write_tier(folder: Path, new: TierDraft, vectors: NDArray[np.float32]) -> None:
    """Write the files of a tier; `vectors` has shape (views, dimensions), in the order of the draft's views."""
    write_synced(folder / DOCUMENTS_FILE, new.documents_jsonl)
    write_synced(folder / PASSAGES_FILE, new.passages_jsonl)
    write_vectors(folder, vectors, np.array([view.passage for view in new.views], dtype=np.int32))
    write_terms(folder, new.terms, new.words)
    write_facts(folder, new.facts)
    write_synced(folder / AUDIT_FILE, b"".join(AUDIT.dump_json(finding) + b"\n" for finding in new.audit))


def open_tier(folder: Path, expected: TierInfo, dimensions: int) -> Tier:
    """Open the files of a tier; raises ValueError saying what has another form than the manifest tells."""
    try:
        documents = tuple(DOCUMENT.validate_json(line) for line in _lines(folder / DOCUMENTS_FILE))
        passages = tuple(PASSAGE.validate_json(line) for line in _lines(folder / PASSAGES_FILE))
        audit = tuple(AUDIT.validate_json(line) for line in _lines(folder / AUDIT_FILE))
    except ValidationError as error:
        raise ValueError(f"{error.title} has another form") from error
    vectors = Vectors(folder)
    counted = (len(documents), len(passages), *vectors.shape)
    if counted != (expected.documents, expected.passages, expected.views, dimensions):
        raise ValueError("its manifest counts other documents, passages or vectors than there are")
    try:
        return Tier(expected.trust, documents, passages, vectors, Lexical(folder), FactStore(folder), audit)
    except sqlite3.Error as error:
        raise ValueError(f"{TERMS_FILE} or {FACTS_FILE} has another form") from error


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()

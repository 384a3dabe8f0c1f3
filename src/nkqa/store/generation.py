"""Generations of the index: write one beside the others, verify it, switch to it, open it.

    index/CURRENT                   the id of the generation that answers
    index/<id>/manifest.json        what it was made of, and the hash of every file
    index/<id>/documents.jsonl      the source texts with their structure, to read by eye
    index/<id>/passages.jsonl       what is searched and cited, to read by eye
    index/<id>/audit.jsonl          where the corpus contradicts itself, to read by eye
    index/<id>/facts.sqlite         structured facts: docs/facts.md
    index/<id>/vectors.npy ...      see `vectors` and `lexical`
    index/models/                   the exported encoder, shared by all generations

A generation's id is a hash of the format, both models, the readable files, and the texts and stems that are searched:
equal input gives the equal id, and a change of the text analysis or of a model gives another one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

import nkqa
from nkqa.errors import BrokenIndexError, BuildInProgressError, CorpusError, NoIndexError
from nkqa.store.encoder import DIMENSIONS, MODEL_NAME, MODEL_SHA256
from nkqa.store.facts import FACTS_FILE, FactStore, write_facts
from nkqa.store.files import replace_synced, sha256_of, sync, write_synced
from nkqa.store.lexical import TERMS_FILE, Lexical, write_terms
from nkqa.store.reader import read_reader_info
from nkqa.store.vectors import OWNERS_FILE, VECTORS_FILE, Vectors, write_vectors
from nkqa.types import AuditFinding, Document, Fact, FileEntry, Manifest, Passage, View

FORMAT = 5
CURRENT_FILE = "CURRENT"
LOCK_FILE = ".lock"
MANIFEST_FILE = "manifest.json"
DOCUMENTS_FILE = "documents.jsonl"
PASSAGES_FILE = "passages.jsonl"
AUDIT_FILE = "audit.jsonl"
FILES = (DOCUMENTS_FILE, PASSAGES_FILE, AUDIT_FILE, FACTS_FILE, TERMS_FILE, OWNERS_FILE, VECTORS_FILE)
_BUILDING = ".building-"

PassageTerms = tuple[tuple[str, ...], tuple[str, ...]]

_DOCUMENT = TypeAdapter(Document)
_PASSAGE = TypeAdapter(Passage)
_MANIFEST = TypeAdapter(Manifest)
_FACTS = TypeAdapter(tuple[Fact, ...])
_AUDIT = TypeAdapter(AuditFinding)


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a generation but its vectors; `id` is known from it already.

    `views` are what is encoded, in the order of their passages; `terms` are, for each passage, its own stems and those
    around it; `words` are the words of the corpus as spelt, sorted.
    """

    id: str
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    views: tuple[View, ...]
    terms: tuple[PassageTerms, ...]
    words: tuple[str, ...]
    facts: tuple[Fact, ...]
    audit: tuple[AuditFinding, ...]
    documents_jsonl: bytes
    passages_jsonl: bytes


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation; nothing in it changes."""

    manifest: Manifest
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


def draft(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    views: Sequence[View],
    terms: Sequence[PassageTerms],
    words: Iterable[str],
    facts: Sequence[Fact] = (),
    audit: Sequence[AuditFinding] = (),
) -> Draft:
    """Serialise documents and passages and derive the generation's id from the bytes and from what is searched."""
    vocabulary = tuple(sorted(words))
    documents_jsonl = b"".join(_DOCUMENT.dump_json(document) + b"\n" for document in documents)
    passages_jsonl = b"".join(_PASSAGE.dump_json(passage) + b"\n" for passage in passages)
    digest = hashlib.sha256(f"{FORMAT}\0{MODEL_SHA256}\0{read_reader_info().sha256}\0".encode())
    searched = json.dumps([[(view.passage, view.text) for view in views], terms, vocabulary]).encode()
    for part in (documents_jsonl, passages_jsonl, searched, _FACTS.dump_json(tuple(facts))):
        digest.update(hashlib.sha256(part).digest())
    return Draft(
        digest.hexdigest()[:12],
        tuple(documents),
        tuple(passages),
        tuple(views),
        tuple(terms),
        vocabulary,
        tuple(facts),
        tuple(audit),
        documents_jsonl,
        passages_jsonl,
    )


# ------------------------------------------------------------------------------------------------------------ writing


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the index against other builders; raises BuildInProgressError at once where another one is at work."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(index_dir / LOCK_FILE, timeout=0):
            yield
    except Timeout as error:
        raise BuildInProgressError(
            f"Another process is building the index in {index_dir}.", "Wait until it ends, then try again."
        ) from error
    except OSError as error:
        raise CorpusError(
            f"The index folder {index_dir} cannot be written: {error.strerror or error}.",
            "Give write permission, free some space, or name another folder with --index-dir.",
        ) from error


def publish(index_dir: Path, new: Draft, vectors: NDArray[np.float32]) -> Manifest:
    """Write a generation, verify it, and make it the current one. The caller holds `build_lock`.

    `vectors` has shape (views, dimensions), in the order of the draft's views.

    The generation that was current stays for going back; older ones and what a killed builder left are removed.
    """
    temporary = index_dir / f"{_BUILDING}{new.id}"
    _remove_leftovers(index_dir)
    temporary.mkdir()
    write_synced(temporary / DOCUMENTS_FILE, new.documents_jsonl)
    write_synced(temporary / PASSAGES_FILE, new.passages_jsonl)
    write_vectors(temporary, vectors, np.array([view.passage for view in new.views], dtype=np.int32))
    write_terms(temporary, new.terms, new.words)
    write_facts(temporary, new.facts)
    audit_jsonl = b"".join(_AUDIT.dump_json(finding) + b"\n" for finding in new.audit)
    write_synced(temporary / AUDIT_FILE, audit_jsonl)
    manifest = _describe(temporary, new, len(vectors))
    write_synced(temporary / MANIFEST_FILE, _MANIFEST.dump_json(manifest, indent=1))
    for name in FILES:
        sync(temporary / name)
    sync(temporary)
    open_folder(temporary).close()
    previous = _readable_id(index_dir)
    _move_into_place(temporary, index_dir / new.id, manifest)
    replace_synced(index_dir / CURRENT_FILE, f"{new.id}\n".encode())
    if previous != new.id:  # the same again takes no other's place, so the one to go back to stays
        _remove_old(index_dir, keep={new.id, previous})
    return manifest


def _readable_id(index_dir: Path) -> str | None:
    try:
        return current_id(index_dir)
    except BrokenIndexError:
        return None  # a damaged CURRENT is about to be replaced


def _describe(folder: Path, new: Draft, views: int) -> Manifest:
    reader = read_reader_info()
    entries = tuple(FileEntry(name, (folder / name).stat().st_size, sha256_of(folder / name)) for name in FILES)
    return Manifest(
        generation=new.id,
        format=FORMAT,
        nkqa=nkqa.__version__,
        model=MODEL_NAME,
        model_sha256=MODEL_SHA256,
        reader=reader.name,
        reader_sha256=reader.sha256,
        dimensions=DIMENSIONS,
        documents=len(new.documents),
        passages=len(new.passages),
        views=views,
        files=entries,
    )


def _move_into_place(temporary: Path, final: Path, manifest: Manifest) -> None:
    """Rename the new folder to its id; a damaged folder of that id steps aside first, an equal one stays in use."""
    if _is_equal(final, manifest):
        shutil.rmtree(temporary)
        return
    if final.exists():
        aside = final.with_name(f"{_BUILDING}old-{final.name}")
        final.replace(aside)
    temporary.replace(final)
    sync(final.parent)
    _remove_leftovers(final.parent)


def _is_equal(folder: Path, manifest: Manifest) -> bool:
    try:
        return verify(folder) == manifest
    except BrokenIndexError:
        return False


def _remove_leftovers(index_dir: Path) -> None:
    for folder in index_dir.glob(f"{_BUILDING}*"):
        shutil.rmtree(folder)


def _remove_old(index_dir: Path, keep: set[str | None]) -> None:
    for manifest in index_dir.glob(f"*/{MANIFEST_FILE}"):
        if manifest.parent.name not in keep:
            shutil.rmtree(manifest.parent)


# ------------------------------------------------------------------------------------------------------------ opening


def current_id(index_dir: Path) -> str | None:
    """Return the id in `index/CURRENT`, or None where nothing was built yet; raises BrokenIndexError."""
    path = index_dir / CURRENT_FILE
    try:
        identity = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenIndexError(f"{path} cannot be read.", "Run `nkqa build --force`.") from error
    if re.fullmatch(r"[0-9a-f]{12}", identity) is None:
        raise BrokenIndexError(f"{path} is damaged: it holds no id of a generation.", "Run `nkqa build --force`.")
    return identity


def open_current(index_dir: Path) -> Generation:
    """Open the current generation; raises NoIndexError or BrokenIndexError."""
    identity = current_id(index_dir)
    if identity is None:
        raise NoIndexError(f"There is no index in {index_dir}.", "Run `nkqa build` first.")
    generation = open_folder(index_dir / identity)
    if generation.manifest.generation != identity:
        raise _broken(index_dir / identity, "its manifest names another generation")
    return generation


def open_folder(folder: Path) -> Generation:
    """Verify every file of a generation against its manifest and open it; raises BrokenIndexError naming the file."""
    manifest = verify(folder)
    try:
        documents = tuple(_DOCUMENT.validate_json(line) for line in _lines(folder / DOCUMENTS_FILE))
        passages = tuple(_PASSAGE.validate_json(line) for line in _lines(folder / PASSAGES_FILE))
        audit = tuple(_AUDIT.validate_json(line) for line in _lines(folder / AUDIT_FILE))
    except ValidationError as error:
        raise _broken(folder, f"{error.title} has another form") from error
    vectors = Vectors(folder)
    counted = (len(documents), len(passages), *vectors.shape)
    if counted != (manifest.documents, manifest.passages, manifest.views, manifest.dimensions):
        raise _broken(folder, f"{MANIFEST_FILE} counts other documents, passages or vectors than there are")
    try:
        return Generation(manifest, documents, passages, vectors, Lexical(folder), FactStore(folder), audit)
    except sqlite3.Error as error:
        raise _broken(folder, f"{TERMS_FILE} or {FACTS_FILE} has another form") from error


def verify(folder: Path) -> Manifest:
    """Check format, model, and the size and hash of every file of a generation."""
    try:
        manifest = _MANIFEST.validate_json((folder / MANIFEST_FILE).read_bytes())
    except (OSError, ValidationError) as error:
        raise _broken(folder, f"{MANIFEST_FILE} is missing or damaged") from error
    if manifest.format != FORMAT:
        raise _broken(folder, f"it has format {manifest.format}, this nkqa reads {FORMAT}")
    if (manifest.model, manifest.model_sha256) != (MODEL_NAME, MODEL_SHA256):
        raise _broken(folder, f"it was made with the model {manifest.model}")
    reader = read_reader_info()
    if (manifest.reader, manifest.reader_sha256) != (reader.name, reader.sha256):
        raise _broken(folder, f"it was made for another reader, {manifest.reader}")
    if {entry.name for entry in manifest.files} != set(FILES):
        raise _broken(folder, "its manifest does not name all files")
    for entry in manifest.files:
        path = folder / entry.name
        try:
            whole = path.stat().st_size == entry.size and sha256_of(path) == entry.sha256
        except OSError as error:
            raise _broken(folder, f"{entry.name} cannot be read") from error
        if not whole:
            raise _broken(folder, f"{entry.name} is damaged")
    return manifest


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def _broken(folder: Path, why: str) -> BrokenIndexError:
    return BrokenIndexError(f"The index {folder.name} cannot be used: {why}.", "Run `nkqa build --force`.")


def folder_stamp(index_dir: Path) -> tuple[int, int] | None:
    """Return what changes whenever CURRENT is replaced (inode and time), to notice a rebuild; None: no index."""
    try:
        status = os.stat(index_dir / CURRENT_FILE)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns

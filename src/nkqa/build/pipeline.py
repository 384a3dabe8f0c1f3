"""The offline half: corpus folder → documents → passages → vectors and terms → a new generation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nkqa.build.analyse import analyse
from nkqa.build.document import PARSERS, SIDECAR, plain_name, read_document
from nkqa.build.fingerprint import key_of
from nkqa.errors import BrokenIndexError, CorpusError, ModelError
from nkqa.settings import Settings
from nkqa.store.draft import Draft, draft
from nkqa.store.encoder import BATCH, DIMENSIONS, OnnxEncoder, model_dir, read_model_info
from nkqa.store.generation import open_current
from nkqa.store.lock import build_lock
from nkqa.store.pointer import current_id
from nkqa.store.publish import publish
from nkqa.store.reuse import KeptWork
from nkqa.types import Analysis, Document, Manifest

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; `created` is false where the index was up to date. `problems` are for the operator to read.

    `reused` counts the documents whose work an earlier build had done.
    """

    manifest: Manifest
    created: bool
    seconds: float
    problems: tuple[str, ...]
    reused: int


@dataclass(slots=True)
class _Work:
    """The work for one document; `vectors`, shape (views, dimensions), are None until they are made."""

    key: str
    analysis: Analysis
    vectors: NDArray[np.float32] | None
    reused: bool


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Whether the index is that of the corpus as it is now: the generation in use and the one a build would make."""

    current: bool
    generation: str | None
    expected: str
    problems: tuple[str, ...]


def build(settings: Settings, *, force: bool = False, progress: Progress = lambda *_: None) -> BuildReport:
    """Build the index of the corpus and switch to it; does nothing where it is up to date, unless forced.

    Of documents that an earlier build has seen its work is reused, unless forced; the index is the same to the byte.
    `progress` is called with (stage, done, all). Raises CorpusError, ModelError or BuildInProgressError; the index in
    use is then what it was.
    """
    started = time.perf_counter()
    with build_lock(settings.index_dir):
        kept = KeptWork(settings.index_dir)
        works = _gather(settings, None if force else kept, progress)
        new = _draft(settings, works)
        problems = _problems(settings.corpus_dir)
        manifest = None if force else _up_to_date(settings.index_dir, new)
        created = manifest is None
        if manifest is None:
            encoder = _encoder(settings, force, progress)
            _encode(encoder, works, kept, progress)
            manifest = publish(settings.index_dir, new, _vectors(new, works), settings.keep_generations)
            kept.prune({work.key for work in works})
    return BuildReport(manifest, created, time.perf_counter() - started, problems, sum(work.reused for work in works))


def check(settings: Settings) -> CheckReport:
    """Read the corpus and tell whether the index is up to date, changing nothing; raises CorpusError."""
    new = _draft(settings, _gather(settings, KeptWork(settings.index_dir), lambda *_: None))
    current = _up_to_date(settings.index_dir, new) is not None
    try:
        generation = current_id(settings.index_dir)
    except BrokenIndexError:
        generation = None
    return CheckReport(current, generation, new.id, _problems(settings.corpus_dir))


def read_corpus(settings: Settings, progress: Progress = lambda *_: None) -> tuple[Document, ...]:
    """Read every document of the corpus folder, in the order of their names; raises CorpusError."""
    files = _corpus_files(settings.corpus_dir)
    documents: list[Document] = []
    for number, path in enumerate(files, start=1):
        documents.append(read_document(path, plain_name(path, settings.corpus_dir)))
        progress("read", number, len(files))
    return tuple(documents)


def _corpus_files(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            raise CorpusError(
                f"There is no corpus folder {folder}.",
                "Make it and put .txt or .md files into it, or name another one with --corpus-dir.",
            )
        files = sorted(path for path in _walk(folder) if path.suffix.lower() in PARSERS)
    except OSError as error:
        raise CorpusError(f"{error.filename} cannot be read: {error.strerror}.", "Give read permission.") from error
    if not files:
        raise CorpusError(f"There is no document in {folder}.", "Put .txt or .md files (UTF-8) into it.")
    return files


def _walk(folder: Path) -> list[Path]:
    """Return all files below a folder but hidden ones; unlike rglob it raises where a folder cannot be read."""
    found: list[Path] = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        found += _walk(entry) if entry.is_dir() else [entry]
    return found


def _problems(folder: Path) -> tuple[str, ...]:
    """Name the files that are neither a document nor a sidecar: they are not in the index."""
    ignored = [path for path in _walk(folder) if path.suffix.lower() not in {*PARSERS, SIDECAR}]
    return tuple(f"{plain_name(path, folder)} is not read: only {', '.join(PARSERS)} are." for path in ignored)


def _gather(settings: Settings, kept: KeptWork | None, progress: Progress) -> list[_Work]:
    """Return the work for each document in the order of their names, from what is kept where there is such."""
    files = _corpus_files(settings.corpus_dir)
    works: list[_Work] = []
    for number, path in enumerate(files, start=1):
        name = plain_name(path, settings.corpus_dir)
        key = _key(path, name)
        found = kept.load(key) if kept else None
        if found:
            works.append(_Work(key, *found, reused=True))
        else:
            works.append(_Work(key, analyse(read_document(path, name)), None, reused=False))
        progress("read", number, len(files))
    return works


def _key(path: Path, name: str) -> str:
    try:
        return key_of(path, name)
    except OSError as error:
        raise CorpusError(
            f"{name} cannot be read: {error.strerror} ({Path(error.filename).name}).",
            "Give read permission or remove it.",
        ) from error


def _draft(settings: Settings, works: Sequence[_Work]) -> Draft:
    if not any(work.analysis.passages for work in works):
        raise CorpusError(f"The documents in {settings.corpus_dir} hold no text.", "Put text into them.")
    return draft([work.analysis for work in works])


def _up_to_date(index_dir: Path, new: Draft) -> Manifest | None:
    """Return the manifest of the current generation if it is the one the corpus would give, and whole."""
    try:
        if current_id(index_dir) == new.id:
            read_model_info(model_dir(index_dir))
            generation = open_current(index_dir)
            generation.close()
            return generation.manifest
    except (BrokenIndexError, ModelError):
        return None
    return None


def _encoder(settings: Settings, force: bool, progress: Progress) -> OnnxEncoder:
    folder = model_dir(settings.index_dir)
    try:
        if force:
            raise ModelError("The model is exported anew.", "")
        read_model_info(folder)
    except ModelError:
        progress("export model", 0, 1)
        # Imported here because torch takes seconds, and only the first build needs it.
        from nkqa.store.encoder_export import export_encoder

        export_encoder(folder)
        progress("export model", 1, 1)
    return OnnxEncoder(folder, settings.encoder_threads)


def _encode(encoder: OnnxEncoder, works: Sequence[_Work], kept: KeptWork, progress: Progress) -> None:
    """Make the vectors that are missing, and keep the work of each document as soon as it is whole.

    Each document by itself: which texts share a batch shows in the last bits of a vector, and what a document gives
    must not hang on what stands beside it.
    """
    missing = [work for work in works if work.vectors is None]
    total = sum(len(work.analysis.views) for work in missing)
    done = 0
    for work in missing:
        texts = [view.text for view in work.analysis.views]
        # Short texts first: a batch is padded to its longest text.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            vectors[places] = encoder.encode([texts[place] for place in places])
            done += len(places)
            progress("encode", done, total)
        work.vectors = vectors
        kept.save(work.key, work.analysis, vectors)


def _vectors(new: Draft, works: Sequence[_Work]) -> list[NDArray[np.float32]]:
    """Return the vectors of each tier, in the order of its views."""
    by_document = {work.analysis.document.id: work.vectors for work in works}
    empty = np.empty((0, DIMENSIONS), dtype=np.float32)
    return [np.concatenate([empty, *(by_document[document.id] for document in tier.documents)]) for tier in new.tiers]

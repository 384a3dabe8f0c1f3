"""The offline half: corpus folder → documents → passages → vectors and terms → a new generation."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nkqa.build.analyse import analyse
from nkqa.build.bounded import SIDECAR_BYTES, check_size
from nkqa.build.document import SIDECAR, read_document
from nkqa.build.fingerprint import key_of
from nkqa.build.folder import corpus_files, not_read, plain_name
from nkqa.build.formats.extracted import MEBIBYTE, Limits
from nkqa.build.sandbox import Sandbox
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

# How often a file is read that is saved meanwhile.
_READS = 3

Progress = Callable[[str, int, int], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a corpus folder in the order of their names, and what became of its other files.

    `failures` are documents that cannot be read, `ignored` says which files are none.
    """

    documents: tuple[Document, ...]
    failures: tuple[CorpusError, ...]
    ignored: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Say what is not in the index, and what to do."""
        return (*map(str, self.failures), *self.ignored)


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
        works, problems = _gather(settings, None if force else kept, progress)
        new = _draft(settings, works)
        manifest = None if force else _up_to_date(settings.index_dir, new)
        created = manifest is None
        if manifest is None:
            model = _exported_model(settings.index_dir, force, progress)
            missing = [work for work in works if work.vectors is None]
            if missing:  # to open the model takes longer than all the rest of a small rebuild
                _encode(OnnxEncoder(model, settings.encoder_threads), missing, kept, progress)
            try:
                manifest = publish(settings.index_dir, new, _vectors(new, works), settings.keep_generations)
            except OSError:
                kept.give_way()  # nor is it in the way of the next build
                raise
            kept.prune({work.key for work in works})
    return BuildReport(manifest, created, time.perf_counter() - started, problems, sum(work.reused for work in works))


def check(settings: Settings) -> CheckReport:
    """Read the corpus and tell whether the index is up to date, changing nothing; raises CorpusError."""
    works, problems = _gather(settings, KeptWork(settings.index_dir), lambda *_: None)
    new = _draft(settings, works)
    current = _up_to_date(settings.index_dir, new) is not None
    try:
        generation = current_id(settings.index_dir)
    except BrokenIndexError:
        generation = None
    return CheckReport(current, generation, new.id, problems)


def read_corpus(settings: Settings) -> Corpus:
    """Read every document of the corpus folder; one that cannot be read costs only itself.

    Raises CorpusError where no document can be read.
    """
    documents, failures, ignored = _each(settings, read_document, lambda *_: None)
    return Corpus(tuple(documents), failures, ignored)


def _gather(settings: Settings, kept: KeptWork | None, progress: Progress) -> tuple[list[_Work], tuple[str, ...]]:
    """Return the work for each document, what is kept where there is such, and the problems; raises CorpusError."""

    def work(path: Path, name: str, sandbox: Sandbox) -> _Work:
        for _ in range(_READS):
            key = _key(path, settings.corpus_dir)
            found = kept.load(key) if kept else None
            if found:
                return _Work(key, *found, reused=True)
            analysis = analyse(read_document(path, name, sandbox))
            # A file that was saved in between would be kept under the key of what it was before.
            if _key(path, settings.corpus_dir) == key:
                return _Work(key, analysis, None, reused=False)
        raise CorpusError(f"{name} is being written.", "Build again once it is complete.")

    works, failures, ignored = _each(settings, work, progress)
    return works, (*map(str, failures), *ignored)


def _each(
    settings: Settings, use: Callable[[Path, str, Sandbox], Result], progress: Progress
) -> tuple[list[Result], tuple[CorpusError, ...], tuple[str, ...]]:
    """Return what `use` makes of each file that it can read, why it cannot read others, and what is not read."""
    files = corpus_files(settings.corpus_dir)
    made: list[Result] = []
    failures: list[CorpusError] = []
    limits = Limits(
        wall_s=settings.file_timeout_s,
        cpu_s=math.ceil(settings.file_timeout_s),
        file_bytes=settings.max_file_mib * MEBIBYTE,
    )
    with Sandbox(limits) as sandbox:
        for number, path in enumerate(files, start=1):
            try:
                _check_sizes(path, settings.corpus_dir, limits)
                made.append(use(path, plain_name(path, settings.corpus_dir), sandbox))
            except CorpusError as error:
                failures.append(error)
            progress("read", number, len(files))
    if not made:
        raise failures[0]
    return made, tuple(failures), not_read(settings.corpus_dir)


def _check_sizes(path: Path, folder: Path, limits: Limits) -> None:
    """Refuse a file, or its sidecar, that is too large, before anything reads it."""
    check_size(path, plain_name(path, folder), limits.file_bytes)
    sidecar = path.with_suffix(SIDECAR)
    if sidecar.exists():
        check_size(sidecar, plain_name(sidecar, folder), SIDECAR_BYTES)


def _key(path: Path, folder: Path) -> str:
    try:
        return key_of(path, plain_name(path, folder))
    except OSError as error:  # of the file, or of its sidecar; one that comes while reading names no file
        name = plain_name(Path(error.filename or path), folder)
        raise CorpusError(f"{name} cannot be read: {error.strerror}.", "Give read permission or remove it.") from error


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


def _exported_model(index_dir: Path, force: bool, progress: Progress) -> Path:
    """Return the folder of the model, which is exported where it is missing or damaged, or where that is forced."""
    folder = model_dir(index_dir)
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
    return folder


def _encode(encoder: OnnxEncoder, works: Sequence[_Work], kept: KeptWork, progress: Progress) -> None:
    """Make the vectors of documents, and keep the work of each as soon as it is whole.

    Each document by itself: which texts share a batch shows in the last bits of a vector, and what a document gives
    must not hang on what stands beside it.
    """
    total = sum(len(work.analysis.views) for work in works)
    done = 0
    for work in works:
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

"""The offline half: corpus folder → documents → passages → vectors and terms → a new generation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nkqa.build.analyse import analyse
from nkqa.build.document import read_document
from nkqa.build.folder import corpus_files, not_read, plain_name
from nkqa.errors import BrokenIndexError, CorpusError, ModelError
from nkqa.settings import Settings
from nkqa.store.draft import Draft, TierDraft, draft
from nkqa.store.encoder import BATCH, DIMENSIONS, OnnxEncoder, model_dir, read_model_info
from nkqa.store.generation import build_lock, current_id, open_current, publish
from nkqa.types import Document, Manifest

Progress = Callable[[str, int, int], None]


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
    """What a build did; `created` is false where the index was up to date. `problems` are for the operator to read."""

    manifest: Manifest
    created: bool
    seconds: float
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Whether the index is that of the corpus as it is now: the generation in use and the one a build would make."""

    current: bool
    generation: str | None
    expected: str
    problems: tuple[str, ...]


def build(settings: Settings, *, force: bool = False, progress: Progress = lambda *_: None) -> BuildReport:
    """Build the index of the corpus and switch to it; does nothing where it is up to date, unless forced.

    `progress` is called with (stage, done, all). Raises CorpusError, ModelError or BuildInProgressError; the index in
    use is then what it was.
    """
    started = time.perf_counter()
    with build_lock(settings.index_dir):
        corpus = read_corpus(settings, progress)
        new = _draft(settings, corpus.documents)
        manifest = None if force else _up_to_date(settings.index_dir, new)
        created = manifest is None
        if manifest is None:
            encoder = _encoder(settings, force, progress)
            vectors = _encode(encoder, new.tiers, progress)
            manifest = publish(settings.index_dir, new, vectors)
    return BuildReport(manifest, created, time.perf_counter() - started, corpus.problems)


def check(settings: Settings) -> CheckReport:
    """Read the corpus and tell whether the index is up to date, changing nothing; raises CorpusError."""
    corpus = read_corpus(settings)
    new = _draft(settings, corpus.documents)
    current = _up_to_date(settings.index_dir, new) is not None
    try:
        generation = current_id(settings.index_dir)
    except BrokenIndexError:
        generation = None
    return CheckReport(current, generation, new.id, corpus.problems)


def read_corpus(settings: Settings, progress: Progress = lambda *_: None) -> Corpus:
    """Read every document of the corpus folder; one that cannot be read costs only itself.

    Raises CorpusError where no document can be read.
    """
    files = corpus_files(settings.corpus_dir)
    documents: list[Document] = []
    failures: list[CorpusError] = []
    for number, path in enumerate(files, start=1):
        try:
            documents.append(read_document(path, plain_name(path, settings.corpus_dir)))
        except CorpusError as error:
            failures.append(error)
        progress("read", number, len(files))
    if not documents:
        raise failures[0]
    return Corpus(tuple(documents), tuple(failures), not_read(settings.corpus_dir))


def _draft(settings: Settings, documents: Sequence[Document]) -> Draft:
    analyses = [analyse(document) for document in documents]
    if not any(one.passages for one in analyses):
        raise CorpusError(f"The documents in {settings.corpus_dir} hold no text.", "Put text into them.")
    return draft(analyses)


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


def _encode(
    encoder: OnnxEncoder, tiers: Sequence[TierDraft], progress: Progress
) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Return the vectors of each tier, in the order of its views."""
    total = sum(len(tier.views) for tier in tiers)
    done = 0
    vectors: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
    for tier in tiers:
        # Short texts first: a batch is padded to its longest text.
        order = sorted(range(len(tier.views)), key=lambda place: len(tier.views[place].text))
        encoded = np.empty((len(tier.views), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            encoded[places] = encoder.encode([tier.views[place].text for place in places])
            progress("encode", done + min(start + BATCH, len(order)), total)
        vectors.append(encoded)
        done += len(order)
    return vectors

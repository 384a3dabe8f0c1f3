"""Generations of the index: write one beside the others, verify it, switch to it, open it.

    index/CURRENT                   the id of the generation that answers
    index/<id>/manifest.json        what it was made of, and the hash of every file
    index/<id>/documents.jsonl ...  the documents of the highest trust that there are: see `tier`
    index/<id>/low/...              those that are trusted less, where there are both
    index/models/                   the exported encoder, shared by all generations

A generation's id comes from its content: see `draft`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

import nkqa
from nkqa.errors import BrokenIndexError, BuildInProgressError, CorpusError, NoIndexError
from nkqa.store.draft import FORMAT, Draft
from nkqa.store.encoder import DIMENSIONS, MODEL_NAME, MODEL_SHA256
from nkqa.store.files import replace_synced, sha256_of, sync, write_synced
from nkqa.store.reader import read_reader_info
from nkqa.store.tier import TIER_FILES, Tier, open_tier, write_tier
from nkqa.types import FileEntry, Manifest, TierInfo, Trust

CURRENT_FILE = "CURRENT"
LOCK_FILE = ".lock"
MANIFEST_FILE = "manifest.json"
_BUILDING = ".building-"

_MANIFEST = TypeAdapter(Manifest)


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation: its tiers in the order of trust, one at least; nothing in it changes."""

    manifest: Manifest
    tiers: tuple[Tier, ...]

    def close(self) -> None:
        """Close the files that are read on demand."""
        for tier in self.tiers:
            tier.close()


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


def publish(index_dir: Path, new: Draft, vectors: Sequence[NDArray[np.float32]]) -> Manifest:
    """Write a generation, verify it, and make it the current one. The caller holds `build_lock`.

    `vectors` are those of each tier, shape (views, dimensions), in the order of the draft's views.

    The generation that was current stays for going back; older ones and what a killed builder left are removed.
    """
    temporary = index_dir / f"{_BUILDING}{new.id}"
    _remove_leftovers(index_dir)
    temporary.mkdir()
    for place, tier in enumerate(new.tiers):
        folder = _tier_dir(temporary, tier.trust, place)
        folder.mkdir(exist_ok=True)
        write_tier(folder, tier, vectors[place])
    manifest = _describe(temporary, new)
    write_synced(temporary / MANIFEST_FILE, _MANIFEST.dump_json(manifest, indent=1))
    for entry in manifest.files:
        sync(temporary / entry.name)
    for place, tier in enumerate(new.tiers):
        sync(_tier_dir(temporary, tier.trust, place))
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


def _tier_dir(folder: Path, trust: Trust, place: int) -> Path:
    """Return the folder of a tier: that of the generation for the first one."""
    return folder / trust.value if place else folder


def _file_names(tiers: Sequence[Trust]) -> tuple[str, ...]:
    """Return the names of all files that a generation with these tiers has, but its manifest's."""
    folders = [_tier_dir(Path(), trust, place) for place, trust in enumerate(tiers)]
    return tuple((folder / name).as_posix() for folder in folders for name in TIER_FILES)


def _describe(folder: Path, new: Draft) -> Manifest:
    reader = read_reader_info()
    names = _file_names([tier.trust for tier in new.tiers])
    entries = tuple(FileEntry(name, (folder / name).stat().st_size, sha256_of(folder / name)) for name in names)
    tiers = tuple(TierInfo(t.trust, len(t.documents), len(t.passages), len(t.views)) for t in new.tiers)
    return Manifest(
        generation=new.id,
        format=FORMAT,
        nkqa=nkqa.__version__,
        model=MODEL_NAME,
        model_sha256=MODEL_SHA256,
        reader=reader.name,
        reader_sha256=reader.sha256,
        dimensions=DIMENSIONS,
        documents=sum(tier.documents for tier in tiers),
        passages=sum(tier.passages for tier in tiers),
        views=sum(tier.views for tier in tiers),
        tiers=tiers,
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
    totals = [sum(counts) for counts in zip(*((t.documents, t.passages, t.views) for t in manifest.tiers), strict=True)]
    if totals != [manifest.documents, manifest.passages, manifest.views]:
        raise _broken(folder, "its manifest's tiers do not add up")
    try:
        tiers = tuple(
            open_tier(_tier_dir(folder, info.trust, place), info, manifest.dimensions)
            for place, info in enumerate(manifest.tiers)
        )
    except ValueError as error:
        raise _broken(folder, str(error)) from error
    return Generation(manifest, tiers)


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
    if {entry.name for entry in manifest.files} != set(_file_names([tier.trust for tier in manifest.tiers])):
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


def _broken(folder: Path, why: str) -> BrokenIndexError:
    return BrokenIndexError(f"The index {folder.name} cannot be used: {why}.", "Run `nkqa build --force`.")


def folder_stamp(index_dir: Path) -> tuple[int, int] | None:
    """Return what changes whenever CURRENT is replaced (inode and time), to notice a rebuild; None: no index."""
    try:
        status = os.stat(index_dir / CURRENT_FILE)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns

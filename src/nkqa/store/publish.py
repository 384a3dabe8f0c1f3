"""Making a generation the current one: written beside the others, verified, switched to in one step; going back.

The caller holds `build_lock`. A builder that dies leaves a folder `.building-...`, which the next one removes.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import nkqa
from nkqa.errors import BrokenIndexError
from nkqa.store.draft import FORMAT, Draft
from nkqa.store.encoder import DIMENSIONS, MODEL_NAME, MODEL_SHA256
from nkqa.store.files import sha256_of, sync, write_synced
from nkqa.store.generation import MANIFEST, MANIFEST_FILE, file_names, open_folder, tier_dir, verify
from nkqa.store.pointer import Pointed, readable_lines, write_pointer
from nkqa.store.reader import read_reader_info
from nkqa.store.tier import write_tier
from nkqa.types import FileEntry, Manifest, TierInfo

BUILDING = ".building-"


def publish(index_dir: Path, new: Draft, vectors: Sequence[NDArray[np.float32]], keep: int) -> Manifest:
    """Write a generation, verify it, make it the current one, and keep `keep` of them in all (at least 2).

    `vectors` are those of each tier, shape (views, dimensions), in the order of the draft's views. Raises OSError; the
    index is then what it was.
    """
    remove_leftovers(index_dir)
    temporary = index_dir / f"{BUILDING}{new.id}"
    temporary.mkdir()
    try:
        manifest = _write(temporary, new, vectors)
        open_folder(temporary).close()
        _move_into_place(temporary, index_dir / new.id, manifest)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)  # on a full disk it is in the way
        raise
    switch(index_dir, new.id, keep)
    return manifest


def switch(index_dir: Path, identity: str, keep: int) -> None:
    """Let a whole generation answer; those that answered before stay, the latest first, `keep` in all."""
    new = Pointed(identity, sha256_of(index_dir / identity / MANIFEST_FILE))
    before = [one for one in readable_lines(index_dir) if one.id != identity]
    pointed = [new, *before][: max(keep, 2)]
    write_pointer(index_dir, pointed)
    remove_others(index_dir, {one.id for one in pointed})


def remove_others(index_dir: Path, keep: set[str]) -> list[str]:
    """Remove the generations that are not in `keep`, and return their ids."""
    removed = sorted(path.parent.name for path in index_dir.glob(f"*/{MANIFEST_FILE}") if path.parent.name not in keep)
    for identity in removed:
        # First a name that the next builder knows for a leftover: what is half removed is never a generation.
        aside = index_dir / f"{BUILDING}old-{identity}"
        (index_dir / identity).replace(aside)
        shutil.rmtree(aside)
    return removed


def remove_leftovers(index_dir: Path) -> int:
    """Remove what builders that died have left, and return how many pieces it were."""
    folders = list(index_dir.glob(f"{BUILDING}*"))
    for folder in folders:
        shutil.rmtree(folder)
    pointers = list(index_dir.glob(".CURRENT.*"))
    for pointer in pointers:
        pointer.unlink()
    return len(folders) + len(pointers)


def _write(folder: Path, new: Draft, vectors: Sequence[NDArray[np.float32]]) -> Manifest:
    for place, tier in enumerate(new.tiers):
        inner = tier_dir(folder, tier.trust, place)
        inner.mkdir(exist_ok=True)
        write_tier(inner, tier, vectors[place])
    manifest = _describe(folder, new)
    write_synced(folder / MANIFEST_FILE, MANIFEST.dump_json(manifest, indent=1))
    for place, tier in enumerate(new.tiers):
        sync(tier_dir(folder, tier.trust, place))
    sync(folder)
    return manifest


def _describe(folder: Path, new: Draft) -> Manifest:
    reader = read_reader_info()
    names = file_names([tier.trust for tier in new.tiers])
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
        final.replace(final.with_name(f"{BUILDING}old-{final.name}"))
    temporary.replace(final)
    sync(final.parent)
    remove_leftovers(final.parent)


def _is_equal(folder: Path, manifest: Manifest) -> bool:
    try:
        return verify(folder) == manifest
    except BrokenIndexError:
        return False

"""Generations of the index: verify one, open it.

    index/CURRENT                   which generation answers: see `pointer`
    index/<id>/manifest.json        what it was made of, and the hash of every file
    index/<id>/documents.jsonl ...  the documents of the highest trust that there are: see `tier`
    index/<id>/low/...              those that are trusted less, where there are both
    index/models/                   the exported encoder, shared by all generations
    index/kept/                     what builds reuse; no answer comes from it: see `reuse`

A generation's id comes from its content: see `draft`. `publish` writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from nkqa.errors import BrokenIndexError, NoIndexError
from nkqa.store.draft import FORMAT
from nkqa.store.encoder import MODEL_NAME, MODEL_SHA256
from nkqa.store.files import sha256_of
from nkqa.store.pointer import read_pointer, readable_lines
from nkqa.store.reader import read_reader_info
from nkqa.store.tier import TIER_FILES, Tier, open_tier
from nkqa.types import Manifest, Trust

MANIFEST_FILE = "manifest.json"
MANIFEST = TypeAdapter(Manifest)


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation: its tiers in the order of trust, one at least; nothing in it changes."""

    manifest: Manifest
    tiers: tuple[Tier, ...]

    def close(self) -> None:
        """Close the files that are read on demand."""
        for tier in self.tiers:
            tier.close()


def tier_dir(folder: Path, trust: Trust, place: int) -> Path:
    """Return the folder of a tier: that of the generation for the first one."""
    return folder / trust.value if place else folder


def file_names(tiers: Sequence[Trust]) -> tuple[str, ...]:
    """Return the names of all files that a generation with these tiers has, but its manifest's."""
    folders = [tier_dir(Path(), trust, place) for place, trust in enumerate(tiers)]
    return tuple((folder / name).as_posix() for folder in folders for name in TIER_FILES)


def open_current(index_dir: Path) -> Generation:
    """Open the current generation; raises NoIndexError or BrokenIndexError."""
    pointed = read_pointer(index_dir)
    if not pointed:
        raise _no_index(index_dir)
    return _open(index_dir, pointed[0].id, pointed[0].manifest_sha256)


def open_best(index_dir: Path) -> tuple[Generation, BrokenIndexError | None]:
    """Open the current generation; where it is damaged, the latest whole one before it, and what is wrong with it.

    Raises NoIndexError, or BrokenIndexError where none is whole.
    """
    try:
        return open_current(index_dir), None
    except BrokenIndexError as error:
        for identity, digest in _before(index_dir):
            try:
                return _open(index_dir, identity, digest), error
            except BrokenIndexError:
                continue
        raise


def generation_ids(index_dir: Path) -> list[str]:
    """Return the generations that are there: those that CURRENT names in its order, then others, newest first."""
    named = [one.id for one in readable_lines(index_dir)]
    paths = sorted(index_dir.glob(f"*/{MANIFEST_FILE}"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    there = [path.parent.name for path in paths if not path.parent.name.startswith(".")]  # such as what is being built
    return [one for one in named if one in there] + [one for one in there if one not in named]


def _before(index_dir: Path) -> list[tuple[str, str | None]]:
    """Return the generations to go back to; of one that CURRENT no longer names, the manifest is taken as it is."""
    digests: dict[str, str | None] = {one.id: one.manifest_sha256 for one in readable_lines(index_dir)}
    return [(identity, digests.get(identity)) for identity in generation_ids(index_dir)]


def _open(index_dir: Path, identity: str, manifest_sha256: str | None) -> Generation:
    folder = index_dir / identity
    generation = open_folder(folder, manifest_sha256)
    if generation.manifest.generation != identity:
        generation.close()
        raise _broken(folder, "its manifest names another generation")
    return generation


def _no_index(index_dir: Path) -> NoIndexError:
    return NoIndexError(f"There is no index in {index_dir}.", "Run `nkqa build` first.")


def open_folder(folder: Path, manifest_sha256: str | None = None) -> Generation:
    """Verify every file of a generation against its manifest and open it; raises BrokenIndexError naming the file.

    With `manifest_sha256` the manifest is verified, too.
    """
    manifest = verify(folder, manifest_sha256)
    totals = [sum(counts) for counts in zip(*((t.documents, t.passages, t.views) for t in manifest.tiers), strict=True)]
    if totals != [manifest.documents, manifest.passages, manifest.views]:
        raise _broken(folder, "its manifest's tiers do not add up")
    try:
        tiers = tuple(
            open_tier(tier_dir(folder, info.trust, place), info, manifest.dimensions)
            for place, info in enumerate(manifest.tiers)
        )
    except ValueError as error:
        raise _broken(folder, str(error)) from error
    return Generation(manifest, tiers)


def verify(folder: Path, manifest_sha256: str | None = None) -> Manifest:
    """Check format, model, and the size and hash of every file of a generation, its manifest's where it is given."""
    try:
        if manifest_sha256 and sha256_of(folder / MANIFEST_FILE) != manifest_sha256:
            raise _broken(folder, f"{MANIFEST_FILE} is damaged")
        manifest = MANIFEST.validate_json((folder / MANIFEST_FILE).read_bytes())
    except (OSError, ValidationError) as error:
        raise _broken(folder, f"{MANIFEST_FILE} is missing or damaged") from error
    if manifest.format != FORMAT:
        raise _broken(folder, f"it has format {manifest.format}, this nkqa reads {FORMAT}")
    if (manifest.model, manifest.model_sha256) != (MODEL_NAME, MODEL_SHA256):
        raise _broken(folder, f"it was made with the model {manifest.model}")
    reader = read_reader_info()
    if (manifest.reader, manifest.reader_sha256) != (reader.name, reader.sha256):
        raise _broken(folder, f"it was made for another reader, {manifest.reader}")
    if {entry.name for entry in manifest.files} != set(file_names([tier.trust for tier in manifest.tiers])):
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

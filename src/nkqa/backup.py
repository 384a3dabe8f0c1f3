"""Backup and restore of what cannot be made again: documents, settings, kept answers, verdicts; the index if wanted.

A backup is one file, a gzipped tar archive. Its first entry names every other with size and SHA-256. Restoring unpacks
beside the folders in use, checks every entry, and only then puts them in place; until then nothing has changed.

    manifest.json
    corpus/...            all files of the corpus folder but hidden ones and links out of it, sidecars included
    nkqa.toml             without the operator's token
    answers.sqlite, feedback.sqlite
    index/<id>/..., index/models/<name>/...     the generation that answers, and its encoder
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
import tempfile
import tomllib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from nkqa import __version__
from nkqa.errors import BrokenIndexError, ModelError, NkqaError, NoIndexError
from nkqa.settings import FILE, Settings
from nkqa.store.answers import ANSWERS_FILE
from nkqa.store.encoder import model_dir, read_model_info
from nkqa.store.feedback import FEEDBACK_FILE
from nkqa.store.files import sha256_of, sync
from nkqa.store.generation import MANIFEST_FILE, open_folder, verify
from nkqa.store.kept import FAILURES, copy_database
from nkqa.store.lock import build_lock
from nkqa.store.pointer import CURRENT_FILE, current_id
from nkqa.store.publish import BUILDING, remove_leftovers, switch

FORMAT = 1
MANIFEST = "manifest.json"
DATABASES = (ANSWERS_FILE, FEEDBACK_FILE)
_MAX_MANIFEST_BYTES = 64 * 2**20
_MODELS = "models"
_TOKEN_LINE = re.compile(r"""\s*["']?operator_token["']?\s*=""")
# What reading an archive that is cut, damaged or none raises.
_UNREADABLE = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError)


class BackupError(NkqaError):
    """A backup cannot be made or restored."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Report:
    """What a backup holds: how many documents and files, bytes, and the generation, None where there is none."""

    documents: int
    files: int
    size: int
    generation: str | None


# ------------------------------------------------------------------------------------------------------- backup


def back_up(settings: Settings, target: Path, *, with_index: bool = False, force: bool = False) -> Report:
    """Write a backup; it appears as a whole or not at all, readable by its owner only. Raises BackupError."""
    if target.exists() and not force:
        raise BackupError(f"{target} is there already.", "Name another file, or give --force.")
    try:
        with tempfile.TemporaryDirectory(prefix=".nkqa-backup-", dir=target.parent) as name:
            staged = Path(name) / "files"
            staged.mkdir()
            generation = _stage(settings, staged, with_index)
            report = _describe(staged, generation)
            packed = Path(name) / "packed"
            packed.touch(mode=0o600)
            with tarfile.open(packed, "w:gz", compresslevel=6) as archive:
                for path in (staged / MANIFEST, *(one for one in _files(staged) if one != staged / MANIFEST)):
                    archive.add(path, path.relative_to(staged).as_posix(), recursive=False)
            sync(packed)
            packed.replace(target)
            sync(target.parent)
    except FAILURES as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BackupError(f"The backup cannot be written: {reason or error}.", "See to rights and space.") from error
    return report


def _stage(settings: Settings, staged: Path, with_index: bool) -> str | None:
    """Copy what is backed up, so that it does not change while it is packed; return the generation."""
    if not settings.corpus_dir.is_dir():
        raise BackupError(f"There is no corpus folder {settings.corpus_dir}.", "Name one with --corpus-dir.")
    for path in _files(settings.corpus_dir):
        _copy(path, staged / "corpus" / path.relative_to(settings.corpus_dir))
    if Path(FILE).is_file():
        (staged / FILE).write_text(without_token(Path(FILE).read_text(encoding="utf-8")), encoding="utf-8")
    for name in DATABASES:
        copy_database(settings.index_dir / name, staged / name)
    if not with_index:
        return None
    with build_lock(settings.index_dir):  # so that no builder removes it meanwhile
        generation = current_id(settings.index_dir)
        if generation is None:
            raise NoIndexError(f"There is no index in {settings.index_dir}.", "Run `nkqa build` first.")
        encoder = model_dir(settings.index_dir)
        folders = ((settings.index_dir / generation, generation), (encoder, f"{_MODELS}/{encoder.name}"))
        for folder, name in folders:
            for path in _files(folder):
                _copy(path, staged / "index" / name / path.relative_to(folder))
    return generation


def without_token(text: str) -> str:
    """Return the text of nkqa.toml without the operator's token; raises BackupError where it cannot be taken out."""
    kept = "".join(line for line in text.splitlines(keepends=True) if not _TOKEN_LINE.match(line))
    try:
        wanted = {name: value for name, value in tomllib.loads(text).items() if name != "operator_token"}
        same = tomllib.loads(kept) == wanted
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise BackupError(f"The token cannot be taken out of {FILE}.", "Put operator_token on a line of its own.")
    return kept


def _describe(staged: Path, generation: str | None) -> Report:
    paths = list(_files(staged))
    files = {
        path.relative_to(staged).as_posix(): {"size": path.stat().st_size, "sha256": sha256_of(path)} for path in paths
    }
    made = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = {"format": FORMAT, "nkqa": __version__, "made": made, "generation": generation, "files": files}
    (staged / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return _report(manifest)


def _report(manifest: dict[str, Any]) -> Report:
    files = manifest["files"]
    documents = sum(name.startswith("corpus/") for name in files)
    return Report(documents, len(files), sum(one["size"] for one in files.values()), manifest["generation"])


def _files(folder: Path, home: str = "") -> Iterator[Path]:
    """Yield all files below a folder but hidden ones, in the order of their names.

    As in a build, a link to a folder is not followed, and neither is one that leads out of `home`, the whole folder.
    """
    home = home or os.path.realpath(folder)
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _files(entry, home)
        elif entry.is_file() and Path(os.path.realpath(entry)).is_relative_to(home):
            yield entry


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


# ------------------------------------------------------------------------------------------------------ restore


def restore(settings: Settings, source: Path, *, force: bool = False) -> Report:
    """Put a backup in place; raises BackupError, and then the documents and the index that answers are what they were.

    Without `force` nothing that is there is replaced. With it, the corpus folder is replaced as a whole, and the
    operator's token stays.
    """
    home = Path.cwd()
    try:
        with tempfile.TemporaryDirectory(prefix=".nkqa-restore-", dir=home) as name:
            manifest = _unpack(source, Path(name))
            _refuse_other_folders(settings, Path(name))
            _refuse_to_replace(settings, manifest, force)
            generation = _checked_index(Path(name) / "index", manifest) if _has_index(manifest) else None
            with build_lock(settings.index_dir):
                try:
                    _put_in_place(settings, Path(name), manifest, generation)
                except _UNREADABLE as error:  # here: the lock would take it for a failure of its own
                    raise _failure(source, error) from error
    except _UNREADABLE as error:
        raise _failure(source, error) from error
    return _report(manifest)


def _failure(source: Path, error: Exception) -> BackupError:
    return BackupError(f"{source} cannot be restored: {error}.", "Name a whole backup; see to rights and space.")


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack what the manifest names, and nothing else, and compare it; raises one of _UNREADABLE or BackupError."""
    with tarfile.open(source, "r:gz") as archive:
        first = archive.next()
        if first is None or first.name != MANIFEST or not first.isreg() or first.size > _MAX_MANIFEST_BYTES:
            raise ValueError("it does not begin with a manifest")
        content = archive.extractfile(first)
        manifest: dict[str, Any] = json.loads(content.read() if content else b"")
        if manifest["format"] != FORMAT:
            raise ValueError(f"it has format {manifest['format']}, this nkqa reads {FORMAT}")
        files = dict(manifest["files"])
        if sum(int(one["size"]) for one in files.values()) > shutil.disk_usage(folder).free:
            raise ValueError("the disk has too little space")
        while (member := archive.next()) is not None:
            expected = files.pop(member.name, None)
            if expected is None or not _is_ours(member.name) or not member.isreg() or member.size != expected["size"]:
                raise ValueError(f"{member.name!r} does not belong into it")
            _unpack_member(archive, member, folder / member.name)
            if sha256_of(folder / member.name) != expected["sha256"]:
                raise ValueError(f"{member.name!r} is damaged")
    if files:
        raise ValueError(f"{min(files)!r} is missing")
    return manifest


def _unpack_member(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Write a regular file whose name was looked at; tarfile's own unpacking follows more than that."""
    content = archive.extractfile(member)
    if content is None:
        raise ValueError(f"{member.name!r} is no file")
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("xb") as file:
        shutil.copyfileobj(content, file)
    target.chmod(member.mode & 0o755 | 0o600)
    os.utime(target, (member.mtime, member.mtime))


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.as_posix() != name:
        return False
    return name in {FILE, *DATABASES} or (len(path.parts) > 1 and path.parts[0] in {"corpus", "index"})


def _refuse_other_folders(settings: Settings, unpacked: Path) -> None:
    """Refuse where the settings in the backup name other folders: what a backup says decides not where it goes."""
    if not (unpacked / FILE).is_file():
        return
    inside = tomllib.loads((unpacked / FILE).read_text(encoding="utf-8"))
    for name in ("corpus_dir", "index_dir"):
        if name in inside and Path(str(inside[name])) != getattr(settings, name):
            flag = f"--{name.replace('_', '-')}"
            raise BackupError(f"{FILE} of the backup has {name} = {inside[name]!r}.", f"Give {flag} {inside[name]}.")


def _refuse_to_replace(settings: Settings, manifest: dict[str, Any], force: bool) -> None:
    targets = [settings.corpus_dir, *_targets(settings, manifest)]
    if _has_index(manifest):
        targets.append(settings.index_dir / CURRENT_FILE)
    there = [str(path) for path in targets if path.is_file() or (path.is_dir() and any(path.iterdir()))]
    if there and not force:
        raise BackupError(f"{', '.join(there)}: there already.", "Restore into an empty folder, or give --force.")


def _targets(settings: Settings, manifest: dict[str, Any]) -> list[Path]:
    """Return the single files that a backup brings."""
    names = {FILE: Path(FILE), **{name: settings.index_dir / name for name in DATABASES}}
    return [path for name, path in names.items() if name in manifest["files"]]


def _has_index(manifest: dict[str, Any]) -> bool:
    return any(name.startswith("index/") for name in manifest["files"])


def _put_in_place(settings: Settings, unpacked: Path, manifest: dict[str, Any], generation: str | None) -> None:
    """Put everything in place; what may still fail comes first, and last of all the index begins to answer."""
    targets = _targets(settings, manifest)
    temporary = [target.with_name(f".{target.name}.{os.getpid()}") for target in targets]
    try:
        for target, made in zip(targets, temporary, strict=True):
            _prepare(unpacked / target.name, target, made)
        if generation:
            _put_index(settings.index_dir, unpacked / "index", generation)
        _replace_folder(unpacked / "corpus", settings.corpus_dir)
        for target, made in zip(targets, temporary, strict=True):
            for beside in (f"{target.name}-wal", f"{target.name}-shm"):  # of the database that is replaced
                target.with_name(beside).unlink(missing_ok=True)
            made.replace(target)
    finally:
        for made in temporary:
            made.unlink(missing_ok=True)
    if generation:
        switch(settings.index_dir, generation, settings.keep_generations)


def _prepare(new: Path, target: Path, temporary: Path) -> None:
    """Write what is to replace a file beside it; settings get the operator's token that is there now."""
    temporary.touch(mode=0o600)
    if target.name == FILE:
        present = target.read_text(encoding="utf-8") if target.is_file() else ""
        temporary.write_text(with_token(new.read_text(encoding="utf-8"), present), encoding="utf-8")
    else:
        shutil.copyfile(new, temporary)
    sync(temporary)


def with_token(text: str, present: str) -> str:
    """Return the text of a backup's nkqa.toml with the operator's token of the present one, and no other."""
    token = tomllib.loads(present).get("operator_token")
    # What JSON writes of a text is a text of TOML, too. First, because a table may follow.
    return (f"operator_token = {json.dumps(token)}\n" if token else "") + without_token(text)


def _checked_index(unpacked: Path, manifest: dict[str, Any]) -> str:
    """Verify the index of a backup, and return its generation; raises one of _UNREADABLE."""
    generation = str(manifest["generation"])
    if re.fullmatch(r"[0-9a-f]{12}", generation) is None or not (unpacked / generation).is_dir():
        raise ValueError("its index has no generation")
    try:
        open_folder(unpacked / generation).close()
        read_model_info(model_dir(unpacked))
    except (BrokenIndexError, ModelError) as error:
        raise ValueError(error.message.rstrip(".")) from error
    return generation


def _put_index(index_dir: Path, unpacked: Path, generation: str) -> None:
    """Put the generation and its encoder among the others; a damaged folder that is in the way steps aside.

    The next build removes what stepped aside.
    """
    remove_leftovers(index_dir)
    digest = sha256_of(unpacked / generation / MANIFEST_FILE)
    checks: tuple[tuple[Path, Callable[[Path], object]], ...] = (
        (unpacked / generation, lambda folder: verify(folder, digest)),
        (model_dir(unpacked), read_model_info),
    )
    for new, check in checks:
        target = index_dir / new.relative_to(unpacked)
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            try:
                check(target)
                continue
            except (BrokenIndexError, ModelError):
                shutil.move(target, index_dir / f"{BUILDING}old-{target.name}")
        shutil.move(new, target)


def _replace_folder(new: Path, target: Path) -> None:
    """Let one folder take the place of another in two renames; the other disk, if it is one, is filled before."""
    new.mkdir(exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".nkqa-restore-", dir=target.parent))
    old, replaced = beside / "old", False
    try:
        shutil.move(new, beside / "new")
        if target.exists():
            target.replace(old)
        try:
            (beside / "new").replace(target)
            replaced = True
        except OSError:
            _move_back(old, target)
            raise
        sync(target.parent)
    finally:
        if replaced or not old.exists():  # the old documents are never removed before the new ones are there
            shutil.rmtree(beside, ignore_errors=True)


def _move_back(old: Path, target: Path) -> None:
    try:
        if old.exists():
            old.replace(target)
    except OSError as error:
        raise BackupError(
            f"{target} can neither be replaced nor put back: {error.strerror}.", f"It is whole: move {old} to {target}."
        ) from error

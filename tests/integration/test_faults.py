"""Every write, fsync, rename, open and mkdir of a build fails once: the index is the old or the new one, never a part.

FAULTS=all tries each call with each error; else the errors take turns, and of the many opens every third is tried.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil

import pytest
from tiny_builds import build_tiny, settings_of

from nkqa.build.pipeline import build
from nkqa.errors import NkqaError
from nkqa.store import publish
from nkqa.store.generation import open_current
from nkqa.store.pointer import current_id

pytestmark = pytest.mark.model

TEXT = "The lamps\n\nThe first lamp was lit in 1871. It burns oil, and it is green.\n"
MORE = "More lamps\n\nThe new ones are red.\n"
ERRORS = (errno.ENOSPC, errno.EIO, errno.EMFILE, errno.EACCES)
KINDS = ("open", "write", "fsync", "rename", "mkdir")
MOST_CALLS = 400
EVERY = os.environ.get("FAULTS") == "all"


@pytest.fixture(scope="module")
def template(tmp_path_factory, model_home):
    """A tiny index; the work for the document that comes is kept, so a build only reads, writes and switches."""
    folder = build_tiny(tmp_path_factory.mktemp("faults"), model_home, TEXT)
    settings = settings_of(folder)
    (folder / "corpus" / "more.txt").write_text(MORE, encoding="utf-8")
    build(settings)
    (folder / "corpus" / "more.txt").unlink()
    build(settings)
    shutil.rmtree(folder / "index" / next(one for one in ids(settings) if one != current_id(settings.index_dir)))
    (folder / "corpus" / "more.txt").write_text(MORE, encoding="utf-8")
    return folder


@pytest.fixture
def tiny(template, tmp_path):
    shutil.copytree(template, tmp_path / "tiny", symlinks=True)
    return settings_of(tmp_path / "tiny")


def ids(settings):
    return sorted(path.parent.name for path in settings.index_dir.glob("*/manifest.json"))


class Disk:
    """Counts the calls of one kind below a folder, and lets the `fails_at`-th fail; or has room for `room` bytes."""

    def __init__(self, monkeypatch, folder, kind="", fails_at=0, error=errno.EIO, room=None):
        self.kind, self.fails_at, self.error, self.room = kind, fails_at, error, room
        self.folder, self.calls, self.fired = str(folder), 0, False
        opened, os_opened = io.open, os.open

        def open_file(file, mode="r", *more, **named):
            if not self.mine(file):
                return opened(file, mode, *more, **named)
            self.call("open")
            found = opened(file, mode, *more, **named)
            return found if mode in ("r", "rb") else Watched(found, self)

        def open_descriptor(path, *more, **named):
            if self.mine(path) or named.get("dir_fd") is not None:
                self.call("open")
            return os_opened(path, *more, **named)

        monkeypatch.setattr(io, "open", open_file)
        monkeypatch.setattr(builtins, "open", open_file)
        monkeypatch.setattr(os, "open", open_descriptor)
        for kind_of, name in (("fsync", "fsync"), ("rename", "replace"), ("rename", "rename"), ("mkdir", "mkdir")):
            monkeypatch.setattr(os, name, self.counted(kind_of, getattr(os, name)))

    def counted(self, kind, function):
        def call(first, *more, **named):
            if kind == "fsync" or self.mine(first):
                self.call(kind)
            return function(first, *more, **named)

        return call

    def mine(self, path):
        return not isinstance(path, int) and os.fspath(path).startswith(self.folder)

    def call(self, kind, size=0):
        if self.room is not None and size:
            self.room -= size
            if self.room < 0:
                self.fired = True
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if kind == self.kind:
            self.calls += 1
            if self.calls == self.fails_at:
                self.fired = True
                raise OSError(self.error, os.strerror(self.error))


class Watched:
    """A file whose writing is counted; of a write that fails half is written."""

    def __init__(self, file, disk):
        self.file, self.disk = file, disk

    def write(self, data):
        try:
            self.disk.call("write", len(data))
        except OSError:
            self.file.write(data[: len(data) // 2])
            raise
        return self.file.write(data)

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        self.file.__enter__()
        return self

    def __exit__(self, *what):
        return self.file.__exit__(*what)


def whole_or_not(settings, allowed):
    generation = open_current(settings.index_dir)
    generation.close()
    assert generation.manifest.generation in allowed
    return generation.manifest.generation


def failing_build(settings, disk):
    """Build; return the error that was told, None where the build went on."""
    told = None
    try:
        build(settings)
    except NkqaError as error:
        told = error
    assert disk.fired or told is None
    assert told is None or (told.remedy and "\n" not in str(told))
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_one_call_fails(tiny, tmp_path, kind):
    old = current_id(tiny.index_dir)
    shutil.copytree(tmp_path / "tiny", tmp_path / "whole", symlinks=True)
    new = build(settings_of(tmp_path / "whole")).manifest.generation
    refused = 0
    tried = range(1, MOST_CALLS, 3 if kind == "open" and not EVERY else 1)
    for number in tried:
        errors = ERRORS if EVERY else ERRORS[number % 4 : number % 4 + 1]
        for error in errors:
            folder = tmp_path / f"{number}-{error}"
            shutil.copytree(tmp_path / "tiny", folder, symlinks=True)
            settings = settings_of(folder)
            with pytest.MonkeyPatch.context() as monkeypatch:
                disk = Disk(monkeypatch, settings.index_dir, kind, number, error)
                refused += failing_build(settings, disk) is not None
            found = whole_or_not(settings, {old, new})
            if not disk.fired:
                assert found == new
                break
            assert build(settings).manifest.generation == new
            assert whole_or_not(settings, {new}) == new
            assert nothing_left(settings) == []
            shutil.rmtree(folder)
        if not disk.fired:
            break
    assert not disk.fired, "more calls than are tried"
    assert refused  # where a folder is there already, that it cannot be made is no harm
    print(kind, number - 1, "calls,", refused, "told")


def nothing_left(settings):
    wanted = {"CURRENT", "models", "kept", ".lock", ".lock-holder", *ids(settings)}
    inside = [path for path in settings.index_dir.rglob("*") if ".building" in path.name or ".CURRENT" in path.name]
    return [path.name for path in settings.index_dir.iterdir() if path.name not in wanted] + inside


def test_full_disk(tiny, tmp_path):
    old = current_id(tiny.index_dir)
    reasons = set()
    for room in (0, 5_000, 20_000, 50_000, 100_000):
        with pytest.MonkeyPatch.context() as monkeypatch:
            error = failing_build(tiny, Disk(monkeypatch, tiny.index_dir, room=room))
        if error:
            reasons.add(error.message)
            assert whole_or_not(tiny, {old}) == old
            assert nothing_left(tiny) == []  # what would fill the disk is gone at once
    assert reasons == {f"The index folder {tiny.index_dir} cannot be written: No space left on device."}
    build(tiny)
    assert current_id(tiny.index_dir) != old


def test_a_builder_that_writes_in_place_breaks_the_index(tiny, monkeypatch):
    """The null control: without a folder of its own for what is being written, a fault is seen by who asks."""
    folder = tiny.index_dir / current_id(tiny.index_dir)
    write = publish._write
    monkeypatch.setattr(publish, "_write", lambda _, new, vectors: write(folder, new, vectors))
    disk = Disk(monkeypatch, tiny.index_dir, "write", 4)
    assert failing_build(tiny, disk)
    with pytest.raises(NkqaError):
        open_current(tiny.index_dir)

"""Watching the corpus: when a rebuild is started, and when not."""

from __future__ import annotations

import os
import threading

import pytest

from nkqa.errors import BuildInProgressError
from nkqa.watch import Watcher


class Builder:
    """Counts the rebuilds that are started; refuses while it is busy."""

    def __init__(self) -> None:
        self.started = 0
        self.busy = False
        self.called = threading.Event()

    def __call__(self):
        if self.busy:
            raise BuildInProgressError("Somebody is building.", "Wait.")
        self.started += 1
        self.called.set()


@pytest.fixture
def builder():
    return Builder()


@pytest.fixture
def watcher(tmp_path, builder):
    """A watcher of a folder with one file, which has been built."""
    (tmp_path / "a.txt").write_text("one")
    watcher = Watcher(tmp_path, 0.01, builder)
    for _ in range(3):
        watcher.look()
    assert builder.started == 1, "what was there before is built once"
    return watcher


def looks(watcher, builder, times=3):
    """Return how many rebuilds so many looks start."""
    before = builder.started
    for _ in range(times):
        watcher.look()
    return builder.started - before


def other_content(folder):
    (folder / "a.txt").write_text("another")


def same_size_later(folder):
    os.utime(folder / "a.txt", ns=(1, 1))


def new_file(folder):
    (folder / "deeper").mkdir()
    (folder / "deeper" / "b.txt").write_text("two")


def no_file(folder):
    (folder / "a.txt").unlink()


def new_name(folder):
    (folder / "a.txt").rename(folder / "b.txt")


@pytest.mark.parametrize("change", [other_content, same_size_later, new_file, no_file, new_name])
def test_change_that_stands_still_starts_one_rebuild(watcher, builder, tmp_path, change):
    change(tmp_path)
    assert looks(watcher, builder, 1) == 0
    assert looks(watcher, builder) == 1
    assert looks(watcher, builder) == 0


def test_no_change_and_hidden_files_start_none(watcher, builder, tmp_path):
    (tmp_path / ".a.txt.swp").write_text("x")
    assert looks(watcher, builder) == 0


def test_file_that_is_being_written_starts_none_until_it_is_whole(watcher, builder, tmp_path):
    for size in range(5):
        (tmp_path / "a.txt").write_text("x" * (10 + size))
        assert looks(watcher, builder, 1) == 0
    assert looks(watcher, builder) == 1


def test_while_somebody_builds_it_is_tried_again(watcher, builder, tmp_path):
    other_content(tmp_path)
    builder.busy = True
    assert looks(watcher, builder) == 0
    builder.busy = False
    assert looks(watcher, builder) == 1


def test_folder_that_is_gone_for_a_while(watcher, builder, tmp_path, caplog):
    away = tmp_path.rename(tmp_path.with_name("away"))
    assert looks(watcher, builder) == 0
    assert "cannot be watched" in caplog.text
    away.rename(tmp_path)
    assert looks(watcher, builder) == 0


def test_it_looks_by_itself_until_it_is_stopped(tmp_path, builder):
    watcher = Watcher(tmp_path, 0.01, builder)
    watcher.run()
    assert builder.called.wait(10)
    watcher.stop()
    threads = [one for one in threading.enumerate() if one.name == "nkqa-watch"]
    for thread in threads:
        thread.join(10)
    other = tmp_path / "b.txt"
    other.write_text("x")
    assert [one for one in threads if one.is_alive()] == []

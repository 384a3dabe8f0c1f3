"""Watching the corpus folder: a rebuild is started once its files have changed and then stood still for a while."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from nkqa.errors import BuildInProgressError

_log = logging.getLogger(__name__)

# What a file is known by: its path, size and time of change.
Seen = frozenset[tuple[str, int, int]]


class Watcher:
    """Looks at a folder every `interval_s` seconds; `start` starts a rebuild, or raises BuildInProgressError.

    The first look counts as a change: what happened before the server started is built, too. A build of a corpus
    that the index already holds does nothing.
    """

    def __init__(self, folder: Path, interval_s: float, start: Callable[[], object]) -> None:
        self._folder = folder
        self._interval_s = interval_s
        self._start = start
        self._built: Seen | None = None
        self._seen: Seen | None = None
        self._stopped = threading.Event()

    def run(self) -> None:
        """Begin to look, in a thread of its own."""
        threading.Thread(target=self._look_often, name="nkqa-watch", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def look(self) -> None:
        """Start a rebuild where the files are others than those last built, and the same as at the last look."""
        try:
            seen = frozenset(_files(self._folder))
        except OSError as error:  # a folder that is being moved is not there for a moment
            _log.warning("the corpus folder cannot be watched: %s", error)
            self._seen = None
            return
        if seen not in (self._built, None) and seen == self._seen:
            try:
                self._start()
            except BuildInProgressError:
                return  # the next look tries again
            self._built = seen
        self._seen = seen

    def _look_often(self) -> None:
        while not self._stopped.wait(self._interval_s):
            self.look()


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _files(entry)
        else:
            status = entry.stat()
            yield str(entry), status.st_size, status.st_mtime_ns

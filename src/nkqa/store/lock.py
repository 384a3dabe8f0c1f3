"""One builder at a time, across processes; who comes second is told who holds the index."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from nkqa.errors import BuildInProgressError, CorpusError

LOCK_FILE = ".lock"
# Beside the lock, which every contender opens and so empties.
HOLDER_FILE = ".lock-holder"


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the index against other builders; raises BuildInProgressError at once where another one is at work.

    The lock dies with the process that holds it. An OSError inside comes out as a CorpusError that says what to do.
    """
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(index_dir / LOCK_FILE, timeout=0):
            _write_holder(index_dir / HOLDER_FILE)
            yield
    except Timeout as error:
        raise BuildInProgressError(
            f"{_holder(index_dir / HOLDER_FILE)} is building the index in {index_dir}.",
            "Wait until it ends, then try again.",
        ) from error
    except OSError as error:
        raise CorpusError(
            f"The index folder {index_dir} cannot be written: {error.strerror or error}.",
            "Give write permission, free some space, or name another folder with --index-dir.",
        ) from error


def _write_holder(path: Path) -> None:
    since = time.strftime("%Y-%m-%d %H:%M:%S %z")
    path.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}), "utf-8")


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text("utf-8"))
        return f"Process {int(holder['pid'])} on {holder['host']}, since {holder['since']},"
    except (OSError, ValueError, KeyError, TypeError):
        return "Another process"

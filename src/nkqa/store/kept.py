"""JSON objects under an id in a small SQLite file beside the generations: the newest so many, for the owner only."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

# What a caller has to expect of every method: the file, or the folder it lies in, cannot be read or written.
FAILURES = (sqlite3.Error, OSError)


class Kept:
    """Keeps the newest `keep` objects in `path`. Thread-safe. Every method raises one of FAILURES.

    Reading makes no file. With `keep` 0 nothing is saved; what was saved before can be read, and cleared. `former` is a
    table that an earlier version kept in the file; it is removed.
    """

    def __init__(self, path: Path, table: str, keep: int, former: str | None = None) -> None:
        self._path = path
        self._table = table
        self._former = former
        self._keep = keep
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def save(self, identity: str, content: Mapping[str, Any]) -> None:
        """Keep an object as the newest one, in the place of an earlier one with its id, and drop what is too many."""
        if not self._keep:
            return
        with self._lock, self._open() as connection:
            connection.execute(f"DELETE FROM {self._table} WHERE id = ?", (identity,))  # noqa: S608 (own names only)
            connection.execute(
                f"INSERT INTO {self._table} VALUES (?, ?)",  # noqa: S608
                (identity, json.dumps(content, ensure_ascii=False)),
            )
            connection.execute(
                f"DELETE FROM {self._table} WHERE rowid <= "  # noqa: S608
                f"(SELECT rowid FROM {self._table} ORDER BY rowid DESC LIMIT 1 OFFSET ?)",
                (self._keep,),
            )

    def load(self, identity: str) -> dict[str, Any] | None:
        """Return an object by its id, None where it is not, or no longer, kept."""
        found = self._rows("WHERE id = ?", (identity,))
        return found[0] if found else None

    def all(self) -> list[dict[str, Any]]:
        """Return every object, oldest first."""
        return self._rows("ORDER BY rowid", ())

    def clear(self) -> int:
        """Forget every object, on the disk too, and return how many there were."""
        if self._connection is None and not self._path.exists():
            return 0
        with self._lock:
            with self._open() as connection:
                count = connection.execute(f"DELETE FROM {self._table}").rowcount  # noqa: S608
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def _rows(self, which: str, values: tuple[str, ...]) -> list[dict[str, Any]]:
        if self._connection is None and not self._path.exists():
            return []
        with self._lock:
            query = f"SELECT content FROM {self._table} {which}"  # noqa: S608
            return [json.loads(content) for (content,) in self._open().execute(query, values)]

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            # Questions may be private. SQLite gives the files it makes beside this one the same mode.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            self._path.chmod(0o600)
            connection = sqlite3.connect(self._path, check_same_thread=False)
            # Appending to a log costs a fraction of a millisecond; the default waits for the disk each time.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            # What is removed is private, too: not only unlinked but overwritten.
            connection.execute("PRAGMA secure_delete = ON")
            if self._former:
                connection.execute(f"DROP TABLE IF EXISTS {self._former}")
            connection.execute(f"CREATE TABLE IF NOT EXISTS {self._table} (id TEXT PRIMARY KEY, content TEXT NOT NULL)")
            self._connection = connection
        return self._connection


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, though somebody may write to it; do nothing where there is none.

    Raises one of FAILURES.
    """
    if not source.exists():
        return
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
        # One file: what the log of the original holds is in it.
        copy.execute("PRAGMA journal_mode = DELETE")

"""The newest answers that a server gave, with their receipts, so that a link to one goes on working."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ANSWERS_FILE = "answers.sqlite"
_SCHEMA = "CREATE TABLE IF NOT EXISTS answers (id TEXT PRIMARY KEY, receipt TEXT NOT NULL)"
_log = logging.getLogger(__name__)


class AnswerStore:
    """Keeps the newest `keep` answers in `index/answers.sqlite`, outside of every generation. Thread-safe.

    With `keep` 0 nothing is kept and no file is made. A store that cannot be written is no reason to withhold an
    answer: the failure is logged, and the answer has no link.
    """

    def __init__(self, index_dir: Path, keep: int) -> None:
        self._path = index_dir / ANSWERS_FILE
        self._keep = keep
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def save(self, answer_id: str, receipt: Mapping[str, Any]) -> None:
        """Keep the receipt of an answer as the newest one, and drop what is too many."""
        if not self._keep:
            return
        content = json.dumps(receipt, ensure_ascii=False)
        with self._lock:
            try:
                connection = self._open()
                with connection:
                    connection.execute("DELETE FROM answers WHERE id = ?", (answer_id,))
                    connection.execute("INSERT INTO answers (id, receipt) VALUES (?, ?)", (answer_id, content))
                    connection.execute(
                        "DELETE FROM answers WHERE rowid <= "
                        "(SELECT rowid FROM answers ORDER BY rowid DESC LIMIT 1 OFFSET ?)",
                        (self._keep,),
                    )
            except sqlite3.Error as error:
                _log.warning("the answer %s could not be kept: %s", answer_id, error)

    def load(self, answer_id: str) -> dict[str, Any] | None:
        """Return the receipt of an answer, None where it is not, or no longer, kept."""
        if not self._keep:
            return None
        with self._lock:
            try:
                row = self._open().execute("SELECT receipt FROM answers WHERE id = ?", (answer_id,)).fetchone()
            except sqlite3.Error as error:
                _log.warning("the kept answers cannot be read: %s", error)
                return None
        return dict(json.loads(row[0])) if row else None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, check_same_thread=False)
            # Appending to a log costs a fraction of a millisecond; the default waits for the disk each time.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_SCHEMA)
            # Questions may be private.
            self._path.chmod(0o600)
            self._connection = connection
        return self._connection

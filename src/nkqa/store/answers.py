"""The newest answers that a server gave, with their receipts, so that a link to one goes on working."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nkqa.store.kept import FAILURES, Kept

ANSWERS_FILE = "answers.sqlite"
_log = logging.getLogger(__name__)


class AnswerStore:
    """Keeps the newest `keep` answers in `index/answers.sqlite`, outside of every generation. Thread-safe.

    With `keep` 0 nothing is kept and no file is made. A store that cannot be written is no reason to withhold an
    answer: the failure is logged, and the answer has no link.
    """

    def __init__(self, index_dir: Path, keep: int) -> None:
        self._keep = keep
        self._kept = Kept(index_dir / ANSWERS_FILE, "receipts", keep, former="answers")

    def save(self, answer_id: str, receipt: Mapping[str, Any]) -> None:
        """Keep the receipt of an answer as the newest one, and drop what is too many."""
        try:
            self._kept.save(answer_id, receipt)
        except FAILURES as error:
            _log.warning("the answer %s could not be kept: %s", answer_id, error)

    def all(self) -> list[dict[str, Any]]:
        """Return the receipt of every answer that is kept, oldest first."""
        try:
            return self._kept.all() if self._keep else []
        except FAILURES as error:
            _log.warning("the kept answers cannot be read: %s", error)
            return []

    def load(self, answer_id: str) -> dict[str, Any] | None:
        """Return the receipt of an answer, None where it is not, or no longer, kept; with `keep` 0 none is."""
        try:
            return self._kept.load(answer_id) if self._keep else None
        except FAILURES as error:
            _log.warning("the kept answers cannot be read: %s", error)
            return None

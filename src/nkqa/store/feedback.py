"""What people said of the answers they got, kept beside the index: nothing of it leaves the machine or enters a log."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nkqa.errors import FeedbackError
from nkqa.store.kept import FAILURES, Kept

FEEDBACK_FILE = "feedback.sqlite"
REMEDY = "See that the index folder can be written and its disk has room, and try again."


def _failure(what: str, error: Exception) -> FeedbackError:
    # Not an OSError's own text: it names the path, and this error reaches clients.
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return FeedbackError(f"The feedback cannot be {what}: {reason}.", REMEDY)


class FeedbackStore:
    """Keeps the newest `keep` verdicts in `index/feedback.sqlite`, one for an answer. Thread-safe.

    A verdict is a JSON object: `verdict`, `reason`, `comment`, and the `receipt` of the answer that it is about. With
    `keep` 0 none is saved and no file is made; earlier ones can be read and cleared. Every method
    raises FeedbackError where the file fails.
    """

    def __init__(self, index_dir: Path, keep: int) -> None:
        self._kept = Kept(index_dir / FEEDBACK_FILE, "feedback", keep)

    def save(self, answer_id: str, verdict: Mapping[str, Any]) -> None:
        """Keep a verdict as the newest one; it replaces an earlier one on the same answer."""
        try:
            self._kept.save(answer_id, verdict)
        except FAILURES as error:
            raise _failure("kept", error) from error

    def all(self) -> list[dict[str, Any]]:
        """Return every verdict, oldest first."""
        try:
            return self._kept.all()
        except FAILURES as error:
            raise _failure("read", error) from error

    def clear(self) -> int:
        """Forget every verdict and return how many there were."""
        try:
            return self._kept.clear()
        except FAILURES as error:
            raise _failure("removed", error) from error

"""No question holds a worker for ever, and no more are worked at than there are cores.

Python computes in one thread at a time: further questions would only take the time from each other, and from the thread
that takes and refuses requests. Measured: docs/decisions/0016-load.md.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nkqa.errors import QuestionTimeoutError

OnStage = Callable[[str], None]
_at_work = threading.BoundedSemaphore(max(1, os.cpu_count() or 1))


def with_deadline(on_stage: OnStage | None, timeout_s: float, clock: Callable[[], float] = time.monotonic) -> OnStage:
    """Return a listener for one question's stages that raises QuestionTimeoutError once `timeout_s` is over.

    The time runs from this call. `on_stage`, if any, is told of each stage before that.
    """
    end = clock() + timeout_s

    def checked(stage: str) -> None:
        if on_stage:
            on_stage(stage)
        if clock() > end:
            raise _too_long(timeout_s)

    return checked


@contextmanager
def turn(timeout_s: float) -> Iterator[None]:
    """Wait until a core is free for a question, and hold it; raises QuestionTimeoutError where none is in time."""
    if not _at_work.acquire(timeout=timeout_s):
        raise _too_long(timeout_s)
    try:
        yield
    finally:
        _at_work.release()


def _too_long(timeout_s: float) -> QuestionTimeoutError:
    return QuestionTimeoutError(
        f"The question took longer than {timeout_s:g} s.",
        "Ask a shorter question, or the same one later; the operator sets question_timeout_s.",
    )

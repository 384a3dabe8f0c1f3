"""No question holds a worker for ever: its time is looked at whenever a stage of the work begins."""

from __future__ import annotations

import time
from collections.abc import Callable

from nkqa.errors import QuestionTimeoutError

OnStage = Callable[[str], None]


def with_deadline(on_stage: OnStage | None, timeout_s: float, clock: Callable[[], float] = time.monotonic) -> OnStage:
    """Return a listener for one question's stages that raises QuestionTimeoutError once `timeout_s` is over.

    The time runs from this call. `on_stage`, if any, is told of each stage before that.
    """
    end = clock() + timeout_s

    def checked(stage: str) -> None:
        if on_stage:
            on_stage(stage)
        if clock() > end:
            raise QuestionTimeoutError(
                f"The question took longer than {timeout_s:g} s.",
                "Ask a shorter question, or the same one later; the operator sets question_timeout_s.",
            )

    return checked

"""The stages of one question: told to whoever waits for the answer as they begin, and timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from nkqa.ask.trace import Trace
from nkqa.types import Hit, Measure, Timing

# Called with the name of a stage when it begins: question, facts, search, read or compose.
OnStage = Callable[[str], None]


@dataclass(slots=True)
class Stages:
    """What one question is at. An exception of `on_stage` ends the asking, and leaves it as it was raised."""

    on_stage: OnStage | None = None
    trace: Trace | None = None
    timings: list[Timing] = field(default_factory=list)
    last: float = field(default_factory=time.perf_counter)

    def begin(self, stage: str) -> None:
        """Say that a stage begins; one that a question of several parts comes back to is said again."""
        if self.on_stage:
            self.on_stage(stage)

    def stop(self, part: str) -> None:
        """Note how long the part took that ends now; parts are finer than stages."""
        now = time.perf_counter()
        self.timings.append(Timing(part, (now - self.last) * 1000))
        self.last = now

    def note(self, step: str, outcome: object, measures: tuple[Measure, ...] = (), hits: tuple[Hit, ...] = ()) -> None:
        """Add a step to the trace; nothing where none is wanted."""
        if self.trace:
            self.trace.add(step, outcome, measures, hits)

    @property
    def all(self) -> tuple[Timing, ...]:
        """Return the times of all parts, and their sum as "total"."""
        return (*self.timings, Timing("total", sum(timing.ms for timing in self.timings)))

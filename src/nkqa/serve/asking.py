"""Ask a question and keep its answer: what every address that answers does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nkqa.errors import QuestionTimeoutError
from nkqa.serve.deadline import turn, with_deadline
from nkqa.serve.observe import Note
from nkqa.serve.services import Services
from nkqa.serve.stream import OnStage

if TYPE_CHECKING:
    from nkqa.ask.pipeline import Engine


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the earlier ones, oldest first, and the year for which it is asked."""

    question: str
    history: Sequence[str] | None
    as_of: int | None
    explain: bool = False

    def answer(
        self,
        engine: Engine,
        services: Services | None,
        timeout_s: float,
        note: Note,
        on_stage: OnStage | None = None,
    ) -> dict[str, Any]:
        """Return the answer as JSON; where there are services it is kept, without its trace.

        `note` is that of the request, from its own thread. Raises QuestionTimeoutError.
        """
        checked = with_deadline(on_stage, timeout_s)
        try:
            with turn(timeout_s):
                found = engine.ask(self.question, self.history, self.as_of, on_stage=checked, explain=self.explain)
        except QuestionTimeoutError:
            note.metrics.rejected("timeout")
            raise
        made = found.to_json()
        note.answered(made)
        if services:
            kept = {name: value for name, value in made.items() if name != "trace"}
            services.save(made["id"], services.receipt(kept, engine.documents, engine.taken(self.history), self.as_of))
        return made

"""What a server offers beside answers. The command line hands it in: serving itself knows no corpus and no store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nkqa.types import Document

Json = dict[str, Any]


class Builder(Protocol):
    """Rebuilds the index; each rebuild is a job, told as JSON."""

    def start(self, force: bool) -> Json:
        """Start one; raises BuildInProgressError."""

    def job(self, job_id: str) -> Json | None:
        """Return one, None where it is not known."""

    def latest(self) -> Json | None:
        """Return the newest one."""

    def follow(self, job_id: str) -> Iterator[Json | None]:
        """Yield one whenever more is known of it, until it has ended; None now and then where nothing is."""

    def built_at(self, generation: str) -> str | None:
        """Return when a generation was built."""


@dataclass(frozen=True, slots=True)
class Services:
    """`receipt` proves an answer, made from its JSON, the documents, and the history and year that it was asked with.

    `save` and `load` keep receipts. `keep_verdict` keeps what somebody said of an answer, by the answer's id; None
    where no feedback is wanted. `builder` rebuilds the index; None where nobody may.
    """

    receipt: Callable[[Mapping[str, Any], Sequence[Document], Sequence[str] | None, int | None], Json]
    save: Callable[[str, Mapping[str, Any]], None]
    load: Callable[[str], Json | None]
    keep_verdict: Callable[[str, Mapping[str, Any]], None] | None = None
    builder: Builder | None = None

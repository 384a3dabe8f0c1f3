"""What a server offers beside answers. The command line hands it in: serving itself knows no corpus and no store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nkqa.types import Document, Fact

if TYPE_CHECKING:
    from nkqa.ask.pipeline import Engine

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Services:
    """`audit` checks documents against their facts; `receipt` proves an answer; `save` and `load` keep receipts."""

    audit: Callable[[Sequence[Document], Sequence[Fact]], list[Json]]
    receipt: Callable[[Mapping[str, Any], Sequence[Document]], Json]
    save: Callable[[str, Mapping[str, Any]], None]
    load: Callable[[str], Json | None]


class AuditCache:
    """The audit of the generation in use, made at the first request for it. Thread-safe."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._generation: str | None = None
        self._findings: list[Json] = []

    def of(self, engine: Engine) -> list[Json]:
        """Return the findings for an engine's documents."""
        with self._lock:
            if self._generation != engine.manifest.generation:
                self._findings = self._services.audit(engine.documents, engine.facts())
                self._generation = engine.manifest.generation
            return self._findings

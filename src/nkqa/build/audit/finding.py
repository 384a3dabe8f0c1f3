"""What the audit says: one finding a fault, one for every check that passed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nkqa.types import Document, Span

# A longer "sentence" is a list or a table that was not recognised; looking for values in it takes minutes.
MAX_SENTENCE_CHARS = 5_000


class Severity(StrEnum):
    """How much a finding matters: figures that contradict each other, what needs care, what is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One result of one check. `document` is the document's id, `spans` the places in its text that are compared.

    `passed` is True where the check found everything as it should be; its severity is then a note.
    """

    kind: str
    severity: Severity
    document: str
    message: str
    spans: tuple[Span, ...]
    passed: bool

    def to_json(self, text: str) -> dict[str, Any]:
        """Return the finding with the words of its spans; `text` is that of its document."""
        places = [{"start": span.start, "end": span.end, "text": span.of(text)} for span in self.spans]
        return {
            "kind": self.kind,
            "severity": self.severity.value,
            "document": self.document,
            "message": self.message,
            "passed": self.passed,
            "spans": places,
        }


def fault(kind: str, severity: Severity, document: Document, message: str, *spans: Span) -> AuditFinding:
    """Return a finding of something that is not as it should be."""
    return AuditFinding(kind, severity, document.id, message, spans, passed=False)


def passed(kind: str, document: Document, message: str, *spans: Span) -> AuditFinding:
    """Return the finding that a check found nothing wrong."""
    return AuditFinding(kind, Severity.NOTE, document.id, message, spans, passed=True)


def say(number: float) -> str:
    """Return a number as people write it: "9,539", "6,340.3"."""
    return f"{number:,.0f}" if number == round(number) else f"{number:,.2f}".rstrip("0")


def shorten(text: str, limit: int = 160) -> str:
    """Return a text on one line, cut where it is long; only for messages, never for what is cited."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"

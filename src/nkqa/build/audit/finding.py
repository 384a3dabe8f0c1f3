"""What the audit says: one finding a fault, one for every check that passed."""

from __future__ import annotations

from nkqa.types import AuditFinding, Document, Severity, Span

# A longer "sentence" is a list or a table that was not recognised; looking for values in it takes minutes.
MAX_SENTENCE_CHARS = 5_000


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

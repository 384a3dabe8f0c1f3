"""What the text itself marks or lacks: flags, empty sections, ignored regions, lines that are no table."""

from __future__ import annotations

import re

from nkqa.build.audit.finding import fault, passed, shorten
from nkqa.types import AuditFinding, Document, Severity, Span

_LINE = re.compile(r"[^\n]+")
_NUMBER = re.compile(r"(?<![\w.,])[$€£₩~<>+−-]?\d[\d.,]*%?(?!\w)")
# A line of a table has several numbers, and little beside them.
_MIN_NUMBERS = 3
_MAX_WORDS_PER_NUMBER = 1.0


def check_flags(document: Document) -> tuple[AuditFinding, ...]:
    """Report each sentence that an editor has marked as doubtful."""
    found = [
        fault(
            "flagged_sentence",
            Severity.WARNING,
            document,
            f"Marked “{'”, “'.join(flag.label for flag in sentence.flags)}” by an editor: "
            f"{shorten(sentence.span.of(document.text))}",
            sentence.span,
        )
        for block in document.blocks
        for sentence in block.sentences
        if sentence.flags
    ]
    return tuple(found) or (passed("flagged_sentence", document, "No sentence is marked as doubtful."),)


def check_sections(document: Document) -> tuple[AuditFinding, ...]:
    """Report each heading with nothing under it."""
    found = [
        fault(
            "empty_section",
            Severity.NOTE,
            document,
            f"Nothing stands under the heading “{' › '.join(section.path) or section.heading}”.",
            section.heading_span,
        )
        for section in document.sections
        if section.empty
    ]
    return tuple(found) or (passed("empty_section", document, "Every heading has text under it."),)


def check_ignored(document: Document) -> tuple[AuditFinding, ...]:
    """Report each region that is left out of the index, and why."""
    found = [
        fault(
            "ignored_region",
            Severity.NOTE,
            document,
            f"{region.span.end - region.span.start:,} characters are not read as knowledge: {region.reason}.",
            region.span,
        )
        for region in document.ignored
    ]
    return tuple(found) or (passed("ignored_region", document, "The whole text is read; no region is ignored."),)


def check_ragged(document: Document) -> tuple[AuditFinding, ...]:
    """Report neighbouring lines of numbers that were not taken for a table, so that none is lost unseen."""
    found: list[AuditFinding] = []
    run: list[tuple[Span, int]] = []
    previous = -1
    for match in _LINE.finditer(document.text):
        span = Span(match.start(), match.end())
        numbers = len(_NUMBER.findall(match[0]))
        if run and document.text[previous : span.start].count("\n") > 1:
            found += _set_aside(document, run)
            run = []
        previous = span.end
        if _looks_like_row(match[0], numbers) and not _is_known(document, span):
            run.append((span, numbers))
        else:
            found += _set_aside(document, run)
            run = []
    found += _set_aside(document, run)
    if not found:
        tables = len(document.tables)
        message = f"{tables} table{'s' * (tables != 1)} read; no lines look like a table that was not."
        found.append(passed("set_aside_table", document, message))
    return tuple(found)


def _set_aside(document: Document, run: list[tuple[Span, int]]) -> list[AuditFinding]:
    if len(run) < 2:
        return []
    counts = [count for _, count in run]
    why = "their rows are not of the same length" if len(set(counts)) > 1 else "no header fits them"
    message = (
        f"{len(run)} lines look like a table, with {', '.join(map(str, counts))} numbers, but were not read as one: "
        f"{why}. The first is: {shorten(run[0][0].of(document.text), 80)}"
    )
    return [fault("set_aside_table", Severity.WARNING, document, message, Span(run[0][0].start, run[-1][0].end))]


def _looks_like_row(line: str, numbers: int) -> bool:
    if numbers < _MIN_NUMBERS:
        return False
    words = len(re.findall(r"[^\W\d_]{2,}", line))
    return words <= numbers * _MAX_WORDS_PER_NUMBER and not line.rstrip().endswith((".", "!", "?", ";"))


def _is_known(document: Document, span: Span) -> bool:
    regions = [*(table.span for table in document.tables), *(region.span for region in document.ignored)]
    return any(region.start < span.end and span.start < region.end for region in regions)

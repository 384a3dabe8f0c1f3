"""Figures of the running text: shares that do not add up, shares that cannot be, figures without a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nkqa.build.audit.finding import MAX_SENTENCE_CHARS, fault, passed, say, shorten
from nkqa.text.numbers import bounds
from nkqa.text.values import find_values, years
from nkqa.types import AnswerType, AuditFinding, Block, BlockKind, Document, Sentence, Severity, Span

# So many shares in one sentence are a distribution, if they come this near to 100.
_MIN_SHARES = 3
_NEAR_ALL = 15.0
# Half a point for each rounded share.
_ROUNDING = 0.5
_GROWTH = re.compile(
    r"\b(?:grew|grow\w*|rose|rise\w*|risen|increas\w+|up|more|higher|over|gain\w*|jump\w*|climb\w*|surg\w+|of)\b", re.I
)
_TIME = re.compile(r"\b\d{1,2}(?:st|nd|rd|th) century\b|\b(?:1[5-9]|20)\d0s\b", re.IGNORECASE)
_COUNTS = {AnswerType.NUMBER, AnswerType.PERCENT, AnswerType.MONEY}


def check_figures(document: Document) -> tuple[AuditFinding, ...]:
    """Check the percentages of each sentence, and whether its figures have a time."""
    return (*_check_sums(document), *_check_shares(document), *_check_times(document))


def _sentences(document: Document) -> Iterator[tuple[Block, Sentence]]:
    for block in document.blocks:
        if block.kind is not BlockKind.CAPTION:
            for sentence in block.sentences:
                if sentence.span.end - sentence.span.start <= MAX_SENTENCE_CHARS:
                    yield block, sentence


def _shares(document: Document, span: Span) -> list[tuple[Span, float]]:
    """Return the single percentages of a sentence; a range such as "49–81%" is none."""
    found: list[tuple[Span, float]] = []
    for value in find_values(document.text, span):
        numbers = bounds(value.span.of(document.text)) if value.type is AnswerType.PERCENT else None
        if numbers and numbers[0] == numbers[1]:
            found.append((value.span, numbers[0]))
    return found


def _check_sums(document: Document) -> Iterator[AuditFinding]:
    for _, sentence in _sentences(document):
        shares = _shares(document, sentence.span)
        total = sum(share for _, share in shares)
        if len(shares) < _MIN_SHARES or abs(total - 100) > _NEAR_ALL:
            continue
        spans = tuple(span for span, _ in shares)
        formula = f"{' + '.join(say(share) for _, share in shares)} = {say(total)} %"
        quoted = f"“{shorten(sentence.span.of(document.text))}”"
        if total == 100:
            yield passed("percentage_sum", document, f"{len(shares)} shares add up to 100 %: {quoted}", *spans)
            continue
        rounding = abs(total - 100) <= _ROUNDING * len(shares)
        why = "rounding may explain it" if rounding else "more than rounding explains"
        severity = Severity.NOTE if rounding else Severity.WARNING
        message = f"{len(shares)} shares do not add up to 100 %: {formula}; {why}. {quoted}"
        yield fault("percentage_sum", severity, document, message, *spans)


def _check_shares(document: Document) -> Iterator[AuditFinding]:
    count = 0
    for _, sentence in _sentences(document):
        text = sentence.span.of(document.text)
        for span, share in _shares(document, sentence.span):
            count += 1
            if share > 100 and not _GROWTH.search(text):
                message = f"{span.of(document.text)} is more than the whole: “{shorten(text)}”"
                yield fault("percentage_range", Severity.WARNING, document, message, span)
    if count:
        yield passed("percentage_range", document, f"{count} percentages were looked at for shares above 100 %.")


def _check_times(document: Document) -> Iterator[AuditFinding]:
    dated = {
        block.section for block, sentence in _sentences(document) if _has_time(document, sentence.span)
    } | {place for place, section in enumerate(document.sections) if years(" ".join(section.path))}  # fmt: skip
    undated = 0
    for block, sentence in _sentences(document):
        # A list of works or rules has no time; a table says it in its labels.
        if block.kind is not BlockKind.PARAGRAPH or block.section in dated:
            continue
        values = [value.span for value in find_values(document.text, sentence.span) if value.type in _COUNTS]
        figures = [span for span in values if any(char.isdigit() for char in span.of(document.text))]
        if figures:
            undated += 1
            shown = ", ".join(span.of(document.text) for span in figures)
            where = " › ".join(document.path_of(block.section)) or document.title
            message = f"No time is given for {shown} under “{where}”: “{shorten(sentence.span.of(document.text))}”"
            yield fault("no_time", Severity.NOTE, document, message, *figures)
    if not undated:
        yield passed("no_time", document, "Every figure of the prose stands in a section that names a time.")


def _has_time(document: Document, span: Span) -> bool:
    text = span.of(document.text)
    return bool(years(text) or _TIME.search(text))

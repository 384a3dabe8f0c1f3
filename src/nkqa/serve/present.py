"""Turn documents, and what points into them, into JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nkqa.types import AuditFinding, Document, Fact, Flag, Ignored, Section, Span, Table, TableRow


def document_summary(document: Document) -> dict[str, Any]:
    """Describe a document in a list: where it comes from and its main headings, those without text left out."""
    return {
        "id": document.id,
        "name": document.name,
        "title": document.title,
        "sha256": document.sha256,
        "chars": len(document.text),
        "source": asdict(document.source),
        "headings": [section.heading for section in document.sections if section.level == 1 and not section.empty],
    }


def document_body(document: Document, generation: str) -> dict[str, Any]:
    """Give the whole document: its text, and every mark that the source view draws on it."""
    return {
        "generation": generation,
        "id": document.id,
        "name": document.name,
        "title": document.title,
        "text": document.text,
        "source": asdict(document.source),
        "outline": [_outline_entry(section) for section in document.sections],
        "ignored": [_ignored(region) for region in document.ignored],
        "flags": [_flag(flag) for flag in _flags(document)],
        "tables": [_table(table, document.text) for table in document.tables],
    }


def fact_body(fact: Fact, document: Document) -> dict[str, Any]:
    """Give a fact with the sentence that states it."""
    return {
        **asdict(fact),
        "document_title": document.title,
        "statement_text": fact.statement.of(document.text),
    }


def finding_body(finding: AuditFinding, document: Document) -> dict[str, Any]:
    """Give a finding of the audit with the place of each of its spans."""
    body = finding.to_json(document.text)
    spans = [
        {**place, "section": list(_path_at(document, span.start))}
        for place, span in zip(body["spans"], finding.spans, strict=True)
    ]
    return {**body, "document_title": document.title, "spans": spans}


def _path_at(document: Document, place: int) -> tuple[str, ...]:
    """Return the headings above a place; () where none is, and in the title."""
    around = [section.path for section in document.sections if section.span.start <= place < section.span.end]
    return max(around, key=len, default=())


def _outline_entry(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "level": section.level,
        "path": list(section.path),
        **_offsets(section.span),
        "heading_start": section.heading_span.start,
        "heading_end": section.heading_span.end,
        "empty": section.empty,
    }


def _ignored(region: Ignored) -> dict[str, Any]:
    return {**_offsets(region.span), "reason": region.reason}


def _flags(document: Document) -> list[Flag]:
    found = {flag for block in document.blocks for sentence in block.sentences for flag in sentence.flags}
    return sorted(found, key=lambda flag: (flag.span, flag.label))


def _flag(flag: Flag) -> dict[str, Any]:
    return {"label": flag.label, **_offsets(flag.span)}


def _table(table: Table, text: str) -> dict[str, Any]:
    return {
        "caption": table.caption.of(text) if table.caption else None,
        **_offsets(table.span),
        "columns": [column.of(text) for column in table.columns],
        "rows": [_row(row, text) for row in table.rows],
    }


def _row(row: TableRow, text: str) -> dict[str, Any]:
    cells = [{"value": cell.of(text), **_offsets(cell)} for cell in row.cells]
    return {"label": row.label.of(text), **_offsets(row.span), "cells": cells}


def _offsets(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}

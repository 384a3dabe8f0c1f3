"""Questions that the article answers or does not, and answers made up over it for states that need them."""

from __future__ import annotations

from typing import Any

PEAK = "In what years did defections reach a peak?"
TERM = "What is the South Korean term for northern refugees?"
HANAWON = "What is Hanawon?"
UNSTATED = "What is Andrei Lankov's shoe size?"
OFF_TOPIC = "How do I bake banana bread?"
GREETING = "hello"


def answer(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return an answer as the service would give it, with some fields changed."""
    return {
        "id": "made-up",
        "question": "?",
        "interpreted_as": None,
        "status": "answered",
        "reason": None,
        "kind": "factoid",
        "text": "",
        "short": None,
        "confidence": 0.9,
        "citations": [],
        "estimates": [],
        "computation": None,
        "chart": None,
        "closest": [],
        "suggestions": [],
        "generation": document["generation"],
        "timings_ms": {},
        **changes,
    }


def citation(document: dict[str, Any], start: int, end: int, **changes: Any) -> dict[str, Any]:
    """Return a citation of a stretch of a document."""
    return {
        "number": 1,
        "type": "char_location",
        "cited_text": document["text"][start:end],
        "document_id": document["id"],
        "document_index": 0,
        "document_title": document["title"],
        "start_char_index": start,
        "end_char_index": end,
        "section": [],
        "flags": [],
        "cells": [],
        **changes,
    }


def cell_answer(document: dict[str, Any], row: int = 1, column: int = 9) -> dict[str, Any]:
    """Return an answer that rests on one cell of the first table."""
    table = document["tables"][0]
    line = table["rows"][row]
    cell = line["cells"][column]
    reference = {"row": line["label"], "column": table["columns"][column], **cell}
    return answer(
        document,
        kind="table",
        short=cell["value"],
        text=f"The table gives {cell['value']} [1].",
        citations=[citation(document, line["start"], line["end"], cells=[reference])],
    )

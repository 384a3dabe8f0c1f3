"""Answers and citations as plain text, for those who see nothing else: the sources stand at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_SOURCES = "\n\nSources:\n"


def content_of(answer: Mapping[str, Any]) -> str:
    """Return the text of an answer with the list of its sources."""
    return f"{answer['text']}{sources_of(answer['citations'])}"


def sources_of(citations: Sequence[Mapping[str, Any]]) -> str:
    """Return the list of sources that ends a text; empty where nothing is cited."""
    return _SOURCES + "\n".join(map(source_line, citations)) if citations else ""


def source_line(citation: Mapping[str, Any]) -> str:
    """Return a citation with its number, its place and its excerpt, to the letter."""
    place = f"characters {citation['start_char_index']} to {citation['end_char_index']}"
    where = ", ".join(part for part in (citation["document_title"], " › ".join(citation["section"]), place) if part)
    return f"[{citation['number']}] {where}: “{citation['cited_text']}”"

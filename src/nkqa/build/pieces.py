"""What a parser of one file format hands to `document`: a flat list of pieces in the order of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from nkqa.types import Span

# str.splitlines also cuts at form feeds and Unicode separators, and the lines would not be those of a Markdown parser.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
# All white space (the last of it in Unicode is U+3000), and the byte order mark.
_MARGIN = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + "\ufeff"


class PieceKind(Enum):
    """What a stretch of source text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    CAPTION = "caption"
    TABLE = "table"
    INFOBOX = "infobox"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table before its section is known; the fields are those of `types.Table`, rows as (label, cells, span)."""

    caption: Span | None
    corner: Span | None
    columns: tuple[Span, ...]
    rows: tuple[tuple[Span, tuple[Span, ...], Span], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source. `level` is set for headings (0: the title), `reason` for ignored regions."""

    kind: PieceKind
    span: Span
    level: int | None = None
    reason: str = ""
    table: RawTable | None = None
    pairs: tuple[tuple[Span, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it; `text` is the slice at `span`; empty for a blank line."""

    text: str
    span: Span
    indent: int


def split_lines(text: str) -> list[Line]:
    """Cut a text into lines at LF, CR LF or CR; a byte order mark and any white space count as margin."""
    lines: list[Line] = []
    position = 0
    for raw in _LINE.findall(text):
        body = raw.strip(_MARGIN)
        start = position + (raw.index(body) if body else 0)
        lines.append(Line(body, Span(start, start + len(body)), start - position))
        position += len(raw)
    return lines

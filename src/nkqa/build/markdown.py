"""Markdown → pieces. markdown-it finds the blocks; every piece is then a stretch of the source lines it names."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from nkqa.build.pieces import Line, Piece, PieceKind, RawTable, split_lines
from nkqa.types import Span

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_ITEM_MARK = re.compile(r"(?:[>\s]*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?")


def parse_markdown(text: str) -> list[Piece]:
    """Return the pieces of a Markdown file; a first heading of level 1 is the title where it is the only one."""
    front = _FRONT_MATTER.match(text)
    # Blank out the front matter, so that line numbers stay those of the file.
    body = re.sub(r"[^\r\n]", " ", front[0]) + text[front.end() :] if front else text
    lines = split_lines(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    pieces = [Piece(PieceKind.IGNORED, Span(0, front.end()), reason="front matter")] if front else []
    pieces += [piece for index, token in enumerate(tokens) if (piece := _piece(tokens, index, token, lines))]
    return _shift_levels([piece for piece in pieces if piece.span.end > piece.span.start])


def _piece(tokens: list[Token], index: int, token: Token, lines: list[Line]) -> Piece | None:
    if token.map is None:
        return None
    covered = lines[token.map[0] : token.map[1]]
    if token.type == "heading_open":
        return Piece(PieceKind.HEADING, _heading_span(covered[0]), int(token.tag[1]))
    if token.type == "paragraph_open":
        span = _cover(covered)
        if _inside(tokens, index, "list_item"):
            mark = _ITEM_MARK.match(covered[0].text)
            return Piece(PieceKind.LIST_ITEM, Span(span.start + (mark.end() if mark else 0), span.end))
        return Piece(PieceKind.PARAGRAPH, span)
    if token.type in ("fence", "code_block"):
        return Piece(PieceKind.IGNORED, _cover(covered), reason="code")
    if token.type == "html_block":
        return Piece(PieceKind.IGNORED, _cover(covered), reason="mark-up")
    if token.type == "table_open":
        rows = [line for line in covered if line.text]
        return Piece(PieceKind.TABLE, _cover(rows), table=_table(rows))
    return None


def _cover(lines: list[Line]) -> Span:
    filled = [line for line in lines if line.text]
    return Span(filled[0].span.start, filled[-1].span.end) if filled else Span(0, 0)


def _heading_span(line: Line) -> Span:
    """Return the words of a heading line, without the number signs of the ATX form."""
    mark = re.match(r"#{1,6}(?:\s+|\Z)", line.text)
    start = mark.end() if mark else 0
    end = len(re.sub(r"(?:(?<=\s)|\A)#+\s*\Z", "", line.text[start:]).rstrip()) + start
    return Span(line.span.start + start, line.span.start + end)


def _inside(tokens: list[Token], index: int, kind: str) -> bool:
    depth = sum((t.type == f"{kind}_open") - (t.type == f"{kind}_close") for t in tokens[:index])
    return depth > 0


def _table(lines: list[Line]) -> RawTable:
    """Locate the cells of a pipe table; the second line is the delimiter row."""
    header = _cells(lines[0])
    width = len(header)
    rows = tuple(
        (cells[0], tuple(cells[1:width]), line.span)
        for line in lines[2:]
        if len(cells := _pad(_cells(line), width, line)) == width
    )
    corner = header[0] if header and header[0].end > header[0].start else None
    return RawTable(None, corner, tuple(header[1:]), rows)


def _cells(line: Line) -> list[Span]:
    """Return the trimmed cells of a row; an escaped pipe does not end a cell."""
    inner = line.text.removeprefix("|")
    offset = line.span.start + len(line.text) - len(inner)
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    spans: list[Span] = []
    position = 0
    for part in re.split(r"(?<!\\)\|", inner):
        body = part.strip()
        start = offset + position + (part.index(body) if body else 0)
        spans.append(Span(start, start + len(body)))
        position += len(part) + 1
    return spans


def _pad(cells: list[Span], width: int, line: Line) -> list[Span]:
    """Add empty cells to a short row and drop what a long row has too many, as GitHub's Markdown does."""
    missing = [Span(line.span.end, line.span.end)] * (width - len(cells))
    return [*cells, *missing][:width]


def _shift_levels(pieces: list[Piece]) -> list[Piece]:
    """Make the first heading the title (level 0) where no other heading has its level."""
    levels = [piece.level for piece in pieces if piece.level is not None]
    if not levels or levels.count(levels[0]) != 1 or min(levels) != levels[0]:
        return pieces
    return [
        Piece(p.kind, p.span, p.level - levels[0] if p.level is not None else None, p.reason, p.table, p.pairs)
        for p in pieces
    ]

"""Markdown → pieces. markdown-it finds the blocks; every piece is then a stretch of the source lines it names."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from nkqa.build.pieces import Line, Piece, PieceKind, RawTable, split_lines
from nkqa.types import Span

# A rule ("---") looks the same, so the next line has to be a key.
_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(?=[\w\"'][^\r\n:]*:\s).*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_QUOTE_MARK = re.compile(r"[>\s]*")
_ITEM_MARK = re.compile(r"(?:[>\s]*(?:[-*+]|\d{1,9}[.)])(?:\s+|\Z))*[>\s]*(?:\[[ xX]\]\s+)?")


def parse_markdown(text: str) -> list[Piece]:
    """Return the pieces of a Markdown file; a first heading of level 1 is the title where it is the only one."""
    front = _FRONT_MATTER.match(text)
    # Blank out the front matter and a byte order mark, so that line numbers stay those of the file.
    front_end = front.end() if front else int(text.startswith("\ufeff"))
    body = re.sub(r"[^\r\n]", " ", text[:front_end]) + text[front_end:]
    lines = split_lines(text)
    pieces = [Piece(PieceKind.IGNORED, Span(0, front_end), reason="front matter")] if front else []
    containers: list[str] = []
    # Marks inside a line say nothing of the structure, and some take long to pair.
    for token in MarkdownIt("commonmark").enable("table").disable("inline").parse(body):
        if token.type in ("list_item_open", "blockquote_open"):
            containers.append(token.type)
        elif token.type in ("list_item_close", "blockquote_close"):
            containers.pop()
        elif piece := _piece(token, lines, containers):
            pieces.append(piece)
    pieces = [piece for piece in pieces if piece.span.end > piece.span.start]
    return _shift_levels(sorted([*pieces, *_unread(lines, pieces)], key=lambda piece: piece.span))


def _piece(token: Token, lines: list[Line], containers: list[str]) -> Piece | None:
    if token.map is None:
        return None
    covered = [_inner(line, containers, first=not n) for n, line in enumerate(lines[token.map[0] : token.map[1]])]
    if token.type == "heading_open":
        # The last line of a heading of the setext form is its underline.
        span = _heading_span(covered[0]) if token.markup[0] == "#" else _cover(covered[:-1])
        return Piece(PieceKind.HEADING, span, int(token.tag[1]))
    if token.type == "paragraph_open":
        kind = PieceKind.LIST_ITEM if "list_item_open" in containers else PieceKind.PARAGRAPH
        return Piece(kind, _cover(covered))
    if token.type in ("fence", "code_block"):
        return Piece(PieceKind.IGNORED, _cover(covered), reason="code")
    if token.type == "html_block":
        return Piece(PieceKind.IGNORED, _cover(covered), reason="mark-up")
    if token.type == "table_open":
        rows = [line for line in covered if line.text]
        return Piece(PieceKind.TABLE, _cover(rows), table=_table(rows))
    return None


def _inner(line: Line, containers: list[str], *, first: bool) -> Line:
    """Cut the marks of the lists and quotes that a line stands in; only the first line of a block has an item mark."""
    if not containers:
        return line
    item = first and "list_item_open" in containers
    mark = (_ITEM_MARK if item else _QUOTE_MARK).match(line.text)
    cut = mark.end() if mark and (item or "blockquote_open" in containers) else 0
    return Line(line.text[cut:], Span(line.span.start + cut, line.span.end), line.indent + cut)


def _unread(lines: list[Line], pieces: list[Piece]) -> list[Piece]:
    """Return what no piece covers, such as the addresses of links, as ignored regions: nothing is dropped unseen."""
    places = iter(sorted(piece.span for piece in pieces))
    place = next(places, None)
    unread: list[Piece] = []
    for line in lines:
        while place and place.end <= line.span.start:
            place = next(places, None)
        free = place is None or line.span.end <= place.start
        if free and any(char.isalnum() for char in line.text[_item_end(line) :]):
            unread.append(Piece(PieceKind.IGNORED, line.span, reason="mark-up"))
    return unread


def _item_end(line: Line) -> int:
    mark = _ITEM_MARK.match(line.text)
    return mark.end() if mark else 0


def _cover(lines: list[Line]) -> Span:
    filled = [line for line in lines if line.text]
    return Span(filled[0].span.start, filled[-1].span.end) if filled else Span(0, 0)


def _heading_span(line: Line) -> Span:
    """Return the words of a heading line, without the number signs of the ATX form."""
    mark = re.match(r"#{1,6}(?:\s+|\Z)", line.text)
    start = mark.end() if mark else 0
    end = len(re.sub(r"(?:(?<=\s)|\A)#+\s*\Z", "", line.text[start:]).rstrip()) + start
    return Span(line.span.start + start, line.span.start + end)


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

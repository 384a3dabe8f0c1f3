"""Tables that a plain-text copy has flattened into lines of words and numbers."""

from __future__ import annotations

import re

from nkqa.build.pieces import Line, RawTable
from nkqa.types import Span

MIN_COLUMNS = 2
MIN_ROWS = 2
# A value may carry footnote marks: "1,234[a]", "12*".
_CELL = re.compile(
    r"[~<>≈±+−-]?[$€£¥₩]?\d[\d.,'’ ]*?%?(?:[–-]\d[\d.,]*%?)?(?:\[\w{1,8}\]|[*†‡§])*\Z|n/?a\Z|[–—-]\Z|\.\.\.?\Z|…\Z",
    re.IGNORECASE,
)
_GAP = re.compile(r"\t+| {2,}")
_WORD = re.compile(r"\S+")


def parse_table(lines: tuple[Line, ...]) -> tuple[RawTable, Span] | None:
    """Return the table in a group of lines and the span of its header and rows, or None where there is none.

    Rows are the last lines of the group, all with the same number of values at their end; the line above them is the
    header, and a line above that the caption. A group with ragged rows or without a fitting header is not a table.
    """
    counts = [_count_cells(line) for line in lines]
    width = counts[-1]
    if width < MIN_COLUMNS:
        return None
    first = next((i for i in range(len(lines), 0, -1) if counts[i - 1] != width), 0)
    # A header of years looks like a row: it is the first of the run, above it stands at most a caption.
    years = [_are_years(line, width) for line in lines[first:]]
    header_at = first if years[0] and not all(years) else first - 1
    if header_at < 0 or len(lines) - header_at - 1 < MIN_ROWS:
        return None
    header = _fields(lines[header_at])
    if len(header) < width or (len(header) > width + 1 and not _single_words(lines[header_at])):
        return None
    columns = tuple(header[-width:])
    corner = Span(header[0].start, header[-width - 1].end) if len(header) > width else None
    caption = lines[header_at - 1].span if header_at >= 1 else None
    rows = tuple(_row(line, width) for line in lines[header_at + 1 :])
    start = caption.start if caption else lines[header_at].span.start
    return RawTable(caption, corner, columns, rows), Span(start, lines[-1].span.end)


def _fields(line: Line) -> list[Span]:
    """Return the fields of a line: between tabs or double spaces where it has them, else its words."""
    start = line.span.start
    if _GAP.search(line.text):
        edges = [0, *(edge for gap in _GAP.finditer(line.text) for edge in gap.span()), len(line.text)]
        return [Span(start + a, start + b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [Span(start + match.start(), start + match.end()) for match in _WORD.finditer(line.text)]


def _single_words(line: Line) -> bool:
    return _GAP.search(line.text) is None


def _count_cells(line: Line) -> int:
    """Count the values at the end of a line, leaving at least one field as its label."""
    count = 0
    for field in reversed(_fields(line)[1:]):
        if not _CELL.match(line.text[field.start - line.span.start : field.end - line.span.start]):
            break
        count += 1
    return count


def _are_years(line: Line, width: int) -> bool:
    """Tell whether the last `width` fields of a line are years."""
    cells = [line.text[field.start - line.span.start : field.end - line.span.start] for field in _fields(line)[-width:]]
    return all(re.fullmatch(r"~?(1[5-9]|20)\d\d(?:[–-]\d{2,4})?", cell) for cell in cells)


def _row(line: Line, width: int) -> tuple[Span, tuple[Span, ...], Span]:
    fields = _fields(line)
    label = Span(fields[0].start, fields[-width - 1].end)
    return label, tuple(fields[-width:]), line.span

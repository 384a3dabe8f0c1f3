"""Write the simple Markdown form that `build.markdown` reads back: what is text stays text, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nkqa.errors import CorpusError

MAX_DEPTH = 6
# What Markdown would take for a mark at the beginning of a block; the backslash goes before the second group.
_MARK = re.compile(
    r"(\d{1,9})([.)](?:\s|\Z))|"
    r"()(#{1,6}(?:\s|\Z)|>|[-+*](?:\s|\Z)|=+\s*\Z|(?:[-_*]\s*){3,}\Z|```|~~~|<[A-Za-z/!?]|\[|\|)"
)
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
# Controls, halves of surrogate pairs, and what is no character; white space is left to str.split.
_UNWANTED = re.compile("[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")


def one_line(text: str) -> str:
    """Return a text on one line, without control characters."""
    return " ".join(_UNWANTED.sub("", text).split())


def escaped(line: str) -> str:
    """Return a line so that Markdown reads it as text: a backslash before what would be a mark or an escape."""
    line = _ESCAPE.sub(r"\\\\", line)
    mark = _MARK.match(line)
    if not mark:
        return line
    place = mark.end(1) if mark[1] else 0
    return f"{line[:place]}\\{line[place:]}"


class Writer:
    """Collects blocks; raises CorpusError where they grow beyond `most` characters."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._blocks: list[str] = []
        # The depth of the item before, -1 where something else stood before.
        self._depth = -1

    def heading(self, level: int, text: str) -> None:
        """Add a heading; the level is held between 1 and 6."""
        if line := one_line(text):
            self._add(f"{'#' * min(max(level, 1), 6)} {_heading(line)}", -1)

    def paragraph(self, text: str) -> None:
        """Add a paragraph."""
        if line := one_line(text):
            self._add(escaped(line), -1)

    def item(self, text: str, depth: int = 0, number: int | None = None) -> None:
        """Add an item of a list; it is at most one level deeper than the item before."""
        if line := one_line(text):
            depth = max(0, min(depth, self._depth + 1, MAX_DEPTH))
            mark = "-" if number is None or not 0 <= number < 1000 else f"{number}."
            self._add(f"{'    ' * depth}{mark} {escaped(line)}", depth)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table whose first row is its header; what has one row or one column only is no table."""
        lines = [[one_line(cell) for cell in row] for row in rows]
        lines = [line for line in lines if any(line)]
        width = max((_width(line) for line in lines), default=0)
        if len(lines) < 2 or width < 2:
            for line in lines:
                self.paragraph("; ".join(cell for cell in line if cell))
            return
        header, *body = [_row(line, width) for line in lines]
        self._add("\n".join([header, "|" + " --- |" * width, *body]), -1)

    def text(self) -> str:
        """Return everything added."""
        return "".join(self._blocks).lstrip("\n") + "\n" if self._blocks else ""

    def _add(self, block: str, depth: int) -> None:
        self._size += len(block)
        if self._size > self._most:
            raise CorpusError(f"holds more than {self._most:,} characters of text", "Split it into smaller files.")
        # Items of one list stand on lines that follow each other.
        self._blocks.append(("\n" if depth >= 0 <= self._depth else "\n\n") + block)
        self._depth = depth


def _heading(line: str) -> str:
    """Return the words of a heading; number signs at its end would be taken for marks."""
    return re.sub(r"(?:(?<=\s)|\A)(#+)\Z", r"\\\1", line)


def _width(line: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(line, start=1) if cell), default=0)


def _cell(text: str) -> str:
    return _ESCAPE.sub(r"\\\\", text).replace("|", "\\|")


def _row(line: Sequence[str], width: int) -> str:
    cells = [*line, *[""] * width][:width]
    return "|" + "".join(f" {_cell(cell)} |" for cell in cells)

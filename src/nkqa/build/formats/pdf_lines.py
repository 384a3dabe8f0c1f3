"""The lines of a PDF with their places and the size of their letters; the only module that knows PDFium."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from nkqa.build.formats.containers import DAMAGED
from nkqa.errors import CorpusError

MAX_PAGES = 5000
# A gap wider than so many letter sizes parts the cells of a table.
_CELL_GAP = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: `top` and `right` in points from the lower left corner, `cells` its parts between wide gaps."""

    text: str
    page: int
    size: float
    top: float
    right: float
    cells: tuple[str, ...]


def read_lines(data: bytes) -> tuple[list[Line], dict[str, str]]:
    """Return the lines in the order of the file, and what it says about itself; raises CorpusError."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold() or "security" in str(error).casefold():
            raise CorpusError("is encrypted", "Save it without a password.") from error
        raise CorpusError("is no PDF file that can be read", DAMAGED) from error
    if len(document) > MAX_PAGES:
        raise CorpusError(f"has more than {MAX_PAGES:,} pages", "Split it into smaller files.")
    lines: list[Line] = []
    for number in range(len(document)):
        try:
            text_page = document[number].get_textpage()
        except pypdfium2.PdfiumError:
            # A page that is damaged costs only itself.
            continue
        lines += _lines(text_page, number)
        text_page.close()
    return lines, document.get_metadata_dict(skip_empty=True)


def _lines(text_page: pypdfium2.PdfTextPage, page: int) -> Iterator[Line]:
    count = text_page.count_chars()
    text = text_page.get_text_range() if count > 0 else ""
    # Characters beyond the first plane, or left out, would shift all places: then there are only the words.
    placed = len(text) == count
    for match in re.finditer(r"[^\r\n]+", text):
        body = match[0].strip()
        if not body:
            continue
        first = match.start() + match[0].index(body)
        if placed:
            size = round(float(pdfium.FPDFText_GetFontSize(text_page, first)), 1)
            _, _, _, top = _box(text_page, first, loose=True)
            _, _, right, _ = _box(text_page, first + len(body) - 1)
            yield Line(body, page, size, top, right, tuple(_cells(text_page, body, first, size)))
        else:
            yield Line(body, page, 0.0, 0.0, 0.0, (body,))


def _cells(text_page: pypdfium2.PdfTextPage, body: str, first: int, size: float) -> Iterator[str]:
    """Cut a line where the gap between two words is wide."""
    begin = 0
    for space in re.finditer(r"\s+", body):
        _, _, end_of_word, _ = _box(text_page, first + space.start() - 1)
        start_of_word, _, _, _ = _box(text_page, first + space.end())
        if start_of_word - end_of_word > _CELL_GAP * max(size, 1.0):
            yield body[begin : space.start()]
            begin = space.end()
    yield body[begin:]


def _box(text_page: pypdfium2.PdfTextPage, place: int, *, loose: bool = False) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a character; a loose box has the height of its font."""
    if loose:
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(text_page, place, box)
        return box.left, box.bottom, box.right, box.top
    sides = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = sides
    pdfium.FPDFText_GetCharBox(text_page, place, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value

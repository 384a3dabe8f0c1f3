"""Excel files → a heading for each visible sheet, and its tables; a formula gives the value it had when saved."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from nkqa.build.formats.containers import DAMAGED, open_container, refuse_declarations
from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.build.formats.writer import Writer
from nkqa.errors import CorpusError

MAX_COLUMNS = 1000
# A value far below the last row of a sheet is a slip of the hand.
_MOST_BLANK_ROWS = 1000


def read_xlsx(data: bytes, limits: Limits) -> Extracted:
    """Return the tables of the visible sheets; blank rows part tables; raises CorpusError for a damaged file."""
    refuse_declarations(open_container(data, limits))
    writer = Writer(limits.text_chars)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    sheet.reset_dimensions()
                    _write_sheet(writer, sheet.title, sheet.iter_rows())
    except (InvalidFileException, OSError, LookupError, ValueError, TypeError, AttributeError, SyntaxError) as error:
        raise CorpusError("is no Excel file that can be read", DAMAGED) from error
    about = book.properties
    return Extracted(writer.text(), about.title, about.creator, _day(about.created))


def _write_sheet(writer: Writer, title: str, rows: Iterator[Any]) -> None:
    blocks = list(_blocks(rows))
    if blocks:
        writer.heading(1, title)
    for block in blocks:
        writer.table(block)


def _blocks(rows: Iterator[Any]) -> Iterator[list[list[str]]]:
    """Cut the rows of a sheet at blank ones, and drop the columns that are blank throughout."""
    block: list[list[str]] = []
    blank = 0
    for row in rows:
        values = [_shown(cell) for cell in row[:MAX_COLUMNS]]
        if any(values):
            block.append(values)
            blank = 0
            continue
        if block:
            yield _dense(block)
            block = []
        blank += 1
        if blank > _MOST_BLANK_ROWS:
            return
    if block:
        yield _dense(block)


def _dense(block: list[list[str]]) -> list[list[str]]:
    columns = [column for column in zip_longest(*block, fillvalue="") if any(column)]
    return [list(row) for row in zip(*columns, strict=True)]


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    if isinstance(value, int | float):
        percent = "%" in (cell.number_format or "")
        return f"{value * 100:.10g}%" if percent else f"{value:.15g}"
    return str(value)


def _day(moment: datetime.datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None

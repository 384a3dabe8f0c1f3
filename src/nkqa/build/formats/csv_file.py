"""Tables as text: values separated by commas, semicolons, tabulators or bars."""

from __future__ import annotations

import csv
import io

from nkqa.build.formats.decoding import decode
from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.build.formats.writer import Writer
from nkqa.errors import CorpusError

# Where two agree equally well the earlier one wins: a comma may stand in a number.
SEPARATORS = "\t;|,"
MAX_CELL_CHARS = 100_000
MAX_COLUMNS = 1000
_LOOKED_AT = 20
_LOOKED_AT_CHARS = 20_000


def read_csv(data: bytes, limits: Limits) -> Extracted:
    """Return a table whose first row is the header; raises CorpusError for what is no table of values."""
    text = decode(data)
    if "\0" in text:
        raise CorpusError("holds NUL characters", "It is probably not a text file; remove it from the corpus.")
    csv.field_size_limit(MAX_CELL_CHARS)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text)))
    except csv.Error as error:
        raise CorpusError(f"is no table of values: {error}", "Check its quotation marks and separators.") from error
    if max(map(len, rows), default=0) > MAX_COLUMNS:
        raise CorpusError(f"has a row of more than {MAX_COLUMNS:,} values", "Split it into smaller tables.")
    writer = Writer(limits.text_chars)
    writer.table(rows)
    return Extracted(writer.text())


def separator_of(text: str) -> str:
    """Return the separator that the first lines agree on best."""
    lines = [line for line in text[:_LOOKED_AT_CHARS].splitlines()[:_LOOKED_AT] if line.strip()]

    def agreement(separator: str) -> tuple[int, int]:
        counts = [_unquoted(line).count(separator) for line in lines]
        return min(counts, default=0), counts[0] if counts else 0

    return max(SEPARATORS, key=agreement)


def _unquoted(line: str) -> str:
    return "".join(line.split('"')[::2])

"""What a cell of a table for spreadsheets may hold: no text of a document is run as a formula."""

from __future__ import annotations

import re

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width signs and a typographic
# minus among it; a number with a sign is none. web/lib/csv.js has the same rule; tests/csv_cases.json holds the cases.
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212]")
_SIGNED = re.compile(r"[+\-\u2212][0-9][0-9.,]*%?")


def safe_cell(value: object) -> object:
    """Return a value as a spreadsheet may have it: text that it would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and _FORMULA.match(value) and not _SIGNED.fullmatch(value):
        return f"'{value}"
    return value

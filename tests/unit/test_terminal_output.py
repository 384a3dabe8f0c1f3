"""What commands print for programs: the same data, and nothing in it that a terminal or a spreadsheet obeys."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from nkqa.terminal import print_json, write_facts_csv
from nkqa.types import Fact, FactKind, Span

CASES = json.loads((Path(__file__).resolve().parents[1] / "csv_cases.json").read_text(encoding="utf-8"))


def test_json_gives_no_orders_to_the_terminal(capsys):
    value = {"text\u009b": "\x1b[2J \x7f \u009b31m \u202eback\u2069 \u2066 é 배\n\t", "list": ["\u0085"]}
    print_json(value)
    printed = capsys.readouterr().out
    assert json.loads(printed) == value
    assert not set(printed) & set("\x1b\x7f\u009b\u0085\u202e\u2066\u2069")
    assert "é 배" in printed
    assert "\\u202eback" in printed


@pytest.mark.parametrize(("value", "cell"), CASES)
def test_no_cell_of_a_table_is_a_formula(value, cell):
    said = (value, "light", "7", 7.0, 7.0, None, None, None, None, None, (), "d1", Span(0, 1), Span(0, 9), ())
    table = io.StringIO(newline="")
    write_facts_csv([Fact("f1", FactKind.CELL, *said)], table)
    (row,) = csv.DictReader(io.StringIO(table.getvalue(), newline=""))
    assert (row["subject"], row["low"]) == (re.sub("\r\n?", "\n", cell), "7.0")

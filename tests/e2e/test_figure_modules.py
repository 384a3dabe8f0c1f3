"""The modules behind the figures, run in the browser they are written for: CSV, scales, formulas, what a text tells."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any

import pytest
from visiting import Visit

pytestmark = pytest.mark.browser

CSV = "async rows => (await import('/static/lib/csv.js')).toCsv(rows)"
TICKS = "async cases => { const { niceTicks } = await import('/static/answer/scale.js');" + (
    " return cases.map(([low, high, most]) => niceTicks(low, high, most)); }"
)
PIECES = """async ([formula, operands]) => (await import('/static/answer/formula.js')).piecesOf(formula, operands)
    .map(({ text, operand }) => operand ? `<${text}|${operand.label}>` : text)"""
BESIDES = "async ([text, rows]) => (await import('/static/answer/besides.js')).toldBesides({ text }, rows)"


def test_csv_is_read_back_as_it_was_written(modules: Visit) -> None:
    rows = [["a", "b"], ['say "hi", twice', "two\nlines"], ["탈북자 🔥", " edge "], ["2,914", ""]]
    written = modules.page.evaluate(CSV, rows)
    assert list(csv.reader(io.StringIO(written, newline=""))) == rows
    assert written.endswith("\r\n")
    assert modules.page.evaluate(CSV, [[None, 3, 0.5]]) == ",3,0.5\r\n"


@pytest.mark.parametrize("value", ["=1+1", "@cell", "+cmd|x", "-2+3", "-cmd"])
def test_csv_never_holds_a_formula(modules: Visit, value: str) -> None:
    assert modules.page.evaluate(CSV, [[value]]) == f"'{value}\r\n"


@pytest.mark.parametrize("value", ["-48.5%", "−48.5%", "+3", "-1,024", "plain"])
def test_csv_leaves_signed_numbers_alone(modules: Visit, value: str) -> None:
    assert next(csv.reader([modules.page.evaluate(CSV, [[value]]).strip()])) == [value]


def test_ticks_are_round_and_cover_the_values(modules: Visit) -> None:
    cases = [
        (low, high, most)
        for low in (-1234.5, -3, 0, 0.02, 63)
        for high in (0.1, 7, 63, 2914, 34021, 1e9)
        for most in (2, 4, 6)
        if low < high
    ]
    assert len(cases) > 50
    for (low, high, most), ticks in zip(cases, modules.page.evaluate(TICKS, cases), strict=True):
        steps = {round(after - before, 9) for before, after in pairwise(ticks)}
        assert len(steps) == 1
        step = steps.pop()
        assert float(f"{step:e}".split("e")[0]) in (1, 2, 5)
        assert ticks[0] <= low < ticks[1]
        assert ticks[-2] < high <= ticks[-1]
        assert len(ticks) - 1 <= max(most, 2)


def test_ticks_of_one_value_begin_at_zero(modules: Visit) -> None:
    assert modules.page.evaluate(TICKS, [[0, 0, 4], [5, 5, 4]]) == [[0, 1], [0, 2, 4, 6]]


def operand(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "value": value, "citation": 1, "start": 0, "end": 1}


@pytest.mark.parametrize(
    ("formula", "operands", "expected"),
    [
        ("2,195 ÷ 2,803 = 78.3%", [("F", "2,195"), ("T", "2,803")], ["<2,195|F>", " ÷ ", "<2,803|T>", " = 78.3%"]),
        (
            "(1,502 − 2,914) ÷ 2,914 = −48.5%",
            [("2009", "2,914"), ("2012", "1,502")],
            ["(", "<1,502|2012>", " − ", "<2,914|2009>", ") ÷ ", "<2,914|2009>", " = −48.5%"],
        ),
        ("63 + 63 + 2,063 = 2,189", [("a", "63"), ("b", "63")], ["<63|a>", " + ", "<63|b>", " + 2,063 = 2,189"]),
        ("63 ÷ 100 = 63%", [("a", "63")], ["<63|a>", " ÷ 100 = 63%"]),
        ("6 + 6.5 = 12.5", [("a", "6"), ("b", "6.5")], ["<6|a>", " + ", "<6.5|b>", " = 12.5"]),
        ("32,088 ÷ 22 = 1,458.5", [("a", "1,142")], ["32,088 ÷ 22 = 1,458.5"]),
        ("", [("a", "1")], []),
    ],
)
def test_formula_is_cut_at_its_operands(
    modules: Visit, formula: str, operands: list[tuple[str, str]], expected: list[str]
) -> None:
    assert modules.page.evaluate(PIECES, [formula, [operand(*one) for one in operands]]) == expected


def test_what_the_rows_do_not_tell_is_found(modules: Visit) -> None:
    text = "Title [1]: Male: 424; Female: 960. [2][3] Not the same: 5. [4] Periods are left out."
    assert modules.page.evaluate(BESIDES, [text, [2, 3]]) == [
        {"text": "Title", "numbers": [1]},
        {"text": "Not the same: 5.", "numbers": [4]},
        {"text": "Periods are left out.", "numbers": []},
    ]
    assert modules.page.evaluate(BESIDES, ["One. [1] Two. [2]", [1, 2]]) == []


DRAWN = """async width => {
  const { drawChart } = await import('/static/answer/chart_drawing.js');
  const points = Array.from({ length: 24 }, (_, year) =>
    ({ label: String(1990 + year), value: 100 * year, shown: String(100 * year), hit: false, open: null }));
  const drawn = drawChart(points, { line: false, series: 'Total', width });
  return [...drawn.querySelectorAll('rect')].map(rect => [rect.getAttribute('width'), rect.getAttribute('height')]);
}"""


@pytest.mark.parametrize("width", [1, 40, 320])
def test_chart_of_any_width_has_no_side_below_zero(modules: Visit, width: int) -> None:
    sides = modules.page.evaluate(DRAWN, width)
    assert len(sides) == 48
    assert all(float(side) > 0 for pair in sides for side in pair)

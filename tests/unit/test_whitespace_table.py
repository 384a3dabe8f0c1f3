"""Tables that a plain-text copy has flattened into lines of words and numbers."""

from __future__ import annotations

import pytest

from nkqa.build.pieces import split_lines
from nkqa.build.whitespace_table import parse_table


def table(text):
    lines = tuple(line for line in split_lines(text) if line.text)
    found = parse_table(lines)
    if found is None:
        return None
    raw, span = found
    return {
        "caption": raw.caption and raw.caption.of(text),
        "corner": raw.corner and raw.corner.of(text),
        "columns": [column.of(text) for column in raw.columns],
        "rows": [(label.of(text), [cell.of(text) for cell in cells]) for label, cells, _ in raw.rows],
        "text": span.of(text),
    }


def test_caption_corner_columns_and_rows():
    text = "Vessels by kind\nKind / Year ~1945 1950 Total\nSail 2,310 1,842 4,152\nOld steam 1,105 – 1,105\n"
    assert table(text) == {
        "caption": "Vessels by kind",
        "corner": "Kind / Year",
        "columns": ["~1945", "1950", "Total"],
        "rows": [("Sail", ["2,310", "1,842", "4,152"]), ("Old steam", ["1,105", "–", "1,105"])],
        "text": text.strip(),
    }


def test_no_caption_and_no_corner():
    assert table("1950 1951\nSail 1 2\nSteam 3 4\n") == {
        "caption": None,
        "corner": None,
        "columns": ["1950", "1951"],
        "rows": [("Sail", ["1", "2"]), ("Steam", ["3", "4"])],
        "text": "1950 1951\nSail 1 2\nSteam 3 4",
    }


def test_years_are_the_header_unless_all_rows_are_years():
    found = table("Ships\nKind / Year 1950 1951\nSail 1 2\nSteam 3 4\n")
    assert (found["caption"], found["corner"], found["columns"]) == ("Ships", "Kind / Year", ["1950", "1951"])
    found = table("Light Built Moved\nSkarholm 1874 1903\nGannet 1903 1964\n")
    assert (found["corner"], found["columns"], len(found["rows"])) == ("Light", ["Built", "Moved"], 2)


def test_header_of_words():
    found = table("Station Range Height\nSkarholm 9 38\nGannet 7 31\n")
    assert (found["corner"], found["columns"]) == ("Station", ["Range", "Height"])


@pytest.mark.parametrize("gap", ["\t", "   "])
def test_fields_between_tabs_or_double_spaces_hold_spaces(gap):
    rows = [["Name of station", "Range (nmi)", "Height above sea"], ["Skarholm Light", "9", "38"]]
    rows += [["Gannet Rock", "7", "n/a"]]
    found = table("\n".join(gap.join(row) for row in rows))
    assert (found["corner"], found["columns"]) == ("Name of station", ["Range (nmi)", "Height above sea"])
    assert found["rows"] == [("Skarholm Light", ["9", "38"]), ("Gannet Rock", ["7", "n/a"])]


@pytest.mark.parametrize(
    "cell", ["1,418", "85.2", "$24,180", "56%", "49–81%", "~300", "-3", "−3", "–", "n/a", "...", "<5"]
)
def test_kinds_of_cells(cell):
    found = table(f"Kind 2001 2002\nSail 1 {cell}\nSteam {cell} 4\n")
    assert found["rows"] == [("Sail", ["1", cell]), ("Steam", [cell, "4"])]


@pytest.mark.parametrize(
    "text",
    [
        "Kind 2001 2002\nSail 1 2\n",  # one row
        "Kind 2001\nSail 1\nSteam 2\n",  # one column
        "Kind 2001 2002\nSail 1 2\nSteam 3\n",  # ragged
        "Kind 2001 2002\nSail 1 2\nSteam 3 4\nThat is all.\n",
        "Sail 1 2\nSteam 3 4\n",  # no header
        "Kind\nSail 1 2\nSteam 3 4\n",  # a header too short
        "In 1950 it was 3 4\nin 1951 it was 5 6\n",
        "Sail\n",
    ],
)
def test_no_table(text):
    assert table(text) is None


def test_spans_behind_an_astral_character():
    text = "𐍈 marks\nKind 2001 2002\nSail 1 2\nSteam 3 4\n"
    assert table(text)["rows"] == [("Sail", ["1", "2"]), ("Steam", ["3", "4"])]


def test_article(article):
    (found,) = article.tables
    text = article.text
    assert found.caption.of(text) == "Status of North Korean defectors entering South Korea"
    assert found.corner.of(text) == "Criteria / Year"
    columns = ["~1998", "~2001", *map(str, range(2002, 2024)), "Total"]
    assert [column.of(text) for column in found.columns] == columns
    assert len(columns) == 25
    assert [row.label.of(text) for row in found.rows] == ["Male", "Female", "Total"]
    cells = [dict(zip(columns, (cell.of(text) for cell in row.cells), strict=True)) for row in found.rows]
    assert cells[0]["~1998"] == "831"
    assert cells[1]["~2001"] == "478"
    assert cells[1]["2009"] == "2,252"
    assert cells[2]["2023"] == "196"
    assert [row["Total"] for row in cells] == ["9,533", "24,448", "34,021"]
    number = [{column: int(value.replace(",", "")) for column, value in row.items()} for row in cells]
    # In the years the printed sums are right, so every cell stands in its own column and row.
    assert all(number[0][column] + number[1][column] == number[2][column] for column in columns[:-1])
    assert article.path_of(found.section)[-1] == "Statistics"


def test_small_corpus(harbour):
    (found,) = harbour.tables
    text = harbour.text
    assert found.caption.of(text) == "Vessels piloted into Torhaven by kind of vessel"
    assert [column.of(text) for column in found.columns] == ["~1945", "~1950", *map(str, range(1951, 1961)), "Total"]
    assert [(row.label.of(text), row.cells[0].of(text), row.cells[-1].of(text)) for row in found.rows] == [
        ("Sail", "2,310", "6,489"),
        ("Steam", "1,105", "13,192"),
        ("Total", "3,415", "19,690"),
    ]
    assert harbour.path_of(found.section) == ("Statistics",)

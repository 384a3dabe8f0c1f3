"""Markdown → pieces: each is a stretch of the source, without the marks around it."""

from __future__ import annotations

import time

import pytest

from nkqa.build.markdown import parse_markdown
from nkqa.build.pieces import PieceKind


def pieces(text):
    kinds = {PieceKind.HEADING: lambda p: f"heading {p.level}", PieceKind.IGNORED: lambda p: f"ignored {p.reason}"}
    return [
        (kinds[piece.kind](piece) if piece.kind in kinds else piece.kind.value, piece.span.of(text))
        for piece in parse_markdown(text)
    ]


def tables(text):
    return [
        (
            raw.corner and raw.corner.of(text),
            [column.of(text) for column in raw.columns],
            [(label.of(text), [cell.of(text) for cell in cells]) for label, cells, _ in raw.rows],
        )
        for raw in (piece.table for piece in parse_markdown(text))
        if raw
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark(line_end, start):
    text = start + line_end.join(["# Title", "", "One.", "Two 𐍈.", "", "## Sub", "", "- a", "- b", ""])
    assert pieces(text) == [
        ("heading 0", "Title"),
        ("paragraph", f"One.{line_end}Two 𐍈."),
        ("heading 1", "Sub"),
        ("list item", "a"),
        ("list item", "b"),
    ]


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_separators_that_are_no_line_ends_move_nothing(char):
    text = f"# Title\n\none{char}two\n\n## Sub\n\nThree.\n"
    assert pieces(text) == [
        ("heading 0", "Title"),
        ("paragraph", f"one{char}two"),
        ("heading 1", "Sub"),
        ("paragraph", "Three."),
    ]


# ------------------------------------------------------------------------------------------------------------ headings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n## B\n### C\n# D\n", ["1 A", "2 B", "3 C", "1 D"]),
        ("# A\n## B\n### C\n", ["0 A", "1 B", "2 C"]),  # the only one of its level is the title
        ("## A\n### B\n", ["0 A", "1 B"]),
        ("## A\n# B\n", ["2 A", "1 B"]),
        ("A\n===\n\nB\n---\n", ["0 A", "1 B"]),
        ("A long\nheading\n===\n\nText.\n", ["0 A long\nheading"]),
        ("   ## A ##\n# B #\n", ["2 A", "1 B"]),
        ("# A #1\n", ["0 A #1"]),
        ("# *A* `b`\n", ["0 *A* `b`"]),
        ("#\n\n# A\n# B\n", ["1 A", "1 B"]),
        ("> # A\n> text\n", ["0 A"]),
        ("- # A\n", ["0 A"]),
        ("1. > ## A\n", ["0 A"]),
        ("#hashtag is no heading\n", []),
    ],
)
def test_headings(text, expected):
    found = [piece for piece in parse_markdown(text) if piece.kind is PieceKind.HEADING]
    assert [f"{piece.level} {piece.span.of(text)}" for piece in found] == expected


# --------------------------------------------------------------------------------------------------------------- lists


def test_list_items_without_their_marks():
    text = "- one\n* two\n+ three\n\n1. four\n2) five\n- [ ] six\n- [x] seven\n"
    assert pieces(text) == [("list item", word) for word in "one two three four five six seven".split()]


def test_nested_lists():
    text = "- one\n  - two\n    1. three\n- - four\n2. - five\n> - six\n>   - seven\n"
    assert pieces(text) == [("list item", word) for word in "one two three four five six seven".split()]


def test_item_of_several_lines_and_paragraphs():
    text = "- one\n  goes on\n\n  and on\n- two\nlazily\n"
    assert pieces(text) == [
        ("list item", "one\n  goes on"),
        ("list item", "and on"),
        ("list item", "two\nlazily"),
    ]


def test_numbers_that_begin_a_sentence_stay():
    text = "- one\n\n  1871 was a good year\n- 12 boats\n"
    assert pieces(text) == [("list item", "one"), ("list item", "1871 was a good year"), ("list item", "12 boats")]


def test_introduction_of_a_list_is_a_paragraph():
    assert pieces("Engineers:\n\n- **Ragna Quist**, chief\n") == [
        ("paragraph", "Engineers:"),
        ("list item", "**Ragna Quist**, chief"),
    ]


# -------------------------------------------------------------------------------------------------------------- quotes


def test_quote_begins_behind_its_mark():
    assert pieces("> Lux non dormit.\n> It never sleeps.\n\nThat is all.\n") == [
        ("paragraph", "Lux non dormit.\n> It never sleeps."),
        ("paragraph", "That is all."),
    ]


# -------------------------------------------------------------------------------------------------------------- tables


def test_table_with_units():
    text = (
        "| Station | Range (nmi) | Cost (crowns) |\n| :--- | ---: | ---: |\n| Light | 9 | 2,489 |\n| Pier | 3 | – |\n"
    )
    assert tables(text) == [
        ("Station", ["Range (nmi)", "Cost (crowns)"], [("Light", ["9", "2,489"]), ("Pier", ["3", "–"])])
    ]
    assert pieces(text) == [("table", text.strip())]


def test_table_without_outer_pipes_and_with_an_escaped_one():
    text = "a | b\n--|--\n1 | x \\| y\n"
    assert tables(text) == [("a", ["b"], [("1", ["x \\| y"])])]


def test_short_and_long_rows():
    text = "| a | b | c |\n|---|---|---|\n| 1 |\n| 1 | 2 | 3 | 4 |\n"
    assert tables(text) == [("a", ["b", "c"], [("1", ["", ""]), ("1", ["2", "3"])])]


def test_empty_corner():
    text = "| | b |\n|---|---|\n| 1 | 2 |\n"
    assert tables(text) == [(None, ["b"], [("1", ["2"])])]


def test_table_in_a_quote_and_in_a_list():
    rows = ["| a | b |", "| - | - |", "| 1 | 2 |"]
    expected = [("a", ["b"], [("1", ["2"])])]
    assert tables("".join(f"> {row}\n" for row in rows)) == expected
    assert tables("- " + "\n  ".join(rows) + "\n") == expected


def test_table_ends_at_a_blank_line():
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n| no | table |\n"
    assert [kind for kind, _ in pieces(text)] == ["table", "paragraph"]


def test_small_corpus(fog):
    (table,) = fog.tables
    text = fog.text
    assert table.corner.of(text) == "Station"
    assert [column.of(text) for column in table.columns] == [
        "Range (nmi)",
        "Height above sea (m)",
        "Hours sounded",
        "Cost (crowns)",
    ]
    assert [[row.label.of(text), *(cell.of(text) for cell in row.cells)] for row in table.rows] == [
        ["Skarholm Light", "9", "38", "1,310", "2,489"],
        ["Gannet Rock", "7", "31", "1,122", "2,131.80"],
        ["Torhaven Pier", "3", "8", "640", "n/a"],
        ["Ness Point", "5", "22", "905", "1,719.50"],
        ["Total", "–", "–", "3,977", "6,340.30"],
    ]
    assert fog.path_of(table.section)[-1] == "Fog days"


# ------------------------------------------------------------------------------------------------------------- ignored


@pytest.mark.parametrize("end", ["---", "..."])
def test_front_matter(end):
    text = f"---\ntitle: A\n# a comment\nlist:\n  - one\n{end}\n# Title\n\nText.\n"
    assert pieces(text) == [
        ("ignored front matter", text[: text.index("# Title")]),
        ("heading 0", "Title"),
        ("paragraph", "Text."),
    ]


@pytest.mark.parametrize("first", ["\nOne.", "One, two.", "# One", "- one"])
def test_text_between_two_rules_is_no_front_matter(first):
    text = f"---\n{first}\n\n---\n\nTwo.\n"
    assert "One" in text.title()
    assert [kind for kind, _ in pieces(text)][1:] == ["paragraph"]
    assert not any(kind.startswith("ignored") for kind, _ in pieces(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("```python\nprint(1)\n```", "code"),
        ("    indented()", "code"),
        ("<!-- a comment -->", "mark-up"),
        ("<div>\nmark-up\n</div>", "mark-up"),
        ("[name]: https://example.org 'Title'", "mark-up"),
    ],
)
def test_what_is_no_text_is_remembered_as_ignored(text, kind):
    assert pieces(f"One.\n\n{text}\n\nTwo.\n") == [
        ("paragraph", "One."),
        (f"ignored {kind}", text.strip()),
        ("paragraph", "Two."),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "***\n", "-\n", "#\n", ">\n", "- \n\n1.\n"])
def test_marks_alone_are_nothing(text):
    assert pieces(text) == []


@pytest.mark.parametrize(
    "piece",
    [
        "One two.\n\n",
        "# One\n\nTwo.\n\n- a\n- b\n\n",
        "- a\n",
        "> a\n",
        "- ",
        "> ",
        "[a]: b\n",
        "|a",
        "| a | b |\n",
        "`",
        "*a ",
    ],
)
def test_long_text_takes_no_time(piece):
    text = piece * (100_000 // len(piece))
    started = time.perf_counter()
    parse_markdown(text)
    assert time.perf_counter() - started < 10

"""Plain text → pieces: what a shape is taken for, and where it stands."""

from __future__ import annotations

import time

import pytest

from nkqa.build.pieces import PieceKind, split_lines
from nkqa.build.plain_text import parse_plain_text

PROSE = "The harbour was built in 1871. It is dangerous at low tide, because the bar moves."
NAVIGATION = "Lights TermsLights HistoryLights StationsLights StatisticsLights RescueLights NotesLights"


def pieces(text):
    return [
        (f"heading {piece.level}" if piece.kind is PieceKind.HEADING else piece.kind.value, piece.span.of(text))
        for piece in parse_plain_text(text)
    ]


def body(text):
    """Return the pieces below a title."""
    title, *rest = pieces(f"The title\n\n{text}")
    assert title == ("heading 0", "The title")
    return rest


# --------------------------------------------------------------------------------------------------------------- lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\nb\n", ["a", "b"]),
        ("a\r\n\r\nb\rc", ["a", "", "b", "c"]),
        ("\ufeff a \u00a0\n\t\u3000\n", ["a", ""]),
        ("\x0ca\x0c\n", ["a"]),
        # not line ends: a Markdown parser does not count them as such
        ("a\x0cb\u2028c\x85d\x1ee\x0bf", ["a\x0cb\u2028c\x85d\x1ee\x0bf"]),
    ],
)
def test_lines(text, expected):
    lines = split_lines(text)
    assert [line.text for line in lines] == expected
    assert [line.span.of(text) for line in lines] == expected


def test_line_knows_its_indent():
    assert [line.indent for line in split_lines("  a\n\tb\nc")] == [2, 1, 0]


# ------------------------------------------------------------------------------------------------------------ headings


def test_first_line_is_the_title():
    assert pieces(f"Harbour lights\n\n{PROSE}\n") == [("heading 0", "Harbour lights"), ("paragraph", PROSE)]
    assert pieces(f"{PROSE}\n\nTerms\n\n{PROSE}\n")[0] == ("paragraph", PROSE)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(line_end):
    text = line_end.join(["\ufeffThe lights", "", "Terms", "", PROSE, "", "  • one", "  • two", ""])
    assert pieces(text) == [
        ("heading 0", "The lights"),
        ("heading 1", "Terms"),
        ("paragraph", PROSE),
        ("list item", "one"),
        ("list item", "two"),
    ]


@pytest.mark.parametrize(
    "line", ["Terms", "Return to the North", "2 May 1902", "새터민", "“Lights Act”", "What (and why)"]
)
def test_short_line_of_its_own_is_a_heading(line):
    assert body(f"{line}\n\n{PROSE}\n") == [("heading 1", line), ("paragraph", PROSE)]


@pytest.mark.parametrize(
    "line",
    [
        "It is green.",
        "Is it green?",
        "It is green;",
        "It is green,",
        'He said "It is green."',
        "it is green",
        "…",
        "W" * 81,
        "A heading of so many words that nobody would take it for one at all",
        "Note:",
    ],
)
def test_other_line_is_prose(line):
    assert body(f"{line}\n\n{PROSE}\n") == [("paragraph", line), ("paragraph", PROSE)]


def test_label_above_another_label_is_an_empty_heading_without_its_colon():
    assert body(f"Other services:\n\nReferences\n\n{PROSE}\n")[0] == ("heading 1", "Other services")
    assert body("Other services:\n")[0] == ("heading 1", "Other services")


def test_label_above_text_or_a_list_introduces_it():
    assert body(f"Other services:\n\n{PROSE}\n")[0] == ("paragraph", "Other services:")
    assert body("Other services:\n\n• one\n• two\n")[0] == ("paragraph", "Other services:")


@pytest.mark.parametrize(("underline", "level"), [("=====", 1), ("-----", 2), ("~~~", 2)])
def test_underlined_heading(underline, level):
    assert body(f"Terms\n{underline}\n\n{PROSE}\n")[0] == (f"heading {level}", "Terms")
    assert pieces(f"The lights\n{underline}\n\n{PROSE}\n")[0] == ("heading 0", "The lights")


def test_numbered_headings_have_the_level_of_their_number():
    found = body(
        f"1. Terms\n\n{PROSE}\n\n1.1 Old terms\n\n{PROSE}\n\n1.1.1 Oldest\n\n{PROSE}\n\n2 History\n\n{PROSE}\n"
    )
    assert [piece for piece in found if piece[0] != "paragraph"] == [
        ("heading 1", "1. Terms"),
        ("heading 2", "1.1 Old terms"),
        ("heading 3", "1.1.1 Oldest"),
        ("heading 1", "2 History"),
    ]


# --------------------------------------------------------------------------------------------------------------- lists


@pytest.mark.parametrize("mark", ["•", "*", "-", "–", "+", "◦", "▪", "1.", "2)", "a)", "(b)", "•\u00a0", "·\t"])
def test_list_items_without_their_marks(mark):
    assert body(f"  {mark} one thing\n  {mark} another, of 12\n") == [
        ("list item", "one thing"),
        ("list item", "another, of 12"),
    ]


def test_line_behind_an_item_belongs_to_it_and_line_above_introduces_the_list():
    assert body("The kit is:\n• two rafts\n  for 12 people\n• coffee\n") == [
        ("paragraph", "The kit is:"),
        ("list item", "two rafts\n  for 12 people"),
        ("list item", "coffee"),
    ]


def test_dash_at_the_margin_is_speech():
    assert body("– a line of its own\n") == [("paragraph", "– a line of its own")]


# -------------------------------------------------------------------------------------------------- prose and captions


def test_hand_wrapped_lines_are_one_paragraph():
    wrapped = "The harbour was built in 1871, and it has been\ndangerous ever since, because the tide runs\nhard."
    assert body(f"{wrapped}\n") == [("paragraph", wrapped)]


def test_long_lines_are_paragraphs_of_their_own():
    long = " ".join([PROSE] * 2)
    assert body(f"{long}\n{long}\n") == [("paragraph", long), ("paragraph", long)]


def test_short_lines_without_a_stop_are_a_caption():
    assert body("Terms\n\nMap of the lights\nThe lights as seen from the sea\n")[1] == (
        "caption",
        "Map of the lights\nThe lights as seen from the sea",
    )


def test_infobox_stands_above_the_first_heading_only():
    box = "Founded\n1871\nMotto\nLux non dormit"
    assert body(f"{box}\n\nTerms\n\n{PROSE}\n")[0] == ("infobox", box)
    assert body(f"Terms\n\n{box}\n")[1] == ("caption", box)


def test_table_leaves_what_stands_above_it():
    table = "Vessels by kind\nKind / Year 1950 1951\nSail 1 2\nSteam 3 4"
    assert body(f"It was counted.\n{table}\n") == [("paragraph", "It was counted."), ("table", table)]


# ---------------------------------------------------------------------------------------------------------- navigation


def test_navigation_and_the_labels_above_it_are_ignored_as_one_region():
    trailer = (
        f"Tags:\n\n{NAVIGATION}\n\n🔥 Trending searches:\n\nPenguin racing | Olga Varna | Brass quintet | Sourdough"
    )
    assert body(f"Notes\n\n{PROSE}\n\n{trailer}\n") == [
        ("heading 1", "Notes"),
        ("paragraph", PROSE),
        ("ignored", trailer),
    ]


def test_heading_above_navigation_stays_a_heading():
    assert body(f"References:\n\n{NAVIGATION}\n") == [("heading 1", "References"), ("ignored", NAVIGATION)]


@pytest.mark.parametrize(
    "line",
    [
        PROSE,
        "He met McDonald and O'Brien of YouTube, an iPhone in hand, and they spoke of eBay for an hour or more.",
        "One | two | three",
        "In 1950 | 1951 | 1952 | 1953 | 1954 ships came.",
    ],
)
def test_prose_is_no_navigation(line):
    assert [kind for kind, _ in body(f"Terms\n\n{line}\n")] != ["heading 1", "ignored"]


def test_trailer_of_the_article(article):
    (region,) = article.ignored
    assert region.span.start == article.text.index("Tags:")
    assert region.span.end == len(article.text)
    assert region.reason == "navigation"


def test_trailer_of_the_small_corpus(harbour):
    (region,) = harbour.ignored
    assert region.span.start == harbour.text.index("Tags:")
    assert region.span.of(harbour.text).endswith("🡆 More")


PIECES = [
    f"{PROSE}\n\n",
    f"Heading\n\n{PROSE}\n\n",
    "A 1 2\n",
    "word\n",
    "• item\n",
    "=\n",
    f"{NAVIGATION}\n\n",
    "a: b\n",
]


@pytest.mark.parametrize("piece", PIECES)
def test_long_text_takes_no_time(piece):
    text = piece * (100_000 // len(piece))
    started = time.perf_counter()
    parse_plain_text(text)
    assert time.perf_counter() - started < 10


def test_long_list_of_words_takes_no_time():
    text = "\n".join(f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}word{chr(97 + n // 676)}" for n in range(10_000))
    started = time.perf_counter()
    parse_plain_text(text)
    assert time.perf_counter() - started < 10

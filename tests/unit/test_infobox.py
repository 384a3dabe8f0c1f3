"""The fact box at the top of a page: labels and values, on lines of their own or run together."""

from __future__ import annotations

import pytest

from nkqa.build.infobox import parse_infobox
from nkqa.build.pieces import split_lines

REST = "\n\nIts old name is Vessmark. The word yard is used, and Bay too.\n"


def pairs(box, rest=REST, title="Harbour Lights"):
    text = box + rest
    lines = tuple(line for line in split_lines(box) if line.text)
    return [(label.of(text), value.of(text)) for label, value in parse_infobox(text, lines, title)]


def test_labels_and_values_on_lines_of_their_own():
    assert pairs("Founded\n14 March 1871\nMotto\nLux non dormit\n") == [
        ("Founded", "14 March 1871"),
        ("Motto", "Lux non dormit"),
    ]


def test_title_of_the_box_is_no_label():
    assert pairs("harbour lights\nFounded\n1871\nMotto\nLux\n") == [("Founded", "1871"), ("Motto", "Lux")]


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("Founded: 14 March 1871", ("Founded", "14 March 1871")),
        ("Founded:\t1871", ("Founded", "1871")),
        ("Founded\t1871", ("Founded", "1871")),
        ("Hours: from 10:00", ("Hours", "from 10:00")),
        ("Number of lightsseven", ("", "Number of lightsseven")),  # no sign where the label ends: kept whole
        ("Former nameVessmark", ("Former name", "Vessmark")),
        ("Budget8.4 million", ("Budget", "8.4 million")),
        ("Hangul베스마크", ("Hangul", "베스마크")),
        ("Greek nameφάρος", ("Greek name", "φάρος")),
    ],
)
def test_label_and_value_in_one_line(line, pair):
    # The lines around it hold their value themselves, so that the line in question stands alone.
    assert pairs(f"Kind: pilots\n{line}\nCoast: west\n")[1] == pair


def test_word_that_the_text_uses_shows_where_a_value_begins():
    assert pairs("Kind: pilots\nShipyardvessmark\nCoast: west\n", rest="\n\nThe vessmark is old.\n")[1] == (
        "Shipyard",
        "vessmark",
    )


def test_long_name_that_the_text_itself_uses_is_not_cut():
    box = "Kind: pilots\nShipyard\nCoast: west\n"
    assert pairs(box, rest="\n\nThe Shipyard has a yard.\n")[1] == ("", "Shipyard")


@pytest.mark.parametrize(
    "box",
    [
        "Founded\n1871\n",
        "Founded\n1871\nIt is a pilot service.\n",
        "Founded\n1871\nWhy?\n",
        "Founded\n1871\n" + "x" * 101 + "\n",
        "Founded\n1871\n" * 51,
    ],
)
def test_other_groups_are_no_infobox(box):
    assert pairs(box) == []


def test_article(article):
    text = article.text
    assert [(pair.label.of(text), pair.value.of(text)) for pair in article.pairs] == [
        ("Hangul", "탈북자, 탈북민"),
        ("Hanja", "脫北者, 脫北民"),
        ("Revised Romanization", "talbukja, talbungmin"),
        ("McCune–Reischauer", "t'albukcha, t'albungmin"),
    ]
    assert [article.sections[pair.section].level for pair in article.pairs] == [0] * 4


def test_small_corpus(harbour):
    text = harbour.text
    assert [(pair.label.of(text), pair.value.of(text)) for pair in harbour.pairs] == [
        ("Founded", "14 March 1871"),
        ("Headquarters", "Torhaven"),
        ("Motto", "Lux non dormit"),
        ("Hangul", "베스마크 등대"),
        ("", "Revised Romanizationbeseumakeu deungdae"),
        ("Number of lights", "seven"),
        ("Budget", "8.4 million crowns"),
    ]

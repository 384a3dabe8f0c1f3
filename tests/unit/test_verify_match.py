"""A claim against one sentence: what is the same, what differs, and what is never taken for the same."""

from __future__ import annotations

import time

import pytest

from nkqa.ask import verify_match
from nkqa.ask.verify_match import compare
from nkqa.ask.verify_units import MAX_SENTENCE_CHARS, not_checkable, read_statement, split_text

STORM = "On the night of 11 November 1911, a storm drove 14 ships onto the bar in six hours."
PURSE = "The fund collected about 52,000 crowns by the end of 1912, according to the coxswain."
UNION = "The keepers' union went on strike for 41 days in 1971, but the plan was not changed."
SHARE = "In 2021, a survey by the Bay Pilots' Society put the share at 22%."
CREW = "The coastguards of Torhaven rescued the fishermen of Skarholm in 1904."


def verdict(claim, source):
    found = compare(read_statement(claim), read_statement(source))
    if found is None:
        return "other"
    if found.qualified:
        return "limited"
    if not found.differences:
        return "same"
    return "differs" if found.certain else "unsure"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (STORM, STORM),
        (
            "A storm drove fourteen ships onto the bar in 6 hours on 11 November 1911.",
            STORM.replace("the night of ", ""),
        ),
        ("The keepers' union went on strike for 41 days.", UNION),
        ("The keepers' union went on strike in 1971 for 41 days.", UNION),
        ("A survey by the Bay Pilots' Society put the share at 22 percent in 2021.", SHARE),
        ("The fund collected roughly 52000 crowns by the end of 1912.", PURSE),
        ("The UK received 1.5 million tons.", "The United Kingdom received 1,500,000 tons in 1980."),
    ],
)
def test_the_same_in_other_spelling_or_order(claim, source):
    assert verdict(claim, source) == "same"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (STORM.replace("14", "41"), STORM),
        (STORM.replace("1911", "1912"), STORM),
        (UNION.replace("went", "did not go"), UNION),
        (SHARE.replace("Bay Pilots", "Harbour Wardens"), SHARE),
        (SHARE.replace("2021", "2019"), SHARE),
        (SHARE.replace("22%", "2.2%"), SHARE),
    ],
)
def test_one_thing_changed_is_a_difference(claim, source):
    assert verdict(claim, source) == "differs"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The fishermen of Skarholm rescued the coastguards of Torhaven in 1904.", CREW),
        ("The coastguards rescued the fishermen in a storm.", CREW),
        ("The fund collected 52,000 crowns by the end of 1912.", PURSE),
        ("The fund collected at least 52,000 crowns by the end of 1912.", PURSE),
        ("All keepers went on strike for 41 days in 1971.", UNION),
        ("Only 14 ships were driven onto the bar.", STORM),
        ("The keepers' union went on strike for 41 hours in 1971.", UNION),
        ("The plan was changed.", UNION),
        ("Keepers reportedly went on strike for 41 days.", UNION),
        ("The boat was lost.", "It is not true that the boat was lost."),
        ("The boat was lost.", "If the boat was lost, nobody would know."),
        ("Prices rose after the war.", "Prices rose before the war."),
        ("Women in Torhaven earned 30 crowns.", "Women without children in Torhaven earned 30 crowns."),
        ("He sailed from Oslo to Bergen.", "He sailed from Bergen to Oslo."),
        ("The fund began in 1888 and ended in 1871.", "The fund began in 1871 and ended in 1888."),
        ("The society was run from 1878 to 2016.", "The society was run from 1879 to 2016."),
    ],
)
def test_what_the_source_does_not_state_is_never_the_same(claim, source):
    assert verdict(claim, source) != "same"


def test_a_figure_for_another_time_or_thing_contradicts_nothing():
    assert verdict("A storm drove 40 ships onto the bar in 1890.", STORM) != "differs"
    assert verdict("The fund collected 900 crowns.", "The fund of widows collected 400 crowns.") != "differs"


def test_null_control_without_order_a_swap_passes_for_the_same(monkeypatch):
    """With a bag of words instead of an order, who rescues whom is lost."""
    monkeypatch.setattr(
        verify_match,
        "_follow",
        lambda ours, theirs: verify_match._Walk(
            [(one, other) for one in ours for other in theirs if one.key == other.key], [], len(ours)
        ),
    )
    assert verdict("The fishermen of Skarholm rescued the coastguards of Torhaven in 1904.", CREW) == "same"


def test_null_control_without_qualifiers_a_hedge_is_lost(monkeypatch):
    monkeypatch.setattr(verify_match, "qualifiers", lambda text: verify_match.Counter())
    assert verdict("The fund collected 52,000 crowns by the end of 1912.", PURSE) == "same"


TEXT = """# Lights of the bay

Dr. Holm led the fund.[citation needed] It held 8.4 million crowns, e.g. in gold! "Why?" asked no. 7.

- First point here
- Second point, of the U.S. kind."""


def test_sentences_are_slices_without_bullets():
    spans = split_text(TEXT)
    assert [span.of(TEXT) for span in spans] == [
        "Lights of the bay",
        "Dr. Holm led the fund.[citation needed]",
        "It held 8.4 million crowns, e.g. in gold!",
        '"Why?" asked no. 7.',
        "First point here",
        "Second point, of the U.S. kind.",
    ]


@pytest.mark.parametrize("text", ["Is it open?", "Hello!", "Lights of the bay", "It is so."])
def test_what_states_nothing_is_not_checked(text):
    assert not_checkable(text)


def test_a_statement_is_checked():
    assert not_checkable("The lamp was lit in 1904.") is None


@pytest.mark.parametrize("text", ["." * 20_000 + "x", "1999 " * 4_000, "a " * 10_000, "(1999) " * 2_800, "!?" * 10_000])
def test_no_text_takes_long_to_be_cut_and_read(text):
    started = time.process_time()
    for span in split_text(text):
        not_checkable(span.of(text))
        read_statement(span.of(text)[:MAX_SENTENCE_CHARS])
    assert time.process_time() - started < 10  # one request must not hold a worker; it was minutes


def test_what_is_too_long_for_a_sentence_is_not_checked():
    assert "write it as several sentences" in not_checkable("word " * 1000 + "end.")
    assert not_checkable("The first lamp was lit in 1871.") is None

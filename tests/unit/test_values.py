"""Typed values in running text: what is recognised, as what, and exactly where."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nkqa.text.values import find_values, years
from nkqa.types import AnswerType, Span


def values(text):
    return [(value.type.value, value.span.of(text)) for value in find_values(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # shares
        ("around 50% of defectors", "percent 50%"),
        ("49–81% of adults", "percent 49–81%"),
        ("About 76% to 84% of", "percent 76% to 84%"),
        ("3 to 4 % of it", "percent 3 to 4 %"),
        ("nearly 90 percent of", "percent 90 percent"),
        ("48 per cent", "percent 48 per cent"),
        ("0.5% or 1,200%", "percent 0.5%|percent 1,200%"),
        # money
        ("increased to $860,000 the", "money $860,000"),
        ("from $50 to $500 per hour", "money $50 to $500"),
        ("$6,000 to $32,400 of", "money $6,000 to $32,400"),
        ("₩28,000,000 ($24,180) to", "money ₩28,000,000|money $24,180"),
        ("about $1.5 billion", "money $1.5 billion"),
        ("£5 million to £6 million", "money £5 million to £6 million"),
        ("around 3,000 to 10,000 yuan.", "money 3,000 to 10,000 yuan"),
        ("50 million South Korean Won", "money 50 million South Korean Won"),
        ("a charge of 0.85 crowns", "money 0.85 crowns"),
        ("a note of € 30", "money € 30"),
        # durations
        ("after 1–3 years.", "duration 1–3 years"),
        ("a 12-week course", "duration 12-week"),
        ("three months of", "duration three months"),
        ("after 2 years later", "number 2"),
        ("a man 40 years old", "number 40"),
        # dates and years
        ("On 5 May 2006, unnamed", "date 5 May 2006"),
        ("On May 5, 2006, he", "date May 5, 2006"),
        ("on 16 June.", "date 16 June"),
        ("in December 2017", "date December 2017"),
        ("In early to mid-1990s", "date mid-1990s"),
        ("first half of 2018,", "year 2018"),
        ("the 1950–1953 war", "year 1950–1953"),
        ("in 2019-20", "year 2019-20"),
        ("in 1998, 1999 and 2000", "year 1998|year 1999|year 2000"),
        ("in the 1990s", ""),
        ("you may 12", "number 12"),
        # numbers
        ("1,418 were registered", "number 1,418"),
        ("between 100 and 500 refugees", "number 100 and 500"),
        ("2,000 to 3,000 people", "number 2,000 to 3,000"),
        ("twenty-five boats", "number twenty-five"),
        ("one hundred people", "number one hundred"),
        ("Two lights and seven more", "number Two|number seven"),
        ("a range of 3.14.", "number 3.14"),
        ("ages 0–9, 12% were ages 10–19", "number 0–9|percent 12%|number 10–19"),
        ("the 11-mile border", "number 11"),
        ("2,001 is no year", "number 2,001"),
        # a clock, a name, a version, a run of digits: not numbers of anything
        ("between 10:00 and 16:30", ""),
        ("COVID-19", ""),
        ("version 1.2.3", ""),
        ("weighty bone phone", ""),
        ("", ""),
    ],
)
def test_values(text, expected):
    assert values(text) == [tuple(item.split(" ", 1)) for item in expected.split("|") if item]


def test_only_values_of_the_span_are_found():
    text = "In 1911, 97 people; in 1912, 52,000 crowns."
    start = text.index("in 1912")
    found = find_values(text, Span(start, len(text)))
    assert [(value.type, value.span.of(text)) for value in found] == [
        (AnswerType.YEAR, "1912"),
        (AnswerType.MONEY, "52,000 crowns"),
    ]


def test_offsets_are_code_points_behind_an_astral_character():
    text = "The mark 𐍈 of 2 May 1902"
    (value,) = find_values(text, Span(0, len(text)))
    assert (value.span.start, value.span.end) == (14, 24)


def test_article_row_of_a_table_is_read_as_single_numbers(article):
    row = article.tables[0].rows[0]
    found = find_values(article.text, row.span)
    assert [value.span for value in found] == list(row.cells)


def test_years():
    assert years("Between 2004 and 2011, 1,998 people; the 1990s; No. 2018,5; 31,093; 2009.") == (
        2004,
        2011,
        1990,
        2009,
    )
    assert years("3019 or 20090") == ()


WRITTEN = (
    "1,418|2009|2,914|50|%|$|₩|–|-| to | and | million| hundred|twenty|-five| years| May | crowns|5|,|.|:| |x|𐍈|\n"
)
FRAGMENTS = st.sampled_from(WRITTEN.split("|"))


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(FRAGMENTS, max_size=14).map("".join)), st.data())
def test_values_lie_in_the_span_in_order_and_do_not_overlap(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = [value.span for value in find_values(text, Span(start, end))]
    assert all(start <= span.start < span.end <= end for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(span.of(text) == span.of(text).strip() for span in found)


@settings(deadline=None)
@given(st.integers(1, 10**9), st.sampled_from(["{} boats", "about {} boats.", "({})", "of {}, all", "𐍈 {}"]))
def test_number_is_found_whole(number, frame):
    written = f"{number:,}"
    assert written in [text for _, text in values(frame.format(written))]


@pytest.mark.parametrize("piece", ["1", "1,", "1,234", "one ", "1 - ", "$1 ", "9."])
def test_long_run_takes_no_time(piece):
    text = piece * (20_000 // len(piece))
    started = time.perf_counter()
    find_values(text, Span(0, len(text)))
    assert time.perf_counter() - started < 5  # took minutes when a value could begin inside a run of digits

"""Times in running text, as dates; each case says what a rule would have to get wrong to fail."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkqa.text.periods import find_periods
from nkqa.types import Span


def periods(text):
    return [(p.text, p.start, p.end, p.precision) for _, p in find_periods(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 9 January 2005, it", ("9 January 2005", "2005-01-09", "2005-01-09", "day")),
        ("on March 5, 2012 they", ("March 5, 2012", "2012-03-05", "2012-03-05", "day")),
        ("in February 2012", ("February 2012", "2012-02-01", "2012-02-29", "month")),
        ("As of February 2014, age", ("As of February 2014", "2014-02-01", "2014-02-28", "month")),
        ("As of 2006, the state", ("As of 2006", "2006-01-01", "2006-12-31", "year")),
        ("in the year 2019.", ("2019", "2019-01-01", "2019-12-31", "year")),
        ("A 2009 study", ("2009", "2009-01-01", "2009-12-31", "year")),
        ("in the 2007–2016 period", ("2007–2016", "2007-01-01", "2016-12-31", "years")),
        ("2007-16", ("2007-16", "2007-01-01", "2016-12-31", "years")),
        ("from 2012 to 2021 the", ("from 2012 to 2021", "2012-01-01", "2021-12-31", "years")),
        ("Between 2004 and 2011, the", ("Between 2004 and 2011", "2004-01-01", "2011-12-31", "years")),
        ("between August and December 2012", ("August and December 2012", "2012-08-01", "2012-12-31", "years")),
        ("jan-june 2018: what", ("jan-june 2018", "2018-01-01", "2018-06-30", "half")),
        ("the first half of 2018", ("first half of 2018", "2018-01-01", "2018-06-30", "half")),
        ("the second half of 2018", ("second half of 2018", "2018-07-01", "2018-12-31", "half")),
        ("the 1990s", ("1990s", "1990-01-01", "1999-12-31", "years")),
        ("During the mid-1990s", ("mid-1990s", "1994-01-01", "1996-12-31", "decade_part")),
        ("In early to mid-1990s", ("early to mid-1990s", "1990-01-01", "1996-12-31", "decade_part")),
        ("in the late 1990s", ("late 1990s", "1997-01-01", "1999-12-31", "decade_part")),
        ("in early 2012", ("early 2012", "2012-01-01", "2012-04-30", "decade_part")),
        ("since 1996.", ("since 1996", "1996-01-01", None, "open")),
        ("since about 1998 are", ("since about 1998", "1998-01-01", None, "open")),
        ("from 2014 onwards", ("2014 onwards", "2014-01-01", None, "open")),
        ("by 2014.", ("by 2014", None, "2014-12-31", "open")),
        ("by the end of 1912", ("by the end of 1912", None, "1912-12-31", "open")),
        ("until 1993", ("until 1993", None, "1993-12-31", "open")),
        ("Before 2009, over", ("Before 2009", None, "2008-12-31", "open")),
        ("Prior to 1997 the", ("Prior to 1997", None, "1996-12-31", "open")),
        ("After 2009, the", ("After 2009", "2010-01-01", None, "open")),
    ],
)
def test_a_time_is_read_with_its_first_and_last_day(text, expected):
    assert periods(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "1,998 ships and $2000",
        "41 days, 12 crowns, 2,009.5 tons",
        "31 February 2004",
        "ages 20–39 and 40–59",
        "on 16 June",
        "They may 12 times",
        "",
    ],
)
def test_what_is_no_time_is_left_out(text):
    assert periods(text) == []


def test_a_day_without_a_year_takes_the_year_before_it():
    found = periods("They came in May 2004 and were sent back on 16 June.")
    assert found[1] == ("16 June", "2004-06-16", "2004-06-16", "day")


def test_times_come_in_order_and_a_range_that_runs_backwards_is_none():
    assert [text for text, *_ in periods("In 2011, by 2007, since 1998")] == ["2011", "by 2007", "since 1998"]
    assert all(start <= end for _, start, end, _ in periods("2016–2007") if start and end)


def test_offsets_are_those_of_the_whole_text(article, harbour):
    for document in (article, harbour):
        for block in document.blocks:
            for span, period in find_periods(document.text, block.span):
                assert block.span.contains(span)
                assert span.of(document.text) == period.text


@given(st.text(alphabet="0129 -–/.,marchofbysinceMay", max_size=60))
def test_any_text_gives_times_that_do_not_overlap(text):
    found = find_periods(text, Span(0, len(text)))
    assert all(left.end <= right.start for (left, _), (right, _) in pairwise(found))
    assert all(p.start is None or p.end is None or p.start <= p.end for _, p in found)
    assert all(p.start or p.end for _, p in found)

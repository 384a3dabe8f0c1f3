"""Dated incidents: who, how many, when, where and what became of them, as the text writes it."""

from __future__ import annotations

import pytest

from nkqa.build.document import read_document
from nkqa.build.facts.events import event_facts


@pytest.fixture
def events_of(tmp_path):
    """Give the incidents of a paragraph."""

    def run(text):
        path = tmp_path / "text.md"
        path.write_text(f"# Harbours\n\n## Norway\n\n{text}\n", encoding="utf-8")
        return event_facts(read_document(path, "text.md"))

    return run


def told(fact):
    return fact.subject, fact.value, fact.attribute, fact.period.start, fact.period.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In June 2002, 17 Danish sailors were reportedly captured by border guards and deported to Sweden.",
            (
                *("17 Danish sailors", "17", "captured by border guards and deported to Sweden"),
                *("2002-06-01", "2002-06-30"),
            ),
        ),
        (
            "In February 2012, guards repatriated 19 sailors being held in Oslo.",
            ("19 sailors", "19", "repatriated 19 sailors being held in Oslo", "2012-02-01", "2012-02-29"),
        ),
        (
            "In 2013 nine sailors were arrested.",
            ("nine sailors", "nine", "arrested", "2013-01-01", "2013-12-31"),
        ),
        (
            "5 sailors who surrendered in Bergen in May 2004 were deported on 16 June.",
            (
                *("5 sailors who surrendered in Bergen in May 2004", "5", "deported on 16 June"),
                *("2004-06-16", "2004-06-16"),
            ),
        ),
        (
            "In January 1987, a boat carrying 13 sailors struck a rock and its crew was lifted off.",
            (
                *("a boat carrying 13 sailors", "13", "struck a rock and its crew was lifted off"),
                *("1987-01-01", "1987-01-31"),
            ),
        ),
        (
            "On 2 May 1902 the council opened the pier.",
            ("the council", "2 May 1902", "opened the pier", "1902-05-02", "1902-05-02"),
        ),
        (
            "In August 2014, 11 sailors detained by guards were reported by the Herald to have been released.",
            ("11 sailors detained by guards", "11", "released", "2014-08-01", "2014-08-31"),
        ),
    ],
)
def test_incident_is_read_as_written(events_of, text, expected):
    (fact,) = events_of(text)
    assert told(fact) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sailors were captured by border guards.",
        "In 2021, a survey found that 18% of 407 sailors were tired.",
        "As of 2006, sailors were given houses.",
        "By 2015, the council paid 40 sailors.",
        "Between 2004 and 2011, 122 sailors were admitted.",
        "In 2010, Lund wrote that many sailors drowned.",
        "In 2016, 780 sailors lived in Oslo.",
        "In 1971 the plan was not changed.",
        "The wage introduced in 1896 was 310 crowns.",
        "In 2012, sailors are caught and deported.",
        "In 2007, sailors had already been released.",
    ],
)
def test_no_incident_is_made_of_states_studies_and_open_times(events_of, text):
    assert events_of(text) == ()


def test_claimant_hedge_flag_and_place_travel(events_of):
    text = (
        "According to a local paper in January 2020, 11 sailors held in Bergen were reportedly freed.[citation needed] "
        "In May 2021, about 40 sailors were found off Stad."
    )
    first, second = events_of(text)
    assert (first.claimant, first.hedge, first.flags, first.where) == (
        "a local paper",
        "reportedly",
        ("citation needed",),
        "Bergen",
    )
    assert (second.hedge, second.where, second.claimant) == ("about", "Stad", None)


def test_year_of_a_cited_paper_is_not_that_of_the_incident(events_of):
    assert events_of("According to a 2020 paper, 11 sailors were freed.") == ()


def test_missing_parts_of_a_date_come_from_the_sentence_before(events_of):
    text = (
        "On 23 November 2019, 14 sailors were caught near Stad. "
        "The guards returned the group to Sweden on 28 November. "
        "10 of the original 14 were caught again the next day."
    )
    first, second, third = events_of(text)
    assert (first.period.start, first.period.precision) == ("2019-11-23", "day")
    assert (second.period.text, second.period.start, second.period.precision) == (
        "28 November",
        "2019-11-28",
        "relative",
    )
    assert (third.period.text, third.period.start, third.period.precision) == ("the next day", "2019-11-29", "relative")
    assert (third.subject, third.low) == ("10 of the original 14", 10.0)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("after 8 days", "2012-07-03", "2012-07-03"),
        ("two weeks later", "2012-07-09", "2012-07-09"),
        ("the following month", "2012-07-01", "2012-07-31"),
        ("the same year", "2012-01-01", "2012-12-31"),
        ("later", "2012-06-25", None),
    ],
)
def test_relative_times(events_of, words, start, end):
    _, fact = events_of(f"On 25 June 2012, a sailor was arrested. He was freed {words}.")
    assert (fact.period.text, fact.period.start, fact.period.end) == (words, start, end)
    assert fact.period.precision == "relative"


def test_duration_is_no_date(events_of):
    facts = events_of("On 25 June 2012, a sailor was arrested. He was held for 8 days.")
    assert [fact.attribute for fact in facts] == ["arrested"]


def test_clauses_of_one_sentence_are_incidents_of_their_own(events_of):
    text = "In April 2019, 6 sailors were stopped; 3 managed to escape while the other 3 were reportedly deported."
    assert [(fact.subject, fact.low, fact.hedge) for fact in events_of(text)] == [
        ("6 sailors", 6.0, None),
        ("3", 3.0, None),
        ("the other 3", 3.0, "reportedly"),
    ]


def test_parts_of_a_counted_group_are_not_counted_again(events_of):
    (fact,) = events_of("In May 2011, guards found nine people, three men, three women and three boys.")
    assert (fact.subject, fact.low) == ("nine people", 9.0)


def test_facts_slice_and_have_ids_of_their_own(article, harbour, fog):
    for document in (article, harbour, fog):
        facts = event_facts(document)
        assert len({fact.id for fact in facts}) == len(facts)
        for fact in facts:
            assert fact.span.of(document.text) == fact.value
            assert fact.statement.contains(fact.span)
            assert fact.period is not None
            assert fact.subject
            assert fact.attribute


def test_article_has_the_incidents_of_one_country_in_full(article):
    found = [(f.period.start[:7], f.low) for f in event_facts(article) if f.path[-1:] == ("Vietnam",)]
    expected = [
        ("2004-07", 468), ("2002-06", 17), ("2004-06", 5), ("2012-06", None), ("2012-07", None), ("2015-10", 9),
        ("2019-04", 6), ("2019-04", 3), ("2019-04", 3), ("2019-11", 14), ("2019-11", None), ("2019-11", 10),
        ("2020-01", 11),
    ]  # fmt: skip
    assert found == expected

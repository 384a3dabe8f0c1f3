"""Time lines: which incidents a question chooses, how each is told, and the warning of counting twice."""

from __future__ import annotations

import pytest

from nkqa.ask.compose import Composer
from nkqa.ask.sources import Sources
from nkqa.ask.timeline import find_timeline, incidents
from nkqa.build.document import read_document
from nkqa.build.facts.events import event_facts
from nkqa.store.facts import FactStore, write_facts
from nkqa.types import AnswerType, Kind, Query

TEXT = """# Seamen abroad

## Norway

In June 2002, 17 Danish sailors were reportedly captured by Norwegian border guards and deported to Sweden.
In July 2004, 468 sailors were flown to Denmark.[citation needed]

On 25 June 2012, a student named Yoo was arrested in Norway for helping sailors. He was released after 8 days.

On 23 November 2019, 14 sailors were caught in Norway. The guards returned the group to Sweden on 28 November.
10 of the original 14 were caught again in Norway the next day.

## Sweden

In February 2012, guards sent 19 sailors home. In 2014, two fishermen were freed in Malmö.
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timeline")
    (folder / "abroad.md").write_text(TEXT, encoding="utf-8")
    document = read_document(folder / "abroad.md", "abroad.md")
    write_facts(folder, event_facts(document))
    return Sources({document.id: document}, FactStore(folder), ())


@pytest.fixture
def timeline(sources):
    def run(question):
        query = Query(question, question, None, Kind.FACTOID, AnswerType.ANY, (), (), ())
        return find_timeline(query, sources)

    return run


def rows(finding):
    return [claim.text for claim in finding.claims if not claim.text.startswith("Do not add")]


def test_what_happened_at_a_place_is_told_by_date(timeline):
    finding = timeline("What happened to sailors caught in Norway?")
    assert finding.kind is Kind.TIMELINE
    assert [row.split(":")[0] for row in rows(finding)] == [
        "June 2002",
        "25 June 2012",
        "3 July 2012 (“after 8 days” in the text)",
        "23 November 2019",
        "28 November 2019 (“28 November” in the text)",
        "29 November 2019 (“the next day” in the text)",
    ]
    assert finding.short == "6 incidents"
    assert "Norway" in finding.interpreted_as


def test_each_row_has_the_sentence_that_proves_it(timeline, sources):
    finding = timeline("What happened to sailors caught in Norway?")
    (document,) = sources.documents.values()
    for claim in finding.claims:
        assert claim.evidence
    for claim in rows(finding):
        (place,) = next(one.evidence for one in finding.claims if one.text == claim)
        sentence = finding.evidence[place].span.of(document.text)
        told = claim.partition(": ")[2].rstrip(".")
        assert told in " ".join(sentence.split())


def test_hedge_and_flag_stay(timeline):
    assert "were reportedly captured" in rows(timeline("timeline of captures in Norway"))[0]
    (row,) = [row for row in rows(timeline("List the incidents of 2004")) if "468" in row]
    assert row.endswith("[citation needed].")


def test_counting_twice_is_warned_of(timeline):
    finding = timeline("What happened to sailors caught in Norway?")
    caveat = finding.claims[-1]
    assert caveat.text.startswith("Do not add the numbers up")
    assert "“10 of the original 14” (29 November 2019)" in caveat.text
    assert "“the group” (28 November 2019)" in caveat.text
    assert "17" not in caveat.text
    assert [claim for claim in timeline("List the incidents of 2012").claims if "Do not add" in claim.text] == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("List the incidents of 2012", ["February 2012", "25 June 2012", "3 July 2012"]),
        ("timeline of deportations from Norway", ["June 2002", "28 November 2019"]),
        ("timeline of deportations to Sweden", ["June 2002", "28 November 2019"]),
        ("timeline of events in Sweden", ["February 2012", "2014"]),
        ("Which incidents happened between 2003 and 2010?", ["July 2004"]),
        ("List all incidents since 2014", ["2014", "23 November 2019", "28 November 2019", "29 November 2019"]),
        ("List all incidents before 2004", ["June 2002"]),
        ("timeline of releases", ["3 July 2012", "2014"]),
        ("List the incidents with fishermen", ["2014"]),
    ],
)
def test_filters(timeline, question, expected):
    assert [row.split(": ")[0].split(" (")[0] for row in rows(timeline(question))] == expected


@pytest.mark.parametrize(
    "question",
    [
        "How many sailors were caught in Norway?",
        "What happened to sailors caught in Finland?",
        "What happened to the dragon of Norway?",
        "timeline of deportations in 1950",
        "What happened to the student?",
    ],
)
def test_other_questions_and_unknown_subjects_are_left_to_others(timeline, question):
    assert timeline(question) is None


def test_composed_answer_marks_every_row(timeline, sources):
    query = Query("q", "q", None, Kind.FACTOID, AnswerType.ANY, (), (), ())
    composer = Composer(tuple(sources.documents.values()), "0" * 12)
    answer = composer.found(query, timeline("What happened to sailors caught in Norway?"), ())
    assert answer.kind is Kind.TIMELINE
    assert "deported to Sweden. [1]" in answer.text
    assert len(answer.citations) == 6


def test_filter_by_fields(sources):
    found = incidents(sources.facts, sources.documents, "Norway", 2012, 2019, "caught")
    assert [row.event.period.start for row in found] == ["2012-06-25", "2019-11-23", "2019-11-29"]
    assert [row.again for row in found] == [None, None, "10 of the original 14"]
    assert incidents(sources.facts, sources.documents, "Finland") == ()
    assert len(incidents(sources.facts, sources.documents)) == 9

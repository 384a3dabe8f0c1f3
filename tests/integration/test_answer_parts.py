"""What an answer gives beside its text (figures, entries, incidents, sides), held against the text and the source."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import pytest
from evaluated import ask

from nkqa.ask.pipeline import Engine
from nkqa.serve.schema import AnswerBody
from nkqa.text.marks import as_read
from nkqa.types import Answer

pytestmark = pytest.mark.model

# Asked in addition: of these kinds the question sets have few or none.
ARTICLE = (
    "Compare men and women in 2009",
    "men versus women in 2010",
    "How many more women than men in 2005?",
    "How many fewer North Koreans made it in 2012 compared with the year before?",
    "Compare arrivals in 2009 and 2011",
    "Compare females with males in 2007 and 2008",
    "ratio of women to men in 2006 compared",
    "What happened in Laos?",
    "What happened in China?",
    "timeline of incidents in Vietnam",
    "Which films are listed?",
    "Which films came out in 1870?",
    "How many books are listed?",
    "list the films of 2013",
    "How many women arrived each year on average?",
    "Which year had the most arrivals?",
)
SMALL = ("What happened at Ness Point?", "timeline of incidents", "Which films are listed?", "all incidents of 2012")


class Read(NamedTuple):
    """A question, its answer, and the answer as JSON."""

    engine: Engine
    question: str
    answer: Answer
    fields: dict


@pytest.fixture(scope="module")
def asked(evaluated, article_engine, small_engine):
    """Every question of the evaluation files and those above, with its answer."""
    own = [ask(article_engine, question) for question in ARTICLE] + [ask(small_engine, question) for question in SMALL]
    return [
        Read(one.engine, one.question, one.answer, json.loads(json.dumps(one.answer.to_json())))
        for one in (*evaluated, *own)
    ]


def source_of(one, number):
    """Return the text of the document of a citation of an answer."""
    citation = next(citation for citation in one.fields["citations"] if citation["number"] == number)
    return one.engine.document(citation["document_id"]).text


def placed(fields):
    """Return every part of an answer that has a place in its document."""
    operands = fields["computation"]["operands"] if fields["computation"] else []
    return [*operands, *fields["estimates"], *fields["sides"]]


def test_every_answer_is_as_the_interface_describes_it(asked):
    for one in asked:
        described = AnswerBody.model_validate(one.fields, strict=True, extra="forbid")
        assert described.model_dump(exclude={"trace"}) == one.fields
        assert described.trace is None


def test_every_figure_stands_where_it_points(asked):
    parts = [(one, part) for one in asked for part in placed(one.fields)]
    assert len(parts) > 60
    for one, part in parts:
        assert part["start"] is not None
        assert source_of(one, part["citation"])[part["start"] : part["end"]] == part["value"], one.question


def test_every_figure_lies_in_what_is_cited_for_it(asked):
    for one in asked:
        shown = {citation["number"]: citation for citation in one.fields["citations"]}
        for part in placed(one.fields):
            citation = shown[part["citation"]]
            assert citation["start_char_index"] <= part["start"] < part["end"] <= citation["end_char_index"]


def test_every_part_names_a_citation(asked):
    for one in asked:
        fields = one.fields
        numbers = {citation["number"] for citation in fields["citations"]}
        entries = fields["listing"]["entries"] if fields["listing"] else []
        chart = [fields["chart"]] if fields["chart"] else []
        for part in (*placed(fields), *entries, *chart, *fields["timeline"]):
            assert part["citation"] in numbers, one.question


def test_every_bar_of_a_chart_is_a_cell(asked):
    charted = [one for one in asked if one.fields["chart"]]
    assert len(charted) >= 5
    for one in charted:
        chart = one.fields["chart"]
        source = source_of(one, chart["citation"])
        assert len(chart["cells"]) == len(chart["x"]) == len(chart["y"])
        shown = [source[cell["start"] : cell["end"]] for cell in chart["cells"]]
        assert [float(re.sub(r"[^\d.]", "", figure)) for figure in shown] == chart["y"]


def test_a_listing_has_the_entries_that_the_text_says(asked):
    listed = [one for one in asked if one.fields["listing"]]
    assert len(listed) >= 10
    for one in listed:
        listing, text = one.fields["listing"], one.answer.text
        count, total = len(listing["entries"]), listing["total"]
        if listing["filter"] is None:
            assert f"all {total} entries shown" in text
            assert (count, listing["unstated"]) == (total, 0)
        elif count:
            assert f"{count} of {total} entries ({listing['filter']}), all {count} shown" in text
        else:
            assert f"none of {total} entries ({listing['filter'].partition(': ')[2]})" in text
        if listing["unstated"]:
            assert f"For {listing['unstated']} of {total} entries" in text
        assert listing["heading"].partition(":")[0] in text


def test_entries_are_those_of_the_text_in_its_order(asked):
    for one in asked:
        place = 0
        for entry in (one.fields["listing"] or {"entries": []})["entries"]:
            citation = next(c for c in one.fields["citations"] if c["number"] == entry["citation"])
            shown = " ".join(citation["cited_text"].split())
            assert entry["text"] in as_read(shown, one.engine.document(citation["document_id"]).name)
            assert entry["short"] in entry["text"]
            place = one.answer.text.index(entry["short"], place)


def test_only_lists_have_entries_and_only_time_lines_incidents_and_only_comparisons_sides(asked):
    for one in asked:
        kind = one.fields["kind"]
        assert one.fields["listing"] is None or kind == "list"
        assert bool(one.fields["timeline"]) == (kind == "timeline")
        assert not one.fields["sides"] or kind == "comparison"
        assert bool(one.fields["estimates"]) == (kind == "estimates")


def test_incidents_are_those_of_the_text_in_its_order(asked):
    told = [one for one in asked if one.fields["kind"] == "timeline"]
    assert len(told) >= 4
    for one in told:
        rows, place = one.fields["timeline"], 0
        assert one.fields["short"].split()[0] == str(len(rows))
        for row in rows:
            marks = "".join(f" [{flag}]" for flag in row["flags"])
            line = f"{row['date']}: {row['text'].removesuffix('.')}{marks}. [{row['citation']}]"
            place = one.answer.text.index(line, place)
            assert row["start_date"] is None or row["start_date"] <= (row["end_date"] or "9999")
        again = [row["again"] for row in rows if row["again"]]
        assert bool(again) == ("Do not add the numbers up" in one.answer.text)


def test_comparisons_have_sides_where_two_cells_are_compared(asked):
    compared = {one.question: one.fields["sides"] for one in asked if one.fields["kind"] == "comparison"}
    assert all(len(sides) >= 2 for sides in compared.values())
    assert all(len({side["label"] for side in sides}) == len(sides) for sides in compared.values())
    shown = {
        question: [(side["label"], side["value"], side["period"]) for side in sides]
        for question, sides in compared.items()
    }
    assert shown["Compare men and women in 2009"] == [("Male", "662", "2009"), ("Female", "2,252", "2009")]
    assert shown["How many more women than men in 2005?"] == [("Female", "960", "2005"), ("Male", "424", "2005")]
    assert shown["Compare arrivals in 2009 and 2011"] == [("2009", "2,914", None), ("2011", "2,706", None)]
    assert shown["How many fewer North Koreans made it in 2012 compared with the year before?"] == [
        ("2012", "1,502", None),
        ("2011", "2,706", None),
    ]
    assert len(shown["Compare females with males in 2007 and 2008"]) == 4


def test_parts_of_a_second_answer_are_numbered_behind_the_first(article_engine):
    answer = article_engine.ask("What happened in Laos and how many more women than men arrived in 2005?")
    fields = answer.to_json()
    assert fields["sides"]
    source = article_engine.documents[0].text
    for side in fields["sides"]:
        citation = next(c for c in fields["citations"] if c["number"] == side["citation"])
        assert source[side["start"] : side["end"]] == side["value"]
        assert citation["start_char_index"] <= side["start"] < citation["end_char_index"]

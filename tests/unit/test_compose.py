"""Composing: numbered citations that are exact slices, a text whose marks match them, refusals that say why."""

from __future__ import annotations

import json
import re

import pytest

from nkqa.ask.compose import Composer
from nkqa.ask.question import read_question
from nkqa.ask.smalltalk import Smalltalk
from nkqa.build.document import read_document
from nkqa.build.passages import make_passages
from nkqa.errors import BrokenIndexError
from nkqa.types import CellRef, Evidence, Hit, Kind, Reason, Span, Status, Timing

TIMINGS = (Timing("read", 0.12345), Timing("total", 1.5))
LEAD = "In 2022, the service described the kit of a rescue boat as:"


def query(question="How many wrecks lie on the bar?"):
    return read_question(question, (), max_chars=2000, vocabulary=frozenset(), is_word=lambda _: True)


@pytest.fixture(scope="module")
def composer(fog, harbour):
    return Composer((fog, harbour), "generation1")


def piece(document, text, **fields):
    start = document.text.index(text)
    return Evidence(document.id, Span(start, start + len(text)), ("Statistics",), (), 1.0, **fields)


def span_of(document, text):
    start = document.text.index(text)
    return Span(start, start + len(text))


def answered(composer, *evidence, question="How many wrecks lie on the bar?", kind=Kind.FACTOID, confidence=0.7):
    return composer.answered(query(question), kind, evidence, confidence, TIMINGS)


def marks(answer):
    return [int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)]


# ---------------------------------------------------------------------------------------------------------- answered


def test_answer_says_the_evidence_in_the_order_given_each_with_its_mark(composer, fog, harbour):
    wrecks = piece(harbour, "According to the Pilot Office, 310 wrecks lie on the bar.", short=span_of(harbour, "310"))
    shot = piece(fog, "Each shot used 1.4 kg of powder.")
    answer = answered(composer, wrecks, shot)
    assert answer.text == (
        "According to the Pilot Office, 310 wrecks lie on the bar. [1] Each shot used 1.4 kg of powder. [2]"
    )
    assert answer.short == "310"
    assert (answer.status, answer.reason, answer.kind) == (Status.ANSWERED, None, Kind.FACTOID)
    assert (answer.confidence, answer.suggestions, answer.generation) == (0.7, (), "generation1")
    assert answer.closest == ()
    assert [citation.document_index for citation in answer.citations] == [1, 0]
    assert [citation.document_title for citation in answer.citations] == [harbour.title, fog.title]
    assert {citation.type for citation in answer.citations} == {"char_location"}


def test_citations_are_slices_and_their_numbers_are_the_marks(composer, fog, harbour):
    evidence = [
        piece(document, passage.text) for document in (harbour, fog) for passage in make_passages(document)[::7]
    ]
    texts = {fog.id: fog.text, harbour.id: harbour.text}
    answer = answered(composer, *evidence)
    assert marks(answer) == [citation.number for citation in answer.citations] == list(range(1, len(evidence) + 1))
    for citation in answer.citations:
        assert citation.cited_text == texts[citation.document_id][citation.start_char_index : citation.end_char_index]


def test_flags_and_headings_travel_with_the_citation(composer, harbour):
    flagged = Evidence(
        harbour.id, span_of(harbour, "Recently, volunteers"), ("A", "B"), ("when?", "citation needed"), 1
    )
    (citation,) = answered(composer, flagged).citations
    assert citation.flags == ("when?", "citation needed")
    assert citation.section == ("A", "B")


def test_what_introduces_a_list_is_cited_once_before_its_first_item(composer, harbour):
    lead = span_of(harbour, LEAD)
    items = ["2 inflatable rafts for 12 people each", "A radio with a range of 30 nautical miles"]
    answer = answered(composer, *(piece(harbour, item, lead=lead) for item in items))
    assert [citation.cited_text for citation in answer.citations] == [LEAD, *items]
    assert answer.text == f"{LEAD} [1] {items[0]} [2] {items[1]} [3]"


def test_leads_of_two_lists_are_two_leads(composer, harbour, fog):
    first = piece(harbour, "Free coffee for the rescued", lead=span_of(harbour, LEAD))
    second = piece(
        fog, "A coal engine filled a tank with air at 2.4 bar.", lead=span_of(fog, "How the sound was made:")
    )
    texts = [citation.cited_text for citation in answered(composer, first, second, first).citations]
    assert texts.count(LEAD) == texts.count("How the sound was made:") == 1
    assert texts.index("How the sound was made:") == texts.index(second.span.of(fog.text)) - 1


def test_the_short_answer_is_that_of_the_first_evidence_even_behind_a_lead(composer, harbour):
    item = "2 inflatable rafts for 12 people each"
    place = span_of(harbour, item)
    first = piece(harbour, item, lead=span_of(harbour, LEAD), short=Span(place.start, place.start + 1))
    assert answered(composer, first).short == "2"
    assert answered(composer, piece(harbour, item)).short is None


def test_a_cell_is_worded_by_its_labels_and_cited_with_its_row(composer, harbour):
    row = piece(harbour, "Steam 1,105 1,930 688")
    place = span_of(harbour, "1,105")
    cell = CellRef("Steam", "~1945", "1,105", place.start, place.end)
    caption = span_of(harbour, "Vessels piloted into Torhaven by kind of vessel")
    evidence = Evidence(harbour.id, row.span, row.path, (), 1.0, caption, place, (cell,))
    answer = answered(composer, evidence, kind=Kind.TABLE)
    assert answer.text == "Vessels piloted into Torhaven by kind of vessel [1] Steam, ~1945: 1,105 [2]"
    assert answer.short == "1,105"
    assert [citation.cells for citation in answer.citations] == [(), (cell,)]
    assert answer.citations[1].cited_text == "Steam 1,105 1,930 688"


@pytest.fixture(scope="module")
def noted(tmp_path_factory):
    path = tmp_path_factory.mktemp("noted") / "noted.txt"
    path.write_bytes(b"Noted\r\n\r\nThe tower[3] is\r\n41 metres high.[12] It stands.\r\n")
    return read_document(path, path.name)


def test_reference_marks_of_the_source_are_no_marks_of_the_answer(noted):
    composer = Composer((noted,), "generation1")
    evidence = piece(noted, "The tower[3] is\r\n41 metres high.[12]", short=span_of(noted, "tower[3] is\r\n41"))
    answer = answered(composer, evidence)
    assert answer.text == "The tower is 41 metres high. [1]"
    assert answer.short == "tower is 41"
    assert answer.citations[0].cited_text == "The tower[3] is\r\n41 metres high.[12]", "the excerpt itself is untouched"


MARKED = r"The **tower** is [*41 metres*](https://example.org) high, 2 \* 3 wide."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("marked.md", "The tower is 41 metres high, 2 * 3 wide."),
        ("marked.txt", MARKED),
    ],
)
def test_marks_of_markdown_are_not_in_the_answer_but_in_its_excerpt(tmp_path, name, text):
    (tmp_path / name).write_text(f"Marked\n\n{MARKED}\n", encoding="utf-8")
    (tmp_path / "marked.toml").write_text('author = "Ada Berg"\ndate = "1999"\nlicence = "CC0"\n', encoding="utf-8")
    document = read_document(tmp_path / name, name)
    answer = answered(Composer((document,), "generation1"), piece(document, MARKED))
    assert answer.text == f"{text} [1]"
    (citation,) = answer.citations
    assert citation.cited_text == MARKED
    assert (citation.author, citation.date, citation.licence, citation.url) == ("Ada Berg", "1999", "CC0", None)


@pytest.mark.parametrize("bad", [(10**6, 10**6 + 5), (5, 5), (9, 5), (-5, 3), ("end", 1)])
def test_a_span_outside_the_text_is_refused(composer, harbour, bad):
    end = len(harbour.text)
    span = Span(end - 3, end + bad[1]) if bad[0] == "end" else Span(*bad)
    with pytest.raises(BrokenIndexError, match=re.escape(harbour.name)) as caught:
        answered(composer, Evidence(harbour.id, span, (), (), 1.0))
    assert "nkqa build" in caught.value.remedy


# ---------------------------------------------------------------------------------------------------------- declined


def hits(document, count):
    return [Hit(passage, 1.0, 0.3, 0.2) for passage in make_passages(document)[:count]]


def declined(composer, reason, near, heading=""):
    return composer.declined(query(), reason, near, TIMINGS, heading)


def test_nothing_close_enough_shows_the_closest_plainly_not_as_an_answer(composer, harbour):
    answer = declined(composer, Reason.NOT_IN_CORPUS, hits(harbour, 20))
    assert (answer.status, answer.reason) == (Status.DECLINED, Reason.NOT_IN_CORPUS)
    assert (answer.citations, answer.short, answer.confidence) == ((), None, 0.0)
    assert [citation.number for citation in answer.closest] == [1, 2, 3]
    assert [citation.cited_text for citation in answer.closest] == [hit.passage.text for hit in hits(harbour, 3)]
    assert marks(answer) == []
    assert "no answer" in answer.text


def test_off_topic_names_the_documents_and_shows_nothing(composer, harbour, fog):
    answer = declined(composer, Reason.OFF_TOPIC, hits(harbour, 5))
    assert answer.closest == answer.citations == ()
    assert harbour.title in answer.text
    assert fog.title in answer.text


def test_empty_section_is_named(composer):
    answer = declined(composer, Reason.SECTION_EMPTY, (), "Radio {x} [1]")
    assert "“Radio {x} [1]”" in answer.text
    assert answer.reason is Reason.SECTION_EMPTY


def test_titles_are_text_and_never_a_pattern(tmp_path):
    path = tmp_path / "odd.txt"
    path.write_text("Braces {0} and {titles}\n\nOne sentence stands here.\n", encoding="utf-8")
    document = read_document(path, path.name)
    assert document.title in declined(Composer((document,), "g"), Reason.OFF_TOPIC, ()).text


# --------------------------------------------------------------------------------------------------------- smalltalk


@pytest.mark.parametrize("talk", list(Smalltalk))
def test_smalltalk_is_a_friendly_line(composer, talk):
    answer = composer.smalltalk(query("hi"), talk, TIMINGS)
    assert (answer.status, answer.kind, answer.reason) == (Status.SMALLTALK, Kind.SMALLTALK, None)
    assert answer.text
    assert (answer.citations, answer.closest, answer.suggestions) == ((), (), ())


# ---------------------------------------------------------------------------------------------------------------- id


def test_id_is_a_short_hash_of_question_reading_answer_and_generation(composer, harbour, fog):
    wrecks, shot = piece(harbour, "According to the Pilot Office"), piece(fog, "Each shot used 1.4 kg of powder.")
    answer = answered(composer, wrecks)
    assert re.fullmatch(r"[0-9a-f]{16}", answer.id)
    assert answered(composer, wrecks, confidence=0.2).id == answer.id
    others = [
        answered(composer, wrecks, question="How many wrecks?"),
        answered(composer, shot),
        answered(Composer((fog, harbour), "generation2"), wrecks),
        declined(composer, Reason.NOT_IN_CORPUS, ()),
    ]
    assert len({answer.id, *(other.id for other in others)}) == 5


def test_json_keeps_every_value_and_rounds_the_times(composer, harbour):
    answer = answered(composer, piece(harbour, "According to the Pilot Office"))
    body = json.loads(json.dumps(answer.to_json()))
    assert body["timings_ms"] == {"read": 0.123, "total": 1.5}
    assert body["status"] == "answered"
    assert body["citations"][0]["cited_text"] == "According to the Pilot Office"
    assert "timings" not in body

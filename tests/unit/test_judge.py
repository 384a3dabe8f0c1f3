"""What is read of each passage, where the answer lies in the source, and in which order the passages come back."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkqa.ask.judge import MAX_LOGIT, held, inputs, judge, logistic
from nkqa.ask.question import read_question
from nkqa.build.passages import make_passages
from nkqa.types import Hit, OtherName, PassageKind, Reading, Span


def query(question):
    return read_question(question, (), max_chars=2000, vocabulary=frozenset(), is_word=lambda _: True)


class WordReader:
    """Finds a word where a window holds it; remembers what it was asked to read."""

    def __init__(self, word):
        self.word = word
        self.question, self.windows = "", []

    def read(self, question, windows):
        self.question, self.windows = question, list(windows)
        return tuple(self.reading(window.text) for window in windows)

    def reading(self, text):
        at = text.find(self.word)
        return Reading(5.0, 9.0, Span(at, at + len(self.word))) if at >= 0 else Reading(-5.0, -9.0, Span(0, 1))


def hits_in(document, *fragments):
    passages = make_passages(document)
    return tuple(Hit(next(p for p in passages if part in p.text), 0.8, 0.6, 0.6) for part in fragments)


def test_the_passage_that_answers_comes_first_and_says_where(harbour):
    hits = hits_in(harbour, "The bay is dangerous", "every widow")
    best, other = judge(query("Who got an allowance?"), hits, {harbour.id: harbour}, WordReader("widow"))
    assert "every widow" in best.passage.text
    assert best.answer.of(harbour.text) == "widow"
    assert 0 <= other.score < best.score <= 1
    assert (best.found_score, best.similarity, best.coverage) == (0.8, 0.6, 0.6)


def test_what_points_back_is_read_with_the_sentence_before_and_its_headings(harbour):
    reader = WordReader("x")
    judge(query("What did the act give?"), hits_in(harbour, "every widow"), {harbour.id: harbour}, reader)
    (window,) = reader.windows
    assert window.text.startswith("In 1871, the harbour council of Torhaven passed")
    assert window.text.endswith("a yearly allowance.")
    assert window.path[0] == harbour.title


def test_an_item_is_read_with_what_introduces_its_list(harbour):
    reader = WordReader("x")
    judge(query("What is in the kit?"), hits_in(harbour, "40 to 60 the"), {harbour.id: harbour}, reader)
    assert reader.windows[0].path[-1].endswith("rescue boat as:")


def test_table_rows_are_left_to_facts(harbour):
    row = next(passage for passage in make_passages(harbour) if passage.kind is PassageKind.TABLE_ROW)
    reader = WordReader("x")
    assert judge(query("How many?"), (Hit(row, 1.0, 0.9, 0.9),), {harbour.id: harbour}, reader) == ()
    assert reader.windows == []


def test_nothing_found_nothing_read(harbour):
    assert judge(query("How many?"), (), {harbour.id: harbour}, WordReader("x")) == ()


def test_abbreviations_and_countries_are_written_out_for_the_reader(harbour):
    asked = dataclasses.replace(
        query("Who pays the Torhaven Pilot Office?"), names=(OtherName(("torhaven", "pilot", "offic"), ("tpo",)),)
    )
    reader = WordReader("x")
    judge(asked, hits_in(harbour, "every widow"), {harbour.id: harbour}, reader)
    assert reader.question == "Who pays the Torhaven Pilot Office (tpo)?"


def test_a_hit_that_was_not_read_has_no_inputs(harbour):
    with pytest.raises(ValueError, match="not read"):
        inputs(query("Who?"), hits_in(harbour, "every widow")[0])


@given(st.floats(allow_nan=False))
def test_logits_are_held(logit):
    assert -MAX_LOGIT <= held(logit) <= MAX_LOGIT


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4))
def test_a_chance_is_a_chance(values):
    assert 0 <= logistic((1.0, *([2.0] * len(values))), tuple(values)) <= 1

"""Answer or refuse: what supports an answer never turns it into a refusal, and a refusal says why."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkqa.ask.decide import OFF_TOPIC_SUPPORT, decide, explain, off_topic, support, sureness
from nkqa.ask.question import read_question
from nkqa.types import Hit, Passage, PassageKind, Reading, Reason, Span, Window

SPAN = Span(0, 5)
DEFAULT = 0.1

cosines = st.floats(-1, 1)
shares = st.floats(0, 1)
logits = st.floats(-15, 15)


def passage(text="Text.", path=()):
    return Passage("p", "d", PassageKind.SENTENCE, path, SPAN, SPAN, None, (), text)


def hit(similarity, coverage, score=1.0):
    return Hit(passage(), score, similarity, coverage)


def read_hit(text="Text.", relevance=0.0, pointing=0.0, chance=0.5, found_score=1.0, path=()):
    reading = Reading(relevance, pointing, Span(0, 1))
    return Hit(passage(text, path), chance, 0.6, 0.6, found_score, Window(path, text), reading, Span(0, 1))


def query(question):
    return read_question(question, (), max_chars=2000, vocabulary=frozenset(), is_word=lambda _: True)


def sure(hits, question="who built it?"):
    return sureness(query(question), hits)


# --------------------------------------------------------------------------------------------- about the documents?


def test_nothing_found_is_off_topic():
    assert off_topic((), 0.0) is Reason.OFF_TOPIC


def test_what_the_documents_speak_of_is_read_and_what_they_do_not_is_refused():
    assert off_topic((hit(0.8, 1.0),), DEFAULT) is None
    assert off_topic((hit(0.1, 0.0),), DEFAULT) is Reason.OFF_TOPIC


def test_a_near_miss_is_another_refusal_than_a_far_one():
    near = next(hit(cosine / 100, 0.5) for cosine in range(100) if support(hit(cosine / 100, 0.5)) > OFF_TOPIC_SUPPORT)
    assert OFF_TOPIC_SUPPORT < support(near) < DEFAULT
    assert off_topic((near,), DEFAULT) is Reason.NOT_IN_CORPUS


@given(cosines, cosines, shares, shares, shares)
def test_better_support_never_turns_an_answer_into_a_refusal(one, other, part, more, minimum):
    (one, other), (part, more) = sorted((one, other)), sorted((part, more))
    assert 0 <= support(hit(one, part)) <= support(hit(other, more)) <= 1
    worse, better = (off_topic((hit(*found),), minimum) for found in ((one, part), (other, more)))
    assert worse is not None or better is None


@given(cosines, shares, shares, shares)
def test_a_higher_setting_refuses_more(similarity, coverage, low, high):
    low, high = sorted((low, high))
    assert off_topic((hit(similarity, coverage),), high) or not off_topic((hit(similarity, coverage),), low)


def test_zero_reads_whatever_is_found():
    assert off_topic((hit(-1.0, 0.0),), 0.0) is None


def test_support_of_exactly_the_setting_is_enough():
    assert off_topic((hit(0.5, 0.5),), support(hit(0.5, 0.5))) is None


def test_only_the_best_passage_decides():
    assert off_topic((hit(0.1, 0.0, 1.0), hit(0.9, 1.0, 0.5)), DEFAULT) is Reason.OFF_TOPIC


# -------------------------------------------------------------------------------------------- does a passage answer?


def test_nothing_read_is_no_answer():
    assert decide(query("Who built it?"), (), 0.0).reason is Reason.NOT_IN_CORPUS


@given(logits, logits, logits, shares)
def test_a_surer_reader_is_a_surer_answer(relevance, pointing, more, found_score):
    pointing, more = sorted((pointing, more))
    worse, better = (sure((read_hit("", relevance, each, 0.5, found_score),)) for each in (pointing, more))
    assert 0 <= worse <= better <= 1


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_rival_makes_less_sure(chance, rival):
    first, second = sorted((chance, rival), reverse=True)
    alone = sure((read_hit(chance=first), read_hit(chance=0.001)))
    assert sure((read_hit(chance=first), read_hit(chance=second))) <= alone


def test_the_setting_means_what_it_says():
    hits = (read_hit("It was built in 1871.", 3.0, 6.0, 0.9),)
    confidence = sure(hits, "When was it built?")
    assert decide(query("When was it built?"), hits, confidence).reason is None
    assert decide(query("When was it built?"), hits, confidence).confidence == confidence
    assert decide(query("When was it built?"), hits, confidence + 0.01).reason is Reason.NOT_IN_CORPUS
    assert decide(query("When was it built?"), hits, 0.0).reason is None


def test_another_year_makes_less_sure():
    hits = (read_hit("In 1930 few wrecks came.", 3.0, 6.0, 0.9),)
    assert sure(hits, "How many wrecks came in 1931?") < sure(hits, "How many wrecks came in 1930?")


def test_a_year_in_the_headings_is_no_other_year():
    inside, above = (read_hit(text, 3.0, 6.0, 0.9, path=path) for text, path in (("In 1930.", ()), ("Few.", ("1930",))))
    assert sure((inside,), "How many came in 1930?") == sure((above,), "How many came in 1930?")


@pytest.mark.parametrize(
    ("question", "headings", "sentence", "answers"),
    [
        ("How many keepers live in Norway?", ("Norway",), "There are 40 keepers.", True),
        ("How many keepers live in Norway?", ("Sweden",), "There are 40 keepers.", False),
        ("How many keepers live in Norway?", ("Sweden",), "There are 40 keepers, and 60 in Norway.", True),
        ("How many keepers live in Norway?", ("Wages",), "There are 40 keepers.", True),
        # All of the document is about Denmark, so that name in a question does not ask for a part of it.
        ("How many keepers left Denmark?", ("Sweden",), "There are 40 keepers.", True),
        ("How many keepers live in Norway and Sweden?", ("Sweden",), "There are 40 keepers.", True),
    ],
)
def test_what_stands_under_another_country_is_no_answer(question, headings, sentence, answers):
    best = read_hit(sentence, 3.0, 6.0, 0.9, path=("Danish lights", *headings))
    others = tuple(read_hit(f"In {name}.", chance=0.01) for name in ("Norway", "Sweden", "Denmark"))
    assert (decide(query(question), (best, *others), 0.0).reason is None) is answers


def test_a_country_that_no_passage_names_is_no_answer():
    hits = (read_hit("There are 40 keepers.", 3.0, 6.0, 0.9), read_hit("In Norway.", chance=0.01))
    asked = [query(f"How many keepers live in {name}?") for name in ("Norway", "Brazil")]
    assert [decide(one, hits, 0.0).reason for one in asked] == [None, Reason.NOT_IN_CORPUS]


def test_hits_that_were_not_read_are_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="read"):
        sure((hit(0.5, 0.5),))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Why did the council move the keepers?", "The council never moved the keepers."),
        ("Why did the harbour close in winter?", "The harbour did not close in winter."),
        ("When did the keepers accept the wage?", "The keepers refused to accept the wage."),
    ],
)
def test_what_the_text_denies_is_a_false_premise(question, sentence):
    assert decide(query(question), (read_hit(sentence, 5.0, 9.0, 0.99),), 0.0).reason is Reason.FALSE_PREMISE


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Why did the council not pay the keepers?", "The council never paid the keepers."),
        ("Why did the keepers refuse the wage?", "The keepers refused the wage because it was too low."),
        ("Did the council pay the keepers?", "The council never paid the keepers."),
        ("Why did the harbour close?", "The harbour closed, which nobody had expected, for lack of pilots."),
        ("Who paid the keepers?", "The council paid the keepers, not the parish."),
    ],
)
def test_what_it_does_not_deny_is_none(question, sentence):
    assert decide(query(question), (read_hit(sentence, 5.0, 9.0, 0.99),), 0.0).reason is None


# ------------------------------------------------------------------------------------------------ why there is none


def why(question, *texts, known=()):
    asked = query(question)
    hits = tuple(read_hit(text) for text in texts)
    stems = frozenset(term for text in (*texts, *known) for term in query(text).terms)
    weights = {term: float(place) for place, term in enumerate(asked.terms)}
    return explain(asked, hits, weights, stems)


def test_a_name_that_the_documents_never_use_is_told():
    told = why("Who lit the lamp of Zanzibar?", "The lamp was lit.")
    assert (told.reason, "“Zanzibar”" in told.detail) == (Reason.NOT_IN_CORPUS, True)


def test_a_thing_that_is_mentioned_is_told_apart_from_one_that_is_not():
    told = why("How tall is the lighthouse?", "The lighthouse was painted in tall letters.")
    assert (told.reason, "“lighthouse”" in told.detail) == (Reason.MENTIONED_NOT_STATED, True)
    assert why("How tall is the lighthouse?", "The bridge is long.").reason is Reason.NOT_IN_CORPUS


def test_another_year_is_told():
    told = why("How many wrecks came in 1931?", "In 1930 few wrecks came.")
    assert (told.reason, "1931" in told.detail) == (Reason.MENTIONED_NOT_STATED, True)


def test_deciding_is_the_same_for_equal_hits():
    one = read_hit("Text.", 1.0, 2.0)
    assert sure((one,)) == sure((dataclasses.replace(one),))

"""Answer or refuse: better support never turns an answer into a refusal; the setting means what it says."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkqa.ask.decide import OFF_TOPIC_SUPPORT, decide, support
from nkqa.types import Hit, Passage, PassageKind, Reason, Span

SPAN = Span(0, 5)
PASSAGE = Passage("p", "d", PassageKind.SENTENCE, (), SPAN, SPAN, None, (), "Text.")
DEFAULT = 0.1

cosines = st.floats(-1, 1)
shares = st.floats(0, 1)


def hit(similarity, coverage, score=1.0):
    return Hit(PASSAGE, score, similarity, coverage)


def test_nothing_found_is_off_topic():
    assert decide((), 0.0).reason is Reason.OFF_TOPIC
    assert decide((), 0.0).confidence == 0.0


def test_what_the_documents_speak_of_is_answered_and_what_they_do_not_is_refused():
    assert decide((hit(0.8, 1.0),), DEFAULT).reason is None
    assert decide((hit(0.1, 0.0),), DEFAULT).reason is Reason.OFF_TOPIC


def test_a_near_miss_is_another_refusal_than_a_far_one():
    near = next(hit(cosine / 100, 0.5) for cosine in range(100) if support(hit(cosine / 100, 0.5)) > OFF_TOPIC_SUPPORT)
    assert OFF_TOPIC_SUPPORT < support(near) < DEFAULT
    assert decide((near,), DEFAULT).reason is Reason.NOT_IN_CORPUS


@given(cosines, cosines, shares, shares)
def test_support_grows_with_similarity_and_coverage(one, other, part, more):
    (one, other), (part, more) = sorted((one, other)), sorted((part, more))
    assert 0 <= support(hit(one, part)) <= support(hit(other, more)) <= 1


@given(cosines, cosines, shares, shares, shares)
def test_better_support_never_turns_an_answer_into_a_refusal(one, other, part, more, minimum):
    (one, other), (part, more) = sorted((one, other)), sorted((part, more))
    worse, better = (decide((hit(*found),), minimum) for found in ((one, part), (other, more)))
    assert worse.reason is not None or better.reason is None
    if worse.reason is None:
        assert worse.confidence <= better.confidence


@given(cosines, shares, shares, shares)
def test_a_higher_setting_refuses_more(similarity, coverage, low, high):
    low, high = sorted((low, high))
    assert decide((hit(similarity, coverage),), high).reason or not decide((hit(similarity, coverage),), low).reason


@given(cosines, shares)
def test_zero_answers_whatever_is_found_and_one_refuses_it(similarity, coverage):
    assert decide((hit(similarity, coverage),), 0.0).reason is None
    refused = decide((hit(similarity, coverage),), 1.0)
    assert refused.reason in (Reason.OFF_TOPIC, Reason.NOT_IN_CORPUS)
    assert refused.confidence == 0.0


@given(cosines, shares, st.lists(st.floats(0, 2), min_size=1, max_size=4))
def test_confidence_is_a_chance_and_grows_with_the_lead(similarity, coverage, scores):
    scores.sort(reverse=True)
    hits = tuple(hit(similarity, coverage, score) for score in scores)
    confidence = decide(hits, 0.0).confidence
    assert 0 <= confidence <= 1
    ahead = (dataclasses.replace(hits[0], score=hits[0].score + 0.1), *hits[1:])
    assert decide(ahead, 0.0).confidence >= confidence


def test_support_of_exactly_the_setting_is_enough():
    assert decide((hit(0.5, 0.5),), support(hit(0.5, 0.5))).reason is None


def test_only_the_best_passage_decides():
    hits = (hit(0.1, 0.0, 1.0), hit(0.9, 1.0, 0.5))
    assert decide(hits, DEFAULT).reason is Reason.OFF_TOPIC


def test_a_clear_lead_is_worth_more_than_a_tie():
    clear, tied = (decide((hit(0.6, 0.8, 1.0), hit(0.6, 0.8, second)), 0.0).confidence for second in (0.5, 1.0))
    assert clear > tied + 0.1


@pytest.mark.parametrize("count", [1, 2, 20])
def test_any_number_of_hits(count):
    assert 0 <= decide((hit(0.7, 0.9),) * count, DEFAULT).confidence <= 1

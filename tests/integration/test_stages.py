"""What an engine says while it works on a question, and how whoever waits ends it."""

from __future__ import annotations

import threading

import pytest

from nkqa.types import Status

pytestmark = pytest.mark.model

WHY = "why wont china treat north koreans as refugees?"
STAGES = {"question", "facts", "search", "read", "compose"}


class GivenUpError(Exception):
    """Whoever asked does not wait any more."""


def stages_of(engine, question):
    begun: list[str] = []
    answer = engine.ask(question, on_stage=begun.append)
    return begun, answer


def test_a_question_for_the_reader_goes_through_all_stages_in_order(article_engine):
    begun, answer = stages_of(article_engine, WHY)
    assert answer.status is Status.ANSWERED
    assert begun == ["question", "facts", "search", "read", "compose"]


def test_a_question_for_a_table_is_not_searched_for(article_engine):
    begun, answer = stages_of(article_engine, "How many defectors arrived in 2009?")
    assert any(citation.cells for citation in answer.citations)
    assert begun == ["question", "facts", "compose"]


@pytest.mark.parametrize("question", ["Hello!", "북한", "What happened in Mongolia and who is Andrei Lankov?"])
def test_every_stage_is_a_known_one(article_engine, question):
    begun, _ = stages_of(article_engine, question)
    assert begun[0] == "question"
    assert set(begun) <= STAGES


def test_stages_are_told_in_the_thread_that_asks(article_engine):
    threads = set()
    article_engine.ask("Who is Andrei Lankov?", on_stage=lambda _: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("stage", ["question", "facts", "search", "read", "compose"])
def test_an_exception_of_the_listener_ends_the_asking_unchanged(article_engine, stage):
    begun: list[str] = []
    error = GivenUpError(stage)

    def listen(name):
        begun.append(name)
        if name == stage:
            raise error

    with pytest.raises(GivenUpError) as raised:
        article_engine.ask(WHY, on_stage=listen)
    assert raised.value is error
    assert begun[-1] == stage
    again = article_engine.ask(WHY)
    assert again.status is Status.ANSWERED


def test_listening_changes_nothing(article_engine):
    question = WHY
    _, heard = stages_of(article_engine, question)
    alone = article_engine.ask(question)
    assert {**heard.to_json(), "timings_ms": None} == {**alone.to_json(), "timings_ms": None}

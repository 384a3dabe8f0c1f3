"""What an engine suggests: answered when it is asked, new, of different kinds, and the same every time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from evaluated import ask

from nkqa.ask.pipeline import Engine
from nkqa.ask.suggestions import MAX_TRIED
from nkqa.text.terms import terms
from nkqa.types import Status

pytestmark = pytest.mark.model

SAMPLE = 60


@pytest.fixture(scope="module")
def engines(article_engine, small_engine):
    return {"dev": article_engine, "small": small_engine}


@pytest.fixture(scope="module")
def asked(evaluated, engines):
    """Some questions of every evaluation file with their answers, all with a history, and some without an answer."""
    step = -(-len(evaluated) // SAMPLE)
    some = evaluated[::step] + [one for one in evaluated if one.history]
    return some + [ask(engine, text) for engine in engines.values() for text in ("Hello!", "qwfp arst", "북한")]


def test_every_suggestion_is_answered_when_asked(asked):
    # As the page asks it, behind what was asked before, and on its own.
    for _, engine, question, history, answer in asked:
        for suggestion in answer.suggestions:
            for earlier in (None, [*history, question]):
                assert engine.ask(suggestion, earlier).status is Status.ANSWERED, (suggestion, earlier)


def test_every_answer_has_three_suggestions_and_none_is_what_was_asked(asked):
    for *_, question, history, answer in asked:
        assert len(set(answer.suggestions)) == 3
        known = [frozenset(terms(text)) for text in (*history, question)]
        assert not [suggestion for suggestion in answer.suggestions if frozenset(terms(suggestion)) in known]


def test_suggestions_are_not_always_the_same(asked):
    shown = {suggestion for *_, answer in asked for suggestion in answer.suggestions}
    assert len(shown) > 40


def test_a_suggestion_is_not_made_again_once_it_was_asked(article_engine):
    history: list[str] = []
    question = "What happened in Laos?"
    for _ in range(8):
        answer = article_engine.ask(question, history)
        history.append(question)
        assert not set(answer.suggestions) & set(history)
        question = answer.suggestions[0]


def test_the_same_question_gets_the_same_suggestions(article_engine, article_settings):
    other = Engine.open(article_settings)
    for question in ("What happened in Laos?", "Who wrote Escape from Camp 14?", "Hello!"):
        assert article_engine.ask(question).suggestions == other.ask(question).suggestions
    assert article_engine.openers() == other.openers()


def test_suggestions_are_near_what_was_cited(article_engine):
    answer = article_engine.ask("What does the text say about Laos?")
    section = answer.citations[0].section
    shown = [article_engine.ask(suggestion) for suggestion in answer.suggestions]
    assert any(citation.section == section for one in shown for citation in one.citations)


@pytest.mark.parametrize("name", ["dev", "small"])
def test_every_opener_is_answered(engines, name):
    openers = engines[name].openers()
    assert len(set(openers)) == 6
    for opener in openers:
        assert engines[name].ask(opener).status is Status.ANSWERED, opener
    # As many kinds as there are: no two begin alike but for "Which" and "What".
    assert len({" ".join(opener.split()[:2]) for opener in openers}) >= 5


def test_openers_are_about_several_documents(small_engine):
    cited = {small_engine.ask(opener).citations[-1].document_id for opener in small_engine.openers()}
    assert len(cited) >= 2


def test_openers_are_the_same_for_all_threads(small_settings):
    engine = Engine.open(small_settings)
    with ThreadPoolExecutor(4) as pool:
        found = {future.result() for future in [pool.submit(engine.openers) for _ in range(8)]}
    assert len(found) == 1


def test_a_year_leaves_out_suggestions_of_later_years(article_engine):
    answer = article_engine.ask("What happened in China?", as_of=2010)
    for suggestion in answer.suggestions:
        assert article_engine.ask(suggestion, as_of=2010).status is Status.ANSWERED, suggestion


def test_a_year_long_ago_costs_no_more_than_any_other(article_engine, monkeypatch):
    # Hardly anything is answered as of the year 1; every candidate of the article was asked, for each question.
    count = 0
    surely = article_engine._answerers[0]._suggester._ask

    def counted(*arguments):
        nonlocal count
        count += 1
        return surely(*arguments)

    monkeypatch.setattr(article_engine._answerers[0]._suggester, "_ask", counted)
    answer = article_engine.ask("How many defectors arrived in 2009?", ["What happened in China?"], as_of=1)
    families = 6
    assert count <= 2 * MAX_TRIED * families
    for suggestion in answer.suggestions:
        assert article_engine.ask(suggestion, as_of=1).status is Status.ANSWERED

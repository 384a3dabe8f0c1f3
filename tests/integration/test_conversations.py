"""Conversations with the engine and the real model: each question with those before it as its history."""

from __future__ import annotations

import pytest

from nkqa.types import Kind, Status

pytestmark = pytest.mark.model


def talk(engine, *questions):
    """Ask the last question after the others and return its answer."""
    return engine.ask(questions[-1], list(questions[:-1]))


@pytest.mark.parametrize(
    ("questions", "read_as", "short"),
    [
        (["how many women came in 2009?", "and men?"], "how many men came in 2009?", "662"),
        (["how many women came in 2009?", "and men?", "in 2010?"], "how many men came in 2010?", "591"),
        (
            ["how many women came in 2009?", "and men?", "in 2010?", "and the year before?"],
            "how many men came in 2009?",
            "662",
        ),
        (["how many women came in 2009?", "in percent?"], "how many women came in 2009 in percent?", "77.3%"),
        (
            ["how many women came in 2009?", "in percent?", "two years later?"],
            "how many women came in 2011 in percent?",
            None,
        ),
    ],
)
def test_chain_of_table_questions(article_engine, questions, read_as, short):
    answer = talk(article_engine, *questions)
    assert answer.status is Status.ANSWERED
    assert answer.interpreted_as == read_as
    assert answer.short == short or short is None
    whole = article_engine.ask(read_as)
    assert (answer.short, answer.text, answer.citations) == (whole.short, whole.text, whole.citations)


def test_another_population(article_engine):
    first = "What percentage of North Korean refugees have suicidal thoughts?"
    answer = talk(article_engine, first, "what about South Koreans in general?")
    assert answer.interpreted_as == "What percentage of South Koreans in general have suicidal thoughts?"
    assert "5% for South Koreans" in answer.text


def test_new_topic_in_a_conversation(article_engine):
    alone = article_engine.ask("What is Hanawon?")
    answer = talk(article_engine, "how many women came in 2009?", "and men?", "What is Hanawon?")
    assert answer.interpreted_as is None
    assert (answer.text, answer.citations) == (alone.text, alone.citations)


def test_pronoun_after_a_new_topic(article_engine):
    answer = talk(article_engine, "how many women came in 2009?", "What is Hanawon?", "how long does it last?")
    assert answer.interpreted_as == "how long does Hanawon last?"
    assert answer.short == "12-week"


def test_who_reported_it(article_engine):
    first = "How many North Koreans at the Laos border did China release in August 2014?"
    answer = talk(article_engine, first, "who reported it?")
    assert answer.short == "Sky News"
    assert answer.interpreted_as == f"who reported it? (about: {first})"
    assert "reported by Sky News" in answer.citations[0].cited_text


def test_no_source_is_named(article_engine):
    answer = talk(article_engine, "How many North Koreans lived in Canada in 2016?", "who said that?")
    assert (answer.status, answer.short) == (Status.ANSWERED, None)
    assert answer.text.startswith("The text names nobody who said this")
    assert answer.citations


def test_where_it_stands(article_engine):
    answer = talk(article_engine, "How many North Koreans lived in Canada in 2016?", "where does it say that?")
    assert answer.short == "under “By destination › Canada”"
    assert answer.citations[0].cited_text in answer.text


def test_origin_of_a_refusal_is_a_refusal(article_engine):
    answer = talk(article_engine, "How do I bake sourdough bread?", "source?")
    assert (answer.status, answer.citations) == (Status.DECLINED, ())


# ----------------------------------------------------------------------------------------------------- second corpus


@pytest.mark.parametrize(
    ("questions", "read_as", "short"),
    [
        (
            ["How many sailing vessels were piloted into Torhaven in 1958?", "and in 1959?", "and steamers?"],
            "How many steamers were piloted into Torhaven in 1959?",
            "1,302",
        ),
        (
            ["How many steamers were piloted into Torhaven in 1959?", "the year before?", "in percent?"],
            "How many steamers were piloted into Torhaven in 1958 in percent?",
            "90.3%",
        ),
        (
            ["What is the Torhaven Lamp Museum?", "how many visitors did it have?"],
            "how many visitors did the Torhaven Lamp Museum have?",
            "about 18,400",
        ),
    ],
)
def test_chain_on_the_second_corpus(small_engine, questions, read_as, short):
    answer = talk(small_engine, *questions)
    assert (answer.interpreted_as, answer.short) == (read_as, short)


def test_why(small_engine):
    answer = talk(small_engine, "When was the last fog horn switched off?", "why?")
    assert answer.interpreted_as == "Why was the last fog horn switched off?"
    assert answer.kind is Kind.WHY_HOW
    assert "complained" in answer.text


def test_left_out_subject(small_engine):
    answer = talk(small_engine, "Which ship struck Gannet Rock in January 1987?", "how many were on board?")
    assert answer.short == "18"
    assert "(after: Which ship" in answer.interpreted_as


def test_claimants_of_several_figures(small_engine):
    answer = talk(small_engine, "How many fog days did Skarholm have in 1955?", "says who?")
    assert answer.short == "the Weather Institute; the keepers' own log"

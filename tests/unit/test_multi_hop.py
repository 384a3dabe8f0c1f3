"""Questions of two facts: which are taken apart, into what, and which are left whole."""

from __future__ import annotations

import pytest

from nkqa.ask.multi_hop import find_pair, go_on, joined, names_in, two_questions, year_hop, year_of_answer
from nkqa.types import Hit, Passage, PassageKind, Span


@pytest.mark.parametrize(
    ("question", "inner", "outer"),
    [
        (
            "How many ships came in the year the harbour opened?",
            "In which year was it that the harbour opened?",
            "How many ships came in {year}?",
        ),
        (
            "in the year the act was passed, how many keepers were hired?",
            "In which year was it that the act was passed?",
            "how many keepers were hired in {year}?",
        ),
        (
            "What did the tower cost during the same year that Quist drew the plans?",
            "In which year was it that Quist drew the plans?",
            "What did the tower cost in {year}?",
        ),
    ],
)
def test_a_clause_for_a_year_is_asked_first(question, inner, outer):
    hop = year_hop(question)
    assert (hop.inner, hop.outer) == (inner, outer)


@pytest.mark.parametrize(
    "question",
    [
        "How many came in the year 1901?",
        "How many came in the year before?",
        "How many came in the year after the strike?",
        "How many came each year?",
        "In which year did the harbour open?",
    ],
)
def test_other_years_are_no_clause(question):
    assert year_hop(question) is None


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who designed the tower and when was the harbour opened?",
            ("Who designed the tower?", "when was the harbour opened?"),
        ),
        (
            "June 1902 was busy: what happened at the pier and what did the council do that month?",
            ("what happened at the pier in June 1902?", "what did the council do in June 1902?"),
        ),
        (
            "To which island did the pilots move, and about how many ships come there?",
            ("To which island did the pilots move?", "about how many ships come there?"),
        ),
        ("Compare the wrecks of 1901 with those of 1911.", ("the wrecks of 1901", "those of 1911")),
    ],
)
def test_two_questions_are_asked_one_after_the_other(question, parts):
    assert two_questions(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Which keeper wrote a memoir, and what is it called?",
        "Who designed the tower and the pier?",
        "What and when?",
        "Tell me about the pilots and what they earn",
    ],
)
def test_one_question_stays_one(question):
    assert two_questions(question) is None


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Which keeper of Skarholm also wrote about whales?", "Which keeper of Skarholm", "wrote about whales?"),
        (
            "Which pilot both hated the bell and painted its tower?",
            "Which pilot hated the bell",
            "Which pilot painted its tower?",
        ),
        (
            "Where is the bell that was rung by two keepers?",
            "Where is the bell?",
            "bell was rung by two keepers",
        ),
    ],
)
def test_two_descriptions_of_one_thing(question, one, other):
    found = joined(question)
    assert found is not None
    assert (found.one, found.other) == (one, other)
    assert found.certain == (" that " not in question)


@pytest.mark.parametrize("question", ["Who also came?", "Who wrote the book?", "Who is that?", ""])
def test_one_description_is_not_joined(question):
    assert joined(question) is None


def hit(identity, text, score):
    span = Span(0, len(text))
    return Hit(Passage(identity, "d", PassageKind.SENTENCE, (), span, span, None, (), text), score, 0.5, 0.5)


def pair(question, one, other):
    found = find_pair(question, one, other, lambda hit: hit.passage.text)
    return found and tuple(part.passage.id for part in found)


KEEPER = hit("keeper", "The keeper of the light was Marit Solberg.", 0.4)
NOBODY = hit("nobody", "The light had no keeper for years.", 0.9)
AUTHOR = hit("author", "A book about whales, by Marit Solberg.", 0.3)
OTHER = hit("other", "A book about whales, by Jens Falk.", 0.8)


def test_there_becomes_what_the_first_question_found():
    assert go_on("how many ships come there?", "Skarholm") == "how many ships come in Skarholm?"
    assert go_on("how many ships come there?", None) == "how many ships come there?"
    assert go_on("are there ships?", "Skarholm") == "are there ships?"


def test_the_two_must_name_the_same(harbour):
    question = "Which keeper of the light also wrote a book about whales?"
    assert pair(question, (NOBODY, KEEPER), (OTHER, AUTHOR)) == ("keeper", "author")
    assert pair(question, (NOBODY,), (OTHER, AUTHOR)) is None
    assert pair(question, (KEEPER,), (KEEPER,)) is None
    assert pair("Which keeper like Marit Solberg also wrote about whales?", (KEEPER,), (AUTHOR,)) is None


def test_names_are_capitalised_words_inside_a_sentence():
    assert names_in("The keeper was Marit Solberg.") == {"marit", "solberg"}
    assert names_in("Ships came. Many ships came.") == frozenset()


def test_the_year_of_an_answer_is_the_only_one_it_names():
    assert year_of_answer("It opened in 1871.") == 1871
    assert year_of_answer("It was open from 1871 to 1880.") is None
    assert year_of_answer("It opened.") is None

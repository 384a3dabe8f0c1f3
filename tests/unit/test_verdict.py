"""Yes or no: read off a sentence's words, and only where the reader finds it relevant."""

from __future__ import annotations

import pytest

from nkqa.ask.question import read_question
from nkqa.ask.verdict import find_verdict, is_relevant
from nkqa.build.document import read_document
from nkqa.build.passages import make_passages
from nkqa.types import Hit, Reading, Span


def query(question):
    return read_question(question, (), max_chars=2000, vocabulary=frozenset(), is_word=lambda _: True)


@pytest.fixture
def verdict(tmp_path):
    def of(question, sentence, relevance=3.0):
        path = tmp_path / "lights.txt"
        path.write_text(f"Lights\n\n{sentence}\n", encoding="utf-8")
        document = read_document(path, path.name)
        passage = make_passages(document)[-1]
        hit = Hit(passage, 0.8, 0.7, 0.7, 1.0, None, Reading(relevance, 1.0, Span(0, 1)), Span(0, 1))
        finding = find_verdict(query(question), (hit,), {document.id: document}, 0.8)
        return finding and finding.short

    return of


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Did the council pay the keepers?", "The council paid the keepers in gold.", "Yes"),
        ("Did the council pay the keepers?", "The council never paid the keepers.", "No"),
        ("Did the keepers accept the wage?", "The keepers refused to accept the wage.", "No"),
        ("Did the keepers refuse the wage?", "The keepers refused the wage.", "Yes"),
        ("Was her request to leave the island allowed?", "In 1916 her request to leave the island was denied.", "No"),
        ("Didn't the council pay the keepers?", "The council never paid the keepers.", "Yes"),
        ("Were the keepers sent to Torhaven?", "The keepers were sent to Skarholm instead of Torhaven.", "No"),
    ],
)
def test_polarity_is_read_off_the_words(verdict, question, sentence, said):
    assert verdict(question, sentence) == said


def test_yes_needs_a_relevant_sentence(verdict):
    asked = ("Did the council pay the keepers of Skarholm?", "An aunt in Skarholm paid for the lamp.")
    assert verdict(*asked, relevance=3.0) == "Yes"
    assert verdict(*asked, relevance=0.5) is None


def test_yes_needs_what_is_asked_of_those_named(verdict):
    assert verdict("Does Norway send Danes to Skarholm?", "Norway is where Danes going to Skarholm rest.") is None
    assert verdict("Does Norway send Danes to Skarholm?", "Norway sends Danes on to Skarholm.") == "Yes"


def test_less_is_enough_where_most_words_are_the_same(verdict):
    assert verdict("Did the council pay the keepers?", "The council paid the keepers in gold.", relevance=0.5) == "Yes"
    assert verdict("Did the council pay the keepers?", "The council paid the keepers in gold.", relevance=-2.0) is None


@pytest.mark.parametrize(
    "question", ["Who paid the keepers?", "Did the council or the parish pay the keepers?", "Is the moon a lamp?"]
)
def test_no_verdict(verdict, question):
    assert verdict(question, "The council paid the keepers in gold.") is None


def test_what_is_not_relevant_is_not_even_quoted():
    hits = [Hit(None, 0.8, 0.7, 0.7, 1.0, None, Reading(relevance, 1.0, Span(0, 1))) for relevance in (1.0, -1.0)]
    assert [is_relevant(hit) for hit in hits] == [True, False]

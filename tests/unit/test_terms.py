"""One analysis for corpus and questions: words, their places, and the stems that both sides must agree on."""

from __future__ import annotations

import threading
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nkqa.text.terms import STOP_WORDS, Token, normalize, stem, terms, tokens
from nkqa.types import Span


def words(text):
    return [token.word for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour's LIGHTS, at 9.", ["the", "harbour", "lights", "at", "9"]),
        ("1,418 of 34,021 people", ["1418", "of", "34021", "people"]),
        ("85.2 km", ["85.2", "km"]),
        ("In 1998, 1999, 2000.", ["in", "1998", "1999", "2000"]),
        ("t'albukcha and t’albungmin", ["t'albukcha", "and", "t'albungmin"]),
        ("McCune–Reischauer", ["mccune", "reischauer"]),
        ("self-made man", ["self", "made", "man"]),
        ("snake_case", ["snake", "case"]),
        ("COVID19", ["covid", "19"]),
        ("베스마크 등대", ["베스마크", "등대"]),
        ("the mark 𐍈 on doors", ["the", "mark", "𐍈", "on", "doors"]),
        ("🔥 — …", []),
        ("", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_accents_and_their_encoding_do_not_matter(form):
    text = unicodedata.normalize(form, "Le Défecteur, Hà Tĩnh, Pål, 탈북자")
    assert words(text) == ["le", "defecteur", "ha", "tinh", "pal", "탈북자"]
    assert [token.span.of(text) for token in tokens(text)] == unicodedata.normalize(
        form, "Le Défecteur Hà Tĩnh Pål 탈북자"
    ).split(" ")


def test_case_and_ligatures_do_not_matter():
    assert words("STRASSE Straße ﬁsh ＡＢＣ ᴬ") == ["strasse", "strasse", "fish", "abc", "a"]


def test_possessive_ending_goes_with_any_apostrophe():
    assert [normalize(word) for word in ("china's", "China’s", "Chinaʼs", "ships'")] == ["china"] * 3 + ["ships'"]


def test_offsets_are_code_points_behind_an_astral_character():
    text = "𐍈 mark of 1902"
    assert [(token.span.start, token.span.end) for token in tokens(text)] == [(0, 1), (2, 6), (7, 9), (10, 14)]


def test_span_limits_the_words_and_keeps_offsets_of_the_whole():
    text = "one two three"
    assert tokens(text, Span(4, 7)) == (Token("two", Span(4, 7)),)
    assert [token.word for token in tokens(text, Span(5, 9))] == ["wo", "t"]


@pytest.mark.parametrize(
    "variants",
    [
        "colour color colours colors coloured",
        "organise organize organised organizing organisation organizations",
        "jeopardising jeopardizing jeopardise",
        "traveller travelers travelling traveling travelled",
        "centre center centres centers",
        "defence defense",
        "catalogue catalog catalogues",
        "labour labor",
        "harbours harbors harboured",
        "honourable honorable",
        "neighbours neighbor",
        "programme program programmes programs",
        "theatre theater",
        "fulfilled fulfill fulfilling",
        "defector defectors Defectors'",
        "ferry ferries",
        "plan plans planned planning",
        "deport deported deporting deports",
        "용어 용어",
    ],
)
def test_spelling_number_and_tense_have_one_stem(variants):
    assert len({stem(normalize(word.rstrip("'"))) for word in variants.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("north", "south"), ("male", "female"), ("1998", "1999"), ("탈북자", "탈북민"), ("our", "or")]
)
def test_different_words_stay_apart(one, other):
    assert stem(one) != stem(other)


def test_terms_are_stems_of_content_words_with_repetitions():
    assert terms("How many lights are there? The lights, the LIGHT!") == ("light", "light", "light")
    assert terms("What is it?") == ()


def test_stop_words_are_written_as_words_are_normalized():
    assert {normalize(word) for word in STOP_WORDS if not word.endswith("'s")} <= STOP_WORDS


def test_numbers_with_and_without_separators_agree():
    assert terms("1,418 arrived") == terms("1418 arrived")
    assert terms("34,021") != terms("34,02")


def test_threads_do_not_disturb_each_other():
    words_of_text = [f"{word}{ending}" for word in ("defect", "harbour", "sail") for ending in ("ed", "ing", "s")]
    expected = [stem.__wrapped__(word) for word in words_of_text]
    results: list[list[str]] = []

    def work():
        results.append([stem.__wrapped__(word) for _ in range(200) for word in words_of_text])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected * 200] * 4


@settings(deadline=None)
@given(st.text())
def test_token_slices_to_what_its_word_is_the_form_of(text):
    found = tokens(text)
    assert [normalize(token.span.of(text)) for token in found] == [token.word for token in found]
    assert all(0 <= token.span.start < token.span.end <= len(text) for token in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@settings(deadline=None)
@given(st.text())
def test_no_letter_and_no_digit_is_lost(text):
    covered = {place for token in tokens(text) for place in range(token.span.start, token.span.end)}
    lost = {char for place, char in enumerate(text) if place not in covered and (char.isalpha() or char.isdecimal())}
    assert lost == set()


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1, max_size=12))
def test_case_does_not_matter(word):
    assert [token.word for token in tokens(word.upper())] == [token.word for token in tokens(word.upper().lower())]


@pytest.mark.parametrize(
    "forms",
    [
        "man men",
        "child children",
        "flee fled",
        "send sent",
        "build built",
        "take took taken",
        "wife wives",
        "die dying",
    ],
)
def test_irregular_forms_meet_their_base_form(forms):
    assert len({stem(form) for form in forms.split()}) == 1


def test_words_that_only_look_like_irregular_forms_stay_apart():
    assert stem("won") != stem("win"), "the currency"
    assert stem("founded") != stem("found") == stem("find")

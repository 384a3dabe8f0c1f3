"""Words as people type them: typing errors that are mended, what is left alone, countries and abbreviations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkqa.ask.names import Names, implied
from nkqa.ask.spelling import Speller
from nkqa.text.places import letters_for, letters_of, spell_out, write_out
from nkqa.text.terms import terms
from nkqa.types import Fact, FactKind, OtherName, Span

CORPUS = frozenset(
    """harbour lighthouse keepers vollertsen brekke torhaven skarholm norwegian light factors trawlers rescued reached
    separates northern station solberg data defected defectors defect""".split()
)
ENGLISH = frozenset("which women came cross crossing tower height detain human stay being separate in de".split())


def is_english(word):
    return word in ENGLISH | CORPUS


def correct(question, vocabulary=CORPUS, is_word=is_english):
    return Speller(vocabulary, is_word).correct(question)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lihgthouse", "lighthouse"),  # exchanged
        ("ilghthouse", "lighthouse"),  # exchanged at the beginning
        ("lighthose", "lighthouse"),  # missing
        ("lightthouse", "lighthouse"),  # doubled
        ("tralwers", "trawlers"),
        ("trawlars", "trawlers"),  # a vowel for a vowel
        ("who is vollertson", "who is vollertsen"),
        ("Who is Vollertson", "Who is vollertsen"),  # a long name
        ("kighthouse", "lighthouse"),  # wrong first letter of a long word
        ("ighthouse", "lighthouse"),
        ("northernstation", "northern station"),
        ("howmany keepers", "how many keepers"),
        ("whatis torhaven", "what is torhaven"),
        ("light houze", "light houze"),
        ("de fectors", "defectors"),
        ("deh fectors", "defectors"),
        ("hte tower", "the tower"),
        ("hwo many women", "how many women"),
        ("hwo is brekke", "hwo is brekke"),  # how, or who?
        ("how mny keepers", "how many keepers"),
        ("how MNY keepers", "how MNY keepers"),
        ("the definiton", "the definition"),
        ("hieght of the tower", "height of the tower"),  # a word that only English has
        ("norwegean harbuor", "norwegian harbour"),
    ],
)
def test_typing_errors(typed, meant):
    assert correct(typed) == meant


@pytest.mark.parametrize(
    "right",
    [
        "detainee",  # made of a word and an ending
        "inhuman crossings",
        "Who is Brekka?",  # a short name, perhaps somebody else's
        "Who is Solveig Holm?",
        "who is hwang jang yup",
        "dater",  # data, date?
        "kpeers 12kepers 3rd",
        "2009 1O1",
        "등대 is torhaven",
        "Ålesund",
        "",
    ],
)
def test_what_is_right_or_in_doubt_stays(right):
    assert correct(right) == right


def test_no_word_of_the_corpus_or_of_english_is_ever_changed():
    for word in CORPUS | ENGLISH:
        assert correct(word) == word
        assert correct(f"which {word}?") == f"which {word}?"


def test_an_unknown_word_as_near_to_two_others_stays():
    assert correct("lirht", frozenset({"light", "lirth"})) == "lirth", "an exchange is the likelier slip"
    assert correct("figst", frozenset({"fight", "fist", "first"})) in ("first", "fight", "fist", "figst")
    assert correct("bartel", frozenset({"barrel", "bartek"}), lambda _: False) == "bartel"


@given(st.text(max_size=40))
def test_numbers_and_other_scripts_are_never_touched(text):
    kept = [char for char in text if char.isdigit() or not char.isascii()]
    assert [char for char in correct(text) if char.isdigit() or not char.isascii()] == kept


@given(st.text(alphabet="abcdeiorstwø ", max_size=12), st.frozensets(st.text(alphabet="abcdeiorstwøж등", min_size=1)))
def test_any_word_of_any_corpus_can_be_compared(text, vocabulary):
    once = correct(text, vocabulary, lambda _: False)
    assert once == correct(text, vocabulary, lambda _: False)


# ------------------------------------------------------------------------------------------------------- countries


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("How many N. Koreans?", "How many North Koreans?"),
        ("s.korea and S Korea", "South Korea and South Korea"),
        ("a nkorean in skorea", "a North Korean in South Korea"),
        ("women's korea", "women's korea"),
        ("do they live in the us", "do they live in the US"),
        ("how many live in us?", "how many live in US?"),
        ("us embassy", "US embassy"),
        ("who told us about it", "who told us about it"),
        ("what does it teach us", "what does it teach us"),
        ("the usual bus", "the usual bus"),
    ],
)
def test_short_names_of_countries_are_written_out(typed, meant):
    assert write_out(typed) == meant


def test_letters_of_countries():
    assert letters_of("the US and the uk, us and me") == (("US", "United States"), ("uk", "United Kingdom"))
    assert letters_of("Norway") == ()
    assert ("United Kingdom", "UK") in letters_for("in the united kingdom")
    assert spell_out("DPRK, not Norway's NKVD") == "North Korea, not Norway's NKVD"


# --------------------------------------------------------------------------------------------------- abbreviations


def defined(subject, relation, value):
    return Fact(
        id=f"{subject}-{value}",
        kind=FactKind.DEFINITION,
        subject=subject,
        attribute=relation,
        value=value,
        low=None,
        high=None,
        unit=None,
        where=None,
        period=None,
        claimant=None,
        hedge=None,
        flags=(),
        doc_id="d",
        span=Span(0, 1),
        statement=Span(0, 1),
        path=(),
    )


NAMES = Names.of(
    [defined("TRA", "full name", "Torhaven Rescue Association"), defined("hwair", "is", "an old letter called TRA")]
)
STEMS = frozenset(terms("TRA Torhaven Rescue Association north korea uk"))
FULL = terms("Torhaven Rescue Association")


def test_an_abbreviation_and_its_full_name_stand_for_each_other():
    assert NAMES.others("When was the tra merged?", STEMS) == (OtherName(("tra",), FULL),)
    assert NAMES.others("When was Torhaven Rescue Association merged?", STEMS) == (OtherName(FULL, ("tra",)),)
    assert NAMES.others("Who was rescued at Torhaven?", STEMS) == ()
    assert NAMES.others("When was the TRA merged?", frozenset({"tra"})) == (), "the corpus never has the full name"


def test_letters_of_a_country_are_looked_for_where_its_name_is_missing():
    assert NAMES.others("in the DPRK", STEMS) == (OtherName(("dprk",), ("north", "korea")),)
    assert NAMES.others("the United Kingdom", STEMS) == (OtherName(terms("United Kingdom"), ("uk",)),)
    assert NAMES.others("North Korea", STEMS | {"dprk"}) == ()


def test_what_a_passage_says_by_another_name():
    names = NAMES.others("When was the TRA merged?", STEMS)
    assert implied(names, frozenset((*FULL, "merg"))) == {"tra"}
    assert implied(names, frozenset({"rescu"})) == frozenset()

"""Definitions: what the extractor reads from sentences and fact boxes, and which questions they answer."""

from __future__ import annotations

import pytest

from nkqa.ask.definitions import find_definition
from nkqa.ask.question import read_question
from nkqa.ask.sources import Sources
from nkqa.build.document import read_document
from nkqa.build.facts.definitions import definition_facts
from nkqa.build.facts.relations import relation_facts
from nkqa.store.facts import FactStore, write_facts
from nkqa.types import Kind

MADE_UP = """# Saltway

The Saltway is a road. Drivers call it "the White Line".

## Words

A "brinecart" is a cart that carries wet salt, and a "dry mile" is a mile without a well.[citation needed]

The word sogeum (소금, 'salt') is older than yeomjeon (염전; 鹽田), which has the plain meaning of 'salt field'.

One such field is the "white garden" (염원; yeomwon; yŏmwŏn or 염밭; yeombat; yŏmbat).

## Bodies

The non-profit NGO Salt Carriers Union (SCU), formerly known as the Brine League(BL), has helped since 1990.

Carriers are sent to Torvik, a rest house where they sleep for free. In Norway, a carrier is paid in coin.

According to Ida Moe, assistant professor at the Salt Institute, the linguist Per Dahl and director Li Wen disagree.

South Vale's Ministry of Salt is a government office that keeps the wells. It has small posts called Well Houses that
sell water. The number of carriers (in thousands) rose. Some firms, with good reason, left.

The league was founded in 1988 by Ida Moe and Per Dahl.
"""


@pytest.fixture(scope="module")
def saltway(tmp_path_factory):
    path = tmp_path_factory.mktemp("saltway") / "saltway.md"
    path.write_text(MADE_UP, encoding="utf-8")
    return read_document(path, path.name)


def triples(document):
    return {(fact.subject, fact.attribute, fact.value) for fact in definition_facts(document)}


@pytest.mark.parametrize(
    "triple",
    [
        ("brinecart", "is", "a cart that carries wet salt"),
        ("dry mile", "is", "a mile without a well"),
        ("sogeum", "script", "소금"),
        ("소금", "means", "salt"),
        ("sogeum", "means", "salt"),
        ("yeomjeon", "script", "鹽田"),
        ("염전", "means", "salt field"),
        ("white garden", "script", "염밭"),
        ("염원", "romanisation", "yŏmwŏn"),
        ("염밭", "romanisation", "yeombat"),
        ("SCU", "full name", "Salt Carriers Union"),
        ("BL", "full name", "Brine League"),
        ("Salt Carriers Union", "abbreviation", "SCU"),
        ("Salt Carriers Union", "formerly", "Brine League"),
        ("Salt Carriers Union", "is", "non-profit NGO"),
        ("Torvik", "is", "a rest house where they sleep for free"),
        ("Ida Moe", "role", "assistant professor at the Salt Institute"),
        ("Per Dahl", "role", "linguist"),
        ("Li Wen", "role", "director"),
        ("South Vale's Ministry of Salt", "is", "a government office that keeps the wells"),
        ("Well Houses", "is", "small posts"),
    ],
)
def test_sentence_gives_definition(saltway, triple):
    assert triple in triples(saltway)


def test_what_is_no_definition_gives_none(saltway):
    found = triples(saltway)
    assert not [one for one in found if one[0] in ("Norway", "carriers", "firms", "It", "One", "One such field")]
    # A romanisation belongs to the form that it stands behind, never to the one before.
    assert ("염원", "romanisation", "yeombat") not in found


def test_values_and_statements_are_slices(article, harbour, fog, saltway):
    for document in (article, harbour, fog, saltway):
        facts = definition_facts(document)
        assert len({fact.id for fact in facts}) == len(facts)
        for fact in facts:
            assert fact.value
            assert fact.span.of(document.text) == fact.value
            assert fact.statement.contains(fact.span)


def test_flags_travel_with_the_definition(saltway):
    flagged = {fact.subject: fact.flags for fact in definition_facts(saltway)}
    assert flagged["brinecart"] == ("citation needed",)
    assert flagged["Torvik"] == ()


def test_fact_box_lists_correspond_by_place(article):
    facts = [fact for fact in definition_facts(article) if fact.unit == "McCune–Reischauer"]
    assert ("탈북민", "t'albungmin") in {(fact.subject, fact.value) for fact in facts}
    assert ("탈북자", "t'albungmin") not in {(fact.subject, fact.value) for fact in facts}


def test_system_run_together_with_its_value(harbour):
    assert ("베스마크 등대", "romanisation", "beseumakeu deungdae") in triples(harbour)


def test_who_founded_what_and_when(saltway, article):
    assert not relation_facts(saltway)  # "the league" is no name
    found = {
        (fact.subject, fact.attribute, fact.value, fact.period.text) for fact in relation_facts(article) if fact.period
    }
    assert ("Casey Lartigue Jr. and Eunkoo Lee", "founded", "FSI", "2013") in found


def test_page_without_a_full_stop_is_read_in_no_time(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text(
        "Title\n\n" + "Alpha of the " * 20_000 + "\n\n  • " + "Al, by Bo " * 20_000 + "\n", encoding="utf-8"
    )
    assert definition_facts(read_document(path, path.name)) == ()


# --------------------------------------------------------------------------------------------------------- questions


def sources_of(folder, *documents):
    write_facts(folder, [fact for document in documents for fact in definition_facts(document)])
    return Sources({document.id: document for document in documents}, FactStore(folder), ())


@pytest.fixture(scope="module")
def made_up(saltway, tmp_path_factory):
    return sources_of(tmp_path_factory.mktemp("facts"), saltway)


def asked(question, history=()):
    return read_question(question, history, max_chars=500, vocabulary=frozenset(), is_word=lambda word: True)


def short(question, sources):
    finding = find_definition(asked(question), sources)
    return finding.short if finding else None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is a brinecart?", "a cart that carries wet salt"),
        ("brinecart = ?", "a cart that carries wet salt"),
        ("what counts as a dry mile", "a mile without a well"),
        ("Define “dry mile”.", "a mile without a well"),
        ("What does 소금 mean?", "salt"),
        ("what does the word SOGEUM mean in English", "salt"),
        ("meaning of sogeom", "salt"),
        ("What does 鹽 田 mean?", "salt field"),
        ("SCU stands for?", "Salt Carriers Union"),
        ("What does BL stand for?", "Brine League"),
        ("abbreviation of the Salt Carriers Union", "SCU"),
        ("How do you romanise 염밭?", "yeombat"),
        ("how is sogeum written in Korean?", "소금"),
        ("former name of the SCU", "Brine League"),
        ("what was SCU previously called?", "Brine League"),
        ("What was the Brine League?", "Salt Carriers Union"),
        ("What is Torvik?", "a rest house where they sleep for free"),
        ("what is the ministry of salt", "a government office that keeps the wells"),
        ("Who is Per Dahl?", "linguist"),
        ("What is the White Line?", "a road"),
        ("other names for the Saltway", "the White Line"),
    ],
)
def test_question_about_a_term(made_up, question, answer):
    assert short(question, made_up) == answer


@pytest.mark.parametrize(
    "question",
    [
        "What is the length of the Saltway?",
        "Who is Olga Varna?",
        "What does it cost?",
        "Why is Torvik free?",
        "How many carriers are in the SCU?",
        "brinecart",
        "What does Torvi mean for the SCU?",
        "",
    ],
)
def test_other_question_is_left_alone(made_up, question):
    query = asked(question or "?")
    assert find_definition(query, made_up) is None


def test_finding_cites_the_sentence_with_its_flag(made_up, saltway):
    finding = find_definition(asked("What is a brinecart?"), made_up)
    assert finding.kind is Kind.DEFINITION
    (piece,) = finding.evidence
    assert piece.span.of(saltway.text).startswith('A "brinecart" is a cart')
    assert piece.flags == ("citation needed",)
    assert piece.short.of(saltway.text) == "a cart that carries wet salt"
    assert [claim.evidence for claim in finding.claims] == [(0,)]


def test_questions_on_the_article(article, tmp_path):
    sources = sources_of(tmp_path, article)
    assert short("Meaning of talbukja?", sources) == "people who fled the North"
    assert short("How do you romanise 탈북민?", sources) == "talbungmin"
    assert short("mccune-reischauer spelling of the term for defectors", sources) == "t'albukcha, t'albungmin"
    assert short("mccune-reischauer spelling of the term for penguins", sources) is None
    assert short("what was TNKR", sources) == "Teach North Korean Refugee"
    assert short("DMZ = ?", sources) == "demilitarized zone"
    assert short("double defector meaning", sources) is None


def test_questions_on_the_second_corpus(harbour, fog, tmp_path):
    sources = sources_of(tmp_path, harbour, fog)
    assert short("What is a cold watch?", sources) == "a watch kept without a lit lamp"
    assert short("diaphone = ?", sources).startswith("a horn that makes its sound")
    assert short("What is the motto?", sources) == "Lux non dormit"
    assert short("what is a fog day", sources).startswith("a day on which the visibility")

"""Questions about lists: whole, filtered, counted; about one entry; and what a sentence enumerates."""

from __future__ import annotations

import pytest

from nkqa.ask.enumerations import enumeration
from nkqa.ask.lists import find_item_attribute, find_list, find_missing_attribute
from nkqa.ask.question import read_question
from nkqa.ask.sources import Sources
from nkqa.build.document import read_document
from nkqa.build.facts.list_items import list_item_facts
from nkqa.build.passages import make_passages
from nkqa.store.facts import FactStore, write_facts
from nkqa.types import Hit, Kind, Span

MADE_UP = """# Saltway

The Saltway is a road.

## Books

- Salt Roads, by Ann Berg, a 1999 memoir of a carter
- Brine, a 2001 Salt Prize winning novel by Ole Vik
- The White Line, by Ann Berg, a novel
- Letters from Vale, a 2010 collection of letters by Mia Holt

## Films

- Crossing – 2003 film about a carter (played by Kim Bo-ra), who meets a king (played by Al Roe);
- Old Roads - 2020 documentary directed by Jo-an Lim;

## Stations

In 2020, the office described the kit of a station as:

- Two lamps
- A bell

The station has three rules. Its keepers learn cooking, knots and first aid.
There are two ways to the well. One leads over the hill. The other leads through Torvik.
"""


@pytest.fixture(scope="module")
def saltway(tmp_path_factory):
    path = tmp_path_factory.mktemp("saltway") / "saltway.md"
    path.write_text(MADE_UP, encoding="utf-8")
    return read_document(path, path.name)


def sources_of(folder, *documents):
    write_facts(folder, [fact for document in documents for fact in list_item_facts(document)])
    return Sources({document.id: document for document in documents}, FactStore(folder), ())


@pytest.fixture(scope="module")
def made_up(saltway, tmp_path_factory):
    return sources_of(tmp_path_factory.mktemp("facts"), saltway)


@pytest.fixture(scope="module")
def of_article(article, tmp_path_factory):
    return sources_of(tmp_path_factory.mktemp("facts"), article)


def asked(question, history=()):
    return read_question(question, history, max_chars=500, vocabulary=frozenset(), is_word=lambda word: True)


def titles(finding, sources):
    return [piece.short.of(sources.documents[piece.doc_id].text) for piece in finding.evidence]


BOOKS = ["Salt Roads", "Brine", "The White Line", "Letters from Vale"]


@pytest.mark.parametrize(
    ("question", "entries"),
    [
        ("list all the books", BOOKS),
        ("Which books are on the reading list?", BOOKS),
        ("Which books are by Ann Berg?", ["Salt Roads", "The White Line"]),
        ("books by ann berg", ["Salt Roads", "The White Line"]),
        ("Which of the listed books are described as novels?", ["Brine", "The White Line"]),
        ("novels by Ann Berg", ["The White Line"]),
        ("Which books came out in 2001?", ["Brine"]),
        ("books after 2001", ["Letters from Vale"]),
        ("Which books were published since 2001?", ["Brine", "Letters from Vale"]),
        ("books before 2001", ["Salt Roads"]),
        ("Which books appeared between 1999 and 2001?", ["Salt Roads", "Brine"]),
        ("books from the 2000s", ["Brine"]),
        ("Which books won a prize?", ["Brine"]),
        ("Which movies are listed?", ["Crossing", "Old Roads"]),
        ("films with Al Roe", ["Crossing"]),
        ("what is in the kit of a station", ["Two lamps", "A bell"]),
    ],
)
def test_entries_are_complete(made_up, question, entries):
    finding = find_list(asked(question), made_up)
    assert finding.kind is Kind.LIST
    assert titles(finding, made_up) == entries
    shown = " ".join(claim.text for claim in finding.claims)
    assert f"all {len(entries)} " in shown
    assert [claim.evidence for claim in finding.claims if claim.evidence] == [(i,) for i in range(len(entries))]


def test_filter_says_for_how_many_entries_it_is_not_stated(made_up):
    finding = find_list(asked("Which books came out in 2001?"), made_up)
    assert finding.claims[0].text == "“Books”: 1 of 4 entries (year: 2001), all 1 shown:"
    assert finding.claims[-1].text == "For 1 of 4 entries the year is not stated."
    assert "not stated" not in find_list(asked("books by Ann Berg"), made_up).claims[-1].text


def test_count_is_the_short_answer(made_up):
    assert find_list(asked("How many books are listed?"), made_up).short == "4"
    assert find_list(asked("how many novels are there?"), made_up).short == "2"


def test_introduction_is_cited_with_the_items(made_up, saltway):
    finding = find_list(asked("What is in the kit of a station?"), made_up)
    assert {piece.lead.of(saltway.text) for piece in finding.evidence} == {
        "In 2020, the office described the kit of a station as:"
    }


def test_no_entry_of_a_year_is_said_so(made_up):
    finding = find_list(asked("Which books are from 1950?"), made_up)
    assert finding.short == "none"
    assert titles(finding, made_up) == ["1999", "2001", "2010"]


def test_follow_up_asks_of_the_same_list(made_up):
    query = asked("and by Mia Holt?", ["Which books are by Ann Berg?"])
    assert titles(find_list(query, made_up), made_up) == ["Letters from Vale"]


@pytest.mark.parametrize(
    "question",
    [
        "Why were the books banned?",
        "Which books are about orphans?",
        "Which books are by Olga Varna?",
        "How many people read books?",
        "Who wrote the books?",
        "Is there a list of books?",
        "Which country makes films?",
        "How heavy is the kit of a station?",
        "What is a book?",
        "roads",
    ],
)
def test_other_question_is_left_alone(made_up, question):
    assert find_list(asked(question), made_up) is None


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("who wrote Salt Roads?", "Ann Berg"),
        ("author of Letters from Vale", "Mia Holt"),
        ("Who wrote the novel Brine?", "Ole Vik"),
        ("When did Letters from Vale come out?", "2010"),
        ("what year was the film Crossing released", "2003"),
        ("Who plays the king in Crossing?", "Al Roe"),
        ("which actor plays the carter in the film crossing", "Kim Bo-ra"),
        ("who directed Old Roads?", "Jo-an Lim"),
        ("What prize did Ole Vik's novel get?", "Salt Prize"),
        ("Which memoir did Ann Berg write?", "Salt Roads"),
        ("What kind of film is Old Roads?", "documentary"),
    ],
)
def test_attribute_of_one_entry(made_up, saltway, question, short):
    finding = find_item_attribute(asked(question), made_up)
    assert (finding.kind, finding.short) == (Kind.FACTOID, short)
    (piece,) = finding.evidence
    assert piece.short.of(saltway.text) == short
    assert piece.span.contains(piece.short)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who directed Crossing?", "“Crossing” is listed, and no director is stated for it."),
        ("Who wrote Old Roads?", "“Old Roads” is listed, and no author is stated for it."),
        ("When did The White Line come out?", "“The White Line” is listed, and no year is stated for it."),
        ("Who wrote Salt Roads?", None),
        ("Who plays in Crossing?", None),  # two do: not missing, only not one
        ("Who wrote Hamlet?", None),
        ("Where is Crossing set?", None),
    ],
)
def test_missing_attribute_is_named(made_up, question, missing):
    assert find_missing_attribute(asked(question), made_up) == missing
    if missing:
        assert find_item_attribute(asked(question), made_up) is None


@pytest.mark.parametrize(
    "question",
    [
        "who wrote the article?",
        "When did the crossing happen?",
        "Who is Ann Berg?",
        "Which road is longest?",
        "What is brine?",
    ],
)
def test_question_about_no_entry_is_left_alone(made_up, question):
    assert find_item_attribute(asked(question), made_up) is None


def test_questions_on_the_article(of_article):
    assert titles(find_list(asked("Which books on the list are by Adam Johnson?"), of_article), of_article) == [
        "Fortune Smiles",
        "The Orphan Master's Son",
    ]
    assert find_list(asked("How many films are listed?"), of_article).short == "13"
    whole = find_list(asked("list all the books"), of_article)
    assert sum(len(claim.text.split()) for claim in whole.claims) <= 250
    assert find_item_attribute(asked("who wrote No Space for Love?"), of_article).short == "Ellen Mason"
    assert find_item_attribute(asked("who plays In-Ok in Poongsan?"), of_article).short == "Kim Gyu-ri"


def test_questions_on_the_second_corpus(harbour, fog, tmp_path):
    sources = sources_of(tmp_path, harbour, fog)
    found = find_list(asked("name all chief engineers of the fog service"), sources)
    assert titles(found, sources) == ["Ragna Quist", "Emil Tofte", "Cho Eun-bi"]
    found = find_list(asked("Which books on the list came out in 2011?"), sources)
    assert titles(found, sources) == ["The Cold Watch", "The Doubters"]
    assert find_item_attribute(asked("who wrote the biography of the coxswain?"), sources).short == "Aksel Dahl"


# ------------------------------------------------------------------------------------------------------ enumerations


@pytest.mark.parametrize(
    ("sentence", "listed"),
    [
        ("The office gives help in housing, work, and health insurance.", "housing, work, and health insurance"),
        ("Their fate ranges from prison, exile, labour to death.", "prison, exile, labour to death"),
        ("Citing a map, it found posts in Vale, Torvik, the Hills and Moss.", "Vale, Torvik, the Hills and Moss"),
        ("According to Moe, efforts of carriers, offices, and churches can help.", "carriers, offices, and churches"),
        ("They meet people including the Salt Office and the Well Guard to go.", "the Salt Office and the Well Guard"),
        ("The two main troubles were the price of salt and bad roads.", "the price of salt and bad roads"),
        ("Pupils learned knots, cooking and first aid.", "knots, cooking and first aid"),
        ("It rose to 3,000 in Vale, Torvik and Moss.", "Vale, Torvik and Moss"),
        ("In 2004, it fell, and by 2011, the number had grown.", None),
        ("Ida Moe, a carter and a singer, left.", None),
        ("He was caught and sent back.", None),
        ("It is a road.", None),
        ("", None),
    ],
)  # fmt: skip
def test_enumeration_is_a_slice(sentence, listed):
    found = enumeration(sentence, Span(0, len(sentence)))
    assert (found.of(sentence) if found else None) == listed


def hits_for(document, *beginnings):
    passages = make_passages(document)
    chosen = [next(one for one in passages if one.text.startswith(beginning)) for beginning in beginnings]
    return tuple(Hit(passage, 1.0 - place / 50, 0.9, 0.9) for place, passage in enumerate(chosen))


def near(made_up, saltway, question, *beginnings):
    return find_list(asked(question), Sources(made_up.documents, made_up.facts, hits_for(saltway, *beginnings)))


def test_sentence_that_goes_on_is_read_too(made_up, saltway):
    finding = near(made_up, saltway, "Which subjects do keepers learn?", "The station has three rules.")
    assert finding.short == "cooking, knots and first aid"
    assert [piece.span.of(saltway.text) for piece in finding.evidence] == [
        "The station has three rules.",
        "Its keepers learn cooking, knots and first aid.",
    ]


def test_counted_cases_are_told(made_up, saltway):
    finding = near(made_up, saltway, "Which two ways lead to the well?", "There are two ways")
    assert finding.short is None
    assert [claim.text for claim in finding.claims] == [
        "There are two ways to the well.",
        "One leads over the hill.",
        "The other leads through Torvik.",
    ]


@pytest.mark.parametrize("question", ["What is the well?", "Why are there two ways?", "who knows two ways"])
def test_question_for_one_thing_is_not_answered_by_an_enumeration(made_up, saltway, question):
    assert near(made_up, saltway, question, "Its keepers learn") is None

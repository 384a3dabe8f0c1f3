"""The ledger of figures for one thing: all that measure it, nothing else, newest first, each with its proof."""

from __future__ import annotations

import pytest

from nkqa.ask.estimates import find_estimates
from nkqa.ask.measures import meanings, read_asked
from nkqa.ask.question import read_question
from nkqa.ask.sources import Sources
from nkqa.build.document import read_document
from nkqa.build.facts.quantities import quantity_facts
from nkqa.build.passages import make_passages
from nkqa.store.facts import FactStore, write_facts
from nkqa.types import Hit, Kind


def asker(documents, folder):
    """Return a function from a question to the ledger, with every passage of the documents as a hit."""
    write_facts(folder, [fact for document in documents for fact in quantity_facts(document)])
    hits = tuple(Hit(passage, 1.0, 0.8, 1.0) for document in documents for passage in make_passages(document))
    sources = Sources({document.id: document for document in documents}, FactStore(folder), hits)

    def ask(question, history=()):
        query = read_question(question, history, max_chars=500, vocabulary=frozenset(), is_word=lambda _: True)
        return find_estimates(query, sources)

    return ask


@pytest.fixture(scope="module")
def ask_article(article, tmp_path_factory):
    return asker([article], tmp_path_factory.mktemp("article-facts"))


@pytest.fixture(scope="module")
def ask_small(harbour, fog, tmp_path_factory):
    return asker([harbour, fog], tmp_path_factory.mktemp("small-facts"))


@pytest.fixture
def ask_text(tmp_path_factory):
    """Return a function from Markdown and a question to the ledger."""

    def ask(text, question):
        folder = tmp_path_factory.mktemp("bakers")
        path = folder / "bakers.md"
        path.write_text(f"# Danish bakers\n\n{text}\n", encoding="utf-8")
        return asker([read_document(path, path.name)], folder)(question)

    return ask


def values(finding):
    return [estimate.value for estimate in finding.estimates] if finding else None


# ------------------------------------------------------------------------------------------------- the promised ledgers


def test_defectors_in_one_country_are_four_figures_newest_first(ask_article):
    finding = ask_article("How many North Korean defectors are there in China?")
    assert finding.kind is Kind.ESTIMATES
    assert values(finding)[:2] == ["8,708", "11,000"]
    assert sorted(values(finding)[2:]) == ["10,000", "30,000 to 50,000"]
    assert [estimate.period for estimate in finding.estimates] == ["2013", "2009", None, None]
    assert [estimate.hedge for estimate in finding.estimates][:2] == ["about", "around"]
    assert {estimate.claimant for estimate in finding.estimates[2:]} == {
        "Courtland Robinson",
        "the US State Department",
    }


@pytest.mark.parametrize(
    "question",
    [
        "How many North Koreans are hiding in China now?",
        "number of north korean refugees in china",
        "How many defectors live in China?",
    ],
)
def test_the_same_thing_in_other_words_is_the_same_ledger(ask_article, question):
    assert set(values(ask_article(question))) == {"8,708", "11,000", "10,000", "30,000 to 50,000"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many North Korean refugees has the US taken in?", ["170", "122"]),
        ("how many defectors have gone back to the north?", ["30", "100"]),
        ("What portion of defectors would consider going back home?", ["18%", "25%"]),
        ("What share of the 2018 defectors was female?", ["85%", "88%"]),
        ("How many North Koreans are there in Russia?", ["100 and 500", "10,000"]),
        ("What share of female defectors were victims of human trafficking?", ["15%", "70%"]),
    ],
)
def test_ledgers_of_the_article(ask_article, question, expected):
    assert values(ask_article(question)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many wrecks are there on the bar?", ["388", "450", "310"]),
        ("What portion of ship's masters want the fog horns back?", ["22%", "38%"]),
        ("what share of masters wanted the horns back?", ["22%", "38%"]),
        ("How many fog days did Skarholm have in 1955?", ["71", "84"]),
    ],
)
def test_ledgers_of_the_other_corpus(ask_small, question, expected):
    assert values(ask_small(question)) == expected


# --------------------------------------------------------------------------------------------- what must be no ledger


@pytest.mark.parametrize(
    "question",
    [
        "How many North Koreans live in Canada?",
        "How many North Koreans live in France?",
        "How many North Korean children are in China?",
        "How many North Koreans were repatriated by China?",
        "How many defectors want to return to North Korea?",
        "How many defectors returned to North Korea in 2012?",
        "How many defectors were caught in Vietnam?",
        "what portion of defections to the south did women account for by 2011",
        "jan-june 2018: what % of the people who came south were women?",
        "roughly what fraction of defectors sat in the very bottom income group in 2021?",
        "What percentage of defectors have a low income?",
        "According to Courtland Robinson, how many defectors are in China?",
        "What percentage of defectors come from North Hamgyong?",
        "Share of defectors in their forties and fifties (Feb 2014)?",
        "What was the highest share of women among defectors?",
        "How many more defectors are there in China than in Canada?",
        "how many defectors took part in the 2021 poll about wanting to go back?",
        "How many days was the family of four at sea?",
        "How much money was given to each refugee?",
        "Why do so many defectors return?",
        "Are there 10,000 defectors in China?",
        "Who estimated the number of defectors in China?",
    ],
)
def test_one_right_figure_is_no_ledger(ask_article, question):
    assert values(ask_article(question)) is None


@pytest.mark.parametrize(
    "question",
    [
        "How many wrecks lie in the river?",
        "How many wrecks did the Hydrographic Board count?",
        "How many people did the lifeboat bring in?",
        "What share of pilots were over 64?",
        "How many ferry passengers ended up in hospital in August 2012?",
    ],
)
def test_one_right_figure_of_the_other_corpus_is_no_ledger(ask_small, question):
    assert values(ask_small(question)) is None


def test_a_follow_up_is_left_to_the_passages(ask_article):
    assert ask_article("and of those?", ["How many North Korean defectors are there in China?"]) is None


# --------------------------------------------------------------------------------------- the rule for "the same thing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # another time, another claimant
        ("300 bakers lived in Norway in 2001. In 2009, 500 bakers lived in Norway.", ["500", "300"]),
        (
            "According to Ribe News, 300 bakers live in Norway. Inga Roe estimated that 500 bakers live in Norway.",
            ["300", "500"],
        ),
        # the same time, told in another part of the text
        ("In 2001, 300 bakers lived in Norway.\n\n## Norway\n\nIn 2001, 310 bakers lived in Norway.", ["300", "310"]),
        # the same figure twice is no conflict
        ("300 bakers lived in Norway in 2001. In 2009, 300 bakers lived in Norway.", None),
        # another place
        ("300 bakers lived in Norway in 2001. In 2009, 500 bakers lived in Finland.", None),
        # other people
        ("300 bakers lived in Norway in 2001. In 2009, 500 tailors lived in Norway.", None),
        ("300 bakers lived in Norway in 2001. In 2009, 500 female bakers lived in Norway.", None),
        # another unit
        ("300 bakers lived in Norway in 2001. In 2009, 50% of bakers lived in Norway.", None),
        # an event and a stock
        ("300 bakers lived in Norway in 2001. In 2009, 500 bakers left Norway.", None),
        # a sample
        ("300 bakers lived in Norway in 2001. In 2009, a study of 500 bakers in Norway was made.", None),
        # one breath, one source: parts, not rivals
        ("300 bakers live in Norway and 500 bakers live in Norway.", None),
    ],
)
def test_same_thing(ask_text, text, expected):
    assert values(ask_text(text, "How many bakers live in Norway?")) == expected


def test_a_figure_of_another_place_is_set_apart(ask_text):
    text = "In 2001, 30% of bakers in Norway were women. In 2009, 40% of bakers in Norway were women.\n\n"
    text += "In 2005, 90% of bakers in Finland were women."
    finding = ask_text(text, "What share of bakers are women?")
    assert values(finding) == ["40%", "30%"]
    assert finding.claims[-1].text.startswith("Not the same: 90% of bakers in Finland were women")
    assert finding.claims[-1].evidence == (2,)


def test_incidents_of_a_month_are_not_estimates(ask_text):
    text = "In May 2001, 9 bakers were arrested. In June 2009, 14 bakers were arrested."
    assert ask_text(text, "How many bakers were arrested?") is None
    text = "In 2001, 9 bakers were arrested. In 2009, 14 bakers were arrested."
    assert values(ask_text(text, "How many bakers were arrested?")) == ["14", "9"]


# ----------------------------------------------------------------------------------------------------- the finding


def test_every_figure_has_its_own_proof(ask_article, ask_small, article, harbour, fog):
    documents = {document.id: document for document in (article, harbour, fog)}
    for finding in (
        ask_article("How many North Korean defectors are there in China?"),
        ask_small("How many wrecks are there on the bar?"),
        ask_small("What portion of ship's masters want the fog horns back?"),
    ):
        for estimate, claim in zip(finding.estimates, finding.claims[1:], strict=False):
            evidence = finding.evidence[estimate.evidence]
            text = documents[evidence.doc_id].text
            assert estimate.value in evidence.span.of(text)
            assert estimate.value in claim.text
            assert claim.evidence == (estimate.evidence,)
            assert estimate.claimant is None or estimate.claimant in text
            assert estimate.hedge is None or estimate.hedge.split(", ")[0] in evidence.span.of(text).lower()


def test_the_proof_says_what_is_counted(ask_small, harbour):
    finding = ask_small("What portion of ship's masters want the fog horns back?")
    newest = finding.evidence[finding.estimates[0].evidence]
    assert "put the share at 22%" in newest.span.of(harbour.text)
    assert "ship's masters" in newest.span.of(harbour.text)


def test_tags_of_the_editors_are_shown(ask_article):
    finding = ask_article("What share of female defectors were victims of human trafficking?")
    assert {estimate.flags for estimate in finding.estimates} == {("failed verification",)}
    assert all("[failed verification]" in claim.text for claim in finding.claims[1:])
    assert "with experience of human trafficking decreased to 15%" in finding.claims[1].text


def test_there_is_no_average_and_now_is_the_newest_with_its_date(ask_small):
    finding = ask_small("How many wrecks are on the bar now?")
    assert finding.claims[0].text == "The text gives 3 figures, newest first. The newest is dated 2019."
    assert finding.short == "3 figures: 388; around 450; 310"
    assert finding.computation is None


def test_hedges_stand_where_they_stand_in_the_text(ask_article):
    finding = ask_article("How many North Koreans are there in Russia?")
    assert "only between 100 and 500" in finding.claims[1].text
    assert "The newest is dated as of 1999." in ask_article("How many North Koreans are in Russia now?").claims[0].text
    assert finding.claims[2].text.startswith("Roughly 10,000 North Koreans live in")


# ------------------------------------------------------------------------------------------------- reading the question


def test_a_question_is_read_into_noun_place_and_predicate():
    places = frozenset({frozenset({"norway"}), frozenset({"north", "norway"})})
    asked = read_asked("How many young bakers went back to Norway in 2012?", places)
    assert (asked.head, asked.place) == ("baker", frozenset({"norway"}))
    assert asked.counted == frozenset({"young", "baker"})
    assert asked.predicate == frozenset(meanings("returned"))
    assert (asked.period.start, asked.period.end) == ("2012-01-01", "2012-12-31")


def test_words_for_the_same_have_one_meaning():
    assert meanings("women") == meanings("female")
    assert meanings("taken in") == meanings("admitted")
    assert meanings("went back home") == meanings("returned")
    assert meanings("refugees") == meanings("defectors") == meanings("people")
    assert meanings("the UK") == meanings("United Kingdom")
    assert meanings("bakers") != meanings("tailors")

"""Figures of sentences and list items as facts: what is counted, where, when, who says so, how surely."""

from __future__ import annotations

import pytest

from nkqa.build.document import read_document
from nkqa.build.facts.quantities import quantity_facts
from nkqa.store.facts import FactStore, write_facts
from nkqa.types import FactKind


@pytest.fixture
def facts_of(tmp_path):
    """Return a function from Markdown to the quantity facts in it."""

    def read(text):
        path = tmp_path / "made-up.md"
        path.write_text(text, encoding="utf-8")
        return quantity_facts(read_document(path, path.name))

    return read


@pytest.fixture
def one(facts_of):
    """Return a function from a sentence to its only quantity fact."""

    def read(text):
        (fact,) = facts_of(f"# Made up\n\n{text}\n")
        return fact

    return read


@pytest.fixture(scope="module")
def article_facts(article):
    return quantity_facts(article)


@pytest.fixture(scope="module")
def harbour_facts(harbour):
    return quantity_facts(harbour)


def by_value(facts, value):
    found = [fact for fact in facts if fact.value == value]
    assert found, value
    return found[0]


# ------------------------------------------------------------------------------------------------------ every fact


def test_every_value_is_a_slice_and_stands_in_its_statement(article, harbour, fog):
    for document in (article, harbour, fog):
        facts = quantity_facts(document)
        assert len(facts) > 15
        assert len({fact.id for fact in facts}) == len(facts)
        for fact in facts:
            assert fact.span.of(document.text) == fact.value
            assert fact.statement.contains(fact.span)
            assert fact.low is not None
            assert fact.high is not None
            assert fact.low <= fact.high
            assert fact.kind is FactKind.QUANTITY
            assert fact.path == document.path_of(next(b for b in document.blocks if b.span.contains(fact.span)).section)


def test_facts_survive_the_store(article, tmp_path):
    facts = quantity_facts(article)
    write_facts(tmp_path, facts)
    assert tuple(FactStore(tmp_path).find(FactKind.QUANTITY)) == facts


def test_table_cells_and_captions_are_no_quantities(article):
    table = article.tables[0]
    assert not [fact for fact in quantity_facts(article) if table.span.contains(fact.span)]


# --------------------------------------------------------------------------------------------------- what is no figure


@pytest.mark.parametrize(
    "text",
    [
        "It was built in 1903 and closed on 5 June 1994.",
        "Of them, one was a tailor.",
        "They were under 30, or between 30 and 49.",
        "It opens at 10:00 in Room 14.",
        "The case was heard 2 years later, 3 days after.",
        "She read Resolution 2397 aloud.",
        "He wrote The House with Seven Doors.",
        "The first and the third came.",
        "The 1469 marriage was short.",
        "A 20-story house and some 30-odd others stand there.",
    ],
)
def test_years_labels_bounds_and_names_are_no_figures(facts_of, text):
    assert facts_of(f"# Made up\n\n{text}\n") == ()


def test_a_number_in_a_title_is_none_but_in_a_list_item_is_one(facts_of):
    facts = facts_of("# Kit\n\nIn 2022 the boat had:\n\n- Fourteen Ships, a film\n- 40 to 60 wool blankets\n")
    assert [(fact.value, fact.subject, fact.period.text) for fact in facts] == [("40 to 60", "wool blankets", "2022")]
    assert facts[0].attribute == "In 2022 the boat had"


def test_a_year_before_a_percentage_is_not_its_low_end(facts_of):
    facts = facts_of("# Made up\n\nThe share of barges fell from 37% in 1951 to 4% in 1960.\n")
    assert [(fact.value, fact.low, fact.period.text) for fact in facts] == [("37%", 37, "1951"), ("4%", 4, "1960")]


def test_numbers_without_sentences_are_left_alone(facts_of):
    assert facts_of("# Data\n\n" + "12 apples, " * 3_000 + "\n") == ()
    assert len(facts_of("# Data\n\n" + "12 apples, " * 20 + "\n")) == 20


# ------------------------------------------------------------------------------------------------------ what is counted


@pytest.mark.parametrize(
    ("text", "value", "subject", "attribute"),
    [
        ("About 780 Danish bakers lived in Norway.", "780", "Danish bakers", "lived in Norway"),
        ("88% of the bakers to the coast were women.", "88%", "bakers", "to the coast were women"),
        ("18% of 407 bakers polled were tired.", "18%", "bakers", "polled were tired"),
        ("The council admitted only 122 young bakers.", "122", "young bakers", "The council admitted"),
        (
            "The percentage of young bakers rose to 85%.",
            "85%",
            "young bakers",
            "The percentage of young bakers rose to",
        ),
        ("The mill is run by a staff of 23.", "23", "staff", "The mill is run by a staff of"),
        ("16 of their crewmates drowned.", "16", "crewmates", "drowned"),
        ("A number of bakers have left, estimated at 200.", "200", "bakers", "A number of bakers have left"),
    ],
)
def test_what_is_counted_and_what_makes_it_that_number(facts_of, text, value, subject, attribute):
    fact = by_value(facts_of(f"# Made up\n\n{text}\n"), value)
    assert (fact.subject, fact.attribute) == (subject, attribute)


def test_a_figure_without_a_noun_takes_that_of_the_one_before(facts_of):
    facts = facts_of("# Made up\n\nIn 2017 the mill had 310 bakers, 71% of whom were women. 14 were hired in 2018.\n")
    assert [(fact.value, fact.subject) for fact in facts] == [("310", "bakers"), ("71%", "bakers"), ("14", "bakers")]
    assert [fact.attribute for fact in facts] == ["the mill had", "were women", "were hired"]


def test_the_share_takes_up_the_figure_before(facts_of):
    facts = facts_of(
        "# Made up\n\nA poll of 640 bakers found that 38% wanted salt. In 2021 a survey put the share at 22%.\n"
    )
    assert (facts[2].subject, facts[2].attribute) == (facts[1].subject, facts[1].attribute) == ("bakers", "wanted salt")
    assert facts[2].period.text == "2021"


@pytest.mark.parametrize(
    ("text", "value", "unit", "low", "high"),
    [
        ("The wage was 310 crowns a year.", "310 crowns", "crowns", 310, 310),
        ("They paid $50 to $500 an hour.", "$50 to $500", "$", 50, 500),
        ("The tower is 41 metres high.", "41", "metres", 41, 41),
        ("It can be seen for 21 nautical miles.", "21", "nautical miles", 21, 21),
        ("The strike went on for 41 days.", "41 days", "days", 41, 41),
        ("49–81% of bakers sang.", "49–81%", "%", 49, 81),
        ("They sold 3 million loaves.", "3 million", None, 3_000_000, 3_000_000),
        ("He came four times.", "four", "times", 4, 4),
        ("The park has an area of 33 km2.", "33", "km2", 33, 33),
        ("The 11-mile path is closed.", "11", "mile", 11, 11),
    ],
)
def test_units_and_bounds(one, text, value, unit, low, high):
    fact = one(text)
    assert (fact.value, fact.unit, fact.low, fact.high) == (value, unit, low, high)


# ------------------------------------------------------------------------------------------------------ where and when


def test_the_place_is_named_in_the_clause_or_by_the_heading(facts_of):
    text = "# Bakers\n\nMany go to Norway.\n\n## Norway\n\nThere are 30 mills. In Denmark, 12 mills stand.\n\n"
    text += "## Pay\n\n5 mills pay.\n"
    assert [(fact.value, fact.where) for fact in facts_of(text)] == [("30", "Norway"), ("12", "Denmark"), ("5", None)]


def test_there_is_the_place_of_the_figure_before(facts_of):
    facts = facts_of("# Made up\n\n310 wrecks lie on the bar. Inga Roe estimated that 450 wrecks lie there.\n")
    assert facts[1].where == "the bar"


def test_an_occasion_is_no_place(one):
    assert one("300 bakers fell in the Boer War.").where is None
    assert one("300 bakers fell near Ribe.").where == "Ribe"


def test_a_demonym_is_no_place(facts_of):
    facts = facts_of("# Made up\n\n9 bakers were sent to the Danish city of Ribe, 7 bakers to Danish farmers.\n")
    assert [fact.where for fact in facts] == ["Ribe", None]


def test_each_figure_has_the_time_of_its_own_clause(facts_of):
    facts = facts_of(
        "# Made up\n\nThe mill had 56 bakers in 2002 and, by 2011, 71 bakers; since 2014 it has 80 bakers.\n"
    )
    assert [fact.period.text for fact in facts] == ["2002", "by 2011", "since 2014"]


# ------------------------------------------------------------------------------------------- claimants, hedges, flags


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("According to the Pilot Office, 310 wrecks lie there.", "the Pilot Office"),
        ("According to Inga Roe, professor of tides at Ribe, 310 wrecks lie there.", "Inga Roe"),
        ("According to estimates by the Danish Ministry of Fish, 310 wrecks lie there.", "the Danish Ministry of Fish"),
        ("310 wrecks lie there, according to the Pilot Office.", "the Pilot Office"),
        ("A study by Ribe University estimated that 310 wrecks lie there.", "A study by Ribe University"),
        ("In 2021, a survey by the Bay Society found that 310 wrecks lie there.", "a survey by the Bay Society"),
        ("A sonar study by the Board in 2019 counted 310 wrecks.", "A sonar study by the Board"),
        ("Radio Ribe reports that in 2007 alone, 310 wrecks were found.", "Radio Ribe"),
        ("From 2012 to 2021 the Harbour Ministry had recorded 310 wrecks.", "the Harbour Ministry"),
        ("310 wrecks were reported by Bay News to have been found.", "Bay News"),
        ("It was reported in 2013 that 310 wrecks lie there.", None),
        ("The light shows 310 flashes.", None),
        ("About 15% of bakers say they are tired.", None),
        ("There are 310 wrecks.", None),
    ],
)
def test_who_says_so(one, text, claimant):
    assert one(text).claimant == claimant


def test_two_claimants_in_one_sentence_are_kept_apart(fog):
    found = {fact.value: fact.claimant for fact in quantity_facts(fog) if fact.subject == "fog days"}
    assert found == {"71": "the Weather Institute", "84": "the keepers' own log"}


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("About 310 wrecks lie there.", "about"),
        ("More than 310 wrecks lie there.", "more than"),
        ("Only some 310 wrecks lie there.", "only some"),
        ("310 or more wrecks lie there.", "or more"),
        ("310 bakers were reportedly arrested.", "reportedly"),
        ("Approximately 600 bakers are believed to live there.", "approximately, are believed to"),
        ("There were estimated to be only between 100 and 500 bakers.", "estimated to be only"),
        ("It was reported in 2013 that at least 13 bakers left.", "at least, was reported"),
        ("According to unconfirmed reports, 13 bakers left.", "unconfirmed reports"),
        ("There are 310 wrecks.", None),
    ],
)
def test_how_surely(one, text, hedge):
    assert one(text).hedge == hedge


def test_editors_tags_travel(harbour):
    fact = by_value(quantity_facts(harbour), "80%")
    assert fact.flags == ("failed verification",)
    assert fact.hedge == "over"
    assert (fact.period.text, fact.period.end) == ("Before 1950", "1949-12-31")


# ------------------------------------------------------------------------------------------------------ both corpora


@pytest.mark.parametrize(
    ("value", "subject", "where", "period", "claimant", "hedge"),
    [
        ("10,000", "North Korean defectors", "China", None, "Courtland Robinson", "around"),
        ("30,000 to 50,000", "defectors", "China", None, "the US State Department", None),
        ("11,000", "North Korean refugees", "China", "2009", "A 2009 world refugee study", "around"),
        ("15,675", "North Korean children", "China", "2013", None, None),
        ("31,093", "defectors", "South Korea", "2017", None, None),
        ("33,000", "North Korean refugees", "South Korea", "2019", "the Ministry of Unification", "over"),
        ("88%", "defectors", "the South", "first half of 2018", None, None),
        ("607", "North Koreans", "South Korea", "August and December 2012", "a survey", None),
        ("122", "North Korean refugees", "United States", "Between 2004 and 2011", None, "only"),
        ("406", "North Koreans", "Philippines", "2020", "the Philippine Statistics Authority", None),
        ("159", "North Koreans", "Metro Manila", "2020", "the Philippine Statistics Authority", None),
        ("1,800", "North Koreans", "Kamchatka", "by 2020", None, "around"),
        ("100 and 500", "North Korean refugees", "Russia", "As of 1999", None, "estimated to be only"),
        ("70%", "female North Korean defectors", "China", "Before 2009", None, "over"),
        ("5%", "South Koreans", "South Korea", None, None, None),
    ],
)
def test_figures_of_the_article(article_facts, value, subject, where, period, claimant, hedge):
    fact = by_value(article_facts, value)
    assert (fact.subject, fact.where, fact.period and fact.period.text) == (subject, where, period)
    assert claimant is None or fact.claimant == claimant
    assert fact.hedge == hedge


@pytest.mark.parametrize(
    ("value", "subject", "unit", "period", "claimant", "hedge"),
    [
        ("60% to 70%", "strandings", "%", None, None, "about"),
        (
            "450",
            "wrecks",
            None,
            "2009",
            "The diver and historian Ingrid Aasland of the University of Torhaven",
            "around",
        ),
        ("52", "wrecks", None, "2019", "A sonar study by the Hydrographic Board", None),
        ("47%", "pilots", "%", "As of June 2015", None, None),
        ("18", "people", None, "January 1987", None, None),
        ("7", "passengers", None, "23 August 2012", None, None),
        ("1,500 crowns", "owners", "crowns", "since 2014", None, None),
    ],
)
def test_figures_of_the_other_corpus(harbour_facts, value, subject, unit, period, claimant, hedge):
    fact = by_value(harbour_facts, value)
    assert (fact.subject, fact.unit, fact.period and fact.period.text) == (subject, unit, period)
    assert (fact.claimant, fact.hedge) == (claimant, hedge)

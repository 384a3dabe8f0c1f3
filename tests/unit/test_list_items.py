"""List items: where a title ends, what is said of it, and which items are one list."""

from __future__ import annotations

import pytest

from nkqa.build.document import read_document
from nkqa.build.facts.list_items import list_item_facts, lists_of


def items_of(document):
    found = {}
    for fact in list_item_facts(document):
        found.setdefault(fact.subject, []).append((fact.attribute, fact.value))
    return found


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    path = tmp_path_factory.mktemp("items") / "works.md"
    lines = [
        "Salt, Sand, and Stone: A Life, by Ann Berg, a 1999 memoir of a carter",
        "Stop! – by Ida Moe and Per Dahl – 2019 middle-grade story of a boy;",
        "Stand by Night by Li Wen is set on a road.",
        "Old Roads - 2020 documentary about Ann Berg, directed by Jo-an Lim;",
        "The Carter, a 2001 Salt Prize winning novel by painter Ole Vik.",
        "Wet Salt – 2003 film about a carter (played by Kim Bo-ra), who meets a king (played by Al Roe) in 1950;",
        "The Girl from Vale, a 2015 autobiography of Mia Holt, who left in 1997 by crossing the Vale River.",
        "Three bags of salt, depending on size",
    ]
    text = "# Works\n\n## Titles\n\n" + "\n".join(f"- {line}" for line in lines)
    text += (
        "\n\n## Notes\n\nFirst:\n\n- Nora Vik, *Two Notes* (1938)\n- **Bo Lim** (림보), chief clerk from 1905 to 1931\n"
    )
    text += '- "Salt Song" by Ole Vik\n\nSecond:\n\n- one thing\n- another thing\n'
    path.write_text(text, encoding="utf-8")
    return read_document(path, path.name)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Salt, Sand, and Stone: A Life", {("creator", "Ann Berg"), ("year", "1999"), ("kind", "memoir")}),
        ("Stop!", {("creator", "Ida Moe and Per Dahl"), ("year", "2019"), ("kind", "middle-grade story")}),
        ("Stand by Night", {("creator", "Li Wen")}),
        ("Old Roads", {("creator", "Jo-an Lim"), ("year", "2020"), ("kind", "documentary"), ("about", "Ann Berg")}),
        ("The Carter", {("creator", "Ole Vik"), ("year", "2001"), ("kind", "novel"), ("prize", "Salt Prize")}),
        ("Wet Salt", {("year", "2003"), ("kind", "film"), ("performer", "Kim Bo-ra"), ("performer", "Al Roe")}),
        ("The Girl from Vale", {("year", "2015"), ("kind", "autobiography"), ("about", "Mia Holt")}),
        ("Three bags of salt, depending on size", set()),
        ("Two Notes", {("creator", "Nora Vik"), ("year", "1938")}),
        ("Bo Lim", {("role", "chief clerk"), ("year", "1905 to 1931")}),
        ("Salt Song", {("creator", "Ole Vik")}),
    ],
)
def test_item_is_read(made_up, title, said):
    found = items_of(made_up)[title]
    assert found[0] == ("title", title)
    assert set(found[1:]) - {("about", "Mia Holt")} == said - {("about", "Mia Holt")}


def test_year_is_a_number_and_says_what_it_means(made_up):
    years = {fact.subject: fact for fact in list_item_facts(made_up) if fact.attribute == "year"}
    assert (years["The Carter"].low, years["The Carter"].high, years["The Carter"].unit) == (2001, 2001, "publication")
    assert (years["Bo Lim"].low, years["Bo Lim"].high, years["Bo Lim"].unit) == (1905, 1931, "in office")


def test_performer_goes_with_the_character(made_up, article):
    unit = {fact.value: fact.unit for fact in list_item_facts(made_up) if fact.attribute == "performer"}
    assert unit == {"Kim Bo-ra": "a carter", "Al Roe": "who meets a king"}
    cast = {fact.value: fact.unit for fact in list_item_facts(article) if fact.attribute == "performer"}
    assert cast["Cha Seung-won"] == "Kim Sun-ho"


def test_lists_end_at_headings_and_paragraphs(made_up, article, harbour, fog):
    assert [len(run) for run in lists_of(made_up)] == [8, 3, 2]
    assert [len(run) for run in lists_of(article)] == [4, 13, 13]
    assert [len(run) for run in lists_of(harbour)] == [4, 5, 3]
    assert [len(run) for run in lists_of(fog)] == [3, 3, 2]


def test_facts_are_slices_in_order(made_up, article, harbour, fog):
    for document in (made_up, article, harbour, fog):
        facts = list_item_facts(document)
        assert len({fact.id for fact in facts}) == len(facts)
        for fact in facts:
            assert fact.value
            assert fact.span.of(document.text) == fact.value
            assert fact.statement.contains(fact.span)
        for group in {fact.group for fact in facts}:
            places = [fact.position[0] for fact in facts if fact.group == group]
            assert places == sorted(places)
            assert set(places) == set(range(max(places) + 1))


def test_every_book_and_film_of_the_article_has_its_title(article):
    found = items_of(article)
    assert found["I Escaped North Korea!"][1] == ("creator", "Ellie Crowe and Scott Peters")
    assert ("creator", "Songmi Han and Casey Lartigue Jr.") in found[
        "Greenlight to Freedom: A North Korean Daughter's Search for Her Mother and Herself"
    ]
    assert ("creator", "Yalu River") not in found["The Girl with Seven Names: Escape from North Korea"]
    assert ("kind", "two volume graphic novel") in found["Le Défecteur de Pyongyang"]


def test_document_without_lists_has_no_items(tmp_path):
    path = tmp_path / "plain.txt"
    path.write_text("Title\n\nA sentence by Ann Berg.\n", encoding="utf-8")
    assert list_item_facts(read_document(path, path.name)) == ()

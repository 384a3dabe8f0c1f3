"""Questions about tables: what is read from the words, what is computed, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from nkqa.ask.question import read_question
from nkqa.ask.tables.arithmetic import answer_table_question
from nkqa.ask.tables.grid import Grid, read_grids
from nkqa.ask.tables.reading import read_table_question
from nkqa.build.document import read_document
from nkqa.build.facts.cells import cell_bounds, cell_facts, label_period
from nkqa.store.facts import FactStore, write_facts
from nkqa.types import Document, Finding, Kind


def _grids(folder: Path, *documents: Document) -> tuple[Grid, ...]:
    write_facts(folder, [fact for document in documents for fact in cell_facts(document)])
    return read_grids(FactStore(folder), {document.id: document for document in documents})


@pytest.fixture(scope="session")
def grids(tmp_path_factory, article, harbour, fog) -> dict[str, tuple[Grid, ...]]:
    """The tables of the article, and those of the hand-written corpus."""
    return {
        "article": _grids(tmp_path_factory.mktemp("a"), article),
        "small": _grids(tmp_path_factory.mktemp("s"), harbour, fog),
    }


def _ask(grids: tuple[Grid, ...], question: str, history: tuple[str, ...] = ()) -> Finding | None:
    query = read_question(question, history, max_chars=500, vocabulary=frozenset(), is_word=lambda _: True)
    asked = read_table_question(query, grids)
    return answer_table_question(asked) if asked else None


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How many women arrived in 2005?", "960"),
        ("men, 2016", "299"),
        ("arrivals in 2009", "2,914"),
        ("How many people came to SK in 2014?", "1,397"),
        ("women in the period column ~2001", "478"),
        ("Sum of the arrivals in 2020, 2021 and 2022", "359"),
        ("arrivals from 2020 to 2022 added together", "359"),
        ("total arrivals 2020 to 2022", "359"),
        ("What was the total number of arrivals between 2020 and 2022?", "359"),
        ("How did arrivals change between 2022 and 2023?", "192.5%"),
        ("share of women in 2021 and 2022", "42.3%"),
        ("difference between men and women in 2011", "1,116"),
        ("How many fewer people came in 2012 than in 2011?", "1,204"),
        ("share of women among the arrivals of 2004", "67%"),
        ("ratio of women to men in 2022", "0.91"),
        ("average number of men per year from 2020 to 2023", "44.8"),
        ("percentage change in arrivals between 2022 and 2023", "192.5%"),
        ("Which year had the most arrivals?", "2009"),
        ("smallest number of women in any year", "23"),
        ("What was the peak year for men?", "2011"),
        ("In which years did fewer than 100 people arrive?", "2021, 2022"),
        ("How many years had more than 2,500 arrivals?", "4"),
        ("first year after 2001 in which fewer than 1,000 people arrived", "2020"),
        ("second highest number of arrivals", "2,803"),
        ("women, the year after 2010", "1,911"),
        ("Did arrivals rise between 2011 and 2012?", "No"),
        ("Were there more arrivals in 2011 than in 2010?", "Yes"),
        ("Did more men than women arrive in 2010?", "No"),
        ("Did the number of women fall from 2009 to 2010?", "Yes"),
        ("Do the male and female totals add up to the stated overall total?", "No, the difference is 40"),
    ],
)
def test_the_article_table(grids, question, short) -> None:
    finding = _ask(grids["article"], question)
    assert finding is not None
    assert finding.short == short


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How many sailing vessels were piloted in 1955?", "240"),
        ("steamers in 1953", "803"),
        ("In which year were the most vessels piloted?", "1960"),
        ("How many more steamers were piloted in 1960 than in 1951?", "708"),
        ("What was the cost in crowns at Gannet Rock?", "2,131.80"),
    ],
)
def test_other_tables_by_the_same_rules(grids, question, short) -> None:
    finding = _ask(grids["small"], question)
    assert finding is not None
    assert finding.short == short


@pytest.mark.parametrize(
    "question",
    [
        "How many defectors lived in Canada in 2016?",  # another place
        "How many defectors took their own lives in 2019?",  # another matter
        "Why did more women than men arrive in 2005?",  # asks for a cause
        "How many women arrived in 1985?",  # not in the table
        "What do people eat in 2005?",
        "Are most defectors women?",
    ],
)
def test_a_word_that_is_not_understood_leaves_the_table_alone(grids, question) -> None:
    assert _ask(grids["article"], question) is None


def test_follow_up_takes_the_new_year_and_keeps_the_rest(grids) -> None:
    finding = _ask(grids["article"], "and in 2010?", ("How many women arrived in 2009?",))
    assert finding is not None
    assert finding.short == "1,811"


def test_every_operand_is_a_cell_of_its_evidence(grids, article) -> None:
    finding = _ask(grids["article"], "share of women among the arrivals of 2004")
    assert finding is not None
    assert finding.kind is Kind.COMPUTED
    assert finding.computation is not None
    assert finding.computation.formula == "1,272 ÷ 1,898 = 67%"
    for operand in finding.computation.operands:
        cells = finding.evidence[operand.evidence].cells
        assert operand.value in [article.text[cell.start : cell.end] for cell in cells]


def test_period_columns_are_never_averaged_in_and_that_is_said(grids) -> None:
    finding = _ask(grids["article"], "What is the average number of arrivals?")
    assert finding is not None
    assert finding.computation is not None
    assert len(finding.computation.operands) == 22
    assert any("~1998, ~2001" in caveat for caveat in finding.computation.caveats)


def test_stated_total_that_is_not_the_sum_is_given_with_the_sum(grids) -> None:
    finding = _ask(grids["article"], "total number of women in the last column")
    assert finding is not None
    assert finding.short == "24,448"
    assert any("24,539" in claim.text for claim in finding.claims)


def test_the_latest_figure_says_of_when_it_is(grids) -> None:
    finding = _ask(grids["article"], "How many women arrived in the latest year?")
    assert finding is not None
    assert finding.short == "164"
    assert any("2023 is the last year" in claim.text for claim in finding.claims)


def test_nothing_passes_the_bound(grids) -> None:
    finding = _ask(grids["article"], "In which years did more than 5,000 people arrive?")
    assert finding is not None
    assert finding.short == "none"
    assert "2,914" in finding.claims[0].text


def test_ties_are_both_named(tmp_path) -> None:
    path = tmp_path / "tie.md"
    path.write_text("# Boats\n\n| Kind | 2001 | 2002 | 2003 |\n| --- | --- | --- | --- |\n| Sail | 4 | 7 | 7 |\n")
    finding = _ask(_grids(tmp_path, read_document(path, "tie.md")), "Which year had the most sail boats?")
    assert finding is not None
    assert finding.short == "2002 and 2003"


def test_division_by_zero_gives_no_answer(tmp_path) -> None:
    path = tmp_path / "zero.md"
    path.write_text("# Boats\n\n| Kind | 2001 | 2002 |\n| --- | --- | --- |\n| Sail | 0 | 7 |\n")
    grids = _grids(tmp_path, read_document(path, "zero.md"))
    assert _ask(grids, "percentage change in sail boats between 2001 and 2002") is None


def test_dots_between_thousands_are_told_by_the_table(tmp_path) -> None:
    path = tmp_path / "dots.md"
    path.write_text("# Doc\n\n| Kind | 2001 | 2002 |\n| --- | --- | --- |\n| Sail | 1.234.567 | 2.500 |\n")
    assert [fact.low for fact in cell_facts(read_document(path, "dots.md"))] == [1234567, 2500]


def test_a_point_in_a_table_without_such_thousands_is_a_point(tmp_path) -> None:
    path = tmp_path / "points.md"
    path.write_text("# Doc\n\n| Kind | 2001 | 2002 |\n| --- | --- | --- |\n| Sail | 2.500 | 1.5 |\n")
    assert [fact.low for fact in cell_facts(read_document(path, "points.md"))] == [2.5, 1.5]


def test_footnote_marks_do_not_make_a_row_the_header(tmp_path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Doc\n\nBoats\nKind 2001 2002\nSail 1,234[a] 2*\nSteam 4,567 n/a\nOar – 7\n")
    facts = cell_facts(read_document(path, "notes.txt"))
    assert [(fact.subject, fact.attribute, fact.low) for fact in facts] == [
        ("Sail", "2001", 1234),
        ("Sail", "2002", 2),
        ("Steam", "2001", 4567),
        ("Steam", "2002", None),
        ("Oar", "2001", None),
        ("Oar", "2002", 7),
    ]


@pytest.mark.parametrize(
    ("written", "bounds"),
    [
        ("1,418", (1418, 1418)),
        ("8.4", (8.4, 8.4)),
        ("45%", (45, 45)),
        ("1,234[a]", (1234, 1234)),
        ("n/a", None),
        ("–", None),
        ("", None),
        ("many", None),
    ],
)
def test_what_a_cell_holds(written, bounds) -> None:
    assert cell_bounds(written) == bounds


@pytest.mark.parametrize(
    ("label", "precision"),
    [("2005", "year"), ("~1998", "open"), ("1999–2001", "years"), ("Total", "total"), ("Cost (crowns)", None)],
)
def test_what_time_a_label_stands_for(label, precision) -> None:
    period = label_period(label)
    assert (period.precision if period else None) == precision

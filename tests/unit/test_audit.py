"""The corpus audit: what it must find in the two corpora, and what it must leave alone."""

from __future__ import annotations

import pytest

from nkqa.build.audit import Severity, audit
from nkqa.build.document import read_document
from nkqa.build.facts.cells import cell_facts

TABLE = """Boats

Some words to begin with, so that there is a text.

Statistics

Boats built at Varn by kind of boat
Kind / Year 2001 2002 2003 Total
Large {large}
Small 5 6 7 18
Total 15 26 37 78

{prose}
"""


@pytest.fixture
def findings_of(tmp_path):
    """Write a text, audit it, give its document and its findings."""

    def run(text, name="boats.txt"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        document = read_document(path, name)
        return document, audit([document], cell_facts(document))

    return run


def boats(large="10 20 30 60", prose="Nothing more is known."):
    return TABLE.format(large=large, prose=prose)


def failed(findings, kind=None):
    return [finding for finding in findings if not finding.passed and kind in (None, finding.kind)]


def of(document):
    return audit([document], cell_facts(document))


# ----------------------------------------------------------------------------------------------------- the corpora


def test_the_three_totals_of_the_article_that_are_no_sums_are_found(article):
    messages = [finding.message for finding in failed(of(article), "row_total")]
    assert len(messages) == 3
    for stated, summed in (("9,533", "9,539"), ("24,448", "24,539"), ("34,021", "34,078")):
        assert any(f"total is {stated}," in message and f"add up to {summed}," in message for message in messages)


def test_the_stated_parts_of_the_article_do_not_make_its_grand_total(article):
    (finding,) = failed(of(article), "grand_total")
    assert "34,021" in finding.message
    assert "9,533 + 24,448 = 33,981" in finding.message
    assert [span.of(article.text) for span in finding.spans] == ["34,021", "9,533", "24,448"]


def test_prose_of_the_article_that_contradicts_its_table_is_found(article):
    findings = failed(of(article), "prose_table")
    shown = {finding.spans[0].of(article.text): finding for finding in findings}
    assert set(shown) == {"1,138", "2,706", "56%"}
    assert "632 of 1,142 (Female)" in shown["1,138"].message
    assert "1,911 of 2,706 (Female)" in shown["2,706"].message
    assert "is the total of that year" in shown["2,706"].message
    assert "55.3 %" in shown["56%"].message
    assert shown["1,138"].severity is Severity.ERROR
    assert shown["56%"].severity is Severity.WARNING


def test_article_passes_what_is_right_in_it(article):
    passed = {finding.kind: finding.message for finding in of(article) if finding.passed}
    assert "of 24 stated column totals 24" in passed["column_total"]
    assert "4 figures of the prose agree" in passed["prose_table"]
    assert {"percentage_range", "set_aside_table"} <= set(passed)


def test_article_has_its_flags_empty_sections_and_ignored_region(article):
    findings = of(article)
    assert len(failed(findings, "flagged_sentence")) == 8
    assert any("Television" in finding.message for finding in failed(findings, "empty_section"))
    (ignored,) = failed(findings, "ignored_region")
    assert "navigation" in ignored.message
    assert [finding.message.split(" = ")[1][:4] for finding in failed(findings, "percentage_sum")] == ["99 %", "98 %"]


def test_conflicts_planted_in_the_small_corpus_are_found(harbour, fog):
    findings = audit([harbour, fog], [*cell_facts(harbour), *cell_facts(fog)])
    errors = [finding.message for finding in findings if finding.severity is Severity.ERROR]
    assert len(errors) == 2
    assert "“Sail”: the stated total is 6,489, but its cells add up to 6,498, 9 more" in errors[0]
    assert "6,489 + 13,192 = 19,681" in errors[1]
    (prose,) = failed(findings, "prose_table")
    assert "the prose says 1,350" in prose.message
    assert "gives 1,348" in prose.message
    # The Markdown table has a missing value and decimals, and its totals are right.
    assert [f.passed for f in findings if f.document == fog.id and f.kind == "column_total"] == [True]


def test_every_span_lies_in_its_document(article, harbour, fog):
    for document in (article, harbour, fog):
        for finding in of(document):
            for span in finding.spans:
                assert 0 <= span.start < span.end <= len(document.text)


def test_faults_come_first_and_the_worst_of_them_first(article):
    findings = of(article)
    order = [(finding.passed, list(Severity).index(finding.severity)) for finding in findings]
    assert order == sorted(order)


def test_json_shows_the_words_of_the_spans(article):
    finding = failed(of(article), "grand_total")[0].to_json(article.text)
    assert finding["severity"] == "error"
    assert [place["text"] for place in finding["spans"]] == ["34,021", "9,533", "24,448"]
    assert article.text[finding["spans"][0]["start"] : finding["spans"][0]["end"]] == "34,021"


# ------------------------------------------------------------------------------------------------------- the checks


def test_right_table_has_no_error(findings_of):
    _, findings = findings_of(boats())
    assert [finding for finding in failed(findings) if finding.severity is Severity.ERROR] == []
    assert {"row_total", "column_total", "grand_total"} <= {finding.kind for finding in findings if finding.passed}


def test_wrong_cell_breaks_its_row_and_its_column(findings_of):
    document, findings = findings_of(boats(large="10 21 30 60"))
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    assert [finding.kind for finding in errors] == ["row_total", "column_total"]
    assert "1 more" in errors[0].message
    assert "21 + 6 = 27" in errors[1].message
    assert [span.of(document.text) for span in errors[1].spans] == ["26", "21", "6"]


def test_missing_value_makes_a_wrong_sum_a_warning_only(findings_of):
    _, findings = findings_of(boats(large="10 n/a 30 60"))
    (row,) = failed(findings, "row_total")
    assert row.severity is Severity.WARNING
    assert "n/a left out" in row.message


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("In 2002, 25 boats were built at Varn.", "gives 26 (total)"),
        ("In 2002, 21 large boats were built at Varn.", "gives 20 (Large)"),
        ("In 2002, 80% of the boats built at Varn were large (26 boats).", "is the total of that year"),
        ("In 2002, 80% of the boats built at Varn were large.", "which is 76.9 %"),
    ],
)
def test_sentence_that_contradicts_the_table_is_found(findings_of, prose, expected):
    _, findings = findings_of(boats(prose=prose))
    assert any(expected in finding.message for finding in failed(findings, "prose_table"))


@pytest.mark.parametrize(
    "prose",
    [
        "In 2002, 26 boats were built at Varn.",
        "In 2002, 20 large boats were built at Varn.",
        "In 2002, 77% of the boats built at Varn were large (20 boats).",
        "In 2002, around 30 boats were built at Varn.",
        "In the first half of 2002, 24 boats were built at Varn.",
        "Since 2002, 24 boats were built at Varn.",
        "In 2002, 25 people of the village were ill.",
        "In 2002, a boat of 25 metres was built at Varn, and the boats built there cost $25.",
        "In 1999, 25 boats were built at Varn.",
        "In 2002, 260 boats passed Varn.",
    ],
)
def test_sentence_that_agrees_or_speaks_of_something_else_is_left_alone(findings_of, prose):
    _, findings = findings_of(boats(prose=prose))
    assert failed(findings, "prose_table") == []


def test_pronoun_takes_the_part_from_the_sentence_before(findings_of):
    prose = "Large boats made Varn known. In 2002, they were 60% of the boats built (26 boats)."
    _, findings = findings_of(boats(prose=prose))
    assert [finding.severity for finding in failed(findings, "prose_table")] == [Severity.ERROR]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Of the crew, 50% were tall, 30% were small and 20% were neither.", None),
        ("Of the crew, 50% were tall, 30% were small and 19% were neither.", Severity.NOTE),
        ("Of the crew, 50% were tall, 30% were small and 12% were neither.", Severity.WARNING),
        ("It rose from 10% to 12%, then to 30%.", None),
    ],
)
def test_shares_that_should_add_up(findings_of, text, severity):
    _, findings = findings_of(f"Crews\n\nIn 1990 there were crews.\n\n{text}\n")
    assert [finding.severity for finding in failed(findings, "percentage_sum")] == ([severity] if severity else [])


def test_share_above_the_whole_is_doubtful_but_growth_is_not(findings_of):
    _, findings = findings_of("Crews\n\nIn 1990 120% was Dutch.\n\nIn 1991 the crew grew by 150%.\n")
    assert ["120%" in finding.message for finding in failed(findings, "percentage_range")] == [True]


def test_figure_without_a_time_is_named_unless_its_section_has_one(findings_of):
    text = "Crews\n\nBoats\n\nThere are 40 boats.\n\nMen\n\nThere are 90 men. They came in 1950.\n"
    _, findings = findings_of(text)
    assert ["40" in finding.message for finding in failed(findings, "no_time")] == [True]


def test_ragged_lines_of_numbers_are_reported_as_set_aside(findings_of):
    text = "Crews\n\nSome words, so that there is a text.\n\nA 1 2 3 4\nB 1 2 3\nC 1 2 3 4\n\nThe end came.\n"
    document, findings = findings_of(text)
    if document.tables:  # a parser that learns to read them has nothing to report
        pytest.skip("read as a table")
    (finding,) = failed(findings, "set_aside_table")
    assert finding.spans[0].of(document.text) == "A 1 2 3 4\nB 1 2 3\nC 1 2 3 4"
    assert "4, 3, 4 numbers" in finding.message


def test_empty_section_and_flag(findings_of):
    _, findings = findings_of("# A\n\nText is here.[citation needed]\n\n## B\n", "a.md")
    assert ["B" in finding.message for finding in failed(findings, "empty_section")] == [True]
    assert ["citation needed" in finding.message for finding in failed(findings, "flagged_sentence")] == [True]

"""Questions about a heading: its first sentences, an honest word where nothing stands under it, else nothing."""

from __future__ import annotations

import pytest

from nkqa.ask.sections import find_section, openable
from nkqa.build.document import read_document


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Headings that are hard to ask about: stop words only, a question, brackets, the same heading twice."""
    path = tmp_path_factory.mktemp("odd") / "odd.md"
    text = "# Odd\n\n## About\n\nIt is.\n\n## Who we are\n\nWe are.\n\n## Why salt?\n\nSalt is cheap.\n\n"
    text += "## Costs (crowns)\n\n## Costs (crowns)\n\nThree crowns.\n\n## See also\n\n## Upper\n\n### Lower\n\nDeep.\n"
    path.write_text(text, encoding="utf-8")
    return read_document(path, path.name)


def said(match):
    return [piece.span.of(match.document.text) for piece in match.evidence]


@pytest.mark.parametrize(
    "question",
    [
        "What does the text say about Rescue?",
        "what does the article say about the rescue",
        "What is said about rescue?",
        "What is there on Rescue?",
        "Tell me about the rescue!",
        "tell us more about Rescue",
        "An overview of Rescue",
        "Summary of “Rescue”.",
    ],
)
def test_section_is_answered_by_how_it_begins(harbour, question):
    match = find_section(question, [harbour])
    assert match.section.heading == "Rescue"
    assert said(match)[0] == "Each station keeps a boat that is ready within 8 minutes."
    assert len(match.evidence) == 2
    assert all(piece.path == ("Rescue",) and piece.doc_id == harbour.id for piece in match.evidence)


def test_section_without_text_of_its_own_begins_with_its_first_sub_section(harbour):
    match = find_section("What does the text say about the northern stations?", [harbour])
    assert said(match)[0].startswith("Skarholm Light stands on a basalt stack")
    assert match.evidence[0].path == ("Stations", "Northern stations", "Skarholm Light")


def test_flags_travel_with_the_sentences(harbour):
    match = find_section("What does the text say about Terms?", [harbour])
    assert [piece.flags for piece in match.evidence] == [(), ("citation needed",)]
    assert said(match)[1].endswith("[citation needed]")


@pytest.mark.parametrize("heading", ["Radio", "References", "Websites"])
def test_empty_section_is_found_and_has_nothing_to_say(harbour, heading):
    match = find_section(f"What does the text say about {heading}?", [harbour])
    assert match.section.heading == heading
    assert match.evidence == ()


def test_empty_section_of_the_article(article):
    match = find_section("What does the text say about television?", [article])
    assert (match.section.heading, match.section.empty, match.evidence) == ("Television", True, ())


@pytest.mark.parametrize(
    "question",
    [
        "What does the text say about penguins?",
        "What does the text say about the rescue of penguins?",
        "What does the text say about Stat?",
        "What does the text say about?",
        "Tell me about the",
        "How many people are on a rescue boat?",
        "Rescue",
        "",
    ],
)
def test_anything_else_is_no_section(harbour, question):
    assert find_section(question, [harbour]) is None


def test_of_two_sections_the_one_with_text_answers(odd):
    match = find_section("What does the text say about costs (crowns)?", [odd])
    assert said(match) == ["Three crowns."]


def test_section_of_any_document(harbour, fog):
    match = find_section("What does the text say about fog days?", [harbour, fog])
    assert match.document.id == fog.id
    assert said(match)[0] == "Nobody has counted fog days everywhere."


def test_every_section_that_can_be_opened_is_by_its_heading(harbour, fog, article, odd):
    for documents in ([harbour], [fog], [article], [odd], [harbour, fog, article, odd]):
        found = openable(documents)
        assert found
        for _, section in found:
            match = find_section(f"What does the text say about “{section.heading}”?", documents)
            assert match, section.heading
            assert match.evidence, section.heading


def test_nothing_empty_can_be_opened(odd):
    assert {section.heading for _, section in openable([odd])} == {"Why salt?", "Costs (crowns)", "Upper", "Lower"}


def test_no_headings_no_sections_to_open(tmp_path):
    path = tmp_path / "plain.txt"
    path.write_text("Only one sentence stands here.\n", encoding="utf-8")
    assert openable([read_document(path, path.name)]) == ()

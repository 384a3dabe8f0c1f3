"""Levels of headings that nothing marks, and the outlines of the corpora."""

from __future__ import annotations

import pytest

from nkqa.build.outline import Heading, infer_levels


def levels(outline, links=(), title="Lights", prose=""):
    """`outline` names headings; one that ends in "-" has no text of its own."""
    headings = [Heading(name.rstrip("-"), not name.endswith("-")) for name in outline]
    return infer_levels(headings, list(links), title, prose)


PLACES = "They went to Canada and to Japan, and from Japan to Norway. The mental health of all was good."


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        ([], []),
        (["Terms", "History", "Rescue"], [1, 1, 1]),
        # a heading without text of its own stands above the one behind it
        (["Terms", "History-", "Foundation", "Rescue"], [1, 1, 2, 1]),
        (["History-", "First years-", "Foundation", "Rescue"], [1, 1, 2, 1]),
        # ... and where names follow it, above all of them
        (["Places-", "Canada", "Mental health", "Japan", "Rescue"], [1, 2, 3, 2, 1]),
        (["Places-", "Canada", "Japan", "Norway"], [1, 2, 2, 2]),
        # nothing but empty headings: no sign speaks
        (["See also-", "References-", "Notes-"], [1, 1, 1]),
        (["Rescue", "See also-"], [1, 1]),
    ],
)
def test_levels_without_a_list_of_contents(outline, expected):
    assert levels(outline, prose=PLACES) == expected


def test_list_of_contents_names_the_main_headings():
    outline = ["Terms", "Places", "Canada", "Mental health", "Japan", "Rescue", "Boats", "Notes"]
    links = ["Lights TermsLights PlacesLights RescueLights NotesLights"]
    assert levels(outline, links, prose=PLACES) == [1, 1, 2, 3, 2, 1, 2, 1]
    assert levels(outline, ["TermsPlacesRescueNotes"], prose=PLACES) == [1, 1, 2, 3, 2, 1, 2, 1]


@pytest.mark.parametrize(
    "links",
    [
        [],
        ["Lights TermsLights Places"],  # fewer than three
        ["Lights PlacesLights RescueLights Notes"],  # does not begin with the first heading
        ["termsplacesrescuenotes"],
        ["The Terms of Places in Rescue and Notes"],  # prose
    ],
)
def test_other_links_are_no_list_of_contents(links):
    outline = ["Terms", "Places", "Canada", "Rescue", "Notes"]
    assert levels(outline, links, prose=PLACES) == [1, 1, 1, 1, 1]


def test_heading_with_pattern_characters():
    outline = ["C++ (language)", "What? [sic]", "A|B", "$x^2"]
    links = ["C++ (language)What? [sic]A|B"]
    assert len(levels(outline, links, title="(", prose="(")) == 4


def test_listed_heading_above_headings_above_headings():
    outline = ["Stations-", "North-", "Skarholm", "Gannet", "South-", "Torhaven", "Rescue", "Notes"]
    links = ["StationsRescueNotes"]
    assert levels(outline, links) == [1, 2, 3, 3, 2, 3, 1, 1]


# ------------------------------------------------------------------------------------------------------- real documents


def outline_of(document):
    return [(section.level, section.heading) for section in document.sections]


def test_outline_of_the_article(article):
    below_korea = ["Reward", "Resettlement", "Statistics", "Discrimination", "Mental health"]
    below_korea += ["Social and ethnic tensions"]
    countries = ["Canada", "China", "Europe", "Japan", "Laos", "Mongolia", "Philippines", "Russia", "Thailand"]
    countries += ["United States", "Vietnam"]
    assert outline_of(article) == [
        (0, "North Korean Defectors"),
        (1, "Terms"),
        (1, "Demographics"),
        (1, "By destination"),
        (2, "South Korea"),
        *((3, heading) for heading in below_korea),
        *((2, country) for country in countries),
        (1, "Psychological and cultural adjustment"),
        (1, "Return to North Korea"),
        (1, "Representation in fiction and non-fiction"),
        (2, "Books"),
        (2, "Films"),
        (2, "Television"),
        (1, "See also"),
        (2, "Similar migrants fleeing to Free World"),
        (1, "Further reading"),
        (1, "References"),
        (2, "Websites"),
        (2, "Articles"),
        (2, "Media"),
    ]


def test_paths_of_the_article(article):
    paths = {section.heading: section.path for section in article.sections}
    assert paths["North Korean Defectors"] == ()
    assert paths["Reward"] == ("By destination", "South Korea", "Reward")
    assert paths["Canada"] == ("By destination", "Canada")
    assert paths["Films"] == ("Representation in fiction and non-fiction", "Films")


def test_empty_sections_of_the_article(article):
    assert [section.heading for section in article.sections if section.empty] == [
        "Television",
        "See also",
        "Similar migrants fleeing to Free World",
        "Further reading",
        "References",
        "Websites",
        "Articles",
        "Media",
    ]


def test_outline_of_the_small_plain_text(harbour):
    assert outline_of(harbour) == [
        (0, "Harbour Lights of Vessmark"),
        (1, "Terms"),
        (1, "History"),
        (2, "Foundation"),
        (2, "The great storm"),
        (2, "Automation"),
        (1, "Stations"),
        (2, "Northern stations"),
        (3, "Skarholm Light"),
        (3, "Gannet Rock"),
        (2, "Southern stations"),
        (3, "Torhaven Pier"),
        (3, "Ness Point"),
        (1, "Statistics"),
        (1, "Rescue"),
        (1, "Representation in fiction and non-fiction"),
        (2, "Books"),
        (2, "Films"),
        (2, "Radio"),
        (2, "See also"),
        (2, "Other services on the same coast"),
        (1, "References"),
        (2, "Websites"),
    ]
    empty = ["Radio", "See also", "Other services on the same coast", "References", "Websites"]
    assert [section.heading for section in harbour.sections if section.empty] == empty


def test_outline_of_the_small_markdown(fog):
    assert outline_of(fog) == [
        (0, ""),
        (1, "Fog signals of the Vessmark coast"),
        (1, "Kinds of signal"),
        (2, "Bells and guns"),
        (3, "Costs of the gun"),
        (2, "Horns"),
        (2, "Fog days"),
        (2, "People"),
        (3, "Listeners"),
        (2, "Recordings"),
        (2, "Notes"),
    ]
    assert [section.heading for section in fog.sections if section.empty] == ["Recordings"]

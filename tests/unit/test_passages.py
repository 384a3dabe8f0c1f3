"""Passages (what is cited) and views (what is searched)."""

from __future__ import annotations

from nkqa.build.document import read_document
from nkqa.build.passages import MAX_CELLS_IN_VIEW, make_passages, make_views, plain
from nkqa.types import PassageKind, View


def read(folder, text, name="lights.txt"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(path, name)


def of_kind(document, kind):
    return [passage for passage in make_passages(document) if passage.kind is kind]


def views_of(document, start):
    """Return the views of the passage that begins with `start`."""
    passages = make_passages(document)
    (number,) = [number for number, passage in enumerate(passages) if passage.text.startswith(start)]
    return [view.text for view in make_views(document, passages, 0) if view.passage == number]


TEXT = """The lights

One is green. Two is red. Three is blue.

Kit

The kit of a boat:

• two rafts
• coffee. And tea.

It is heavy.

• an anchor
"""


def test_sentences_have_their_neighbours_in_the_block(tmp_path):
    document = read(tmp_path, TEXT)
    windows = [(p.text, p.window.of(document.text)) for p in of_kind(document, PassageKind.SENTENCE)]
    assert windows == [
        ("One is green.", "One is green. Two is red."),
        ("Two is red.", "One is green. Two is red. Three is blue."),
        ("Three is blue.", "Two is red. Three is blue."),
        ("The kit of a boat:", "The kit of a boat:"),
        ("It is heavy.", "It is heavy."),
    ]


def test_list_items_have_the_sentence_that_introduces_them(tmp_path):
    document = read(tmp_path, TEXT)
    items = of_kind(document, PassageKind.LIST_ITEM)
    leads = [(item.text, item.lead and item.lead.of(document.text)) for item in items]
    assert leads == [
        ("two rafts", "The kit of a boat:"),
        ("coffee. And tea.", "The kit of a boat:"),
        ("an anchor", None),
    ]
    assert all(item.path == ("Kit",) and item.window == item.span for item in items)


def test_lead_is_the_last_sentence_of_the_paragraph_above(tmp_path):
    document = read(tmp_path, "The lights\n\nThey are old. Their colours are:\n\n• green\n• red\n")
    items = of_kind(document, PassageKind.LIST_ITEM)
    assert [item.lead.of(document.text) for item in items] == ["Their colours are:"] * 2


def test_views_are_text_with_headings_and_neighbours(tmp_path):
    document = read(tmp_path, TEXT)
    assert views_of(document, "Two is") == [
        "Two is red.",
        "The lights.  Two is red.",
        "One is green. Two is red. Three is blue.",
    ]
    assert views_of(document, "coffee") == ["coffee. And tea.", "The lights. Kit. The kit of a boat: coffee. And tea."]


def test_views_are_numbered_from_the_first_passage_on(tmp_path):
    document = read(tmp_path, TEXT)
    passages = make_passages(document)
    views = make_views(document, passages, 40)
    numbers = [view.passage for view in views]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(40, 40 + len(passages)))
    assert all(isinstance(view, View) and view.text.strip() for view in views)


def test_markdown_marks_are_searched_as_words_only():
    assert plain("The **fog  day** is\n`1000` [metres](http://x.y) *far* ![a map](m.png)") == (
        "The fog day is 1000 metres far a map"
    )
    assert plain("2 * 3 and a_b") == "2 * 3 and a_b" or plain("2 * 3") == "2 * 3"


def test_table_row_is_described_by_its_columns(fog):
    row = next(text for text in views_of(fog, "| Gannet Rock") if "Gannet" in text)
    assert row == ("Gannet Rock: Range (nmi) 7, Height above sea (m) 31, Hours sounded 1,122, Cost (crowns) 2,131.80")


def test_long_table_row_is_described_by_its_labels(article, harbour):
    male = views_of(article, "Male 831")[0]
    assert male.startswith("Status of North Korean defectors entering South Korea. Male: ~1998, ~2001, 2002, ")
    assert "831" not in male
    assert len(harbour.tables[0].columns) > MAX_CELLS_IN_VIEW
    assert "2,310" not in views_of(harbour, "Sail 2,310")[0]


def test_table_rows_have_their_caption_as_lead(article):
    leads = [row.lead.of(article.text) for row in of_kind(article, PassageKind.TABLE_ROW)]
    assert leads == ["Status of North Korean defectors entering South Korea"] * 3


def test_support_package_of_the_article_has_its_lead(article):
    lead = "In 2021, the Ministry of Unification described the support package for defectors as:"
    items = [p for p in of_kind(article, PassageKind.LIST_ITEM) if p.lead and p.lead.of(article.text) == lead]
    assert [item.text for item in items] == [
        "12 weeks of adaptation training",
        "$6,000 to $32,400 of settlement benefits, depending on size of household",
        "$13,300 to $19,100 housing subsidy",
        "Free education in public schools and universities",
    ]
    assert {item.path for item in items} == {("By destination", "South Korea", "Reward")}


def test_flags_come_along(harbour):
    assert [(p.text[:20], p.flags) for p in make_passages(harbour) if p.flags] == [
        ('A "doubter" is a shi', ("citation needed",)),
        ("Before 1950, over 80", ("failed verification",)),
        ("Recently, volunteers", ("when?",)),
    ]


def test_ids_are_of_place_and_document(tmp_path, harbour):
    ids = [passage.id for passage in make_passages(harbour)]
    assert len(set(ids)) == len(ids)
    assert [passage.id for passage in make_passages(harbour)] == ids
    one = make_passages(read(tmp_path, TEXT))
    other = make_passages(read(tmp_path, TEXT, "other.txt"))
    assert {passage.id for passage in one}.isdisjoint(passage.id for passage in other)

"""A source file → `Document`: nothing lost, nothing re-typed, and clear words about a file that cannot be read."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nkqa.build.document import read_document, read_sidecar
from nkqa.build.passages import make_passages
from nkqa.errors import CorpusError
from nkqa.types import BlockKind, PassageKind, Span

ROOT = Path(__file__).resolve().parents[2]
SHARED_ARTICLE = ROOT.parent / "shared" / "corpus" / "north-korean-defectors.txt"
ARTICLE = ROOT / "corpus" / "north-korean-defectors.txt"
# What may stand outside of every element: marks of bullets, lists, quotes and headings, and their underlines; the colon
# behind a label that became a heading; a byte order mark.
MARKS = re.compile(r"(?:[\s\ufeff>:•▪◦‣·●○∙*+–—=~_#-]|\(?\b[a-z]\)|\d{1,9}[.)]|\[[ xX]\])*")


def read(folder, text, name="lights.txt"):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_document(path, name)


def regions(document):
    """Return the spans that make up a document, without the elements inside them, in order."""
    spans = [section.heading_span for section in document.sections]
    spans += [block.span for block in document.blocks]
    spans += [table.span for table in document.tables]
    spans += [pair.span for pair in document.pairs]
    spans += [ignored.span for ignored in document.ignored]
    return sorted(span for span in spans if span.start < span.end)


def check_spans(document):
    """Check that every span lies where it must, and that no text but marks is outside of all regions."""
    text = document.text
    found = regions(document)
    assert all(span.start >= 0 and span.end <= len(text) for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found)), "regions overlap"
    check_blocks(document)
    check_sections(document)
    check_tables(document)
    check_passages(document)
    edges = [0, *(edge for span in found for edge in (span.start, span.end)), len(text)]
    gaps = [Span(a, b).of(text) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    lost = [line for gap in gaps for line in re.split(r"[\r\n]", gap) if not MARKS.fullmatch(line)]
    # The first line of an infobox may repeat the title, and is then not one of its pairs.
    title = document.sections[0].heading.casefold()
    assert [line for line in lost if not (document.pairs and line.strip().casefold() == title)] == []


def check_blocks(document):
    assert all(a.span.end <= b.span.start for a, b in pairwise(document.blocks))
    assert all(a.section <= b.section for a, b in pairwise(document.blocks))
    for block in document.blocks:
        spans = [sentence.span for sentence in block.sentences]
        assert all(block.span.contains(span) and span.start < span.end for span in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))
        if block.kind is BlockKind.LIST_ITEM:
            assert spans == [block.span]
        for sentence in block.sentences:
            assert all(sentence.span.contains(flag.span) for flag in sentence.flags)


def check_sections(document):
    text, sections = document.text, document.sections
    assert (sections[0].level, sections[0].span, sections[0].path) == (0, Span(0, len(text)), ())
    assert all(section.heading == section.heading_span.of(text) for section in sections)
    assert all(a.heading_span.start < b.heading_span.start for a, b in pairwise(sections[1:]))
    for number, section in enumerate(sections[1:], start=1):
        assert section.level >= 1
        assert section.path[-1] == section.heading
        assert len(section.path) <= section.level
        assert 0 <= section.span.start <= section.span.end <= len(text)
        assert section.span.contains(section.heading_span)
        follower = next((other for other in sections[number + 1 :] if other.level <= section.level), None)
        assert follower is None or section.span.end <= follower.heading_span.start
    owned = [*document.blocks, *document.tables, *document.pairs]
    for element in owned:
        assert sections[element.section].span.contains(element.span)
    filled = {element.section for element in owned}
    assert not any(sections[number].empty for number in filled)


def check_tables(document):
    for table in document.tables:
        inner = [table.caption, table.corner, *table.columns, *(row.span for row in table.rows)]
        assert all(table.span.contains(span) for span in inner if span)
        for row in table.rows:
            assert len(row.cells) == len(table.columns)
            assert all(row.span.contains(cell) for cell in [row.label, *row.cells])
            assert all(a.end <= b.start for a, b in pairwise([row.label, *row.cells]))
    for pair in document.pairs:
        assert pair.span.contains(pair.label)
        assert pair.label.end <= pair.value.start
        assert pair.span.contains(pair.value)
        assert pair.value.start < pair.value.end


def check_passages(document):
    passages = make_passages(document)
    assert len({passage.id for passage in passages}) == len(passages)
    for passage in passages:
        assert passage.text == passage.span.of(document.text)
        assert passage.text.strip()
        assert passage.window.contains(passage.span)
        assert not any(
            max(i.span.start, passage.span.start) < min(i.span.end, passage.span.end) for i in document.ignored
        )
    assert [passage.span for passage in passages] == sorted(passage.span for passage in passages)
    assert all(a.span.end <= b.span.start for a, b in pairwise(passages))


# ------------------------------------------------------------------------------------------------------ the documents


@pytest.mark.parametrize("name", ["article", "harbour", "fog"])
def test_spans_of_the_corpora(name, request):
    check_spans(request.getfixturevalue(name))


def test_article_is_the_shared_file_byte_for_byte(article):
    if not SHARED_ARTICLE.exists():
        pytest.skip(f"NOT TESTED: {SHARED_ARTICLE} is not here to compare the article with")
    assert ARTICLE.read_bytes() == SHARED_ARTICLE.read_bytes()
    assert article.text == SHARED_ARTICLE.read_bytes().decode()
    assert article.sha256 == hashlib.sha256(SHARED_ARTICLE.read_bytes()).hexdigest()


def test_article_is_not_converted(article):
    assert hashlib.sha256(ARTICLE.read_bytes()).hexdigest() == article.sha256
    assert len(article.text) == 46_909


def test_title_and_source_of_the_article(article):
    assert article.title == "North Korean defectors"
    assert article.source.author == "Wikipedia contributors"
    assert article.source.licence == "CC BY-SA 4.0"
    assert article.source.url.startswith("https://en.wikipedia.org/")
    assert article.source.retrieved is None


def test_sentences_of_the_article(article):
    passages = make_passages(article)
    kinds = {kind: sum(passage.kind is kind for passage in passages) for kind in PassageKind}
    assert 289 <= sum(len(block.sentences) for block in article.blocks) <= 297
    assert 260 <= kinds[PassageKind.SENTENCE] <= 270
    assert kinds[PassageKind.LIST_ITEM] == 30
    assert kinds[PassageKind.TABLE_ROW] == 3
    assert kinds[PassageKind.PAIR] == 4
    # No sentence ends inside an abbreviation or a name.
    assert not any(re.search(r"\b(Dr|Jr|U\.S|U\.N|George W)\.$", p.text) and p.text[-3:] != "Jr." for p in passages)


FLAGGED = [
    ("One such term in South Korea is", "citation needed"),
    ("Intergovernmental organizations such as the United Nations", "citation needed"),
    ("Most South Koreans, who unlike North Koreans", "citation needed"),
    ("South Koreans' politically (rather than personally) relevant", "citation needed"),
    ("Before 2009, over 70% of female", "failed verification"),
    ("After 2009, the percentage of female", "failed verification"),
    ("Also, tighter border control with China", "citation needed"),
    ("In July 2004, 468 North Korean refugees", "failed verification"),
]


def test_flags_of_the_article_are_bound_to_their_sentences(article):
    flagged = [sentence for block in article.blocks for sentence in block.sentences if sentence.flags]
    assert [
        sentence.span.of(article.text).startswith(start) for sentence, (start, _) in zip(flagged, FLAGGED, strict=True)
    ]
    assert [
        (s.span.of(article.text)[: len(start)], s.flags[0].label)
        for s, (start, _) in zip(flagged, FLAGGED, strict=True)
    ] == FLAGGED
    assert [len(sentence.flags) for sentence in flagged] == [1] * 8
    assert all(sentence.flags[0].span.end == sentence.span.end for sentence in flagged)
    assert len(re.findall(r"\[citation needed\]|\[failed verification\]", article.text)) == 8
    assert [passage.flags for passage in make_passages(article) if passage.flags] == [(label,) for _, label in FLAGGED]


def test_caption_of_the_article(article):
    (caption,) = [block for block in article.blocks if block.kind is BlockKind.CAPTION]
    # The line above it, which repeats the title, is the text of a picture.
    (sentence,) = caption.sentences
    assert sentence.span.of(article.text) == (
        "Typical routes for North Korean defectors traveling to South Korea through China and Southeast Asia"
    )
    assert article.path_of(caption.section) == ("By destination",)


def test_trailer_of_the_article_is_in_no_passage(article):
    start = article.text.index("Tags:")
    assert max(passage.span.end for passage in make_passages(article)) <= start
    assert not any(section.heading_span.end > start for section in article.sections)
    assert article.sections[-1].span.end <= start
    assert not any(word in passage.text for passage in make_passages(article) for word in ("Uma Thurman", "UFC 300"))


def test_small_plain_text(harbour):
    flags = [flag.label for block in harbour.blocks for sentence in block.sentences for flag in sentence.flags]
    assert flags == ["citation needed", "failed verification", "when?"]
    (caption,) = [block for block in harbour.blocks if block.kind is BlockKind.CAPTION]
    assert [sentence.span.of(harbour.text) for sentence in caption.sentences] == [
        "Map of the Vessmark lights",
        "The seven lights as seen from the sea, from north to south",
    ]
    assert sum(block.kind is BlockKind.LIST_ITEM for block in harbour.blocks) == 12
    assert not any("Penguin racing" in passage.text for passage in make_passages(harbour))


def test_small_corpus_has_the_characters_that_shift_offsets(harbour, fog):
    astral = harbour.text.index("\U00010348")
    assert ord(harbour.text[astral]) > 0xFFFF
    later = [p for p in make_passages(harbour) if p.span.start > astral]
    assert len(later) > 60
    assert any("베스마크" in passage.text for passage in make_passages(harbour))
    assert "\u00a0" in harbour.text + fog.text
    assert "\r\n" in fog.text
    assert "\n" not in fog.text.replace("\r\n", "")


def test_small_markdown(fog):
    assert [(ignored.reason, ignored.span.start) for ignored in fog.ignored] == [("front matter", 0)]
    assert not any("title:" in passage.text for passage in make_passages(fog))
    items = [block.span.of(fog.text) for block in fog.blocks if block.kind is BlockKind.LIST_ITEM]
    assert items[:3] == [
        "A coal engine filled a tank with air at 2.4 bar.",
        "A clock opened the valve for 6 seconds in every minute.",
        "The piston turned the air into a note of 180 Hz.",
    ]
    assert len(items) == 8


# ------------------------------------------------------------------------------------------------ whatever text it is


def lines_of(*parts):
    line = st.one_of(st.sampled_from(parts), st.text(alphabet=ALPHABET, max_size=40))
    line_end = st.sampled_from(["\n", "\r\n", "\n\n", "\r\n\r\n", "\n\n\n", "\r"])
    return st.lists(st.tuples(line, line_end).map("".join), min_size=1, max_size=12).map("".join)


ALPHABET = st.characters(codec="utf-8", exclude_characters="\0")
PLAIN = lines_of(
    *[
        "The light is green. It is old.[citation needed]",
        "Terms",
        "History and more",
        "Note:",
        "  • one thing",
        "• two",
    ],
    *["1. first", "1.1 Scope", "a) letter", "- dash", "=====", "---", "Kind / Year 1950 1951", "Sail 1 2", "Steam 3 4"],
    *[
        "Founded",
        "Founded: 1871",
        "Budget8.4",
        "등대 베스마크",
        "𐍈 sign",
        "Tags:",
        "A TermsA HistoryA StationsA RescueA More",
    ],
    *["One | Two | Three | Four", "\ufeff", "\x0c", "\u2028", "[when?]", "[1]", "   ", "\u00a0", "x" * 200, "It is,"],
)
MARKDOWN = lines_of(
    *[
        "# Title",
        "## Sub ##",
        "Text one. Text two.[citation needed]",
        "===",
        "---",
        "- item",
        "  - nested",
        "* [x] done",
    ],
    *[
        "1. one",
        "   more",
        "> quote",
        "> - in quote",
        "> # head",
        "```",
        "    code",
        "<div>",
        "<!-- x -->",
        "[a]: http://b.c",
    ],
    *[
        "| a | b |",
        "|---|:-:|",
        "| 1 | 2 | 3 |",
        "> | a | b |",
        "title: x",
        "***",
        "#",
        "-",
        "2)",
        "𐍈 *em* `c`",
        "등대",
    ],
    *[
        "\ufeff",
        "\x0c",
        "\u2028",
        "\\",
        "&nbsp;",
        "![pic](x.png)",
        "a\\|b | c",
        "[1]",
        "\t",
        "\u00a0",
        "+",
        "[^1]: note",
    ],
)


@settings(deadline=None, max_examples=300)
@given(text=PLAIN)
def test_nothing_of_a_plain_text_is_lost(text, tmp_path_factory):
    check_any(text, tmp_path_factory, "any.txt")


@settings(deadline=None, max_examples=300)
@given(text=MARKDOWN)
def test_nothing_of_a_markdown_text_is_lost(text, tmp_path_factory):
    check_any(text, tmp_path_factory, "any.md")


def check_any(text, tmp_path_factory, name):
    folder = tmp_path_factory.getbasetemp()
    if not text.replace("\ufeff", "").strip():
        return  # refused as empty
    document = read(folder, text, name)
    assert document.text == text
    check_spans(document)


# ---------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("data", [b"", b"\n \t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n\n", " \u00a0\u3000\n".encode()])
def test_empty_file_is_refused(tmp_path, data):
    with pytest.raises(CorpusError, match=r"lights\.txt is empty") as caught:
        read(tmp_path, data)
    assert "remove it" in caught.value.remedy


@pytest.mark.parametrize("name", ["lights.txt", "lights.md"])
def test_file_that_is_not_utf8_is_refused_with_its_line(tmp_path, name):
    with pytest.raises(CorpusError, match=rf"{name} is not UTF-8 text: byte 0xfc in line 3") as caught:
        read(tmp_path, "One\n\nMüller\n".encode("latin-1"), name)
    assert "iconv" in caught.value.remedy


@pytest.mark.parametrize("data", ["Ω".encode("utf-16"), "One".encode("utf-16-be"), b"\xed\xa0\x80", b"\xf0\x9f\x94"])
def test_other_encodings_are_refused(tmp_path, data):
    with pytest.raises(CorpusError, match=r"lights\.txt (is not UTF-8|holds a NUL)"):
        read(tmp_path, data)


def test_nul_is_refused_with_its_line(tmp_path):
    with pytest.raises(CorpusError, match=r"lights\.txt holds a NUL character in line 2") as caught:
        read(tmp_path, b"One.\nTwo\0.\n")
    assert "remove it" in caught.value.remedy


def test_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(CorpusError, match=r"gone\.txt cannot be read: No such file"):
        read_document(tmp_path / "gone.txt", "gone.txt")


# ----------------------------------------------------------------------------------------------- identity and sidecar


def test_id_is_made_of_name_and_bytes(tmp_path):
    first = read(tmp_path, "One.\n")
    assert read(tmp_path, "One.\n").id == first.id
    assert read(tmp_path, "Two.\n").id != first.id
    assert read(tmp_path, "One.\n", "other.txt").id != first.id
    assert re.fullmatch(r"[0-9a-f]{12}", first.id)


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("lights.txt", "The lights\n\nThey are green.\n", "The lights"),
        ("lights.txt", "They are green.\n", "lights"),
        ("lights.txt", "They are green.\n\nTerms\n\nThey are old.\n", "Terms"),
        ("lights.md", "# The lights\n\nThey are green.\n", "The lights"),
        ("lights.md", "They are green.\n", "lights"),
        ("LIGHTS.TXT", "The lights\n\nThey are green.\n", "The lights"),
    ],
)
def test_title_without_a_sidecar(tmp_path, name, text, title):
    assert read(tmp_path, text, name).title == title


TEXT = "The lights\n\nTerms\n\nThey are green.\n\nNotes\n\nThey are old.\n"


def with_sidecar(folder, sidecar):
    (folder / "lights.toml").write_bytes(sidecar.encode() if isinstance(sidecar, str) else sidecar)
    return read(folder, TEXT)


def test_sidecar(tmp_path):
    document = with_sidecar(
        tmp_path,
        'title = "Lights"\nauthor = "A"\nsource = "B"\nurl = "https://c.example/"\n'
        'licence = "D"\nlicence_url = "http://e.example/"\nretrieved = "F"\n'
        "[heading_levels]\nNotes = 2\n",
    )
    assert document.title == "Lights"
    source = document.source
    assert (source.author, source.source, source.url) == ("A", "B", "https://c.example/")
    assert (source.licence, source.licence_url, source.retrieved) == ("D", "http://e.example/", "F")
    assert [(section.heading, section.level) for section in document.sections] == [
        ("The lights", 0),
        ("Terms", 1),
        ("Notes", 2),
    ]
    assert document.sections[2].path == ("Terms", "Notes")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "C:/notes", "https://", "http://a b", "//c.example"])
@pytest.mark.parametrize("key", ["url", "licence_url"])
def test_sidecar_with_an_address_that_no_browser_may_be_sent_to(tmp_path, key, address):
    with pytest.raises(CorpusError, match=key):
        with_sidecar(tmp_path, f'{key} = "{address}"\n')


def test_no_sidecar_says_nothing(tmp_path):
    sidecar = read_sidecar(tmp_path / "lights.toml", "lights.txt")
    assert (sidecar.title, sidecar.levels) == ("", {})
    assert sidecar.source.author is None


@pytest.mark.parametrize(
    ("sidecar", "words"),
    [
        ("title = ", "cannot be read"),
        ('title = "Müller"'.encode("latin-1"), "cannot be read"),
        ('colour = "green"', "'colour' is not a text or not a known key"),
        ("title = 5", "'title' is not a text"),
        ("title = false", "'title' is not a text"),
        ("title = []", "'title' is not a text"),
        ("retrieved = 2026-11-24", "'retrieved' is not a text"),
        ("heading_levels = 2", "heading_levels must map headings to 1 ... 6"),
        ("[heading_levels]\nNotes = 0", "heading_levels must map headings to 1 ... 6"),
        ("[heading_levels]\nNotes = 7", "heading_levels must map headings to 1 ... 6"),
        ('[heading_levels]\nNotes = "2"', "heading_levels must map headings to 1 ... 6"),
        ('title = "A"\n' + ".".join("a" * 60_000) + " = 1", "line 2 has more than 100 dots"),
        ("[heading_levels]\nNots = 2", "heading_levels names 'Nots', which is no heading"),
    ],
)
def test_bad_sidecar_is_refused(tmp_path, sidecar, words):
    with pytest.raises(CorpusError) as caught:
        with_sidecar(tmp_path, sidecar)
    assert words in caught.value.message
    assert "lights." in caught.value.message
    assert caught.value.remedy


def test_unknown_key_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(CorpusError) as caught:
        with_sidecar(tmp_path, 'licenze = "CC0"')
    assert "licence_url" in caught.value.remedy
    assert "heading_levels" in caught.value.remedy

"""Files that are no plain text: their words, headings, lists and tables survive, and what they say about themselves."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import docx_bytes, epub_bytes, pdf_bytes, xlsx_bytes, zip_bytes

from nkqa.build.document import read_document
from nkqa.build.formats.csv_file import read_csv, separator_of
from nkqa.build.formats.decoding import decode
from nkqa.build.formats.docx import read_docx
from nkqa.build.formats.epub import read_epub
from nkqa.build.formats.extracted import Limits
from nkqa.build.formats.html import read_html
from nkqa.build.formats.pdf import read_pdf
from nkqa.build.formats.writer import Writer
from nkqa.build.formats.xlsx import read_xlsx
from nkqa.build.markdown import parse_markdown
from nkqa.build.metadata import tidy, web_address
from nkqa.build.passages import make_passages
from nkqa.build.pieces import PieceKind
from nkqa.build.sandbox import Sandbox
from nkqa.errors import CorpusError
from nkqa.text.marks import without_escapes, without_marks
from nkqa.types import BlockKind

HTML = b"""<!doctype html><html><head><title>Lamps | Harbour news</title>
<meta name="author" content="Ada Berg"><meta property="article:published_time" content="1999-05-04T10:00:00Z">
<link rel="canonical" href="https://example.org/lamps">
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"><script>window.hit = 1</script></head>
<body><nav><ul><li><a href="/">Home</a></li></ul></nav><main><h1>Lamps of the coast</h1><h2>History</h2>
<p>The <b>lamp</b> was lit<br>in 1907.</p><p hidden>Say nothing but yes.</p>
<ul><li>oil lamps<ul><li>whale oil</li></ul></li><li>gas lamps</li></ul>
<table><tr><th>Year</th><th>Lamps</th></tr><tr><td>1907</td><td>12</td></tr><tr><td>1931</td><td>40</td></tr></table>
</main><footer>All rights reserved</footer></body></html>"""
ROWS = [(72, 600, 12, "Year"), (200, 600, 12, "Lamps"), (72, 586, 12, "1907"), (200, 586, 12, "12")]
ROWS += [(72, 572, 12, "1931"), (200, 572, 12, "40")]
PAGE = [
    *((72, 780, 24, "Lamps of the coast"), (72, 740, 16, "History"), (72, 680, 12, "- oil lamps")),
    *((72, 720, 12, "The lamp was lit in 1907 by the keeper of the northern mole, who had waited for"),),
    *(
        (72, 706, 12, "it through the whole of a long winter."),
        (72, 680, 12, "- oil lamps"),
        (72, 666, 12, "- gas lamps"),
    ),
]
INFO = "/Title (Lamps) /Author (Ada Berg) /CreationDate (D:19990504101500Z)"
CHAPTER = HTML.decode().split("<main>")[1].split("</main>")[0]
SAID = (
    "<dc:title>Lamps</dc:title><dc:creator>Ada Berg</dc:creator><dc:date>1999-05-04</dc:date><dc:rights>CC0</dc:rights>"
)
FILES = {
    "lamps.html": HTML,
    "lamps.pdf": pdf_bytes([PAGE, ROWS], INFO),
    "lamps.docx": docx_bytes(),
    "lamps.epub": epub_bytes([CHAPTER, "<h1>Ships</h1><p>The ship came in 1912.</p>"], SAID),
    "lamps.xlsx": xlsx_bytes(),
    "lamps.csv": b"Year;Lamps\r\n1907;12\r\n1931;40\r\n",
}
PROSE = [name for name in FILES if not name.endswith(("xlsx", "csv"))]


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """Read every sample through the sandbox, as a build does."""
    folder = tmp_path_factory.mktemp("formats")
    read = {}
    with Sandbox() as sandbox:
        for name, data in FILES.items():
            (folder / name).write_bytes(data)
            read[name] = read_document(folder / name, name, sandbox)
    return read


def texts_of(document, kind):
    return [block.span.of(document.text) for block in document.blocks if block.kind is kind]


@pytest.mark.parametrize("name", PROSE)
def test_headings_lists_and_words_survive(documents, name):
    document = documents[name]
    headings = [section.heading for section in document.sections]
    assert {"Lamps of the coast", "History"} <= set(headings)
    assert texts_of(document, BlockKind.LIST_ITEM)[-1] == "gas lamps"
    assert "oil lamps" in texts_of(document, BlockKind.LIST_ITEM)
    (told,) = [text for text in texts_of(document, BlockKind.PARAGRAPH) if "1907" in text]
    assert told.startswith("The lamp was lit in 1907")
    assert next(s.path for s in document.sections if s.heading == "History")[-1] == "History"
    assert not any(word in document.text for word in ("Home", "rights", "Say nothing", "window"))


@pytest.mark.parametrize("name", FILES)
def test_tables_survive_cell_by_cell(documents, name):
    document = documents[name]
    (table,) = document.tables
    assert table.corner.of(document.text) == "Year"
    assert [column.of(document.text) for column in table.columns] == ["Lamps"]
    rows = [(row.label.of(document.text), *(cell.of(document.text) for cell in row.cells)) for row in table.rows]
    assert rows == [("1907", "12"), ("1931", "40")]


@pytest.mark.parametrize("name", FILES)
def test_every_passage_is_a_slice_of_the_extracted_text(documents, name):
    document = documents[name]
    passages = make_passages(document)
    assert passages
    assert all(passage.text == passage.span.of(document.text) for passage in passages)


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("csv")])
def test_a_file_says_who_wrote_it_and_when(documents, name):
    source = documents[name].source
    assert (source.author, source.date) == ("Ada Berg", "1999-05-04")
    assert documents[name].title == ("Lamps of the coast" if name.endswith("html") else "Lamps")


def test_address_and_licence(documents):
    assert documents["lamps.html"].source.url == "https://example.org/lamps"
    assert documents["lamps.html"].source.licence_url == "https://creativecommons.org/licenses/by/4.0/"
    assert documents["lamps.epub"].source.licence == "CC0"
    assert documents["lamps.csv"].title == "lamps"


def test_sidecar_wins_over_the_file(tmp_path):
    (tmp_path / "lamps.html").write_bytes(HTML)
    (tmp_path / "lamps.toml").write_text('title = "Lights"\nauthor = "B"\nlicence = "CC0"\ndate = "2001"\n')
    document = read_document(tmp_path / "lamps.html", "lamps.html")
    source = document.source
    assert (document.title, source.author, source.date, source.licence) == ("Lights", "B", "2001", "CC0")
    assert source.licence_url is None, "the licence of the page is not that of the sidecar"
    assert source.url == "https://example.org/lamps"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Ada\u202eBerg\u2066 \0x", "Ada Berg x"),
        ("a" * 1000, "a" * 299 + "…"),
        (" \n ", None),
        (None, None),
        ("김 철수", "김 철수"),
    ],
)
def test_metadata_is_one_short_line(told, kept):
    assert tidy(told) == kept


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://[::1]:80/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("https://a b", False),
        ("//example.org", False),
        ("https://example.org/\u202egro", False),
        ("https://" + "a" * 3000, False),
        ("http://[", False),
    ],
)
def test_only_addresses_of_the_web_are_kept(told, kept):
    assert web_address(told) == (told if kept else None)


# ------------------------------------------------------------------------------------------------------ each format


def html(body):
    return read_html(f"<body>{body}</body>".encode(), Limits()).text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<ol start=3><li>one<li>two</ol>", "3. one\n4. two\n"),
        ("<ul><li>a<p>b</p></ul>", "- a\n- b\n"),
        ("<dl><dt>Lamp</dt><dd>A light.</dd></dl>", "Lamp\n\nA light.\n"),
        ("<p>1907. A year # of lamps</p>", "1907\\. A year # of lamps\n"),
        ("<p># no heading</p><p>&lt;script&gt;x()</p>", "\\# no heading\n\n\\<script>x()\n"),
        ("<table><tr><td><h2>Layout</h2><p>Words.</p></td></tr></table>", "## Layout\n\nWords.\n"),
        (
            "<table><tr><th>a<th>b<th>c<tr><td rowspan=2>1<td>2<td>3<tr><td colspan=2>4</table>",
            "| a | b | c |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n| 1 | 4 |  |\n",
        ),
        ("<table><tr><th>a<th>b<tr><td>x|y<td>z</table>", "| a | b |\n| --- | --- |\n| x\\|y | z |\n"),
        ("<div class=sidebar>Away</div><p>Here.</p>", "Here.\n"),
        ("<p>A<script>b</script><style>c</style>d</p>", "Ad\n"),
        ("<ul>" + "<li><a href=x>Elsewhere</a>" * 9 + "</ul><p>Here.</p>", "Here.\n"),
    ],
)
def test_html(body, text):
    assert html(body) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "shift_jis"])
def test_pages_name_their_encoding(encoding):
    page = f'<meta charset="{encoding}"><p>Маяк</p>'.encode(encoding)
    assert "Маяк" in read_html(page, Limits()).text


@pytest.mark.parametrize(
    ("label", "encoding", "word"),
    [
        *((label, "cp949", "똠방각하") for label in ("euc-kr", "EUC-KR", "ks_c_5601-1987", "korean", "windows-949")),
        *((label, "gb18030", "朱镕基") for label in ("gb2312", "gbk", "GB18030")),
        *((label, "cp932", "①髙") for label in ("shift_jis", "Shift-JIS", "sjis")),
        *((label, "windows-1252", "“Müller” – €") for label in ("iso-8859-1", "latin1", "ascii")),
        ("utf-16", "utf-8", "똠방각하 Müller"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label, encoding, word):
    page = f'<meta charset="{label}"><p>{word}</p>'.encode(encoding)
    assert word in read_html(page, Limits()).text


def test_text_that_names_no_encoding():
    assert decode("Müller".encode("windows-1252")) == decode("Müller".encode()) == "Müller"
    assert decode(b'<meta charset="zlib">ok') == '<meta charset="zlib">ok'


@pytest.mark.parametrize(("line", "separator"), [("a,b,c", ","), ("a;1,5;2,5", ";"), ("a\tb", "\t"), ('"a;b"|c', "|")])
def test_separators(line, separator):
    assert separator_of(f"{line}\n{line}\n") == separator


def test_csv_keeps_line_breaks_and_bars_inside_their_cell():
    text = read_csv(b'a,b\n"x\n|y","=1+1"\n', Limits()).text
    assert text == "| a | b |\n| --- | --- |\n| x \\|y | =1+1 |\n"
    (table,) = [piece.table for piece in parse_markdown(text) if piece.table]
    assert [span.of(text) for span in (table.rows[0][0], *table.rows[0][1])] == ["x \\|y", "=1+1"]


def test_xlsx_gives_values_as_they_are_shown_and_parts_tables_at_blank_rows():
    rows = [("Lamps by year",), (), (None, "Year", "Share"), (None, 1907, 0.5), (None, 1931.0, True), (), ("=1+1", "x")]
    text = read_xlsx(xlsx_bytes(rows), Limits()).text
    assert text.startswith(
        "# Lamps\n\nLamps by year\n\n| Year | Share |\n| --- | --- |\n| 1907 | 0.5 |\n| 1931 | TRUE |"
    )
    assert "1+1" not in text, "a formula without a stored value says nothing"


def test_docx_leaves_out_what_is_deleted_or_hidden():
    data = docx_bytes("Kept.")
    assert "Kept." in read_docx(data, Limits()).text
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    body = parts["word/document.xml"].decode()
    hidden = (
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Unseen.</w:t></w:r><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del>"
    )
    added = f"<w:p><w:ins><w:r><w:t>Inserted.</w:t></w:r></w:ins>{hidden}</w:p><w:sectPr"
    parts["word/document.xml"] = body.replace("<w:sectPr", added, 1).encode()
    text = read_docx(zip_bytes(parts), Limits()).text
    assert "Inserted." in text
    assert "Unseen." not in text
    assert "Gone." not in text


def test_pdf_without_text_says_what_to_do():
    with pytest.raises(CorpusError) as caught:
        read_pdf(pdf_bytes([[]]), Limits())
    assert "OCR" in caught.value.remedy


def test_pdf_drops_page_numbers_and_joins_paragraphs_over_pages():
    words = ("one", "two", "three", "four")
    line = "The keeper of the lamp went on counting the ships that came into the harbour and"
    pages = [
        [(72, 800, 12, "The lamps"), (72, 740, 12, f"{word} {line}"), (72, 726, 12, word), (300, 20, 12, f"Page {n}")]
        for n, word in enumerate(words)
    ]
    text = read_pdf(pdf_bytes(pages), Limits()).text
    assert text == " ".join(f"{word} {line} {word}" for word in words) + "\n"


def test_epub_with_protection_is_refused():
    with pytest.raises(CorpusError, match="protected"):
        read_epub(epub_bytes(["<p>x</p>"], extra={"META-INF/rights.xml": "<x/>"}), Limits())


# ------------------------------------------------------------------------------------------- text is never a mark


MARKED = st.text("ab1.)#->|=*_~`<[]!\\ \n", max_size=12)


@given(st.lists(MARKED | st.text(max_size=40), min_size=1, max_size=5))
def test_what_is_written_as_a_paragraph_is_read_as_that_paragraph(texts):
    writer = Writer(10_000)
    for text in texts:
        writer.paragraph(text)
    written = writer.text()
    pieces = parse_markdown(written)
    assert {piece.kind for piece in pieces} <= {PieceKind.PARAGRAPH}
    expected = [line for text in texts if (line := " ".join(clean(text).split()))]
    assert [without_escapes(piece.span.of(written)) for piece in pieces] == expected


def clean(text):
    return "".join(
        c for c in text if c.isspace() or not (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\ufeff\ufffe\uffff")
    )


def without_first_escape(text):
    place = text.find("\\")
    return text if place < 0 else text[:place] + text[place + 1 :]


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        (
            "The **lamp** is *old*, see [the **book**](https://e.org/a_(b) 'T') ![alt](x.png).",
            "The lamp is old, see the book alt.",
        ),
        ("2 * 3 * 4 = 24 and snake_case_word", "2 * 3 * 4 = 24 and snake_case_word"),
        (r"a\*b\* and `x*y*`", "a*b* and x*y*"),
        ("<https://e.org> H<sub>2</sub>O ~~gone~~", "https://e.org H2O gone"),
        ("a 5 < 6 and 7 > 3 [1] (no link)", "a 5 < 6 and 7 > 3 [1] (no link)"),
        ("***both*** and [text][ref]", "both and text"),
    ],
)
def test_marks_are_not_words(marked, words):
    assert without_marks(marked) == words


def test_text_of_other_files_keeps_all_but_escapes():
    assert without_escapes(r"1907\. The *lamp* _x_") == "1907. The *lamp* _x_"

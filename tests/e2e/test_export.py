"""What is taken away: Markdown that reads as the page does, references that parse, a file to import again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up import PEAK, TERM, UNSTATED, answer, cell_answer, citation
from markdown_it import MarkdownIt
from playwright.sync_api import Locator, expect
from visiting import OpenVisit, Visit

pytestmark = pytest.mark.browser

ADDRESS = re.compile(r"/c/[0-9a-f]{18}$")
TODAY = r"\d{4}-\d\d-\d\d"
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = (
    "# Not a heading #\n- not a list\n1. nor this\n2) nor this\n+ x\n> not a quotation\n    not code\n\tnor this\n"
    "---\n===\n***\n```\nfence\n```\n| a | b |\n|---|---|\n| c | d |\n[1]: http://example.org\n[link](http://e.org)\n"
    "![image](x)\n<b>bold</b> <script>alert(1)</script> <!-- x -->\n*em* _em_ **b** __b__ ~~s~~ `code` ``c``\n"
    "&amp; &lt; &#65; \\* \\\\ a\\\nline  \nbreak $x$ <http://e.org> a_b_c 2*3*4\n\n\n탈북자 🔥 “q”\r\nend"
)


def document_source(**changes: Any) -> dict[str, Any]:
    source = {"author": None, "source": None, "url": None, "licence": None, "licence_url": None, "retrieved": None}
    return {
        "id": "doc1",
        "name": "n",
        "title": "T",
        "sha256": "",
        "chars": 1,
        "headings": [],
        "source": source | changes,
    }


def exchange(answered: dict[str, Any], question: str = "Why?") -> dict[str, Any]:
    full = {"listing": None, "timeline": [], "sides": []} | answered
    return {"question": question, "answer": full, "asked": "2026-11-24T10:00:00.000Z"}


def run(visit: Visit, module: str, body: str, value: Any) -> Any:
    """Run JavaScript over a module of the page: `body` sees it as `it`, and `value`."""
    return visit.page.evaluate(f"async value => {{ const it = await import('/static/{module}.js'); {body} }}", value)


def references(visit: Visit, entries: list[dict[str, Any]], documents: list[dict[str, Any]], form: str) -> str:
    body = f"return it.{form}(it.referencesOf(value[0], new Map(value[1].map(one => [one.id, one]))));"
    written: str = run(visit, "chat/citations_export", body, [entries, documents])
    return written


def saved(visit: Visit, menu: Locator, label: str) -> tuple[str, str]:
    """Save a format from a menu; return the file's name and text."""
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    with visit.page.expect_download() as download:
        menu.get_by_role("button", name=f"Save {label}").click()
    return download.value.suggested_filename, Path(download.value.path()).read_text(encoding="utf-8")


def plain(markdown: str) -> str:
    """Return the words that a reader of Markdown shows, block by block."""
    blocks = []
    for token in MARKDOWN.parse(markdown):
        if token.type in {"fence", "code_block", "html_block", "hr"}:
            blocks.append(f"<<{token.type}>>")
        for child in token.children or []:
            if child.type not in {"text", "softbreak", "hardbreak", "text_special"}:
                blocks.append(f"<<{child.type}>>")
            blocks.append(child.content or " ")
        if token.type == "inline":
            blocks.append(" ")
    return " ".join("".join(blocks).split())


# --------------------------------------------------------------------------------------------------------- Markdown


def test_hostile_text_reads_in_markdown_as_it_is(visit: Visit) -> None:
    quoted = run(visit, "lib/markdown", "return it.quote(value);", HOSTILE)
    assert plain(quoted) == " ".join(HOSTILE.split())
    kinds = {token.type for token in MARKDOWN.parse(quoted)}
    assert kinds == {"blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close", "inline"}
    breaks = MARKDOWN.render(quoted).count("<br")
    assert breaks > 20, "line breaks stay"


SYMBOLS = st.text(alphabet=st.sampled_from("\\`*_[]<>&~|#+-=.!()1a: \t\n\r탈🔥$\"'/@h"), min_size=1, max_size=40)


def test_any_text_reads_in_markdown_as_it_is(visit: Visit) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(SYMBOLS, min_size=1, max_size=30))
    def check(texts: list[str]) -> None:
        body = "return value.map(text => [it.quote(text), `# ${it.inline(text)}`, it.table(['H'], [[text]])]);"
        for text, (quoted, heading, table) in zip(texts, run(visit, "lib/markdown", body, texts), strict=True):
            words = " ".join(text.split())
            assert plain(quoted) == words
            assert plain(heading) == words
            if words and not re.fullmatch(r"\[\d+\]", words):
                assert plain(table).removeprefix("H ") == words

    check()


def test_conversation_as_markdown_has_every_claim_and_its_proof(visit: Visit) -> None:
    reply = visit.ask(PEAK)
    refusal = visit.ask(UNSTATED)
    source = visit.documents()[0]["source"]
    name, text = saved(visit, visit.page.locator("#export"), "Markdown")
    assert re.fullmatch(rf"nkqa-In-what-years-did-defections-reach-a-peak-{TODAY}\.md", name)
    words = plain(text)
    for part in (
        PEAK,
        UNSTATED,
        reply["text"],
        reply["citations"][0]["document_title"],
        " › ".join(reply["citations"][0]["section"]),
        f"characters {reply['citations'][0]['start_char_index']}–{reply['citations'][0]['end_char_index']}",
        "No answer",
        "Closest passages (not an answer)",
        source["licence"],
        source["url"],
        source["author"],
        reply["generation"],
    ):
        assert " ".join(part.split()) in words.replace("<<strong_open>>", "").replace("<<strong_close>>", "").replace(
            "  ", " "
        ), part
    quotations = [
        plain("\n".join(line.removeprefix("> ").removeprefix(">") for line in block.split("\n")))
        for block in text.split("\n\n")
        if block.startswith(">")
    ]
    cited = [*reply["citations"], *refusal["citations"], *refusal["closest"]]
    assert quotations == [" ".join(one["cited_text"].split()) for one in cited]
    assert re.search(r"^\*\*\[1\]\*\* ", text, re.MULTILINE)


def test_figures_become_tables_and_lists(visit: Visit) -> None:
    document = visit.first_document()
    made = {
        **cell_answer(document),
        "computation": {
            "operation": "sum",
            "formula": "1 + 2 = 3",
            "operands": [{"label": "Male|x", "value": "1", "citation": 1, "start": 0, "end": 1}],
            "result": "3",
            "caveats": ["A *caveat*."],
        },
        "estimates": [
            {
                "value": "10,000", "low": 1, "high": 1, "unit": "people", "what": "were there", "where": None,
                "period": "2013", "claimant": "a survey", "hedge": "about", "flags": ["citation needed"],
                "citation": 1, "start": 0, "end": 1,
            }
        ],
        "sides": [
            {"label": "men", "value": "1", "unit": None, "period": "2009", "citation": 1, "start": 0, "end": 1},
        ],
        "timeline": [
            {"date": "May 2002", "start_date": None, "end_date": None, "text": "Five came.", "again": None,
             "where": "Shenyang", "flags": [], "citation": 1},
        ],
        "listing": {"heading": "Films", "total": 3, "filter": "from 2018", "unstated": 1,
                    "entries": [{"text": "A - *film*", "short": "A", "citation": 1}]},
    }  # fmt: skip
    text = run(
        visit,
        "chat/export_markdown",
        "return it.answerAsMarkdown(value, new Map());",
        exchange(made),
    )
    html = MARKDOWN.render(text)
    for cells in (
        ["Male|x", "1", "[1]"],
        ["about 10,000 people", "were there", "2013", "a survey", "citation needed", "[1]"],
        ["men", "1", "2009", "[1]"],
        ["May 2002", "Five came.", "Shenyang", "[1]"],
    ):
        row = "".join(rf"<td>{re.escape(cell)}</td>\s*" for cell in cells)
        assert re.search(rf"<tr>\s*{row}</tr>", html), cells
    for part in (
        "Computed: 1 + 2 = 3",
        "Note: A *caveat*.",
        "<li>A - *film* [1]</li>",
        "1 of 3 (from 2018); for 1 the text",
    ):
        assert part in html, part
    assert "Where" not in html.split("were there")[0].split("<table>")[-1], "no column without a value"


# ------------------------------------------------------------------------------------------------------- references


def parse_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Read BibTeX strictly: braces are balanced, every field ends where it should; return the fields by key."""
    entries: dict[str, dict[str, str]] = {}
    at = 0
    while match := re.compile(r"\s*@misc\{([A-Za-z0-9:_-]+),\n").match(text, at):
        key, at = match[1], match.end()
        assert key not in entries, key
        fields: dict[str, str] = {}
        while field := re.compile(r"  ([a-z]+) = \{").match(text, at):
            start = at = field.end()
            depth = 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            fields[field[1]] = text[start : at - 1]
            assert text.startswith(",\n", at), text[at : at + 20]
            at += 2
        assert text.startswith("}\n", at), text[at : at + 20]
        at += 2
        entries[key] = fields
    assert not text[at:].strip(), text[at:]
    return entries


def test_bibtex_of_a_real_answer(visit: Visit) -> None:
    reply = visit.ask(PEAK)
    name, text = saved(visit, visit.page.locator(".answer-tools .menu"), "BibTeX")
    assert re.fullmatch(rf"nkqa-In-what-years-.*-{TODAY}\.bib", name)
    entries = parse_bibtex(text)
    assert len(entries) == len({(one["start_char_index"], one["end_char_index"]) for one in reply["citations"]})
    source = visit.documents()[0]["source"]
    for fields, given_citation in zip(entries.values(), reply["citations"], strict=False):
        assert fields["title"] == "{North Korean defectors}"
        assert fields["author"] == "{" + source["author"] + "}"
        assert fields["url"] == source["url"]
        assert re.fullmatch(TODAY, fields["urldate"])
        assert fields["year"] == fields["urldate"][:4]
        assert f"{given_citation['start_char_index']}–{given_citation['end_char_index']}" in fields["note"]
    visit.ask(TERM)
    visit.ask(PEAK)
    _, all_text = saved(visit, visit.page.locator("#export"), "BibTeX")
    assert set(entries) < set(parse_bibtex(all_text)), "keys are stable, and a passage cited twice is one entry"


def test_hostile_text_in_bibtex(visit: Visit) -> None:
    text = "}{ 100% of $5 & #1_a ~x^2 \\input{x} <a|b> “탈북자”\n\nend {"
    cited = [
        citation({"text": text, "id": "doc1", "title": "A {Title} & 탈북자 100%"}, 0, len(text), section=["50%"]),
        citation({"text": text[:-1] + "x", "id": "doc1", "title": "A {Title} & 탈북자 100%"}, 0, len(text), number=2),
        citation({"text": text, "id": "doc/2", "title": "한국어"}, 3, 9, number=3),
    ]
    entries = [exchange(answer({"generation": "g"}, citations=cited))]
    documents = [
        document_source(author="A & B {c}", url="https://e.org/a_b?x=%7B&y={z}", retrieved="2024-05-12", licence="L_1")
    ]
    parsed = parse_bibtex(references(visit, entries, documents, "asBibtex"))
    assert len(parsed) == 3, "the same place with other words is another entry"
    first = next(iter(parsed.values()))
    assert "탈북자" in first["note"]
    assert first["urldate"] == "2024-05-12"
    assert first["year"] == "2024"
    assert first["url"] == "https://e.org/a_b?x=%7B&y=%7Bz%7D"
    for name in ("title", "author", "note"):
        bare = re.sub(r"\\text[a-z]+\{\}", "", first[name])
        bare = bare[1:-1] if name != "note" else bare
        assert not re.search(r"(?<!\\)[&%$#_^~{}]", bare), first[name]
        assert not re.search(r"\\(?![&%$#_])", bare), first[name]


def test_csl_json_has_what_reference_managers_need(visit: Visit) -> None:
    visit.ask(PEAK)
    name, text = saved(visit, visit.page.locator(".answer-tools .menu"), "CSL-JSON")
    assert name.endswith(".csl.json")
    items = json.loads(text)
    assert items
    for item in items:
        assert item["type"] == "webpage"
        assert item["title"] == "North Korean defectors"
        assert item["author"] == [{"literal": "Wikipedia contributors"}]
        assert item["URL"].startswith("https://")
        assert [len(parts) for parts in item["accessed"]["date-parts"]] == [3]
        assert item["license"] == "CC BY-SA 4.0"
        assert item["section"]
        assert item["container-title"].startswith("Wikipedia")
        assert re.search(r"Characters \d+–\d+: “", item["note"])
    cited = answer({"generation": "g"}, citations=[citation({"text": "ab", "id": "d", "title": "T"}, 0, 2)])
    bare = json.loads(references(visit, [exchange(cited)], [], "asCsl"))
    assert bare[0]["type"] == "document", "nothing is made up where the source is unknown"
    assert not {"author", "URL", "license", "container-title", "section"} & set(bare[0])


# ----------------------------------------------------------------------------------------------------- the clipboard


def heard(visit: Visit) -> None:
    visit.page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => window.said.push(document.querySelector('#announcer').textContent))
            .observe(document.querySelector('#announcer'), { childList: true, characterData: true, subtree: true });
        }"""
    )


def said(visit: Visit, times: int = 1) -> list[str]:
    """Return what was announced once there have been so many announcements, and time for one too many."""
    visit.page.wait_for_function("times => window.said.filter(Boolean).length >= times", arg=times)
    visit.page.wait_for_timeout(200)
    return [words for words in visit.page.evaluate("window.said") if words]


@pytest.mark.parametrize("secure", [True, False])
def test_copying_works_and_is_said_once(visit_at: OpenVisit, server: str, secure: bool) -> None:
    visit = visit_at(server)
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not secure:  # as on plain http in a local network
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    visit.open()
    reply = visit.ask(PEAK)
    heard(visit)
    page.get_by_role("button", name="Copy with citations").click()
    assert said(visit) == ["Copied"]
    assert page.evaluate("document.activeElement.textContent") == "Copy with citations"
    assert page.locator("body > textarea").count() == 0
    page.get_by_role("button", name="Copy with citations").click()
    assert said(visit, 2) == ["Copied", "Copied"], "each time"
    page.fill("#question", "")
    page.focus("#question")
    page.keyboard.press("Control+v")
    pasted = page.input_value("#question")
    assert pasted.startswith(f"## {PEAK}")
    assert reply["citations"][0]["cited_text"].split()[0] in pasted
    page.get_by_role("button", name="Copy link").click()
    said(visit, 3)
    page.fill("#question", "")
    page.focus("#question")
    page.keyboard.press("Control+v")
    assert page.input_value("#question") == f"{server.rstrip('/')}/answers/{reply['id']}"


def test_refused_copy_is_said(visit: Visit) -> None:
    visit.ask(PEAK)
    heard(visit)
    visit.page.evaluate(
        """() => {
          const clipboard = { writeText: () => Promise.reject(new Error('no')) };
          Object.defineProperty(navigator, 'clipboard', { value: clipboard });
          document.execCommand = () => false;
        }"""
    )
    visit.page.get_by_role("button", name="Copy link").click()
    assert said(visit) == ["This browser does not let the page copy."]


def test_refusal_can_be_copied_but_not_cited(visit: Visit) -> None:
    visit.answer_with(answer(visit.first_document(), status="declined", reason="off_topic", text="No."))
    visit.ask(UNSTATED)
    tools = visit.page.locator(".answer-tools")
    assert tools.locator("button, summary").all_inner_texts() == ["Copy", "Copy link"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_menus_on_every_screen(visit_at: OpenVisit, server: str, width: int, scheme: str) -> None:
    visit = visit_at(server, width=width, height=740, scheme=scheme)
    visit.open()
    visit.ask(PEAK)
    page = visit.page
    page.locator(".answer-tools summary").click()
    page.locator(".answer-tools .menu-line").first.wait_for()
    visit.assert_fits()
    visit.assert_accessible()
    for target in page.locator(".answer-tools :is(button, summary)").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 24
        assert box["width"] >= 24
    visit.screenshot(f"cite-{width}-{scheme}")
    page.keyboard.press("Escape")
    expect(page.locator(".answer-tools .menu")).not_to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.textContent") == "Cite"
    page.locator("#export summary").click()
    page.locator("#export .menu-line").first.wait_for()
    visit.assert_fits()
    visit.assert_accessible()
    visit.screenshot(f"export-{width}-{scheme}")


def test_menu_that_cannot_be_loaded_can_be_opened_again(visit: Visit) -> None:
    visit.ask(PEAK)
    visit.expect_problem("net::ERR")
    visit.page.route("**/export_menu.js", lambda route: route.abort())
    visit.page.locator(".answer-tools summary").click()
    expect(visit.page.locator(".answer-tools .menu")).to_contain_text("cannot be reached")
    visit.page.unroute_all()
    visit.page.locator(".answer-tools summary").click()
    visit.page.locator(".answer-tools summary").click()
    visit.page.locator(".answer-tools .menu-line").first.wait_for()


# -------------------------------------------------------------------------------------------------------------- JSON


def test_export_forget_import_gives_the_same_page(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.ask(PEAK)
    visit.ask(UNSTATED)
    page.wait_for_url(ADDRESS)
    before, address = page.evaluate("document.querySelector('#thread').innerHTML"), page.url
    name, text = saved(visit, page.locator("#export"), "JSON")
    assert re.fullmatch(rf"nkqa-.*-{TODAY}\.json", name)
    written = json.loads(text)
    assert written["schema"] == 1
    assert re.fullmatch(r"\d+\.\d+.*", written["nkqa"])
    assert written["generations"] == [written["conversation"]["entries"][0]["answer"]["generation"]]
    page.click("#history-open")
    page.get_by_role("button", name="Forget everything").click()
    page.get_by_role("button", name="Forget everything").click()
    expect(page.locator(".history-list li")).to_have_count(0)
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    import_file(visit, file)
    page.locator(".reply").nth(1).wait_for()
    assert page.url == address
    page.locator(".menu[open]").evaluate_all("menus => menus.forEach(menu => { menu.open = false; })")
    # A chart is drawn once its width is known.
    page.wait_for_function("before => document.querySelector('#thread').innerHTML === before", arg=before)
    again = saved(visit, page.locator("#export"), "JSON")[1]
    assert json.loads(again)["conversation"] == written["conversation"]
    # Once more: nothing is doubled.
    page.click("#history-open")
    import_file(visit, file)
    expect(page.locator(".history")).to_be_hidden()
    page.click("#history-open")
    expect(page.locator(".history-list li")).to_have_count(1)


def test_fields_that_a_file_says_are_null_do_no_harm(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.ask(PEAK)
    page.wait_for_url(ADDRESS)
    written = json.loads(saved(visit, page.locator("#export"), "JSON")[1])
    for entry in written["conversation"]["entries"]:
        entry["answer"].update(estimates=None, timeline=None, sides=None, suggestions=None)
    written["conversation"]["id"] = "0" * 18
    file = tmp_path / "nulls.json"
    file.write_text(json.dumps(written), encoding="utf-8")
    page.click("#history-open")
    import_file(visit, file)
    page.wait_for_url("**/c/" + "0" * 18)
    page.locator(".reply").wait_for()
    button = page.get_by_role("button", name="Copy with citations")
    button.click()
    expect(button).to_have_attribute("data-said", re.compile("opied"))


def import_file(visit: Visit, file: Path) -> None:
    with visit.page.expect_file_chooser() as chooser:
        visit.page.get_by_role("button", name="Import", exact=True).click()
    chooser.value.set_files(file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no JSON", "is not a conversation exported from nkqa"),
        ("[1]", "is not a conversation exported from nkqa"),
        ('{"format": "nkqa conversation", "schema": 99}', "exported by a newer nkqa"),
        ('{"format": "nkqa conversation", "schema": 1, "conversation": {"entries": []}}', "is damaged"),
    ],
)
def test_file_that_cannot_be_imported_is_said(visit: Visit, tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(text, encoding="utf-8")
    visit.page.click("#history-open")
    import_file(visit, file)
    expect(visit.page.locator(".history-status").first).to_contain_text(message)
    visit.assert_accessible()


def test_file_names_are_good_on_any_system(visit: Visit) -> None:
    names = run(
        visit,
        "lib/download",
        "return value.map(title => it.fileName(title, 'md'));",
        ['a/b\\c:d*e?"<f>|g', "탈북자는 누구?", "", "x" * 200, "../../etc", "🔥"],
    )
    for name in names:
        assert re.fullmatch(rf"nkqa-([\w-]+-)?{TODAY}\.md", name), name
        assert len(name) < 90
    assert names[0].startswith("nkqa-a-b-c-d-e-f-g-")
    assert names[1].startswith("nkqa-탈북자는-누구-")

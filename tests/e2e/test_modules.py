"""The modules that count characters, run in the browser they are written for."""

from __future__ import annotations

from typing import Any

import pytest
from visiting import Visit

pytestmark = pytest.mark.browser

TEXT = "a🔥b 탈북자 𠀀𠀁\r\n한é👩‍👩‍👧c"

LAY_OUT = """async ([document, highlight]) => {
  const { Manuscript } = await import('/static/source/manuscript.js');
  const { element } = new Manuscript(document, highlight);
  const marked = [...element.querySelectorAll('mark')].map(mark => mark.textContent).join('');
  const cells = [...element.querySelectorAll('.cell-hit')].map(cell => cell.textContent);
  const tables = element.querySelectorAll('table').length;
  element.querySelectorAll('[data-note]').forEach(note => note.remove());
  return { text: element.textContent, marked, cells, tables };
}"""


def test_code_points_become_utf_16_units(modules: Visit) -> None:
    slices = modules.page.evaluate(
        """async text => {
          const { Offsets, slicePoints } = await import('/static/lib/offsets.js');
          const length = [...text].length;
          const all = [];
          for (let start = 0; start <= length; start++)
            for (let end = start; end <= length; end++) all.push([start, end, slicePoints(text, start, end)]);
          return { all, units: new Offsets(text).toUnits(length) };
        }""",
        TEXT,
    )
    assert slices["units"] == len(TEXT.encode("utf-16-le")) // 2
    assert len(slices["all"]) > 100
    for start, end, piece in slices["all"]:
        assert piece == TEXT[start:end]


def document(text: str, **structure: Any) -> dict[str, Any]:
    return {"text": text, "title": "T", "outline": [], "ignored": [], "flags": [], "tables": [], **structure}


def span(text: str, part: str) -> dict[str, int]:
    start = text.index(part)
    return {"start": start, "end": start + len(part)}


def test_every_character_is_kept_and_every_excerpt_is_exact(modules: Visit) -> None:
    text = (
        "🔥 Title\r\n\r\nOne 𠀀 line\r\nand another.[citation needed]\r\n  • item one\r\n\tcontinued\r\n\r\nmenu 🡆 More"
    )
    parsed = document(
        text,
        outline=[{"heading": "🔥 Title", "level": 0, "path": [], "empty": True, "heading_start": 0, "heading_end": 7}],
        flags=[{"label": "citation needed", **span(text, "[citation needed]")}],
        ignored=[{"reason": "navigation", **span(text, "menu 🡆 More")}],
    )
    for start in range(0, len(text), 3):
        for end in range(start + 1, len(text) + 1, 4):
            laid_out = modules.page.evaluate(LAY_OUT, [parsed, {"spans": [{"start": start, "end": end}], "cells": []}])
            assert laid_out["text"] == text
            assert laid_out["marked"] == text[start:end]


@pytest.mark.parametrize(
    ("body", "tables"),
    [
        ("Year ~1998 2002\nMale 831 510\nTotal 947 1,142\n", 1),
        ("Year\t~1998\t2002\r\nMale\t831\t510\r\nTotal\t947\t1,142\r\n", 1),
        ("| Year | ~1998 | 2002 |\n| --- | --- | --- |\n| Male | 831 | 510 |\n| Total | 947 | 1,142 |\n", 0),
    ],
)
def test_table_keeps_its_text_and_marks_its_cell(modules: Visit, body: str, tables: int) -> None:
    text = f"🔥 Before.\n\n{body}\nAfter."
    rows = [table_row(text, "Male", ["831", "510"]), table_row(text, "Total", ["947", "1,142"])]
    table = {
        "caption": None,
        "start": text.index(body),
        "end": text.index(body) + len(body.rstrip()),
        "columns": ["~1998", "2002"],
        "rows": rows,
    }
    cell = rows[1]["cells"][1]
    highlight = {"spans": [{"start": rows[1]["start"], "end": rows[1]["end"]}], "cells": [cell]}
    laid_out = modules.page.evaluate(LAY_OUT, [document(text, tables=[table]), highlight])
    assert laid_out["text"] == text
    assert laid_out["marked"] == text[rows[1]["start"] : rows[1]["end"]]
    assert laid_out["cells"] == ["1,142"]
    assert laid_out["tables"] == tables


def table_row(text: str, label: str, values: list[str]) -> dict[str, Any]:
    at = text.index(label)
    line = text.rindex("\n", 0, at) + 1
    cells = [{"value": value, **span(text, value)} for value in values]
    return {"label": label, "start": line, "end": cells[-1]["end"], "cells": cells}


FIND = """async ([text, words]) => {
  const { findAll, fold } = await import('/static/source/search.js');
  return findAll(text, fold(text), words).map(({ start, end }) => text.slice(start, end));
}"""


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Vietnam, VIETNAM and vietnamese", "vietnam", ["Vietnam", "VIETNAM", "vietnam"]),
        ("🔥 Café 𠀀 cafe\u0301s CAFE", "café", ["Café", "cafe\u0301", "CAFE"]),
        ("Hà Tĩnh", "ha tinh", ["Hà Tĩnh"]),
        ("탈북자 탈북민 타", "탈북", ["탈북", "탈북"]),
        ("탈북자 타", "타", ["타"]),
        ("𠀀🔥𠀁🔥", "🔥", ["🔥", "🔥"]),
        ("North\n  Korean, North\u00a0Korean", "north korean", ["North\n  Korean", "North\u00a0Korean"]),
        ("China’s “plan” 1998–2001", 's "plan" 1998-2001', ["s “plan” 1998–2001"]),
        ("İstanbul ISTANBUL", "istanbul", ["İstanbul", "ISTANBUL"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("anything", "  ", []),
        ("a.b*c", ".b*", [".b*"]),
    ],
)
def test_search_finds_exact_places_whatever_case_and_accents(
    modules: Visit, text: str, words: str, found: list[str]
) -> None:
    assert modules.page.evaluate(FIND, [text, words]) == found


def test_every_folded_unit_knows_where_it_stands(modules: Visit) -> None:
    folded = modules.page.evaluate(
        "async text => (await import('/static/source/search.js')).fold(text)", TEXT + "Ǆ ﬁ ＡＢ ½ 각"
    )
    assert len(folded["starts"]) == len(folded["folded"].encode("utf-16-le")) // 2
    assert folded["starts"] == sorted(folded["starts"])


def test_utf_16_units_become_code_points(modules: Visit) -> None:
    backward = modules.page.evaluate(
        """async text => {
          const { Offsets } = await import('/static/lib/offsets.js');
          const offsets = new Offsets(text);
          return [...text, ''].map((_, point) => offsets.toPoints(offsets.toUnits(point)));
        }""",
        TEXT,
    )
    assert backward == list(range(len(TEXT) + 1))


def test_selection_boundaries_anywhere_have_an_offset_in_the_text(modules: Visit) -> None:
    offsets = modules.page.evaluate(
        """async () => {
          const { TextMap } = await import('/static/source/textmap.js');
          const root = document.createElement('div');
          const note = document.createElement('i');
          note.dataset.note = '';
          note.append('note');
          const first = document.createElement('p');
          first.append('one ', 'two');
          const second = document.createElement('p');
          second.append('three');
          root.append(first, note, second);
          document.body.append(root);
          const map = new TextMap(root);
          return [
            map.offsetOf(document.body, 0), map.offsetOf(root, 0), map.offsetOf(first.lastChild, 2),
            map.offsetOf(first, 1), map.offsetOf(first, 2), map.offsetOf(note.firstChild, 2),
            map.offsetOf(second, 0), map.offsetOf(root, 3), map.range(5, 9).toString(), map.range(2, 5).toString(),
          ];
        }"""
    )
    assert offsets == [0, 0, 6, 4, 7, 7, 7, 12, "wonoteth", "e t"]


def test_overlapping_spans_are_marked_once_and_completely(modules: Visit) -> None:
    text = "One two three four five."
    spans = [{"start": 8, "end": 18}, {"start": 4, "end": 13}, {"start": 19, "end": 23}]
    laid_out = modules.page.evaluate(LAY_OUT, [document(text), {"spans": spans, "cells": []}])
    assert laid_out["marked"] == "two three fourfive"
    assert laid_out["text"] == text

"""Word files → headings, paragraphs, lists and tables; deleted and hidden text is left out, inserted text is read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from nkqa.build.formats.containers import DAMAGED, open_container, refuse_declarations
from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.build.formats.writer import Writer
from nkqa.errors import CorpusError

MAX_DEPTH = 20
_P, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_CONTENT, _CONTROL = qn("w:sdtContent"), qn("w:sdt")
_TEXT, _RUN, _VALUE = qn("w:t"), qn("w:r"), qn("w:val")
_SPACES = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
# Deleted text, and the copies of drawings for old programs.
_LEFT_OUT = {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_NUMBERING, _LEVEL, _OUTLINE = qn("w:numPr"), qn("w:ilvl"), qn("w:outlineLvl")
_LAST_LEVEL = 9


def read_docx(data: bytes, limits: Limits) -> Extracted:
    """Return the text of the body with its structure; raises CorpusError for a damaged file."""
    refuse_declarations(open_container(data, limits))
    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, KeyError, ValueError, SyntaxError, AttributeError) as error:
        raise CorpusError("is no Word file that can be read", DAMAGED) from error
    levels, lists = _styles(document)
    writer = Writer(limits.text_chars)
    for block in _blocks(document.element.body):
        if block.tag == _TABLE:
            writer.table(list(_rows(block)))
            continue
        style = _style_of(block)
        depth = _list_depth(block)
        if style in levels and depth is None:
            writer.heading(levels[style], _text(block))
        elif depth is not None or style in lists:
            writer.item(_text(block), depth or 0)
        else:
            writer.paragraph(_text(block))
    about = document.core_properties
    created = about.created or about.modified
    return Extracted(
        writer.text(), about.title or None, about.author or None, created.date().isoformat() if created else None
    )


def _styles(document: Any) -> tuple[dict[str, int], set[str]]:
    """Return the level of each style of headings, the title's above the others, and the styles of lists, by id."""
    levels: dict[str, int] = {}
    lists: set[str] = set()
    for style in document.styles:
        element, name = style.element, (style.name or "").casefold()
        outline = next(element.iter(_OUTLINE), None)
        number = name.removeprefix("heading ")
        if name == "title":
            levels[style.style_id] = 1
        elif name.startswith("heading ") and number.isdigit():
            levels[style.style_id] = int(number) + 1
        elif outline is not None and (outline.get(_VALUE) or "").isdigit() and int(outline.get(_VALUE)) < _LAST_LEVEL:
            levels[style.style_id] = int(outline.get(_VALUE)) + 2
        elif name.startswith(("list bullet", "list number")):
            lists.add(style.style_id)
    return levels, lists


def _blocks(parent: Any, depth: int = 0) -> Iterator[Any]:
    """Return the paragraphs and tables in order, those inside content controls, too."""
    for child in parent:
        if child.tag in (_P, _TABLE):
            yield child
        elif child.tag in (_CONTENT, _CONTROL) and depth < MAX_DEPTH:
            yield from _blocks(child, depth + 1)


def _style_of(paragraph: Any) -> str:
    mark = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return mark.get(_VALUE, "") if mark is not None else ""


def _list_depth(paragraph: Any) -> int | None:
    mark = paragraph.find(f"{qn('w:pPr')}/{_NUMBERING}")
    if mark is None:
        return None
    level = mark.find(_LEVEL)
    value = level.get(_VALUE, "0") if level is not None else "0"
    return int(value) if value.isdigit() else 0


def _text(element: Any) -> str:
    """Return the text below an element that a reader of the file sees."""
    parts: list[str] = []
    # By hand and not by recursion: nothing bounds how deep a file nests.
    stack = [element]
    while stack:
        node = stack.pop()
        if node.tag in _LEFT_OUT or (node.tag == _RUN and _is_hidden(node)):
            continue
        if node.tag == _TEXT:
            parts.append(node.text or "")
        elif node.tag in _SPACES:
            parts.append(_SPACES[node.tag])
        elif node.tag in (_P, _CELL) and node is not element:
            parts.append(" ")
        stack.extend(reversed(node))
    return "".join(parts)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(_VALUE, "true") not in ("0", "false")


def _rows(table: Any) -> Iterator[list[str]]:
    """Return the cells of a table; one that is merged with the cell above says the same."""
    above: list[str] = []
    for row in table.iterchildren(_ROW):
        cells: list[str] = []
        for cell in row.iterchildren(_CELL):
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            goes_on = merged is not None and merged.get(_VALUE, "continue") == "continue"
            cells.append(above[len(cells)] if goes_on and len(cells) < len(above) else _text(cell))
            cells += [""] * (min(_span(cell), MAX_DEPTH) - 1)
        above = cells
        yield cells


def _span(cell: Any) -> int:
    mark = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    value = mark.get(_VALUE, "1") if mark is not None else "1"
    return int(value) if value.isdigit() and int(value) else 1

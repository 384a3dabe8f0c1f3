"""Document → passages (what is cited) and views (what is searched): docs/decisions/0003."""

from __future__ import annotations

import hashlib
import re

from nkqa.types import Block, BlockKind, Document, Pair, Passage, PassageKind, Span, Table, TableRow, View

# Sentences on either side of a passage that are searched with it.
NEIGHBOURS = 1
# A row of more cells than this is searched by its labels only: a series of numbers has no meaning to an encoder.
MAX_CELLS_IN_VIEW = 12
_MARKDOWN = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")


def make_passages(document: Document) -> tuple[Passage, ...]:
    """Return the passages of a document in the order of its text; each is an exact slice."""
    found: list[Passage] = []
    lead: Block | None = None
    for block in document.blocks:
        if block.kind is not BlockKind.LIST_ITEM:
            lead = block if block.span.of(document.text).endswith(":") else None
        found += _from_block(document, block, lead)
    for table in document.tables:
        found += [_from_row(document, table, row) for row in table.rows]
    found += [_from_pair(document, pair) for pair in document.pairs]
    return tuple(sorted(found, key=lambda passage: passage.span))


def make_views(document: Document, passages: tuple[Passage, ...], first: int) -> tuple[View, ...]:
    """Return the texts under which passages are found; `first` is the number of the first passage in the index."""
    rows = {row.span: (table, row) for table in document.tables for row in table.rows}
    views: list[View] = []
    for number, passage in enumerate(passages, start=first):
        if passage.kind is PassageKind.TABLE_ROW:
            texts = [row_text(document, *rows[passage.span])]
        else:
            texts = [plain(passage.text)]
        heading = ". ".join([document.title, *passage.path])
        lead = plain(passage.lead.of(document.text)) if passage.lead else ""
        texts.append(f"{heading}. {lead} {texts[0]}")
        if passage.window != passage.span:
            texts.append(plain(passage.window.of(document.text)))
        views += [View(number, text) for text in texts]
    return tuple(views)


def plain(text: str) -> str:
    """Return one line of text without Markdown marks, for searching only; what is shown is always the source."""
    return " ".join(_MARKDOWN.sub(lambda match: match[1] or "", text).split())


def row_text(document: Document, table: Table, row: TableRow) -> str:
    """Describe a table row in words: caption, label, and its columns with their values where they are few."""
    text = document.text
    caption = f"{table.caption.of(text)}. " if table.caption else ""
    columns = [column.of(text) for column in table.columns]
    if len(columns) > MAX_CELLS_IN_VIEW:
        return plain(f"{caption}{row.label.of(text)}: {', '.join(columns)}")
    cells = [f"{column} {cell.of(text)}" for column, cell in zip(columns, row.cells, strict=True)]
    return plain(f"{caption}{row.label.of(text)}: {', '.join(cells)}")


def _from_block(document: Document, block: Block, lead: Block | None) -> list[Passage]:
    is_item = block.kind is BlockKind.LIST_ITEM
    kind = PassageKind.LIST_ITEM if is_item else PassageKind.SENTENCE
    lead_span = lead.sentences[-1].span if lead and is_item else None
    passages: list[Passage] = []
    for place, sentence in enumerate(block.sentences):
        near = block.sentences[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
        window = Span(near[0].span.start, near[-1].span.end)
        flags = tuple(flag.label for flag in sentence.flags)
        passages.append(_passage(document, kind, block.section, sentence.span, window, lead_span, flags))
    return passages


def _from_row(document: Document, table: Table, row: TableRow) -> Passage:
    return _passage(document, PassageKind.TABLE_ROW, table.section, row.span, row.span, table.caption, ())


def _from_pair(document: Document, pair: Pair) -> Passage:
    return _passage(document, PassageKind.PAIR, pair.section, pair.span, pair.span, None, ())


def _passage(
    document: Document,
    kind: PassageKind,
    section: int,
    span: Span,
    window: Span,
    lead: Span | None,
    flags: tuple[str, ...],
) -> Passage:
    identity = hashlib.sha256(f"{document.id}:{span.start}:{span.end}".encode()).hexdigest()[:12]
    text = span.of(document.text)
    return Passage(identity, document.id, kind, document.path_of(section), span, window, lead, flags, text)

"""Web pages → the main text with headings, lists and tables; navigation, scripts and what is hidden is left out."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nkqa.build.formats.decoding import decode
from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.build.formats.page_metadata import page_metadata
from nkqa.build.formats.writer import Writer, one_line

MAX_DEPTH = 150
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SKIPPED = {
    *("script", "style", "template", "noscript", "head", "title", "svg", "math", "iframe", "object", "embed", "audio"),
    *("video", "canvas", "button", "select", "option", "input", "textarea", "datalist", "dialog", "nav", "-comment"),
    *("frame", "frameset", "noframes", "map", "area", "link", "meta", "base"),
}
# Left out of a page that does not say which part of it is the main one.
_AROUND = {"header", "footer", "aside"}
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "toolbar"}
_NAMES = {
    *("nav", "navbar", "navigation", "menu", "sidebar", "footer", "breadcrumb", "breadcrumbs", "cookie-banner"),
    *("cookie-notice", "advert", "advertisement", "ads", "pagination", "share-buttons", "social-share", "skip-link"),
}
_BLOCKS = {
    *("address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "main", "p", "pre"),
    *("section", "summary", "aside", "caption", "td", "th", "tr", "tbody", "thead", "tfoot", "table"),
}
_LISTS = {"ul", "ol", "menu", "dir"}
# A block with this many links and hardly another word leads elsewhere and says nothing.
_MANY_LINKS = 5
_LINK_SHARE = 0.8
# Longer cells are the columns of a layout.
_LONG_CELL_CHARS = 600
_MAX_SPAN = 50


def read_html(data: bytes, limits: Limits) -> Extracted:
    """Return the main text of a page; `<main>` or the only `<article>` where there is one."""
    page = LexborHTMLParser(decode(data))
    writer = Writer(limits.text_chars)
    root = main_part(page)
    titles = page.css("h1")
    inside = {node.mem_id for node in root.css("h1")} if root else set()
    if root and len(titles) == 1 and titles[0].mem_id not in inside:
        writer.heading(1, titles[0].text())
    if root:
        write_page(root, writer, whole=root.tag == "body")
    return page_metadata(page, writer.text())


def main_part(page: LexborHTMLParser) -> LexborNode | None:
    """Return the part of a page that holds what it is about."""
    for selector in ("main", "[role=main]", "article"):
        found = page.css(selector)
        if len(found) == 1 and found[0].text().strip():
            return found[0]
    return page.body


def write_page(root: LexborNode, writer: Writer, *, whole: bool) -> None:
    """Write what stands below a node; `whole` says that it is all of a page, with what surrounds the main text."""
    _Walk(writer, whole).down(root, 0)


class _Walk:
    """Collects inline text until a block ends, and knows in which lists it stands."""

    def __init__(self, writer: Writer, whole: bool) -> None:
        self._writer = writer
        self._whole = whole
        self._inline: list[str] = []
        self._lists: list[int | None] = []
        self._in_item = False

    def down(self, parent: LexborNode, depth: int) -> None:
        for node in _children(parent):
            tag = node.tag or ""
            if tag == "-text":
                self._inline.append(node.text_content or "")
            elif depth >= MAX_DEPTH:
                # Nothing that people read is nested so deep; its words are kept.
                self._inline.append(node.text())
            elif tag not in _SKIPPED and not self._is_around(node, tag):
                self._element(node, tag, depth + 1)
        if depth == 0:
            self._flush()

    def _element(self, node: LexborNode, tag: str, depth: int) -> None:
        if tag in _HEADINGS:
            self._flush()
            self._writer.heading(_HEADINGS[tag], node.text())
        elif tag == "table" and (rows := _grid(node)):
            self._flush()
            for caption in node.css("caption"):
                self._writer.paragraph(caption.text())
            self._writer.table(rows)
        elif tag in _LISTS:
            self._list(node, tag, depth)
        elif tag == "li":
            self._item(node, depth)
        elif tag in _BLOCKS:
            self._flush()
            self.down(node, depth)
            self._flush()
        else:
            self._inline += [" "] if tag in ("br", "wbr", "img") else []
            self.down(node, depth)

    def _list(self, node: LexborNode, tag: str, depth: int) -> None:
        self._flush()
        start = node.attributes.get("start") or "1"
        self._lists.append(int(start) if tag == "ol" and start.isascii() and start.isdigit() else None)
        self.down(node, depth)
        self._flush()
        self._lists.pop()

    def _item(self, node: LexborNode, depth: int) -> None:
        self._flush()
        outer, self._in_item = self._in_item, True
        self.down(node, depth)
        self._flush()
        self._in_item = outer
        if self._lists and (number := self._lists[-1]) is not None:
            self._lists[-1] = number + 1

    def _flush(self) -> None:
        text, self._inline = "".join(self._inline), []
        if self._in_item:
            self._writer.item(text, max(len(self._lists) - 1, 0), self._lists[-1] if self._lists else None)
        else:
            self._writer.paragraph(text)

    def _is_around(self, node: LexborNode, tag: str) -> bool:
        """Tell whether a node is hidden, or surrounds the main text."""
        known = node.attributes
        style = (known.get("style") or "").replace(" ", "").casefold()
        if "hidden" in known or known.get("aria-hidden") == "true" or "display:none" in style:
            return True
        if "visibility:hidden" in style or (known.get("role") or "") in _ROLES:
            return True
        names = {*(known.get("class") or "").casefold().split(), (known.get("id") or "").casefold()}
        if names & _NAMES:
            return True
        return self._whole and (tag in _AROUND or (tag in _LISTS and _leads_elsewhere(node)))


def _leads_elsewhere(node: LexborNode) -> bool:
    links = node.css("a[href]")
    if len(links) < _MANY_LINKS:
        return False
    inside = sum(len(one_line(link.text())) for link in links)
    return inside >= _LINK_SHARE * len(one_line(node.text()))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _grid(table: LexborNode) -> list[list[str]]:
    """Return the cells of a table; [] for one that only lays out a page. A cell over several rows stands in each."""
    if table.css("table table, h1, h2, h3, h4, h5, h6") or len(table.css("td, th")) == 0:
        return []
    rows: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}
    for row in table.css("tr"):
        cells: list[str] = []
        for cell in _children(row):
            if cell.tag not in ("td", "th"):
                continue
            _carry(cells, below)
            text = one_line(cell.text(separator=" "))
            if len(text) > _LONG_CELL_CHARS:
                return []
            if (height := _count(cell, "rowspan")) > 1:
                below[len(cells)] = (height - 1, text)
            cells += [text, *[""] * (_count(cell, "colspan") - 1)]
        _carry(cells, below)
        rows.append(cells)
    return rows


def _carry(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Add the cells of rows above that reach down to here."""
    while (place := len(cells)) in below:
        left, text = below.pop(place)
        cells.append(text)
        if left > 1:
            below[place] = (left - 1, text)


def _count(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 6 else 1

"""EPUB books → their chapters in reading order. All parts are read as web pages: no XML, so no entities to unfold."""

from __future__ import annotations

import posixpath
import re
import zipfile
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nkqa.build.formats.containers import DAMAGED, open_container, read_member
from nkqa.build.formats.decoding import decode
from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.build.formats.html import write_page
from nkqa.build.formats.writer import Writer
from nkqa.errors import CorpusError

MAX_CHAPTERS = 3000
_CONTAINER = "META-INF/container.xml"
# An XML element without content would stay open in a web page, and <title/> would swallow the rest.
_CLOSED = re.compile(r"<([A-Za-z][\w:.-]*)((?:\s[^<>]*?)?)/>")
_PAGES = {"application/xhtml+xml", "text/html", "application/xml", "text/xml"}


def read_epub(data: bytes, limits: Limits) -> Extracted:
    """Return the chapters of a book; raises CorpusError for one that is damaged or protected against copying."""
    container = open_container(data, limits)
    names = set(container.namelist())
    if "META-INF/rights.xml" in names or _is_protected(container, names):
        raise CorpusError("is protected against copying", "Put an edition without protection into the corpus.")
    roots = _elements(_page(container, _CONTAINER), "rootfile")
    path = (roots[0].attributes.get("full-path") or "") if roots else ""
    package = _page(container, path)
    pages = {
        item.attributes.get("id"): item.attributes.get("href") or ""
        for item in _elements(package, "item")
        if _said_of(item, "media-type") in _PAGES and "nav" not in _said_of(item, "properties").split()
    }
    writer = Writer(limits.text_chars)
    for reference in _elements(package, "itemref")[:MAX_CHAPTERS]:
        href = pages.get(reference.attributes.get("idref"))
        if href and (body := _page(container, _resolved(path, href)).body):
            write_page(body, writer, whole=False)
    return Extracted(
        writer.text(),
        title=_said(package, "dc:title"),
        author=_said(package, "dc:creator"),
        date=(_said(package, "dc:date") or "")[:10] or None,
        url=_said(package, "dc:source"),
        licence=_said(package, "dc:rights"),
    )


def _is_protected(container: zipfile.ZipFile, names: set[str]) -> bool:
    """Tell whether text is encrypted; books without protection encrypt their fonts only."""
    if "META-INF/encryption.xml" not in names:
        return False
    text = decode(read_member(container, "META-INF/encryption.xml"))
    return re.search(r"URI\s*=\s*[\"'][^\"']*\.(?:x?html?|xml)[\"']", text, re.IGNORECASE) is not None


def _page(container: zipfile.ZipFile, name: str) -> LexborHTMLParser:
    if not name:
        raise CorpusError("does not say where its text is", DAMAGED)
    return LexborHTMLParser(_CLOSED.sub(r"<\1\2></\1>", decode(read_member(container, name))))


def _said_of(element: LexborNode, name: str) -> str:
    return element.attributes.get(name) or ""


def _resolved(package: str, href: str) -> str:
    """Return the name of a part inside the container; nothing is ever read from or written to a folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(urlsplit(href).path)))


def _elements(page: LexborHTMLParser, name: str) -> list[LexborNode]:
    """Return the elements of a name, whatever their prefix."""
    return [node for node in page.root.traverse() if (node.tag or "").split(":")[-1] == name] if page.root else []


def _said(page: LexborHTMLParser, name: str) -> str | None:
    found = [node for node in page.root.traverse() if node.tag == name] if page.root else []
    return next((node.text().strip() for node in found if node.text().strip()), None)

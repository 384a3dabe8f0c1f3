"""What a web page says about itself in its head."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from nkqa.build.formats.extracted import Extracted

_AUTHOR = ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author")
_DATE = ("article:published_time", "date", "dc.date", "dcterms.date", "dcterms.created", "citation_publication_date")
_RIGHTS = ("license", "licence", "dc.rights", "dcterms.rights", "dcterms.license", "copyright")


def page_metadata(page: LexborHTMLParser, text: str) -> Extracted:
    """Return a page's text with its title, author, day, address and licence."""
    said: dict[str, str] = {}
    for node in page.css("meta[content]"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").casefold()
        said.setdefault(name, node.attributes.get("content") or "")
    headings = [node.text() for node in page.css("h1")]
    heads = [node.text() for node in page.css("head > title")]
    title = said.get("og:title") or (headings[0] if len(headings) == 1 else "") or (heads[0] if heads else "")
    licence = _first(said, _RIGHTS)
    licence_url = _address(page, "link[rel~=license], a[rel~=license]")
    if licence and licence.startswith(("http://", "https://")):
        licence, licence_url = None, licence_url or licence
    named = page.css_first("a[rel~=license]")
    return Extracted(
        text=text,
        title=title or None,
        author=_first(said, _AUTHOR),
        date=(_first(said, _DATE) or "")[:10] or None,
        url=_address(page, "link[rel=canonical]") or said.get("og:url"),
        licence=licence or (named.text() if named else None) or licence_url,
        licence_url=licence_url,
    )


def _first(said: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((said[name] for name in names if said.get(name, "").strip()), None)


def _address(page: LexborHTMLParser, selector: str) -> str | None:
    node = page.css_first(selector)
    return node.attributes.get("href") if node else None

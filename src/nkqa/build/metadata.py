"""What is said about a document: by its sidecar first, and where that is silent by the file itself."""

from __future__ import annotations

import re
from dataclasses import fields
from urllib.parse import urlsplit

from nkqa.build.formats.extracted import Extracted
from nkqa.types import Source

MAX_CHARS = 300
MAX_ADDRESS_CHARS = 2000
# Controls, what turns the direction of writing around, and what has no width: none of it belongs into a name.
_UNWANTED = re.compile("[\0-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def source_of(sidecar: Source, found: Extracted) -> Source:
    """Return where a document comes from; nothing the file says stands beside a licence that the sidecar states."""
    told = {field.name: getattr(sidecar, field.name) for field in fields(Source)}
    told["author"] = told["author"] or found.author
    told["date"] = told["date"] or found.date
    told["url"] = told["url"] or found.url
    if not told["licence"] and not told["licence_url"]:
        told["licence"], told["licence_url"] = found.licence, found.licence_url
    for name in told:
        told[name] = web_address(told[name]) if name in ("url", "licence_url") else tidy(told[name])
    return Source(**told)


def tidy(text: str | None, most: int = MAX_CHARS) -> str | None:
    """Return a text as one line of at most `most` characters without control characters; None for an empty one."""
    line = " ".join(_UNWANTED.sub(" ", text or "").split())
    return (line if len(line) <= most else f"{line[: most - 1].rstrip()}…") or None


def web_address(text: str | None) -> str | None:
    """Return an address that a browser may be sent to, None for any other: only http and https, with a host."""
    address = (text or "").strip()
    if len(address) > MAX_ADDRESS_CHARS or re.search(r"[\s<>\"\\]", address) or _UNWANTED.search(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None

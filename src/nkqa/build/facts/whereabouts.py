"""The place of a figure: capitals behind a preposition, a heading that is a place, "there"."""

from __future__ import annotations

import re

from nkqa.text.periods import find_periods
from nkqa.text.phrases import WORD
from nkqa.types import Document, Span

_PLACE = re.compile(
    r"\b(?:(?:in|into|inside|to|from|at|near|off|within|across|outside|throughout)\s(?:the\s)?|"
    r"(?:city|town|village|province|region|state|island|port)\sof\s)"
    r"(?P<place>[^\W\d_a-z][\w’'.-]*(?:\s(?:of\s|the\s|and\s(?=[^\W\d_a-z]\w+\s[^\W\d_a-z]))?[^\W\d_a-z][\w’'.-]*)*)"
)
_DIRECTION = re.compile(r"\b(?:in|to|from)\s(?:the\s)(?P<place>(?:North|South|East|West))\b")
_DEMONYM = re.compile(r"(?:ian|ean|can|ese|ish)\Z")
_CALENDAR = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday""".split()
)
_LOCATIVE = re.compile(r"\b(?:on|in|at|along)\s(?P<place>the\s[a-z]+)(?=\s(?:and|but|or)\b|[.,;]|\Z)")


def find_place(text: str, span: Span) -> str | None:
    """Return the first place that a preposition and capitals name in a stretch of text, without a possessive ending."""
    times = [place for place, _ in find_periods(text, span)]
    for pattern in (_PLACE, _DIRECTION):
        for match in pattern.finditer(text, span.start, span.end):
            found = Span(match.start("place"), match.end("place"))
            if any(time.start < found.end and found.start < time.end for time in times):
                continue
            place = re.split(r"['’]s?(?:\s|\Z)", found.of(text))[0].rstrip(".,")
            if place == "North" or place in ("South", "East", "West"):
                place = f"the {place}"
            if pattern is _DIRECTION or not _describes(text, found):
                return place
    return None


def _describes(text: str, place: Span) -> bool:
    """Tell whether capitals name people or describe a noun: "to South Koreans", "to the Chinese city", "in May"."""
    name = place.of(text)
    if name.split()[0].lower() in _CALENDAR or name.endswith(("ans", "ese", "ish")):
        return True
    behind = text[place.end : place.end + 1] == " " and WORD.match(text, place.end + 1)
    return bool(behind) and _DEMONYM.search(name) is not None


def heading_place(document: Document, path: tuple[str, ...]) -> str | None:
    """Return the innermost heading that the text uses as the name of a place ("in Canada"), None where none is."""
    for heading in reversed(path):
        if heading[:1].isupper() and re.search(
            rf"\b(?:in|to|from|at|near)\s(?:the\s)?{re.escape(heading)}\b(?!\s[A-Z])", document.text
        ):
            return heading
    return None


def locative(text: str, span: Span) -> str | None:
    """Return a definite place in lower case, "the bar" of "lie on the bar"."""
    match = _LOCATIVE.search(text, span.start, span.end)
    return match["place"] if match else None

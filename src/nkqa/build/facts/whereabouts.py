"""The place of a figure: capitals behind a preposition, a heading that is a place, "there"."""

from __future__ import annotations

import re
from functools import lru_cache

from nkqa.build.facts.clauses import Reading
from nkqa.build.facts.counted import OF_WHOM
from nkqa.text.periods import find_periods
from nkqa.text.phrases import WORD
from nkqa.types import Block, Document, Sentence, Span

_PLACE = re.compile(
    r"\b(?:(?:[Ii]n|into|[Ii]nside|to|from|[Aa]t|[Nn]ear|off|[Ww]ithin|[Aa]cross|[Oo]utside|[Tt]hroughout)\s(?:the\s)?|"
    r"(?:city|town|village|province|region|state|island|port)\sof\s)"
    r"(?P<place>[^\W\d_a-z][\w’'.-]*(?:\s(?:of\s|the\s|and\s(?=[^\W\d_a-z]\w+\s[^\W\d_a-z]))?[^\W\d_a-z][\w’'.-]*)*)"
)
_DIRECTION = re.compile(r"\b(?:in|to|from)\s(?:the\s)(?P<place>(?:North|South|East|West))\b")
_DEMONYM = re.compile(r"(?:ian|ean|can|ese|ish)\Z")
_OCCASION = re.compile(
    r"\b(?:War|Cup|Act|Games|Festival|Championships?|League|Season|Treaty|Revolution|Awards?|Conference|Agreement|"
    r"Convention|Era|Age|Dynasty|Bible|Congress|Parliament|Council|University|Press)\Z"
)
_CALENDAR = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday""".split()
)
_LOCATIVE = re.compile(r"\b(?:on|in|at|along)\s(?P<place>the\s[a-z]+)(?=\s(?:and|but|or)\b|[.,;]|\Z)")
_OPENING = re.compile(r"(?:In|At|Near|Across|Throughout|Within)\s[^,;]*,\s")
_THERE = re.compile(r"\bthere\b(?!\s(?:are|is|was|were|had|has|have)\b)")


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
    """Tell whether capitals are no place: "to Norwegians", "to the Danish city", "in May", "in the Boer War"."""
    name = place.of(text)
    if name.split()[0].lower() in _CALENDAR or name.endswith(("ans", "ese", "ish")) or _OCCASION.search(name):
        return True
    behind = text[place.end : place.end + 1] == " " and WORD.match(text, place.end + 1)
    return bool(behind) and _DEMONYM.search(name) is not None


def heading_place(document: Document, path: tuple[str, ...]) -> str | None:
    """Return the innermost heading that the text uses as the name of a place ("in Norway"), None where none is."""
    return next((heading for heading in reversed(path) if _is_place(heading, document.text)), None)


@lru_cache(maxsize=4096)
def _is_place(heading: str, text: str) -> bool:
    place = rf"\b(?:in|to|from|at|near|off|hit|reach|struck)\s(?:the\s)?{re.escape(heading)}\b(?!\s[A-Z])"
    return heading[:1].isupper() and re.search(place, text) is not None


def locative(text: str, span: Span) -> str | None:
    """Return a definite place in lower case, "the bar" of "lie on the bar"."""
    match = _LOCATIVE.search(text, span.start, span.end)
    return match["place"] if match else None


def where_of(
    document: Document, block: Block, sentence: Sentence, before: Span, behind: Span, earlier: list[Reading]
) -> str | None:
    """Return the place of a figure: from its clause, from the one before for "there", else from the headings."""
    text = document.text
    if (there := _THERE.search(text, behind.start, behind.end)) and earlier:
        last = earlier[-1]
        subject = re.match(r"([^\W\d_a-z][\w’'-]*(?:\s[^\W\d_a-z][\w’'-]*)*)\s(?:had|has|have)\b", last.before.of(text))
        return last.where or locative(text, last.behind) or (subject[1] if subject else None) or there[0]
    if text[before.start - 1 : before.start] == "(" and earlier and earlier[-1].sentence == sentence:
        return earlier[-1].where
    further = Span(behind.end, _until_comma(text, behind.end, sentence.span.end))
    if OF_WHOM.match(text, behind.start) and earlier and earlier[-1].where:
        return find_place(text, behind) or earlier[-1].where
    wider = before
    if re.match(r"(?:which|who|where)\b", before.of(text)):
        wider = Span(max(sentence.span.start, text.rfind(", ", sentence.span.start, before.start - 2)), before.end)
    opening = _OPENING.match(text, sentence.span.start, before.start)
    opened = Span(*opening.span()) if opening else before
    for span in (behind, further, wider, opened):
        if place := find_place(text, span):
            return place
    return heading_place(document, document.path_of(block.section))


def _until_comma(text: str, start: int, end: int) -> int:
    """Return where a coordinated clause ends; a place behind "and 15,675 children" holds for both figures."""
    if not re.match(r"\sand\s", text[start:end]):
        return start
    found = re.search(r"[,;:()](?!\d)|\.\Z", text[start:end])
    return start + found.start() if found else end

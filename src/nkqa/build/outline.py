"""Levels of headings that nothing marks: docs/decisions/0002 gives the reasons and what each rule did on two corpora.

Three signs are used, the surest first:
1. a list of contents in the text itself (often left in the navigation): what it lists is a main heading;
2. a heading with no text of its own stands above the headings behind it;
3. siblings are parallel: below a heading, names ("Gannet Rock", "Ness Point") stand beside names, so that common
   phrases ("Opening hours") between two names belong to the name before them.
Where no sign speaks, a heading is a main heading: a flat path says less, but never says something false.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

MIN_LISTED = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's text, and whether text, a list or a table of its own follows before the next heading."""

    text: str
    filled: bool


def infer_levels(headings: list[Heading], links: list[str], title: str, prose: str) -> list[int]:
    """Return a level from 1 up for each heading.

    `links` are texts of navigation regions, in which a list of contents may stand; `prose` tells names from phrases.
    """
    levels = [1] * len(headings)
    listed = _listed(headings, links, title)
    for start, end in _groups(headings, listed):
        for index, level in _parallel(headings, start, end, bounded=bool(listed), prose=prose).items():
            levels[index] = level
    return levels


def _listed(headings: list[Heading], links: list[str], title: str) -> list[int]:
    """Return the places of the headings that a list of contents names; [] where the text has no such list."""
    for region in (line for link in links for line in link.splitlines()):
        places = [place for place, heading in enumerate(headings) if _is_link(heading.text, region, title)]
        if len(places) >= MIN_LISTED and places[0] == 0:
            return places
    return []


def _is_link(heading: str, region: str, title: str) -> bool:
    """Tell whether `region` holds `heading` as one link: at an edge where links met, perhaps behind the title."""
    before = rf"(?:^|(?<=[\w)])(?=[A-Z])|{re.escape(title)}\s)"
    return re.search(rf"{before}{re.escape(heading)}(?=[A-Z]|$)", region) is not None


def _groups(headings: list[Heading], listed: list[int]) -> list[tuple[int, int]]:
    """Return the runs of headings, as (start, end), that can stand below the heading before them."""
    if listed:
        return [(place + 1, end) for place, end in pairwise([*listed, len(headings)])]
    openers = [place for place in range(len(headings)) if _opens(headings, place, len(headings))]
    return [(place + 1, end) for place, end in pairwise([*openers, len(headings)])]


def _opens(headings: list[Heading], place: int, end: int) -> bool:
    """Tell whether a heading has nothing of its own but a filled heading behind it: it stands above that one."""
    return not headings[place].filled and place + 1 < end and headings[place + 1].filled


def _parallel(headings: list[Heading], start: int, end: int, *, bounded: bool, prose: str) -> dict[int, int]:
    """Return levels for a run of headings below one of level 1.

    In a run whose end is known (`bounded`) all headings stand below; otherwise only those that are parallel to the
    first: up to the last name where the first is a name, else the first alone. A run that begins with a heading above
    headings consists of such: each has the headings up to the next one below it.
    """
    if start >= end:
        return {}
    if _opens(headings, start, end):
        return {place: 2 if _opens(headings, place, end) else 3 for place in range(start, end)}
    names = [place for place in range(start, end) if _is_name(headings[place].text, prose)]
    if start not in names:
        return dict.fromkeys(range(start, end) if bounded else [start], 2)
    last = end if bounded else names[-1] + 1
    if len(names) < 2:
        return dict.fromkeys(range(start, last), 2)
    return {place: 2 if place in names else 3 for place in range(start, last)}


def _is_name(heading: str, prose: str) -> bool:
    """Tell a proper name from a common phrase: its words are capital, and never small where the prose uses it."""
    words = re.findall(r"[^\W\d_]+", heading)
    if not words or any(word[0].islower() and len(word) > 3 for word in words):
        return False
    small = re.search(rf"\b{re.escape(heading.lower())}\b", prose)
    inside = re.search(rf"(?<=[^.!?\s] ){re.escape(heading)}\b", prose)
    return small is None and inside is not None

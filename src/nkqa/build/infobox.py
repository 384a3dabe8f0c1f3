"""The fact box at the top of a page as plain text leaves it: labels and values on their own lines or run together."""

from __future__ import annotations

import re
import unicodedata

from nkqa.build.pieces import Line
from nkqa.types import Span

MIN_LINES = 3
MAX_LINES = 100
MAX_LINE_CHARS = 100
MIN_GLUED_CHARS = 5
_KEYED = re.compile(r"([^:\t]{2,40}?)\s*(?::\s+|\t+)(?=\S)")


def parse_infobox(text: str, lines: tuple[Line, ...], title: str) -> tuple[tuple[Span, Span], ...]:
    """Return (label, value) spans of a group of lines, or () where it is no infobox.

    A group counts as an infobox when it has 3 to 100 short lines, none of which ends a sentence. A first line
    that repeats the document's title is the box's own title. A line whose label cannot be told from its value is kept
    whole as a value with an empty label.
    """
    if not MIN_LINES <= len(lines) <= MAX_LINES or any(
        len(line.text) > MAX_LINE_CHARS or line.text.endswith((".", "!", "?")) for line in lines
    ):
        return ()
    if lines[0].text.casefold() == title.casefold():
        lines = lines[1:]
    pairs: list[tuple[Span, Span]] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        follower = lines[index + 1] if index + 1 < len(lines) else None
        if split := _split_line(text, line):
            pairs.append(split)
        elif follower and _split_line(text, follower) is None:
            pairs.append((line.span, follower.span))
            index += 1
        else:
            pairs.append((Span(line.span.start, line.span.start), line.span))
        index += 1
    return tuple(pairs)


def _split_line(text: str, line: Line) -> tuple[Span, Span] | None:
    """Split a line that holds label and value: at a colon or tab, else where the two were run together."""
    if keyed := _KEYED.match(line.text):
        return _cut(line, len(keyed[1]), keyed.end())
    place = _known_word_inside(text, line) or _change_of_script(line.text)
    return _cut(line, place, place) if place else None


def _cut(line: Line, label_end: int, value_start: int) -> tuple[Span, Span]:
    start = line.span.start
    return Span(start, start + label_end), Span(start + value_start, line.span.end)


def _change_of_script(line: str) -> int | None:
    """Return where a small Latin letter meets a capital, a digit or another script without a space."""
    for place in range(2, len(line) - 1):
        left, right = line[place - 1], line[place]
        if left.islower() and (right.isupper() or right.isdigit() or _script(left) != _script(right)):
            return place
    return None


def _script(char: str) -> str:
    return unicodedata.name(char, "?").split()[0] if char.isalpha() else "LATIN"


def _known_word_inside(text: str, line: Line) -> int | None:
    """Return where a word begins that the rest of the text uses by itself, inside one that it never uses."""
    rest = text[: line.span.start] + "\n" + text[line.span.end :]
    for match in re.finditer(r"[^\W\d_]+(?:['’][^\W\d_]+)*", line.text):
        word = match[0]
        if _uses(rest, word):
            continue
        for cut in range(3, len(word) - MIN_GLUED_CHARS + 1):
            if _uses(rest, word[cut:]):
                return match.start() + cut
    return None


def _uses(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w'’]){re.escape(word)}(?![\w'’])", text) is not None

"""PDF files → paragraphs, headings by the size of their letters, lists by their bullets, tables by their gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.build.formats.pdf_lines import Line, read_lines
from nkqa.build.formats.writer import Writer
from nkqa.errors import CorpusError

_BULLET = re.compile(r"(?:[•◦▪‣●○■□∙·*–-]|\uf0b7)\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_END = re.compile(r"[.!?:;…][\"'”’)\]\d]*\Z")
# A line is a heading where its letters are this much larger than most.
_LARGER = 1.15
_LONGEST_HEADING = 200
_MOST_LEVELS = 4
# Lines further apart than this many usual distances belong to different paragraphs.
_APART = 1.35
_SHORT_LINE = 0.8
# What stands on so many pages at the same height is a running head or foot.
_RUNNING_PAGES = 3
_EDGE = 2


def read_pdf(data: bytes, limits: Limits) -> Extracted:
    """Return the text of a file; raises CorpusError for one that is encrypted, damaged or holds pictures only."""
    lines, about = read_lines(data)
    if not lines:
        raise CorpusError(
            "holds no text, only pictures of it at best",
            "Recognise its text (OCR) and save it with that, or remove it.",
        )
    lines = _without_running(lines)
    writer = Writer(limits.text_chars)
    levels = _levels(lines)
    for group in _groups(lines, levels):
        _write(writer, group, levels)
    return Extracted(
        writer.text(), _title(about.get("Title", "")), about.get("Author") or None, _day(about.get("CreationDate", ""))
    )


def _without_running(lines: list[Line]) -> list[Line]:
    """Drop page numbers, running heads and feet: the outermost lines, where many pages have the same."""
    tops: dict[int, list[float]] = {}
    for line in lines:
        tops.setdefault(line.page, []).append(line.top)
    edges = {page: {*sorted(all_tops)[:_EDGE], *sorted(all_tops)[-_EDGE:]} for page, all_tops in tops.items()}
    outer = {(line.page, _shape(line), round(line.top)) for line in lines if line.top in edges[line.page]}
    places = Counter((shape, top) for _, shape, top in outer)
    kept = [line for line in lines if places[_shape(line), round(line.top)] < _RUNNING_PAGES]
    return kept or lines


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _levels(lines: Sequence[Line]) -> dict[float, int]:
    """Return the level of each size of letters that is a heading's, the largest first."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    usual = max(sizes, key=lambda size: sizes[size])
    larger = sorted((size for size in sizes if size >= _LARGER * usual), reverse=True)
    return {size: min(level, _MOST_LEVELS) for level, size in enumerate(larger, start=1)}


def _is_heading(line: Line, levels: dict[float, int]) -> bool:
    return line.size in levels and len(line.text) <= _LONGEST_HEADING and any(map(str.isalpha, line.text))


def _groups(lines: Sequence[Line], levels: dict[float, int]) -> Iterator[list[Line]]:
    """Cut the lines into headings, paragraphs, items and tables."""
    gaps = [a.top - b.top for a, b in pairwise(lines) if a.page == b.page and a.top > b.top]
    usual = median(gaps) if gaps else 0.0
    right = max(line.right for line in lines)
    group: list[Line] = []
    for line in lines:
        if group and _begins(group[-1], line, usual, right, levels):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _begins(before: Line, line: Line, usual: float, right: float, levels: dict[float, int]) -> bool:
    """Tell whether a line begins something new after the one before."""
    if _is_heading(before, levels) or _is_heading(line, levels):
        return before.size != line.size
    if len(before.cells) > 1 or len(line.cells) > 1:
        return len(before.cells) != len(line.cells)
    if _BULLET.match(line.text) or _NUMBER.match(line.text):
        return True
    ended = _END.search(before.text) is not None
    gap = before.top - line.top
    if before.page != line.page or gap < 0:
        # The top of the next page or column.
        return ended or not line.text[:1].islower()
    return gap > _APART * usual or (ended and before.right < _SHORT_LINE * right)


def _write(writer: Writer, group: list[Line], levels: dict[float, int]) -> None:
    text = _joined(group)
    if _is_heading(group[0], levels):
        writer.heading(levels[group[0].size], text)
    elif len(group[0].cells) > 1 and len(group) + len(group[0].cells) > 4:
        writer.table([line.cells for line in group])
    elif len(group[0].cells) > 1:
        for line in group:
            writer.paragraph(line.text)
    elif bullet := _BULLET.match(text):
        writer.item(text[bullet.end() :])
    elif number := _NUMBER.match(text):
        writer.item(text[number.end() :], 0, int(number[1]))
    else:
        writer.paragraph(text)


def _joined(lines: Sequence[Line]) -> str:
    """Join lines; a word that was hyphenated at the end of a line becomes whole."""
    text = ""
    for line in lines:
        if text.endswith(("\x02", "\xad", "\ufffe")):
            text = text[:-1] + line.text
        elif text.endswith("-") and line.text[:1].islower():
            text += line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return text


def _title(told: str) -> str | None:
    """Return a title that somebody wrote, not the name of the file that a program put there."""
    title = re.sub(r"\AMicrosoft (?:Word|PowerPoint) - ", "", told.strip())
    return None if re.search(r"\.\w{2,5}\Z|\Auntitled", title, re.IGNORECASE) else title or None


def _day(told: str) -> str | None:
    day = re.match(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?", told)
    return "-".join(part for part in day.groups() if part) if day else None

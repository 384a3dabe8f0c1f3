"""Plain text → pieces. Nothing marks structure in such a file, so it is read from shape: docs/decisions/0002.

The text falls into groups of lines between blank lines. A group is, in this order of trial: a list, an underlined
heading, a table, navigation, an infobox (only above the first heading), a heading, a caption, or prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nkqa.build.infobox import MIN_LINES as MIN_INFOBOX_LINES
from nkqa.build.infobox import parse_infobox
from nkqa.build.outline import Heading, infer_levels
from nkqa.build.pieces import Line, Piece, PieceKind, split_lines
from nkqa.build.whitespace_table import parse_table
from nkqa.types import Span

_BULLET = re.compile(r"(?:[•▪◦‣·●○∙*+–—-]|\d{1,3}[.)]|\(?[a-z]\))[ \t\u00a0]+(?=\S)")
_UNDERLINE = re.compile(r"(=|-|~){3,}\Z")
_NUMBERING = re.compile(r"(\d+(?:\.\d+)*)\.?\s+(?=[^\W\d])")
_SENTENCE_END = re.compile(r"[.!?。…;,][\"'”’)\]]*\Z")
# Links that lost the space between them: "HistoryGreat stormRescue".
_JOINT = re.compile(r"[^\W\d_A-Z][)\]]?(?=[A-Z])|[)\d](?=[A-Z])")
_SEPARATED = re.compile(r"\s[|»›·•/]\s")
_MENU_WORD = re.compile(
    r"\b(?:tags?|categor(?:y|ies)|navigation|menu|trending|related|share|popular|links)\b", re.IGNORECASE
)

MAX_HEADING_CHARS = 80
MAX_HEADING_WORDS = 12
MAX_LABEL_WORDS = 10
# A paragraph that was wrapped by hand has lines of about this length; longer lines are paragraphs of their own.
WRAP_WIDTH = range(40, 101)


@dataclass(frozen=True, slots=True)
class _Group:
    lines: tuple[Line, ...]

    @property
    def span(self) -> Span:
        return Span(self.lines[0].span.start, self.lines[-1].span.end)

    @property
    def text(self) -> str:
        return self.lines[0].text


def parse_plain_text(text: str) -> list[Piece]:
    """Return the pieces of a plain-text file, headings with their inferred levels."""
    groups = _group(split_lines(text))
    pieces: list[Piece] = []
    for index, group in enumerate(groups):
        follower = groups[index + 1] if index + 1 < len(groups) else None
        pieces += _classify(text, group, follower, pieces)
    return _with_levels(text, _label_navigation(text, pieces))


def _group(lines: list[Line]) -> list[_Group]:
    groups: list[_Group] = []
    current: list[Line] = []
    for line in [*lines, Line("", Span(0, 0), 0)]:
        if line.text:
            current.append(line)
        elif current:
            groups.append(_Group(tuple(current)))
            current = []
    return groups


def _classify(text: str, group: _Group, follower: _Group | None, before: list[Piece]) -> list[Piece]:
    if _is_list(group):
        return _list_pieces(group)
    if len(group.lines) == 2 and _UNDERLINE.match(group.lines[1].text):
        level = 1 if group.lines[1].text[0] == "=" else 2
        return [Piece(PieceKind.HEADING, group.lines[0].span, level if before else 0)]
    if found := parse_table(group.lines):
        table, span = found
        lead = [line for line in group.lines if line.span.end <= span.start]
        return [*(_prose(line.span) for line in lead), Piece(PieceKind.TABLE, span, table=table)]
    if any(_is_navigation(line.text) for line in group.lines):
        return [Piece(PieceKind.IGNORED, group.span, reason="navigation")]
    if (
        len(group.lines) >= MIN_INFOBOX_LINES
        and not _has_heading(before)
        and (pairs := parse_infobox(text, group.lines, _title(text, before)))
    ):
        return [Piece(PieceKind.INFOBOX, group.span, pairs=pairs)]
    if len(group.lines) == 1:
        return [_single_line(group, follower, before)]
    if _is_caption(group):
        return [Piece(PieceKind.CAPTION, group.span)]
    if all(len(line.text) in WRAP_WIDTH for line in group.lines[:-1]) and len(group.lines[-1].text) < WRAP_WIDTH.stop:
        return [_prose(group.span)]
    return [_prose(line.span) for line in group.lines]


def _is_caption(group: _Group) -> bool:
    """Tell whether no line of a group ends a sentence and all are short."""
    return all(
        len(line.text) <= 2 * MAX_HEADING_CHARS and not _SENTENCE_END.search(line.text) and not line.text.endswith(":")
        for line in group.lines
    )


def _prose(span: Span) -> Piece:
    return Piece(PieceKind.PARAGRAPH, span)


def _single_line(group: _Group, follower: _Group | None, before: list[Piece]) -> Piece:
    """Tell a heading from a paragraph of one line."""
    line = group.lines[0]
    if not before and _looks_like_heading(line.text):
        return Piece(PieceKind.HEADING, line.span, 0)
    if (numbered := _NUMBERING.match(line.text)) and _looks_like_heading(line.text):
        return Piece(PieceKind.HEADING, line.span, numbered[1].count(".") + 1)
    if _looks_like_heading(line.text):
        return Piece(PieceKind.HEADING, line.span)
    # A label with a colon introduces what follows it; where only another label follows, nothing stands under it.
    if line.text.endswith(":") and _looks_like_heading(line.text[:-1]) and len(line.text.split()) <= MAX_LABEL_WORDS:
        if follower is None or (len(follower.lines) == 1 and not _is_list(follower) and _is_label(follower.text)):
            return Piece(PieceKind.HEADING, Span(line.span.start, line.span.end - 1))
        if any(_is_navigation(other.text) for other in follower.lines):
            return Piece(PieceKind.HEADING, Span(line.span.start, line.span.end - 1))
    return _prose(line.span)


def _is_label(line: str) -> bool:
    return _looks_like_heading(line.rstrip(":"))


def _looks_like_heading(line: str) -> bool:
    if len(line) > MAX_HEADING_CHARS or len(line.split()) > MAX_HEADING_WORDS:
        return False
    if _SENTENCE_END.search(line) or line.endswith(":"):
        return False
    first = next((char for char in line if char.isalnum()), "")
    return bool(first) and not first.islower()


def _title(text: str, pieces: list[Piece]) -> str:
    return next((piece.span.of(text) for piece in pieces if piece.level == 0), "")


def _has_heading(pieces: list[Piece]) -> bool:
    return any(piece.kind is PieceKind.HEADING and piece.level != 0 for piece in pieces)


# ------------------------------------------------------------------------------------------------------------ lists


def _is_list(group: _Group) -> bool:
    bullets = [line for line in group.lines if _BULLET.match(line.text)]
    if not bullets or bullets[0] not in group.lines[:2]:
        return False
    if len(group.lines) == 1 and group.text[0].isdigit() and _looks_like_heading(group.text):
        return False  # "1. Introduction" alone between blank lines is a numbered heading
    return not (len(group.lines) == 1 and group.text[0] in "–—-" and group.lines[0].indent == 0)


def _list_pieces(group: _Group) -> list[Piece]:
    """Cut a group into items; lines without a bullet belong to the item above them, or introduce the list."""
    pieces: list[Piece] = []
    for line in group.lines:
        if bullet := _BULLET.match(line.text):
            pieces.append(Piece(PieceKind.LIST_ITEM, Span(line.span.start + bullet.end(), line.span.end)))
        elif pieces and pieces[-1].kind is PieceKind.LIST_ITEM:
            pieces[-1] = replace(pieces[-1], span=Span(pieces[-1].span.start, line.span.end))
        else:
            pieces.append(_prose(line.span))
    return pieces


# ------------------------------------------------------------------------------------------------------- navigation


def _is_navigation(line: str) -> bool:
    """Tell link text from prose: words run together where links met, or many short pieces between separators."""
    words = len(line.split())
    joints = len(_JOINT.findall(line))
    if joints >= 5 and joints / words >= 0.15:
        return True
    parts = _SEPARATED.split(line)
    return len(parts) >= 4 and all(len(part.split()) <= 4 for part in parts) and not any(c.isdigit() for c in line)


def _label_navigation(text: str, pieces: list[Piece]) -> list[Piece]:
    """Make the label above a navigation region ("Tags:", "Trending searches") part of the region, and join regions."""
    result: list[Piece] = []
    for piece in pieces:
        if piece.kind is not PieceKind.IGNORED:
            result.append(piece)
            continue
        start = piece.span.start
        while result and _labels_navigation(text, result[-1]):
            start = result.pop().span.start
        if result and result[-1].kind is PieceKind.IGNORED:
            start = result.pop().span.start
        result.append(replace(piece, span=Span(start, piece.span.end)))
    return result


def _labels_navigation(text: str, piece: Piece) -> bool:
    if piece.kind not in (PieceKind.HEADING, PieceKind.PARAGRAPH) or piece.level == 0:
        return False
    label = piece.span.of(text)
    if len(label) > MAX_HEADING_CHARS:
        return False
    ends_in_colon = label.endswith(":") or text[piece.span.end : piece.span.end + 1] == ":"
    return bool(_MENU_WORD.search(label)) and (ends_in_colon or len(label.split()) <= 3)


# ----------------------------------------------------------------------------------------------------------- levels


def _with_levels(text: str, pieces: list[Piece]) -> list[Piece]:
    """Give every heading its level."""
    places = [index for index, piece in enumerate(pieces) if piece.kind is PieceKind.HEADING and piece.level is None]
    headings = [Heading(pieces[index].span.of(text), _is_filled(pieces, index)) for index in places]
    links = [piece.span.of(text) for piece in pieces if piece.kind is PieceKind.IGNORED]
    title = _title(text, pieces)
    prose = "\n".join(piece.span.of(text) for piece in pieces if piece.kind is PieceKind.PARAGRAPH)
    levels = infer_levels(headings, links, title, prose)
    result = list(pieces)
    for index, level in zip(places, levels, strict=True):
        result[index] = replace(pieces[index], level=level)
    return result


def _is_filled(pieces: list[Piece], index: int) -> bool:
    """Tell whether text, a list or a table follows a heading before the next one; a caption alone is not text."""
    for piece in pieces[index + 1 :]:
        if piece.kind in (PieceKind.HEADING, PieceKind.IGNORED):
            return False
        if piece.kind is not PieceKind.CAPTION:
            return True
    return False

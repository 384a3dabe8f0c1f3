"""A source file → `Document`: its sections, sentences, lists, tables, flags and ignored regions, all as spans of it."""

from __future__ import annotations

import hashlib
import tomllib
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from nkqa.build.bounded import SIDECAR_BYTES, check_size, read_file
from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.build.markdown import parse_markdown
from nkqa.build.metadata import source_of, tidy, web_address
from nkqa.build.pieces import Piece, PieceKind
from nkqa.build.plain_text import parse_plain_text
from nkqa.build.sandbox import EXTRACTED, Sandbox
from nkqa.errors import CorpusError
from nkqa.text.sentences import find_flags, split_sentences
from nkqa.types import (
    Block,
    BlockKind,
    Document,
    Ignored,
    Pair,
    Section,
    Sentence,
    Source,
    Span,
    Table,
    TableRow,
    Trust,
)

PARSERS: dict[str, Callable[[str], list[Piece]]] = {".txt": parse_plain_text, ".md": parse_markdown}
SUFFIXES = (*PARSERS, *EXTRACTED)
SIDECAR = ".toml"
# A key of thousands of parts would keep the parser of TOML busy for minutes.
_MOST_DOTS = 100
# A document of a million words has some thousands; a file of nothing else would take minutes.
MOST_HEADINGS = 20_000
_BLOCKS = {
    PieceKind.PARAGRAPH: BlockKind.PARAGRAPH,
    PieceKind.LIST_ITEM: BlockKind.LIST_ITEM,
    PieceKind.CAPTION: BlockKind.CAPTION,
}


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the `<name>.toml` beside a document says; `levels` overrules inferred heading levels."""

    title: str | None
    source: Source
    trust: Trust
    levels: dict[str, int]


def read_document(path: Path, name: str, sandbox: Sandbox | None = None) -> Document:
    """Read one file. `name` is its path inside the corpus; it and the bytes make the document's id.

    Plain text and Markdown stay as they are; of any other file the text is extracted in the sandbox, one of its own
    where none is given. Raises CorpusError for a file that is unreadable, empty or damaged, text that is not UTF-8 or
    holds NUL characters, or a bad sidecar.
    """
    suffix = path.suffix.lower()
    sidecar = read_sidecar(path.with_suffix(SIDECAR), name)
    if suffix in PARSERS:
        data = read_file(path, name, sandbox.file_bytes if sandbox else Limits().file_bytes)
        found = Extracted(_decode(data, name))
    elif sandbox:
        data, found = sandbox.extract(path, name)
    else:
        with Sandbox() as own:
            data, found = own.extract(path, name)
    text = found.text
    digest = hashlib.sha256(data).hexdigest()
    identity = hashlib.sha256(f"{name}\0{digest}".encode()).hexdigest()[:12]
    pieces = _overrule(text, PARSERS.get(suffix, parse_markdown)(text), sidecar.levels, name)
    sections, owner = _sections(text, pieces)
    first_heading = next((section.heading for section in sections if section.heading), Path(name).stem)
    return Document(
        id=identity,
        name=name,
        title=tidy(sidecar.title) or tidy(found.title) or tidy(first_heading) or name,
        text=text,
        sha256=digest,
        source=source_of(sidecar.source, found),
        sections=sections,
        blocks=tuple(_block(text, p, s, sections) for p, s in zip(pieces, owner, strict=True) if p.kind in _BLOCKS),
        tables=tuple(_table(p, s) for p, s in zip(pieces, owner, strict=True) if p.table),
        pairs=tuple(
            Pair(label, value, Span(label.start, value.end), section)
            for piece, section in zip(pieces, owner, strict=True)
            for label, value in piece.pairs
        ),
        ignored=tuple(Ignored(piece.span, piece.reason) for piece in pieces if piece.kind is PieceKind.IGNORED),
        trust=sidecar.trust,
    )


def _decode(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CorpusError(
            f"{name} is not UTF-8 text: byte 0x{data[error.start]:02x} in line {line}.",
            "Save the file as UTF-8 (for example with `iconv -f WINDOWS-1252 -t UTF-8`) or remove it.",
        ) from error
    if not text.replace("\ufeff", "").strip():
        raise CorpusError(f"{name} is empty.", "Put text into the file or remove it from the corpus.")
    if "\0" in text:
        raise CorpusError(
            f"{name} holds a NUL character in line {text[: text.index(chr(0))].count(chr(10)) + 1}.",
            "It is probably not a text file; remove it from the corpus.",
        )
    return text


def read_sidecar(path: Path, name: str) -> Sidecar:
    """Read the description beside a document; a file that is not there says nothing.

    Raises CorpusError for broken TOML, an unknown key or a value of the wrong type, and for one of more than 1 MiB.
    """
    try:
        values = tomllib.loads(_sidecar_text(path)) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
        raise CorpusError(f"The sidecar {path.name} of {name} cannot be read: {error}.", "Correct it.") from error
    known = {field.name for field in fields(Source)}
    levels = values.pop("heading_levels", {})
    title, trust = values.pop("title", ""), values.pop("trust", Trust.NORMAL.value)
    for key, value in {**values, "title": title, "trust": trust}.items():
        if key not in {*known, "title", "trust"} or not isinstance(value, str):
            allowed = ", ".join(["title", *sorted(known), "trust", "heading_levels"])
            raise CorpusError(f"{path.name}: {key!r} is not a text or not a known key.", f"Known keys: {allowed}.")
    if not isinstance(levels, dict) or not all(isinstance(v, int) and 1 <= v <= 6 for v in levels.values()):
        raise CorpusError(f"{path.name}: heading_levels must map headings to 1 ... 6.", "Correct it.")
    if wrong := next((key for key in ("url", "licence_url") if key in values and not web_address(values[key])), None):
        raise CorpusError(f"{path.name}: {wrong} is no address of the web.", "It begins with https:// or http://.")
    if trust not in list(Trust):
        raise CorpusError(f"{path.name}: trust is {trust!r}.", f"It is one of {', '.join(Trust)}.")
    return Sidecar(title, Source(**values), Trust(trust), levels)


def _sidecar_text(path: Path) -> str:
    check_size(path, path.name, SIDECAR_BYTES)
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > _MOST_DOTS:
            raise CorpusError(f"{path.name}: line {number} has more than {_MOST_DOTS} dots.", "Shorten it.")
    return text


# -------------------------------------------------------------------------------------------------------- assembling


def _overrule(text: str, pieces: list[Piece], levels: dict[str, int], name: str) -> list[Piece]:
    """Put the operator's heading levels in place of the inferred ones; the title's stays.

    Raises CorpusError for a heading that is none, and for a document of more than MOST_HEADINGS.
    """
    if sum(piece.kind is PieceKind.HEADING for piece in pieces) > MOST_HEADINGS:
        raise CorpusError(f"{name} has more than {MOST_HEADINGS:,} headings.", "Split it into smaller files.")
    headings = {piece.span.of(text) for piece in pieces if piece.kind is PieceKind.HEADING}
    if unknown := sorted(levels.keys() - headings):
        raise CorpusError(
            f"The sidecar of {name}: heading_levels names {unknown[0]!r}, which is no heading of it.",
            "Correct it; `nkqa build --outline` shows the headings.",
        )
    return [
        Piece(p.kind, p.span, levels.get(p.span.of(text), p.level)) if p.kind is PieceKind.HEADING and p.level else p
        for p in pieces
    ]


def _sections(text: str, pieces: list[Piece]) -> tuple[tuple[Section, ...], list[int]]:
    """Return the sections in order of the text, the whole document first, and the section each piece lies in."""
    first = next((piece for piece in pieces if piece.level == 0), None)
    headings = [(0, first.span if first else Span(0, 0))]
    headings += [(p.level, p.span) for p in pieces if p.kind is PieceKind.HEADING and p.level]
    owner: list[int] = []
    current = 0
    for piece in pieces:
        current += piece.kind is PieceKind.HEADING and bool(piece.level)
        owner.append(current)
    filled = sorted(
        {s for p, s in zip(pieces, owner, strict=True) if p.kind not in (PieceKind.HEADING, PieceKind.IGNORED)}
    )
    ends = _Ends(text, pieces)
    sections: list[Section] = []
    trail: list[tuple[int, str]] = []
    for index, ((level, span), after) in enumerate(zip(headings, _next_of_rank(headings), strict=True)):
        end = headings[after][1].start if after < len(headings) else len(text)
        trail = [step for step in trail if step[0] < level] + ([(level, span.of(text))] if level else [])
        first_filled = bisect_left(filled, index)
        sections.append(
            Section(
                heading=span.of(text),
                level=level,
                path=tuple(heading for _, heading in trail),
                heading_span=span,
                span=Span(span.start if level else 0, ends.before(end) if level else len(text)),
                empty=first_filled == len(filled) or filled[first_filled] >= after,
            )
        )
    return tuple(sections), owner


def _next_of_rank(headings: list[tuple[int, Span]]) -> list[int]:
    """Return for each heading the place of the next one of its level or above; their number where there is none."""
    after = [len(headings)] * len(headings)
    waiting: list[int] = []
    for place, (level, _) in enumerate(headings):
        while waiting and headings[waiting[-1]][0] >= level:
            after[waiting.pop()] = place
        waiting.append(place)
    return after


class _Ends:
    """Where sections end: before the white space and the ignored regions that follow them."""

    def __init__(self, text: str, pieces: list[Piece]) -> None:
        self._text = text
        self._ignored = [piece.span for piece in pieces if piece.kind is PieceKind.IGNORED]
        self._starts = [span.start for span in self._ignored]
        # In order of the text, so that an end found once serves the regions that follow.
        self._ends: list[int] = []
        for span in self._ignored:
            self._ends.append(self.before(span.start))

    def before(self, end: int) -> int:
        """Return the end of the text before a place."""
        while end and self._text[end - 1].isspace():
            end -= 1
        last = bisect_left(self._starts, end) - 1
        return self._ends[last] if last >= 0 and self._ignored[last].end >= end else end


def _block(text: str, piece: Piece, section: int, sections: tuple[Section, ...]) -> Block:
    return Block(_BLOCKS[piece.kind], piece.span, section, _sentences(text, piece, sections[0].heading))


def _sentences(text: str, piece: Piece, title: str) -> tuple[Sentence, ...]:
    """Cut prose at sentence ends and a caption at its lines; a list item is one unit, whatever stops it holds."""
    if piece.kind is PieceKind.PARAGRAPH:
        return split_sentences(text, piece.span)
    if piece.kind is PieceKind.LIST_ITEM:
        return (Sentence(piece.span, find_flags(text, piece.span)),)
    # The line of a caption that only repeats the title is the alternative text of a picture.
    lines = [line for line in _lines(text, piece.span) if line.of(text).casefold() != title.casefold()]
    return tuple(Sentence(line, find_flags(text, line)) for line in lines)


def _lines(text: str, span: Span) -> list[Span]:
    result: list[Span] = []
    position = span.start
    for raw in span.of(text).splitlines(keepends=True):
        body = raw.strip()
        start = position + (raw.index(body) if body else 0)
        if body:
            result.append(Span(start, start + len(body)))
        position += len(raw)
    return result


def _table(piece: Piece, section: int) -> Table:
    raw = piece.table
    assert raw is not None  # noqa: S101 (the caller filters)
    rows = tuple(TableRow(label, cells, span) for label, cells, span in raw.rows)
    return Table(raw.caption, raw.corner, raw.columns, rows, piece.span, section)

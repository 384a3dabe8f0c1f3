"""Lists → one fact per attribute of each item: title, creator, year, kind, performer, role, prize, who it is about.

A title may hold commas, colons and dashes: it ends where something follows that reads like a description. `unit` of a
creator is how ("directed"), of a performer the character; of a year it is what the year means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nkqa.build.facts.relations import (
    CAPITALISED,
    MAX_SENTENCE_CHARS,
    PERSON,
    QUOTE,
    ROLE,
    compiled,
    masked,
    trimmed,
)
from nkqa.store.facts import fact_id
from nkqa.text.numbers import bounds
from nkqa.types import Block, BlockKind, Document, Fact, FactKind, Span

_WORKS = (
    "book memoir autobiography biography novel novella story collection anthology play poem essay study film movie "
    "documentary drama series album song opera symphony quartet musical game magazine newspaper podcast exhibition "
    "painting report article paper"
).split()
_YEAR = r"(?<![\d,.$])(?:1[5-9]|20)\d\d(?![\d,]\d|\d)"
_MODIFIER = r"(?:[a-z][\w'’-]*)"
_KIND = rf"(?:(?!of |by |the |this |a |an |in |is ){_MODIFIER} ){{0,3}}(?:{'|'.join(_WORKS)}|stories)\b(?: film\b)?"
_KIND_OF = r"(?: of (?:[a-z-]+ )?(?:stories|essays|poems|letters|songs))?"
# What may follow a title after a comma; anything else belongs to the title.
_DESCRIBES = (
    rf"(?:(?:(?:written|directed|edited|composed|painted) )?by {PERSON}|an? |the {_YEAR}|{_YEAR}|{_KIND}|directed )"
)
_ENDS_TITLE = compiled(rf" [–—-] |, (?={_DESCRIBES})| \(")
_BY_ENDS_TITLE = compiled(rf" (?={'(?:written |directed |edited |composed )?'}by (?:an? )?{PERSON})")
_NAMES = rf"{PERSON}(?:(?:, (?:and )?| and | & ){PERSON}){{0,9}}"
_MARKED = re.compile(r"(?P<mark>\*\*|\*|__|_)(?=\S)(?P<title>[^*_\n]+?)(?P=mark)")
_CREATOR = compiled(
    r"\b(?P<how>written|directed|edited|composed|painted)? ?(?<!played\s)(?<!portrayed\s)\bby (?:(?:the|an?) )?"
    rf"(?:(?:{CAPITALISED} ){{0,3}}{ROLE} )?(?P<who>{_NAMES})"
)
_DATED_KIND = compiled(rf"(?P<year>{_YEAR})(?: [A-Z][\w'’-]*| winning| prize-winning)* (?P<kind>{_KIND}{_KIND_OF})")
_ANY_KIND = compiled(rf"\b(?P<kind>{_KIND}{_KIND_OF})")
_BARE_YEAR = compiled(rf"(?:[–—,-]|[*_]) ?(?P<year>{_YEAR})(?= ?(?:[,;.)]|\Z))|\((?P<bracketed>{_YEAR})\)")
_TERM_OF_OFFICE = compiled(rf"\bfrom (?P<years>{_YEAR} to {_YEAR})")
_PERFORMER = compiled(
    rf"(?:[,;:–—]| about | in which )? ?(?P<character>[^,;:()–—]{{2,80}}?) "
    rf"\((?:played|portrayed) by (?P<who>{PERSON})\)"
)
_PRIZE = compiled(r"(?P<prize>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)* (?:Prize|Award|Medal))(?= |\b)")
_ABOUT = compiled(
    rf"\b(?:biography|story|life|film|documentary|book|novel|memoirs?) (?:of|about) (?P<who>{PERSON})"
    r"(?![\w'’]| [a-z]+ (?:who|that))"
)
_ROLE = compiled(
    r"(?: ?\([^()]*\))? ?, ?(?:the )?(?P<role>[a-z][a-z-]*(?: [a-z-]+)*?)"
    r"(?= (?:from|since|until|in) \d| ?[,;.]|\Z)"
)


@dataclass(frozen=True, slots=True)
class _Found:
    attribute: str
    value: Span
    unit: str | None = None


def list_item_facts(document: Document) -> tuple[Fact, ...]:
    """Return the facts of every list in order: an item's title first, then what is said of it."""
    text = masked(document)
    facts: dict[str, Fact] = {}
    for run in lists_of(document):
        group = list_id(document, run)
        for place, block in enumerate(run):
            span = Span(block.span.start, min(block.span.end, block.span.start + MAX_SENTENCE_CHARS))
            title = find_title(document.text, text, span)
            for found in [_Found("title", title), *_attributes(text, title, span)]:
                fact = _fact(document, block, found, title, group, place)
                facts.setdefault(fact.id, fact)
    return tuple(facts.values())


def lists_of(document: Document) -> list[list[Block]]:
    """Return the lists of a document: runs of items in one section with nothing between them."""
    runs: list[list[Block]] = []
    previous: Block | None = None
    for block in document.blocks:
        if block.kind is BlockKind.LIST_ITEM:
            goes_on = (
                previous is not None and previous.kind is BlockKind.LIST_ITEM and previous.section == block.section
            )
            if goes_on:
                runs[-1].append(block)
            else:
                runs.append([block])
        previous = block
    return runs


def list_id(document: Document, run: Sequence[Block]) -> str:
    """Return the id under which the items of a list are grouped."""
    return hashlib.sha256(f"{document.id}:{run[0].span.start}:{run[-1].span.end}".encode()).hexdigest()[:12]


def find_title(raw: str, text: str, span: Span) -> Span:
    """Return an item's title; all of an item without a description is its title.

    `raw` has the mark-up that is blanked out in `text`: emphasis marks a title at the beginning or behind a name.
    """
    item = span.of(text)
    marked = _MARKED.search(raw, span.start, span.end)
    if marked and (
        marked.start() == span.start or compiled(rf"{_NAMES},? ?").fullmatch(text, span.start, marked.start())
    ):
        return Span(*marked.span("title"))
    if quoted := re.compile(QUOTE).match(item):
        return trimmed(text, span.start, span.start + quoted.end())
    end = _ENDS_TITLE.search(item) or next(reversed(list(_BY_ENDS_TITLE.finditer(item))), None)
    if end and item[: end.start()].strip():
        return trimmed(text, span.start, span.start + end.start())
    return trimmed(text, span.start, span.start + len(item.rstrip(" .;\n")))


def _attributes(text: str, title: Span, span: Span) -> Iterator[_Found]:
    """Read what is said of an item before and behind its title."""
    for found in (_creator(text, title, span), _role(text, title, span), _about(text, title, span)):
        if found:
            yield found
    yield from _kind_and_year(text, Span(title.end, span.end))
    for match in _PERFORMER.finditer(text, title.end, span.end):
        character = re.split(r"\b(?:about|in which|story of)\s+", match["character"])[-1]
        yield _Found("performer", Span(*match.span("who")), " ".join(character.split()))
    for match in _PRIZE.finditer(text, title.end, span.end):
        yield _Found("prize", Span(*match.span("prize")))


def _creator(text: str, title: Span, span: Span) -> _Found | None:
    if before := compiled(rf"(?P<who>{_NAMES}),? ?").fullmatch(text, span.start, title.start):
        return _Found("creator", Span(*before.span("who")))
    match = _CREATOR.search(text, title.end, span.end)
    return _Found("creator", Span(*match.span("who")), match["how"]) if match else None


def _role(text: str, title: Span, span: Span) -> _Found | None:
    """Read "X, chief engineer from 1905 to 1931": what a person in a list was."""
    match = _ROLE.match(text, title.end, span.end)
    return _Found("role", Span(*match.span("role"))) if match else None


def _about(text: str, title: Span, span: Span) -> _Found | None:
    match = _ABOUT.search(text, title.end, span.end)
    return _Found("about", Span(*match.span("who"))) if match else None


def _kind_and_year(text: str, rest: Span) -> Iterator[_Found]:
    """Read "2012 prize-winning novel", "(1938)", "from 1905 to 1931"; a year elsewhere tells of something else."""
    if match := _DATED_KIND.search(text, rest.start, rest.end):
        yield _Found("year", Span(*match.span("year")), "publication")
        yield _Found("kind", Span(*match.span("kind")))
        return
    if match := _ANY_KIND.search(text, rest.start, rest.end):
        yield _Found("kind", Span(*match.span("kind")))
    if match := _BARE_YEAR.search(text, rest.start, rest.end):
        yield _Found("year", Span(*match.span("year" if match["year"] else "bracketed")), "publication")
    elif match := _TERM_OF_OFFICE.search(text, rest.start, rest.end):
        yield _Found("year", Span(*match.span("years")), "in office")


def _fact(document: Document, block: Block, found: _Found, title: Span, group: str, place: int) -> Fact:
    subject = " ".join(title.of(document.text).split())
    numbers = bounds(found.value.of(document.text)) if found.attribute == "year" else None
    return Fact(
        id=fact_id(document, FactKind.LIST_ITEM, found.value, subject, found.attribute),
        kind=FactKind.LIST_ITEM,
        subject=subject,
        attribute=found.attribute,
        value=found.value.of(document.text),
        low=numbers[0] if numbers else None,
        high=numbers[1] if numbers else None,
        unit=found.unit,
        where=None,
        period=None,
        claimant=None,
        hedge=None,
        flags=tuple(flag.label for sentence in block.sentences for flag in sentence.flags),
        doc_id=document.id,
        span=found.value,
        statement=block.span,
        path=document.path_of(block.section),
        group=group,
        position=(place, 0),
    )

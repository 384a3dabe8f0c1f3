"""A sentence that enumerates → its things as one slice; cases that a sentence counts → the sentences that tell them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nkqa.ask.list_reading import one_line
from nkqa.ask.read import read
from nkqa.ask.sources import Sources
from nkqa.types import Claim, Document, Evidence, Finding, Kind, Query, Span

CONFIDENCE = 0.7
_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten)"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)"
_PLURAL = re.compile(
    rf"(?:which|what|name|list) (?:(?!{_AUXILIARY}\b)\w+ ){{0,2}}?"
    rf"(?!{_AUXILIARY}\b|(?:this|its|his|across)\b)[a-z-]+s\b(?!['’])",
    re.IGNORECASE,
)
_PREPOSITION = r"(?:in|of|from|as|with|for|by|to|on|including|include|includes|between|both|namely|via|due to|such as)"
_BE = r"(?:is|are|was|were|be|has|have|had|can|could|will|would|may|might)"
# A finite verb, or a pronoun that has one: what stands before it is a clause and no item.
_VERB = re.compile(
    rf"\b(?:{_BE}|[a-z]{{3,}}ed|provides?|ranges?|includes?|said|says|gave|gives|took|held|saw|led|kept|it|they|he|she|we)\b",
    re.IGNORECASE,
)
_ENTRANCE = re.compile(rf"\b(?:{_PREPOSITION}|{_BE}|[a-z]{{3,}}ed)\s+(?:{_PREPOSITION}\s+)?(?=\S)", re.IGNORECASE)
_OPENER = re.compile(r"\s*(?:In|On|At|By|After|Before|Since|During|According to|Under|For)\s")
_JOINT = re.compile(r"(?:\A|\s)(?:and|or|as well as)\s")
_PART = re.compile(r"(?:[^,;:.()]|(?<=\d),(?=\d)|\.(?=\w))+")
# What stands behind a single comma may be an aside, and two things are an enumeration only where a word says so.
_ASIDE = re.compile(r"\s*(?:an?|with|from|often|either|whose|where|including|in|at|by)\b", re.IGNORECASE)
_NO_ITEM = re.compile(
    rf"\b(?:{_BE}|which|that|who|but|not|however|according|usually|mainly|among others)\b|\A\s*(?:\d|around\b)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"(?:\b(?:including|both|namely)|\b(?:{_NUMBER}|main|major) (?:[a-z]+ ){{1,3}}(?:are|were))\s+"
    r"(?P<pair>(?!\d|[a-z]+ed\b)[^,;:.()]{2,80}\sand\s[^,;:.()]{2,60})"
)
_TAIL = re.compile(rf"\s(?:{_BE}|that|who|which|to(?!\s(?:an?|the)\b)|because|when|where|under|as)\s")
_COUNTED = re.compile(rf"There (?:are|were|have been|had been) (?P<number>{_NUMBER}) ")
_GOES_ON = re.compile(r"(?:It|Its|They|Their|These|Those)\b")
MAX_ITEM_WORDS = 9
# Further passages that enumerate must score at least this share of the best: retrieval scores lie close together.
NEARLY_AS_GOOD = 0.95
MAX_LAST_WORDS = 14
MAX_CASE_WORDS = 170
MAX_PARTS = 60


def find_enumeration(query: Query, sources: Sources) -> Finding | None:
    """Return what the best passage enumerates, where a question asks for several things; None otherwise."""
    if query.kind is not Kind.LIST and not _PLURAL.match(query.text):
        return None
    evidence = read(replace(query, kind=Kind.LIST), sources.hits, sources.documents, NEARLY_AS_GOOD)
    if not evidence:
        return None
    first = evidence[0]
    document = sources.documents[first.doc_id]
    short = enumeration(document.text, first.span)
    if cases := _cases(query, evidence, sources):
        short, evidence = None, cases
    elif short is None and (after := _following(first, document)[:1]):
        short = enumeration(document.text, after[0].span) if _GOES_ON.match(after[0].span.of(document.text)) else None
        evidence = (first, *after, *evidence[1:2])
    if short is None and not cases:
        return None
    claims = tuple(Claim(one_line(p.span, sources.documents[p.doc_id]), (i,)) for i, p in enumerate(evidence))
    shown = one_line(short, document) if short else None
    return Finding(Kind.LIST, claims, evidence, shown, confidence=CONFIDENCE)


def enumeration(text: str, span: Span) -> Span | None:
    """Return what a sentence enumerates ("knots, cooking and first aid"), None where it does not.

    The last item has the "and"; those before it are short and without a verb; the first is what stands behind the last
    preposition or verb of the part of the sentence that leads up to it.
    """
    # A sentence of more parts than this is a listing of its own, and would take long.
    parts = [Span(*part.span()) for part in _PART.finditer(text, span.start, span.end)][:MAX_PARTS]
    for last in range(len(parts) - 1, 0, -1):
        if found := _ending_with(text, parts[_first_part(text, parts, last) : last + 1]):
            return found
    pair = _PAIR.search(text, span.start, span.end)
    if pair is None:
        return None
    tail = _TAIL.search(pair["pair"], pair["pair"].index(" and ") + 4)
    return Span(pair.start("pair"), pair.start("pair") + (tail.start() if tail else len(pair["pair"].rstrip())))


def _ending_with(text: str, parts: Sequence[Span]) -> Span | None:
    """Return the enumeration that parts between commas make, from inside the first to inside the last."""
    head, *inner, tail = (part.of(text) for part in parts) if len(parts) > 1 else ("", "")
    cuts = list(_ENTRANCE.finditer(head))
    cut = cuts[-1].end() if cuts else len(head) - len(head.split()[-1]) if head.split() else 0
    joint = _JOINT.search(tail) or (re.search(r"\sto\s", tail) if re.search(r"\bfrom\s+\Z", head[:cut]) else None)
    if joint is None or len(parts) + bool(tail[: joint.start()].strip()) < 3:
        return None
    rest = _TAIL.search(tail, joint.end())
    tail = tail[: rest.start()] if rest else tail.rstrip()
    items = [head[cut:], *inner, tail]
    if any(_NO_ITEM.search(item) for item in items) or len(tail.split()) > MAX_LAST_WORDS:
        return None
    if len(parts) == 2 and (_ASIDE.match(tail) or _VERB.search(tail) or len(tail.split()) > MAX_ITEM_WORDS):
        return None
    if any(len(item.split()) > MAX_ITEM_WORDS for item in items[:-1]):
        return None
    return Span(parts[0].start + cut, parts[-1].start + len(tail))


def _first_part(text: str, parts: Sequence[Span], last: int) -> int:
    """Return the place of the part that an enumeration begins in, going back from its last part."""
    first = last
    while first > 0 and text[parts[first - 1].end : parts[first].start] == ",":
        words = parts[first - 1].of(text)
        if first == 1 and _OPENER.match(words) and not _VERB.search(words):
            return first
        first -= 1
        if _VERB.search(words) or len(words.split()) > MAX_ITEM_WORDS or _ENTRANCE.match(words.strip()):
            return first
    return first


def _cases(query: Query, evidence: Sequence[Evidence], sources: Sources) -> tuple[Evidence, ...]:
    """Return "There have been three cases" with the sentences that tell them, where the question says "three" too."""
    for piece in evidence[:2]:
        document = sources.documents[piece.doc_id]
        counted = _COUNTED.match(piece.span.of(document.text))
        if counted and re.search(rf"\b{counted['number']}\b", query.text, re.IGNORECASE):
            cases: list[Evidence] = [piece]
            for after in _following(piece, document):
                if sum(len(one.span.of(document.text).split()) for one in (*cases, after)) > MAX_CASE_WORDS:
                    break
                cases.append(after)
            return tuple(cases) if len(cases) > 1 else ()
    return ()


def _following(piece: Evidence, document: Document) -> list[Evidence]:
    """Return the sentences behind a piece of evidence in its block."""
    block = next((block for block in document.blocks if block.span.contains(piece.span)), None)
    return [
        replace(piece, span=sentence.span, flags=tuple(flag.label for flag in sentence.flags), short=None)
        for sentence in (block.sentences if block else ())
        if sentence.span.start >= piece.span.end
    ]

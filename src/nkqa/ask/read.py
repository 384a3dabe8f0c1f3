"""Hits → evidence: which sentences are shown, how far each excerpt reaches, and the bare answer where a rule is sure.

A rule is sure when the sentence holds exactly one candidate of the type asked for that the question does not already
name, or when exactly one of several stands right before the word that "how many ..." counts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from nkqa.ask.names import implied
from nkqa.ask.rank import ACCEPTED, holds_type
from nkqa.text.places import name_countries, write_out
from nkqa.text.terms import stem, terms, tokens
from nkqa.text.values import Value, find_values, years
from nkqa.types import AnswerType, Block, BlockKind, Document, Evidence, Hit, Kind, Passage, PassageKind, Query, Span

# Sentences that say nearly as much as the best one are shown with it, up to these many.
MAX_SENTENCES = {Kind.WHY_HOW: 3, Kind.LIST: 3}
DEFAULT_SENTENCES = 2
# The least share of the best one's score that a further sentence must have, and one beside it that gives a cause.
MIN_SHARE = 0.5
MIN_CAUSE_SHARE = 0.2
MAX_WORDS = 95
# How sure the reader's pointers must be to be followed, and the longest bare answer they may give, in words.
MIN_POINTING = 3.0
MAX_SHORT_WORDS = 12
# Items shown of a list whose introduction is the evidence.
MAX_ITEMS = 12
# A sentence that begins like this is about something named in the sentence before it.
_POINTS_BACK = re.compile(
    r"(?:They|He|She|It|This|These|Those|Such|That|Their|His|Her|Its|The (?:group|man|woman|case|two|former|latter|"
    r"same|report|incident)|However|Therefore|Thus|As a (?:result|consequence)|Instead|For this)\b"
)
_AGAIN = re.compile(r"The ([^\W\d_A-Z]\w+)")
_HEDGE = re.compile(
    r"(?:\b(?:about|around|approximately|roughly|nearly|almost|over|under|at least|at most|more than|less than|"
    r"fewer than|up to|only|some|an estimated|estimated|circa|between)\s)+\Z",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[^\W\d_a-z][\w'’-]*\.?(?:\s(?:(?:of|the|for|and|de|von|van|al)\s){0,2}[^\W\d_a-z][\w'’-]*\.?)*")
# Capitalised words that name a day or a month, and nobody.
_CALENDAR = frozenset(
    stem(word)
    for word in "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december".split()
)
# A full stop that belongs to a name at its end; any other ends the sentence.
_ABBREVIATION = re.compile(r"\b(?:\w|Jr|Sr|Inc|Ltd|Co|Corp)\.\Z")
_HONORIFIC = re.compile(r"(?:Dr|Mr|Mrs|Ms|Prof|Professor|President|Prime Minister|then-Prime Minister)\.?\s")
# What "how many" counts: the words up to the first verb, preposition or the end of the question.
_COUNTED = re.compile(
    r"\bhow many\s+((?:[\w'-]+\s+){0,3}?[\w'-]+?)(?=\s+(?:\w+ed|\w+s|have|had|did|do|does|are|is|were|was|can|could|"
    r"will|came|come|got|went|took|made|in|on|at|of|from|by|for)\b|\s*\?|$)",
    re.IGNORECASE,
)


def read(
    query: Query, hits: tuple[Hit, ...], documents: dict[str, Document], min_share: float = MIN_SHARE
) -> tuple[Evidence, ...]:
    """Return the evidence for a query, best first; () where nothing was found.

    `min_share` is the least share of the best hit's score with which another one is shown beside it.
    """
    chosen: list[Evidence] = []
    words = 0
    for hit in hits:
        if len(chosen) >= MAX_SENTENCES.get(query.kind, DEFAULT_SENTENCES):
            break
        if hit.score < min_share * hits[0].score and not _gives_cause_beside(query, hit, hits[0]):
            continue
        evidence = _evidence(query, hit, documents[hit.passage.doc_id])
        if any(_overlap(evidence, other) for other in chosen):  # the sentence before it is shown already
            evidence = replace(evidence, span=hit.passage.span, flags=hit.passage.flags)
        length = len(evidence.span.of(documents[evidence.doc_id].text).split())
        if chosen and words + length > MAX_WORDS:
            continue
        if any(_overlap(evidence, other) for other in chosen) or hit.passage.kind is PassageKind.TABLE_ROW:
            continue
        pieces = _with_items(evidence, documents[evidence.doc_id])
        chosen += [piece for piece in pieces if not any(_overlap(piece, other) for other in chosen)]
        words += length
    return tuple(_in_order(chosen)) if query.kind is Kind.WHY_HOW else tuple(chosen)


def _gives_cause_beside(query: Query, hit: Hit, best: Hit) -> bool:
    """Tell whether a sentence beside the best one gives the cause that the best one may only lead up to."""
    near = best.passage.doc_id == hit.passage.doc_id and best.passage.window.contains(hit.passage.span)
    close = hit.score > MIN_CAUSE_SHARE * best.score
    return query.kind is Kind.WHY_HOW and near and close and holds_type(hit.passage, query)


def _in_order(evidence: list[Evidence]) -> list[Evidence]:
    """Put causes and effects in the order in which their text gives them."""
    return sorted(evidence, key=lambda piece: (piece.doc_id, piece.span))


def excerpt(passage: Passage, document: Document) -> Span:
    """Return what is cited of a passage: itself, with the sentence before where it points back to that one."""
    if passage.kind is PassageKind.SENTENCE and _points_back(passage, document):
        return Span(passage.window.start, passage.span.end)
    return passage.span


def _points_back(passage: Passage, document: Document) -> bool:
    """Tell whether a sentence is about something of the one before: by a pronoun, or by "The act" after "an act"."""
    if _POINTS_BACK.match(passage.text):
        return True
    again = _AGAIN.match(passage.text)
    before = Span(passage.window.start, passage.span.start).of(document.text)
    return again is not None and stem(again[1]) in terms(before)


def _evidence(query: Query, hit: Hit, document: Document) -> Evidence:
    passage = hit.passage
    span = excerpt(passage, document)
    return Evidence(
        doc_id=document.id,
        span=span,
        path=passage.path,
        flags=flags_in(document, span),
        score=hit.score,
        lead=passage.lead,
        short=short_answer(query, document.text, passage.span, hit) if holds_names(query, hit, document) else None,
    )


def _with_items(evidence: Evidence, document: Document) -> list[Evidence]:
    """Return a sentence that introduces a list as the items of that list; any other evidence as it is."""
    items: list[Evidence] = []
    blocks = iter(document.blocks)
    for block in blocks:
        if block.span.contains(evidence.span):
            below = takewhile(lambda other: other.kind is BlockKind.LIST_ITEM, blocks)
            items = [_item(evidence, block, document) for block in below]
            break
    introduces = evidence.lead is None and evidence.span.of(document.text).endswith(":")
    return items[:MAX_ITEMS] if introduces and items else [evidence]


def _item(lead: Evidence, block: Block, document: Document) -> Evidence:
    return Evidence(lead.doc_id, block.span, lead.path, flags_in(document, block.span), lead.score, lead.span)


def holds_names(query: Query, hit: Hit, document: Document) -> bool:
    """Tell whether every name of the question stands in or over the passage.

    "How many live in Atlantis?" has no bare answer in a sentence that counts those of a whole continent.
    """
    passage = hit.passage
    lead = passage.lead.of(document.text) if passage.lead else ""
    points_back = passage.window.of(document.text) if _points_back(passage, document) else ""
    here = " ".join([document.title, *passage.path, lead, points_back, passage.text])
    held = frozenset(terms(name_countries(here)))
    held |= implied(query.names, held)
    named = [frozenset(terms(name_countries(name))) for name in names_of(query.question)]
    return all(name & held for name in named if name)


def names_of(question: str) -> list[str]:
    """Return the names that a question holds, short names of countries written out; its first word is none."""
    return [match[0] for match in _NAME.finditer(write_out(question)) if match.start() > 0 and terms(match[0])]


def flags_in(document: Document, span: Span) -> tuple[str, ...]:
    """Return the labels of the flags inside a span, in order, each once."""
    labels = [
        flag.label
        for block in document.blocks
        if block.span.start < span.end and span.start < block.span.end
        for sentence in block.sentences
        for flag in sentence.flags
        if span.contains(flag.span)
    ]
    return tuple(dict.fromkeys(labels))


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.doc_id == other.doc_id and _touch(one.span, other.span)


# ------------------------------------------------------------------------------------------------------ short answer


def short_answer(query: Query, text: str, span: Span, hit: Hit | None = None) -> Span | None:
    """Return the span of the bare answer inside a sentence, hedge included, or None where nothing is sure.

    Where rules are not sure, `hit` may be: the span that the reader points at, if it is one of the type asked for.
    """
    if query.kind in (Kind.YES_NO, Kind.WHY_HOW, Kind.LIST):
        return None
    if not set(query.years) <= set(years(span.of(text))):
        return None  # a figure of another year, or of none that is named
    pointed = hit.answer if hit and hit.reading and hit.reading.pointing > MIN_POINTING else None
    if query.answer_type in (AnswerType.NAME, AnswerType.ANY):
        named = _only(_names(query, text, span)) if query.answer_type is AnswerType.NAME else None
        return named or _whole(text, pointed)
    candidates = _values(query, text, span)
    touched = [value.span for value in candidates if pointed and _touch(value.span, pointed)]
    found = _only([value.span for value in candidates]) or _only(_counted(query, text, candidates)) or _only(touched)
    if found is None:
        return None
    if query.answer_type is AnswerType.YEAR:
        told = years(found.of(text))
        return Span(found.end - 4, found.end) if told and found.of(text).endswith(str(told[-1])) else found
    hedge = _HEDGE.search(text, max(span.start, found.start - 40), found.start)
    return Span(hedge.start(), found.end) if hedge else found


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _whole(text: str, pointed: Span | None) -> Span | None:
    """Return a span that the reader points at without what does not belong to it; None where it is a whole sentence."""
    if pointed is None:
        return None
    words = pointed.of(text)
    start = pointed.start + len(words) - len(words.lstrip(" ,;:.()\"'“”‘’"))
    end = pointed.end - (len(words) - len(words.rstrip(" ,;:(\"'“”‘’")))
    return Span(start, end) if end - start > 0 and len(text[start:end].split()) <= MAX_SHORT_WORDS else None


def _only(spans: list[Span]) -> Span | None:
    return spans[0] if len(spans) == 1 else None


def _values(query: Query, text: str, span: Span) -> list[Value]:
    """Return the values of the type asked for, without those that the question itself names."""
    accepted = ACCEPTED[query.answer_type]
    named = {value.span.of(query.text).casefold() for value in find_values(query.text, Span(0, len(query.text)))}
    found = [value for value in find_values(text, span) if value.type in accepted]
    found = [value for value in found if value.span.of(text).casefold() not in named]
    # "11-mile" counts miles, not what is asked for.
    return [
        value
        for value in found
        if value.type is not AnswerType.NUMBER or text[value.span.end : value.span.end + 1] != "-"
    ]


def _counted(query: Query, text: str, candidates: list[Value]) -> list[Span]:
    """Return the values that stand at most three words before the noun that "how many" asks for."""
    asked = _COUNTED.search(query.text)
    if not asked:
        return []
    nouns = terms(asked[1])[-1:]
    return [
        value.span
        for value in candidates
        if nouns and nouns[0] in {stem(t.word) for t in tokens(text[value.span.end : value.span.end + 60])[:3]}
    ]


def _names(query: Query, text: str, span: Span) -> list[Span]:
    """Return capitalised names that the question does not hold; a word that only begins the sentence is none."""
    asked = set(terms(query.text))
    found: list[Span] = []
    for match in _NAME.finditer(text, span.start, span.end):
        start = match.start()
        if honorific := _HONORIFIC.match(text, start, match.end()):
            start = honorific.end()
        end = match.end() - (not _ABBREVIATION.search(match[0]) and match[0].endswith("."))
        words = terms(text[start:end])
        if not set(words) - _CALENDAR or asked & set(words) or (match.start() == span.start and len(words) == 1):
            continue
        found.append(Span(start, end))
    return found

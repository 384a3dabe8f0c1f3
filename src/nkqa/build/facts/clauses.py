"""The clause of a figure: where it begins and ends, and what it says without its opening, its time and its hedge."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nkqa.build.passages import plain
from nkqa.text.claimants import hedge_start
from nkqa.text.periods import find_periods
from nkqa.text.phrases import first_plural
from nkqa.text.values import Value
from nkqa.types import Block, Period, Sentence, Span

# A clause begins behind one of these and ends before one.
_CLAUSE_START = re.compile(
    r"[;:—(]\s*|,\s+|\b(?:and|but|while|whereas)\s+|"
    r"\bthat\s+(?!is\b|are\b|was\b|were\b|ha[sd]\b|have\b|can\b|could\b|will\b|would\b|may\b|did\b|do\b)|\b(?:or|as)\s(?=\d)"
)
_CLAUSE_END = re.compile(r"[;:—()]|,\s|\.\Z|\b(?:but|while|whereas)\s|\sand\s(?=they\b|he\b|she\b|it\b)")
_JOIN = re.compile(
    r"(?:,|\s|\b(?:and|or|to|with|by|of|in|the|a|an|further|another|until|but|down from|from|high|peak)\b)+\Z"
)
_PREPOSITION = r"(?:in|by|during|from|between|since|as of|after|before|on|until|up to|for|at|within|of)"
_OPENING = re.compile(
    r"\s*(?:(?:and|but|or|recently|today|now|however|also|overall|still|then|thus|meanwhile)\b,?\s*)+", re.IGNORECASE
)
_EXISTS = re.compile(
    r"(?:there\s(?:\w+\s)?)?(?:are|were|is|was|have been|has been)(?:\s(?:estimated|believed|thought|said|reported))?"
    r"(?:\sto be)?\s*\Z",
    re.IGNORECASE,
)
_OF_THE = re.compile(r"\s?of(?:\s(?:all|the|these|those|its|their|original|first|last))*\s?", re.IGNORECASE)
_VERB = re.compile(
    r"\s?(?:(?:still|also|now|never|not|always|even|\w+ly)\s)?(?:are|is|was|were|be|have|has|had|do|did|can|could|will|would|may|who|which|that|being|[a-z]+ed|[a-z]+ing|"
    r"lie|lies|live|stay|remain|say|said|come|came|went|fled|left|hold|held|want|think|died|became|grew|fell|rose)\b"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure before it is a fact. `before` and `behind` are the parts of its clause on either side of it."""

    value: Value
    sentence: Sentence
    before: Span
    behind: Span
    subject: str
    attribute: str
    where: str | None
    period: Period | None


def find_clause(text: str, sentence: Sentence, value: Value, figures: tuple[Value, ...]) -> tuple[Span, Span]:
    """Return the parts of the value's clause before and behind it; the words that only qualify it belong to neither."""
    start, end = sentence.span.start, sentence.span.end
    if sentence.flags:
        end = min(end, *(flag.span.start for flag in sentence.flags if flag.span.start > value.span.start), end)
    for match in _CLAUSE_START.finditer(text, start, value.span.start):
        ahead = text[match.end() : value.span.start]
        if ahead.count(")") <= ahead.count("("):  # else it stands in brackets that are closed again
            start = match.end()
    if ended := _CLAUSE_END.search(text, value.span.end, end):
        end = ended.start()
    for other in figures:
        if other.span.start > value.span.end and other.span.start < end:
            cut = hedge_start(text, value.span.end, other.span)
            if _OF_THE.fullmatch(text, value.span.end, cut):
                continue  # "18% of 407 defectors": the second number belongs to what is counted
            end = value.span.end + len(_JOIN.sub("", text[value.span.end : cut]))
            break
    stop = hedge_start(text, start, value.span)
    return Span(start, max(start, stop)), Span(value.span.end, max(value.span.end, end))


def say_attribute(text: str, block: Block, sentence: Sentence, before: Span, rest: Span, earlier: list[Reading]) -> str:
    """Return the words of the clause around a figure and what it counts."""
    head = without_opening(text, before).of(text).strip()
    tail = _without_time(text, rest)
    if tail and _EXISTS.match(head):
        head = ""
    last = earlier[-1] if earlier and earlier[-1].sentence == sentence else None
    if (
        last
        and not head
        and not opens_with_verb(tail)
        and re.fullmatch(r"[\s,]*(?:and|or|,)\s*(?:\w+\s)*", text[last.behind.end : before.end])
    ):
        # "388 wrecks on the bar and a further 52 in the river": the verb stands before the first figure.
        head = without_opening(text, last.before).of(text).strip()
    if not tail and len(head.split()) <= 1:
        head = without_opening(text, Span(sentence.span.start, before.end)).of(text).strip(" (,")
    return plain(" … ".join(part for part in (_named(text, block, sentence, head), tail) if part))


def without_opening(text: str, span: Span) -> Span:
    """Return a clause without the time or the adverb that opens it: "In 2012 about 100 ..."."""
    start = span.start
    if opening := _OPENING.match(text, start, span.end):
        start = opening.end()
    for place, _ in find_periods(text, Span(start, span.end)):
        lead = text[start : place.start]
        if re.fullmatch(rf"\s*(?:{_PREPOSITION}\s)?(?:the\s)?", lead, re.IGNORECASE):
            behind = re.match(r"(?:\s(?:period|alone))?,?\s", text[place.end : span.end])
            start = place.end + (behind.end() if behind else 0)
            break
    return Span(min(start, span.end), span.end)


def opens_with_verb(words: str) -> bool:
    """Tell whether words go on with a verb, so that what stands before them is its subject."""
    return _VERB.match(words) is not None


def _named(text: str, block: Block, sentence: Sentence, head: str) -> str:
    """Return a clause with what its "they" most likely stands for: the first plural of the sentence before."""
    place = block.sentences.index(sentence)
    if not re.match(r"they\b", head, re.IGNORECASE) or not place:
        return head
    previous = without_opening(text, block.sentences[place - 1].span)
    comma = re.match(r"(?:Based|According|In|As|For|By|After|Before|During|Due)\b[^,]*,\s", previous.of(text))
    start = previous.start + (comma.end() if comma else 0)
    named = first_plural(text, start, previous.end)
    return f"they ({named.of(text)}){head[4:]}" if named else head


def _without_time(text: str, span: Span) -> str:
    """Return the end of a clause without the times in it and the prepositions before them."""
    piece = span.of(text)
    for place, _ in reversed(find_periods(text, span)):
        lead = re.sub(rf"(?:\b{_PREPOSITION}\s)?(?:the\s)?(?:year\s)?\Z", "", text[span.start : place.start])
        piece = lead + text[place.end : span.start + len(piece)] if place.end <= span.end else piece
        span = Span(span.start, span.start + len(lead)) if place.end == span.end else span
    piece = re.sub(r"\A\s*(?:of\s(?:whom|them|which)\s)?", "", piece).strip(" ,.)”")
    return _JOIN.sub("", piece).strip()

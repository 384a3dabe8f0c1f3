"""Questions about the answer before: "who said that?" and "where does it say that?", answered from its citations."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nkqa.ask.compose import wording
from nkqa.text.claimants import find_claimant
from nkqa.types import Answer, Citation, Claim, Document, Evidence, Finding, Kind, Origin, Span

MAX_EXCERPTS = 2
_IT = r"(?:that|this|it|so|these|those|them)"
_SAID = (
    r"(?:said|says?|told|tells?|claim(?:s|ed)?|report(?:s|ed)?|stat(?:es|ed)|estimat(?:es|ed)|assert(?:s|ed)?|"
    r"alleg(?:es|ed)|announc(?:es|ed)|confirm(?:s|ed)?)"
)
_WORK = r"(?:estimates?|figures?|claims?|numbers?|reports?|words|statements?|data)"
_TEXT = r"(?:the (?:text|article|document|source|page|corpus))"
_PART = r"(?:section|part|sentence|passage|document|source|page|paragraph|article)"
_PATTERNS: tuple[tuple[Origin, re.Pattern[str]], ...] = tuple(
    (origin, re.compile(rf"(?:(?:and|but|so|ok|okay),? )?(?:{pattern})\W*\Z", re.IGNORECASE))
    for origin, pattern in (
        (
            Origin.CLAIMANT,
            rf"who (?:has |actually |first )?{_SAID} (?:you )?{_IT}(?: {_WORK})?|says who|who says(?: so)?|who said so|"
            rf"who told you(?: {_IT})?|according to (?:who|whom)|by whom (?:is|was) {_IT} {_SAID}|"
            rf"whose {_WORK}(?: (?:is|was|are|were) {_IT})?|who (?:is|was) {_IT} {_SAID} by",
        ),
        (
            Origin.PLACE,
            rf"where (?:exactly )?(?:does|do|did) (?:{_IT}|you|{_TEXT}|they|he|she) "
            rf"(?:say|state|mention|stand|come from|get|find|read|have|take)(?: {_IT})?(?: from)?|"
            rf"where (?:exactly )?(?:is|was) {_IT} (?:from|said|stated|written|mentioned|reported)(?: in {_TEXT})?|"
            rf"(?:your |the |any )?(?:sources?|citations?|references?|evidence|proof)|"
            rf"what(?:['’]s| is| are) (?:the|your) (?:sources?|evidence|proof|references?)(?: for {_IT})?|"
            rf"(?:in |on )?(?:which|what) {_PART}(?: (?:says?|is|was|states?) {_IT}(?: from)?)?|"
            rf"how do you know(?: {_IT})?|(?:can|could) you (?:prove|cite|quote|source) {_IT}|"
            rf"show me(?: (?:the|your|where|{_PART}|evidence|proof|quote|it|{_TEXT}|says?|that|stands?))+",
        ),
    )
)
_QUOTED = re.compile(
    r"(?P<who>[^\W\d_a-z][\w'’.-]*(?:\s[^\W\d_a-z][\w'’.-]*)*)(?:,[^,.;]+,)?\s"
    r"(?:said|says|wrote|writes|stated|argued|explained|added|commented)[,:]?\s[“\"]"
)


def asks_origin(question: str) -> Origin | None:
    """Return what a question asks about the answer before it, None for a question about anything else."""
    said = " ".join(question.split())
    return next((origin for origin, pattern in _PATTERNS if pattern.match(said)), None)


def find_origin(origin: Origin, answer: Answer, documents: Mapping[str, Document]) -> Finding | None:
    """Return who the cited sentences of an answer name as their source, or where they stand; None without citations."""
    if not answer.citations:
        return None
    speakers = [
        (_speaker(citation, answer, documents[citation.document_id]), citation) for citation in answer.citations
    ]
    named = [(who, citation) for who, citation in speakers if who]
    chosen = (named if named and origin is Origin.CLAIMANT else speakers)[:MAX_EXCERPTS]
    evidence = tuple(_evidence(citation) for _, citation in chosen)
    if origin is Origin.PLACE:
        claims = [Claim(_where(citation), (place,)) for place, (_, citation) in enumerate(chosen)]
        short = _heading(chosen[0][1])
    elif named:
        claims = [
            Claim(f"The text names {who}: {_excerpt(citation)}", (place,))
            for place, (who, citation) in enumerate(chosen)
        ]
        short = "; ".join(dict.fromkeys(who for who, _ in chosen if who))
    else:
        told = "The text names nobody who said this; it says so itself:"
        claims = [
            Claim(f"{told if not place else ''} {_excerpt(citation)}".strip(), (place,))
            for place, (_, citation) in enumerate(chosen)
        ]
        short = None
    return Finding(Kind.FACTOID, tuple(claims), evidence, short, confidence=answer.confidence)


def _evidence(citation: Citation) -> Evidence:
    span = Span(citation.start_char_index, citation.end_char_index)
    return Evidence(citation.document_id, span, citation.section, citation.flags, 1.0, cells=citation.cells)


def _speaker(citation: Citation, answer: Answer, document: Document) -> str | None:
    """Return who says what is cited, as written: the source of a figure, or of the last sentence that names one."""
    figures = [one.claimant for one in answer.estimates if one.evidence == citation.number and one.claimant]
    if figures:
        return "; ".join(dict.fromkeys(figures))
    cited = Span(citation.start_char_index, citation.end_char_index)
    sentences = [s.span for block in document.blocks for s in block.sentences if cited.contains(s.span)]
    for span in reversed(sentences):
        if who := find_claimant(document.text, span, Span(span.end, span.end)):
            return " ".join(who.split())
        if quoted := _QUOTED.search(document.text, span.start, span.end):
            return " ".join(quoted["who"].split())
    return None


def _where(citation: Citation) -> str:
    return f"It stands in “{citation.document_title}”, {_heading(citation)}: {_excerpt(citation)}"


def _heading(citation: Citation) -> str:
    return f"under “{' › '.join(citation.section)}”" if citation.section else "before the first heading"


def _excerpt(citation: Citation) -> str:
    told = wording(citation)
    return told if citation.cells else f"“{told}”"

"""Sentence spans and maintenance flags. The only user of nltk; used while building, never while answering.

Punkt is used without its trained data (which would have to be downloaded): abbreviations are listed here, and a single
letter with a full stop is always an initial.
"""

from __future__ import annotations

import re
from string import ascii_lowercase

from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from nkqa.types import Flag, Sentence, Span

ABBREVIATIONS = (
    "dr mr mrs ms prof rev hon gen col lt capt sgt maj adm cmdr gov sen rep pres st jr sr ph.d m.d b.a m.a esq "
    "co corp inc ltd bros dept univ assn no nos vol vols ed eds pp fig figs ch sec art ca cf e.g i.e et al etc vs viz "
    "approx est jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n e.u u.s.a d.c a.m p.m n.b b.c a.d"
).split()

# A bracketed note by editors, which asks for or doubts something; "[...]", "[ko]", "[sic]" and "[3]" are none.
_FLAG = re.compile(
    r"\[\s*(?=[^\[\]\n]{4,80}\])(?P<label>[^\[\]\n]*?(?:\bneeded\b|\bverif\w+|\bdubious\b|\bdisputed\b|\bdiscuss\b"
    r"|\bunreliable\b|\bresearch\b|\bsource\b|\bneutrality\b|\bvague\b|\bdead link\b|\bcontradict\w*|\bout ?dated\b"
    r"|\bweasel words\b|\bcitation\b|\?)[^\[\]\n]*?)\s*\]",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\[(?:\d+|[a-z]|note \d+)\]")


def _punkt() -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    parameters.abbrev_types = {*ABBREVIATIONS, *ascii_lowercase}
    return PunktSentenceTokenizer(parameters)


_TOKENIZER = _punkt()


def find_flags(text: str, span: Span) -> tuple[Flag, ...]:
    """Return the maintenance flags inside `span`, in order of the text."""
    return tuple(
        Flag(" ".join(match["label"].lower().split()), Span(match.start(), match.end()))
        for match in _FLAG.finditer(text, span.start, span.end)
    )


def split_sentences(text: str, span: Span) -> tuple[Sentence, ...]:
    """Cut `span` of `text` into sentences; a flag goes to the sentence that it stands in or behind.

    Line breaks inside the span count as spaces. White space around a sentence is not part of it.
    """
    flags = find_flags(text, span)
    masked = _mask(text, span)
    pieces = [Span(span.start + start, span.start + end) for start, end in _TOKENIZER.span_tokenize(masked)]
    sentences: list[Sentence] = []
    for index, piece in enumerate(pieces):
        next_start = pieces[index + 1].start if index + 1 < len(pieces) else span.end
        own = tuple(flag for flag in flags if piece.start <= flag.span.start < next_start)
        end = max([piece.end, *(flag.span.end for flag in own)])
        sentences.append(Sentence(Span(piece.start, end), own))
    return tuple(sentences)


def _mask(text: str, span: Span) -> str:
    """Blank out flags, reference marks and line breaks, keeping every offset."""
    piece = span.of(text)
    for pattern in (_FLAG, _REFERENCE):
        piece = pattern.sub(lambda match: " " * len(match[0]), piece)
    return re.sub(r"\s", " ", piece)

"""Names in sentences and how they relate: the patterns that extractors share, who somebody is, who did what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from nkqa.store.facts import fact_id
from nkqa.types import BlockKind, Document, Fact, FactKind, Period, Sentence, Span

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĆČĐĒĘĚĞĪİŁŃŐŒŘŚŞŠŤŪŮŰŹŻŽ]"
# An initial and "Jr." keep their full stop, any other stop ends the name.
CAPITALISED = rf"{_CAPITAL}(?:[\w'’ʼ&-]|\.(?=[\w-]))*(?:(?<=\b{_CAPITAL})\.|(?<=\b[JS]r)\.)?"
_PARTICLE = r"(?:(?:de|del|della|di|la|le|von|van|der|bin|al) ){0,2}"
PERSON = rf"(?:{CAPITALISED}(?: {_PARTICLE}{CAPITALISED}){{0,5}})"
NAME = rf"(?:{CAPITALISED}(?: (?:(?:of|for) (?:the )?|the |{_PARTICLE}){CAPITALISED}){{0,9}})"
# A single quote opens a quotation only before a word and not inside one.
QUOTE = r"(?:\"[^\"\n]+\"|“[^”\n]+”|(?<!\w)['‘][^'’\n]+(?:['’]\w[^'’\n]*)*['’](?!\w))"
WORD = r"[\w'’ʼ-]+"
BRACKETS = r"(?: ?\((?P<brackets>[^()\n]{1,160})\))"
# To the end of the clause, and of the sentence; the points of "0.85" and "U.S." end neither.
CLAUSE = r"(?:[^,;:.()\n]|\.(?=\w)|,(?=\d))+"
REST = r"(?:[^;\n.]|\.(?=\w))+"

_PEOPLE = (
    "expert professor director president chair chairman chairwoman minister spokesman spokeswoman spokesperson author "
    "writer poet painter composer singer actor actress engineer lawyer doctor officer official ambassador consul "
    "diplomat activist researcher scholar academic teacher lecturer leader founder co-founder head member captain "
    "coxswain colonel admiral king queen emperor bishop judge senator governor mayor secretary reporter editor "
    "producer photographer architect diver pilot defector fellow manager keeper student pastor"
).split()
THINGS = (
    "organization organisation NGO charity company agency website newspaper magazine ship ferry lifeboat trawler "
    "lighthouse museum university institute foundation band school village town city river island"
).split()
_BY_ENDING = r"(?!commun|social|capital|national|assist|exist|persist|insist|consist|resist)[a-z]+(?:ist|ian|grapher)"
ROLE = rf"(?:(?i:{'|'.join(_PEOPLE)})|Prime Minister|{_BY_ENDING})"
_MODIFIERS = rf"(?:(?:(?!The\b|An?\b){CAPITALISED}|non-profit|chief|former) |then-){{0,2}}"
# Links are bounded: a page of brackets would be read again from each of them.
_MARKS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|!?\[(?=[^\]\n]{1,500}\]\()|\]\([^)\s]{0,500}\)|\[[a-z]{2}\]")
# Nobody writes sentences longer than this; the patterns would take minutes for a page without a full stop.
MAX_SENTENCE_CHARS = 2000
_LATIN = ("LATIN", "MODIFIER", "COMBINING")
_VERBS = "founded|introduced|signed|directed|designed|passed|adopted|published|built|opened|established|launched"


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a blank stands for any white space: blanked-out mark-up leaves several."""
    return re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"))


def masked(document: Document) -> str:
    """Return a document's text with mark-up and editors' tags blanked out, every other character in its place."""
    text = _MARKS.sub(lambda match: " " * len(match[0]), document.text)
    for block in document.blocks:
        for sentence in block.sentences:
            for flag in sentence.flags:
                text = text[: flag.span.start] + " " * (flag.span.end - flag.span.start) + text[flag.span.end :]
    return text


def worded(sentence: Sentence) -> Span:
    """Return the part of a sentence before its flags; nothing of one that is too long to be a sentence."""
    start, end = sentence.span.start, min([sentence.span.end, *(flag.span.start for flag in sentence.flags)])
    return Span(start, end if end - start <= MAX_SENTENCE_CHARS else start)


def trimmed(text: str, start: int, end: int) -> Span:
    """Return a span without white space, quotation marks and closing punctuation at its ends."""
    while start < end and (text[start].isspace() or text[start] in "\"“”‘’'"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in "\"“”‘’',;"):
        end -= 1
    return Span(start, end)


def is_latin(text: str) -> bool:
    """Tell whether every letter of a text is Latin; True for a text without letters."""
    return all(unicodedata.name(char, "?").startswith(_LATIN) for char in text if char.isalpha())


# ------------------------------------------------------------------------------------------------------- who is who

_ROLE_AFTER = compiled(
    rf"(?P<term>{PERSON}){BRACKETS}? ?, (?P<value>(?:an?|the) (?:(?!who\b|that\b|which\b){WORD} ){{0,3}}?{ROLE}\b"
    rf"(?: (?:at|of|in|for|from|to|with) {CLAUSE})?"
    rf"|(?:{WORD} ){{0,2}}?{ROLE} (?:at|of|in|for|from|to) {CLAUSE})"
)
_ROLE_BEFORE = compiled(
    rf"\b(?P<value>{_MODIFIERS}(?:{ROLE}|(?i:{'|'.join(THINGS)}))) (?P<term>{PERSON})"
    rf"|\b[Tt]he (?P<value2>{_MODIFIERS}{ROLE}), (?P<term2>{PERSON}),"
)
_ROLES = compiled(rf"\b(?P<value>{_MODIFIERS}{ROLE}s) (?P<one>{PERSON}) and (?P<other>{PERSON})")


def find_roles(text: str, span: Span, in_item: bool) -> Iterator[tuple[str, str, Span]]:
    """Yield (name, "role" or "is", value) of "X, professor at ...", "the painter X", "the ferry X".

    In a list item only the first, at its beginning, is sure: a comma there also ends a title.
    """
    for match in _ROLE_AFTER.finditer(text, span.start, span.end):
        with_article = re.match(r"(?:an?|the)\s", match["value"])
        if (not in_item or not text[span.start : match.start()].strip()) and not (
            with_article and opens_sentence(text, span, match.end("term"))
        ):
            yield match["term"], "role", trimmed(text, *match.span("value"))
    if in_item:
        return
    for match in _ROLE_BEFORE.finditer(text, span.start, span.end):
        term, place = (match["term"], "value") if match["term"] else (match["term2"], "value2")
        is_thing = match[place].split()[-1].casefold() in (thing.casefold() for thing in THINGS)
        # "Pilot Office" is a name of its own, no pilot.
        if term.split()[1:] or not match[place].split()[-1][0].isupper():
            yield term, "is" if is_thing else "role", Span(*match.span(place))
    for match in _ROLES.finditer(text, span.start, span.end):
        for term in (match["one"], match["other"]):
            yield term, "role", Span(*match.span("value"))


_PREPOSITION = re.compile(
    r"(?:In|On|At|By|During|Since|From|Under|Before|After|For|Among|Like|Unlike|With|As|Of|According to)\s"
)


def opens_sentence(text: str, span: Span, end: int) -> bool:
    """Tell whether a name that ends at `end` belongs to the phrase that opens the sentence ("In Norway, a ...")."""
    return _PREPOSITION.match(text, span.start, end) is not None and "," not in text[span.start : end]


# ----------------------------------------------------------------------------------------------------- who did what

_YEAR = r"(?: in (?P<period>(?:[A-Z][a-z]+ )?(?:1[5-9]|20)\d\d))?"
# The name behind "of" is not who did it.
_DID = compiled(
    rf"(?<!of\s)\b(?P<subject>{NAME}) (?P<verb>{_VERBS}) (?:(?:the|an?) )?(?P<object>{QUOTE}|{NAME})" + _YEAR
)
_DONE = compiled(
    rf"\b(?P<object>{NAME}) was (?P<verb>{_VERBS})(?: in (?P<period>(?:[A-Z][a-z]+ )?(?:1[5-9]|20)\d\d))?"
    rf" by (?:the )?(?P<subject>{PERSON}(?: and {PERSON})?)"
)


def relation_facts(document: Document) -> tuple[Fact, ...]:
    """Return what named subjects did to named objects: "X founded Y", "Y was founded in 2013 by X"."""
    text = masked(document)
    facts: dict[str, Fact] = {}
    for block in document.blocks:
        for sentence in block.sentences if block.kind is BlockKind.PARAGRAPH else ():
            span = worded(sentence)
            for pattern in (_DID, _DONE):
                for match in pattern.finditer(text, span.start, span.end):
                    fact = _relation(document, match, sentence, document.path_of(block.section))
                    facts.setdefault(fact.id, fact)
    return tuple(sorted(facts.values(), key=lambda fact: fact.statement))


def _relation(document: Document, match: re.Match[str], sentence: Sentence, path: tuple[str, ...]) -> Fact:
    value = trimmed(document.text, *match.span("object"))
    subject = " ".join(match["subject"].split())
    return Fact(
        id=fact_id(document, FactKind.RELATION, value, subject, match["verb"]),
        kind=FactKind.RELATION,
        subject=subject,
        attribute=match["verb"],
        value=value.of(document.text),
        low=None,
        high=None,
        unit=None,
        where=None,
        period=_period(match["period"]) if match["period"] else None,
        claimant=None,
        hedge=None,
        flags=tuple(flag.label for flag in sentence.flags),
        doc_id=document.id,
        span=value,
        statement=sentence.span,
        path=path,
    )


def _period(written: str) -> Period:
    """Return a year, or a month with its year, which is kept to the year that it lies in."""
    year = written[-4:]
    return Period(written, f"{year}-01-01", f"{year}-12-31", "year" if written == year else "month")

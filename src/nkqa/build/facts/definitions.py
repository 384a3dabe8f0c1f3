"""Sentences and fact boxes → definition facts: what a term means, its other names and scripts, who somebody is.

The relation is one of: means, is, role, full name, abbreviation, formerly, alias, script, romanisation. `unit` names
the romanisation system or script where the text does ("Revised Romanization"), else it is None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from nkqa.build.facts.relations import (
    BRACKETS,
    CLAUSE,
    NAME,
    QUOTE,
    REST,
    THINGS,
    WORD,
    compiled,
    find_roles,
    is_latin,
    masked,
    opens_sentence,
    trimmed,
    worded,
)
from nkqa.store.facts import fact_id
from nkqa.text.terms import STOP_WORDS
from nkqa.types import BlockKind, Document, Fact, FactKind, Span

_SYSTEM = r"(?:\w+ )?Romani[sz]ation|McCune[–-]Reischauer|Hepburn|Pinyin|Wade[–-]Giles"

_NO_TERM = frozenset(
    "it this that these those they he she there one some many most who which what if when while as their his her its "
    "both all each another such few none".split()
)
_ARTICLE = re.compile(r".*\b(?:an?|the)\s+", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Scope:
    """A sentence to read: `text` is the document's without marks, of the same length."""

    document: Document
    text: str
    span: Span
    in_item: bool
    is_lead: bool


@dataclass(frozen=True, slots=True)
class _Found:
    subject: str
    relation: str
    value: Span
    unit: str | None = None


def definition_facts(document: Document) -> tuple[Fact, ...]:
    """Return the definitions that a document states, in the order of its text, each once."""
    text = masked(document)
    facts: dict[str, Fact] = {}
    for block in document.blocks:
        is_lead = not document.path_of(block.section)
        for sentence in block.sentences:
            scope = _Scope(document, text, worded(sentence), block.kind is BlockKind.LIST_ITEM, is_lead)
            flags = tuple(flag.label for flag in sentence.flags)
            for find in _FINDERS:
                for found in find(scope):
                    fact = _fact(document, found, sentence.span, document.path_of(block.section), flags)
                    facts.setdefault(fact.id, fact)
    for pair in document.pairs:
        for found in _from_pair(document, pair.label, pair.value):
            # A form in another script stands in a pair of its own.
            stated = next(other.span for other in document.pairs if other.span.contains(found.value))
            fact = _fact(document, found, stated, document.path_of(pair.section), ())
            facts.setdefault(fact.id, fact)
    return tuple(sorted(facts.values(), key=lambda fact: fact.statement))


def long_form(text: str, start: int, end: int, short: str) -> Span | None:
    """Return the words before `end` that an abbreviation abbreviates, or None.

    Its letters are found from right to left, the first of them at the beginning of a word (Schwartz and Hearst, 2003).
    """
    letters = [char.lower() for char in short if char.isalnum()]
    place = end
    for index in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= start and not (
            text[place].lower() == letters[index] and (index > 0 or place == start or not text[place - 1].isalnum())
        ):
            place -= 1
        if place < start:
            return None
    found = trimmed(text, place, end)
    words = found.of(text).split()
    fits = 1 < len(words) <= min(len(letters) + 5, 2 * len(letters)) or "-" in words[0]
    return found if fits and short not in words and not re.search(r"[;:()]", found.of(text)) else None


def _fact(document: Document, found: _Found, statement: Span, path: tuple[str, ...], flags: tuple[str, ...]) -> Fact:
    subject = " ".join(found.subject.split())
    return Fact(
        id=fact_id(document, FactKind.DEFINITION, found.value, subject, found.relation),
        kind=FactKind.DEFINITION,
        subject=subject,
        attribute=found.relation,
        value=found.value.of(document.text),
        low=None,
        high=None,
        unit=found.unit,
        where=None,
        period=None,
        claimant=None,
        hedge=None,
        flags=flags,
        doc_id=document.id,
        span=found.value,
        statement=statement,
        path=path,
    )


# ------------------------------------------------------------------------------------------------------- in brackets

_IN_BRACKETS = re.compile(r"\(([^()\n]{1,160})\)")
_PIECE = compiled(
    rf"(?: ?or )?(?:(?P<label>[A-Z][\w –-]{{1,30}}): )?(?:lit\.|literally|meaning|i\.e\.)?"
    rf" ?(?:(?P<quote>{QUOTE})|(?P<plain>(?:(?! or )[^;,/\"“])+))"
)
_BEFORE = compiled(rf"(?:(?P<quote>{QUOTE})|{NAME}|{WORD}) ?\Z")
_SHORT = re.compile(r"(?=(?:.*[A-Z]){2})[A-Z][\w&.-]{1,9}\Z")


def _brackets(scope: _Scope) -> Iterator[_Found]:
    text = scope.text
    for match in _IN_BRACKETS.finditer(text, scope.span.start, scope.span.end):
        before = _BEFORE.search(text, scope.span.start, match.start())
        inner = Span(*match.span(1))
        if before is None:
            continue
        # The name of a list item is all that stands before its first separator.
        head = scope.in_item and not re.search(r"[,;:–]|\s-\s", text[scope.span.start : match.start()])
        term = trimmed(text, scope.span.start if head else before.start(), match.start())
        if _SHORT.match(inner.of(text)):
            if full := long_form(text, scope.span.start, match.start(), inner.of(text)):
                yield from _both(text, inner, "full name", full, "abbreviation")
        elif _SHORT.match(term.of(text)) and long_form(text, inner.start, inner.end, term.of(text)) == inner:
            yield from _both(text, term, "full name", inner, "abbreviation")
        elif not is_latin(term.of(text)) and is_latin(inner.of(text)) and inner.of(text).isalpha():
            yield from _both(text, term, "romanisation", inner, "script")
        else:
            yield from _glosses(text, term, bool(before["quote"]), inner)


def _both(text: str, one: Span, relation: str, other: Span, back: str, unit: str | None = None) -> Iterator[_Found]:
    yield _Found(one.of(text), relation, other, unit)
    yield _Found(other.of(text), back, one, unit)


def _glosses(text: str, term: Span, quoted: bool, inner: Span) -> Iterator[_Found]:
    """Read a gloss such as (소금, "salt") or (염전; yeomjeon; yŏmjŏn or 염밭; yeombat; yŏmbat).

    A form in another script begins a group where one in the same script was seen; what follows belongs to it.
    """
    pieces = list(_PIECE.finditer(text, inner.start, inner.end))
    if not any(piece["quote"] or not is_latin(piece["plain"]) for piece in pieces):
        return
    group: list[Span] = []
    romanised = not quoted and not re.search(r"\s(?:of|the|in|and|for)\s", term.of(text))
    for piece in pieces:
        kind = "quote" if piece["quote"] else "plain"
        value = trimmed(text, *piece.span(kind))
        if piece["quote"]:
            for named in (term, *group):
                yield _Found(named.of(text), "means", value)
        elif not is_latin(value.of(text)):
            seen = {_script(form.of(text)) for form in group}
            group = [value] if _script(value.of(text)) in seen else [*group, value]
            yield _Found(term.of(text), "script", value, piece["label"])
            yield _Found(value.of(text), "romanisation" if romanised else "means", term)
        elif value.start < value.end and group and not _SHORT.match(value.of(text)):
            for form in group:
                yield from _both(text, form, "romanisation", value, "script", piece["label"])
            yield from _both(text, term, "alias", value, "means" if quoted else "alias")


def _script(text: str) -> str:
    return next((unicodedata.name(char, "?").split()[0] for char in text if char.isalpha()), "")


# --------------------------------------------------------------------------------------------------------- sentences


def _trailing(text: str, span: Span) -> Span:
    """Cut a definition where the sentence goes on to define something else."""
    cut = re.search(
        rf",?\s+(?:and|while|whereas|but)\s+(?:an?\s+|the\s+)?(?={QUOTE}\s+(?:is|are|was)\b)", span.of(text)
    )
    return trimmed(text, span.start, span.start + cut.start()) if cut else trimmed(text, span.start, span.end)


def _is_term(term: str) -> bool:
    words = term.lower().split()
    inner = {"of", "the", "for", "and", "in", "on", "to"}
    return bool(words) and words[0] not in _NO_TERM and not (set(words) - inner) & STOP_WORDS


_BE = r"(?:is|are|was|were)"
_ADVERB = r"(?:[a-z]+ly )?"
_IS = compiled(
    rf"(?:In {WORD}(?: {WORD})?, )?(?:(?:An?|The|the|an?) )?"
    rf"(?P<term>{QUOTE}|{WORD}(?: {WORD}){{0,5}}?){BRACKETS}? {_BE} {_ADVERB}(?P<value>an? {REST})"
)
_QUOTED_IS = compiled(rf"(?P<term>{QUOTE}){BRACKETS}? (?:{_BE}|refers to|denotes) (?=(?P<value>(?:an?|the) {REST}))")
_WHICH_IS = compiled(rf"(?P<term>{NAME}|{WORD}){BRACKETS}?,? which {_BE} {_ADVERB}(?P<value>an? {REST})")
_MEANS = compiled(
    rf"(?P<term>{QUOTE}|{NAME}|{WORD}){BRACKETS}?,? "
    rf"(?:which |that |literally )?(?:(?:has|have|with) the (?:\w+ ){{0,3}})?"
    rf"(?:means?|meant|meaning(?: of)?|translat\w+ (?:to|as|into)|is translated as) (?:literally )?(?P<value>{QUOTE})"
)
_APPOSITION = compiled(rf"(?P<term>{NAME}){BRACKETS}? ?, (?P<value>an? [a-z]{CLAUSE})(?=[,;.]|\Z)")
_COMMON = compiled(
    rf"\b(?:by|with|for|called) (?P<term>[a-z]+(?: [a-z]+)?){BRACKETS}?,"
    rf" (?P<value>an? [a-z]+ (?:of|that|which|where|who|for) {CLAUSE})"
)
_SUCH = compiled(rf"\b(?:One such|Another|One) (?P<value>[a-z-]+(?: [a-z-]+)?), (?P<term>{NAME}),")
_CALLED_TERM = compiled(
    rf"(?P<value>(?:[\w'’-]+ ){{1,4}})(?:called|named|nicknamed) (?P<term>{QUOTE}|{NAME}|[a-z][\w'’-]+)"
)
_CALLED = compiled(
    rf"(?P<term>{WORD}(?: {WORD}){{0,3}}?) {_BE} (?:(?:also|often|sometimes|commonly|now) )?"
    rf"(?:called|known as|referred to as|nicknamed|termed) (?:(?:an?|the) )?(?P<value>{QUOTE}|{NAME}|[a-z][\w'’-]+)"
)
_STANDS = compiled(
    rf"(?P<term>[A-Z][\w&.-]+) (?:stands|stood|is short|is an abbreviation|is the abbreviation) (?:for|of) "
    rf"(?P<value>{CLAUSE})"
)
_FORMERLY = compiled(
    rf"(?P<term>{NAME}){BRACKETS}? ?,? formerly (?:(?:known as|called|named) )?(?:the )?(?P<value>{NAME})"
)
_NAMING = re.compile(r"\b(?:call(?:s|ed)?|known|referred to|termed|nicknamed)\b")


def _is_a(scope: _Scope) -> Iterator[_Found]:
    """Read "X is a ...", "X, which is a ..." and quoted words with a definition."""
    first = _IS.match(scope.text, scope.span.start, scope.span.end)
    matches = [first] if first and not scope.in_item else []
    for pattern in (_QUOTED_IS, _WHICH_IS):
        matches += pattern.finditer(scope.text, scope.span.start, scope.span.end)
    for match in matches:
        value = _trailing(scope.text, Span(*match.span("value")))
        for term in _terms(scope, match):
            if _is_term(term.of(scope.text)):
                yield _Found(term.of(scope.text), "is", value)


def _terms(scope: _Scope, match: re.Match[str]) -> tuple[Span, ...]:
    """Return what a match defines: its term, or the long form where brackets abbreviate it, and forms in brackets."""
    text, term = scope.text, trimmed(scope.text, *match.span("term"))
    if match["brackets"] is None:
        return (_without_class(text, term),)
    start, end = match.span("brackets")
    if _SHORT.match(match["brackets"].strip()):
        full = long_form(text, scope.span.start, start - 1, match["brackets"].strip())
        return (full or term, trimmed(text, start, end))
    forms = re.finditer(r"[^;,]+", match["brackets"])
    spans = [trimmed(text, start + form.start(), start + form.end()) for form in forms if not is_latin(form[0])]
    return (_without_class(text, term), *spans)


def _without_class(text: str, name: Span) -> Span:
    """Drop a class noun that is capitalised itself: "NGO Blue Cross" is the NGO named Blue Cross."""
    first, _, rest = name.of(text).partition(" ")
    return Span(name.end - len(rest), name.end) if rest and first in THINGS else name


def _apposition(scope: _Scope) -> Iterator[_Found]:
    """Read "X, a ... where ..."; a list of things or the place that opens a sentence is no apposition."""
    if scope.in_item:
        return
    text = scope.text
    for pattern in (_APPOSITION, _COMMON):
        for match in pattern.finditer(text, scope.span.start, scope.span.end):
            places = opens_sentence(text, scope.span, match.end("term"))
            listed = re.match(r",?\s+(?:and|or)\s+(?:an?\s|the\s)", text[match.end("value") : match.end("value") + 12])
            if not places and not listed:
                for term in _terms(scope, match):
                    yield _Found(term.of(text), "is", trimmed(text, *match.span("value")))


def _means(scope: _Scope) -> Iterator[_Found]:
    for match in _MEANS.finditer(scope.text, scope.span.start, scope.span.end):
        for term in _terms(scope, match):
            yield _Found(term.of(scope.text), "means", trimmed(scope.text, *match.span("value")))


def _other_names(scope: _Scope) -> Iterator[_Found]:
    """Read "stands for", "formerly known as" and "X is called Y", in both directions."""
    text, start, end = scope.text, scope.span.start, scope.span.end
    for match in _STANDS.finditer(text, start, end):
        yield from _both(
            text, Span(*match.span("term")), "full name", trimmed(text, *match.span("value")), "abbreviation"
        )
    for match in _FORMERLY.finditer(text, start, end):
        value = trimmed(text, *match.span("value"))
        for term in _terms(scope, match):
            yield from _both(text, term, "formerly", value, "alias")
    for match in _CALLED.finditer(text, start, end):
        term_start = match.start("term") + (found.end() if (found := _ARTICLE.match(match["term"])) else 0)
        term_span, value = Span(term_start, match.end("term")), trimmed(text, *match.span("value"))
        if _is_term(term_span.of(text)):
            yield from _both(text, term_span, "alias", value, "means")


def _named(scope: _Scope) -> Iterator[_Found]:
    """Read "an old letter called yogh" and "One such organisation, Saltway, ..."."""
    for match in _CALLED_TERM.finditer(scope.text, scope.span.start, scope.span.end):
        words = list(re.finditer(r"\S+", match["value"]))
        last = max((place for place, word in enumerate(words) if word[0].lower() in STOP_WORDS), default=-1)
        last -= 1 if last >= 0 and words[last][0] in ("a", "an") else 0
        if last + 1 < len(words) and not words[-1][0].endswith("ly"):
            start = match.start("value") + words[last + 1].start()
            value = trimmed(scope.text, start, match.end("value"))
            yield _Found(trimmed(match["term"], 0, len(match["term"])).of(match["term"]), "is", value)
    for match in _SUCH.finditer(scope.text, scope.span.start, scope.span.end):
        yield _Found(match["term"], "is", Span(*match.span("value")))


def _roles(scope: _Scope) -> Iterator[_Found]:
    for name, relation, value in find_roles(scope.text, scope.span, scope.in_item):
        yield _Found(re.sub(r"['’]s\Z", "", name), relation, value)


def _aliases_of_title(scope: _Scope) -> Iterator[_Found]:
    """Read what the subject of the document is called: quoted names in its opening, behind a verb of naming."""
    naming = _NAMING.search(scope.text, scope.span.start, scope.span.end) if scope.is_lead else None
    for match in re.finditer(QUOTE, scope.text[: scope.span.end]) if naming else ():
        if naming and match.start() > naming.start():
            value = trimmed(scope.text, match.start(), match.end())
            yield _Found(scope.document.title, "alias", value)


_FINDERS: tuple[Callable[[_Scope], Iterator[_Found]], ...] = (
    _brackets,
    _means,
    _other_names,
    _is_a,
    _apposition,
    _named,
    _roles,
    _aliases_of_title,
)

# ------------------------------------------------------------------------------------------------------------- boxes


def _from_pair(document: Document, label: Span, value: Span) -> Iterator[_Found]:
    """Read a label with its value; lists of forms in two scripts correspond by their places."""
    text = document.text
    name, value = _label(text, label, value)
    if name:
        yield _Found(name, "is", value)
    if not re.fullmatch(_SYSTEM, name):
        return
    forms = [
        split
        for other in document.pairs
        if len(split := _listed(text, other.value)) and not is_latin(other.value.of(text))
    ]
    spelt = _listed(text, value)
    for form in forms:
        if len(form) == len(spelt):
            for one, other in zip(form, spelt, strict=True):
                yield from _both(text, one, "romanisation", other, "script", name)


def _label(text: str, label: Span, value: Span) -> tuple[str, Span]:
    """Return a pair's label and value; a system's name that was run together with the value is the label."""
    if label.start < label.end:
        return label.of(text), value
    glued = re.match(_SYSTEM, value.of(text))
    return (glued[0], replace(value, start=value.start + glued.end())) if glued else ("", value)


def _listed(text: str, span: Span) -> list[Span]:
    return [trimmed(text, span.start + m.start(), span.start + m.end()) for m in re.finditer(r"[^,;]+", span.of(text))]

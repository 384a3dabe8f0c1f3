"""Questions about a term, a name, an abbreviation or its spelling → the sentences that define it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from nkqa.ask.sources import Sources, once_per_store
from nkqa.text.terms import stem, terms, tokens
from nkqa.types import Claim, Document, Evidence, Fact, FactKind, Finding, Kind, Query, Span

MAX_STATEMENTS = 2
MAX_WORDS = 95
CONFIDENCE = 0.96
# From this likeness on a word is a misspelling of a term (difflib, 0 to 1), for words of at least so many letters.
MIN_LIKENESS = 0.82
MIN_CHARS = 5


class _Wish(Enum):
    """What is asked about a term."""

    MEANING = auto()
    FULL_NAME = auto()
    ABBREVIATION = auto()
    ROMANISATION = auto()
    SCRIPT = auto()
    FORMERLY = auto()
    ALIAS = auto()
    WHAT = auto()
    WHO = auto()


# The relations that answer each wish, the best first.
_RELATIONS: dict[_Wish, tuple[str, ...]] = {
    _Wish.MEANING: ("means", "is", "full name", "formerly", "role", "alias"),
    _Wish.FULL_NAME: ("full name",),
    _Wish.ABBREVIATION: ("abbreviation",),
    _Wish.ROMANISATION: ("romanisation",),
    _Wish.SCRIPT: ("script",),
    _Wish.FORMERLY: ("formerly",),
    _Wish.ALIAS: ("alias", "formerly", "abbreviation"),
    _Wish.WHAT: ("is", "means", "full name", "formerly", "role", "alias"),
    _Wish.WHO: ("role", "is"),
}
# A term's other names: what is said of them is said of the term.
_SAME_THING = frozenset({"full name", "abbreviation", "alias", "script", "romanisation"})
_SYSTEMS = r"mccune[- –]?reischauer|revised romani[sz]ation|hepburn|pinyin|wade[- –]giles"
_SCRIPTS = {
    "hangul": "HANGUL", "korean": "HANGUL", "hanja": "CJK", "chinese": "CJK", "kanji": "CJK", "greek": "GREEK",
    "cyrillic": "CYRILLIC", "russian": "CYRILLIC", "kana": "HIRAGANA", "arabic": "ARABIC", "hebrew": "HEBREW",
}  # fmt: skip
_TERM = r"(?P<term>.{1,80}?)"
_CALLED = r"(?:called|known as|named)"
_FORM = r"(?:spelling|romani[sz]ation|transcription|transliteration|form|version)"
_IT_IS = r"(?:what(?:'s| is| was| are) )?(?:the )?"
_LANGUAGE = rf"(?P<script>{'|'.join(_SCRIPTS)})"
_IN_LATIN = r"(?:written|spelled|spelt) in (?:latin|roman)\b.*"
_EARLIER = r"(?:formerly|previously|originally|once|before|earlier)"
# The last sentence of a question is read; the first pattern that fits it is meant.
_PATTERNS: tuple[tuple[_Wish, re.Pattern[str]], ...] = tuple(
    (wish, re.compile(rf"(?:.*[?!.] )?{pattern}\W*\Z", re.IGNORECASE))
    for wish, pattern in (
        (_Wish.FULL_NAME, rf"what (?:does|do|did) {_TERM} (?:stand for|abbreviate)"),
        (_Wish.FULL_NAME, rf"{_TERM} (?:stands?|short) for(?: what)?"),
        (_Wish.FULL_NAME, rf"what(?:'s| is| was) {_TERM} (?:short for|an abbreviation (?:of|for))"),
        (_Wish.FULL_NAME, rf"{_IT_IS}(?:full|long) (?:name|form) (?:of|for) {_TERM}"),
        (_Wish.FULL_NAME, rf"{_IT_IS}{_TERM}(?:'s)? (?:full|long) (?:name|form)"),
        (_Wish.ABBREVIATION, rf"{_IT_IS}(?:abbreviation|acronym|initials) (?:of|for) {_TERM}"),
        (_Wish.ABBREVIATION, rf"how is {_TERM} abbreviated"),
        (_Wish.ROMANISATION, rf"how (?:do|would|can|should) (?:you|we|i|one) romani[sz]e {_TERM}"),
        (_Wish.ROMANISATION, rf"how (?:is|are) {_TERM} (?:romani[sz]ed|{_IN_LATIN})"),
        (_Wish.ROMANISATION, rf"{_IT_IS}(?:{_SYSTEMS})(?: {_FORM})? (?:of|for) {_TERM}"),
        (_Wish.ROMANISATION, rf"{_IT_IS}{_FORM} of {_TERM}"),
        (_Wish.ROMANISATION, rf"{_TERM} (?:romani[sz]ed|romani[sz]ation)"),
        (_Wish.SCRIPT, rf"how (?:is|are) {_TERM} (?:written|spelled|spelt) in {_LANGUAGE}(?: \w+)?"),
        (_Wish.SCRIPT, rf"how (?:do|would|can) (?:you|we|i|one) (?:write|spell|say) {_TERM} in {_LANGUAGE}(?: \w+)?"),
        (_Wish.SCRIPT, rf"{_IT_IS}{_LANGUAGE}(?: (?:word|name|term|{_FORM}))? (?:of|for) {_TERM}"),
        (_Wish.SCRIPT, rf"{_IT_IS}{_TERM} in {_LANGUAGE}"),
        (_Wish.FORMERLY, rf"{_IT_IS}(?:former|old|previous|earlier|original) name of {_TERM}"),
        (_Wish.FORMERLY, rf"what (?:was|were|is) {_TERM} {_EARLIER}(?: {_CALLED})?"),
        (_Wish.FORMERLY, rf"what was {_TERM} {_CALLED} {_EARLIER}"),
        (_Wish.ALIAS, rf"{_IT_IS}(?:an)?other (?:names?|words?|terms?) (?:of|for) {_TERM}"),
        (_Wish.ALIAS, rf"what (?:else )?(?:is|are|was|were) {_TERM} (?:also )?(?:called|known as)"),
        (_Wish.MEANING, rf"what (?:does|do|did) {_TERM} (?:literally )?mean(?: (?:in english|literally|exactly))?"),
        (_Wish.MEANING, rf"{_IT_IS}(?:literal |english )?(?:meaning|definition|translation) of {_TERM}"),
        (_Wish.MEANING, rf"(?:what is|what's) (?:meant|understood) by {_TERM}"),
        (_Wish.MEANING, rf"what counts as {_TERM}"),
        (_Wish.MEANING, rf"(?:define|translate|explain) {_TERM}(?: (?:in|to|into) english)?"),
        (_Wish.MEANING, rf"{_IT_IS}{_TERM} (?:meaning|definition|in english)"),
        (_Wish.MEANING, rf"{_TERM} ?= ?"),
        (_Wish.WHO, rf"who(?:'s| is| was| are| were) {_TERM}"),
        (_Wish.WHAT, rf"what(?:'s| is| was| are| were|s) {_TERM}"),
    )
)
_ARTICLE = re.compile(
    r"(?:(?:the|an?|one|exactly|actually) |(?:korean |south korean |english )?(?:word|term|abbreviation|acronym|phrase|"
    r"expression|name|organi[sz]ation|initials|letters) )+",
    re.IGNORECASE,
)
_QUOTES = " \"“”‘’'`«»?!.,:;"


@dataclass(frozen=True, slots=True)
class _Asked:
    wish: _Wish
    term: str
    system: str | None
    script: str | None


def find_definition(query: Query, sources: Sources) -> Finding | None:
    """Return what defines the term that a question asks about; None where it asks for no term or none is defined.

    They are compared in any script, without regard to case, accents, blanks and hyphens.
    """
    asked = _read(query.text)
    if asked is None:
        return None
    facts = _definitions(sources)
    chosen = _choose(asked, facts)
    if not chosen and asked.system:
        chosen = _of_subject(asked, facts, sources)
    return _finding(chosen, sources) if chosen else None


@once_per_store
def _definitions(sources: Sources) -> list[Fact]:
    return sources.facts.find(FactKind.DEFINITION)


def _read(question: str) -> _Asked | None:
    system = re.search(_SYSTEMS, question, re.IGNORECASE)
    for wish, pattern in _PATTERNS:
        if match := pattern.match(question):
            groups = match.groupdict()
            script = _SCRIPTS[groups["script"].lower()] if groups.get("script") else None
            stripped = groups["term"].strip(_QUOTES)
            bare = _ARTICLE.sub("", stripped, count=1) if _ARTICLE.match(stripped) else stripped
            term = (bare or stripped).strip(_QUOTES)
            return _Asked(wish, term, system[0] if system else None, script) if term else None
    return None


@lru_cache(maxsize=8192)
def _key(text: str) -> str:
    """Return the form in which terms are compared: the stems of all words but a leading article, run together."""
    words = [token.word for token in tokens(text)]
    if words[:1] in (["the"], ["a"], ["an"]):
        words = words[1:]
    return "".join(re.sub(r"['’ʼ]", "", stem(word)) for word in words)


def _choose(asked: _Asked, facts: list[Fact]) -> list[Fact]:
    """Return the facts that answer, the best first: those of the term itself before those of its other names."""
    key = _subject_key(asked, facts)
    if not key:
        return []
    own = [fact for fact in facts if _names(fact.subject, key)]
    naming = [fact for fact in facts if fact.attribute == "alias" and _key(fact.value) == key]
    related = {_key(fact.value) for fact in own if fact.attribute in _SAME_THING}
    related |= {_key(fact.subject) for fact in naming}
    spelling = asked.wish in (_Wish.SCRIPT, _Wish.ROMANISATION)
    others = [
        fact
        for fact in facts
        if _key(fact.subject) in related - {key}
        and _key(fact.value) != key
        and (spelling or fact.attribute not in _SAME_THING)
    ]
    if fitting := _ranked(asked, own):
        # What an abbreviation stands for and what that is are both worth saying.
        more = [fact for fact in others if fact.attribute in ("is", "means")]
        return fitting + (more if asked.wish in (_Wish.WHAT, _Wish.MEANING) else [])
    return [*fitting, *naming] if (fitting := _ranked(asked, others)) else []


def _ranked(asked: _Asked, facts: list[Fact]) -> list[Fact]:
    """Return the facts whose relation answers, the best relation first, unflagged before flagged."""
    wanted = _RELATIONS[asked.wish]
    fitting = [fact for fact in facts if fact.attribute in wanted and _fits(asked, fact)]
    return sorted(fitting, key=lambda fact: (wanted.index(fact.attribute), bool(fact.flags)))


def _names(subject: str, key: str) -> bool:
    """Tell whether a subject is the term, or the term behind an owner ("Norway's Ministry of Fish")."""
    return _key(subject) == key or ("'s " in subject and _key(subject.split("'s ", 1)[1]) == key)


def _subject_key(asked: _Asked, facts: list[Fact]) -> str:
    """Return the term as facts have it: itself, or the one that it misspells; "" where there is none."""
    key = _key(asked.term)
    if not key or any(_names(f.subject, key) or (f.attribute == "alias" and _key(f.value) == key) for f in facts):
        return key
    if len(key) < MIN_CHARS or asked.wish in (_Wish.WHAT, _Wish.WHO):
        return ""
    known = sorted({_key(fact.subject) for fact in facts} - {""})
    return next(iter(difflib.get_close_matches(key, known, 1, MIN_LIKENESS)), "")


def _fits(asked: _Asked, fact: Fact) -> bool:
    """Tell whether a spelling is in the system or script that is asked for, where one is."""
    if asked.system and fact.attribute == "romanisation":
        return fact.unit is not None and _key(fact.unit) == _key(asked.system)
    if asked.script and fact.attribute == "script":
        return any(unicodedata.name(char, "").startswith(asked.script) for char in fact.value)
    return True


def _of_subject(asked: _Asked, facts: list[Fact], sources: Sources) -> list[Fact]:
    """Return what a document's fact box gives for a system, where the question names the subject of the document."""
    generic = set(terms("term word name people used official"))
    wanted = set(terms(asked.term)) - generic - set(terms(asked.system or ""))
    return [
        fact
        for fact in facts
        if fact.attribute == "is"
        and _key(fact.subject) == _key(asked.system or "")
        and wanted <= set(terms(sources.documents[fact.doc_id].title))
    ]


# ----------------------------------------------------------------------------------------------------------- finding


def _finding(chosen: list[Fact], sources: Sources) -> Finding:
    first = chosen[0]
    claims: list[Claim] = []
    evidence: list[Evidence] = []
    words = 0
    for fact in chosen:
        shown = _shown(fact, sources.documents[fact.doc_id])
        words += len(shown.split())
        known = any(piece.doc_id == fact.doc_id and piece.span == fact.statement for piece in evidence)
        if known or len(evidence) == MAX_STATEMENTS or (evidence and words > MAX_WORDS):
            continue
        claims.append(Claim(shown, (len(evidence),)))
        evidence.append(Evidence(fact.doc_id, fact.statement, fact.path, fact.flags, CONFIDENCE, short=fact.span))
    return Finding(Kind.DEFINITION, tuple(claims), tuple(evidence), _short(first), confidence=CONFIDENCE)


def _short(fact: Fact) -> str:
    return " ".join(fact.value.strip(_QUOTES).split())


def _shown(fact: Fact, document: Document) -> str:
    """Return the statement as it is shown; label and value of a fact box, which may run together, with a colon."""
    for pair in document.pairs:
        if pair.span == fact.statement and pair.label.start < pair.label.end:
            return f"{_line(pair.label, document)}: {_line(pair.value, document)}"
        if pair.span == fact.statement and fact.unit:
            return f"{fact.unit}: {_line(fact.span, document)}"
    return _line(fact.statement, document)


def _line(span: Span, document: Document) -> str:
    return " ".join(span.of(document.text).split())

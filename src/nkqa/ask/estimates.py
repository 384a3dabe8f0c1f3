"""Query → the ledger of figures that the corpus gives for one thing, newest first, each with who says it and when."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from nkqa.ask.measures import Asked, coverage, is_destination, meanings, names_share, place_of, read_asked
from nkqa.ask.sources import Sources, once_per_store
from nkqa.text.places import countries_of
from nkqa.text.terms import terms
from nkqa.types import AnswerType, Claim, Document, Estimate, Evidence, Fact, FactKind, Finding, Hit, Kind, Query, Span

# Lower than for a cell of a table: the same thing is told by words.
CONFIDENCE = 0.96
# A ledger begins with a passage at most this much below the best one.
MARGIN = 0.25
MAX_FIGURES = 8
# A figure that says less than this part of what the best one says of the question measures something else.
NEARLY = 0.65
# Two figures nearer than this many characters are told in one breath: some three sentences.
BESIDE = 400
MAX_CLAIMANT_WORDS = 18
# Sums of money are left out: a fee, a reward and a price are told apart by words that no rule here knows.
_UNITS = {AnswerType.NUMBER: None, AnswerType.PERCENT: "%"}
# Questions that want one number out of several, or arithmetic.
_ONE_WANTED = re.compile(
    r"\b(?:highest|lowest|largest|smallest|biggest|record|peak\w*|maximum|minimum|first|last|most|fewest|average|mean|"
    r"difference|compared?|than|times|rank\w*|which year|what year|when|increase\w*|decrease\w*|dropp?\w*|rise|rose|"
    r"grow\w*|grew|fell|fall|change\w*|each|every|per (?:year|month|week|day|hour))\b",
    re.IGNORECASE,
)
_LATEST = re.compile(
    r"\b(?:now|nowadays|currently|today|latest|most recent|newest|at present|these days)\b", re.IGNORECASE
)
_VERB = re.compile(
    r"(?:(?:are|is|was|were|be|have|has|had|being|in|on|at|to|who|which|\w+ed|\w+ing|lie|lies|live|lives|say|come|came|"
    r"still|remain|want|hold)\b)"
)
_SHARES = ("the percentage of", "the share of", "the proportion of", "the rate of")
MAX_PREDICATE_WORDS = 9
_INCIDENT = ("day", "month")


def find_estimates(query: Query, sources: Sources) -> Finding | None:
    """Return the ledger for a question about a number, or None where fewer than two figures measure what is asked.

    Never an average. Figures that look alike but hold for another place are named apart, in a last claim.
    """
    if (
        query.answer_type not in _UNITS
        or query.kind in (Kind.YES_NO, Kind.WHY_HOW)
        or query.context
        or not sources.hits
    ):
        return None
    if _ONE_WANTED.search(_LATEST.sub("", query.text)):
        return None
    unit = _UNITS[query.answer_type]
    figures = _figures(sources, unit)
    asked = read_asked(query.text, figures.places)
    countries = countries_of(query.text)
    found = [one for one in _closest(asked, figures, sources) if _tells_of(countries, *one, sources)]
    kept, others = _of_one_place(asked, _one_each(found))
    if len(kept) < 2 or kept[0][1].score < sources.hits[0].score - MARGIN or _names_claimant(query, kept):
        return None
    if len({(fact.low, fact.high) for fact, _ in kept}) < 2:
        return None
    return _ledger(query, _newest_first(kept)[:MAX_FIGURES], others, sources)


# ----------------------------------------------------------------------------------------------- which figures belong


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of one unit, by document and start of their statement; the words of each place they name.

    `always` gives, for each noun that is counted, the words that it never stands without: "ship" for "ship's masters".
    """

    stated: dict[tuple[str, int], tuple[Fact, ...]]
    places: frozenset[frozenset[str]]
    always: dict[str, frozenset[str]]


@once_per_store
def _figures(sources: Sources, unit: str | None) -> _Figures:
    """Return the figures of a unit."""
    stated: dict[tuple[str, int], tuple[Fact, ...]] = {}
    always: dict[str, frozenset[str]] = {}
    facts = [fact for fact in sources.facts.find(FactKind.QUANTITY) if fact.unit == unit]
    for fact in facts:
        place = (fact.doc_id, fact.statement.start)
        stated[place] = (*stated.get(place, ()), fact)
        words = frozenset(meanings(fact.subject))
        always[_head(fact)] = always.get(_head(fact), words) & words
    return _Figures(stated, frozenset(place_of(fact) for fact in facts), always)


def _closest(asked: Asked, figures: _Figures, sources: Sources) -> list[tuple[Fact, Hit]]:
    """Return the figures in the passages found that say the most of what is asked, or nearly; best passage first."""
    found: list[tuple[float, Fact, Hit]] = []
    for hit in sources.hits:
        passage = hit.passage
        title = frozenset(meanings(sources.documents[passage.doc_id].title))
        here = [
            (coverage(asked, fact, title | figures.always[_head(fact)]), fact, hit)
            for fact in figures.stated.get((passage.doc_id, passage.span.start), ())
            if not _is_incident(fact)
        ]
        found += sorted(here, key=lambda one: -one[0])
    best = max((covered for covered, _, _ in found), default=0.0)
    return [(fact, hit) for covered, fact, hit in found if covered and covered >= NEARLY * best]


def _tells_of(countries: frozenset[str], fact: Fact, hit: Hit, sources: Sources) -> bool:
    """Tell whether the passage of a figure, with its headings and title, names all these countries."""
    document = sources.documents[fact.doc_id]
    around = " ".join((document.title, *hit.passage.path, hit.passage.span.of(document.text)))
    return countries <= countries_of(around)


def _head(fact: Fact) -> str:
    return (meanings(fact.subject) or ("",))[-1]


def _is_incident(fact: Fact) -> bool:
    """Tell whether a figure counts those of one event on a day or in a month, which another date says nothing about."""
    if fact.unit is not None or fact.period is None or fact.claimant:
        return False
    return fact.period.precision in _INCIDENT and not fact.period.text.lower().startswith("as of")


def _one_each(found: list[tuple[Fact, Hit]]) -> list[tuple[Fact, Hit]]:
    """Return the figures that stand for themselves, of each the first.

    What has the same time and claimant as another in the same part of the text is a part of it or another measure, not
    its rival; so is a figure with neither beside any other. The same number for the same time is told twice.
    """
    kept: list[tuple[Fact, Hit]] = []
    for fact, hit in found:
        key = _who_and_when(fact)
        near = [other for other, _ in kept if _is_beside(other, fact) and (not any(key) or _who_and_when(other) == key)]
        told = (key, fact.low, fact.high)
        again = [other for other, _ in kept if (_who_and_when(other), other.low, other.high) == told]
        if not near and not again:
            kept.append((fact, hit))
    return kept


def _who_and_when(fact: Fact) -> tuple[str, str, str]:
    period = fact.period
    return (fact.claimant or "", (period.start or "") if period else "", (period.end or "") if period else "")


def _is_beside(one: Fact, other: Fact) -> bool:
    """Tell whether two figures stand in the same part of a text, where rivals would be told apart."""
    return one.doc_id == other.doc_id and one.path == other.path and abs(one.span.start - other.span.start) < BESIDE


def _of_one_place(asked: Asked, found: list[tuple[Fact, Hit]]) -> tuple[list[tuple[Fact, Hit]], list[tuple[Fact, Hit]]]:
    """Return the figures of the place asked about, or of the place that most of them name, and the others."""
    if asked.place:
        return found, []
    counts = Counter(place_of(fact) for fact, _ in found if fact.where and not is_destination(fact))
    if not counts:
        return found, []
    main = max(counts, key=lambda place: counts[place])
    kept = [pair for pair in found if not pair[0].where or is_destination(pair[0]) or place_of(pair[0]) == main]
    return kept, [pair for pair in found if pair not in kept]


def _names_claimant(query: Query, found: list[tuple[Fact, Hit]]) -> bool:
    """Tell whether the question names the claimant of one figure: then that figure is asked for."""
    words = frozenset(meanings(query.text))
    claimants = [
        frozenset(meanings(fact.claimant or "")) - frozenset(meanings(fact.attribute + fact.subject))
        for fact, _ in found
    ]
    named = [claimant for claimant in claimants if claimant and len(claimant & words) * 2 >= len(claimant)]
    return len(named) == 1


def _newest_first(found: list[tuple[Fact, Hit]]) -> list[tuple[Fact, Hit]]:
    """Return the figures by the last day of their time, newest first; those without a time last, best passage first."""

    def age(pair: tuple[Fact, Hit]) -> str:
        period = pair[0].period
        return (period.end or period.start or "") if period else ""

    return sorted(found, key=age, reverse=True)


# ------------------------------------------------------------------------------------------------------- the finding


def _ledger(query: Query, kept: list[tuple[Fact, Hit]], others: list[tuple[Fact, Hit]], sources: Sources) -> Finding:
    evidence: list[Evidence] = []
    estimates: list[Estimate] = []
    claims: list[Claim] = []
    for fact, hit in kept:
        place = _place(evidence, _evidence(fact, hit, sources.documents[fact.doc_id]))
        estimates.append(_estimate(fact, place))
        claims.append(Claim(_capital(_wording(fact, sources)) + ".", (place,)))
    if others:
        fact, hit = others[0]
        place = _place(evidence, _evidence(fact, hit, sources.documents[fact.doc_id]))
        claims.append(Claim(f"Not the same: {_wording(fact, sources)}, {fact.where}.", (place,)))
    number = len(estimates)
    opening = f"The text gives {number} figures, newest first."
    newest = kept[0][0].period
    if _LATEST.search(query.text):
        opening += f" The newest is dated {_small(newest.text)}." if newest else " None of them bears a date."
    figures = "; ".join(" ".join(_hedged(fact, sources)[:1]) for fact, _ in kept)
    return Finding(
        kind=Kind.ESTIMATES,
        claims=(Claim(opening, ()), *claims),
        evidence=tuple(evidence),
        short=f"{number} figures: {figures}",
        estimates=tuple(estimates),
        confidence=CONFIDENCE,
    )


def _place(evidence: list[Evidence], piece: Evidence) -> int:
    """Return the place of a piece of evidence; two figures of one statement share it."""
    for place, other in enumerate(evidence):
        if (other.doc_id, other.span) == (piece.doc_id, piece.span):
            return place
    evidence.append(piece)
    return len(evidence) - 1


def _evidence(fact: Fact, hit: Hit, document: Document) -> Evidence:
    """Return the statement, with the sentence before it where only that one says what is counted."""
    passage = hit.passage
    alone = set(terms(f"{fact.subject} {fact.attribute}")) <= set(terms(passage.text))
    span = passage.span if alone else Span(min(passage.window.start, passage.span.start), passage.span.end)
    sentences = [sentence for block in document.blocks for sentence in block.sentences if span.contains(sentence.span)]
    flags = tuple(dict.fromkeys(flag.label for sentence in sentences for flag in sentence.flags))
    return Evidence(fact.doc_id, span, fact.path, flags, hit.score, passage.lead, fact.span)


def _estimate(fact: Fact, place: int) -> Estimate:
    return Estimate(
        value=fact.value,
        low=fact.low,
        high=fact.high,
        unit=fact.unit,
        what=f"{fact.subject}: {fact.attribute}" if fact.attribute else fact.subject,
        where=fact.where,
        period=fact.period.text if fact.period else None,
        claimant=fact.claimant,
        hedge=fact.hedge,
        flags=fact.flags,
        evidence=place,
        span=fact.span,
    )


def _hedged(fact: Fact, sources: Sources) -> tuple[str, ...]:
    """Return the value with the hedge right before it ("only about 20"), then the hedges that stand elsewhere."""
    before = " ".join(sources.documents[fact.doc_id].text[: fact.span.start][-80:].lower().split())
    value = f"between {fact.value}" if before.endswith("between") else fact.value
    before = before.removesuffix(" between")
    hedges = fact.hedge.split(", ") if fact.hedge else []
    near = [hedge for hedge in hedges if before.endswith(hedge)]
    return (" ".join([*near, value]), *(hedge for hedge in hedges if hedge not in near))


def _wording(fact: Fact, sources: Sources) -> str:
    """Return a figure in words: "about 8,708 islanders (2013, a survey by the council)", with the editors' tags."""
    value, *hedges = _hedged(fact, sources)
    counted = f"percentage of {fact.subject}: {value}" if names_share(fact) else _counted(fact, value)
    words = (fact.claimant or "").split()
    claimant = " ".join(words[:MAX_CLAIMANT_WORDS]) + (" …" if len(words) > MAX_CLAIMANT_WORDS else "")
    known = [fact.period.text if fact.period else "undated", claimant, *hedges]
    flags = "".join(f" [{flag}]" for flag in fact.flags)
    return f"{counted} ({', '.join(_small(part) for part in known if part)}){flags}"


def _counted(fact: Fact, value: str) -> str:
    """Return a figure with what it counts and, where that is short, what is said of it: "18% were willing"."""
    joint = " of " if fact.unit == "%" else " "
    counted = f"{value}{joint}{fact.subject}" if fact.subject else value
    attribute = fact.attribute
    head = attribute.split(" … ")[0]
    if fact.unit == "%" and head.lower().startswith(_SHARES) and len(head.split()) <= 2 * MAX_PREDICATE_WORDS:
        return f"{head} {value}"
    if len(attribute.split()) > MAX_PREDICATE_WORDS or fact.subject in attribute or (fact.claimant or "…") in attribute:
        return counted if "…" not in attribute or fact.claimant else _inside(attribute, counted)
    return f"{counted} {attribute}" if _VERB.match(attribute) else counted


def _inside(attribute: str, counted: str) -> str:
    """Return a figure in the clause that stands around it, where that is short."""
    return attribute.replace("…", counted, 1) if len(attribute.split()) <= MAX_PREDICATE_WORDS else counted


def _small(text: str) -> str:
    """Return a text without the capital of an article that began its sentence."""
    return re.sub(
        r"\A(?:A|An|The|As|By|From|Between|Since|After|Before|Until|Results|Data|Research)\b",
        lambda match: match[0].lower(),
        text,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

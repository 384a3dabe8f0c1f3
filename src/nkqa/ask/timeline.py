"""Questions that want incidents in order: "what happened to crews stranded in Norway?", "the incidents of 2012"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nkqa.ask.sources import Sources
from nkqa.store.facts import FactStore
from nkqa.text.labels import names
from nkqa.text.places import name_countries
from nkqa.text.terms import stem, terms, tokens
from nkqa.types import Claim, Document, Evidence, Fact, FactKind, Finding, Kind, Query

# More rows are no answer any more; the interface for time lines gives them all.
MAX_ROWS = 40
_ASKS = re.compile(
    r"\b(?:timeline|time line|chronolog\w+|what (?:has |have |had )?happened\b|(?:list|show|name|give|which|what|all)\b"
    r"[^.?]*\b(?:incidents|events)\b)",
    re.IGNORECASE,
)
# Words of the question that choose nothing, and the general names of what happens to whom.
_ASKING = frozenset(
    stem(word)
    for word in """timeline time line chronology chronological order happened happen incidents incident events event
    list show name give date dates dated year years group groups people person persons men women members case cases
    history known reported took place since before after between until""".split()
)
_HAPPENED = re.compile(r"\bwhat (?:has |have |had )?happened (?:to|with)\b", re.IGNORECASE)
# Words for one outcome; general English.
_OUTCOMES = (
    "catch caught capture captured arrest arrested stop stopped detain detained apprehended seized intercepted",
    "deport deported deportation repatriate repatriated repatriation return returned expel expelled sent extradited",
    "release released free freed",
    "escape escaped flee fled",
    "find found rescue rescued discovered",
    "allow allowed let permit permitted admit admitted grant granted accept accepted",
)
_OUTCOME_STEMS = tuple(frozenset(stem(word) for word in group.split()) for group in _OUTCOMES)
# What may become of somebody who was caught.
_CUSTODY = frozenset().union(*_OUTCOME_STEMS[:4])
_TO = re.compile(r"\b(?:to|into|towards?)\s+(?:the\s+)?\Z", re.IGNORECASE)
_AT = re.compile(r"\b(?:in|from|at|near|off|of|through|via|by|under|across|within|for)\s+(?:the\s+)?\Z", re.IGNORECASE)
_AGAIN = re.compile(
    r"\bof the (?:original|same|first)\b|\bthe (?:other|remaining|same|rest)\b|\bof (?:them|whom|these|those)\b",
    re.IGNORECASE,
)
_AGAIN_DONE = re.compile(r"\bthe (?:group|men|women|family|two|three|four|pair|others)\b|\bagain\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|from|after)\s+((?:1[5-9]|20)\d\d)\b", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|before|up to|by)\s+((?:1[5-9]|20)\d\d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which incidents are wanted; None does not restrict. Years are inclusive.

    Of the stems in `outcomes` one is enough; all of those in `words` must occur.
    """

    place: str | None = None
    destination: str | None = None
    first: int | None = None
    last: int | None = None
    outcomes: frozenset[str] | None = None
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One incident of a time line, and the line that tells it in the words of the text."""

    text: str
    again: str | None
    event: Fact


def find_timeline(query: Query, sources: Sources) -> Finding | None:
    """Return the incidents that a question asks for, by date; None where it asks for none or none fits."""
    if not _ASKS.search(query.text):
        return None
    events = sources.facts.find(FactKind.EVENT)
    wanted = read_filter(query.text, events)
    if wanted is None:
        return None
    rows = choose_events(events, wanted)
    # One incident is a fact that a sentence answers better, unless a list was asked for.
    fewest = 2 if _HAPPENED.search(query.text) else 1
    return _finding(rows, wanted, sources.documents) if fewest <= len(rows) <= MAX_ROWS else None


def choose_events(events: Sequence[Fact], wanted: Filter) -> tuple[Fact, ...]:
    """Return the incidents that pass a filter, by date."""
    chosen = [event for event in events if event.period and event.period.start and _passes(event, wanted)]
    return tuple(sorted(chosen, key=lambda event: (_day(event), event.statement)))


def incidents(
    facts: FactStore,
    documents: Mapping[str, Document],
    place: str = "",
    first: int | None = None,
    last: int | None = None,
    outcome: str = "",
) -> tuple[TimelineRow, ...]:
    """Return the incidents at a place, from year to year, with an outcome; `again` names people counted before."""
    wanted = Filter(place or None, None, first, last, with_synonyms(frozenset(terms(outcome))) if outcome else None)
    rows = choose_events(facts.find(FactKind.EVENT), wanted)
    return tuple(
        TimelineRow(row_text(row, documents[row.doc_id]), _points_back(row, rows[:number]), row)
        for number, row in enumerate(rows)
    )


def with_synonyms(outcomes: frozenset[str]) -> frozenset[str]:
    """Return stems of words for an outcome with those of other words for the same."""
    return outcomes.union(*(group for group in _OUTCOME_STEMS if group & outcomes))


def read_filter(question: str, events: Sequence[Fact]) -> Filter | None:
    """Read place, years and outcome from a question; None where a content word of it fits no incident."""
    text = name_countries(question)
    place, destination, used = _places(text, events)
    first, last = _years(question)
    known = frozenset().union(*(_stems(event) for event in events))
    said = [term for term in terms(text) if term not in used and term not in _ASKING and not term.isdigit()]
    outcomes = frozenset(term for term in said if any(term in group for group in _OUTCOME_STEMS))
    others = [term for term in said if term not in outcomes]
    if any(term not in known for term in others):
        return None
    # "What happened to groups caught in X?" asks what came after, too.
    custody = _HAPPENED.search(question) and outcomes & _CUSTODY
    wanted = _CUSTODY if custody else with_synonyms(outcomes) if outcomes else None
    # A word that many incidents have ("refugees") chooses nothing.
    rare = frozenset(term for term in others if sum(term in _stems(event) for event in events) * 4 < len(events))
    return Filter(place, destination, first, last, wanted, rare)


# ------------------------------------------------------------------------------------------------------ the filter


def _places(text: str, events: Sequence[Fact]) -> tuple[str | None, str | None, frozenset[str]]:
    """Return the place and the destination that a question names, and the stems that they take up."""
    known = {name for event in events for name in _names(event)}
    place: str | None = None
    destination: str | None = None
    used: frozenset[str] = frozenset()
    for name in sorted(known, key=len, reverse=True):
        for match in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
            before = text[: match.start()]
            if destination is None and _TO.search(before) and not _HAPPENED.search(before):
                destination = name
            elif place is None and _AT.search(before):
                place = name
            else:
                continue
            used |= frozenset(terms(name))
    return place, destination, used


def _names(event: Fact) -> set[str]:
    """Return the names of places at an incident: its place, the heading it stands under, the countries it names."""
    named = {name_countries(part).removeprefix("the ") for part in (*event.path[-1:], event.where or "") if part}
    to = re.findall(r"\bto (?:the )?((?:[A-Z]\w+)(?: [A-Z]\w+)*)", name_countries(event.attribute))
    return {name for name in named | set(to) if len(name.split()) <= 3}


def _passes(event: Fact, wanted: Filter) -> bool:
    year = int(_day(event)[:4])
    if (wanted.first is not None and year < wanted.first) or (wanted.last is not None and year > wanted.last):
        return False
    if wanted.place and not _is_in(event, wanted.place):
        return False
    if wanted.destination and not re.search(
        rf"\bto\b[^.;]*?\b{re.escape(wanted.destination)}\b", name_countries(event.attribute), re.IGNORECASE
    ):
        return False
    if not wanted.words <= _stems(event):
        return False
    return wanted.outcomes is None or bool(wanted.outcomes & frozenset(terms(_own_words(event))))


def _is_in(event: Fact, place: str) -> bool:
    """Tell whether an incident took place there: by its own place, its headings, or a place named but not as a goal."""
    asked = name_countries(place)
    if any(names(frozenset(terms(name_countries(part))), asked) for part in (*event.path, event.where or "")):
        return True
    if event.where:
        return False
    said = name_countries(_own_words(event))
    return any(
        not re.search(r"\bto\b[^,;.]*\Z", said[: match.start()])
        for match in re.finditer(rf"\b{re.escape(asked)}\b", said, re.IGNORECASE)
    )


def _own_words(event: Fact) -> str:
    """Return what happened, without what is only quoted in it."""
    return re.split('["“]', event.attribute, maxsplit=1)[0]


def _stems(event: Fact) -> frozenset[str]:
    return frozenset(terms(name_countries(f"{event.subject} {_own_words(event)}")))


def _years(question: str) -> tuple[int | None, int | None]:
    since, until = _SINCE.search(question), _UNTIL.search(question)
    named = [int(token.word) for token in tokens(question) if re.fullmatch(r"(?:1[5-9]|20)\d\d", token.word)]
    if since or until:
        later = [year for year in named if since and year > int(since[1])]
        first = int(since[1]) + bool(since[0].lower().startswith("after")) if since else None
        last = int(until[1]) - bool(until[0].lower().startswith("before")) if until else (later[0] if later else None)
        return first, last
    return (min(named), max(named)) if named else (None, None)


def _day(event: Fact) -> str:
    return str(event.period.start) if event.period else ""


# ------------------------------------------------------------------------------------------------------ the answer


def _finding(rows: Sequence[Fact], wanted: Filter, documents: Mapping[str, Document]) -> Finding:
    evidence: list[Evidence] = []
    claims: list[Claim] = []
    places: dict[tuple[str, int], int] = {}
    for row in rows:
        key = (row.doc_id, row.statement.start)
        if key not in places:
            places[key] = len(evidence)
            evidence.append(Evidence(row.doc_id, row.statement, row.path, row.flags, 1.0))
        claim = Claim(row_text(row, documents[row.doc_id]), (places[key],))
        if claim not in claims:
            claims.append(claim)
    count = len(claims)
    claims += _caveats(rows, places)
    return Finding(
        kind=Kind.TIMELINE,
        claims=tuple(claims),
        evidence=tuple(evidence),
        short=f"{count} incident{'s' * (count != 1)}",
        interpreted_as=_reading(wanted),
        confidence=0.8,
    )


def row_text(event: Fact, document: Document) -> str:
    """Return an incident as one line: its date, then the words of the text for who and what, with hedge and source."""
    said = event.attribute if event.subject in event.attribute else f"{event.subject} {event.attribute}"
    sentence = " ".join(event.statement.of(document.text).split())
    start = sentence.find(event.subject)
    place = sentence.find(event.attribute, max(0, start))
    if event.subject in event.attribute:
        # The verb acts on them: who acted stands before it.
        place = sentence.find(event.attribute)
        opening = re.sub(r"\A(?:(?:In|On|At|During)\s[^,]*\d{4},?\s|According to [^,]*,\s)", "", sentence[:place])
        said = opening + event.attribute
    elif 0 <= start < place:
        said = sentence[start : place + len(event.attribute)]
    source = f" (according to {event.claimant})" if event.claimant and event.claimant not in said else ""
    missing = [word for word in (event.hedge or "").split(", ") if word and word not in said.lower()]
    hedge = f" ({', '.join(missing)})" if missing else ""
    marks = "".join(f" [{flag}]" for flag in event.flags)
    return f"{_date(event)}: {said}{hedge}{source}{marks}."


def _date(event: Fact) -> str:
    """Return the date as people read it, with the words of the text where it was taken from the sentence before."""
    if event.period is None or event.period.start is None:
        return "undated"
    start = date.fromisoformat(event.period.start)
    if event.period.precision != "relative":
        written = event.period.text
        return written if str(start.year) in written or not event.period.end else f"{written} {start.year}"
    shown = str(start.year)
    if event.period.start == event.period.end:
        shown = f"{start.day} {start:%B} {start.year}"
    elif event.period.end is None:
        shown = f"after {start.day} {start:%B} {start.year}"
    return f"{shown} (“{event.period.text}” in the text)"


def _caveats(rows: Sequence[Fact], places: dict[tuple[str, int], int]) -> list[Claim]:
    """Warn where a row counts people of an earlier row again."""
    again = [(words, row) for number, row in enumerate(rows) if (words := _points_back(row, rows[:number]))]
    if not again:
        return []
    shown = dict.fromkeys(f"“{words}” ({_date(row).partition(' (')[0]})" for words, row in again)
    text = f"Do not add the numbers up: {', '.join(shown)} may be people of an earlier row."
    return [Claim(text, tuple(dict.fromkeys(places[(row.doc_id, row.statement.start)] for _, row in again)))]


def _points_back(row: Fact, before: Sequence[Fact]) -> str | None:
    """Return the words of a row that point back at people of an earlier row: "10 of the original 14", "the group"."""
    earlier = [other for other in before if other.doc_id == row.doc_id and other.path == row.path]
    if not earlier:
        return None
    counted = row.low is not None
    if _AGAIN.search(row.subject) or (counted and _has_parts(row, earlier)):
        return row.subject
    found = _AGAIN_DONE.search(f"{row.subject} {row.attribute}")
    return found[0] if found else None


def _has_parts(row: Fact, earlier: Sequence[Fact]) -> bool:
    """Tell whether an earlier row of the same sentence tells something else: of 6, "3 managed to escape"."""
    return any(other.statement == row.statement and other.attribute != row.attribute for other in earlier)


def _reading(wanted: Filter) -> str:
    parts = ["incidents by date"]
    parts += [f"in {wanted.place}"] if wanted.place else []
    parts += [f"to {wanted.destination}"] if wanted.destination else []
    if wanted.first is not None or wanted.last is not None:
        ends = [str(wanted.first) if wanted.first else "", str(wanted.last) if wanted.last else ""]
        parts.append(ends[0] if ends[0] == ends[1] else f"{ends[0] or '…'}–{ends[1] or '…'}")
    return ", ".join(parts)

"""Questions that want incidents in order: "what happened to crews stranded in Norway?", "the incidents of 2012"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nkqa.ask.incidents import HAPPENED, Filter, incidents_of, with_synonyms
from nkqa.ask.sources import Sources
from nkqa.store.facts import FactStore
from nkqa.text.marks import as_read
from nkqa.text.terms import terms
from nkqa.types import Claim, Document, Evidence, Fact, Finding, Incident, Kind, Query

# More rows are no answer any more; the interface for time lines gives them all.
MAX_ROWS = 40
_ASKS = re.compile(
    r"\b(?:timeline|time line|chronolog\w+|what (?:has |have |had )?happened\b|(?:list|show|name|give|which|what|all)\b"
    r"[^.?]*\b(?:incidents|events)\b)",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\bof the (?:original|same|first)\b|\bthe (?:other|remaining|same|rest)\b|\bof (?:them|whom|these|those)\b",
    re.IGNORECASE,
)
_AGAIN_DONE = re.compile(r"\bthe (?:group|men|women|family|two|three|four|pair|others)\b|\bagain\b", re.IGNORECASE)


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
    events = incidents_of(sources)
    wanted = events.read_filter(query.text)
    if wanted is None:
        return None
    rows = events.choose(wanted)
    # One incident is a fact that a sentence answers better, unless a list was asked for.
    fewest = 2 if HAPPENED.search(query.text) else 1
    return _finding(rows, wanted, sources.documents) if fewest <= len(rows) <= MAX_ROWS else None


def incidents(
    facts: FactStore,
    documents: dict[str, Document],
    place: str = "",
    first: int | None = None,
    last: int | None = None,
    outcome: str = "",
) -> tuple[TimelineRow, ...]:
    """Return the incidents at a place, from year to year, with an outcome; `again` names people counted before."""
    wanted = Filter(place or None, None, first, last, with_synonyms(frozenset(terms(outcome))) if outcome else None)
    rows = incidents_of(Sources(documents, facts, ())).choose(wanted)
    return tuple(
        TimelineRow(
            as_read(row_text(row, documents[row.doc_id]), documents[row.doc_id].name),
            _points_back(row, rows[:number]),
            row,
        )
        for number, row in enumerate(rows)
    )


# ------------------------------------------------------------------------------------------------------ the answer


def _finding(rows: Sequence[Fact], wanted: Filter, documents: Mapping[str, Document]) -> Finding:
    evidence: list[Evidence] = []
    claims: list[Claim] = []
    shown: list[Incident] = []
    places: dict[tuple[str, int], int] = {}
    for number, row in enumerate(rows):
        key = (row.doc_id, row.statement.start)
        if key not in places:
            places[key] = len(evidence)
            evidence.append(Evidence(row.doc_id, row.statement, row.path, row.flags, 1.0))
        claim = Claim(row_text(row, documents[row.doc_id]), (places[key],))
        if claim not in claims:
            claims.append(claim)
            again = _points_back(row, rows[:number])
            shown.append(_incident(row, documents[row.doc_id], again, places[key]))
    count = len(claims)
    claims += _caveats(rows, places)
    return Finding(
        kind=Kind.TIMELINE,
        claims=tuple(claims),
        evidence=tuple(evidence),
        short=f"{count} incident{'s' * (count != 1)}",
        interpreted_as=_reading(wanted),
        timeline=tuple(shown),
        confidence=0.9,
    )


def _incident(event: Fact, document: Document, again: str | None, place: int) -> Incident:
    return Incident(
        date=_date(event),
        start_date=event.period.start if event.period else None,
        end_date=event.period.end if event.period else None,
        text=f"{_told(event, document)}.",
        again=again,
        where=event.where,
        flags=event.flags,
        evidence=place,
    )


def row_text(event: Fact, document: Document) -> str:
    """Return an incident as one line: its date, then what happened, and the editors' tags."""
    marks = "".join(f" [{flag}]" for flag in event.flags)
    return f"{_date(event)}: {_told(event, document)}{marks}."


def _told(event: Fact, document: Document) -> str:
    """Return who did what in the words of the text, with hedge and source."""
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
    return f"{said}{hedge}{source}"


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

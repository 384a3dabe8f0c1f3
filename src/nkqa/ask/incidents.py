"""Which incidents are wanted: read from a question, or given as place, years and outcome."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nkqa.ask.sources import Sources, once_per_store
from nkqa.text.labels import meant_by
from nkqa.text.places import name_countries
from nkqa.text.terms import stem, terms, tokens
from nkqa.types import Fact, FactKind

# Words of the question that choose nothing, and the general names of what happens to whom.
_ASKING = frozenset(
    stem(word)
    for word in """timeline time line chronology chronological order happened happen incidents incident events event
    list show name give date dates dated year years group groups people person persons men women members case cases
    history known reported took place since before after between until""".split()
)
HAPPENED = re.compile(r"\bwhat (?:has |have |had )?happened (?:to|with)\b", re.IGNORECASE)
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


def with_synonyms(outcomes: frozenset[str]) -> frozenset[str]:
    """Return stems of words for an outcome with those of other words for the same."""
    return outcomes.union(*(group for group in _OUTCOME_STEMS if group & outcomes))


@dataclass(frozen=True, slots=True)
class _Incident:
    """An incident with what filters look at. `own` are the stems of what happened; `stems` has those of to whom, too.

    `day` is the first on which it may have happened, "" where no date is told. `told` is what happened and `said` that
    without what is only quoted, both with the usual names of countries; `places` has the stems of each heading and of
    the incident's own place.
    """

    fact: Fact
    day: str
    told: str
    said: str
    own: frozenset[str]
    stems: frozenset[str]
    places: tuple[frozenset[str], ...]


class Incidents:
    """The incidents of a generation, as questions look at them."""

    def __init__(self, events: Sequence[Fact]) -> None:
        read = [_read(event) for event in events]
        dated = (incident for incident in read if incident.day)
        self._by_date = tuple(sorted(dated, key=lambda one: (one.day, one.fact.statement)))
        self._names = frozenset(name for event in events for name in _names(event))
        self._incidents_with = Counter(term for incident in read for term in incident.stems)
        self._count = len(read)
        self._at: dict[str, set[int]] = {}
        for number, one in enumerate(self._by_date):
            for term in frozenset().union(*one.places):
                self._at.setdefault(term, set()).add(number)

    def choose(self, wanted: Filter) -> tuple[Fact, ...]:
        """Return the incidents that pass a filter, by date."""
        there = self._in(wanted.place) if wanted.place else self._by_date
        return tuple(one.fact for one in there if _passes(one, wanted))

    def _in(self, place: str) -> list[_Incident]:
        """Return the incidents at a place: their own place, their headings, or a place named but not as a goal."""
        place = name_countries(place)
        asked = meant_by(place)
        named = re.compile(rf"\b{re.escape(place)}\b", re.IGNORECASE)
        near = set().union(*(self._at.get(term, ()) for meant in asked for term in meant))
        return [
            one
            for number, one in enumerate(self._by_date)
            if (number in near and any(all(meant & part for meant in asked) for part in one.places))
            or (not one.fact.where and _happened_in(one, named))
        ]

    def read_filter(self, question: str) -> Filter | None:
        """Read place, years and outcome from a question; None where a content word of it fits no incident."""
        text = name_countries(question)
        place, destination, used = self._places(text)
        first, last = _years(question)
        said = [term for term in terms(text) if term not in used and term not in _ASKING and not term.isdigit()]
        outcomes = frozenset(term for term in said if any(term in group for group in _OUTCOME_STEMS))
        others = [term for term in said if term not in outcomes]
        if any(term not in self._incidents_with for term in others):
            return None
        # "What happened to groups caught in X?" asks what came after, too.
        custody = HAPPENED.search(question) and outcomes & _CUSTODY
        wanted = _CUSTODY if custody else with_synonyms(outcomes) if outcomes else None
        # A word that many incidents have ("refugees") chooses nothing.
        rare = frozenset(term for term in others if self._incidents_with[term] * 4 < self._count)
        return Filter(place, destination, first, last, wanted, rare)

    def _places(self, text: str) -> tuple[str | None, str | None, frozenset[str]]:
        """Return the place and the destination that a question names, and the stems that they take up."""
        said = text.casefold()
        known = [name for name in self._names if name.casefold() in said]
        place: str | None = None
        destination: str | None = None
        used: frozenset[str] = frozenset()
        for name in sorted(known, key=lambda one: (-len(one), one)):
            for match in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
                before = text[: match.start()]
                if destination is None and _TO.search(before) and not HAPPENED.search(before):
                    destination = name
                elif place is None and _AT.search(before):
                    place = name
                else:
                    continue
                used |= frozenset(terms(name))
        return place, destination, used


@once_per_store
def incidents_of(sources: Sources) -> Incidents:
    """Return all incidents."""
    return Incidents(sources.facts.find(FactKind.EVENT))


def _read(event: Fact) -> _Incident:
    said = re.split('["“]', event.attribute, maxsplit=1)[0]
    return _Incident(
        fact=event,
        day=(event.period.start or "") if event.period else "",
        told=name_countries(event.attribute),
        said=name_countries(said),
        own=frozenset(terms(said)),
        stems=_stems_of(f"{event.subject} {said}"),
        places=tuple(_stems_of(part) for part in (*event.path, event.where or "")),
    )


def _names(event: Fact) -> frozenset[str]:
    """Return the names of places at an incident: its place, the heading it stands under, the countries it names."""
    named = {name_countries(part).removeprefix("the ") for part in (*event.path[-1:], event.where) if part}
    to = re.findall(r"\bto (?:the )?((?:[A-Z]\w+)(?: [A-Z]\w+)*)", name_countries(event.attribute))
    return frozenset(name for name in named | set(to) if len(name.split()) <= 3)


def _passes(incident: _Incident, wanted: Filter) -> bool:
    """Tell whether an incident passes all of a filter but the place."""
    year = int(incident.day[:4])
    if (wanted.first is not None and year < wanted.first) or (wanted.last is not None and year > wanted.last):
        return False
    if not wanted.words <= incident.stems or not (wanted.outcomes is None or wanted.outcomes & incident.own):
        return False
    return not wanted.destination or bool(
        re.search(rf"\bto\b[^.;]*?\b{re.escape(wanted.destination)}\b", incident.told, re.IGNORECASE)
    )


def _happened_in(incident: _Incident, place: re.Pattern[str]) -> bool:
    """Tell whether what happened names a place, not as a goal."""
    return any(
        not re.search(r"\bto\b[^,;.]*\Z", incident.said[: match.start()]) for match in place.finditer(incident.said)
    )


def _stems_of(text: str) -> frozenset[str]:
    return frozenset(terms(name_countries(text)))


def _years(question: str) -> tuple[int | None, int | None]:
    since, until = _SINCE.search(question), _UNTIL.search(question)
    named = [int(token.word) for token in tokens(question) if re.fullmatch(r"(?:1[5-9]|20)\d\d", token.word)]
    if since or until:
        later = [year for year in named if since and year > int(since[1])]
        first = int(since[1]) + bool(since[0].lower().startswith("after")) if since else None
        last = int(until[1]) - bool(until[0].lower().startswith("before")) if until else (later[0] if later else None)
        return first, last
    return (min(named), max(named)) if named else (None, None)

"""Which incidents are wanted: read from a question, or given as place, years and outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nkqa.text.labels import names
from nkqa.text.places import name_countries
from nkqa.text.terms import stem, terms, tokens
from nkqa.types import Fact

# Every question of this kind looks at every incident: what is read from their texts is remembered.
MAX_REMEMBERED = 1 << 17

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


def choose_events(events: Sequence[Fact], wanted: Filter) -> tuple[Fact, ...]:
    """Return the incidents that pass a filter, by date."""
    chosen = [event for event in events if event.period and event.period.start and _passes(event, wanted)]
    return tuple(sorted(chosen, key=lambda event: (_day(event), event.statement)))


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
    custody = HAPPENED.search(question) and outcomes & _CUSTODY
    wanted = _CUSTODY if custody else with_synonyms(outcomes) if outcomes else None
    # A word that many incidents have ("refugees") chooses nothing.
    rare = frozenset(term for term in others if sum(term in _stems(event) for event in events) * 4 < len(events))
    return Filter(place, destination, first, last, wanted, rare)


def _places(text: str, events: Sequence[Fact]) -> tuple[str | None, str | None, frozenset[str]]:
    """Return the place and the destination that a question names, and the stems that they take up."""
    known = {name for event in events for name in _names(event)}
    place: str | None = None
    destination: str | None = None
    used: frozenset[str] = frozenset()
    for name in sorted(known, key=len, reverse=True):
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


def _names(event: Fact) -> frozenset[str]:
    """Return the names of places at an incident: its place, the heading it stands under, the countries it names."""
    return _names_in((*event.path[-1:], event.where or ""), event.attribute)


@lru_cache(MAX_REMEMBERED)
def _names_in(places: tuple[str, ...], said: str) -> frozenset[str]:
    named = {name_countries(part).removeprefix("the ") for part in places if part}
    to = re.findall(r"\bto (?:the )?((?:[A-Z]\w+)(?: [A-Z]\w+)*)", name_countries(said))
    return frozenset(name for name in named | set(to) if len(name.split()) <= 3)


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
    if any(names(_stems_in(part), asked) for part in (*event.path, event.where or "")):
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
    return _stems_in(f"{event.subject} {_own_words(event)}")


@lru_cache(MAX_REMEMBERED)
def _stems_in(text: str) -> frozenset[str]:
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


def _day(event: Fact) -> str:
    return str(event.period.start) if event.period else ""

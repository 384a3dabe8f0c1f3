"""Which words of a clause are its verb in the past, without a tagger: forms in -ed and the common irregular ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nkqa.types import Span

# Past tense, past participle where it differs.
IRREGULAR = (
    "met caught found sent struck led fled took taken brought held built won lost shot sank sunk went gone came left "
    "gave given swam swum broke broken drove driven made began begun put ran fought burnt stole stolen flew flown sold "
    "bought paid hid hidden froze frozen rode ridden blew blown threw thrown fell fallen set hit cut shut swept dug "
    "beat beaten bound hung tore torn taught laid withdrew withdrawn overthrew overthrown rebuilt slain slew"
)
# Verbs that tell who says something, how things stand or how a number moves: no incident.
NO_EVENT = frozenset(
    """said told wrote written claimed reported stated estimated suggested showed shown argued believed thought noted
    described considered expected concluded explained revealed indicated alleged commented called criticized criticised
    disputed questioned complained cited counted recorded registered surveyed polled identified influenced based
    lived resided stayed remained existed seemed appeared looked knew known belonged depended consisted comprised
    contained included involved covered owned needed wanted hoped tried liked feared preferred tended used
    increased decreased rose risen fell fallen grew grown dropped declined reached doubled halved numbered averaged
    accounted became become experienced related united balanced suffered conducted mixed limited
    aged""".split()
)
_ADVERB = r"(?:(?:\w+ly|then|also|later|again|soon|first|once|subsequently|twice|both)\s+)*"
_PAST = rf"(?:[a-zA-Z]{{2,}}ed|{'|'.join(IRREGULAR.split())})"
# Not "has been captured": that is said of all time up to now, and its date is the end of it.
_PASSIVE = re.compile(rf"\b(?:was|were|got)\s+{_ADVERB}(?P<verb>{_PAST})\b")
_ACTIVE = re.compile(rf"\b(?P<verb>{_PAST})\b")
_TO_HAVE = re.compile(
    rf"\b(?:was|were|is|are)\s+(?:reported|said|believed|alleged|thought|understood)(?:\s+by\s+(?P<by>[^,;]{{2,60}}?))?"
    rf"\s+to\s+have\s+(?:been\s+)?(?P<verb>{_PAST})\b"
)
_PRONOUN = r"who|which|that|whom|whose"
_RELATIVE = re.compile(rf"\b(?:{_PRONOUN})\b")
_SUBORDINATE = re.compile(
    rf"\b(?:{_PRONOUN}|where|when|as|after|before|because|since|if|although|though|while)\b", re.I
)
# A verb behind any of these is a participle or an infinitive: "an organized group", "to be held", "a 2005 leaked note".
_NOT_FINITE = re.compile(
    r"(?:\b(?:the|an?|of|by|with|for|to|be|being|been|is|are|was|were|has|have|had|or|not|never|its|their|his|her|these|those|"
    r"some|many|most|more|in|on|at|from|than|so|very|over|until|newly|well|an?\s+\d{4})\s+(?:\w+ly\s+)*|-)\Z",
    re.IGNORECASE,
)
# "are caught and deported": the second verb belongs to the same auxiliary.
_AUXILIARY = re.compile(r"\b(?:is|are|be|been|being|will|would|can|could|may|might)\b[^,;]*\Z")
_PREPOSITION = re.compile(r"\s+(?:by|in|on|at|from|to|while|with|as|for|of|near|after|under)\b")
_LATER_VERB = re.compile(r"\s(?:was|were|is|are)\s")


@dataclass(frozen=True, slots=True)
class Verb:
    """The verb of an incident: where its subject ends, and where what happened begins; `by` is who reports it."""

    subject_end: int
    span: Span
    by: Span | None = None


def find_verb(text: str, clause: Span) -> Verb | None:
    """Return the main verb in the past of a clause, or None where it has none or tells of no incident.

    A passive ("were reportedly captured") is surer than a bare form in -ed, which may be a participle ("11 people
    detained by ..."). The first verb after "who", "which" or "that" belongs to the relative clause.
    """
    if found := _TO_HAVE.search(text, clause.start, clause.end):
        by = Span(*found.span("by")) if found["by"] else None
        return Verb(found.start(), Span(found.start("verb"), clause.end), by)
    passive = next(
        (match for match in _PASSIVE.finditer(text, clause.start, clause.end)
         if not _belongs_to(_RELATIVE, text, clause, match.start())), None
    )  # fmt: skip
    active = _first_active(text, clause, passive)
    chosen = active or passive
    if chosen is None or chosen["verb"].lower() in NO_EVENT or re.match(r"\s+that\b", text[chosen.end() : clause.end]):
        return None
    return Verb(chosen.start(), Span(chosen.start("verb"), clause.end))


def _first_active(text: str, clause: Span, passive: re.Match[str] | None) -> re.Match[str] | None:
    """Return the first finite verb in the active; before a passive only one that the passive is joined to by "and"."""
    end = passive.start() if passive else clause.end
    for match in _ACTIVE.finditer(text, clause.start, end):
        if not _is_finite(text, clause, match) or _belongs_to(_SUBORDINATE, text, clause, match.start()):
            continue
        rest = text[match.end() : end]
        joined = re.search(r"\b(?:and|but|then)\b", rest) and not _PREPOSITION.match(rest)
        participle = _PREPOSITION.match(rest) and _LATER_VERB.search(rest)
        if joined if passive else not participle:
            return match
    return None


def _is_finite(text: str, clause: Span, match: re.Match[str]) -> bool:
    before = text[clause.start : match.start()]
    if not before.strip() or match["verb"][0].isupper() or _NOT_FINITE.search(before) or _AUXILIARY.search(before):
        return False
    # "people detained by ..." is a participle; so is "the wage introduced in 1896 was ...".
    rest = text[match.end() : clause.end]
    return not re.match(r"\s+by\b", rest)


def _belongs_to(pattern: re.Pattern[str], text: str, clause: Span, place: int) -> bool:
    """Tell whether a verb is the first one behind a relative pronoun or a conjunction."""
    found = list(pattern.finditer(text, clause.start, place))
    if not found:
        return False
    return not re.search(rf"\b(?:{_PAST}|was|were|had|is|are)\b|[,;]\s", text[found[-1].end() : place])

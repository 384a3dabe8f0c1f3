"""A question and the questions before it → a question that stands by itself, or the ones that it still needs.

Every earlier question is completed first, oldest first, so that a follow-up to a follow-up finds a whole question. A
new topic takes nothing from before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nkqa.ask import question_parts as parts
from nkqa.ask.ellipsis import complete, is_bare
from nkqa.ask.origin import asks_origin
from nkqa.ask.pronouns import points_back, replace_pronouns
from nkqa.ask.question_parts import AUXILIARY, add, is_fragment, put
from nkqa.ask.smalltalk import recognise
from nkqa.text.terms import terms
from nkqa.types import Origin, Span, Weighted

# A question that points back says little itself; one that says more is understood without the one before it.
MAX_POINTING_TERMS = 5
# With a name in it, it says enough sooner: "Why did they stop using the gun at Gull Rock?".
MAX_NAMING_TERMS = 3
# A longer text is searched for as it is: it is no follow-up, and nothing in it is replaced.
MAX_CHARS = 300
# A term of the last question weighs this much, one of the question before that this much less again, and so on.
RECENCY_WEIGHT = 0.5
MAX_RECALLED = 3
_LEAD = re.compile(
    r"(?:(?:and|but|or|so|then|also|plus|well|now|what about|how about|what of|"
    r"the same for|same for|only)\b[\s,]*)+(?=\S)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:please )?(?:(?:can you )?(?:tell me|say|give me) )?(?:a (?:bit|little) )?(?:more(?: details)?|details|"
    r"go on|(?:what|anything) else|elaborate|explain)(?: (?:on|about|of|to me))?(?: (?:it|that|this|them))?\W*\Z",
    re.IGNORECASE,
)
# "How many were on board?": what is counted is left out. So is it in "How many are there?".
_NOTHING_COUNTED = re.compile(
    rf"how many (?=(?:{AUXILIARY}|came|went|got|took|made|\w+ed|in|at|on|from|to|under|over)\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, completed as far as that is sure.

    `whole` tells that `text` stands by itself. `before` is the turn whose words still count, None for a new topic;
    `origin` is what is asked about the answer to `text`, where that is what is asked.
    """

    text: str
    whole: bool = True
    before: Turn | None = None
    origin: Origin | None = None

    @property
    def searched(self) -> str:
        """Return the words that are searched for: of a question that is not whole, with those of the one before."""
        return self.text if self.whole or not self.before else f"{self.before.searched} {self.text}"


def latest(history: Sequence[str] | None, most: int) -> tuple[str, ...]:
    """Return the earlier questions that are taken into account: the last `most` of them."""
    return tuple(history or ())[-most:] if most else ()


def resolve(question: str, history: Sequence[str]) -> Turn:
    """Return a question as its conversation completes it; `history` holds the questions before it, oldest first.

    >>> resolve("in 2010?", ["How many women came in 2009?", "and men?"]).text
    'How many men came in 2010?'
    """
    turns: list[Turn] = []
    for text in history:
        if not recognise(text):
            turns.append(_turn(text.strip(), turns))
    return _turn(question, turns)


def views(turn: Turn) -> tuple[Weighted, ...]:
    """Return a question and the earlier ones that it still needs, the later the heavier; () where it needs none.

    A question that names a time takes its own in the place of theirs.
    """
    timeless = parts.without_times if turn.before and parts.times(turn.text) else str
    found = [Weighted(turn.text, 1.0)]
    earlier = turn.before
    while earlier and len(found) <= MAX_RECALLED:
        found.append(Weighted(timeless(earlier.text), RECENCY_WEIGHT ** len(found)))
        earlier = earlier.before
    return tuple(found) if turn.before else ()


def recalled(turn: Turn) -> tuple[Weighted, ...]:
    """Return the terms of earlier questions that a question still needs, each once, the later the heavier."""
    known = set(terms(turn.text))
    found: list[Weighted] = []
    for view in views(turn)[1:]:
        new = [term for term in dict.fromkeys(terms(view.text)) if term not in known]
        found += [Weighted(term, view.weight) for term in new]
        known |= set(new)
    return tuple(found)


def _turn(text: str, turns: Sequence[Turn]) -> Turn:
    if not turns or len(text) > MAX_CHARS or recognise(text):
        return Turn(text)
    last = turns[-1]
    if origin := asks_origin(text):
        return Turn(last.text, last.whole, last.before, origin)
    if _MORE.match(text):
        return Turn(text, False, last)
    lead = _LEAD.match(text)
    said = text[lead.end() :] if lead else text
    if lead or is_bare(said):
        base = next((turn for turn in reversed(turns) if turn.whole or not is_fragment(turn.text)), None)
        if base and len(base.text) <= MAX_CHARS and (full := complete(said, base.text)):
            skipped = base is not last
            return Turn(full, base.whole and not skipped, last if skipped else base.before)
        if is_bare(said) or is_fragment(said):
            meant, _ = replace_pronouns(text, [turn.text for turn in turns if len(turn.text) <= MAX_CHARS])
            return Turn(meant, False, last)
    return _clause(text, said, turns)


def _clause(text: str, said: str, turns: Sequence[Turn]) -> Turn:
    """Return a whole clause with what it points back at; one that goes on from nothing is a new topic."""
    last = turns[-1]
    continued = text != said
    most = MAX_NAMING_TERMS if parts.names(said) else MAX_POINTING_TERMS
    points = points_back(said) and len(terms(said)) <= most
    uncounted = _NOTHING_COUNTED.match(said) is not None and not parts.counted(said)
    own_topic = bool(parts.names(said) or parts.times(said))
    if not points and not (uncounted and (continued or not own_topic)) and (not continued or parts.names(said)):
        return Turn(text)
    earlier = [turn.text for turn in turns if len(turn.text) <= MAX_CHARS]
    full, found = replace_pronouns(said, earlier) if points else (said, False)
    if uncounted and not points:
        full, found = _with_counted(full, earlier[-MAX_RECALLED:])
    if found and (continued or uncounted) and len(last.text) <= MAX_CHARS:
        full = _with_time(said, full, last.text)
    return Turn(full if found or full != said else text, found, last)


def _with_counted(said: str, earlier: Sequence[str]) -> tuple[str, bool]:
    """Return "how many stayed?" with what the last question that counts counts, and whether there is one."""
    gap = _NOTHING_COUNTED.match(said)
    phrase = next((span.of(text) for text in reversed(earlier) if (span := parts.counted(text))), None)
    if gap is None or phrase is None:
        return said, False
    return put(said, Span(gap.end(), gap.end()), f"{phrase} "), True


def _with_time(said: str, full: str, previous: str) -> str:
    """Return a question with the time of the one before it, where it repeats a word of it and names no time itself."""
    named = parts.times(previous)
    if parts.times(full) or len(named) != 1 or not set(terms(said)) & set(terms(previous)):
        return full
    return add(full, named[0].of(previous))

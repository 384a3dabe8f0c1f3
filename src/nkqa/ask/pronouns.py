"""What a question points back at ("they", "there", "that year"), and the words of earlier questions that are meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from nkqa.ask import question_parts as parts
from nkqa.ask.ellipsis import STEP, beside
from nkqa.ask.question_parts import AUXILIARY, put
from nkqa.text.phrases import is_plural
from nkqa.text.terms import STOP_WORDS
from nkqa.text.values import years
from nkqa.types import Span

# The pronouns of a question that are looked at: it has hardly more, and each is held against the words before it.
MAX_PRONOUNS = 4
_SUBJECT = {"he": "person", "she": "person", "they": "group", "it": "thing"}
_KINDS = {
    **_SUBJECT,
    **dict.fromkeys(("him", "his", "her", "hers"), "person"),
    **dict.fromkeys(("them", "their", "theirs", "these", "those"), "group"),
    **dict.fromkeys(("its", "this", "that"), "thing"),
    "there": "place",
    **dict.fromkeys(("then", "one", "ones", "each"), "other"),
}
_PRONOUN = re.compile(rf"\b(?:{'|'.join(_KINDS)})\b", re.IGNORECASE)
_OWNERS = ("his", "its", "their")
_THAT_YEAR = re.compile(r"\b(?:(?P<word>since|before|after|until|by) |(?:in )?)(?:that|the same) (?:year|time)\b", re.I)
_THAT_PLACE = re.compile(r"\b(?:that|this|the same) (?:country|place|city|town|region|area)\b", re.IGNORECASE)
# What looks like a pronoun and points at nothing: "How many films are there?", "Is it true that ...?".
_EXPLETIVE = re.compile(
    r"\b(?:is|are|was|were) there\b|\bthere (?:is|are|was|were)\b|"
    r"\bis it (?:true|correct|right|possible)\b(?: that\b)?|\b(?:those|these) (?:who|that|which|of)\b",
    re.IGNORECASE,
)
# "that" joins clauses unless it stands at the end, behind a verb of being or doing, or behind a preposition.
_JOINING = re.compile(
    r"(?<!\bof )(?<!\bin )(?<!\bto )(?<!\bby )(?<!\bfor )(?<!\bfrom )(?<!\babout )(?<!\bwith )(?<!\bafter )"
    r"(?<!\bbefore )\b(?:that|then)\b(?=\s\w)(?<!\b(?:is|do) that)(?<!\b(?:was|did) that)(?<!\bdoes that)",
    re.IGNORECASE,
)
_MOTION = re.compile(
    r"\b(?:go(?:es|ing)?|went|gone|com(?:e|es|ing)|came|mov(?:e|es|ed|ing)|travel\w*|get|gets|got|getting|fle(?:e|es|d)|"
    r"fleeing|return\w*|sail\w*|escap\w*) \Z",
    re.IGNORECASE,
)
# "Who wrote it?": he or she is who the answer names.
_DOER = re.compile(rf"who (?!{AUXILIARY}\b)\w", re.IGNORECASE)
# A verb right behind the question word ends like a plural.
_VERB = re.compile(r"^(?:and |but )?(?:what|who|which) \w+s\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|several|some|many) (?P<noun>[^\W\d_]+)", re.IGNORECASE
)
_UNITS = re.compile(r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|times|percent)\Z", re.IGNORECASE)


def points_back(question: str) -> bool:
    """Tell whether a question holds a pronoun whose meaning stands in no other word of the question."""
    return bool(_pointing(question) or _relative_time(question) or _THAT_PLACE.search(question))


def replace_pronouns(question: str, earlier: Sequence[str]) -> tuple[str, bool]:
    """Return a question with pronouns replaced by what earlier questions name, and whether none is left.

    `earlier` is oldest first. The latest question that has a fitting name, place, time or thing gives it.
    """
    text = _with_time(question, earlier)
    whole = not _relative_time(text)
    if (place := _THAT_PLACE.search(text)) and (found := _latest(earlier, _place)):
        text = put(text, Span(*place.span()), found)
    for match in reversed(_pointing(text)):
        word = match[0].lower()
        found = _meant(text, match, earlier)
        if found is None:
            whole = False
            continue
        if word == "there":
            towards = _MOTION.search(text[: match.start()])
            inside = parts.preposition(text, Span(*match.span()))
            found = found if inside else f"to {found}" if towards else f"in {found}"
        owned = word in _OWNERS or (word == "her" and _is_owner(text, match))
        new = f"{found}'" if owned and found.endswith("s") else f"{found}'s" if owned else found
        text = put(text, Span(*match.span()), new)
    return text, whole


def _is_owner(text: str, match: re.Match[str]) -> bool:
    """Tell whether "her" owns what follows: a noun, no function word and not the end."""
    behind = re.match(r"\s([\w'’-]+)", text[match.end() :])
    return behind is not None and behind[1].lower() not in STOP_WORDS


# ---------------------------------------------------------------------------------------------- what points outside


def _pointing(question: str) -> list[re.Match[str]]:
    """Return the pronouns of a question that point outside it."""
    blank = _THAT_PLACE.sub(lambda found: " " * len(found[0]), question)
    blank = _THAT_YEAR.sub(lambda found: " " * len(found[0]), blank)
    for pattern in (_EXPLETIVE, _JOINING):
        blank = pattern.sub(lambda found: " " * len(found[0]), blank)
    return [match for match in islice(_PRONOUN.finditer(blank), MAX_PRONOUNS) if not _has_own(question, match)]


def _has_own(question: str, match: re.Match[str]) -> bool:
    """Tell whether the question itself names what a pronoun stands for: "How many refugees say they are ill?"."""
    before, word = question[: match.start()].rstrip(), match[0].lower()
    kind = _KINDS[word]
    if re.search(r"[^\w\s'’]\s", before) and parts.names(before):
        return True  # a clause before has named it
    if kind == "place":
        behind = re.match(r"\s([\w'’-]+)", question[match.end() :])
        misspelt = behind is not None and behind[1].lower() not in parts.CLOSED  # "there" for "their"
        return misspelt or bool(parts.chosen(before) or parts.articled(before) or parts.places(before))
    if kind == "other":
        return word in ("one", "each") and not re.search(r"\b(?:which|what|that|this|the \w+)\Z", before, re.I)
    inverted = re.search(rf"\b(?P<aux>{AUXILIARY})\Z", before, re.IGNORECASE)
    if word in _SUBJECT and inverted:
        return False  # the subject of the question
    if kind == "group":
        return any(
            is_plural(each) and not _UNITS.match(each) for each in re.findall(r"[\w'’-]+", _VERB.sub("", before))
        )
    if kind == "person":
        return bool(parts.persons(before) or parts.articled(before))
    named = parts.articled(before) or parts.persons(before) or parts.chosen(before)
    return word in ("it", "its") and bool(named)


def _relative_time(question: str) -> re.Match[str] | None:
    """Return "the year before" or "that year" where the question names no year itself."""
    return None if years(question) else _THAT_YEAR.search(question) or STEP.search(question)


# --------------------------------------------------------------------------------------------------- what is meant


def _with_time(question: str, earlier: Sequence[str]) -> str:
    """Return a question with "that year" and "the year before" as the year that is meant."""
    found = _relative_time(question)
    dated = next((text for text in reversed(earlier) if years(text)), None)
    if found is None or dated is None:
        return question
    if found.re is STEP:
        year = beside(found, dated)
        return put(question, Span(*found.span()), f"in {year}")
    word = found["word"] or "in"
    return put(question, Span(*found.span()), f"{word} {years(dated)[-1]}")


def _meant(text: str, match: re.Match[str], earlier: Sequence[str]) -> str | None:
    kind = _KINDS[match[0].lower()]
    followed = re.match(r"\s[\w'’-]+", text[match.end() :])
    if match[0].lower() in ("this", "that") or (match[0].lower() in ("these", "those", "hers", "theirs") and followed):
        return None  # "say that", "that act": what is meant, the words of the earlier question show
    if match[0].lower() == "it" and not followed and re.match(r"when\b|where was\b", text, re.IGNORECASE):
        return None  # "when was it?" asks about what happened
    finders: dict[str, Callable[[str], str | None]] = {
        "person": _person,
        "place": _place,
        "group": _group,
        "thing": _thing,
    }
    if kind not in finders:
        return None
    return _latest(earlier if kind in ("person", "place") else earlier[-2:], finders[kind])


def _latest(earlier: Sequence[str], find: Callable[[str], str | None]) -> str | None:
    """Return what the latest question that names it has; where that is "", nobody knows its name yet."""
    return next((found for text in reversed(earlier) if (found := find(text)) is not None), None) or None


def _person(text: str) -> str | None:
    topic = parts.topic(text)
    if topic and re.match(r"who\b", text, re.IGNORECASE):
        return topic.of(text)
    if _DOER.match(text):
        return ""
    people = [span for span in parts.persons(text) if span != topic]
    return people[0].of(text) if people else None


def _place(text: str) -> str | None:
    if (topic := parts.topic(text)) and re.match(r"where\b", text, re.IGNORECASE):
        return topic.of(text)
    where = [span for span in parts.places(text) if parts.preposition(text, span)]
    return parts.with_article(text, where[-1]).of(text) if where else None


def _group(text: str) -> str | None:
    """Return the people or things of a question, with an article: what it counts, or the last plural before a verb."""
    span = parts.counted(text) or parts.plural_subject(text)
    if span and is_plural(span.of(text).split()[-1]) and not _UNITS.search(span.of(text)):
        return f"the {span.of(text)}"
    topic = parts.topic(text)
    if topic and is_plural(topic.of(text).split()[-1]) and not parts.persons(text):
        return topic.of(text)
    if plural := [shown for span in parts.articled(text) if is_plural((shown := span.of(text)).split()[-1])]:
        return None if _UNITS.search(plural[0]) else plural[0]
    number = next((match for match in _SEVERAL.finditer(text) if is_plural(match["noun"])), None)
    return f"the {number[0]}" if number and not _UNITS.match(number["noun"]) else None


def _thing(text: str) -> str | None:
    """Return the one thing that a question is about: "What is X?", "which ship ...?", "the museum", its only name."""
    if topic := parts.topic(text):
        plural = is_plural(topic.of(text).split()[-1]) and not parts.names(text)
        person = re.match(r"who\b", text, re.IGNORECASE)
        return None if plural or person else topic.of(text)
    if noun := parts.chosen(text):
        return None if is_plural(noun) else f"the {noun}"
    if phrases := [span.of(text) for span in parts.articled(text) if not is_plural(span.of(text).split()[-1])]:
        return re.sub(r"\Aan? ", "the ", phrases[0], flags=re.IGNORECASE)
    named = [span for span in parts.names(text) if span not in parts.places(text)]
    return named[0].of(text) if len(named) == 1 else None

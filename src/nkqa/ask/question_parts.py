"""Parts of a question as spans: what it counts, its subject, names, places and times. Rules of English, no grammar."""

from __future__ import annotations

import re

from nkqa.text.periods import find_periods
from nkqa.text.phrases import is_plural, noun_phrase
from nkqa.text.places import find_countries
from nkqa.text.terms import STOP_WORDS, terms
from nkqa.types import Span

MAX_SUBJECT_WORDS = 6
# How far before a name or a time its preposition is looked for.
NEAR_CHARS = 24
MAX_FRAGMENT_TERMS = 5
AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|may|might|must|"
    r"(?:is|are|was|were|do|does|did|ca|could|wo|would|has|have|had|should)n['’]t)"
)
_TO_DO = r"(?:do|does|did|(?:do|does|did)n['’]t|can|could|will|would|should|may|might|must)"
PLACE_PREPOSITIONS = frozenset("in at on near inside within outside from to into through via across off".split())
PREPOSITIONS = PLACE_PREPOSITIONS | frozenset(
    "of for with without about under over among against between by during since until before after towards".split()
)
CLOSED = STOP_WORDS | PREPOSITIONS
_ASKED = re.compile(
    r"\bhow many (?:of (?:the )?)?|\b(?:percentage|share|proportion|portion|number|fraction) of (?:the |all )?|"
    r"\b(?:which|what) (?:of the )?",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    rf"(?:{AUXILIARY}|about|percentage|share|proportion|number|years?|happens|happened|makes|made|causes|caused|explains|"
    r"led)\b",
    re.IGNORECASE,
)
_WHO_IS = re.compile(
    r"(?:what|who|where)(?:['’]s| is| are| was| were) (?P<subject>[^?]+?)\W*$|"
    r"what do(?:es)? (?P<term>[^?]+?) (?:mean|stand for)\W*$",
    re.IGNORECASE,
)
_WHICH = re.compile(r"(?:in |at |on )?(?:which|what|how much) (?P<noun>[\w'-]+)", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?) (?=\w)", re.IGNORECASE)
_CAPITALS = re.compile(
    r"(?<![\w.])(?:[^\W\d_a-z][\w'’.-]*)(?:\s(?:(?:of|the|for|and|de|von|van|al)\s){0,2}[^\W\d_a-z][\w'’.-]*)*"
)
_QUOTED = re.compile(r"“[^”]+”|\"[^\"]+\"|‘[^’]+’|(?<!\w)'[^']+'(?!\w)")
_BEFORE_TIME = re.compile(
    r"\b(?:(?:in|on|during|of|for|from|by|at|around) (?:the (?:year )?)?|(?:since|after|before|until) the year )\Z",
    re.I,
)
SHARES = r"(?:per ?cent(?:ages?)?|shares?|proportions?|relative terms)"
IN_PERCENT = re.compile(rf" in {SHARES}(?=\W*\Z)", re.IGNORECASE)
_CLAUSE_WORD = re.compile(rf"\b(?:{AUXILIARY}|who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_PARTICIPLES = frozenset("made built found born held sent lost won taken given written sold known killed shot".split())


def is_fragment(text: str) -> bool:
    """Tell whether a text is no clause: no question word and no auxiliary verb in it, and few words of its own."""
    return not _CLAUSE_WORD.search(text) and len(terms(text)) <= MAX_FRAGMENT_TERMS


def times(text: str) -> tuple[Span, ...]:
    """Return the times that a question names, each with the preposition before it."""
    spans: list[Span] = []
    for place, _ in find_periods(text, Span(0, len(text))):
        before = _BEFORE_TIME.search(text, max(0, place.start - NEAR_CHARS), place.start)
        spans.append(Span(before.start() if before else place.start, place.end))
    return tuple(spans)


def without_times(text: str) -> str:
    """Return a text without the times that it names."""
    for span in reversed(times(text)):
        text = put(text, span, "")
    return " ".join(text.split()).strip(" ,")


def counted(text: str) -> Span | None:
    """Return what a question counts or chooses from: "sailing ships" of "how many sailing ships ...", "which ...s"."""
    for match in _ASKED.finditer(text):
        phrase = None if _NO_NOUN.match(text, match.end()) else noun_phrase(text, match.end(), len(text))
        if phrase and (is_plural(phrase.of(text).split()[-1]) or not match[0].lower().startswith(("which", "what"))):
            return phrase
    return None


def topic(text: str) -> Span | None:
    """Return what a question of the form "What is X?" or "Who was X?" is about."""
    found = _WHO_IS.match(text)
    if not found:
        return None
    if found["term"]:
        return Span(*found.span("term"))
    first = re.sub(r"^(?:the|an?) ", "", found["subject"], flags=re.IGNORECASE).split(" ")[0].lower()
    participle = first in _PARTICIPLES or first.endswith(("ed", "ing"))
    start, end = found.span("subject")
    end = min([end, *(time.start - 1 for time in times(text) if time.start > start)])
    return None if first in CLOSED or participle else Span(start, end)


def plural_subject(text: str) -> Span | None:
    """Return the plural without an article behind the first auxiliary verb: "keepers" of "Why do keepers leave?"."""
    verb = re.match(rf"(?:(?:why|when|where|how) )?{AUXILIARY} ", text, re.IGNORECASE)
    phrase = noun_phrase(text, verb.end(), len(text)) if verb else None
    return phrase if phrase and is_plural(phrase.of(text).split()[-1]) else None


def chosen(text: str) -> str | None:
    """Return the noun of "which ship ...?", None where none is asked for or it is a measure or a time."""
    found = _WHICH.match(text)
    if not found or found["noun"].lower() in STOP_WORDS or _NO_NOUN.match(found["noun"]):
        return None
    return found["noun"]


def articled(text: str) -> tuple[Span, ...]:
    """Return the noun phrases with an article, as far as function words, participles and times show their ends.

    The verb that stands behind "did the museum" is no part of it.
    """
    found: list[Span] = []
    ends = [span.start for span in times(text)]
    for match in _ARTICLE.finditer(text):
        words: list[Span] = []
        for word in re.finditer(r"[\w'’-]+", text[match.end() :]):
            span = Span(match.end() + word.start(), match.end() + word.end())
            plain = word[0].lower()
            gap = text[words[-1].end if words else match.end() : span.start]
            verb = bool(words) and (plain.endswith("ed") or plain in _PARTICIPLES)
            if gap.strip() or plain in CLOSED or verb or span.start in ends or len(words) == MAX_SUBJECT_WORDS:
                break
            words.append(span)
        inverted = re.search(rf"\b{_TO_DO}\s\Z", text[: match.start()], re.IGNORECASE)
        if inverted and len(words) > 1 and _is_verb(text, words[-1]):
            # "did the museum open", "does the law allow appeals"
            words = words[: -2 if is_plural(words[-1].of(text)) and len(words) > 2 else -1]
        if words and (not found or found[-1].end <= match.start()):
            found.append(Span(match.start(), words[-1].end))
    return tuple(found)


def _is_verb(text: str, last: Span) -> bool:
    """Tell whether the last word before the end, a time or a preposition is the verb of "did the museum open"."""
    behind = re.match(r"\s([\w'’-]+)", text[last.end :])
    follows = behind[1].lower() if behind else ""
    return last.of(text).islower() and (not follows or (follows in PREPOSITIONS and follows not in ("of", "with")))


def names(text: str) -> tuple[Span, ...]:
    """Return the names in a question: quoted titles, capitalised words behind the first, and countries."""
    taken = times(text)
    found = [Span(*match.span()) for match in _QUOTED.finditer(text)]
    found += find_countries(text)
    for match in _CAPITALS.finditer(text):
        span = _without_first_word(text, Span(*match.span()))
        if span and not any(span.start < other.end and other.start < span.end for other in (*found, *taken)):
            found.append(span)
    return tuple(sorted(found))


def _without_first_word(text: str, span: Span) -> Span | None:
    """Return a name without the capital of the question's first word, where that is a function word."""
    words = span.of(text).split(" ")
    if words[0].lower().rstrip(".'’") in STOP_WORDS | {"i"}:
        return Span(span.start + len(words[0]) + 1, span.end) if len(words) > 1 else None
    return Span(span.start, span.end - (span.of(text)[-1] == "."))


def places(text: str) -> tuple[Span, ...]:
    """Return the names that stand behind a preposition of place, and countries; never a time."""
    countries = set(find_countries(text))
    return tuple(name for name in names(text) if name in countries or preposition(text, name) in PLACE_PREPOSITIONS)


def persons(text: str) -> tuple[Span, ...]:
    """Return the names that may be those of people: no country, no title, not behind a preposition of place."""
    somewhere = set(places(text))
    return tuple(n for n in names(text) if n not in somewhere and n.of(text)[0].isalpha() and not n.of(text).isupper())


def preposition(text: str, span: Span) -> str:
    """Return the preposition right before a span, an article between them aside; "" where there is none."""
    found = re.search(r"(\w+) (?:the )?\Z", text[max(0, span.start - NEAR_CHARS) : span.start])
    word = found[1].lower() if found else ""
    return word if word in PREPOSITIONS else ""


def with_article(text: str, span: Span) -> Span:
    """Return a span with the definite article before it, where there is one."""
    article = text[max(0, span.start - 5) : span.start].lower()
    return Span(span.start - len("the ") if article in (" the ", "the ") else span.start, span.end)


def put(text: str, span: Span, new: str) -> str:
    """Return a text with a span of it replaced."""
    return f"{text[: span.start]}{new}{text[span.end :]}"


def add(question: str, words: str) -> str:
    """Return a question with words added at its end."""
    return f"{question.rstrip(' ?!.')} {words}?"

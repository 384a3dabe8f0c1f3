"""Questions that need two facts: answer the inner question, put its answer in, ask again; or join two facts by a name.

Three forms are understood. "How many came in the year that the harbour opened?": when the harbour opened is asked
first, and the year takes the clause's place. "What happened in March and who paid for it?": two questions, asked one
after the other. "Which keeper of the light also wrote a book about whales?": two descriptions of one thing, each found
on its own, that must name the same person, place or work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nkqa.text.terms import STOP_WORDS, terms, tokens
from nkqa.text.values import years
from nkqa.types import Hit

# A clause that says which year is meant; "the year 2010" and "the year before" say it otherwise.
_YEAR_CLAUSE = re.compile(
    r"\b(?:in|during|for) the (?:same )?year (?:that |when |in which |of )?"
    r"(?!(?:before|after|later|earlier|ending|beginning|following)\b|\d)(?P<clause>[^,?]+)"
    r"(?=,|\?|$)",
    re.IGNORECASE,
)
_ASKING = r"(?:what|who|when|where|how many|how much|how long|how|which|why|whose)"
_BEFORE_IT = r"(?:about |around |roughly |in |to |from |by |at |with |for )?"
_SECOND_QUESTION = re.compile(
    rf",?\s+and\s+(?={_BEFORE_IT}{_ASKING}\s+(?!(?:is|was|are|were|did|does) (?:it|he|she|they)\b))", re.IGNORECASE
)
_GOES_ON = re.compile(r"\band (?:what|who|when|where|how|which|why|whose)\b", re.IGNORECASE)
_OPENING = re.compile(r"^(?P<setting>[^:?]{3,80}):\s+(?=\w)")
_SAME_TIME = re.compile(r"\b(?:that|the same) (?:year|month|day|time)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+)?"
    r"(?:1[5-9]|20)\d\d\b",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(rf"^{_BEFORE_IT}{_ASKING}\b", re.IGNORECASE)
_COMPARISON = re.compile(r"^compare (?P<one>.+?) (?:with|to|and) (?P<other>.+)", re.IGNORECASE)
_BACK = re.compile(r"\b(?:there|in it|in that (?:city|country|place|town|year|month))(?=\s*\??$)", re.IGNORECASE)
_ALSO = re.compile(r"\s+also\s+", re.IGNORECASE)
_BOTH = re.compile(r"\bboth\s+(?P<one>.+?)\s+and\s+(?P<other>.+)", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:the|a|an) (?P<noun>(?:[\w'-]+ ){0,2}?[\w'-]+)"
    r"(?P<link> (?:that|which|who) (?=(?:was|were|is|are|had|has|did)\b|\w+ed\b))(?P<clause>[^,?]+)",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[^\W\d_a-z][\w'’-]+(?:\s(?:(?:of|the|de|von|van|al)\s){0,2}[^\W\d_a-z][\w'’.-]*)*")
# Each half of a joined question must say something of its own.
MIN_TERMS = 2
# How many passages of each half are tried for a name in common.
TRIED = 8


@dataclass(frozen=True, slots=True)
class YearHop:
    """A question with a clause for a year: what to ask first, and the question with `{year}` in the clause's place."""

    inner: str
    outer: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Two descriptions of one thing; `certain` is False where a single sentence may well give both."""

    one: str
    other: str
    certain: bool


def year_hop(question: str) -> YearHop | None:
    """Return the two steps of a question whose year is given by what happened in it; None for any other."""
    clause = _YEAR_CLAUSE.search(question)
    if not clause or len(terms(clause["clause"])) < MIN_TERMS:
        return None
    rest = f"{question[: clause.start()]}in {{year}}{question[clause.end() :]}".strip(" ,?")
    if not terms(rest.replace("{year}", "")):
        return None
    if rest.lower().startswith("in {year}"):
        rest = f"{rest[len('in {year}') :].strip(' ,')} in {{year}}"
    return YearHop(f"In which year was it that {clause['clause'].strip()}?", f"{rest}?")


def two_questions(question: str) -> tuple[str, str] | None:
    """Return the two questions that one sentence asks, or the two things it compares; None where it asks one."""
    if comparison := _COMPARISON.match(question):
        return comparison["one"], comparison["other"].rstrip(" ?.")
    setting = _OPENING.match(question)
    asked = question[setting.end() :] if setting else question
    cut = _SECOND_QUESTION.search(asked)
    if not cut or not _QUESTION_WORD.match(asked):
        return None
    one, other = asked[: cut.start()], asked[cut.end() :].rstrip(" ?")
    if len(terms(one)) < MIN_TERMS or len(terms(other)) < MIN_TERMS:
        return None
    time = _TIME.search(setting["setting"] if setting else one)
    if time:
        other = _SAME_TIME.sub(f"in {time[0]}", other).replace("in in ", "in ")
        if setting and not _TIME.search(one):
            one = f"{one} in {time[0]}"
    return f"{one}?", f"{other}?"


def go_on(question: str, found: str | None) -> str:
    """Return the second of two questions with what the first one found in the place of a "there" at its end."""
    return _BACK.sub(f"in {found}", question) if found else question


def asks_twice(question: str) -> bool:
    """Tell whether a question goes on with another question word: "..., and what is it called?"."""
    return _GOES_ON.search(question) is not None


def joined(question: str) -> Joined | None:
    """Return the two descriptions that a question gives of one thing; None where it gives one."""
    if both := _BOTH.search(question):
        head = question[: both.start()]
        one, other = f"{head}{both['one']}", f"{head}{both['other']}"
    elif also := _ALSO.search(question):
        one, other = question[: also.start()], question[also.end() :]
    elif clause := _RELATIVE.search(question):
        one, other = f"{question[: clause.start('link')]}?", f"{clause['noun']} {clause['clause']}"
        says_more = len(set(terms(other)) - set(terms(one))) >= MIN_TERMS
        return Joined(one, other, certain=False) if says_more and terms(one) else None
    else:
        return None
    own = (set(terms(one)) - set(terms(other)), set(terms(other)) - set(terms(one)))
    return Joined(one, other, certain=True) if min(map(len, own)) >= MIN_TERMS else None


def find_pair(
    question: str, one: tuple[Hit, ...], other: tuple[Hit, ...], excerpt_of: Callable[[Hit], str]
) -> tuple[Hit, Hit] | None:
    """Return the likeliest hits, one for each description, that name the same thing; None where no two do.

    The name must not be the question's own: two sentences about the subject of all have that in common.
    """
    asked = frozenset(terms(question))
    pairs = [
        (first.score * second.score, first, second)
        for first in one[:TRIED]
        for second in other[:TRIED]
        if first.passage.id != second.passage.id and names_in(excerpt_of(first)) & names_in(excerpt_of(second)) - asked
    ]
    best = max(pairs, key=lambda pair: pair[0], default=None)
    return (best[1], best[2]) if best else None


def names_in(text: str) -> frozenset[str]:
    """Return the stems of the words of names in a text; a word that only begins a sentence is none."""
    found: set[str] = set()
    for match in _NAME.finditer(text):
        begins = match.start() == 0 or text[: match.start()].rstrip().endswith((".", "!", "?", ":", "•"))
        words = [token.word for token in tokens(match[0])]
        if begins and len(words) == 1:
            continue
        found |= {term for word in words if word not in STOP_WORDS and len(word) > 2 for term in terms(word)}
    return frozenset(found)


def year_of_answer(text: str) -> int | None:
    """Return the only year that an answer names, or None."""
    named = years(text)
    return named[0] if len(set(named)) == 1 else None

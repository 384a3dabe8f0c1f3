"""A phrase of a follow-up in the place of the phrase of the same kind: "in 2010", "men", "to Peru", "the library"."""

from __future__ import annotations

import re

from nkqa.ask import question_parts as parts
from nkqa.ask.question_parts import PLACE_PREPOSITIONS, PREPOSITIONS, add, is_fragment, put
from nkqa.text.labels import TOTAL, synonyms
from nkqa.text.phrases import is_plural
from nkqa.text.places import find_countries
from nkqa.text.terms import stem, terms, tokens
from nkqa.types import Span

PREPOSITIONAL = re.compile(rf"(?P<word>{'|'.join(sorted(PREPOSITIONS))}) (?P<object>.+)", re.IGNORECASE)
_ARTICLE = re.compile(r"\A(?:just |only |all )?(?:the|an?|any|all|those|these) ", re.IGNORECASE)
COMPARED = re.compile(r"(?:as )?(?:compared (?:to|with)|in comparison (?:to|with)|versus|vs\.?) .+", re.IGNORECASE)
_QUALIFIER = re.compile(r"\s(?:in general|generally|overall|as a whole|in total)\Z", re.IGNORECASE)
_AT = frozenset("in at on near inside within".split())


def replace_phrases(said: str, previous: str) -> str | None:
    """Return the question with the times and the one phrase of a fragment in the place of its own."""
    if not is_fragment(said) or re.match(r"not\b", said, re.IGNORECASE):
        return None
    if COMPARED.fullmatch(said):
        return add(previous, said)
    full: str | None = previous
    if named := parts.times(said):
        full = _with_time(said, named, previous)
    rest = parts.without_times(said)
    if not full or not rest:
        return full if named else None
    other = _with_prepositional if PREPOSITIONAL.fullmatch(rest) else _with_noun
    return _with_group(rest, full) or other(rest, full)


def _with_time(said: str, named: tuple[Span, ...], previous: str) -> str | None:
    old = parts.times(previous)
    if len(named) != 1 or len(old) > 1:
        return None
    new = named[0].of(said)
    first = new.split(" ")[0].lower()
    if not old:
        return add(previous, new if first in PREPOSITIONS else f"in {new}")
    before = re.match(rf"(?:{'|'.join(sorted(PREPOSITIONS))})(?: the(?: year)?)? ", old[0].of(previous), re.IGNORECASE)
    bare = first not in PREPOSITIONS
    # "for 2010" and "of 2010" after "in 2009" mean "in 2010"; "before 2010" does not.
    kept = before[0] if before and (bare or first in ("for", "of")) else "in " if bare and before else ""
    return put(previous, old[0], kept + (new if bare or not kept else new.split(" ", 1)[1]))


def is_group(term: str) -> bool:
    """Tell whether a stem names a group that a table may be split by: women, men, all."""
    return len(synonyms(term)) > 1


def _with_group(said: str, previous: str) -> str | None:
    """Return the question for another group (women, men, all of them) where that is all that is said."""
    content = [token for token in tokens(said) if terms(token.word) and token.word not in PREPOSITIONS]
    groups = [token for token in tokens(said) if is_group(stem(token.word))]
    if len(groups) != 1 or any(token not in groups for token in content):
        return None
    new, wanted = groups[0].span.of(said), stem(groups[0].word)
    old = [t.span for t in tokens(previous) if is_group(stem(t.word)) and stem(t.word) not in TOTAL]
    if wanted in TOTAL:
        return _in_total(old, previous)
    if len(old) == 1:
        return put(previous, old[0], new)
    phrase = parts.counted(previous)
    return put(previous, phrase, new) if not old and phrase else None


def _in_total(old: list[Span], previous: str) -> str | None:
    """Return the question about all groups where it is about one, else about all times where it is about one."""
    whole = parts.IN_PERCENT.sub("", previous)
    if len(old) == 1 and is_plural(old[0].of(previous)):
        return put(whole, old[0], "people in total")
    return add(parts.without_times(whole), "in total") if parts.times(whole) and not old else None


def _with_prepositional(said: str, previous: str) -> str | None:
    """Return the question with "in Peru" in the place of "in Norway", or added where nothing stands in its place."""
    found = PREPOSITIONAL.fullmatch(said)
    if not found:
        return None
    word, thing = found["word"].lower(), found["object"]
    named = parts.names(f"_ {thing}")
    for place in reversed(parts.names(previous)):
        held = parts.preposition(previous, place)
        if held == word or (held in _AT and word in _AT):
            return put(previous, parts.with_article(previous, place), thing)
    for phrase in reversed(parts.articled(previous)):
        before = previous[: phrase.start].split()
        if before and before[-1].lower() == word:
            return put(previous, phrase, thing)
    end = re.search(rf"\b{word} (?P<object>(?:the )?[\w'’-]+(?: [\w'’-]+)?)\W*\Z", previous, re.IGNORECASE)
    if end and not parts.times(end[0]) and not any(w in PREPOSITIONS for w in end["object"].lower().split()):
        return put(previous, Span(*end.span("object")), thing)
    countries = find_countries(previous)
    if word in PLACE_PREPOSITIONS and (named or word in _AT) and not (word in _AT and countries):
        return add(previous, said)
    return None


def _with_noun(said: str, previous: str) -> str | None:
    """Return the question about another thing: its topic, its country, its name, or what it counts."""
    if topic := parts.topic(previous):
        return _with_topic(said, topic, previous)
    bare = _ARTICLE.sub("", said)
    plain = _QUALIFIER.sub("", bare)
    if find_countries(plain):
        return _with_country(said, plain, previous)
    phrase = parts.counted(previous)
    if phrase and is_plural(plain.split()[-1]) and " of " not in plain:
        return put(previous, phrase, bare)
    if parts.names(f"_ {plain}") and not is_plural(plain.split()[-1]):
        old = parts.persons(previous)
        return put(previous, old[0], plain) if len(old) == 1 else None
    objects = [phrase for phrase in parts.articled(previous) if not parts.preposition(previous, phrase)]
    return put(previous, objects[0], said) if len(objects) == 1 and bare != said else None


def _describes(text: str, country: Span) -> bool:
    """Tell whether the name of a country, or of its people, describes the noun behind it: "Danish sailors"."""
    behind = re.match(r" (\w+)", text[country.end :])
    return behind is not None and is_plural(behind[1]) and behind[1].lower() not in parts.CLOSED


def _with_topic(said: str, topic: Span, previous: str) -> str | None:
    """Return "What is Y?" for "Y" after "What is X?", "What is the area of Y?" for "Y" after that of X."""
    old = topic.of(previous)
    if " of " not in old or " of " in said:
        return None if all(is_group(term) for term in terms(said)) else put(previous, topic, said)
    owners = [name for name in parts.names(previous) if parts.preposition(previous, name) == "of"]
    return put(previous, owners[-1], said) if owners and parts.names(f"_ {said}") else None


def _with_country(said: str, plain: str, previous: str) -> str | None:
    """Return the question about another country, or about its people where it was about those of one."""
    old = find_countries(previous)
    if not old:
        return None
    phrase = parts.counted(previous)
    people = is_plural(plain.split()[-1]) and find_countries(plain)[-1].of(plain).casefold() != plain.casefold()
    people = people or plain.casefold().endswith(("ans", "ese", "ish"))
    if people and phrase and any(phrase.contains(span) for span in old):
        return put(previous, phrase, _ARTICLE.sub("", said))
    others = [span for span in old if not _describes(previous, span)]
    if not others:
        return None
    chosen = others[-1]
    return put(previous, parts.with_article(previous, chosen), said)

"""What a short follow-up leaves out, taken from the question before it: "and men?", "in 2010?", "why?", "in percent?".

Each rule puts a part of the follow-up in the place of the part of the earlier question that is of the same kind: time,
group, place, name, what is counted, question word. Where no part is surely of the same kind, nothing is completed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nkqa.ask import question_parts as parts
from nkqa.ask.question_parts import AUXILIARY, PLACE_PREPOSITIONS, PREPOSITIONS, add, put
from nkqa.text.labels import TOTAL, synonyms
from nkqa.text.numbers import read_numbers
from nkqa.text.phrases import is_plural
from nkqa.text.places import find_countries
from nkqa.text.terms import stem, terms, tokens
from nkqa.text.values import years
from nkqa.types import Span

MAX_FRAGMENT_TERMS = 5
_SHARES = r"(?:per ?cent(?:ages?)?|shares?|proportions?|relative terms)"
_SHARE = re.compile(
    rf"(?:(?:expressed |given )?(?:in|as) (?:an? |the )?{_SHARES}|"
    rf"(?:(?:what|which) {_SHARES}|how many per ?cent)(?: (?:is|was|are|were) (?:that|this|it|they|those))?)\W*\Z",
    re.IGNORECASE,
)
_IN_PERCENT = re.compile(rf" in {_SHARES}(?=\W*\Z)", re.IGNORECASE)
_ASKS_SHARE = re.compile(rf"\b(?:what|which) {_SHARES} of(?: the)?\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:(?:in|as) (?:an? )?(?:absolute )?(?:numbers?|figures?|terms)|"
    r"how many(?: \w+)? (?:is|was|are|were) (?:that|this|it|they|those))\W*\Z",
    re.IGNORECASE,
)
_AMOUNT = r"(?:(?P<amount>an?|one|two|three|four|five|six|seven|eight|nine|ten|twenty|\d{1,2}) )?"
STEP = re.compile(
    rf"\b(?:in |for )?(?:the |that )?(?:{_AMOUNT}years? (?P<side>before|after|earlier|later)|"
    r"(?P<near>previous|preceding|prior|following|next|last) year)\b(?: that| this| it)?"
    r"(?! (?:\d|(?:the|an?|they|it|he|she|we)\b))",
    re.IGNORECASE,
)
_LATER = ("after", "later", "following", "next")
# A question word that stands alone, and one that asks about a whole statement.
ALONE = re.compile(
    r"(?P<head>why not|why|when|where|since when|how long|how|who|whom|(?:in |since )?(?:what|which) year|"
    r"how (?:many|much)|which(?: ones?)?|(?:by|for|from|with|to|about|at|of|in) "
    r"(?:who|whom|what|which|how (?:much|many|long)))"
    r"(?: exactly| precisely| of them)?\W*\Z",
    re.IGNORECASE,
)
_ADVERB = r"why|when|where|since when|until when|how long|how|(?:in |since )?(?:what|which) year"
_MOVABLE = re.compile(rf"(?:{_ADVERB})\Z", re.IGNORECASE)
_STATEMENT = re.compile(rf"(?:(?:{_ADVERB})\s)?(?P<rest>{AUXILIARY}\s.+)", re.IGNORECASE)
_COUNT = re.compile(r"(?:how many|(?:what|which) (?:percentage|share|proportion) of)(?: the)? ", re.IGNORECASE)
_DOER = re.compile(
    r"who (?P<verb>\w+ed|built|made|found|held|won|lost|led|shot|sent|bought|paid|caught) "
    rf"(?P<object>(?!{AUXILIARY}\b).+)",
    re.IGNORECASE,
)
_DO = re.compile(r"\s(?P<aux>do|does|did)\s(?P<rest>.+)", re.IGNORECASE)
_BE = re.compile(rf"\s(?P<aux>{AUXILIARY})\s(?P<rest>.+)", re.IGNORECASE)
_CLAUSE_WORD = re.compile(rf"\b(?:{AUXILIARY}|who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_CHOICE = re.compile(r"(?P<head>how many|which|what (?:percentage|share|proportion|number) of) (?P<phrase>.+)", re.I)
_PREPOSITION = re.compile(rf"(?P<word>{'|'.join(sorted(PREPOSITIONS))}) (?P<object>.+)", re.IGNORECASE)
_ARTICLE = re.compile(r"\A(?:just |only |all )?(?:the|an?|any|all|those|these) ", re.IGNORECASE)
_EXTREME = re.compile(
    r"\b(?:most|fewest|least|highest|lowest|largest|smallest|biggest|greatest|best|worst|first|last|oldest|newest|"
    r"earliest|latest|longest|shortest|youngest)\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"(?:as )?(?:compared (?:to|with)|in comparison (?:to|with)|versus|vs\.?) .+", re.IGNORECASE)
_TAIL = re.compile(r"(?:\s(?:too|as well|then|instead|alone|only|please|though))+\Z", re.IGNORECASE)
_QUALIFIER = re.compile(r"\s(?:in general|generally|overall|as a whole|in total)\Z", re.IGNORECASE)
_AT = frozenset("in at on near inside within".split())


def complete(fragment: str, previous: str) -> str | None:
    """Return the question that a fragment stands for after another question, None where no rule is sure.

    >>> complete("men", "How many women came in 2009?")
    'How many men came in 2009?'
    """
    said = _TAIL.sub("", fragment.strip(" ?!.,;"))
    rules: tuple[Callable[[str, str], str | None], ...] = (
        _measure,
        _year_beside,
        _question_word,
        _choice,
        _extreme,
        _phrases,
    )
    return next((full for rule in rules if (full := rule(said, previous))), None)


def is_fragment(text: str) -> bool:
    """Tell whether a text is no clause: no question word and no auxiliary verb in it, and few words of its own."""
    return not _CLAUSE_WORD.search(text) and len(terms(text)) <= MAX_FRAGMENT_TERMS


def is_bare(text: str) -> bool:
    """Tell whether a fragment has no subject of its own: it begins with a preposition, or only says when or of whom.

    A question word that stands alone is bare, too.
    """
    said = text.strip(" ?!.,;")
    if ALONE.match(said) or _SHARE.match(said) or _NUMBER.match(said) or STEP.fullmatch(said):
        return True
    if not is_fragment(said):
        return False
    rest = parts.without_times(said)
    says_something = bool(terms(rest)) or rest != said
    if says_something and all(_is_group(term) for term in terms(rest)):
        return True
    return bool(_PREPOSITION.match(said) or _COMPARED.fullmatch(said))


# ------------------------------------------------------------------------------------------------- measure, year, why


def _measure(said: str, previous: str) -> str | None:
    """Return the question for a share where it was for a number, and the other way round."""
    share = _ASKS_SHARE.search(previous)
    if _SHARE.match(said):
        return previous if share or _IN_PERCENT.search(previous) else add(previous, "in percent")
    if _NUMBER.match(said) and _IN_PERCENT.search(previous):
        return _IN_PERCENT.sub("", previous)
    if _NUMBER.match(said) and share:
        return put(previous, Span(*share.span()), "how many" if share.start() else "How many")
    return None


def _year_beside(said: str, previous: str) -> str | None:
    """Return the question for the year before or after the one that it names."""
    step = STEP.fullmatch(said)
    named = parts.times(previous)
    if step is None or not named:
        return None
    year = beside(step, previous)
    return put(previous, named[-1], f"in {year}") if year else None


def beside(step: re.Match[str], text: str) -> int | None:
    """Return the year that a step ("the year before", "two years later") leads to from the last year of a text."""
    known = years(text)
    if not known:
        return None
    amount = step["amount"] or "one"
    count = 1 if amount.lower() in ("a", "an", "one") else int((read_numbers(amount) or [1])[0])
    return known[-1] + count if (step["side"] or step["near"]).lower() in _LATER else known[0] - count


def _question_word(said: str, previous: str) -> str | None:
    """Return the statement of a question under another question word: "when was it shut?" + "why?" → "why was ...?"."""
    alone = ALONE.match(said)
    if alone is None or not _MOVABLE.match(alone["head"]):
        return None
    head, previous = alone["head"], _IN_PERCENT.sub("", previous)
    asked = _COUNT.match(previous)
    shown = head.capitalize() if previous[:1].isupper() else head.lower()
    if statement := _STATEMENT.fullmatch(previous):
        rest = statement["rest"]
        return f"{shown} {rest[0].lower()}{rest[1:]}"
    if doer := _DOER.fullmatch(previous.strip(" ?!.")):
        was = "were" if is_plural(doer["object"].split()[-1]) else "was"
        return f"{shown} {was} {doer['object']} {doer['verb']}?"
    phrase = parts.counted(previous)
    if not asked or not phrase or phrase.start != asked.end():
        return None
    what, behind = phrase.of(previous), previous[phrase.end :]
    if done := _DO.match(behind):
        # What is counted is the object: it goes before the first time or preposition.
        place = re.search(rf"\s(?:{'|'.join(sorted(PREPOSITIONS))})\s|\W*\Z", done["rest"], re.IGNORECASE)
        at = place.start() if place else len(done["rest"])
        return f"{shown} {done['aux']} {done['rest'][:at]} {what}{done['rest'][at:]}"
    be = _BE.match(behind)
    if be and be["aux"].lower() not in ("has", "have", "had"):
        return f"{shown} {be['aux']} {what} {be['rest']}"
    return f"{shown} {what}{behind}"


def _choice(said: str, previous: str) -> str | None:
    """Return the question with another thing counted: "how many men", without a verb, after "how many women came?"."""
    choice = _CHOICE.fullmatch(said)
    old = parts.counted(previous)
    if choice is None or old is None or not is_fragment(choice["phrase"]):
        return None
    phrase = parts.counted(said)
    if phrase is None or (said[phrase.end :].strip() and not _phrases(said[phrase.end :].strip(), previous)):
        return None
    full = put(previous, old, phrase.of(said))
    rest = said[phrase.end :].strip()
    return _phrases(rest, full) if rest else full


def _extreme(said: str, previous: str) -> str | None:
    """Return the question for the other end: "which year had the most?" + "and the fewest?"."""
    old = list(_EXTREME.finditer(previous))
    new = re.fullmatch(rf"(?:the )?(?P<word>{_EXTREME.pattern})", said, re.IGNORECASE)
    return put(previous, Span(*old[0].span()), new["word"]) if new and len(old) == 1 else None


# ----------------------------------------------------------------------------------------- times, groups, places, names


def _phrases(said: str, previous: str) -> str | None:
    """Return the question with the times and the one phrase of a fragment in the place of its own."""
    if not is_fragment(said) or re.match(r"not\b", said, re.IGNORECASE):
        return None
    if _COMPARED.fullmatch(said):
        return add(previous, said)
    full: str | None = previous
    if named := parts.times(said):
        full = _with_time(said, named, previous)
    rest = parts.without_times(said)
    if not full or not rest:
        return full if named else None
    return _with_group(rest, full) or _with_prepositional(rest, full) or _with_noun(rest, full)


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


def _is_group(term: str) -> bool:
    return len(synonyms(term)) > 1


def _with_group(said: str, previous: str) -> str | None:
    """Return the question for another group (women, men, all of them) where that is all that is said."""
    content = [token for token in tokens(said) if stem(token.word) in terms(token.word)]
    groups = [token for token in tokens(said) if _is_group(stem(token.word))]
    if len(groups) != 1 or any(token not in groups for token in content):
        return None
    new, wanted = groups[0].span.of(said), stem(groups[0].word)
    old = [t.span for t in tokens(previous) if _is_group(stem(t.word)) and stem(t.word) not in TOTAL]
    if wanted in TOTAL:
        return _in_total(old, previous)
    if len(old) == 1:
        return put(previous, old[0], new)
    phrase = parts.counted(previous)
    return put(previous, phrase, new) if not old and phrase else None


def _in_total(old: list[Span], previous: str) -> str | None:
    """Return the question about all groups where it is about one, else about all times where it is about one."""
    whole = _IN_PERCENT.sub("", previous)
    if len(old) == 1 and is_plural(old[0].of(previous)):
        return put(whole, old[0], "people in total")
    return add(parts.without_times(whole), "in total") if parts.times(whole) and not old else None


def _with_prepositional(said: str, previous: str) -> str | None:
    """Return the question with "in Peru" in the place of "in Norway", or added where nothing stands in its place."""
    found = _PREPOSITION.fullmatch(said)
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
        return None if all(_is_group(term) for term in terms(said)) else put(previous, topic, said)
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

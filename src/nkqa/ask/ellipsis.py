"""What a short follow-up leaves out, taken from the question before it: "and men?", "in 2010?", "why?", "in percent?".

Each rule puts a part of the follow-up in the place of the part of the earlier question that is of the same kind: time,
group, place, name, what is counted, question word. Where no part is surely of the same kind, nothing is completed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nkqa.ask import question_parts as parts
from nkqa.ask.question_parts import AUXILIARY, IN_PERCENT, PREPOSITIONS, SHARES, add, is_fragment, put
from nkqa.ask.replacements import COMPARED, PREPOSITIONAL, is_group, replace_phrases
from nkqa.text.numbers import read_numbers
from nkqa.text.phrases import is_plural
from nkqa.text.terms import terms
from nkqa.text.values import years
from nkqa.types import Span

_SHARE = re.compile(
    rf"(?:(?:expressed |given )?(?:in|as) (?:an? |the )?{SHARES}|"
    rf"(?:(?:what|which) {SHARES}|how many per ?cent)(?: (?:is|was|are|were) (?:that|this|it|they|those))?)\W*\Z",
    re.IGNORECASE,
)
_ASKS_SHARE = re.compile(rf"\b(?:what|which) {SHARES} of(?: the)?\b", re.IGNORECASE)
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
    r"(?P<head>why not|what for|why|when|where|since when|how long|how|who|whom|(?:in |since )?(?:what|which) year|"
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
_CHOICE = re.compile(r"(?P<head>how many|which|what (?:percentage|share|proportion|number) of) (?P<phrase>.+)", re.I)
_EXTREME = re.compile(
    r"\b(?:most|fewest|least|highest|lowest|largest|smallest|biggest|greatest|best|worst|first|last|oldest|newest|"
    r"earliest|latest|longest|shortest|youngest)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:\s(?:too|as well|then|instead|alone|only|please|though))+\Z", re.IGNORECASE)


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
        replace_phrases,
    )
    return next((full for rule in rules if (full := rule(said, previous))), None)


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
    if says_something and all(is_group(term) for term in terms(rest)):
        return True
    return bool(PREPOSITIONAL.match(said) or COMPARED.fullmatch(said))


# ------------------------------------------------------------------------------------------------- measure, year, why


def _measure(said: str, previous: str) -> str | None:
    """Return the question for a share where it was for a number, and the other way round."""
    share = _ASKS_SHARE.search(previous)
    if _SHARE.match(said):
        return previous if share or IN_PERCENT.search(previous) else add(previous, "in percent")
    if _NUMBER.match(said) and IN_PERCENT.search(previous):
        return IN_PERCENT.sub("", previous)
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
    head, previous = alone["head"], IN_PERCENT.sub("", previous)
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
    if phrase is None or (said[phrase.end :].strip() and not replace_phrases(said[phrase.end :].strip(), previous)):
        return None
    full = put(previous, old, phrase.of(said))
    rest = said[phrase.end :].strip()
    return replace_phrases(rest, full) if rest else full


def _extreme(said: str, previous: str) -> str | None:
    """Return the question for the other end: "which year had the most?" + "and the fewest?"."""
    old = list(_EXTREME.finditer(previous))
    new = re.fullmatch(rf"(?:the )?(?P<word>{_EXTREME.pattern})", said, re.IGNORECASE)
    return put(previous, Span(*old[0].span()), new["word"]) if new and len(old) == 1 else None

"""What a question asks the number of, and whether a figure measures that: the rule for "the same thing".

Two texts count the same when the nouns they count mean the same, the place is the same, and what makes the number that
number (the predicate) is said in the same words or in general synonyms of them. Synonyms are general English and the
names of countries; nothing of any corpus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nkqa.text.labels import synonyms
from nkqa.text.periods import find_periods
from nkqa.text.phrases import noun_phrase
from nkqa.text.places import name_countries
from nkqa.text.terms import stem, terms
from nkqa.types import Fact, Period, Span

# A figure must say at least this share of the predicate.
MIN_COVERED = 0.5
# Letters by which words of one family differ at their end.
MAX_ENDING = 3

# People who are named by what they did or are; which of the words a text uses makes no difference to a count.
_PEOPLE = (
    "people person persons individual individuals folk folks defector refugee migrant emigrant immigrant escapee exile "
    "settler newcomer fugitive"
)
_SAME = tuple(
    frozenset(stem(word) for word in group.split())
    for group in (
        _PEOPLE,
        "return returned returning returns returnee",
        "admit admitted accept accepted welcome welcomed",
        "want wanted wish wished willing consider considered considering intend hope hoping plan planning",
        "arrive arrived arrival reach reached enter entered entry",
        "wreck shipwreck",
    )
)
_PHRASES = (
    (
        re.compile(
            r"\b(?:go|goes|going|gone|went|come|comes|came|coming|moved?|moving|heading) (?:back|home)(?: home)?\b"
        ),
        "return",
    ),
    (re.compile(r"\bback home\b|\bre-?enter(?:ed|ing|s)?\b"), "return"),
    (re.compile(r"\b(?:take|takes|taken|took|taking|let|lets|letting) in\b"), "admit"),
    (re.compile(r"\basylum seekers?\b"), "refugee"),
)
_DEMONYM = re.compile(r"\b([A-Z]\w+(?:ian|ean|can))s\b")
# Verbs of being somewhere: "how many are there", "live", "are hiding". They ask for a stock, not for an event.
_BEING = """be is are was were been being exist live lives living lived reside resides residing resided stay stays
    staying stayed remain remains remaining remained hide hiding hidden lie lies lying stand stands settle settled based
    located present have has having register registered record recorded list listed count counted know known
    estimate estimated there"""
_STATES = frozenset(stem(word) for word in _BEING.split())
_AUXILIARIES = frozenset("be is are was were been being have has had there who which that also still to".split())
_COUNTED_AS = frozenset("registered recorded listed counted known estimated".split())
_EVENTS = frozenset(
    """became become went fled left came got sent caught found killed took brought drove rose fell grew gave made met
    lost won broke shot ran swam crossed""".split()
)
# Words of a question about numbers that say nothing about what is counted.
_EMPTY = frozenset(
    stem(word)
    for word in """many much number numbers amount total totals share portion proportion percentage percent percents
    rate fraction figure figures estimate estimates estimated count counts currently now today latest recent
    recently newest present nowadays roughly about approximately around exactly actual actually known know
    think overall according say says text article survey poll study please tell think thought year ever far""".split()
)
_PLACE_KINDS = frozenset(
    stem(word) for word in "province prefecture county city town village district region state island river".split()
)
_COUNTED = re.compile(
    r"(?:\b(?:how many|(?:number|count|share|percentage|proportion|portion|fraction|percent|per cent|rate) of)|% of)\s"
    r"(?:(?:of|all|the|these|those|its|their|any|other)\s|(?:1[5-9]|20)\d\d\s)*",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    r"(?:who |that )?(?:living|residing|staying|hiding|remaining|settled|based)\b.*?"
    r"\b(?:are|is|was|were|have|has|had)\b(?P<main>.*)"
)
# The size of a sample says nothing about how many there are.
_SAMPLE = re.compile(
    r"(?:%|per ?cent|\d) of …|\b(?:survey|poll|study|sample|research|interviews?|census)s? (?:of|with|among) …",
    re.IGNORECASE,
)
_ASKS_SAMPLE = re.compile(
    r"\b(?:poll|survey|interview|sampl|question|took part|take part|participat|respond|asked)", re.I
)
_SHARE_OF = re.compile(r"\b(?:percentages?|shares?|proportions?|portions?|rates?) of (?:the )?", re.IGNORECASE)
_SAMPLED = frozenset(stem(word) for word in "surveyed polled interviewed questioned registered recorded".split())


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks the number of.

    `head` is the noun that is counted ("" where the question names none), `counted` all words of its phrase;
    `predicate` are the words that say what is true of the counted, () where they only have to exist; `place` are the
    words of the place named, () where none is. `words` are all its words; `of_sample` is true where it asks how many
    were asked or took part.
    """

    head: str
    counted: frozenset[str]
    predicate: frozenset[str]
    place: frozenset[str]
    period: Period | None
    words: frozenset[str]
    of_sample: bool


@lru_cache(maxsize=4096)
def meanings(text: str) -> tuple[str, ...]:
    """Return the stems of a text, each as the first of those that mean the same; countries under their name."""
    plain = name_countries(_DEMONYM.sub(r"\1 people", text)).replace("’", "'")
    lowered = plain.lower()
    for pattern, word in _PHRASES:
        lowered = pattern.sub(word, lowered)
    return tuple(_meaning(term) for term in terms(lowered))


@lru_cache(maxsize=4096)
def _meaning(term: str) -> str:
    for group in _SAME:
        if term in group:
            return min(group)
    return min(synonyms(term))


_WISH = _meaning(stem("want"))


def read_asked(question: str, places: frozenset[frozenset[str]]) -> Asked:
    """Read what a question asks the number of; `places` are the words of each place that figures of the corpus name."""
    # Countries by their name first: a capital in "the US" must not be lost with the case of the rest.
    match = _COUNTED.search(question)
    phrase = noun_phrase(question, match.end(), len(question)) if match else None
    counted = meanings(phrase.of(question)) if phrase else ()
    around = f"{question[: phrase.start]} , {question[phrase.end :]}" if phrase else question
    rest = [term for term in meanings(around) if not re.fullmatch(r"\d{4}", term)]
    place = _place_in(tuple(rest), places)
    periods = [period for _, period in find_periods(question, Span(0, len(question)))]
    time = frozenset(term for period in periods for term in meanings(period.text))
    predicate = (
        frozenset(rest) - frozenset(counted) - place - _EMPTY - _STATES - time - {_meaning(state) for state in _STATES}
    )
    return Asked(
        head=counted[-1] if counted else "",
        counted=frozenset(counted),
        predicate=predicate,
        place=place,
        period=periods[0] if periods else None,
        words=frozenset((*counted, *rest)),
        of_sample=_ASKS_SAMPLE.search(question) is not None,
    )


def coverage(asked: Asked, fact: Fact, known: frozenset[str]) -> float:
    """Return how much of what is asked a figure says, in [0, 1]; 0 where it counts, or is of, something else.

    `known` are words that go without saying for its noun. Where nothing is asked but how many there are, 1 for a stock.
    """
    is_same = (
        _same_counted(asked, fact, known)
        and (asked.of_sample or not _SAMPLE.search(fact.attribute))
        and _same_place(asked, fact)
        and _same_time(asked, fact)
    )
    return _covered(asked, fact) if is_same else 0.0


def is_destination(fact: Fact) -> bool:
    """Tell whether the place of a figure is where its people go or come from, not where they are."""
    place = re.escape(fact.where or "")
    return bool(place) and re.search(rf"\b(?:to|into|towards?|from)\s(?:the\s)?{place}", fact.attribute) is not None


def place_of(fact: Fact) -> frozenset[str]:
    """Return the words of the place of a figure, its country under its name."""
    return frozenset(meanings(fact.where)) if fact.where else frozenset()


def said_of(fact: Fact) -> frozenset[str]:
    """Return the words of what is said of the counted, without who says it; of a count, what is counted among them.

    Of a share, the words of what it is a share of say nothing: "70% of young defectors were" is not about being young.
    """
    said = meanings(_without_claimant(fact))
    if fact.unit != "%":
        return frozenset((*meanings(fact.subject), *said))
    if names_share(fact):
        return frozenset(said)
    return frozenset(said) - frozenset(meanings(fact.subject))


def names_share(fact: Fact) -> bool:
    """Tell whether a figure is "the percentage of X" of a whole that is not named, and not a percentage of X."""
    match = _SHARE_OF.search(fact.attribute)
    if fact.unit != "%" or not match or not fact.attribute.startswith(fact.subject, match.end()):
        return False
    return not re.match(r"\s(?:with|who|that|whose|having|in)\b", fact.attribute[match.end() + len(fact.subject) :])


def _without_claimant(fact: Fact) -> str:
    return fact.attribute.replace(fact.claimant, "") if fact.claimant else fact.attribute


def _place_in(rest: tuple[str, ...], places: frozenset[frozenset[str]]) -> frozenset[str]:
    """Return the largest place of which the question holds every word but its kind ("... Province")."""
    named = [place for place in places if place - _PLACE_KINDS and place - _PLACE_KINDS <= frozenset(rest)]
    return max(named, key=lambda place: (len(place), sorted(place)), default=frozenset())


def _same_counted(asked: Asked, fact: Fact, known: frozenset[str]) -> bool:
    """Tell whether the nouns mean the same and neither is narrowed by a word that the other has not."""
    subject = meanings(fact.subject)
    if not asked.head or not subject:
        return bool(set(subject) & asked.words)
    head = subject[-1]
    same_head = _alike(asked.head, head) or (asked.head in subject and head in asked.predicate)
    narrowing = asked.counted if fact.unit == "%" and not names_share(fact) else asked.words
    extra = frozenset(subject) - narrowing - known - {head} - _SAMPLED
    missing = asked.counted - frozenset(subject) - known - said_of(fact) - place_of(fact) - {asked.head}
    return same_head and not extra and not missing


def _alike(one: str, other: str) -> bool:
    """Tell whether two stems are of one word family: the shorter begins the longer, as "defect" does "defector"."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) > 4 and long.startswith(short) and len(long) - len(short) <= MAX_ENDING)


def _same_place(asked: Asked, fact: Fact) -> bool:
    if not asked.place:
        return True
    if asked.place <= place_of(fact) or asked.place <= said_of(fact) - frozenset(meanings(fact.subject)):
        return fact.where is None or asked.place <= place_of(fact) or not _is_name(fact)
    return fact.where is None and any(asked.place <= frozenset(meanings(heading)) for heading in fact.path)


def _is_name(fact: Fact) -> bool:
    return (fact.where or "")[:1].isupper()


def _covered(asked: Asked, fact: Fact) -> float:
    """Return the share of the predicate that a figure says; 0 below a half."""
    if not asked.predicate:
        return 1.0 if _is_stock(fact) else 0.0
    said = said_of(fact) | place_of(fact)
    if _WISH in asked.predicate and _WISH not in said:
        return 0.0  # wanting to is not doing
    shared = {term for term in asked.predicate if any(_alike(term, other) for other in said)}
    share = len(shared) / len(asked.predicate)
    return share if share >= MIN_COVERED else 0.0


def _is_stock(fact: Fact) -> bool:
    """Tell whether a figure says how many there are, not how many did something or had something done to them."""
    if fact.unit == "%":
        return False
    attribute = _without_claimant(fact)
    if modified := _PARTICIPLE.match(attribute):
        attribute = modified["main"]
    words = re.findall(r"(?<![\w'’-])[a-z]+(?![\w'’-])", attribute)
    for place, word in enumerate(words):
        if word in _AUXILIARIES or (word in _COUNTED_AS and words[place + 1 : place + 2] in (["as"], ["to"])):
            continue
        if stem(word) in _STATES:
            return True
        if word in _EVENTS or word.endswith(("ed", "ing")):
            return False
    return True


def _same_time(asked: Asked, fact: Fact) -> bool:
    """Tell whether a figure is of the time asked about, or of a part of it; "by 2011" asks for figures of 2011."""
    wanted = asked.period
    if wanted is None:
        return True
    if fact.period is None:
        return False
    if wanted.precision in ("day", "month", "half"):
        return (wanted.start, wanted.end) == (fact.period.start, fact.period.end)
    start, end = wanted.start, wanted.end
    if start is None and end and not wanted.text.lower().startswith(("before", "prior")):
        start = f"{end[:4]}-01-01"
    first = fact.period.start or fact.period.end or ""
    last = fact.period.end or fact.period.start or ""
    return (start or "") <= first and last <= (end or "9999")

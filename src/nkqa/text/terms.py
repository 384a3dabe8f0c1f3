"""Words, their offsets and their stems: the same analysis for corpus and questions."""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from nkqa.text.irregular import BASE_FORMS
from nkqa.types import Span

# Numbers keep their separators ("1,418", "85.2"); words keep inner apostrophes ("t'albukcha") and accents of their own.
_LETTERS = r"(?:[^\W\d_][\u0300-\u036f]*)+"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|{_LETTERS}(?:['’ʼ]{_LETTERS})*")

STOP_WORDS = frozenset(
    """a about above again all also am an and any are as at be because been being below between both but by
    can could did do does doing done down during each either else ever every few for from further get gets getting give
    given gives go goes got had has have having he her here hers herself him himself his how i if in into is it its
    itself just let like made make makes many may me might mine more most much must my myself name no nor not now of off
    on once one only or other ought our ours out over own per please put quite rather really s said same say says shall
    she should so some still such t tell than that the their theirs them themselves then there these they this those
    through to too under until up upon us very via was we were what when where whether which while who whom whose why
    will with within without would yet you your yours yourself ok also many much
    don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't it's that's there's what's
    who's how's i'm they're you're we're wont dont didnt whats""".split()
)

# Spelling variants that British and American English do not share; applied to both sides, so only agreement matters.
_VARIANTS = (
    (re.compile(r"is(e|ed|es|ing|ation|ations|er|ers)$"), r"iz\1"),
    (re.compile(r"(?<=\w{2})our(?=$|s$|ed$|ing$|er$|ers$|ers$|able$|ite$|al$|hood$)"), "or"),
    (re.compile(r"tre(s?)$"), r"ter\1"),
    (re.compile(r"ence$"), "ense"),
    (re.compile(r"ogue(s?)$"), r"og\1"),
    (re.compile(r"gramme(s?)$"), r"gram\1"),
    (re.compile(r"ll(ed|ing|er|ers)$"), r"l\1"),
)

_local = threading.local()  # a Snowball stemmer must not be shared between threads


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number with its place; `word` is casefolded, without accents and possessive ending."""

    word: str
    span: Span


def tokens(text: str, span: Span | None = None) -> tuple[Token, ...]:
    """Return the words and numbers of `text` (of `span` of it), in order, with offsets into `text`."""
    start, end = (span.start, span.end) if span else (0, len(text))
    return tuple(
        Token(normalize(match[0]), Span(match.start(), match.end())) for match in _TOKEN.finditer(text, start, end)
    )


@lru_cache(maxsize=65_536)
def normalize(word: str) -> str:
    """Casefold a word, drop accents, thousands separators and a possessive 's."""
    if word[0].isdigit():
        return re.sub(r",(?=\d{3})", "", word)
    decomposed = unicodedata.normalize("NFKD", word).casefold().replace("’", "'").replace("ʼ", "'")
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = unicodedata.normalize("NFC", plain)  # Hangul syllables were taken apart by NFKD
    return plain.removesuffix("'s")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem under which a normalized word is indexed; "fled" is indexed as "flee", "men" as "man"."""
    word = BASE_FORMS.get(word, word)
    for pattern, replacement in _VARIANTS:
        word = pattern.sub(replacement, word)
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english", 0)
    return str(_local.stemmer.stemWord(word))


# Headings, labels and names are asked for with every question; longer texts come once.
MAX_REMEMBERED_CHARS = 200


def terms(text: str) -> tuple[str, ...]:
    """Return the stems of the content words of `text`, in order, with repetitions."""
    return _remembered_terms(text) if len(text) <= MAX_REMEMBERED_CHARS else _terms(text)


def _terms(text: str) -> tuple[str, ...]:
    return tuple(stem(token.word) for token in tokens(text) if token.word not in STOP_WORDS)


_remembered_terms = lru_cache(maxsize=131_072)(_terms)

"""Yes or no: the polarity of the clause that answers, against the polarity of the question.

The verdict is read off words, not understood: a negation, a verb of refusing or doubting, or an opposite of a word of
the question turns it. What the clause says stands beside the verdict, always.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from nkqa.ask import question_parts as parts
from nkqa.ask.read import excerpt, flags_in
from nkqa.text.places import name_countries
from nkqa.text.terms import stem, terms
from nkqa.types import AnswerType, Claim, Document, Evidence, Finding, Hit, Kind, PassageKind, Query

# Candidates for the sentence that answers: as many of the best passages.
CANDIDATES = 4
# The least share of the best one's chance that a further candidate must have.
MIN_SHARE = 0.4
# The clause must hold at least this share of the question's words; the sentence with the larger share is preferred.
MIN_OVERLAP = 0.25
OVERLAP_WEIGHT = 0.3
NEAR = 0.6
# What stands behind "instead of" is what is asked about when this share of it is in the question.
PASSED_OVER = 0.7
# "No" needs a denial at a word of the question. "Yes" rests on likeness alone, and a sentence beside the point is like
# the question too: the reader must find it relevant (a logit), less so where it holds most of the question's words.
MIN_YES_RELEVANCE = 1.2
MOST = 0.6
MIN_YES_RELEVANCE_OF_MOST = 0.3
# Below this a passage that gives no verdict is not even quoted.
MIN_RELEVANCE = 0.0
# A negation bears on a word of the question within so many words behind it.
REACH = 6
# A sentence that denies something else affirms only where it holds this share of the question.
MIN_DESPITE_NEGATION = 0.6
# A premise is taken for denied only by a clause that holds this share of the question.
MIN_PREMISE = 0.75
# Confidence is that of the passage times this: reading polarity off words goes wrong now and then.
READING = 0.9

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nor|neither|nobody|nothing|without|cannot|hardly|rarely|seldom|\w+n['’]t|"
    r"(?:wo|do|does|did|is|are|was|were|ca|could|would|should|has|have|had)nt)\b(?! only\b)",
    re.IGNORECASE,
)
# Verbs and adjectives by which somebody does not do, or does not believe, what follows.
_REFUSAL = re.compile(
    r"\b(?:refus(?:e|es|ed|ing|al)|reject(?:s|ed|ing)?|den(?:y|ies|ied)|declin(?:e|es|ed) to|oppos(?:e|es|ed|ing)|"
    r"disput(?:e|es|ed)|question(?:s|ed)|doubt(?:s|ed)?|unable|unwilling|reluctant|fail(?:s|ed) to|lack(?:s|ed)?|"
    r"criticiz(?:e|es|ed)|criticis(?:e|es|ed)|prevent(?:s|ed)?|stopped)\b",
    re.IGNORECASE,
)
# Of those, the ones by which what follows did not happen at all.
_REFUSING = re.compile(
    r"\b(?:refus(?:e|es|ed|ing|al)|reject(?:s|ed)?|declin(?:e|es|ed) to|fail(?:s|ed) to)\b", re.IGNORECASE
)
# What stands before it did not happen: "her request was denied".
_REFUSED = re.compile(
    r"\b(?:is|are|was|were|been|being|got)(?: \w+ly)? (?:denied|rejected|refused|turned down|blocked|forbidden|banned|"
    r"prohibited|cancell?ed|prevented|not)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\b(?:instead of|rather than)\b(?P<rest>[^,;.]*)", re.IGNORECASE)
_CLAUSE = re.compile(
    r";\s*|,\s+(?=(?:but|while|although|though|whereas|and|which|who|because|since|as)\b)|"
    r"\s+(?=(?:although|whereas|despite|because)\b)|:\s+"
)
_EXCEPTION = re.compile(
    r"\b(?:with (?:few|some) exceptions|except(?:ions?)?\b[^.;,]*|unless [^.;,]*|in some cases|subject to [^.;,]*)",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(r"\b(?:or)\b", re.IGNORECASE)

_OPPOSITE_WORDS = (
    ("hostile unfriendly unsympathetic", "sympathetic friendly tolerant welcoming"),
    (
        "support back favour favor approve endorse agree accept confirm",
        "oppose object disapprove dispute reject deny question",
    ),
    ("allow permit let tolerate", "ban forbid prohibit bar prevent refuse"),
    ("increase rise grow climb more", "decrease fall drop decline shrink fewer less"),
    ("high many common frequent easy", "low few rare infrequent difficult hard"),
    ("safe healthy well unharmed fine okay good", "dead injured sick hurt ill harmed bad"),
    ("free released release", "detain detained arrest arrested imprisoned captured"),
    ("voluntary voluntarily willing willingly", "forced forcibly involuntary unwilling against"),
    ("legal lawful", "illegal unlawful"),
    ("open", "closed shut"),
    ("begin began start started introduce", "end ended stop stopped abolish"),
    ("first", "last"),
    ("before", "after"),
    ("succeed succeeded success", "fail failed failure"),
    ("same equal identical", "different unequal"),
)
_REFUSAL_STEMS = frozenset(
    stem(word)
    for word in "refuse refusal reject deny decline oppose dispute doubt fail lack criticize prevent stop".split()
)
OPPOSITES = tuple(
    (frozenset(stem(word) for word in one.split()), frozenset(stem(word) for word in other.split()))
    for one, other in _OPPOSITE_WORDS
)


_POLAR = frozenset(stem(word) for pair in _OPPOSITE_WORDS[:2] for side in pair for word in side.split()) - {
    "back"  # more often an adverb than a verb
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """A candidate sentence, what it says to the question (None: nothing), and how much of the question it holds."""

    hit: Hit
    affirms: bool | None
    overlap: float


def find_verdict(
    query: Query, hits: tuple[Hit, ...], documents: dict[str, Document], confidence: float
) -> Finding | None:
    """Return the verdict with the sentence it rests on, or None where the text does not decide the question.

    `hits` were read; `confidence` is how sure it is that the best of them answers.
    """
    if query.kind is not Kind.YES_NO or _ALTERNATIVE.search(query.text):
        return None
    readings = [reading for hit in _candidates(hits) if (reading := _read(query, hit)).affirms is not None]
    best = max(readings, key=lambda reading: reading.hit.score + OVERLAP_WEIGHT * reading.overlap, default=None)
    if best is None or (best.affirms and not _surely_affirms(best)):
        return None
    passage = best.hit.passage
    exception = _EXCEPTION.search(passage.text)
    word = "Yes" if best.affirms else "No"
    note = f", {exception[0].strip()}" if exception and exception[0].lower().startswith("with") else ""
    document = documents[passage.doc_id]
    span = excerpt(passage, document)
    evidence = Evidence(document.id, span, passage.path, flags_in(document, span), best.hit.score, passage.lead)
    text = " ".join(span.of(document.text).split())
    return Finding(
        kind=Kind.YES_NO,
        claims=(Claim(f"{word}{note}. {text}", (0,)),),
        evidence=(evidence,),
        short=word,
        confidence=round(confidence * READING, 3),
    )


def denies_premise(query: Query, hit: Hit) -> bool:
    """Tell whether a sentence denies what a question takes for granted: "Why did it open?" of "It never opened.".

    Only where a clause holds most of the question's words and says "not", and the question itself denies nothing.
    """
    wanted = frozenset(terms(name_countries(query.text)))
    takes_for_granted = query.kind is Kind.WHY_HOW or query.answer_type in (AnswerType.DATE, AnswerType.YEAR)
    if not takes_for_granted or NEGATION.search(query.question) or _REFUSAL.search(query.question):
        return False
    clauses = [clause for clause in _CLAUSE.split(hit.passage.text) if _overlap(wanted, clause) >= MIN_PREMISE]
    return any(_follows(wanted, clause, NEGATION) or _follows(wanted, clause, _REFUSING) for clause in clauses)


def _candidates(hits: tuple[Hit, ...]) -> list[Hit]:
    close = [hit for hit in hits[:CANDIDATES] if hit.score > MIN_SHARE * hits[0].score]
    return [hit for hit in close if hit.passage.kind in (PassageKind.SENTENCE, PassageKind.LIST_ITEM)]


def is_relevant(hit: Hit) -> bool:
    """Tell whether a passage that gives no verdict is worth quoting for a yes/no question."""
    return hit.reading is not None and hit.reading.relevance >= MIN_RELEVANCE


def _surely_affirms(reading: _Reading) -> bool:
    relevance = reading.hit.reading.relevance if reading.hit.reading else -math.inf
    return relevance >= (MIN_YES_RELEVANCE_OF_MOST if reading.overlap >= MOST else MIN_YES_RELEVANCE)


def _read(query: Query, hit: Hit) -> _Reading:
    wanted = frozenset(terms(name_countries(query.text)))
    text = hit.passage.text
    held = frozenset(terms(text))
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    scored = [(_overlap(wanted, clause), clause) for clause in clauses]
    overlap = max((share for share, _ in scored), default=0.0)
    # A clause that turns the sentence decides even where another one shares a few words more with the question.
    near = [clause for share, clause in scored if share >= NEAR * overlap]
    refused = any(_REFUSED.search(clause) for clause in near)
    denied = any(_denies(wanted, clause) for clause in near)
    # "Was it allowed?" of "It was denied.": one turn, whichever way it is seen.
    turns = 1 if refused and denied else int(denied) + _opposed(wanted, held)
    asked_negatively = len(NEGATION.findall(query.question))
    if turns:
        return _Reading(hit, (turns + asked_negatively) % 2 == 0, overlap)
    turns_on_a_word_it_lacks = any(not _related(word) & held for word in wanted if word in _POLAR)
    denies_something_else = NEGATION.search(text) is not None and overlap < MIN_DESPITE_NEGATION
    # Who is named is not yet what is asked of them.
    named = " ".join(name.of(query.text) for name in parts.names(query.text))
    asked_of_them = wanted - frozenset(terms(name_countries(named)))
    says_nothing_of_it = bool(asked_of_them) and not _overlap(asked_of_them, text)
    if turns_on_a_word_it_lacks or denies_something_else or overlap < MIN_OVERLAP or says_nothing_of_it:
        return _Reading(hit, None, overlap)
    return _Reading(hit, asked_negatively % 2 == 0, overlap)


def _overlap(wanted: frozenset[str], clause: str) -> float:
    """Return the share of the question's words that a clause holds, opposites included."""
    held = frozenset(terms(name_countries(clause)))
    touched = [word for word in wanted if word in held or _related(word) & held]
    return len(touched) / len(wanted) if wanted else 0.0


def _related(word: str) -> frozenset[str]:
    return frozenset().union(*(one | other for one, other in OPPOSITES if word in one or word in other))


def _denies(wanted: frozenset[str], clause: str) -> bool:
    """Tell whether a clause denies a word of the question: passed over for another, or soon behind a negation."""
    if instead := _INSTEAD.search(clause):
        passed_over = frozenset(terms(name_countries(instead["rest"])))
        if len(passed_over & wanted) >= PASSED_OVER * max(1, len(passed_over)):
            return True
    kept = _INSTEAD.sub(" ", clause)
    asks_for_it = bool(wanted & _REFUSAL_STEMS)
    if any(_follows(wanted, kept, pattern) for pattern in ((NEGATION,) if asks_for_it else (NEGATION, _REFUSAL))):
        return True
    refused = None if asks_for_it else _REFUSED.search(kept)
    return refused is not None and bool(frozenset(terms(name_countries(kept[: refused.start()]))) & wanted)


def _follows(wanted: frozenset[str], clause: str, denial: re.Pattern[str]) -> bool:
    """Tell whether a word of the question stands soon behind a denial."""
    for found in denial.finditer(clause):
        behind = " ".join(clause[found.end() :].split()[:REACH])
        if any(word in wanted or _related(word) & wanted for word in terms(name_countries(behind))):
            return True
    return False


def _opposed(wanted: frozenset[str], held: frozenset[str]) -> int:
    """Tell (1 or 0) whether a clause has the opposite of a word of the question, and not the word itself."""
    return int(
        any(
            (wanted & one and held & other and not held & one) or (wanted & other and held & one and not held & other)
            for one, other in OPPOSITES
        )
    )

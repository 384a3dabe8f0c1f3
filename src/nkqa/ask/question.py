"""Question and history → `Query`: what is asked for, in which words, and how a short follow-up is completed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from nkqa.ask.conversation import Turn, recalled, resolve, views
from nkqa.ask.question_parts import is_fragment
from nkqa.ask.spelling import Speller
from nkqa.errors import QuestionError
from nkqa.text.places import write_out
from nkqa.text.terms import terms
from nkqa.text.values import years
from nkqa.types import AnswerType, Kind, Query

# Control characters and halves of surrogate pairs. A code point that this Python does not know yet may be a new emoji.
_FORBIDDEN = {"Cc", "Cs"}

_AUXILIARY = (
    "is are was were do does did can could will would has have had should may might must am isn't aren't wasn't "
    "weren't don't doesn't didn't can't couldn't won't wouldn't hasn't haven't hadn't"
).split()
_YES_NO = re.compile(rf"(?!may \d)(?:{'|'.join(_AUXILIARY)})\b", re.IGNORECASE)
_WHY_HOW = re.compile(
    r"(?:and |but |so )?(?:why|how come|how (?:do|does|did|have|has|had|can|could|are|is|was|were|would|will)\b|"
    r"what (?:makes|made|causes|caused|triggered|led|explains|prompted)|what(?:'s| is| was| are) "
    r"(?:behind|the (?:reason|cause|explanation))|for what reason)|\b(?:reasons? (?:for|why)|cause of)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"\b(?:mean(?:s|ing)?|stands? for|abbreviat\w+|define|definition|romani[sz]\w+|translat\w+|spell(?:ed|ing|t)?|"
    r"full name|called in)\b|=\s*\?|"
    r"^(?:what|who)(?: (?:is|are|was|were)|['’]s) (?:an? |the )?['\"“‘]?[\w'-]+(?: [\w'-]+){0,3}['\"”’]?\s*\??$",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^(?:list|name (?:all|the|every)|enumerate)\b|\bwhich (?:two|three|four|five|\d+)\b|\bwhat are (?:the|all)\b|"
    r"^(?:which|what) (?:of the )?(?:[\w-]+ )?(?:countr(?:ie|y)s|books|films|movies|organi[sz]ations|places|people|"
    r"names|groups|reasons|types|kinds|factors|parts|problems)\b|"
    # Any other plural right behind the question word; verbs that end like one are none.
    r"^(?:which|what) (?!(?:does|has|was|makes|happens|years|causes|explains)\b)[\w-]{2,}(?<![sui])s\b",
    re.IGNORECASE,
)
# The type of the short answer, the surest sign first.
_ANSWER_TYPES: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (answer_type, re.compile(pattern, re.IGNORECASE))
    for answer_type, pattern in (
        (AnswerType.NAME, r"^(?:and )?(?:who|whom|where)\b"),
        (AnswerType.PERCENT, r"\b(?:per ?cent\w*|percentage|share|proportion|portion|fraction|rate)\b|%"),
        (
            AnswerType.DURATION,
            r"\bhow long\b|\bhow many (?:seconds|minutes|hours|days|weeks|months|years|decades)\b|\bduration\b",
        ),
        (AnswerType.YEAR, r"\b(?:what|which|in what|in which|whose) year\b|^year\b|\byear (?:did|was|were|of)\b"),
        (AnswerType.DATE, r"^(?:and )?when\b|\bsince when\b|\b(?:what|which|exact) (?:date|day|month)\b"),
        (
            AnswerType.MONEY,
            r"\bhow much (?:money|did|does|do|is|was|were|are|of)\b|"
            r"\b(?:price|cost|costs|salary|wages?|budget|fee|reward)\b",
        ),
        (AnswerType.NUMBER, r"\bhow many\b|\b(?:number|count) of\b|\bhow (?:large|far|high|tall|big|deep|old)\b"),
        (AnswerType.NAME, r"^(?:and )?whose\b|\b(?:by whom|author of|name of|surname)\b"),
    )
)
_OPENING = re.compile(
    r"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks|thank you|ok|okay)\s*[,.!]+\s+)+(?=\S)",
    re.IGNORECASE,
)


def read_question(
    question: str,
    history: Sequence[str],
    *,
    max_chars: int,
    vocabulary: frozenset[str],
    is_word: Callable[[str], bool],
) -> Query:
    """Read a question; `history` holds earlier questions, oldest first.

    `vocabulary` are the words of the corpus, `is_word` tells English words: only a word that is neither is taken for
    misspelt. Raises QuestionError for a question that is blank, too long or holds control characters.
    """
    checked = _OPENING.sub("", check_question(question, max_chars))
    speller = Speller(vocabulary, is_word)
    corrected = speller.correct(write_out(checked))
    turn = resolve(corrected, [speller.correct(write_out(_OPENING.sub("", text))) for text in history])
    reading = _reading(corrected, turn)
    return Query(
        question=question,
        text=turn.searched,
        interpreted_as=reading if reading != checked else None,
        kind=_kind(turn.text),
        answer_type=_answer_type(turn),
        terms=terms(turn.text),
        context=recalled(turn),
        years=years(turn.text),
        views=views(turn),
        origin=turn.origin,
    )


def _reading(question: str, turn: Turn) -> str:
    """Return how a question was read: completed, or with the one that it goes on from or asks about."""
    if turn.origin:
        return f"{question} (about: {turn.searched})"
    return turn.text if turn.whole or not turn.before else f"{turn.text} (after: {turn.before.searched})"


def check_question(question: str, max_chars: int) -> str:
    """Return the question in one line without invisible characters; raises QuestionError where it cannot be asked."""
    if len(question) > max_chars:
        raise QuestionError(
            f"The question has {len(question)} characters; at most {max_chars} are read.",
            "Shorten it, or ask its parts one by one.",
        )
    lined = re.sub(r"[\t\n\r]+", " ", question)
    if any(unicodedata.category(char) in _FORBIDDEN for char in lined):
        raise QuestionError("The question holds control characters.", "Remove them; a question is one line of text.")
    visible = "".join(char for char in lined if unicodedata.category(char) != "Cf")
    plain = " ".join(visible.split())
    if not plain:
        raise QuestionError("The question is empty.", "Type a question.")
    return plain


def _kind(question: str) -> Kind:
    for kind, pattern, whole in (
        (Kind.YES_NO, _YES_NO, False),
        (Kind.WHY_HOW, _WHY_HOW, True),
        (Kind.DEFINITION, _DEFINITION, True),
        (Kind.LIST, _LIST, True),
    ):
        if pattern.search(question) if whole else pattern.match(question):
            return kind
    return Kind.FACTOID


def _answer_type(turn: Turn) -> AnswerType:
    """Return the type asked for; a few words that go on from a question ask for what that one asks for."""
    for text in (turn.text,) if turn.whole or not turn.before else (turn.text, turn.before.text):
        for answer_type, pattern in _ANSWER_TYPES:
            if pattern.search(text):
                return answer_type
        if not is_fragment(text):
            return AnswerType.ANY
    return AnswerType.ANY

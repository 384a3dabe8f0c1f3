"""The rules by which an answer counts as right and a citation as proof: one metric, one small function.

Nothing here knows the engine; a question and a prediction go in, verdicts come out. What does not apply is None, which
is not zero. A share lies in [0, 1].
"""

from __future__ import annotations

import math
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

MAX_WORDS = 120
MAX_WORDS_LIST = 250
MAX_WORDS_SHORT = 12
MAX_CITATIONS = 12
MAX_CITATION_CHARS = 3000
# An answer to a table question with more different numbers than this is a copy of the row, not an answer.
MAX_NUMBERS = 16
# A citation inside the evidence proves it only when it is long enough to be more than a word of it.
MIN_INNER_CHARS = 30
MIN_SHARED_TOKENS = 0.6
# The whole answer to these is several parts, so a short answer cannot be right.
TYPES_WITHOUT_SHORT = frozenset({"list", "why_how", "conflict"})


@dataclass(frozen=True, slots=True)
class GoldCell:
    """A table cell that an answer should rest on: labels and value as written."""

    column: str
    row: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a set, with what is accepted as its answer and as its proof.

    `parts` are the parts of an answer, each with its accepted wordings; () where one of `answers` is enough, and
    `min_parts` is how many of them are needed. `computed` is true for a question over a table, `flagged` where the
    sentence that states the answer bears a maintenance tag. `as_of` is the year it is asked for, None for now.
    """

    id: str
    type: str
    text: str
    history: tuple[str, ...]
    answerable: bool
    answers: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    min_parts: int
    evidence: tuple[str, ...]
    cells: tuple[GoldCell, ...]
    computed: bool
    flagged: bool
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class CitedText:
    """The text of one citation with the tags that travel with it."""

    text: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a system said to one question; `short` is None where it gave no bare answer.

    `confidence` is how sure it was of an answer, in [0, 1]; None for a system that does not say.
    """

    question_id: str
    answer: str
    short: str | None
    citations: tuple[CitedText, ...]
    abstained: bool
    latency_ms: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one prediction fared. For a question without an answer, all but the first five fields are None or 0."""

    question_id: str
    type: str
    answerable: bool
    abstained: bool
    cited_correct: bool
    correct: bool | None = None
    cited: bool | None = None
    coverage: float | None = None
    exact: bool | None = None
    flag_shown: bool | None = None
    citations: int = 0
    good_citations: int = 0


# ------------------------------------------------------------------------------------------------ comparing text


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ONES = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_NUMBER_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    word: 20 + 10 * number for number, word in enumerate(_TENS)
}
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_CURRENCY = r"(?:us)?[$\u20a9]?\s?"
_THOUSANDS_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SPACE = re.compile(r"\s+")


def _tens_to_digits(match: re.Match[str]) -> str:
    return str(_NUMBER_WORDS[match[1]] + (_NUMBER_WORDS[match[2]] if match[2] else 0))


def _magnitude_to_digits(match: re.Match[str]) -> str:
    return str(round(float(match[1]) * (1_000 if match[2] == "thousand" else 1_000_000)))


Replacement = str | Callable[[re.Match[str]], str]
# In this order: each rule relies on those before it.
_NORMAL_FORM: tuple[tuple[re.Pattern[str], Replacement], ...] = (
    (re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"), "-"),
    (re.compile("[\u2018\u2019\u201b\u02bc\u00b4`]"), "'"),
    (re.compile("[\u201c\u201d\u201e\u00ab\u00bb]"), '"'),
    (re.compile(r"[\[\u3010]\s*\^?\d+(?:\s*[,;-]\s*\d+)*\s*[\]\u3011]"), " "),  # citation marks: [2], [3, 4]
    (re.compile(r"[*_#>|]"), " "),  # mark-up
    (_THOUSANDS_COMMA, ""),
    (re.compile(rf"\b({'|'.join(_TENS)})(?:[- ]({'|'.join(_ONES[1:10])}))?\b"), _tens_to_digits),
    (re.compile(rf"\b({'|'.join(_ONES)})\b"), lambda match: str(_NUMBER_WORDS[match[1]])),
    (re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*(thousand|million)\b"), _magnitude_to_digits),
    (re.compile(r"\s*(?:per\s?cent|percent|pct)\b"), "%"),
    (re.compile(r"(?<=\d)\s+%"), "%"),
    (re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b"), r"\1"),
    (re.compile(rf"\b({_MONTH})\s+(\d{{1,2}})(?:\s*,\s*|\s+)(\d{{4}})\b"), r"\2 \1 \3"),  # May 5, 2006
    (re.compile(rf"\b({_MONTH})\s+(\d{{1,2}})\b(?!\d)"), r"\2 \1"),
    (re.compile(rf"\b(\d{{1,2}})\s+of\s+({_MONTH})\b"), r"\1 \2"),
    (re.compile(rf"\b({_MONTH}),\s+(\d{{4}})\b"), r"\1 \2"),
    (re.compile(rf"between\s+({_CURRENCY}\d[\d.]*)(%?)\s+and\s+{_CURRENCY}(?=\d)"), r"\1-"),
    (re.compile(rf"(\d)(%?)\s*(?:-|to)\s*{_CURRENCY}(?=\d)"), r"\1-"),  # "$50 to $500" is 50-500
    (_SPACE, " "),
)


def normalise(text: str | None) -> str:
    """Return `text` in the one form in which answers are compared; "" for None.

    Case, accents, dashes, quotes, thousands commas, citation marks, number words below a hundred, dates, percentages
    and ranges no longer differ: "Five per cent, on May 5th, 2006 [2]" gives "5%, on 5 may 2006".
    """
    decomposed = unicodedata.normalize("NFKD", text or "")
    plain = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    result = unicodedata.normalize("NFKC", plain).lower()
    for pattern, replacement in _NORMAL_FORM:
        result = pattern.sub(replacement, result)
    return result.strip()


def contains(needle: str, hay: str) -> bool:
    """Tell whether normalised `needle` stands in normalised `hay`, on the borders of words and numbers.

    "85" is not in "850", "85.2" or "1085"; "apartment" is in "apartments". An empty needle is in nothing.
    """
    if not needle:
        return False
    pattern = re.escape(needle)
    if needle[0].isdigit():
        pattern = r"(?<!\d)(?<!\d\.)(?<![a-z])" + pattern
    elif needle[0].isascii() and needle[0].isalnum():
        pattern = r"(?<![a-z0-9])" + pattern
    if needle[-1].isdigit():
        pattern += r"(?!\d)(?!\.\d)(?!,\d{3})"
    elif needle[-1].isascii() and needle[-1].isalnum():
        pattern += r"(?:'?s|es)?(?![a-z0-9])"
    return re.search(pattern, hay) is not None


def states(hay: str, wording: str) -> bool:
    """Tell whether normalised `hay` holds an accepted wording; a leading article and a final stop do not count."""
    plain = normalise(wording)
    return contains(re.sub(r"^(?:the|a|an)\s+", "", plain).rstrip(".") or plain, hay)


def word_count(text: str) -> int:
    """Return the number of words between white space."""
    return len(text.split())


def polarity(text: str | None) -> str | None:
    """Return "yes" or "no" where the text opens with such a word, else None."""
    match = re.match(r"\W*(yes|yeah|yep|no|nope|not)\b", (text or "").strip().lower())
    if not match:
        return None
    return "yes" if match[1].startswith("y") else "no"


# ------------------------------------------------------------------------------------------------ the answer


def _has_parts(question: Question, hay: str) -> bool:
    found = sum(any(states(hay, wording) for wording in part) for part in question.parts)
    return found >= question.min_parts


def _right_polarity(question: Question, text: str, short: str | None) -> bool:
    """Compare with the gold verdict; the short answer counts first, and the two must not disagree."""
    of_short, of_text = polarity(short), polarity(text)
    if of_short and of_text and of_short != of_text:
        return False
    return (of_short or of_text) == polarity(question.answers[0])


def is_right(question: Question, text: str, short: str | None = None) -> bool:
    """Tell whether `text` says what the question accepts, whatever its length."""
    if question.type == "yes_no":
        return _right_polarity(question, text, short)
    hay = normalise(text)
    if question.parts:
        return _has_parts(question, hay)
    return any(states(hay, answer) for answer in question.answers)


def is_number_dump(text: str) -> bool:
    """Tell whether a text lists more than MAX_NUMBERS different numbers, years from 1980 to 2029 left aside."""
    numbers = set(re.findall(r"(?<![\d.])\d+(?:\.\d+)?", normalise(text)))
    return sum(not re.fullmatch(r"19[89]\d|20[0-2]\d", number) for number in numbers) > MAX_NUMBERS


def is_correct(question: Question, prediction: Prediction) -> bool:
    """Tell whether the answer is given, short enough, no copy of a table row, and right."""
    limit = MAX_WORDS_LIST if question.type == "list" else MAX_WORDS
    if prediction.abstained or word_count(prediction.answer) > limit:
        return False
    if (question.cells or question.computed) and is_number_dump(prediction.answer):
        return False
    return is_right(question, prediction.answer, prediction.short)


def is_exact(question: Question, prediction: Prediction) -> bool | None:
    """Tell whether the short answer alone is right; None for a type whose answer is several parts."""
    if question.type in TYPES_WITHOUT_SHORT:
        return None
    short = prediction.short
    if not short or prediction.abstained or word_count(short) > MAX_WORDS_SHORT:
        return False
    return is_right(question, short)


# ------------------------------------------------------------------------------------------------ the proof

_STOP_WORDS = frozenset(
    _words(
        "a an the of to in on at for from by with and or as is are was were be been being it its this that these those "
        "their they he she his her who whom which what when where why how not no than then there have has had do "
        "does did also into"
    )
)
_SAME_LABEL = {
    "male": frozenset({"male", "men", "males"}),
    "female": frozenset({"female", "women", "females"}),
}


def _plain(text: str) -> str:
    """Return `text` as citations are compared: case, dashes, quotes, thousands commas and spacing do not count."""
    result = unicodedata.normalize("NFKC", text).lower()
    for pattern, replacement in (("[\u2010-\u2015\u2212]", "-"), ("[\u2018\u2019]", "'"), ("[\u201c\u201d]", '"')):
        result = re.sub(pattern, replacement, result)
    return _SPACE.sub(" ", _THOUSANDS_COMMA.sub("", result)).strip()


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", _plain(text))


def _shares_tokens(text: str, evidence: str) -> bool:
    """Tell whether `text` holds MIN_SHARED_TOKENS of the evidence's tokens, and as many of its content words."""
    wanted, there = Counter(_tokens(evidence)), Counter(_tokens(text))
    if not wanted or (wanted & there).total() / wanted.total() < MIN_SHARED_TOKENS:
        return False
    content = set(wanted) - _STOP_WORDS
    return not content or len(content & set(there)) / len(content) >= MIN_SHARED_TOKENS


def overlaps(text: str, evidence: str) -> bool:
    """Tell whether a cited text proves an evidence sentence: holds it, lies in it, or shares most of its tokens."""
    cited, wanted = _plain(text), _plain(evidence)
    if not cited or not wanted or len(cited) > MAX_CITATION_CHARS:
        return False
    if wanted in cited or (len(cited) >= MIN_INNER_CHARS and cited in wanted):
        return True
    return _shares_tokens(text, evidence)


def names_cell(text: str, cell: GoldCell) -> bool:
    """Tell whether a cited text names a cell: every word of its column label, its row label and its value."""
    there = set(_tokens(text))
    row = _tokens(cell.row)
    same = _SAME_LABEL.get(" ".join(row))
    named = bool(there & same) if same else there.issuperset(row)
    return named and there.issuperset(_tokens(cell.column)) and there.issuperset(_tokens(cell.value))


def proves(question: Question, text: str) -> bool:
    """Tell whether one cited text overlaps some evidence of the question or names one of its cells."""
    if len(text) > MAX_CITATION_CHARS:
        return False
    if any(overlaps(text, evidence) for evidence in question.evidence):
        return True
    return any(names_cell(text, cell) for cell in question.cells)


def is_cited(question: Question, prediction: Prediction) -> bool:
    """Tell whether one of the first MAX_CITATIONS citations is a proof; a refusal has none."""
    if prediction.abstained:
        return False
    return any(proves(question, citation.text) for citation in prediction.citations[:MAX_CITATIONS])


def evidence_coverage(question: Question, prediction: Prediction) -> float:
    """Return the share of the question's evidence sentences that some citation overlaps."""
    if prediction.abstained:
        return 0.0
    cited = [citation.text for citation in prediction.citations[:MAX_CITATIONS]]
    reached = sum(any(overlaps(text, evidence) for text in cited) for evidence in question.evidence)
    return reached / len(question.evidence)


_FLAG_WORDS = (
    "citation needed",
    "failed verification",
    "unverified",
    "not verified",
    "flagged",
    "disputed",
    "uncited",
    "unsourced",
)


def shows_flag(question: Question, prediction: Prediction) -> bool | None:
    """Tell whether the answer, a citation or its tags say that the source is flagged; None where it is not."""
    if not question.flagged:
        return None
    shown = [prediction.answer]
    for citation in prediction.citations:
        shown += [citation.text, *citation.flags]
    return any(word in text.lower() for text in shown for word in _FLAG_WORDS)


def judge(question: Question, prediction: Prediction) -> Verdict:
    """Return all verdicts on one prediction. A question without an answer is won by abstaining."""
    if not question.answerable:
        return Verdict(question.id, question.type, False, prediction.abstained, cited_correct=prediction.abstained)
    correct, cited = is_correct(question, prediction), is_cited(question, prediction)
    counted = () if prediction.abstained else prediction.citations
    return Verdict(
        question.id,
        question.type,
        True,
        prediction.abstained,
        cited_correct=correct and cited,
        correct=correct,
        cited=cited,
        coverage=evidence_coverage(question, prediction),
        exact=is_exact(question, prediction),
        flag_shown=shows_flag(question, prediction),
        citations=len(counted),
        good_citations=sum(proves(question, citation.text) for citation in counted),
    )


# ------------------------------------------------------------------------------------------------ over many questions


def share(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values that apply, None where none does."""
    applying = [value for value in values if value is not None]
    return sum(applying) / len(applying) if applying else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def accuracy(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of answerable questions answered correctly."""
    return share(verdict.correct for verdict in verdicts)


def cited_correct(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of all questions answered correctly with a proof, or rightly refused."""
    return share(verdict.cited_correct for verdict in verdicts)


def citation_recall(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of answerable questions with a citation that is a proof."""
    return share(verdict.cited for verdict in verdicts)


def citation_precision(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of all citations on answered answerable questions that are proofs."""
    return _ratio(sum(verdict.good_citations for verdict in verdicts), sum(verdict.citations for verdict in verdicts))


def coverage(verdicts: Sequence[Verdict]) -> float | None:
    """Return the mean share of each answerable question's evidence that its citations reach."""
    return share(verdict.coverage for verdict in verdicts)


def exactness(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of questions with a bare answer whose short answer alone is right."""
    return share(verdict.exact for verdict in verdicts)


def flags_shown(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of questions over flagged sentences whose answer shows the flag."""
    return share(verdict.flag_shown for verdict in verdicts)


def abstention_precision(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of refusals that were right."""
    refused = [verdict for verdict in verdicts if verdict.abstained]
    return share(not verdict.answerable for verdict in refused)


def abstention_recall(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of questions without an answer that were refused."""
    return share(verdict.abstained for verdict in verdicts if not verdict.answerable)


def false_abstention(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share of answerable questions that were refused."""
    return share(verdict.abstained for verdict in verdicts if verdict.answerable)


def median(values: Sequence[float]) -> float | None:
    """Return the middle value, None for no values."""
    return statistics.median(values) if values else None


def percentile_95(values: Sequence[float]) -> float | None:
    """Return the smallest value that at least 95 % of the values do not exceed, None for no values."""
    return sorted(values)[max(0, math.ceil(0.95 * len(values)) - 1)] if values else None


# A rank is the place, from 1, of the first passage that proves the question; None where no passage found does.


def first_rank(question: Question, texts: Sequence[str]) -> int | None:
    """Return the rank of the first text that proves the question."""
    return next((rank for rank, text in enumerate(texts, start=1) if proves(question, text)), None)


def recall_at(ranks: Sequence[int | None], depth: int) -> float | None:
    """Return the share of questions whose evidence is among the first `depth` passages."""
    return share(rank is not None and rank <= depth for rank in ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float | None:
    """Return the mean of 1 / rank, where a question without a rank counts 0."""
    return share(0.0 if rank is None else 1 / rank for rank in ranks)

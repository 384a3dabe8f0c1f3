"""Reading-comprehension rows → training examples: a question, a window of one to three sentences, and what holds there.

An example is positive where its window answers the question, and then says where. Negative examples come from five
sources, because each fools a reader in its own way: another window of the same paragraph, the window elsewhere in the
same article that shares most words with the question (what retrieval would get wrong), a question that people wrote to
have no answer in that paragraph, a question in which a name, a year or a comparing word was changed, and, seldom, a
window of the article picked blindly.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from nkqa.text.sentences import split_sentences
from nkqa.text.terms import STOP_WORDS, terms, tokens
from nkqa.types import Span

# A line of a data set.
Row = dict[str, Any]

MAX_ANSWER_CHARS = 150
MAX_SENTENCES = 3
# How often a window has one, two or three sentences.
WINDOW_SIZES = (0.45, 0.35, 0.20)
# QAMR has 37,000 questions on 964 sentences: more of them would only teach those sentences.
MAX_QAMR = 8_000
# A question is cut to its content words, or loses its question mark, so often: people type keywords.
KEYWORDS_RATE = 0.05
NO_MARK_RATE = 0.3
# The headings are left out so often, for documents that have none.
NO_PATH_RATE = 0.15
# Where the negative of an answerable question comes from.
SAME_PARAGRAPH, SAME_ARTICLE, CHANGED_QUESTION = 0.30, 0.40, 0.30

_CAPITALISED = re.compile(r"(?<!^)\b[A-Z][\w'-]+(?: (?:of |the |de )?[A-Z][\w'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_OPPOSITES: dict[str, str] = dict(
    pair
    for line in (
        "first last",
        "largest smallest",
        "biggest smallest",
        "highest lowest",
        "oldest youngest",
        "earliest latest",
        "longest shortest",
        "best worst",
        "most least",
        "more fewer",
        "before after",
        "increase decrease",
        "increased decreased",
        "north south",
        "northern southern",
        "east west",
        "eastern western",
        "won lost",
        "win lose",
        "male female",
        "men women",
        "began ended",
        "begin end",
        "start end",
        "allowed forbidden",
        "accepted rejected",
        "supported opposed",
        "positive negative",
        "upper lower",
        "major minor",
        "public private",
        "inside outside",
        "above below",
        "rural urban",
        "internal external",
    )
    for pair in (line.split(), line.split()[::-1])
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a window; `answer` is the span of the answer in the window, None where it does not answer."""

    question: str
    path: tuple[str, ...]
    window: str
    answer: Span | None
    source: str


@dataclass
class Paragraph:
    """A paragraph with its sentences."""

    text: str

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The spans of its sentences."""
        return tuple(sentence.span for sentence in split_sentences(self.text, Span(0, len(self.text))))

    @cached_property
    def stems(self) -> tuple[frozenset[str], ...]:
        """The content words of each sentence."""
        return tuple(frozenset(terms(span.of(self.text))) for span in self.sentences)


@dataclass
class Article:
    """The paragraphs of a title, in order of appearance, and the names and numbers that its questions use."""

    title: str
    paragraphs: dict[str, Paragraph] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    @cached_property
    def weights(self) -> dict[str, float]:
        """The inverse document frequency of each stem over the sentences."""
        sentences = [stems for paragraph in self.paragraphs.values() for stems in paragraph.stems]
        counts = Counter(stem for stems in sentences for stem in stems)
        return {stem: math.log(1 + len(sentences) / count) for stem, count in counts.items()}

    @cached_property
    def postings(self) -> dict[str, list[tuple[Paragraph, int]]]:
        """The sentences that hold a stem."""
        found: dict[str, list[tuple[Paragraph, int]]] = defaultdict(list)
        for paragraph in self.paragraphs.values():
            for place, stems in enumerate(paragraph.stems):
                for stem in stems:
                    found[stem].append((paragraph, place))
        return found

    def nearest(self, question: str, limit: int) -> list[tuple[Paragraph, int]]:
        """Return the sentences that share most term weight with a question, best first."""
        scores: defaultdict[tuple[int, int], float] = defaultdict(float)
        places: dict[tuple[int, int], tuple[Paragraph, int]] = {}
        for stem in set(terms(question)):
            for paragraph, place in self.postings.get(stem, ()):
                key = (id(paragraph), place)
                places[key] = (paragraph, place)
                scores[key] += self.weights[stem] / math.sqrt(8 + len(paragraph.stems[place]))
        return [places[key] for key, _ in sorted(scores.items(), key=lambda item: -item[1])[:limit]]


def read_rows(path: Path, split: str | None = None) -> Iterator[Row]:
    """Yield the rows of a JSON lines file, of one split where one is named."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if split is None or row["split"] == split:
                yield row


def usable(row: Row) -> bool:
    """Tell whether the row's first answer stands where it says and is short enough to be a span."""
    if row.get("start_guessed") or row.get("multi_span") or not row["answers"]:
        return False
    answer = row["answers"][0]
    end = answer["start"] + len(answer["text"])
    return len(answer["text"]) <= MAX_ANSWER_CHARS and row["context"][answer["start"] : end] == answer["text"]


def squad_rows(data: Path, split: str) -> tuple[list[Row], list[Row]]:
    """Return the answerable rows of SQuAD 1.1 with sure starts, and the unanswerable ones of SQuAD 2.0."""
    answerable = [row for row in read_rows(data / "squad11-train" / "train-clean.jsonl", split) if usable(row)]
    return answerable, list(read_rows(data / "squad20-train-unanswerable" / "train-clean.jsonl", split))


def articles_of(rows: list[Row]) -> dict[str, Article]:
    """Group the paragraphs of rows by title."""
    found: dict[str, Article] = {}
    for row in rows:
        article = found.setdefault(row["title"], Article(row["title"].replace("_", " ")))
        article.paragraphs.setdefault(row["context"], Paragraph(row["context"]))
        article.names += _CAPITALISED.findall(row["question"]) + _NUMBER.findall(row["question"])
    return found


def window_around(paragraph: Paragraph, first: int, last: int, rng: random.Random) -> Span:
    """Return a window that holds the sentences from `first` to `last`, and by chance some beside them."""
    size = max(last - first + 1, rng.choices((1, 2, 3), WINDOW_SIZES)[0])
    earliest = max(0, last + 1 - size)
    start = rng.randint(earliest, max(earliest, min(first, len(paragraph.sentences) - size)))
    end = min(start + size, len(paragraph.sentences)) - 1
    return Span(paragraph.sentences[start].start, paragraph.sentences[max(end, last)].end)


def sentences_of(paragraph: Paragraph, answer: Span) -> tuple[int, int] | None:
    """Return the first and the last sentence that an answer touches; None where that is more than a window."""
    touched = [i for i, span in enumerate(paragraph.sentences) if span.start < answer.end and answer.start < span.end]
    return (touched[0], touched[-1]) if touched and touched[-1] - touched[0] < MAX_SENTENCES else None


class ExampleMaker:
    """Makes the examples of rows; the same seed makes the same examples."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - nothing secret

    def positive(self, row: Row, article: Article, source: str) -> Example | None:
        """Return the question with a window that answers it; None where its answer fits no window."""
        paragraph = article.paragraphs[row["context"]]
        answer = Span(row["answers"][0]["start"], row["answers"][0]["start"] + len(row["answers"][0]["text"]))
        touched = sentences_of(paragraph, answer)
        if touched is None:
            return None
        window = window_around(paragraph, *touched, self.rng)
        if not window.contains(answer):
            return None
        inside = Span(answer.start - window.start, answer.end - window.start)
        return self._example(row["question"], article, window.of(paragraph.text), inside, source)

    def negative(self, row: Row, article: Article) -> Example | None:
        """Return an answerable question with a window that does not answer it, or changed so that none does."""
        kind = self.rng.choices(("paragraph", "article", "changed"), (SAME_PARAGRAPH, SAME_ARTICLE, CHANGED_QUESTION))
        answer = row["answers"][0]["text"].casefold()
        if kind[0] == "changed" and (changed := self._changed(row, article)):
            return changed
        if kind[0] == "paragraph" and (beside := self.beside(row, article, answer)):
            return beside
        near = [
            place
            for place in article.nearest(row["question"], 12)
            if place[0].text != row["context"] or self.rng.random() < 0.3
        ]
        for paragraph, place in near[self.rng.randint(0, 3) :]:
            window = window_around(paragraph, place, place, self.rng).of(paragraph.text)
            if answer not in window.casefold():
                return self._example(row["question"], article, window, None, "article")
        return None

    def beside(self, row: Row, article: Article, answer: str) -> Example | None:
        """Return the question with another window of its paragraph, which does not hold the answer."""
        paragraph = article.paragraphs[row["context"]]
        for place in self.rng.sample(range(len(paragraph.sentences)), len(paragraph.sentences)):
            window = window_around(paragraph, place, place, self.rng).of(paragraph.text)
            if answer not in window.casefold():
                return self._example(row["question"], article, window, None, "paragraph")
        return None

    def _changed(self, row: Row, article: Article) -> Example | None:
        """Change a name, a number or a comparing word that the window holds into one that it does not hold."""
        right = self.positive(row, article, "changed")
        if right is None:
            return None
        window = right.window.casefold()
        changes: list[tuple[Span, str]] = []
        for token in tokens(right.question):
            other = _OPPOSITES.get(token.word)
            if other and token.word in window and other not in window:
                changes.append((token.span, other))
        for match in (*_CAPITALISED.finditer(right.question), *_NUMBER.finditer(right.question)):
            if match[0].casefold() in window and (name := self._other_name(match[0], window, article)):
                changes.append((Span(*match.span()), name))
        if not changes:
            return None
        span, new = self.rng.choice(changes)
        question = right.question[: span.start] + new + right.question[span.end :]
        return replace(right, question=question, answer=None)

    def _other_name(self, name: str, window: str, article: Article) -> str | None:
        """Return another name (or number) of the article's questions that is not in the window."""
        if name[0].isdigit() and len(name) == 4 and name.isdigit():
            year = str(int(name) + self.rng.choice((-10, -5, -3, -2, -1, 1, 2, 3, 5, 10)))
            return None if year in window else year
        alike = [
            other
            for other in article.names
            if other[0].isdigit() == name[0].isdigit() and not set(other.casefold().split()) & set(window.split())
        ]
        alike = [other for other in alike if other.casefold() not in article.title.casefold()]
        return self.rng.choice(alike) if alike else None

    def unanswerable(self, row: Row, article: Article) -> Example | None:
        """Return a question without an answer, with the window that seems to answer it."""
        paragraph = article.paragraphs.setdefault(row["context"], Paragraph(row["context"]))
        if plausible := row["plausible_answer"]:
            touched = sentences_of(paragraph, Span(plausible["start"], plausible["start"] + len(plausible["text"])))
        else:
            asked = frozenset(terms(row["question"]))
            best = max(range(len(paragraph.sentences)), key=lambda place: len(asked & paragraph.stems[place]))
            touched = (best, best)
        if touched is None:
            return None
        window = window_around(paragraph, *touched, self.rng).of(paragraph.text)
        return self._example(row["question"], article, window, None, "unanswerable")

    def _example(self, question: str, article: Article, window: str, answer: Span | None, source: str) -> Example:
        path = () if self.rng.random() < NO_PATH_RATE or not article.title else (article.title,)
        return Example(question, path, window, answer, source)

    def as_typed(self, example: Example) -> Example:
        """Return an example with its question as hurried people type it, in a part of all cases."""
        question = example.question.strip()
        if self.rng.random() < KEYWORDS_RATE:
            words = [token.span.of(question) for token in tokens(question) if token.word not in STOP_WORDS]
            if len(words) >= 3:
                question = " ".join(words)
        if self.rng.random() < NO_MARK_RATE:
            question = question.rstrip(" ?")
        return replace(example, question=question)


def squad_examples(data: Path, split: str, seed: int) -> list[Example]:
    """Return the examples of SQuAD: per answerable question one right and one wrong window; "why" counts three times.

    Each unanswerable question comes with two windows, beside another window of the question it was made from.
    """
    answerable, unanswerable = squad_rows(data, split)
    articles = articles_of(answerable)
    maker = ExampleMaker(seed)
    by_question = {(row["context"], _letters(row["question"])): row for row in answerable}
    found: list[Example | None] = []
    for row in answerable:
        article = articles[row["title"]]
        for _ in range(3 if "why" in row["question"].lower().split()[:4] else 1):
            found += [maker.positive(row, article, "squad"), maker.negative(row, article)]
    for row in unanswerable:
        if row["title"] in articles:
            article = articles[row["title"]]
            found += [maker.unanswerable(row, article), maker.unanswerable(row, article)]
            if pair := by_question.get((row["context"], _letters(row["paired_question"]))):
                found.append(maker.positive(pair, article, "paired"))
    return [maker.as_typed(example) for example in found if example]


def _letters(question: str) -> str:
    return re.sub(r"\W+", "", question.casefold())


def qed_examples(data: Path, seed: int) -> list[Example]:
    """Return the examples of QED: search queries on the paragraph of an encyclopaedia article."""
    rows = [row for row in read_rows(data / "qed-train" / "train-clean.jsonl", "train") if usable(row)]
    rows = [row for row in rows if len(row["context"]) < 4000]
    articles, maker = articles_of(rows), ExampleMaker(seed)
    found: list[Example | None] = []
    for row in rows:
        article = articles[row["title"]]
        answer = row["answers"][0]["text"].casefold()
        found += [maker.positive(row, article, "qed"), maker.beside(row, article, answer)]
    return [example for example in found if example]


def qamr_examples(data: Path, seed: int) -> list[Example]:
    """Return a part of QAMR: short answers in one sentence."""
    maker = ExampleMaker(seed)
    rows = [row for name in ("dev", "test") for row in read_rows(data / "qamr" / f"{name}-clean.jsonl") if usable(row)]
    found = [maker.positive(row, _untitled(row), "qamr") for row in maker.rng.sample(rows, min(MAX_QAMR, len(rows)))]
    return [maker.as_typed(example) for example in found if example]


def _untitled(row: Row) -> Article:
    return Article("", {row["context"]: Paragraph(row["context"])})

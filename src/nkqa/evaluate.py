"""Ask a whole question file through the engine and print how it fared, next to a plain baseline of the same run.

Question files are read by `questions.py`, the rules of scoring are in `scoring.py`.

The baseline is what a tutorial builds: the text cut into 500-character chunks, the same encoder, the chunk nearest to
the question, and the sentence of it that is nearest to the question. It never refuses and reads no history.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nkqa import scoring
from nkqa.ask.pipeline import Engine, EngineSource
from nkqa.calibration import expected_calibration_error, risk_at
from nkqa.errors import SettingsError
from nkqa.questions import read_questions
from nkqa.scoring import CitedText, Prediction, Question, Verdict
from nkqa.settings import Settings
from nkqa.types import Answer, Citation, Document, Encoder, Status

DEPTHS = (1, 3, 5, 10)
# Shares of all answers, the surest first, for which the risk is printed.
COVERAGES = (0.25, 0.5, 0.75, 0.9, 1.0)
CHUNK_CHARS = 500
POOLED_TYPES = ("factoid", "definition", "why_how", "yes_no", "disputed")

Echo = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """All that one system did with a question file: one prediction and one rank for each question, in its order."""

    name: str
    predictions: tuple[Prediction, ...]
    ranks: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Slices:
    """How many citations (those of refusals included) were checked, and how many equal their slice of the source."""

    checked: int
    exact: int


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of one system over some questions; None where a figure does not apply. Times in milliseconds."""

    n: int
    recall_at_1: float | None
    recall_at_3: float | None
    recall_at_5: float | None
    recall_at_10: float | None
    mrr: float | None
    cited_correct: float | None
    accuracy: float | None
    exactness: float | None
    citation_recall: float | None
    citation_precision: float | None
    coverage: float | None
    flags_shown: float | None
    abstention_precision: float | None
    abstention_recall: float | None
    false_abstention: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None


# ------------------------------------------------------------------------------------------------ the engine


def _shown(citation: Citation) -> CitedText:
    """Return a citation as a reader sees it: the excerpt, and behind it the labels and value of each cell it cites."""
    cells = "".join(f" ({cell.row} | {cell.column} | {cell.value})" for cell in citation.cells)
    return CitedText(citation.cited_text + cells, citation.flags)


def _prediction(question: Question, answer: Answer, latency_ms: float) -> Prediction:
    return Prediction(
        question_id=question.id,
        answer=answer.text,
        short=answer.short,
        citations=tuple(_shown(citation) for citation in answer.citations),
        abstained=answer.status is not Status.ANSWERED,
        latency_ms=latency_ms,
        confidence=answer.confidence,
    )


def check_slices(answer: Answer, texts: dict[str, str]) -> Slices:
    """Compare every citation and every closest passage of an answer with its slice of the source.

    `texts` maps document id to source text; a citation of a document that is not there is not exact.
    """
    citations = (*answer.citations, *answer.closest)
    exact = sum(
        citation.document_id in texts
        and texts[citation.document_id][citation.start_char_index : citation.end_char_index] == citation.cited_text
        for citation in citations
    )
    return Slices(len(citations), exact)


def ask_engine(engine: Engine, questions: Sequence[Question]) -> tuple[Result, Slices]:
    """Ask every question, with its history, as a user would; the retrieval behind it is ranked apart, untimed."""
    texts = {document.id: document.text for document in engine.documents}
    predictions: list[Prediction] = []
    ranks: list[int | None] = []
    checked = exact = 0
    for question in questions:
        history = question.history or None
        start = time.perf_counter()
        answer = engine.ask(question.text, history, question.as_of)
        predictions.append(_prediction(question, answer, 1000 * (time.perf_counter() - start)))
        hits = engine.search(question.text, history, max(DEPTHS))
        ranks.append(scoring.first_rank(question, [hit.passage.text for hit in hits]))
        slices = check_slices(answer, texts)
        checked, exact = checked + slices.checked, exact + slices.exact
    return Result("engine", tuple(predictions), tuple(ranks)), Slices(checked, exact)


# ------------------------------------------------------------------------------------------------ the baseline


def cut_chunks(text: str) -> list[str]:
    """Cut a text every CHUNK_CHARS characters, wherever that falls; chunks of white space are left out."""
    chunks = (text[start : start + CHUNK_CHARS] for start in range(0, len(text), CHUNK_CHARS))
    return [chunk for chunk in chunks if chunk.strip()]


def split_sentences(chunk: str) -> list[str]:
    """Split a chunk after ".", "!", "?" and at line ends, with no knowledge of abbreviations."""
    return [piece.strip() for piece in re.split(r"(?<=[.!?])\s+|\n+", chunk) if piece.strip()]


class Tutorial:
    """The baseline: chunks and their sentences as unit vectors, compared with the question by inner product."""

    def __init__(self, documents: Sequence[Document], encoder: Encoder) -> None:
        self.encoder = encoder
        self.chunks = [chunk for document in documents for chunk in cut_chunks(document.text)]
        self.vectors = encoder.encode(self.chunks)
        self.sentences = [split_sentences(chunk) for chunk in self.chunks]
        self.sentence_vectors = [encoder.encode(sentences) for sentences in self.sentences]

    def search(self, vector: NDArray[np.float32], limit: int) -> list[int]:
        """Return the places of the `limit` nearest chunks, best first; equal scores keep the order of the text."""
        return [int(place) for place in np.argsort(-(self.vectors @ vector), kind="stable")[:limit]]

    def ask(self, question: Question) -> tuple[Prediction, list[str]]:
        """Return the answer, and the chunks it was chosen from, best first."""
        start = time.perf_counter()
        vector = self.encoder.encode([question.text])[0]
        found = self.search(vector, max(DEPTHS))
        nearest = int(np.argmax(self.sentence_vectors[found[0]] @ vector))
        sentence = self.sentences[found[0]][nearest]
        latency_ms = 1000 * (time.perf_counter() - start)
        prediction = Prediction(question.id, sentence, None, (CitedText(sentence),), False, latency_ms)
        return prediction, [self.chunks[place] for place in found]


def ask_baseline(tutorial: Tutorial, questions: Sequence[Question]) -> Result:
    """Ask the baseline every question, without its history."""
    predictions: list[Prediction] = []
    ranks: list[int | None] = []
    for question in questions:
        prediction, chunks = tutorial.ask(question)
        predictions.append(prediction)
        ranks.append(scoring.first_rank(question, chunks))
    return Result("tutorial baseline", tuple(predictions), tuple(ranks))


# ------------------------------------------------------------------------------------------------ the figures


def score(questions: Sequence[Question], result: Result, types: Sequence[str]) -> Scores:
    """Return the figures of one system over the questions of some types."""
    chosen = [place for place, question in enumerate(questions) if question.type in types]
    verdicts = [scoring.judge(questions[place], result.predictions[place]) for place in chosen]
    ranks = [result.ranks[place] for place in chosen if questions[place].answerable]
    times = [result.predictions[place].latency_ms for place in chosen]
    recall = {depth: scoring.recall_at(ranks, depth) for depth in DEPTHS}
    return Scores(
        n=len(chosen),
        recall_at_1=recall[1],
        recall_at_3=recall[3],
        recall_at_5=recall[5],
        recall_at_10=recall[10],
        mrr=scoring.mean_reciprocal_rank(ranks),
        latency_p50_ms=scoring.median(times),
        latency_p95_ms=scoring.percentile_95(times),
        **_answer_scores(verdicts),
    )


def _answer_scores(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    metrics = (
        scoring.cited_correct,
        scoring.accuracy,
        scoring.exactness,
        scoring.citation_recall,
        scoring.citation_precision,
        scoring.coverage,
        scoring.flags_shown,
        scoring.abstention_precision,
        scoring.abstention_recall,
        scoring.false_abstention,
    )
    return {metric.__name__: metric(verdicts) for metric in metrics}


def types_of(questions: Sequence[Question]) -> tuple[str, ...]:
    """Return the types of a question file, in the order in which they first occur."""
    return tuple(dict.fromkeys(question.type for question in questions))


# Heading, field of Scores, and whether it is a share (printed in per cent).
_COLUMNS = (
    ("R@1", "recall_at_1", True),
    ("R@3", "recall_at_3", True),
    ("R@5", "recall_at_5", True),
    ("R@10", "recall_at_10", True),
    ("MRR", "mrr", True),
    ("cited-correct", "cited_correct", True),
    ("accuracy", "accuracy", True),
    ("abst-P", "abstention_precision", True),
    ("abst-R", "abstention_recall", True),
    ("false-abst", "false_abstention", True),
    ("p50 ms", "latency_p50_ms", False),
    ("p95 ms", "latency_p95_ms", False),
)


def format_table(questions: Sequence[Question], result: Result) -> Iterator[str]:
    """Yield the lines of one system's table: a row for each type and one for all; "-" where nothing applies."""
    types = types_of(questions)
    width = max(len(name) for name in (*types, result.name))
    yield f"{result.name:{width}} {'n':>5} " + " ".join(f"{heading:>{_width(heading)}}" for heading, _, _ in _COLUMNS)
    for name, chosen in (*((name, (name,)) for name in types), ("ALL", types)):
        scores = score(questions, result, chosen)
        cells = (
            f"{_figure(getattr(scores, field), percent):>{_width(heading)}}" for heading, field, percent in _COLUMNS
        )
        yield f"{name:{width}} {scores.n:5d} " + " ".join(cells)


def _width(heading: str) -> int:
    return max(6, len(heading))


def _figure(value: float | None, percent: bool) -> str:
    """Format a share in per cent, a time in milliseconds, and "-" for what does not apply."""
    return "-" if value is None else f"{100 * value if percent else value:.1f}"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.1f} %)" if whole else "")


def _summary_lines(questions: Sequence[Question], engine: Result, baseline: Result, slices: Slices) -> Iterator[str]:
    pooled = [score(questions, result, POOLED_TYPES).recall_at_5 for result in (engine, baseline)]
    yield f"evidence recall@5 over {', '.join(POOLED_TYPES)}: " + ", ".join(
        f"{result.name} {_figure(value, True)} %" for result, value in zip((engine, baseline), pooled, strict=True)
    )
    ours, theirs = (score(questions, result, types_of(questions)).cited_correct for result in (engine, baseline))
    ratio = f"{ours / theirs:.2f} : 1" if ours is not None and theirs else "-"
    yield f"cited-correct: engine {_figure(ours, True)} %, {baseline.name} {_figure(theirs, True)} %, ratio {ratio}"
    far = [place for place, question in enumerate(questions) if question.type == "unanswerable_far"]
    refused = sum(engine.predictions[place].abstained for place in far)
    yield f"unanswerable_far refused: {_share(refused, len(far))}"
    yield f"citations that slice exactly: {_share(slices.exact, slices.checked)}"
    yield from _calibration_lines(questions, engine)


def _calibration_lines(questions: Sequence[Question], result: Result) -> Iterator[str]:
    """Yield what the confidence of answers is worth; nothing for a system that does not say how sure it is."""
    answered = [place for place, prediction in enumerate(result.predictions) if not prediction.abstained]
    sure = [confidence for place in answered if (confidence := result.predictions[place].confidence) is not None]
    if not sure or len(sure) < len(answered):
        return
    right = [scoring.judge(questions[place], result.predictions[place]).cited_correct for place in answered]
    error = expected_calibration_error(sure, right)
    yield f"confidence: calibration error (ECE) {_figure(error, True)} % over {len(sure)} answers"
    risks = (f"{coverage:.0%} {_figure(risk_at(coverage, sure, right), True)} %" for coverage in COVERAGES)
    yield f"wrong among the surest: {', '.join(risks)}"


def _to_json(prediction: Prediction) -> dict[str, Any]:
    fields = asdict(prediction)
    return {"id": fields.pop("question_id"), **fields}


def _summary(questions: Sequence[Question], results: Sequence[Result], slices: Slices) -> dict[str, Any]:
    types = types_of(questions)
    groups = {**{name: (name,) for name in types}, "ALL": types, "pooled": POOLED_TYPES}
    figures = {
        result.name: {name: asdict(score(questions, result, chosen)) for name, chosen in groups.items()}
        for result in results
    }
    return {"questions": len(questions), "slices": asdict(slices), "scores": figures}


# ------------------------------------------------------------------------------------------------ the command


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """Open a file that takes the place of `path` when all is written; what was there stays if anything goes wrong.

    Raises SettingsError, before anything else is done, for a path that cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "Is a directory", str(path))
        file = draft.open("w", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise SettingsError(
            f"{path} cannot be written ({reason}).", "Name a file in a folder you may write."
        ) from error
    try:
        with file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def evaluate(engine: Engine, questions: Sequence[Question], echo: Echo) -> tuple[tuple[Result, Result], Slices]:
    """Ask the engine and the baseline every question, and print their tables and the lines that sum them up."""
    echo(f"{len(questions)} questions, index {engine.manifest.generation}")
    result, slices = ask_engine(engine, questions)
    baseline = ask_baseline(Tutorial(engine.documents, engine.encoder), questions)
    for one in (result, baseline):
        echo("")
        for line in format_table(questions, one):
            echo(line)
    echo("")
    for line in _summary_lines(questions, result, baseline, slices):
        echo(line)
    return (result, baseline), slices


def run(questions: Path, settings: Settings, out: Path | None, echo: Echo) -> int:
    """Evaluate a question file and return the exit code 0, whatever the figures: they are measured, not judged.

    With `out` the engine's predictions go there, one JSON object a line; the baseline's and all figures go beside it
    (`NAME.baseline.jsonl`, `NAME.summary.json`). Raises QuestionError for a bad question file or question,
    SettingsError for an `out` that cannot be written, NoIndexError and BrokenIndexError as the engine does.
    """
    asked = read_questions(questions, echo)
    if out is None:
        evaluate(EngineSource(settings).current(), asked, echo)
        return 0
    beside = out.with_name(f"{out.stem}.baseline.jsonl"), out.with_name(f"{out.stem}.summary.json")
    with _replacing(out) as ours, _replacing(beside[0]) as theirs, _replacing(beside[1]) as figures:
        results, slices = evaluate(EngineSource(settings).current(), asked, echo)
        for file, result in zip((ours, theirs), results, strict=True):
            for prediction in result.predictions:
                file.write(json.dumps(_to_json(prediction), ensure_ascii=False) + "\n")
        json.dump(_summary(asked, results, slices), figures, ensure_ascii=False, indent=1)
        figures.write("\n")
    echo(f"predictions: {out}; baseline: {beside[0].name}; all figures: {beside[1].name}")
    return 0

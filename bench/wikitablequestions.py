"""Ask WikiTableQuestions of nkqa's table reader: how much it answers, and how much of that is right.

    python bench/wikitablequestions.py --wtq DIR [--split pristine-unseen-tables] [--limit 500]

DIR has the public layout of the data set (Pasupat and Liang 2015): `data/<split>.tsv` with the columns id, utterance,
context and targetValue, and the tables under `csv/`. The data is not part of nkqa. Each table becomes a document with
one Markdown table; its questions are read against that table alone, without retrieval.

Coverage is the share of questions that are answered, precision the share of those that are right; both over all.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nkqa.ask.question import read_question
from nkqa.ask.tables.arithmetic import answer_table_question
from nkqa.ask.tables.grid import Grid, read_grids
from nkqa.ask.tables.reading import read_table_question
from nkqa.build.document import read_document
from nkqa.build.facts.cells import cell_facts
from nkqa.errors import QuestionError
from nkqa.scoring import normalise
from nkqa.store.facts import FactStore, write_facts

MAX_QUESTION_CHARS = 2000
ESCAPES = {"\\n": "\n", "\\p": "|", "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class TableItem:
    """A question, the path of its table below DIR, and the values that answer it."""

    question: str
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions there were, were answered, and were answered right."""

    asked: int
    answered: int
    right: int

    def report(self) -> str:
        """Return one line for people to read."""
        coverage = 100 * self.answered / self.asked if self.asked else 0.0
        precision = 100 * self.right / self.answered if self.answered else 0.0
        return (
            f"{self.asked} questions: answered {self.answered} ({coverage:.1f} %), right {self.right} "
            f"({precision:.1f} % of the answered)"
        )


def read_items(folder: Path, split: str) -> Iterator[TableItem]:
    """Yield the questions of a split; raises QuestionError where the folder has another layout."""
    path = folder / "data" / f"{split}.tsv"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{path} cannot be read.", "Give --wtq the folder that holds data/ and csv/.") from error
    columns = lines[0].split("\t") if lines else []
    if not {"utterance", "context", "targetValue"} <= set(columns):
        raise QuestionError(f"{path} lacks a column.", "It needs utterance, context and targetValue.")
    for line in lines[1:]:
        row = dict(zip(columns, line.split("\t"), strict=False))
        targets = tuple(_unescape(value) for value in row["targetValue"].split("|"))
        yield TableItem(_unescape(row["utterance"]), row["context"], targets)


def read_grid(path: Path, scratch: Path) -> tuple[Grid, ...]:
    """Return the grids of a CSV table, () where it holds no numbers; `scratch` is an empty folder to work in."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, escapechar="\\", doublequote=False) if row]
    document_path = scratch / "table.md"
    document_path.write_text(_markdown(rows), encoding="utf-8")
    document = read_document(document_path, "table.md")
    write_facts(scratch, cell_facts(document))
    return read_grids(FactStore(scratch), {document.id: document})


def ask(item: TableItem, grids: tuple[Grid, ...]) -> str | None:
    """Return the bare answer to a question, or None where the table reader does not answer it."""
    query = read_question(
        item.question, (), max_chars=MAX_QUESTION_CHARS, vocabulary=frozenset(), is_word=lambda _: True
    )
    asked = read_table_question(query, grids)
    finding = answer_table_question(asked) if asked else None
    return finding.short if finding else None


def is_right(answer: str, targets: Sequence[str]) -> bool:
    """Tell whether an answer lists exactly the target values, in any order, in whatever style numbers are written."""
    given = sorted(normalise(part) for part in answer.replace(" and ", ", ").split(", "))
    return given == sorted(normalise(target) for target in targets) or normalise(answer) == normalise(targets[0])


def run(folder: Path, split: str, limit: int) -> Tally:
    """Ask at most `limit` questions of a split."""
    asked = answered = right = 0
    for item in read_items(folder, split):
        if asked == limit:
            break
        asked += 1
        with tempfile.TemporaryDirectory() as scratch:
            answer = ask(item, read_grid(folder / item.table, Path(scratch)))
        answered += answer is not None
        right += answer is not None and is_right(answer, item.targets)
    return Tally(asked, answered, right)


def _unescape(text: str) -> str:
    for written, meant in ESCAPES.items():
        text = text.replace(written, meant)
    return text


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    width = max((len(row) for row in rows), default=0)
    cells = [[*(_cell(value) for value in row), *[""] * (width - len(row))] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]]) + "\n" if lines else "empty\n"


def _cell(value: str) -> str:
    return " ".join(value.split()).replace("|", "\\|")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Ask WikiTableQuestions of the table reader.")
    parser.add_argument("--wtq", type=Path, required=True, help="folder with data/ and csv/")
    parser.add_argument("--split", default="pristine-unseen-tables")
    parser.add_argument("--limit", type=int, default=1_000_000)
    options = parser.parse_args()
    try:
        print(run(options.wtq, options.split, options.limit).report())
    except QuestionError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

"""`python -m training.corpus DATA OUT`: the articles held apart, as a corpus with questions for `nkqa evaluate`.

OUT gets `corpus/`, one plain-text file for each of 20 articles, and two question sets about it, `calibrate.jsonl` and
`test.jsonl`: of every second article each. `docs/decisions/` says what was fitted on the first; the second is for
figures only.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from itertools import chain
from pathlib import Path

from nkqa.types import Span
from training.examples import Paragraph, Row, sentences_of, squad_rows

SEED = 20
ARTICLES = 20
ANSWERABLE_EACH = 40
UNANSWERABLE_EACH = 25


def main() -> None:
    """Read the arguments and write corpus and questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    answerable, unanswerable = squad_rows(arguments.data, "valid")
    titles = sorted({row["title"] for row in answerable})[:ARTICLES]
    (arguments.out / "corpus").mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)  # noqa: S311 - nothing secret
    questions: dict[str, list[Row]] = {"calibrate": [], "test": []}
    for place, title in enumerate(titles):
        rows = [[row for row in kind if row["title"] == title] for kind in (answerable, unanswerable)]
        write_article(arguments.out / "corpus", title, list(chain(*rows)))
        chosen = [
            rng.sample(kind, min(limit, len(kind)))
            for kind, limit in zip(rows, (ANSWERABLE_EACH, UNANSWERABLE_EACH), strict=True)
        ]
        questions["test" if place % 2 else "calibrate"] += [question_of(row) for row in chain(*chosen)]
    for name, found in questions.items():
        lines = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in found)
        (arguments.out / f"{name}.jsonl").write_text(lines, encoding="utf-8")


def write_article(folder: Path, title: str, rows: list[Row]) -> None:
    """Write an article: its title, then each paragraph of its rows once."""
    paragraphs = dict.fromkeys(one_line(row["context"]) for row in rows)
    name = re.sub(r"\W+", "-", title).strip("-").lower()
    text = "\n\n".join([title.replace("_", " "), *paragraphs])
    (folder / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")


def one_line(text: str) -> str:
    """Return a paragraph as one line of the same length."""
    return re.sub(r"\s", " ", text)


def question_of(row: Row) -> Row:
    """Return a row as a line of a question set; the evidence is the sentences that hold the answer."""
    question = {"id": row["id"], "type": "factoid", "question": row["question"], "answerable": row["answerable"]}
    if not row["answerable"]:
        return {**question, "type": "unanswerable_near", "answers": [], "evidence": []}
    paragraph = Paragraph(one_line(row["context"]))
    answer = Span(row["answers"][0]["start"], row["answers"][0]["start"] + len(row["answers"][0]["text"]))
    first, last = sentences_of(paragraph, answer) or (0, len(paragraph.sentences) - 1)
    evidence = [span.of(paragraph.text) for span in paragraph.sentences[first : last + 1]]
    return {**question, "answers": [answer.of(paragraph.text)], "evidence": evidence}


if __name__ == "__main__":
    main()

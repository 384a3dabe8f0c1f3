"""Time warm questions inside one process, stage by stage, next to nothing but an encoder pass of the same question.

    python bench/question.py [--repeat 3] [--questions tests/evaluation/dev.jsonl] [--index-dir index]

For each question, in turn: the whole `Engine.ask`, a bare pass of the engine's encoder, and a bare `encode` of
sentence-transformers with as many threads. The first pass over the file is not measured. Times in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

# Read by the libraries below when they are imported.
os.environ.update({"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"})

import torch
from measure import QUESTIONS, count, percentile, print_machine, print_table
from sentence_transformers import SentenceTransformer

from nkqa.ask.pipeline import Engine, EngineSource
from nkqa.questions import read_questions
from nkqa.scoring import Question
from nkqa.settings import load_settings
from nkqa.store.encoder_export import weights_dir

WHOLE, BARE, ORIGINAL = "Engine.ask, whole", "bare encoder pass", "bare sentence-transformers"


def measure_pass(
    engine: Engine, original: SentenceTransformer, questions: Sequence[Question]
) -> dict[str, list[float]]:
    """Ask every question once; return the milliseconds of each stage and of the two bare passes."""
    times: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        start = time.perf_counter()
        answer = engine.ask(question.text, question.history)
        asked = time.perf_counter()
        engine.encoder.encode([question.text])
        encoded = time.perf_counter()
        original.encode([question.text], normalize_embeddings=True, show_progress_bar=False)
        end = time.perf_counter()
        times[WHOLE].append(1000 * (asked - start))
        times[BARE].append(1000 * (encoded - asked))
        times[ORIGINAL].append(1000 * (end - encoded))
        for timing in answer.timings:
            times[f"  {timing.stage}"].append(timing.ms)
    return times


def main() -> None:
    """Measure and print the table: the whole, its stages, and the two bare passes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=count, default=3, help="measured passes over the question file")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--index-dir", type=Path, default=Path("index"))
    options = parser.parse_args()
    settings = load_settings(index_dir=options.index_dir, remembered_readings=0)
    questions = read_questions(options.questions)
    engine = EngineSource(settings).current()
    torch.set_num_threads(settings.encoder_threads)
    original = SentenceTransformer(str(weights_dir()), device="cpu")
    measure_pass(engine, original, questions)
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(options.repeat):
        for name, values in measure_pass(engine, original, questions).items():
            times[name] += values
    print_machine()
    stages = [name for name in times if name not in {WHOLE, BARE, ORIGINAL}]
    rows = [
        (name, str(len(times[name])), f"{statistics.median(times[name]):.2f}", f"{percentile(times[name], 95):.2f}")
        for name in (WHOLE, *stages, BARE, ORIGINAL)
    ]
    print_table(("ms a question", "n", "p50", "p95"), rows)


if __name__ == "__main__":
    main()

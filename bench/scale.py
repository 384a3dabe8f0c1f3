"""Corpora of growing size: build time, rate and memory, size on disk, memory and latency of the server's engine.

    python bench/scale.py [--passages 1000 10000 100000] [--questions 100] [--folder FOLDER]

The rate is that of the whole build, in texts encoded per second; beside it, in the same run, a bare
sentence-transformers encode of 2,000 of the same texts. With --folder the corpora and indexes stay there. With
--random-vectors nothing is encoded: the time of all else, and the latency and memory of an index of that size, are told
in minutes; answers are then found by words only.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from corpus_maker import PASSAGES_A_REPORT, write_corpus
from measure import count, environment, percentile, print_machine, print_table, resident_mb

from nkqa.build.analyse import analyse
from nkqa.build.document import read_document

BUILD_TIMEOUT_S = 4 * 3600
BARE_TEXTS = 2000
ASK = """
import json, os, sys, time
sys.path.insert(0, sys.argv[3])
from measure import resident_mb
from nkqa.ask.pipeline import EngineSource
from nkqa.settings import load_settings
start = time.perf_counter()
engine = EngineSource(load_settings(index_dir=sys.argv[1], remembered_readings=0)).current()
opened = time.perf_counter() - start
questions = json.loads(open(sys.argv[2]).read())
engine.ask(questions[0])
seconds, answered = [], 0
for question in questions:
    start = time.perf_counter()
    answered += engine.ask(question).status.value == "answered"
    seconds.append(time.perf_counter() - start)
print(json.dumps({"opened": opened, "seconds": seconds, "answered": answered, "mb": resident_mb(os.getpid()),
    "passages": engine.manifest.passages, "views": engine.manifest.views}))
"""
RANDOM = """
import sys
import numpy as np
from nkqa.build import pipeline
from nkqa.settings import load_settings
chance = np.random.default_rng(1)
class Encoder:
    def encode(self, texts):
        vectors = chance.standard_normal((len(texts), 384), dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
pipeline.OnnxEncoder = lambda *_: Encoder()
pipeline.build(load_settings(corpus_dir=sys.argv[2], index_dir=sys.argv[4]))
"""
BARE = """
import json, sys, time
import torch
from sentence_transformers import SentenceTransformer
from nkqa.store.encoder_export import weights_dir
torch.set_num_threads(2)
model = SentenceTransformer(str(weights_dir()), device="cpu")
texts = json.loads(open(sys.argv[1]).read())
model.encode(texts[:32])
start = time.perf_counter()
model.encode(texts, batch_size=32, show_progress_bar=False)
print(len(texts) / (time.perf_counter() - start))
"""


def run(code: str, *arguments: str) -> str:
    """Return what a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
        timeout=BUILD_TIMEOUT_S,
    )
    return done.stdout


def measure(folder: Path, passages: int, questions: int, random_vectors: bool) -> dict[str, Any]:
    """Build a corpus of about so many passages and ask it."""
    asked = list(write_corpus(folder / "corpus", max(1, passages // PASSAGES_A_REPORT)))
    step = max(1, len(asked) // questions)
    (folder / "questions.json").write_text(json.dumps(asked[::step][:questions]), encoding="utf-8")
    folders = ["--corpus-dir", str(folder / "corpus"), "--index-dir", str(folder / "index")]
    start = time.perf_counter()
    command = ["-c", RANDOM] if random_vectors else ["-m", "nkqa", "build"]
    with subprocess.Popen([sys.executable, *command, *folders], env=environment()) as builder:
        most = 0.0
        while builder.poll() is None:
            most = max(most, _resident(builder.pid))
            time.sleep(0.2)
    seconds = time.perf_counter() - start
    found: dict[str, Any] = json.loads(
        run(ASK, str(folder / "index"), str(folder / "questions.json"), str(Path(__file__).parent))
    )
    (folder / "texts.json").write_text(json.dumps(_some_texts(folder / "corpus")), encoding="utf-8")
    bare = float(run(BARE, str(folder / "texts.json")))
    size = sum(
        path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file() and "models" not in path.parts
    )
    return {**found, "build": seconds, "build_mb": most, "bare": bare, "disk_mb": size / 1e6}


def _some_texts(corpus: Path) -> list[str]:
    """Return texts that a build encodes, from the first documents; at most BARE_TEXTS."""
    documents = (read_document(path, path.name) for path in sorted(corpus.iterdir()))
    return list(islice((view.text for document in documents for view in analyse(document).views), BARE_TEXTS))


def _resident(pid: int) -> float:
    try:
        return resident_mb(pid)
    except (ProcessLookupError, FileNotFoundError):
        return 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=count, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--questions", type=count, default=100)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--random-vectors", action="store_true")
    options = parser.parse_args()
    print_machine()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for passages in options.passages:
            made = measure(
                (options.folder or Path(name)) / str(passages), passages, options.questions, options.random_vectors
            )
            p50, p95 = (1000 * percentile(made["seconds"], percent) for percent in (50, 95))
            rows.append(
                (
                    f"{made['passages']} passages, {made['views']} texts",
                    *(f"{made['build']:.0f}", f"{made['views'] / made['build']:.0f}", f"{made['bare']:.0f}"),
                    *(
                        f"{made['build_mb']:.0f}",
                        f"{made['disk_mb']:.0f}",
                        f"{made['opened']:.1f}",
                        f"{made['mb']:.0f}",
                    ),
                    *(f"{p50:.0f}", f"{p95:.0f}", f"{made['answered']}/{len(made['seconds'])}"),
                )
            )
            print(rows[-1], flush=True)
    heading = (
        "corpus",
        "build s",
        "texts/s",
        "bare/s",
        "build MB",
        "disk MB",
        "open s",
        "MB",
        "p50 ms",
        "p95 ms",
        "answered",
    )
    print_table(heading, rows)
    print(f"most memory of a child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()

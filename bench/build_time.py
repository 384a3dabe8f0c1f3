"""Time `nkqa build` in a fresh process: from nothing, with the exported model already there, and with nothing to do.

    python bench/build_time.py [--repeat 3] [--corpus-dir corpus]

Builds in a temporary folder; an existing index is not touched. The goal for the article is under 15 s on 2 cores.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from measure import count, print_machine, print_table, process_seconds, spread

MODELS = "models"


def build_seconds(index_dir: Path, corpus_dir: Path) -> float:
    """Return the wall time of one build."""
    command = [sys.executable, "-m", "nkqa", "build", "--index-dir", str(index_dir), "--corpus-dir", str(corpus_dir)]
    return process_seconds(command)


def drop_generations(index_dir: Path) -> None:
    """Delete all of an index but the exported model."""
    for path in index_dir.iterdir():
        if path.is_dir() and path.name != MODELS:
            shutil.rmtree(path)
        elif not path.is_dir():
            path.unlink()


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=count, default=3, help="measured builds of each kind")
    parser.add_argument("--corpus-dir", type=Path, default=Path("corpus"))
    options = parser.parse_args()
    nothing: list[float] = []
    with_model: list[float] = []
    unchanged: list[float] = []
    for _ in range(options.repeat):
        with tempfile.TemporaryDirectory(prefix="nkqa-bench-") as folder:
            index_dir = Path(folder) / "index"
            nothing.append(build_seconds(index_dir, options.corpus_dir))
            drop_generations(index_dir)
            with_model.append(build_seconds(index_dir, options.corpus_dir))
            unchanged.append(build_seconds(index_dir, options.corpus_dir))
    print_machine()
    rows = [("from nothing", *spread(nothing)), ("model exported before", *spread(with_model))]
    rows.append(("nothing to do", *spread(unchanged)))
    print_table(("nkqa build, wall time, s", "median", "min", "max"), rows)


if __name__ == "__main__":
    main()

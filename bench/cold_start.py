"""Time one question in a fresh process against importing sentence-transformers in a fresh process.

    python bench/cold_start.py [--repeat 7] [--question TEXT] [--index-dir index]

Both are run in turn, after one unmeasured run of each (so that their files are in the page cache). The goal is that
`nkqa ask`, start to end, takes at most a fifth of that import alone.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from measure import count, print_machine, print_table, process_seconds, spread

GOAL = 1 / 5


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=count, default=7, help="measured runs of each")
    parser.add_argument("--question", default="How many defectors arrived in South Korea in 2009?")
    parser.add_argument("--index-dir", type=Path, default=Path("index"))
    options = parser.parse_args()
    commands = {
        "nkqa ask": [sys.executable, "-m", "nkqa", "ask", options.question, "--index-dir", str(options.index_dir)],
        "import sentence_transformers": [sys.executable, "-c", "import sentence_transformers"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for repetition in range(options.repeat + 1):
        for name, command in commands.items():
            taken = process_seconds(command)
            if repetition:
                seconds[name].append(taken)
    print_machine()
    print_table(("wall time, s", "median", "min", "max"), [(name, *spread(taken)) for name, taken in seconds.items()])
    ours, theirs = (statistics.median(taken) for taken in seconds.values())
    print(f"ratio of the medians: {ours / theirs:.3f} (goal: at most {GOAL:.3f})")


if __name__ == "__main__":
    main()

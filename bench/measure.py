"""What the benches share: timing a fresh process, resident memory, percentiles, a table.

Figures of different runs are compared only when both sides were measured in the same run, in turn.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "tests" / "evaluation" / "dev.jsonl"
PROCESS_TIMEOUT_S = 600


def environment() -> dict[str, str]:
    """Return this process's environment with the settings under which nkqa's libraries are run.

    What was asked before is not remembered: a question costs what a new one costs.
    """
    fixed = {
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": "1",
        "NKQA_REMEMBERED_READINGS": "0",
    }
    return {**os.environ, **fixed}


def process_seconds(command: Sequence[str]) -> float:
    """Return the wall time of a fresh process from start to end, in seconds.

    Raises CalledProcessError where it fails and TimeoutExpired where it does not end; its output is not shown.
    """
    start = time.perf_counter()
    subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        check=True,
        timeout=PROCESS_TIMEOUT_S,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in megabytes (10^6 bytes), from /proc (Linux only)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ProcessLookupError(f"process {pid} has ended")


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that at least `percent` % of the values do not exceed; `values` must not be empty."""
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def spread(values: Sequence[float]) -> tuple[str, ...]:
    """Return median, smallest and largest value, formatted; `values` must not be empty."""
    return tuple(f"{value:.2f}" for value in (statistics.median(values), min(values), max(values)))


def print_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under a heading; the first column is text, the others are figures."""
    lines = [tuple(heading), *map(tuple, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    for line in lines:
        first, *others = (
            f"{cell:<{width}}" if column == 0 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join((first, *others)).rstrip())


def print_machine() -> None:
    """Print what the figures depend on besides the code."""
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}")


def count(text: str) -> int:
    """Read a number of repetitions from 1 to 100,000, for argparse."""
    number = int(text)
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError(f"{number} is not from 1 to 100000")
    return number

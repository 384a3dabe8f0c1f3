"""Watch the resident memory of a real server while it answers a thousand questions over HTTP (Linux only).

    python bench/server_memory.py [--count 1000] [--clients 4] [--questions tests/evaluation/dev.jsonl]

Starts `nkqa serve` on a free port, asks the questions of the file in a circle with their histories, and reports the
memory after the start, after 100 questions, half-way, after all, and at its highest. The goal is under 450 MB, without
growth after the first 100; `--count 4000` shows whether a small growth has an end.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import IO

from measure import QUESTIONS, ROOT, count, environment, print_machine, print_table, resident_mb

from nkqa.questions import read_questions
from nkqa.scoring import Question

START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 30
REQUEST_TIMEOUT_S = 60
WARM = 100
GOAL_MB = 450
_ADDRESS = re.compile(r"nkqa serves on (http://\S+)")


@contextmanager
def running_server(index_dir: Path, **settings: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server on a free port, yield it with its address, and end it. Shows its log if it does not start."""
    own = {f"NKQA_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "nkqa", "serve", "--port", "0", "--index-dir", str(index_dir)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment() | own,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield server, _address(server, log)
        finally:
            server.terminate()
            try:
                server.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _address(server: subprocess.Popen[str], log: IO[str]) -> str:
    """Wait for the line in which the server says where it listens."""
    if server.stdout is None:
        raise RuntimeError("the server's output is not captured")
    give_up = threading.Timer(START_TIMEOUT_S, server.kill)
    give_up.start()
    try:
        for line in server.stdout:
            if found := _ADDRESS.search(line):
                return found[1]
    finally:
        give_up.cancel()
    log.seek(0)
    raise RuntimeError(f"the server did not start:\n{log.read()}")


def ask(address: str, question: Question) -> str:
    """Ask over HTTP and return the status of the answer."""
    body = json.dumps({"question": question.text, "history": list(question.history) or None}).encode()
    request = urllib.request.Request(f"{address}api/ask", body, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as response:  # noqa: S310 (our own server)
        return str(json.load(response)["status"])


def watch(pid: int, address: str, questions: Sequence[Question], clients: int) -> tuple[list[float], Counter[str]]:
    """Ask all questions, `clients` at a time; return the memory after each in MB, and how many of each status."""
    memory: list[float] = []
    statuses: Counter[str] = Counter()
    with ThreadPoolExecutor(clients) as pool:
        for status in pool.map(lambda question: ask(address, question), questions):
            statuses[status] += 1
            memory.append(resident_mb(pid))
    return memory, statuses


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=count, default=1000, help="questions asked")
    parser.add_argument("--clients", type=count, default=4, help="questions asked at the same time")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--index-dir", type=Path, default=Path("index"))
    options = parser.parse_args()
    questions = list(islice(cycle(read_questions(options.questions)), options.count))
    with running_server(options.index_dir) as (server, address):
        start = resident_mb(server.pid)
        memory, statuses = watch(server.pid, address, questions, options.clients)
    warm = memory[min(WARM, len(memory)) - 1]
    rows = [
        ("after the start", f"{start:.0f}"),
        (f"after {min(WARM, len(memory))} questions", f"{warm:.0f}"),
        (f"after {len(memory) // 2} questions", f"{memory[len(memory) // 2 - 1]:.0f}"),
        (f"after {len(memory)} questions", f"{memory[-1]:.0f}"),
        (f"highest (goal: under {GOAL_MB})", f"{max(start, *memory):.0f}"),
        ("growth after the first 100 (goal: none)", f"{memory[-1] - warm:+.0f}"),
    ]
    print_machine()
    print_table(("resident memory of the server", "MB"), rows)
    print("answers: " + ", ".join(f"{number} {status}" for status, number in statuses.most_common()))


if __name__ == "__main__":
    main()

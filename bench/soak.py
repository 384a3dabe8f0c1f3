"""Watch the resident memory of a real server over very many requests of all kinds (Linux only).

    python bench/soak.py [--count 100000] [--clients 4] [--index-dir index] [--questions tests/evaluation/dev.jsonl]

Questions, pages, scripts, facts, documents, suggestions and refused requests come in turn. Memory is
noted after every 1,000; growth counts from 5,000 requests on, when every cache has filled. The goal is none.
Readings are remembered as a server does by itself: without that, 40,000 questions take hours.
"""

from __future__ import annotations

import argparse
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count as counting
from itertools import islice
from pathlib import Path

from load import Client, bodies
from measure import QUESTIONS, count, print_machine, print_table, resident_mb
from server_memory import running_server

from nkqa.settings import load_settings

SAMPLE_EVERY = 1000
WARM = 5000


@dataclass(frozen=True, slots=True)
class Request:
    """One request; a body of None makes it a GET."""

    path: str
    body: bytes | None = None


def mixture(asked: Sequence[bytes]) -> Iterator[Request]:
    """Yield requests without end: of ten, four are questions and one is refused."""
    for number in counting():
        question = asked[number % len(asked)]
        yield Request("/api/ask", question)
        yield Request("/")
        yield Request("/api/facts?limit=20&offset=" + str(number * 7 % 200))
        yield Request("/api/ask", asked[number * 3 % len(asked)])
        yield Request("/static/app.js")
        yield Request("/api/documents")
        yield Request("/api/ask", asked[number * 5 % len(asked)])
        yield Request("/api/timeline?place=" + str(number % 50))
        yield Request("/api/ask", asked[number * 7 % len(asked)])
        yield Request(f"/api/answers/{number}")


def soak(
    pid: int, address: str, requests: Iterator[Request], clients: int, number: int
) -> tuple[list[float], Counter[int]]:
    """Send so many requests; return the memory in MB after each SAMPLE_EVERY, and the statuses."""
    open_clients = [Client(address) for _ in range(clients)]
    statuses: Counter[int] = Counter()
    memory: list[float] = []

    def work(client: Client, mine: Sequence[Request]) -> Counter[int]:
        return Counter(client.call("POST" if r.body else "GET", r.path, r.body)[0] for r in mine)

    with ThreadPoolExecutor(clients) as pool:
        for _ in range(0, number, SAMPLE_EVERY):
            batch = list(islice(requests, SAMPLE_EVERY))
            for found in pool.map(work, open_clients, [batch[start::clients] for start in range(clients)]):
                statuses += found
            memory.append(resident_mb(pid))
            print(f"{len(memory) * SAMPLE_EVERY} requests: {memory[-1]:.0f} MB", flush=True)
    return memory, statuses


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=count, default=100_000, help="requests sent, rounded up to thousands")
    parser.add_argument("--clients", type=count, default=4)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--index-dir", type=Path, default=Path("index"))
    options = parser.parse_args()
    remembered = load_settings().remembered_readings
    with running_server(options.index_dir, remembered_readings=remembered) as (server, address):
        start = resident_mb(server.pid)
        requests = mixture(bodies(options.questions))
        memory, statuses = soak(server.pid, address, requests, options.clients, options.count)
    warm = min(WARM // SAMPLE_EVERY, len(memory)) - 1
    tail = memory[warm:]
    rows = [
        ("after the start", f"{start:.0f}"),
        (f"after {(warm + 1) * SAMPLE_EVERY} requests", f"{memory[warm]:.0f}"),
        (f"after {len(memory) * SAMPLE_EVERY} requests", f"{memory[-1]:.0f}"),
        ("highest", f"{max(memory):.0f}"),
        ("growth from the first to the last half of what follows", f"{_halves(tail):+.1f}"),
    ]
    print_machine()
    print_table(("resident memory of the server", "MB"), rows)
    print("statuses: " + ", ".join(f"{number} of {status}" for status, number in sorted(statuses.items())))


def _halves(samples: Sequence[float]) -> float:
    """Return by how much the median of the last half lies above that of the first; 0 for fewer than two samples."""
    middle = len(samples) // 2
    return statistics.median(samples[middle:]) - statistics.median(samples[:middle]) if middle else 0.0


if __name__ == "__main__":
    main()

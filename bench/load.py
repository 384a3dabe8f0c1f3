"""Put a real server under load: throughput beside a bare endpoint, and what slow clients and floods do.

    python bench/load.py [--seconds 10] [--clients 8] [--index-dir index] [--questions tests/evaluation/dev.jsonl]

The floor is a WSGI application under the same waitress that encodes the question, searches the same vectors and returns
five passages as JSON: all that a service without reading, facts and proofs would do.
"""

from __future__ import annotations

import argparse
import http.client
import json
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count as counting
from pathlib import Path
from urllib.parse import urlsplit

from measure import QUESTIONS, count, environment, percentile, print_machine, print_table
from server_memory import running_server

from nkqa.questions import read_questions

TIMEOUT_S = 60
HEADERS = {"Content-Type": "application/json"}
FLOOR = """
import json, logging, sys
from pathlib import Path
from waitress import create_server
from nkqa.store.encoder import OnnxEncoder, model_dir
from nkqa.store.generation import open_current
logging.getLogger("waitress.queue").disabled = True  # as in nkqa: a line for each request that waits
index = Path(sys.argv[1])
tier = open_current(index).tiers[0]
encoder = OnnxEncoder(model_dir(index), 2)
def app(environ, start_response):
    question = json.loads(environ["wsgi.input"].read())["question"]
    hits = tier.vectors.search(encoder.encode([question])[0], 5)
    body = json.dumps([tier.passages[row].text for row in hits]).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
server = create_server(app, host="127.0.0.1", port=0, threads=8)
print(f"nkqa serves on http://127.0.0.1:{server.effective_port}/", flush=True)
server.run()
"""


class Client:
    """One connection that stays open."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes, float]:
        """Return status, body and seconds of one request."""
        start = time.perf_counter()
        self.connection.request(method, path, body, HEADERS if body else {})
        response = self.connection.getresponse()
        content = response.read()
        return response.status, content, time.perf_counter() - start


def bodies(questions: Path) -> list[bytes]:
    """Return the questions of a file as request bodies."""
    return [
        json.dumps({"question": q.text, "history": list(q.history) or None}).encode() for q in read_questions(questions)
    ]


def throughput(address: str, asked: Sequence[bytes], clients: int, seconds: float) -> tuple[list[float], Counter[int]]:
    """Ask in a circle for so many seconds; return the seconds of each request, and the statuses."""
    numbers, end = counting(), time.perf_counter() + seconds
    took: list[float] = []
    statuses: Counter[int] = Counter()

    def work(_: int) -> None:
        client = Client(address)
        while time.perf_counter() < end:
            status, _body, s = client.call("POST", "/api/ask", asked[next(numbers) % len(asked)])
            took.append(s)
            statuses[status] += 1

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    return took, statuses


def stage_seconds(address: str) -> dict[str, float]:
    """Return what the server has spent in each stage so far, from its metrics."""
    _, content, _ = Client(address).call("GET", "/metrics")
    found: dict[str, float] = defaultdict(float)
    for line in content.decode().splitlines():
        if line.startswith("nkqa_question_stage_seconds_sum{"):
            found[line.split('"')[1]] = float(line.rsplit(" ", 1)[1])
    return found


@contextmanager
def slow_clients(address: str, headers: int = 50, slow_bodies: int = 50, idle: int = 300) -> Iterator[None]:
    """Hold connections open that send headers or bodies a byte at a time, or nothing."""
    parts = urlsplit(address)
    start = b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\n"
    whole = start + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    opened = [socket.create_connection((parts.hostname, parts.port)) for _ in range(headers + slow_bodies + idle)]
    for number, connection in enumerate(opened[: headers + slow_bodies]):
        connection.sendall(start if number < headers else whole)
    stop = threading.Event()

    def dribble() -> None:
        while not stop.wait(0.5):
            for connection in opened[: headers + slow_bodies]:
                try:
                    connection.send(b"x")
                except OSError:
                    continue  # cut off, as it should be

    thread = threading.Thread(target=dribble)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for connection in opened:
            connection.close()


def health(address: str, seconds: float) -> list[float]:
    """Look at /healthz on a new connection ten times a second; return the seconds of each."""
    took, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        status, _, _ = Client(address).call("GET", "/healthz")
        took.append(time.perf_counter() - start)
        if status != 200:
            raise RuntimeError(f"/healthz answered {status}")
        time.sleep(0.1)
    return took


def flood(address: str, asked: Sequence[bytes], connections: int) -> dict[str, list[float]]:
    """Send one question on each of many connections at once; return the seconds by status, or by name of the error.

    One thread watches all of them, so that the time is the server's and not that of waiting threads here.
    """
    parts = urlsplit(address)
    selector = selectors.DefaultSelector()
    opened = [socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_S) for _ in range(connections)]
    for number, connection in enumerate(opened):
        body = asked[number % len(asked)]
        head = f"POST /api/ask HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        sent = time.perf_counter()
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        selector.register(connection, selectors.EVENT_READ, (connection, sent))
    found: dict[str, list[float]] = defaultdict(list)
    while selector.get_map():
        for key, _ in selector.select():
            connection, sent = key.data
            found[_status(connection)].append(time.perf_counter() - sent)
            selector.unregister(connection)
    for connection in opened:
        connection.close()
    return found


def _status(connection: socket.socket) -> str:
    try:
        return connection.recv(65536).split()[1].decode()
    except IndexError:
        return "closed without an answer"
    except OSError as error:
        return type(error).__name__


@contextmanager
def running_floor(index_dir: Path) -> Iterator[str]:
    """Start the bare endpoint and yield its address."""
    command = [sys.executable, "-c", FLOOR, str(index_dir)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the output of the bare endpoint is not captured")
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def _row(name: str, took: Sequence[float]) -> tuple[str, ...]:
    return (name, str(len(took)), *(f"{percentile(took, share) * 1000:.1f}" for share in (50, 95, 99)))


def _rates(options: argparse.Namespace, address: str, floor: str, asked: Sequence[bytes]) -> None:
    rows = []
    for name, at in (("nkqa", address), ("bare endpoint", floor)):
        throughput(at, asked, 2, 2)  # warm
        for clients in (1, options.clients):
            took, statuses = throughput(at, asked, clients, options.seconds)
            label = f"{name}, {clients} clients, {len(took) / options.seconds:.0f}/s, {dict(statuses)}"
            rows.append(_row(label, took))
    print_table(("throughput", "requests", "p50 ms", "p95 ms", "p99 ms"), rows)
    stages = stage_seconds(address)
    print("time by stage: " + ", ".join(f"{name} {s / stages['total']:.0%}" for name, s in stages.items()))


def _under(name: str, address: str, act: Callable[[], object]) -> tuple[str, ...]:
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(health, address, 3)
        act()
        return _row(f"/healthz, {name}", looking.result())


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=count, default=10, help="time of each measurement of throughput")
    parser.add_argument("--clients", type=count, default=8)
    parser.add_argument("--connections", type=count, default=200, help="questions sent at once by the flood")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--index-dir", type=Path, default=Path("index"))
    options = parser.parse_args()
    asked = bodies(options.questions)
    print_machine()
    with running_server(options.index_dir) as (_, address), running_floor(options.index_dir) as floor:
        _rates(options, address, floor, asked)
        rows = [_under("nothing else", address, lambda: None)]
        rows.append(
            _under(f"{options.clients} clients", address, lambda: throughput(address, asked, options.clients, 3))
        )
        with slow_clients(address):
            rows.append(_under("50 slow headers, 50 slow bodies, 300 idle", address, lambda: None))
        found: dict[str, list[float]] = {}
        rows.append(_under("flood", address, lambda: found.update(flood(address, asked, options.connections))))
        rows += [_row(f"flood of {options.connections}: {status}", took) for status, took in sorted(found.items())]
    print_table(("under load", "requests", "p50 ms", "p95 ms", "p99 ms"), rows)


if __name__ == "__main__":
    main()

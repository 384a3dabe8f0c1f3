"""The server under load, in this process: a real waitress, real sockets, an application that is slow on demand."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

import pytest
from waitress import wasyncore
from waitress.task import ThreadedTaskDispatcher

from nkqa.serve import channel, server
from nkqa.serve.app import Application
from nkqa.serve.gate import Gate
from nkqa.serve.metrics import Metrics
from nkqa.settings import Settings

TIMEOUT_S = 20
THREADS, WAITING = 2, 3
LARGE_BYTES = 40_000_000
REQUEST = b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class NoExpressLane(Gate):
    """The null control: everything waits in one queue."""

    def add_task(self, task):
        ThreadedTaskDispatcher.add_task(self, task)


class Server(NamedTuple):
    """Where it listens, what lets /slow answer, a list that grows with each refusal, and how to stop it."""

    address: tuple[str, int]
    go: threading.Event
    refusals: list[int]
    stop: threading.Event
    thread: threading.Thread


@contextmanager
def running(gate_class=Gate):
    """Serve /slow, which answers once `go` is set, and /healthz; yield address, `go` and the number of refusals."""
    go, refusals, stop = threading.Event(), [], threading.Event()
    app = Application("limits")
    app.metrics = Metrics()
    app.add_url_rule("/slow", "slow", lambda: ("slow", go.wait(TIMEOUT_S))[0], methods=["GET", "POST"])
    app.add_url_rule("/v1/slow", "compatible", lambda: ("slow", go.wait(TIMEOUT_S))[0])
    large = partial(app.response_class, headers={"Content-Length": LARGE_BYTES})
    app.add_url_rule("/large", "large", lambda: large(b"x" * (LARGE_BYTES // 40) for _ in range(40)))
    app.add_url_rule("/healthz", "health", lambda: "ok")
    settings = Settings(port=0, threads=THREADS, max_waiting=WAITING)
    gate = gate_class(THREADS, WAITING, lambda: refusals.append(1))
    until(lambda: gate.idle == THREADS)  # a worker that has not begun counts as busy
    listener = server.listen("127.0.0.1", 0)
    channels: dict[int, object] = {}
    made = server._make_server(app, settings, listener, channels, gate)

    def loop():
        while not stop.is_set():
            wasyncore.loop(timeout=0.1, use_poll=True, map=channels, count=1)
            made.cut_off_slow_clients()
        server._drain(made, channels)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield Server(listener.getsockname(), go, refusals, stop, thread)
    finally:
        go.set()
        stop.set()
        thread.join()


def until(done):
    deadline = time.monotonic() + TIMEOUT_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def connect(address, request=b""):
    connection = socket.create_connection(address, timeout=TIMEOUT_S)
    connection.sendall(request)
    return connection


def status_of(connection):
    """Return status and all of the answer, which may come in pieces; 0 where the connection ends without one."""
    data = connection.recv(65536)
    while data and (missing := missing_bytes(data)) and (more := connection.recv(missing)):
        data += more
    return (int(data.split()[1]) if data else 0), data


def missing_bytes(data):
    """Return how many bytes of an answer have not come yet, as far as its head tells."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return max(0, int(length[1]) - len(body)) if end and length else 0


def status_within(connection, seconds):
    """Return the status of an answer; None where none begins to come in that time."""
    connection.settimeout(seconds)
    try:
        return status_of(connection)[0]
    except TimeoutError:
        return None


def flooded(address, number=30):
    """Send requests until all workers and places are taken, and some more."""
    connections = [connect(address, REQUEST) for _ in range(number)]
    time.sleep(0.3)
    return connections


def close_all(connections):
    for connection in connections:
        connection.close()


def test_what_neither_runs_nor_waits_is_refused_at_once_and_the_rest_is_answered():
    with running() as (address, go, refusals, *_):
        connections = flooded(address)
        start = time.perf_counter()
        last = connect(address, REQUEST)
        status, data = status_of(last)
        assert time.perf_counter() - start < 0.5  # 50 ms on a quiet machine: bench/load.py
        assert status == 503
        assert b"Retry-After: " in data
        assert b"application/problem+json" in data
        assert json.loads(data.partition(b"\r\n\r\n")[2])["remedy"]
        go.set()
        statuses = sorted(status_of(connection)[0] for connection in connections)
        close_all([*connections, last])
    assert statuses == [200] * (THREADS + WAITING) + [503] * (30 - THREADS - WAITING)
    assert len(refusals) == statuses.count(503) + 1


def test_a_refused_request_waits_for_the_answer_before_it(monkeypatch):
    at_once = []
    refuse = channel.Channel.refuse
    monkeypatch.setattr(channel.Channel, "refuse", lambda self: at_once.append(refuse(self)) or at_once[-1])
    with running() as (address, go, refusals, *_):
        twice = socket.socket()
        twice.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)  # little lies between the server and the client
        twice.settimeout(TIMEOUT_S)
        twice.connect(address)
        twice.sendall(REQUEST.replace(b"/slow", b"/large") + REQUEST)
        others = flooded(address, THREADS + WAITING - 1)
        answers = twice.makefile("rb")
        data = answers.read(LARGE_BYTES * 3 // 4)
        until(lambda: refusals)
        data += answers.read()
        go.set()
        statuses = [status_of(connection)[0] for connection in others]
        close_all([answers, twice, *others])
    assert at_once == [False]
    first, _, rest = data.partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 200 ")
    body, second, _ = rest.partition(b"HTTP/1.1 503 ")
    assert body.count(b"x") == LARGE_BYTES
    assert second
    assert statuses == [200] * len(others)


@pytest.mark.parametrize("behind", [REQUEST, HEALTH, b"POST /slow HTTP/1.1\r\nExpect: 100-continue\r\n\r\n"])
def test_what_follows_a_refused_request_is_no_work(behind):
    with running() as (address, _, refusals, *_):
        connections = flooded(address, THREADS + WAITING)
        last = connect(address, REQUEST + behind)
        data = b"".join(iter(lambda: last.recv(65536), b""))
        close_all([*connections, last])
    assert data.startswith(b"HTTP/1.1 503 ")
    assert data.count(b"HTTP/1.") == 1
    assert len(refusals) == 1


def test_a_crowd_is_accepted_in_one_round(monkeypatch):
    channels: dict[int, object] = {}
    gate = Gate(THREADS, WAITING, lambda: None)
    listener = server.listen("127.0.0.1", 0)
    made = server._make_server(Application("crowd"), Settings(port=0), listener, channels, gate)
    monkeypatch.setattr(server, "ACCEPTED_AT_ONCE", 30)
    crowd = [connect(listener.getsockname()) for _ in range(50)]
    accepted = []
    for _ in range(2):
        wasyncore.loop(timeout=1, use_poll=True, map=channels, count=1)
        accepted.append(len(made.active_channels))
    close_all(crowd)
    gate.shutdown()
    wasyncore.close_all(channels)
    assert accepted == [30, 50]


def test_a_refusal_of_head_has_no_body():
    with running() as (address, *_):
        connections = flooded(address, THREADS + WAITING)
        last = connect(address, REQUEST.replace(b"GET", b"HEAD"))
        data = b"".join(iter(lambda: last.recv(65536), b""))
        close_all([*connections, last])
    assert data.startswith(b"HTTP/1.1 503 ")
    assert data.endswith(b"\r\n\r\n")


def test_what_is_refused_under_v1_is_refused_in_openai_s_form():
    with running() as (address, go, *_):
        connections = flooded(address)
        last = connect(address, REQUEST.replace(b"/slow", b"/v1/slow"))
        status, data = status_of(last)
        go.set()
        close_all([*connections, last])
    head, _, body = data.partition(b"\r\n\r\n")
    assert status == 503
    assert b"Content-Type: application/json\r\n" in head
    assert b"Retry-After: " in head
    assert json.loads(body)["error"]["type"] == "server_error"


@pytest.mark.parametrize(("gate_class", "answers"), [(Gate, True), (NoExpressLane, False)])
def test_health_does_not_wait_in_the_queue(gate_class, answers):
    with running(gate_class) as (address, *_):
        connections = flooded(address)
        looking = connect(address, HEALTH)
        looking.settimeout(1)
        try:
            status, _ = status_of(looking)
        except TimeoutError:
            status = 0
        close_all([*connections, looking])
    assert (status == 200) is answers


def test_slow_clients_hold_no_worker():
    with running() as (address, go, *_):
        go.set()
        head = b"POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        slow = [connect(address, head) for _ in range(50)]
        slow += [connect(address, head + b"\r\nx") for _ in range(50)]
        slow += [connect(address) for _ in range(100)]
        start = time.perf_counter()
        for request in (HEALTH, REQUEST):
            fast = connect(address, request)
            assert status_of(fast)[0] == 200
            fast.close()
        assert time.perf_counter() - start < 1
        close_all(slow)


@pytest.mark.parametrize(("timeout_s", "status"), [(0.2, 408), (60.0, None)])
@pytest.mark.parametrize("begun", [b"GET / HTTP/1.1\r\nHost: ", REQUEST[:-2] + b"Content-Length: 999\r\n\r\n"])
def test_a_request_that_dribbles_is_refused(monkeypatch, begun, timeout_s, status):
    monkeypatch.setattr(channel, "HEADERS_TIMEOUT_S", timeout_s)
    monkeypatch.setattr(channel, "BODY_TIMEOUT_S", timeout_s)
    with running() as (address, *_):
        connection = connect(address, begun)
        got, end = None, time.monotonic() + 2
        while got is None and time.monotonic() < end:
            connection.sendall(b"x")
            got = status_within(connection, 0.1)
        connection.close()
    assert got == status


@pytest.mark.parametrize(("timeout_s", "closed"), [(0.3, True), (60.0, False)])
def test_a_client_that_does_not_read_frees_its_worker(monkeypatch, timeout_s, closed):
    monkeypatch.setattr(channel, "IDLE_TIMEOUT_S", timeout_s)
    with running() as (address, go, *_):
        go.set()
        unread = [connect(address, REQUEST.replace(b"/slow", b"/large")) for _ in range(THREADS)]
        time.sleep(0.3)
        other = connect(address, REQUEST)
        status = status_within(other, 2)
        close_all([*unread, other])
    assert (status == 200) is closed


@pytest.mark.parametrize(("crowded", "status"), [(20, 200), (1000, None)])
def test_silent_connections_make_room_for_those_who_ask(monkeypatch, crowded, status):
    monkeypatch.setattr(server, "CONNECTION_LIMIT", 30)
    monkeypatch.setattr(server, "CROWDED", crowded)
    monkeypatch.setattr(channel, "SILENT_S", 0.2)
    with running() as (address, go, *_):
        asked = connect(address, REQUEST)  # it waits for its answer, and is not silent
        time.sleep(0.2)
        silent = [connect(address) for _ in range(50)]
        late = connect(address, HEALTH)
        got = status_within(late, 6)
        go.set()
        assert status_of(asked)[0] == 200
        close_all([asked, late, *silent])
    assert got == status


@pytest.mark.parametrize(("stall_s", "in_time"), [(0.5, True), (60.0, False)])
def test_stopping_answers_what_runs_and_waits_and_no_client_holds_it(monkeypatch, stall_s, in_time):
    monkeypatch.setattr(server, "DRAIN_STALL_S", stall_s)
    monkeypatch.setattr(server, "DRAIN_TIMEOUT_S", 4.0)
    with running() as (address, go, _, stop, thread):
        unread = connect(address, REQUEST.replace(b"/slow", b"/large"))
        idle = connect(address)
        asked = [connect(address, REQUEST) for _ in range(THREADS + WAITING - 1)]
        time.sleep(0.3)
        stop.set()
        time.sleep(0.2)
        go.set()
        statuses = [status_of(connection)[0] for connection in asked]
        thread.join(3)
        ended = not thread.is_alive()
        close_all([unread, idle, *asked])
    assert statuses == [200] * len(asked)
    assert ended is in_time

"""`nkqa serve` as a process: its one line, its end, and what the server itself refuses."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import threading

import pytest
from processes import TIMEOUT_S, command, running

from nkqa.serve.guard import SECURITY_HEADERS

pytestmark = pytest.mark.model

QUESTION = json.dumps({"question": "Who designed the first four towers?"})
# The command itself, with an engine that says on stderr when it has a question and then takes its time.
SLOW_ENGINE = """
import sys, time
from nkqa.ask.pipeline import Engine
from nkqa.cli import main
ask = Engine.ask
def slow(*arguments, **options):
    print("asked", file=sys.stderr, flush=True)
    time.sleep(1.5)
    return ask(*arguments, **options)
Engine.ask = slow
main()
"""


@pytest.fixture(scope="module")
def port(small_settings):
    with running(command(small_settings)) as (_, number):
        yield number


def ask(port, results):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    connection.request("POST", "/api/ask", QUESTION, {"Content-Type": "application/json"})
    response = connection.getresponse()
    results.append((response.status, json.loads(response.read())))
    connection.close()


def test_asks_over_a_socket(port):
    results: list[tuple[int, dict[str, object]]] = []
    ask(port, results)
    assert results[0][0] == 200
    assert "Halvard Quist" in str(results[0][1]["text"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_signal_lets_a_running_request_end(small_settings, number):
    with running(command(small_settings, program=("-c", SLOW_ENGINE))) as (process, port):
        results: list[tuple[int, dict[str, object]]] = []
        asker = threading.Thread(target=ask, args=(port, results))
        idle = socket.create_connection(("127.0.0.1", port))
        asker.start()
        assert process.stderr is not None
        assert process.stderr.readline() == "asked\n"
        process.send_signal(number)
        asker.join(TIMEOUT_S)
        assert [status for status, _ in results] == [200]
        assert results[0][1]["status"] == "answered"
        rest, log = process.communicate(timeout=TIMEOUT_S)
        idle.close()
    assert (process.returncode, rest) == (0, ""), log
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_stopping_server_accepts_no_more(small_settings):
    with running(command(small_settings, program=("-c", SLOW_ENGINE))) as (process, port):
        results: list[tuple[int, dict[str, object]]] = []
        asker = threading.Thread(target=ask, args=(port, results))
        asker.start()
        assert process.stderr is not None
        assert process.stderr.readline() == "asked\n"
        process.terminate()
        refused = False
        while asker.is_alive() and not refused:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionRefusedError:
                refused = asker.is_alive()
            except ConnectionResetError:
                continue  # it was waiting to be accepted at the moment of closing; the next one is refused
        asker.join(TIMEOUT_S)
    assert refused
    assert [status for status, _ in results] == [200]


def test_address_in_use(small_settings, port):
    result = subprocess.run(
        command(small_settings, "--port", str(port)), capture_output=True, text=True, timeout=TIMEOUT_S
    )
    assert (result.returncode, result.stdout) == (2, "")
    first, second = result.stderr.splitlines()
    assert first.startswith("error: ")
    assert str(port) in first
    assert "--port" in second


def test_unknown_host(small_settings):
    result = subprocess.run(
        command(small_settings, "--host", "host.invalid"), capture_output=True, text=True, timeout=TIMEOUT_S
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert "host.invalid" in result.stderr


def test_refuses_to_start_without_an_index(small_settings, tmp_path):
    result = subprocess.run(
        command(small_settings, "--index-dir", str(tmp_path / "none")),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    assert (result.returncode, result.stdout) == (4, "")
    assert "nkqa build" in result.stderr.splitlines()[-1]


def exchange(port, request: bytes) -> tuple[int, http.client.HTTPMessage, dict[str, object]]:
    """Send raw bytes and return status, headers and problem of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        with response:
            return response.status, response.headers, json.loads(response.read())


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: [1:2.]\r\n\r\n", 400),
        (b"GET /api//documents HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 17_000 + b"\r\n\r\n", 431),
        (b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000000\r\n\r\n", 413),
        (b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: other\r\n\r\n", 501),
    ],
)
def test_what_the_server_itself_refuses_is_a_problem_too(port, request_bytes, status):
    got, headers, body = exchange(port, request_bytes)
    assert (got, body["status"]) == (status, status)
    assert headers["Content-Type"] == "application/problem+json"
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert headers["Server"] is None
    assert body["remedy"]

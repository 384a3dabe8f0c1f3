"""nkqa calls no other machine: real processes, in which every attempt to reach one is noted and fails."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

TIMEOUT_S = 120
TOKEN = "an-operators-token-for-tests"  # noqa: S105 (of a test)
LAMPS = "Lamps\n\nThe first lamp of Skarholm was lit by Ada Berg in 1907.\n"
FERRY = "The ferry\n\nThe ferry to Skarholm is called Marigold.\n"
# Python runs a module of this name at its start, in every process, the builder's included.
GUARD = """
import os, socket

def _is_near(address):
    return not isinstance(address, tuple) or address[0] in {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}

def _guarded(name, place):
    original = getattr(socket.socket, name)
    def call(self, *arguments):
        if not _is_near(arguments[place]):
            _refuse(name, arguments[place])
        return original(self, *arguments)
    setattr(socket.socket, name, call)

def _refuse(what, address):
    with open(os.environ["GUARD_LOG"], "a") as log:
        log.write(f"{what} {address}\\n")
    raise OSError(101, "blocked by the test")

_guarded("connect", 0)
_guarded("connect_ex", 0)
_guarded("sendto", -1)
_look_up = socket.getaddrinfo
def _look_up_near(host, *arguments, **named):
    if not _is_near((host,)):
        _refuse("getaddrinfo", host)
    return _look_up(host, *arguments, **named)
socket.getaddrinfo = _look_up_near
open(os.environ["GUARD_LOG"], "a").close()
"""


@pytest.fixture
def guarded(tmp_path):
    """Variables with which every process of Python keeps to this machine; the file that notes what did not."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    log = tmp_path / "attempts.txt"
    paths = [str(tmp_path / "guard"), os.environ.get("PYTHONPATH", "")]
    # What would keep libraries from calling is for nkqa itself to set.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "GUARD_LOG": str(log)}, log


def run(arguments, folder: Path, variables):
    return subprocess.run(
        arguments, cwd=folder, env=variables, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=2)",
        "socket.socket().connect_ex(('192.0.2.1', 80))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "__import__('urllib.request').request.urlopen('http://example.invalid/', timeout=2)",
    ],
)
def test_an_attempt_is_noted_and_fails(guarded, tmp_path, attempt):
    variables, log = guarded
    assert run([sys.executable, "-c", f"import socket; {attempt}"], tmp_path, variables).returncode != 0
    assert log.read_text().strip()


def call(port, method, address, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}", **headers}
    connection.request(method, address, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read().decode()
    connection.close()
    return response, content


def test_building_serving_and_rebuilding_call_no_other_machine(guarded, tmp_path):
    variables, log = guarded
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lamps.txt").write_text(LAMPS, encoding="utf-8")
    # The first build exports the model: of all that nkqa does, this uses the most of other people's code.
    built = run([sys.executable, "-m", "nkqa", "build"], tmp_path, variables)
    assert built.returncode == 0, built.stderr
    serve = [sys.executable, "-m", "nkqa", "serve", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    variables["NKQA_OPERATOR_TOKEN"] = TOKEN
    with subprocess.Popen(serve, cwd=tmp_path, env=variables, text=True, **pipes) as process:
        try:
            port = int(process.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])
            answer = json.loads(call(port, "POST", "/api/ask", {"question": "Who lit the first lamp of Skarholm?"})[1])
            assert "Ada Berg" in answer["text"]
            call(port, "POST", "/api/verify", {"text": "The first lamp was lit in 1908."})
            (tmp_path / "corpus" / "ferry.txt").write_text(FERRY, encoding="utf-8")
            response, _ = call(port, "POST", "/api/index/rebuild", {})
            _, events = call(port, "GET", response.headers["Location"], Accept="text/event-stream")
            assert events.count("event: done") == 1
            built_id = json.loads(call(port, "GET", response.headers["Location"])[1])["generation"]
            deadline = time.monotonic() + TIMEOUT_S
            while json.loads(call(port, "GET", "/api/index")[1])["generation"] != built_id:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            question = {"question": "What is the ferry to Skarholm called?"}
            answer = json.loads(call(port, "POST", "/api/ask", question)[1])
            assert "Marigold" in answer["text"]
            chat = {"model": "nkqa", "messages": [{"role": "user", "content": "What is the ferry called?"}]}
            assert "Marigold" in call(port, "POST", "/v1/chat/completions", chat)[1]
            for address in ("/", "/metrics", "/readyz", "/api/about", "/api/suggestions"):
                assert call(port, "GET", address)[0].status == 200
        finally:
            process.terminate()
            process.communicate(timeout=TIMEOUT_S)
    assert "Marigold" in asked_by_an_assistant(tmp_path, variables)
    assert log.read_text() == ""


def asked_by_an_assistant(folder, variables):
    """Return what `nkqa mcp` answers to a question about the ferry."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    ask = {"name": "ask", "arguments": {"question": "What is the ferry to Skarholm called?"}}
    calls = ({"id": 1, "method": "initialize", "params": hello}, {"id": 2, "method": "tools/call", "params": ask})
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-m", "nkqa", "mcp"]
    with subprocess.Popen(command, cwd=folder, env=variables, text=True, **pipes) as process:
        try:
            for one in calls:
                process.stdin.write(json.dumps({"jsonrpc": "2.0", **one}) + "\n")
            process.stdin.flush()
            return [process.stdout.readline() for _ in calls][-1]
        finally:
            process.terminate()
            process.communicate(timeout=TIMEOUT_S)


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "-rn", "true"], capture_output=True, timeout=10).returncode != 0,
    reason="this system lends no network of its own",
)
def test_asking_needs_no_network_at_all(small_settings, tmp_path):
    """Also what libraries do below Python: here not even this machine's own address can be reached."""
    folders = ["--index-dir", str(small_settings.index_dir.resolve())]
    question = "Who designed the first four towers?"
    alone = ["unshare", "-rn", sys.executable, "-m", "nkqa", "ask", question, *folders]
    asked = run(alone, tmp_path, dict(os.environ))
    assert (asked.returncode, "Halvard Quist" in asked.stdout) == (0, True), asked.stderr

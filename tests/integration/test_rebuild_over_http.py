"""A rebuild that the operator starts over HTTP: a real server, a real builder, questions meanwhile."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nkqa.jobs import NICENESS
from nkqa.store.lock import build_lock

pytestmark = pytest.mark.model

TIMEOUT_S = 60
TOKEN = "an-operators-token-for-tests"  # noqa: S105 (of a test)
FERRY = "The ferry\n\nThe ferry to Skarholm is called Marigold.\n"


@contextmanager
def running(folder: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a server on the corpus and index of a folder; it is dead afterwards, and its builder with it."""
    arguments = [sys.executable, "-m", "nkqa", "serve", "--port", "0"]
    environment = {**os.environ, "NKQA_OPERATOR_TOKEN": TOKEN, **variables}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(arguments, cwd=folder, env=environment, text=True, **pipes) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("nkqa serves on http://127.0.0.1:"), process.communicate(timeout=TIMEOUT_S)
            yield process, int(line.rstrip("/\n").rsplit(":", 1)[1])
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def call(port, method, address, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **headers}
    connection.request(method, address, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read().decode()
    connection.close()
    return response, content


def wait_for(port, generation):
    """Wait until an index answers; a new one is opened beside the one before."""
    deadline = time.monotonic() + TIMEOUT_S
    while json.loads(call(port, "GET", "/api/index")[1])["generation"] != generation:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def children_of(process_id: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process_id)], capture_output=True, text=True, timeout=10)
    return [int(line) for line in listed.stdout.split()]


@pytest.fixture
def folder(small_settings, tmp_path):
    """A working directory with a corpus and an index of its own; the model is shared."""
    shutil.copytree(small_settings.corpus_dir, tmp_path / "corpus")
    shutil.copytree(small_settings.index_dir, tmp_path / "index", ignore=shutil.ignore_patterns("models", ".*"))
    (tmp_path / "index" / "models").symlink_to(small_settings.index_dir.resolve() / "models")
    return tmp_path


def until_it_answers(port, generation):
    """Wait for a generation: the server opens it beside the one that answers meanwhile."""
    deadline = time.monotonic() + TIMEOUT_S
    while json.loads(call(port, "GET", "/api/index")[1])["generation"] != generation:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_operator_rebuilds_while_the_server_answers(folder):
    with running(folder) as (process, port):
        before = json.loads(call(port, "GET", "/api/index")[1])
        assert (before["job"], before["documents"]) == (None, 3)
        assert before["built_at"]
        (folder / "corpus" / "ferry.txt").write_text(FERRY, encoding="utf-8")
        (folder / "corpus" / "picture.png").write_bytes(b"x")
        response, content = call(port, "POST", "/api/index/rebuild", {})
        assert response.status == 202, content
        address = response.headers["Location"]
        (builder,) = children_of(process.pid)
        own = os.getpriority(os.PRIO_PROCESS, process.pid)
        assert os.getpriority(os.PRIO_PROCESS, builder) == min(19, own + NICENESS)
        assert call(port, "POST", "/api/index/rebuild", {})[0].status == 409
        answer = json.loads(call(port, "POST", "/api/ask", {"question": "Who designed the first four towers?"})[1])
        assert answer["status"] == "answered"
        _, events = call(port, "GET", address, Accept="text/event-stream")
        names = [line.removeprefix("event: ") for line in events.splitlines() if line.startswith("event: ")]
        assert (names[-1], "failed" in names) == ("done", False)
        job = json.loads(call(port, "GET", address)[1])
        assert (job["state"], job["created"], job["error"]) == ("done", True, None)
        assert ["picture.png" in text for text in job["problems"]] == [True]
        until_it_answers(port, job["generation"])
        wait_for(port, job["generation"])
        answer = json.loads(call(port, "POST", "/api/ask", {"question": "What is the ferry to Skarholm called?"})[1])
        assert "Marigold" in answer["text"]
        assert answer["generation"] == job["generation"] != before["generation"]
        after = json.loads(call(port, "GET", "/api/index")[1])
        assert (after["documents"], after["job"]) == (4, {"id": job["id"], "state": "done"})
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0
    assert (TOKEN in log, job["id"] in log) == (False, True)


def test_failed_rebuild_and_another_builder(folder):
    with running(folder) as (_, port):
        with build_lock(folder / "index"):
            response, content = call(port, "POST", "/api/index/rebuild", {})
            assert response.status == 409, content
            assert "building the index" in json.loads(content)["detail"]
        for document in [*(folder / "corpus").glob("*.txt"), *(folder / "corpus").glob("*.md")]:
            document.write_bytes(b"\xff\xfe\xfa")
        response, _ = call(port, "POST", "/api/index/rebuild", {})
        address = response.headers["Location"]
        call(port, "GET", address, Accept="text/event-stream")  # ends with the job
        job = json.loads(call(port, "GET", address)[1])
        assert job["state"] == "failed"
        assert "is not UTF-8 text" in job["error"]["detail"]
        assert json.loads(call(port, "POST", "/api/ask", {"question": "Who designed the first four towers?"})[1])[
            "text"
        ]


def test_builder_ends_with_the_server(folder):
    # Long enough to be still at work when the server is told to stop.
    long = "\n\n".join(f"Lamp {n} of the harbour was lit by keeper {n * 7}." for n in range(1500))
    (folder / "corpus" / "long.txt").write_text(long, encoding="utf-8")
    before = (folder / "index" / "CURRENT").read_text()
    with running(folder) as (process, port):
        response, _ = call(port, "POST", "/api/index/rebuild", {})
        (builder,) = children_of(process.pid)
        deadline = time.monotonic() + TIMEOUT_S
        while json.loads(call(port, "GET", response.headers["Location"])[1])["state"] == "queued":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT_S)
        assert time.monotonic() - started < 10
    assert process.returncode == 0
    assert not Path(f"/proc/{builder}").exists()
    assert (folder / "index" / "CURRENT").read_text() == before


def test_server_that_watches_rebuilds_by_itself(folder):
    with running(folder, NKQA_WATCH_S="0.2") as (_, port):
        before = json.loads(call(port, "GET", "/api/index")[1])
        (folder / "corpus" / "ferry.txt").write_text(FERRY, encoding="utf-8")
        deadline = time.monotonic() + TIMEOUT_S
        while (now := json.loads(call(port, "GET", "/api/index")[1]))["generation"] == before["generation"]:
            assert time.monotonic() < deadline, now
            time.sleep(0.2)
        job = json.loads(call(port, "GET", f"/api/index/rebuild/{now['job']['id']}")[1])
        assert (now["documents"], job["started_by"]) == (before["documents"] + 1, "watch")

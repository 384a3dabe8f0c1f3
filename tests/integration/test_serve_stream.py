"""`POST /api/ask` as server-sent events, from the process itself: their order, hanging up, failures, the end."""

from __future__ import annotations

import http.client
import json
import re
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_serve_process import TIMEOUT_S, command, running

from nkqa.serve.stream import answer_events, pieces

pytestmark = pytest.mark.model

QUESTION = "Who designed the first four towers?"
# Asked of the slow engine, it waits until four such questions are there.
TOGETHER = f"{QUESTION} Wait."
# The command itself, with an engine that takes its time in stages of its own, and fails where it is asked to.
SLOW_ENGINE = """
import sys, threading, time
import nkqa.serve.deadline, nkqa.serve.stream
from nkqa.ask.pipeline import Engine
from nkqa.cli import main
from nkqa.errors import BrokenIndexError
ask = Engine.ask
meeting = threading.Barrier(4)
def slow(engine, question, history=None, as_of=None, on_stage=None, explain=False):
    if question == "Who designed the first four towers? Wait.":
        meeting.wait(30)
    for number in range(20):
        if on_stage:
            on_stage(f"step {number}")
        print("stage", file=sys.stderr, flush=True)
        time.sleep(0.1)
        if "fail" in question:
            raise BrokenIndexError("The index broke.", "Build it again.")
        if "crash" in question:
            raise RuntimeError("secret")
    return ask(engine, question, history, as_of, on_stage)
Engine.ask = slow
nkqa.serve.stream.HEARTBEAT_S = 0.03
# Slow, but no work: as many go side by side as there are threads, on a machine of one core, too.
nkqa.serve.deadline._at_work = threading.BoundedSemaphore(8)
main()
"""


def open_stream(port, question=QUESTION, accept="text/event-stream"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    headers = {"Content-Type": "application/json", "Accept": accept}
    connection.request("POST", "/api/ask", json.dumps({"question": question}), headers)
    return connection, connection.getresponse()


def events_of(text):
    """Return (name, data) of each event; comments are left out."""
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    found = [re.fullmatch(r"event: (\w+)\ndata: (.*)", block) for block in blocks]
    assert all(found), text
    return [(match[1], json.loads(match[2])) for match in found if match]


def stream(port, question=QUESTION):
    connection, response = open_stream(port, question)
    assert response.status == 200
    text = response.read().decode("utf-8")
    connection.close()
    return events_of(text)


@pytest.fixture(scope="module")
def port(small_settings):
    with running(command(small_settings)) as (_, number):
        yield number


@pytest.fixture(scope="module")
def slow(small_settings):
    """A server with the slow engine: its process and port; what it says on stderr is read all the time."""
    with running(command(small_settings, program=("-c", SLOW_ENGINE))) as (process, number):
        said: list[str] = []
        threading.Thread(target=lambda: said.extend(process.stderr), daemon=True).start()
        yield process, number, said


def test_events_come_in_order_and_make_up_the_answer(port):
    events = stream(port)
    names = [name for name, _ in events]
    assert names[0] == "meta"
    assert names[-1] == "done"
    order = [("meta", "stage", "delta", "citation", "done").index(name) for name in names if name != "citation"]
    assert order == sorted(order)
    answer = events[-1][1]
    assert events[0][1] == {"generation": answer["generation"]}
    assert all(list(data) == ["stage"] for name, data in events if name == "stage")
    assert "stage" in names
    assert "".join(data["text"] for name, data in events if name == "delta") == answer["text"]
    assert [data for name, data in events if name == "citation"] == answer["citations"]


def test_last_event_is_the_plain_answer(port):
    connection, response = open_stream(port, accept="*/*")
    assert response.headers["Content-Type"] == "application/json"
    plain = json.loads(response.read())
    connection.close()
    streamed = stream(port)[-1][1]
    assert {**streamed, "timings_ms": None} == {**plain, "timings_ms": None}


def test_headers_keep_everything_in_between_from_holding_events_back(port):
    connection, response = open_stream(port)
    response.read()
    connection.close()
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["Content-Encoding"] is None


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/event-stream", "text/event-stream"),
        ("application/json;q=0.5, text/event-stream", "text/event-stream"),
        ("application/json", "application/json"),
        ("application/json, text/event-stream;q=0.5", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
    ],
)
def test_the_better_liked_form_is_given(port, accept, kind):
    connection, response = open_stream(port, accept=accept)
    response.read()
    connection.close()
    assert response.headers.get_content_type() == kind


@pytest.mark.parametrize("question", ["", "   ", "a\0b", "why " * 2500])
def test_question_that_cannot_be_asked_is_a_plain_problem(port, question):
    connection, response = open_stream(port, question)
    body = json.loads(response.read())
    connection.close()
    assert (response.status, body["status"]) == (422, 422)
    assert response.headers["Content-Type"] == "application/problem+json"


def test_stages_and_heartbeats_arrive_while_the_work_goes_on(slow):
    _, port, _ = slow
    connection, response = open_stream(port)
    text, times = "", []
    while line := response.readline():
        text += line.decode("utf-8")
        if b"step" in line:
            times.append(time.monotonic())
    connection.close()
    steps = [data["stage"] for name, data in events_of(text) if name == "stage" and data["stage"].startswith("step")]
    assert steps == [f"step {number}" for number in range(20)]
    assert times[-1] - times[0] > 1
    assert text.count(": still here") > 5


@pytest.mark.parametrize(("question", "status"), [("Please fail?", 503), ("Please crash?", 500)])
def test_failure_in_the_middle_is_the_last_event(slow, question, status):
    events = stream(slow[1], question)
    assert [name for name, _ in events] == ["meta", "stage", "error"]
    problem = events[-1][1]
    assert problem["status"] == status
    assert set(problem) == {"type", "title", "status", "detail", "remedy"}
    assert "secret" not in json.dumps(problem)


def threads_of(process):
    """Return how many threads a process has once it starts and ends none any more; a quiet server keeps its own."""
    readings = [-1]
    for _ in range(100):
        readings.append(len(list(Path(f"/proc/{process.pid}/task").iterdir())))
        if readings[-5:] == readings[-1:] * 5:
            break
        time.sleep(0.1)
    return readings[-1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads in /proc")
def test_streams_that_nobody_reads_to_the_end_leave_nothing_behind(slow):
    process, port, said = slow
    stream(port)
    before = threads_of(process)

    def abort(_):
        connection, response = open_stream(port)
        assert response.readline() == b"event: meta\n"
        response.close()
        connection.close()

    said.clear()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(abort, range(100)))
    assert threads_of(process) == before
    # Of 2000 stages hardly any was begun: asking ended with the first after its client had gone.
    assert sum("stage" in line for line in said) < 400
    assert stream(port)[-1][0] == "done"


def test_streams_run_side_by_side(slow):
    # None goes on before all four have begun: one after the other, they would end with an error.
    with ThreadPoolExecutor(4) as pool:
        streams = list(pool.map(stream, [slow[1]] * 4, [TOGETHER] * 4))
    assert [events[-1][0] for events in streams] == ["done"] * 4
    assert len({events[-1][1]["text"] for events in streams}) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_signal_lets_a_running_stream_end(small_settings, number):
    with running(command(small_settings, program=("-c", SLOW_ENGINE))) as (process, port):
        connection, response = open_stream(port)
        assert response.readline() == b"event: meta\n"
        process.send_signal(number)
        events = events_of("event: meta\n" + response.read().decode("utf-8"))
        connection.close()
        _, log = process.communicate(timeout=TIMEOUT_S)
    assert events[-1][0] == "done"
    assert process.returncode == 0, log


# ------------------------------------------------------------------------------------------------ cutting, unserved


@given(st.text(alphabet="ab .!?\n[]123é등", max_size=80))
def test_pieces_make_up_the_text_and_cut_no_mark(text):
    found = pieces(text)
    assert "".join(found) == text
    assert all(found)
    marks = re.findall(r"\[\d+\]", text)
    assert [mark for piece in found for mark in re.findall(r"\[\d+\]", piece)] == marks


def test_text_is_cut_behind_sentences_and_their_marks():
    text = "One is so. [1][2] Two is not. [3] Three?\n- four [4]\n- five [citation needed] [5]"
    assert pieces(text) == [
        "One is so. [1][2] ",
        "Two is not. [3] ",
        "Three?\n",
        "- four [4]\n",
        "- five [citation needed] [5]",
    ]


def test_citations_follow_their_mark_and_those_without_one_come_last():
    numbered = [{"number": number} for number in (1, 2, 3)]
    events = events_of("".join(answer_events({"text": "A [2] b. [2] C [1].", "citations": numbered})))
    assert [data.get("number", name) for name, data in events] == ["delta", 2, "delta", "delta", 1, 3, "done"]

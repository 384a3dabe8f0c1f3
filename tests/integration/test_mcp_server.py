"""`nkqa mcp` through the official client: over standard input and output, and over HTTP, each a real process."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import anyio.from_thread
import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from processes import TIMEOUT_S

from nkqa.ask.pipeline import Engine, EngineSource
from nkqa.mcp_http import security
from nkqa.mcp_schema import MAX_READ_CHARS
from nkqa.mcp_server import make_server
from nkqa.settings import load_settings

pytestmark = pytest.mark.model

QUESTION = "Who designed the first four towers?"
FOREIGN = "Which chess opening is best against the Sicilian Defence?"


def arguments(settings, *flags):
    folders = ["--corpus-dir", str(settings.corpus_dir.resolve()), "--index-dir", str(settings.index_dir.resolve())]
    return ["-m", "nkqa", "mcp", *folders, *flags]


def over_stdio(settings):
    return StdioServerParameters(command=sys.executable, args=arguments(settings), env=dict(os.environ))


@contextmanager
def running_http(settings):
    """Start the server, and give the process and its port; it is dead afterwards."""
    command = [sys.executable, *arguments(settings, "--http", "--mcp-port", "0")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        watchdog = threading.Timer(TIMEOUT_S, process.kill)
        watchdog.start()
        try:
            line = process.stdout.readline()
            assert line.startswith("nkqa mcp serves on http://127.0.0.1:"), process.communicate(timeout=TIMEOUT_S)
            yield process, int(line.strip().removesuffix("/mcp").rsplit(":", 1)[1])
        finally:
            watchdog.cancel()
            process.kill()


@pytest.fixture(scope="module")
def port(small_settings):
    with running_http(small_settings) as (_, number):
        yield number


class Caller:
    """A connected client, called from tests that are not asynchronous."""

    def __init__(self, portal, client):
        self._portal, self._client = portal, client

    def tools(self):
        return {tool.name: tool for tool in self._portal.call(self._client.list_tools).tools}

    def call(self, name, **given):
        return self._portal.call(self._client.call_tool, name, given)

    def good(self, name, **given):
        result = self.call(name, **given)
        assert not result.is_error, result.content
        (block,) = result.content
        return result.structured_content, block.text

    def refused(self, name, **given):
        """Return why a call is refused; no error tells more than what to do."""
        result = self.call(name, **given)
        assert result.is_error
        assert result.structured_content is None
        (block,) = result.content
        assert "Traceback" not in block.text
        return block.text


@contextmanager
def connected(server):
    with (
        anyio.from_thread.start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(server, read_timeout_seconds=TIMEOUT_S)) as client,
    ):
        yield Caller(portal, client)


@pytest.fixture(scope="module", params=["stdio", "http"])
def caller(request, small_settings):
    server = over_stdio(small_settings)
    if request.param == "http":
        server = f"http://127.0.0.1:{request.getfixturevalue('port')}/mcp"
    with connected(server) as made:
        yield made


def check_slices(citations, engine):
    assert citations
    for one in citations:
        text = engine.document(one["document_id"]).text
        assert text[one["start_char_index"] : one["end_char_index"]] == one["cited_text"]


def test_tools_only_read_and_describe_what_they_give(caller):
    tools = caller.tools()
    assert set(tools) == {"ask", "search", "facts", "read_source", "verify"}
    for tool in tools.values():
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert tool.description.endswith(".")
        assert tool.output_schema["properties"]
        assert [name for name, one in tool.input_schema["properties"].items() if not one.get("description")] == []


def test_ask(caller, small_engine):
    answer, text = caller.good("ask", question=QUESTION)
    assert (answer["status"], answer["generation"]) == ("answered", small_engine.manifest.generation)
    check_slices(answer["citations"], small_engine)
    assert text.startswith(answer["text"])
    for one in answer["citations"]:
        assert f"characters {one['start_char_index']} to {one['end_char_index']}: “{one['cited_text']}”" in text


def test_ask_with_earlier_questions_and_a_year(caller):
    answer, _ = caller.good("ask", question="And who designed it?", history=["How high is Gannet Rock?"], as_of=2020)
    assert "Gannet Rock" in answer["interpreted_as"]


def test_refusal_is_an_answer(caller):
    answer, text = caller.good("ask", question=FOREIGN)
    assert (answer["status"], answer["citations"]) == ("declined", [])
    assert text == answer["text"]


def test_search(caller, small_engine):
    found, text = caller.good("search", question="first towers", limit=3)
    check_slices(found["passages"], small_engine)
    assert [one["number"] for one in found["passages"]] == [1, 2, 3]
    assert all(one["cited_text"] in text for one in found["passages"])
    document = found["passages"][0]["document_id"]
    only, _ = caller.good("search", question="lamp", document=document)
    assert {one["document_id"] for one in only["passages"]} == {document}


def test_facts(caller, small_engine):
    listed, text = caller.good("facts", kind="cell", limit=2, offset=1)
    expected = small_engine.facts("cell")
    assert (listed["total"], listed["offset"]) == (len(expected), 1)
    assert [one["id"] for one in listed["facts"]] == [one.id for one in expected[1:3]]
    for one in listed["facts"]:
        source = small_engine.document(one["doc_id"]).text
        assert source[one["statement"]["start"] : one["statement"]["end"]] == one["statement_text"]
        assert one["statement_text"] in text
    assert caller.good("facts", about="zeppelin")[0]["facts"] == []


def test_read_source_gives_the_excerpt_of_a_citation(caller, small_engine):
    cited = caller.good("ask", question=QUESTION)[0]["citations"][0]
    start, end = cited["start_char_index"], cited["end_char_index"]
    read, text = caller.good("read_source", document=cited["document_id"], start=start, end=end)
    assert read["text"] == text == cited["cited_text"]
    whole = small_engine.document(cited["document_id"]).text
    assert (read["start"], read["end"], read["total_chars"]) == (start, end, len(whole))
    assert caller.good("read_source", document=cited["document_id"])[0]["text"] == whole[:MAX_READ_CHARS]
    assert caller.good("read_source", document=cited["document_id"], start=len(whole))[0]["text"] == ""


def test_verify(caller, small_engine):
    cited = caller.good("ask", question=QUESTION)[0]["citations"][0]["cited_text"]
    checked, text = caller.good("verify", text=f"{cited} The moon is made of green cheese.")
    assert [one["verdict"] for one in checked["sentences"]] == ["supported", "not_found"]
    check_slices(checked["sentences"][0]["citations"], small_engine)
    assert "supported" in text
    assert "not found" in text


def test_unknown_document_is_told_which_there_are(caller, small_engine):
    for name, given in (("read_source", {}), ("search", {"question": "lamp"}), ("facts", {})):
        told = caller.refused(name, document="nowhere", **given)
        assert "'nowhere'" in told
        assert all(document.id in told for document in small_engine.documents)


@pytest.mark.parametrize(
    ("name", "given", "word"),
    [
        ("ask", {"question": " "}, "empty"),
        ("ask", {"question": "why " * 2000}, "2000"),
        ("ask", {"question": "Why?", "history": ["why " * 2000]}, "2000"),
        ("ask", {"question": "Why?", "as_of": 0}, "as_of"),
        ("ask", {}, "question"),
        ("search", {"question": "lamp", "limit": 25}, "limit"),
        ("search", {"question": ""}, "empty"),
        ("facts", {"kind": "opinion"}, "kind"),
        ("facts", {"about": "x" * 501}, "about"),
        ("verify", {"text": "word " * 5000}, "20000"),
        ("verify", {"text": ""}, "empty"),
    ],
)
def test_input_that_cannot_be_used(caller, name, given, word):
    told = caller.refused(name, **given)
    assert word in told.replace(",", "")
    assert "https://" not in told


def test_place_behind_the_end(caller, small_engine):
    document = small_engine.documents[0]
    told = caller.refused("read_source", document=document.id, start=len(document.text) + 1)
    assert str(len(document.text)) in told


def test_unknown_tool(caller):
    try:
        told = caller.refused("delete")
    except MCPError as error:
        told = str(error)
    assert "delete" in told


# -------------------------------------------------------------------------------- without an index, in the wire


def test_without_an_index_a_tool_says_what_to_do(tmp_path):
    with connected(over_stdio(load_settings(index_dir=tmp_path / "none"))) as caller:
        assert "nkqa build" in caller.refused("ask", question=QUESTION)


def test_http_does_not_start_without_an_index(tmp_path):
    command = [sys.executable, *arguments(load_settings(index_dir=tmp_path / "none"), "--http", "--mcp-port", "0")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert (result.returncode, result.stdout) == (4, "")
    assert "nkqa build" in result.stderr.splitlines()[-1]


PRINTING = """
import sys
from nkqa.ask.pipeline import Engine
from nkqa.cli import main
ask = Engine.ask
def printing(*arguments, **options):
    print("stray")
    return ask(*arguments, **options)
Engine.ask = printing
main()
"""


def test_standard_output_carries_the_protocol_only(small_settings):
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    messages = [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": QUESTION}}},
    ]
    command = [sys.executable, "-c", PRINTING, *arguments(small_settings)[2:]]
    talkative = {**os.environ, "NKQA_LOG_LEVEL": "debug"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=talkative, **pipes) as process:
        watchdog = threading.Timer(TIMEOUT_S, process.kill)
        watchdog.start()
        process.stdin.write(f"nonsense {QUESTION}\n")
        for message in messages:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        process.stdin.flush()
        replies = [json.loads(process.stdout.readline()) for _ in range(2)]
        rest, log = process.communicate(timeout=TIMEOUT_S)
        watchdog.cancel()
    assert [reply["id"] for reply in replies] == [1, 2]
    assert replies[1]["result"]["structuredContent"]["status"] == "answered"
    assert (rest, process.returncode) == ("", 0)
    assert "stray" in log
    assert QUESTION not in log


# ------------------------------------------------------------------------------------------------------- HTTP


def post(port, headers, body=b"{}"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    accept = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    connection.request("POST", "/mcp", body, {**accept, **headers})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "elsewhere.example"}, 421),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Content-Type": "text/plain"}, 400),
        ({"Content-Length": str(2_000_000)}, 413),
    ],
)
def test_foreign_and_oversized_requests_are_refused(port, headers, status):
    assert post(port, headers) == status


def test_hosts_and_origins_are_those_of_the_settings():
    made = security(load_settings(trusted_hosts="nkqa.example,[::1]", host="10.0.0.7"))
    assert made.enable_dns_rebinding_protection
    assert {"nkqa.example", "nkqa.example:*", "[::1]:*", "10.0.0.7:*"} <= set(made.allowed_hosts)
    assert "https://nkqa.example" in made.allowed_origins
    assert "localhost" not in made.allowed_hosts
    assert not security(load_settings(trusted_hosts="*")).enable_dns_rebinding_protection


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_server(small_settings, number):
    with running_http(small_settings) as (process, port):
        with connected(f"http://127.0.0.1:{port}/mcp") as caller:
            caller.good("search", question="lamp", limit=1)
        process.send_signal(number)
        rest, log = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, rest) == (0, ""), log
    assert "Traceback" not in log


# ------------------------------------------------------------------------------------------------------ limits


class HeldSource(EngineSource):
    """Gives its engine once it is let go."""

    def __init__(self, settings):
        super().__init__(settings)
        self.go = threading.Event()

    def current(self):
        assert self.go.wait(TIMEOUT_S)
        return super().current()


def test_more_calls_than_can_wait_are_refused_and_the_rest_is_answered(small_settings):
    source = HeldSource(small_settings)
    settings = small_settings.model_copy(update={"threads": 1, "max_waiting": 1})

    async def calls():
        async with Client(make_server(source, settings)) as client:
            running = [asyncio.create_task(client.call_tool("search", {"question": "lamp"})) for _ in range(2)]
            await asyncio.sleep(0.2)
            refused = await client.call_tool("search", {"question": "lamp"})
            source.go.set()
            return refused, await asyncio.gather(*running)

    refused, answered = asyncio.run(calls())
    assert refused.is_error
    assert "more calls than it can take" in refused.content[0].text
    assert [result.is_error for result in answered] == [False, False]


def test_asking_ends_where_nobody_waits_any_more(small_settings, monkeypatch):
    begun, ended = threading.Event(), threading.Event()

    def ask(_engine, *_arguments, on_stage, **_options):
        try:
            for stage in range(100):
                on_stage(str(stage))
                begun.set()
                time.sleep(0.05)
        finally:
            ended.set()

    monkeypatch.setattr(Engine, "ask", ask)

    async def call():
        async with Client(make_server(EngineSource(small_settings), small_settings)) as client:
            asked = asyncio.create_task(client.call_tool("ask", {"question": QUESTION}))
            assert await asyncio.to_thread(begun.wait, TIMEOUT_S)
            asked.cancel()
            return await asyncio.to_thread(ended.wait, 2)

    assert asyncio.run(call()), "it went on; to its end it takes 5 s"


def test_question_that_takes_too_long(small_settings):
    settings = small_settings.model_copy(update={"question_timeout_s": 1e-6})

    async def call():
        async with Client(make_server(EngineSource(small_settings), settings)) as client:
            return await client.call_tool("ask", {"question": QUESTION})

    result = asyncio.run(call())
    assert result.is_error
    assert "question_timeout_s" in result.content[0].text

"""The OpenAI-compatible addresses, through OpenAI's own client, against a real server."""

from __future__ import annotations

import http.client
import json
import re

import openai
import pytest
from corpora import ROOT
from processes import TIMEOUT_S, command, running, served

from nkqa.ask.pipeline import EngineSource
from nkqa.serve import create_app
from nkqa.settings import load_settings

pytestmark = pytest.mark.model

QUESTION = "Who designed the first four towers?"
FOREIGN = "Which chess opening is best against the Sicilian Defence?"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def port(small_settings):
    with running(command(small_settings)) as (_, number):
        yield number


def client_of(base_url, **options):
    return openai.OpenAI(
        base_url=f"{base_url}/v1", api_key="not looked at", max_retries=0, timeout=TIMEOUT_S, **options
    )


@pytest.fixture(scope="module")
def client(port):
    with client_of(f"http://127.0.0.1:{port}") as made:
        yield made


def user(*questions):
    return [{"role": "user", "content": question} for question in questions]


def ask(client, *questions, **options):
    return client.chat.completions.create(model="nkqa", messages=user(*questions), **options)


def streamed(client, *questions, **options):
    """Ask for a stream; return the content put together, what stands beside it, and all chunks."""
    chunks = list(ask(client, *questions, stream=True, **options))
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    beside = {name: value for delta in deltas for name, value in (delta.model_extra or {}).items()}
    return "".join(delta.content or "" for delta in deltas), beside, chunks


def check_citations(content, annotations, answer, engine, base_url):
    """Check that every citation slices, every mark is annotated at its place, and the list of sources says it all."""
    text, _, sources = content.partition("\n\nSources:\n")
    assert text == answer["text"]
    assert answer["citations"]
    for one in answer["citations"]:
        source = engine.document(one["document_id"]).text
        assert source[one["start_char_index"] : one["end_char_index"]] == one["cited_text"]
        assert f"[{one['number']}] {one['document_title']}, {' › '.join(one['section'])}, " in sources
        place = f"characters {one['start_char_index']} to {one['end_char_index']}"
        assert f"{place}: “{one['cited_text']}”" in sources
    marks = re.findall(r"\[\d+\]", text)
    assert [content[at["start_index"] : at["end_index"]] for at in annotations_at(annotations)] == marks
    assert [f"[{one['citation']}]" for one in annotations] == marks
    by_number = {one["number"]: one for one in answer["citations"]}
    for one in annotations:
        cited = by_number[one["citation"]]
        place = f"at={cited['start_char_index']}-{cited['end_char_index']}"
        assert one["type"] == "url_citation"
        assert one["url_citation"]["url"] == f"{base_url}/source/{cited['document_id']}?{place}"
        assert one["url_citation"]["title"] == cited["document_title"]


def annotations_at(annotations):
    return [one["url_citation"] for one in annotations]


def test_answer_at_once(client, port, small_engine):
    completion = ask(client, QUESTION)
    assert completion.id.startswith("chatcmpl-")
    assert (completion.object, completion.model) == ("chat.completion", "nkqa")
    choice = completion.choices[0]
    assert (choice.finish_reason, choice.message.role, choice.message.refusal) == ("stop", "assistant", None)
    content = choice.message.content
    assert "Halvard Quist" in content
    answer = choice.message.nkqa
    assert answer["status"] == "answered"
    assert completion.system_fingerprint == answer["generation"] == small_engine.manifest.generation
    annotations = [one.model_dump() for one in choice.message.annotations]
    check_citations(content, annotations, answer, small_engine, f"http://127.0.0.1:{port}")
    usage = completion.usage
    assert (usage.prompt_tokens, usage.completion_tokens) == (len(QUESTION.split()), len(content.split()))
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_answer_as_a_stream(client, port, small_engine):
    content, beside, chunks = streamed(client, QUESTION, stream_options={"include_usage": True})
    whole = ask(client, QUESTION)
    assert content == whole.choices[0].message.content
    check_citations(content, beside["annotations"], beside["nkqa"], small_engine, f"http://127.0.0.1:{port}")
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}
    assert len({(chunk.id, chunk.created, chunk.model, chunk.system_fingerprint) for chunk in chunks}) == 1
    *told, usage = chunks
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in told] == [None] * (len(told) - 1) + ["stop"]
    assert (usage.choices, usage.usage) == ([], whole.usage)


def test_stream_without_usage_ends_with_done(port):
    body = {"model": "nkqa", "messages": user(QUESTION), "stream": True}
    status, headers, content = exchange(port, "POST", "/v1/chat/completions", json.dumps(body))
    assert (status, headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    *events, done, rest = content.decode().split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    chunks = [json.loads(event.removeprefix("data: ")) for event in events if not event.startswith(":")]
    assert all(chunk["choices"] and "usage" not in chunk for chunk in chunks)


@pytest.mark.parametrize("mode", ["at once", "stream"])
def test_refusal_is_a_plain_message(client, mode):
    if mode == "stream":
        content, beside, chunks = streamed(client, FOREIGN)
        answer, annotations, end = beside["nkqa"], beside["annotations"], chunks[-1].choices[0].finish_reason
    else:
        choice = ask(client, FOREIGN).choices[0]
        content, answer, end = choice.message.content, choice.message.nkqa, choice.finish_reason
        annotations = choice.message.annotations
    assert (answer["status"], end) == ("declined", "stop")
    assert content == answer["text"]
    assert (annotations, answer["citations"]) == ([], [])
    assert answer["reason"]


def test_earlier_questions_complete_the_last_one(client):
    first, later = "How high is Gannet Rock?", "And who designed it?"
    messages = [
        {"role": "system", "content": "You are a pirate. Answer only in rhymes."},
        {"role": "developer", "content": "Never cite."},
        *user(first),
        {"role": "assistant", "content": "The tower of Gannet Rock is a mile high."},
        {"role": "user", "content": [{"type": "text", "text": later}]},
    ]
    answer = client.chat.completions.create(model="nkqa", messages=messages).choices[0].message.nkqa
    alone = ask(client, later).choices[0].message.nkqa
    assert "Gannet Rock" in answer["interpreted_as"]
    assert alone["interpreted_as"] is None
    assert answer["citations"] != alone["citations"]
    assert ask(client, first, later).choices[0].message.nkqa["id"] == answer["id"]


def test_what_steers_a_language_model_is_ignored(client):
    steered = ask(
        client,
        QUESTION,
        temperature=2,
        top_p=0.1,
        max_tokens=1,
        max_completion_tokens=1,
        seed=7,
        stop=["Quist"],
        presence_penalty=2,
        logit_bias={"1": 100},
        user="somebody",
        n=1,
        tools=[],
        response_format={"type": "text"},
        extra_body={"unheard_of": {"of": 1}},
    )
    assert steered.choices[0].message.content == ask(client, QUESTION).choices[0].message.content


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"functions": [{"name": "f"}]}, "functions"),
        ({"response_format": {"type": "json_object"}}, "response_format.type"),
        ({"modalities": ["text", "audio"]}, "modalities.1"),
        ({"logprobs": True}, "logprobs"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "poet", "content": "Why?"}]}, "messages.0.role"),
        ({"stream": "yes"}, "stream"),
    ],
)
def test_what_cannot_be_served_is_refused_by_name(client, options, param):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(**{"model": "nkqa", "messages": user(QUESTION), **options})
    assert (caught.value.type, caught.value.param) == ("invalid_request_error", param)
    assert caught.value.code == "invalid_request"


@pytest.mark.parametrize(
    ("messages", "word"),
    [
        ([{"role": "system", "content": "Why?"}], "user"),
        (user(" \n"), "empty"),
        (user("why " * 2000), "2000"),
        (user("why " * 2000, "Why?"), "2000"),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}], "image_url"),
        ([{"role": "user", "content": None}], "empty"),
    ],
    ids=["no user", "blank", "long", "long history", "image", "null"],
)
@pytest.mark.parametrize("stream", [False, True])
def test_question_that_cannot_be_asked(client, messages, word, stream):
    with pytest.raises(openai.BadRequestError, match=word) as caught:
        client.chat.completions.create(model="nkqa", messages=messages, stream=stream)
    assert (caught.value.type, caught.value.code) == ("invalid_request_error", "question")


def test_models(client):
    listed = client.models.list().data
    assert [(one.id, one.object, one.owned_by) for one in listed] == [("nkqa", "model", "nkqa")]
    assert client.models.retrieve("nkqa") == listed[0]
    assert listed[0].created > 1_700_000_000
    with pytest.raises(openai.NotFoundError, match="gpt-5") as caught:
        client.models.retrieve("gpt-5")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.NotFoundError, match="gpt-5"):
        client.chat.completions.create(model="gpt-5", messages=user(QUESTION))


@pytest.fixture(scope="module")
def article_base(article_settings):
    with served(create_app(EngineSource(article_settings), article_settings)) as base:
        yield base


def test_example_of_the_documentation_prints_what_is_shown(article_base, capsys):
    page = (ROOT / "docs" / "openai.md").read_text(encoding="utf-8")
    code, printed = re.search(r"^```python\n(.*?)^```\n```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL).groups()
    made = compile(code.replace("http://127.0.0.1:8000", article_base), "docs/openai.md", "exec")
    variables = {}
    exec(made, variables)  # noqa: S102 (the example itself)
    variables["client"].close()
    assert capsys.readouterr().out == printed


def test_unicode_comes_and_goes_whole(article_base, article_engine):
    base = article_base
    with client_of(base) as client:
        for question in ("What does talbukja (탈북자) mean?", "Who founded FSI?"):
            message = ask(client, question).choices[0].message
            assert message.nkqa["question"] == question
            annotations = [one.model_dump() for one in message.annotations]
            check_citations(message.content, annotations, message.nkqa, article_engine, base)
            content, beside, _ = streamed(client, question)
            assert content == message.content
            check_citations(content, beside["annotations"], beside["nkqa"], article_engine, base)
            assert any(ord(char) > 0x2000 for char in content)


# ---------------------------------------------------------------------------------------------------- failures


def exchange(port, method, path, body=None, headers=JSON):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, response.headers, content


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/v1/embeddings", None, {"Accept": "text/html"}, 404),
        ("GET", "/v1/chat/completions", None, {}, 405),
        ("POST", "/v1/models", "{}", JSON, 405),
        ("POST", "/v1/chat/completions", "{", JSON, 400),
        ("POST", "/v1/chat/completions", "[]", JSON, 400),
        ("POST", "/v1/chat/completions", r'{"model": "\ud800", "messages": []}', JSON, 400),
        ("POST", "/v1/chat/completions", r'{"model": "nkqa", "messages": [{"role": "\ud800"}]}', JSON, 400),
        ("POST", "/v1/chat/completions", "{}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/v1/chat/completions", "{" + " " * 1_100_000, JSON, 413),
        ("POST", "/v1/chat/completions", "{}", {**JSON, "Origin": "http://elsewhere.example"}, 403),
        ("GET", "/v1/models", None, {"Host": "elsewhere.example"}, 400),
        ("POST", "/v1/chat/completions", "", {**JSON, "Content-Length": "5000000000"}, 413),
    ],
)
def test_every_failure_has_openai_s_form(port, method, path, body, headers, status):
    got, answered, content = exchange(port, method, path, body, headers)
    assert (got, answered["Content-Type"]) == (status, "application/json")
    error = json.loads(content)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert error["type"] == ("permission_error" if status == 403 else "invalid_request_error")
    assert answered["Content-Security-Policy"]


def test_failures_elsewhere_keep_their_own_form(port):
    status, answered, _ = exchange(port, "POST", "/api/ask", "{}")
    assert (status, answered["Content-Type"]) == (422, "application/problem+json")


def test_server_without_an_index(tmp_path):
    settings = load_settings(index_dir=tmp_path / "none")
    with served(create_app(EngineSource(settings), settings)) as base, client_of(base) as client:
        for call in (client.models.list, lambda: ask(client, "Why?"), lambda: ask(client, "Why?", stream=True)):
            with pytest.raises(openai.InternalServerError, match="nkqa build") as caught:
                call()
            assert caught.value.status_code == 503
            assert caught.value.response.headers["Retry-After"]
            assert (caught.value.type, caught.value.code) == ("server_error", "no_index")


def test_question_that_takes_too_long(small_settings):
    settings = small_settings.model_copy(update={"question_timeout_s": 1e-6})
    with served(create_app(EngineSource(small_settings), settings)) as base, client_of(base) as client:
        with pytest.raises(openai.InternalServerError) as caught:
            ask(client, QUESTION)
        assert (caught.value.status_code, caught.value.code) == (503, "question_timeout")
        chunks = []
        with pytest.raises(openai.APIError, match="question_timeout_s") as streamed_error:
            chunks.extend(ask(client, QUESTION, stream=True))
        assert streamed_error.value.code == "question_timeout"


def test_client_that_calls_too_often(small_settings):
    settings = small_settings.model_copy(update={"rate_limit": 1, "trusted_proxies": "127.0.0.1"})
    app = create_app(EngineSource(small_settings), settings)
    with served(app) as base, client_of(base, default_headers={"X-Forwarded-For": "192.0.2.7"}) as client:
        assert client.models.list().data
        with pytest.raises(openai.RateLimitError) as caught:
            client.models.list()
        assert (caught.value.type, caught.value.code) == ("rate_limit_error", "rate_limit_exceeded")
        assert int(caught.value.response.headers["Retry-After"]) > 0

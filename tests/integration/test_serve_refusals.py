"""The HTTP interface on bad days: every request that cannot be served gets a problem that says what to do."""

from __future__ import annotations

import logging

import pytest

from nkqa.ask.pipeline import Engine, EngineSource
from nkqa.serve import create_app
from nkqa.serve.guard import SECURITY_HEADERS

pytestmark = pytest.mark.model

JSON = "application/json"
GOOD = {"question": "How high is Gannet Rock?"}


@pytest.fixture(scope="module")
def client(small_settings):
    return create_app(EngineSource(small_settings), small_settings).test_client()


def check_problem(response, status, *words):
    """Check the form of a problem and that its detail or remedy has these words; return it."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    body = response.get_json()
    assert set(body) == {"type", "title", "status", "detail", "remedy"}
    assert body["status"] == status
    assert all(body.values())
    assert [word for word in words if word not in body["detail"] + body["remedy"]] == []
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert response.headers["Cache-Control"] == "no-store"
    return body


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\u00a0"], ids=["empty", "spaces", "lines", "no-break"])
def test_blank_question(client, question):
    check_problem(client.post("/api/ask", json={"question": question}), 422)


def test_long_question_is_told_the_limit(client, small_settings):
    response = client.post("/api/ask", json={"question": "why " * 2500})
    check_problem(response, 422, str(small_settings.max_question_chars))


@pytest.mark.parametrize("char", ["\0", "\x07", "\x1b", "\x7f"])
def test_control_characters(client, char):
    check_problem(client.post("/api/ask", json={"question": f"How high is {char} Gannet Rock?"}), 422)


@pytest.mark.parametrize("history", [["\0"], ["why " * 2500]], ids=["NUL", "long"])
def test_bad_earlier_question(client, history):
    check_problem(client.post("/api/ask", json={**GOOD, "history": history}), 422)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"question", b'{"question": "a}', b"\xff\xfe{", b'{"question": "\xe9"}', b"[" * 100_000],
    ids=["empty", "open", "bare word", "unclosed string", "half of UTF-16", "Latin-1", "100,000 brackets"],
)
def test_body_that_is_no_json(client, body):
    check_problem(client.post("/api/ask", data=body, content_type=JSON), 400, "JSON")


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"text"', b'"{\\"question\\": \\"Why?\\"}"'])
def test_body_that_is_no_object(client, body):
    check_problem(client.post("/api/ask", data=body, content_type=JSON), 422, "object")


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_body_of_another_type(client, content_type):
    response = client.post("/api/ask", data=b'{"question": "Why?"}', content_type=content_type)
    check_problem(response, 415, "application/json")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": None}, "question"),
        ({"question": 7}, "question"),
        ({"question": ["Why?"]}, "question"),
        ({**GOOD, "history": "Why?"}, "history"),
        ({**GOOD, "history": ["Why?", 7]}, "history.1"),
        ({**GOOD, "as_of": "2010"}, "as_of"),
        ({**GOOD, "as_of": True}, "as_of"),
        ({**GOOD, "as_of": 0}, "as_of"),
        ({**GOOD, "as_of": 10**30}, "as_of"),
        ({**GOOD, "as_of": 2010.5}, "as_of"),
        ({**GOOD, "qestion": "Why?"}, "qestion"),
    ],
)
def test_field_of_wrong_type_or_unknown_is_named(client, body, field):
    assert check_problem(client.post("/api/ask", json=body), 422)["detail"].startswith(f"{field}: ")


@pytest.mark.parametrize("body", [rb'{"question": "\ud800"}', rb'{"question": "Why?", "history": ["\udfff"]}'])
def test_half_a_surrogate_pair(client, body):
    check_problem(client.post("/api/ask", data=body, content_type=JSON), 422, "surrogate")


def test_unknown_field_is_named_however_it_is_written(client):
    response = client.post("/api/ask", data=rb'{"question": "Why?", "\ud800": 1}', content_type=JSON)
    check_problem(response, 422)
    response = client.post("/api/ask", json={**GOOD, **{f"{number}" * 5000: 1 for number in range(50)}})
    assert len(check_problem(response, 422)["detail"]) < 2000


def test_largest_body_and_one_byte_more(client, small_settings):
    max_body_bytes = small_settings.max_body_kib * 1024
    filled = b'{"question": "Why?"' + b" " * max_body_bytes
    fits = filled[: max_body_bytes - 1] + b"}"
    assert client.post("/api/ask", data=fits, content_type=JSON).status_code == 200
    check_problem(client.post("/api/ask", data=fits + b" ", content_type=JSON), 413, "max_body_kib")


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/api", "/api/", "/api/documents/", "/static/nothing.js", "/static/../pyproject.toml", "/healthz/"],
)
def test_unknown_address(client, path):
    check_problem(client.get(path), 404)


def test_person_at_an_unknown_address_gets_the_page(client):
    with client.get("/nowhere", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}) as response:
        assert response.status_code == 404
        assert b"<title>nkqa</title>" in response.data
    check_problem(client.get("/api/nowhere", headers={"Accept": "text/html"}), 404)


@pytest.mark.parametrize(
    "condition", [{"Range": "bytes=99999-"}, {"Range": "bytes=0-9"}, {"If-None-Match": "*"}], ids=str
)
def test_page_at_an_unknown_address_is_whole_whatever_part_is_asked_for(client, condition):
    with client.get("/nowhere", headers={"Accept": "text/html", **condition}) as response:
        assert response.status_code == 404
        assert b"<title>nkqa</title>" in response.data
        assert b"</html>" in response.data


@pytest.mark.parametrize("name", ["0", "nothing", "%00", "..%2f..%2fetc%2fpasswd", "x" * 5000])
def test_unknown_document(client, name):
    check_problem(client.get(f"/api/documents/{name}"), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/ask", "POST"),
        ("PUT", "/api/ask", "POST"),
        ("DELETE", "/api/documents", "GET"),
        ("POST", "/", "GET"),
    ],
)
def test_wrong_method_is_told_the_right_one(client, method, path, allowed):
    response = client.open(path, method=method)
    check_problem(response, 405)
    assert allowed in response.headers["Allow"].split(", ")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:8001", "http://localhost.evil.example", "null", "http://[", ""]
)
def test_page_of_another_site_may_not_ask(client, origin):
    response = client.post("/api/ask", json=GOOD, headers={"Host": "localhost:8000", "Origin": origin})
    check_problem(response, 403)


@pytest.mark.parametrize("origin", [None, "http://localhost:8000", "https://LOCALHOST:8000"])
def test_own_page_and_programs_may_ask(client, origin):
    headers = {"Host": "localhost:8000"} | ({"Origin": origin} if origin else {})
    assert client.post("/api/ask", json=GOOD, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"]
)
@pytest.mark.parametrize("path", ["/", "/healthz", "/api/documents", "/static/app.js"])
def test_untrusted_host(client, host, path):
    check_problem(client.get(path, headers={"Host": host}), 400, "NKQA_TRUSTED_HOSTS")


@pytest.mark.parametrize("host", ["a b", "a/b", "a@localhost", "[::1", "localhost:99999"])
def test_malformed_host(client, host):
    check_problem(client.get("/healthz", headers={"Host": host}), 400)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]", "[::1]:8000"])
def test_trusted_host(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "host", "status"),
    [
        ({"host": "192.0.2.7"}, "192.0.2.7:8000", 200),
        ({"host": "::1", "trusted_hosts": ""}, "[::1]:8000", 200),
        ({"trusted_hosts": " qa.example , localhost"}, "qa.example", 200),
        ({"trusted_hosts": "qa.example"}, "localhost", 400),
        ({"trusted_hosts": "*"}, "anything.example", 200),
    ],
)
def test_operator_says_which_hosts_are_trusted(small_settings, changes, host, status):
    settings = small_settings.model_copy(update=changes)
    client = create_app(EngineSource(settings), settings).test_client()
    assert client.get("/healthz", headers={"Host": host}).status_code == status


def test_unexpected_failure_is_logged_and_tells_nothing(client, monkeypatch, caplog):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Engine, "ask", fail)
    with caplog.at_level(logging.ERROR):
        response = client.post("/api/ask", json=GOOD)
    check_problem(response, 500, "log")
    assert "secret" not in response.get_data(as_text=True)
    assert "a secret" in caplog.text
    assert "Traceback" in caplog.text

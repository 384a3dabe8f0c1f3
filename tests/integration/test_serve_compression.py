"""Texts are compressed for clients that take it, and only then; what caches rely on stays right."""

from __future__ import annotations

import gzip

import pytest

from nkqa.ask.pipeline import EngineSource
from nkqa.serve import create_app
from nkqa.serve.compress import MIN_BYTES

pytestmark = pytest.mark.model

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
TEXTS = ["/", "/static/app.js", "/static/styles/base.css", "/api/facts?limit=100", "/api/facts.csv", "/openapi.json"]


@pytest.fixture(scope="module")
def client(small_settings):
    return create_app(EngineSource(small_settings), small_settings).test_client()


def get(client, address, **headers):
    # Closed, because a response keeps its file open.
    with client.get(address, headers=headers) as response:
        return response, response.get_data()


@pytest.mark.parametrize("address", TEXTS)
def test_texts_are_compressed_and_come_out_the_same(client, address):
    plain, content = get(client, address)
    packed, data = get(client, address, **GZIP)
    assert plain.headers.get("Content-Encoding") is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(data) == content
    assert len(data) == int(packed.headers["Content-Length"]) < len(content)
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["Vary"]
        assert response.headers["Cache-Control"] == plain.headers["Cache-Control"]
        assert response.headers["Content-Type"] == plain.headers["Content-Type"]


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0, *", "br", ""])
def test_nothing_is_compressed_for_others(client, accepted):
    response, _ = get(client, "/static/app.js", **{"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") is None


def test_small_texts_stay_as_they_are(client):
    response, data = get(client, "/healthz", **GZIP)
    assert len(data) < MIN_BYTES
    assert response.headers.get("Content-Encoding") is None


@pytest.mark.parametrize("first", [{}, GZIP])
@pytest.mark.parametrize("then", [{}, GZIP])
def test_a_file_that_has_not_changed_is_not_sent_again(client, first, then):
    response, _ = get(client, "/static/app.js", **first)
    assert response.headers["Cache-Control"] == "no-cache"
    again, data = get(client, "/static/app.js", **then, **{"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, data) == (304, b"")
    assert again.headers["ETag"].removeprefix("W/") == response.headers["ETag"].removeprefix("W/")


def test_head_tells_what_get_would(client):
    with client.head("/static/app.js", headers=GZIP) as head:
        packed, _ = get(client, "/static/app.js", **GZIP)
        assert head.headers["Content-Length"] == packed.headers["Content-Length"]
        assert head.headers["Content-Encoding"] == "gzip"


def test_a_part_of_a_file_is_sent_as_it_is(client):
    response, data = get(client, "/static/app.js", **GZIP, Range="bytes=0-9")
    assert response.headers.get("Content-Encoding") is None
    assert (response.status_code, len(data)) == (206, 10)


def test_events_are_never_compressed(client):
    headers = {**GZIP, "Accept": "text/event-stream"}
    with client.post("/api/ask", json={"question": "How high is Gannet Rock?"}, headers=headers) as response:
        assert response.headers.get("Content-Encoding") is None
        assert response.get_data().startswith(b"event: meta")


def test_plain_answers_are_compressed(client):
    with client.post("/api/ask", json={"question": "How high is Gannet Rock?"}, headers=GZIP) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.get_data()).startswith(b'{"id"')

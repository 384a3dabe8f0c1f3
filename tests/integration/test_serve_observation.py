"""What the server says of its work: metrics, the log, request ids, the time limit of a question."""

from __future__ import annotations

import json
import logging
import re

import pytest

from nkqa.ask.pipeline import EngineSource
from nkqa.serve import configure_logs, create_app
from nkqa.serve.observe import _SANE_ID

pytestmark = pytest.mark.model

QUESTION = "Who designed the first four towers?"
CREDENTIALS = "Bearer 0123456789abcdef"


@pytest.fixture(scope="module")
def engines(small_settings):
    return EngineSource(small_settings)


@pytest.fixture
def log(capsys):
    """What reads the log; it is put back as it was afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield lambda: capsys.readouterr().err
    root.handlers[:] = before
    root.setLevel(level)


def ask(engines, settings, **options):
    client = create_app(engines, settings).test_client()
    with client.post("/api/ask", json={"question": QUESTION}, **options) as response:
        response.get_data()
    return client, response


def test_metrics_count_requests_questions_and_stages(engines, small_settings):
    client, _ = ask(engines, small_settings)
    client.get("/no/such/address?q=secret").close()
    client.open("/healthz", method="BREW").close()
    text = client.get("/metrics").get_data(as_text=True)
    assert 'nkqa_requests_total{method="POST",route="/api/ask",status="200"} 1.0' in text
    assert 'nkqa_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert 'method="other"' in text
    assert 'nkqa_questions_total{kind="factoid",reason="none",status="answered"} 1.0' in text
    assert 'nkqa_question_stage_seconds_count{stage="read"} 1.0' in text
    assert f'nkqa_index_info{{generation="{engines.current().manifest.generation}"}} 1.0' in text
    assert "nkqa_index_open_failed 0.0" in text
    assert not re.search("secret|towers|BREW", text)


def test_metrics_of_two_applications_do_not_mix(engines, small_settings):
    ask(engines, small_settings)
    other = create_app(engines, small_settings).test_client()
    assert "/api/ask" not in other.get("/metrics").get_data(as_text=True)


@pytest.mark.parametrize("stream", [False, True])
def test_log_has_one_line_of_json_a_request(engines, small_settings, log, stream):
    settings = small_settings.model_copy(update={"log_format": "json"})
    configure_logs(settings)
    headers = {"X-Request-Id": "from-client-1", "Authorization": CREDENTIALS}
    if stream:
        headers["Accept"] = "text/event-stream"
    _, response = ask(engines, settings, headers=headers)
    (line,) = log().splitlines()
    entry = json.loads(line)
    assert response.headers["X-Request-Id"] == entry["request_id"] == "from-client-1"
    assert (entry["method"], entry["route"], entry["status"]) == ("POST", "/api/ask", 200)
    (answer,) = entry["answers"]
    assert answer["generation"] == engines.current().manifest.generation
    assert answer["id"]
    assert answer["timings_ms"]["total"] <= entry["duration_ms"]
    assert "towers" not in line
    assert CREDENTIALS not in line


def test_questions_are_logged_where_the_operator_wants_it(engines, small_settings, log):
    settings = small_settings.model_copy(update={"log_format": "json", "log_questions": True})
    configure_logs(settings)
    ask(engines, settings)
    assert json.loads(log())["answers"][0]["question"] == QUESTION


def test_a_message_of_the_log_in_text_cannot_begin_a_line(small_settings, log):
    configure_logs(small_settings)
    logging.getLogger("other").warning("gone: /a\nforged [info] line", extra={"path": "/b\nforged"})
    assert len(log().splitlines()) == 1


@pytest.mark.parametrize(("level", "lines"), [("info", 0), ("debug", 1)])
def test_watching_is_logged_for_debugging_only(engines, small_settings, log, level, lines):
    configure_logs(small_settings.model_copy(update={"log_level": level}))
    create_app(engines, small_settings).test_client().get("/healthz").close()
    assert log().count("/healthz") == lines


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "a\tb", "ä", "../a", '"'])
def test_a_request_id_that_is_none_is_replaced(engines, small_settings, given):
    client = create_app(engines, small_settings).test_client()
    made = client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert made != given
    assert _SANE_ID.fullmatch(made)


@pytest.mark.parametrize(("timeout_s", "status"), [(1e-9, 503), (20.0, 200)])
def test_a_question_that_takes_too_long(engines, small_settings, timeout_s, status):
    settings = small_settings.model_copy(update={"question_timeout_s": timeout_s})
    _, response = ask(engines, settings)
    assert response.status_code == status
    if status == 503:
        assert response.get_json()["type"] == "urn:nkqa:problem:question-timeout"
        assert response.headers["Retry-After"]


@pytest.mark.parametrize(
    ("address", "body", "headers"),
    [
        ("/api/ask", {"question": QUESTION}, {}),
        ("/api/ask", {"question": QUESTION}, {"Accept": "text/event-stream"}),
        ("/api/ask/batch", {"questions": [{"question": QUESTION}]}, {}),
        ("/v1/chat/completions", {"model": "nkqa", "messages": [{"role": "user", "content": QUESTION}]}, {}),
    ],
    ids=["plain", "stream", "batch", "compatible"],
)
def test_questions_that_take_too_long_are_counted(engines, small_settings, address, body, headers):
    settings = small_settings.model_copy(update={"question_timeout_s": 1e-9})
    client = create_app(engines, settings).test_client()
    with client.post(address, json=body, headers=headers) as response:
        assert "longer" in response.get_data(as_text=True)
    metrics = client.get("/metrics").get_data(as_text=True)
    assert 'nkqa_requests_rejected_total{why="timeout"} 1.0' in metrics


def test_a_stream_that_takes_too_long_says_so(engines, small_settings):
    settings = small_settings.model_copy(update={"question_timeout_s": 1e-9})
    _, response = ask(engines, settings, headers={"Accept": "text/event-stream"})
    assert "event: error" in response.get_data(as_text=True)
    assert "question-timeout" in response.get_data(as_text=True)

"""The operator's addresses: who may call them, what they tell, and that the token stays a secret."""

from __future__ import annotations

import inspect
import logging
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from nkqa import doctor
from nkqa.ask.pipeline import EngineSource
from nkqa.errors import BuildInProgressError, SettingsError
from nkqa.serve import Services, create_app, operator
from nkqa.settings import load_settings

TOKEN = "correct-horse-battery-staple"  # noqa: S105 (of a test)
RIGHT = {"Authorization": f"Bearer {TOKEN}"}
JOB = {
    **{"id": "0123456789ab", "started_by": "operator", "state": "running", "stage": "encode", "done": 3, "all": 9},
    **{"seconds": 0.5, "problems": [], "generation": None, "created": None, "error": None},
}


class FakeBuilder:
    """Notes what it is asked to do."""

    def __init__(self) -> None:
        self.started: list[bool] = []
        self.busy = False

    def start(self, force):
        if self.busy:
            raise BuildInProgressError("Process 7 is building.", "Wait.")
        self.started.append(force)
        return JOB

    def job(self, job_id):
        return JOB if job_id == JOB["id"] else None

    def latest(self):
        return JOB if self.started else None

    def follow(self, job_id):
        yield from (JOB, None, {**JOB, "state": "done"})

    def built_at(self, generation):
        return None


def make_client(builder, token: str = TOKEN):
    settings = load_settings(operator_token=token, index_dir=Path("none"))
    services = Services(lambda *_: {}, lambda *_: None, lambda _: None, None, builder)
    return create_app(EngineSource(settings), settings, services).test_client()


@pytest.fixture
def builder():
    return FakeBuilder()


@pytest.fixture
def client(builder):
    return make_client(builder)


def test_operator_starts_a_rebuild(client, builder):
    response = client.post("/api/index/rebuild", json={"force": True}, headers=RIGHT)
    assert (response.status_code, response.get_json()) == (202, JOB)
    assert response.headers["Location"] == f"/api/index/rebuild/{JOB['id']}"
    assert client.get(response.headers["Location"], headers=RIGHT).get_json() == JOB
    assert builder.started == [True]


def test_second_builder_is_a_conflict_that_names_the_first(client, builder):
    builder.busy = True
    response = client.post("/api/index/rebuild", json={}, headers=RIGHT)
    assert response.status_code == 409
    assert "Process 7" in response.get_json()["detail"]


def test_job_as_events(client):
    response = client.get(f"/api/index/rebuild/{JOB['id']}", headers={**RIGHT, "Accept": "text/event-stream"})
    assert response.mimetype == "text/event-stream"
    first, comment, last, rest = response.get_data(as_text=True).split("\n\n")
    assert first.startswith("event: running\ndata: {")
    assert (comment[0], rest) == (":", "")
    assert last.startswith("event: done\ndata: {")


def test_unknown_job(client):
    assert client.get("/api/index/rebuild/none", headers=RIGHT).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer é",
    ],
)
@pytest.mark.parametrize(("method", "address"), [("POST", "/api/index/rebuild"), ("GET", "/api/index/rebuild/none")])
def test_stranger_is_refused(client, builder, method, address, given):
    headers = {} if given is None else {"Authorization": given}
    response = client.open(address, method=method, json={} if method == "POST" else None, headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert TOKEN not in response.get_data(as_text=True) + str(response.headers)
    assert builder.started == []


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1]", b'{"force": 7}', b'{"unknown": 1}', b"x" * 2**21])
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_stranger_learns_nothing_of_bodies(client, body, kind):
    asked = partial(client.post, "/api/index/rebuild", data=body, content_type=kind)
    assert asked().status_code == 401
    assert asked(headers=RIGHT).status_code in {400, 413, 415, 422}


@pytest.mark.parametrize("headers", [{}, RIGHT, {"Authorization": "Bearer "}])
def test_without_a_token_the_addresses_are_switched_off(builder, headers):
    response = make_client(builder, "").post("/api/index/rebuild", json={}, headers=headers)
    assert response.status_code == 403
    assert "operator_token" in response.get_json()["remedy"]
    assert builder.started == []


def test_without_a_builder_the_addresses_are_switched_off():
    settings = load_settings(operator_token=TOKEN)
    client = create_app(EngineSource(settings), settings).test_client()
    assert client.post("/api/index/rebuild", json={}, headers=RIGHT).status_code == 403


def test_page_of_another_site_is_refused_even_with_the_token(client, builder):
    headers = {**RIGHT, "Origin": "http://elsewhere.example"}
    assert client.post("/api/index/rebuild", json={}, headers=headers).status_code == 403
    assert builder.started == []


def test_tokens_are_compared_in_constant_time():
    # By the function that does so: time itself is too noisy to tell.
    source = inspect.getsource(operator.refuse_stranger)
    assert "hmac.compare_digest(" in source
    assert "== token" not in source


@pytest.mark.parametrize(
    "token", ["short", "fifteen-letters", "with a space in between", "ümlaut-ümlaut-ümlaut", "x" * 201]
)
def test_weak_token_is_refused_and_not_shown(token):
    with pytest.raises(SettingsError) as caught:
        load_settings(operator_token=token)
    assert "operator_token" in caught.value.message
    assert token not in f"{caught.value} {caught.value.__cause__}"


def test_token_of_another_kind_is_not_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("nkqa.toml").write_text("operator_token = 98765432109876543210\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "98765432109876543210" not in f"{caught.value} {caught.value.__cause__}"


def test_token_is_shown_nowhere(builder, caplog, tmp_path, monkeypatch):
    monkeypatch.setenv("NKQA_OPERATOR_TOKEN", TOKEN)
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.operator_token == SecretStr(TOKEN)
    shown = [repr(settings), str(settings), settings.model_dump_json()]
    shown += [finding.text for finding in doctor._settings(settings, {})]
    assert any("operator_token = ****" in text for text in shown)
    client = make_client(builder)
    with caplog.at_level(logging.DEBUG):
        for headers in (RIGHT, {"Authorization": f"Bearer {TOKEN}x"}):
            client.post("/api/index/rebuild", json={}, headers=headers).close()
        client.post(f"/api/index/rebuild?token={TOKEN}", json={"token": "x"}, headers=RIGHT).close()
    shown += [str(vars(record)) for record in caplog.records]
    shown += [
        client.get(address).get_data(as_text=True)
        for address in ("/metrics", "/api/about", "/openapi.json", "/api/index")
    ]
    assert len(caplog.records) >= 3
    assert [text for text in shown if TOKEN in text] == []


def test_a_shown_token_would_be_noticed(monkeypatch):
    monkeypatch.setenv("NKQA_HOST", TOKEN)
    assert any(TOKEN in finding.text for finding in doctor._settings(load_settings(), {}))

"""The HTTP interface while the index is missing, broken, replaced or removed."""

from __future__ import annotations

import shutil

import pytest

from nkqa.ask.pipeline import EngineSource
from nkqa.build.pipeline import build
from nkqa.serve import create_app

pytestmark = pytest.mark.model

QUESTION = {"question": "Who designed the first four towers?"}


@pytest.fixture
def settings(small_settings, tmp_path):
    """Settings with a corpus and an index of their own; the model, which is large and never changes, is shared."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(small_settings.corpus_dir, corpus)
    shutil.copytree(small_settings.index_dir, index, ignore=shutil.ignore_patterns("models", ".*"))
    (index / "models").symlink_to(small_settings.index_dir.resolve() / "models")
    return small_settings.model_copy(update={"corpus_dir": corpus, "index_dir": index})


@pytest.fixture
def client(settings):
    return create_app(EngineSource(settings), settings).test_client()


def generation_dir(settings):
    return settings.index_dir / (settings.index_dir / "CURRENT").read_text().split()[0]


def check_unavailable(client, kind):
    for response in (client.post("/api/ask", json=QUESTION), client.get("/api/documents"), client.get("/readyz")):
        assert response.status_code == 503
        assert response.mimetype == "application/problem+json"
        assert int(response.headers["Retry-After"]) > 0
        body = response.get_json()
        assert body["type"] == f"urn:nkqa:problem:{kind}"
        assert "nkqa build" in body["remedy"]
    assert client.get("/healthz").status_code == 200


def test_no_index_yet_and_then_one(settings, client):
    kept = settings.index_dir.rename(settings.index_dir.with_name("kept"))
    check_unavailable(client, "no-index")
    kept.rename(settings.index_dir)
    assert client.post("/api/ask", json=QUESTION).status_code == 200


@pytest.mark.parametrize("name", ["manifest.json", "documents.jsonl", "passages.jsonl", "vectors.npy"])
@pytest.mark.parametrize("damage", ["removed", "cut", "changed"])
def test_broken_index(settings, client, name, damage):
    path = generation_dir(settings) / name
    data = path.read_bytes()
    path.unlink()
    if damage != "removed":
        path.write_bytes(data[:-10] if damage == "cut" else data[:100] + bytes([data[100] ^ 1]) + data[101:])
    check_unavailable(client, "broken-index")


def test_index_that_breaks_while_open_goes_on_answering(settings, client):
    before = client.post("/api/ask", json=QUESTION).get_json()
    (settings.index_dir / "CURRENT").write_text("nothing\n")
    after = client.post("/api/ask", json=QUESTION).get_json()
    assert (after["text"], after["generation"]) == (before["text"], before["generation"])
    assert client.get("/readyz").status_code == 200


def test_index_that_vanishes_while_open_goes_on_answering(settings, client):
    before = client.post("/api/ask", json=QUESTION).get_json()
    (settings.index_dir / "models").unlink()
    shutil.rmtree(settings.index_dir)
    after = client.post("/api/ask", json=QUESTION).get_json()
    assert (after["text"], after["generation"]) == (before["text"], before["generation"])
    assert client.get("/readyz").status_code == 200


def test_rebuild_is_taken_up_by_the_next_question(settings, client):
    first = client.get("/readyz").get_json()
    (settings.corpus_dir / "ferry.txt").write_text("The ferry\n\nThe ferry to Skarholm is called Marigold.\n")
    assert build(settings).created
    second = client.get("/readyz").get_json()
    assert second["generation"] != first["generation"]
    assert second["documents"] == first["documents"] + 1
    answer = client.post("/api/ask", json={"question": "What is the ferry to Skarholm called?"}).get_json()
    assert answer["generation"] == second["generation"]
    assert "Marigold" in answer["text"]

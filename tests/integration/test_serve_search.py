"""Several questions in one request, searching, and the version that every response tells."""

from __future__ import annotations

import pytest

from nkqa.ask.pipeline import MAX_PASSAGES, EngineSource
from nkqa.receipts import make_receipt
from nkqa.serve import Services, create_app
from nkqa.serve.batch import BatchBody
from nkqa.serve.description import API_VERSION, VERSION_HEADER
from nkqa.serve.searching import SearchBody

pytestmark = pytest.mark.model

QUESTION = "Who designed the first four towers?"


@pytest.fixture(scope="module")
def engines(small_settings):
    return EngineSource(small_settings)


@pytest.fixture
def kept():
    return {}


@pytest.fixture
def client(engines, small_settings, kept):
    settings = small_settings.model_copy(update={"max_batch": 4})
    services = Services(make_receipt, kept.__setitem__, kept.get)
    return create_app(engines, settings, services).test_client()


def search(client, **body):
    response = client.post("/api/search", json=body)
    assert response.status_code == 200, response.get_data(as_text=True)
    SearchBody.model_validate_json(response.get_data(), strict=True, extra="forbid")
    return response.get_json()["passages"]


def batch(client, *questions):
    return client.post("/api/ask/batch", json={"questions": list(questions)})


def test_answers_stand_in_the_order_of_the_questions_and_are_those_of_asking_alone(client, kept):
    asked = [{"question": QUESTION}, {"question": "And Gannet Rock?", "history": ["How high is Skarholm Light?"]}]
    response = batch(client, *asked)
    BatchBody.model_validate_json(response.get_data(), strict=True, extra="forbid")
    alone = [client.post("/api/ask", json=one).get_json() for one in asked]
    together = [result["answer"] for result in response.get_json()["results"]]
    assert [{**one, "timings_ms": 0} for one in together] == [{**one, "timings_ms": 0} for one in alone]
    assert set(kept) == {one["id"] for one in together}


@pytest.mark.parametrize("bad", ["", " \n", "\0", "why " * 2500], ids=["empty", "blank", "NUL", "long"])
def test_question_that_cannot_be_asked_has_its_problem_in_its_place(client, bad):
    first, second, third = batch(client, {"question": QUESTION}, {"question": bad}, {"question": QUESTION}).get_json()[
        "results"
    ]
    assert second["answer"] is None
    assert second["problem"] == client.post("/api/ask", json={"question": bad}).get_json()
    assert first["answer"]["text"] == third["answer"]["text"]
    assert (first["problem"], third["problem"]) == (None, None)


@pytest.mark.parametrize("bad", [{}, {"question": 7}, {"question": "Why?", "qestion": "Why?"}, "Why?"])
def test_malformed_question_is_named_and_nothing_is_asked(client, kept, bad):
    response = batch(client, {"question": QUESTION}, bad)
    assert response.status_code == 422
    assert response.get_json()["detail"].startswith("questions.1")
    assert kept == {}


@pytest.mark.parametrize(("many", "status"), [(0, 422), (4, 200), (5, 422), (1001, 422)])
def test_number_of_questions_is_bounded(client, many, status):
    response = batch(client, *[{"question": "hello"}] * many)
    assert response.status_code == status
    if many == 5:
        assert "at most 4" in response.get_json()["remedy"]


def test_passages_are_exact_citations_by_rank(client, engines):
    passages = search(client, question=QUESTION)
    assert [passage["number"] for passage in passages] == list(range(1, 11))
    assert "Halvard Quist" in passages[0]["cited_text"]
    for passage in passages:
        text = engines.current().document(passage["document_id"]).text
        assert text[passage["start_char_index"] : passage["end_char_index"]] == passage["cited_text"]


def test_limit_cuts_and_does_not_reorder(client):
    assert search(client, question=QUESTION, limit=3) == search(client, question=QUESTION, limit=MAX_PASSAGES)[:3]
    response = client.post("/api/search", json={"question": QUESTION, "limit": MAX_PASSAGES + 1})
    assert response.status_code == 422


def test_one_document_gives_its_own_passages_however_far_from_the_question(client, engines):
    everywhere = {passage["document_id"] for passage in search(client, question=QUESTION, limit=1)}
    for document in engines.current().documents:
        passages = search(client, question=QUESTION, document=document.id)
        assert {passage["document_id"] for passage in passages} == {document.id}
        assert document.id in everywhere or len(passages) >= 5


def test_history_completes_what_is_looked_for(client):
    body = {"question": "And Gannet Rock?", "history": ["How high is Skarholm Light?"]}
    assert client.post("/api/search", json=body).get_json()["interpreted_as"]


@pytest.mark.parametrize(
    ("body", "status"), [({"question": ""}, 422), ({"question": "Why?", "document": "none"}, 404), ({}, 422)]
)
def test_search_that_cannot_be_made(client, body, status):
    response = client.post("/api/search", json=body)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize("path", ["/api/about", "/api/nowhere", "/api/ask"])
def test_version_is_told_with_problems_too(client, path):
    assert client.get(path).headers[VERSION_HEADER] == API_VERSION
    assert VERSION_HEADER not in client.get("/healthz").headers

"""The HTTP interface on good days: answers, documents, states, the page, headers."""

from __future__ import annotations

import json

import pytest

from nkqa.ask.pipeline import EngineSource
from nkqa.serve import create_app
from nkqa.serve.about import Suggestions
from nkqa.serve.guard import SECURITY_HEADERS
from nkqa.serve.schema import AnswerBody, DocumentBody, DocumentList

pytestmark = pytest.mark.model

QUESTION = "Who designed the first four towers?"


@pytest.fixture(scope="module")
def engines(small_settings):
    return EngineSource(small_settings)


@pytest.fixture(scope="module")
def client(engines, small_settings):
    return create_app(engines, small_settings).test_client()


@pytest.fixture(scope="module")
def documents(engines):
    return {document.id: document for document in engines.current().documents}


def ask(client, **body):
    response = client.post("/api/ask", json=body)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


def test_answer_has_the_documented_shape_and_cites_exactly(client, documents):
    answer = ask(client, question=QUESTION)
    AnswerBody.model_validate(answer, strict=True, extra="forbid")
    assert answer["status"] == "answered"
    assert "Halvard Quist" in answer["text"]
    for citation in answer["citations"]:
        text = documents[citation["document_id"]].text
        assert text[citation["start_char_index"] : citation["end_char_index"]] == citation["cited_text"]


def test_answer_is_that_of_the_engine(client, engines):
    answer = ask(client, question="And Gannet Rock?", history=["How high is Skarholm Light?"], as_of=2010)
    expected = engines.current().ask("And Gannet Rock?", ["How high is Skarholm Light?"], 2010).to_json()
    # The times differ from one question to the next; everything else, the id included, must not.
    assert {**answer, "timings_ms": None} == json.loads(json.dumps({**expected, "timings_ms": None}))
    assert answer["interpreted_as"] is not None


def test_null_history_and_year_are_as_good_as_none(client):
    with_null = ask(client, question=QUESTION, history=None, as_of=None)
    assert with_null["text"] == ask(client, question=QUESTION)["text"]


def test_refusal_is_an_answer(client):
    answer = ask(client, question="Which chess opening is best against the Sicilian Defence?")
    AnswerBody.model_validate(answer, strict=True, extra="forbid")
    assert (answer["status"], answer["citations"]) == ("declined", [])


def test_json_is_utf8_without_escapes(client):
    response = client.post("/api/ask", json={"question": "What is a lighthouse called in Korean?"})
    assert "등대" in response.get_data().decode("utf-8")


def test_documents_are_listed(client, engines, documents):
    response = client.get("/api/documents")
    body = response.get_json()
    DocumentList.model_validate(body, strict=True, extra="forbid")
    assert body["generation"] == engines.current().manifest.generation
    assert [line["id"] for line in body["documents"]] == list(documents)
    line = next(line for line in body["documents"] if line["name"] == "harbour-lights.txt")
    assert line["title"] == "Harbour Lights of Vessmark"
    assert line["source"]["licence"] == "CC0 1.0"
    assert line["chars"] == len(documents[line["id"]].text)
    assert {"Terms", "History", "Stations"} <= set(line["headings"])


def test_list_leaves_out_headings_that_are_empty_or_deeper(client, documents):
    lines = {line["id"]: line for line in client.get("/api/documents").get_json()["documents"]}
    for document in documents.values():
        for section in document.sections:
            listed = section.heading in lines[document.id]["headings"]
            assert listed == (section.level == 1 and not section.empty), section
    assert any(section.empty for document in documents.values() for section in document.sections)


def test_document_is_given_with_marks_that_fit_its_text(client, documents):
    for document in documents.values():
        body = client.get(f"/api/documents/{document.id}").get_json()
        DocumentBody.model_validate(body, strict=True, extra="forbid")
        assert body["text"] == document.text
        for entry in body["outline"]:
            assert entry["heading"] in body["text"][entry["heading_start"] : entry["heading_end"]]
            assert entry["start"] <= entry["heading_start"] <= entry["heading_end"] <= entry["end"]
        for flag in body["flags"]:
            assert flag["label"] in body["text"][flag["start"] : flag["end"]]
        for table in body["tables"]:
            check_table(table, body["text"])


def check_table(table, text):
    for row in table["rows"]:
        assert row["label"] in text[row["start"] : row["end"]]
        assert len(row["cells"]) == len(table["columns"])
        for cell in row["cells"]:
            assert text[cell["start"] : cell["end"]] == cell["value"]


def test_tables_flags_and_ignored_regions_arrive(client, documents):
    bodies = [client.get(f"/api/documents/{name}").get_json() for name in documents]
    tables = [table for body in bodies for table in body["tables"]]
    assert {"1958", "Range (nmi)"} <= {column for table in tables for column in table["columns"]}
    assert "Vessels piloted into Torhaven by kind of vessel" in {table["caption"] for table in tables}
    labels = {flag["label"] for body in bodies for flag in body["flags"]}
    assert {"citation needed", "failed verification"} <= labels
    assert any(region["reason"] for body in bodies for region in body["ignored"])


def test_suggestions_are_answered(client, engines):
    body = client.get("/api/suggestions").get_json()
    Suggestions.model_validate(body, strict=True, extra="forbid")
    assert body["generation"] == engines.current().manifest.generation
    assert body["questions"] == list(engines.current().openers())
    assert [question for question in body["questions"] if ask(client, question=question)["status"] != "answered"] == []


def test_states(client, engines):
    assert client.get("/healthz").get_json() == {"status": "ok"}
    manifest = engines.current().manifest
    ready = client.get("/readyz").get_json()
    assert ready.pop("opened_at") == ready["integrity"]["verified_at"]
    assert 0 <= ready.pop("age_s") < 3600
    assert ready == {
        "status": "ready",
        "generation": manifest.generation,
        "documents": 3,
        "passages": manifest.passages,
        "integrity": {"result": "verified", "verified_at": ready["integrity"]["verified_at"]},
        "newer_failed": False,
    }


def test_page_and_its_files_are_asked_for_again_by_etag(client):
    # Closed, because a response keeps its file open.
    with client.get("/") as page, client.get("/static/app.js") as script:
        assert page.mimetype == "text/html"
        assert script.mimetype in {"text/javascript", "application/javascript"}
        assert page.headers["Cache-Control"] == script.headers["Cache-Control"] == "no-cache"
    with client.get("/static/app.js", headers={"If-None-Match": script.headers["ETag"]}) as again:
        assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/healthz", "/api/documents", "/openapi.json", "/nowhere"])
def test_every_response_carries_the_security_headers(client, path):
    with client.get(path) as response:
        headers = response.headers
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert not [name for name, _ in headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/documents", "/openapi.json", "/nowhere"])
def test_nothing_but_static_files_is_kept_by_caches(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_interface_is_described(client):
    body = client.get("/openapi.json").get_json()
    assert body["openapi"].startswith("3.1")
    known = {"/api/ask", "/api/documents", "/api/documents/{doc_id}", "/healthz", "/readyz", "/metrics"}
    facts = {"/api/facts", "/api/facts.csv", "/api/facts/{fact_id}", "/api/timeline", "/api/audit", "/api/about"}
    known |= {"/api/suggestions", "/api/verify", "/api/ask/batch", "/api/search"}
    programs = {"/v1/chat/completions", "/v1/models", "/v1/models/{model}"}
    operator = {"/api/index", "/api/index/rebuild", "/api/index/rebuild/{job_id}"}
    assert set(body["paths"]) == known | facts | programs | operator
    answers = body["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]
    assert set(answers) == {"application/json", "text/event-stream"}
    request = body["components"]["schemas"]["AskRequest"]
    assert set(request["properties"]) == {"question", "history", "as_of"}
    assert (request["required"], request["additionalProperties"]) == (["question"], False)
    for operations in (item for path, item in body["paths"].items() if path not in programs):
        for operation in operations.values():
            failures = {status: text for status, text in operation["responses"].items() if status[0] != "2"}
            assert failures
            assert all(list(failure["content"]) == ["application/problem+json"] for failure in failures.values())

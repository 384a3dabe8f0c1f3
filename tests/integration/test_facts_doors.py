"""The doors to facts: `nkqa facts`, `audit`, `verify`, and the addresses that serve the same."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace

import pytest
from corpora import ROOT, SMALL_CORPUS

from nkqa import cli as command_line
from nkqa.ask.pipeline import Engine, EngineSource
from nkqa.build.audit import audit
from nkqa.build.facts.cells import cell_facts
from nkqa.build.facts.events import event_facts
from nkqa.commands.serving import services
from nkqa.jobs import BuildJobs
from nkqa.serve import create_app
from nkqa.serve.about import AboutBody
from nkqa.serve.fact_schema import AuditBody, FactList, OneFact, ReceiptBody, TimelineBody
from nkqa.serve.facts_csv import facts_csv
from nkqa.store.answers import ANSWERS_FILE, AnswerStore
from nkqa.store.facts import FactStore, write_facts
from nkqa.store.generation import open_current
from nkqa.types import FactKind

pytestmark = pytest.mark.model

QUESTION = "Who designed the first four towers?"


@pytest.fixture(scope="module")
def engine(small_settings, small_engine, tmp_path_factory):
    """An engine whose facts are the cells and incidents of the small corpus."""
    folder = tmp_path_factory.mktemp("facts")
    generation = open_current(small_settings.index_dir)
    documents = generation.tiers[0].documents
    write_facts(folder, [fact for one in documents for fact in (*cell_facts(one), *event_facts(one))])
    return Engine(
        replace(generation, tiers=(replace(generation.tiers[0], facts=FactStore(folder)),)),
        small_engine.encoder,
        small_engine.reader,
        small_settings,
    )


@pytest.fixture
def settings(small_settings, tmp_path):
    """Settings whose index folder is one to write to."""
    return small_settings.model_copy(update={"index_dir": tmp_path})


@pytest.fixture
def client(engine, settings):
    class Source(EngineSource):
        def current(self):
            return engine

    return create_app(Source(settings), settings, services(settings, BuildJobs(settings))).test_client()


@pytest.fixture
def nkqa(capsys, small_settings):
    """Run a command in this process; gives exit code, stdout and stderr."""

    def run(*arguments, corpus=small_settings.corpus_dir):
        folders = ["--corpus-dir", str(corpus), "--index-dir", str(small_settings.index_dir)]
        with pytest.raises(SystemExit) as caught:
            command_line.cli.main([*arguments, *folders], prog_name="nkqa")
        printed = capsys.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


def get(client, address, shape):
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    shape.model_validate_json(response.get_data(), extra="forbid")
    return response.get_json()


# ----------------------------------------------------------------------------------------------------------- facts


def test_facts_are_listed_by_page(client, engine):
    first = get(client, "/api/facts?kind=cell&limit=5", FactList)
    second = get(client, "/api/facts?kind=cell&limit=5&offset=5", FactList)
    every = [fact.id for fact in engine.facts(FactKind.CELL)]
    assert first["total"] == len(every) > 50
    assert [fact["id"] for fact in (*first["facts"], *second["facts"])] == every[:10]
    assert get(client, "/api/facts?offset=100000", FactList)["facts"] == []


def test_facts_slice_their_documents(client, engine):
    texts = {document.id: document.text for document in engine.documents}
    for fact in get(client, "/api/facts?limit=500", FactList)["facts"]:
        assert texts[fact["doc_id"]][fact["span"]["start"] : fact["span"]["end"]] == fact["value"]


def test_facts_are_filtered_by_subject_and_document(client, engine):
    (harbour,) = [document for document in engine.documents if document.name == "harbour-lights.txt"]
    found = get(client, "/api/facts?kind=event&about=landslides", FactList)
    assert [fact["subject"] for fact in found["facts"]] == ["A landslide"]
    sails = get(client, f"/api/facts?kind=cell&about=sail&document={harbour.id}", FactList)
    assert sails["total"] == 13
    assert get(client, "/api/facts?about=zeppelin", FactList)["total"] == 0


def test_facts_carry_the_sentence_and_the_title(client, engine):
    documents = {document.id: document for document in engine.documents}
    rows = [row["event"] for row in get(client, "/api/timeline", TimelineBody)["rows"]]
    facts = get(client, "/api/facts?limit=500", FactList)["facts"]
    assert rows
    for fact in (*facts, *rows):
        document, place = documents[fact["doc_id"]], fact["statement"]
        assert fact["statement_text"] == document.text[place["start"] : place["end"]]
        assert fact["document_title"] == document.title


def test_only_flagged_facts(small_settings):
    client = create_app(EngineSource(small_settings), small_settings).test_client()
    every = get(client, "/api/facts?limit=500", FactList)["facts"]
    flagged = get(client, "/api/facts?limit=500&flagged=true", FactList)["facts"]
    assert flagged == [fact for fact in every if fact["flags"]]
    assert 0 < len(flagged) < len(every)
    assert client.get("/api/facts?flagged=perhaps").status_code == 422


def test_one_fact(client, engine):
    listed = get(client, "/api/facts?kind=event&limit=1", FactList)["facts"][0]
    body = get(client, f"/api/facts/{listed['id']}", OneFact)
    assert body == {"generation": engine.manifest.generation, "fact": listed}
    missing = client.get("/api/facts/0123456789ab")
    assert (missing.status_code, missing.mimetype) == (404, "application/problem+json")
    assert missing.get_json()["remedy"]


def test_facts_as_a_table(client, engine):
    response = client.get("/api/facts.csv?kind=cell&about=sail")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="facts.csv"'
    text = response.get_data().decode("utf-8")
    assert text.startswith(
        "\ufeffkind,subject,attribute,value,unit,where,period,claimant,hedge,flags,document,section,"
    )
    assert text.count("\r\n") == text.count("\n")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    facts = get(client, "/api/facts?kind=cell&about=sail&limit=500", FactList)["facts"]
    assert [row["value"] for row in rows] == [fact["value"] for fact in facts]
    assert [row["sentence"] for row in rows] == [fact["statement_text"] for fact in facts]
    assert client.get("/api/facts.csv?limit=3").status_code == 422


@pytest.mark.parametrize(("value", "cell"), json.loads((ROOT / "tests" / "csv_cases.json").read_text(encoding="utf-8")))
def test_no_cell_is_a_formula(engine, value, cell):
    (fact, *_) = engine.facts(FactKind.CELL)
    text = facts_csv([(replace(fact, subject=value), engine.document(fact.doc_id))])
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert row["subject"] == cell


def test_about(client, engine, settings):
    body = get(client, "/api/about", AboutBody)
    assert body["generation"] == engine.manifest.generation
    assert body["models"] == {"encoder": engine.manifest.model, "reader": engine.reader.info.name}
    assert (body["documents"], body["facts"]) == (len(engine.documents), len(engine.facts()))
    assert body["limits"]["max_question_chars"] == settings.max_question_chars


@pytest.mark.parametrize(
    "query", ["kind=secret", "limit=0", "limit=501", "limit=many", "offset=-1", "unknown=1", f"about={'x' * 501}"]
)
def test_bad_parameter_is_a_problem(client, query):
    response = client.get(f"/api/facts?{query}")
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert query.split("=")[0] in response.get_json()["detail"]


def test_facts_of_an_unknown_document_are_not_found(client):
    assert client.get("/api/facts?document=nowhere").status_code == 404


def test_command_lists_facts(nkqa, small_engine):
    every = small_engine.facts(FactKind.CELL)
    code, out, err = nkqa("facts", "--kind", "cell", "--limit", "3")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"3 of {len(every)} facts."
    assert out.splitlines()[0].startswith(f"cell: {every[0].subject} · {every[0].attribute} · {every[0].value}")
    listed = json.loads(nkqa("facts", "--kind", "cell", "--json")[1])
    assert [fact["id"] for fact in listed["facts"]] == [fact.id for fact in every]


def test_command_writes_csv(nkqa, small_engine):
    rows = list(csv.DictReader(io.StringIO(nkqa("facts", "--kind", "cell", "--csv")[1])))
    texts = {document.id: document.text for document in small_engine.documents}
    assert len(rows) == len(small_engine.facts(FactKind.CELL))
    for row in rows:
        assert texts[row["document"]][int(row["start"]) : int(row["end"])] == row["value"]


def test_command_refuses_two_forms_and_an_unknown_kind(nkqa):
    assert nkqa("facts", "--json", "--csv")[0] == 2
    assert nkqa("facts", "--kind", "secret")[0] == 2


# -------------------------------------------------------------------------------------------------------- timeline


def test_timeline_is_filtered(client):
    rows = get(client, "/api/timeline?place=Gannet+Rock&from=1926&to=1990", TimelineBody)["rows"]
    assert [row["event"]["period"]["text"] for row in rows] == ["February 1926", "January 1987"]
    assert rows[0]["text"].startswith("February 1926: A landslide destroyed") or "landslide" in rows[0]["text"]
    found = get(client, "/api/timeline?outcome=found", TimelineBody)["rows"]
    assert [row["event"]["low"] for row in found] == [5.0]
    assert get(client, "/api/timeline?place=Atlantis", TimelineBody)["rows"] == []


def test_timeline_warns_of_counting_twice(client):
    rows = get(client, "/api/timeline?from=2012&to=2012", TimelineBody)["rows"]
    assert [row["again"] for row in rows] == [None, "7 of them"]


@pytest.mark.parametrize("query", ["from=early", "to=0", "when=1990", "from=99999"])
def test_bad_timeline_is_a_problem(client, query):
    assert client.get(f"/api/timeline?{query}").status_code == 422


# ----------------------------------------------------------------------------------------------------------- audit


def test_audit_is_that_of_the_command(client, engine, nkqa):
    served = get(client, "/api/audit", AuditBody)
    printed = json.loads(nkqa("audit", "--json")[1])["findings"]
    own = audit(engine.documents, engine.facts(FactKind.CELL))
    bare = [
        {
            **{name: value for name, value in finding.items() if name != "document_title"},
            "spans": [{name: value for name, value in span.items() if name != "section"} for span in finding["spans"]],
        }
        for finding in served["findings"]
    ]
    assert bare == printed
    assert (served["failed"] + served["passed"], len(printed)) == (len(own), len(own))
    assert any("6,498" in finding["message"] for finding in printed)


def test_findings_can_be_linked_to_their_place(client, engine):
    documents = {document.id: document for document in engine.documents}
    findings = get(client, "/api/audit", AuditBody)["findings"]
    assert any(span["section"] for finding in findings for span in finding["spans"])
    for finding in findings:
        document = documents[finding["document"]]
        assert finding["document_title"] == document.title
        for span in finding["spans"]:
            assert document.text[span["start"] : span["end"]] == span["text"]
            deepest = [section for section in document.sections if list(section.path) == span["section"]]
            assert not span["section"] or any(
                section.span.start <= span["start"] < section.span.end for section in deepest
            )
    assert any(
        span["section"] for finding in client.get("/api/audit").get_json()["findings"] for span in finding["spans"]
    )


def test_audit_as_text_names_the_line(nkqa):
    code, out, err = nkqa("audit")
    assert (code, err) == (0, "")
    lines = (SMALL_CORPUS / "harbour-lights.txt").read_text(encoding="utf-8").splitlines()
    sail = next(number for number, line in enumerate(lines, 1) if line.startswith("Sail 2,310"))
    assert f"(row_total; harbour-lights.txt, line {sail})" in out
    assert out.splitlines()[-1].startswith("2 errors, ")


def test_strict_audit_fails_only_where_something_is_wrong(nkqa, tmp_path):
    assert nkqa("audit", "--strict")[0] == 1
    (tmp_path / "fine.md").write_text("# Boats\n\nIn 2002 there were 26 boats.\n", encoding="utf-8")
    assert nkqa("audit", "--strict", corpus=tmp_path)[0] == 0


# -------------------------------------------------------------------------------------------------------- receipts


def test_answer_can_be_fetched_again_and_verified(client, nkqa, tmp_path):
    answer = client.post("/api/ask", json={"question": QUESTION}).get_json()
    receipt = get(client, f"/api/answers/{answer['id']}", ReceiptBody)
    assert receipt["answer"] == answer
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt), encoding="utf-8")
    code, out, err = nkqa("verify", str(path))
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].endswith("checks hold.")


def test_receipt_holds_what_the_question_was_asked_with(client):
    asked = {"question": "And Gannet Rock?", "history": ["How high is Skarholm Light?"], "as_of": 2010}
    answer = client.post("/api/ask", json=asked).get_json()
    receipt = get(client, f"/api/answers/{answer['id']}", ReceiptBody)
    assert (receipt["history"], receipt["as_of"]) == (asked["history"], 2010)


def test_refusal_is_kept_too(client):
    answer = client.post("/api/ask", json={"question": "Which chess opening is best against the Sicilian?"}).get_json()
    assert client.get(f"/api/answers/{answer['id']}").get_json()["answer"]["status"] == "declined"


def test_unknown_answer_is_not_found(client):
    response = client.get("/api/answers/0123456789abcdef")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.get_json()["type"] == "urn:nkqa:problem:unknown-answer"


def test_nothing_is_kept_when_switched_off(engine, settings, client):
    off = settings.model_copy(update={"keep_answers": 0})

    class Source(EngineSource):
        def current(self):
            return engine

    quiet = create_app(Source(off), off, services(off, BuildJobs(off))).test_client()
    answer = quiet.post("/api/ask", json={"question": QUESTION}).get_json()
    assert quiet.get(f"/api/answers/{answer['id']}").status_code == 404
    assert not (settings.index_dir / ANSWERS_FILE).exists()


def test_only_the_newest_answers_are_kept(tmp_path):
    store = AnswerStore(tmp_path, keep=3)
    for number in (1, 2, 3, 1, 4):
        store.save(f"id{number}", {"number": number})
    kept = [number for number in (1, 2, 3, 4) if store.load(f"id{number}")]
    assert kept == [1, 3, 4]
    assert AnswerStore(tmp_path, keep=3).load("id4") == {"number": 4}
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert ANSWERS_FILE in modes
    assert set(modes.values()) == {0}, modes


def test_table_of_an_earlier_version_is_removed_from_the_disk(tmp_path):
    path = tmp_path / ANSWERS_FILE
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE answers (id TEXT PRIMARY KEY, receipt TEXT NOT NULL)")
        connection.execute("INSERT INTO answers VALUES ('id', 'private question')")
    store = AnswerStore(tmp_path, keep=3)
    store.save("id", {"number": 1})
    assert store.load("id") == {"number": 1}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("receipts",)]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"private question" not in path.read_bytes()


def test_kept_answers_are_not_given_any_more_when_switched_off(tmp_path):
    AnswerStore(tmp_path, keep=3).save("id", {"number": 1})
    assert AnswerStore(tmp_path, keep=0).load("id") is None


def test_answer_is_given_where_it_cannot_be_kept(tmp_path, caplog):
    store = AnswerStore(tmp_path / "nowhere", keep=3)
    store.save("id", {})
    assert store.load("id") is None
    assert "could not be kept" in caplog.text


def test_command_writes_a_receipt_that_a_changed_corpus_fails(nkqa, tmp_path):
    path = tmp_path / "receipt.json"
    code, out, _ = nkqa("ask", QUESTION, "--receipt", str(path))
    assert code == 0
    assert "Halvard Quist" in out
    assert nkqa("verify", str(path))[0] == 0
    changed = tmp_path / "corpus"
    changed.mkdir()
    for source in SMALL_CORPUS.iterdir():
        text = source.read_text(encoding="utf-8")
        (changed / source.name).write_text(text.replace("Halvard Quist", "Harald Quist"), encoding="utf-8")
    code, out, _ = nkqa("verify", str(path), corpus=changed)
    assert code == 1
    assert "has changed" in out
    assert "Harald Quist" in out


def test_verify_refuses_what_is_no_receipt(nkqa, tmp_path):
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    code, out, err = nkqa("verify", str(tmp_path / "broken.json"))
    assert (code, out) == (2, "")
    assert "  do: Give a file" in err


def test_receipt_that_cannot_be_written_is_an_error(nkqa, tmp_path):
    code, _, err = nkqa("ask", QUESTION, "--receipt", str(tmp_path / "nowhere" / "receipt.json"))
    assert code == 2
    assert "cannot be written" in err


def test_verifying_needs_no_index(nkqa, tmp_path, small_engine, monkeypatch):
    answer = tmp_path / "answer.json"
    answer.write_text(nkqa("ask", "--json", QUESTION)[1], encoding="utf-8")
    monkeypatch.setitem(sys.modules, "nkqa.ask.pipeline", None)
    assert "checks" in nkqa("verify", str(answer))[1]

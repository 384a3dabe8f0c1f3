"""Texts held against the documents: verdicts on true, altered and foreign sentences, and every door to them."""

from __future__ import annotations

import io
import json
import random
import sys
from collections import Counter

import pytest
from altered import made_from

from nkqa.ask.pipeline import EngineSource
from nkqa.cli import cli
from nkqa.errors import QuestionError
from nkqa.serve import create_app
from nkqa.serve.schema import AnswerBody
from nkqa.serve.verify_routes import VerificationBody
from nkqa.types import Verdict

pytestmark = pytest.mark.model

TRUE = "The engineer Halvard Quist designed the first four towers."
FALSE = "The engineer Halvard Quist designed the first three towers."
SAMPLE = 10
ALTERED = ("year", "number", "name", "negated", "joined")


def by_kind(made):
    """Return a few statements of each kind; the same ones each time."""
    pick = random.Random(3)
    groups = [[one for one in made if one.how == kind] for kind in sorted({one.how for one in made})]
    return [one for group in groups for one in pick.sample(group, SAMPLE)]


@pytest.fixture(scope="module")
def sample(small_engine, article):
    return by_kind(made_from(small_engine.documents, [article]))


def verdicts(engine, sample):
    """Return how often each kind of statement gets each verdict."""
    return Counter((one.how, sentence.verdict) for one in sample for sentence in engine.verify(one.text).sentences)


def test_what_is_stated_is_supported_and_nothing_else(small_engine, sample):
    found = verdicts(small_engine, sample)
    assert found["verbatim", Verdict.SUPPORTED] == SAMPLE
    assert found["reworded", Verdict.SUPPORTED] >= 0.7 * SAMPLE
    assert sum(found[kind, Verdict.SUPPORTED] for kind in (*ALTERED, "foreign")) == 0
    assert sum(found[kind, Verdict.CONTRADICTED] for kind in ("verbatim", "reworded", "joined", "foreign")) == 0
    assert sum(found[kind, Verdict.CONTRADICTED] for kind in ("year", "number", "name", "negated")) >= 0.7 * 4 * SAMPLE


def test_null_control_likeness_alone_supports_what_is_false(small_engine, sample):
    """The same statements, judged by the similarity of the best passage: no threshold tells true from altered."""
    answerer = small_engine._answerers[0]
    likeness = {one.text: answerer._passages_like(one.text)[0].similarity for one in sample}
    least = min(likeness[one.text] for one in sample if one.how == "verbatim")
    altered = [one for one in sample if one.how in ("year", "number", "name", "negated")]
    assert sum(likeness[one.text] >= 0.98 * least for one in altered) > 0.2 * len(altered)


def test_every_verdict_proves_itself(small_engine):
    text = f"Hello! {TRUE} {FALSE} Nobody eats cheese on the moon."
    found = small_engine.verify(text)
    assert [one.verdict for one in found.sentences] == [
        Verdict.NOT_CHECKABLE,
        Verdict.SUPPORTED,
        Verdict.CONTRADICTED,
        Verdict.NOT_FOUND,
    ]
    documents = {document.id: document.text for document in small_engine.documents}
    for one in found.sentences:
        assert text[one.start : one.end] == one.text
        assert bool(one.citations) == (one.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED))
        for cited in one.citations:
            assert documents[cited.document_id][cited.start_char_index : cited.end_char_index] == cited.cited_text
    assert found.sentences[2].reason == "The text gives four, not three."


def test_a_flag_of_the_source_is_said(small_engine):
    found = small_engine.verify("A cold watch is a watch kept without a lit lamp.").sentences[0]
    assert found.verdict is Verdict.SUPPORTED
    assert "citation needed" in found.reason
    assert "citation needed" in found.citations[0].flags


@pytest.mark.parametrize(
    ("text", "verdict", "word"),
    [
        ("In 2009, 2,914 North Korean defectors arrived in South Korea.", Verdict.SUPPORTED, "Total, 2009"),
        ("2,607 defectors entered South Korea in 2011.", Verdict.CONTRADICTED, "2,706"),
        ("In 2009, 2,252 women entered South Korea.", Verdict.SUPPORTED, "Female, 2009"),
        ("In 2009, 2,914 women entered South Korea.", Verdict.CONTRADICTED, "2,252"),
        ("In 2009, 2,914 doctors entered South Korea.", Verdict.NOT_FOUND, ""),
        ("In 2009, 2,914 defectors left South Korea.", Verdict.NOT_FOUND, ""),
        ("In 2009, about 2,914 defectors entered South Korea.", Verdict.NOT_FOUND, ""),
    ],
)
def test_cells_told_in_prose(article_engine, text, verdict, word):
    found = article_engine.verify(text).sentences[0]
    assert (found.verdict, word in found.reason) == (verdict, True)
    assert bool(found.citations) == (verdict is not Verdict.NOT_FOUND)


def test_texts_that_cannot_be_checked(small_engine):
    for text in ("", "  \n", "x" * 20_001):
        with pytest.raises(QuestionError):
            small_engine.verify(text)


@pytest.fixture(scope="module")
def client(small_settings):
    return create_app(EngineSource(small_settings), small_settings).test_client()


def test_http(client, small_engine):
    response = client.post("/api/verify", json={"text": FALSE})
    VerificationBody.model_validate(response.get_json(), strict=True, extra="forbid")
    assert response.get_json() == json.loads(json.dumps(small_engine.verify(FALSE).to_json()))
    assert client.post("/api/verify", json={"text": " "}).status_code == 422
    assert client.post("/api/verify", json={"text": 1}).status_code == 422
    assert client.post("/api/verify", json={"text": TRUE, "more": 1}).status_code == 422


@pytest.mark.parametrize(("text", "code", "said"), [(TRUE, 0, "supported: "), (FALSE, 1, "contradicted: ")])
def test_command(small_settings, monkeypatch, capsys, text, code, said):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", "--index-dir", str(small_settings.index_dir), "-"], prog_name="nkqa")
    assert (ended.value.code or 0) == code
    assert said + text in capsys.readouterr().out


# ------------------------------------------------------------------------------------------------------------- trace


def test_an_answer_explains_itself_only_when_asked(client):
    plain = client.post("/api/ask", json={"question": "Who founded the fund for the families?"}).get_json()
    assert "trace" not in plain
    told = client.post("/api/ask?explain=1", json={"question": "Who founded the fund for the families?"}).get_json()
    AnswerBody.model_validate(told, strict=True, extra="forbid")
    trace = told.pop("trace")
    assert {**told, "timings_ms": None} == {**plain, "timings_ms": None}
    steps = [one["step"] for one in trace]
    assert [steps[0], steps[-1]] == ["question", "answer"]
    assert steps.index("search") < steps.index("topic") < steps.index("read") < steps.index("decide")
    read = trace[steps.index("read")]["candidates"]
    assert [one["chance"] for one in read] == sorted((one["chance"] for one in read), reverse=True)
    assert any(one["lexical"] == 1.0 for one in trace[steps.index("search")]["candidates"])
    (measure,) = trace[steps.index("decide")]["measures"]
    assert (measure["value"] >= measure["needed"]) == (told["status"] == "answered")
    assert client.post("/api/ask?explain=perhaps", json={"question": "Why?"}).status_code == 422


def test_a_streamed_answer_explains_itself(client):
    asked = {"question": "How high is Skarholm Light?"}
    response = client.post("/api/ask?explain=1", json=asked, headers={"Accept": "text/event-stream"})
    done = response.get_data(as_text=True).rsplit("event: done\ndata: ", 1)[1]
    assert json.loads(done)["trace"][-1]["step"] == "answer"

"""Feedback: what the server takes and keeps, what the commands show, and its export as questions that score."""

from __future__ import annotations

import json
import logging

import pytest

from nkqa import cli as command_line
from nkqa.ask.pipeline import EngineSource
from nkqa.commands.serving import services
from nkqa.evaluate import ask_engine
from nkqa.jobs import BuildJobs
from nkqa.questions import read_questions
from nkqa.scoring import judge
from nkqa.serve import create_app
from nkqa.serve.feedback_routes import FeedbackBody
from nkqa.store.feedback import FEEDBACK_FILE, FeedbackStore

pytestmark = pytest.mark.model

# One of each kind that the small corpus answers, a follow-up, a question as of a year, refusals, small talk.
RIGHT = [
    {"question": "Who designed the first four towers?"},
    {"question": "How high is Skarholm Light?"},
    {"question": "And Gannet Rock?", "history": ["How high is Skarholm Light?"]},
    {"question": "How many sail vessels were piloted in 1958?", "as_of": 1990},
    {"question": "How many sail vessels were piloted into Torhaven in all years?"},
    {"question": 'What is a "cold watch"?'},
    {"question": "Which lights are there?"},
    {"question": "What happened at Gannet Rock?"},
    {"question": "Why was the fog signal switched off?"},
    {"question": "Which chess opening is best against the Sicilian Defence?"},
    {"question": "thanks!"},
]


@pytest.fixture
def settings(small_settings, tmp_path):
    """Settings whose index folder is one to write to."""
    return small_settings.model_copy(update={"index_dir": tmp_path})


@pytest.fixture
def engines(small_engine, settings):
    class Source(EngineSource):
        def current(self):
            return small_engine

    return Source(settings)


@pytest.fixture
def client(engines, settings):
    return create_app(engines, settings, services(settings, BuildJobs(settings))).test_client()


@pytest.fixture
def nkqa(capsys, settings):
    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            command_line.cli.main([*arguments, "--index-dir", str(settings.index_dir)], prog_name="nkqa")
        printed = capsys.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


def ask(client, question, **more):
    return client.post("/api/ask", json={"question": question, **more}).get_json()


def say(client, answer, verdict, **more):
    response = client.post("/api/feedback", json={"answer_id": answer["id"], "verdict": verdict, **more})
    assert response.status_code == 201, response.get_data(as_text=True)
    FeedbackBody.model_validate_json(response.get_data(), extra="forbid")
    return response.get_json()


def exported(nkqa):
    code, out, err = nkqa("feedback", "export")
    assert code == 0
    return [json.loads(line) for line in out.splitlines()], err


# --------------------------------------------------------------------------------------------------- the address


def test_verdict_is_kept_and_the_second_replaces_the_first(client, settings):
    answer = ask(client, "How high is Skarholm Light?")
    assert say(client, answer, "right") == {"id": answer["id"], "verdict": "right", "reason": None, "comment": None}
    said = say(client, answer, "wrong", reason="incomplete", comment="Höhe fehlt 등대")
    (kept,) = FeedbackStore(settings.index_dir, 10).all()
    assert said == {"id": answer["id"], "verdict": "wrong", "reason": "incomplete", "comment": "Höhe fehlt 등대"}
    assert (kept["verdict"], kept["comment"], kept["receipt"]["answer"]) == ("wrong", "Höhe fehlt 등대", answer)
    assert {path.stat().st_mode & 0o077 for path in settings.index_dir.glob(f"{FEEDBACK_FILE}*")} == {0}


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"answer_id": "0123456789abcdef"}, 404, "keep_answers"),
        ({"answer_id": 7}, 422, "answer_id"),
        ({"verdict": "perhaps"}, 422, "verdict"),
        ({"verdict": "wrong", "reason": "ugly"}, 422, "reason"),
        ({"verdict": "right", "reason": "other"}, 422, "verdict wrong"),
        ({"comment": "x" * 2001}, 422, "2000"),
        ({"comment": "\ud800"}, 422, "comment: Value error, it holds half of a surrogate pair"),
        ({"answer_id": "\udfff"}, 422, "answer_id: Value error, it holds half of a surrogate pair"),
        ({"comment": 7}, 422, "comment"),
        ({"more": 1}, 422, "more"),
    ],
)
def test_bad_feedback_is_a_problem(client, settings, change, status, word):
    answer = ask(client, "How high is Skarholm Light?")
    body = {"answer_id": answer["id"], "verdict": "wrong", **change}
    response = client.post("/api/feedback", data=json.dumps(body), content_type="application/json")
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert word in response.get_json()["detail"] + response.get_json()["remedy"]
    assert FeedbackStore(settings.index_dir, 10).all() == []


def test_switched_off(engines, settings):
    off = settings.model_copy(update={"keep_feedback": 0})
    client = create_app(engines, off, services(off, BuildJobs(off))).test_client()
    answer = ask(client, "How high is Skarholm Light?")
    response = client.post("/api/feedback", json={"answer_id": answer["id"], "verdict": "right"})
    assert response.status_code == 403
    assert "keep_feedback" in response.get_json()["remedy"]
    assert not (settings.index_dir / FEEDBACK_FILE).exists()


def test_page_of_another_site_gives_no_feedback(client):
    headers = {"Origin": "http://evil.example"}
    response = client.post("/api/feedback", json={"answer_id": "a", "verdict": "right"}, headers=headers)
    assert response.status_code == 403


def test_folder_that_cannot_be_written_is_a_problem(client, settings):
    answer = ask(client, "How high is Skarholm Light?")
    (settings.index_dir / FEEDBACK_FILE).mkdir()
    response = client.post("/api/feedback", json={"answer_id": answer["id"], "verdict": "right"})
    assert (response.status_code, response.get_json()["type"]) == (503, "urn:nkqa:problem:feedback")
    assert str(settings.index_dir) not in response.get_data(as_text=True)


def test_nothing_is_logged(client, caplog):
    with caplog.at_level(logging.DEBUG):
        say(client, ask(client, "How high is Skarholm Light?"), "wrong", comment="secret words")
    assert "secret" not in caplog.text


def test_only_the_newest_are_kept(tmp_path):
    store = FeedbackStore(tmp_path, keep=2)
    for number in range(4):
        store.save(f"id{number}", {"number": number})
    assert [row["number"] for row in store.all()] == [2, 3]


# --------------------------------------------------------------------------------------------------- the commands


def test_right_answers_are_questions_that_score(client, nkqa, small_engine, tmp_path):
    for body in RIGHT:
        say(client, ask(client, **body), "right")
    file = tmp_path / "feedback.jsonl"
    code, out, err = nkqa("feedback", "export", "--out", str(file))
    assert (code, out) == (0, "")
    assert err == f"{len(RIGHT)} questions, 0 candidates.\n"
    questions = read_questions(file)
    assert {question.text for question in questions} == {body["question"] for body in RIGHT}
    result, _ = ask_engine(small_engine, questions)
    verdicts = [judge(*pair) for pair in zip(questions, result.predictions, strict=True)]
    assert [verdict.question_id for verdict in verdicts if not verdict.cited_correct] == []


def test_exported_question_says_where_its_evidence_stands(client, nkqa, small_engine):
    say(client, ask(client, "And Gannet Rock?", history=["How high is Skarholm Light?"], as_of=2010), "right")
    (line,) = exported(nkqa)[0]
    assert (line["history"], line["as_of"]) == (["How high is Skarholm Light?"], 2010)
    texts = {document.name: document.text for document in small_engine.documents}
    assert [texts[span["document"]][span["start"] : span["end"]] for span in line["spans"]] == line["evidence"]


def test_wrong_answers_are_candidates_that_evaluation_skips_aloud(client, nkqa, tmp_path):
    say(client, ask(client, RIGHT[0]["question"]), "right")
    say(client, ask(client, RIGHT[1]["question"]), "wrong", reason="should_have_refused", comment="No.")
    file = tmp_path / "feedback.jsonl"
    assert nkqa("feedback", "export", "--out", str(file))[2] == "1 questions, 1 candidates.\n"
    right, wrong = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    assert "candidate" not in right
    assert (wrong["candidate"], wrong["answerable"], wrong["answers"]) == (True, False, [])
    assert (wrong["reason"], wrong["comment"]) == ("should_have_refused", "No.")
    assert wrong["given"]["text"]
    said: list[str] = []
    assert [question.id for question in read_questions(file, said.append)] == [right["id"]]
    assert len(said) == 1
    assert "line 2: a candidate" in said[0]


def test_same_question_is_exported_once_with_its_newest_verdict(client, nkqa):
    first = ask(client, "How high is Skarholm Light?")
    say(client, first, "right")
    say(client, ask(client, "how high is  Skarholm light?"), "wrong")
    (line,), err = exported(nkqa)
    assert (line["verdict"], err) == ("wrong", "0 questions, 1 candidates.\n")


def test_answer_that_no_rule_of_scoring_accepts_is_a_candidate(client, settings, nkqa):
    answer = ask(client, RIGHT[0]["question"])
    say(client, answer, "right")
    store = FeedbackStore(settings.index_dir, 10)
    (verdict,) = store.all()
    verdict["receipt"]["answer"]["text"] = f"{answer['text']} {'word ' * 300}"
    store.save(answer["id"], verdict)
    (line,), _ = exported(nkqa)
    assert line["candidate"]
    assert "too long" in line["todo"]


def test_list_and_clear(client, nkqa, settings):
    say(client, ask(client, "How high is Skarholm Light?"), "wrong", reason="wrong_citation", comment="\x1b[31mred")
    code, out, _ = nkqa("feedback", "list")
    assert code == 0
    assert "wrong citation" in " ".join(out.split())
    assert "\x1b" not in out
    assert out.splitlines()[-1] == "1 verdict."
    assert nkqa("feedback", "clear")[0] == 2
    assert nkqa("feedback", "clear", "--yes")[:2] == (0, "1 verdict removed.\n")
    assert b"Skarholm" not in (settings.index_dir / FEEDBACK_FILE).read_bytes()
    assert nkqa("feedback", "list")[1] == "0 verdicts.\n"


def test_what_was_given_before_it_was_switched_off_is_still_there(client, nkqa, monkeypatch):
    say(client, ask(client, "How high is Skarholm Light?"), "right")
    monkeypatch.setenv("NKQA_KEEP_FEEDBACK", "0")
    assert nkqa("feedback", "list")[1].splitlines()[-1] == "1 verdict."
    assert [line["question"] for line in exported(nkqa)[0]] == ["How high is Skarholm Light?"]
    assert nkqa("feedback", "clear", "--yes")[1] == "1 verdict removed.\n"


def test_nothing_given_makes_no_file(nkqa, settings):
    assert nkqa("feedback", "list")[1] == "0 verdicts.\n"
    assert exported(nkqa) == ([], "0 questions, 0 candidates.\n")
    assert nkqa("feedback", "clear", "--yes")[1] == "0 verdicts removed.\n"
    assert not (settings.index_dir / FEEDBACK_FILE).exists()


@pytest.mark.parametrize("command", [["list"], ["export"], ["clear", "--yes"]])
def test_file_that_is_no_database_is_an_error(nkqa, settings, command):
    (settings.index_dir / FEEDBACK_FILE).write_text("nonsense" * 100, encoding="utf-8")
    code, _, err = nkqa("feedback", *command)
    assert code == 2
    assert err.startswith("error: The feedback cannot be ")

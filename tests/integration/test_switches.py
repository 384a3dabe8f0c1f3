"""The index is rebuilt while a server answers: no error, and each answer comes wholly from one generation.

SWITCH_REQUESTS=10000 makes as many.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tiny_builds import build_tiny, settings_of

from nkqa.build.pipeline import build
from nkqa.store.generation import open_current

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[2]
REQUESTS = int(os.environ.get("SWITCH_REQUESTS", "600"))
SWITCHES = 20
CLIENTS = 4
TIMEOUT_S = 120
TEXT = "The lamps\n\nThe first lamp was lit in 1871. It burns oil, and it is green.\n"
QUESTIONS = ("When was the first lamp lit?", "How many red lamps are there?", "Which lamp burns oil?", "Who is Zorg?")


def variant(number):
    # Before the lamps, and of another length each time: an offset of one generation is wrong in the others.
    return f"All lamps\n\n{'Rain fell. ' * number}There are {30 + number} red lamps.\n"


def texts_of(settings):
    """Return the generation that answers, and the text of each of its documents."""
    generation = open_current(settings.index_dir)
    generation.close()
    documents = [document for tier in generation.tiers for document in tier.documents]
    return generation.manifest.generation, {document.id: document.text for document in documents}


def faults(answer, texts):
    """Return what is wrong with an answer, held against the texts of the generation that it names."""
    own = texts[answer["generation"]]
    return [
        citation
        for citation in answer["citations"]
        if own.get(citation["document_id"], "")[citation["start_char_index"] : citation["end_char_index"]]
        != citation["cited_text"]
    ]


def ask(connection, question):
    body = json.dumps({"question": question})
    connection.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_answers_while_the_index_is_switched(tmp_path, model_home):
    settings = settings_of(build_tiny(tmp_path, model_home, TEXT))
    texts = dict([texts_of(settings)])
    answers, failed = [], []
    with server(settings) as port:
        clients = [threading.Thread(target=keep_asking, args=(port, answers, failed)) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        for number in range(1, SWITCHES + 1):
            while len(answers) < REQUESTS * number / (SWITCHES + 2) and not failed:
                time.sleep(0.02)
            (settings.corpus_dir / "all.txt").write_text(variant(number), encoding="utf-8")
            build(settings)
            texts.update([texts_of(settings)])
        for client in clients:
            client.join(TIMEOUT_S + REQUESTS)
    assert failed == []
    assert len(answers) >= REQUESTS
    seen = {answer["generation"] for answer in answers}
    print(len(answers), "answers from", len(seen), "generations")
    assert len(seen) >= SWITCHES / 2
    assert sum(len(answer["citations"]) for answer in answers) > REQUESTS / 2
    assert [answer for answer in answers if faults(answer, texts)] == []
    # The null control: held against another generation the same check finds faults.
    others = {one: texts[another] for one, another in zip(texts, [*texts][1:] + [*texts][:1], strict=True)}
    assert any(faults(answer, others) for answer in answers)


def keep_asking(port, answers, failed):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    while len(answers) < REQUESTS and not failed:
        try:
            status, answer = ask(connection, QUESTIONS[len(answers) % len(QUESTIONS)])
        except (OSError, http.client.HTTPException) as error:
            failed.append(repr(error))
            return
        if status == 200:
            answers.append(answer)
        else:
            failed.append(answer)


class server:  # noqa: N801 (used as a function)
    """A server process on a free port."""

    def __init__(self, settings):
        folders = ["--corpus-dir", str(settings.corpus_dir), "--index-dir", str(settings.index_dir)]
        self.command = [sys.executable, "-m", "nkqa", "serve", "--port", "0", *folders]

    def __enter__(self):
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "NKQA_KEEP_ANSWERS": "50"}
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        return int(self.process.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])

    def __exit__(self, *what):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(TIMEOUT_S) == 0
        self.process.stdout.close()

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
from contextlib import closing
from pathlib import Path

import pytest
from tiny_builds import build_tiny, settings_of

from nkqa.build.pipeline import build
from nkqa.store.generation import open_current

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[2]
REQUESTS = int(os.environ.get("SWITCH_REQUESTS", "150"))
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


class Clients:
    """Threads that ask until they are told to stop; `answers` and `failed` grow meanwhile."""

    def __init__(self, port):
        self.port, self.answers, self.failed, self.stop = port, [], [], threading.Event()
        self.threads = [threading.Thread(target=self.keep_asking) for _ in range(CLIENTS)]

    def keep_asking(self):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)) as connection:
            while not self.stop.is_set() and not self.failed:
                try:
                    status, answer = ask(connection, QUESTIONS[len(self.answers) % len(QUESTIONS)])
                except (OSError, http.client.HTTPException) as error:
                    status, answer = 0, repr(error)
                (self.answers if status == 200 else self.failed).append(answer)

    def until(self, done):
        deadline = time.monotonic() + TIMEOUT_S + REQUESTS
        while not self.failed and not done() and time.monotonic() < deadline:
            time.sleep(0.02)

    def has_seen(self, generation):
        return any(answer["generation"] == generation for answer in self.answers[-2 * CLIENTS :])


def test_answers_while_the_index_is_switched(tmp_path, model_home):
    settings = settings_of(build_tiny(tmp_path, model_home, TEXT))
    texts = dict([texts_of(settings)])
    with server(settings) as port:
        clients = Clients(port)
        for thread in clients.threads:
            thread.start()
        for number in range(1, SWITCHES + 1):
            clients.until(lambda number=number: len(clients.answers) >= REQUESTS * number / (SWITCHES + 1))
            (settings.corpus_dir / "all.txt").write_text(variant(number), encoding="utf-8")
            new = build(settings).manifest.generation
            texts.update([texts_of(settings)])
            clients.until(lambda new=new: clients.has_seen(new))
        clients.until(lambda: len(clients.answers) >= REQUESTS)
        clients.stop.set()
        for thread in clients.threads:
            thread.join(TIMEOUT_S)
    answers = clients.answers
    assert clients.failed == []
    print(len(answers), "answers from", len({answer["generation"] for answer in answers}), "generations")
    assert {answer["generation"] for answer in answers} == {*texts}
    assert len(texts) == SWITCHES + 1
    assert len(answers) >= REQUESTS
    assert [answer for answer in answers if faults(answer, texts)] == []
    # The null control: held against another generation, the same check finds every answer at fault whose place moves.
    others = dict(zip(texts, [*texts.values()][1:] + [*texts.values()][:1], strict=True))
    first = next(iter(texts))
    moving = [one for one in answers if one["question"] == QUESTIONS[1] and one["generation"] != first]
    assert len(moving) > REQUESTS / 6
    assert all(faults(answer, others) for answer in moving)


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

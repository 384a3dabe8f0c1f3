"""An answer as server-sent events: what is being done while it is made, then its text piece by piece, then all of it.

Events, in this order: `meta`, a `stage` each time a stage of the work begins, then for an answer `delta` and `citation`
in turn and `done`; or `error`. docs/http.md describes them.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from queue import Empty, SimpleQueue
from typing import Any

from nkqa.errors import NkqaError
from nkqa.serve.problems import problem_of_error, problem_of_status
from nkqa.serve.schema import Problem

MEDIA_TYPE = "text/event-stream"
# X-Accel-Buffering: nginx would hold the events back until its buffer is full.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
# So long at most nothing is sent; what stands in between often cuts a silent connection off after a minute.
HEARTBEAT_S = 10.0
HEARTBEAT = ": still here\n\n"

Json = dict[str, Any]
OnStage = Callable[[str], None]
# A stage, a while without one, the answer, or why there is none.
Happening = str | None | Json | Problem

_log = logging.getLogger(__name__)
_MARK = re.compile(r"\[(\d{1,4})\]")
# Behind the white space that follows a mark or a sentence, but not before a mark: "... in 2013. [1] |They ...".
_CUT = re.compile(r"(?<=[\].!?…:;]\s)(?=[^\s\[])|(?<=\n)(?=[^\s\[])")


class _ClientGoneError(Exception):
    """Nobody waits for the answer any more; raised in the asking thread, it ends there."""


def follow(ask: Callable[[OnStage], Json], is_gone: Callable[[], bool]) -> Generator[Happening]:
    """Yield what happens while a question is answered: a stage that begins, None where a while nothing did, the end.

    `ask` answers it, in a thread of its own, and calls what it is given at the beginning of each stage; `is_gone` tells
    whether the client has hung up. Once it has, or the iterator is closed, asking ends at its next stage. The end is
    the answer or a problem, and nothing where nobody waits for it.
    """
    # Not bounded: asking has a dozen stages, and the thread must never wait for a client that does not read.
    events: SimpleQueue[str | Future[Json]] = SimpleQueue()
    closed = threading.Event()

    def on_stage(name: str) -> None:
        if closed.is_set() or is_gone():
            raise _ClientGoneError
        events.put(name)

    # Leaving the block waits for the thread: however a stream ends, none is left behind.
    with ThreadPoolExecutor(1, "nkqa-ask") as executor:
        try:
            executor.submit(ask, on_stage).add_done_callback(events.put)
            yield from _as_they_come(events)
        finally:
            closed.set()


def _as_they_come(events: SimpleQueue[str | Future[Json]]) -> Generator[Happening]:
    while True:
        try:
            event = events.get(timeout=HEARTBEAT_S)
        except Empty:
            yield None
            continue
        if isinstance(event, Future):
            error = event.exception()
            if not isinstance(error, _ClientGoneError):
                yield event.result() if error is None else _problem(error)
            return
        yield event


def _problem(error: BaseException) -> Problem:
    if isinstance(error, NkqaError):
        return problem_of_error(error)
    _log.error("a question could not be answered", exc_info=error)
    return problem_of_status(500)


def client_gone(environ: Mapping[str, Any]) -> Callable[[], bool]:
    """Return what tells whether the client of a request has hung up; where the server cannot tell, it never has."""
    told: Callable[[], bool] = environ.get("waitress.client_disconnected", lambda: False)
    return told


def stream_answer(generation: str, ask: Callable[[OnStage], Json], is_gone: Callable[[], bool]) -> Iterator[str]:
    """Yield the events of one question, which `ask` answers as in `follow`."""
    # Closed with this generator, at once: that ends the asking.
    with closing(follow(ask, is_gone)) as happenings:
        yield event("meta", {"generation": generation})
        for happening in happenings:
            if happening is None:
                yield HEARTBEAT
            elif isinstance(happening, str):
                yield event("stage", {"stage": happening})
            elif isinstance(happening, Problem):
                yield event("error", happening.model_dump())
            else:
                yield from answer_events(happening)


def answer_events(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield an answer: its text in pieces, each citation behind the piece that first mentions it, then all of it."""
    waiting = {citation["number"]: citation for citation in answer["citations"]}
    for piece in pieces(answer["text"]):
        yield event("delta", {"text": piece})
        for number in map(int, _MARK.findall(piece)):
            if number in waiting:
                yield event("citation", waiting.pop(number))
    for citation in waiting.values():
        yield event("citation", citation)
    yield event("done", answer)


def pieces(text: str) -> list[str]:
    """Cut a text behind its sentences and their marks; joined, the pieces are the text, and none cuts a mark."""
    return [piece for piece in _CUT.split(text) if piece]


def event(name: str, content: Mapping[str, Any]) -> str:
    """Return one server-sent event."""
    # JSON on one line: line ends in texts are escaped, so one data field carries it.
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"

"""What is noted of each request: its id, one line in the log, and counts; questions only where the operator wants."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request

from nkqa.serve.gate import EXPRESS_PATHS
from nkqa.serve.metrics import Metrics
from nkqa.settings import Settings

REQUEST_ID = "X-Request-Id"
NO_ROUTE = "none"
# What may stand in a log, a header and a file name without harm.
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")

_log = logging.getLogger("nkqa.requests")


@dataclass(slots=True)
class Note:
    """What is known of one request so far; routes, and the threads that answer for them, add to it."""

    request_id: str
    metrics: Metrics
    with_questions: bool
    start: float = field(default_factory=time.perf_counter)
    answers: list[dict[str, Any]] = field(default_factory=list)

    def answered(self, answer: Mapping[str, Any]) -> None:
        """Note an answer, given as its JSON; a request may have several."""
        self.metrics.question(answer)
        kept = {name: answer[name] and str(answer[name]) for name in ("id", "generation", "status", "reason", "kind")}
        kept["timings_ms"] = answer["timings_ms"]
        self.answers.append({**kept, "question": answer["question"]} if self.with_questions else kept)


def current_note() -> Note:
    """Return the note of the request that this thread answers."""
    note: Note = g.note
    return note


def register_observation(app: Flask, metrics: Metrics, settings: Settings) -> None:
    """Note every request from before the first check to the end of its response; call before the other guards."""

    def begin() -> None:
        given = request.headers.get(REQUEST_ID, "")
        g.note = Note(
            given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex,
            metrics,
            settings.log_questions,
        )
        metrics.in_flight.inc()

    def end(response: Response) -> Response:
        note = current_note()
        route = request.url_rule.rule if request.url_rule else NO_ROUTE
        method, status = request.method, response.status_code
        response.headers[REQUEST_ID] = note.request_id
        # A file that the server itself reads would be sent without the end being noted.
        response.direct_passthrough = False
        # A stream goes on after this; what comes then stands in the note, too.
        response.call_on_close(lambda: _finish(note, route, method, status))
        return response

    app.before_request(begin)
    app.after_request(end)


def _finish(note: Note, route: str, method: str, status: int) -> None:
    seconds = time.perf_counter() - note.start
    note.metrics.in_flight.dec()
    note.metrics.request(route, method, status, seconds)
    # A watcher asks every few seconds; its questions would be most of the log.
    level = logging.DEBUG if route in EXPRESS_PATHS and status == HTTPStatus.OK else logging.INFO
    _log.log(
        level,
        "request",
        extra={
            "request_id": note.request_id,
            "method": method,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            **({"answers": note.answers} if note.answers else {}),
        },
    )

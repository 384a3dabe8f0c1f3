"""The addresses that watch the server: is it up, can it answer, what does it count. They never wait in the queue."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Response
from flask_openapi3.openapi import OpenAPI

from nkqa.errors import NkqaError
from nkqa.serve.metrics import MEDIA_TYPE, Metrics
from nkqa.serve.problems import failures
from nkqa.serve.schema import Health, Readiness

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource, EngineState

_TEXT: dict[str | int, Any] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


def register_states(app: OpenAPI, engines: EngineSource, metrics: Metrics) -> None:
    """Add the addresses."""

    @app.get("/healthz", responses={200: Health, **failures(400, 500)})
    def health() -> dict[str, str]:
        """Tell whether the process is up."""
        return {"status": "ok"}

    @app.get("/readyz", responses={200: Readiness, **failures(400, 500, 503)})
    def readiness() -> dict[str, Any]:
        """Tell whether questions can be answered, from which index, since when, and whether a newer one is broken."""
        answering = what_answers(engines.state())
        # Every file's hash is checked while an index is opened, and none opens where one differs.
        integrity = {"result": "verified", "verified_at": answering["opened_at"]}
        return {"status": "ready", **answering, "integrity": integrity}

    @app.get("/metrics", responses={**_TEXT, **failures(400, 500)})
    def show_metrics() -> Response:
        """Give counts and times as text for Prometheus."""
        _update_index(engines, metrics)
        return Response(metrics.text(), content_type=MEDIA_TYPE)


def what_answers(state: EngineState) -> dict[str, Any]:
    """Describe the index that answers: what it holds, since when, and whether a newer one is broken."""
    manifest = state.engine.manifest
    return {
        "generation": manifest.generation,
        "documents": manifest.documents,
        "passages": manifest.passages,
        "opened_at": datetime.fromtimestamp(state.opened_at, UTC).isoformat(timespec="seconds"),
        "age_s": round(time.time() - state.opened_at, 1),
        "newer_failed": state.newer_failed,
    }


def _update_index(engines: EngineSource, metrics: Metrics) -> None:
    try:
        state = engines.state()
    except NkqaError:  # no index: a fact to count, not a failure of the metrics
        metrics.index(None, 0.0, failed=True)
        return
    metrics.index(state.engine.manifest.generation, time.time() - state.opened_at, state.newer_failed)

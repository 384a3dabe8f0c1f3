"""The routes of the index: which one answers, and the operator's rebuild, as a job to look at or to follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from flask import Response, request
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, ConfigDict, Field

from nkqa.serve.operator import SECURITY
from nkqa.serve.problems import failures, problem, problem_response
from nkqa.serve.schema import Request, example
from nkqa.serve.services import Builder, Json, Services
from nkqa.serve.states import what_answers
from nkqa.serve.stream import HEADERS, HEARTBEAT, client_gone, event
from nkqa.serve.stream import MEDIA_TYPE as EVENTS

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource

UNKNOWN_JOB = "urn:nkqa:problem:unknown-job"
State = Literal["queued", "running", "done", "failed"]


class RebuildRequest(Request):
    """How to rebuild."""

    model_config = example({"force": False})

    force: bool = Field(False, description="build even where the index is up to date")


class JobPath(Request):
    """Names one rebuild."""

    job_id: str = Field(description="id of a rebuild, from POST /api/index/rebuild")


class JobError(BaseModel):
    """Why a rebuild failed, and what to do."""

    detail: str
    remedy: str


class JobBody(BaseModel):
    """A rebuild; `done` of `all` is how far its stage is."""

    model_config = ConfigDict(openapi_extra={"content": {EVENTS: {"schema": {"type": "string"}}}})  # type: ignore[typeddict-unknown-key]

    id: str
    started_by: Literal["operator", "watch"]
    state: State
    stage: str | None
    done: int
    all: int
    seconds: float
    problems: list[str] = Field(description="what the operator should know of the documents, such as files not read")
    generation: str | None = Field(description="the index it made, or found up to date; null before its end")
    created: bool | None = Field(description="false where the index was up to date; null before its end")
    error: JobError | None


class JobName(BaseModel):
    """The newest rebuild."""

    id: str
    state: State


class IndexBody(BaseModel):
    """The index that answers."""

    generation: str
    built_at: str | None = Field(description="ISO 8601 in UTC; null where the folder is gone")
    opened_at: str = Field(description="when it was taken into use")
    age_s: float = Field(description="seconds since then")
    documents: int
    passages: int
    newer_failed: bool = Field(description="whether a newer index is there that cannot be opened")
    job: JobName | None


def register_index(app: OpenAPI, engines: EngineSource, services: Services | None) -> None:
    """Add the addresses; the guards keep those of rebuilding for the operator."""
    builder = services.builder if services else None

    @app.get("/api/index", responses={200: IndexBody, **failures(400, 500, 503)})
    def show_index() -> dict[str, Any]:
        """Tell which index answers, of when it is, what it holds, and whether it is being rebuilt."""
        answering = what_answers(engines.state())
        job = builder.latest() if builder else None
        return {
            **answering,
            "built_at": builder.built_at(answering["generation"]) if builder else None,
            "job": job and {"id": job["id"], "state": job["state"]},
        }

    _register_rebuild(app, builder)


def _register_rebuild(app: OpenAPI, builder: Builder | None) -> None:
    @app.post(
        "/api/index/rebuild",
        responses={202: JobBody, **failures(400, 401, 403, 409, 413, 415, 422, 500)},
        security=SECURITY,
    )
    def rebuild(body: RebuildRequest) -> Response | tuple[Json, int, dict[str, str]]:
        """Start a rebuild of the index, as a process beside the server; it goes on answering meanwhile."""
        if builder is None:
            return _unknown_job()
        job = builder.start(body.force)
        return job, 202, {"Location": f"/api/index/rebuild/{job['id']}"}

    @app.get(
        "/api/index/rebuild/<job_id>",
        responses={200: JobBody, **failures(400, 401, 403, 404, 422, 500)},
        security=SECURITY,
    )
    def show_rebuild(path: JobPath) -> Response | Json:
        """Tell how far a rebuild is; with `Accept: text/event-stream` whenever that changes, until it has ended."""
        job = builder.job(path.job_id) if builder else None
        if builder is None or job is None:
            return _unknown_job()
        if request.accept_mimetypes.best_match(["application/json", EVENTS]) != EVENTS:
            return job
        events = _events(builder.follow(path.job_id), client_gone(request.environ))
        return Response(events, mimetype=EVENTS, headers=HEADERS)


def _unknown_job() -> Response:
    remedy = "GET /api/index names the newest one; the server forgets older ones, and all when it stops."
    return problem_response(problem(404, "There is no such rebuild.", remedy, UNKNOWN_JOB))


def _events(states: Iterator[Mapping[str, Any] | None], is_gone: Callable[[], bool]) -> Iterator[str]:
    """Yield an event named after the job's state each time it changes; a comment where nothing does."""
    for job in states:
        if is_gone():
            return
        yield event(job["state"], job) if job else HEARTBEAT

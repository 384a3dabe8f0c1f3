"""The OpenAI-compatible addresses, for programs that speak to chat models: each parses, calls, returns."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Response, request
from flask_openapi3.openapi import OpenAPI

from nkqa.serve.asking import Asked
from nkqa.serve.observe import current_note
from nkqa.serve.openai_answers import Reply, questions_of
from nkqa.serve.openai_errors import error_body, unknown_model
from nkqa.serve.openai_schema import (
    MODEL,
    ChatCompletion,
    ChatRequest,
    ErrorBody,
    ModelBody,
    ModelList,
    ModelPath,
)
from nkqa.serve.problems import problem_response
from nkqa.serve.proxies import base_url, trusted_networks
from nkqa.serve.schema import Problem
from nkqa.serve.services import Services
from nkqa.serve.stream import HEADERS, HEARTBEAT, Happening, client_gone, follow
from nkqa.serve.stream import MEDIA_TYPE as EVENTS
from nkqa.settings import Settings

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource

_DONE = "data: [DONE]\n\n"


def _failures(*statuses: int) -> dict[str | int, Any]:
    return dict.fromkeys(statuses, ErrorBody)


def register_openai(app: OpenAPI, engines: EngineSource, settings: Settings, services: Services | None) -> None:
    """Add the addresses; a key that a client sends is not looked at."""
    trusted = trusted_networks(settings.trusted_proxies)

    @app.post("/v1/chat/completions", responses={200: ChatCompletion, **_failures(400, 403, 404, 413, 415, 500, 503)})
    def create_chat_completion(body: ChatRequest) -> dict[str, Any] | Response:
        """Answer the last user message, in OpenAI's form; with `stream` as server-sent events.

        Earlier user messages are the history. All other messages, and what is to steer a language model, are ignored.
        """
        if body.model != MODEL:
            return problem_response(unknown_model(body.model))
        question, history = questions_of(body.messages)
        engine = engines.current()
        note = current_note()
        words = len(" ".join([*history, question]).split())
        here = base_url(request, trusted)
        reply = Reply(f"chatcmpl-{note.request_id}", int(time.time()), engine.manifest.generation, here, words)
        asked = Asked(question, history, None)
        answer = partial(asked.answer, engine, services, settings.question_timeout_s, note)
        if not body.stream:
            return reply.completion(answer())
        engine.query(question, history)  # a question that cannot be asked is an error, not a stream
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        chunks = _chunks(reply, follow(answer, client_gone(request.environ)), with_usage)
        return Response(chunks, mimetype=EVENTS, headers=HEADERS)

    @app.get("/v1/models", responses={200: ModelList, **_failures(400, 500, 503)})
    def list_models() -> dict[str, Any]:
        """List the one model."""
        return {"object": "list", "data": [_model(engines)]}

    @app.get("/v1/models/<model>", responses={200: ModelBody, **_failures(400, 404, 500, 503)})
    def show_model(path: ModelPath) -> dict[str, Any] | Response:
        """Describe the one model."""
        return _model(engines) if path.model == MODEL else problem_response(unknown_model(path.model))


def _model(engines: EngineSource) -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": int(engines.state().opened_at), "owned_by": MODEL}


def _chunks(reply: Reply, happenings: Generator[Happening], with_usage: bool) -> Iterator[str]:
    yield _data(reply.first_chunk())
    with closing(happenings):
        for happening in happenings:
            if happening is None:
                yield HEARTBEAT
            elif isinstance(happening, Problem):
                yield _data(error_body(happening))
            elif isinstance(happening, dict):
                yield from map(_data, reply.chunks(happening, with_usage))
    yield _DONE


def _data(content: dict[str, Any]) -> str:
    # JSON on one line: line ends in texts are escaped, so one data field carries it.
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n"

"""Many questions in one request, each with its answer or its problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from flask import Response
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, FailFast, Field

from nkqa.errors import NkqaError
from nkqa.serve.asking import Asked
from nkqa.serve.observe import Note, current_note
from nkqa.serve.problems import failures, problem, problem_of_error, problem_response
from nkqa.serve.schema import AnswerBody, AskRequest, Problem, Request, example
from nkqa.serve.services import Services
from nkqa.settings import MAX_BATCH, Settings

if TYPE_CHECKING:
    from nkqa.ask.pipeline import Engine, EngineSource

TOO_MANY = "urn:nkqa:problem:too-many-questions"


class BatchResult(BaseModel):
    """What became of one question: an answer, or the problem of one that cannot be asked; the other is null."""

    answer: AnswerBody | None
    problem: Problem | None


class BatchBody(BaseModel):
    """The results, in the order of the questions."""

    generation: str
    results: list[BatchResult]


class BatchRequest(Request):
    """Questions that have nothing to do with each other; each is asked as POST /api/ask would ask it."""

    model_config = example({"questions": [{"question": "How many in 2010?"}, {"question": "And why?"}]})

    questions: Annotated[list[AskRequest], FailFast()] = Field(
        min_length=1, max_length=MAX_BATCH, description="what is asked, each with a history of its own"
    )


def register_batch(app: OpenAPI, engines: EngineSource, settings: Settings, services: Services | None) -> None:
    """Add the address for many questions at once."""

    @app.post("/api/ask/batch", responses={200: BatchBody, **failures(400, 403, 413, 415, 422, 500, 503)})
    def ask_batch(body: BatchRequest) -> dict[str, Any] | Response:
        """Answer several questions, in their order; one that cannot be asked has a problem in its place.

        A question that is malformed makes the whole request a problem, which names the field.
        """
        if len(body.questions) > settings.max_batch:
            remedy = f"Send at most {settings.max_batch} questions at once; GET /api/about tells this limit."
            return problem_response(problem(422, f"There are {len(body.questions)} questions.", remedy, TOO_MANY))
        engine = engines.current()
        note = current_note()
        results = [_result(engine, one, services, settings.question_timeout_s, note) for one in body.questions]
        return {"generation": engine.manifest.generation, "results": results}


def _result(
    engine: Engine, body: AskRequest, services: Services | None, timeout_s: float, note: Note
) -> dict[str, Any]:
    asked = Asked(body.question, body.history, body.as_of)
    try:
        return {"answer": asked.answer(engine, services, timeout_s, note), "problem": None}
    except NkqaError as error:
        return {"answer": None, "problem": problem_of_error(error).model_dump()}

"""The route that takes what somebody says of an answer. It is kept on this machine, and never logged."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from flask import Response
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, ConfigDict, Field, model_validator

from nkqa.serve.fact_routes import unknown_answer
from nkqa.serve.problems import failures, problem, problem_response
from nkqa.serve.schema import UNICODE, example
from nkqa.serve.services import Services

MAX_COMMENT_CHARS = 2000
NO_FEEDBACK = "urn:nkqa:problem:no-feedback"


class FeedbackReason(StrEnum):
    """What is wrong with an answer."""

    WRONG_ANSWER = "wrong_answer"
    WRONG_CITATION = "wrong_citation"
    INCOMPLETE = "incomplete"
    SHOULD_HAVE_REFUSED = "should_have_refused"
    SHOULD_HAVE_ANSWERED = "should_have_answered"
    OTHER = "other"


Verdict = Literal["right", "wrong"]
_Id = Annotated[str, Field(max_length=100), UNICODE]
_Comment = Annotated[str, Field(max_length=MAX_COMMENT_CHARS), UNICODE]


class FeedbackRequest(BaseModel):
    """A verdict on a kept answer; a later one on the same answer replaces it."""

    # Not strict: an Enum is given by its value. Numbers are still no texts.
    model_config = ConfigDict(extra="forbid") | example(
        {"answer_id": "0123456789abcdef", "verdict": "wrong", "reason": "incomplete"}
    )

    answer_id: _Id = Field(description="id of an answer, from POST /api/ask")
    verdict: Verdict
    reason: FeedbackReason | None = Field(None, description="what is wrong; only with the verdict wrong")
    comment: _Comment | None = Field(None, description="in the reader's own words")

    @model_validator(mode="after")
    def _reason_fits(self) -> FeedbackRequest:
        if self.verdict == "right" and self.reason:
            raise ValueError("a reason goes with the verdict wrong only")
        return self


class FeedbackBody(BaseModel):
    """A verdict as it is kept; `id` is that of the answer, of which only the latest verdict is kept."""

    id: str
    verdict: Verdict
    reason: FeedbackReason | None
    comment: str | None


def register_feedback(app: OpenAPI, services: Services) -> None:
    """Add the address of feedback."""

    @app.post("/api/feedback", responses={201: FeedbackBody, **failures(400, 403, 404, 413, 415, 422, 500, 503)})
    def give_feedback(body: FeedbackRequest) -> tuple[dict[str, Any], int] | Response:
        """Keep a verdict on an answer, with the answer, its question and history; on this machine only."""
        if services.keep_verdict is None:
            remedy = "The operator can switch it on with the setting keep_feedback."
            return problem_response(problem(403, "This server keeps no feedback.", remedy, NO_FEEDBACK))
        receipt = services.load(body.answer_id)
        if receipt is None:
            return unknown_answer()
        verdict = {"verdict": body.verdict, "reason": body.reason, "comment": body.comment}
        services.keep_verdict(body.answer_id, {**verdict, "receipt": receipt})
        return {"id": body.answer_id, **verdict}, 201

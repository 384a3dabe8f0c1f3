"""The route that checks somebody else's text against the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, Field

from nkqa.serve.deadline import with_deadline
from nkqa.serve.problems import failures
from nkqa.serve.schema import Citation, Request, UnicodeText, example
from nkqa.settings import Settings

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource


class VerifyRequest(Request):
    """A text to be checked."""

    model_config = example({"text": "Hanawon opened in 1999. It stands in Seoul."})

    text: UnicodeText = Field(description="any text, at most max_verify_chars characters")


class CheckedSentenceBody(BaseModel):
    """A sentence of the text: `start` and `end` count its characters there, the citations prove the verdict."""

    text: str
    start: int
    end: int
    verdict: Literal["supported", "contradicted", "not_found", "not_checkable"]
    reason: str
    citations: list[Citation]


class VerdictCounts(BaseModel):
    """How many sentences have each verdict."""

    supported: int
    contradicted: int
    not_found: int
    not_checkable: int


class VerificationBody(BaseModel):
    """What the documents say to each sentence of a text, in its order."""

    generation: str
    counts: VerdictCounts
    sentences: list[CheckedSentenceBody]


def register_verify(app: OpenAPI, engines: EngineSource, settings: Settings) -> None:
    """Add the address."""

    @app.post("/api/verify", responses={200: VerificationBody, **failures(400, 403, 413, 415, 422, 500, 503)})
    def verify(body: VerifyRequest) -> dict[str, Any]:
        """Say of each sentence of a text whether the documents state it, contradict it, or neither, and where."""
        deadline = with_deadline(None, settings.question_timeout_s)
        return engines.current().verify(body.text, deadline).to_json()

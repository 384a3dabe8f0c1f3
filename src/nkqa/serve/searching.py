"""The route that finds passages without deciding whether they answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, Field

from nkqa.ask.pipeline import MAX_PASSAGES
from nkqa.serve.problems import failures
from nkqa.serve.schema import Citation, Request, UnicodeText, example

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource


class SearchRequest(Request):
    """What to look for: a question or some words."""

    model_config = example({"question": "highest total", "limit": 3})

    question: UnicodeText = Field(description="what to look for: a question or some words")
    history: list[UnicodeText] | None = Field(None, description="earlier questions of the same user, oldest first")
    document: UnicodeText | None = Field(None, description="id of the only document to look in")
    limit: int = Field(10, ge=1, le=MAX_PASSAGES, description="how many passages to give at most")


class SearchBody(BaseModel):
    """The passages nearest to a question, best first; `number` is the rank. They need not answer it."""

    generation: str
    interpreted_as: str | None = Field(description="how it was read, where history or a typing error changed it")
    passages: list[Citation]


def register_search(app: OpenAPI, engines: EngineSource) -> None:
    """Add the address."""

    @app.post("/api/search", responses={200: SearchBody, **failures(400, 403, 404, 413, 415, 422, 500, 503)})
    def search(body: SearchRequest) -> dict[str, Any]:
        """Find the passages nearest to a question, each as an exact citation, best first."""
        engine = engines.current()
        found = engine.passages(body.question, body.history, body.limit, body.document)
        return {
            "generation": engine.manifest.generation,
            "interpreted_as": engine.query(body.question, body.history).interpreted_as,
            "passages": [asdict(citation) for citation in found],
        }

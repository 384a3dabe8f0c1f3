"""The routes that say what answers (versions, models, what the index holds, limits) and what to ask to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel

from nkqa import __version__
from nkqa.serve.problems import failures
from nkqa.settings import Settings

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource


class Models(BaseModel):
    """The models by name: the encoder finds passages, the reader reads them."""

    encoder: str
    reader: str


class Limits(BaseModel):
    """The settings of the same names."""

    max_question_chars: int
    max_history: int
    max_batch: int
    keep_answers: int
    keep_feedback: int


class AboutBody(BaseModel):
    """What answers."""

    nkqa: str
    generation: str
    models: Models
    documents: int
    passages: int
    facts: int
    limits: Limits


class Suggestions(BaseModel):
    """Questions to begin with; each has an answer."""

    generation: str
    questions: list[str]


def register_about(app: OpenAPI, engines: EngineSource, settings: Settings) -> None:
    """Add the two addresses."""

    @app.get("/api/suggestions", responses={200: Suggestions, **failures(400, 500, 503)})
    def suggestions() -> dict[str, Any]:
        """Give questions to begin with, each of which the documents answer."""
        engine = engines.current()
        return {"generation": engine.manifest.generation, "questions": list(engine.openers())}

    @app.get("/api/about", responses={200: AboutBody, **failures(400, 500, 503)})
    def about() -> dict[str, Any]:
        """Tell what answers: versions, models, what the index holds, and the limits of this server."""
        engine = engines.current()
        manifest = engine.manifest
        return {
            "nkqa": __version__,
            "generation": manifest.generation,
            "models": {"encoder": manifest.model, "reader": engine.reader.info.name},
            "documents": manifest.documents,
            "passages": manifest.passages,
            "facts": engine.fact_count,
            "limits": {name: getattr(settings, name) for name in Limits.model_fields},
        }

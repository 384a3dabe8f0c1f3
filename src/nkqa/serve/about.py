"""The route that says what answers: versions, models, what the index holds, and the limits of this server."""

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


def register_about(app: OpenAPI, engines: EngineSource, settings: Settings) -> None:
    """Add the address."""

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

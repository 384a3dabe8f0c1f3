"""The routes: each parses, calls, returns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Response, request, send_from_directory
from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import NotFound

from nkqa.serve.about import register_about
from nkqa.serve.asking import Asked
from nkqa.serve.batch import register_batch
from nkqa.serve.fact_routes import register_answers, register_facts, register_findings
from nkqa.serve.feedback_routes import register_feedback
from nkqa.serve.index_routes import register_index
from nkqa.serve.metrics import Metrics
from nkqa.serve.observe import current_note
from nkqa.serve.openai_errors import is_compatible
from nkqa.serve.openai_routes import register_openai
from nkqa.serve.present import document_body, document_summary
from nkqa.serve.problems import failures, on_http_error
from nkqa.serve.schema import (
    AnswerBody,
    AskQuery,
    AskRequest,
    DocumentBody,
    DocumentList,
    DocumentPath,
)
from nkqa.serve.searching import register_search
from nkqa.serve.services import Services
from nkqa.serve.states import register_states
from nkqa.serve.stream import HEADERS, client_gone, stream_answer
from nkqa.serve.stream import MEDIA_TYPE as EVENTS
from nkqa.serve.verify_routes import register_verify
from nkqa.settings import Settings

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource


# The addresses that people see; web/routes.js knows them, too.
PAGES = (
    "/",
    "/c/<conversation_id>",
    "/answers/<answer_id>",
    "/source",
    "/source/<doc_id>",
    "/facts",
    "/facts/<fact_id>",
    "/timeline",
    "/audit",
    "/about",
    "/api/docs",
)


def register_routes(
    app: OpenAPI, engines: EngineSource, settings: Settings, services: Services | None, metrics: Metrics
) -> None:
    """Add every address to the application; those of kept answers and of feedback where there are services."""
    _register_questions(app, engines, settings, services)
    register_verify(app, engines, settings)
    register_batch(app, engines, settings, services)
    register_search(app, engines)
    _register_documents(app, engines)
    register_facts(app, engines)
    register_findings(app, engines)
    register_about(app, engines, settings)
    register_index(app, engines, services)
    if services:
        register_answers(app, services)
        register_feedback(app, services)
    register_openai(app, engines, settings, services)
    register_states(app, engines, metrics)
    _register_page(app)


def _register_questions(app: OpenAPI, engines: EngineSource, settings: Settings, services: Services | None) -> None:
    @app.post("/api/ask", responses={200: AnswerBody, **failures(400, 403, 413, 415, 422, 500, 503)})
    def ask(body: AskRequest, query: AskQuery) -> dict[str, Any] | Response:
        """Answer a question from the documents, or say why not; every citation is a slice of its source.

        With `Accept: text/event-stream` the answer comes as server-sent events; with `?explain=1` it says how it came
        about, as `trace`.
        """
        engine = engines.current()
        asked = Asked(body.question, body.history, body.as_of, query.explain)
        answer = partial(asked.answer, engine, services, settings.question_timeout_s, current_note())
        if request.accept_mimetypes.best_match(["application/json", EVENTS]) != EVENTS:
            return answer()
        engine.query(body.question, body.history)  # a question that cannot be asked is a problem, not a stream
        events = stream_answer(engine.manifest.generation, answer, client_gone(request.environ))
        return Response(events, mimetype=EVENTS, headers=HEADERS)


def _register_documents(app: OpenAPI, engines: EngineSource) -> None:
    @app.get("/api/documents", responses={200: DocumentList, **failures(400, 500, 503)})
    def list_documents() -> dict[str, Any]:
        """List the documents that answers come from."""
        engine = engines.current()
        summaries = [document_summary(document) for document in engine.documents]
        return {"generation": engine.manifest.generation, "documents": summaries}

    @app.get("/api/documents/<doc_id>", responses={200: DocumentBody, **failures(400, 404, 422, 500, 503)})
    def show_document(path: DocumentPath) -> dict[str, Any]:
        """Give the text of a document and its structure, as offsets into that text."""
        engine = engines.current()
        return document_body(engine.document(path.doc_id), engine.manifest.generation)


def _register_page(app: OpenAPI) -> None:
    # One file: which page it shows, and what on it, the script in it reads from the address.
    for address in PAGES:
        app.add_url_rule(address, f"page {address}", lambda **_: app.send_static_file("index.html"))

    def no_page(error: NotFound) -> Response:
        """Let the page tell a person that there is nothing at an address; a program gets the problem."""
        accepts = request.accept_mimetypes
        for_programs = request.path.startswith(("/api/", "/static/")) or is_compatible(request.path)
        if for_programs or accepts["text/html"] <= accepts["application/json"]:
            return on_http_error(error)
        # Whole, whatever part or version the request asks for: that is of an address with something at it.
        response = send_from_directory(str(app.static_folder), "index.html", conditional=False)
        response.status_code = 404
        return response

    app.register_error_handler(NotFound, no_page)

    @app.get("/openapi.json", doc_ui=False)
    def interface() -> dict[str, Any]:
        return app.api_doc

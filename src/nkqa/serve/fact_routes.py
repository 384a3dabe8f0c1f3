"""The routes to facts, incidents, the audit and kept answers: each parses, calls, returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response
from flask_openapi3.openapi import OpenAPI

from nkqa.serve.fact_schema import (
    AnswerPath,
    AuditBody,
    FactFilter,
    FactList,
    FactPath,
    FactsQuery,
    OneFact,
    ReceiptBody,
    TimelineBody,
    TimelineQuery,
)
from nkqa.serve.facts_csv import MEDIA_TYPE, facts_csv
from nkqa.serve.present import fact_body, finding_body
from nkqa.serve.problems import failures, problem, problem_response
from nkqa.serve.services import Services
from nkqa.types import Document, Fact

if TYPE_CHECKING:
    from nkqa.ask.pipeline import Engine, EngineSource

UNKNOWN_ANSWER = "urn:nkqa:problem:unknown-answer"
_CSV: dict[str | int, Any] = {200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}}


def register_facts(app: OpenAPI, engines: EngineSource) -> None:
    """Add the addresses of facts."""

    @app.get("/api/facts", responses={200: FactList, **failures(400, 404, 422, 500, 503)})
    def list_facts(query: FactsQuery) -> dict[str, Any]:
        """List facts by kind, document and subject, a page at a time."""
        engine = engines.current()
        found = _choose(engine, query)
        page = found[query.offset : query.offset + query.limit]
        return {
            "generation": engine.manifest.generation,
            "total": len(found),
            "offset": query.offset,
            "facts": [fact_body(fact, document) for fact, document in page],
        }

    @app.get("/api/facts.csv", responses={**_CSV, **failures(400, 404, 422, 500, 503)})
    def download_facts(query: FactFilter) -> Response:
        """Give all facts of a choice as a table for spreadsheets."""
        content = facts_csv(_choose(engines.current(), query))
        headers = {"Content-Disposition": 'attachment; filename="facts.csv"'}
        return Response(content, mimetype=MEDIA_TYPE, headers=headers)

    @app.get("/api/facts/<fact_id>", responses={200: OneFact, **failures(400, 404, 422, 500, 503)})
    def show_fact(path: FactPath) -> dict[str, Any]:
        """Give one fact."""
        engine = engines.current()
        fact = engine.fact(path.fact_id)
        body = fact_body(fact, engine.document(fact.doc_id))
        return {"generation": engine.manifest.generation, "fact": body}


def _choose(engine: Engine, query: FactFilter) -> list[tuple[Fact, Document]]:
    found = engine.facts(query.kind, query.about, query.document)
    return [(fact, engine.document(fact.doc_id)) for fact in found if fact.flags or not query.flagged]


def register_findings(app: OpenAPI, engines: EngineSource) -> None:
    """Add the addresses of incidents and the audit."""

    @app.get("/api/timeline", responses={200: TimelineBody, **failures(400, 422, 500, 503)})
    def list_incidents(query: TimelineQuery) -> dict[str, Any]:
        """List dated incidents by place, years and outcome."""
        engine = engines.current()
        rows = engine.timeline(query.place, query.first, query.last, query.outcome)
        found = [
            {"text": row.text, "again": row.again, "event": fact_body(row.event, engine.document(row.event.doc_id))}
            for row in rows
        ]
        return {"generation": engine.manifest.generation, "rows": found}

    @app.get("/api/audit", responses={200: AuditBody, **failures(400, 500, 503)})
    def show_audit() -> dict[str, Any]:
        """Tell where the documents contradict themselves, and which checks passed."""
        engine = engines.current()
        findings = [finding_body(finding, engine.document(finding.document)) for finding in engine.audit]
        failed = sum(not finding["passed"] for finding in findings)
        return {
            "generation": engine.manifest.generation,
            "failed": failed,
            "passed": len(findings) - failed,
            "findings": findings,
        }


def register_answers(app: OpenAPI, services: Services) -> None:
    """Add the address of kept answers."""

    @app.get("/api/answers/<answer_id>", responses={200: ReceiptBody, **failures(400, 404, 422, 500)})
    def show_answer(path: AnswerPath) -> dict[str, Any] | Response:
        """Give an answer again, with its receipt."""
        return services.load(path.answer_id) or unknown_answer()


def unknown_answer() -> Response:
    """Answer 404 for an answer that is not kept."""
    remedy = "Ask the question again; the server keeps the newest answers (setting keep_answers)."
    return problem_response(problem(404, "There is no kept answer with this id.", remedy, UNKNOWN_ANSWER))

"""The routes to facts, incidents, the audit and kept answers: each parses, calls, returns."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response
from flask_openapi3.openapi import OpenAPI

from nkqa.serve.fact_schema import (
    AnswerPath,
    AuditBody,
    FactList,
    FactsQuery,
    ReceiptBody,
    TimelineBody,
    TimelineQuery,
)
from nkqa.serve.problems import failures, problem, problem_response
from nkqa.serve.services import Services

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource

UNKNOWN_ANSWER = "urn:nkqa:problem:unknown-answer"


def register_facts(app: OpenAPI, engines: EngineSource) -> None:
    """Add the addresses of facts and incidents."""

    @app.get("/api/facts", responses={200: FactList, **failures(400, 404, 422, 500, 503)})
    def list_facts(query: FactsQuery) -> dict[str, Any]:
        """List facts by kind, document and subject, a page at a time."""
        engine = engines.current()
        found = engine.facts(query.kind, query.about, query.document)
        page = found[query.offset : query.offset + query.limit]
        return {
            "generation": engine.manifest.generation,
            "total": len(found),
            "offset": query.offset,
            "facts": [asdict(fact) for fact in page],
        }

    @app.get("/api/timeline", responses={200: TimelineBody, **failures(400, 422, 500, 503)})
    def list_incidents(query: TimelineQuery) -> dict[str, Any]:
        """List dated incidents by place, years and outcome."""
        engine = engines.current()
        rows = engine.timeline(query.place, query.first, query.last, query.outcome)
        return {"generation": engine.manifest.generation, "rows": [asdict(row) for row in rows]}

    @app.get("/api/audit", responses={200: AuditBody, **failures(400, 500, 503)})
    def show_audit() -> dict[str, Any]:
        """Tell where the documents contradict themselves, and which checks passed."""
        engine = engines.current()
        findings = [finding.to_json(engine.document(finding.document).text) for finding in engine.audit]
        failed = sum(not finding["passed"] for finding in findings)
        return {
            "generation": engine.manifest.generation,
            "failed": failed,
            "passed": len(findings) - failed,
            "findings": findings,
        }


def register_services(app: OpenAPI, services: Services) -> None:
    """Add the address of kept answers."""

    @app.get("/api/answers/<answer_id>", responses={200: ReceiptBody, **failures(400, 404, 422, 500)})
    def show_answer(path: AnswerPath) -> dict[str, Any] | Response:
        """Give an answer again, with its receipt."""
        receipt = services.load(path.answer_id)
        if receipt is None:
            remedy = "Ask the question again; the server keeps the newest answers (setting keep_answers)."
            return problem_response(problem(404, "There is no kept answer with this id.", remedy, UNKNOWN_ANSWER))
        return receipt

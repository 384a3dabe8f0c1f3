"""Requests made from the OpenAPI description, good and bad ones, to every operation: what comes back is as described.

FUZZ_EXAMPLES says how many examples each operation gets beside the systematic ones; 100 make some thousand cases.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from pydantic import BaseModel, SecretStr
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from nkqa.ask.pipeline import EngineSource
from nkqa.jobs import BuildJobs
from nkqa.serve import Services, create_app
from nkqa.serve.problems import failures, problem_of_status, problem_response

pytestmark = pytest.mark.model

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
# What is right by its type may still not be asked (an empty question, or without the token), or not be there.
REFUSALS = ("2xx", "401", "403", "404", "422")
# Under /v1, what cannot be asked is 400, as with OpenAI.
COMPATIBLE = "/v1/"
COMPATIBLE_REFUSALS = ("2xx", "400", "403", "404")


@dataclass
class Found:
    """How many cases each operation got, and what was wrong."""

    cases: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def close(document: dict[str, Any]) -> None:
    """Let the types of the description allow no other field than they name."""
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)


def plain(application):
    """Let an application answer without compression, which the client of these tests does not undo."""

    def answer(environ, start_response):
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return application(environ, start_response)

    return answer


def fuzz(app: Any, examples: int, only: str, accepted: Sequence[str] = REFUSALS) -> Found:
    """Send requests to the operations whose address begins with `only`; `accepted` may answer what is as described."""
    close(app.api_doc)
    app.wsgi_app = plain(app.wsgi_app)
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "generation": {"max-examples": examples, "database": "none"},
            "phases": {"stateful": {"enabled": False}},
            "checks": {"positive_data_acceptance": {"expected-statuses": list(accepted)}},
        }
    )
    found = Found()
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config).include(path_regex=f"^{only}")
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            found.cases[str(event.recorder.label)] += len(event.recorder.cases)
            checks = [check for checks in event.recorder.checks.values() for check in checks]
            found.failures += [told(check) for check in checks if check.failure_info]
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.failures.append(repr(getattr(event, "value", None) or getattr(event, "exception", event)))
    return found


def told(check: Any) -> str:
    failure = check.failure_info.failure
    return f"{check.name}: {failure.title}: {failure.message}\n{check.failure_info.code_sample}"


def services(jobs: BuildJobs) -> Services:
    kept: dict[str, Any] = {}
    return Services(lambda *_: {}, kept.__setitem__, lambda _: None, lambda *_: None, jobs)


@pytest.fixture
def jobs(small_settings):
    """Rebuilds, which nobody can start who does not have the operator's token."""
    return BuildJobs(small_settings)


@pytest.fixture
def app(small_settings, jobs):
    settings = small_settings.model_copy(update={"operator_token": SecretStr("not-to-be-found-by-chance")})
    return create_app(EngineSource(settings), settings, services(jobs))


def operations(app):
    return {f"{method.upper()} {path}" for path, item in app.api_doc["paths"].items() for method in item}


def test_every_operation_answers_as_described(app, jobs):
    found = fuzz(app, EXAMPLES, f"(?!{COMPATIBLE})")
    compatible = fuzz(app, EXAMPLES, COMPATIBLE, COMPATIBLE_REFUSALS)
    assert found.failures + compatible.failures == []
    assert jobs.latest() is None
    cases = found.cases + compatible.cases
    assert set(cases) == operations(app), "an operation that got no case"
    assert sum(cases.values()) >= 20 * EXAMPLES


class Good(BaseModel):
    """A body with one field."""

    status: str


def test_what_is_not_as_described_is_found(app):
    @app.get("/api/null/surplus", responses={200: Good, **failures(400, 500)})
    def surplus():
        """Give a field too many."""
        return {"status": "ok", "more": 1}

    @app.get("/api/null/broken", responses={200: Good, **failures(400, 500)})
    def broken():
        """Fail."""
        return problem_response(problem_of_status(500))

    @app.get("/api/null/raises", responses={200: Good, **failures(400, 500)})
    def raises():
        """Fail as no route should."""
        raise RuntimeError

    found = fuzz(app, 1, "/api/null/")
    assert set(found.cases) == {f"GET /api/null/{name}" for name in ("surplus", "broken", "raises")}
    names = {failure.partition(":")[0] for failure in found.failures}
    assert {"response_schema_conformance", "not_a_server_error", "RuntimeError()"} <= names

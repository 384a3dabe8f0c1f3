"""The error map: every failure becomes problem+json (RFC 9457) that says what happened and what to do."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from nkqa.errors import (
    BrokenIndexError,
    BuildInProgressError,
    FeedbackError,
    ModelError,
    NkqaError,
    NoIndexError,
    QuestionError,
    QuestionTimeoutError,
    UnknownDocumentError,
    UnknownFactError,
)
from nkqa.serve.schema import Problem

MEDIA_TYPE = "application/problem+json"
BLANK = "about:blank"
RETRY_AFTER_S = "30"
INVALID_REQUEST = "urn:nkqa:problem:request"

_log = logging.getLogger(__name__)

_ERRORS: dict[type[NkqaError], tuple[int, str]] = {
    QuestionError: (422, "urn:nkqa:problem:question"),
    # Not 504: no other server is asked. Under less load the same question may be answered in time.
    QuestionTimeoutError: (503, "urn:nkqa:problem:question-timeout"),
    UnknownDocumentError: (404, "urn:nkqa:problem:unknown-document"),
    UnknownFactError: (404, "urn:nkqa:problem:unknown-fact"),
    FeedbackError: (503, "urn:nkqa:problem:feedback"),
    NoIndexError: (503, "urn:nkqa:problem:no-index"),
    BrokenIndexError: (503, "urn:nkqa:problem:broken-index"),
    BuildInProgressError: (409, "urn:nkqa:problem:build-in-progress"),
    ModelError: (503, "urn:nkqa:problem:model"),
}

_STATUS_TEXTS: dict[int, tuple[str, str]] = {
    400: ("The request cannot be understood.", "Send a well-formed HTTP request."),
    401: ("The request needs a token.", "Send the header Authorization: Bearer with it."),
    404: ("There is nothing at this address.", "The addresses are listed in /openapi.json."),
    405: ("This address does not take this method.", "Use a method named in the Allow header."),
    408: ("The request did not arrive in time.", "Send it whole and at once."),
    413: ("The request body is too large.", "Send less; the operator sets the limit with max_body_kib."),
    415: ("The request body is not declared as JSON.", "Send it with the header Content-Type: application/json."),
    431: ("The request headers are too large.", "Send at most 16 KiB of headers."),
    503: ("The server has more requests than it can take.", "Try again in a few seconds."),
    500: ("The server failed.", "Try again; the operator finds the cause in the server's log."),
}
_OTHER_STATUS = ("The request cannot be served.", "The addresses and their requests are described in /openapi.json.")

# A client's own words (an unknown field's name) come back in a detail, so both are kept short.
_MAX_FAULTS = 5
_MAX_FAULT_CHARS = 200


def problem(status: int, detail: str, remedy: str, kind: str = BLANK) -> Problem:
    """Make a problem; its title is the name of the status."""
    return Problem(type=kind, title=HTTPStatus(status).phrase, status=status, detail=detail, remedy=remedy)


def problem_of_status(status: int) -> Problem:
    """Make the problem of an error that has no more to say than its status."""
    return problem(status, *_STATUS_TEXTS.get(status, _OTHER_STATUS))


def problem_response(body: Problem, headers: dict[str, str] | None = None) -> Response:
    """Turn a problem into a response."""
    # A client's field name may hold what UTF-8 cannot; it becomes a question mark.
    content = json.dumps(body.model_dump(), ensure_ascii=False).encode("utf-8", errors="replace")
    return Response(content, status=body.status, headers=headers, content_type=MEDIA_TYPE)


def failures(*statuses: int) -> dict[str | int, Any]:
    """Describe the problem+json responses of a route."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {status: {"content": content} for status in statuses}


def on_invalid_request(error: ValidationError) -> Response:
    """Answer 422: name each field that is missing, unknown, or of a wrong type or size."""
    faults = [_fault(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors()[:_MAX_FAULTS]]
    remedy = "Correct the fields named here; /openapi.json describes the request."
    return problem_response(problem(422, "; ".join(faults) + ".", remedy, INVALID_REQUEST))


def _fault(field: str, message: str) -> str:
    return f"{field[:_MAX_FAULT_CHARS] or 'body'}: {message[:_MAX_FAULT_CHARS]}"


def problem_of_error(error: NkqaError) -> Problem:
    """Make the problem of an error; what no request can cause is logged and kept from the client."""
    status, kind = _ERRORS.get(type(error), (500, BLANK))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("unexpected %s: %s", type(error).__name__, error)
        return problem_of_status(status)
    return problem(status, error.message, error.remedy, kind)


def on_nkqa_error(error: NkqaError) -> Response:
    """Answer with what the error says; 503 tells when to come back, because the operator can mend it meanwhile."""
    body = problem_of_error(error)
    return problem_response(body, {"Retry-After": RETRY_AFTER_S} if body.status == 503 else None)


def on_http_error(error: HTTPException) -> Response:
    """Answer for flask's own errors; it logs an unexpected exception and hands it here as a bare 500."""
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return problem_response(problem_of_status(error.code or 500), headers)


def register_error_map(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(NkqaError, on_nkqa_error)
    app.register_error_handler(HTTPException, on_http_error)

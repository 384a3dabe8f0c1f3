"""Failures under /v1 in OpenAI's form: every problem is made as elsewhere and put into that form on its way out."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request

from nkqa.serve.problems import BLANK, INVALID_REQUEST, MEDIA_TYPE, problem
from nkqa.serve.schema import Problem

PREFIX = "/v1/"
UNKNOWN_MODEL = "urn:nkqa:problem:unknown-model"

_TYPES = {
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
}
# What OpenAI calls them; other problems go by the last part of their own name.
_CODES = {
    UNKNOWN_MODEL: "model_not_found",
    "urn:nkqa:problem:rate-limit": "rate_limit_exceeded",
    INVALID_REQUEST: "invalid_request",
}


def is_compatible(path: str) -> bool:
    """Tell whether an address is one of OpenAI's."""
    return path.startswith(PREFIX)


def unknown_model(name: str) -> Problem:
    """Make the problem of a model that is not here."""
    return problem(404, f"There is no model {name[:80]!r}.", 'The only model is "nkqa".', UNKNOWN_MODEL)


def error_body(found: Problem) -> dict[str, Any]:
    """Return a problem as OpenAI says it."""
    # The detail of an invalid request begins with the name of its first field.
    param = found.detail.partition(":")[0] if found.type == INVALID_REQUEST else None
    last = found.type.rpartition(":")[2].replace("-", "_")
    return {
        "error": {
            "message": f"{found.detail} {found.remedy}",
            "type": _type(found.status),
            "param": "model" if found.type == UNKNOWN_MODEL else param,
            "code": None if found.type == BLANK else _CODES.get(found.type, last),
        }
    }


def _type(status: int) -> str:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "server_error"
    return _TYPES.get(HTTPStatus(status), "invalid_request_error")


def error_status(status: int) -> int:
    """Return the status with which OpenAI says it: there, 400 is also what nkqa calls 422."""
    return HTTPStatus.BAD_REQUEST if status == HTTPStatus.UNPROCESSABLE_ENTITY else status


def register_openai_errors(app: Flask) -> None:
    """Put every problem under /v1 into OpenAI's form."""
    app.after_request(_translate)


def _translate(response: Response) -> Response:
    if is_compatible(request.path) and response.mimetype == MEDIA_TYPE:
        found = Problem.model_validate_json(response.get_data())
        response.set_data(json.dumps(error_body(found), ensure_ascii=False))
        response.content_type = "application/json"
        response.status_code = error_status(response.status_code)
    return response

"""What the OpenAPI description says beyond the types of the routes: version, names, areas, the version header."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from flask_openapi3.models.info import Info

# Of the interface, not of the package: docs/api-changelog.md says what each number changed, decision 0013 when.
API_VERSION = "1.0.0"
VERSION_HEADER = "API-Version"

INFO = Info(
    title="nkqa",
    version=API_VERSION,
    summary="Answers questions from documents and proves every word.",
    description=(
        "Everything is JSON as UTF-8. Offsets are Unicode code points of a document's text, 0-based, end-exclusive: "
        "`cited_text` is always exactly the text from `start_char_index` to `end_char_index`. Every failure is "
        "`application/problem+json` (RFC 9457) with what happened (`detail`) and what to do (`remedy`). A refusal is "
        "an answer: status 200, `declined`. Under `/v1/`, requests, answers and failures have OpenAI's form."
    ),
)

_AREAS = {
    "answers": "Ask, search, and what became of earlier answers.",
    "documents": "The documents that answers come from.",
    "facts": "What was read from the documents as data, and where they contradict themselves.",
    "server": "What answers, and whether it can.",
    "compatible": "The addresses of OpenAI's chat completions, for programs that speak to chat models.",
}
# By the first part of an address below /api/; any other is about the server itself.
_AREA_OF = {
    **dict.fromkeys(("ask", "search", "verify", "suggestions", "answers", "feedback"), "answers"),
    "documents": "documents",
    **dict.fromkeys(("facts", "facts.csv", "timeline", "audit"), "facts"),
}
_HEADER_REF = {"$ref": f"#/components/headers/{VERSION_HEADER}"}


def operation_id(*, name: str, **_: str) -> str:
    """Name an operation after its function: generated clients call their functions so."""
    return name


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Complete the description that flask-openapi3 made of the routes, in place, and return it."""
    document["tags"] = [{"name": name, "description": text} for name, text in _AREAS.items()]
    version = {"description": "version of the interface", "required": True, "schema": {"type": "string"}}
    document["components"]["headers"] = {VERSION_HEADER: version}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete(operation, path)
    return document


def _complete(operation: dict[str, Any], path: str) -> None:
    operation["tags"] = [_area(path)]
    if "description" in operation:
        # The lines of a docstring; flask-openapi3 joins them with marks of HTML.
        operation["description"] = operation["description"].replace("<br/>", "\n").strip()
    if _is_versioned(path):
        for response in operation["responses"].values():
            response.setdefault("headers", {})[VERSION_HEADER] = _HEADER_REF


def _area(path: str) -> str:
    if path.startswith("/v1/"):
        return "compatible"
    return _AREA_OF.get(path.removeprefix("/api/").partition("/")[0], "server")


def register_version(app: Flask) -> None:
    """Tell the version with everything that the interface answers, problems included."""
    app.after_request(_tell_version)


def _tell_version(response: Response) -> Response:
    if _is_versioned(request.path):
        response.headers[VERSION_HEADER] = API_VERSION
    return response


def _is_versioned(path: str) -> bool:
    return path.startswith("/api/")

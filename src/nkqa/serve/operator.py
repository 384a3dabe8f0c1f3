"""Who may operate the server: whoever sends the operator's token, compared in constant time and never logged."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Flask, Response, request

from nkqa.serve.problems import problem, problem_response

# All addresses that begin so are the operator's.
PREFIX = "/api/index/rebuild"
NO_OPERATOR = "urn:nkqa:problem:no-operator"
TOKEN = "urn:nkqa:problem:token"  # noqa: S105 (the name of a problem)
# How the description of the interface calls it.
SCHEME = "operator"
SECURITY_SCHEMES: dict[str, Any] = {
    SCHEME: {"type": "http", "scheme": "bearer", "description": "the setting operator_token"}
}
SECURITY: list[dict[str, list[str]]] = [{SCHEME: []}]


def register_operator(app: Flask, token: str) -> None:
    """Let nobody else call the operator's addresses; register before what reads a body. "" refuses all."""

    def refuse() -> Response | None:
        # OPTIONS only names the methods.
        if request.url_rule is None or request.method == "OPTIONS" or not request.url_rule.rule.startswith(PREFIX):
            return None
        return refuse_stranger(token)

    app.before_request(refuse)


def refuse_stranger(token: str) -> Response | None:
    """Return the refusal of a request without the operator's token, None where it may go on; "" refuses all."""
    if not token:
        remedy = "The operator switches them on with a setting, operator_token or NKQA_OPERATOR_TOKEN."
        return problem_response(problem(403, "The operator's addresses are switched off.", remedy, NO_OPERATOR))
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    # Of bytes: compare_digest takes no text beyond ASCII.
    same = hmac.compare_digest(given.strip().encode("utf-8", errors="replace"), token.encode())
    if scheme.lower() == "bearer" and same:
        return None
    remedy = "Send the header Authorization: Bearer, with the setting operator_token of this server."
    body = problem(401, "This address is the operator's.", remedy, TOKEN)
    return problem_response(body, {"WWW-Authenticate": 'Bearer realm="nkqa"'})

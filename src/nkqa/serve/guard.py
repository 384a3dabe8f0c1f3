"""What is checked before a request reaches a route, and the headers that every response carries."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from nkqa.serve.operator import register_operator
from nkqa.serve.problems import problem, problem_response
from nkqa.settings import Settings

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_REMEDY = "Send an object of JSON, as UTF-8; /openapi.json describes it."
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def register_guards(app: Flask, settings: Settings, token: str) -> None:
    """Check host, origin, operator's token and body of each request, in this order, and seal each response."""
    hosts = trusted_hosts(settings)
    app.before_request(lambda: _refuse_untrusted_host(hosts))
    app.before_request(_refuse_foreign_origin)
    register_operator(app, token)
    app.before_request(_refuse_bad_body)
    app.after_request(_seal)


def trusted_hosts(settings: Settings) -> frozenset[str] | None:
    """Return the host names that are answered, without ports and brackets; None allows any."""
    names = {name.strip().strip("[]").lower() for name in settings.trusted_hosts.split(",")} - {""}
    return None if "*" in names else frozenset(names | {settings.host.strip("[]").lower()})


def _refuse_untrusted_host(trusted: frozenset[str] | None) -> Response | None:
    """Answer 400 to a foreign Host: a page elsewhere that points its own name at this machine (DNS rebinding)."""
    # Not flask's TRUSTED_HOSTS: werkzeug 3.1 cuts a listed [::1] off at its first colon.
    if trusted is None or _name_of(request.host) in trusted:
        return None
    remedy = "Call it by a trusted name; the operator adds names with NKQA_TRUSTED_HOSTS."
    return problem_response(problem(400, "The server does not answer to this host name.", remedy))


def _name_of(host: str) -> str:
    """Return the name in a Host header, which werkzeug has checked for its form: without port and brackets."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower()


def _refuse_foreign_origin() -> Response | None:
    """Answer 403 to a page of another site; a client that is no browser sends no Origin."""
    origin = request.headers.get("Origin")
    if request.method in _SAFE_METHODS or origin is None or _authority(origin) == request.host.lower():
        return None
    remedy = "Ask from the server's own page, or from a program that sends no Origin header."
    return problem_response(problem(403, "The request comes from a page of another site.", remedy))


def _authority(origin: str) -> str | None:
    """Return host:port of an origin; None where it is not one, as for "null" and a broken IPv6 address."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in {"http", "https"} else None


def _refuse_bad_body() -> Response | None:
    """Answer 400 to a body that is no JSON and 422 to one that is no object; flask itself answers 413 and 415.

    flask-openapi3 takes all of these for a missing body, and would parse a JSON string a second time.
    """
    if request.method != "POST" or request.url_rule is None:
        return None
    try:
        body = request.get_json()
    except (BadRequest, RecursionError):  # the second is what json raises for thousands of open brackets
        return problem_response(problem(400, "The request body is not JSON.", _REMEDY))
    if isinstance(body, dict):
        return None
    return problem_response(problem(422, "The request body is not a JSON object.", _REMEDY))


def _seal(response: Response) -> Response:
    response.headers.update(SECURITY_HEADERS)
    # Static files come with their own: to be asked for again, by ETag.
    response.headers.setdefault("Cache-Control", "no-store")
    return response

"""Texts travel as gzip to a client that takes it; the module of the standard library is all that this needs."""

from __future__ import annotations

import gzip
from http import HTTPStatus

from flask import Flask, Response, request

# Text that is there as a whole. Events are not: compressed, they would wait in the compressor's buffer.
COMPRESSED = frozenset(
    (
        "text/html",
        "text/css",
        "text/csv",
        "text/javascript",
        "application/javascript",
        "image/svg+xml",
        "application/json",
    )
)
# Below, it saves nothing: the headers alone are as long.
MIN_BYTES = 500
LEVEL = 6


def register_compression(app: Flask) -> None:
    """Compress what is worth it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    _weaken_etag(response)
    if response.status_code != HTTPStatus.OK or response.content_encoding:
        return response
    response.direct_passthrough = False  # a static file is read here, not by the server
    content = response.get_data()
    if len(content) >= MIN_BYTES:
        response.set_data(gzip.compress(content, LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response


def _weaken_etag(response: Response) -> None:
    """Say that bytes may differ under the same ETag: it names the text, compressed or not (RFC 9110, 8.8.1)."""
    etag, weak = response.get_etag()
    if etag and not weak:
        response.set_etag(etag, weak=True)

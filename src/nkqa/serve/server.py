"""The server process: one waitress server that ends without cutting off a running request."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from nkqa.errors import SettingsError
from nkqa.serve.guard import MAX_BODY_BYTES, SECURITY_HEADERS
from nkqa.serve.problems import MEDIA_TYPE, problem_of_status
from nkqa.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONNECTION_LIMIT = 1000
MAX_HEADER_BYTES = 16 * 1024
IDLE_TIMEOUT_S = 60
DRAIN_TIMEOUT_S = 30.0
_LOOP_TIMEOUT_S = 1.0
_DRAIN_LOOP_TIMEOUT_S = 0.05
# Above the application's own limit: it can answer with a problem, while waitress breaks the connection off.
_BODY_LIMIT_BYTES = 4 * MAX_BODY_BYTES


class _ProblemTask(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answer what waitress refuses by itself (broken or too large requests) like any other error."""

    def execute(self) -> None:
        body = problem_of_status(self.request.error.code)
        content = body.model_dump_json().encode()
        self.status = f"{body.status} {body.title}"
        self.response_headers += [("Content-Type", MEDIA_TYPE), ("Cache-Control", "no-store")]
        self.response_headers += SECURITY_HEADERS.items()
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _ProblemTask


def serve(app: WSGIApplication, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests end; call from the main thread.

    `announce` gets the address once it accepts connections. Raises SettingsError where it cannot listen there.
    """
    listener = _listen(settings.host, settings.port)
    channels: dict[int, Any] = {}
    server = _make_server(app, settings, listener, channels)
    with _stop_signals(server.pull_trigger) as stopping:
        announce(_url(settings.host, listener.getsockname()[1]))
        while not stopping():
            wasyncore.loop(timeout=_LOOP_TIMEOUT_S, use_poll=True, map=channels, count=1)
    _drain(server, channels)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as error:
        raise SettingsError(
            f"The server cannot listen on {host} port {port}: {error.strerror}.",
            "Stop the program that uses the address, or choose another with --host and --port (0 takes a free port).",
        ) from error


def _make_server(app: WSGIApplication, settings: Settings, listener: socket.socket, channels: dict[int, Any]) -> Any:
    server = create_server(
        app,
        map=channels,
        sockets=[listener],
        threads=settings.threads,
        connection_limit=CONNECTION_LIMIT,
        channel_timeout=IDLE_TIMEOUT_S,
        channel_request_lookahead=1,  # goes on reading while it answers, and so notices that a client hangs up
        max_request_header_size=MAX_HEADER_BYTES,
        max_request_body_size=_BODY_LIMIT_BYTES,
        ident=None,
    )
    server.channel_class = _Channel
    return server


def _url(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"http://{name}:{port}/"


@contextmanager
def _stop_signals(wake: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Catch the first stop signal; a second one, while requests end, has its usual effect."""
    received: list[int] = []

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        wake()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _drain(server: Any, channels: dict[int, Any]) -> None:
    """Stop accepting, close idle connections, and run the loop until every answer has been sent.

    waitress's own `run` stops its loop first: what a client has not read by then is lost, and later connections hang.
    """
    wasyncore.dispatcher.close(server)  # the listener only: running requests still need the server's trigger
    deadline = time.monotonic() + DRAIN_TIMEOUT_S
    while server.active_channels and time.monotonic() < deadline:
        for channel in server.active_channels.values():
            # Under the lock that a finishing request takes, so that it is never seen half done.
            with channel.requests_lock:
                channel.close_when_flushed |= not channel.requests
        wasyncore.loop(timeout=_DRAIN_LOOP_TIMEOUT_S, use_poll=True, map=channels, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(channels)

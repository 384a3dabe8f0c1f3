"""The server process: what waits is bounded, slow clients are cut off, and a stop lets running requests end."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from nkqa.errors import SettingsError
from nkqa.serve.app import Application
from nkqa.serve.channel import Channel
from nkqa.serve.gate import Gate
from nkqa.settings import Settings

CONNECTION_LIMIT = 1000
# Beyond so many connections, those on which nothing is asked make room for others.
CROWDED = 900
# How many connections are accepted before those that there are get their turn.
ACCEPTED_AT_ONCE = 100
MAX_HEADER_BYTES = 16 * 1024
# All that a stop may take is 10 s: a service manager's patience, and this and the threads' second fit in.
DRAIN_TIMEOUT_S = 8.0
# While stopping, a client that reads nothing for so long is not waited for.
DRAIN_STALL_S = 2.0
_THREADS_TIMEOUT_S = 1.0
_CHECK_INTERVAL_S = 1.0
_LOOP_TIMEOUT_S = 1.0
_DRAIN_LOOP_TIMEOUT_S = 0.05
# A thread that computes hands the interpreter on after this time. A request passes through two threads and needs it
# several times; with Python's own 5 ms and all workers busy, a look at /healthz would take over 100 ms.
_SWITCH_INTERVAL_S = 0.001


class _Server(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    channel_class = Channel

    next_check = 0.0

    def handle_accept(self) -> None:
        """Accept up to ACCEPTED_AT_ONCE: one a round would keep the last of a crowd waiting for as many rounds."""
        for _ in range(ACCEPTED_AT_ONCE):
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == before or not self.readable():
                return

    def maintenance(self, now: float) -> None:
        """Do nothing: this is called while the loop collects the connections to poll, and none may be closed then."""

    def cut_off_slow_clients(self) -> None:
        """Look, once a second, at what each client does; call between two rounds of the loop."""
        now = time.time()
        if now < self.next_check:
            return
        self.next_check = now + _CHECK_INTERVAL_S
        for channel in list(self.active_channels.values()):
            channel.check_progress(now)
        silent = [channel for channel in self.active_channels.values() if channel.is_silent(now)]
        too_many = max(0, len(self.active_channels) - CROWDED)
        for channel in sorted(silent, key=lambda one: one.last_activity)[:too_many]:
            channel.handle_close()


def serve(
    app: Application,
    settings: Settings,
    announce: Callable[[str], None],
    on_stop: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests end; call from the main thread.

    `announce` gets the address once it accepts connections; `on_stop` is called before running requests are waited
    for, which may wait for what it ends. Raises SettingsError where it cannot listen there.
    """
    listener = listen(settings.host, settings.port)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    channels: dict[int, Any] = {}
    gate = Gate(settings.threads, settings.max_waiting, lambda: app.metrics.rejected("overload"))
    app.metrics.watch("requests_waiting", "Requests that wait for a thread", lambda: gate.waiting)
    app.metrics.watch("threads_busy", "Threads that answer a request", lambda: gate.running)
    app.metrics.watch("connections", "Open connections", lambda: len(server.active_channels))
    server = _make_server(app, settings, listener, channels, gate)
    with _stop_signals(server.pull_trigger) as stopping:
        announce(_url(settings.host, listener.getsockname()[1]))
        while not stopping():
            wasyncore.loop(timeout=_LOOP_TIMEOUT_S, use_poll=True, map=channels, count=1)
            server.cut_off_slow_clients()
    on_stop()
    _drain(server, channels)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; raises SettingsError where it cannot."""
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


def _make_server(
    app: Application, settings: Settings, listener: socket.socket, channels: dict[int, Any], gate: Gate
) -> Any:
    options = Adjustments(
        connection_limit=CONNECTION_LIMIT,
        channel_request_lookahead=1,  # goes on reading while it answers, and so notices that a client hangs up
        max_request_header_size=MAX_HEADER_BYTES,
        # Above the application's own limit: it can answer with a problem, while waitress breaks the connection off.
        max_request_body_size=4 * settings.max_body_kib * 1024,
        clear_untrusted_proxy_headers=False,  # the rate limit itself reads them, from trusted proxies only
        ident=None,
    )
    address = (listener.family, listener.type, listener.proto, listener.getsockname())
    return _Server(app, channels, True, listener, dispatcher=gate, adj=options, sockinfo=address, bind_socket=False)


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
        stalled_before = time.time() - DRAIN_STALL_S
        for channel in list(server.active_channels.values()):
            # Under the lock that a finishing request takes, so that it is never seen half done.
            with channel.requests_lock:
                channel.close_when_flushed |= not channel.requests
            if channel.total_outbufs_len and channel.last_activity < stalled_before:
                channel.handle_close()
        wasyncore.loop(timeout=_DRAIN_LOOP_TIMEOUT_S, use_poll=True, map=channels, count=1)
    server.task_dispatcher.shutdown(timeout=_THREADS_TIMEOUT_S)
    wasyncore.close_all(channels)

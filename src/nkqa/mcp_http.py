"""`nkqa mcp --http`: the tools as a server of their own (streamable HTTP), beside that of the page."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

from nkqa.mcp_server import make_server
from nkqa.serve.guard import trusted_hosts
from nkqa.serve.server import CONNECTION_LIMIT, DRAIN_TIMEOUT_S, listen
from nkqa.settings import Settings

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource

PATH = "/mcp"


class _Server(uvicorn.Server):
    """Ends in order on a signal; uvicorn's own would then die of the same signal."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve_http(engines: EngineSource, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then let running calls end; call from the main thread.

    `announce` gets the address once it accepts connections. Raises SettingsError where it cannot listen there.
    """
    listener = listen(settings.host, settings.mcp_port)
    # Without sessions: every call stands for itself, and nothing is kept of a client.
    app = make_server(engines, settings).streamable_http_app(
        streamable_http_path=PATH,
        json_response=False,
        stateless_http=True,
        max_request_body_size=settings.max_body_kib * 1024,
        transport_security=security(settings),
        host=settings.host,
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTION_LIMIT,
        timeout_graceful_shutdown=int(DRAIN_TIMEOUT_S),
    )
    name = f"[{settings.host}]" if ":" in settings.host and not settings.host.startswith("[") else settings.host
    announce(f"http://{name}:{listener.getsockname()[1]}{PATH}")
    with listener:
        asyncio.run(_Server(config).serve(sockets=[listener]))


def security(settings: Settings) -> TransportSecuritySettings:
    """Return which hosts and origins are answered: those under which the page may be called, on any port."""
    names = trusted_hosts(settings)
    if names is None:
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    hosts = [f"[{name}]" if ":" in name else name for name in sorted(names)]
    either = [*hosts, *(f"{host}:*" for host in hosts)]
    origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in either]
    return TransportSecuritySettings(allowed_hosts=either, allowed_origins=origins)

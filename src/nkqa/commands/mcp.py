"""`nkqa mcp`: nkqa as tools for an assistant."""

from __future__ import annotations

from typing import Any

import click

from nkqa.options import epilog, folders, read_settings, setting_flag


@click.command(epilog=epilog("nkqa mcp", "nkqa mcp --http", "nkqa mcp --http --mcp-port 0"))
@click.option("--http", "over_http", is_flag=True, help="Serve over HTTP instead of standard input and output.")
@setting_flag("host")
@setting_flag("mcp_port", int)
@folders
def mcp(over_http: bool, **flags: Any) -> None:
    """Offer nkqa as tools to an assistant that speaks MCP.

    The assistant starts this command itself and speaks the Model Context Protocol over its standard input and output.
    With --http it is a server of its own, which prints one line, "nkqa mcp serves on http://HOST:PORT/mcp", once it
    accepts connections.
    """
    from nkqa.ask.pipeline import EngineSource
    from nkqa.serve import configure_logs

    settings = read_settings(**flags)
    configure_logs(settings)
    engines = EngineSource(settings, background=over_http)
    if over_http:
        from nkqa.mcp_http import serve_http

        engines.current()  # no use in serving without an index: raises what the operator must do
        serve_http(engines, settings, lambda address: click.echo(f"nkqa mcp serves on {address}"))
    else:
        from nkqa.mcp_server import serve_stdio

        # Without an index, too: an assistant shows the answer of a tool, but not why a program ended.
        serve_stdio(engines, settings)

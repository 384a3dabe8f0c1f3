"""The log: one form for every line, text for people or JSON for programs; structlog does the rendering."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

import structlog
from structlog.typing import EventDict, Processor

from nkqa.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Send the log of this process, libraries' lines included, to standard error; replaces what was set before."""
    shared: Sequence[Processor] = (
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    final: Sequence[Processor] = (
        (structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False))
        if settings.log_format == "json"
        else (
            _on_one_line,
            structlog.dev.ConsoleRenderer(
                colors=False, repr_native_str=True, exception_formatter=structlog.dev.plain_traceback
            ),
        )
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)


def _on_one_line(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Escape what would begin a line in a message: an address that a client made up may hold a line end."""
    message = str(event["event"])
    return {**event, "event": message if message.isprintable() else repr(message)}

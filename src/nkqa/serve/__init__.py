"""The HTTP half: an application over `Engine.ask`, and the process that serves it. The only user of flask."""

from nkqa.serve.app import create_app
from nkqa.serve.logs import configure_logs
from nkqa.serve.server import serve
from nkqa.serve.services import Services

__all__ = ["Services", "configure_logs", "create_app", "serve"]

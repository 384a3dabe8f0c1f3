"""The HTTP half: an application over `Engine.ask`, and the process that serves it. The only user of flask."""

from nkqa.serve.app import create_app
from nkqa.serve.server import serve
from nkqa.serve.services import Services

__all__ = ["Services", "create_app", "serve"]

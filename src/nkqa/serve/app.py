"""Put the application together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask.json.provider import DefaultJSONProvider
from flask_openapi3.openapi import OpenAPI

from nkqa.resources import web_dir
from nkqa.serve.compress import register_compression
from nkqa.serve.description import INFO, complete, operation_id, register_version
from nkqa.serve.guard import register_guards
from nkqa.serve.metrics import Metrics
from nkqa.serve.observe import register_observation
from nkqa.serve.openai_errors import register_openai_errors
from nkqa.serve.operator import SECURITY_SCHEMES
from nkqa.serve.problems import on_invalid_request, register_error_map
from nkqa.serve.rate_limit import register_rate_limit
from nkqa.serve.routes import register_routes
from nkqa.serve.schema import Problem
from nkqa.serve.services import Services
from nkqa.serve.shorten import register_shortening
from nkqa.settings import Settings

if TYPE_CHECKING:
    from nkqa.ask.pipeline import EngineSource


class _JSON(DefaultJSONProvider):
    """JSON as the engine made it: UTF-8 without escapes, keys in their order."""

    ensure_ascii = False
    sort_keys = False


class Application(OpenAPI):
    """The application, with what it counts."""

    json_provider_class = _JSON
    metrics: Metrics

    def generate_spec_json(self) -> None:
        """Describe the interface; called once."""
        super().generate_spec_json()  # type: ignore[no-untyped-call]  # the library has no types here
        complete(self.spec_json)


def create_app(engines: EngineSource, settings: Settings, services: Services | None = None) -> Application:
    """Make the application: `engines` answers, `settings` says under which host names and within which limits.

    Without `services` neither answers nor feedback are kept.
    """
    app = Application(
        "nkqa",
        info=INFO,
        operation_id_callback=operation_id,
        security_schemes=SECURITY_SCHEMES,
        # Where a route declares no response of this status, flask-openapi3 adds one of its own form; all declare 400.
        validation_error_status=400,
        validation_error_model=Problem,
        validation_error_callback=on_invalid_request,
        # The documentation pages that flask-openapi3 offers run inline scripts, which the content policy forbids.
        doc_ui=False,
        static_folder=web_dir(),
        static_url_path="/static",
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_kib * 1024
    # A doubled slash is an unknown address like any other, not a redirect.
    app.url_map.merge_slashes = False
    app.metrics = Metrics()
    register_observation(app, app.metrics, settings)
    register_error_map(app)
    register_rate_limit(app, settings, app.metrics)
    # Where no builder is offered, the operator's addresses are switched off.
    offered = services is not None and services.builder is not None
    register_guards(app, settings, settings.operator_token.get_secret_value() if offered else "")
    register_version(app)
    # What is registered last runs first: texts are shortened, errors get their form, then all is compressed.
    register_compression(app)
    register_openai_errors(app)
    register_shortening(app)
    register_routes(app, engines, settings, services, app.metrics)
    return app

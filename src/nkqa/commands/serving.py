"""`nkqa serve`: the page and the HTTP interface."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from nkqa.options import epilog, folders, read_settings, setting_flag
from nkqa.settings import Settings

if TYPE_CHECKING:
    from nkqa.jobs import BuildJobs
    from nkqa.serve import Services
    from nkqa.watch import Watcher


@click.command(epilog=epilog("nkqa serve", "nkqa serve --port 0", "nkqa serve --host 0.0.0.0 --port 8080"))
@setting_flag("host")
@setting_flag("port", int)
@folders
def serve(**flags: Any) -> None:
    """Serve the page and the HTTP interface.

    Prints one line, "nkqa serves on http://HOST:PORT/", once it accepts connections. Ends on Ctrl-C or SIGTERM, when
    the running requests are answered.
    """
    from nkqa.ask.pipeline import EngineSource
    from nkqa.jobs import BuildJobs
    from nkqa.serve import configure_logs, create_app
    from nkqa.serve import serve as serve_app
    from nkqa.watch import Watcher

    settings = read_settings(**flags)
    configure_logs(settings)
    engines = EngineSource(settings, background=True)
    engines.current()  # no use in serving without an index: raises what the operator must do
    jobs = BuildJobs(settings, engines.current)  # a new index is opened at once, not with the next question
    watcher = Watcher(settings.corpus_dir, settings.watch_s, partial(jobs.start, started_by="watch"))
    if settings.watch_s:
        watcher.run()
    serve_app(
        create_app(engines, settings, services(settings, jobs)),
        settings,
        lambda address: click.echo(f"nkqa serves on {address}"),
        partial(_end, jobs, watcher),
    )


def _end(jobs: BuildJobs, watcher: Watcher) -> None:
    watcher.stop()
    jobs.close()


def services(settings: Settings, jobs: BuildJobs) -> Services:
    """Return what the server offers beside answers."""
    from nkqa.receipts import make_receipt
    from nkqa.serve import Services
    from nkqa.store.answers import AnswerStore
    from nkqa.store.feedback import FeedbackStore

    kept = AnswerStore(settings.index_dir, settings.keep_answers)
    keep_verdict = FeedbackStore(settings.index_dir, settings.keep_feedback).save if settings.keep_feedback else None
    return Services(make_receipt, kept.save, kept.load, keep_verdict, jobs)

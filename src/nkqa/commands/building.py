"""`nkqa build`: make the index, or say what it would hold."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from nkqa.errors import NkqaError
from nkqa.options import epilog, folders, read_settings
from nkqa.terminal import print_outline, print_problems, progress_bars

if TYPE_CHECKING:
    from nkqa.build.pipeline import CheckReport
    from nkqa.settings import Settings


@click.command(epilog=epilog("nkqa build", "nkqa build --check", "nkqa build --outline --corpus-dir my-texts"))
@click.option("--check", is_flag=True, help="Only say whether the index is up to date; exit code 1 if it is not.")
@click.option("--outline", is_flag=True, help="Only show the headings, tables and ignored regions found.")
@click.option("--force", is_flag=True, help="Build even where the index is up to date.")
@click.option("--json", "as_json", is_flag=True, help="Tell progress and outcome as JSON, one object a line.")
@folders
def build(check: bool, outline: bool, force: bool, as_json: bool, **flags: Any) -> None:
    """Build the index from the documents.

    The index in use stays in place until the new one is complete; a running server takes the new one up by itself.
    """
    if check + outline + force > 1:
        raise click.UsageError("--check, --outline and --force exclude each other.")
    if as_json and (check or outline):
        raise click.UsageError("--json goes with building only.")
    from nkqa.build import pipeline
    from nkqa.build.passages import make_passages

    settings = read_settings(**flags)
    if check:
        _report_check(pipeline.check(settings))
    elif outline:
        corpus = pipeline.read_corpus(settings)
        print_problems(corpus.problems)
        for document in corpus.documents:
            print_outline(document, make_passages(document))
    elif as_json:
        _build_as_json(settings, force)
    else:
        with progress_bars() as progress:
            report = pipeline.build(settings, force=force, progress=progress)
        print_problems(report.problems)
        done = f"built in {report.seconds:.1f} s" if report.created else "is up to date"
        made = report.manifest
        reused = f", {report.reused} of them unchanged" if report.created and report.reused else ""
        click.echo(f"Index {made.generation} {done}: {made.documents} documents{reused}, {made.passages} passages.")


def _report_check(report: CheckReport) -> None:
    print_problems(report.problems)
    if report.current:
        click.echo(f"The index is up to date: {report.generation}.")
        return
    click.echo(f"The index is not up to date: it is {report.generation or 'missing'}, expected {report.expected}.")
    click.echo("  do: nkqa build")
    sys.exit(1)


def _build_as_json(settings: Settings, force: bool) -> None:
    from nkqa.build import pipeline

    def tell(event: str, **told: Any) -> None:
        # Echo flushes: whoever reads it wants each line as it comes.
        click.echo(json.dumps({"event": event, **told}))

    def progress(stage: str, done: int, total: int) -> None:
        tell("progress", stage=stage, done=done, all=total)

    try:
        report = pipeline.build(settings, force=force, progress=progress)
    except NkqaError as error:
        tell("error", message=error.message, remedy=error.remedy)
        raise
    made = report.manifest
    tell(
        "done",
        generation=made.generation,
        created=report.created,
        documents=made.documents,
        passages=made.passages,
        seconds=round(report.seconds, 1),
        problems=report.problems,
    )

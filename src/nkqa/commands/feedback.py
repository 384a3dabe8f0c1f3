"""`nkqa feedback`: what readers said of the answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nkqa.options import epilog, folders, read_settings
from nkqa.settings import Settings
from nkqa.terminal import print_verdicts, write_file

if TYPE_CHECKING:
    from nkqa.store.feedback import FeedbackStore


@click.group(epilog=epilog("nkqa feedback list", "nkqa feedback export --out feedback.jsonl"))
def feedback() -> None:
    """Look at what readers said of the answers.

    It is kept beside the index (setting keep_feedback) and leaves this machine only as a file that you write.
    """


@feedback.command("list", epilog=epilog("nkqa feedback list"))
@folders
def list_feedback(**flags: Any) -> None:
    """Show every verdict, newest first."""
    print_verdicts(_verdicts(read_settings(**flags)).all()[::-1])


@feedback.command("export", epilog=epilog("nkqa feedback export > feedback.jsonl", "nkqa evaluate feedback.jsonl"))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to this file.  [default: stdout]")
@folders
def export_feedback(out: Path | None, **flags: Any) -> None:
    """Write the verdicts as questions for nkqa evaluate.

    A right answer becomes a question that has to get the same answer again; a wrong one becomes a candidate, which
    nkqa evaluate skips until somebody has written its answer down.
    """
    from nkqa.feedback import export

    lines = export(_verdicts(read_settings(**flags)).all())
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    if out:
        write_file(out, text)
    else:
        click.echo(text, nl=False)
    candidates = sum("candidate" in line for line in lines)
    click.echo(f"{len(lines) - candidates} questions, {candidates} candidates.", err=True)


@feedback.command("clear", epilog=epilog("nkqa feedback clear --yes"))
@click.option("--yes", is_flag=True, required=True, help="Needed: what is removed cannot be brought back.")
@folders
def clear_feedback(yes: bool, **flags: Any) -> None:  # noqa: ARG001 (required, so always true)
    """Remove every verdict."""
    count = _verdicts(read_settings(**flags)).clear()
    click.echo(f"{count} verdict{'s' * (count != 1)} removed.")


def _verdicts(settings: Settings) -> FeedbackStore:
    from nkqa.store.feedback import FeedbackStore

    return FeedbackStore(settings.index_dir, settings.keep_feedback)

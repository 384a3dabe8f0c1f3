"""`nkqa diff`: which answers a rebuild changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from nkqa.options import epilog, folders, read_settings
from nkqa.terminal import print_json, print_lines, progress_bars

DEFAULT_LIMIT = 500


@click.command(epilog=epilog("nkqa diff", "nkqa diff --questions questions.jsonl", "nkqa diff --json 0123456789ab"))
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--questions",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also ask the questions of this file (JSONL, as for nkqa evaluate); may be given several times.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="Most questions: those of files first, then those with a verdict, then the newest.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 where an answer changed.")
@folders
def diff(
    old: str | None, new: str | None, files: tuple[Path, ...], limit: int, as_json: bool, strict: bool, **flags: Any
) -> None:
    """Show which answers a rebuild changed.

    Asks saved questions of two generations, by default the one before (OLD) and the one that answers (NEW): those of
    the kept answers, of readers' verdicts, and of files. Under each changed answer stand the cited lines that changed.
    """
    from nkqa.diff import compare, comparison_lines, pick_generations, saved_questions

    settings = read_settings(**flags)
    generations = pick_generations(settings.index_dir, old, new)
    saved = saved_questions(settings, files, limit)
    with progress_bars() as progress:
        found = compare(settings, *generations, saved, progress)
    if as_json:
        print_json(found.to_json())
    else:
        print_lines(comparison_lines(found))
    if strict and found.changes:
        sys.exit(1)

"""`nkqa index`: the generations of the index."""

from __future__ import annotations

import sys
from typing import Any

import click

from nkqa.errors import BrokenIndexError, NoIndexError
from nkqa.options import epilog, folders, read_settings


@click.group(epilog=epilog("nkqa index list", "nkqa index rollback", "nkqa index verify"))
def index() -> None:
    """Show the generations of the index, or go back to one."""


@index.command("list", epilog=epilog("nkqa index list"))
@folders
def list_generations(**flags: Any) -> None:
    """Show every generation, the one that answers first."""
    from nkqa.store.generation import generation_ids, verify
    from nkqa.store.pointer import current_id

    folder = read_settings(**flags).index_dir
    current = current_id(folder)
    for identity in generation_ids(folder):
        try:
            made = verify(folder / identity)
        except BrokenIndexError as error:
            said = error.message
        else:
            size = sum(entry.size for entry in made.files) / 2**20
            said = f"{made.documents} documents, {made.passages} passages, {size:.1f} MiB, nkqa {made.nkqa}"
        click.echo(f"{identity}  {'answers ' if identity == current else '        '} {said}")


@index.command(epilog=epilog("nkqa index rollback", "nkqa index rollback 0123456789ab"))
@click.argument("generation", required=False)
@folders
def rollback(generation: str | None, **flags: Any) -> None:
    """Let an earlier GENERATION answer, by default the one before.

    It is verified first; a running server takes it up by itself. The next nkqa build goes to the corpus again.
    """
    from nkqa.store.generation import generation_ids, open_folder
    from nkqa.store.lock import build_lock
    from nkqa.store.pointer import readable_lines
    from nkqa.store.publish import switch

    settings = read_settings(**flags)
    with build_lock(settings.index_dir):
        there = generation_ids(settings.index_dir)
        current = next((one.id for one in readable_lines(settings.index_dir)), None)
        wanted = generation or next((identity for identity in there if identity != current), None)
        if wanted is None or wanted not in there:
            what = f"no generation {generation}" if generation else "no earlier generation"
            raise NoIndexError(f"There is {what} in {settings.index_dir}.", "See `nkqa index list`.")
        open_folder(settings.index_dir / wanted).close()
        switch(settings.index_dir, wanted, settings.keep_generations)
    click.echo(f"Generation {wanted} answers.")


@index.command(epilog=epilog("nkqa index gc"))
@folders
def gc(**flags: Any) -> None:
    """Remove what no longer answers: generations beyond keep_generations, leftovers, kept work."""
    from nkqa.store.lock import build_lock
    from nkqa.store.pointer import read_pointer
    from nkqa.store.publish import remove_leftovers, remove_others
    from nkqa.store.reuse import KeptWork

    settings = read_settings(**flags)
    with build_lock(settings.index_dir):
        keep = {one.id for one in read_pointer(settings.index_dir)[: settings.keep_generations]}
        leftovers = remove_leftovers(settings.index_dir)
        removed = remove_others(settings.index_dir, keep) if keep else []
        KeptWork(settings.index_dir).clear()
    click.echo(f"Removed: {len(removed)} generations, {leftovers} leftovers, and the kept work of builds.")


@index.command(epilog=epilog("nkqa index verify"))
@folders
def verify(**flags: Any) -> None:
    """Check every file of every generation, and the model; exit code 4 where one is damaged."""
    from nkqa.store.encoder import model_dir, read_model_info
    from nkqa.store.generation import generation_ids, open_current, open_folder

    folder = read_settings(**flags).index_dir
    open_current(folder).close()
    read_model_info(model_dir(folder))
    code = 0
    for identity in generation_ids(folder):
        try:
            open_folder(folder / identity).close()
            click.echo(f"{identity}  whole")
        except BrokenIndexError as error:
            click.echo(f"{identity}  {error.message}")
            code = error.exit_code
    sys.exit(code)

"""`nkqa backup` and `nkqa restore`: what cannot be made again, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nkqa.options import epilog, folders, read_settings
from nkqa.settings import load_settings

if TYPE_CHECKING:
    from nkqa.backup import Report


@click.command(epilog=epilog("nkqa backup nkqa.tar.gz", "nkqa backup --with-index nkqa.tar.gz"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--with-index", is_flag=True, help="Also keep the index in use and its encoder, ready to answer.")
@click.option("--force", is_flag=True, help="Replace FILE.")
@folders
def backup(file: Path, with_index: bool, force: bool, **flags: Any) -> None:
    """Keep documents, settings, answers and verdicts in FILE.

    A gzipped tar archive, for its owner only; a server may run meanwhile. The operator's token is left out, and the
    index, which nkqa build makes again, unless it is wanted.
    """
    from nkqa.backup import back_up

    click.echo(_told("Kept", back_up(read_settings(**flags), file, with_index=with_index, force=force)))


@click.command(epilog=epilog("nkqa restore nkqa.tar.gz", "nkqa restore --force nkqa.tar.gz"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there, the corpus folder as a whole.")
@folders
def restore(file: Path, force: bool, **flags: Any) -> None:
    """Put what nkqa backup kept in place.

    Every file is compared with its hash before anything changes. Stop the server first, and run nkqa build afterwards
    where the backup has no index.
    """
    from nkqa.backup import restore as put_back

    # Not the corpus that comes with nkqa: it is no place to restore to.
    click.echo(_told("Restored", put_back(load_settings(**flags), file, force=force)))


def _told(what: str, report: Report) -> str:
    index = f"index {report.generation}" if report.generation else "no index"
    return f"{what} {report.files} files, {report.documents} of the corpus, {report.size / 2**20:.1f} MiB, {index}."

"""The command line: `nkqa build · ask · chat · serve · mcp · evaluate · facts · audit · index ·
verify · check · feedback · doctor`.

The modules that do the work are imported inside the commands, and nowhere else in nkqa: `nkqa ask` must not wait
for what only `build` or `serve` needs (flask and torch take seconds).
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from nkqa import __version__
from nkqa.commands import asking, building, checking, comparing, feedback, index, mcp, saving, serving
from nkqa.errors import NkqaError
from nkqa.options import epilog
from nkqa.terminal import never_fail_to_print, print_error

INTERRUPTED = 130
# Read by libraries when they are imported; a value that the operator has set stays.
_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",  # the weights are installed; a model hub is never asked
    "PYDANTIC_ERRORS_INCLUDE_URL": "0",  # what a client is told points at no page elsewhere
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",  # with more, faiss's threads fight with the encoder's for the same cores
}


class _Commands(click.Group):
    """A group that turns an NkqaError into two lines on stderr and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        never_fail_to_print(sys.stdout, sys.stderr)
        try:
            return super().invoke(ctx)
        except NkqaError as error:
            print_error(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    epilog=epilog("nkqa build", 'nkqa ask "How many defectors arrived in 2009?"', "nkqa serve", "nkqa doctor"),
)
@click.version_option(__version__, prog_name="nkqa")
def cli() -> None:
    """Answer questions from a body of text, offline, and prove every word by an exact citation.

    Settings come from nkqa.toml in the working directory, then from NKQA_* variables, then from flags.
    """


for _command in (
    *(building.build, asking.ask, asking.chat, serving.serve, mcp.mcp, comparing.diff),
    *(checking.evaluate, checking.facts, checking.audit, index.index, checking.verify, checking.check),
    *(feedback.feedback, saving.backup, saving.restore, checking.doctor),
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; the entry point of `nkqa`."""
    cli(prog_name="nkqa")

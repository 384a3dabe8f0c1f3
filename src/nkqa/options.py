"""What commands share: flags made from the settings table, the settings, the end of a help text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from nkqa.resources import packaged_corpus_dir
from nkqa.settings import SETTINGS, Settings, load_settings

_Command = TypeVar("_Command", bound=Callable[..., Any])

EXIT_CODES = (
    "Exit codes: 0 done, 1 a check failed, 2 bad usage, question or setting, 3 a corpus that cannot be built, "
    "4 no index or a broken one, 5 another builder is at work, 6 the model is missing or not the expected one, "
    "130 interrupted."
)
_HELP = {setting.name: f"{setting.help}  [default: {setting.default}]" for setting in SETTINGS}


def setting_flag(name: str, kind: type = str) -> Callable[[_Command], _Command]:
    """Make the flag of a setting: name and help come from the settings table, the value is checked there."""
    metavar = {Path: "FOLDER", int: "NUMBER"}.get(kind, "NAME")
    return click.option("--" + name.replace("_", "-"), name, type=kind, metavar=metavar, help=_HELP[name])


def folders(command: _Command) -> _Command:
    """Add the flags of the two folders to a command."""
    return setting_flag("corpus_dir", Path)(setting_flag("index_dir", Path)(command))


def read_settings(**flags: Any) -> Settings:
    """Read the settings; where no corpus folder is named and none is here, take the one that nkqa comes with."""
    settings = load_settings(**flags)
    if "corpus_dir" not in settings.model_fields_set and not settings.corpus_dir.exists():
        return load_settings(**{**flags, "corpus_dir": packaged_corpus_dir()})
    return settings


def epilog(*examples: str) -> str:
    """Return the end of a help text: examples and exit codes."""
    # \b keeps click from joining the lines.
    return "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples) + "\n\n" + EXIT_CODES

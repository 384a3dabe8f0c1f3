"""Settings: one frozen object, made once at the edge and passed down.

Order: the default, then `nkqa.toml` in the working directory, then `NKQA_*` variables, then command-line flags. An
unknown key is an error. `SETTINGS` is the table that the documentation is tested against; `python -m nkqa.settings`
prints it as docs/settings.md.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from nkqa.errors import SettingsError

PREFIX = "NKQA_"
FILE = "nkqa.toml"
# No server takes more questions at once.
MAX_BATCH = 1000
# Too long to be guessed, and fit to stand in a header.
_TOKEN = re.compile(r"[\x21-\x7e]{16,200}")


class Settings(BaseSettings):
    """All that an operator can change. Paths are relative to the working directory."""

    # No error shows what was given: it may be the secret.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=FILE, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    corpus_dir: Path = Field(Path("corpus"), description="folder with the documents and their sidecars")
    index_dir: Path = Field(Path("index"), description="folder in which generations of the index are kept")
    file_timeout_s: float = Field(
        5.0, gt=0, le=600, description="longest time to read one file that is no plain text, in seconds"
    )
    max_file_mib: int = Field(64, ge=1, le=256, description="largest file that is read, in MiB")
    keep_generations: int = Field(
        2, ge=2, le=100, description="generations of the index that are kept, the one in use among them"
    )
    host: str = Field("127.0.0.1", min_length=1, description="address the server listens on")
    port: int = Field(8000, ge=0, le=65535, description="port the server listens on; 0 takes a free one")
    mcp_port: int = Field(8001, ge=0, le=65535, description="port of nkqa mcp --http; 0 takes a free one")
    trusted_hosts: str = Field(
        "localhost,127.0.0.1,[::1]",
        description="host names, separated by commas, under which the server may be called; * allows any",
    )
    threads: int = Field(8, ge=1, le=64, description="questions the server answers at the same time")
    max_waiting: int = Field(
        64, ge=0, le=1000, description="requests that wait for a thread; one more is refused with 503"
    )
    question_timeout_s: float = Field(20.0, gt=0, le=3600, description="longest time for one question, in seconds")
    max_body_kib: int = Field(1024, ge=1, le=65_536, description="largest request body, in KiB")
    rate_limit: int = Field(
        600,
        ge=0,
        le=1_000_000,
        description="calls of the interface a minute from one address, this machine's own excepted; 0 sets no limit",
    )
    trusted_proxies: str = Field(
        "",
        description="addresses or networks of reverse proxies, separated by commas, whose X-Forwarded-For and -Proto "
        "are believed",
    )
    operator_token: SecretStr = Field(
        SecretStr(""),
        description="secret of at least 16 characters that the operator sends to rebuild the index; empty: nobody can",
    )
    watch_s: float = Field(
        0.0,
        ge=0,
        le=86_400,
        description="seconds between looks whether the corpus has changed, to rebuild it then; 0: it never looks",
    )
    log_format: Literal["text", "json"] = Field("text", description="form of the server's log: text or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least level that is logged: debug, info, warning or error; info logs requests"
    )
    log_questions: bool = Field(False, description="whether the server's log holds the questions asked")
    encoder_threads: int = Field(2, ge=1, le=64, description="processor cores the encoder uses for one question")
    remembered_readings: int = Field(
        256, ge=0, le=100_000, description="questions that are fast when they are asked again; each takes some 30 KB"
    )
    max_question_chars: int = Field(2000, ge=1, le=100_000, description="longest question, in characters")
    max_history: int = Field(20, ge=0, le=1000, description="most earlier questions taken into account")
    max_verify_chars: int = Field(
        20_000, ge=1, le=1_000_000, description="longest text to be checked against the documents, in characters"
    )
    max_batch: int = Field(20, ge=1, le=MAX_BATCH, description="most questions in one request to /api/ask/batch")
    keep_answers: int = Field(
        1000, ge=0, le=1_000_000, description="answers the server keeps, newest first, for their links; 0 keeps none"
    )
    keep_feedback: int = Field(
        10_000, ge=0, le=1_000_000, description="verdicts on answers the server keeps, newest first; 0 keeps none"
    )
    min_support: float = Field(
        0.1,
        ge=0.0,
        le=1.0,
        description="how likely a question must be about the documents, unless its answer is sure; higher refuses more",
    )
    min_confidence: float = Field(
        0.58,
        ge=0.0,
        le=1.0,
        description="how likely the best passage must be an answer to be given as one; higher refuses more",
    )

    @field_validator("operator_token")
    @classmethod
    def _token_is_a_secret(cls, token: SecretStr) -> SecretStr:
        if token.get_secret_value() and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("it needs 16 to 200 characters of ASCII, and no spaces")
        return token

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the library's signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put flags before variables before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One line of the settings table."""

    name: str
    default: str
    help: str
    allowed: str


def _allowed(field: FieldInfo) -> str:
    """Say in words which values a setting may have."""
    if choices := get_args(field.annotation):
        return ", ".join(map(str, choices))
    limits: dict[str, object] = {}
    for one in field.metadata:
        limits |= {name: getattr(one, name) for name in ("ge", "gt", "le") if hasattr(one, name)}
    if "le" not in limits:
        kinds: dict[object, str] = {bool: "true, false", Path: "a folder", SecretStr: "a secret"}
        return kinds.get(field.annotation, "a text")
    low = f"{limits['ge']}" if "ge" in limits else f"above {limits['gt']}"
    return f"{low} to {limits['le']}"


SETTINGS: tuple[SettingInfo, ...] = tuple(
    SettingInfo(name, str(field.default), field.description or "", _allowed(field))
    for name, field in Settings.model_fields.items()
)


def load_settings(**flags: Any) -> Settings:
    """Read the settings; a flag of None counts as not given.

    Raises SettingsError for an unknown `NKQA_*` variable, an unknown key, a bad value or a file that is not TOML.
    """
    _refuse_unknown_variables(os.environ)
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"The setting {name!r} cannot be used: {first['msg']}.",
            f"Correct it in {FILE}, in {PREFIX}{name.upper()} or in the flag; `nkqa doctor` lists the settings.",
        ) from error
    except (ValueError, OSError) as error:
        raise SettingsError(f"{FILE} cannot be read: {error}.", "Correct the file or remove it.") from error


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"{unknown[0]} is not a setting.", f"Unset it, or use one of {', '.join(sorted(known))}.")


_PAGE = """# Settings
Made from the table in `src/nkqa/settings.py` by `python -m nkqa.settings > docs/settings.md`; a test compares.

From weakest to strongest: the default, `nkqa.toml` in the working directory (a line `port = 8080`), a variable
(`NKQA_PORT=8080`), a flag of a command, where it has one. An unknown key or variable is an error, and so is a
value that is not allowed. `nkqa doctor` lists every setting with its value and where that comes from; a secret is
never shown.

| setting | variable | default | allowed | what it is |
| --- | --- | --- | --- | --- |
"""


def reference() -> str:
    """Return the reference of all settings as Markdown: docs/settings.md."""
    rows = (
        f"| `{one.name}` | `{PREFIX}{one.name.upper()}` | {f'`{one.default}`' if one.default else 'none'} | "
        f"{one.allowed} | {one.help} |\n"
        for one in SETTINGS
    )
    return _PAGE + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(reference())

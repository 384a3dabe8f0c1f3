"""The command line: `nkqa build · ask · chat · serve · evaluate · doctor`.

The modules that do the work are imported inside the commands, here and nowhere else in nkqa: `nkqa ask` must not wait
for what only `build` or `serve` needs (flask and torch take seconds).
"""

from __future__ import annotations

import json
import os
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from nkqa import __version__
from nkqa.errors import NkqaError, QuestionError
from nkqa.resources import packaged_corpus_dir
from nkqa.settings import SETTINGS, Settings, load_settings

if TYPE_CHECKING:
    from nkqa.build.pipeline import CheckReport
    from nkqa.types import Answer, Citation, Document, Passage, Section

_Command = TypeVar("_Command", bound=Callable[..., Any])

EXIT_CODES = (
    "Exit codes: 0 done, 1 a check failed, 2 bad usage, question or setting, 3 a corpus that cannot be built, "
    "4 no index or a broken one, 5 another builder is at work, 6 the model is missing or not the expected one, "
    "130 interrupted."
)
INTERRUPTED = 130
# C0 except tab and line feed, delete, C1, and the marks that reverse the direction of writing.
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")

# Read by libraries when they are imported; a value that the operator has set stays.
_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",  # the weights are installed; a model hub is never asked
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",  # with more, faiss's threads fight with the encoder's for the same cores
}


class _Commands(click.Group):
    """A group that turns an NkqaError into two lines on stderr and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        _never_fail_to_print(sys.stdout, sys.stderr)
        try:
            return super().invoke(ctx)
        except NkqaError as error:
            _print_error(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


def _never_fail_to_print(*streams: TextIO) -> None:
    """Let a terminal that is not UTF-8 show an escape for a character it lacks, instead of ending in an exception."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _print_error(error: NkqaError) -> None:
    click.echo(f"error: {_one_line(error.message)}\n  do: {_one_line(error.remedy)}", err=True)


def _one_line(text: str) -> str:
    return _visible(" ".join(text.split()))


def _visible(text: str) -> str:
    """Show control characters as escapes, so that no text can give orders to the terminal."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text.replace("\r\n", "\n"))


# --------------------------------------------------------------------------------------------------- options

_HELP = {setting.name: f"{setting.help}  [default: {setting.default}]" for setting in SETTINGS}


def _option(name: str, kind: type = str) -> Callable[[_Command], _Command]:
    """Make the flag of a setting: name and help come from the settings table, the value is checked there."""
    metavar = {Path: "FOLDER", int: "NUMBER"}.get(kind, "NAME")
    return click.option("--" + name.replace("_", "-"), name, type=kind, metavar=metavar, help=_HELP[name])


def _folders(command: _Command) -> _Command:
    return _option("corpus_dir", Path)(_option("index_dir", Path)(command))


def _settings(**flags: Any) -> Settings:
    """Read the settings; where no corpus folder is named and none is here, take the one that nkqa comes with."""
    settings = load_settings(**flags)
    if "corpus_dir" not in settings.model_fields_set and not settings.corpus_dir.exists():
        return load_settings(**{**flags, "corpus_dir": packaged_corpus_dir()})
    return settings


def _epilog(*examples: str) -> str:
    # \b keeps click from joining the lines.
    return "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples) + "\n\n" + EXIT_CODES


# -------------------------------------------------------------------------------------------------- commands


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    epilog=_epilog("nkqa build", 'nkqa ask "How many defectors arrived in 2009?"', "nkqa serve", "nkqa doctor"),
)
@click.version_option(__version__, prog_name="nkqa")
def cli() -> None:
    """Answer questions from a body of text, offline, and prove every word by an exact citation.

    Settings come from nkqa.toml in the working directory, then from NKQA_* variables, then from flags.
    """


@cli.command(epilog=_epilog("nkqa build", "nkqa build --check", "nkqa build --outline --corpus-dir my-texts"))
@click.option("--check", is_flag=True, help="Only say whether the index is up to date; exit code 1 if it is not.")
@click.option("--outline", is_flag=True, help="Only show the headings, tables and ignored regions found.")
@click.option("--force", is_flag=True, help="Build even where the index is up to date.")
@_folders
def build(check: bool, outline: bool, force: bool, **flags: Any) -> None:
    """Build the index from the documents.

    The index in use stays in place until the new one is complete; a running server takes the new one up by itself.
    """
    if check + outline + force > 1:
        raise click.UsageError("--check, --outline and --force exclude each other.")
    from nkqa.build import pipeline
    from nkqa.build.passages import make_passages

    settings = _settings(**flags)
    if check:
        _report_check(pipeline.check(settings))
    elif outline:
        for document in pipeline.read_corpus(settings):
            _print_outline(document, make_passages(document))
    else:
        with _progress() as progress:
            report = pipeline.build(settings, force=force, progress=progress)
        _print_problems(report.problems)
        done = f"built in {report.seconds:.1f} s" if report.created else "is up to date"
        made = report.manifest
        click.echo(f"Index {made.generation} {done}: {made.documents} documents, {made.passages} passages.")


@cli.command(epilog=_epilog('nkqa ask "Who founded Hanawon?"', "nkqa ask --json - < question.txt"))
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@click.option("--history", multiple=True, metavar="QUESTION", help="An earlier question; repeat it, oldest first.")
@_folders
def ask(question: str, as_json: bool, history: tuple[str, ...], **flags: Any) -> None:
    """Answer QUESTION and prove the answer.

    With - for QUESTION it is read from standard input. A refusal is an answer too: its exit code is 0, and it shows
    the passages that come closest.
    """
    from nkqa.ask.pipeline import EngineSource

    asked = _read_question() if question == "-" else question
    answer = EngineSource(_settings(**flags)).current().ask(asked, history)
    if as_json:
        _print_json(answer.to_json())
    else:
        _print_answer(answer)


@cli.command(epilog=_epilog("nkqa chat"))
@_folders
def chat(**flags: Any) -> None:
    """Ask one question after another.

    A follow-up such as "and in 2010?" is read against the earlier questions. Ends with /quit or Ctrl-D.
    """
    from nkqa.ask.pipeline import EngineSource

    engines = EngineSource(_settings(**flags))
    history: list[str] = []
    click.echo(f"nkqa, index {engines.current().manifest.generation}. Ask a question; /quit or Ctrl-D ends.")
    for question in _typed_questions():
        try:
            answer = engines.current().ask(question, history)
        except QuestionError as error:
            _print_error(error)
            continue
        history.append(question)
        _print_answer(answer)


@cli.command(epilog=_epilog("nkqa serve", "nkqa serve --port 0", "nkqa serve --host 0.0.0.0 --port 8080"))
@_option("host")
@_option("port", int)
@_folders
def serve(**flags: Any) -> None:
    """Serve the page and the HTTP interface.

    Prints one line, "nkqa serves on http://HOST:PORT/", once it accepts connections. Ends on Ctrl-C or SIGTERM, when
    the running requests are answered.
    """
    import logging

    from nkqa.ask.pipeline import EngineSource
    from nkqa.serve import create_app
    from nkqa.serve import serve as serve_app

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = _settings(**flags)
    engines = EngineSource(settings)
    engines.current()  # no use in serving without an index: raises what the operator must do
    serve_app(create_app(engines, settings), settings, lambda address: click.echo(f"nkqa serves on {address}"))


@cli.command(epilog=_epilog("nkqa evaluate tests/evaluation/dev.jsonl --out predictions.jsonl"))
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the predictions to this file.")
@_folders
def evaluate(questions: Path, out: Path | None, **flags: Any) -> None:
    """Ask every question of a JSONL file and print the scores."""
    from nkqa import evaluate as evaluation

    sys.exit(evaluation.run(questions, _settings(**flags), out, click.echo))


@cli.command(epilog=_epilog("nkqa doctor"))
@_folders
def doctor(**flags: Any) -> None:
    """Say what is wrong and what to do about it.

    Lists what is installed, the model, the settings in force and where each comes from, the documents, and the index.
    The exit code is that of the first problem.
    """
    from nkqa import doctor as examination

    sys.exit(examination.run(lambda: _settings(**flags), flags, lambda line: click.echo(_visible(line))))


def main() -> None:
    """Run the command line; the entry point of `nkqa`."""
    cli(prog_name="nkqa")


# ---------------------------------------------------------------------------------------------------- input


def _read_question() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise QuestionError("The question on standard input is not UTF-8.", "Convert it to UTF-8.") from error


def _typed_questions() -> Iterator[str]:
    """Yield what the user types until /quit or the end of input; empty lines are passed over."""
    if sys.stdin.isatty():
        import readline  # noqa: F401 (editing and recalling lines at the prompt come with it)
    # Characters that are not in the terminal's encoding become replacement characters, which find nothing.
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "").strip()
        except EOFError:
            return
        if line == "/quit":
            return
        if line:
            yield line


# --------------------------------------------------------------------------------------------------- output


def _print_json(value: dict[str, Any]) -> None:
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(value, ensure_ascii=not unicode, indent=2))


def _print_answer(answer: Answer) -> None:
    """Print an answer as text: the reading, the short answer, the text, and every citation with its exact excerpt."""
    from rich.console import Console

    # Soft wrapping leaves the lines to the terminal: an excerpt stays exact when it is copied or piped.
    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)

    def line(text: str, style: str = "") -> None:
        console.print(_visible(text), style=style)

    if answer.interpreted_as:
        line(f"(read as: {answer.interpreted_as})", "dim")
    if answer.short:
        line(answer.short, "bold")
    line(answer.text, "" if answer.reason is None else "yellow")
    for citation in answer.citations:
        _print_citation(citation, line)
    if answer.closest:
        line("\nNot an answer, but closest to the question:", "dim")
    for citation in answer.closest:
        _print_citation(citation, line)
    if answer.suggestions:
        line("\nYou can ask: " + " · ".join(answer.suggestions), "dim")


def _print_citation(citation: Citation, line: Callable[..., None]) -> None:
    where = " › ".join((citation.document_title, *citation.section))
    offsets = f"characters {citation.start_char_index}–{citation.end_char_index}"
    flags = "".join(f" [{flag}]" for flag in citation.flags)
    line(f"\n[{citation.number}] {where}, {offsets}{flags}", "cyan")
    line(f"“{citation.cited_text}”")


def _report_check(report: CheckReport) -> None:
    _print_problems(report.problems)
    if report.current:
        click.echo(f"The index is up to date: {report.generation}.")
        return
    click.echo(f"The index is not up to date: it is {report.generation or 'missing'}, expected {report.expected}.")
    click.echo("  do: nkqa build")
    sys.exit(1)


def _print_problems(problems: tuple[str, ...]) -> None:
    for text in problems:
        click.echo(f"note: {_one_line(text)}", err=True)


def _print_outline(document: Document, passages: tuple[Passage, ...]) -> None:
    """Print the headings as a tree, with what was found under each, so that an operator can check them."""
    click.echo(_one_line(f"{document.name}: {document.title}"))
    starts = [section.span.start for section in document.sections]
    # The innermost section around a passage is the last one that begins before it.
    under = Counter(bisect_right(starts, passage.span.start) - 1 for passage in passages)
    tables = Counter(table.section for table in document.tables)
    for index, section in enumerate(document.sections):
        click.echo(_outline_line(section, under[index], tables[index]))
    for region in document.ignored:
        click.echo(_one_line(f"ignored: characters {region.span.start}–{region.span.end}, {region.reason}"))
    click.echo(
        f"{len(document.sections)} headings, {len(passages)} passages, {len(document.tables)} tables, "
        f"{len(document.ignored)} ignored regions\n"
    )


def _outline_line(section: Section, passages: int, tables: int) -> str:
    found = [f"{count} {name}" for count, name in ((passages, "passages"), (tables, "tables")) if count]
    what = "empty" if section.empty else ", ".join(found)
    heading = _one_line(section.heading) or "(no heading)"
    return f"{section.level} {'  ' * section.level}{heading}" + (f"  ({what})" if what else "")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar per stage on a terminal's stderr; nothing where stderr is a file."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    tasks: dict[str, Any] = {}
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield progress

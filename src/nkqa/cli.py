"""The command line: `nkqa build · ask · chat · serve · evaluate · facts · audit · verify · check ·
feedback · doctor`.

The modules that do the work are imported inside the commands, here and nowhere else in nkqa: `nkqa ask` must not wait
for what only `build` or `serve` needs (flask and torch take seconds).
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nkqa import __version__
from nkqa.errors import NkqaError, QuestionError, SettingsError
from nkqa.options import epilog, folders, read_settings, setting_flag
from nkqa.settings import Settings
from nkqa.terminal import (
    audit_lines,
    check_lines,
    fact_lines,
    never_fail_to_print,
    print_answer,
    print_error,
    print_json,
    print_lines,
    print_outline,
    print_problems,
    print_verdicts,
    print_verification,
    progress_bars,
    read_question,
    read_text,
    typed_questions,
    visible,
    write_facts_csv,
)
from nkqa.types import Fact, FactKind, Verdict

if TYPE_CHECKING:
    from nkqa.build.pipeline import CheckReport
    from nkqa.serve import Services
    from nkqa.store.feedback import FeedbackStore

INTERRUPTED = 130
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
        never_fail_to_print(sys.stdout, sys.stderr)
        try:
            return super().invoke(ctx)
        except NkqaError as error:
            print_error(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


# -------------------------------------------------------------------------------------------------- commands


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


@cli.command(epilog=epilog("nkqa build", "nkqa build --check", "nkqa build --outline --corpus-dir my-texts"))
@click.option("--check", is_flag=True, help="Only say whether the index is up to date; exit code 1 if it is not.")
@click.option("--outline", is_flag=True, help="Only show the headings, tables and ignored regions found.")
@click.option("--force", is_flag=True, help="Build even where the index is up to date.")
@folders
def build(check: bool, outline: bool, force: bool, **flags: Any) -> None:
    """Build the index from the documents.

    The index in use stays in place until the new one is complete; a running server takes the new one up by itself.
    """
    if check + outline + force > 1:
        raise click.UsageError("--check, --outline and --force exclude each other.")
    from nkqa.build import pipeline
    from nkqa.build.passages import make_passages

    settings = read_settings(**flags)
    if check:
        _report_check(pipeline.check(settings))
    elif outline:
        for document in pipeline.read_corpus(settings):
            print_outline(document, make_passages(document))
    else:
        with progress_bars() as progress:
            report = pipeline.build(settings, force=force, progress=progress)
        print_problems(report.problems)
        done = f"built in {report.seconds:.1f} s" if report.created else "is up to date"
        made = report.manifest
        click.echo(f"Index {made.generation} {done}: {made.documents} documents, {made.passages} passages.")


@cli.command(epilog=epilog('nkqa ask "Who founded Hanawon?"', "nkqa ask --json - < question.txt"))
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@click.option("--receipt", type=click.Path(path_type=Path), metavar="FILE", help="Write a receipt, for nkqa verify.")
@click.option("--history", multiple=True, metavar="QUESTION", help="An earlier question; repeat it, oldest first.")
@click.option("--explain", is_flag=True, help="Also say how the answer came about.")
@folders
def ask(
    question: str, as_json: bool, receipt: Path | None, history: tuple[str, ...], explain: bool, **flags: Any
) -> None:
    """Answer QUESTION and prove the answer.

    With - for QUESTION it is read from standard input. A refusal is an answer too: its exit code is 0, and it shows
    the passages that come closest.
    """
    from nkqa.ask.pipeline import EngineSource
    from nkqa.receipts import make_receipt

    asked = read_question() if question == "-" else question
    engine = EngineSource(read_settings(**flags)).current()
    answer = engine.ask(asked, history, explain=explain)
    if receipt:
        made = make_receipt(replace(answer, trace=None).to_json(), engine.documents, history)
        _write(receipt, json.dumps(made, ensure_ascii=False, indent=2) + "\n")
    if as_json:
        print_json(answer.to_json())
    else:
        print_answer(answer)


@cli.command(epilog=epilog("nkqa chat"))
@folders
def chat(**flags: Any) -> None:
    """Ask one question after another.

    A follow-up such as "and in 2010?" is read against the earlier questions. Ends with /quit or Ctrl-D.
    """
    from nkqa.ask.pipeline import EngineSource

    engines = EngineSource(read_settings(**flags))
    history: list[str] = []
    click.echo(f"nkqa, index {engines.current().manifest.generation}. Ask a question; /quit or Ctrl-D ends.")
    for question in typed_questions():
        try:
            answer = engines.current().ask(question, history)
        except QuestionError as error:
            print_error(error)
            continue
        history.append(question)
        print_answer(answer)


@cli.command(epilog=epilog("nkqa serve", "nkqa serve --port 0", "nkqa serve --host 0.0.0.0 --port 8080"))
@setting_flag("host")
@setting_flag("port", int)
@folders
def serve(**flags: Any) -> None:
    """Serve the page and the HTTP interface.

    Prints one line, "nkqa serves on http://HOST:PORT/", once it accepts connections. Ends on Ctrl-C or SIGTERM, when
    the running requests are answered.
    """
    from nkqa.ask.pipeline import EngineSource
    from nkqa.serve import configure_logs, create_app
    from nkqa.serve import serve as serve_app

    settings = read_settings(**flags)
    configure_logs(settings)
    engines = EngineSource(settings)
    engines.current()  # no use in serving without an index: raises what the operator must do
    serve_app(
        create_app(engines, settings, _services(settings)),
        settings,
        lambda address: click.echo(f"nkqa serves on {address}"),
    )


@cli.command(epilog=epilog("nkqa evaluate tests/evaluation/dev.jsonl --out predictions.jsonl"))
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the predictions to this file.")
@folders
def evaluate(questions: Path, out: Path | None, **flags: Any) -> None:
    """Ask every question of a JSONL file and print the scores."""
    from nkqa import evaluate as evaluation

    sys.exit(evaluation.run(questions, read_settings(**flags), out, click.echo))


@cli.command(epilog=epilog("nkqa facts --kind event", 'nkqa facts --about "low income" --csv > facts.csv'))
@click.option("--kind", type=click.Choice([kind.value for kind in FactKind]), help="Only facts of this kind.")
@click.option("--about", default="", metavar="TEXT", help="Only facts whose sentence or headings hold these words.")
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the facts as CSV.")
@click.option("--limit", type=click.IntRange(min=1), metavar="NUMBER", help="Print so many at most.  [default: all]")
@folders
def facts(kind: str | None, about: str, as_json: bool, as_csv: bool, limit: int | None, **flags: Any) -> None:
    """Show the facts that questions are answered from.

    Cells of tables, quantities, dated events, definitions, list items and relations, each with its place in the text.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    from nkqa.ask.browse import browse
    from nkqa.store.generation import open_current

    found: list[Fact] = []
    for tier in open_current(read_settings(**flags).index_dir).tiers:
        documents = {document.id: document for document in tier.documents}
        found += browse(tier.facts, documents, FactKind(kind) if kind else None, about)
    shown = found[:limit]
    if as_csv:
        write_facts_csv(shown, sys.stdout)
    elif as_json:
        print_json({"total": len(found), "facts": [asdict(fact) for fact in shown]})
    else:
        print_lines(fact_lines(shown, len(found)))


@cli.command(epilog=epilog("nkqa audit", "nkqa audit --json", "nkqa audit --strict --corpus-dir my-texts"))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 where there is an error or a warning.")
@folders
def audit(as_json: bool, strict: bool, **flags: Any) -> None:
    """Check the documents against themselves.

    Stated totals against sums, sentences against tables, percentages, figures without a time, doubtful sentences,
    empty sections, ignored regions; also the checks that passed. Needs no index.
    """
    from nkqa.build.audit import Severity
    from nkqa.build.audit import audit as check_corpus
    from nkqa.build.facts import extract_facts
    from nkqa.build.pipeline import read_corpus

    documents = read_corpus(read_settings(**flags))
    findings = check_corpus(documents, [fact for document in documents for fact in extract_facts(document)])
    by_id = {document.id: document for document in documents}
    if as_json:
        print_json({"findings": [finding.to_json(by_id[finding.document].text) for finding in findings]})
    else:
        print_lines(audit_lines(findings, by_id))
    if strict and any(not finding.passed and finding.severity is not Severity.NOTE for finding in findings):
        sys.exit(1)


@cli.command(epilog=epilog("nkqa verify receipt.json", "nkqa verify --corpus-dir my-texts receipt.json"))
@click.argument("receipt", type=click.Path(path_type=Path))
@folders
def verify(receipt: Path, **flags: Any) -> None:
    """Prove the answer in RECEIPT again.

    Every excerpt and cell is compared with the corpus, and every computation is done again; no index and no model is
    needed. Exit code 1 where something no longer holds: then it says which line of the corpus changed.
    """
    from nkqa.build.pipeline import read_corpus
    from nkqa.receipts import read_receipt, verify_receipt

    checks = verify_receipt(read_receipt(receipt), read_corpus(read_settings(**flags)))
    print_lines(check_lines(checks))
    if not all(check.passed for check in checks):
        sys.exit(1)


@cli.command(epilog=epilog("nkqa check draft.txt", "nkqa check --json - < draft.txt"))
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
@folders
def check(file: Path, as_json: bool, **flags: Any) -> None:
    """Check each sentence of FILE against the documents.

    Each sentence is supported, contradicted or not found, with the place that says so. With - for FILE it is read from
    standard input. Exit code 1 where a sentence is contradicted.
    """
    from nkqa.ask.pipeline import EngineSource

    found = EngineSource(read_settings(**flags)).current().verify(read_text(file))
    if as_json:
        print_json(found.to_json())
    else:
        print_verification(found)
    if found.count(Verdict.CONTRADICTED):
        sys.exit(1)


@cli.group(epilog=epilog("nkqa feedback list", "nkqa feedback export --out feedback.jsonl"))
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
        _write(out, text)
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


@cli.command(epilog=epilog("nkqa doctor"))
@folders
def doctor(**flags: Any) -> None:
    """Say what is wrong and what to do about it.

    Lists what is installed, the model, the settings in force and where each comes from, the documents, and the index.
    The exit code is that of the first problem.
    """
    from nkqa import doctor as examination

    sys.exit(examination.run(lambda: read_settings(**flags), flags, lambda line: click.echo(visible(line))))


def main() -> None:
    """Run the command line; the entry point of `nkqa`."""
    cli(prog_name="nkqa")


def _report_check(report: CheckReport) -> None:
    print_problems(report.problems)
    if report.current:
        click.echo(f"The index is up to date: {report.generation}.")
        return
    click.echo(f"The index is not up to date: it is {report.generation or 'missing'}, expected {report.expected}.")
    click.echo("  do: nkqa build")
    sys.exit(1)


def _services(settings: Settings) -> Services:
    """Return what the server offers beside answers."""
    from nkqa.receipts import make_receipt
    from nkqa.serve import Services
    from nkqa.store.answers import AnswerStore

    kept = AnswerStore(settings.index_dir, settings.keep_answers)
    keep_verdict = _verdicts(settings).save if settings.keep_feedback else None
    return Services(make_receipt, kept.save, kept.load, keep_verdict)


def _verdicts(settings: Settings) -> FeedbackStore:
    from nkqa.store.feedback import FeedbackStore

    return FeedbackStore(settings.index_dir, settings.keep_feedback)


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.", "Name another file.") from error

"""`nkqa evaluate`, `facts`, `audit`, `verify`, `check`, `doctor`: what is known, and whether it holds."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from nkqa.options import epilog, folders, read_settings
from nkqa.terminal import (
    audit_lines,
    check_lines,
    fact_lines,
    print_json,
    print_lines,
    print_verification,
    read_text,
    visible,
    write_facts_csv,
)
from nkqa.types import Fact, FactKind, Verdict


@click.command(epilog=epilog("nkqa evaluate tests/evaluation/dev.jsonl --out predictions.jsonl"))
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the predictions to this file.")
@folders
def evaluate(questions: Path, out: Path | None, **flags: Any) -> None:
    """Ask every question of a JSONL file and print the scores."""
    from nkqa import evaluate as evaluation

    sys.exit(evaluation.run(questions, read_settings(**flags), out, click.echo))


@click.command(epilog=epilog("nkqa facts --kind event", 'nkqa facts --about "low income" --csv > facts.csv'))
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


@click.command(epilog=epilog("nkqa audit", "nkqa audit --json", "nkqa audit --strict --corpus-dir my-texts"))
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

    documents = read_corpus(read_settings(**flags)).documents
    findings = check_corpus(documents, [fact for document in documents for fact in extract_facts(document)])
    by_id = {document.id: document for document in documents}
    if as_json:
        print_json({"findings": [finding.to_json(by_id[finding.document].text) for finding in findings]})
    else:
        print_lines(audit_lines(findings, by_id))
    if strict and any(not finding.passed and finding.severity is not Severity.NOTE for finding in findings):
        sys.exit(1)


@click.command(epilog=epilog("nkqa verify receipt.json", "nkqa verify --corpus-dir my-texts receipt.json"))
@click.argument("receipt", type=click.Path(path_type=Path))
@folders
def verify(receipt: Path, **flags: Any) -> None:
    """Prove the answer in RECEIPT again.

    Every excerpt and cell is compared with the corpus, and every computation is done again; no index and no model is
    needed. Exit code 1 where something no longer holds: then it says which line of the corpus changed.
    """
    from nkqa.build.pipeline import read_corpus
    from nkqa.receipts import read_receipt, verify_receipt

    checks = verify_receipt(read_receipt(receipt), read_corpus(read_settings(**flags)).documents)
    print_lines(check_lines(checks))
    if not all(check.passed for check in checks):
        sys.exit(1)


@click.command(epilog=epilog("nkqa check draft.txt", "nkqa check --json - < draft.txt"))
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


@click.command(epilog=epilog("nkqa doctor"))
@folders
def doctor(**flags: Any) -> None:
    """Say what is wrong and what to do about it.

    Lists what is installed, the model, the settings in force and where each comes from, the documents, and the index.
    The exit code is that of the first problem.
    """
    from nkqa import doctor as examination

    sys.exit(examination.run(lambda: read_settings(**flags), flags, lambda line: click.echo(visible(line))))

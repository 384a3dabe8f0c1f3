"""The terminal: what is typed and what is printed. No text can give orders to it, and none can make printing fail."""

from __future__ import annotations

import csv
import json
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from nkqa.errors import NkqaError, QuestionError, SettingsError
from nkqa.spreadsheet import safe_cell

if TYPE_CHECKING:
    from nkqa.build.audit import AuditFinding
    from nkqa.receipts import Check
    from nkqa.types import Answer, Citation, Document, Fact, Passage, Section, TraceStep, Verification

# C0 except tab and line feed, delete, C1, and the marks that reverse the direction of writing.
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")

# How much of a trace a terminal shows.
SHOWN_CANDIDATES = 5
SHOWN_CHARS = 100
_VERDICT_STYLES = {"supported": "green", "contradicted": "bold red", "not_found": "yellow", "not_checkable": "dim"}


def never_fail_to_print(*streams: TextIO) -> None:
    """Let a terminal that is not UTF-8 show an escape for a character it lacks, instead of ending in an exception."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_error(error: NkqaError) -> None:
    """Print what happened and what to do, a line each, on stderr."""
    click.echo(f"error: {one_line(error.message)}\n  do: {one_line(error.remedy)}", err=True)


def one_line(text: str) -> str:
    """Return a text on one line, control characters visible."""
    return visible(" ".join(text.split()))


def visible(text: str) -> str:
    """Show control characters as escapes, so that no text can give orders to the terminal."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text.replace("\r\n", "\n"))


# ---------------------------------------------------------------------------------------------------- input


def read_question() -> str:
    """Read a question from standard input; raises QuestionError where it is not UTF-8."""
    try:
        return sys.stdin.buffer.read().decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise QuestionError("The question on standard input is not UTF-8.", "Convert it to UTF-8.") from error


def read_text(file: Path) -> str:
    """Read a text from a file, - for standard input; raises QuestionError where it cannot be read as UTF-8."""
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise QuestionError(f"{file} cannot be read: {error.strerror}.", "Check its name and rights.") from error
    except UnicodeDecodeError as error:
        raise QuestionError("The text is not UTF-8.", "Convert it to UTF-8.") from error


def typed_questions() -> Iterator[str]:
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


def print_json(value: dict[str, Any]) -> None:
    """Print JSON, with escapes where the terminal is not UTF-8, and for what could give orders to it."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not unicode, indent=2)
    # JSON has escaped those below the blank; the others stand inside of strings, where an escape means the same.
    click.echo(_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_answer(answer: Answer) -> None:
    """Print an answer as text: the reading, the short answer, the text, and every citation with its exact excerpt."""
    from rich.console import Console

    # Soft wrapping leaves the lines to the terminal: an excerpt stays exact when it is copied or piped.
    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)

    def line(text: str, style: str = "") -> None:
        console.print(visible(text), style=style)

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
    for step in answer.trace or ():
        _print_step(step, line)


def _print_step(step: TraceStep, line: Callable[..., None]) -> None:
    measures = "".join(f"; {one.name} {one.value:.3f}, needed {one.needed:.3f}" for one in step.measures)
    line(f"\n{step.step} ({step.trust.value} trust): {one_line(step.outcome)}{measures}", "cyan")
    for one in step.candidates[:SHOWN_CANDIDATES]:
        read = "" if one.chance is None else f" relevance {one.relevance} pointing {one.pointing} chance {one.chance}"
        scores = f"found {one.found_score} cosine {one.cosine} lexical {one.lexical} coverage {one.coverage}{read}"
        line(f"  {one.start_char_index}–{one.end_char_index} {scores}: {one_line(one.cited_text)[:SHOWN_CHARS]}")


def print_verification(found: Verification) -> None:
    """Print each sentence of a text with its verdict, why, and the places that prove it; then the counts."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)

    def line(text: str, style: str = "") -> None:
        console.print(visible(text), style=style)

    for sentence in found.sentences:
        style = _VERDICT_STYLES[sentence.verdict.value]
        line(f"{sentence.verdict.value.replace('_', ' ')}: {one_line(sentence.text)}", style)
        line(f"  {one_line(sentence.reason)}")
        for one in sentence.citations:
            where = " › ".join((one.document_title, *one.section))
            line(
                f"  {where}, characters {one.start_char_index}–{one.end_char_index}: “{one_line(one.cited_text)}”",
                "dim",
            )
    counts = found.to_json()["counts"]
    line(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()) + ".", "bold")


def _print_citation(citation: Citation, line: Callable[..., None]) -> None:
    where = " › ".join((citation.document_title, *citation.section))
    offsets = f"characters {citation.start_char_index}–{citation.end_char_index}"
    flags = "".join(f" [{flag}]" for flag in citation.flags)
    line(f"\n[{citation.number}] {where}, {offsets}{flags}", "cyan")
    line(f"“{citation.cited_text}”")


def print_lines(lines: Iterable[str]) -> None:
    """Print lines without what could give orders to the terminal."""
    for line in lines:
        click.echo(visible(line))


def print_problems(problems: tuple[str, ...]) -> None:
    """Print what an operator should know of a build, on stderr."""
    for text in problems:
        click.echo(f"note: {one_line(text)}", err=True)


def print_outline(document: Document, passages: tuple[Passage, ...]) -> None:
    """Print the headings as a tree, with what was found under each, so that an operator can check them."""
    click.echo(one_line(f"{document.name}: {document.title}"))
    starts = [section.span.start for section in document.sections]
    # The innermost section around a passage is the last one that begins before it.
    under = Counter(bisect_right(starts, passage.span.start) - 1 for passage in passages)
    tables = Counter(table.section for table in document.tables)
    for index, section in enumerate(document.sections):
        click.echo(_outline_line(section, under[index], tables[index]))
    for region in document.ignored:
        click.echo(one_line(f"ignored: characters {region.span.start}–{region.span.end}, {region.reason}"))
    click.echo(
        f"{len(document.sections)} headings, {len(passages)} passages, {len(document.tables)} tables, "
        f"{len(document.ignored)} ignored regions\n"
    )


def _outline_line(section: Section, passages: int, tables: int) -> str:
    found = [f"{count} {name}" for count, name in ((passages, "passages"), (tables, "tables")) if count]
    what = "empty" if section.empty else ", ".join(found)
    heading = one_line(section.heading) or "(no heading)"
    return f"{section.level} {'  ' * section.level}{heading}" + (f"  ({what})" if what else "")


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
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


# ------------------------------------------------------------------------------------------- facts, audit, receipts

FACT_COLUMNS = (
    "id kind subject attribute value low high unit where period period_start period_end precision claimant hedge flags "
    "document start end statement_start statement_end section"
).split()


def fact_lines(facts: Sequence[Fact], total: int) -> Iterator[str]:
    """Yield a line a fact: kind, subject, attribute and value, with time, place and what qualifies it."""
    for fact in facts:
        more = [fact.period.text if fact.period else "", fact.where or "", fact.claimant or "", fact.hedge or ""]
        notes = "; ".join(part for part in (*more, *(f"[{flag}]" for flag in fact.flags)) if part)
        said = " · ".join(part for part in (fact.subject, fact.attribute, fact.value) if part)
        yield one_line(f"{fact.kind.value}: {said}") + (f"  ({one_line(notes)})" if notes else "")
    yield f"{len(facts)} of {total} facts."


def write_facts_csv(facts: Sequence[Fact], stream: TextIO) -> None:
    """Write facts as CSV with a header; lists are joined by a semicolon, and no cell is a formula."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FACT_COLUMNS)
    for fact in facts:
        cells = (safe_cell(value) for value in _fact_row(fact))
        # The writer quotes no single carriage return, which would end the row.
        writer.writerow([re.sub("\r\n?", "\n", cell) if isinstance(cell, str) else cell for cell in cells])


def _fact_row(fact: Fact) -> tuple[object, ...]:
    period = fact.period
    times = (period.text, period.start, period.end, period.precision) if period else (None,) * 4
    return (
        fact.id, fact.kind.value, fact.subject, fact.attribute, fact.value, fact.low, fact.high, fact.unit, fact.where,
        *times, fact.claimant, fact.hedge, "; ".join(fact.flags), fact.doc_id, fact.span.start, fact.span.end,
        fact.statement.start, fact.statement.end, " › ".join(fact.path),
    )  # fmt: skip


def audit_lines(findings: Sequence[AuditFinding], documents: Mapping[str, Document]) -> Iterator[str]:
    """Yield the findings as text: faults by severity, each with its place; then what passed."""
    failed = [finding for finding in findings if not finding.passed]
    for finding in failed:
        document = documents[finding.document]
        line = document.text.count("\n", 0, finding.spans[0].start) + 1 if finding.spans else None
        where = document.name + (f", line {line}" if line else "")
        yield f"{finding.severity.value}: {one_line(finding.message)}  ({finding.kind}; {where})"
    for finding in findings:
        if finding.passed:
            yield f"passed: {one_line(finding.message)}  ({finding.kind}; {documents[finding.document].name})"
    counts = Counter(finding.severity.value for finding in failed)
    named = ", ".join(f"{counts[name]} {name}{'s' * (counts[name] != 1)}" for name in ("error", "warning", "note"))
    yield f"{named}; {len(findings) - len(failed)} checks passed."


def check_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Yield the checks of a receipt, and whether it holds."""
    for check in checks:
        yield f"{'holds' if check.passed else 'FAILS'}: {one_line(check.what)}: {one_line(check.detail)}"
    failed = sum(not check.passed for check in checks)
    yield f"{failed} of {len(checks)} checks fail." if failed else f"All {len(checks)} checks hold."


def print_verdicts(verdicts: Sequence[Mapping[str, Any]]) -> None:
    """Print what readers said of answers as a table."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    whole = [Column(name, no_wrap=True) for name in ("answer", "verdict")]
    table = Table(*whole, "question", "answered", "comment", box=None, pad_edge=False)
    for verdict in verdicts:
        answer = verdict["receipt"]["answer"]
        reason = f" ({verdict['reason'].replace('_', ' ')})" if verdict["reason"] else ""
        cells = (
            answer["id"],
            verdict["verdict"] + reason,
            answer["question"],
            answer["short"] or answer["text"],
            verdict["comment"] or "",
        )
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    console = Console()
    if verdicts:
        console.print(table)
    console.print(f"{len(verdicts)} verdict{'s' * (len(verdicts) != 1)}.")


def write_file(path: Path, content: str) -> None:
    """Write a text to a file that the reader named; raises SettingsError."""
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.", "Name another file.") from error

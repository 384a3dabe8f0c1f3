"""`nkqa ask` and `nkqa chat`: answers in the terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from nkqa.errors import QuestionError
from nkqa.options import epilog, folders, read_settings
from nkqa.terminal import print_answer, print_error, print_json, read_question, typed_questions, write_file


@click.command(epilog=epilog('nkqa ask "Who founded Hanawon?"', "nkqa ask --json - < question.txt"))
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
        write_file(receipt, json.dumps(made, ensure_ascii=False, indent=2) + "\n")
    if as_json:
        print_json(answer.to_json())
    else:
        print_answer(answer)


@click.command(epilog=epilog("nkqa chat"))
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

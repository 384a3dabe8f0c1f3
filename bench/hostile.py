"""How many answers a hostile corpus changes: 100 answers of good documents, with it beside them at either trust."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from measure import ROOT

from nkqa.ask.pipeline import Engine
from nkqa.build.pipeline import build
from nkqa.settings import Settings, load_settings
from nkqa.types import Answer, Status

FIXED = 100
# The files are those of the tests.
sys.path.insert(0, str(ROOT / "tests"))
write_hostile = import_module("hostile_files").write_hostile
FILES = ("small.jsonl", "dev.jsonl")


def main() -> None:
    """Build three times and ask each question three times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "index" / "models", help="folder with the exported model")
    models = parser.parse_args().models
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in (ROOT / "corpus", ROOT / "tests" / "corpus"):
            shutil.copytree(source, folder / "corpus", dirs_exist_ok=True)
        (folder / "index").mkdir()
        if models.is_dir():
            (folder / "index" / "models").symlink_to(models.resolve())
        settings = load_settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
        build(settings)
        lines = questions()
        before = ask(settings, lines)
        fixed = [one for one in lines if before[one].status is Status.ANSWERED][:FIXED]
        refused = [one for one in lines if before[one].status is Status.DECLINED]
        print(f"{len(fixed)} answers and {len(refused)} refusals of the good documents alone")
        for trust in ("low", "normal"):
            bad, good = write_hostile(folder / "corpus" / "hostile", [*fixed, *refused], trust)
            started = time.perf_counter()
            report = build(settings)
            seconds = time.perf_counter() - started
            after = ask(settings, [*fixed, *refused])
            changed = [one for one in fixed if told(before[one]) != told(after[one])]
            answered = [one for one in refused if after[one].status is Status.ANSWERED]
            print(f"trust {trust}: {len(bad)} files refused, {len(good)} read, built in {seconds:.1f} s")
            print(f"  {len(report.problems)} problems named; {len(changed)} of {len(fixed)} answers changed")
            print(f"  {len(answered)} of {len(refused)} refusals became answers", *changed[:5], sep="\n  ")
            shutil.rmtree(folder / "corpus" / "hostile")


def questions() -> list[str]:
    """Return the questions of the evaluation files that stand alone."""
    folder = ROOT / "tests" / "evaluation"
    lines = [json.loads(line) for name in FILES for line in (folder / name).read_text("utf-8").splitlines()]
    return [line["question"] for line in lines if not line.get("history")]


def ask(settings: Settings, lines: list[str]) -> dict[str, Answer]:
    """Return the answer to each question."""
    engine = Engine.open(settings)
    return {line: engine.ask(line) for line in lines}


def told(answer: Answer) -> tuple[str, str | None, list[str]]:
    """Return what a reader sees of an answer."""
    return answer.text, answer.short, [one.cited_text for one in answer.citations]


if __name__ == "__main__":
    main()

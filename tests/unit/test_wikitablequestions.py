"""The adapter for WikiTableQuestions, on a made-up folder of the public layout."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from corpora import ROOT

from nkqa.errors import QuestionError

spec = importlib.util.spec_from_file_location("wikitablequestions", ROOT / "bench" / "wikitablequestions.py")
assert spec is not None
assert spec.loader is not None
wtq = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = wtq  # dataclasses look their module up
spec.loader.exec_module(wtq)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "csv" / "1-csv").mkdir(parents=True)
    (tmp_path / "csv" / "1-csv" / "2.csv").write_text(
        '"Harbour","Boats","Crew"\n"Skarholm","12","40"\n"Gannet \\"Rock\\"","7","31"\n"Ness Point","20","1,105"\n'
    )
    lines = [
        "id\tutterance\tcontext\ttargetValue",
        "nu-0\twhich harbour has the most boats?\tcsv/1-csv/2.csv\tNess Point",
        "nu-1\thow many crew at ness point?\tcsv/1-csv/2.csv\t1105",
        "nu-2\twhich harbour has the fewest boats?\tcsv/1-csv/2.csv\tSkarholm",
        "nu-3\twho painted the lighthouse?\tcsv/1-csv/2.csv\tnobody",
    ]
    (tmp_path / "data" / "made-up.tsv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_coverage_and_precision(folder: Path) -> None:
    tally = wtq.run(folder, "made-up", limit=10)
    assert (tally.asked, tally.answered, tally.right) == (4, 3, 2)  # the target of nu-2 is wrong on purpose
    assert "answered 3 (75.0 %), right 2 (66.7 %" in tally.report()


def test_limit(folder: Path) -> None:
    assert wtq.run(folder, "made-up", limit=1).asked == 1


def test_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="cannot be read"):
        wtq.run(tmp_path, "made-up", limit=1)

"""kill -9 at random moments of a rebuild: what answers is whole, and exactly the old generation or the new one.

KILLS=1000 makes as many runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_builds import build_tiny

pytestmark = pytest.mark.model

HERE = Path(__file__).resolve().parent
KILLS = int(os.environ.get("KILLS", "200"))
TEXT = "The lamps\n\nThe first lamp was lit in 1871. It burns oil, and it is green.\n"


def kill(tmp_path, model_home, runs, *more):
    folder = build_tiny(tmp_path, model_home, TEXT)
    command = [sys.executable, str(HERE / "rebuilds.py"), str(folder), str(runs), "7", *more]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1] / "src"), "OMP_NUM_THREADS": "1"}
    made = subprocess.run(command, capture_output=True, text=True, timeout=60 + runs, env=environment)
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


def test_killed_rebuilds_leave_the_old_generation_or_the_new_one(tmp_path, model_home):
    counts = kill(tmp_path, model_home, KILLS)
    print(counts)
    assert (counts["broken"], counts["other"], counts["left_behind"]) == (0, 0, 0)
    assert counts["old"] + counts["new"] == KILLS
    assert min(counts["old"], counts["new"]) >= KILLS / 10, counts
    assert counts["leftovers"] > 0  # some were killed in the middle of writing


def test_without_the_order_of_writing_killed_rebuilds_break_the_index(tmp_path, model_home):
    assert kill(tmp_path, model_home, 100, "careless")["broken"] > 0, "the first broken one ends it"

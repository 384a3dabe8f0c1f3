"""Builds that are killed, run as a program: `python rebuilds.py FOLDER RUNS SEED [careless]`; prints what came of it.

The builder is a fork of this process, so a run costs a tenth of a second and not the seconds of starting Python. All
variants of the corpus were built before: what is killed is the writing and switching, not the encoding.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from nkqa.build import pipeline
from nkqa.errors import NkqaError
from nkqa.settings import load_settings
from nkqa.store import publish
from nkqa.store.generation import MANIFEST_FILE, open_current
from nkqa.store.pointer import Pointed, current_id, write_pointer

VARIANTS = 6


def write_variant(settings, number):
    path = settings.corpus_dir / "more.txt"
    path.write_text(f"More lamps\n\nThe new ones are red, all {number + 20} of them.\n", encoding="utf-8")


def careless():
    """Take the safeguard away: the pointer is switched before what it points at is there."""
    original = publish._move_into_place

    def too_early(temporary, final, manifest):
        write_pointer(final.parent, [Pointed(final.name, publish.sha256_of(temporary / MANIFEST_FILE))])
        time.sleep(0.1)
        original(temporary, final, manifest)

    publish._move_into_place = too_early


def killed_build(settings, after_s):
    child = os.fork()
    if child == 0:
        try:
            pipeline.build(settings)
        finally:
            os._exit(0)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def main(folder, runs, seed):
    settings = load_settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    chance = random.Random(seed)
    ids, seconds = [], []
    for _ in range(2):  # the second time nothing is encoded
        for number in range(VARIANTS):
            write_variant(settings, number)
            started = time.perf_counter()
            ids.append(pipeline.build(settings).manifest.generation)
            seconds.append(time.perf_counter() - started)
    longest = 1.8 * sorted(seconds[VARIANTS:])[VARIANTS // 2]
    counts = {"old": 0, "new": 0, "broken": 0, "other": 0, "leftovers": 0}
    for run in range(runs):
        old = current_id(settings.index_dir)
        number = next(n for n in (run % VARIANTS, (run + 1) % VARIANTS) if ids[n] != old)
        write_variant(settings, number)
        killed_build(settings, chance.uniform(0, longest))
        counts["leftovers"] += bool(list(settings.index_dir.glob(".building-*")))
        try:
            generation = open_current(settings.index_dir)
        except NkqaError:
            counts["broken"] += 1
            pipeline.build(settings)
            if "careless" in sys.argv:
                break
            continue
        generation.close()
        names = {old: "old", ids[number]: "new"}
        counts[names.get(generation.manifest.generation, "other")] += 1
    pipeline.build(settings)
    counts["left_behind"] = len(
        [p for p in settings.index_dir.iterdir() if p.name.startswith((".building", ".CURRENT"))]
    )
    print(json.dumps(counts))


if __name__ == "__main__":
    if "careless" in sys.argv:
        careless()
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

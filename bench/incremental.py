"""Rebuild after one of 100 documents has changed, against a full build of the same corpus, in turn in one run.

    python bench/incremental.py [--documents 100] [--repeat 3]

Both sides are fresh `nkqa build` processes; the model was exported before. The bytes of both indexes are compared, too.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from corpus_maker import report, write_corpus
from measure import count, print_machine, print_table, process_seconds, spread

from nkqa.store.generation import MANIFEST_FILE
from nkqa.store.pointer import current_id
from nkqa.store.reuse import KEPT_DIR


def build(folder: Path, index: str) -> float:
    """Return the seconds of one `nkqa build`."""
    folders = ["--corpus-dir", str(folder / "corpus"), "--index-dir", str(folder / index)]
    return process_seconds([sys.executable, "-m", "nkqa", "build", *folders])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=count, default=100)
    parser.add_argument("--repeat", type=count, default=3)
    options = parser.parse_args()
    print_machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        list(write_corpus(folder / "corpus", options.documents))
        build(folder, "full")
        shutil.copytree(folder / "full", folder / "incremental")
        full, incremental, idle = [], [], []
        for number in range(options.repeat):
            text, _ = report(options.documents + number)
            (folder / "corpus" / "report-00007.md").write_text(text, encoding="utf-8")
            shutil.rmtree(folder / "full" / KEPT_DIR)
            full.append(build(folder, "full"))
            incremental.append(build(folder, "incremental"))
            idle.append(build(folder, "incremental"))
            ids = [current_id(folder / index) or "" for index in ("full", "incremental")]
            manifests = [
                (folder / i / one / MANIFEST_FILE).read_bytes()
                for i, one in zip(("full", "incremental"), ids, strict=True)
            ]
            assert manifests[0] == manifests[1], "the incremental build made another index"  # noqa: S101
        print_table(
            ("seconds", "median", "least", "most"),
            [("full", *spread(full)), ("one changed", *spread(incremental)), ("nothing changed", *spread(idle))],
        )
        print(f"one changed / full: {sorted(incremental)[len(full) // 2] / sorted(full)[len(full) // 2]:.3f}")


if __name__ == "__main__":
    main()

"""`python -m training.prepare DATA OUT`: make and pack the examples of all data sets.

DATA holds the unpacked reading-comprehension sets; OUT gets `train.npz` and `valid.npz` and the counts of each source.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer

from nkqa.store.encoder_export import weights_dir
from training.examples import Example, qamr_examples, qed_examples, squad_examples
from training.packing import pack

SEED = 20


def main() -> None:
    """Read the arguments and write the packed examples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(weights_dir() / "tokenizer.json"))
    train = [
        *squad_examples(arguments.data, "train", SEED),
        *qed_examples(arguments.data, SEED),
        *qamr_examples(arguments.data, SEED),
    ]
    for name, examples in (("train", train), ("valid", squad_examples(arguments.data, "valid", SEED))):
        random.Random(SEED).shuffle(examples)  # noqa: S311 - nothing secret
        packed = pack(examples, tokenizer)
        packed.save(arguments.out / f"{name}.npz")
        print(json.dumps({"split": name, **count(examples), "tokens": int(packed.offsets[-1])}))


def count(examples: list[Example]) -> dict[str, int]:
    """Return how many examples come from each source, positive and negative apart."""
    return dict(Counter(f"{example.source}{'+' if example.answer else '-'}" for example in examples))


if __name__ == "__main__":
    main()

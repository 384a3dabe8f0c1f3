"""Examples → token arrays: what the model sees, packed end to end in one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nkqa.store.reader import MAX_TOKENS, with_headings
from training.examples import Example

# The target of both pointers where a window does not answer: the first token, which stands for the whole window.
NOWHERE = 0


@dataclass(frozen=True, slots=True)
class Packed:
    """Examples as tokens: `ids` and `types` of all, cut at `offsets`; `labels`, `starts`, `ends` one per example."""

    ids: NDArray[np.uint16]
    types: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    labels: NDArray[np.uint8]
    starts: NDArray[np.int16]
    ends: NDArray[np.int16]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The number of tokens of each example."""
        return np.diff(self.offsets)

    def save(self, path: Path) -> None:
        """Write the arrays into one file."""
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> Packed:
        """Read the arrays of `save`."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in cls.__slots__})


def pack(examples: Sequence[Example], tokenizer: Tokenizer) -> Packed:
    """Return the examples as tokens; one whose answer lies beyond the last token that fits is left out."""
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    tokenizer.no_padding()
    ids: list[int] = []
    types: list[int] = []
    offsets, labels, starts, ends = [0], [], [], []
    for example in examples:
        window, shift = with_headings(example.path, example.window)
        encoded = tokenizer.encode(example.question, window)
        place = (NOWHERE, NOWHERE)
        if example.answer:
            inside = [
                number
                for number, (start, end) in enumerate(encoded.offsets)
                if encoded.type_ids[number] == 1
                and start < example.answer.end + shift
                and example.answer.start + shift < end
            ]
            if not inside or encoded.offsets[inside[-1]][1] < example.answer.end + shift:
                continue
            place = (inside[0], inside[-1])
        ids += encoded.ids
        types += encoded.type_ids
        offsets.append(len(ids))
        labels.append(example.answer is not None)
        starts.append(place[0])
        ends.append(place[1])
    return Packed(
        np.array(ids, np.uint16),
        np.array(types, np.uint8),
        np.array(offsets, np.int64),
        np.array(labels, np.uint8),
        np.array(starts, np.int16),
        np.array(ends, np.int16),
    )

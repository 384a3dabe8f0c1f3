"""The trained reader as questions use it: what it says of a question with a window of text. ONNX run time, no torch.

The model lies in the package, `models/reader/`; how it was trained and what it is worth: docs/models/reader.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from nkqa.errors import ModelError
from nkqa.store.files import sha256_of
from nkqa.store.session import INFO_FILE, ONNX_FILE, TOKENIZER_FILE, open_session
from nkqa.types import Reading, Span, Window

READER_DIR = Path(__file__).resolve().parents[1] / "models" / "reader"
REMEDY = "Install nkqa again: `pip install --force-reinstall nkqa`."
MAX_TOKENS = 160
# Only the headings nearest to the window are read, and not more of them than this.
MAX_PATH_CHARS = 80
# An answer is read as one span of at most so many tokens.
MAX_ANSWER_TOKENS = 30
BATCH = 8


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """What `model.json` says: the name of the model and the hash of each file."""

    name: str
    files: dict[str, str]

    @property
    def sha256(self) -> str:
        """The hash of the weights."""
        return self.files[ONNX_FILE]


def read_reader_info(folder: Path = READER_DIR) -> ReaderInfo:
    """Read the description of a reader, not its files; raises ModelError where it cannot be read."""
    try:
        info = ReaderInfo(**json.loads((folder / INFO_FILE).read_text(encoding="utf-8")))
        missing = {ONNX_FILE, TOKENIZER_FILE} - set(info.files)
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"The reader in {folder} is missing or incomplete.", REMEDY) from error
    if missing:
        raise ModelError(f"The reader in {folder} has no {', '.join(sorted(missing))}.", REMEDY)
    return info


def check_reader(folder: Path = READER_DIR) -> ReaderInfo:
    """Check the files of a reader against its description; raises ModelError naming the damaged one."""
    info = read_reader_info(folder)
    for name, digest in info.files.items():
        try:
            whole = sha256_of(folder / name) == digest
        except OSError as error:
            raise ModelError(f"The reader's file {folder / name} cannot be read.", REMEDY) from error
        if not whole:
            raise ModelError(f"The reader's file {folder / name} is damaged.", REMEDY)
    return info


def with_headings(path: Sequence[str], text: str) -> tuple[str, int]:
    """Return what is read beside a question, and by how much the window is shifted in it.

    The headings go before the window: "Jewish culture > Food: The window." The tokenizer lower-cases it.
    """
    headings = " > ".join(path)[-MAX_PATH_CHARS:]
    before = f"{headings}: " if headings else ""
    return before + text, len(before)


class OnnxReader:
    """Reads windows for a question. Thread-safe; what lies beyond 160 tokens of a window is not read."""

    def __init__(self, threads: int, remembered: int = 0, folder: Path = READER_DIR) -> None:
        """Open the reader of a folder; the readings of the last `remembered` questions are kept in memory."""
        self.info = check_reader(folder)
        self._session = open_session(folder / ONNX_FILE, threads)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        # A window is cut at its end; of a question that is longer than its window, the question.
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        self._tokenizer.no_padding()
        # By question and all windows: the weights are 8-bit, and how they round depends on what is read together.
        self._remembered = lru_cache(remembered)(self._read)

    def read(self, question: str, windows: Sequence[Window]) -> tuple[Reading, ...]:
        """Return what each window says to the question, in the order of the windows."""
        return self._remembered(question, tuple(windows))

    def _read(self, question: str, windows: tuple[Window, ...]) -> tuple[Reading, ...]:
        texts = [with_headings(window.path, window.text) for window in windows]
        encoded = self._tokenizer.encode_batch([(question, text) for text, _ in texts])
        readings: dict[int, Reading] = {}
        order = sorted(range(len(windows)), key=lambda place: len(encoded[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            outputs = self._run([encoded[place] for place in places])
            for place, relevance, first, last in zip(places, *outputs, strict=True):
                readings[place] = decode(encoded[place], texts[place][1], float(relevance), first, last)
        return tuple(readings[place] for place in range(len(windows)))

    def _run(self, encoded: list[Encoding]) -> list[NDArray[np.float32]]:
        shape = (len(encoded), max(len(item) for item in encoded))
        ids, mask, types = (np.zeros(shape, np.int64) for _ in range(3))
        for row, item in enumerate(encoded):
            ids[row, : len(item)], mask[row, : len(item)], types[row, : len(item)] = item.ids, 1, item.type_ids
        return [*self._session.run(None, {"ids": ids, "mask": mask, "types": types})]


def decode(
    encoded: Encoding, shift: int, relevance: float, first: NDArray[np.float32], last: NDArray[np.float32]
) -> Reading:
    """Return the reading of one window from its logits; `shift` is where the window begins in the second text.

    The best span maximises start + end logit (Devlin et al. 2018, section 4.2), its score is that sum less the same
    sum for the first token, which stands for "nowhere".
    """
    inside = [
        place
        for place, (kind, (start, end)) in enumerate(zip(encoded.type_ids, encoded.offsets, strict=True))
        if kind == 1 and end > start >= shift
    ]
    if not inside:
        return Reading(relevance, -float("inf"), Span(0, 0))
    begin, stop = inside[0], inside[-1] + 1
    sums = first[begin:stop, None] + last[None, begin:stop]
    length = stop - begin
    allowed = np.triu(np.ones((length, length), bool)) & ~np.triu(np.ones((length, length), bool), MAX_ANSWER_TOKENS)
    best = int(np.where(allowed, sums, -np.inf).argmax())
    start, end = begin + best // length, begin + best % length
    span = Span(encoded.offsets[start][0] - shift, encoded.offsets[end][1] - shift)
    return Reading(relevance, float(first[start] + last[end] - first[0] - last[0]), span)

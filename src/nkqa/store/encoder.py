"""The sentence encoder as questions use it: ONNX run time and tokenizer, no torch.

The model folder `index/models/<first 12 digits of the weights' SHA-256>/` is made by `encoder_export` at build time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nkqa.errors import ModelError
from nkqa.store.files import sha256_of
from nkqa.store.session import INFO_FILE, ONNX_FILE, TOKENIZER_FILE, open_session

MODEL_NAME = "all-MiniLM-L6-v2"
# SHA-256 of the official weights file (model.safetensors of sentence-transformers/all-MiniLM-L6-v2).
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
MAX_TOKENS = 256
BATCH = 32
REMEDY = "Run `nkqa build --force`, which exports it again."


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What `model.json` says: name and hash of the weights, and the hash of each exported file."""

    name: str
    sha256: str
    files: dict[str, str]


def model_dir(index_dir: Path) -> Path:
    """Return the folder of the exported model beside the generations."""
    return index_dir / "models" / MODEL_SHA256[:12]


def read_model_info(folder: Path) -> ModelInfo:
    """Read and check the exported model's description and files; raises ModelError with what is wrong."""
    try:
        info = ModelInfo(**json.loads((folder / INFO_FILE).read_text(encoding="utf-8")))
        for name, digest in dict(info.files).items():
            if sha256_of(folder / name) != digest:
                raise ModelError(f"The model file {folder / name} is damaged.", REMEDY)
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"The exported model in {folder} is missing or incomplete.", REMEDY) from error
    if info.sha256 != MODEL_SHA256 or {ONNX_FILE, TOKENIZER_FILE} - set(info.files):
        raise ModelError(f"{folder} holds another model than {MODEL_NAME}.", REMEDY)
    return info


class OnnxEncoder:
    """Encodes texts with the exported model. Thread-safe; texts beyond 256 tokens are cut at the end."""

    def __init__(self, folder: Path, threads: int) -> None:
        read_model_info(folder)
        self._session = open_session(folder / ONNX_FILE, threads)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), 384)."""
        result = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            result[places] = self._encode_batch([texts[place] for place in places])
        return result

    def _encode_batch(self, texts: list[str]) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch(texts)
        inputs = {
            "input_ids": np.array([item.ids for item in encoded], dtype=np.int64),
            "attention_mask": np.array([item.attention_mask for item in encoded], dtype=np.int64),
        }
        (vectors,) = self._session.run(None, inputs)
        return np.asarray(vectors, dtype=np.float32)

    def is_known_word(self, word: str) -> bool:
        """Tell whether the tokenizer knows a lower-case word whole: it was frequent in the model's training text."""
        return self._tokenizer.token_to_id(word) is not None

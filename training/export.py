"""`python -m training.export RUN OUT`: the trained reader as ONNX with 8-bit weights, as it is shipped.

Reads `reader.pt` (or, while a run is under way, `checkpoint.pt`) and writes `fp32/` and `int8/`, each with model,
tokenizer and hashes. `training.measure` tells what the smaller one loses.
"""

from __future__ import annotations

import argparse
import json
import shutil
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from nkqa.store.encoder_export import weights_dir
from nkqa.store.files import sha256_of
from nkqa.store.session import INFO_FILE, ONNX_FILE, TOKENIZER_FILE
from training.model import Reader

NAME = "nkqa-reader-1"
OPSET = 17


def main() -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    finished = arguments.run / "reader.pt"
    state = torch.load(finished if finished.exists() else arguments.run / "checkpoint.pt", weights_only=True)
    model = Reader().eval()
    model.load_state_dict(state if finished.exists() else state["model"])
    for kind in ("fp32", "int8"):
        shutil.rmtree(arguments.out / kind, ignore_errors=True)
        (arguments.out / kind).mkdir(parents=True)
    export_graph(model, arguments.out / "fp32" / ONNX_FILE)
    quantise(arguments.out / "fp32" / ONNX_FILE, arguments.out / "int8" / ONNX_FILE)
    for kind in ("fp32", "int8"):
        describe(arguments.out / kind)


def export_graph(model: Reader, path: Path) -> None:
    """Write the model as an ONNX graph with any number of windows and tokens."""
    example = tuple(torch.ones(2, 8, dtype=torch.long) for _ in range(3))
    axes = {0: "windows", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter is marked as old; the new one needs another package
        torch.onnx.export(
            model,
            example,
            str(path),
            input_names=["ids", "mask", "types"],
            output_names=["relevance", "start", "end"],
            dynamic_axes=dict.fromkeys(("ids", "mask", "types", "start", "end"), axes) | {"relevance": {0: "windows"}},
            opset_version=OPSET,
            dynamo=False,
        )


def quantise(source: Path, target: Path) -> None:
    """Store weights and word embeddings in 8 bits, a scale for each column; activations are scaled as they come."""
    prepared = source.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(target), per_channel=True, weight_type=QuantType.QInt8)
    prepared.unlink()


def describe(folder: Path) -> None:
    """Put the tokenizer beside the model, and the hashes of both into its description."""
    shutil.copyfile(weights_dir() / "tokenizer.json", folder / TOKENIZER_FILE)
    files = {name: sha256_of(folder / name) for name in (ONNX_FILE, TOKENIZER_FILE)}
    (folder / INFO_FILE).write_text(json.dumps({"name": NAME, "files": files}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

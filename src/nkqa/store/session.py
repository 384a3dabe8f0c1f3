"""Open an ONNX model for answering, and what the files of a model folder are called. The only user of onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime

ONNX_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
INFO_FILE = "model.json"


def open_session(path: Path, threads: int) -> Any:
    """Return a session that runs a model on `threads` cores; its `run` is thread-safe."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
    options.log_severity_level = 3
    # Threads that wait by spinning take the cores from each other as soon as two questions run at once.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

"""Open an ONNX model for answering, and what the files of a model folder are called. The only user of onnxruntime."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any

import onnxruntime

ONNX_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
INFO_FILE = "model.json"
_M_ARENA_MAX = -8  # malloc.h of glibc
_HEAPS = 2


def open_session(path: Path, threads: int) -> Any:
    """Return a session that runs a model on `threads` cores; its `run` is thread-safe."""
    _share_heaps()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
    options.log_severity_level = 3
    # Threads that wait by spinning take the cores from each other as soon as two questions run at once.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _share_heaps() -> None:
    """Let all threads share a few heaps, unless the environment says how many.

    A model takes some tens of megabytes for a batch, which glibc keeps for the thread that had them: with a heap for
    each of its threads a server grows to 700 MB, with two to 450 (bench/soak.py), and no question takes longer. Heaps
    that there are stay, so it helps only where a model is opened before many threads have begun, as a server does.
    Other C libraries have no such heaps.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt and "MALLOC_ARENA_MAX" not in os.environ:
        mallopt(_M_ARENA_MAX, _HEAPS)

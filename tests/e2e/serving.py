"""The real server, as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpora import ARTICLE_CORPUS

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
ANNOUNCEMENT = "nkqa serves on "


@contextmanager
def run_server(index: Path, folder: Path, port: int = 0) -> Iterator[str]:
    """Run `nkqa serve` and yield its address; ends it by SIGTERM, and fails where it does not end by itself."""
    environment = {**os.environ, "NKQA_INDEX_DIR": str(index), "NKQA_CORPUS_DIR": str(ARTICLE_CORPUS)}
    command = [sys.executable, "-m", "nkqa", "serve", "--port", str(port)]
    log = folder / f"server-{port}.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment, cwd=folder
        ) as process,
    ):
        # A server that hangs before its first line is killed, which ends the line that is waited for.
        watchdog = threading.Timer(START_TIMEOUT_S, process.kill)
        watchdog.start()
        assert process.stdout is not None
        line = process.stdout.readline()
        watchdog.cancel()
        try:
            assert line.startswith(ANNOUNCEMENT), f"first line {line!r}; standard error: {log.read_text()}"
            yield line.removeprefix(ANNOUNCEMENT).strip()
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert process.returncode == 0, log.read_text()

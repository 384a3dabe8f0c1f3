"""The server as a process of its own, and an application behind a real waitress in this one."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from waitress import wasyncore
from waitress.server import create_server

TIMEOUT_S = 60


def command(settings, *flags, program=("-m", "nkqa")):
    folders = ["--corpus-dir", str(settings.corpus_dir.resolve()), "--index-dir", str(settings.index_dir.resolve())]
    return [sys.executable, *program, "serve", "--port", "0", *folders, *flags]


@contextmanager
def running(arguments) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a server, wait for its line, and give the process and its port; it is dead afterwards."""
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("nkqa serves on http://127.0.0.1:"), process.communicate(timeout=TIMEOUT_S)
            yield process, int(line.rstrip("/\n").rsplit(":", 1)[1])
        finally:
            process.kill()


@contextmanager
def served(app) -> Iterator[str]:
    """Serve an application and give its address; what only the process adds (gate, own channel) is not there."""
    channels: dict[int, object] = {}
    stop = threading.Event()
    server = create_server(app, channels, host="127.0.0.1", port=0, clear_untrusted_proxy_headers=False)

    def loop() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.1, use_poll=True, map=channels, count=1)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # The threads first: they wake the loop when they have answered.
        server.task_dispatcher.shutdown()
        stop.set()
        thread.join(TIMEOUT_S)
        wasyncore.close_all(channels)

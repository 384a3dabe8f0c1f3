"""Files that are no plain text are parsed in a child process with limits: what they break costs them alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nkqa.build.bounded import read_file
from nkqa.build.child import READERS
from nkqa.build.formats.containers import DAMAGED
from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.errors import CorpusError

EXTRACTED = tuple(READERS)
_START_S = 60.0
# JSON writes a character in 12 bytes at most.
_BYTES_A_CHAR = 12
_SPARE_BYTES = 1 << 16


class Sandbox:
    """One child process, started when the first file comes and again after one that it did not survive."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._ran_out = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int:
        """The id of the child, 0 before it is started."""
        return self._process.pid if self._process else 0

    @property
    def file_bytes(self) -> int:
        """The size of the largest file that is read."""
        return self._limits.file_bytes

    def close(self) -> None:
        """End the child."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    _close(pipe)
            self._process = None

    def extract(self, path: Path, name: str) -> tuple[bytes, Extracted]:
        """Return the bytes of a file and what its text is; raises CorpusError that names the file."""
        data = read_file(path, name, self.file_bytes)
        if not data:
            raise CorpusError(f"{name} is empty.", "Put text into the file or remove it from the corpus.")
        try:
            answer = self._ask(data, path.suffix.lower())
        except (OSError, EOFError, ValueError) as error:
            raise CorpusError(*self._why(name)) from error
        if "message" in answer:
            raise CorpusError(f"{name} {answer['message']}.", str(answer["remedy"]))
        found = Extracted(**answer)
        if not found.text.strip():
            raise CorpusError(f"{name} holds no text.", "Put text into it or remove it from the corpus.")
        return data, found

    def _ask(self, data: bytes, suffix: str) -> dict[str, Any]:
        """Send a file and wait for the answer; raises OSError, EOFError or ValueError where the child does not live."""
        self._ran_out = False
        process = self._process or self._start()
        stdin, stdout = process.stdin, process.stdout
        assert stdin  # noqa: S101 (a pipe)
        assert stdout  # noqa: S101 (a pipe)
        with self._at_most(_START_S):
            stdin.write(json.dumps({"format": suffix, "size": len(data)}).encode() + b"\n")
            stdin.flush()
            self._receive(stdout)
        with self._at_most(self._limits.wall_s):
            stdin.write(data)
            stdin.flush()
            return self._receive(stdout)

    def _receive(self, stdout: Any) -> dict[str, Any]:
        line = stdout.readline(_BYTES_A_CHAR)
        if not line.endswith(b"\n"):
            raise EOFError
        size = int(line)
        if size > _BYTES_A_CHAR * self._limits.text_chars + _SPARE_BYTES:
            raise ValueError
        body = stdout.read(size)
        if len(body) < size:
            raise EOFError
        answer: dict[str, Any] = json.loads(body)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        root = Path(__file__).resolve().parents[2]
        paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(  # noqa: S603 (no shell, and nothing of it comes from a file)
            # -P: modules that lie in the working directory are not taken for ours.
            [sys.executable, "-P", "-B", "-m", "nkqa.build.child", json.dumps(asdict(self._limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            # Nothing of the settings, and one thread: each would take memory.
            env={"PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        return self._process

    @contextmanager
    def _at_most(self, seconds: float) -> Iterator[None]:
        """Kill the child where it takes longer; reading from it then ends."""
        process = self._process
        assert process  # noqa: S101 (it was started)

        def end() -> None:
            self._ran_out = True
            process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _why(self, name: str) -> tuple[str, str]:
        """Bury the child and say what it died of."""
        code = 0
        if self._process:
            try:
                # It has closed its pipe, so it is about to end.
                code = self._process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                code = 0
        self.close()
        if self._ran_out or code == -signal.SIGXCPU:
            return f"{name} takes longer than {self._limits.wall_s:g} s to read.", "Split it, or remove it."
        return f"{name} cannot be read: its reader broke down.", DAMAGED


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        # What was still to be written has no reader any more.
        return

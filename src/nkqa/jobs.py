"""Rebuilds that a server starts: each is a process of its own, so that serving keeps its memory, cores and temper.

The process is `nkqa build --json`; it tells on its standard output, a JSON object a line, how far it is. It runs at a
lower priority than serving and ends with the server.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from nkqa.errors import BuildInProgressError, CorpusError
from nkqa.settings import PREFIX, Settings
from nkqa.store.generation import MANIFEST_FILE
from nkqa.store.lock import build_lock

KEPT_JOBS = 20
KEPT_PROBLEMS = 100
NICENESS = 10
# So long at most a follower hears nothing.
HEARTBEAT_S = 10.0
# A process that is told to end does so at once, unless the disk holds it up.
END_TIMEOUT_S = 1.0
# What a builder says last, where it ends without telling why.
_LOG_TAIL_CHARS = 2000

Json = dict[str, Any]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    """A rebuild; `version` counts what became known of it."""

    started_by: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    state: str = "queued"
    stage: str | None = None
    done: int = 0
    all: int = 0
    problems: list[str] = field(default_factory=list)
    generation: str | None = None
    created: bool | None = None
    error: Json | None = None
    started: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    version: int = 0

    @property
    def ended(self) -> bool:
        return self.state in {"done", "failed"}

    def end(self, state: str) -> None:
        self.state, self.seconds = state, time.monotonic() - self.started

    def to_json(self) -> Json:
        names = ("id", "started_by", "state", "stage", "done", "all", "problems", "generation", "created", "error")
        seconds = time.monotonic() - self.started if self.seconds is None else self.seconds
        return {**{name: getattr(self, name) for name in names}, "seconds": round(seconds, 1)}


class BuildJobs:
    """Starts rebuilds, one at a time, and knows the newest KEPT_JOBS of them. Thread-safe.

    `on_built` is called, in a thread of its own, whenever one has made a new index.
    """

    def __init__(self, settings: Settings, on_built: Callable[[], object] = lambda: None) -> None:
        self._settings = settings
        self._on_built = on_built
        self._changed = threading.Condition()
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def start(self, force: bool = False, started_by: str = "operator") -> Json:
        """Start a rebuild and return its job as JSON; raises BuildInProgressError where any builder is at work."""
        with self._changed:
            self._refuse_second_builder()
            job = _Job(started_by)
            # Not a pipe: nobody would read it, and a full pipe would stop the builder.
            errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (`_watch` closes it)
            self._process = self._spawn(force, errors)
            self._jobs[job.id] = job
            while len(self._jobs) > KEPT_JOBS:
                self._jobs.popitem(last=False)
            threading.Thread(target=self._watch, args=(job, self._process, errors), daemon=True).start()
            return job.to_json()

    def job(self, job_id: str) -> Json | None:
        """Return a job as JSON, None where it is not, or no longer, known."""
        with self._changed:
            job = self._jobs.get(job_id)
            return job.to_json() if job else None

    def latest(self) -> Json | None:
        """Return the newest job as JSON, None where there was none."""
        with self._changed:
            return next(reversed(self._jobs.values())).to_json() if self._jobs else None

    def follow(self, job_id: str) -> Iterator[Json | None]:
        """Yield a job as JSON now and whenever more is known, until it has ended; None where nothing was for a while.

        Ends at once where the job is not known.
        """
        seen = -1
        while True:
            with self._changed:
                job = self._jobs.get(job_id)
                if job is None:
                    return
                if job.version == seen:
                    self._changed.wait(HEARTBEAT_S)
                fresh, seen = job.version != seen, job.version
                told, ended = job.to_json(), job.ended
            yield told if fresh else None
            if fresh and ended:
                return

    def built_at(self, generation: str) -> str | None:
        """Return when a generation was built (ISO 8601, UTC); None where it is no longer there."""
        try:
            seconds = (self._settings.index_dir / generation / MANIFEST_FILE).stat().st_mtime
        except OSError:
            return None
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")

    def close(self) -> None:
        """End the builder and start no other; the index in use stays what it was."""
        with self._changed:
            self._closed = True
            process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()

    def _refuse_second_builder(self) -> None:
        if self._closed:
            raise BuildInProgressError("The server is about to stop.", "Start it again, then rebuild.")
        for job in self._jobs.values():
            if not job.ended:
                raise BuildInProgressError(
                    f"This server is building the index: job {job.id}.", "Wait until that job ends, then try again."
                )
        try:
            with build_lock(self._settings.index_dir):
                pass
        except CorpusError:  # the folder cannot be written: the builder says so as the outcome of its job
            _log.warning("the index folder %s cannot be locked", self._settings.index_dir)

    def _spawn(self, force: bool, errors: IO[str]) -> subprocess.Popen[str]:
        # -P: what lies in the working directory is no module of Python's.
        command = [sys.executable, "-P", "-m", "nkqa", "build", "--json", *(["--force"] if force else [])]
        command += ["--corpus-dir", str(self._settings.corpus_dir), "--index-dir", str(self._settings.index_dir)]
        secret = f"{PREFIX}operator_token".lower()
        environment = {name: value for name, value in os.environ.items() if name.lower() != secret}
        process = subprocess.Popen(  # noqa: S603 (own program, no shell)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
        )
        os.setpriority(os.PRIO_PROCESS, process.pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS))
        return process

    def _watch(self, job: _Job, process: subprocess.Popen[str], errors: IO[str]) -> None:
        with process, errors:
            for line in process.stdout or ():
                self._take(job, line)
            code = process.wait()
            errors.seek(0)
            said = errors.read()[-_LOG_TAIL_CHARS:]
        with self._changed:
            if not job.ended:
                why = f"signal {-code}" if code < 0 else f"exit code {code}"
                remedy = "Start another rebuild; what the builder said last stands in the server's log."
                job.error = {"detail": f"The builder ended early, with {why}.", "remedy": remedy}
                job.end("failed")
                job.version += 1
                _log.error("the rebuild %s ended early, with %s: %s", job.id, why, said.strip())
            else:
                _log.info("the rebuild %s is %s", job.id, job.state)
            self._changed.notify_all()
        if job.created:
            self._on_built()

    def _take(self, job: _Job, line: str) -> None:
        """Take what the builder tells; libraries may print lines of their own, which are passed over."""
        try:
            told = json.loads(line)
        except ValueError:
            return
        if not isinstance(told, dict):
            return
        with self._changed:
            event = told.get("event")
            if event == "progress":
                job.state, job.stage, job.done, job.all = "running", told["stage"], told["done"], told["all"]
            elif event == "done":
                job.generation, job.created = told["generation"], told["created"]
                job.problems = told["problems"][:KEPT_PROBLEMS]
                job.end("done")
            elif event == "error":
                job.error = {"detail": told["message"], "remedy": told["remedy"]}
                job.end("failed")
            job.version += 1
            self._changed.notify_all()

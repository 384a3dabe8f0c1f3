"""The gate before the worker threads: what is more than they and a bounded queue can take is refused at once.

Requests for the state of the server go through an express lane, so that they are answered under any load.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import Error

# What watches the server asks for these; they cost no more than a look at what is in memory.
EXPRESS_PATHS = frozenset(("/healthz", "/readyz", "/metrics"))
# Several, because reading the state may have to wait for an index that is being opened.
EXPRESS_THREADS = 4


class Overloaded(Error):  # type: ignore[misc]  # noqa: N818 (waitress names its errors so)
    """All workers are busy and the queue is full."""

    code = 503
    reason = "Service Unavailable"


class Gate(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Runs `threads` requests at a time and lets `max_waiting` wait; a request counts once it is there as a whole.

    A slow body therefore holds a connection, never a worker or a place in the queue.
    """

    def __init__(self, threads: int, max_waiting: int, on_refusal: Callable[[], None]) -> None:
        super().__init__()
        # Its own message for each request that waits would fill the log of a busy server; a metric tells the length.
        self.queue_logger.disabled = True
        self.max_waiting = max_waiting
        self._on_refusal = on_refusal
        self.express = ThreadedTaskDispatcher()
        self.express.set_thread_count(EXPRESS_THREADS)
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        """Take a channel whose next request is whole; refuse it where all workers and places in the queue are taken."""
        request = task.requests[0]
        if request.error is None and request.path not in EXPRESS_PATHS:
            with self.lock:
                full = self.waiting >= self.max_waiting + self.idle
                if not full:
                    self.queue.append(task)
                    self.queue_cv.notify()
            if not full:
                return
            self._on_refusal()
            request.error = Overloaded("")
            if task.refuse():
                return
        self.express.add_task(task)

    @property
    def waiting(self) -> int:
        """How many requests no worker has taken yet."""
        return len(self.queue)

    @property
    def running(self) -> int:
        """How many workers are busy."""
        return int(self.active_count)

    @property
    def idle(self) -> int:
        """How many workers wait for a request."""
        return int(len(self.threads) - self.stop_count - self.running)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Stop the threads of both lanes; those still busy after `timeout` seconds are left behind."""
        self.express.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))

"""One connection: what waitress itself refuses is a problem like any other, and clients that dribble are cut off."""

from __future__ import annotations

import json
import time
from functools import lru_cache
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import ErrorTask
from waitress.utilities import Error

from nkqa.serve.guard import SECURITY_HEADERS
from nkqa.serve.openai_errors import error_body, is_compatible
from nkqa.serve.problems import MEDIA_TYPE, problem_of_status

# Between two requests, and with an answer that the client does not read.
IDLE_TIMEOUT_S = 60.0
# Who has asked nothing for so long may have to make room for others.
SILENT_S = 2.0
# From the first byte of a request to the last of its headers, and to the last of its body.
HEADERS_TIMEOUT_S = 10.0
BODY_TIMEOUT_S = 30.0
# Under overload, the time after which it is worth trying again.
RETRY_AFTER_S = "2"


class _TooSlowError(Error):  # type: ignore[misc]  # waitress has no types
    code = 408
    reason = "Request Timeout"


class _ProblemTask(ErrorTask):  # type: ignore[misc]
    """Answer what no route sees (broken, too large, too slow or too many requests) like any other error."""

    def execute(self) -> None:
        # A request that is broken before its address is known has none.
        compatible = is_compatible(getattr(self.request, "path", ""))
        self.status, headers, content = _refusal(self.request.error.code, compatible)
        self.response_headers += headers
        self.set_close_on_finish()
        self.content_length = len(content)
        body = b"" if getattr(self.request, "command", "") == "HEAD" else content
        # A crowd is refused in the loop's thread, and each call to the system lets a thread that computes go first.
        self.wrote_header = True
        self.channel.write_soon(self.build_response_header() + body)


@lru_cache
def _refusal(code: int, compatible: bool) -> tuple[str, tuple[tuple[str, str], ...], bytes]:
    """Return status, headers and body of the answer to a request with an error."""
    body = problem_of_status(code)
    content = json.dumps(error_body(body) if compatible else body.model_dump()).encode()
    headers = {"Content-Type": "application/json" if compatible else MEDIA_TYPE, "Cache-Control": "no-store"}
    headers |= SECURITY_HEADERS
    if body.status == 503:
        headers["Retry-After"] = RETRY_AFTER_S
    return f"{body.status} {body.title}", tuple(headers.items()), content


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when it receives a request."""

    error_task_class = _ProblemTask
    request: Any  # the one that is being received, or None
    _receiving_since: float | None = None

    def received(self, data: bytes) -> Any:
        """Take what came, and note when a request began."""
        taken = super().received(data)
        if self.request is None:
            self._receiving_since = None
        elif self._receiving_since is None:
            self._receiving_since = time.time()
        return taken

    def refuse(self) -> bool:
        """Answer the first request, which has an error, in this thread, and close; call with `requests_lock`.

        Returns False, and does nothing, where an earlier answer is still being sent.
        """
        if self.total_outbufs_len:
            return False
        # It stays in its list, so that what follows on this connection is not taken for work.
        request = self.requests[0]
        try:
            self.error_task_class(self, request).service()
        except ClientDisconnected:
            self.logger.debug("a client has gone before it was refused")
        request.close()
        self.close_when_flushed = True  # not before: the loop may see it while a worker has yet to write
        return True

    def check_progress(self, now: float) -> None:
        """Refuse a request that dribbles, and close what stands still; the loop's thread calls it."""
        if self._receiving_since is not None and now - self._receiving_since > self._timeout_s:
            self._refuse_slow_request()
        elif self.last_activity < now - IDLE_TIMEOUT_S and (self.total_outbufs_len or not self.requests):
            # Not by the flag that waitress has for it: that waits until something can be sent.
            self.handle_close()

    def is_silent(self, now: float) -> bool:
        """Tell whether nothing is asked on this connection: it waits between two requests, or for a first one."""
        at_rest = not self.requests and self.request is None and not self.total_outbufs_len
        return at_rest and now - self.last_activity > SILENT_S

    @property
    def _timeout_s(self) -> float:
        whole_headers = self.request is not None and self.request.headers_finished
        return BODY_TIMEOUT_S if whole_headers else HEADERS_TIMEOUT_S

    def _refuse_slow_request(self) -> None:
        self._receiving_since = None
        with self.requests_lock:
            if self.requests:  # the one before is still being answered
                self.close_when_flushed = True
            elif self.request is not None:
                self.request.error = _TooSlowError("")
                self.requests.append(self.request)
                self.request = None
                self.server.add_task(self)

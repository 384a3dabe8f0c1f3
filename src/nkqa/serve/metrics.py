"""Counts and times in the text form of Prometheus. No label holds what a client wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0 as MEDIA_TYPE

from nkqa import __version__

__all__ = ["MEDIA_TYPE", "Metrics"]

# From a look at what is in memory to the longest question that is usually allowed.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
OTHER = "other"
NONE = "none"


class Metrics:
    """What one application counts, in a registry of its own: two applications in a process never mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests answered", "route", "method", "status")
        self._seconds = self._histogram(
            "request_duration_seconds", "From the request to the end of its response", "route"
        )
        self._questions = self._counter("questions", "Questions answered", "status", "reason", "kind")
        self._stages = self._histogram("question_stage_seconds", "Time of each stage of a question", "stage")
        self._rejected = self._counter("requests_rejected", "Requests refused and questions given up", "why")
        self.in_flight = Gauge("nkqa_requests_in_flight", "Requests being answered", registry=self.registry)
        build = Gauge("nkqa_build_info", "Version of nkqa", ["version"], registry=self.registry)
        build.labels(__version__).set(1)
        self._generation = Gauge("nkqa_index_info", "Index that answers", ["generation"], registry=self.registry)
        self._index_age = Gauge("nkqa_index_age_seconds", "Time since the index was opened", registry=self.registry)
        self._open_failed = Gauge(
            "nkqa_index_open_failed", "1 while a newer index cannot be opened, or none", registry=self.registry
        )

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"nkqa_{name}", what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, label: str) -> Histogram:
        return Histogram(f"nkqa_{name}", what, [label], buckets=SECONDS, registry=self.registry)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that has been answered; `route` is the pattern of its address, not the address."""
        self._requests.labels(route, method if method in METHODS else OTHER, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def question(self, answer: Mapping[str, Any]) -> None:
        """Count an answer, given as its JSON, and the times of its stages."""
        self._questions.labels(answer["status"], answer["reason"] or NONE, answer["kind"] or NONE).inc()
        for stage, ms in answer["timings_ms"].items():
            self._stages.labels(stage).observe(ms / 1000)

    def rejected(self, why: str) -> None:
        """Count a request that is refused or a question that is given up: overload, timeout or rate."""
        self._rejected.labels(why).inc()

    def index(self, generation: str | None, age_s: float, failed: bool) -> None:
        """Set which index answers, None for none, since when, and whether opening a newer one has failed."""
        self._generation.clear()
        if generation:
            self._generation.labels(generation).set(1)
        self._index_age.set(age_s)
        self._open_failed.set(failed)

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Add a gauge that is read whenever the metrics are."""
        Gauge(f"nkqa_{name}", what, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """Return all of it, as Prometheus reads it."""
        return generate_latest(self.registry)

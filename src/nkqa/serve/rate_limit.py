"""How often one client may call: a token bucket for each address, in bounded memory."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from cachetools import LRUCache
from flask import Flask, Response, request

from nkqa.serve.metrics import Metrics
from nkqa.serve.problems import problem, problem_response
from nkqa.serve.proxies import Address, client_address, trusted_networks
from nkqa.settings import Settings

RATE_LIMITED = "urn:nkqa:problem:rate-limit"
LIMITED_PREFIXES = ("/api/", "/v1/")
# Calls that a client may make at once after a rest: those of so many seconds.
BURST_S = 10.0
# An address that is forgotten starts with a full bucket, which is what it would have by then.
MAX_CLIENTS = 10_000
# What one subscriber of IPv6 gets is a network of this size, with all of its addresses.
_IPV6_SUBSCRIBER_BITS = 64


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


def _client(address: Address) -> IPv4Address | IPv6Network:
    if isinstance(address, IPv6Address):
        return IPv6Network((address, _IPV6_SUBSCRIBER_BITS), strict=False)
    return address


class RateLimiter:
    """Token buckets by client; thread-safe. A bucket holds what `per_minute` gives in BURST_S, and at least 1."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate_per_s = per_minute / 60
        self._capacity = max(1.0, self._rate_per_s * BURST_S)
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: LRUCache[IPv4Address | IPv6Network, _Bucket] = LRUCache(MAX_CLIENTS)

    def wait_s(self, address: Address) -> float:
        """Take a token, and return 0; or where there is none, return in how many seconds there will be."""
        now = self._clock()
        key = _client(address)
        with self._lock:
            bucket = self._buckets.get(key) or _Bucket(self._capacity, now)
            bucket.tokens = min(self._capacity, bucket.tokens + (now - bucket.at) * self._rate_per_s)
            bucket.at = now
            self._buckets[key] = bucket
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0.0
            return (1 - bucket.tokens) / self._rate_per_s


def register_rate_limit(app: Flask, settings: Settings, metrics: Metrics) -> None:
    """Answer 429 to a client that calls the interface too often; raises SettingsError for proxies that are none.

    This machine's own addresses are never limited: there, a proxy that is not declared would make all clients one.
    """
    trusted = trusted_networks(settings.trusted_proxies)
    if not settings.rate_limit:
        return
    limiter = RateLimiter(settings.rate_limit)

    def refuse_too_many() -> Response | None:
        if not request.path.startswith(LIMITED_PREFIXES):
            return None
        address = client_address(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""), trusted)
        if address is None or address.is_loopback:
            return None
        wait_s = limiter.wait_s(address)
        if not wait_s:
            return None
        metrics.rejected("rate")
        detail = f"More than {settings.rate_limit} requests a minute come from this address."
        body = problem(429, detail, "Wait for as long as Retry-After says, then ask again.", RATE_LIMITED)
        return problem_response(body, {"Retry-After": str(math.ceil(wait_s))})

    app.before_request(refuse_too_many)

"""How often one client may call, and which address is the client's."""

from __future__ import annotations

import threading
from ipaddress import ip_address

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from nkqa.errors import QuestionTimeoutError, SettingsError
from nkqa.serve import deadline, rate_limit
from nkqa.serve.app import create_app
from nkqa.serve.deadline import turn, with_deadline
from nkqa.serve.proxies import base_url, client_address, trusted_networks
from nkqa.serve.rate_limit import RateLimiter
from nkqa.settings import Settings

OUTSIDE = "203.0.113.7"


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


class NoEngines:
    """Nothing asked in these tests reaches an engine."""


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("10.0.0.1", "", "", "10.0.0.1"),
        ("10.0.0.1", OUTSIDE, "", "10.0.0.1"),  # a header that nobody trusted wrote
        ("10.0.0.1", OUTSIDE, "10.0.0.0/8", OUTSIDE),
        ("10.0.0.1", f"1.2.3.4, {OUTSIDE}", "10.0.0.0/8", OUTSIDE),  # the first was made up by the client
        ("10.0.0.1", f"{OUTSIDE}, 10.0.0.2", "10.0.0.0/8", OUTSIDE),  # two proxies
        ("10.0.0.1", "nonsense", "10.0.0.0/8", "10.0.0.1"),
        ("::ffff:10.0.0.1", OUTSIDE, "10.0.0.1", OUTSIDE),
        ("::1", "[2001:db8::1]", "::1", "2001:db8::1"),
        ("", OUTSIDE, "", None),
    ],
)
def test_client_address(peer, forwarded, trusted, client):
    found = client_address(peer, forwarded, trusted_networks(trusted))
    assert found == (ip_address(client) if client else None)


@pytest.mark.parametrize(
    ("peer", "forwarded", "url"),
    [
        ("10.0.0.1", "https", "https://ask.example.org/"),
        ("10.0.0.1", "http, HTTPS", "https://ask.example.org/"),
        ("10.0.0.1", "javascript", "http://ask.example.org/"),
        ("10.0.0.1", None, "http://ask.example.org/"),
        (OUTSIDE, "https", "http://ask.example.org/"),  # a header that nobody trusted wrote
        ("", "https", "http://ask.example.org/"),
    ],
)
def test_base_url(peer, forwarded, url):
    headers = {"Host": "ask.example.org"} | ({"X-Forwarded-Proto": forwarded} if forwarded else {})
    request = Request(EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": peer}).get_environ())
    assert base_url(request, trusted_networks("10.0.0.0/8")) == url


def test_proxies_that_are_none():
    with pytest.raises(SettingsError, match="trusted_proxies"):
        create_app(NoEngines(), Settings(trusted_proxies="proxy.local"))


def test_bucket_empties_and_fills_again():
    clock = Clock()
    limiter = RateLimiter(60, clock)
    one, other = ip_address(OUTSIDE), ip_address("203.0.113.8")
    assert [limiter.wait_s(one) for _ in range(11)] == [0.0] * 10 + [1.0]
    assert limiter.wait_s(other) == 0
    clock.now += 1
    assert [limiter.wait_s(one), limiter.wait_s(one)] == [0.0, 1.0]
    clock.now += 1000
    assert [limiter.wait_s(one) for _ in range(11)] == [0.0] * 10 + [1.0]


def test_addresses_of_one_network_of_ipv6_are_one_client():
    limiter = RateLimiter(6, Clock())
    assert limiter.wait_s(ip_address("2001:db8::1")) == 0
    assert limiter.wait_s(ip_address("2001:db8::2")) > 0
    assert limiter.wait_s(ip_address("2001:db8:0:1::1")) == 0


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(rate_limit, "MAX_CLIENTS", 5)
    limiter = RateLimiter(60, Clock())
    for number in range(50):
        limiter.wait_s(ip_address(number))
    assert len(limiter._buckets) == 5


def statuses(settings, peer, path, number, **headers):
    client = create_app(NoEngines(), settings).test_client()
    return [client.get(path, headers=headers, environ_base={"REMOTE_ADDR": peer}).status_code for _ in range(number)]


@pytest.mark.parametrize(
    ("limit", "peer", "path", "limited"),
    [
        (6, OUTSIDE, "/api/nothing", True),
        (0, OUTSIDE, "/api/nothing", False),
        (6, "127.0.0.1", "/api/nothing", False),
        (6, OUTSIDE, "/healthz", False),
    ],
)
def test_who_is_limited(limit, peer, path, limited):
    got = statuses(Settings(rate_limit=limit), peer, path, 3)
    assert (got[1:] == [429, 429]) is limited
    assert got[0] != 429


def test_limit_behind_a_proxy_is_the_clients():
    settings = Settings(rate_limit=6, trusted_proxies="127.0.0.1")
    forwarded = {"X-Forwarded-For": OUTSIDE}
    assert statuses(settings, "127.0.0.1", "/api/nothing", 3, **forwarded) == [404, 429, 429]


def test_refusal_says_when_to_come_back():
    client = create_app(NoEngines(), Settings(rate_limit=6)).test_client()
    for _ in range(2):
        response = client.get("/api/nothing", environ_base={"REMOTE_ADDR": OUTSIDE})
    assert response.headers["Retry-After"] == "10"
    assert response.mimetype == "application/problem+json"
    assert b'nkqa_requests_rejected_total{why="rate"} 1.0' in client.application.metrics.text()


def test_deadline():
    clock, stages = Clock(), []
    listener = with_deadline(stages.append, 5, clock)
    listener("question")
    clock.now += 6
    with pytest.raises(QuestionTimeoutError, match="question_timeout_s"):
        listener("search")
    assert stages == ["question", "search"]


def test_question_waits_for_its_turn_within_its_time(monkeypatch):
    monkeypatch.setattr(deadline, "_at_work", threading.BoundedSemaphore(1))
    with turn(1), pytest.raises(QuestionTimeoutError, match="question_timeout_s"), turn(0.01):
        raise AssertionError("two questions at work on one core")
    with turn(0.01):
        pass  # whose time was over has taken no turn with it

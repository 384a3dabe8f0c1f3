"""The description of the HTTP interface: no change goes unnoticed, and clients can be generated from it."""

from __future__ import annotations

import json
import os
import re

import pytest
from corpora import ROOT

from nkqa.ask.pipeline import EngineSource
from nkqa.serve import Services, create_app
from nkqa.serve.description import API_VERSION, VERSION_HEADER
from nkqa.settings import load_settings

SNAPSHOT = ROOT / "docs" / "openapi.json"
CHANGES = (ROOT / "docs" / "api-changelog.md").read_text(encoding="utf-8")
HTTP = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")


def described():
    """Return the description of a server with everything switched on; no index is opened for it."""
    settings = load_settings()
    services = Services(lambda *_: {}, lambda *_: None, lambda _: None, lambda *_: None)
    return create_app(EngineSource(settings), settings, services).api_doc


@pytest.fixture(scope="module")
def document():
    return described()


@pytest.fixture(scope="module")
def operations(document):
    return [(path, method, op) for path, item in document["paths"].items() for method, op in item.items()]


def as_text(document):
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def test_snapshot_is_the_interface(document):
    if os.environ.get("UPDATE_OPENAPI"):
        SNAPSHOT.write_text(as_text(document), encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == as_text(document), (
        "The interface changed: say so in docs/api-changelog.md, raise API_VERSION where decision 0013 says so, then "
        "run UPDATE_OPENAPI=1 python -m pytest tests/unit/test_openapi.py"
    )


def test_a_change_is_noticed(document):
    assert as_text(document).replace('"maxItems": 1000', '"maxItems": 999') != SNAPSHOT.read_text(encoding="utf-8")


def test_version_is_that_of_the_latest_change(document):
    assert document["info"]["version"] == API_VERSION
    assert re.search(r"^## (\S+)", CHANGES, re.MULTILINE)[1] == API_VERSION


def test_operations_are_fit_for_generated_clients(document, operations):
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids))
    assert [one for one in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)*", one)] == []
    areas = {tag["name"] for tag in document["tags"]}
    for path, _, operation in operations:
        assert set(operation["tags"]) <= areas
        assert operation["summary"].endswith("."), path
        assert "<br" not in operation.get("description", "")
        assert [one["name"] for one in operation.get("parameters", ()) if not one.get("description")] == [], path
    assert {operation["tags"][0] for _, _, operation in operations} == areas


def test_every_body_has_an_example(operations):
    for path, _, operation in operations:
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content.get("example"), path


def test_every_address_of_the_interface_tells_the_version(operations):
    for path, _, operation in operations:
        told = [VERSION_HEADER in response.get("headers", {}) for response in operation["responses"].values()]
        assert all(told) == path.startswith("/api/")


def test_every_failure_is_described_as_a_problem(operations):
    for path, _, operation in operations:
        form = "application/json" if path.startswith("/v1/") else "application/problem+json"
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == [form], (path, status)


def test_every_address_is_in_the_documentation(operations):
    named = {re.sub(r"<\w+>", "{}", path) for path in re.findall(r"`(?:[A-Z]+ )?(/[\w./<>-]+)`", HTTP)}
    assert {re.sub(r"{\w+}", "{}", path) for path, _, _ in operations} <= named

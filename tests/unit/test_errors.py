"""The error family: every error has an exit code that the help text explains, and a place in the HTTP error map."""

from __future__ import annotations

import re

import pytest

from nkqa import errors
from nkqa.errors import CorpusError, NkqaError, SettingsError
from nkqa.options import EXIT_CODES
from nkqa.serve.problems import on_nkqa_error

FAMILY = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, NkqaError)]
# What only the command line can meet: a server has read its settings, and never reads the corpus.
NOT_SERVED = {NkqaError, SettingsError, CorpusError}


def test_family_is_found():
    assert len(FAMILY) > 7


@pytest.mark.parametrize("kind", FAMILY)
def test_message_and_remedy_are_kept_apart(kind):
    error = kind("It broke.", "Mend it.")
    assert (error.message, error.remedy, str(error)) == ("It broke.", "Mend it.", "It broke. Mend it.")


def test_help_explains_every_exit_code():
    explained = {int(code) for code in re.findall(r"\b(\d+) ", EXIT_CODES)}
    assert {kind.exit_code for kind in FAMILY} | {0, 130} == explained


def test_help_says_the_same_as_the_documentation_of_the_errors():
    documented = " ".join((errors.__doc__ or "").split("\n\n")[1].split())
    promised = EXIT_CODES.removeprefix("Exit codes: ").removesuffix(", 130 interrupted.")
    assert promised in documented


@pytest.mark.parametrize("kind", [kind for kind in FAMILY if kind not in NOT_SERVED])
def test_http_says_what_happened_and_what_to_do(kind):
    response = on_nkqa_error(kind("It broke.", "Mend it."))
    body = response.get_json()
    assert response.mimetype == "application/problem+json"
    assert response.status_code == body["status"] < 600
    assert response.status_code != 500
    assert (body["detail"], body["remedy"]) == ("It broke.", "Mend it.")
    assert body["type"].startswith("urn:nkqa:problem:")
    assert ("Retry-After" in response.headers) == (response.status_code == 503)


@pytest.mark.parametrize("kind", sorted(NOT_SERVED, key=lambda kind: kind.__name__))
def test_http_keeps_an_error_it_should_not_meet_to_itself(kind):
    response = on_nkqa_error(kind("/home/operator/secret", "Mend it."))
    assert response.status_code == 500
    assert "secret" not in response.get_data(as_text=True)

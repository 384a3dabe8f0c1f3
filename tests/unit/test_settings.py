"""Settings: where a value comes from, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from nkqa.errors import SettingsError
from nkqa.settings import SETTINGS, Settings, load_settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder without nkqa.toml and without NKQA_* variables."""
    for name in [name for name in os.environ if name.upper().startswith("NKQA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_are_those_of_the_table():
    settings = load_settings()
    assert {line.name: line.default for line in SETTINGS} == {
        name: str(getattr(settings, name)) for name in Settings.model_fields
    }
    assert all(line.help for line in SETTINGS)


def test_flag_beats_variable_beats_file_beats_default(empty_folder, monkeypatch):
    (empty_folder / "nkqa.toml").write_text('port = 1\nhost = "file"\nthreads = 3\n', encoding="utf-8")
    monkeypatch.setenv("NKQA_PORT", "2")
    monkeypatch.setenv("NKQA_HOST", "variable")
    settings = load_settings(port=4, host=None)
    assert (settings.port, settings.host, settings.threads, settings.max_history) == (4, "variable", 3, 20)


def test_given_values_are_told_from_defaults(monkeypatch):
    assert "corpus_dir" not in load_settings().model_fields_set
    monkeypatch.setenv("NKQA_CORPUS_DIR", "corpus")
    assert "corpus_dir" in load_settings().model_fields_set


def test_frozen():
    with pytest.raises(ValidationError):
        load_settings().port = 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NKQA_PORT", "65536"),
        ("NKQA_PORT", "http"),
        ("NKQA_THREADS", "0"),
        ("NKQA_MIN_SUPPORT", "2"),
        ("NKQA_HOST", ""),
    ],
)
def test_bad_variable_is_named(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert variable.removeprefix("NKQA_").lower() in caught.value.message
    assert variable in caught.value.remedy
    assert caught.value.exit_code == 2


def test_unknown_variable_is_refused(monkeypatch):
    monkeypatch.setenv("NKQA_POTR", "8000")
    with pytest.raises(SettingsError, match="NKQA_POTR") as caught:
        load_settings()
    assert "NKQA_PORT" in caught.value.remedy


def test_unknown_key_in_the_file_is_refused(empty_folder):
    (empty_folder / "nkqa.toml").write_text("potr = 8000\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="potr"):
        load_settings()


@pytest.mark.parametrize("content", [b"port = ", b"port = 8000\nport = 8001\n", b'host = "\xff"\n'])
def test_broken_file_is_refused(empty_folder, content):
    (empty_folder / "nkqa.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"nkqa\.toml"):
        load_settings()

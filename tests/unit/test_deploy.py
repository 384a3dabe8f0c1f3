"""What nkqa is run with (lock, unit, container, the page about operating) fits the code."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from importlib import metadata

import pytest
from corpora import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from deploy import lock
from nkqa.cli import cli
from nkqa.settings import PREFIX, Settings

UNIT = (ROOT / "deploy" / "nkqa.service").read_text(encoding="utf-8")
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
DEPENDENCIES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
# What the build of torch for CUDA brings along.
CUDA = ("nvidia-", "triton", "cuda-")


def locked(text):
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[\w.]+", line)] == []
    return dict(line.split("==") for line in lines)


LOCK = locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def faults(versions):
    """Return what a lock lacks, and what is not within the bounds of the project."""
    found = []
    for line in DEPENDENCIES:
        one = Requirement(line)
        version = versions.get(canonicalize_name(one.name))
        if version is None or not one.specifier.contains(version):
            found.append(f"{line}: locked is {version}")
    for name, version in versions.items():
        # Of another version than this one's, nobody here knows what it needs.
        if Version(metadata.version(name)).public == version:
            found += [f"{name} needs {need}" for need in needs(name) if need not in versions]
    return found


def needs(name):
    required = [Requirement(line) for line in metadata.requires(name) or ()]
    names = {canonicalize_name(one.name) for one in required if lock.applies(one)}
    return {name for name in names if not name.startswith(CUDA)}


def test_lock_is_whole_and_within_the_bounds_of_the_project():
    assert faults(LOCK) == []
    assert len(LOCK) > 50


@pytest.mark.parametrize("change", [{"flask": None}, {"jinja2": None}, {"numpy": "1.26.4"}])
def test_fault_of_a_lock_is_noticed(change):
    changed = {name: version for name, version in {**LOCK, **change}.items() if version}
    assert faults(changed)


def test_lock_is_made_of_what_is_installed_and_holds_no_package_of_development():
    made = lock.needed(["flask>=3"])
    assert {"flask", "jinja2", "werkzeug", "markupsafe"} <= set(made)
    assert {"pytest", "ruff", "playwright", "hypothesis"} & set(LOCK) == set()


@pytest.mark.parametrize("text", [UNIT, CONTAINER, OPERATING], ids=["unit", "container", "operating"])
def test_settings_and_commands_that_are_named_exist(text):
    variables = set(re.findall(rf"\b{PREFIX}[A-Z_]+", text))
    assert {name.removeprefix(PREFIX).lower() for name in variables} <= set(Settings.model_fields)
    assert variables
    commands = set(re.findall(r"(?:bin/|`)nkqa ([a-z]+)", text))
    assert commands <= set(cli.commands)


def test_container_is_built_from_the_lock_and_runs_as_nobody_special():
    instructions = re.findall(r"^([A-Z]+) (.+)$", CONTAINER, re.MULTILINE)
    assert [value for name, value in instructions if name == "USER"] == ["10001"]
    names = [name for name, _ in instructions]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert {"HEALTHCHECK", "STOPSIGNAL"} <= set(names)
    installs = re.findall(r"pip install ([^&\n]+)", CONTAINER)
    assert all(line.startswith("--no-deps") for line in installs)
    assert any("--requirement requirements.lock" in line for line in installs)


def test_unit_leaves_time_to_stop_and_takes_rights_away():
    lines = dict(line.split("=", 1) for line in UNIT.splitlines() if re.match(r"[A-Z]\w+=", line))
    assert int(lines["TimeoutStopSec"]) > 10
    assert lines["NoNewPrivileges"] == "yes"
    assert lines["ProtectSystem"] == "strict"
    assert (lines["IPAddressDeny"], lines["CapabilityBoundingSet"]) == ("any", "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize(("added", "code"), [("", 0), ("ExecStart=nothing at all\n", 1)])
def test_unit_is_well_formed(tmp_path, added, code):
    unit = tmp_path / "nkqa.service"
    # The program need not be installed here.
    unit.write_text(UNIT.replace("/opt/nkqa/bin/nkqa", "/bin/true").replace("[Install]", f"{added}[Install]"))
    found = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)
    assert found.returncode == code, found.stderr

"""Help texts, and the commands that need no index: version, doctor."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from nkqa import __version__
from nkqa.cli import cli
from nkqa.doctor import DISTRIBUTIONS, PYTHON_VERSIONS
from nkqa.options import EXIT_CODES
from nkqa.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def nkqa(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            cli.main(list(arguments), prog_name="nkqa")
        printed = capsys.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


def test_version(nkqa):
    assert nkqa("--version") == (0, f"nkqa, version {__version__}\n", "")


def test_every_command_is_there(nkqa):
    names = {
        "build",
        "diff",
        "backup",
        "restore",
        "ask",
        "chat",
        "serve",
        "mcp",
        "evaluate",
        "facts",
        "audit",
        "verify",
        "check",
        "feedback",
        "doctor",
        "index",
    }
    assert set(cli.commands) == names
    _, out, _ = nkqa("--help")
    for name in cli.commands:
        assert re.search(rf"^  {name} .*\w\.$", out, re.MULTILINE), f"{name} has no short help in one line"


@pytest.mark.parametrize(
    "arguments", [[], *([name] for name in cli.commands)], ids=lambda names: names[0] if names else "nkqa"
)
def test_help_has_examples_and_exit_codes(nkqa, arguments):
    code, out, _ = nkqa(*arguments, "--help")
    assert code == 0
    assert EXIT_CODES in " ".join(out.split())
    examples = [line.strip() for line in out.partition("Examples:\n")[2].splitlines() if line.startswith("    nkqa ")]
    assert examples
    for example in examples:
        assert example.split()[1] in ({arguments[0]} if arguments else cli.commands)


def test_flags_take_their_help_from_the_settings_table(nkqa):
    out = " ".join(nkqa("serve", "--help")[1].split())
    for setting in SETTINGS:
        if setting.name in {"host", "port", "corpus_dir", "index_dir"}:
            assert f"{setting.help} [default: {setting.default}]" in out


@pytest.mark.parametrize(
    "arguments", [["bild"], ["ask"], ["ask", "a", "b"], ["serve", "--port", "http"], ["ask", "--hist"]]
)
def test_bad_usage(nkqa, arguments):
    code, out, err = nkqa(*arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_port_out_of_range(nkqa, port):
    code, out, err = nkqa("serve", "--port", port)
    assert (code, out) == (2, "")
    assert err.startswith("error: The setting 'port'")


def test_doctor_knows_the_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {re.split(r"[<>=~ ]", line)[0] for line in project["dependencies"]} == set(DISTRIBUTIONS)
    low, high = (f"{major}.{minor}" for major, minor in PYTHON_VERSIONS)
    assert project["requires-python"] == f">={low},<{high}"


@pytest.fixture
def doctor(nkqa, small_settings, tmp_path, monkeypatch):
    """Run `nkqa doctor` on a copy of the small index; gives exit code, stdout and stderr."""
    for name in [name for name in os.environ if name.startswith("NKQA_")]:
        monkeypatch.delenv(name)
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(small_settings.corpus_dir, corpus)
    shutil.copytree(small_settings.index_dir, index, ignore=shutil.ignore_patterns("models", ".*"))
    (index / "models").symlink_to(small_settings.index_dir.resolve() / "models")
    monkeypatch.chdir(tmp_path)
    return lambda *flags: nkqa("doctor", *flags)


@pytest.mark.model
def test_doctor_finds_everything_in_order(doctor, small_settings):
    code, out, err = doctor()
    assert (code, err) == (0, "")
    assert "PROBLEM" not in out
    assert "Everything is in order." in out
    assert "numpy " in out
    assert "model.safetensors, " in out
    assert "harbour-lights.txt: Harbour Lights of Vessmark" in out
    assert "is whole: 3 documents" in out


@pytest.mark.model
def test_doctor_says_where_settings_come_from(doctor, monkeypatch):
    Path("nkqa.toml").write_text("threads = 3\nport = 1\n", encoding="utf-8")
    monkeypatch.setenv("NKQA_PORT", "2")
    _, out, _ = doctor("--index-dir", "index")
    assert "threads = 3  (nkqa.toml)" in out
    assert "port = 2  (NKQA_PORT)" in out
    assert "index_dir = index  (flag)" in out
    assert "host = 127.0.0.1  (default)" in out


@pytest.mark.model
@pytest.mark.parametrize("kind", ["missing", "broken"])
def test_doctor_and_an_index_that_is_not_usable(doctor, kind):
    if kind == "missing":
        Path("index/CURRENT").unlink()
    else:
        next(Path("index").glob("*/vectors.npy")).write_bytes(b"")
    code, out, _ = doctor()
    assert code == 4
    assert re.search(r"^PROBLEM +index .*\n +do: .*nkqa build", out, re.MULTILINE)


@pytest.mark.model
def test_doctor_and_a_corpus_that_has_changed(doctor):
    Path("corpus/ferry.txt").write_text("The ferry is called Marigold.\n", encoding="utf-8")
    code, out, _ = doctor()
    assert code == 1
    assert "The corpus has changed" in out


@pytest.mark.model
def test_doctor_and_a_corpus_that_cannot_be_read(doctor):
    Path("corpus/empty.txt").touch()
    code, out, _ = doctor()
    assert code == 3
    assert re.search(r"^PROBLEM +corpus +empty\.txt", out, re.MULTILINE)
    assert "is whole" in out


@pytest.mark.model
def test_doctor_and_an_unknown_setting(doctor, monkeypatch):
    monkeypatch.setenv("NKQA_POTR", "1")
    code, out, _ = doctor()
    assert code == 2
    assert re.search(r"^PROBLEM +settings +NKQA_POTR", out, re.MULTILINE)
    assert "numpy " in out


@pytest.mark.model
def test_doctor_and_a_package_that_is_missing(doctor, monkeypatch):
    monkeypatch.setattr("nkqa.doctor.DISTRIBUTIONS", ("click", "no-such-package"))
    code, out, _ = doctor()
    assert code == 1
    assert re.search(r"^PROBLEM +package +no-such-package is not installed\n +do: ", out, re.MULTILINE)


@pytest.mark.model
def test_corpus_that_comes_with_nkqa_is_taken_where_there_is_none(doctor):
    shutil.rmtree("corpus")
    out = doctor()[1]
    assert "(comes with nkqa)" in out
    assert "north-korean-defectors.txt" in out
    Path("nkqa.toml").write_text('corpus_dir = "corpus"\n', encoding="utf-8")
    code, out, _ = doctor()
    assert code == 3
    assert "north-korean-defectors.txt" not in out

"""The examples of docs/clients.md and docs/mcp.md print what stands below them, against a real server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from corpora import ROOT

TIMEOUT_S = 60
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
EXAMPLE = r"^```(bash|python|javascript)\n(.*?)^```\n```text\n(.*?)^```"
EXAMPLES = re.findall(EXAMPLE, PAGE, re.MULTILINE | re.DOTALL)
BASE = "http://127.0.0.1:8000"


def run(language: str, code: str, folder: Path) -> str:
    name = {"bash": "example.sh", "python": "example.py", "javascript": "example.mjs"}[language]
    program = {"bash": "bash", "python": sys.executable, "javascript": Path(sys.executable).with_name("node")}[language]
    (folder / name).write_text(code, encoding="utf-8")
    result = subprocess.run([program, name], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_there_is_an_example_in_each_language() -> None:
    assert [language for language, _, _ in EXAMPLES] == ["bash", "python", "javascript"]
    assert len(re.findall(r"^```", PAGE, re.MULTILINE)) == 4 * len(EXAMPLES), "a block that is not run"


@pytest.mark.model
@pytest.mark.parametrize(("language", "code", "printed"), EXAMPLES, ids=[language for language, _, _ in EXAMPLES])
def test_example_prints_what_is_shown(server: str, tmp_path: Path, language: str, code: str, printed: str) -> None:
    if language == "bash" and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    assert BASE in code
    assert run(language, code.replace(BASE, server.rstrip("/")), tmp_path) == printed


@pytest.mark.model
def test_example_of_an_assistant_prints_what_is_shown(article_index: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    ((language, code, printed),) = re.findall(EXAMPLE, page, re.MULTILINE | re.DOTALL)
    # The source under test, whatever is installed; a client passes on few variables of its own.
    started = 'command="nkqa", args=["mcp"], env={"NKQA_INDEX_DIR": "/path/to/nkqa/index"}'
    assert started in code
    environment = {"NKQA_INDEX_DIR": str(article_index.resolve()), "PYTHONPATH": str(ROOT / "src")}
    here = f'command={sys.executable!r}, args=["-m", "nkqa", "mcp"], env={environment}'
    assert run(language, code.replace(started, here), tmp_path) == printed

"""`nkqa build`: what it builds, what it refuses, and that a refusal loses nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from nkqa.ask.pipeline import EngineSource
from nkqa.cli import cli

pytestmark = pytest.mark.model

TIMEOUT_S = 60


@pytest.fixture
def folders(small_settings, tmp_path):
    """A corpus and an index of their own, as flags; the exported model, which is large, is shared."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(small_settings.corpus_dir, corpus)
    shutil.copytree(small_settings.index_dir, index, ignore=shutil.ignore_patterns("models", ".*"))
    (index / "models").symlink_to(small_settings.index_dir.resolve() / "models")
    return corpus, index


@pytest.fixture
def build(folders, capsys):
    """Run `nkqa build` in this process; gives exit code, stdout and stderr."""

    def run(*arguments):
        corpus, index = folders
        with pytest.raises(SystemExit) as caught:
            cli.main(["build", "--corpus-dir", str(corpus), "--index-dir", str(index), *arguments], prog_name="nkqa")
        printed = capsys.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


def snapshot(folder):
    """Return name and content of every file but the shared model and the lock."""
    files = [path for path in folder.rglob("*") if path.is_file() and "models" not in path.parts]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if not path.name.startswith(".lock") and path.parent.name != "kept"
    }


def check_refused(build, folders, code, *words):
    """Check that the build fails with two lines, and that the index is what it was and still opens."""
    before = snapshot(folders[1])
    result = build()
    assert result[:2] == (code, ""), result
    first, second = result[2].splitlines()
    assert first.startswith("error: ")
    assert second.startswith("  do: ")
    assert [word for word in words if word not in result[2]] == []
    assert snapshot(folders[1]) == before
    assert before


def test_index_that_is_up_to_date_is_left_alone(build, folders):
    before = snapshot(folders[1])
    code, out, err = build()
    assert (code, err) == (0, "")
    assert "up to date: 3 documents" in out
    assert snapshot(folders[1]) == before


def test_new_document_is_built_in(build, folders, small_settings):
    corpus, index = folders
    (corpus / "ferry.txt").write_text("The ferry\n\nThe ferry to Skarholm is called Marigold.\n", encoding="utf-8")
    assert build("--check")[0] == 1
    code, out, _ = build()
    assert code == 0
    assert "built in" in out
    assert "4 documents" in out
    assert build("--check")[0] == 0
    settings = small_settings.model_copy(update={"index_dir": index})
    assert "Marigold" in EngineSource(settings).current().ask("What is the ferry to Skarholm called?").text


def test_force_builds_the_same_again(folders, tmp_path, small_settings):
    # In a process of its own: the model is exported anew, into a folder that no other test uses.
    corpus, index = folders
    (index / "models").unlink()
    before = snapshot(index)
    command = [sys.executable, "-m", "nkqa", "build", "--force", "--corpus-dir", str(corpus), "--index-dir", str(index)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=10 * TIMEOUT_S)
    assert (result.returncode, result.stderr) == (0, "")
    assert "built in" in result.stdout
    readable = [name for name in before if name.endswith(".jsonl")]
    assert readable
    after = snapshot(index)
    assert [name for name in readable if after[name] != before[name]] == []


def test_check_says_what_to_do(build, folders):
    assert build("--check")[0] == 0
    shutil.rmtree(folders[1])
    code, out, _ = build("--check")
    assert code == 1
    assert "missing" in out
    assert "do: nkqa build" in out
    assert not folders[1].exists()


def test_outline_shows_levels_counts_and_what_is_empty(build, folders):
    shutil.rmtree(folders[1])
    code, out, err = build("--outline")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert "harbour-lights.txt: Harbour Lights of Vessmark" in lines
    assert [line.split("  (")[0] for line in lines if line.startswith(("1   History", "2     Foundation"))] == [
        "1   History",
        "2     Foundation",
    ]
    assert "1 tables)" in next(line for line in lines if line.startswith("1   Statistics"))
    assert any(line.endswith("(empty)") for line in lines)
    assert any(line.startswith("ignored: characters ") for line in lines)
    totals = [line for line in lines if line.endswith("ignored regions")]
    assert len(totals) == 3
    assert not folders[1].exists()


def test_modes_exclude_each_other(build):
    code, out, err = build("--check", "--outline")
    assert (code, out) == (2, "")
    assert "exclude each other" in err


def test_other_files_are_named(build, folders):
    (folders[0] / "notes.odt").write_bytes(b"PK")
    code, _, err = build()
    assert code == 0
    assert "note: notes.odt" in err


def test_no_corpus(build, folders):
    folders[0].rename(folders[0].with_name("elsewhere"))
    check_refused(build, folders, 3, "--corpus-dir")


def test_empty_corpus(build, folders):
    shutil.rmtree(folders[0])
    folders[0].mkdir()
    check_refused(build, folders, 3, ".txt")


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("empty.txt", b"", "empty"),
        ("latin.txt", "Müller\n".encode("latin-1"), "UTF-8"),
        ("nul.txt", b"A text.\0\n", "NUL"),
        ("lamp-museum.toml", b"title = ", "sidecar"),
    ],
)
def test_file_that_cannot_be_read_is_named_and_the_rest_is_built(build, folders, name, data, word):
    (folders[0] / name).write_bytes(data)
    code, out, err = build()
    assert code == 0
    assert err.startswith("note: ")
    assert name in err
    assert word in err
    assert f"{2 if name.endswith('.toml') else 3} documents" in out


def test_folder_that_may_not_be_read(folders):
    corpus, index = folders
    (corpus / "more").mkdir()
    (corpus / "more" / "secret.txt").write_text("A secret.\n", encoding="utf-8")
    target = corpus / "more"
    before = snapshot(index)
    command = [sys.executable, "-m", "nkqa", "build", "--corpus-dir", str(corpus), "--index-dir", str(index)]
    target.chmod(0)
    try:
        result = subprocess.run([*without_privileges(), *command], capture_output=True, text=True, timeout=TIMEOUT_S)
    finally:
        target.chmod(0o700)
    assert (result.returncode, result.stdout) == (3, ""), result.stderr
    assert "more" in result.stderr
    assert "permission" in result.stderr.splitlines()[-1]
    assert snapshot(index) == before


def without_privileges():
    """Return a prefix that makes permissions bind even root: it takes away the right to overrule them."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("NOT TESTED: permissions do not bind root, and there is no setpriv to give that right up")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def test_text_cannot_give_orders_to_the_terminal(build, folders, capsys):
    corpus, index = folders
    text = "The ferry\n\nThe ferry to Skarholm is called \x1b]0;owned\x07Marigold\x1b[31m.\n"
    (corpus / "ferry.txt").write_text(text, encoding="utf-8")
    assert build()[0] == 0
    with pytest.raises(SystemExit):
        cli.main(["ask", "--index-dir", str(index), "What is the ferry to Skarholm called?"], prog_name="nkqa")
    out = capsys.readouterr().out
    assert "Marigold" in out
    assert r"\x1b]0;owned\x07" in out
    assert "\x1b" not in out

"""`nkqa backup` and `nkqa restore`: what comes back is what was there, and nothing else ever gets in."""

from __future__ import annotations

import gc
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from tiny_builds import build_tiny

from nkqa import backup, cli
from nkqa.store.answers import AnswerStore
from nkqa.store.feedback import FeedbackStore

TOKEN = "an-operators-token-for-tests"  # noqa: S105 (of a test)
SETTINGS = f'# ours\nport = 8080\noperator_token = "{TOKEN}"\nhost = "127.0.0.1"\n'


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in [name for name in os.environ if name.upper().startswith("NKQA_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """All that a backup keeps."""
    home = tmp_path_factory.mktemp("backup") / "home"
    (home / "corpus" / "deeper").mkdir(parents=True)
    (home / "corpus" / "lamps.txt").write_text("The first lamp was lit in 1907.\n", encoding="utf-8")
    (home / "corpus" / "lamps.toml").write_text('title = "Lamps"\n', encoding="utf-8")
    (home / "corpus" / "deeper" / "Fähre 배.md").write_text("# Ferry\n", encoding="utf-8")
    (home / "corpus" / ".hidden").write_text("x", encoding="utf-8")
    (home / "nkqa.toml").write_text(SETTINGS, encoding="utf-8")
    (home / "index").mkdir()
    answers = AnswerStore(home / "index", 10)
    answers.save("a1", {"answer": {"question": "Who?"}})
    FeedbackStore(home / "index", 10).save("a1", {"verdict": "right"})
    del answers
    gc.collect()  # a database that is closed late changes its file then
    return home


@pytest.fixture
def home(template, tmp_path, monkeypatch):
    """A working directory with all that a backup keeps."""
    shutil.copytree(template, tmp_path / "home", symlinks=True)
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


def nkqa(*arguments):
    result = CliRunner().invoke(cli.cli, list(map(str, arguments)))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def tree(folder: Path):
    return {str(path.relative_to(folder)): path.is_file() and path.read_bytes() for path in folder.rglob("*")}


@pytest.fixture
def kept(home):
    code, out = nkqa("backup", "../kept.tar.gz")
    assert (code, out) == (0, f"Kept 6 files, 3 of the corpus, {out.split()[7]} MiB, no index.\n"), out
    return home.parent / "kept.tar.gz"


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty working directory, to restore into."""

    def enter():
        (tmp_path / "empty").mkdir()
        monkeypatch.chdir(tmp_path / "empty")
        return tmp_path / "empty"

    return enter


def test_what_comes_back_is_what_was_there(home, kept, empty):
    assert kept.stat().st_mode & 0o777 == 0o600
    assert TOKEN.encode() not in gzip.decompress(kept.read_bytes())
    folder = empty()
    code, out = nkqa("restore", kept)
    assert code == 0, out
    expected = {name: content for name, content in tree(home / "corpus").items() if name != ".hidden"}
    assert tree(folder / "corpus") == expected
    assert (folder / "nkqa.toml").read_text("utf-8") == '# ours\nport = 8080\nhost = "127.0.0.1"\n'
    assert AnswerStore(folder / "index", 10).load("a1") == {"answer": {"question": "Who?"}}
    assert FeedbackStore(folder / "index", 10).all() == [{"verdict": "right"}]
    assert (folder / "index" / "answers.sqlite").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_nothing_is_replaced_unless_forced(home, kept):
    before = tree(home)
    for arguments in (("backup", kept), ("restore", kept)):
        code, out = nkqa(*arguments)
        assert (code, "--force" in out) == (2, True)
    assert tree(home) == before
    (home / "corpus" / "lamps.txt").write_text("Something else.\n", encoding="utf-8")
    (home / "corpus" / "more.txt").write_text("More.\n", encoding="utf-8")
    assert nkqa("restore", "--force", kept)[0] == 0
    assert (home / "corpus" / "lamps.txt").read_text("utf-8").startswith("The first lamp")
    assert not (home / "corpus" / "more.txt").exists()
    assert nkqa("backup", "--force", kept)[0] == 0


def test_token_that_cannot_be_taken_out_is_no_backup(home):
    (home / "nkqa.toml").write_text(f'operator_token = """\n{TOKEN}"""\n', encoding="utf-8")
    code, out = nkqa("backup", "../kept.tar.gz")
    assert (code, TOKEN in out) == (2, False)
    assert [path.name for path in home.parent.iterdir()] == ["home"]


def test_links_that_a_build_refuses_are_not_kept(home):
    (home / "secret.txt").write_text("of the operator", encoding="utf-8")
    corpus = home / "corpus"
    (corpus / "out.txt").symlink_to(home / "secret.txt")
    (corpus / "around").symlink_to(corpus)
    (corpus / "outside").symlink_to(home)
    (corpus / "same.txt").symlink_to("lamps.txt")
    assert nkqa("backup", "../kept.tar.gz")[0] == 0
    with tarfile.open(home.parent / "kept.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames() if name.startswith("corpus/")}
    assert names == {"lamps.txt", "lamps.toml", "same.txt", "deeper/Fähre 배.md"}


def test_token_that_is_there_stays(home, kept):
    (home / "nkqa.toml").write_text('operator_token = "a-newer-token-for-tests"\nport = 1\n', encoding="utf-8")
    assert nkqa("restore", "--force", kept)[0] == 0
    settings = tomllib.loads((home / "nkqa.toml").read_text("utf-8"))
    assert settings == {"operator_token": "a-newer-token-for-tests", "port": 8080, "host": "127.0.0.1"}


@pytest.mark.parametrize("failing", [("new",), ("new", "old")], ids=["put back", "kept"])
def test_old_documents_survive_a_move_that_fails(home, kept, monkeypatch, failing):
    expected, replace = tree(home / "corpus"), Path.replace

    def fail(source, target):
        if source.name in failing and Path(target).name == "corpus":
            raise OSError(5, "Input/output error")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", fail)
    code, out = nkqa("restore", "--force", kept)
    assert code == 2
    (there,) = [home / "corpus"] if len(failing) == 1 else home.glob(".nkqa-restore-*/old")
    assert tree(there) == expected
    assert len(failing) == 1 or str(there.relative_to(home)) in out
    assert not list(home.glob(".nkqa.toml.*"))


def rewritten(kept, change):
    """Write the archive again, as `change` makes it of its members and contents."""
    with tarfile.open(kept) as archive:
        members = [(one, archive.extractfile(one).read()) for one in archive]
    target = kept.with_name("hostile.tar.gz")
    with tarfile.open(target, "w:gz") as archive:
        for member, content in change(members):
            member.size = len(content) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(content))
    return target


def named(name, kind=tarfile.REGTYPE, link=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


def listed(members, name, content):
    """Let the manifest name a further file."""
    (first, text), *others = members
    manifest = json.loads(text)
    manifest["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return [(first, json.dumps(manifest).encode()), *others]


HOSTILE = {
    "changed": lambda members: [(one, text.replace(b"1907", b"1908")) for one, text in members],
    "missing": lambda members: members[:-1],
    "not named": lambda members: [*members, (named("corpus/x.txt"), b"x")],
    "twice": lambda members: [*members, members[1]],
    "no manifest": lambda members: members[1:],
    "manifest last": lambda members: [*members[1:], members[0]],
    "above": lambda members: [*listed(members, "../evil.txt", b"x"), (named("../evil.txt"), b"x")],
    "deep above": lambda members: [
        *listed(members, "corpus/../../evil.txt", b"x"), (named("corpus/../../evil.txt"), b"x")
    ],
    "absolute": lambda members: [*listed(members, "/evil-nkqa.txt", b"x"), (named("/evil-nkqa.txt"), b"x")],
    "elsewhere": lambda members: [*listed(members, "sitecustomize.py", b"x"), (named("sitecustomize.py"), b"x")],
    "link": lambda members: [
        *listed(members, "corpus/link", b""), (named("corpus/link", tarfile.SYMTYPE, "/etc"), b"")
    ],
    "hard link": lambda members: [
        *listed(members, "corpus/link", b""), (named("corpus/link", tarfile.LNKTYPE, "/etc/passwd"), b"")
    ],
    "device": lambda members: [*listed(members, "corpus/null", b""), (named("corpus/null", tarfile.CHRTYPE), b"")],
}  # fmt: skip


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("forced", [(), ("--force",)], ids=["", "forced"])
def test_hostile_archive_changes_nothing(home, kept, change, forced):
    before = tree(home.parent)
    hostile = rewritten(kept, change)
    code, out = nkqa("restore", *forced, hostile)
    assert code == 2, out
    hostile.unlink()
    assert tree(home.parent) == before
    assert not Path("/evil-nkqa.txt").exists()


def test_archive_as_it_is_would_be_restored(home, kept):
    assert nkqa("restore", "--force", rewritten(kept, lambda members: members))[0] == 0


@pytest.mark.parametrize("cut", [0, 20, 200, -100])
def test_archive_that_is_cut_changes_nothing(home, kept, cut):
    kept.write_bytes(kept.read_bytes()[:cut])
    before = tree(home)
    code, out = nkqa("restore", "--force", kept)
    assert (code, out.startswith("error: ")) == (2, True)
    assert tree(home) == before


def test_backup_does_not_say_where_it_goes(home, empty):
    (home / "corpus").rename(home / "texts")
    (home / "nkqa.toml").write_text('corpus_dir = "texts"\n', encoding="utf-8")
    assert nkqa("backup", "../kept.tar.gz")[0] == 0
    folder = empty()
    code, out = nkqa("restore", home.parent / "kept.tar.gz")
    assert (code, "--corpus-dir texts" in out, list(folder.iterdir())) == (2, True, [])
    assert nkqa("restore", "--corpus-dir", "texts", home.parent / "kept.tar.gz")[0] == 0
    assert (folder / "texts" / "lamps.txt").is_file()


@pytest.mark.model
def test_index_comes_back_ready_to_answer(tmp_path, model_home, empty, monkeypatch):
    (tmp_path / "built").mkdir()
    built = build_tiny(tmp_path / "built", model_home, "The first lamp of Skarholm was lit by Ada Berg in 1907.\n")
    monkeypatch.chdir(built)
    code, out = nkqa("backup", "--with-index", "../kept.tar.gz")
    generation = (built / "index" / "CURRENT").read_text()[:12]
    assert (code, f"index {generation}" in out) == (0, True)
    folder = empty()
    assert nkqa("restore", tmp_path / "kept.tar.gz")[0] == 0
    assert (folder / "index" / "CURRENT").read_text()[:12] == generation
    code, out = nkqa("ask", "Who lit the first lamp of Skarholm?")
    assert (code, "Ada Berg" in out) == (0, True)
    assert "up to date" in nkqa("build", "--check")[1]
    # An index that is there is replaced by force only, and damaged folders of the same name are replaced, too.
    shutil.rmtree(folder / "corpus")
    code, out = nkqa("restore", tmp_path / "kept.tar.gz")
    assert (code, "CURRENT" in out) == (2, True)
    with (folder / "index" / generation / "documents.jsonl").open("ab") as file:
        file.write(b"x")
    next((folder / "index" / "models").glob("*/model.json")).write_text("{}", encoding="utf-8")
    # Where the documents cannot be put in place, the index that answers is the one before.
    (folder / "index" / "CURRENT").write_text("before", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(backup, "_replace_folder", refuse)
        assert nkqa("restore", "--force", tmp_path / "kept.tar.gz")[0] == 2
    assert (folder / "index" / "CURRENT").read_text() == "before"
    assert nkqa("restore", "--force", tmp_path / "kept.tar.gz")[0] == 0
    assert "Ada Berg" in nkqa("ask", "Who lit the first lamp of Skarholm?")[1]


def refuse(*_):
    raise OSError(28, "No space left on device")

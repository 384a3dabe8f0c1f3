"""Building from bad input: the right error, the file's name, what to do, and an index that stays what it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_builds import build_tiny, settings_of, snapshot

from nkqa.ask.pipeline import Engine
from nkqa.build.pipeline import build, check, read_corpus
from nkqa.errors import CorpusError
from nkqa.types import Status

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 120
GOOD = "The lamps\n\nThe first lamp was lit in 1871. It burns oil.\n"
SHIPS = "The ships\n\nThe first ship came in 1840.\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory, model_home):
    """A tiny corpus with its index, built once; tests work on copies."""
    return build_tiny(tmp_path_factory.mktemp("tiny"), model_home, GOOD)


@pytest.fixture
def tiny(template, tmp_path):
    shutil.copytree(template, tmp_path / "tiny", symlinks=True)
    return settings_of(tmp_path / "tiny")


def still_answers(settings):
    answer = Engine.open(settings).ask("When was the first lamp lit?")
    return answer.status is Status.ANSWERED and "1871" in answer.text


def refused(settings, *words):
    """Check that build and check refuse with a CorpusError that holds the words, and that the index is what it was."""
    before = snapshot(settings.index_dir)
    for work in (build, check):
        with pytest.raises(CorpusError) as caught:
            work(settings)
        assert [word for word in words if word not in caught.value.message] == []
        assert len(caught.value.remedy) > 5
    assert snapshot(settings.index_dir) == before
    assert before
    assert still_answers(settings)
    return caught.value


def left_out(settings, *words):
    """Check that one problem holds the words, that the rest is built, and that a check says the same."""
    report = build(settings)
    (problem,) = report.problems
    assert [word for word in words if word not in problem] == []
    corpus = read_corpus(settings)
    assert corpus.problems == check(settings).problems == report.problems
    assert report.manifest.documents == len(corpus.documents)
    assert check(settings).current
    return corpus


# ------------------------------------------------------------------------------------------------------------ bad files


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.txt", b"", ["empty.txt is empty"]),
        ("blank.md", b" \r\n\t\n", ["blank.md is empty"]),
        ("mark.txt", b"\xef\xbb\xbf", ["mark.txt is empty"]),
        ("latin.txt", "One.\nMüller\n".encode("latin-1"), ["latin.txt", "not UTF-8", "line 2"]),
        ("utf16.md", "Müller".encode("utf-16"), ["utf16.md", "not UTF-8", "line 1"]),
        ("nul.txt", b"One.\n\nTwo\0\n", ["nul.txt", "NUL", "line 3"]),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0", ["picture.txt", "not UTF-8", "line 1"]),
        ("deep/er/latin.txt", b"\xff", ["deep/er/latin.txt"]),
        ("lamps.toml", b"title = ", ["lamps.toml", "lamps.txt", "cannot be read"]),
        ("lamps.toml", b'title = "\xff"', ["lamps.toml", "lamps.txt", "cannot be read"]),
        ("lamps.toml", b'licenze = "CC0"', ["lamps.toml", "'licenze'"]),
        ("lamps.toml", b"[heading_levels]\nNowhere = 2", ["lamps.txt", "'Nowhere'"]),
    ],
)
def test_bad_file_costs_only_itself(tiny, name, data, words):
    (tiny.corpus_dir / "ships.txt").write_text(SHIPS, encoding="utf-8")
    path = tiny.corpus_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    left_out(tiny, *words)


@pytest.mark.parametrize(("name", "data"), [("lamps.txt", b""), ("lamps.toml", b"title = ")])
def test_corpus_of_bad_files_only_is_refused(tiny, name, data):
    (tiny.corpus_dir / name).write_bytes(data)
    refused(tiny, name)


def test_link_that_leads_nowhere(tiny):
    (tiny.corpus_dir / "gone.txt").symlink_to("nowhere.txt")
    left_out(tiny, "gone.txt", "cannot be read")


@pytest.mark.parametrize("name", ["secret.txt", "lamps.toml", "folder"])
def test_link_that_leads_out_is_not_followed(tiny, name):
    (tiny.corpus_dir / "ships.txt").write_text(SHIPS, encoding="utf-8")
    outside = tiny.corpus_dir.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text('author = "The secret of the keeper is 4711."\n', encoding="utf-8")
    target = outside if name == "folder" else outside / "secret.txt"
    (tiny.corpus_dir / name).symlink_to(target)
    corpus = left_out(tiny, name, "leads out")
    assert not [one for one in corpus.documents if "4711" in one.text or one.source.author]


def test_link_around_the_folder_and_pipe_do_no_harm(tiny):
    (tiny.corpus_dir / "around").symlink_to(tiny.corpus_dir)
    (tiny.corpus_dir / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(tiny.corpus_dir / "pipe.txt")
    report = build(tiny)
    assert {problem.split(" ")[0] for problem in report.problems} == {"around", "loop.txt", "pipe.txt"}
    assert still_answers(tiny)


def test_link_inside_the_folder_is_followed(tiny):
    (tiny.corpus_dir / ".data").mkdir()
    (tiny.corpus_dir / "lamps.txt").rename(tiny.corpus_dir / ".data" / "lamps.txt")
    (tiny.corpus_dir / "lamps.txt").symlink_to(".data/lamps.txt")
    assert build(tiny).problems == ()


# ---------------------------------------------------------------------------------------------------------- bad folders


def test_absent_folder(tiny):
    tiny.corpus_dir.rename(tiny.corpus_dir.with_name("elsewhere"))
    error = refused(tiny, "There is no corpus folder", str(tiny.corpus_dir))
    assert "--corpus-dir" in error.remedy


def test_folder_that_is_a_file(tiny):
    shutil.rmtree(tiny.corpus_dir)
    tiny.corpus_dir.write_text(GOOD, encoding="utf-8")
    refused(tiny, "There is no corpus folder")


def test_empty_folder(tiny):
    shutil.rmtree(tiny.corpus_dir)
    tiny.corpus_dir.mkdir()
    error = refused(tiny, "There is no document in", str(tiny.corpus_dir))
    assert ".txt" in error.remedy


def test_only_foreign_and_hidden_files(tiny):
    (tiny.corpus_dir / "lamps.txt").rename(tiny.corpus_dir / ".lamps.txt")
    (tiny.corpus_dir / "lamps.odt").write_bytes(b"PK")
    (tiny.corpus_dir / "lamps.toml").write_text('title = "x"', encoding="utf-8")
    refused(tiny, "There is no document in")


@pytest.mark.parametrize("text", ["# Only\n\n## Headings\n", "***\n", "```\ncode\n```\n"])
def test_documents_without_text(tiny, text):
    (tiny.corpus_dir / "lamps.txt").unlink()
    (tiny.corpus_dir / "only.md").write_text(text, encoding="utf-8")
    refused(tiny, "hold no text")


def test_foreign_files_are_named_and_do_no_harm(tiny):
    (tiny.corpus_dir / "notes.odt").write_bytes(b"PK")
    (tiny.corpus_dir / "deep").mkdir()
    (tiny.corpus_dir / "deep" / "Makefile").write_bytes(b"\xff")
    (tiny.corpus_dir / ".DS_Store").write_bytes(b"\xff")
    report = build(tiny)
    assert not report.created
    assert [problem.split(" is ")[0] for problem in report.problems] == ["deep/Makefile", "notes.odt"]
    assert all(".txt, .md, .html" in problem for problem in report.problems)
    assert check(tiny).problems == report.problems


def test_documents_with_the_same_text_are_two(tiny):
    shutil.copy(tiny.corpus_dir / "lamps.txt", tiny.corpus_dir / "copy.txt")
    documents = read_corpus(tiny).documents
    assert [document.name for document in documents] == ["copy.txt", "lamps.txt"]
    assert len({document.id for document in documents}) == 2
    assert build(tiny).manifest.documents == 2
    assert still_answers(tiny)


# ---------------------------------------------------------------------------------------------------------- permissions

BUILDER = """
import sys
from nkqa.build.pipeline import build
from nkqa.errors import NkqaError
from nkqa.settings import load_settings
try:
    report = build(load_settings(corpus_dir=sys.argv[1], index_dir=sys.argv[2]))
    print(" ".join(report.problems), report.manifest.documents, sep="|")
except NkqaError as error:
    print(type(error).__name__, error.message, error.remedy, sep="|")
"""


def without_privileges():
    """Return a prefix that makes permissions bind even root: it takes away the right to overrule them."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("NOT TESTED: permissions do not bind root, and there is no setpriv to give that right up")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def build_locked(settings, locked):
    """Build without privileges while `locked` has no permissions; return what it says."""
    command = [*without_privileges(), sys.executable, "-c", BUILDER, str(settings.corpus_dir), str(settings.index_dir)]
    mode = locked.stat().st_mode
    locked.chmod(0)
    try:
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
    finally:
        locked.chmod(mode)
    assert result.returncode == 0, result.stderr
    assert result.stdout, "built in spite of missing permission"
    return result.stdout.strip().split("|")


@pytest.mark.parametrize(
    ("locked", "named"),
    [
        ("corpus/deep", "corpus/deep"),
        ("corpus", "corpus"),
        ("outer", "corpus"),
    ],
)
def test_what_may_not_be_read_is_named(tiny, locked, named):
    deep = tiny.corpus_dir / "deep"
    deep.mkdir()
    (deep / "secret.txt").write_text(GOOD, encoding="utf-8")
    (deep / "secret.toml").write_text('title = "Secret"', encoding="utf-8")
    settings = tiny
    if locked == "outer":
        outer = tiny.corpus_dir.with_name("outer")
        outer.mkdir()
        tiny.corpus_dir.rename(outer / "corpus")
        settings = tiny.model_copy(update={"corpus_dir": outer / "corpus"})
    before = snapshot(tiny.index_dir)
    error, message, remedy = build_locked(settings, tiny.corpus_dir.parent / locked)
    assert error == "CorpusError"
    assert named in message
    assert "cannot be read" in message
    assert remedy
    assert snapshot(tiny.index_dir) == before
    assert still_answers(tiny)


@pytest.mark.parametrize("name", ["deep/secret.txt", "deep/secret.toml"])
def test_file_that_may_not_be_read_costs_only_itself(tiny, name):
    (tiny.corpus_dir / "deep").mkdir()
    (tiny.corpus_dir / "deep" / "secret.txt").write_text(GOOD, encoding="utf-8")
    (tiny.corpus_dir / "deep" / "secret.toml").write_text('title = "Secret"', encoding="utf-8")
    problems, documents = build_locked(tiny, tiny.corpus_dir / name)
    assert Path(name).name in problems
    assert "cannot be read" in problems
    assert documents == "1"


def test_index_that_may_not_be_written_is_named(tiny):
    (tiny.corpus_dir / "more.txt").write_text(GOOD, encoding="utf-8")
    before = snapshot(tiny.index_dir)
    error, message, remedy = build_locked(tiny, tiny.index_dir)
    assert error == "CorpusError"
    assert f"The index folder {tiny.index_dir} cannot be written: Permission denied." in message
    assert "--index-dir" in remedy
    assert snapshot(tiny.index_dir) == before
    assert still_answers(tiny)


# -------------------------------------------------------------------------------------------------------------- corpora


def test_small_corpus_is_built_whole(small_settings):
    documents = read_corpus(small_settings).documents
    assert [document.name for document in documents] == ["fog-signals.md", "harbour-lights.txt", "lamp-museum.txt"]
    report = build(small_settings)
    assert (report.created, report.manifest.documents, report.problems) == (False, 3, ())


def test_article_index_has_every_passage_and_nothing_of_the_trailer(article_settings, article):
    engine = Engine.open(article_settings)
    assert engine.documents == (article,)
    manifest = engine.manifest
    assert 295 <= manifest.passages <= 310
    assert manifest.views > 2 * manifest.passages
    for question in ("Uma Thurman", "2024 Formula One World Championship", "trending searches"):
        assert not any(
            "Uma Thurman" in hit.passage.text or "Trending" in hit.passage.text for hit in engine.search(question)
        )


def test_asking_loads_no_builder_and_changes_nothing(tiny):
    code = "import sys; from nkqa.ask.pipeline import Engine; from nkqa.settings import load_settings\n"
    code += "print(Engine.open(load_settings(index_dir=sys.argv[1])).ask('When was the first lamp lit?').text)\n"
    code += (
        "heavy = ('torch', 'sentence_transformers', 'transformers', 'nltk', 'sklearn', 'markdown_it', 'nkqa.build')\n"
    )
    code += "print([name for name in heavy if name in sys.modules])"
    before = snapshot(tiny.index_dir)
    result = subprocess.run(
        [sys.executable, "-c", code, str(tiny.index_dir)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert result.returncode == 0, result.stderr
    text, loaded = result.stdout.splitlines()
    assert "1871" in text
    assert loaded == "[]"
    assert snapshot(tiny.index_dir) == before

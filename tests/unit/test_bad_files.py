"""One bad file of a corpus costs itself only: its name, its size, its sidecar, its headings, its time of writing."""

from __future__ import annotations

import os
import time

import pytest

from nkqa.build import document, pipeline
from nkqa.build.document import read_document
from nkqa.build.fingerprint import key_of
from nkqa.build.formats.extracted import MEBIBYTE
from nkqa.errors import CorpusError
from nkqa.settings import load_settings

GOOD = "The lamps\n\nThe first lamp was lit in 1871.\n"


@pytest.fixture
def corpus(tmp_path):
    """The settings of a corpus that holds one good file."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "good.txt").write_text(GOOD)
    return load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index", max_file_mib=1)


def problems(settings):
    """Return what is said about the files, once it is sure that the good one is read in both ways."""
    found = pipeline.read_corpus(settings)
    assert [made.name for made in found.documents] == ["good.txt"]
    said = pipeline.check(settings).problems
    assert said == found.problems
    return said


@pytest.mark.parametrize("name", [b"l\xe4mp.txt", b"l\xe4mp.jpg", b"l\xe4mp/a.md"])
def test_a_name_that_is_not_utf8_is_told_escaped(corpus, name):
    path = corpus.corpus_dir / os.fsdecode(name)
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(GOOD)
    except OSError:
        pytest.skip("this file system takes no such name")
    (said,) = problems(corpus)
    assert r"l\xe4mp" in said
    assert "is not read" in said
    said.encode()


@pytest.mark.parametrize("nested", ["a = " + "[" * 100_000, "a = " + "{a = " * 50_000])
def test_a_sidecar_that_is_nested_too_deeply(corpus, nested):
    (corpus.corpus_dir / "deep.txt").write_text(GOOD)
    (corpus.corpus_dir / "deep.toml").write_text(nested)
    (said,) = problems(corpus)
    assert said.startswith("The sidecar deep.toml of deep.txt cannot be read")


@pytest.mark.parametrize(("name", "sidecar"), [("a.txt", ""), ("a.md", ""), ("a.html", ""), ("a.txt", "a.toml")])
def test_what_is_too_large_is_never_read(corpus, monkeypatch, name, sidecar):
    (corpus.corpus_dir / name).write_text(GOOD)
    with (corpus.corpus_dir / (sidecar or name)).open("ab") as file:
        file.truncate(MEBIBYTE + 1)
    read = []

    def key(path, inner):
        read.append(inner)
        return key_of(path, inner)

    monkeypatch.setattr(pipeline, "key_of", key)
    (said,) = problems(corpus)
    assert said.startswith(f"{sidecar or name} is larger than 1,048,576 bytes.")
    assert name not in read


def test_a_file_that_is_saved_while_it_is_read_is_read_again(corpus, monkeypatch):
    texts = iter(["One lamp.\n", "Two lamps.\n"])

    def reading(path, name, sandbox):
        made = read_document(path, name, sandbox)
        path.write_text(next(texts, path.read_text()))
        return made

    monkeypatch.setattr(pipeline, "read_document", reading)
    (work,), said = pipeline._gather(corpus, None, lambda *_: None)
    assert (work.analysis.document.text, said) == ("Two lamps.\n", ())
    assert work.key == key_of(corpus.corpus_dir / "good.txt", "good.txt")


def test_a_file_that_never_stands_still_is_left_out(corpus, monkeypatch):
    changing = corpus.corpus_dir / "log.txt"
    changing.write_text("0 lamps.\n")
    reads = []

    def reading(path, name, sandbox):
        made = read_document(path, name, sandbox)
        if path == changing:
            reads.append(name)
            path.write_text(f"{len(reads)} lamps.\n")
        return made

    monkeypatch.setattr(pipeline, "read_document", reading)
    works, (said,) = pipeline._gather(corpus, None, lambda *_: None)
    assert [work.analysis.document.name for work in works] == ["good.txt"]
    assert said.startswith("log.txt is being written.")
    assert len(reads) == 3


@pytest.mark.parametrize(("given", "seconds"), [(0.5, 1), (5.0, 5), (30.5, 31)])
def test_the_time_of_a_file_is_that_of_the_processor_too(corpus, monkeypatch, given, seconds):
    seen = []
    original = pipeline.Sandbox
    monkeypatch.setattr(pipeline, "Sandbox", lambda limits: seen.append(limits) or original(limits))
    pipeline.read_corpus(corpus.model_copy(update={"file_timeout_s": given}))
    assert [(limits.wall_s, limits.cpu_s) for limits in seen] == [(given, seconds)]


def test_a_document_of_too_many_headings_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(document, "MOST_HEADINGS", 20)
    path = tmp_path / "many.md"
    path.write_text("# A\n" * 20)
    assert len(document.read_document(path, path.name).sections) == 21
    path.write_text("# A\n" * 21)
    with pytest.raises(CorpusError, match=r"many\.md has more than 20 headings"):
        document.read_document(path, path.name)


def test_thousands_of_headings_take_seconds(tmp_path):
    path = tmp_path / "long.md"
    path.write_text("".join(f"{'#' * (1 + place % 4)} Lamp {place}\n\nIt is lit.\n\n" for place in range(6000)))
    started = time.process_time()
    assert len(document.read_document(path, path.name).sections) == 6001
    # It takes 2 s, and took 40 s when each heading looked at all others.
    assert time.process_time() - started < 12

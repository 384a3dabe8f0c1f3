"""Incremental builds: the bytes of a full one, only the work for what changed; going back, clearing away."""

from __future__ import annotations

import errno
import re
import shutil
import subprocess

import pytest
from tiny_builds import build_tiny, settings_of

from nkqa.ask.pipeline import Engine
from nkqa.build import pipeline
from nkqa.build.document import read_document
from nkqa.cli import cli
from nkqa.errors import CorpusError, NoIndexError
from nkqa.store.generation import generation_ids, open_best, open_current
from nkqa.store.pointer import current_id
from nkqa.store.reuse import KEPT_DIR, KeptWork

pytestmark = pytest.mark.model

LAMPS = "The lamps\n\nThe first lamp was lit in 1871. It burns oil, and it is green.\n"
BUOYS = "The buoys\n\nThere are 42 buoys. In 1902 a storm took 7 of them.\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory, model_home):
    return build_tiny(tmp_path_factory.mktemp("reuse"), model_home, LAMPS)


@pytest.fixture
def tiny(template, tmp_path):
    shutil.copytree(template, tmp_path / "tiny", symlinks=True)
    return settings_of(tmp_path / "tiny")


def write(settings, name, text):
    (settings.corpus_dir / name).write_text(text, encoding="utf-8")


def whole(settings):
    """Return the bytes of each file of the generation that answers."""
    folder = settings.index_dir / current_id(settings.index_dir)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def afresh(settings, folder):
    """Build the same corpus from nothing."""
    shutil.copytree(settings.corpus_dir, folder / "corpus")
    (folder / "index").mkdir(parents=True)
    (folder / "index" / "models").symlink_to((settings.index_dir / "models").resolve())
    fresh = settings_of(folder)
    pipeline.build(fresh)
    return whole(fresh)


@pytest.fixture
def read(monkeypatch):
    """Return the names of the documents that are read, as they are read."""
    names = []

    def reading(path, name, sandbox):
        names.append(name)
        return read_document(path, name, sandbox)

    monkeypatch.setattr(pipeline, "read_document", reading)
    return names


def test_changed_added_and_deleted_documents_give_the_bytes_of_a_full_build(tiny, tmp_path, read):
    write(tiny, "buoys.txt", BUOYS)
    write(tiny, "rafts.md", "# The rafts\n\n- ten rafts\n- 12 oars\n")
    write(tiny, "rafts.toml", 'trust = "low"\n')
    report = pipeline.build(tiny)
    assert (report.reused, read) == (1, ["buoys.txt", "rafts.md"])
    assert whole(tiny) == afresh(tiny, tmp_path / "one")

    read.clear()
    write(tiny, "buoys.txt", BUOYS.replace("42", "43"))
    assert (pipeline.build(tiny).reused, read) == (2, ["buoys.txt"])
    assert whole(tiny) == afresh(tiny, tmp_path / "two")

    (tiny.corpus_dir / "lamps.txt").unlink()
    read.clear()
    assert (pipeline.build(tiny).reused, read) == (2, [])
    made = whole(tiny)
    assert made == afresh(tiny, tmp_path / "three")
    assert not any(b"first lamp" in data for data in made.values())


def test_sidecar_and_name_are_part_of_the_work(tiny, read):
    write(tiny, "lamps.toml", 'title = "Of lamps"\n')
    assert (pipeline.build(tiny).reused, read) == (0, ["lamps.txt"])
    (tiny.corpus_dir / "lamps.txt").rename(tiny.corpus_dir / "lights.txt")
    assert (pipeline.build(tiny).reused, read) == (0, ["lamps.txt", "lights.txt"])


def test_force_and_other_code_reuse_nothing(tiny, read, monkeypatch):
    monkeypatch.setattr("nkqa.store.encoder_export.export_encoder", lambda folder: None)
    assert (pipeline.build(tiny, force=True).reused, read) == (0, ["lamps.txt"])
    write(tiny, "buoys.txt", BUOYS)
    monkeypatch.setattr("nkqa.build.fingerprint._code", lambda: "other code")
    assert (pipeline.build(tiny).reused, read) == (0, ["lamps.txt", "buoys.txt", "lamps.txt"])


@pytest.mark.parametrize("place", [0, 70, -1])
def test_damaged_kept_work_is_done_again(tiny, tmp_path, read, place):
    (kept,) = (tiny.index_dir / KEPT_DIR).iterdir()
    data = bytearray(kept.read_bytes())
    data[place] ^= 1
    kept.write_bytes(data)
    write(tiny, "buoys.txt", BUOYS)
    assert (pipeline.build(tiny).reused, read) == (0, ["buoys.txt", "lamps.txt"])
    assert whole(tiny) == afresh(tiny, tmp_path / "afresh")


def test_kept_work_is_bounded(tiny):
    for number in range(40):
        write(tiny, "buoys.txt", BUOYS.replace("42", str(100 + number)))
        works, _ = pipeline._gather(tiny, None, lambda *_: None)
        for work in works:
            KeptWork(tiny.index_dir).save(work.key, work.analysis, _no_vectors(work))
    pipeline.build(tiny)
    assert len(list((tiny.index_dir / KEPT_DIR).iterdir())) == 2 + 2 + 16


def _no_vectors(work):
    import numpy as np

    return np.zeros((len(work.analysis.views), 384), dtype=np.float32)


# --------------------------------------------------------------------------------------------------------- going back


@pytest.fixture
def nkqa(tiny, capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            cli.main([*arguments, "--index-dir", str(tiny.index_dir), "--corpus-dir", str(tiny.corpus_dir)])
        printed = capsys.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


def test_rollback_and_back_again(tiny, nkqa):
    first = current_id(tiny.index_dir)
    write(tiny, "buoys.txt", BUOYS)
    second = pipeline.build(tiny).manifest.generation
    assert re.findall(r"^(\w+) +(answers)?", nkqa("index", "list")[1], re.MULTILINE) == [
        (second, "answers"),
        (first, ""),
    ]
    assert nkqa("index", "rollback") == (0, f"Generation {first} answers.\n", "")
    assert generation_ids(tiny.index_dir) == [first, second]
    open_current(tiny.index_dir).close()
    assert nkqa("index", "rollback", second)[0] == 0
    assert current_id(tiny.index_dir) == second
    code, _, err = nkqa("index", "rollback", "0123456789ab")
    assert (code, "no generation 0123456789ab" in err) == (NoIndexError.exit_code, True)


def test_nobody_goes_back_to_what_is_damaged(tiny, nkqa):
    first = current_id(tiny.index_dir)
    write(tiny, "buoys.txt", BUOYS)
    second = pipeline.build(tiny).manifest.generation
    (tiny.index_dir / first / "facts.sqlite").write_bytes(b"x")
    code, out, _ = nkqa("index", "verify")
    assert (code, out.splitlines()) == (
        4,
        [f"{second}  whole", f"{first}  The index {first} cannot be used: facts.sqlite is damaged."],
    )
    code, _, err = nkqa("index", "rollback")
    assert (code, "facts.sqlite is damaged" in err) == (4, True)
    assert current_id(tiny.index_dir) == second


def test_gc_keeps_what_answers(tiny, nkqa):
    shutil.copytree(tiny.index_dir / current_id(tiny.index_dir), tiny.index_dir / "0123456789ab")
    (tiny.index_dir / ".building-0123456789ab").mkdir()
    assert nkqa("index", "gc")[:2] == (0, "Removed: 1 generations, 1 leftovers, and the kept work of builds.\n")
    assert generation_ids(tiny.index_dir) == [current_id(tiny.index_dir)]
    assert not (tiny.index_dir / KEPT_DIR).exists()
    open_current(tiny.index_dir).close()


def test_generation_before_answers_where_the_newest_is_damaged(tiny):
    first = current_id(tiny.index_dir)
    write(tiny, "buoys.txt", BUOYS)
    second = pipeline.build(tiny).manifest.generation
    (tiny.index_dir / second / "vectors.npy").write_bytes(b"x")
    generation, problem = open_best(tiny.index_dir)
    generation.close()
    assert generation.manifest.generation == first
    assert f"The index {second} cannot be used: vectors.npy is damaged." in str(problem)


def test_work_that_cannot_be_kept_costs_nothing_else(tiny):
    shutil.rmtree(tiny.index_dir / KEPT_DIR)
    (tiny.index_dir / KEPT_DIR).write_text("in the way", encoding="utf-8")
    write(tiny, "buoys.txt", BUOYS)
    assert pipeline.build(tiny).created
    assert "42" in Engine.open(tiny).ask("How many buoys are there?").text


def test_what_is_kept_is_not_in_the_way_where_the_disk_is_full(tiny, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    write(tiny, "buoys.txt", BUOYS)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "publish", full)
        with pytest.raises(CorpusError, match="No space left"):
            pipeline.build(tiny)
    assert not (tiny.index_dir / KEPT_DIR).exists()
    assert pipeline.build(tiny).created


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 400 KB, where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_disk_of_400_kb_that_is_full(tiny, small_disk):
    shutil.copytree(tiny.index_dir, small_disk / "index", symlinks=True)
    own = tiny.model_copy(update={"index_dir": small_disk / "index"})
    before = whole(own)
    lamps = (f"The lamp of pier {number} was lit in {1800 + number % 100}." for number in range(600))
    write(own, "more.txt", "More lamps\n\n" + "\n\n".join(lamps) + "\n")
    with pytest.raises(CorpusError, match="cannot be written"):
        pipeline.build(own)
    assert whole(own) == before
    (own.corpus_dir / "more.txt").unlink()
    write(own, "buoys.txt", "The buoys\n\nThere are 42 buoys.\n")
    assert pipeline.build(own).created
    assert not list(own.index_dir.glob(".building-*"))

"""Generations on disk: the same in, the same out; damage is refused and mended; nobody ever sees half of one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tiny_builds import build_tiny, settings_of, snapshot

import nkqa
from nkqa.build import analyse
from nkqa.build.pipeline import build, check
from nkqa.errors import BrokenIndexError, BuildInProgressError, CorpusError, NoIndexError
from nkqa.store.draft import FORMAT
from nkqa.store.encoder import MODEL_SHA256
from nkqa.store.generation import open_current, open_folder
from nkqa.store.lock import build_lock
from nkqa.store.pointer import current_id, folder_stamp
from nkqa.store.reuse import KeptWork
from nkqa.store.tier import TIER_FILES
from nkqa.text.terms import terms

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 120
TEXT = "The lamps\n\nThe first lamp was lit in 1871. It burns oil, and it is green.\n\nKit\n\n• two rafts\n• coffee\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory, model_home):
    """A tiny corpus with its index, built once; tests work on copies."""
    return build_tiny(tmp_path_factory.mktemp("tiny"), model_home, TEXT)


@pytest.fixture
def tiny(template, tmp_path):
    """Settings of a corpus and an index of the test's own."""
    return settings_of(copy(template, tmp_path / "tiny"))


def copy(template, folder):
    shutil.copytree(template, folder, symlinks=True)
    return folder


def write(settings, name, text):
    path = settings.corpus_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def generations(settings):
    return {path.parent.name for path in settings.index_dir.glob("*/manifest.json")}


def folder_of(settings):
    return settings.index_dir / current_id(settings.index_dir)


def opens(settings):
    try:
        open_current(settings.index_dir).close()
    except BrokenIndexError:
        return False
    return True


def finds_green(settings):
    """Tell whether the index opens and is searched with success."""
    generation = open_current(settings.index_dir)
    found = generation.tiers[0].lexical.search(terms("green"), 5)
    generation.close()
    return "green" in generation.tiers[0].passages[next(iter(found))].text


# -------------------------------------------------------------------------------------------------- the same in and out


def test_same_corpus_gives_the_same_bytes(template, tmp_path, tiny):
    fresh = settings_of(tmp_path / "elsewhere" / "deep")
    shutil.copytree(template / "corpus", fresh.corpus_dir)
    os.utime(fresh.corpus_dir / "lamps.txt", (0, 0))
    fresh.index_dir.mkdir()
    (fresh.index_dir / "models").symlink_to((template / "index" / "models").resolve())
    build(fresh)
    assert current_id(fresh.index_dir) == current_id(tiny.index_dir)
    for name in (*TIER_FILES, "manifest.json"):
        assert (folder_of(fresh) / name).read_bytes() == (folder_of(tiny) / name).read_bytes(), name


def test_words_have_an_order_that_no_hash_seed_changes(tiny):
    ids = set()
    for seed in ("1", "2"):
        code = "import sys; from nkqa.build.pipeline import check; from nkqa.settings import load_settings\n"
        code += "print(check(load_settings(corpus_dir=sys.argv[1], index_dir=sys.argv[2])).expected)"
        result = run_python(code, tiny.corpus_dir, tiny.index_dir, PYTHONHASHSEED=seed)
        assert result.returncode == 0, result.stderr
        ids.add(result.stdout.strip())
    assert ids == {current_id(tiny.index_dir)}


def test_no_path_and_no_clock_in_a_generation(tiny):
    for path in folder_of(tiny).iterdir():
        data = path.read_bytes()
        for word in (str(tiny.index_dir.parent), str(ROOT), "/tmp", os.uname().nodename, time.strftime("%Y-%m-%d")):  # noqa: S108
            assert word.encode() not in data, (path.name, word)
    manifest = json.loads((folder_of(tiny) / "manifest.json").read_bytes())
    assert set(manifest) == {
        *(
            "generation",
            "format",
            "nkqa",
            "model",
            "model_sha256",
            "reader",
            "reader_sha256",
            "dimensions",
            "documents",
            "tiers",
            "passages",
            "views",
            "files",
        )
    }


def test_readable_files_are_readable(tiny):
    documents = [json.loads(line) for line in (folder_of(tiny) / "documents.jsonl").read_text("utf-8").splitlines()]
    assert [(document["name"], document["text"]) for document in documents] == [("lamps.txt", TEXT)]
    passages = [json.loads(line) for line in (folder_of(tiny) / "passages.jsonl").read_text("utf-8").splitlines()]
    assert [passage["text"] for passage in passages] == [
        "The first lamp was lit in 1871.",
        "It burns oil, and it is green.",
        "two rafts",
        "coffee",
    ]
    assert all(p["text"] == TEXT[p["span"]["start"] : p["span"]["end"]] for p in passages)


def test_manifest_counts(tiny):
    generation = open_current(tiny.index_dir)
    manifest = generation.manifest
    assert (manifest.documents, manifest.passages, manifest.dimensions) == (1, 4, 384)
    assert generation.tiers[0].vectors.shape == (manifest.views, 384)
    assert (manifest.nkqa, manifest.model_sha256) == (nkqa.__version__, MODEL_SHA256)
    vectors = np.load(folder_of(tiny) / "vectors.npy", allow_pickle=False)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    generation.close()


# ------------------------------------------------------------------------------------------------- building and changes


def test_nothing_to_do(tiny):
    before = snapshot(tiny.index_dir)
    report = build(tiny)
    assert (report.created, report.manifest.generation) == (False, current_id(tiny.index_dir))
    assert snapshot(tiny.index_dir) == before


def test_changed_corpus_gives_a_new_generation_and_keeps_the_one_before(tiny):
    first = current_id(tiny.index_dir)
    stamp = folder_stamp(tiny.index_dir)
    write(tiny, "more.txt", "More lamps\n\nThe green ones are new.\n")
    report = build(tiny)
    second = current_id(tiny.index_dir)
    assert (report.created, report.manifest.generation) == (True, second)
    assert second != first
    assert folder_stamp(tiny.index_dir) != stamp
    assert generations(tiny) == {first, second}
    open_folder(tiny.index_dir / first).close()

    write(tiny, "more.txt", "More lamps\n\nThe green ones are old.\n")
    third = build(tiny).manifest.generation
    assert generations(tiny) == {second, third}
    assert finds_green(tiny)

    (tiny.corpus_dir / "more.txt").unlink()
    assert build(tiny).manifest.generation == first
    assert generations(tiny) == {third, first}


def test_sidecar_is_part_of_the_generation(tiny):
    first = current_id(tiny.index_dir)
    write(tiny, "lamps.toml", 'licence = "CC0 1.0"\n')
    assert build(tiny).manifest.generation != first
    generation = open_current(tiny.index_dir)
    assert generation.tiers[0].documents[0].source.licence == "CC0 1.0"
    generation.close()


def test_change_of_the_text_analysis_is_a_change(tiny, monkeypatch):
    assert check(tiny).current
    KeptWork(tiny.index_dir).clear()  # its keys know the code on the disk, not what is patched here
    monkeypatch.setattr(analyse, "terms", lambda text: terms(text)[:-1])
    assert not check(tiny).current
    monkeypatch.undo()
    monkeypatch.setattr(analyse, "make_views", lambda *arguments: original_views(*arguments)[:-1])
    assert not check(tiny).current


original_views = analyse.make_views


def test_force_builds_again_and_keeps_the_one_to_go_back_to(tiny, monkeypatch):
    # The export of the model, which --force repeats, has its tests in test_encoder.
    monkeypatch.setattr("nkqa.store.encoder_export.export_encoder", lambda folder: exported.append(folder))
    exported: list[Path] = []
    first = current_id(tiny.index_dir)
    write(tiny, "more.txt", "More lamps\n\nThe green ones are new.\n")
    second = build(tiny).manifest.generation
    before = {name: data for name, (_, data) in snapshot(tiny.index_dir).items()}
    in_use = folder_of(tiny).stat().st_ino
    stages: list[str] = []
    report = build(tiny, force=True, progress=lambda stage, done, every: stages.append(stage))
    assert (report.created, report.manifest.generation) == (True, second)
    assert exported == [tiny.index_dir / "models" / MODEL_SHA256[:12]]
    assert list(dict.fromkeys(stages)) == ["read", "export model", "encode"]
    assert {name: data for name, (_, data) in snapshot(tiny.index_dir).items()} == before
    assert generations(tiny) == {first, second}
    # An equal generation is not exchanged: at no moment is there none, for a reader or after a kill.
    assert folder_of(tiny).stat().st_ino == in_use


def test_progress_ends_at_all(tiny):
    steps: list[tuple[str, int, int]] = []
    first = current_id(tiny.index_dir)
    write(tiny, "more.txt", "More lamps\n\nThe green ones are new.\n")
    build(tiny, progress=lambda *step: steps.append(step))
    assert [step for step in steps if step[0] == "read"] == [("read", 1, 2), ("read", 2, 2)]
    encoded = [step for step in steps if step[0] == "encode"]
    reused = open_folder(tiny.index_dir / first).manifest.views
    assert encoded[-1][1] == encoded[-1][2] == open_current(tiny.index_dir).manifest.views - reused


def test_check_changes_nothing(tiny):
    before = snapshot(tiny.index_dir)
    report = check(tiny)
    assert (report.current, report.generation, report.expected) == (True, *[current_id(tiny.index_dir)] * 2)
    write(tiny, "more.txt", "More lamps\n\nThe green ones are new.\n")
    report = check(tiny)
    assert not report.current
    assert report.generation == current_id(tiny.index_dir) != report.expected
    assert snapshot(tiny.index_dir) == before
    shutil.rmtree(tiny.index_dir)
    report = check(tiny)
    assert (report.current, report.generation) == (False, None)
    assert not tiny.index_dir.exists()


def test_opening_changes_nothing(tiny):
    before = snapshot(tiny.index_dir)
    assert finds_green(tiny)
    assert snapshot(tiny.index_dir) == before


def test_sources_are_in_the_order_of_their_names(tiny):
    for name in ("b.txt", "z/a.md", "A.TXT", "a/z.txt", "a-b.txt", ".hidden.txt", ".git/x.txt", "lamp.rst"):
        write(tiny, name, f"Lamp {name}\n\nIt is green.\n")
    build(tiny)
    generation = open_current(tiny.index_dir)
    names = [document.name for document in generation.tiers[0].documents]
    assert names == ["A.TXT", "a/z.txt", "a-b.txt", "b.txt", "lamps.txt", "z/a.md"]
    order = [document.id for document in generation.tiers[0].documents]
    assert [order.index(passage.doc_id) for passage in generation.tiers[0].passages] == sorted(
        order.index(passage.doc_id) for passage in generation.tiers[0].passages
    )
    generation.close()


def test_no_index(tmp_path):
    with pytest.raises(NoIndexError) as caught:
        open_current(tmp_path / "nowhere")
    assert "nkqa build" in caught.value.remedy
    assert folder_stamp(tmp_path / "nowhere") is None


# --------------------------------------------------------------------------------------------------------------- damage


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1])


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"\n")


def empty(path):
    path.write_bytes(b"")


def be_a_folder(path):
    path.unlink()
    path.mkdir()


DAMAGES = [flip, truncate, lengthen, empty, Path.unlink, be_a_folder]


@pytest.mark.parametrize("name", TIER_FILES)
def test_damaged_file_is_named_and_mended(tiny, name):
    kept = copy(tiny.index_dir, tiny.index_dir.with_name("kept"))
    for damage in DAMAGES:
        damage(folder_of(tiny) / name)
        with pytest.raises(BrokenIndexError) as caught:
            open_current(tiny.index_dir)
        assert name in caught.value.message
        assert current_id(tiny.index_dir) in caught.value.message
        assert "nkqa build" in caught.value.remedy
        assert not check(tiny).current
        if damage is not DAMAGES[-1]:  # the last is mended below
            shutil.rmtree(tiny.index_dir)
            copy(kept, tiny.index_dir)
    assert build(tiny).created
    assert finds_green(tiny)
    assert not list(tiny.index_dir.glob(".building-*"))


def test_every_byte_of_a_manifest_counts(tiny):
    path = folder_of(tiny) / "manifest.json"
    whole = path.read_bytes()
    # The version of nkqa is told to the reader and decides nothing.
    told = whole.index(b'"nkqa"')
    told_bytes = range(told, whole.index(b"\n", told))
    unnoticed = []
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        if opens(tiny):
            unnoticed.append(place)
    assert set(unnoticed) <= set(told_bytes)
    path.write_bytes(whole)
    assert finds_green(tiny)


@pytest.mark.parametrize("damage", [truncate, empty, Path.unlink, be_a_folder])
def test_damaged_manifest_is_named_and_mended(tiny, damage):
    damage(folder_of(tiny) / "manifest.json")
    with pytest.raises(BrokenIndexError, match=r"manifest\.json is (missing or )?damaged"):
        open_current(tiny.index_dir)
    assert build(tiny).created
    assert finds_green(tiny)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", FORMAT + 1),
        ("format", FORMAT - 1),
        ("model", "another-model"),
        ("model_sha256", "0" * 64),
        ("documents", 2),
        ("passages", 5),
        ("views", 3),
        ("dimensions", 768),
        ("files", []),
        ("generation", "0" * 12),
    ],
)
def test_foreign_manifest_is_refused_and_mended(tiny, key, value):
    path = folder_of(tiny) / "manifest.json"
    manifest = json.loads(path.read_bytes())
    assert manifest[key] != value
    path.write_text(json.dumps({**manifest, key: value}), encoding="utf-8")
    with pytest.raises(BrokenIndexError) as caught:
        open_current(tiny.index_dir)
    assert "nkqa build" in caught.value.remedy
    build(tiny)
    assert finds_green(tiny)
    assert json.loads(path.read_bytes()) == manifest


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"0123456789ab\n", b"01234\n", b"..\n", b"models\n", b"\xff\xfe\n", b"a\0b"]
)
def test_damaged_pointer_is_refused_and_mended(tiny, data):
    (tiny.index_dir / "CURRENT").write_bytes(data)
    with pytest.raises(BrokenIndexError) as caught:
        open_current(tiny.index_dir)
    assert "nkqa build" in caught.value.remedy
    assert not check(tiny).current
    build(tiny)
    assert finds_green(tiny)


def test_generation_that_is_gone_is_refused_and_mended(tiny):
    shutil.rmtree(folder_of(tiny))
    with pytest.raises(BrokenIndexError, match="cannot be used"):
        open_current(tiny.index_dir)
    build(tiny)
    assert finds_green(tiny)


# ---------------------------------------------------------------------------------------------------- builders that die


def run_python(code, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env=environment_with(**environment),
    )


def environment_with(**variables):
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), **variables}


DYING_BUILDER = """
import os, signal, sys
from nkqa.settings import load_settings
from nkqa.build import pipeline
from nkqa.store import publish, pointer

module, name, call = sys.argv[3], sys.argv[4], int(sys.argv[5])
owner = {"publish": publish, "pointer": pointer, "pipeline": pipeline}[module]
original = getattr(owner, name)
calls = 0

def dying(*arguments, **named):
    global calls
    calls += 1
    if calls == call:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments, **named)

setattr(owner, name, dying)
pipeline.build(load_settings(corpus_dir=sys.argv[1], index_dir=sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        ("pipeline", "_encode", 1),
        ("publish", "write_tier", 1),
        ("publish", "_move_into_place", 1),
        ("pointer", "replace_synced", 1),
        ("publish", "remove_others", 1),
    ],
)
def test_killed_builder_leaves_a_whole_index(tiny, module, name, call):
    old = current_id(tiny.index_dir)
    write(tiny, "more.txt", "More lamps\n\nThe new ones are red.\n")
    expected = check(tiny).expected
    result = run_python(DYING_BUILDER, tiny.corpus_dir, tiny.index_dir, module, name, call)
    assert result.returncode == -signal.SIGKILL, result.stderr
    assert current_id(tiny.index_dir) == (expected if name == "remove_others" else old)
    assert finds_green(tiny)
    # The lock died with its holder, and what was left behind goes.
    assert build(tiny).manifest.generation == expected
    assert finds_green(tiny)
    assert generations(tiny) == {old, expected}
    assert not [path.name for path in tiny.index_dir.iterdir() if path.name.startswith(".building-")]


def test_leftovers_are_removed(tiny):
    (tiny.index_dir / ".building-0123456789ab").mkdir()
    (tiny.index_dir / ".building-0123456789ab" / "vectors.npy").write_bytes(b"x")
    (tiny.index_dir / ".building-old-0123456789ab").mkdir()
    assert finds_green(tiny)
    write(tiny, "more.txt", "More lamps\n\nThe new ones are red.\n")
    build(tiny)
    assert not list(tiny.index_dir.glob(".building-*"))


@pytest.mark.parametrize(("sentences", "limit"), [(1, 1_000), (80, 60_000), (1, 30_000)])
def test_full_disk_is_said_and_loses_nothing(tiny, sentences, limit):
    before = snapshot(tiny.index_dir)
    write(tiny, "more.txt", "More lamps\n\n" + "The new ones are red, and nobody knows why.\n\n" * sentences)
    code = "import resource, sys\n"
    code += "from nkqa.build.pipeline import build; from nkqa.settings import load_settings\n"
    code += f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    code += "try: build(load_settings(corpus_dir=sys.argv[1], index_dir=sys.argv[2]))\n"
    code += "except Exception as error: print(type(error).__name__, error)"
    result = run_python(code, tiny.corpus_dir, tiny.index_dir)
    assert result.stdout.startswith("CorpusError The index folder"), (result.stdout, result.stderr)
    assert "cannot be written" in result.stdout
    assert "None" not in result.stdout
    assert "free some space" in result.stdout
    assert snapshot(tiny.index_dir) == before
    assert finds_green(tiny)
    build(tiny)
    assert finds_green(tiny)
    assert not list(tiny.index_dir.glob(".building-*"))


# ------------------------------------------------------------------------------------------------- two at the same time


@contextmanager
def other_process_holding(index_dir):
    code = "import sys; from pathlib import Path; from nkqa.store.lock import build_lock\n"
    code += "with build_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(index_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment_with(),
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            holder.stdin.close()
            assert holder.wait(TIMEOUT_S) == 0


def test_second_builder_is_refused_at_once(tiny):
    write(tiny, "more.txt", "More lamps\n\nThe new ones are red.\n")
    before = snapshot(tiny.index_dir)
    with other_process_holding(tiny.index_dir):
        started = time.perf_counter()
        with pytest.raises(BuildInProgressError) as caught:
            build(tiny)
        assert time.perf_counter() - started < 5
        assert "Wait" in caught.value.remedy
        # Reading goes on meanwhile.
        assert finds_green(tiny)
        assert not check(tiny).current
        assert snapshot(tiny.index_dir) == before
    assert build(tiny).created


def test_lock_in_this_process_is_refused_too(tiny):
    with build_lock(tiny.index_dir), pytest.raises(BuildInProgressError):
        build(tiny)
    assert not build(tiny).created


def test_two_builders_at_once(tiny):
    write(tiny, "more.txt", "More lamps\n\nThe new ones are red.\n")
    command = [
        sys.executable,
        "-m",
        "nkqa",
        "build",
        "--corpus-dir",
        str(tiny.corpus_dir),
        "--index-dir",
        str(tiny.index_dir),
    ]
    builders = [subprocess.Popen(command, stdout=-3, stderr=-3, env=environment_with()) for _ in range(2)]
    codes = [builder.wait(TIMEOUT_S) for builder in builders]
    assert 0 in codes
    assert set(codes) <= {0, 5}
    assert check(tiny).current
    assert finds_green(tiny)


def test_reader_of_the_old_generation_is_not_disturbed(tiny):
    generation = open_current(tiny.index_dir)
    vector = np.zeros(384, dtype=np.float32)
    for number in range(3):  # the third build removes the folder that is open
        write(tiny, "more.txt", f"More lamps\n\nThe new ones are red, all {number} of them.\n")
        build(tiny)
    assert not (tiny.index_dir / generation.manifest.generation).exists()
    assert generation.tiers[0].lexical.search(terms("green"), 5)
    assert generation.tiers[0].vectors.search(vector, 3)
    assert generation.tiers[0].vectors.cosines(vector, [0])
    generation.close()


def test_index_folder_that_is_a_file_is_refused(tiny):
    shutil.rmtree(tiny.index_dir)
    tiny.index_dir.write_text("", encoding="utf-8")
    with pytest.raises(CorpusError, match="cannot be written: File exists") as caught:
        build(tiny)
    assert "--index-dir" in caught.value.remedy

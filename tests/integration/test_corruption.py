"""Bits that flip, files that are cut off: refused before anything is answered, the file named, the one before serves.

FLIPS=1000 and CUTS=200 make as many; else fewer.
"""

from __future__ import annotations

import os
import random
import shutil
from contextlib import suppress

import pytest
from tiny_builds import build_tiny, settings_of

from nkqa.build.pipeline import build
from nkqa.errors import BrokenIndexError, ModelError
from nkqa.store import generation as opening
from nkqa.store.encoder import model_dir, read_model_info
from nkqa.store.generation import open_best
from nkqa.store.pointer import CURRENT_FILE, current_id

pytestmark = pytest.mark.model

FLIPS = int(os.environ.get("FLIPS", "150"))
CUTS = int(os.environ.get("CUTS", "50"))
TEXT = "The lamps\n\nThe first lamp was lit in 1871. It burns oil, and it is green.\n"


@pytest.fixture(scope="module")
def two(tmp_path_factory, model_home):
    """An index with two generations, the newer with both tiers of trust; and a model of its own."""
    folder = build_tiny(tmp_path_factory.mktemp("corruption"), model_home, TEXT)
    (folder / "corpus" / "more.txt").write_text("More lamps\n\nThe new ones are red.\n", encoding="utf-8")
    (folder / "corpus" / "more.toml").write_text('trust = "low"\n', encoding="utf-8")
    settings = settings_of(folder)
    before = current_id(settings.index_dir)
    build(settings)
    (folder / "index" / "models").unlink()
    shutil.copytree(model_home / "models", folder / "index" / "models")
    return settings, before


def files_of(settings):
    folder = settings.index_dir / current_id(settings.index_dir)
    own = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    return sorted([*own, settings.index_dir / CURRENT_FILE])


def flip(path, chance):
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path, chance):
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def what_answers(settings):
    generation, problem = open_best(settings.index_dir)
    generation.close()
    return generation.manifest.generation, str(problem)


@pytest.mark.parametrize(("damage", "times"), [(flip, FLIPS), (cut, CUTS)])
def test_damage_is_refused_and_named_and_the_generation_before_answers(two, damage, times):
    settings, before = two
    current = current_id(settings.index_dir)
    chance = random.Random(11)
    files = files_of(settings)
    assert len(files) == 16
    for number in range(times):
        path = files[number % len(files)]
        whole = path.read_bytes()
        damage(path, chance)
        answers, problem = what_answers(settings)
        assert path.name in problem, (path, problem)
        # The pointer damaged, both generations are whole still; its lines say which was current, if they can be read.
        assert answers == before or path.name == CURRENT_FILE
        path.write_bytes(whole)
    assert what_answers(settings) == (current, "None")


def test_damaged_model_is_refused_and_named(two):
    settings, _ = two
    chance = random.Random(12)
    folder = model_dir(settings.index_dir)
    for path in sorted(folder.iterdir()):
        for damage in (flip, cut) * max(1, FLIPS // 100):
            whole = path.read_bytes()
            damage(path, chance)
            with pytest.raises(ModelError, match=r"is damaged|missing or incomplete|another model"):
                read_model_info(folder)
            path.write_bytes(whole)
    read_model_info(folder)


def test_without_hashes_damage_would_be_answered_from(two, monkeypatch):
    settings, _ = two
    current = current_id(settings.index_dir)
    hashes = {path: opening.sha256_of(path) for path in files_of(settings)}
    hash_of = opening.sha256_of
    monkeypatch.setattr(opening, "sha256_of", lambda path: hashes.get(path) or hash_of(path))
    unnoticed = 0
    chance = random.Random(13)
    for path in (settings.index_dir / current / name for name in ("vectors.npy", "facts.sqlite", "documents.jsonl")):
        for _ in range(10):
            whole = path.read_bytes()
            flip(path, chance)
            with suppress(BrokenIndexError, ValueError):
                unnoticed += what_answers(settings)[0] == current
            path.write_bytes(whole)
    assert unnoticed > 0

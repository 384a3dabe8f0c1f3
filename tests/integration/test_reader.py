"""The shipped reader: finds answers, refuses what is none, and is whole or not used at all."""

from __future__ import annotations

import json
import shutil
import threading

import pytest

from nkqa.errors import ModelError
from nkqa.store.reader import BATCH, MAX_TOKENS, READER_DIR, OnnxReader, check_reader, read_reader_info, with_headings
from nkqa.types import Window

pytestmark = pytest.mark.model

TOWER = "The first stone tower was finished at Skarholm in 1874 by the engineer Halvard Quist."
WEATHER = "In winter the bay is often covered with thick ice, and no ship can enter the harbour."
BREAD = "The baker of the island sold rye bread and dried fish to the crews of passing ships."


def window(text, *path):
    return Window(path, text)


@pytest.fixture(scope="module")
def reader():
    return OnnxReader(threads=1)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was the stone tower finished?", "1874"),
        ("who was the engineer of the tower", "Halvard Quist"),
        ("Where was the first stone tower built?", "Skarholm"),
    ],
)
def test_the_answer_is_found_where_it_stands(reader, question, answer):
    readings = reader.read(question, [window(text) for text in (WEATHER, TOWER, BREAD)])
    best = max(range(3), key=lambda place: readings[place].pointing)
    assert best == 1
    assert max(range(3), key=lambda place: readings[place].relevance) == 1
    assert answer in readings[1].span.of(TOWER)


def test_what_is_not_said_is_not_read_into_it(reader):
    asked, other = (
        reader.read(question, [window(TOWER)])[0]
        for question in ("When was the stone tower finished?", "How many keepers lived in the harbour of Torhaven?")
    )
    assert asked.pointing > 0 > other.pointing
    assert asked.relevance > other.relevance


def test_case_does_not_matter(reader):
    one, other = (reader.read(text, [window(TOWER)])[0] for text in ("Who built it?", "WHO BUILT IT?"))
    assert one == other


def test_a_window_is_read_the_same_alone_and_among_others(reader):
    texts = [f"Light number {number}" + " and more" * (number * 7 % 11) for number in range(2 * BATCH + 3)]
    together = reader.read("Which light?", [window(text) for text in texts])
    for text, reading in zip(texts, together, strict=True):
        (alone,) = reader.read("Which light?", [window(text)])
        # 8-bit activations are scaled by the whole batch, so that logits move a little with it.
        assert abs(alone.relevance - reading.relevance) < 1.0
        assert 0 <= reading.span.start <= reading.span.end <= len(text)


@pytest.mark.parametrize("text", ["", " ", "등대 베스마크", "𐍈 φάρος — “quoted”", "x" * 5000, "a word " * 600])
def test_spans_lie_in_the_window_whatever_it_holds(reader, text):
    (reading,) = reader.read("What is it? " * 40, [window(text, "A heading", "h" * 500)])
    assert 0 <= reading.span.start <= reading.span.end <= len(text)


@pytest.mark.parametrize("question", ["1," * 900, "'" * 2000, "why " * 500, "?"])
def test_a_question_of_any_length_is_read(reader, question):
    (reading,) = reader.read(question, [window(TOWER)])
    assert 0 <= reading.span.start <= reading.span.end <= len(TOWER)


def test_no_windows_no_readings(reader):
    assert reader.read("Who?", []) == ()


def test_the_headings_stand_before_the_window():
    assert with_headings(("Stations", "Ness Point"), "It is old.") == (
        "Stations > Ness Point: It is old.",
        len("Stations > Ness Point: "),
    )
    assert with_headings((), "It is old.") == ("It is old.", 0)


def test_threads_do_not_disturb_each_other(reader):
    windows = [window(text) for text in (WEATHER, TOWER, BREAD)]
    expected = reader.read("When was it finished?", windows)
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(reader.read("When was it finished?", windows))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert results == [expected] * 4


def test_a_damaged_reader_is_refused_by_name(tmp_path):
    folder = shutil.copytree(READER_DIR, tmp_path / "reader")
    assert check_reader(folder) == read_reader_info()
    with (folder / "model.onnx").open("r+b") as file:
        file.seek(100_000)
        file.write(b"\0\1\2")
    with pytest.raises(ModelError, match=r"model\.onnx is damaged"):
        OnnxReader(1, folder=folder)
    (folder / "tokenizer.json").unlink()
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        check_reader(folder)


@pytest.mark.parametrize("text", ["", "{}", "[]", json.dumps({"name": "x", "files": {}}), '{"name": "x"}'])
def test_a_reader_without_a_description_is_refused(tmp_path, text):
    (tmp_path / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError):
        read_reader_info(tmp_path)


def test_it_is_small_enough_to_ship():
    size = sum(path.stat().st_size for path in READER_DIR.iterdir())
    assert size < 50_000_000
    assert MAX_TOKENS == 160

"""Training runs end to end on made-up rows: examples, tokens, a few steps, a resumed run, an export that reads."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from nkqa.store.encoder_export import weights_dir
from nkqa.store.reader import OnnxReader
from nkqa.types import Span, Window
from training.examples import ExampleMaker, articles_of, qamr_examples, qed_examples, squad_examples
from training.export import describe, export_graph, quantise
from training.measure import auroc, f1, windows_of
from training.model import Reader, loss_of
from training.packing import NOWHERE, Packed, pack
from training.train import targets, tensors, train

pytestmark = pytest.mark.model

CONTEXTS = (
    "The first tower was finished at Skarholm in 1874. It was drawn by Halvard Quist. Its lamp burned colza oil.",
    "The bell of Ness Point weighed 600 kg. Two keepers rang it by hand. It was sold to Torhaven in 1911.",
)
QUESTIONS = (
    (0, "When was the first tower at Skarholm finished?", "1874"),
    (0, "Who drew the tower of Skarholm?", "Halvard Quist"),
    (0, "Why is the first lamp of Skarholm remembered, which burned colza?", "colza oil"),
    (1, "How much did the bell of Ness Point weigh?", "600 kg"),
    (1, "When was the bell sold to Torhaven?", "1911"),
)


def row(number, split="train"):
    place, question, answer = QUESTIONS[number % len(QUESTIONS)]
    context = CONTEXTS[place]
    answers = [{"text": answer, "start": context.index(answer)}]
    common = {"title": "Old_lights", "context": context, "split": split, "start_guessed": False}
    return {"id": f"q{number}", "question": question, "answers": answers, "answerable": True, **common}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The four data sets, tiny."""
    folder = tmp_path_factory.mktemp("data")
    unanswerable = row(0) | {
        "answers": [],
        "answerable": False,
        "question": "when was the second tower finished?",
        "paired_question": QUESTIONS[0][1],
        "plausible_answer": {"text": "1874", "start": CONTEXTS[0].index("1874")},
    }
    files = {
        "squad11-train/train-clean.jsonl": [row(n, split) for split in ("train", "valid") for n in range(5)],
        "squad20-train-unanswerable/train-clean.jsonl": [unanswerable, unanswerable | {"plausible_answer": None}],
        "qed-train/train-clean.jsonl": [row(n) for n in range(5)],
        "qamr/dev-clean.jsonl": [row(n) for n in range(5)],
        "qamr/test-clean.jsonl": [row(n) for n in range(5)],
    }
    for name, rows in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.from_file(str(weights_dir() / "tokenizer.json"))


@pytest.fixture(scope="module")
def examples(data):
    return [*squad_examples(data, "train", 1), *qed_examples(data, 1), *qamr_examples(data, 1)]


def test_answers_stand_in_their_windows_and_nowhere_else(examples):
    golds = {answer for _, _, answer in QUESTIONS}
    positive = [example for example in examples if example.answer]
    assert {example.source for example in positive} == {"squad", "paired", "qed", "qamr"}
    assert all(example.answer.of(example.window) in golds for example in positive)
    for example in examples:
        if example.answer is None and example.source in ("article", "paragraph", "qed"):
            gold = next((a for _, q, a in QUESTIONS if example.question.rstrip("?") == q.rstrip("?")), None)
            assert gold is None or gold not in example.window


def test_the_same_seed_makes_the_same_examples(data):
    assert squad_examples(data, "train", 7) == squad_examples(data, "train", 7)


def test_why_counts_three_times(examples):
    why = [
        example for example in examples if example.source == "squad" and example.window and "burn" in example.question
    ]
    assert len(why) == 3


def test_a_changed_question_asks_for_what_the_window_does_not_hold(data):
    maker = ExampleMaker(3)
    rows = [row(n) for n in range(5)]
    article = articles_of(rows)["Old_lights"]
    changed = [example for _ in range(60) for one in rows if (example := maker.negative(one, article))]
    changed = [example for example in changed if example.source == "changed"]
    assert changed
    originals = {one["question"] for one in rows}
    assert all(example.question not in originals and example.answer is None for example in changed)


def test_tokens_point_at_the_answer(examples, tokenizer):
    packed = pack(examples, tokenizer)
    assert len(packed.labels) == len(examples)
    for number, example in enumerate(examples):
        ids = packed.ids[packed.offsets[number] : packed.offsets[number + 1]]
        start, end = packed.starts[number], packed.ends[number]
        if example.answer is None:
            assert (start, end, packed.labels[number]) == (NOWHERE, NOWHERE, 0)
        else:
            said = tokenizer.decode([int(token) for token in ids[start : end + 1]])
            assert said.replace(" ", "") == example.answer.of(example.window).lower().replace(" ", "")


def test_packed_examples_come_back_from_disk(examples, tokenizer, tmp_path):
    packed = pack(examples, tokenizer)
    packed.save(tmp_path / "x.npz")
    again = Packed.load(tmp_path / "x.npz")
    assert all(np.array_equal(getattr(packed, name), getattr(again, name)) for name in Packed.__slots__)


def test_training_resumes_where_it_stopped_and_its_export_reads(data, examples, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr("training.train.BATCH", 4)
    monkeypatch.setattr("training.train.LOG_STEPS", 1)
    torch.set_num_threads(1)
    packed = pack(examples, tokenizer)
    for name in ("train", "valid"):
        packed.save(tmp_path / f"{name}.npz")
    train(tmp_path, tmp_path / "whole", steps=3, falling=1)
    train(tmp_path, tmp_path / "parts", steps=2, falling=1)
    train(tmp_path, tmp_path / "parts", steps=3, falling=1)
    logs = [
        [json.loads(line) for line in (tmp_path / run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
        for run in ("whole", "parts")
    ]
    steps = [[line["step"] for line in log if "loss" in line] for log in logs]
    assert steps == [[1, 2, 3], [1, 2, 3]]
    assert logs[0][0]["loss"] == logs[1][0]["loss"]

    model = Reader().eval()
    model.load_state_dict(torch.load(tmp_path / "whole" / "reader.pt", weights_only=True))
    numbers = np.arange(4)
    outputs = model(*tensors(packed, numbers))
    assert torch.isfinite(loss_of(outputs, *targets(packed, numbers)))
    folders = tmp_path / "fp32", tmp_path / "int8"
    for folder in folders:
        folder.mkdir()
    export_graph(model, folders[0] / "model.onnx")
    quantise(folders[0] / "model.onnx", folders[1] / "model.onnx")
    window = Window(("Old lights",), CONTEXTS[0])
    readings = []
    for folder in folders:
        describe(folder)
        readings += OnnxReader(1, folder=folder).read(QUESTIONS[0][1], [window])
    assert abs(readings[0].relevance - readings[1].relevance) < 0.5
    assert (folders[1] / "model.onnx").stat().st_size < 0.3 * (folders[0] / "model.onnx").stat().st_size


def test_measures():
    assert f1("the Halvard Quist", "Halvard Quist") == 1.0
    assert f1("Quist", "Halvard Quist") == pytest.approx(2 / 3)
    assert f1("nobody", "Halvard Quist") == 0.0
    assert auroc(np.array([0.1, 0.9, 0.8]), np.array([False, True, True])) == 1.0
    assert auroc(np.array([0.5, 0.5]), np.array([False, True])) == 0.5
    spans = windows_of(CONTEXTS[0], 2)
    assert [span.of(CONTEXTS[0])[:9] for span in spans] == ["The first", "It was dr"]
    assert windows_of("One.", 3) == [Span(0, 4)]

"""`python -m training.train PACKED RUN`: train the reader, with checkpoints that a later call resumes from.

RUN gets `checkpoint.pt` every few minutes, `log.jsonl` with a line every 50 steps and one per validation, and at the
end `reader.pt`. The learning rate rises, stays, and falls over the last steps, so that a run can be made shorter or
longer while it is under way: stop it, and call again with other `--steps`.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.model import Reader, loss_of
from training.packing import Packed

SEED = 20
BATCH = 32
RATE = 1e-4
# The heads begin from nothing, so they learn faster than what is trained already.
HEAD_RATE = 5e-4
WARM_UP = 200
WEIGHT_DECAY = 0.01
MAX_NORM = 1.0
# Batches are cut from this many of them sorted by length, so that little is padded.
SORTED_BATCHES = 50
LOG_STEPS = 50
CHECK_STEPS = 500
VALID_WINDOWS = 1500
CHECKPOINT_S = 180


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packed", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, default=0, help="how many in all; 0: each example once")
    parser.add_argument("--falling", type=int, default=1500, help="steps at the end over which the rate falls to zero")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    train(arguments.packed, arguments.run, arguments.steps, arguments.falling)


def train(packed: Path, run: Path, steps: int, falling: int) -> None:
    """Train for `steps` steps, going on from the run's checkpoint where there is one."""
    run.mkdir(parents=True, exist_ok=True)
    examples, valid = Packed.load(packed / "train.npz"), Packed.load(packed / "valid.npz")
    steps = steps or len(examples.labels) // BATCH
    torch.manual_seed(SEED)
    model = Reader()
    optimizer = torch.optim.AdamW(_groups(model), weight_decay=WEIGHT_DECAY, fused=True)
    done = _resume(run, model, optimizer)
    saved, began, losses = time.monotonic(), time.monotonic(), []
    for step, numbers in enumerate(_batches(examples, steps)):
        if step < done:
            continue
        _set_rate(optimizer, step, steps, falling)
        losses.append(_step(model, optimizer, examples, numbers))
        if (step + 1) % LOG_STEPS == 0:
            seconds = round(time.monotonic() - began, 1)
            _log(run, {"step": step + 1, "loss": round(float(np.mean(losses)), 4), "seconds": seconds})
            losses.clear()
        if (step + 1) % CHECK_STEPS == 0 or step + 1 == steps:
            _log(run, {"step": step + 1, **validate(model, valid)})
        if time.monotonic() - saved > CHECKPOINT_S:
            _save(run, model, optimizer, step + 1)
            saved = time.monotonic()
    _save(run, model, optimizer, steps)
    torch.save(model.state_dict(), run / "reader.pt")


def _groups(model: Reader) -> list[dict[str, Any]]:
    heads = [*model.relevance.parameters(), *model.pointers.parameters()]
    body = [weight for weight in model.transformer.parameters() if weight.requires_grad]
    return [{"params": body, "share": RATE}, {"params": heads, "share": HEAD_RATE}]


def _set_rate(optimizer: torch.optim.Optimizer, step: int, steps: int, falling: int) -> None:
    share = min((step + 1) / WARM_UP, 1.0, (steps - step) / falling)
    for group in optimizer.param_groups:
        group["lr"] = group["share"] * share


def _batches(examples: Packed, steps: int) -> Iterator[NDArray[np.int64]]:
    """Yield the example numbers of each step: every example once per round, in batches of similar length."""
    rng = np.random.default_rng(SEED)
    given = 0
    while given < steps:
        order = rng.permutation(len(examples.labels))
        for start in range(0, len(order), BATCH * SORTED_BATCHES):
            part = order[start : start + BATCH * SORTED_BATCHES]
            part = part[np.argsort(examples.lengths[part], kind="stable")]
            batches = [part[place : place + BATCH] for place in range(0, len(part) - BATCH + 1, BATCH)]
            for number in rng.permutation(len(batches)):
                if given == steps:
                    return
                given += 1
                yield batches[number]


def tensors(examples: Packed, numbers: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and types of the examples, padded to the longest: (windows, tokens) each."""
    length = int(examples.lengths[numbers].max())
    ids, mask, types = (np.zeros((len(numbers), length), np.int64) for _ in range(3))
    for row, number in enumerate(numbers):
        cut = slice(examples.offsets[number], examples.offsets[number + 1])
        count = cut.stop - cut.start
        ids[row, :count], types[row, :count], mask[row, :count] = examples.ids[cut], examples.types[cut], 1
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(types)


def _step(model: Reader, optimizer: torch.optim.Optimizer, examples: Packed, numbers: NDArray[np.int64]) -> float:
    model.train()
    with torch.autocast("cpu", torch.bfloat16):
        outputs = model(*tensors(examples, numbers))
    loss = loss_of(outputs, *targets(examples, numbers))
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.item()


def targets(examples: Packed, numbers: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return label, start and end of the examples, shape (windows,) each."""
    columns = (examples.labels, examples.starts, examples.ends)
    return tuple(torch.from_numpy(column[numbers].astype(np.int64)) for column in columns)  # type: ignore[return-value]


@torch.inference_mode()
def validate(model: Reader, valid: Packed) -> dict[str, float]:
    """Return loss and accuracies on the first windows of the held-out articles."""
    model.eval()
    numbers = np.arange(min(VALID_WINDOWS, len(valid.labels)))
    numbers = numbers[np.argsort(valid.lengths[numbers], kind="stable")]
    losses, right, exact, positive = [], 0, 0, 0
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        with torch.autocast("cpu", torch.bfloat16):
            relevance, first, last = model(*tensors(valid, part))
        labels, starts, ends = targets(valid, part)
        losses.append(loss_of((relevance, first, last), labels, starts, ends).item())
        right += int(((relevance > 0) == labels.bool()).sum())
        hit = (first[:, 1:].argmax(1) + 1 == starts) & (last[:, 1:].argmax(1) + 1 == ends)
        exact += int((hit & labels.bool()).sum())
        positive += int(labels.sum())
    return {
        "valid_loss": round(float(np.mean(losses)), 4),
        "valid_relevance": round(right / len(numbers), 4),
        "valid_exact": round(exact / max(positive, 1), 4),
    }


def _log(run: Path, line: dict[str, Any]) -> None:
    if any(isinstance(value, float) and math.isnan(value) for value in line.values()):
        raise SystemExit(f"The loss is not a number any more: {line}. Start again with a lower rate.")
    with (run / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")


def _save(run: Path, model: Reader, optimizer: torch.optim.Optimizer, step: int) -> None:
    temporary = run / "checkpoint.tmp"
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, temporary)
    temporary.replace(run / "checkpoint.pt")


def _resume(run: Path, model: Reader, optimizer: torch.optim.Optimizer) -> int:
    path = run / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


if __name__ == "__main__":
    main()

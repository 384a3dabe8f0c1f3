"""Documents that were written to spoil answers, taken in with low trust: they change none that the others give."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from corpora import ROOT

from nkqa.ask.pipeline import Engine
from nkqa.build.pipeline import build

pytestmark = pytest.mark.model

QUESTIONS = [
    (line["question"], line.get("history"))
    for line in map(json.loads, (ROOT / "tests" / "evaluation" / "small.jsonl").read_text("utf-8").splitlines())
    if line["answerable"]
][::6]


def poisoned(words):
    """State something false in the words of each question."""
    return "\n\n".join(
        f"{question.rstrip('?.')}: Baron Ottokar Falsch, in 1666, with 4711 of them." for question in words
    )


def jamming(words):
    """Say of each question that there is no answer."""
    return "\n\n".join(f"{question} It is not known, and nothing was ever recorded about it." for question in words)


def hub(words):
    """Hold the words of all questions, over and over."""
    every = sorted({word for question in words for word in re.findall(r"\w+", question)})
    return "\n\n".join(" ".join(every[start:] + every[:start]) + "." for start in range(0, len(every), 100))


def engine_with(settings, folder, trust):
    """Return an engine over the hand-written corpus and the three hostile documents with this trust."""
    corpus, index = folder / "corpus", folder / "index"
    shutil.copytree(settings.corpus_dir, corpus)
    index.mkdir()
    (index / "models").symlink_to(settings.index_dir.resolve() / "models")
    for write in (poisoned, jamming, hub):
        (corpus / f"{write.__name__}.txt").write_text(write([question for question, _ in QUESTIONS]), encoding="utf-8")
        (corpus / f"{write.__name__}.toml").write_text(f'trust = "{trust}"\n', encoding="utf-8")
    changed = settings.model_copy(update={"corpus_dir": corpus, "index_dir": index})
    build(changed)
    return Engine.open(changed)


def changed_answers(before, after):
    """Return the questions whose answer is another one; those that had none may get one."""
    changed = []
    for question, history in QUESTIONS:
        first, second = before.ask(question, history), after.ask(question, history)
        if first.status.value == "answered":
            same = [(c.cited_text, c.document_title) for c in first.citations] == [
                (c.cited_text, c.document_title) for c in second.citations
            ]
            if not same or (first.status, first.text) != (second.status, second.text):
                changed.append(question)
    return changed


@pytest.mark.parametrize("trust", ["low", "normal"])
def test_hostile_documents_of_low_trust_change_no_answer(small_settings, small_engine, tmp_path, trust):
    changed = changed_answers(small_engine, engine_with(small_settings, tmp_path, trust))
    # With the trust of the others they do: it is the tiers that keep them out.
    assert (changed == []) == (trust == "low")
    assert len(QUESTIONS) >= 6

"""A corpus that was made to do harm lies beside good documents: it costs a build nothing but itself, and no answers."""

from __future__ import annotations

import shutil
import time

import pytest
from corpora import SMALL_CORPUS
from evaluated import lines_of
from hostile_files import write_hostile
from tiny_builds import settings_of

from nkqa.ask.pipeline import Engine
from nkqa.build.pipeline import build
from nkqa.types import Status

pytestmark = pytest.mark.model

TIMEOUT_S = 2.0
MOST_CHANGED = 0.01
QUESTIONS = [line["question"] for line in lines_of("small.jsonl") if line["answerable"]][:24]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, small_settings):
    """The second corpus with a folder of hostile files in it: its settings, and the names of bad and good files."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(SMALL_CORPUS, folder / "corpus")
    # What is known of the good documents is not worked out again.
    shutil.copytree(small_settings.index_dir, folder / "index", ignore=shutil.ignore_patterns("models", ".lock"))
    (folder / "index" / "models").symlink_to(small_settings.index_dir.resolve() / "models")
    bad, good = write_hostile(folder / "corpus" / "hostile", QUESTIONS)
    return settings_of(folder).model_copy(update={"file_timeout_s": TIMEOUT_S}), bad, good


@pytest.fixture(scope="module")
def built(hostile):
    started = time.perf_counter()
    report = build(hostile[0])
    return report, time.perf_counter() - started


def told(answer):
    return answer.status, answer.text, answer.short, [one.cited_text for one in answer.citations]


def changed(engine, before):
    return [question for question, answer in before.items() if told(engine.ask(question)) != told(answer)]


@pytest.fixture(scope="module")
def answers(small_engine):
    """The answers of the good documents alone."""
    asked = {question: small_engine.ask(question) for question in QUESTIONS}
    return {question: answer for question, answer in asked.items() if answer.status is Status.ANSWERED}


def test_every_bad_file_is_named_and_every_other_is_built(hostile, built):
    _, bad, good = hostile
    assert len(bad) + len(good) >= 60
    report, _ = built
    named = {problem.split(" ")[0].removeprefix("hostile/").removesuffix(":") for problem in report.problems}
    assert named == (bad - {"address.txt"}) | {"address.toml"}
    assert report.manifest.documents == 3 + len(good)
    assert not [problem for problem in report.problems if "root:" in problem or "Traceback" in problem]


def test_in_a_lower_tier_they_change_no_answer(hostile, built, answers):
    assert built
    assert len(answers) >= 15
    engine = Engine.open(hostile[0])
    assert len(changed(engine, answers)) <= MOST_CHANGED * len(answers)


def test_in_the_same_tier_they_do(hostile, built, answers):
    settings, *_ = hostile
    assert built
    for path in (settings.corpus_dir / "hostile").glob("*.toml"):
        path.write_text('trust = "normal"\n', encoding="utf-8")
    build(settings)
    assert len(changed(Engine.open(settings), answers)) > 5 * MOST_CHANGED * len(answers)

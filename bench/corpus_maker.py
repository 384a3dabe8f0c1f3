"""A corpus of any size: made-up reports, with headings, prose, a list and a table; the same seed makes the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

# About this many passages come of one report.
PASSAGES_A_REPORT = 50
_SYLLABLES = "ba ke li mo nu ra se ti vo za dor fen gal hul jin kar lum mer nor pel".split()
_TRADES = "keepers pilots divers sailors builders clerks cooks nurses painters teachers".split()
_VERBS = ["arrived", "left", "were counted", "were hired", "were rescued", "moved in", "retired", "were trained"]
_REMARKS = [
    "Nobody in {place} had expected this.",
    "The council of {place} paid {n} crowns for it.",
    "According to {name}, the work was hard.",
    "{name} was born in {place} in {year}.",
    "The bridge of {place} is {n} metres long.",
    "Most of them came from {place}.",
]


def word(chance: random.Random) -> str:
    """Return a name that no dictionary knows."""
    return "".join(chance.choice(_SYLLABLES) for _ in range(3)).capitalize()


def report(number: int, seed: int = 1) -> tuple[str, list[str]]:
    """Return the text of one report, and questions that it answers."""
    chance = random.Random(f"{seed} {number}")  # noqa: S311 (no secret)
    place = word(chance)
    lines, questions = [f"# Report {number} on {place}", ""], []
    for _ in range(4):
        lines += [f"## The {chance.choice(_TRADES)} of {word(chance)}", ""]
        for _ in range(2):
            year, count, trade, verb = _draw(chance)
            there = word(chance)
            said = f"In {year}, {count} {trade} {verb} in {there}."
            questions.append(f"How many {trade} {verb} in {there} in {year}?")
            remarks = (_remark(chance, place) for _ in range(4))
            lines += [" ".join([said, *remarks]), ""]
        lines += [f"- {word(chance)}, {chance.randrange(1900, 2020)}" for _ in range(2)] + [""]
    lines += ["| Year | Ships | Boats |", "| --- | --- | --- |"]
    lines += [f"| {2000 + row} | {chance.randrange(10, 999)} | {chance.randrange(10, 999)} |" for row in range(3)]
    return "\n".join(lines) + "\n", questions


def _draw(chance: random.Random) -> tuple[int, int, str, str]:
    return chance.randrange(1900, 2020), chance.randrange(11, 9999), chance.choice(_TRADES), chance.choice(_VERBS)


def _remark(chance: random.Random, place: str) -> str:
    remark = chance.choice(_REMARKS)
    return remark.format(place=place, n=chance.randrange(20, 900), name=word(chance), year=chance.randrange(1800, 1990))


def write_corpus(folder: Path, reports: int) -> Iterator[str]:
    """Write reports into a folder; yield the questions that they answer."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(reports):
        text, questions = report(number)
        (folder / f"report-{number:05}.md").write_text(text, encoding="utf-8")
        yield from questions

"""What a rebuild did to answers: saved questions asked of two generations, and the lines behind what changed.

Questions come from a question file, from readers' verdicts and from the kept answers. Two answers are the same where
status, text and cited words are; the lines are those that either answer cites.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from nkqa.ask.pipeline import Engine
from nkqa.errors import NoIndexError, QuestionError
from nkqa.questions import read_questions
from nkqa.settings import Settings
from nkqa.store.answers import AnswerStore
from nkqa.store.encoder import OnnxEncoder, model_dir
from nkqa.store.feedback import FeedbackStore
from nkqa.store.generation import generation_ids, open_folder
from nkqa.store.pointer import read_pointer
from nkqa.store.reader import OnnxReader
from nkqa.types import Answer

# A line at least this similar is the same one, changed.
_ALIKE = 0.5
# Comparing all characters of very long lines would take minutes, and their beginnings tell as well.
_COMPARED_CHARS = 1000
_SHOWN_CHARS = 160

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """A question that was asked before, with what it was read against."""

    question: str
    history: tuple[str, ...]
    as_of: int | None


@dataclass(frozen=True, slots=True)
class LineChange:
    """A cited line that is new, gone or changed; lines count from 1, and one that is not there is None."""

    document: str
    state: str
    old_line: int | None
    new_line: int | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What one generation answered."""

    status: str
    reason: str | None
    text: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose answer changed: in its status, its text, its citations; and the cited lines that did."""

    saved: Saved
    changed: tuple[str, ...]
    before: Said
    after: Said
    lines: tuple[LineChange, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {**asdict(self.saved), **{name: value for name, value in asdict(self).items() if name != "saved"}}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two generations: how many questions both were asked, how many no longer can be, and what changed."""

    old: str
    new: str
    asked: int
    skipped: int
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        counts = {"old": self.old, "new": self.new, "asked": self.asked, "skipped": self.skipped}
        return {**counts, "changes": [change.to_json() for change in self.changes]}


# ---------------------------------------------------------------------------------------------------- questions


def saved_questions(settings: Settings, files: Sequence[Path], limit: int) -> list[Saved]:
    """Return what was asked before, each once: of the files, then of the verdicts, then the newest kept answers.

    Raises QuestionError or FeedbackError for what cannot be read.
    """
    found = [Saved(one.text, one.history, one.as_of) for file in files for one in read_questions(file)]
    verdicts = FeedbackStore(settings.index_dir, settings.keep_feedback).all()
    found += [_asked(verdict["receipt"]) for verdict in reversed(verdicts)]
    found += [_asked(receipt) for receipt in reversed(AnswerStore(settings.index_dir, settings.keep_answers).all())]
    return list(dict.fromkeys(found))[:limit]


def _asked(receipt: Mapping[str, Any]) -> Saved:
    return Saved(receipt["answer"]["question"], tuple(receipt.get("history") or ()), receipt.get("as_of"))


# ---------------------------------------------------------------------------------------------------- asking


def pick_generations(index_dir: Path, old: str | None, new: str | None) -> tuple[str, str]:
    """Return two ids: by default those of the generation before and of the one that answers; raises NoIndexError."""
    pointed = [one.id for one in read_pointer(index_dir)]
    chosen = new or (pointed[0] if pointed else None)
    before = old or next((one for one in pointed if one != chosen), None)
    if chosen is None or before is None:
        raise NoIndexError(
            f"There are no two generations in {index_dir} to compare.", "Build again, or see `nkqa index list`."
        )
    return before, chosen


def compare(
    settings: Settings, old: str, new: str, saved: Sequence[Saved], progress: Progress = lambda *_: None
) -> Comparison:
    """Ask both generations every question; raises NoIndexError, BrokenIndexError or ModelError."""
    first, second = _open(settings, old, new)
    changes: list[Change] = []
    skipped = 0
    for number, one in enumerate(saved, start=1):
        try:
            answers = [engine.ask(one.question, one.history, one.as_of) for engine in (first, second)]
        except QuestionError:  # asked under other limits
            skipped += 1
        else:
            changes += _change(one, (first, answers[0]), (second, answers[1]))
        progress("ask", number, len(saved))
    return Comparison(old, new, len(saved) - skipped, skipped, tuple(changes))


def _open(settings: Settings, *ids: str) -> list[Engine]:
    encoder = OnnxEncoder(model_dir(settings.index_dir), settings.encoder_threads)
    reader = OnnxReader(settings.encoder_threads)
    for identity in ids:
        if identity not in generation_ids(settings.index_dir):
            raise NoIndexError(f"There is no generation {identity} in {settings.index_dir}.", "See `nkqa index list`.")
    return [Engine(open_folder(settings.index_dir / identity), encoder, reader, settings) for identity in ids]


def _change(saved: Saved, before: tuple[Engine, Answer], after: tuple[Engine, Answer]) -> Iterator[Change]:
    old, new = _said(before[1]), _said(after[1])
    kinds = {"status": (old.status, old.reason) != (new.status, new.reason)}
    kinds |= {"text": old.text != new.text, "citations": old.citations != new.citations}
    if any(kinds.values()):
        changed = tuple(name for name, differs in kinds.items() if differs)
        yield Change(saved, changed, old, new, tuple(_lines(before, after)))


def _said(answer: Answer) -> Said:
    cited = tuple(f"{one.document_title}: {one.cited_text}" for one in answer.citations)
    return Said(answer.status.value, answer.reason.value if answer.reason else None, answer.text, cited)


# ---------------------------------------------------------------------------------------------------- lines


def _lines(before: tuple[Engine, Answer], after: tuple[Engine, Answer]) -> Iterator[LineChange]:
    texts = [{document.name: document.text for document in engine.documents} for engine, _ in (before, after)]
    cited = [_cited(*one) for one in (before, after)]
    for name in sorted({*cited[0], *cited[1]}):
        old, new = (text[name].split("\n") if name in text else [] for text in texts)
        yield from changed_lines(name, old, new, cited[0].get(name, set()), cited[1].get(name, set()))


def _cited(engine: Engine, answer: Answer) -> dict[str, set[int]]:
    """Return the lines that an answer cites, from 0, by the name of their document."""
    found: dict[str, set[int]] = {}
    for citation in answer.citations:
        document = engine.document(citation.document_id)
        starts = [0, *(place + 1 for place, char in enumerate(document.text) if char == "\n")]
        first, last = (
            bisect_right(starts, place) - 1
            for place in (citation.start_char_index, max(citation.start_char_index, citation.end_char_index - 1))
        )
        found.setdefault(document.name, set()).update(range(first, last + 1))
    return found


def changed_lines(
    name: str, old: Sequence[str], new: Sequence[str], old_cited: set[int], new_cited: set[int]
) -> Iterator[LineChange]:
    """Yield the cited lines, given from 0, that are not the same in the other text; blank ones are passed over."""
    told = set()
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = _pairs(old, new, range(old_start, old_end), range(new_start, new_end))
        for one, other in pairs:
            if (one in old_cited or other in new_cited) and (one, other) not in told:
                told.add((one, other))
                before = None if one is None else old[one]
                after = None if other is None else new[other]
                if (before or after or "").strip():
                    state = "new" if one is None else "gone" if other is None else "changed"
                    yield LineChange(name, state, _number(one), _number(other), before, after)


def _pairs(old: Sequence[str], new: Sequence[str], gone: range, come: range) -> Iterator[tuple[int | None, int | None]]:
    """Pair each line of one stretch with the first one of the other that is like it, in order; None where none is."""
    start = come.start
    for one in gone:
        other = next((place for place in range(start, come.stop) if _alike(old[one], new[place])), None)
        if other is None:
            yield one, None
            continue
        yield from ((None, place) for place in range(start, other))
        yield one, other
        start = other + 1
    yield from ((None, place) for place in range(start, come.stop))


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one[:_COMPARED_CHARS], other[:_COMPARED_CHARS], autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _number(place: int | None) -> int | None:
    return None if place is None else place + 1


# ---------------------------------------------------------------------------------------------------- telling


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Yield a comparison as text: each question whose answer changed, both answers, and the lines behind them."""
    for change in found.changes:
        yield f"{change.saved.question}  ({', '.join(change.changed)} changed)"
        for sign, said in (("-", change.before), ("+", change.after)):
            status = said.status + (f", {said.reason}" if said.reason else "")
            yield f"  {sign} {status}: {_short(said.text)}"
        for line in change.lines:
            yield from _line(line)
        if not change.lines:
            yield "    no cited line changed"
        yield ""
    skipped = f", {found.skipped} cannot be asked any more" if found.skipped else ""
    yield f"{found.old} to {found.new}: {len(found.changes)} of {found.asked} answers changed{skipped}."


def _line(line: LineChange) -> Iterator[str]:
    yield f"    {line.document}, {line.state}"
    for sign, number, text in (("-", line.old_line, line.before), ("+", line.new_line, line.after)):
        if text is not None:
            yield f"    {sign} line {number}: {_short(text)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARS else line[: _SHOWN_CHARS - 1] + "…"

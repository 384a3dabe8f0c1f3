"""The online half: a question in, an answer with checked citations out. Asking changes nothing."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nkqa.ask.answerer import HITS, Answerer
from nkqa.ask.compose import Composer
from nkqa.ask.conversation import latest
from nkqa.ask.stages import OnStage
from nkqa.ask.timeline import TimelineRow
from nkqa.ask.trace import Trace
from nkqa.ask.verify_units import check_text, not_checkable, split_text
from nkqa.errors import NkqaError, UnknownDocumentError, UnknownFactError
from nkqa.settings import Settings
from nkqa.store.encoder import OnnxEncoder, model_dir
from nkqa.store.generation import Generation, open_best, open_current
from nkqa.store.pointer import folder_stamp
from nkqa.store.reader import OnnxReader
from nkqa.types import (
    Answer,
    CheckedSentence,
    Citation,
    Document,
    Fact,
    FactKind,
    Hit,
    Query,
    Reason,
    Status,
    Verdict,
    Verification,
)

_log = logging.getLogger(__name__)

# The longest list of passages that a search gives: those of one tier that are read.
MAX_PASSAGES = HITS


class Engine:
    """Answers from one opened generation. Immutable and thread-safe: threads share one engine.

    Documents of a lower tier of trust are asked only where those above have no answer. So nothing that stands in them,
    and no number of them, changes an answer that the others give.
    """

    def __init__(
        self,
        generation: Generation,
        encoder: OnnxEncoder,
        reader: OnnxReader,
        settings: Settings,
        problem: NkqaError | None = None,
    ) -> None:
        self.manifest = generation.manifest
        self.problem = problem
        self.documents = tuple(document for tier in generation.tiers for document in tier.documents)
        self.audit = tuple(finding for tier in generation.tiers for finding in tier.audit)
        self.encoder = encoder
        self.reader = reader
        self._settings = settings
        self._by_id = {document.id: document for document in self.documents}
        answerers: list[Answerer] = []
        for tier in generation.tiers:
            first = sum(len(above.documents) for above in answerers)
            composer = Composer(tier.documents, generation.manifest.generation, first)
            answerers.append(Answerer(tier, composer, encoder, reader, settings))
        self._answerers = tuple(answerers)

    @classmethod
    def open(cls, settings: Settings) -> Engine:
        """Open the current generation, or the latest whole one before it; `problem` then says what is wrong.

        Raises NoIndexError, BrokenIndexError or ModelError.
        """
        generation, problem = open_best(settings.index_dir)
        encoder = OnnxEncoder(model_dir(settings.index_dir), settings.encoder_threads)
        reader = OnnxReader(settings.encoder_threads, settings.remembered_readings)
        return cls(generation, encoder, reader, settings, problem)

    def successor(self, settings: Settings) -> Engine:
        """Open the current generation, sharing this engine's models; raises as `open`, and where it is not whole."""
        return Engine(open_current(settings.index_dir), self.encoder, self.reader, settings)

    def ask(
        self,
        question: str,
        history: Sequence[str] | None = None,
        as_of: int | None = None,
        on_stage: OnStage | None = None,
        explain: bool = False,
    ) -> Answer:
        """Answer a question; `history` holds earlier questions, oldest first.

        With `as_of`, a year, passages that name only later years are left out. `on_stage` is called in this thread with
        the name of each stage as it begins; what it raises ends the asking and comes out unchanged. Raises
        QuestionError where the question cannot be asked at all; one that cannot be answered gets a refusal, which is
        an answer. With `explain` the answer has a trace of how it came about.
        """
        first, *others = self._answerers
        trace = Trace(first.trust) if explain else None
        answer = first.ask(question, history, as_of, on_stage, trace)
        for lower in others:
            # What is denied is denied by a document of more trust.
            if answer.status is not Status.DECLINED or answer.reason is Reason.FALSE_PREMISE:
                break
            if trace:
                trace.trust = lower.trust
            found = lower.ask(question, history, as_of, on_stage, trace)
            answer = found if found.status is Status.ANSWERED else answer
        if history or as_of:
            # Under its id an answer is kept with its conversation: who asks alone must not come upon another's.
            apart = json.dumps([answer.id, self.taken(history), as_of])
            answer = replace(answer, id=hashlib.sha256(apart.encode()).hexdigest()[:16])
        return replace(answer, trace=tuple(trace.steps)) if trace else answer

    def taken(self, history: Sequence[str] | None) -> tuple[str, ...]:
        """Return the earlier questions that are taken into account."""
        return latest(history, self._settings.max_history)

    def verify(self, text: str, on_stage: OnStage | None = None) -> Verification:
        """Return what the documents say to each sentence of a text, which may be anybody's.

        A lower tier is asked only for what those above do not state. `on_stage` is called before each sentence, as by
        `ask`. Raises QuestionError for a text that is empty or longer than the setting `max_verify_chars`.
        """
        check_text(text, self._settings.max_verify_chars)
        checked: list[CheckedSentence] = []
        for span in split_text(text):
            if on_stage:
                on_stage("verify")
            checked.append(self._verified(span.of(text), span.start))
        return Verification(tuple(checked), self.manifest.generation)

    def _verified(self, sentence: str, start: int) -> CheckedSentence:
        end = start + len(sentence)
        if why := not_checkable(sentence):
            return CheckedSentence(sentence, start, end, Verdict.NOT_CHECKABLE, why, ())
        first, *others = self._answerers
        asked, ruling = first, first.check(sentence)
        for lower in others:
            if ruling.verdict is not Verdict.NOT_FOUND:
                break
            found = lower.check(sentence)
            if found.verdict is not Verdict.NOT_FOUND:
                asked, ruling = lower, found
        return CheckedSentence(sentence, start, end, ruling.verdict, ruling.reason, asked.cite(ruling.evidence))

    def openers(self) -> tuple[str, ...]:
        """Return questions for an empty page, of as many kinds as the documents offer, each sure to be answered."""
        return next((found for one in self._answerers if (found := one.openers())), ())

    def search(self, question: str, history: Sequence[str] | None = None, limit: int = HITS) -> tuple[Hit, ...]:
        """Return the best passages for a question, read, before it is decided whether they answer it.

        Those of more trust come first.
        """
        hits = [hit for one in self._answerers for hit in one.search(question, history, limit)]
        return tuple(hits[:limit])

    def passages(
        self,
        question: str,
        history: Sequence[str] | None = None,
        limit: int = MAX_PASSAGES,
        doc_id: str | None = None,
    ) -> tuple[Citation, ...]:
        """Return the best passages for a question as citations whose number is their rank; of one document by its id.

        Those of more trust come first, at most MAX_PASSAGES of each tier. Raises QuestionError, UnknownDocumentError.
        """
        if doc_id is not None:
            self.document(doc_id)
        found = [one for answerer in self._answerers for one in answerer.passages(question, history, limit, doc_id)]
        return tuple(replace(one, number=rank) for rank, one in enumerate(found[:limit], start=1))

    def query(self, question: str, history: Sequence[str] | None = None) -> Query:
        """Return a question as it is read; raises QuestionError where it cannot be asked at all."""
        return self._answerers[0].query(question, history)

    def document(self, doc_id: str) -> Document:
        """Return a document by its id; raises UnknownDocumentError."""
        if doc_id not in self._by_id:
            raise UnknownDocumentError(
                f"There is no document {doc_id!r} in this index.", "List the documents to see their ids."
            )
        return self._by_id[doc_id]

    def facts(self, kind: FactKind | None = None, about: str = "", doc_id: str | None = None) -> tuple[Fact, ...]:
        """Return the facts of a kind, about something, of a document; raises UnknownDocumentError."""
        if doc_id is not None:
            self.document(doc_id)
        return tuple(fact for one in self._answerers for fact in one.facts(kind, about, doc_id))

    def fact(self, fact_id: str) -> Fact:
        """Return a fact by its id; raises UnknownFactError."""
        found = next((fact for one in self._answerers if (fact := one.fact(fact_id))), None)
        if found is None:
            raise UnknownFactError(
                f"There is no fact {fact_id!r} in this index.",
                "List the facts; ids change when the text around a fact does.",
            )
        return found

    @property
    def fact_count(self) -> int:
        """How many facts the index holds."""
        return sum(one.fact_count for one in self._answerers)

    def timeline(
        self, place: str = "", first: int | None = None, last: int | None = None, outcome: str = ""
    ) -> tuple[TimelineRow, ...]:
        """Return the dated incidents at a place, from year to year, with an outcome; by date in each tier."""
        return tuple(row for one in self._answerers for row in one.timeline(place, first, last, outcome))


@dataclass(frozen=True, slots=True)
class EngineState:
    """The engine in use, when it was opened (seconds since 1970), and whether a newer index could not be opened."""

    engine: Engine
    opened_at: float
    newer_failed: bool


class EngineSource:
    """Gives the engine of the generation in use; a rebuild is picked up by the next question.

    Where a new generation cannot be opened, the one that is open goes on answering. With `background` the old one
    answers, too, while the new one is being opened, so that no question waits for it.
    """

    def __init__(self, settings: Settings, background: bool = False) -> None:
        self._settings = settings
        self._background = background
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._opened_at = 0.0
        self._newer_failed = False
        self._stamp: tuple[int, int] | None = None

    def current(self) -> Engine:
        """Return the engine; raises NoIndexError, BrokenIndexError or ModelError where none can be opened."""
        stamp = folder_stamp(self._settings.index_dir)
        engine = self._engine
        if engine is not None and stamp == self._stamp:
            return engine
        if engine is not None and self._background:
            if self._lock.acquire(blocking=False):  # else one is being opened already
                threading.Thread(target=self._follow, args=(stamp,), name="nkqa-open", daemon=True).start()
            return engine
        with self._lock:
            return self._at(stamp)

    def state(self) -> EngineState:
        """Return what answers, and since when; raises like `current`."""
        engine = self.current()
        return EngineState(engine, self._opened_at, self._newer_failed)

    def _follow(self, stamp: tuple[int, int] | None) -> None:
        """Open what is current now, in a thread of its own; the lock is held already."""
        try:
            self._at(stamp)
        finally:
            self._lock.release()

    def _at(self, stamp: tuple[int, int] | None) -> Engine:
        if self._engine is None or stamp != self._stamp:
            self._engine = self._open()
            self._stamp = stamp
        return self._engine

    def _open(self) -> Engine:
        try:
            engine = self._engine.successor(self._settings) if self._engine else Engine.open(self._settings)
        except NkqaError as error:
            if self._engine is None:
                raise
            _log.warning("%s Generation %s goes on answering.", error, self._engine.manifest.generation)
            self._newer_failed = True
            return self._engine
        if engine.problem:
            _log.warning("%s The generation before, %s, answers.", engine.problem, engine.manifest.generation)
        self._opened_at, self._newer_failed = time.time(), engine.problem is not None
        return engine

"""nkqa as tools for an assistant, by the Model Context Protocol. All of them only read."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations

from nkqa import __version__
from nkqa.errors import NkqaError, UnknownDocumentError
from nkqa.mcp_schema import (
    MAX_READ_CHARS,
    About,
    DocumentId,
    End,
    FactLimit,
    History,
    Kind,
    Offset,
    OnlyDocument,
    PassageLimit,
    Question,
    SourceText,
    Start,
    Text,
    Year,
)
from nkqa.serve.deadline import OnStage, with_deadline
from nkqa.serve.fact_schema import FactList
from nkqa.serve.present import fact_body
from nkqa.serve.schema import AnswerBody
from nkqa.serve.searching import SearchBody
from nkqa.serve.sources import content_of, source_line
from nkqa.serve.verify_routes import VerificationBody
from nkqa.settings import Settings

if TYPE_CHECKING:
    from nkqa.ask.pipeline import Engine, EngineSource

INSTRUCTIONS = (
    "nkqa answers questions from a fixed set of documents and proves every word by exact excerpts with their places. "
    "Pass its text on as it is, with the marks such as [1] and the sources. Where it declines, the documents do not "
    "say; do not fill in. Offsets are Unicode code points of a document, 0-based, end-exclusive."
)
_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_MAX_NAMED_DOCUMENTS = 20

_Made = TypeVar("_Made")
_Work = Callable[["Engine", OnStage], _Made]


class _ClientGoneError(Exception):
    """Nobody waits for the result any more; raised where a stage of the work begins, it ends there."""


class _Workers:
    """Runs the tools' work in threads: `threads` at a time, `max_waiting` more wait, the next is refused."""

    def __init__(self, engines: EngineSource, settings: Settings) -> None:
        self._engines = engines
        self._settings = settings
        self._limit = settings.threads + settings.max_waiting
        self._places = threading.BoundedSemaphore(self._limit)
        self._executor = ThreadPoolExecutor(settings.threads, "nkqa-mcp")

    def open_index(self) -> None:
        """Open the index while nothing is asked yet; a call tells where that failed."""
        self._executor.submit(self._engines.current)

    async def run(self, work: _Work[_Made]) -> _Made:
        """Return what `work` makes; raises ToolError with what to do."""
        if not self._places.acquire(blocking=False):
            raise ToolError("nkqa has more calls than it can take. Try again in a few seconds.")
        gone = threading.Event()
        future = self._executor.submit(self._do, work, gone)
        future.add_done_callback(self._leave)
        try:
            return await asyncio.wrap_future(future)
        except NkqaError as error:
            raise ToolError(str(error)) from error
        finally:
            gone.set()

    def _do(self, work: _Work[_Made], gone: threading.Event) -> _Made:
        def still_wanted(_stage: str) -> None:
            if gone.is_set():
                raise _ClientGoneError

        engine = self._engines.current()
        try:
            return work(engine, with_deadline(still_wanted, self._settings.question_timeout_s))
        except UnknownDocumentError as error:
            raise UnknownDocumentError(error.message, _documents(engine)) from error

    def _leave(self, _done: Future[Any]) -> None:
        self._places.release()


def _documents(engine: Engine) -> str:
    named = ", ".join(f"{one.id} ({one.title})" for one in engine.documents[:_MAX_NAMED_DOCUMENTS])
    more = len(engine.documents) - _MAX_NAMED_DOCUMENTS
    return f"The documents are: {named}{f' and {more} more' if more > 0 else ''}."


class _Tools:
    """The tools; their names, signatures and docstrings are what an assistant reads."""

    def __init__(self, workers: _Workers) -> None:
        self._workers = workers

    async def ask(
        self, question: Question, history: History = None, as_of: Year = None
    ) -> Annotated[CallToolResult, AnswerBody]:
        """Answer a question from the documents, or say why not; every citation is a slice of its source."""
        answer = await self._workers.run(
            lambda engine, on_stage: engine.ask(question, history, as_of, on_stage=on_stage).to_json()
        )
        return _result(content_of(answer), answer)

    async def search(
        self, question: Question, history: History = None, document: OnlyDocument = None, limit: PassageLimit = 10
    ) -> Annotated[CallToolResult, SearchBody]:
        """Find the passages nearest to a question, best first; they need not answer it."""

        def work(engine: Engine, _: OnStage) -> dict[str, Any]:
            return {
                "generation": engine.manifest.generation,
                "interpreted_as": engine.query(question, history).interpreted_as,
                "passages": [asdict(one) for one in engine.passages(question, history, limit, document)],
            }

        found = await self._workers.run(work)
        return _result("\n".join(map(source_line, found["passages"])) or "Nothing was found.", found)

    async def facts(
        self,
        kind: Kind = None,
        about: About = "",
        document: OnlyDocument = None,
        offset: Offset = 0,
        limit: FactLimit = 20,
    ) -> Annotated[CallToolResult, FactList]:
        """List what was read from the documents as data: table cells, figures, events, definitions, list entries."""

        def work(engine: Engine, _: OnStage) -> dict[str, Any]:
            found = engine.facts(kind, about, document)
            page = [fact_body(one, engine.document(one.doc_id)) for one in found[offset : offset + limit]]
            return {
                "generation": engine.manifest.generation,
                "total": len(found),
                "offset": offset,
                "facts": page,
            }

        listed = await self._workers.run(work)
        lines = [f"{one['subject']}: {one['attribute']}: {one['value']}\n{_stated(one)}" for one in listed["facts"]]
        return _result("\n".join([f"{listed['total']} facts", *lines]), listed)

    async def read_source(
        self, document: DocumentId, start: Start = 0, end: End = None
    ) -> Annotated[CallToolResult, SourceText]:
        """Read a document's text from one place to another, to the letter."""

        def work(engine: Engine, _: OnStage) -> dict[str, Any]:
            found = engine.document(document)
            total = len(found.text)
            last = min(total if end is None else end, start + MAX_READ_CHARS, total)
            if start > last:
                raise ToolError(f"There is no text from {start} to {last}: {found.title} has {total} characters.")
            return {
                "generation": engine.manifest.generation,
                "document_id": found.id,
                "document_title": found.title,
                "start": start,
                "end": last,
                "total_chars": total,
                "text": found.text[start:last],
            }

        read = await self._workers.run(work)
        return _result(read["text"], read)

    async def verify(self, text: Text) -> Annotated[CallToolResult, VerificationBody]:
        """Say of each sentence of a text whether the documents state it, contradict it, or neither, and where."""
        checked = await self._workers.run(lambda engine, on_stage: engine.verify(text, on_stage).to_json())
        return _result("\n\n".join(map(_judged, checked["sentences"])), checked)


def _stated(fact: Mapping[str, Any]) -> str:
    place = f"characters {fact['statement']['start']} to {fact['statement']['end']}"
    return f"{fact['document_title']}, {place}: “{fact['statement_text']}”"


def _judged(sentence: Mapping[str, Any]) -> str:
    """Return a sentence with its verdict and what proves it."""
    verdict = str(sentence["verdict"]).replace("_", " ")
    return "\n".join(
        [f"“{sentence['text']}”: {verdict}. {sentence['reason']}", *map(source_line, sentence["citations"])]
    )


def _result(text: str, structured: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)


def make_server(engines: EngineSource, settings: Settings) -> MCPServer:
    """Make the server with its tools; call once the log is configured, which the library would do its own way."""
    # In detail they would log what is asked and answered.
    for library in ("mcp", "sse_starlette"):
        log = logging.getLogger(library)
        log.setLevel(max(log.getEffectiveLevel(), logging.INFO))
    workers = _Workers(engines, settings)
    workers.open_index()
    tools = _Tools(workers)
    server: MCPServer = MCPServer(
        "nkqa",
        title="nkqa: answers with proof",
        instructions=INSTRUCTIONS,
        version=__version__,
        subscriptions=False,
    )
    for tool in (tools.ask, tools.search, tools.facts, tools.read_source, tools.verify):
        server.add_tool(tool, annotations=_READ_ONLY, structured_output=True)
    return server


def serve_stdio(engines: EngineSource, settings: Settings) -> None:
    """Serve over standard input and output until the input ends; whatever else is printed goes to standard error."""
    make_server(engines, settings).run("stdio")

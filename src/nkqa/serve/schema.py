"""Types of the HTTP interface: requests are checked against them, responses are described by them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# More than any setting takes into account.
MAX_EARLIER = 1000


def _unicode(text: object) -> object:
    """Refuse half of a surrogate pair, which JSON can carry (as an escape) but UTF-8 cannot."""
    if isinstance(text, str) and any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("it holds half of a surrogate pair")
    return text


# Before all else: pydantic says it in words of its own where it counts characters.
UNICODE = BeforeValidator(_unicode)
UnicodeText = Annotated[str, UNICODE]


def example(body: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a request that shows one in the description; the rest is inherited."""
    return ConfigDict(openapi_extra={"example": body})  # type: ignore[typeddict-unknown-key]


class Request(BaseModel):
    """What a client sends as JSON."""

    # Strict: "2010" is not a year and 1 is not a question; a client learns of its mistake at once.
    model_config = ConfigDict(extra="forbid", strict=True)


# The first wrong entry ends the check: to list half a million faults would cost a gigabyte.
Earlier = Annotated[list[UnicodeText], Field(max_length=MAX_EARLIER, fail_fast=True)]


class AskRequest(Request):
    """A question, and what it may be read against."""

    model_config = example(
        {"question": "And the year after?", "history": ["Which year had the highest total?"], "as_of": 2015}
    )

    question: UnicodeText = Field(description="the question, in plain words")
    history: Earlier | None = Field(None, description="earlier questions of the same user, oldest first")
    as_of: int | None = Field(None, ge=1, le=9999, description="year of which the answer should be true")


class AskQuery(BaseModel):
    """How much an answer tells of itself."""

    model_config = ConfigDict(extra="forbid")

    explain: bool = Field(False, description="also say how the answer came about, as trace")


class DocumentPath(Request):
    """Names one document."""

    doc_id: str = Field(description="id of a document, from GET /api/documents")


class Problem(BaseModel):
    """What went wrong and what to do (RFC 9457)."""

    type: str = Field(description="names the kind of problem; about:blank where the status says it all")
    title: str
    status: int
    detail: str
    remedy: str = Field(description="what to do about it")


class Cell(BaseModel):
    """A table cell behind an answer; offsets as in Citation."""

    row: str
    column: str
    value: str
    start: int
    end: int


class Citation(BaseModel):
    """Proof: `cited_text` is the source from `start_char_index` to `end_char_index`, in Unicode code points."""

    number: int
    type: str
    cited_text: str
    document_id: str
    document_index: int
    document_title: str
    start_char_index: int
    end_char_index: int
    section: list[str]
    flags: list[str]
    cells: list[Cell]
    author: str | None
    date: str | None = Field(description="when the document was written or published, as it says")
    url: str | None = Field(description="where the document comes from: http or https")
    licence: str | None


class Place(BaseModel):
    """Where something stands in the document of a citation of the answer; null where it is itself computed."""

    citation: int
    start: int | None
    end: int | None


class EstimateBody(Place):
    """One of several figures for the same thing."""

    value: str
    low: float | None
    high: float | None
    unit: str | None
    what: str
    where: str | None
    period: str | None
    claimant: str | None
    hedge: str | None
    flags: list[str]


class OperandBody(Place):
    """A number that a computation used."""

    label: str
    value: str


class ComputationBody(BaseModel):
    """How a number was computed."""

    operation: str
    formula: str
    operands: list[OperandBody]
    result: str
    caveats: list[str]


class Extent(BaseModel):
    """A stretch of a document's text."""

    start: int
    end: int


class ChartBody(BaseModel):
    """Data to draw: `cells` are the places of `y`, as many as `x`."""

    kind: str
    title: str
    x: list[str]
    y: list[float]
    series: str
    unit: str | None
    citation: int
    cells: list[Extent]


class EntryBody(BaseModel):
    """An entry of a list; `short` is its name."""

    text: str
    short: str
    citation: int


class ListingBody(BaseModel):
    """The entries of `total` that pass the filter; for `unstated` of them the text does not state what it asks for."""

    heading: str
    total: int
    filter: str | None
    unstated: int
    entries: list[EntryBody]


class IncidentBody(BaseModel):
    """An incident; `again` are the words that name people of an earlier one."""

    date: str
    start_date: str | None
    end_date: str | None
    text: str
    again: str | None
    where: str | None
    flags: list[str]
    citation: int


class SideBody(Place):
    """One of the things that are compared."""

    label: str
    value: str
    unit: str | None
    period: str | None


class MeasureBody(BaseModel):
    """A number that decided, and the least value that would have been enough."""

    name: str
    value: float
    needed: float


class CandidateBody(BaseModel):
    """A passage that was weighed; the scores of the reader are null before it was read."""

    passage: str
    document_id: str
    start_char_index: int
    end_char_index: int
    cited_text: str
    cosine: float
    lexical: float
    coverage: float
    found_score: float
    relevance: float | None
    pointing: float | None
    chance: float | None


class StepBody(BaseModel):
    """One step on the way to an answer, in the documents of one trust."""

    trust: str
    step: str
    outcome: str
    measures: list[MeasureBody]
    candidates: list[CandidateBody]


class AnswerBody(BaseModel):
    """An answer or a refusal; a refusal is an answer too."""

    model_config = ConfigDict(openapi_extra={"content": {"text/event-stream": {"schema": {"type": "string"}}}})  # type: ignore[typeddict-unknown-key]

    id: str
    question: str
    interpreted_as: str | None
    status: str
    reason: str | None
    kind: str
    text: str
    short: str | None
    confidence: float
    citations: list[Citation]
    estimates: list[EstimateBody]
    computation: ComputationBody | None
    chart: ChartBody | None
    listing: ListingBody | None
    timeline: list[IncidentBody]
    sides: list[SideBody]
    closest: list[Citation]
    suggestions: list[str]
    generation: str
    timings_ms: dict[str, float]
    trace: list[StepBody] | None = Field(None, description="how the answer came about; only with explain=1")


class SourceBody(BaseModel):
    """Where a document comes from; null where neither its sidecar file nor the document says."""

    author: str | None
    date: str | None
    source: str | None
    url: str | None
    licence: str | None
    licence_url: str | None
    retrieved: str | None


class DocumentSummary(BaseModel):
    """One line of the document list."""

    id: str
    name: str
    title: str
    sha256: str
    chars: int
    source: SourceBody
    headings: list[str]


class DocumentList(BaseModel):
    """The documents of the open generation."""

    generation: str
    documents: list[DocumentSummary]


class OutlineEntry(BaseModel):
    """A section: its heading, and the text it spans."""

    heading: str
    level: int
    path: list[str]
    start: int
    end: int
    heading_start: int
    heading_end: int
    empty: bool


class IgnoredRegion(BaseModel):
    """Text that is shown but never cited."""

    start: int
    end: int
    reason: str


class FlagMark(BaseModel):
    """A maintenance tag of the source."""

    label: str
    start: int
    end: int


class ValueCell(BaseModel):
    """One value of a table row."""

    value: str
    start: int
    end: int


class Row(BaseModel):
    """A labelled row of a table."""

    label: str
    start: int
    end: int
    cells: list[ValueCell]


class TableBody(BaseModel):
    """A table as cells."""

    caption: str | None
    start: int
    end: int
    columns: list[str]
    rows: list[Row]


class DocumentBody(BaseModel):
    """A document with its structure; offsets are Unicode code points of `text`, end-exclusive."""

    generation: str
    id: str
    name: str
    title: str
    text: str
    source: SourceBody
    outline: list[OutlineEntry]
    ignored: list[IgnoredRegion]
    flags: list[FlagMark]
    tables: list[TableBody]


class Health(BaseModel):
    """The process is up."""

    status: str


class Integrity(BaseModel):
    """The check of every file of the index against its hash."""

    result: Literal["verified"]
    verified_at: str


class Readiness(BaseModel):
    """The server can answer questions."""

    status: str
    generation: str
    documents: int
    passages: int
    opened_at: str = Field(description="when this index was taken into use, ISO 8601 in UTC")
    age_s: float = Field(description="seconds since then")
    integrity: Integrity
    newer_failed: bool = Field(description="whether a newer index is there that cannot be opened")

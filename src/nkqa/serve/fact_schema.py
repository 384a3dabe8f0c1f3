"""Types of the requests for facts, incidents, the audit and kept answers, and of their responses."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from nkqa.serve.schema import Extent
from nkqa.types import FactKind

MAX_LIMIT = 500
_Year = Annotated[int, Field(ge=1, le=9999)]


class _QueryRequest(BaseModel):
    # Not strict: what stands in an address is text, "10" as well.
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FactFilter(_QueryRequest):
    """Chooses facts."""

    kind: FactKind | None = Field(None, description="only facts of this kind")
    about: str = Field("", max_length=500, description="words that the fact, its headings or its sentence must hold")
    document: str | None = Field(None, description="only facts of the document with this id")
    flagged: bool = Field(False, description="only facts whose sentence bears a flag, as [citation needed]")


class FactsQuery(FactFilter):
    """Chooses facts, and which page of them."""

    offset: int = Field(0, ge=0, description="how many facts to pass over")
    limit: int = Field(100, ge=1, le=MAX_LIMIT, description="how many facts to give at most")


class TimelineQuery(_QueryRequest):
    """Chooses incidents."""

    place: str = Field("", max_length=200, description="where they took place")
    first: _Year | None = Field(None, alias="from", description="first year")
    last: _Year | None = Field(None, alias="to", description="last year")
    outcome: str = Field("", max_length=200, description="what happened, in a word or two: deported, released")


class FactPath(BaseModel):
    """Names one fact."""

    fact_id: str = Field(description="id of a fact, from GET /api/facts")


class AnswerPath(BaseModel):
    """Names one kept answer."""

    answer_id: str = Field(description="id of an answer, from POST /api/ask")


class PeriodBody(BaseModel):
    """A time as written, with its first and last day."""

    text: str
    start: str | None
    end: str | None
    precision: str


class FactBody(BaseModel):
    """One structured statement; docs/facts.md says what each field means for each kind.

    `statement_text` is the sentence or row that states it: the document's text at `statement`.
    """

    id: str
    kind: FactKind
    subject: str
    attribute: str
    value: str
    low: float | None
    high: float | None
    unit: str | None
    where: str | None
    period: PeriodBody | None
    claimant: str | None
    hedge: str | None
    flags: list[str]
    doc_id: str
    span: Extent
    statement: Extent
    path: list[str]
    group: str | None
    position: list[int] | None
    document_title: str
    statement_text: str


class FactList(BaseModel):
    """A page of facts; `total` counts all that were chosen."""

    generation: str
    total: int
    offset: int
    facts: list[FactBody]


class OneFact(BaseModel):
    """A fact, and the index it is from."""

    generation: str
    fact: FactBody


class TimelineRowBody(BaseModel):
    """An incident; `again` names people who may be counted in an earlier row, null where nobody is."""

    text: str
    again: str | None
    event: FactBody


class TimelineBody(BaseModel):
    """Incidents by date."""

    generation: str
    rows: list[TimelineRowBody]


class FindingSpan(Extent):
    """A place that a finding is about, with its words and the headings above it, outermost first."""

    text: str
    section: list[str]


class FindingBody(BaseModel):
    """One result of one check of the corpus."""

    kind: str
    severity: str
    document: str
    document_title: str
    message: str
    passed: bool
    spans: list[FindingSpan]


class AuditBody(BaseModel):
    """What the corpus says against itself, the worst first, then the checks that passed."""

    generation: str
    failed: int
    passed: int
    findings: list[FindingBody]


class ReceiptDocument(BaseModel):
    """A document that an answer cites."""

    id: str
    name: str
    title: str
    sha256: str


class ReceiptBody(BaseModel):
    """An answer with all that is needed to prove it again, as `nkqa verify` does, and to ask for it again."""

    receipt: int
    nkqa: str
    generation: str
    history: list[str] = Field(description="earlier questions it was asked after, oldest first")
    as_of: int | None = Field(description="year it was asked for")
    documents: list[ReceiptDocument]
    lines: list[int]
    answer: dict[str, Any]

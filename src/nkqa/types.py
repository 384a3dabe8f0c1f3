"""Every value that crosses a stage: frozen, slotted, tuples instead of lists. Also the one-method protocols.

Offsets are Unicode code points of the source file as read, 0-based, end-exclusive. A higher score is a better match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# ------------------------------------------------------------------------------------------------- the document


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a source text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the slice of `text` that this span names."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies wholly in this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Flag:
    """A bracketed maintenance tag of the source, such as "citation needed"; `span` includes the brackets."""

    label: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; `span` covers its words, and the tags behind it where it has any."""

    span: Span
    flags: tuple[Flag, ...]


class BlockKind(StrEnum):
    """What a block of source text is."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or caption; `section` indexes `Document.sections`."""

    kind: BlockKind
    span: Span
    section: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it. `level` is 0 for the document's title, 1 for its main headings.

    `path` is every heading from level 1 down to this one; `span` runs from the heading to the next heading of the same
    or a higher level; `empty` is true where nothing stands under it, not even in a section below it.
    """

    heading: str
    level: int
    path: tuple[str, ...]
    heading_span: Span
    span: Span
    empty: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the span of its label, of each cell (as many as the table has columns), and of the whole row."""

    label: Span
    cells: tuple[Span, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `corner` is the header above the row labels, None where it has none; `columns` that of each column."""

    caption: Span | None
    corner: Span | None
    columns: tuple[Span, ...]
    rows: tuple[TableRow, ...]
    span: Span
    section: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value from an infobox."""

    label: Span
    value: Span
    span: Span
    section: int


@dataclass(frozen=True, slots=True)
class Ignored:
    """A region that is not knowledge (navigation, tags, advertising) and why it was taken for that."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """What the sidecar of a document says about it, or else the file itself; None where neither does.

    `date` is when it was written or published, as stated: a day, a month or a year.
    """

    author: str | None = None
    date: str | None = None
    source: str | None = None
    url: str | None = None
    licence: str | None = None
    licence_url: str | None = None
    retrieved: str | None = None


class Trust(StrEnum):
    """How far an operator trusts a document. Those of a lower tier are asked only where the higher ones say nothing."""

    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Document:
    """A source file with its structure; every element is a span of `text`.

    That is the file as read, unchanged; of a file that is no plain text it is the text extracted, as simple Markdown.
    """

    id: str
    name: str
    title: str
    text: str
    sha256: str
    source: Source
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    pairs: tuple[Pair, ...]
    ignored: tuple[Ignored, ...]
    trust: Trust = Trust.NORMAL

    def path_of(self, section: int) -> tuple[str, ...]:
        """Return the headings above an element; () for text before the first heading."""
        return self.sections[section].path


# ----------------------------------------------------------------------------------------------- the index


class PassageKind(StrEnum):
    """What a passage is; each kind is the smallest piece that is cited."""

    SENTENCE = "sentence"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is searched and cited.

    `window` covers the neighbouring sentences of the same block (the passage itself where it has none); `lead` is the
    span of a sentence that introduces a list ("... as:"), None for anything else.
    """

    id: str
    doc_id: str
    kind: PassageKind
    path: tuple[str, ...]
    span: Span
    window: Span
    lead: Span | None
    flags: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """One text under which a passage can be found: alone, with its headings, or with its neighbours."""

    passage: int
    text: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Name, size in bytes and SHA-256 of one file of a generation."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TierInfo:
    """How much a tier of a generation holds."""

    trust: Trust
    documents: int
    passages: int
    views: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of, and the hash of each of its files; holds no clock and no path.

    `documents`, `passages` and `views` count those of all `tiers`, which stand in the order of trust.
    """

    generation: str
    format: int
    nkqa: str
    model: str
    model_sha256: str
    reader: str
    reader_sha256: str
    dimensions: int
    documents: int
    passages: int
    views: int
    tiers: tuple[TierInfo, ...]
    files: tuple[FileEntry, ...]


class FactKind(StrEnum):
    """What a fact is; one extractor in `build/facts/` makes each kind."""

    CELL = "cell"
    QUANTITY = "quantity"
    EVENT = "event"
    DEFINITION = "definition"
    LIST_ITEM = "list_item"
    RELATION = "relation"


@dataclass(frozen=True, slots=True)
class Period:
    """A time as written, with its first and last day as "YYYY-MM-DD", and how exact it is.

    `precision` is day, month, half, year, years (a range), decade_part ("mid-1990s", "early 2012") or open ("by 2014",
    "since 1998": `start` or `end` is then None).
    """

    text: str
    start: str | None
    end: str | None
    precision: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One structured statement of a document; docs/facts.md says what each field means for each kind.

    `span` is the value as written, `statement` the sentence, list item or table row that states it. `group` names the
    table or list it belongs to and `position` its (row, column) or (item, 0) there. None: the text does not say.
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
    period: Period | None
    claimant: str | None
    hedge: str | None
    flags: tuple[str, ...]
    doc_id: str
    span: Span
    statement: Span
    path: tuple[str, ...]
    group: str | None = None
    position: tuple[int, int] | None = None


class Severity(StrEnum):
    """How much a finding matters: figures that contradict each other, what needs care, what is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One result of one check. `document` is the document's id, `spans` the places in its text that are compared.

    `passed` is True where the check found everything as it should be; its severity is then a note.
    """

    kind: str
    severity: Severity
    document: str
    message: str
    spans: tuple[Span, ...]
    passed: bool

    def to_json(self, text: str) -> dict[str, Any]:
        """Return the finding with the words of its spans; `text` is that of its document."""
        places = [{"start": span.start, "end": span.end, "text": span.of(text)} for span in self.spans]
        return {
            "kind": self.kind,
            "severity": self.severity.value,
            "document": self.document,
            "message": self.message,
            "passed": self.passed,
            "spans": places,
        }


# The stems of a passage: its own, and those around it (headings, neighbours, table header).
PassageTerms = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that an index says of one document, but its vectors; it depends on nothing but the document.

    `views` are what is encoded; they count passages from 0, the first of this document. `terms` are, for each passage,
    its own stems and those around it; `words` are the words of the passages and headings as spelt, sorted.
    """

    document: Document
    passages: tuple[Passage, ...]
    views: tuple[View, ...]
    terms: tuple[PassageTerms, ...]
    words: tuple[str, ...]
    facts: tuple[Fact, ...]
    audit: tuple[AuditFinding, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A text that is read for a question, with the headings above it, outermost first."""

    path: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a window: two logits, higher for "it answers", and the best span of an answer in it.

    `relevance` judges the window as a whole, `pointing` how much better the best span is than none. They can be
    compared across windows, documents and questions; `span` counts from the beginning of the window.
    """

    relevance: float
    pointing: float
    span: Span


class Reader(Protocol):
    """Reads windows for a question."""

    def read(self, question: str, windows: Sequence[Window]) -> tuple[Reading, ...]:
        """Return what each window says to the question, in the order of the windows."""
        ...


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimensions); every row has length 1."""
        ...


# ------------------------------------------------------------------------------------------------ asking


class Kind(StrEnum):
    """How a question is answered; the value is the `kind` of the JSON answer."""

    FACTOID = "factoid"
    TABLE = "table"
    COMPUTED = "computed"
    LIST = "list"
    DEFINITION = "definition"
    WHY_HOW = "why_how"
    YES_NO = "yes_no"
    COMPARISON = "comparison"
    ESTIMATES = "estimates"
    TIMELINE = "timeline"
    SMALLTALK = "smalltalk"


class AnswerType(StrEnum):
    """The type of the short answer that a question asks for; ANY where its words do not tell."""

    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DURATION = "duration"
    YEAR = "year"
    DATE = "date"
    NAME = "name"
    ANY = "any"


class Status(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    DECLINED = "declined"
    SMALLTALK = "smalltalk"


class Reason(StrEnum):
    """Why a question was declined."""

    OFF_TOPIC = "off_topic"
    NOT_IN_CORPUS = "not_in_corpus"
    SECTION_EMPTY = "section_empty"
    MENTIONED_NOT_STATED = "mentioned_not_stated"
    FALSE_PREMISE = "false_premise"


class Origin(StrEnum):
    """What is asked about the answer before: who says so, or where it stands."""

    CLAIMANT = "claimant"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Weighted:
    """Words of a conversation, and how much they count beside those of the question itself (1)."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name in a question and another one of the same thing, as stems: ("fsi",) and ("freedom", "speaker", ...)."""

    named: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as nkqa reads it.

    `text` is what is searched for; `interpreted_as` says how the question was read where that differs from what was
    typed, else None. `terms` are the stems of its content words, `context` those that come from the history only;
    `names` are other names of what it names, which retrieval looks for, too.
    `views` are the texts whose vectors make that of the query, where earlier questions count, too; () for `text`.
    With an `origin`, `text` is the question before, and what is asked is who says its answer, or where.
    """

    question: str
    text: str
    interpreted_as: str | None
    kind: Kind
    answer_type: AnswerType
    terms: tuple[str, ...]
    context: tuple[Weighted, ...]
    years: tuple[int, ...]
    views: tuple[Weighted, ...] = ()
    origin: Origin | None = None
    names: tuple[OtherName, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query.

    `score` orders hits; `similarity` is the best cosine of its views, in [-1, 1]; `coverage` is the share of the
    question's term weight that the passage with its headings holds, in [0, 1]; `lexical` is BM25 relative to the best
    passage, in [0, 1].

    A hit that was read has as its score the chance, in [0, 1], that it answers, comparable across questions;
    `found_score` is then the score it was found with, `window` what was read, `reading` what
    the reader says of its excerpt, `answer` the best span of an answer in the source. 0 and None before it is read.
    """

    passage: Passage
    score: float
    similarity: float
    coverage: float
    found_score: float = 0.0
    window: Window | None = None
    reading: Reading | None = None
    answer: Span | None = None
    lexical: float = 0.0


@dataclass(frozen=True, slots=True)
class CellRef:
    """A table cell behind an answer: labels and value as written, and where the value stands."""

    row: str
    column: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that answers (part of) the question.

    `lead` introduces it (the caption of a table, the sentence above a list) and is cited with it, None where nothing
    does; `short` is the span of the bare answer in it, None where no rule is sure; `cells` are the table cells it rests
    on.
    """

    doc_id: str
    span: Span
    path: tuple[str, ...]
    flags: tuple[str, ...]
    score: float
    lead: Span | None = None
    short: Span | None = None
    cells: tuple[CellRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered proof: `cited_text` is exactly the source from `start_char_index` to `end_char_index`.

    `author`, `date`, `url` and `licence` are those of the document, None where nothing is known.
    """

    number: int
    type: str
    cited_text: str
    document_id: str
    document_index: int
    document_title: str
    start_char_index: int
    end_char_index: int
    section: tuple[str, ...]
    flags: tuple[str, ...]
    cells: tuple[CellRef, ...]
    author: str | None = None
    date: str | None = None
    url: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """A number that a computation used; `evidence` is its place in the finding's evidence.

    `span` is the table cell, or the figure in a sentence; None for what is itself computed or comes from the question.
    """

    label: str
    value: str
    evidence: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Computation:
    """How a number was computed: the operation, the formula with the numbers in it, and what to be careful about."""

    operation: str
    formula: str
    operands: tuple[Operand, ...]
    result: str
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Data to draw: one series of numbers over labels; `kind` is "bar" or "line"; `cells` are the places of `y`."""

    kind: str
    title: str
    x: tuple[str, ...]
    y: tuple[float, ...]
    series: str
    unit: str | None
    evidence: int
    cells: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One of several figures that the corpus gives for the same thing; `span` is the figure as written."""

    value: str
    low: float | None
    high: float | None
    unit: str | None
    what: str
    where: str | None
    period: str | None
    claimant: str | None
    hedge: str | None
    flags: tuple[str, ...]
    evidence: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry of a list: its whole text on one line, and its name."""

    text: str
    short: str
    evidence: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of one list that a question asks for, complete.

    `entries` are those of `total` that pass the filter, which is in words, None where all are asked for; for `unstated`
    of the total the text does not state what the filter looks at.
    """

    heading: str
    total: int
    filter: str | None
    unstated: int
    entries: tuple[ListEntry, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """A row of a time line: its date as people read it, its days where known, and what happened.

    `text` has neither the date nor the flags; `again` are words that name people of an earlier row, None without any.
    """

    date: str
    start_date: str | None
    end_date: str | None
    text: str
    again: str | None
    where: str | None
    flags: tuple[str, ...]
    evidence: int


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that are compared: what tells it from the others, and its figure.

    `period` is None where the label is the time, or the text gives none.
    """

    label: str
    value: str
    unit: str | None
    period: str | None
    evidence: int
    span: Span | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A part of an answer's wording and the evidence (places in the finding's evidence) that proves it."""

    text: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What structured facts say to a question, before it is composed into an answer. Never without evidence."""

    kind: Kind
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    short: str | None = None
    interpreted_as: str | None = None
    computation: Computation | None = None
    chart: Chart | None = None
    estimates: tuple[Estimate, ...] = ()
    listing: Listing | None = None
    timeline: tuple[Incident, ...] = ()
    sides: tuple[Side, ...] = ()
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one stage took."""

    stage: str
    ms: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that decided, and the least value that would have been enough."""

    name: str
    value: float
    needed: float


@dataclass(frozen=True, slots=True)
class TraceCandidate:
    """A passage that was weighed, with its score at each stage; those of the reader are None before it was read.

    `cosine`, `lexical` and `coverage` are those of `Hit`; `relevance` and `pointing` the reader's logits; `chance` the
    chance, in [0, 1], that it answers.
    """

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


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step on the way to an answer, in the documents of one trust: what came of it, in words."""

    trust: Trust
    step: str
    outcome: str
    measures: tuple[Measure, ...]
    candidates: tuple[TraceCandidate, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. Fields without a value are None or empty."""

    id: str
    question: str
    interpreted_as: str | None
    status: Status
    reason: Reason | None
    kind: Kind
    text: str
    short: str | None
    confidence: float
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    suggestions: tuple[str, ...]
    generation: str
    timings: tuple[Timing, ...]
    # Structured facts fill these; a passage answer has none. Their `evidence` is the number of a citation here.
    estimates: tuple[Estimate, ...] = ()
    computation: Computation | None = None
    chart: Chart | None = None
    listing: Listing | None = None
    timeline: tuple[Incident, ...] = ()
    sides: tuple[Side, ...] = ()
    # How the answer came about; None unless it was asked for.
    trace: tuple[TraceStep, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the JSON object that every door of nkqa gives out."""
        fields = asdict(self)
        timings = fields.pop("timings")
        if self.trace is None:
            del fields["trace"]
        for name in ("estimates", "computation", "chart", "listing", "timeline", "sides"):
            fields[name] = Answer._public(fields[name])
        return {**fields, "timings_ms": {timing["stage"]: round(timing["ms"], 3) for timing in timings}}

    @staticmethod
    def _public(value: Any) -> Any:
        """Return a part of an answer with the names that the JSON has: `citation`, and `start` and `end` for a span."""
        if isinstance(value, list | tuple):
            return [Answer._public(one) for one in value]
        if not isinstance(value, dict):
            return value
        shown = {name: Answer._public(one) for name, one in value.items() if name not in ("evidence", "span")}
        if "evidence" in value:
            shown["citation"] = value["evidence"]
        if "span" in value:
            shown |= value["span"] or {"start": None, "end": None}
        return shown


# ------------------------------------------------------------------------------------------------ checking texts


class Verdict(StrEnum):
    """What the documents say to a sentence of somebody else's text."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a checked text: `start` and `end` count its characters there; the citations prove the verdict.

    `reason` says in words why; `citations` is () where nothing was found.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    reason: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What the documents of one generation say to each sentence of a text, in its order."""

    sentences: tuple[CheckedSentence, ...]
    generation: str

    def count(self, verdict: Verdict) -> int:
        """Return how many sentences have a verdict."""
        return sum(sentence.verdict is verdict for sentence in self.sentences)

    def to_json(self) -> dict[str, Any]:
        """Return the verification as the JSON object that every door of nkqa gives out."""
        counts = {verdict.value: self.count(verdict) for verdict in Verdict}
        return {"generation": self.generation, "counts": counts, "sentences": [asdict(one) for one in self.sentences]}

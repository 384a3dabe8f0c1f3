"""A table question → the finding: the operation's result with every operand as a cited cell, and data for a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nkqa.ask.tables.choosing import two_cells
from nkqa.ask.tables.grammar import Operation
from nkqa.ask.tables.grid import Grid, cell_ref, entry_label, number
from nkqa.ask.tables.operations import OPERATIONS, Result
from nkqa.ask.tables.reading import TableQuestion
from nkqa.types import Chart, Claim, Computation, Evidence, Fact, Finding, Kind, Operand, Side, Span

CONFIDENCE = 0.96


@dataclass(slots=True)
class _Proof:
    """Collects the cells an answer rests on: one piece of evidence a row, holding all of its cells that were used."""

    grid: Grid
    rows: dict[Span, list[Fact]] = field(default_factory=dict)

    def use(self, *facts: Fact) -> None:
        for fact in facts:
            used = self.rows.setdefault(fact.statement, [])
            if fact not in used:
                used.append(fact)

    def place(self, fact: Fact) -> int:
        self.use(fact)
        return list(self.rows).index(fact.statement)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        document = self.grid.document
        return tuple(
            Evidence(
                document.id, row, self.grid.path, (), 1.0, self.grid.caption, None, tuple(cell_ref(f) for f in facts)
            )
            for row, facts in self.rows.items()
        )

    @property
    def all(self) -> tuple[int, ...]:
        return tuple(range(len(self.rows)))


def answer_table_question(asked: TableQuestion) -> Finding | None:
    """Return the finding, or None where the table does not have what is asked for."""
    proof = _Proof(asked.grid)
    result = OPERATIONS[asked.operation](asked)
    if result is None:
        return None
    proof.use(*result.operands)
    computed = asked.operation is not Operation.LOOK_UP
    computation = _computation(asked, result, proof) if computed else None
    caveats = "".join(f" {caveat}" for caveat in result.caveats)
    return Finding(
        kind=_kind(asked),
        claims=(Claim(result.text, proof.all), *((Claim(caveats.strip(), ()),) if caveats else ())),
        evidence=proof.evidence,
        short=result.short,
        computation=computation,
        chart=_chart(asked, result.charted, proof) if len(result.charted) > 2 else None,
        sides=_sides(asked, result, proof),
        confidence=CONFIDENCE,
    )


def _kind(asked: TableQuestion) -> Kind:
    if asked.operation is Operation.COMPARE:
        return Kind.YES_NO
    if asked.compares or (asked.operation is Operation.DIFFERENCE and len(asked.series) == 2):
        return Kind.COMPARISON
    return Kind.TABLE if asked.operation is Operation.LOOK_UP else Kind.COMPUTED


def _computation(asked: TableQuestion, result: Result, proof: _Proof) -> Computation:
    operands = tuple(
        Operand(f"{fact.subject}, {fact.attribute}", fact.value, proof.place(fact), fact.span)
        for fact in result.operands
    )
    return Computation(asked.operation.value, result.formula, operands, result.short, result.caveats)


def _chart(asked: TableQuestion, cells: Sequence[Fact], proof: _Proof) -> Chart:
    return Chart(
        kind="bar",
        title=asked.grid.caption_text or asked.series[0].label,
        x=tuple(entry_label(cell, asked.grid) for cell in cells),
        y=tuple(float(number(cell)) for cell in cells),
        series=asked.series[0].label,
        unit=cells[0].unit,
        evidence=proof.place(cells[0]),
        cells=tuple(cell.span for cell in cells),
    )


def _sides(asked: TableQuestion, result: Result, proof: _Proof) -> tuple[Side, ...]:
    """Return what a comparison compares, in the order of the question; () where it is not cell against cell."""
    cells = result.operands
    if asked.operation is not Operation.LOOK_UP:
        cells = two_cells(asked) or ()
    if _kind(asked) is not Kind.COMPARISON or len(cells) < 2 or set(cells) != set(result.operands):
        return ()
    series = [_series_label(asked, cell) for cell in cells]
    entries = [entry_label(cell, asked.grid) for cell in cells]
    return tuple(_side(cell, _label(series, entries, place), proof) for place, cell in enumerate(cells))


def _series_label(asked: TableQuestion, cell: Fact) -> str:
    return next(one.label for one in asked.series if cell in (*one.cells, *one.periods, one.total))


def _label(series: Sequence[str], entries: Sequence[str], place: int) -> str:
    """Return what tells one cell from the others: its entry, its series, or both."""
    if len(set(series)) == 1:
        return entries[place]
    return series[place] if len(set(entries)) == 1 else f"{series[place]}, {entries[place]}"


def _side(cell: Fact, label: str, proof: _Proof) -> Side:
    period = cell.period.text if cell.period else None
    return Side(
        label=label,
        value=cell.value,
        unit=cell.unit,
        period=period if period and period not in label else None,
        evidence=proof.place(cell),
        span=cell.span,
    )

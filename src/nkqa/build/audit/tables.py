"""Stated totals of a table against the sums of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from nkqa.build.audit.finding import fault, passed, say
from nkqa.build.audit.grid import Grid
from nkqa.text.labels import is_total
from nkqa.types import AuditFinding, Fact, Severity

# Sums of figures with two decimals are exact to less than half a hundredth.
_EXACT = 0.005


@dataclass(frozen=True, slots=True)
class _Sum:
    """A stated total next to what it should be the sum of."""

    label: str
    stated: Fact
    parts: tuple[Fact, ...]

    @property
    def computed(self) -> float:
        return sum(part.low for part in self.parts if part.low is not None)

    @property
    def missing(self) -> tuple[Fact, ...]:
        return tuple(part for part in self.parts if part.low is None)

    @property
    def right(self) -> bool:
        return self.stated.low is not None and isclose(self.stated.low, self.computed, rel_tol=0, abs_tol=_EXACT)


def check_totals(grid: Grid) -> tuple[AuditFinding, ...]:
    """Compare every stated total of a row, of a column, and the total of the totals, with the sum of the parts."""
    found = [*_check(grid, "row_total", "row", _sums(grid.cells, grid.rows, grid.columns))]
    sums = _sums(grid.turned, grid.columns, grid.rows)
    cross = [total for total in sums if is_total(total.label)]
    found += _check(grid, "column_total", "column", [total for total in sums if total not in cross])
    found += _check(grid, "grand_total", "column", cross)
    return tuple(found)


def _sums(lines: Sequence[tuple[Fact, ...]], labels: Sequence[str], across: Sequence[str]) -> list[_Sum]:
    """Return the sums along each line; none where no label across, or more than one, stands for a total."""
    totals = [place for place, label in enumerate(across) if is_total(label)]
    if len(totals) != 1:
        return []
    sums: list[_Sum] = []
    for label, line in zip(labels, lines, strict=True):
        stated = line[totals[0]]
        parts = tuple(cell for place, cell in enumerate(line) if place != totals[0])
        numeric = sum(part.low is not None for part in parts)
        # Shares do not add up to a total, and one number is no sum.
        if stated.low is not None and numeric >= 2 and all(cell.unit != "%" for cell in line):
            sums.append(_Sum(label, stated, parts))
    return sums


def _check(grid: Grid, kind: str, line: str, sums: Sequence[_Sum]) -> list[AuditFinding]:
    wrong = [_fault(grid, kind, line, total) for total in sums if not total.right]
    right = [total for total in sums if total.right]
    if right:
        message = f"Table {grid.name}: of {len(sums)} stated {line} totals {len(right)} are the sum of their cells."
        wrong.append(passed(kind, grid.document, message, *(total.stated.span for total in right)))
    return wrong


def _fault(grid: Grid, kind: str, line: str, total: _Sum) -> AuditFinding:
    stated = total.stated.low or 0.0
    gap = total.computed - stated
    formula = ""
    if len(total.parts) <= 4:
        formula = " + ".join(part.value for part in total.parts if part.low is not None) + " = "
    left_out = f" ({', '.join(part.value for part in total.missing)} left out)" if total.missing else ""
    message = (
        f"Table {grid.name}, {line} “{total.label}”: the stated total is {total.stated.value}, but its cells add up to "
        f"{formula}{say(total.computed)}{left_out}, {say(abs(gap))} {'more' if gap > 0 else 'less'}."
    )
    severity = Severity.WARNING if total.missing else Severity.ERROR
    parts = tuple(part.span for part in total.parts if part.low is not None)
    return fault(kind, severity, grid.document, message, total.stated.span, *parts)

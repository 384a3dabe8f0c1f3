"""The cells of a table as a grid, put together from their facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nkqa.build.facts.cells import label_period, table_id
from nkqa.text.labels import is_total
from nkqa.types import Document, Fact, FactKind


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose cells are facts; `name` is how messages call it."""

    document: Document
    name: str
    cells: tuple[tuple[Fact, ...], ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the row labels."""
        return tuple(row[0].subject for row in self.cells)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the column labels."""
        return tuple(cell.attribute for cell in self.cells[0])

    @property
    def turned(self) -> tuple[tuple[Fact, ...], ...]:
        """Return the cells column by column."""
        return tuple(zip(*self.cells, strict=True))


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one label of a table by year; `total` where the label stands for the sum of the others."""

    label: str
    total: bool
    by_year: dict[int, Fact]


def grids(documents: Sequence[Document], facts: Sequence[Fact]) -> tuple[Grid, ...]:
    """Return every table that has cells, in the order of the documents."""
    by_group: dict[str, dict[int, list[Fact]]] = {}
    for fact in facts:
        if fact.kind is FactKind.CELL and fact.group and fact.position:
            by_group.setdefault(fact.group, {}).setdefault(fact.position[0], []).append(fact)
    found: list[Grid] = []
    for document in documents:
        for table in document.tables:
            rows = by_group.get(table_id(document, table))
            if rows:
                caption = table.caption.of(document.text) if table.caption else ""
                cells = tuple(tuple(rows[row]) for row in sorted(rows))
                heading = document.sections[table.section].heading or document.title
                found.append(Grid(document, f"“{caption}”" if caption else f"under “{heading}”", cells))
    return tuple(found)


def series_of(grid: Grid) -> tuple[Series, ...]:
    """Return the lines of a table that runs over years, whether the years are its columns or its rows; else ()."""
    for labels, lines, names in (
        (grid.columns, grid.cells, grid.rows),
        (grid.rows, grid.turned, grid.columns),
    ):
        years = [_year(label) for label in labels]
        if sum(year is not None for year in years) >= 2:
            return tuple(
                Series(name, is_total(name), {year: cell for year, cell in zip(years, line, strict=True) if year})
                for name, line in zip(names, lines, strict=True)
            )
    return ()


def _year(label: str) -> int | None:
    period = label_period(label)
    return int(period.start[:4]) if period and period.precision == "year" and period.start else None

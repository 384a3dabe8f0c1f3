"""Which cells a table question is about: by year, range, entry, or beside another cell."""

from __future__ import annotations

from nkqa.ask.tables.grid import Series, year_of
from nkqa.ask.tables.reading import TableQuestion
from nkqa.types import Fact


def pick(asked: TableQuestion, series: Series) -> tuple[Fact, ...]:
    """Return the cells of a series that the question names: years, a range, entries, or all."""
    cells = series.cells
    if asked.entries:
        return tuple(cell for cell in cells if cell.subject in asked.entries)
    if asked.span:
        start, end = asked.span
        return tuple(
            cell
            for cell in cells
            if (year := year_of(cell)) is not None and (start is None or year >= start) and (end is None or year <= end)
        )
    if asked.years:
        return tuple(cell for year in asked.years for cell in cells if year_of(cell) == year)
    return cells


def one_cell(asked: TableQuestion, series: Series) -> Fact | None:
    """Return the one cell asked for, None where there is none or more than one."""
    if asked.wants_total and not asked.years:
        return series.total
    if asked.wants_period and asked.years:
        last = str(asked.years[-1])
        period = [cell for cell in series.periods if cell.period and cell.period.text.endswith(last)]
        if len(period) == 1:
            return period[0]
    picked = pick(asked, series) if (asked.years or asked.entries) else ()
    if not picked and not asked.years and not asked.entries and not asked.span:
        return series.total
    return picked[0] if len(picked) == 1 else None


def two_cells(asked: TableQuestion) -> tuple[Fact, Fact] | None:
    """Return the two cells that are compared: two years of a series, two series in a year, or the ends of a range."""
    if len(asked.series) == 2:
        one, other = (one_cell(asked, series) for series in asked.series)
        return (one, other) if one and other else None
    cells = pick(asked, asked.series[0]) if asked.series else ()
    if asked.span and len(cells) > 2:
        return cells[0], cells[-1]
    return (cells[0], cells[1]) if len(cells) == 2 else None


def matching(base: Series, part: Fact) -> Fact | None:
    """Return the cell of the total series for the same year or entry as a part."""
    same = [
        cell
        for cell in (*base.cells, *base.periods, *((base.total,) if base.total else ()))
        if (cell.attribute == part.attribute if cell.subject != part.subject else cell.attribute != part.attribute)
    ]
    return same[0] if len(same) == 1 else None


def within(asked: TableQuestion) -> tuple[Fact, ...]:
    """Return the cells of the series, those of a range of years where one is named."""
    return pick(asked, asked.series[0]) if asked.span else asked.series[0].cells

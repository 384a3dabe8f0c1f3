"""A sentence that tells one cell of a table: every word must be a label, the caption, or a general word of counting."""

from __future__ import annotations

from dataclasses import dataclass

from nkqa.ask.tables.grid import Grid, cell_ref, year_of
from nkqa.ask.verify_units import Statement, UnitKind, negations, qualifiers
from nkqa.text.labels import is_total, synonyms
from nkqa.text.numbers import bounds
from nkqa.text.terms import stem, terms
from nkqa.types import Evidence, Fact, Span

# Words by which any table is told.
_GENERAL = frozenset(stem(word) for word in "number total count figure people person year altogether overall".split())
# Coming somewhere has many words; of a table about it, one of them is in the caption.
_COMING = frozenset(stem(word) for word in "enter arrive come reach arrival entry".split())


@dataclass(frozen=True, slots=True)
class ToldCell:
    """A cell that a sentence tells: rightly or not, why in words, and the cell as evidence."""

    agrees: bool
    reason: str
    evidence: Evidence


def check_cells(claim: Statement, grids: tuple[Grid, ...]) -> ToldCell | None:
    """Return the cell that a sentence with one number tells; None where it says more than a table does."""
    numbers = [unit for unit in claim.units if unit.kind is UnitKind.NUMBER]
    times = [unit for unit in claim.units if unit.kind is UnitKind.TIME]
    if len(numbers) != 1 or len(times) > 1 or qualifiers(claim.text) or negations(claim.text):
        return None
    said = bounds(numbers[0].text)
    if said is None or said[0] != said[1] or not numbers[0].text[-1].isdigit():
        return None
    words = frozenset(u.key for u in claim.units if u.kind in (UnitKind.WORD, UnitKind.NAME))
    told = [(cell, grid) for grid in grids for cell in _cells(words, times[0].key if times else None, grid)]
    if len(told) != 1:
        return None
    cell, grid = told[0]
    agrees = cell.low == said[0]
    where = f"{cell.subject}, {cell.attribute}"
    reason = (
        f"The table gives this: {where}: {cell.value}."
        if agrees
        else f"The table gives {cell.value} for {where}, not {numbers[0].text}."
    )
    evidence = Evidence(
        cell.doc_id, cell.statement, grid.path, cell.flags, 1.0, _caption(grid), None, (cell_ref(cell),)
    )
    return ToldCell(agrees, reason, evidence)


def _caption(grid: Grid) -> Span | None:
    return grid.caption


def _cells(words: frozenset[str], time: str | None, grid: Grid) -> list[Fact]:
    """Return the cells of a grid that the words name, with nothing left over."""
    about = _known(f"{grid.caption_text} {' '.join(grid.path)} {grid.document.title}")
    if about & _COMING:
        about |= _COMING
    if not words & _known(grid.caption_text or grid.document.title):
        return []
    named = [series for series in grid.series if not is_total(series.label) and _named(series.label, words, about)]
    series = named or [one for one in [grid.total_series] if one]
    found: list[Fact] = []
    for one in series:
        for cell in one.cells:
            labels = _known(one.label) if one in named else frozenset()
            if grid.by_year:
                right = (
                    time is not None
                    and year_of(cell) is not None
                    and time == f"{year_of(cell)}-01-01..{year_of(cell)}-12-31"
                )
            else:
                right = time is None and _named(cell.subject, words, frozenset())
                labels |= _known(cell.subject)
            if right and not words - labels - about - _GENERAL:
                found.append(cell)
    return found


def _named(label: str, words: frozenset[str], about: frozenset[str]) -> bool:
    """Tell whether the words name a label: by all of its words, one of which the caption has not."""
    own = frozenset(terms(label))
    return bool(own) and all(frozenset(synonyms(term)) & words for term in own) and bool(own - about)


def _known(text: str) -> frozenset[str]:
    return frozenset(word for term in terms(text) for word in synonyms(term))

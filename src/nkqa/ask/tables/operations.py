"""The operations of table questions: from the cells that are asked for to a sentence, a bare answer and a formula.

Numbers are exact fractions until they are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from nkqa.ask.tables.choosing import matching, one_cell, pick, two_cells, within
from nkqa.ask.tables.grammar import Operation
from nkqa.ask.tables.grid import Grid, Series, entry_label, number, year_of
from nkqa.ask.tables.reading import TableQuestion
from nkqa.types import Fact

PERIOD_CAVEAT = "Columns that stand for a period of several years ({periods}) are left out."
MAX_LISTED = 16


@dataclass(frozen=True, slots=True)
class Result:
    """What an operation gives: the sentence, the bare answer, and how it was computed."""

    text: str
    short: str
    formula: str = ""
    operands: tuple[Fact, ...] = ()
    caveats: tuple[str, ...] = ()
    charted: tuple[Fact, ...] = ()


def _caveats(asked: TableQuestion, whole: bool) -> tuple[str, ...]:
    """Say that periods are left out where a question over all entries would have met them."""
    periods = dict.fromkeys(cell.attribute for series in asked.series for cell in series.periods)
    if not whole or not periods:
        return ()
    return (PERIOD_CAVEAT.format(periods=", ".join(periods)),)


def _is_whole(asked: TableQuestion) -> bool:
    return not asked.years and not asked.entries and (asked.span is None or asked.span[0] is None)


# ------------------------------------------------------------------------------------------------------------- wording


def show(value: Fraction, places: int = 1) -> str:
    """Write a number with thousands separators and at most `places` decimals."""
    rounded = round(value, places)
    if rounded.denominator == 1:
        return f"{int(rounded):,}"
    return f"{float(rounded):,.{places}f}"


def _named(fact: Fact, grid: Grid) -> str:
    return f"{entry_label(fact, grid)}: {fact.value}"


def _unit(asked: TableQuestion) -> str:
    unit = next((cell.unit for series in asked.series for cell in series.cells if cell.unit), None)
    return f" {unit}" if unit else ""


# ---------------------------------------------------------------------------------------------------------- operations


def _look_up(asked: TableQuestion) -> Result | None:
    facts = [fact for series in asked.series if (fact := one_cell(asked, series))]
    if not facts or len(facts) != len(asked.series):
        several = [cell for series in asked.series for cell in pick(asked, series)]
        if not (asked.years or asked.span) or not several or len(several) > MAX_LISTED:
            return None
        text = "; ".join(f"{cell.subject}, {cell.attribute}: {cell.value}" for cell in several)
        return Result(f"{text}.", ", ".join(cell.value for cell in several), operands=tuple(several))
    text = "; ".join(f"{fact.subject}, {fact.attribute}: {fact.value}" for fact in facts)
    caveats: tuple[str, ...] = ()
    if asked.latest:
        caveats = (f"{asked.years[-1]} is the last year that the table has.",) if asked.years else ()
    elif asked.wants_total or any(fact is series.total for fact, series in zip(facts, asked.series, strict=True)):
        caveats = tuple(c for series in asked.series for c in total_caveat(series))
    return Result(f"{text}.", ", ".join(fact.value for fact in facts), operands=tuple(facts), caveats=caveats)


def total_caveat(series: Series) -> tuple[str, ...]:
    """Say where the stated total of a series is not the sum of its cells."""
    if series.total is None or len(series.cells) < 2:
        return ()
    summed = sum((number(cell) for cell in (*series.cells, *series.periods)), Fraction(0))
    if summed == number(series.total):
        return ()
    return (f"The cells of {series.label} add up to {show(summed)}, not to the stated {series.total.value}.",)


def _sum(asked: TableQuestion) -> Result | None:
    series = asked.series[0]
    cells = tuple(cell for one in asked.series for cell in pick(asked, one))
    if len(asked.years) > 1 and len(cells) != len(asked.years) * len(asked.series):
        return None
    if _is_whole(asked):
        cells = (*series.periods, *series.cells)
    if len(cells) < 2:
        return _look_up(asked)
    total = sum((number(cell) for cell in cells), Fraction(0))
    formula = f"{' + '.join(cell.value for cell in cells)} = {show(total)}"
    names = ", ".join(entry_label(cell, asked.grid) for cell in cells) if len(cells) <= 6 else "all entries"
    labels = " and ".join(one.label for one in asked.series)
    text = f"{labels}, {names}: {show(total)}{_unit(asked)}"
    shown = f"{text} ({formula})." if len(cells) <= 6 else f"{text}."
    stated = total_caveat(series) if _is_whole(asked) else ()
    return Result(shown, show(total), formula, cells, stated, cells)


def _difference(asked: TableQuestion) -> Result | None:
    pair = two_cells(asked)
    if pair is None:
        return None
    first, second = pair
    high, low = (first, second) if number(first) >= number(second) else (second, first)
    gap = number(high) - number(low)
    formula = f"{high.value} − {low.value} = {show(gap)}"
    text = f"{_cell_name(high)} {high.value}, {_cell_name(low)} {low.value}: a difference of {show(gap)}"
    return Result(f"{text}{_unit(asked)} ({formula}).", show(gap), formula, (high, low))


def _cell_name(fact: Fact) -> str:
    return f"{fact.subject}, {fact.attribute}:"


def _compare(asked: TableQuestion) -> Result | None:
    """Answer whether the later, or the one named first, is the larger (or the smaller) one."""
    pair = two_cells(asked)
    if pair is None:
        return None
    one, other = pair
    if asked.over_time and len(asked.series) == 1:
        other, one = sorted(pair, key=lambda cell: year_of(cell) or 0)
    holds = number(one) > number(other) if asked.upward else number(one) < number(other)
    sign = ">" if number(one) > number(other) else "<" if number(one) < number(other) else "="
    word = "Yes" if holds else "No"
    text = f"{word}. {_cell_name(one)} {one.value}; {_cell_name(other)} {other.value}."
    return Result(text, word, f"{one.value} {sign} {other.value}", (one, other))


def _share(asked: TableQuestion) -> Result | None:
    if asked.asks_label:
        return _extreme_share(asked, highest=True)
    base = asked.grid.total_series
    if base is None or len(asked.series) != 1 or asked.series[0] is base:
        return None
    part = one_cell(asked, asked.series[0])
    if part is None and (asked.years or asked.span):
        return _share_of_several(asked, base)
    whole = matching(base, part) if part else None
    if part is None or whole is None or not number(whole):
        return None
    share = number(part) / number(whole) * 100
    formula = f"{part.value} ÷ {whole.value} = {show(share)}%"
    text = f"{part.subject}, {part.attribute}: {part.value} of {whole.value}, that is {show(share)}%."
    return Result(text, f"{show(share)}%", formula, (part, whole))


def _share_of_several(asked: TableQuestion, base: Series) -> Result | None:
    """Give the share in all entries that are asked for together, and in each."""
    cells = pick(asked, asked.series[0])
    pairs = [(cell, of) for cell in cells if (of := matching(base, cell)) and number(of)]
    if not 1 < len(pairs) == len(cells) <= MAX_LISTED:
        return None
    part = sum((number(cell) for cell, _ in pairs), Fraction(0))
    whole = sum((number(of) for _, of in pairs), Fraction(0))
    share = show(part / whole * 100)
    each = [f"{entry_label(one, asked.grid)} {show(number(one) / number(of) * 100)}%" for one, of in pairs]
    formula = f"{show(part)} ÷ {show(whole)} = {share}%"
    names = ", ".join(entry_label(cell, asked.grid) for cell in cells) if len(cells) <= 6 else _ends(cells, asked.grid)
    text = f"{asked.series[0].label}, {names}: {show(part)} of {show(whole)}, that is {share}%; by entry: "
    return Result(f"{text}{', '.join(each)}.", f"{share}%", formula, tuple(cell for pair in pairs for cell in pair))


def _ends(cells: tuple[Fact, ...], grid: Grid) -> str:
    return f"{entry_label(cells[0], grid)} to {entry_label(cells[-1], grid)}"


def _ratio(asked: TableQuestion) -> Result | None:
    pair = two_cells(asked)
    if pair is None or not number(pair[1]):
        return None
    first, second = pair
    ratio = number(first) / number(second)
    formula = f"{first.value} ÷ {second.value} = {show(ratio, 2)}"
    cells = f"{_cell_name(first)} {first.value}, {_cell_name(second)} {second.value}"
    text = f"{cells}: {show(ratio, 2)} to 1."
    return Result(text, show(ratio, 2), formula, pair)


def _average(asked: TableQuestion) -> Result | None:
    if len(asked.series) != 1:
        return None
    cells = pick(asked, asked.series[0])
    if len(cells) < 2:
        return None
    total = sum((number(cell) for cell in cells), Fraction(0))
    mean = total / len(cells)
    formula = f"{show(total)} ÷ {len(cells)} = {show(mean)}"
    ends = _ends(cells, asked.grid)
    text = f"{asked.series[0].label}, average of {len(cells)} entries ({ends}): {show(mean)}{_unit(asked)} ({formula})."
    return Result(text, show(mean), formula, cells, _caveats(asked, _is_whole(asked)), cells)


def _change(asked: TableQuestion) -> Result | None:
    pair = two_cells(asked)
    if pair is None:
        return None
    first, second = sorted(pair, key=lambda cell: year_of(cell) or 0)
    if not number(first):
        return None
    change = (number(second) - number(first)) / number(first) * 100
    word = "rise" if change >= 0 else "fall"
    formula = f"({second.value} − {first.value}) ÷ {first.value} = {show(change)}%"
    text = (
        f"{_cell_name(first)} {first.value}, {_cell_name(second)} {second.value}: "
        f"a {word} of {show(abs(change))}% ({formula})."
    )
    return Result(text, f"{show(abs(change))}%", formula, (first, second))


def _extreme(asked: TableQuestion, *, highest: bool) -> Result | None:
    if asked.of_share and asked.grid.total_series and asked.series[0] is not asked.grid.total_series:
        return _extreme_share(asked, highest=highest)
    if len(asked.series) != 1:
        return None
    cells = within(asked)
    if len(cells) < 2:
        return None
    best = (max if highest else min)(number(cell) for cell in cells)
    winners = [cell for cell in cells if number(cell) == best]
    labels = " and ".join(entry_label(cell, asked.grid) for cell in winners)
    word = "highest" if highest else "lowest"
    tie = " (a tie)" if len(winners) > 1 else ""
    text = f"{asked.series[0].label}: the {word} is {winners[0].value}{_unit(asked)}, {labels}{tie}."
    short = labels if asked.asks_label else winners[0].value
    formula = f"{'max' if highest else 'min'} of {len(cells)} entries = {winners[0].value}"
    return Result(text, short, formula, tuple(winners), _caveats(asked, whole=True), cells)


def _extreme_share(asked: TableQuestion, *, highest: bool) -> Result | None:
    base = asked.grid.total_series
    if base is None or len(asked.series) != 1:
        return None
    cells = pick(asked, asked.series[0])
    pairs = [(cell, whole) for cell in cells if (whole := matching(base, cell)) and number(whole)]
    if len(pairs) < 2:
        return None
    part, whole = (max if highest else min)(pairs, key=lambda pair: number(pair[0]) / number(pair[1]))
    share = number(part) / number(whole) * 100
    label = entry_label(part, asked.grid)
    word = "highest" if highest else "lowest"
    formula = f"{part.value} ÷ {whole.value} = {show(share)}%"
    text = f"The share of {part.subject} is {word} for {label}: {part.value} of {whole.value}, that is {show(share)}%."
    short = label if asked.asks_label else f"{show(share)}%"
    return Result(text, short, formula, (part, whole), _caveats(asked, whole=True))


def _rank(asked: TableQuestion) -> Result | None:
    if len(asked.series) != 1:
        return None
    cells = sorted(asked.series[0].cells, key=number, reverse=True)
    if len(asked.years) == 1 and asked.rank == 1:
        place = next((i for i, cell in enumerate(cells, start=1) if year_of(cell) == asked.years[0]), None)
        if place is None:
            return None
        cell = cells[place - 1]
        text = f"{_cell_name(cell)} {cell.value} is number {place} of {len(cells)}, counted from the highest."
        return Result(text, str(place), f"rank {place} of {len(cells)}", (cell,), _caveats(asked, whole=True))
    if len(cells) < asked.rank:
        return None
    cell = cells[asked.rank - 1]
    text = f"{asked.series[0].label}: number {asked.rank} from the highest is {_named(cell, asked.grid)}."
    short = entry_label(cell, asked.grid) if asked.asks_label else cell.value
    return Result(text, short, f"rank {asked.rank} of {len(cells)}", (cell,), _caveats(asked, whole=True))


def _passing(asked: TableQuestion) -> tuple[Fact, ...]:
    bound = asked.threshold
    assert bound is not None  # noqa: S101 (the operations that use it have one)
    limit = Fraction(str(bound.number))

    def passes(cell: Fact) -> bool:
        value = number(cell)
        if value == limit:
            return bound.inclusive
        return value > limit if bound.above else value < limit

    return tuple(cell for cell in within(asked) if passes(cell))


def _which(asked: TableQuestion) -> Result | None:
    if len(asked.series) != 1 or asked.threshold is None:
        return None
    cells = _passing(asked)
    label, bound = asked.series[0].label, asked.threshold
    word = ("at least" if bound.inclusive else "above") if bound.above else ("at most" if bound.inclusive else "below")
    limit = show(Fraction(str(bound.number)))
    if not cells:
        every = asked.series[0].cells
        nearest = (max if bound.above else min)(every, key=number)
        text = f"{label}: none is {word} {limit}; the nearest is {_named(nearest, asked.grid)}."
        return Result(text, "none", f"{word} {limit}: none of {len(every)}", (nearest,), _caveats(asked, whole=True))
    listed = ", ".join(f"{entry_label(cell, asked.grid)} ({cell.value})" for cell in cells[:MAX_LISTED])
    text = f"{label} is {word} {limit} in {len(cells)} of {len(asked.series[0].cells)} entries: {listed}."
    short = ", ".join(entry_label(cell, asked.grid) for cell in cells)
    formula = f"{word} {limit}: {len(cells)} of {len(asked.series[0].cells)}"
    return Result(text, short, formula, cells, _caveats(asked, whole=True), asked.series[0].cells)


def _edge(asked: TableQuestion, place: int) -> Result | None:
    if len(asked.series) != 1 or asked.threshold is None:
        return None
    cells = _passing(asked)
    if not cells:
        return _which(asked)
    cell = cells[place]
    word = "first" if place == 0 else "last"
    text = f"{asked.series[0].label}: the {word} such entry is {_named(cell, asked.grid)}."
    formula = f"{word} of {len(cells)} entries that pass"
    return Result(text, entry_label(cell, asked.grid), formula, (cell,), _caveats(asked, whole=True))


def _count(asked: TableQuestion) -> Result | None:
    result = _which(asked)
    if result is None:
        return None
    return replace(result, short=str(len(_passing(asked))))


def _trend(asked: TableQuestion) -> Result | None:
    if len(asked.series) != 1:
        return None
    cells = pick(asked, asked.series[0])
    if len(cells) < 3:
        return None
    first, last = cells[0], cells[-1]
    high, low = max(cells, key=number), min(cells, key=number)
    direction = "rose" if number(last) > number(first) else "fell" if number(last) < number(first) else "did not change"
    text = (
        f"{asked.series[0].label} {direction} from {first.value} ({entry_label(first, asked.grid)}) to {last.value} "
        f"({entry_label(last, asked.grid)}); the highest was {high.value} ({entry_label(high, asked.grid)}), "
        f"the lowest {low.value} ({entry_label(low, asked.grid)})."
    )
    used = tuple(dict.fromkeys((first, last, high, low)))
    return Result(text, direction, f"{first.value} → {last.value}", used, _caveats(asked, whole=True), cells)


def _verify(asked: TableQuestion) -> Result | None:
    """Compare the stated total of the total series with the sum of the other series' stated totals."""
    base = asked.grid.total_series
    parts = [series for series in asked.grid.series if series is not base and series.total]
    if base is None or base.total is None or not parts:
        return None
    totals = [series.total for series in parts if series.total]
    summed = sum((number(total) for total in totals), Fraction(0))
    gap = abs(summed - number(base.total))
    formula = f"{' + '.join(total.value for total in totals)} = {show(summed)}"
    verdict = "Yes" if not gap else "No"
    difference = f"; the difference to the stated {base.total.value} is {show(gap)}" if gap else ", as stated"
    text = f"{verdict}: {formula}{difference}."
    caveats = tuple(caveat for series in (*parts, base) for caveat in total_caveat(series))
    short = f"No, the difference is {show(gap)}" if gap else "Yes"
    return Result(text, short, formula, (*totals, base.total), caveats)


OPERATIONS: dict[Operation, Callable[[TableQuestion], Result | None]] = {
    Operation.LOOK_UP: _look_up,
    Operation.SUM: _sum,
    Operation.DIFFERENCE: _difference,
    Operation.SHARE: _share,
    Operation.RATIO: _ratio,
    Operation.AVERAGE: _average,
    Operation.CHANGE: _change,
    Operation.MAXIMUM: lambda asked: _extreme(asked, highest=True),
    Operation.MINIMUM: lambda asked: _extreme(asked, highest=False),
    Operation.RANK: _rank,
    Operation.WHICH: _which,
    Operation.FIRST: lambda asked: _edge(asked, 0),
    Operation.LAST: lambda asked: _edge(asked, -1),
    Operation.COUNT: _count,
    Operation.TREND: _trend,
    Operation.VERIFY: _verify,
    Operation.COMPARE: _compare,
}

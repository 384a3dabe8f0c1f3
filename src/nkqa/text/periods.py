"""Times in running text: days, months, years, ranges, parts of decades, and open ends ("since 1996"), as dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from nkqa.types import Period, Span

_MONTHS = (
    "january february march april may june july august september october november december".split()
)  # fmt: skip
_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"  # noqa: E501 (one alternative a month)
_YEAR = r"(?<![\d,.$£€₩:/-])(?:1[5-9]\d\d|20\d\d)(?!\d|[,.:]\d|%)"
_DECADE = r"(?:1[5-9]\d|20\d)0s"
_PART = r"(?:early|mid|late)"
_DASH = r"\s?[-–—]\s?|\s(?:to|and|until|till|through)\s"
_ABOUT = r"(?:(?:about|around|circa|roughly|approximately|~)\s?)?"
_HALVES = {"first": (1, 6), "second": (7, 12), "latter": (7, 12), "last": (7, 12)}
# The years of a decade and the months of a year that a part of it stands for.
_DECADE_PARTS = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}
_YEAR_PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}
_BEFORE = re.compile(
    r"(?P<word>\b(?:as of|as at|since|by(?: the end of)?|until|till|up to|before|prior to|after)\s"
    r"(?:the\s(?:year\s)?)?)"
    rf"{_ABOUT}\Z",
    re.IGNORECASE,
)
_ONWARDS = re.compile(r"\s(?:onwards?|or later)\b", re.IGNORECASE)

_Days = tuple[date, date, str]  # first day, last day, precision


def find_periods(text: str, span: Span) -> tuple[tuple[Span, Period], ...]:
    """Return the times inside `span` of `text`, in order; no two overlap.

    A word that opens an end belongs to the time: "since 1996" starts on 1996-01-01 and has no end, "before 2009" ends
    on 2008-12-31. "As of" belongs to it too, and opens nothing. A day or month without a year takes the last year named
    before it in the span, and is left out where there is none.
    """
    found: list[tuple[Span, _Days]] = []
    taken: list[Span] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text, span.start, span.end):
            place = Span(match.start(), match.end())
            if any(place.start < other.end and other.start < place.end for other in taken):
                continue
            taken.append(place)  # also where no calendar has the day: its month is no time of its own
            if days := _read(read, match):
                found.append((place, days))
    found += _without_year(text, span, found)
    return tuple(_opened(text, span, place, days) for place, days in sorted(found))


def _read(read: Callable[[re.Match[str]], _Days], match: re.Match[str]) -> _Days | None:
    """Return the days that a match names; None for a day that no calendar has, or a range that runs backwards."""
    try:
        first, last, precision = read(match)
    except ValueError:
        return None
    return (first, last, precision) if first <= last else None


def _opened(text: str, span: Span, place: Span, days: _Days) -> tuple[Span, Period]:
    """Return a time with the word before it that opens an end."""
    first, last, precision = days
    start: date | None = first
    end: date | None = last
    found = _BEFORE.search(text, max(span.start, place.start - 40), place.start)
    word = " ".join(found["word"].lower().split()).removesuffix(" the").removesuffix(" the year") if found else ""
    if found:
        place = Span(found.start(), place.end)
    elif behind := _ONWARDS.match(text, place.end, span.end):
        place, end = Span(place.start, behind.end()), None
    if word == "since":
        end = None
    elif word == "after":
        start, end = last + timedelta(days=1), None
    elif word in ("before", "prior to"):
        start, end = None, first - timedelta(days=1)
    elif word and not word.startswith("as "):
        start = None
    precision = precision if start and end else "open"
    return place, Period(place.of(text), _iso(start), _iso(end), precision)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# --------------------------------------------------------------------------------------------------- one kind each


def _month_number(name: str) -> int:
    return next(place for place, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3].lower()))


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _months(year: int, first: int, last: int, precision: str) -> _Days:
    return date(year, first, 1), _last_day(year, last), precision


def _years(first: int, last: int, precision: str) -> _Days:
    return date(first, 1, 1), date(last, 12, 31), precision


def _day(match: re.Match[str]) -> _Days:
    day = date(int(match["year"]), _month_number(match["month"]), int(match["day"]))
    return day, day, "day"


def _month(match: re.Match[str]) -> _Days:
    number = _month_number(match["month"])
    return _months(int(match["year"]), number, number, "month")


def _month_range(match: re.Match[str]) -> _Days:
    first, last = _month_number(match["first"]), _month_number(match["last"])
    end = int(match["year"])
    start = int(match["other"] or end)
    return date(start, first, 1), _last_day(end, last), "half" if (first, last) in _HALVES.values() else "years"


def _half(match: re.Match[str]) -> _Days:
    return _months(int(match["year"]), *_HALVES[match["half"].lower()], "half")


def _decade(match: re.Match[str]) -> _Days:
    decade = int(match["decade"][:4])
    parts = [part.lower() for part in (match["first"], match["last"]) if part]
    if not parts:
        return _years(decade, decade + 9, "years")
    return _years(decade + _DECADE_PARTS[parts[0]][0], decade + _DECADE_PARTS[parts[-1]][1], "decade_part")


def _year_part(match: re.Match[str]) -> _Days:
    return _months(int(match["year"]), *_YEAR_PARTS[match["part"].lower()], "decade_part")


def _year_range(match: re.Match[str]) -> _Days:
    first, last = match["first"], match["last"]
    return _years(int(first), int(first[: 4 - len(last)] + last), "years")


def _year(match: re.Match[str]) -> _Days:
    return _years(int(match["year"]), int(match["year"]), "year")


# The longest reading first: what an earlier pattern took is not offered to a later one.
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Days]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (rf"\b(?P<day>\d{{1,2}})\s(?P<month>{_MONTH})\s(?P<year>{_YEAR})", _day),
        (rf"\b(?P<month>{_MONTH})\s(?P<day>\d{{1,2}}),?\s(?P<year>{_YEAR})", _day),
        (
            rf"\b(?P<first>{_MONTH})(?:\s(?P<other>{_YEAR}))?(?:{_DASH})(?P<last>{_MONTH})\s(?P<year>{_YEAR})",
            _month_range,
        ),
        (rf"\b(?P<half>first|second|latter|last)\shalf\sof\s(?:the\syear\s)?(?P<year>{_YEAR})", _half),
        (rf"\b(?:(?P<first>{_PART})(?:\s(?:to|and)\s(?P<last>{_PART}))?[-\s])?(?P<decade>{_DECADE})\b", _decade),
        (rf"\b(?P<part>{_PART})[-\s](?P<year>{_YEAR.replace('/-]', '/]')})", _year_part),
        (rf"\b(?P<month>{_MONTH})\s(?P<year>{_YEAR})", _month),
        (rf"\bfrom\s(?P<first>{_YEAR})(?:{_DASH})(?P<last>\d{{4}})(?![\d%])", _year_range),
        (rf"\bbetween\s(?P<first>{_YEAR})\sand\s(?P<last>\d{{4}})(?![\d%])", _year_range),
        (rf"(?P<first>{_YEAR})\s?[-–—]\s?(?P<last>(?:1[5-9]|20)\d\d|\d\d)(?![\d%]|\s?[-–]\d)", _year_range),
        (rf"(?P<first>{_YEAR})\s(?:to|until|through)\s(?P<last>(?:1[5-9]|20)\d\d)(?![\d%])", _year_range),
        (rf"(?P<year>{_YEAR})(?![-–]\d)", _year),
    )
)
_DAY_ONLY = re.compile(
    rf"\b(?P<day>\d{{1,2}})\s(?P<month>{_MONTH})\b|\b(?P<month2>{_MONTH})\s(?P<day2>\d{{1,2}})\b(?!\d)"
)
_MONTH_ONLY = re.compile(
    r"(?<=\bin\s|\bon\s)(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def _without_year(text: str, span: Span, found: list[tuple[Span, _Days]]) -> list[tuple[Span, _Days]]:
    """Return days and months whose year is the last one named before them."""
    added: list[tuple[Span, _Days]] = []
    for pattern in (_DAY_ONLY, _MONTH_ONLY):
        for match in pattern.finditer(text, span.start, span.end):
            place = Span(match.start(), match.end())
            known = [days for other, days in sorted(found) if other.end <= place.start]
            if not known or any(place.start < other.end and other.start < place.end for other, _ in [*found, *added]):
                continue
            groups = match.groupdict()
            month = _month_number(str(groups["month"] or groups["month2"]))
            day = groups.get("day") or groups.get("day2")
            year = known[-1][1].year
            days = _day_of(year, month, int(day)) if day else _months(year, month, month, "month")
            added += [(place, days)] if days else []
    return added


def _day_of(year: int, month: int, day: int) -> _Days | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found, "day"

"""The number that a piece of text writes: digits in several styles, number words, scales, percentages, ranges."""

from __future__ import annotations

import re

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {
    word: 10 * place
    for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_WORDS: dict[str, int] = {**{word: place for place, word in enumerate(_UNITS)}, **_TENS}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_DIGITS = re.compile(r"[+−-]?\d+(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d+)?(?!\d)|[+−-]?\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"(?<=\d)[,.'’\u00a0\u202f ](?=\d{3}(?!\d))")
_WORD = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:[- ]({'|'.join(_UNITS[1:10])}))?|({'|'.join(_UNITS)}))\b", re.IGNORECASE
)
_SCALE = re.compile(rf"\s*\b({'|'.join(_SCALES)})s?\b", re.IGNORECASE)


def read_numbers(text: str) -> tuple[float, ...]:
    """Return the numbers that a text writes, in order: one for "1,418", two for "49–81%"; () where it has none."""
    found: list[tuple[int, int, float]] = []
    for match in _DIGITS.finditer(text):
        found.append((match.start(), match.end(), parse_digits(match[0])))
    for match in _WORD.finditer(text):
        tens, unit, alone = match[1], match[2], match[3]
        spoken = _WORDS[(tens or alone).lower()] + (_WORDS[unit.lower()] if unit else 0)
        found.append((match.start(), match.end(), float(spoken)))
    numbers: list[float] = []
    for start, end, value in sorted(found):
        before = text[start - 1] if start else ""
        # The dash of a range is no minus.
        number = -value if value < 0 and (before.isdigit() or before == "%") else value
        scale = _SCALE.match(text, end)
        numbers.append(number * (_SCALES[scale[1].lower()] if scale else 1))
    return tuple(numbers)


def parse_digits(digits: str) -> float:
    """Return the number of one run of digits; "1.234" and "1 234" are 1234, "1.5" and "1,5" are one and a half."""
    plain = digits.replace("−", "-")
    if len(_THOUSANDS.findall(plain)) > 1 or re.search(r"[,'’\u00a0\u202f ]\d{3}(?!\d)", plain):
        plain = _THOUSANDS.sub("", plain)
    return float(plain.replace(",", "."))


def bounds(text: str) -> tuple[float, float] | None:
    """Return the lowest and highest number of a value as written, or None where it writes none.

    A scale behind a range holds for both ends: "3 to 5 million".
    """
    numbers = read_numbers(text)
    if not numbers:
        return None
    low, high = numbers[0], numbers[-1]
    scale = _SCALE.search(text)
    if len(numbers) == 2 and scale and high >= _SCALES[scale[1].lower()] > low:
        low *= _SCALES[scale[1].lower()]
    return min(low, high), max(low, high)

"""Statements about a corpus, made by rule from its own sentences: true ones, altered ones, and foreign ones."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nkqa.text.periods import find_periods
from nkqa.text.values import find_values
from nkqa.types import AnswerType, BlockKind, Document, Span

MIN_WORDS = 6
_TAG = re.compile(r"\s*\[[^\[\]]{1,80}\]")
_OPENING = re.compile(r"(?P<time>(?:In|On|By|Since) [^,]{4,20}), (?P<rest>.+)\.\Z")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|can|could|will|would)\b(?! (?:not|no)\b)")
_INVENTED = (
    "The observatory on Mount Ferris recorded 418 meteors in August 1987.",
    "Bakers in Lyon sold more than 3,000 loaves a week to the garrison.",
    "The violinist Petra Solheim gave her last concert in Oslo in 1954.",
    "Coffee prices fell by 12% after the harvest in Colombia.",
    "The canal was dug by prisoners between 1820 and 1833.",
    "About a third of the orchards in the valley were lost to frost.",
    "The museum does not lend its oldest maps.",
    "Engineers replaced the bridge because its cables had rusted.",
)


@dataclass(frozen=True)
class Made:
    """A statement, how it was made, and whether the corpus states it."""

    text: str
    how: str
    true: bool


def sentences_of(documents: Sequence[Document]) -> list[str]:
    """Return the sentences of paragraphs, whole ones that end in a full stop, without tags."""
    found = []
    for document in documents:
        for block in document.blocks:
            for sentence in block.sentences if block.kind is BlockKind.PARAGRAPH else ():
                text = " ".join(_TAG.sub("", sentence.span.of(document.text)).split())
                if text.endswith(".") and len(text.split()) >= MIN_WORDS and text[0].isupper():
                    found.append(text)
    return list(dict.fromkeys(found))


def made_from(documents: Sequence[Document], foreign: Sequence[Document], seed: int = 7) -> list[Made]:
    """Return statements of every kind about documents; the same seed makes the same ones."""
    chance = random.Random(seed)
    own = sentences_of(documents)
    names = sorted({name for text in own for name in _NAME.findall(text)})
    made: list[Made] = []
    for text in own:
        made.append(Made(text, "verbatim", True))
        made += (Made(one, "reworded", True) for one in _reworded(text))
        made += (Made(one, how, False) for how, one in _altered(text, names, chance))
    made += (Made(one, "joined", False) for one in _joined(own, chance))
    known = set(own)
    other = [text for text in sentences_of(foreign) if text not in known]
    made += (Made(one, "foreign", False) for one in [*other, *_INVENTED])
    return made


def _reworded(text: str) -> Iterator[str]:
    """Yield the same in other words: the time at the end, numbers and countries in another spelling."""
    if opening := _OPENING.match(text):
        time = opening["time"]
        rest = opening["rest"]
        if ";" not in rest and "," not in rest:
            yield f"{rest[0].upper()}{rest[1:]} {time[0].lower()}{time[1:]}."
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    if plain != text:
        yield plain
    percent = re.sub(r"(\d)%", r"\1 percent", text)
    if percent != text:
        yield percent
    for name, letters in (("United States", "US"), ("United Kingdom", "UK"), ("South Korea", "S. Korea")):
        if re.search(rf"\b{name}\b", text):
            yield re.sub(rf"\b{name}\b", letters, text)


def _altered(text: str, names: list[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    whole = Span(0, len(text))
    times = [span for span, _ in find_periods(text, whole)]
    for year in re.finditer(r"\b(?:1[5-9]|20)\d\d\b", text):
        other = str(int(year[0]) + chance.choice((-3, -2, -1, 1, 2, 3)))
        yield "year", f"{text[: year.start()]}{other}{text[year.end() :]}"
        break
    dated = (AnswerType.YEAR, AnswerType.DATE)
    for value in find_values(text, whole):
        digits = re.search(r"\d[\d,]*\d|\d", value.span.of(text))
        outside = all(value.span.end <= time.start or time.end <= value.span.start for time in times)
        if digits and value.type not in dated and outside:
            start = value.span.start + digits.start()
            changed = _other_number(digits[0], chance)
            yield "number", f"{text[:start]}{changed}{text[start + len(digits[0]) :]}"
            break
    if (named := _NAME.search(text)) and (others := [name for name in names if name not in text]):
        yield "name", f"{text[: named.start()]}{chance.choice(others)}{text[named.end() :]}"
    if (verb := _AUXILIARY.search(text)) and not re.search(r"\b(?:not|no|never)\b", text):
        yield "negated", f"{text[: verb.end()]} not{text[verb.end() :]}"


def _other_number(digits: str, chance: random.Random) -> str:
    """Return a number of the same length with one figure changed."""
    places = [place for place, char in enumerate(digits) if char.isdigit()]
    place = chance.choice(places)
    other = chance.choice([d for d in "123456789" if d != digits[place]])
    return digits[:place] + other + digits[place + 1 :]


def _joined(own: list[str], chance: random.Random) -> Iterator[str]:
    """Yield the first half of one sentence with the second half of another one."""
    for text in own:
        other = chance.choice([one for one in own if one != text])
        first, last = text.split(), other.split()
        yield " ".join([*first[: len(first) // 2], *last[len(last) // 2 :]])

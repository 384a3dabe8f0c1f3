"""A question in Korean → the English question that facts can answer, or None where not every word is understood.

Only questions about a term of the corpus and about the numbers of a table are read. They need a small closed set of
words; a word outside it may change what is asked, so it ends the reading. Nothing is translated beyond that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from nkqa.types import Document, Fact

REFUSAL = (
    "죄송합니다. 이 질문에는 한국어로 답할 수 없습니다. 한국어로는 본문에 나오는 용어의 뜻과 표의 숫자만 물어볼 수 "
    "있으니 영어로 질문해 주세요. Sorry, I cannot answer this in Korean. In Korean I understand only questions about "
    "the terms of the text and the numbers of its tables; please ask in English."
)


NOT_STATED = (
    "본문의 용어와 표에서 답을 찾지 못했습니다. 영어로 질문하면 본문 전체에서 찾아봅니다. I found no answer to this "
    "among the terms and tables of the text; a question in English is looked for in all of it."
)


class _Word(Enum):
    """What a Korean word asks for or names."""

    MEANING = auto()
    WHO = auto()
    ROMANISATION = auto()
    HANGUL = auto()
    HANJA = auto()
    WOMEN = auto()
    MEN = auto()
    TOTAL = auto()
    COUNT = auto()
    SHARE = auto()
    AVERAGE = auto()
    MOST = auto()
    FEWEST = auto()
    YEAR = auto()
    FILLER = auto()


# General Korean; what is written together is looked up without its blank.
_WORDS: dict[str, _Word] = {
    form: word
    for word, forms in (
        (_Word.MEANING, "뜻 의미 정의 무슨뜻 무슨의미 어떤뜻 무슨말 무엇 뭐 뭔 뭡 영어 영어로 번역 영문"),
        (_Word.WHO, "누구 누군"),
        (_Word.ROMANISATION, "로마자 로마자로 로마자표기"),
        (_Word.HANGUL, "한글 한글로"),
        (_Word.HANJA, "한자 한자로"),
        (_Word.WOMEN, "여성 여자 여 여성들 여자들"),
        (_Word.MEN, "남성 남자 남 남성들 남자들"),
        (_Word.TOTAL, "합계 총 총계 전체 모두 전부 총인원 총수"),
        (
            _Word.COUNT,
            "몇 몇명 몇사람 몇척 몇개 몇건 몇대 인원 인원수 수 숫자 명수 얼마 얼마나 여성수 남성수 여자수 남자수",
        ),
        (_Word.SHARE, "비율 비중 퍼센트 몇퍼센트 프로 몇프로 백분율"),
        (_Word.AVERAGE, "평균"),
        (_Word.MOST, "가장많은 제일많은 가장많았던 제일많았던 최대 최고"),
        (_Word.FEWEST, "가장적은 제일적은 가장적었던 제일적었던 최소 최저"),
        (_Word.YEAR, "해 연도 년도 언제 몇년 어느해 몇년도"),
        (
            _Word.FILLER,
            "명 척 개 건 사람 사람들 중 중에 말 단어 용어 표기 표기법 표현 온 왔 들어온 입국 입국한 도착한 도착 있 쓰 "
            "어떻게",
        ),
    )
    for form in forms.split()
}
_COMBINED = {"여성수": _Word.WOMEN, "여자수": _Word.WOMEN, "남성수": _Word.MEN, "남자수": _Word.MEN}
# Endings of words and of polite sentences, the longest first.
_ENDINGS = sorted(
    """은 는 이 가 을 를 의 에 에는 에서 로 으로 도 란 이란 라는 이라는 이라고 라고 과 와 들 들은 들이 요 이요 예요
    이에요 에요 이예요 인가요 인가 이야 야 죠 이죠 입니까 입니다 인지 일까요 니까 까 하나요 한가요 하면 되나요 나요
    습니까 었습니까 었나요 았나요 어요 었어요 았어요 였어요 이었어요 였나요 였습니까 이었나요 이었습니까 합니까 해요
    된 됩니까 돼요 지요 은요 는요 이다""".split(),
    key=lambda ending: -len(ending),
)
# "남" with one of these is the South, not men.
_DIRECTIONS = frozenset("에 에는 에서 로 으로".split())
_SINGLE = frozenset("남 여".split())
_YEAR_ASKED = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)\s?(?:년도|년)?(?:에는|에|의|도|은|는)?(?=\s|\W|\Z|[가-힣])")


@dataclass(frozen=True, slots=True)
class KoreanTerms:
    """Names of the corpus in Hangul or Hanja, the longest first.

    `titles` gives, for a name of what a whole document is about, the title of the document.
    """

    forms: tuple[str, ...]
    titles: dict[str, str]

    @classmethod
    def of(cls, facts: Sequence[Fact], documents: dict[str, Document]) -> KoreanTerms:
        """Return the terms of definition facts; the forms in a document's fact box are names of its subject."""
        forms: dict[str, None] = {}
        titles: dict[str, str] = {}
        for fact in facts:
            document = documents[fact.doc_id]
            listed = [form.strip() for form in re.split(r"[,;]", fact.value)]
            named = [fact.subject] if fact.attribute != "is" else []
            named += listed if fact.attribute in ("is", "script") else []
            found = [form for form in named if _is_east_asian(form)]
            forms.update(dict.fromkeys(found))
            if fact.attribute == "is" and any(pair.value.contains(fact.span) for pair in document.pairs):
                titles.update(dict.fromkeys(found, document.title))
        return cls(tuple(sorted(forms, key=lambda form: (-len(form), form))), titles)

    def translated(self, text: str) -> str:
        """Return a text in which the names of what a document is about are put as the title of the document has it."""
        for form in self.forms:
            if form in self.titles:
                text = text.replace(form, self.titles[form])
        return text

    def find(self, text: str) -> tuple[str | None, str]:
        """Return the longest term in a text and the text without it; (None, text) where there is none."""
        text = unicodedata.normalize("NFC", text)
        for form in self.forms:
            pattern = r"\s*".join(re.escape(char) for char in form if not char.isspace())
            if found := re.search(pattern, text):
                return form, f"{text[: found.start()]} {text[found.end() :]}"
        return None, text


def is_korean(text: str) -> bool:
    """Tell whether a text is written in Korean: Hangul, with Hanja or not, is more than half of its letters."""
    letters = [char for char in unicodedata.normalize("NFC", text) if char.isalpha()]
    east_asian = [char for char in letters if _is_east_asian(char)]
    return any(_is_hangul(char) for char in east_asian) and 2 * len(east_asian) > len(letters)


def read_korean(question: str, known: KoreanTerms) -> str | None:
    """Return the English question that a Korean one asks, or None where it holds anything that is not understood."""
    term, rest = known.find(question)
    years = [int(year) for year in _YEAR_ASKED.findall(rest)]
    words = _understood(_YEAR_ASKED.sub(" ", rest))
    if words is None:
        return None
    if term and (asked := _about_term(term, words)) and not years:
        return asked
    if term and term not in known.titles:
        return None
    return _about_numbers(words, years, known.titles.get(term or "", ""))


def _about_term(term: str, words: frozenset[_Word]) -> str | None:
    """Return the English question about a term: its spelling, who it is, or what it means."""
    if words - {_Word.MEANING, _Word.WHO, _Word.ROMANISATION, _Word.HANGUL, _Word.HANJA, _Word.FILLER}:
        return None
    if _Word.ROMANISATION in words:
        return f"How is {term} romanized?"
    if _Word.WHO in words:
        return f"Who is {term}?"
    if _Word.HANGUL in words or _Word.HANJA in words:
        return f"How is {term} written in {'Hangul' if _Word.HANGUL in words else 'Hanja'}?"
    return f"What does {term} mean?"


def _about_numbers(words: frozenset[_Word], years: list[int], title: str) -> str | None:
    """Return the English question about the numbers of a table; None where no number is asked for."""
    groups = [name for word, name in ((_Word.WOMEN, "women"), (_Word.MEN, "men")) if word in words]
    extremes = [name for word, name in ((_Word.MOST, "highest"), (_Word.FEWEST, "lowest")) if word in words]
    if words & {_Word.MEANING, _Word.WHO, _Word.ROMANISATION, _Word.HANGUL, _Word.HANJA} or len(years) > 1:
        return None
    group = " and ".join(groups) or "total"
    time = f" in {years[0]}" if years else ""
    if extremes:
        return f"In which year was the number of {group} {extremes[0]}?" if _Word.YEAR in words and not years else None
    if _Word.SHARE in words and len(groups) == 1:
        return f"What percentage were {group}{time}?"
    if _Word.AVERAGE in words:
        return f"What is the average number of {group}?" if not years else None
    asks_number = words & {_Word.COUNT, _Word.TOTAL} or (years and groups)
    if not asks_number or not (years or title or groups):
        return None
    counted = " and ".join(groups) or (title if _Word.TOTAL not in words else "")
    return f"How many {counted or 'in total'}{time or (' overall' if counted else '')}?"


def _understood(text: str) -> frozenset[_Word] | None:
    """Return the words of a text, or None where one is not in the closed set; two of them may be one with a blank."""
    parts = re.findall(r"\w+", text)
    found: set[_Word] = set()
    place = 0
    while place < len(parts):
        pair = "".join(parts[place : place + 2])
        if place + 1 < len(parts) and (word := _look_up(pair)):
            place += 1
        else:
            word = _look_up(parts[place])
        if word is None:
            return None
        found |= word
        place += 1
    return frozenset(found)


def _look_up(written: str) -> frozenset[_Word] | None:
    """Return what a word says once its endings are cut off, () for an ending that stands alone; None where unknown."""
    if written in _WORDS:
        combined = _COMBINED.get(written)
        return frozenset({_WORDS[written], *([combined] if combined else [])})
    for ending in _ENDINGS:
        if written == ending:
            return frozenset()
        stripped = written.removesuffix(ending)
        if stripped == written or (stripped in _SINGLE and ending in _DIRECTIONS):
            continue
        if (found := _look_up(stripped)) is not None:
            return found
    return None


def _is_hangul(char: str) -> bool:
    return unicodedata.name(char, "").startswith("HANGUL")


def _is_east_asian(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and all(_is_hangul(char) or unicodedata.name(char, "").startswith("CJK") for char in letters)

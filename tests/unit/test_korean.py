"""Questions in Korean: which are read, as what, and which are not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkqa.ask.korean import KoreanTerms, is_korean, read_korean

KNOWN = KoreanTerms(("베스마크 등대", "등대", "燈臺"), {"베스마크 등대": "Harbour Lights of Vessmark"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("등대 뜻이 뭐예요?", True),
        ("燈臺의 뜻", True),
        ("2009년에 여성은 몇 명?", True),
        ("What does 등대 mean?", False),
        ("how is 베스마크 등대 written", False),
        ("燈臺", False),
        ("灯台とは何ですか", False),
        ("2009", False),
        ("", False),
    ],
)
def test_is_korean(text, expected):
    assert is_korean(text) is expected
    assert is_korean(unicodedata.normalize("NFD", text)) is expected


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("등대 뜻이 뭐예요?", "What does 등대 mean?"),
        ("등대란 무엇입니까?", "What does 등대 mean?"),
        ("등대는 영어로 뭐예요?", "What does 등대 mean?"),
        ("베스마크등대의 의미는?", "What does 베스마크 등대 mean?"),
        ("燈臺는 무슨 뜻인가요?", "What does 燈臺 mean?"),
        ("등대", "What does 등대 mean?"),
        ("등대의 로마자 표기는?", "How is 등대 romanized?"),
        ("등대를 한자로 어떻게 쓰나요?", "How is 등대 written in Hanja?"),
        ("등대는 누구예요?", "Who is 등대?"),
        ("2009년에 여성은 몇 명?", "How many women in 2009?"),
        ("2009년에 남자는 몇명입니까?", "How many men in 2009?"),
        ("2009 남 수", "How many men in 2009?"),
        ("2015년에 온 여자 수", "How many women in 2015?"),
        ("2012년 합계는?", "How many in total in 2012?"),
        ("2016년 총 몇 명이 왔어요?", "How many in total in 2016?"),
        ("여성은 모두 몇 명이에요?", "How many women overall?"),
        ("2009년 여성 비율은?", "What percentage were women in 2009?"),
        ("여성이 가장 많은 해는?", "In which year was the number of women highest?"),
        ("남자가 제일 적었던 해는 언제예요?", "In which year was the number of men lowest?"),
        ("여자 평균은?", "What is the average number of women?"),
        ("2009년 베스마크 등대는 몇 척?", "How many Harbour Lights of Vessmark in 2009?"),
    ],
)
def test_what_is_read(question, english):
    assert read_korean(question, KNOWN) == english
    assert read_korean(unicodedata.normalize("NFD", question), KNOWN) == english


@pytest.mark.parametrize(
    "question",
    [
        "오늘 날씨 어때요?",
        "서울 인구는?",
        "등대는 어디에 있습니까?",
        "2009년에 여성은 몇 명이 죽었나요?",
        "2009년 캐나다에 여성은 몇 명?",
        "2009년 여성이 아닌 사람은 몇 명?",
        "2009년부터 2012년까지 여성은 몇 명?",
        "2009년 2010년 여성은 몇 명?",
        "남으로 2009년에 온 사람은 몇 명?",
        "2009년에 등대는 몇 명?",
        "여성",
        "몇 명?",
        "2009년?",
        "뜻이 뭐예요?",
    ],
)
def test_what_is_not_understood_to_the_last_word_is_not_read(question):
    assert read_korean(question, KNOWN) is None


def test_names_of_a_document_are_put_into_an_english_question():
    assert KNOWN.translated("How many 베스마크 등대?") == "How many Harbour Lights of Vessmark?"
    assert KNOWN.translated("How many 등대?") == "How many 등대?"


@given(st.text(alphabet="0129년월여남성자수몇명은는이가의등대뜻 ?", max_size=30))
def test_any_text_is_read_or_not(text):
    assert read_korean(text, KNOWN) == read_korean(text, KNOWN)

"""Questions as hurried people type them, asked of both corpora: the answer is the one of the question they meant."""

from __future__ import annotations

import pytest

from nkqa.types import Kind, Reason, Status

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def engines(article_engine, small_engine):
    return {"article": article_engine, "small": small_engine}


@pytest.mark.parametrize(
    ("corpus", "typed", "short"),
    [
        ("article", "how many deefctors arived in sk in 2009", "2,914"),
        ("article", "how many northkorean defectors came in 2012?", "1,502"),
        ("article", "hwo many wimen defected in 2009", "2,252"),
        ("article", "how many N. Koreans came to s.korea in 2011?", "2,706"),
        ("article", "men 2009", "662"),
        ("article", "who is andrei lankof", "North Korean expert"),
        ("article", "when was Freedom Speakers International founded", "2013"),
        ("article", "when was fsi founded", "2013"),
        ("article", "How many 탈북자 came in 2009?", "2,914"),
        ("article", "what is 탈북민 in english", "northern refugees"),
        ("article", "how is 탈북민 romanised", "talbungmin"),
        ("article", "탈북자 뜻이 뭐예요?", "people who fled the North"),
        ("article", "北韓離脫住民 뜻", "residents who renounced North Korea"),
        ("article", "2009년에 여성은 몇 명?", "2,252"),
        ("article", "2016년 총 몇 명이 왔어요?", "1,418"),
        ("article", "여성이 가장 많은 해는?", "2009"),
        ("small", "when was the Torhaven Rescue Association merged", "1933"),
        ("small", "when was the tra merged", "1933"),
        ("small", "who is yilva krog", "director"),
        ("small", "sail 1955", "240"),
        ("small", "등대 뜻", "lamp stand"),
    ],
)
def test_what_was_meant_is_answered(engines, corpus, typed, short):
    answer = engines[corpus].ask(typed)
    assert answer.status is Status.ANSWERED
    assert answer.short == short
    assert answer.question == typed


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("de fectors in mongolia", "defectors in mongolia"),
        ("do any live in the us", "do any live in the US"),
        ("2009년 여성 비율은?", "What percentage were women in 2009?"),
        ("탈북자 뜻이 뭐예요?", "What does 탈북자 mean?"),
        ("How many women came in 2009?", None),
    ],
)
def test_the_reading_is_shown_where_it_differs(article_engine, typed, reading):
    assert article_engine.ask(typed).interpreted_as == reading


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("오늘 날씨 어때요?", Reason.OFF_TOPIC),
        ("2009년 캐나다에 여성은 몇 명?", Reason.OFF_TOPIC),
        ("몽골에 탈북자가 있나요?", Reason.NOT_IN_CORPUS),
        ("1990년에 여성은 몇 명?", Reason.NOT_IN_CORPUS),
    ],
)
def test_other_questions_in_korean_are_refused_in_both_languages(article_engine, question, reason):
    answer = article_engine.ask(question)
    assert (answer.status, answer.reason, answer.citations) == (Status.DECLINED, reason, ())
    assert "영어로" in answer.text
    assert "English" in answer.text
    assert answer.suggestions


def test_a_greeting_in_korean_is_answered(article_engine):
    assert article_engine.ask("안녕하세요!").kind is Kind.SMALLTALK


def test_korean_respects_the_year_that_is_looked_back_from(article_engine):
    assert article_engine.ask("2009년에 여성은 몇 명?", as_of=2005).status is Status.DECLINED

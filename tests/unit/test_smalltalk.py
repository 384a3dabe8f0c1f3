"""Small talk is recognised by whole phrases; a question that merely begins like one is a question."""

from __future__ import annotations

import pytest

from nkqa.ask.smalltalk import Smalltalk, recognise


@pytest.mark.parametrize(
    "text", ["hi", "Hello!", "HEY", "hello there", "Good morning.", "Hi, how are you?", "안녕하세요"]
)
def test_greetings(text):
    assert recognise(text) is Smalltalk.GREETING


@pytest.mark.parametrize("text", ["thanks", "Thank you!", "ok thanks", "Thank you so much.", "thx", "감사합니다"])
def test_thanks(text):
    assert recognise(text) is Smalltalk.THANKS


@pytest.mark.parametrize("text", ["bye", "Goodbye!", "See you later.", "good night"])
def test_farewells(text):
    assert recognise(text) is Smalltalk.FAREWELL


@pytest.mark.parametrize("text", ["help", "Who are you?", "What can you do?", "what can I ask", "How does this work?"])
def test_questions_about_nkqa(text):
    assert recognise(text) is Smalltalk.ABILITIES


@pytest.mark.parametrize(
    "text",
    [
        "hi-tech weapons?",
        "hijackers",
        "thanks to whom did he escape",
        "Thank you notes of the refugees",
        "goodbye letters",
        "Good morning Vietnam",
        "help for refugees",
        "hello world program",
        "How are you affected by the law?",
        "What can you do with a settlement benefit?",
        "Who are you talking about in the second chapter?",
        "What is this law called?",
        "Hi, how many defectors are there?",
        "",
        "?!",
    ],
)
def test_what_is_not_small_talk(text):
    assert recognise(text) is None

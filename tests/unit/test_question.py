"""Reading a question: its kind, the type of its short answer, years, typos, follow-ups, and what is refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nkqa.ask.question import check_question, read_question
from nkqa.errors import QuestionError
from nkqa.text.terms import stem, tokens
from nkqa.types import AnswerType, Kind, Origin

CORPUS_WORDS = (
    "defectors refugees vollertsen hanawon canada torture lankov settlement benefits women films seoul arrived"
)
VOCABULARY = frozenset(CORPUS_WORDS.split())
MISSPELT = {"deefctors", "refugeees", "vollertson", "cananda", "tortuer", "waht", "zzzzzz", "manny", "hanawonn"}
FIRST = "How many women arrived in Seoul in 2009?"


def is_english(word):
    """Take any word for English but the misspelt ones and their parts."""
    return not any(word[:-1] in wrong or wrong in word for wrong in MISSPELT)


def read(question, *history, max_chars=2000, is_word=is_english):
    return read_question(question, history, max_chars=max_chars, vocabulary=VOCABULARY, is_word=is_word)


# ------------------------------------------------------------------------------------------------------------- kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Did any refugees return?", Kind.YES_NO),
        ("is there a reward", Kind.YES_NO),
        ("Weren't they afraid?", Kind.YES_NO),
        ("Why do women leave?", Kind.WHY_HOW),
        ("And why?", Kind.WHY_HOW),
        ("How come nobody noticed?", Kind.WHY_HOW),
        ("How did the family reach Japan?", Kind.WHY_HOW),
        ("What led to the deportations?", Kind.WHY_HOW),
        ("What are the reasons for leaving?", Kind.WHY_HOW),
        ("What is Hanawon?", Kind.DEFINITION),
        ("What's Hanawon?", Kind.DEFINITION),
        ("Who’s Andrei Lankov?", Kind.DEFINITION),
        ("Who was Choi Duk-gun?", Kind.DEFINITION),
        ("What does FSI stand for?", Kind.DEFINITION),
        ("What does talbukja mean", Kind.DEFINITION),
        ("DMZ = ?", Kind.DEFINITION),
        ("List all films", Kind.LIST),
        ("Which three men returned?", Kind.LIST),
        ("Which countries took refugees in?", Kind.LIST),
        ("How many women came?", Kind.FACTOID),
        ("May 2006: who arrived?", Kind.FACTOID),
        ("Who runs the course at Hanawon for new arrivals?", Kind.FACTOID),
    ],
)
def test_kind(question, kind):
    assert read(question).kind is kind


def test_kind_does_not_depend_on_case():
    for question in ("Why do women leave?", "What is Hanawon?", "List all films", "Did any return?"):
        assert read(question.upper()).kind is read(question.lower()).kind is read(question).kind


# ------------------------------------------------------------------------------------------------------ answer type


@pytest.mark.parametrize(
    ("question", "answer_type"),
    [
        ("How many women came?", AnswerType.NUMBER),
        ("the number of families", AnswerType.NUMBER),
        ("How tall is the tower?", AnswerType.NUMBER),
        ("What percentage are women?", AnswerType.PERCENT),
        ("what share of them were men", AnswerType.PERCENT),
        ("How many % are women?", AnswerType.PERCENT),
        ("How long does the course last?", AnswerType.DURATION),
        ("For how many years was it in force?", AnswerType.DURATION),
        ("In which year did it open?", AnswerType.YEAR),
        ("What year was the first?", AnswerType.YEAR),
        ("When did it open?", AnswerType.DATE),
        ("On what date did it open?", AnswerType.DATE),
        ("How much money do they get?", AnswerType.MONEY),
        ("What is the price of a ticket?", AnswerType.MONEY),
        ("Who opened it?", AnswerType.NAME),
        ("Where did they land?", AnswerType.NAME),
        ("By whom was it built?", AnswerType.NAME),
        ("Who receives the reward?", AnswerType.NAME),
        ("Where is the cost of living lowest?", AnswerType.NAME),
        ("Is it dangerous?", AnswerType.ANY),
        ("What is Hanawon?", AnswerType.ANY),
    ],
)
def test_answer_type(question, answer_type):
    assert read(question).answer_type is answer_type


def test_answer_type_of_a_follow_up():
    assert read("and men?", FIRST).answer_type is AnswerType.NUMBER, "taken from the question before"
    assert read("and when?", FIRST).answer_type is AnswerType.DATE, "its own goes first"
    assert read("What is Hanawon?", FIRST).answer_type is AnswerType.ANY, "not a follow-up"
    assert read("in percent?", FIRST).answer_type is AnswerType.PERCENT, "the same measure as a share"


def test_misspelt_words_of_earlier_questions_are_corrected():
    assert read("and in 2010?", "How many deefctors arrived in 2009?").text == "How many defectors arrived in 2010?"


def test_a_question_about_the_answer_before_keeps_that_question():
    query = read("Who said that?", FIRST)
    assert (query.text, query.origin) == (FIRST, Origin.CLAIMANT)
    assert query.interpreted_as == f"Who said that? (about: {FIRST})"


# ------------------------------------------------------------------------------------------------------------ years


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("How many came in 2009?", (2009,)),
        ("from 1998 to 2001", (1998, 2001)),
        ("2,009 people in Room 101", ()),
        ("120091 boxes", ()),
        ("How many came?", ()),
    ],
)
def test_years(question, years):
    assert read(question).years == years


def test_years_of_a_follow_up_are_its_own():
    assert read("and in 2010?", FIRST).years == (2010,)


# ------------------------------------------------------------------------------------------------------------ typos


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("How many deefctors came?", "How many defectors came?"),
        ("refugeees in Seoul", "refugees in Seoul"),
        ("who is Vollertson", "who is vollertsen"),
        ("Waht is Hanawon?", "what is Hanawon?"),
        ("Tortuer, in Cananda?", "torture, in canada?"),
    ],
)
def test_typos_are_corrected_and_said(typed, meant):
    query = read(typed)
    assert query.interpreted_as == meant
    assert query.text == meant
    assert query.question == typed
    assert query.terms == read(meant).terms


@pytest.mark.parametrize(
    "question",
    [
        "How many defectors came?",
        "zzzzzz in Seoul",  # like nothing in the corpus
        "a sandwich",  # an English word that the corpus does not have
        "탈북자 in Seoul",
        "T3rture 1nd C4nada",
    ],
)
def test_what_is_no_typo(question):
    query = read(question)
    assert query.interpreted_as is None
    assert query.text == question


def test_a_word_of_the_corpus_is_never_corrected():
    for word in VOCABULARY:
        assert read(word, is_word=lambda _: False).interpreted_as is None


def test_correction_leaves_the_rest_of_the_question_alone():
    assert read("  In 2009, (deefctors) – “how many”?").text == "In 2009, (defectors) – “how many”?"


# -------------------------------------------------------------------------------------------------------- follow-ups


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("and in 2010?", "How many women arrived in Seoul in 2010?"),
        ("But not the men?", None),
        ("what about films?", "How many films arrived in Seoul in 2009?"),
        ("How about Canada", "How many women arrived in Canada in 2009?"),
        ("why?", "Why women arrived in Seoul in 2009?"),
        ("When?", "When women arrived in Seoul in 2009?"),
        ("how many?", None),
        ("why not??", None),
        ("How many of them stayed?", "How many of the women stayed?"),
        ("Who is her husband?", None),
        ("Does he live there?", "Does he live in Seoul?"),
        ("What happened then?", None),
        ("How many are there?", "How many women are there?"),
        ("Ok, why?", "Why women arrived in Seoul in 2009?"),
        ("Thanks! And in 2010?", "How many women arrived in Seoul in 2010?"),
    ],
)
def test_follow_up_is_completed_and_said(question, meant):
    query = read(question, "What is Hanawon?", FIRST)
    assert query.interpreted_as is not None
    assert "Hanawon" not in query.interpreted_as
    if meant and query.interpreted_as == meant:
        assert query.text == meant, "the completed question is what is searched for"
    else:
        assert query.interpreted_as == f"{meant or question} (after: {FIRST})"
        assert query.text == f"{FIRST} {meant or question}", "the question before it is searched for, too"
        assert "seoul" in {recalled.text for recalled in query.context} | set(query.terms)
    assert not {recalled.text for recalled in query.context} & set(query.terms)
    assert query.question == question


@pytest.mark.parametrize(
    "question",
    [
        "What is Hanawon?",
        "How many women arrived in Canada in 2010?",
        "Why do women leave?",
        "How many films are there?",
        "Are there any films?",
        "Is it true that refugees return?",
        "Which benefits do settlement officers pay to their own families?",
        "Android phones in Seoul",
        "Sofia",
        "Orphans in Canada",
        "Which benefits?",
    ],
)
def test_what_is_no_follow_up(question):
    query = read(question, FIRST)
    assert query.text == question
    assert query.context == ()
    assert query.interpreted_as is None


@pytest.mark.parametrize("question", ["hey there", "Hello!", "see you then", "how does this work?", "who are you"])
def test_small_talk_is_no_follow_up(question):
    assert read(question, FIRST).text == question


def test_a_word_of_both_questions_counts_as_one_of_the_new_question():
    query = read("and how many women stayed with them?", FIRST)
    assert stem("women") in query.terms
    assert stem("women") not in {recalled.text for recalled in query.context}
    assert "seoul" in {recalled.text for recalled in query.context}


def test_follow_up_without_history_is_read_as_it_is():
    query = read("and in 2010?")
    assert (query.text, query.context, query.interpreted_as) == ("and in 2010?", (), None)


def test_thanks_in_between_do_not_hide_the_question_before():
    assert read("and in 2010?", FIRST, "Thank you!").text == "How many women arrived in Seoul in 2010?"


def test_terms_are_stems_of_the_content_words():
    assert set(read("How many of the Defectors' families were arriving?").terms) == {
        stem("defectors"),
        "famili",
        "arriv",
    }


@pytest.mark.parametrize("greeting", ["Hi, ", "Hello! ", "Good morning. ", "hey ... ", "Hi, thanks! ", "OK, "])
def test_a_greeting_before_a_question_is_no_part_of_it(greeting):
    assert read(f"{greeting}How many films are there?").text == "How many films are there?"


def test_a_word_that_begins_like_a_greeting_stays():
    for question in ("Hi-tech weapons", "Hiking, where?", "Thanks to whom, then?"):
        assert read(question).text == question


# -------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    "question", ["", " ", "\n\t \r", "\u00a0\u2003\u3000", "\u200b\u200d\ufeff", "\u202e\u2066", "\u2028"]
)
def test_blank_question_is_refused(question):
    with pytest.raises(QuestionError, match="empty") as caught:
        read(question)
    assert caught.value.exit_code == 2
    assert caught.value.remedy


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\ud800"])
@pytest.mark.parametrize("frame", ["{}", "Who is {}Lankov?", "Who is Lankov?{}"])
def test_control_characters_and_half_surrogates_are_refused(character, frame):
    with pytest.raises(QuestionError, match="control characters"):
        read(frame.format(character))


def test_length_limit():
    assert read("a" * 50, max_chars=50).text == "a" * 50
    with pytest.raises(QuestionError, match=r"51 characters.*50"):
        read("a" * 51, max_chars=50)
    with pytest.raises(QuestionError, match="10000 characters"):
        read("why " * 2500)
    with pytest.raises(QuestionError):
        read(" " * 51, max_chars=50)


@pytest.mark.parametrize(
    "typed",
    [
        "Who is\u200b Lan\u200dkov?",
        "\ufeffWho is Lankov?",
        "\u202eWho is\u202c Lankov?\u2066\u2069",
        "Who\u00adis Lankov?".replace("\u00ad", " \u00ad"),
        "  Who\tis\r\n  Lankov?\n",
        "Who\u00a0is\u2003Lankov?",
    ],
)
def test_invisible_characters_and_white_space_change_nothing(typed):
    query, plain = read(typed), read("Who is Lankov?")
    assert query.text == "Who is Lankov?"
    assert (query.kind, query.answer_type, query.terms) == (plain.kind, plain.answer_type, plain.terms)
    assert query.interpreted_as is None


@pytest.mark.parametrize("character", ["🔥", "\U0001faea", "\ue000", "한", "𐍈", "é", "e\u0301", "﷽", "\uffff"])
def test_any_visible_character_can_be_asked_about(character):
    assert read(f"What is {character}?").text == f"What is {character}?"


@given(st.text(max_size=60))
def test_checked_question_is_one_visible_line_and_stays_so(text):
    try:
        checked = check_question(text, 60)
    except QuestionError:
        return
    assert checked == " ".join(checked.split())
    assert not {unicodedata.category(char) for char in checked} & {"Cc", "Cs", "Cf"}
    assert check_question(checked, 60) == checked


@settings(max_examples=200)
@given(st.text(max_size=60), st.lists(st.sampled_from([FIRST, "and men?", "thanks", "Hi"]), max_size=3))
def test_any_text_is_read_or_refused(text, history):
    try:
        query = read(text, *history)
    except QuestionError:
        return
    assert query == read(text, *history)
    assert query.question == text
    assert all(term for term in (*query.terms, *(recalled.text for recalled in query.context)))
    assert set(query.terms) <= {stem(token.word) for token in tokens(query.text)}


@pytest.mark.parametrize(
    ("typed", "read"), [("wimen", "women"), ("womenn", "women"), ("wome", "women"), ("owmen", "women")]
)
def test_one_slip_of_the_hand_in_a_word_of_five_letters(typed, read):
    query = read_question(
        f"how many {typed}?", (), max_chars=100, vocabulary=frozenset({"women"}), is_word=lambda word: word == "many"
    )
    assert query.text == f"how many {read}?"

"""Follow-ups are completed from the questions before them, pronouns from their names; a new topic takes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nkqa.ask.conversation import RECENCY_WEIGHT, recalled, resolve, views
from nkqa.ask.ellipsis import complete, is_bare
from nkqa.ask.origin import asks_origin, find_origin
from nkqa.ask.pronouns import points_back, replace_pronouns
from nkqa.ask.question_parts import articled, counted, names, persons, places, times, topic
from nkqa.text.terms import stem
from nkqa.types import Answer, Citation, Estimate, Kind, Origin, Status

WOMEN = "How many women came in 2009?"
SHIPS = "How many sailing ships were piloted into Bergen in 1958?"


def shown(text, spans):
    return [span.of(text) for span in spans]


# ------------------------------------------------------------------------------------------------- parts of a question


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (WOMEN, ["in 2009"]),
        ("How many came between 2001 and 2005?", ["between 2001 and 2005"]),
        ("Who was met in February 2011?", ["in February 2011"]),
        ("What has changed since 1998?", ["since 1998"]),
        ("How many came in the 1990s?", ["in the 1990s"]),
        ("How many came?", []),
    ],
)
def test_times(question, found):
    assert shown(question, times(question)) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (WOMEN, "women"),
        (SHIPS, "sailing ships"),
        ("What percentage of Danish sailors are ill?", "Danish sailors"),
        ("Which films are new?", "films"),
        ("Which ship struck the rock?", None),
        ("How many came in 2009?", None),
        ("What happens to them?", None),
        ("Who came?", None),
    ],
)
def test_counted(question, found):
    span = counted(question)
    assert (span.of(question) if span else None) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What is a diaphone?", "a diaphone"),
        ("Who's Ragna Quist?", "Ragna Quist"),
        ("What is the budget of the museum?", "the budget of the museum"),
        ("What is known about it?", None),
        ("Who was elected?", None),
        ("When was it?", None),
    ],
)
def test_topic(question, found):
    span = topic(question)
    assert (span.of(question) if span else None) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("When did the museum open?", ["the museum"]),
        ("Does the law allow appeals?", ["the law"]),
        ("When did the museum open in Oslo?", ["the museum"]),
        ("How many visitors did the Lamp Museum have?", ["the Lamp Museum"]),
        ("When was the last fog horn switched off?", ["the last fog horn"]),
        ("Who bought the drum at an auction?", ["the drum", "an auction"]),
        ("Who came?", []),
    ],
)
def test_articled(question, found):
    assert shown(question, articled(question)) == found


def test_names_places_and_persons():
    question = "Who did Ada Lovelace meet in Turin in March 1840?"
    assert shown(question, names(question)) == ["Ada Lovelace", "Turin"]
    assert shown(question, places(question)) == ["Turin"]
    assert shown(question, persons(question)) == ["Ada Lovelace"]
    assert shown("how many live in peru?", places("how many live in peru?")) == ["peru"], "a country in small letters"


# ------------------------------------------------------------------------------------------------------------ ellipsis


@pytest.mark.parametrize(
    ("fragment", "previous", "full"),
    [
        # times
        ("in 2010?", WOMEN, "How many women came in 2010?"),
        ("2010", WOMEN, "How many women came in 2010?"),
        ("for 2010", WOMEN, "How many women came in 2010?"),
        ("before 2005", WOMEN, "How many women came before 2005?"),
        ("since 2005", WOMEN, "How many women came since 2005?"),
        ("between 2001 and 2005", WOMEN, "How many women came between 2001 and 2005?"),
        ("in 2010", "How many women came between 2001 and 2005?", "How many women came in 2010?"),
        ("in 2010", "How many women came?", "How many women came in 2010?"),
        ("the year before?", WOMEN, "How many women came in 2008?"),
        ("the year after?", WOMEN, "How many women came in 2010?"),
        ("a year later", WOMEN, "How many women came in 2010?"),
        ("two years earlier", WOMEN, "How many women came in 2007?"),
        ("10 years later", WOMEN, "How many women came in 2019?"),
        ("in the previous year", WOMEN, "How many women came in 2008?"),
        ("the following year", WOMEN, "How many women came in 2010?"),
        # groups
        ("men", WOMEN, "How many men came in 2009?"),
        ("the girls", "How many boys came?", "How many girls came?"),
        ("women only", "How many refugees came in 2012?", "How many women came in 2012?"),
        ("among men", "What was the wage among women in 2015?", "What was the wage among men in 2015?"),
        ("by Berg", "List all books by Lind", "List all books by Berg"),
        ("men in 2010", WOMEN, "How many men came in 2010?"),
        ("for men", WOMEN, "How many men came in 2009?"),
        ("all of them", WOMEN, "How many people in total came in 2009?"),
        ("in total", SHIPS, "How many sailing ships were piloted into Bergen in total?"),
        ("how many men", WOMEN, "How many men came in 2009?"),
        ("how many men in 2010", WOMEN, "How many men came in 2010?"),
        # places
        ("in Peru", "How many refugees live in Canada?", "How many refugees live in Peru?"),
        ("in Peru", "How many refugees live in the US?", "How many refugees live in Peru?"),
        ("Peru", "How many refugees live in the US?", "How many refugees live in Peru?"),
        ("the UK", "How many refugees live in Peru?", "How many refugees live in the UK?"),
        ("from Peru", "How many fled to Chile?", "How many fled to Chile from Peru?"),
        ("to Peru", "How many fled from Cuba to Chile?", "How many fled from Cuba to Peru?"),
        ("at Cod Rock", "How many died at Gull Rock in 1987?", "How many died at Cod Rock in 1987?"),
        ("in Peru in 2010", "How many live in Chile in 2009?", "How many live in Peru in 2010?"),
        ("Poles in general", "What share of Danish sailors are ill?", "What share of Poles in general are ill?"),
        (
            "Egyptians in general",
            "What share of Danish sailors are ill?",
            "What share of Egyptians in general are ill?",
        ),
        # things and people
        ("steamers", SHIPS, "How many steamers were piloted into Bergen in 1958?"),
        ("films", "Which books are from 2018?", "Which films are from 2018?"),
        ("a siren", "What is a diaphone?", "What is a siren?"),
        ("the library", "When did the museum open?", "When did the library open?"),
        ("of the library", "What is the budget of the museum?", "What is the budget of the library?"),
        ("Grace Hopper", "What did Ada Lovelace write?", "What did Grace Hopper write?"),
        # measures
        ("in percent?", WOMEN, "How many women came in 2009 in percent?"),
        ("as a percentage", WOMEN, "How many women came in 2009 in percent?"),
        ("what percentage is that?", WOMEN, "How many women came in 2009 in percent?"),
        ("how many is that?", "What percentage of the men were ill?", "How many men were ill?"),
        ("compared to 2008", WOMEN, "How many women came in 2009 compared to 2008?"),
        # question words
        ("why?", "When was the last horn switched off?", "Why was the last horn switched off?"),
        ("when exactly?", "Why was the last horn switched off?", "When was the last horn switched off?"),
        ("why?", "Did any refugees return?", "Why did any refugees return?"),
        ("why?", "How many sailors did Norway admit in 2004?", "Why did Norway admit sailors in 2004?"),
        ("why?", "How many ships were lost in 1987?", "Why were ships lost in 1987?"),
        ("why?", "How many women came in 2009 in percent?", "Why women came in 2009?"),
        ("without a lamp", "What share of the keepers were ill?", None),
        ("when?", "Who designed the towers?", "When were the towers designed?"),
        ("where?", "Who founded the Rescue Fund?", "Where was the Rescue Fund founded?"),
        ("the fewest?", "Which year had the most arrivals?", "Which year had the fewest arrivals?"),
        ("in swedish", "What is a horn called in danish?", "What is a horn called in swedish?"),
        ("in prison", "how many were in hospital", "how many were in prison"),
        ("TRA", "What does HLV stand for?", "What does TRA stand for?"),
        ("in 1907", "What was the wage in 1896?", "What was the wage in 1907?"),
        ("how many is that?", "How many women came in 2009 in percent?", WOMEN),
        # nothing that is sure
        ("Peru", "Which countries accept Danish sailors?", None),
        ("not the men", WOMEN, None),
        ("why?", "Who wrote the act?", None),
        ("who?", WOMEN, None),
        ("men", "What is the ratio of women to girls?", None),
        ("the staff", "What is the budget of the museum?", None),
        ("the year before", "How many women came?", None),
        ("in 2010", "How did it change from March 2001 to the summer of 2005 and in 2007?", None),
    ],
)
def test_complete(fragment, previous, full):
    assert complete(fragment, previous) == full


@pytest.mark.parametrize("text", ["in 2010?", "men?", "2010", "why?", "the year before?", "from Peru", "in percent?"])
def test_what_is_bare(text):
    assert is_bare(text)


@pytest.mark.parametrize(
    "text", ["Sofia", "Orphans in Peru", "lamps 1987", "???", "In 2010, how many came?", "fog horn"]
)
def test_what_is_not_bare(text):
    assert not is_bare(text)


# ------------------------------------------------------------------------------------------------------------ pronouns


@pytest.mark.parametrize(
    ("question", "earlier", "full"),
    [
        ("when did it start?", ["What is the Rescue Fund?"], "when did the Rescue Fund start?"),
        ("what is its budget?", ["When did the museum open?"], "what is the museum's budget?"),
        ("when did it sink?", ["Which ship struck Gull Rock in 1987?"], "when did the ship sink?"),
        ("what did it rise to?", ["What wage were keepers paid?"], "what did the wage rise to?"),
        ("how many of them stayed?", [WOMEN], "how many of the women stayed?"),
        ("where did they go?", ["Where did the boat with 13 people land?"], "where did the 13 people go?"),
        ("what is their average age?", ["How many keepers are there?"], "what is the keepers' average age?"),
        ("who advised him?", ["Who did Ada Lovelace meet in Turin?"], "who advised Ada Lovelace?"),
        ("who is her husband?", ["who is ada lovelace?", "What is a bell?"], "who is ada lovelace's husband?"),
        ("who met her?", ["When was Ada Lovelace born?"], "who met Ada Lovelace?"),
        ("what happens to them there?", ["Do keepers go to Peru?"], "what happens to the keepers in Peru?"),
        ("who pays it?", ["How much money do keepers get?"], "who pays the money?"),
        ("what did it rise to?", ["What was the wage in 1896?"], "what did the wage rise to?"),
        ("how many live there?", ["Did sailors go to Peru?"], "how many live in Peru?"),
        ("why do they go there?", ["How many sailors live in the UK?"], "why do the sailors go to the UK?"),
        ("how did they leave from there?", ["How many sailors live in Peru?"], "how did the sailors leave from Peru?"),
        ("what happened in that country?", ["How many live in Peru?"], "what happened in Peru?"),
        ("how many came that year?", ["What happened in 2009?"], "how many came in 2009?"),
        ("how many men came the year after?", ["What happened in 2009?", "Why?"], "how many men came in 2010?"),
        ("what changed since that year?", ["What happened in 2009?"], "what changed since 2009?"),
    ],
)
def test_pronouns_are_replaced(question, earlier, full):
    assert points_back(question)
    assert replace_pronouns(question, earlier) == (full, True)


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("who is he?", ["Who designed the towers?"]),
        ("what else did he write?", ["Who is Ada Lovelace?", "Who wrote Faust?"]),
        ("how many days had they been at sea?", ["What became of the boat?"]),
        ("what happened then?", [WOMEN]),
        ("how many came that year?", ["Who came?"]),
        ("when was it?", ["Did the ship sink?"]),
        ("what did that act say?", ["Who wrote the Lights Act?"]),
    ],
)
def test_pronouns_without_a_meaning_stay(question, earlier):
    assert replace_pronouns(question, earlier) == (question, False)


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that keepers return?",
        "How many films are there?",
        "How many keepers say they are ill?",
        "Do keepers like their jobs?",
        "Did Ada Lovelace meet her husband?",
        "Does the museum have its own boat?",
        "Did the boat that sank carry people?",
        "Which station sounded its horn for the fewest hours?",
        "How many keepers have one child?",
        "Who said that women came?",
        "What becomes of those who leave?",
        "How many died in the year before 2010?",
        "How many ships came the year before the war?",
        "Escape from the Bay - whose life is it about?",
    ],
)
def test_what_points_at_nothing_outside(question):
    assert not points_back(question)
    turn = resolve(question, [WOMEN])
    assert (turn.text, turn.before) == (question, None)


# -------------------------------------------------------------------------------------------------------- conversation


@pytest.mark.parametrize(
    ("turns", "full"),
    [
        ([WOMEN, "and men?"], "How many men came in 2009?"),
        ([WOMEN, "and men?", "in 2010?"], "How many men came in 2010?"),
        ([WOMEN, "and men?", "in 2010?", "and the year before?"], "How many men came in 2009?"),
        ([WOMEN, "what about men?", "in percent?", "the year after?"], "How many men came in 2010 in percent?"),
        ([WOMEN, "Thank you!", "And in 2010?"], "How many women came in 2010?"),
        ([WOMEN, "What is a diaphone?", "and a siren?"], "What is a siren?"),
        ([WOMEN, "who said that?", "and in 2010?"], "How many women came in 2010?"),
        (
            ["How many sailors lived in Peru in 2010?", "and how many lived in Chile?"],
            "how many sailors lived in Chile in 2010?",
        ),
        (
            ["How many sailors lived in Peru in 2010?", "how many of them died?"],
            "how many of the sailors died?",
        ),
    ],
)
def test_chain(turns, full):
    turn = resolve(turns[-1], turns[:-1])
    assert turn.text == full
    assert turn.whole
    assert turn.searched == turn.text


@pytest.mark.parametrize(
    "question",
    [
        "What is a diaphone?",
        "And what is the Rescue Fund of Peru?",
        "How many ships came into Bergen in 1987?",
        "how many arrived in 1987?",
        "Why did they stop using the gun at Gull Rock?",
        "Is the Danish government hostile to these refugees?",
        "Why do keepers leave?",
        "fog horns",
        "Sofia",
        "Hello!",
        "???",
    ],
)
def test_new_topic_takes_nothing(question):
    turn = resolve(question, [WOMEN, "and men?"])
    assert (turn.text, turn.whole, turn.before, turn.origin) == (question, True, None, None)
    assert views(turn) == recalled(turn) == ()


@pytest.mark.parametrize(
    "question",
    ["how many were on board?", "and without a lamp?", "what happened then?", "tell me more", "for how much?"],
)
def test_what_cannot_be_completed_is_searched_for_with_the_question_before(question):
    turn = resolve(question, ["What is a bell?", "Which ship struck Gull Rock in 1987?"])
    assert not turn.whole
    assert turn.searched == f"Which ship struck Gull Rock in 1987? {question}"
    assert {term.text for term in recalled(turn)} >= {stem("ship"), stem("struck"), "gull"}
    assert stem("bell") not in {term.text for term in recalled(turn)}


def test_earlier_questions_weigh_less():
    turn = resolve("what happened then?", ["Which ship struck Gull Rock?", "how many were on board?"])
    weights = {term.text: term.weight for term in recalled(turn)}
    assert weights[stem("board")] == RECENCY_WEIGHT
    assert weights[stem("ship")] == RECENCY_WEIGHT**2
    assert [view.weight for view in views(turn)] == [1, RECENCY_WEIGHT, RECENCY_WEIGHT**2]
    assert turn.searched == "Which ship struck Gull Rock? how many were on board? what happened then?"


def test_own_time_replaces_that_of_earlier_questions():
    turn = resolve("what did it rise to in 1907?", ["What wage were keepers paid from 1896?"])
    assert "1896" not in {term.text for term in recalled(turn)}
    assert "1896" not in " ".join(view.text for view in views(turn))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([WOMEN, SHIPS, "and men?", "in 2010?", "why?", "who said that?", "thanks", "it?", "???"]))
)
def test_any_conversation_is_resolved(questions):
    for number, question in enumerate(questions):
        turn = resolve(question, questions[:number])
        assert turn == resolve(question, questions[:number])
        assert turn.text
        assert turn.whole or turn.before


# -------------------------------------------------------------------------------------------------------------- origin


@pytest.mark.parametrize(
    "question",
    ["who said that?", "Who reported it?", "says who?", "according to whom?", "who told you that", "whose figure?"],
)
def test_asks_who_says_so(question):
    assert asks_origin(question) is Origin.CLAIMANT
    turn = resolve(question, [WOMEN, "and men?"])
    assert (turn.text, turn.origin) == ("How many men came in 2009?", Origin.CLAIMANT)


@pytest.mark.parametrize(
    "question",
    [
        "where does it say that?",
        "source?",
        "What is your source?",
        "where did you get that from?",
        "which section is that from?",
        "how do you know that?",
        "show me the source",
        "where does she say that?",
        "and where does the text say so?",
    ],
)
def test_asks_where_it_stands(question):
    assert asks_origin(question) is Origin.PLACE


@pytest.mark.parametrize(
    "question",
    [
        "who wrote it?",
        "who said that women came?",
        "where is it?",
        "what is the source of the river?",
        "who reported the fire?",
    ],
)
def test_asks_about_something_else(question):
    assert asks_origin(question) is None


def test_without_history_there_is_nothing_to_have_an_origin():
    assert resolve("who said that?", []).origin is None


def answer_citing(document, sentence, estimates=()):
    start = document.text.index(sentence)
    citation = Citation(
        1, "char_location", sentence, document.id, 0, document.title, start, start + len(sentence), ("A", "B"), (), ()
    )
    return Answer(
        *("id", "q", None, Status.ANSWERED, None, Kind.FACTOID, sentence, None, 0.7, (citation,), (), (), "g", ()),
        estimates=estimates,
    )


FOG = (
    "According to the Weather Institute, Skarholm had 71 fog days in 1955; the keepers' own log counted 84 fog days "
    "there in the same year."
)


def test_who_says_so_is_read_from_the_cited_sentence(fog):
    found = find_origin(Origin.CLAIMANT, answer_citing(fog, FOG), {fog.id: fog})
    assert "Weather Institute" in found.short
    assert found.claims[0].text.endswith(f"“{FOG}”")
    assert found.evidence[0].span.of(fog.text) == FOG
    assert found.confidence == 0.7


def test_figures_name_their_sources_themselves(fog):
    log = Estimate("84", 84, 84, None, "fog days", None, "1955", "the log", None, (), 1)
    assert find_origin(Origin.CLAIMANT, answer_citing(fog, FOG, (log,)), {fog.id: fog}).short == "the log"


def test_a_sentence_without_a_source_is_said_to_have_none(fog):
    answer = answer_citing(fog, "In 1891, 9,120 shots were fired.")
    found = find_origin(Origin.CLAIMANT, answer, {fog.id: fog})
    assert found.short is None
    assert found.claims[0].text == (
        "The text names nobody who said this; it says so itself: “In 1891, 9,120 shots were fired.”"
    )


def test_where_it_stands(fog):
    found = find_origin(Origin.PLACE, answer_citing(fog, "In 1891, 9,120 shots were fired."), {fog.id: fog})
    assert found.short == "under “A › B”"
    assert found.claims[0].text.startswith(f"It stands in “{fog.title}”, under “A › B”: “In 1891")


def test_a_refusal_has_no_origin(fog):
    refusal = Answer(*("id", "q", None, Status.DECLINED, None, Kind.FACTOID, "", None, 0.0, (), (), (), "g", ()))
    assert find_origin(Origin.CLAIMANT, refusal, {fog.id: fog}) is None

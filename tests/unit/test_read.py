"""From hits to evidence: which sentences are shown, how far they reach, and when a bare answer is sure."""

from __future__ import annotations

import pytest

from nkqa.ask.question import read_question
from nkqa.ask.read import MAX_ITEMS, MAX_WORDS, read, short_answer
from nkqa.build.document import read_document
from nkqa.build.passages import make_passages
from nkqa.types import Hit, Span


def query(question, *history):
    return read_question(question, history, max_chars=2000, vocabulary=frozenset(), is_word=lambda _: True)


def short(question, sentence, *history):
    found = short_answer(query(question, *history), sentence, Span(0, len(sentence)))
    return found and found.of(sentence)


def hit(document, fragment, score=1.0):
    passage = next(passage for passage in make_passages(document) if fragment in passage.text)
    return Hit(passage, score, 0.9, 0.9)


def shown(document, question, *hits):
    return [piece.span.of(document.text) for piece in evidence(document, question, *hits)]


def evidence(document, question, *hits):
    return read(query(question), tuple(hits), {document.id: document})


# ------------------------------------------------------------------------------------------------------ short answer


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("How many people came?", "In all 97 people came.", "97"),
        ("How many people came?", "About 1,200 people came.", "About 1,200"),
        ("How many people came?", "In sum at least about 97 people came.", "at least about 97"),
        ("How many people came?", "More than 26,000 came.", "More than 26,000"),
        ("How many people came?", "Nine people came.", "Nine"),
        ("How many wrecks are there?", "There are 310 to 450 wrecks.", "310 to 450"),
        ("What share stayed?", "Nearly 25% stayed.", "Nearly 25%"),
        ("What share stayed?", "It was 49–81% of all.", "49–81%"),
        ("How much money did they get?", "They got up to ₩450,000 a month.", "up to ₩450,000"),
        ("How much did it cost?", "It cost 52,000 crowns.", "52,000 crowns"),
        ("How long did the strike last?", "The strike of the 23 lasted for 41 days.", "41 days"),
        ("In which year was it built?", "It was built on 14 March 1871.", "1871"),
        ("In which year was it built?", "It was built in 1903.", "1903"),
        ("When was it built?", "It was built on 14 March 1871.", "14 March 1871"),
        ("When was it built?", "It was built in October 2004.", "October 2004"),
        ("Who designed the towers?", "The engineer Halvard Quist designed the towers.", "Halvard Quist"),
        ("Who signed?", "President George W. Bush signed.", "George W. Bush"),
        ("Where did they settle?", "Most of them settled in Koreatown.", "Koreatown"),
        ("Where did they settle?", "Most of them settled in Koreatown.[when?]", "Koreatown"),
        ("Who paid?", "The bill was paid by Casey Lartigue Jr.", "Casey Lartigue Jr."),
    ],
)
def test_one_candidate_is_the_answer_with_its_hedge(question, sentence, answer):
    assert short(question, sentence) == answer


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many came?", "In all 97 drowned and 14 stayed."),
        ("What share stayed?", "56% stayed and 44% left."),
        ("In which year was it built?", "Begun in 1901, it was built by 1903."),
        ("Who designed the towers?", "Halvard Quist and his daughter Ragna designed the towers; Signe Holm paid."),
        ("How many came?", "Many came."),
        ("How many came?", "In 1911 many came."),
        ("How many came?", "About 40% came."),
        ("What share came?", "97 came."),
        ("Who came?", "Nobody came."),
        ("Who was it?", "Everybody knows."),
        ("Who was the first keeper?", "The light has had a keeper since April."),
        ("Where is it?", "It opens on Tuesday."),
    ],
)
def test_several_candidates_or_none_give_no_short_answer(question, sentence):
    assert short(question, sentence) is None


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("How many of the 14 ships were lost?", "Of 14 ships 9 were lost.", "9"),
        ("Of the 56% how many percent returned?", "Of the 56% about 12% returned.", "about 12%"),
        ("Which year, if not 1903?", "Either 1903 or 1911.", "1911"),
        ("Who led Signe Holm?", "The coxswain Aksel Dahl led Signe Holm.", "Aksel Dahl"),
        ("How many of the 14 ships?", "Of 14 ships.", None),
    ],
)
def test_what_the_question_names_is_no_answer(question, sentence, answer):
    assert short(question, sentence) == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many ships were driven onto the bar?", "14"),
        ("How many people did they save?", "about 97"),
        ("How many brave men drowned?", "nine"),
        ("How many hours did it last?", "six hours"),
        ("How many horses drowned?", None),
    ],
)
def test_how_many_picks_the_number_before_what_is_counted(question, answer):
    sentence = "In six hours 14 ships were driven ashore, about 97 people were saved and nine men drowned."
    assert short(question, sentence) == answer


def test_a_number_of_another_year_is_no_short_answer():
    sentence = "In 2017 there were 31,093 of them."
    assert short("How many were there in 2017?", sentence) == "31,093"
    assert short("How many were there in 2019?", sentence) is None
    assert short("How many were there in 2019?", "There were 31,093 of them.") is None


@pytest.mark.parametrize(
    "question", ["Did 97 people come?", "Why did they come?", "Which countries?", "What is the bar?"]
)
def test_kinds_without_a_short_answer(question):
    assert short(question, "In all 97 people came to Torhaven in 1911.") is None


def test_short_answer_stays_in_its_sentence():
    text = "Nobody knows about 97 people came. In all 3 stayed."
    start = text.index("In all")
    assert short_answer(query("How many?"), text, Span(start, len(text))).of(text) == "3"
    start = text.index("97")
    assert short_answer(query("How many?"), text, Span(start, text.index("."))).of(text) == "97", (
        "no hedge from outside"
    )


def test_a_follow_up_has_the_type_of_the_question_before():
    assert short("and of the men?", "Of the men 12 came.", "How many women came?") == "12"


# ---------------------------------------------------------------------------------------------------------- evidence


def test_nothing_found_nothing_shown(harbour):
    assert read(query("What is a doubter?"), (), {harbour.id: harbour}) == ()


def test_evidence_is_the_passage_with_its_path_flags_and_short_answer(harbour):
    (piece,) = evidence(harbour, "What share of the pupils came from fishing families?", hit(harbour, "over 80%"))
    assert piece.span.of(harbour.text) == (
        "Before 1950, over 80% of the pupils came from fishing families.[failed verification]"
    )
    assert piece.path == ("Stations", "Southern stations", "Ness Point")
    assert piece.flags == ("failed verification",)
    assert piece.short.of(harbour.text) == "over 80%"
    assert (piece.doc_id, piece.lead, piece.cells) == (harbour.id, None, ())


def test_a_second_sentence_is_shown_where_it_says_nearly_as_much(harbour):
    best, near, far = (hit(harbour, part, score) for part, score in (("310 wrecks", 1), ("450", 0.97), ("388", 0.4)))
    texts = shown(harbour, "How many wrecks lie on the bar?", best, near, far)
    assert [text[:30] for text in texts] == ["According to the Pilot Office,", "The diver and historian Ingrid"]
    assert len(shown(harbour, "How many wrecks lie on the bar?", best, far)) == 1


def test_no_more_sentences_than_fit(harbour):
    hits = [hit(harbour, part, 1.0) for part in ("310 wrecks", "450", "388", "12% of the pilots", "8 minutes")]
    assert len(shown(harbour, "How many wrecks lie on the bar?", *hits)) == 2
    assert len(shown(harbour, "Why do wrecks lie on the bar?", *hits)) == 3


def test_no_more_words_than_can_be_read(article):
    parts = ["According to a 2014 paper from the Hankuk", "In July 2004, 468", "The employment status of defectors"]
    long = [hit(article, part) for part in parts]
    assert sum(len(one.passage.text.split()) for one in long) > 1.5 * MAX_WORDS
    assert 0 < len(" ".join(shown(article, "Why were they sent back?", *long)).split()) <= MAX_WORDS


def test_a_sentence_that_points_back_brings_the_one_before(harbour):
    (text,) = shown(harbour, "What did the act give to widows?", hit(harbour, "every widow"))
    assert text.startswith("In 1871, the harbour council of Torhaven passed")
    assert text.endswith("a yearly allowance.")


def test_the_short_answer_comes_from_the_sentence_itself_not_from_the_one_before(harbour):
    (piece,) = evidence(harbour, "In which year did it rise to 480 crowns?", hit(harbour, "480 crowns"))
    assert piece.span.of(harbour.text).startswith("The wage introduced in 1896")
    assert piece.short.of(harbour.text) == "1907"


def test_flags_of_the_sentence_before_are_flags_of_the_evidence(tmp_path):
    path = tmp_path / "flagged.txt"
    path.write_text("Title\n\nThe bar moves.[citation needed] It moves by 9 metres a year.\n", encoding="utf-8")
    document = read_document(path, path.name)
    (piece,) = evidence(document, "How far does it move?", hit(document, "9 metres"))
    assert piece.span.of(document.text).startswith("The bar moves")
    assert piece.flags == ("citation needed",)


def test_no_overlaps(harbour):
    pieces = evidence(harbour, "What did the act give?", hit(harbour, "every widow"), hit(harbour, "Lights Act", 0.99))
    assert len(pieces) == 1


def test_causes_and_effects_keep_the_order_of_the_text(harbour):
    later, earlier = hit(harbour, "On the night of 11", 1.0), hit(harbour, "The bay is dangerous", 0.99)
    assert shown(harbour, "Why did ships strand?", later, earlier)[0].startswith("The bay is dangerous")
    assert shown(harbour, "Who saw ships strand?", later, earlier)[0].startswith("On the night of")


def test_the_cause_beside_the_best_sentence_is_shown_too(article):
    best = hit(article, "More women leave the North", 1.0)
    beside = hit(article, "This is due to the prevalence of women in service", 0.4)
    elsewhere = hit(article, "China stopped collaborating with Japan", 0.4)
    text = " ".join(shown(article, "Why do more women leave?", best, elsewhere, beside))
    assert "service sector" in text
    assert "Japan" not in text
    assert "service sector" not in " ".join(shown(article, "Which women leave?", best, beside))


# ------------------------------------------------------------------------------------------------------------- lists


def test_the_introduction_of_a_list_is_answered_by_its_items(harbour):
    pieces = evidence(harbour, "What is in the kit of a rescue boat?", hit(harbour, "the kit of a rescue boat"))
    assert [piece.span.of(harbour.text)[:12] for piece in pieces] == [
        "2 inflatable",
        "40 to 60 the",
        "A radio with",
        "Free coffee ",
    ]
    assert {piece.lead.of(harbour.text)[-11:] for piece in pieces} == {"ue boat as:"}


def test_an_item_brings_what_introduces_it(harbour):
    (piece,) = evidence(harbour, "What is the range of the radio?", hit(harbour, "A radio with a range"))
    assert piece.lead.of(harbour.text).startswith("In 2022, the service described the kit")


def test_no_item_twice(harbour):
    item, lead = hit(harbour, "A radio with a range", 1.0), hit(harbour, "the kit of a rescue boat", 0.99)
    for hits in ((item, lead), (lead, item)):
        texts = shown(harbour, "What does a rescue boat carry?", *hits)
        assert sorted(set(texts)) == sorted(texts)
        assert len(texts) == 4


def test_the_items_of_a_list_are_answer_enough(harbour):
    hits = [hit(harbour, "the kit of a rescue boat")] + [
        hit(harbour, part, 0.99) for part in ("8 minutes", "ferry Linnea")
    ]
    assert len(shown(harbour, "What is in the kit of a rescue boat?", *hits)) == 4


def test_a_long_list_is_cut(tmp_path):
    path = tmp_path / "long.md"
    path.write_text("# T\n\nThe ships:\n\n" + "".join(f"- Ship number {n}\n" for n in range(40)), encoding="utf-8")
    document = read_document(path, path.name)
    assert len(shown(document, "Which ships?", hit(document, "The ships:"))) == MAX_ITEMS


def test_a_table_row_is_never_shown_as_a_sentence(harbour):
    assert shown(harbour, "How many steamers came?", hit(harbour, "Steam 1,105")) == []
    texts = shown(
        harbour, "How many steamers came?", hit(harbour, "Steam 1,105"), hit(harbour, "In 1958, pilots", 0.98)
    )
    assert [text[:15] for text in texts] == ["In 1958, pilots"]

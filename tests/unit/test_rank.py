"""Ranking and retrieval over real FAISS and SQLite files; a fake encoder hashes tokens, so shared words are near."""

from __future__ import annotations

import zlib
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkqa.ask.question import read_question
from nkqa.ask.rank import Features, holds_type, reward_type, score
from nkqa.ask.retrieve import retrieve
from nkqa.build.document import read_document
from nkqa.build.passages import make_passages, make_views
from nkqa.store.lexical import Lexical, write_terms
from nkqa.store.vectors import Vectors, write_vectors
from nkqa.text.terms import terms, tokens
from nkqa.types import AnswerType, Hit, Kind, Passage, PassageKind, Span

TEXT = """# Ships

## Storms

The storm of 1911 drove fourteen ships onto the bar. Nobody was lost, because the lifeboat was near.

## Lights

The red lamp of the pier was lit in 1874. The green lamp of the pier was lit in 1995. The pilot Anna Berg keeps it.

## Dues

Every ship pays a charge. It is 3 crowns. About 40% of the ships pay late.

- A radio
- A raft for 12 people
- A radio
"""


class HashEncoder:
    """Puts each word into one of 512 dimensions: equal texts are equal, texts that share words are near."""

    def encode(self, texts):
        rows = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for token in tokens(text):
                row[zlib.crc32(token.word.encode()) % 512] += 1
            row[0] += 1e-3  # a text without words is a unit vector, too
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def tier(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tier")
    (folder / "ships.md").write_text(TEXT, encoding="utf-8")
    document = read_document(folder / "ships.md", "ships.md")
    passages = make_passages(document)
    views = make_views(document, passages, 0)
    owners = np.array([view.passage for view in views], dtype=np.int32)
    write_vectors(folder, HashEncoder().encode([view.text for view in views]), owners)
    around = [terms(" ".join((document.title, *passage.path))) for passage in passages]
    write_terms(folder, [(terms(one.text), near) for one, near in zip(passages, around, strict=True)], set())
    lexical = Lexical(folder)
    yield SimpleNamespace(documents=(document,), passages=passages, vectors=Vectors(folder), lexical=lexical)
    lexical.close()


def read(question, *history):
    return read_question(question, history, max_chars=2000, vocabulary=frozenset(), is_word=lambda _: True)


@pytest.fixture(scope="module")
def find(tier):
    def find(question, *history, limit=20, as_of=None):
        query = read(question, *history)
        return retrieve(query, HashEncoder().encode([query.text])[0], tier, limit, as_of)

    return find


# --------------------------------------------------------------------------------------------------------- retrieval


def test_every_passage_is_found_first_by_its_own_words(tier, find):
    assert len(tier.passages) >= 9
    for passage in tier.passages:
        best = find(passage.text)[0]
        assert best.passage.text == passage.text
        assert best.similarity == pytest.approx(1, abs=1e-3)
        assert best.coverage == pytest.approx(1)


def test_hits_are_ordered_and_bounded(find):
    for question in ("red lamp of the pier", "ships", "storm 1911", "zebra"):
        hits = find(question)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert len({hit.passage.id for hit in hits}) == len(hits)
        assert all(-1.001 <= hit.similarity <= 1.001 and 0 <= hit.coverage <= 1 for hit in hits)
        assert find(question) == hits
        assert find(question, limit=3) == hits[:3]


def test_ties_go_to_the_earlier_passage(find):
    first, second = (hit for hit in find("radio") if hit.passage.text == "A radio")
    assert first.score == second.score
    assert first.passage.span < second.passage.span


def test_coverage_is_the_share_of_rare_words_that_is_there(find):
    by_text = {hit.passage.text: hit for hit in find("red lamp zebra")}
    red = by_text["The red lamp of the pier was lit in 1874."]
    green = by_text["The green lamp of the pier was lit in 1995."]
    assert 0 < green.coverage < red.coverage < 1
    assert by_text["It is 3 crowns."].coverage == 0


def test_words_of_the_heading_count_for_a_passage(find):
    best = find("storms: was nobody lost")[0]
    assert best.passage.text.startswith("Nobody was lost")
    assert best.coverage == pytest.approx(1)


def test_the_type_asked_for_decides_between_equals(find):
    assert "3 crowns" in find("How much money does it cost, the dues?")[0].passage.text
    assert "40%" in find("What percentage of the dues?")[0].passage.text
    assert "because" in find("Why was it, the storms?")[0].passage.text


def test_words_of_the_question_before_count_half(find):
    first = "The red lamp of the pier?"
    follow = {hit.passage.text[:8]: hit for hit in find("and the green?", first)}
    green, red = follow["The gree"], follow["The red "]
    assert green.coverage > red.coverage > 0
    assert find("and the green?", first)[0].passage.text == green.passage.text


def test_as_of_leaves_out_what_names_only_later_years(find):
    for as_of, named in ((1873, []), (1874, ["1874"]), (1911, ["1874", "1911"]), (None, ["1874", "1911", "1995"])):
        text = " ".join(hit.passage.text for hit in find("lamp storm pier 1911 1874 1995", as_of=as_of))
        assert [year for year in ("1874", "1911", "1995") if year in text] == named
        assert "Anna Berg" in text, "a passage without a year stays"


@pytest.mark.parametrize(
    "question",
    ['" OR NEAR(', "*", "{}", "a* b^2", "own:lamp", "NOT lamp", "'; DROP TABLE passages; --", "%", "((((", "탈북자"],
)
def test_no_query_language_reaches_the_term_index(find, question):
    assert len(find(question)) == len(find("zebra"))
    assert find("red lamp")[0].passage.text.startswith("The red lamp")


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30))
def test_any_terms_can_be_searched(tier, text):
    found = tier.lexical.search(tuple(terms(text)) or (text,), 5)
    assert all(0 <= number < len(tier.passages) for number in found)


# ----------------------------------------------------------------------------------------------------------- scoring

cosines = st.floats(-1, 1)
shares = st.floats(0, 1)


@given(cosines, cosines, st.none() | cosines, shares, shares, st.integers(0, 4), st.floats(0.01, 0.5))
def test_score_grows_with_every_feature(alone, headed, window, lexical, coverage, which, more):
    values = [alone, headed, *([] if window is None else [window]), lexical, coverage]
    better = [value + more * (place == which % len(values)) for place, value in enumerate(values)]
    low, high = (Features(tuple(found[:-2]), found[-2], found[-1]) for found in (values, better))
    assert score(low) < score(high)


def test_a_passage_without_neighbours_is_not_put_at_a_disadvantage():
    assert score(Features((0.5, 0.5), 0.2, 0.3)) == pytest.approx(score(Features((0.5, 0.5, 0.5), 0.2, 0.3)))


def passage(text, kind=PassageKind.SENTENCE):
    span = Span(0, len(text))
    return Passage(f"{zlib.crc32(text.encode())}", "d", kind, (), span, span, None, (), text)


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("How many rafts?", "There are 2 rafts.", "There are rafts."),
        ("How many rafts?", "There are two rafts.", "In 1995 there were rafts."),
        ("What percentage pay late?", "About 40% pay late.", "About 40 pay late."),
        ("How much money?", "It costs 3 crowns.", "It costs 3 hours."),
        ("How long did it last?", "It lasted six hours.", "It lasted."),
        ("In what year?", "It was built in 1903.", "It was built of 1,903 stones."),
        ("When was it?", "It was on 2 May 1902.", "It was early."),
        ("Who was it?", "The pilot was Anna Berg.", "The pilot was unknown."),
        ("Why did it sink?", "It sank because of the storm.", "It sank in the storm."),
    ],
)
def test_type_asked_for(question, holds, lacks):
    query = read(question)
    assert holds_type(passage(holds), query)
    assert not holds_type(passage(lacks), query)


def test_an_unknown_type_is_never_missing():
    query = read("What is a doubter?")
    assert query.answer_type is AnswerType.ANY
    assert holds_type(passage("A ship that waits."), query)


def test_a_table_row_holds_numbers_and_nothing_else():
    row = passage("Steam 1,105 1,930", PassageKind.TABLE_ROW)
    assert holds_type(row, read("How many steamers?"))
    assert not holds_type(row, read("When did steamers come?"))


def test_reward_lifts_the_type_over_a_small_lead_only():
    query = read("How many rafts?")
    assert query.kind is Kind.FACTOID
    plain, number = passage("There are rafts."), passage("There are 2 rafts.")
    near = reward_type([Hit(plain, 0.50, 0, 0), Hit(number, 0.45, 0, 0)], query)
    far = reward_type([Hit(plain, 0.90, 0, 0), Hit(number, 0.45, 0, 0)], query)
    assert [hit.passage for hit in near] == [number, plain]
    assert [hit.passage for hit in far] == [plain, number]
    assert reward_type([], query) == []

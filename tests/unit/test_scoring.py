"""The scoring rules: boundaries of words and numbers, limits, proofs; and the same verdicts as the shared scorer."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nkqa import scoring
from nkqa.scoring import CitedText, GoldCell, Prediction, Question, Verdict

ROOT = Path(__file__).parents[2]
SHARED_SCORER = ROOT.parent / "shared" / "eval" / "score.py"
EVALUATION = ROOT / "tests" / "evaluation"

EVIDENCE = "A landslide in February 1926 destroyed the keepers' garden and killed a cow named Bettina."
ROW = "Steam 1,105 1,930 688 742 803 861 977 1,043 1,128 1,217 1,302 1,396 13,192"


def question(**fields: Any) -> Question:
    plain = Question(
        id="q1",
        type="factoid",
        text="When was the landslide?",
        history=(),
        answerable=True,
        answers=("February 1926",),
        parts=(),
        min_parts=0,
        evidence=(EVIDENCE,),
        cells=(),
        computed=False,
        flagged=False,
    )
    return dataclasses.replace(plain, **fields)


def prediction(answer: str = "In February 1926 [1].", *cited: str, **fields: Any) -> Prediction:
    citations = tuple(CitedText(text) for text in cited or (EVIDENCE,))
    return dataclasses.replace(Prediction("q1", answer, None, citations, False, 1.0), **fields)


# ------------------------------------------------------------------------------------------------ comparing text


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Five per cent, on May 5th, 2006 [2]", "5%, on 5 may 2006"),
        ("1,217 vessels", "1217 vessels"),
        ("twenty-three of ninety", "23 of 90"),
        ("$50 to $500", "$50-500"),
        ("between 3 and 5 km", "3-5 km"),
        ("2 thousand", "2000"),
        ("1.5 million crowns", "1500000 crowns"),
        ("Hà Tĩnh", "ha tinh"),
        ("‘Lamp’ — “light”", "'lamp' - \"light\""),
        ("7 of June 1950", "7 june 1950"),
        (None, ""),
    ],
)
def test_normalise_gives_one_form(text: str | None, normal: str) -> None:
    assert scoring.normalise(text) == normal


@pytest.mark.parametrize("hay", ["850 ships", "1,085 ships", "85.2 metres", "3.85 crowns", "x85"])
def test_a_number_is_not_found_inside_another(hay: str) -> None:
    assert not scoring.states(scoring.normalise(hay), "85")


@pytest.mark.parametrize("hay", ["85 ships", "85% of them", "about 85.", "80-85", "(85)"])
def test_a_number_is_found_at_its_borders(hay: str) -> None:
    assert scoring.states(scoring.normalise(hay), "85")


def test_a_word_is_found_in_its_plural_but_not_inside_another_word() -> None:
    assert scoring.states("two lamps burn", "the lamp")
    assert not scoring.states("a lampost", "lamp")
    assert not scoring.states("anything", "")


def test_hangul_is_found_whatever_stands_around_it() -> None:
    assert scoring.states(scoring.normalise("(등대, lamp stand)"), "등대")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes, it did.", "yes"),
        ("no", "no"),
        ("Not at all", "no"),
        ("Nobody knows", None),
        ("It did.", None),
        (None, None),
    ],
)
def test_polarity(text: str | None, expected: str | None) -> None:
    assert scoring.polarity(text) == expected


# ------------------------------------------------------------------------------------------------ the answer


def test_an_answer_at_the_word_limit_counts_and_one_word_more_does_not() -> None:
    padded = "February 1926 " + "word " * 118
    assert scoring.is_correct(question(), prediction(padded))
    assert not scoring.is_correct(question(), prediction(padded + "word"))
    assert scoring.is_correct(question(type="list"), prediction(padded + "word"))


def test_a_copied_row_is_no_answer_to_a_table_question() -> None:
    row = " ".join(str(number) for number in range(100, 116)) + " 1,217"
    assert scoring.is_correct(question(answers=("1,217",)), prediction(row))
    assert not scoring.is_correct(question(answers=("1,217",), computed=True), prediction(row))
    shorter = row.replace("100 ", "")
    assert scoring.is_correct(question(answers=("1,217",), computed=True), prediction(shorter))


def test_years_do_not_make_a_dump() -> None:
    assert not scoring.is_number_dump(" ".join(str(year) for year in range(1980, 2030)))
    assert scoring.is_number_dump(" ".join(str(year) for year in range(1940, 1960)))


def test_min_parts_of_the_parts_are_enough() -> None:
    asked = question(type="conflict", parts=(("310",), ("450",), ("388",)), min_parts=2)
    assert scoring.is_correct(asked, prediction("310 or around 450"))
    assert not scoring.is_correct(asked, prediction("310"))


def test_yes_and_no_must_not_disagree() -> None:
    asked = question(type="yes_no", answers=("No",))
    assert scoring.is_correct(asked, prediction("No: it was not."))
    assert scoring.is_correct(asked, prediction("The text denies it.", short="no"))
    assert not scoring.is_correct(asked, prediction("Yes.", short="no"))
    assert not scoring.is_correct(asked, prediction("It was not."))


def test_a_short_answer_is_judged_alone_and_only_where_there_can_be_one() -> None:
    assert scoring.is_exact(question(), prediction(short="February 1926"))
    assert scoring.is_exact(question(), prediction(short=None)) is False
    assert scoring.is_exact(question(), prediction(short="February 1926 " + "word " * 11)) is False
    assert scoring.is_exact(question(type="why_how"), prediction(short="February 1926")) is None


# ------------------------------------------------------------------------------------------------ the proof


def test_a_citation_may_hold_the_evidence_lie_in_it_or_share_most_of_it() -> None:
    assert scoring.overlaps(f"Before. {EVIDENCE} After.", EVIDENCE)
    assert scoring.overlaps("destroyed the keepers' garden and", EVIDENCE)
    assert not scoring.overlaps("a cow named Bettina", EVIDENCE)
    assert scoring.overlaps("In February 1926 a landslide destroyed a garden and killed a cow, Bettina.", EVIDENCE)
    assert not scoring.overlaps("In February 1926 it snowed.", EVIDENCE)


def test_a_citation_of_the_whole_article_proves_nothing() -> None:
    padded = EVIDENCE + " word" * 600
    assert len(padded) > scoring.MAX_CITATION_CHARS
    assert not scoring.proves(question(), padded)


def test_a_cell_is_named_by_its_labels_and_its_value() -> None:
    asked = question(evidence=(ROW,), cells=(GoldCell("1958", "Steam", "1,217"),))
    assert scoring.proves(asked, "1,217 (Steam | 1958 | 1,217)")
    assert not scoring.proves(asked, "1,217 (Total | 1955 | 1,217)")
    assert not scoring.proves(asked, "1,302 (Steam | 1958 | 1,302)")


def test_a_cell_with_labels_of_several_words_needs_them_all() -> None:
    cell = GoldCell("Range (nmi)", "Gannet Rock", "7")
    assert scoring.names_cell("7 (Gannet Rock | Range (nmi) | 7)", cell)
    assert not scoring.names_cell("7 (Gannet Island | Range (nmi) | 7)", cell)
    assert not scoring.names_cell("31 (Gannet Rock | Range (nmi) | 31)", cell)


def test_only_the_first_twelve_citations_count() -> None:
    other = ("Something else altogether.",)
    assert scoring.is_cited(question(), prediction("x", *other * 11, EVIDENCE))
    assert not scoring.is_cited(question(), prediction("x", *other * 12, EVIDENCE))


def test_coverage_counts_evidence_not_citations() -> None:
    asked = question(evidence=(EVIDENCE, ROW))
    assert scoring.evidence_coverage(asked, prediction("x", EVIDENCE, EVIDENCE)) == 0.5
    assert scoring.evidence_coverage(asked, prediction("x", EVIDENCE, ROW)) == 1.0


def test_a_flag_shows_in_the_answer_or_with_the_citation() -> None:
    flagged = question(flagged=True)
    assert scoring.shows_flag(question(), prediction()) is None
    assert scoring.shows_flag(flagged, prediction()) is False
    assert scoring.shows_flag(flagged, prediction("x (citation needed)"))
    assert scoring.shows_flag(flagged, prediction(citations=(CitedText("x", ("failed verification",)),)))


# ------------------------------------------------------------------------------------------------ over many questions


def verdict(answerable: bool, abstained: bool) -> Verdict:
    return scoring.judge(question(answerable=answerable), prediction(abstained=abstained))


def test_refusals_are_measured_both_ways() -> None:
    verdicts = [verdict(True, True), verdict(True, False), verdict(False, True), verdict(False, False)]
    assert scoring.abstention_precision(verdicts) == 0.5
    assert scoring.abstention_recall(verdicts) == 0.5
    assert scoring.false_abstention(verdicts) == 0.5
    assert scoring.accuracy(verdicts) == 0.5
    assert scoring.cited_correct(verdicts) == 0.5


def test_what_does_not_apply_is_none_and_not_zero() -> None:
    unanswerable = [verdict(False, True)]
    assert scoring.accuracy(unanswerable) is None
    assert scoring.false_abstention(unanswerable) is None
    assert scoring.citation_precision(unanswerable) is None
    assert scoring.exactness(unanswerable) is None
    assert scoring.abstention_precision([verdict(True, False)]) is None
    assert scoring.abstention_recall([verdict(True, True)]) is None
    assert scoring.recall_at([], 5) is None
    assert scoring.mean_reciprocal_rank([]) is None
    assert scoring.median([]) is None
    assert scoring.percentile_95([]) is None


def test_ranks() -> None:
    assert scoring.first_rank(question(), ["Nothing.", EVIDENCE, EVIDENCE]) == 2
    assert scoring.first_rank(question(), ["Nothing."]) is None
    ranks = [1, 2, None, 10]
    assert [scoring.recall_at(ranks, depth) for depth in (1, 3, 5, 10)] == [0.25, 0.5, 0.5, 0.75]
    assert scoring.mean_reciprocal_rank(ranks) == pytest.approx((1 + 0.5 + 0.1) / 4)


def test_percentile() -> None:
    assert scoring.percentile_95(list(range(1, 101))) == 95
    assert scoring.percentile_95([3.0, 1.0]) == 3.0
    assert scoring.median([1.0, 2.0, 10.0]) == 2.0


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_text_makes_the_rules_fail(needle: str, hay: str) -> None:
    normal = scoring.normalise(hay)
    assert scoring.overlaps(hay, hay) == (0 < len(scoring._plain(hay)) <= scoring.MAX_CITATION_CHARS)
    scoring.states(normal, needle)
    scoring.names_cell(hay, GoldCell(needle, needle, needle))
    scoring.is_number_dump(hay)


# ------------------------------------------------------------------------------------------------ the shared scorer


@pytest.fixture(scope="module")
def shared() -> ModuleType:
    if not SHARED_SCORER.is_file():
        pytest.skip(f"NOT COMPARED with the shared scorer: there is no {SHARED_SCORER}")
    spec = importlib.util.spec_from_file_location("shared_scorer", SHARED_SCORER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Gold = dict[str, Any]


def gold_questions() -> list[Gold]:
    return [json.loads(line) for line in (EVALUATION / "dev.jsonl").read_text(encoding="utf-8").splitlines() if line]


def from_gold(gold: Gold) -> Question:
    parts = gold.get("answer_parts") or []
    return question(
        id=gold["id"],
        type=gold["type"],
        text=gold["question"],
        answerable=gold["answerable"],
        answers=tuple(gold["answers"]),
        parts=tuple(tuple(part) for part in parts),
        min_parts=gold.get("min_parts") or len(parts),
        evidence=tuple(gold["evidence"]),
        cells=tuple(GoldCell(*cell) for cell in gold.get("cells") or []),
        computed=bool(gold.get("calc")),
        flagged=(gold.get("notes") or "").startswith("flag"),
    )


def as_shared(said: Prediction) -> dict[str, Any]:
    fields = dataclasses.asdict(said)
    return {"id": fields.pop("question_id"), **fields}


def assert_same_verdict(shared: ModuleType, gold: Gold, said: Prediction) -> None:
    said = dataclasses.replace(said, question_id=gold["id"])
    theirs = shared.score([gold], {gold["id"]: as_shared(said)})[0]
    ours = scoring.judge(from_gold(gold), said)
    expected = {
        "correct": theirs.get("correct"),
        "cited": theirs.get("recall"),
        "coverage": theirs.get("cover"),
        "cited_correct": theirs["cited_correct"],
        "exact": theirs.get("exact"),
        "flag_shown": theirs.get("flag"),
        "citations": theirs.get("ncit", 0),
        "good_citations": theirs.get("goodcit", 0),
    }
    assert {name: getattr(ours, name) for name in expected} == expected, (gold["id"], said)


def gold_case(**fields: Any) -> Gold:
    return {
        "id": "g",
        "type": "factoid",
        "question": "?",
        "answers": ["85"],
        "evidence": [EVIDENCE],
        "answerable": True,
    } | fields


MALE_ROW = "Male 831 565 510 474 626 424 515 573 608 662 591 795 404 369 305 251 299 188 168 202 72 40 35 32 9,533"
# An accepted answer, and what a system might say instead of it.
WORDINGS = {
    "85": ("850", "85.2", "1,085", "85", "85%", "85,000", "85th", "eighty-five", "x85", "85x"),
    "$50-500": ("$50 to $500", "from $50 – $500", "between $50 and $500", "50", "$50 to 5000"),
    "49–81%": ("49% to 81%", "between 49% and 81%", "49-81 per cent", "49", "149–81%"),
    "5 May 2006": ("May 5, 2006", "May 5th 2006", "5th of May, 2006", "15 May 2006", "May 2006"),
    "the Lamp.": ("lamps", "a lamp's light", "lampoon", "Lamp"),
}
CELLS_515 = ("515 (Male | 2006 | 515)", "515 men 2006", "515 (Female | 2006 | 515)", "1,515 Male 2006")
CELLS_TOTAL = ("831 Male ~1998", "34021 total", "34,021 Total", "34 021 total")
SPANS = (EVIDENCE * 40, EVIDENCE.upper(), EVIDENCE.replace("'", "’"), EVIDENCE[12:41], EVIDENCE[12:42], "", " ")


def tricky_answers() -> Iterator[tuple[Gold, Prediction]]:
    for accepted, texts in WORDINGS.items():
        yield from ((gold_case(answers=[accepted]), prediction(text)) for text in texts)
    for text, short in product(("No.", "Yes.", "It is not.", ""), (None, "no", "yes", "perhaps")):
        yield gold_case(type="yes_no", answers=["No"]), prediction(text, short=short)
    for kind, count in product(("factoid", "list"), (119, 120, 249, 250)):
        yield gold_case(type=kind), prediction("85 " + "word " * count)
    for count in (15, 16, 17, 30):
        yield gold_case(calc="x", answers=["515"]), prediction(" ".join(map(str, range(500, 500 + count))))
    yield gold_case(type="conflict", answer_parts=[["310"], ["450", "four"]], min_parts=1), prediction("310")
    yield gold_case(type="conflict", answer_parts=[["310"], ["450", "four"]]), prediction("310, four", short="310")
    yield gold_case(), prediction("85", short="85 " + "word " * 12)
    yield gold_case(), prediction("85", abstained=True)


def tricky_citations() -> Iterator[tuple[Gold, Prediction]]:
    for text in (*CELLS_515, MALE_ROW, MALE_ROW[:29], MALE_ROW[:40]):
        yield gold_case(cells=[["2006", "male", "515"]], evidence=[MALE_ROW]), prediction("85", text)
    for text in CELLS_TOTAL:
        cells = [["~1998", "male", "831"], ["Total", "total", "34,021"]]
        yield gold_case(cells=cells, answers=["831"]), prediction("831", text)
    yield from ((gold_case(), prediction("85", text)) for text in SPANS)
    yield gold_case(), prediction("85", *["nothing"] * 12, EVIDENCE)
    flagged = gold_case(notes="flag: [citation needed]")
    yield flagged, prediction("85", citations=(CitedText("x", ("citation needed",)),))
    yield flagged, prediction("85, UNVERIFIED")
    yield flagged, prediction("85", abstained=True)
    for abstained in (True, False):
        yield gold_case(answerable=False, answers=[], evidence=[]), prediction("85", abstained=abstained)


TRICKY = (*tricky_answers(), *tricky_citations())


@pytest.mark.parametrize("case", range(len(TRICKY)))
def test_tricky_predictions_get_the_verdict_of_the_shared_scorer(shared: ModuleType, case: int) -> None:
    assert_same_verdict(shared, *TRICKY[case])


def predictions_for(place: int, golds: list[Gold]) -> list[Prediction]:
    """Make predictions of all kinds for a gold question from its own and its neighbours' gold."""
    made = []
    for other in (golds[place], golds[place - 1], golds[(place * 7 + 3) % len(golds)]):
        evidence = other["evidence"] or ["Nothing is said about this."]
        accepted = (other["answers"] or [""])[0]
        cells = [f"{value} ({row} | {column} | {value})" for column, row, value in other.get("cells") or []]
        made += [
            prediction(evidence[0], *evidence),
            prediction(f"{accepted} [1]", *evidence, *cells, short=accepted),
            prediction(f"Yes. {accepted}", evidence[-1][: len(evidence[-1]) // 2], short="no"),
            prediction(" ".join(evidence).upper(), *cells, evidence[0][-50:], short=accepted.split(",")[0]),
            prediction(accepted, abstained=True),
        ]
    return made


def test_predictions_made_from_the_gold_get_the_verdict_of_the_shared_scorer(shared: ModuleType) -> None:
    golds = gold_questions()
    correct = 0
    for place, gold in enumerate(golds):
        for said in predictions_for(place, golds):
            assert_same_verdict(shared, gold, said)
            correct += scoring.judge(from_gold(gold), dataclasses.replace(said, question_id=gold["id"])).cited_correct
    assert 200 < correct < 12 * len(golds)  # the comparison saw both right and wrong predictions


def test_the_figures_over_many_questions_are_those_of_the_shared_scorer(shared: ModuleType) -> None:
    golds = gold_questions()
    said = [
        dataclasses.replace(predictions_for(place, golds)[place % 15], question_id=gold["id"], latency_ms=float(place))
        for place, gold in enumerate(golds)
    ]
    theirs = shared.summary(shared.score(golds, {one.question_id: as_shared(one) for one in said}))
    verdicts = [scoring.judge(from_gold(gold), one) for gold, one in zip(golds, said, strict=True)]
    times = [one.latency_ms for one in said]
    ours = {
        "accuracy": scoring.accuracy(verdicts),
        "citation_recall": scoring.citation_recall(verdicts),
        "evidence_coverage": scoring.coverage(verdicts),
        "citation_precision": scoring.citation_precision(verdicts),
        "exactness": scoring.exactness(verdicts),
        "flag_shown": scoring.flags_shown(verdicts),
        "abstention_precision": scoring.abstention_precision(verdicts),
        "abstention_recall": scoring.abstention_recall(verdicts),
        "false_abstention": scoring.false_abstention(verdicts),
        "cited_correct": scoring.cited_correct(verdicts),
        "latency_p50_ms": scoring.median(times),
        "latency_p95_ms": scoring.percentile_95(times),
    }
    assert ours == pytest.approx({name: theirs[name] for name in ours})


PIECES = """five twenty-one nineteen seventy zero 1,234 1,2345 85 .5 3-5 100% % percent per cent May 5th , 2006 of to
between and million thousand $ ₩ US$ [2] [3, 4] - – * ' ’ é the a . ½ ² ﬁ １２ 탈북"""
FRAGMENTS = st.sampled_from([*re.split(r"\s", PIECES), " ", "  "])


@settings(deadline=None)
@given(st.lists(FRAGMENTS, max_size=12).map("".join), st.text(max_size=20))
def test_any_text_is_normalised_as_in_the_shared_scorer(shared: ModuleType, numbers: str, text: str) -> None:
    for one in (numbers, text):
        assert scoring.normalise(one) == shared.norm(one)
        assert scoring._plain(one) == shared.cnorm(one)
        assert scoring.is_number_dump(one) == shared.number_dump(one)
    assert scoring.states(shared.norm(text), numbers) == shared.has(numbers, shared.norm(text))

"""Sentence spans and maintenance flags."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nkqa.text.sentences import find_flags, split_sentences
from nkqa.types import Span


def whole(text):
    return Span(0, len(text))


def sentences(text):
    return [sentence.span.of(text) for sentence in split_sentences(text, whole(text))]


@pytest.mark.parametrize(
    "text",
    [
        "The light is green.|It does not flash.",
        "Dr. Vollertsen met Mrs. Kim at 5 p.m. on Friday.|He left.",
        "President George W. Bush signed it.|Then he left.",
        "The U.S. accepted refugees.|The U.N. Council did not.",
        "Casey Lartigue Jr. gave a talk.|Lee did too.",
        "It costs approx. 3.5 crowns, i.e. little.|No more.",
        "Is it green?|Yes!|It is.",
        'He said "It is green."|Nobody answered.',
        "It was (so he said.)|Nobody answered.",
        "See fig. 3, vol. 2, no. 4 and ch. 5.|It is there.",
        "See p. 12 or c. 1950 there.|It is there.",
        "It was on 5 Jan. 2006 in St. Olav.|So it was.",
        "The mark 𐍈 is old.|It is called hwair.",
        "북한 사람이다.|등대이다.",
        "One sentence without a stop",
        'half were repatriated [...] if applicable".|It was so.',
        "It spans\ntwo lines.|And another\r\nthree.",
    ],
)
def test_sentence_ends(text):
    joined = text.replace("|", " ")
    assert sentences(joined) == text.split("|")


def test_flag_belongs_to_the_sentence_before_it():
    text = "It is green.[citation needed] It is red. It is blue.[failed verification][when?] End."
    found = split_sentences(text, whole(text))
    assert [(sentence.span.of(text), [flag.label for flag in sentence.flags]) for sentence in found] == [
        ("It is green.[citation needed]", ["citation needed"]),
        ("It is red.", []),
        ("It is blue.[failed verification][when?]", ["failed verification", "when?"]),
        ("End.", []),
    ]
    assert [flag.span.of(text) for sentence in found for flag in sentence.flags] == [
        "[citation needed]",
        "[failed verification]",
        "[when?]",
    ]


def test_flag_inside_a_sentence_does_not_cut_it():
    text = "It is green [citation needed] and does not flash[dubious – discuss]. It is small."
    found = split_sentences(text, whole(text))
    assert [len(sentence.flags) for sentence in found] == [2, 0]
    assert found[0].span.of(text).endswith("discuss].")


def test_flag_at_the_very_beginning_is_kept():
    text = "[citation needed] It is green. It is red."
    found = split_sentences(text, whole(text))
    assert [[flag.label for flag in sentence.flags] for sentence in found] == [["citation needed"], []]


@pytest.mark.parametrize(
    "label",
    "citation needed|Citation Needed|failed verification|when?|who?|by whom?|clarification needed|better source needed"
    "|dubious – discuss|original research?|unreliable source?|neutrality is disputed|outdated|dead link"
    "|needs update?|verify".split("|"),
)
def test_flags(label):
    text = f"It is green.[{label}] It is red."
    (flag,) = find_flags(text, whole(text))
    assert (flag.label, flag.span.of(text)) == (label.lower(), f"[{label}]")


@pytest.mark.parametrize("label", ["...", "ko", "sic", "3", "a", "note 2", "the North", "x" * 90 + " needed"])
def test_other_brackets_are_no_flags(label):
    text = f"It is green [{label}] and red."
    assert find_flags(text, whole(text)) == ()


def test_reference_marks_neither_cut_nor_join():
    text = "It is green.[1][23] It is red.[a] It is blue.[note 4]"
    assert sentences(text) == ["It is green.", "It is red.", "It is blue."]


def test_only_the_span_is_read():
    text = "One. Two.[when?] Three. Four."
    span = Span(text.index("Two"), text.index(" Four"))
    assert [sentence.span.of(text) for sentence in split_sentences(text, span)] == ["Two.[when?]", "Three."]


WRITTEN = (
    'The light| is| green|.|!|?| |\n|\r\n|[citation needed]|[1]|[...]|"|)|U.S.|등대|𐍈| Dr.|\u00a0|…|1.5|[when?]|\u2028'
)
PIECES = st.sampled_from(WRITTEN.split("|"))


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)), st.data())
def test_sentences_cover_the_span_in_order(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = split_sentences(text, Span(start, end))
    spans = [sentence.span for sentence in found]
    assert all(start <= span.start < span.end <= end for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    for sentence in found:
        assert all(sentence.span.contains(flag.span) for flag in sentence.flags)
        assert all(flag.span.of(text)[0] + flag.span.of(text)[-1] == "[]" for flag in sentence.flags)
    # Between sentences stand only white space and reference marks; a span of nothing but tags has no sentence.
    gaps = [Span(a, b) for a, b in zip([start, *(s.end for s in spans)], [*(s.start for s in spans), end], strict=True)]
    lost = "".join(re.sub(r"\[(?:\d+|[a-z]|note \d+)\]", "", gap.of(text)) for gap in gaps)
    if found:
        assert lost.strip() == ""
        assert [flag for sentence in found for flag in sentence.flags] == list(find_flags(text, Span(start, end)))


@pytest.mark.parametrize("piece", ["[", "[a ", "[ needed", "]", ". ", "? ", "(" * 3])
def test_long_run_takes_no_time(piece):
    text = piece * (20_000 // len(piece))
    started = time.perf_counter()
    split_sentences(text, whole(text))
    assert time.perf_counter() - started < 5

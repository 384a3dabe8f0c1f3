"""Receipts: what is proved again from the corpus alone, and what is said where it no longer holds."""

from __future__ import annotations

import copy
import json
from fractions import Fraction

import pytest

from nkqa.build.document import read_document
from nkqa.receipts import ReceiptError, evaluate, make_receipt, read_receipt, verify_receipt

TEXT = "Boats\n\nThere were 26 boats in 2002. All of them were sold.\n\nLarge 20 and small 6 made 26.\n"


def cite(number, text, part, cells=()):
    start = text.index(part)
    return {
        "number": number,
        "type": "char_location",
        "cited_text": part,
        "document_id": "",
        "document_index": 0,
        "document_title": "Boats",
        "start_char_index": start,
        "end_char_index": start + len(part),
        "section": [],
        "flags": [],
        "cells": [
            {"row": row, "column": "Boats", "value": value, "start": text.index(value, start), "end": 0}
            for row, value in cells
        ],
    }


@pytest.fixture
def corpus(tmp_path):
    """Write the text of the only document, give it as read."""

    def write(text):
        path = tmp_path / "boats.txt"
        path.write_text(text, encoding="utf-8")
        return (read_document(path, "boats.txt"),)

    return write


@pytest.fixture
def receipt(corpus):
    documents = corpus(TEXT)
    row = cite(2, TEXT, "Large 20 and small 6 made 26.", [("Large", "20"), ("Small", "6 made")])
    row["cells"][1]["value"] = "6"
    for cell in row["cells"]:
        cell["end"] = cell["start"] + len(cell["value"])
    answer = {
        "id": "a" * 16,
        "status": "answered",
        "text": "There were 26 boats in 2002. [1] Together 26. [2]",
        "generation": "0" * 12,
        "citations": [cite(1, TEXT, "There were 26 boats in 2002."), row],
        "closest": [],
        "computation": {
            "operation": "sum",
            "formula": "20 + 6 = 26",
            "operands": [
                {"label": "Large", "value": "20", "citation": 2},
                {"label": "Small", "value": "6", "citation": 2},
            ],
            "result": "26",
            "caveats": [],
        },
    }
    for citation in answer["citations"]:
        citation["document_id"] = documents[0].id
    return make_receipt(answer, documents)


def failures(receipt, documents):
    return [f"{check.what}: {check.detail}" for check in verify_receipt(receipt, documents) if not check.passed]


def test_receipt_names_hash_generation_version_and_lines(receipt, corpus):
    (document,) = corpus(TEXT)
    assert receipt["documents"] == [
        {"id": document.id, "name": "boats.txt", "title": document.title, "sha256": document.sha256}
    ]
    assert (receipt["generation"], receipt["receipt"], receipt["lines"]) == ("0" * 12, 1, [3, 5])
    assert json.loads(json.dumps(receipt)) == receipt


def test_unchanged_corpus_proves_everything(receipt, corpus):
    checks = verify_receipt(receipt, corpus(TEXT))
    assert [check for check in checks if not check.passed] == []
    shown = [check.what for check in checks]
    assert shown == [
        "citation [1]", "citation [2]", "citation [2], cell Large / Boats", "citation [2], cell Small / Boats",
        "document boats.txt", "marks in the text", "operand Large", "operand Small", "formula",
    ]  # fmt: skip


def test_changed_line_is_named_with_what_it_says_now(receipt, corpus):
    (failure,) = failures(receipt, corpus(TEXT.replace("There were 26 boats", "There were 27 boats")))
    assert failure.startswith("citation [1]: ")
    assert "line 3 has changed (line 3 when it was cited, now “There were 27 boats in 2002." in failure


def test_moved_text_is_found_again_but_no_longer_proved(receipt, corpus):
    found = failures(receipt, corpus("A new line.\n\n" + TEXT))
    assert "citation [1]: boats.txt, characters 7–35: the text has moved to characters 20–48, line 5" in found


def test_other_changes_of_the_file_do_not_break_what_is_cited(receipt, corpus):
    changed = corpus(TEXT + "\nOne more line.\n")
    assert failures(receipt, changed) == []
    assert any("the file has changed since" in check.detail for check in verify_receipt(receipt, changed))


def test_removed_text_and_removed_document(receipt, corpus):
    found = failures(receipt, corpus("Boats\n\nNothing of it is left here.\n"))
    assert any("the cited text is gone" in failure for failure in found)
    assert "is not in the corpus" in failures(receipt, ())[0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda answer: answer["citations"][0].update(cited_text="There were 99 boats in 2002."), "citation [1]"),
        (lambda answer: answer["citations"][0].update(end_char_index=40), "citation [1]"),
        (lambda answer: answer["citations"][1]["cells"][0].update(value="21"), "cell Large"),
        (lambda answer: answer["citations"][1]["cells"][0].update(start=18, end=20, value="26"), "cell Large"),
        (lambda answer: answer.update(text="There were 26 boats. [3]"), "marks"),
        (lambda answer: answer.update(text="There were 26 boats."), "marks"),
        (lambda answer: answer["computation"].update(formula="20 + 6 = 27"), "the result is 26"),
        (lambda answer: answer["computation"].update(formula="20 + 7 = 27"), "7 is not among the operands"),
        (lambda answer: answer["computation"]["operands"][0].update(value="99"), "operand Large"),
        (lambda answer: answer["computation"].update(formula="20 ÷ 0 = 1"), "divides by zero"),
    ],
)
def test_tampering_is_noticed(receipt, corpus, change, expected):
    forged = copy.deepcopy(receipt)
    change(forged["answer"])
    assert any(expected in failure for failure in failures(forged, corpus(TEXT)))


def test_bare_answer_is_checked_too(receipt, corpus, tmp_path):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(receipt["answer"]), encoding="utf-8")
    assert failures(read_receipt(path), corpus(TEXT)) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "3",
        "{}",
        '{"answer": 3}',
        '{"answer": {"citations": [{}]}}',
        '{"answer": {"citations": [], "computation": {"operands": [3]}}}',
        "nonsense",
        "[" * 100_000,
    ],
)
def test_what_is_no_receipt_is_refused(tmp_path, content):
    path = tmp_path / "receipt.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReceiptError, match="receipt"):
        read_receipt(path)


@pytest.mark.parametrize("formula", ["632 ÷ 1,142 = 55.3%", "(1,911 − 632) ÷ 632 = 202.4%", "9,533 + 24,448 = 33,981"])
def test_formulas_as_nkqa_writes_them_hold(formula):
    left, _, right = formula.partition("=")
    value = evaluate(left) * (100 if "%" in right else 1)
    assert abs(value - Fraction(right.strip(" %").replace(",", ""))) < Fraction(1, 10)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 × 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 ÷ 4 ÷ 2", 1),
        ("10 − 2 − 3", 5),
        ("-4 + 6", 2),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("2 (3)", None),
        ("(1 + 2", None),
        ("1 +", None),
        ("__import__('os')", None),
        ("max of 24 entries", None),
        ("", None),
        ("(" * 10_000, None),
    ],
)
def test_arithmetic_is_read_without_running_anything(text, value):
    assert evaluate(text) == value

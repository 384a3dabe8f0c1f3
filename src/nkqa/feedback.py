"""Verdicts of readers, made into questions for `nkqa evaluate`.

An answer that somebody found right becomes a question of a regression test: the same question has to get the same
answer from the same places. One that somebody found wrong becomes a candidate: what is known of it, for a person to
fill in. Questions are checked with the rules of scoring before they are given out: what would not score as correct on
the index that answered (an answer that is longer than the rules allow) is a candidate, too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nkqa import scoring
from nkqa.questions import question_of
from nkqa.scoring import CitedText, Prediction

Json = dict[str, Any]

TO_DO = "Write answerable, answers and evidence (sentences of the corpus, to the letter); then remove candidate."
UNSCORABLE = "The rules of scoring do not accept this answer: it is too long, or has too many numbers."
# Kinds of answers by the type of question whose rules fit them; several parts make up the answer to a conflict.
_TYPES = {
    "table": "table",
    "computed": "table_compute",
    "list": "list",
    "timeline": "list",
    "definition": "definition",
    "why_how": "why_how",
    "yes_no": "yes_no",
    "estimates": "conflict",
    "smalltalk": "smalltalk",
}
_REFUSED = {"off_topic": "unanswerable_far"}
# What a reason says about whether the documents hold an answer; for any other reason nobody knows yet.
_ANSWERABLE = {
    "wrong_answer": True,
    "wrong_citation": True,
    "incomplete": True,
    "should_have_answered": True,
    "should_have_refused": False,
}
_MARKS = re.compile(r"(?:\s*\[\d{1,4}\])+")


def export(verdicts: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Return the lines of a question file, right answers first; the newest verdict on a question counts."""
    newest = {_key(verdict["receipt"]): verdict for verdict in verdicts}
    lines = [
        _regression(verdict) if verdict["verdict"] == "right" else _candidate(verdict) for verdict in newest.values()
    ]
    return sorted(lines, key=lambda line: bool(line.get("candidate")))


def _key(receipt: Mapping[str, Any]) -> str:
    """Return what makes a question the same one: its words, those before it, and the year; not the answer."""
    asked = [receipt["answer"]["question"], *(receipt.get("history") or ())]
    words = [" ".join(text.casefold().split()) for text in asked]
    key = json.dumps([words, receipt.get("as_of")], ensure_ascii=False)
    return "f" + hashlib.sha256(key.encode()).hexdigest()[:11]


def _known(verdict: Mapping[str, Any]) -> Json:
    """Return what is known of any question that somebody judged."""
    receipt = verdict["receipt"]
    return {
        "id": _key(receipt),
        "question": receipt["answer"]["question"],
        "history": receipt.get("history") or [],
        **({"as_of": receipt["as_of"]} if receipt.get("as_of") else {}),
    }


def _regression(verdict: Mapping[str, Any]) -> Json:
    """Return a right answer as a question, with the first wording of what is accepted that it passes itself."""
    answer = verdict["receipt"]["answer"]
    line = {**_known(verdict), **_told(verdict)}
    if answer["status"] != "answered":
        kind = "smalltalk" if answer["status"] == "smalltalk" else _REFUSED.get(answer["reason"], "unanswerable_near")
        return {**line, "type": kind, "answerable": False, "answers": [], "evidence": []}
    line |= {"type": _type(verdict["receipt"]), "answerable": True, **_proof(verdict["receipt"])}
    for accepted in _accepted(answer, line["type"]):
        question = question_of({**line, **accepted}, line["id"])
        if scoring.judge(question, _prediction(answer)).cited_correct:
            return {**line, **accepted}
    return {**_candidate(verdict), "todo": f"{UNSCORABLE} {TO_DO}"}


def _type(receipt: Mapping[str, Any]) -> str:
    answer = receipt["answer"]
    kind = _TYPES.get(answer["kind"], "factoid")
    if kind == "yes_no" and not scoring.polarity(answer["short"]):
        return "factoid"
    return "followup" if receipt.get("history") and kind not in {"yes_no", "list", "conflict", "why_how"} else kind


def _accepted(answer: Mapping[str, Any], kind: str) -> Iterator[Json]:
    """Yield what may be accepted as the answer: its bare form, else all that it says, part by part."""
    short = answer["short"]
    if short and kind not in scoring.TYPES_WITHOUT_SHORT:
        yield {"answers": [short]}
    parts = [part.strip() for part in _MARKS.split(answer["text"]) if re.search(r"\w", part)]
    whole = _MARKS.sub("", answer["text"]).strip()
    yield {"answers": [short or whole], "answer_parts": [[part] for part in parts]}


def _proof(receipt: Mapping[str, Any]) -> Json:
    """Return the cited sentences, and where each stands; a note where one of them is flagged."""
    citations = receipt["answer"]["citations"]
    names = {document["id"]: document["name"] for document in receipt["documents"]}
    spans = [
        {
            "document": names.get(citation["document_id"], citation["document_id"]),
            "start": citation["start_char_index"],
            "end": citation["end_char_index"],
        }
        for citation in citations
    ]
    flags = sorted({flag for citation in citations for flag in citation["flags"]})
    return {
        "evidence": list(dict.fromkeys(citation["cited_text"] for citation in citations)),
        "spans": spans,
        **({"notes": f"flagged: {', '.join(flags)}"} if flags else {}),
    }


def _prediction(answer: Mapping[str, Any]) -> Prediction:
    """Return the answer as evaluation sees it."""
    citations = tuple(CitedText(one["cited_text"], tuple(one["flags"])) for one in answer["citations"])
    return Prediction(answer["id"], answer["text"], answer["short"], citations, False, 0.0, answer["confidence"])


def _candidate(verdict: Mapping[str, Any]) -> Json:
    """Return what is known of a question whose answer a person has to write down."""
    answer = verdict["receipt"]["answer"]
    return {
        **_known(verdict),
        "type": _type(verdict["receipt"]),
        "candidate": True,
        "todo": TO_DO,
        "answerable": _ANSWERABLE.get(verdict["reason"] or ""),
        "answers": [],
        "evidence": [],
        **_told(verdict),
        "given": {
            "status": answer["status"],
            "text": answer["text"],
            "short": answer["short"],
            **{name: value for name, value in _proof(verdict["receipt"]).items() if name != "notes"},
        },
    }


def _told(verdict: Mapping[str, Any]) -> Json:
    """Return what the reader said."""
    return {
        "verdict": verdict["verdict"],
        "reason": verdict["reason"],
        "comment": verdict["comment"],
        "generation": verdict["receipt"]["generation"],
    }

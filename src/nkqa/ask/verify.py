"""A sentence of any text → supported, contradicted or not found, with the place in the documents that decides.

Nothing is understood, and nothing is supposed: a sentence is supported only where one passage has every word, name,
number and time of it, in that order, limited by the same words; docs/decisions/0014.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nkqa.ask.read import excerpt, flags_in
from nkqa.ask.tables.grid import Grid
from nkqa.ask.verify_cells import check_cells
from nkqa.ask.verify_match import Comparison, Difference, compare
from nkqa.ask.verify_units import Statement, UnitKind, read_statement
from nkqa.text.claimants import find_claimant
from nkqa.text.values import find_values
from nkqa.types import Document, Evidence, Hit, PassageKind, Span, Verdict

# Other places that say the same, or something else, are named up to this number.
MAX_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one tier says to a sentence: `reason` in words, `evidence` the places that decide."""

    verdict: Verdict
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    hit: Hit
    span: Span
    comparison: Comparison


NOT_FOUND = Ruling(Verdict.NOT_FOUND, "No passage states this.", ())


def rule(
    sentence: str, search: Callable[[str], tuple[Hit, ...]], documents: dict[str, Document], grids: tuple[Grid, ...]
) -> Ruling:
    """Return what documents say to a sentence; `search` finds passages for it, best first."""
    claim = read_statement(sentence)
    told = check_cells(claim, grids)
    if told and told.agrees:
        return Ruling(Verdict.SUPPORTED, told.reason, (told.evidence,))
    places = [place for hit in search(sentence) if (place := _compared(claim, hit, documents[hit.passage.doc_id]))]
    agreeing = [p for p in places if not p.comparison.differences and not p.comparison.qualified]
    denying = [p for p in places if p.comparison.differences and p.comparison.certain and not p.comparison.qualified]
    if agreeing:
        return _supported(agreeing, denying, documents)
    if told:
        return Ruling(Verdict.CONTRADICTED, told.reason, (told.evidence,))
    if denying:
        evidence = tuple(_evidence(place, documents) for place in denying[:MAX_OTHERS])
        return Ruling(Verdict.CONTRADICTED, _difference(denying[0].comparison.differences), evidence)
    if limited := [p for p in places if not p.comparison.differences]:
        reason = f"{limited[0].comparison.qualified} So it does not state just this."
        return Ruling(Verdict.NOT_FOUND, reason, (_evidence(limited[0], documents),))
    return NOT_FOUND


def _compared(claim: Statement, hit: Hit, document: Document) -> _Place | None:
    """Compare a claim with a passage alone, then with what it points back to or is introduced by."""
    passage = hit.passage
    if passage.kind not in (PassageKind.SENTENCE, PassageKind.LIST_ITEM):
        return None
    lead = f"{passage.lead.of(document.text).rstrip(':')} " if passage.lead else ""
    wide = excerpt(passage, document)
    found: list[_Place] = []
    for span, text in ((passage.span, passage.text), (wide, lead + wide.of(document.text))):
        if comparison := compare(claim, read_statement(text)):
            found.append(_Place(hit, span, comparison))
    return min(found, key=lambda p: (len(p.comparison.differences), p.comparison.qualified != ""), default=None)


def _supported(agreeing: list[_Place], denying: list[_Place], documents: dict[str, Document]) -> Ruling:
    best = agreeing[0]
    evidence = [_evidence(place, documents) for place in (best, *denying[:MAX_OTHERS])]
    document = documents[best.hit.passage.doc_id]
    reason = "The text states this"
    if who := _claimant(document, best.hit.passage.span):
        reason += f", according to {who}"
    reason += f"; it is marked “{'”, “'.join(evidence[0].flags)}”." if evidence[0].flags else "."
    if denying:
        reason += " Elsewhere it says something else: " + _difference(denying[0].comparison.differences)
    return Ruling(Verdict.SUPPORTED, reason, tuple(evidence))


def _claimant(document: Document, span: Span) -> str | None:
    """Return who gives the first figure of a sentence; None where it has none, or nobody is named."""
    values = find_values(document.text, span)
    return find_claimant(document.text, span, values[-1].span) if values else None


def _evidence(place: _Place, documents: dict[str, Document]) -> Evidence:
    passage = place.hit.passage
    flags = flags_in(documents[passage.doc_id], place.span)
    return Evidence(passage.doc_id, place.span, passage.path, flags, place.hit.score, passage.lead)


def _difference(differences: tuple[Difference, ...]) -> str:
    if differences[0].kind is None:
        return "The text says the contrary."
    claimed = " ".join(one.claimed for one in differences)
    stated = " ".join(one.stated for one in differences)
    verb = "gives" if differences[0].kind in (UnitKind.NUMBER, UnitKind.TIME) else "says"
    return f"The text {verb} {stated}, not {claimed}."

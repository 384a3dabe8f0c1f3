"""What the running text says beside a table's answer: another figure for the same thing is shown, never hidden."""

from __future__ import annotations

from dataclasses import replace

from nkqa.ask.tables.choosing import pick
from nkqa.ask.tables.grammar import Operation
from nkqa.ask.tables.grid import number
from nkqa.ask.tables.reading import TableQuestion
from nkqa.store.facts import FactStore
from nkqa.text.labels import is_total, names
from nkqa.text.terms import terms
from nkqa.types import Claim, Evidence, Fact, FactKind, Finding

# A count in the text speaks of a cell when it is at most this far from it, as a share of the cell.
NEAR = 0.25
MAX_SENTENCES = 2


def add_prose(finding: Finding, asked: TableQuestion, store: FactStore) -> Finding:
    """Return a finding about one year with the sentences that give another figure for it, each cited."""
    if asked.operation not in (Operation.LOOK_UP, Operation.SHARE) or len(asked.years) != 1 or len(asked.series) != 1:
        return finding
    cells = pick(asked, asked.series[0])
    if len(cells) != 1:
        return finding
    document = asked.grid.document
    told = [
        fact
        for fact in store.find(FactKind.QUANTITY, doc_id=document.id)
        if _is_about(fact, cells[0], asked, document.text) and fact.value != finding.short
    ]
    statements = list(dict.fromkeys(fact.statement for fact in told))[:MAX_SENTENCES]
    evidence = list(finding.evidence)
    claims = list(finding.claims)
    for statement in statements:
        fact = next(fact for fact in told if fact.statement == statement)
        claims.append(Claim(f"The text also says: {' '.join(statement.of(document.text).split())}", (len(evidence),)))
        evidence.append(Evidence(document.id, statement, fact.path, fact.flags, 1.0, short=fact.span))
    return replace(finding, claims=tuple(claims), evidence=tuple(evidence))


def _is_about(fact: Fact, cell: Fact, asked: TableQuestion, text: str) -> bool:
    """Tell whether a figure in the text is one for the year and the series that are asked for."""
    year = str(asked.years[0])
    if fact.period is None or not (fact.period.start or "").startswith(year):
        return False
    if not (fact.period.end or "").startswith(year) or (fact.unit == "%") != (asked.operation is Operation.SHARE):
        return False
    label = asked.series[0].label
    if asked.operation is Operation.SHARE:
        return names(frozenset(terms(fact.statement.of(text))), label)
    if fact.unit is not None or fact.low is None or fact.low == cell.low:
        return False
    close = abs(fact.low - float(number(cell))) <= NEAR * float(number(cell))
    return close and (is_total(label) or names(frozenset(terms(f"{fact.subject} {fact.attribute}")), label))

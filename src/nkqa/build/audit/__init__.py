"""The corpus checked against itself: every check is general, and says also what it found right.

Kinds: `row_total`, `column_total`, `grand_total` (stated totals against sums), `prose_table` (a sentence against the
table of its document), `percentage_sum`, `percentage_range`, `no_time`, `flagged_sentence`, `empty_section`,
`ignored_region`, `set_aside_table`.
"""

from __future__ import annotations

from collections.abc import Sequence

from nkqa.build.audit.figures import check_figures
from nkqa.build.audit.grid import grids
from nkqa.build.audit.prose import check_prose
from nkqa.build.audit.structure import check_flags, check_ignored, check_ragged, check_sections
from nkqa.build.audit.tables import check_totals
from nkqa.types import AuditFinding, Document, Fact, Severity

__all__ = ["AuditFinding", "Severity", "audit"]

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def audit(documents: Sequence[Document], facts: Sequence[Fact]) -> tuple[AuditFinding, ...]:
    """Return what every check found: faults first, the worst of them first; then the checks that passed."""
    found: list[AuditFinding] = []
    own: dict[str, list[Fact]] = {document.id: [] for document in documents}
    for fact in facts:
        own[fact.doc_id].append(fact)
    for document in documents:
        for grid in grids((document,), own[document.id]):
            found += [*check_totals(grid), *check_prose(grid)]
        for check in (check_figures, check_flags, check_sections, check_ignored, check_ragged):
            found += check(document)
    return tuple(sorted(found, key=lambda finding: (finding.passed, _ORDER.index(finding.severity))))

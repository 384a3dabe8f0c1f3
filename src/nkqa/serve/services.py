"""What a server offers beside answers. The command line hands it in: serving itself knows no corpus and no store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nkqa.types import Document

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Services:
    """`receipt` proves an answer, made from its JSON, the documents, and the history and year that it was asked with.

    `save` and `load` keep receipts. `keep_verdict` keeps what somebody said of an answer, by the answer's id; None
    where no feedback is wanted.
    """

    receipt: Callable[[Mapping[str, Any], Sequence[Document], Sequence[str] | None, int | None], Json]
    save: Callable[[str, Mapping[str, Any]], None]
    load: Callable[[str], Json | None]
    keep_verdict: Callable[[str, Mapping[str, Any]], None] | None = None

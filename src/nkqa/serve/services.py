"""What a server offers beside answers. The command line hands it in: serving itself knows no corpus and no store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nkqa.types import Document

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Services:
    """`receipt` proves an answer; `save` and `load` keep receipts."""

    receipt: Callable[[Mapping[str, Any], Sequence[Document]], Json]
    save: Callable[[str, Mapping[str, Any]], None]
    load: Callable[[str], Json | None]

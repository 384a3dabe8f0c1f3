"""Types of the tools that `nkqa mcp` offers: what they take; what they give is what the HTTP interface gives."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from nkqa.ask.pipeline import MAX_PASSAGES
from nkqa.serve.schema import Earlier, UnicodeText
from nkqa.types import FactKind

# What an assistant reads at once; it can ask for more of a document, or for more facts.
MAX_READ_CHARS = 10_000
MAX_FACTS = 100

Question = Annotated[UnicodeText, Field(description="the question, in plain words")]
History = Annotated[Earlier | None, Field(description="earlier questions of the same conversation, oldest first")]
Year = Annotated[int | None, Field(ge=1, le=9999, description="year of which the answer should be true")]
DocumentId = Annotated[UnicodeText, Field(description="id of a document, from a citation (document_id)")]
OnlyDocument = Annotated[UnicodeText | None, Field(description="id of the only document to look in")]
PassageLimit = Annotated[int, Field(ge=1, le=MAX_PASSAGES, description="how many passages to give at most")]
Text = Annotated[UnicodeText, Field(description="any text, at most max_verify_chars characters")]
Kind = Annotated[FactKind | None, Field(description="only facts of this kind")]
About = Annotated[
    UnicodeText, Field(max_length=500, description="words that the fact, its headings or its sentence must hold")
]
Offset = Annotated[int, Field(ge=0, description="how many facts to pass over")]
FactLimit = Annotated[int, Field(ge=1, le=MAX_FACTS, description="how many facts to give at most")]
Start = Annotated[int, Field(ge=0, description="first character, counted from 0, in Unicode code points")]
End = Annotated[
    int | None,
    Field(ge=0, description=f"character behind the last; at most {MAX_READ_CHARS} characters are given at once"),
]


class SourceText(BaseModel):
    """A stretch of a document: `text` is exactly its characters from `start` to `end`, of `total_chars`."""

    generation: str
    document_id: str
    document_title: str
    start: int
    end: int
    total_chars: int
    text: str

"""Questions about a heading as a whole: "What does the text say about ...?" is answered by how its section begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nkqa.text.terms import terms
from nkqa.types import Document, Evidence, Section

OPENING_SENTENCES = 2
_ASKS_ABOUT = re.compile(
    r"(?:what (?:does|do|is|are) (?:the |this )?(?:texts?|articles?|documents?|corpus|pages?|there|you)? ?"
    r"(?:say|said|tell|written|stated|know)?(?: us| me)? ?(?:about|on|under)|tell (?:me|us) (?:more |something )?about|"
    r"(?:an )?(?:overview|summary) of) (?:the )?(?P<topic>.+?)[\s?.!]*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SectionMatch:
    """The section that a question asks about, and its first sentences; no evidence where nothing stands under it."""

    document: Document
    section: Section
    evidence: tuple[Evidence, ...]


def find_section(question: str, documents: Sequence[Document]) -> SectionMatch | None:
    """Return the section whose heading a question asks about, or None where it asks for something else."""
    asked = _ASKS_ABOUT.match(question)
    topic = frozenset(terms(asked["topic"])) if asked else frozenset()
    if not topic:
        return None
    matches = [
        (document, section)
        for document in documents
        for section in document.sections
        if frozenset(terms(section.heading)) == topic
    ]
    if not matches:
        return None
    document, section = next((match for match in matches if not match[1].empty), matches[0])
    return SectionMatch(document, section, () if section.empty else _opening(document, section))


def openable(documents: Iterable[Document]) -> tuple[tuple[Document, Section], ...]:
    """Return the sections that a question about their heading opens, with their documents; each heading once."""
    found: dict[str, tuple[Document, Section]] = {}
    for document in documents:
        for section in document.sections:
            if section.level and not section.empty and terms(section.heading) and _opening(document, section):
                found.setdefault(section.heading, (document, section))
    return tuple(found.values())


def _opening(document: Document, section: Section) -> tuple[Evidence, ...]:
    """Return the first sentences under a heading, those of its first sub-section where it has none of its own."""
    sentences = [
        (sentence, document.path_of(block.section))
        for block in document.blocks
        if section.span.contains(block.span)
        for sentence in block.sentences
    ]
    return tuple(
        Evidence(document.id, sentence.span, path, tuple(flag.label for flag in sentence.flags), 1.0)
        for sentence, path in sentences[:OPENING_SENTENCES]
    )

"""Facts → questions about them, by general templates: what may be suggested, whether or not it is answered.

Words in a question are those of the documents (a term, a label, a heading) and general English around them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nkqa.ask.list_reading import is_plural, read_lists
from nkqa.ask.sections import openable
from nkqa.ask.sources import Sources
from nkqa.ask.tables.grid import Grid, Series, entry_label
from nkqa.store.facts import FactStore
from nkqa.text.labels import is_total
from nkqa.text.places import find_countries
from nkqa.text.terms import terms
from nkqa.types import Document, Fact, FactKind, Span

# A term, place or title of more words makes no question that is read at a glance.
MAX_NAME_WORDS = 5
MAX_HEADING_WORDS = 3
# A shorter definition ("an organisation", "academics") is not worth a question.
MIN_MEANING_WORDS = 3
MIN_ROLE_WORDS = 2
# One incident is no story.
MIN_INCIDENTS = 2
_PLAIN = re.compile(r"[A-Za-zÀ-ɏ0-9][A-Za-zÀ-ɏ0-9 '’.–-]*\Z")
_CAPTION = re.compile(r"(?:(?:status|numbers?|counts?|statistics|figures) of )?(?P<thing>.+?)(?: (?:by|per) .+)?", re.I)
# Something happens at them, not in them.
_SPOTS = frozenset("point rock light port airport station bridge border embassy gate pier lighthouse cape".split())
# General words for the two sexes, where a table has the adjective.
_PEOPLE = {"male": "men", "males": "men", "female": "women", "females": "women"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be suggested. Of one `family` one is enough; `kind` is finer.

    `path` is where it belongs; `proof` a span that an answer must cite to be the one meant, None where any will do.
    With `incidents`, the answer must be a time line of at least so many.
    """

    text: str
    kind: str
    family: str
    doc_id: str
    path: tuple[str, ...]
    proof: Span | None = None
    incidents: int = 0


def make_candidates(
    facts: FactStore, documents: Mapping[str, Document], grids: Iterable[Grid]
) -> tuple[Candidate, ...]:
    """Return all questions that the facts and headings of a generation suggest, each once."""
    found = (
        *_of_definitions(facts, documents),
        *(candidate for grid in grids for candidate in _of_table(grid)),
        *_of_lists(Sources(dict(documents), facts, ())),
        *_of_incidents(facts),
        *_of_headings(documents),
    )
    return tuple({candidate.text.casefold(): candidate for candidate in reversed(found)}.values())[::-1]


# --------------------------------------------------------------------------------------------------------------- terms


def _of_definitions(facts: FactStore, documents: Mapping[str, Document]) -> Iterator[Candidate]:
    found = facts.find(FactKind.DEFINITION)
    boxes = {(document.id, pair.span) for document in documents.values() for pair in document.pairs}
    people = {fact.subject for fact in found if fact.attribute == "role"}
    for fact in found:
        named = _PLAIN.match(fact.subject) and len(fact.subject.split()) <= MAX_NAME_WORDS
        if named and (fact.doc_id, fact.statement) not in boxes and (asked := _about_term(fact, people)):
            kind = "person" if fact.attribute == "role" else "term"
            yield Candidate(asked, kind, kind, fact.doc_id, fact.path, fact.statement)


def _about_term(fact: Fact, people: set[str]) -> str | None:
    words = len(fact.value.split())
    is_name = fact.subject[0].isupper()
    if fact.attribute == "role":
        return f"Who is {fact.subject}?" if is_name and words >= MIN_ROLE_WORDS and " " in fact.subject else None
    if fact.attribute == "full name":
        return f"What does {fact.subject} stand for?" if fact.subject.isupper() else None
    if fact.attribute == "means":
        return f"What does “{fact.subject}” mean?"
    if fact.attribute != "is" or words < MIN_MEANING_WORDS or fact.subject in people:
        return None
    return f"What is {fact.subject}?" if is_name else f"What is meant by “{fact.subject}”?"


# -------------------------------------------------------------------------------------------------------------- tables


def _of_table(grid: Grid) -> Iterator[Candidate]:
    thing = _thing(grid.caption_text)
    for series in grid.series:
        asked = _by_year(series, thing, grid) if grid.by_year else _by_entry(series, grid)
        for kind, text, proof in asked:
            yield Candidate(text, kind, "table", grid.document.id, grid.path, proof)


def _by_year(series: Series, thing: str | None, grid: Grid) -> Iterator[tuple[str, str, Span | None]]:
    total = is_total(series.label)
    counted = _PEOPLE.get(series.label.lower()) or (series.label.lower() if is_plural(series.label) else None)
    whole = f"the {thing}" if thing else "all"
    for cell in series.cells:
        year = entry_label(cell, grid)
        if total and thing:
            yield "number", f"What was the number of {thing} in {year}?", cell.statement
        elif counted and not total:
            yield "number", f"How many of {whole} were {counted} in {year}?", cell.statement
            yield "share", f"What percentage of {whole} were {counted} in {year}?", cell.statement
    if name := thing if total else counted:
        yield "peak", f"Which year had the most {name}?", None
        yield "trend", f"What is the trend in the number of {name}?", None


def _by_entry(series: Series, grid: Grid) -> Iterator[tuple[str, str, Span | None]]:
    measure = _uncapitalised(re.sub(r"\s*\([^()]*\)\s*\Z", "", series.label))
    for cell in series.cells:
        yield "detail", f"What is the {measure} of {cell.subject}?", cell.statement
    most = "most" if is_plural(measure.split()[0]) else "highest"
    yield "peak", f"Which {grid.entry_word} has the {most} {measure}?", None


def _thing(caption: str) -> str | None:
    """Return what a caption says is counted, "ships in the bay" of "Number of ships in the bay by kind"; else None."""
    found = _CAPTION.fullmatch(" ".join(caption.split()))
    thing = found["thing"] if found else ""
    has_plural = any(is_plural(word.lower()) for word in thing.split()[:MAX_HEADING_WORDS])
    return _uncapitalised(thing) if has_plural else None


def _uncapitalised(label: str) -> str:
    """Return a label without the capital of its first word, where only its place gives it one."""
    first, _, rest = label.partition(" ")
    is_common = not rest[:1].isupper() and first[1:].islower()
    return f"{first.lower()} {rest}".strip() if is_common else label


# --------------------------------------------------------------------------------------------------------------- lists


def _of_lists(sources: Sources) -> Iterator[Candidate]:
    for listed in read_lists(sources):
        title, words = listed.items[0].title, listed.label.lower().split()
        if listed.lead is None and listed.nouns and len(words) <= MAX_HEADING_WORDS and is_plural(words[-1]):
            nouns = listed.label.lower()
            years = sorted({fact.value for item in listed.items for fact in item.of("year") if fact.value.isdigit()})
            yield Candidate(f"Which {nouns} are listed?", "list", "list", title.doc_id, title.path, title.statement)
            for year in years:
                yield Candidate(f"Which {nouns} came out in {year}?", "list by year", "list", title.doc_id, title.path)
        for item in listed.items:
            makers = item.of("creator")
            if len(makers) == 1:
                verb = "directed" if makers[0].unit == "directed" or "film" in item.words("kind") else "wrote"
                name = re.split(r"[:–—]", item.title.value)[0].strip()
                asked = f"Who {verb} “{' '.join(name.split())}”?"
                yield Candidate(asked, "work", "list", title.doc_id, title.path, makers[0].statement)


# ----------------------------------------------------------------------------------------------------------- incidents


def _of_incidents(facts: FactStore) -> Iterator[Candidate]:
    events = facts.find(FactKind.EVENT)
    by_year = Counter(event.period.start[:4] for event in events if event.period and event.period.start)
    for event in events:
        heading = event.path[-1] if event.path else ""
        for place in (event.where or "", heading):
            name = place.removeprefix("the ").strip()
            if name and name[0].isupper() and len(name.split()) <= MAX_HEADING_WORDS and _is_place(name, event):
                where = "at" if name.rsplit(maxsplit=1)[-1].lower() in _SPOTS else "in"
                yield _incidents(f"What happened {where} {name}?", event)
        year = event.period.start[:4] if event.period and event.period.start else ""
        if by_year[year] >= MIN_INCIDENTS:
            yield _incidents(f"What happened in {year}?", event)


def _incidents(text: str, event: Fact) -> Candidate:
    return Candidate(text, "incidents", "incidents", event.doc_id, event.path, None, MIN_INCIDENTS)


def _is_place(name: str, event: Fact) -> bool:
    """Tell whether a name is that of a place: the event's own, or a country as a heading."""
    return name in (event.where or "") or any(span == Span(0, len(name)) for span in find_countries(name))


# ------------------------------------------------------------------------------------------------------------ headings


def _of_headings(documents: Mapping[str, Document]) -> Iterator[Candidate]:
    for document, section in openable(documents.values()):
        if terms(section.heading):
            text = f"What does the text say about “{section.heading}”?"
            yield Candidate(text, "heading", "heading", document.id, section.path)

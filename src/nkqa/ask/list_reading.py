"""The lists of the documents as questions see them: entries with their facts, and the words that a list goes by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nkqa.ask.sources import Sources, once_per_store
from nkqa.text.terms import stem, terms, tokens
from nkqa.types import Block, BlockKind, Document, Fact, FactKind, Span

MAX_LEAD_WORDS = 8
_SAME = tuple(
    frozenset(stem(word) for word in group.split())
    for group in ("film films movie movies picture", "book books reading readings", "prize award medal")
)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list with its facts; `stems` are those of its whole text, `titles` the words of its title.

    A title goes by its words as a whole and by those before its colon, each without a leading article.
    """

    facts: tuple[Fact, ...]
    stems: frozenset[str]
    titles: tuple[tuple[str, ...], ...]

    @property
    def title(self) -> Fact:
        """The fact that names the entry."""
        return self.facts[0]

    def of(self, attribute: str) -> tuple[Fact, ...]:
        """Return the facts of an attribute."""
        return tuple(fact for fact in self.facts if fact.attribute == attribute)

    def words(self, attribute: str) -> frozenset[str]:
        """Return the stems of all values of an attribute."""
        return frozenset(term for fact in self.of(attribute) for term in terms(fact.value))


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list with the words it goes by: its nouns ("films"), and the subject that its surroundings give it.

    `names` are its nouns and the kinds of its entries, `stems` by attribute those of all values.
    """

    items: tuple[Item, ...]
    label: str
    lead: Span | None
    nouns: frozenset[str]
    subject: frozenset[str]
    names: frozenset[str]
    stems: dict[str, frozenset[str]]

    def words(self, attribute: str) -> frozenset[str]:
        """Return the stems of all values of an attribute."""
        return self.stems.get(attribute, frozenset())


@once_per_store
def read_lists(sources: Sources) -> tuple[ItemList, ...]:
    """Return all lists, in the order of the documents."""
    groups: dict[str, list[Fact]] = {}
    for fact in sources.facts.find(FactKind.LIST_ITEM):
        groups.setdefault(fact.group or "", []).append(fact)
    return tuple(_list(facts, sources.documents[facts[0].doc_id]) for facts in groups.values())


def _list(facts: list[Fact], document: Document) -> ItemList:
    places: dict[object, list[Fact]] = {}
    for fact in facts:
        places.setdefault(fact.position, []).append(fact)
    items = tuple(_item(tuple(own), document) for own in places.values())
    lead = _lead(document, facts[0].statement)
    heading = facts[0].path[-1] if facts[0].path else document.title
    label = one_line(lead, document).rstrip(":") if lead else heading
    around = terms(" ".join([label, document.title, *facts[0].path]))
    nouns = _nouns(label)
    stems = {
        attribute: frozenset(term for item in items for term in item.words(attribute))
        for attribute in {fact.attribute for fact in facts}
    }
    names = nouns | with_synonyms(stems.get("kind", ()))
    return ItemList(items, heading, lead, nouns, with_synonyms(around), names, stems)


def _item(facts: tuple[Fact, ...], document: Document) -> Item:
    title = facts[0].value
    titles = (_without_article(part) for part in (title, re.split(r"[:–—]|\s-\s", title)[0]))
    stems = with_synonyms(terms(facts[0].statement.of(document.text)))
    return Item(facts, stems, tuple(filter(None, dict.fromkeys(titles))))


def _without_article(title: str) -> tuple[str, ...]:
    words = tuple(token.word for token in tokens(title))
    return words[1:] if words[:1] in (("the",), ("a",), ("an",)) and len(words) > 2 else words


def _lead(document: Document, first: Span) -> Span | None:
    """Return the sentence with a colon that introduces the list whose first item is given."""
    before: Block | None = None
    for block in document.blocks:
        if block.span == first:
            break
        before = block
    if before is None or before.kind is not BlockKind.PARAGRAPH or not before.span.of(document.text).endswith(":"):
        return None
    return before.sentences[-1].span


def _nouns(label: str) -> frozenset[str]:
    """Return what a short label says the entries are: its plural words before the first preposition or relative."""
    head = re.split(r"\b(?:of|in|on|for|from|who|that|which|about|by|with)\b", label, maxsplit=1)[0]
    if len(label.split()) > MAX_LEAD_WORDS:
        return frozenset()
    return with_synonyms(stem(token.word) for token in tokens(head) if is_plural(token.word))


def is_plural(word: str) -> bool:
    """Tell whether a word looks like a plural."""
    return word.endswith("s") and not word.endswith("ss") and stem(word) != word


def with_synonyms(stems: Iterable[str]) -> frozenset[str]:
    """Return stems with those that mean the same in lists."""
    own = frozenset(stems)
    return own.union(*(group for group in _SAME if group & own))


def one_line(span: Span, document: Document) -> str:
    """Return a slice as running text."""
    return " ".join(span.of(document.text).split())

"""Questions about the lists of the documents, about one entry of them, and about what a sentence enumerates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nkqa.ask.enumerations import find_enumeration
from nkqa.ask.list_reading import Item, ItemList, is_plural, one_line, read_lists, with_synonyms
from nkqa.ask.sources import Sources
from nkqa.text.terms import stem, terms, tokens
from nkqa.types import AnswerType, Claim, Document, Evidence, Fact, Finding, Kind, ListEntry, Listing, Query

CONFIDENCE = 0.96
# Longer lists are shown by their titles; the citations have the whole entries.
MAX_WORDS = 150
_PRIZE = frozenset(stem(word) for word in "prize award medal".split())
# Words that ask for entries of a list and restrict nothing.
_GENERIC = frozenset(
    stem(word)
    for word in "list lists listed reading section page article text mention mentioned appear appears describe "
    "described called name named names include includes included contain contains come comes came out publish "
    "published release released write wrote written author authors writer directed director made make year years "
    "entry entries title titles item items work works number count complete full state stated find show kind win won "
    "winning different available major recommend recommended feature featured star stars starring play plays played "
    "actor actress act genre type sort prize award after before since until between earlier later newer older".split()
)
_NO_LISTING = re.compile(r"(?:and )?(?:why|how(?! many)|when|where|whose|who(?! are| were))\b", re.IGNORECASE)
_MADE = r"(?:com(?:e|es|ing) out|came out|publish\w*|releas\w*|appear\w*|made|written|shot|filmed|from)"
# What is asked of an entry; the first that fits is meant.
_WANTED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (attribute, re.compile(pattern, re.IGNORECASE))
    for attribute, pattern in (
        (
            "creator",
            r"\bwho(?:m)?\b.*\b(?:wr[io]t\w+|author\w*|direct\w+|made|compos\w+|paint\w+|creat\w+|by|behind)\b",
        ),
        ("creator", r"\b(?:authors?|writers?|directors?|composers?|creators?) of\b|\bby whom\b"),
        ("creator", r"\b(?:author|director|writer)\b\W*$"),
        ("performer", r"\b(?:who|act\w+)\b.*\b(?:play\w*|portray\w*|star\w*)\b|\b(?:actor|actress)\b"),
        ("year", rf"^(?:and )?when\b.*\b{_MADE}\b|\b(?:what|which) year\b.*\b{_MADE}\b"),
        ("year", r"\b(?:release|publication) (?:date|year)\b|\byear of (?:release|publication)\b"),
        ("prize", r"\b(?:prize|award|medal)\b"),
        ("about", r"\bwhose (?:life|story|biography)\b|\bwho(?:m)? (?:is|was) .*\babout\b|\babout wh(?:o|om)\b"),
        ("kind", r"\b(?:what|which) (?:kind|type|sort|genre)\b|\bgenre of\b"),
    )
)
_YEAR = r"((?:1[5-9]|20)\d\d)"
# The first or last year that a filter takes, counted from the year behind the word.
_FROM = (("after|later than|newer than", 1), ("since|starting in", 0))
_UNTIL = (("before|earlier than|older than", -1), ("until|up to|by", 0))


@dataclass(frozen=True, slots=True)
class _Filter:
    """What the entries asked for have in common; `first` and `last` bound a year."""

    attribute: str
    shown: str
    stems: frozenset[str] = frozenset()
    first: float = 0
    last: float = 9999

    def takes(self, item: Item) -> bool:
        if self.attribute == "year":
            return any(f.low is not None and self.first <= f.low <= self.last for f in item.of("year"))
        if self.attribute == "prize" and not self.stems:
            return bool(item.of("prize"))
        return any(self.stems <= with_synonyms(terms(fact.value)) for fact in item.of(self.attribute))


def find_list(query: Query, sources: Sources) -> Finding | None:
    """Return all entries of a list that fit a question, or what the best passage enumerates; None for other questions.

    Without hits, only whole lists are looked at.
    """
    found = _find_entries(query, sources)
    return found or (find_enumeration(query, sources) if sources.hits else None)


def _find_entries(query: Query, sources: Sources) -> Finding | None:
    if _NO_LISTING.match(query.text):
        return None
    plural = frozenset(stem(token.word) for token in tokens(query.text) if is_plural(token.word))
    years = [year] if (year := _year_filter(query)) else []
    for listed in read_lists(sources):
        # Where the entries are named, or a kind of them, in the plural, several are asked for.
        several = query.kind is not Kind.YES_NO and not plural.isdisjoint(listed.names)
        if not several and listed.lead is None:
            continue
        # A follow-up ("and by Lind?") asks of the same list, not for the same entries.
        asked = frozenset(query.terms) | (frozenset(one.text for one in query.context) & listed.nouns)
        if _is_introduced(query, asked, listed):
            return _entries(query, listed, listed.items, (), sources)
        if not several:
            continue
        filters, rest = _filters(query, asked, listed, years)
        if rest:
            continue
        chosen = tuple(item for item in listed.items if all(one.takes(item) for one in filters))
        if chosen:
            return _entries(query, listed, chosen, filters, sources)
        if [one.attribute for one in filters] == ["year"]:
            return _no_entry(listed, filters, sources)
    return None


def find_item_attribute(query: Query, sources: Sources) -> Finding | None:
    """Return an attribute of an entry ("who wrote ...?", "which memoir is by ...?"); None where not one entry fits."""
    wanted = _wanted(query.text)
    item = _item_named(query, sources, wanted) if wanted else None
    if item is None or wanted is None:
        return None
    fact = item.title if wanted == "title" else _stated(query.text, item, wanted)
    if fact is None:
        return None
    shown = one_line(fact.statement, sources.documents[fact.doc_id])
    evidence = Evidence(fact.doc_id, fact.statement, fact.path, fact.flags, CONFIDENCE, short=fact.span)
    short = " ".join(fact.value.split())
    return Finding(Kind.FACTOID, (Claim(shown, (0,)),), (evidence,), short, confidence=CONFIDENCE)


def find_missing_attribute(query: Query, sources: Sources) -> str | None:
    """Say which attribute the one entry that a question names does not state; None where that is not the trouble."""
    wanted = _wanted(query.text)
    if wanted is None or wanted in ("title", "about", "prize"):
        return None
    item = _item_named(query, sources, wanted)
    if item is None or _fitting(query.text, item, wanted):
        return None
    word = re.search(r"\bdirector|\bauthor", query.text) or re.search(r"\b(?:direct|wr[io]t)", query.text)
    shown = {"direct": "director", "writ": "author", "wrot": "author"}.get(word[0], word[0]) if word else wanted
    return f"“{item.title.value}” is listed, and no {shown} is stated for it."


# ------------------------------------------------------------------------------------------------------ what is asked


def _is_introduced(query: Query, asked: frozenset[str], listed: ItemList) -> bool:
    """Tell whether a question asks for what a sentence above a list introduces: all of its words are there."""
    if listed.lead is None or query.answer_type not in (AnswerType.ANY, AnswerType.NAME):
        return False
    content = asked - _GENERIC
    own = listed.subject & content
    return len(content) >= 2 and content <= own and query.kind not in (Kind.YES_NO, Kind.WHY_HOW)


def _filters(
    query: Query, asked: frozenset[str], listed: ItemList, years: list[_Filter]
) -> tuple[list[_Filter], frozenset[str]]:
    """Return the filters of a question, that of its years among them, and the words that are left without a meaning."""
    filters = list(years)
    rest = frozenset(t for t in asked - _GENERIC - listed.nouns - listed.subject if not re.fullmatch(r"\d{4}s?", t))
    if asked & _PRIZE and any(item.of("prize") for item in listed.items):
        stems = asked & listed.words("prize") - _PRIZE
        filters.append(_Filter("prize", _as_typed(query, stems) or "any", stems))
        rest -= stems
    while rest:
        attribute = max(
            ("kind", "creator", "performer", "about", "role"), key=lambda name: len(rest & listed.words(name))
        )
        stems = rest & listed.words(attribute)
        if not stems:
            break
        filters.append(_Filter(attribute, _as_typed(query, stems), stems))
        rest -= stems
    everywhere = [one for one in filters if all(one.takes(item) for item in listed.items)]
    return [one for one in filters if one not in everywhere], rest


def _year_filter(query: Query) -> _Filter | None:
    text = query.text
    if match := re.search(rf"\b(?:between {_YEAR} and|from {_YEAR} (?:to|until)|{_YEAR} ?[–-]) ?{_YEAR}", text):
        first, last = (float(year) for year in match.groups() if year)
        return _Filter("year", match[0], first=first, last=last)
    if match := re.search(r"\b((?:1[5-9]|20)\d)0s\b", text):
        return _Filter("year", match[0], first=float(match[1] + "0"), last=float(match[1] + "9"))
    for pattern, add in _FROM:
        if match := re.search(rf"\b(?:{pattern}) {_YEAR}", text, re.IGNORECASE):
            return _Filter("year", match[0], first=int(match[1]) + add)
    for pattern, add in _UNTIL:
        if match := re.search(rf"\b(?:{pattern}) {_YEAR}", text, re.IGNORECASE):
            return _Filter("year", match[0], last=int(match[1]) + add)
    if not query.years:
        return None
    return _Filter("year", " and ".join(map(str, query.years)), first=min(query.years), last=max(query.years))


def _as_typed(query: Query, stems: frozenset[str]) -> str:
    """Return the words of a question that a filter was made from, as they were typed."""
    found = [token.span for token in tokens(query.text) if stem(token.word) in stems]
    shown = [
        query.text[one.start : after.start] if after.start - one.end <= 1 else f"{one.of(query.text)} "
        for one, after in pairwise(found)
    ]
    return "".join([*shown, found[-1].of(query.text)]) if found else ""


def _wanted(question: str) -> str | None:
    """Return the attribute that a question asks for; "title" for "which memoir ...", None where it is none of them."""
    for attribute, pattern in _WANTED:
        if pattern.search(question):
            return attribute
    return "title" if re.match(r"(?:which|what(?:'s| is)?)\b|.*\btitle\b", question, re.IGNORECASE) else None


def _item_named(query: Query, sources: Sources, wanted: str | None) -> Item | None:
    """Return the only entry whose title a question holds, or that holds all words of the question."""
    lists = read_lists(sources)
    asked = frozenset(terms(query.text))
    found = tokens(query.text)
    words = tuple(token.word for token in found)
    capital = {token.word for token in found[1:] if query.text[token.span.start].isupper()}
    titled = [
        (length, item)
        for listed in lists
        for item in listed.items
        # A title of one word may be any word: a capital or "the film" must mark it.
        if (length := _length_of_title(words, item))
        and (length > 1 or capital & {*map(str.casefold, item.title.value.split())} or asked & listed.nouns)
    ]
    if titled and wanted != "title":
        longest = max(length for length, _ in titled)
        named = [item for length, item in titled if length == longest]
        return named[0] if len(named) == 1 else None
    fitting = [item for listed in lists for item in listed.items if _holds(asked, item, listed)]
    return fitting[0] if len(fitting) == 1 else None


def _length_of_title(words: tuple[str, ...], item: Item) -> int:
    """Return how many words of a question are an entry's title, whole or before its colon; 0 where they are not all."""
    for wanted in item.titles:
        if any(words[i : i + len(wanted)] == wanted for i in range(len(words) - len(wanted) + 1)):
            return len(wanted)
    return 0


def _holds(asked: frozenset[str], item: Item, listed: ItemList) -> bool:
    """Tell whether an entry holds all words of a question, one of them in what is known of it."""
    content = asked - _GENERIC - listed.nouns
    if not content <= item.stems:
        return False
    known = frozenset().union(
        *(item.words(name) for name in ("title", "creator", "performer", "prize", "about", "year"))
    )
    return bool(content & known) and bool(asked & (listed.nouns | item.words("kind")))


def _stated(question: str, item: Item, wanted: str) -> Fact | None:
    """Return the fact that states an attribute of an entry, None where there is none or more than one fits."""
    facts = _fitting(question, item, wanted)
    if wanted == "performer" and len(facts) > 1:
        asked = {token.word for token in tokens(question)}
        likeness = [_share(asked, fact.unit or "") for fact in facts]
        best = max(likeness)
        facts = tuple(fact for fact, like in zip(facts, likeness, strict=True) if like == best >= 0.5)
    return facts[0] if len(facts) == 1 else None


def _fitting(question: str, item: Item, wanted: str) -> tuple[Fact, ...]:
    """Return the facts of an attribute; who wrote something did not direct it."""
    facts = item.of(wanted)
    if wanted != "creator":
        return facts
    is_film = "film" in with_synonyms(item.words("kind"))
    directs, writes = re.search(r"\bdirect", question), re.search(r"\bwr[io]t|\bauthor", question)
    return tuple(
        fact
        for fact in facts
        if not (directs and not is_film and fact.unit != "directed") and not (writes and fact.unit == "directed")
    )


def _share(asked: set[str], character: str) -> float:
    """Return the share of a character's words that a question holds; stop words count, names consist of them."""
    words = {token.word for token in tokens(character)} - {"a", "an", "the"}
    return len(words & asked) / len(words) if words else 0.0


# ----------------------------------------------------------------------------------------------------------- finding


def _entries(
    query: Query, listed: ItemList, chosen: tuple[Item, ...], filters: Sequence[_Filter], sources: Sources
) -> Finding:
    document = sources.documents[chosen[0].title.doc_id]
    titles = [" ".join(item.title.value.split()) for item in chosen]
    texts = [one_line(item.title.statement, document).rstrip(" ;") for item in chosen]
    entries = tuple(ListEntry(text, titles[place], place) for place, text in enumerate(texts))
    if sum(len(text.split()) for text in texts) > MAX_WORDS:
        texts = titles
    named = ", ".join(titles)
    counts = bool(re.search(r"\bhow many\b|\bnumber of\b|\bcount\b", query.text, re.IGNORECASE))
    claims = [Claim(_opening(listed, len(chosen), filters), ())]
    claims += [Claim(text, (place,)) for place, text in enumerate(texts)]
    claims += [Claim(note, ()) for note in _not_stated(listed, filters)]
    evidence = tuple(
        Evidence(f.doc_id, f.statement, f.path, f.flags, CONFIDENCE, listed.lead, f.span)
        for f in (item.title for item in chosen)
    )
    short = str(len(chosen)) if counts else named if len(named.split()) <= 12 else f"{len(chosen)} entries"
    listing = _listing(listed, filters, entries, document)
    return Finding(Kind.LIST, tuple(claims), evidence, short, listing=listing, confidence=CONFIDENCE)


def _listing(
    listed: ItemList, filters: Sequence[_Filter], entries: tuple[ListEntry, ...], document: Document
) -> Listing:
    """Return the entries as such, under what introduces their list, or else its heading."""
    heading = one_line(listed.lead, document).rstrip(":") if listed.lead else listed.label
    unstated = sum(any(not item.of(one.attribute) for one in filters) for item in listed.items)
    return Listing(heading, len(listed.items), _in_words(filters) if filters else None, unstated, entries)


def _in_words(filters: Sequence[_Filter]) -> str:
    return "; ".join(f"{one.attribute}: {one.shown}" for one in filters)


def _opening(listed: ItemList, shown: int, filters: Sequence[_Filter]) -> str:
    total = len(listed.items)
    label = "" if listed.lead else f"“{listed.label}”: "  # what introduces a list is cited and shown with it
    if not filters:
        return f"{label}all {total} entries shown:"
    return f"{label}{shown} of {total} entries ({_in_words(filters)}), all {shown} shown:"


def _not_stated(listed: ItemList, filters: Sequence[_Filter]) -> list[str]:
    total = len(listed.items)
    missing = [(one.attribute, sum(not item.of(one.attribute) for item in listed.items)) for one in filters]
    return [f"For {count} of {total} entries the {name} is not stated." for name, count in missing if count]


def _no_entry(listed: ItemList, filters: Sequence[_Filter], sources: Sources) -> Finding:
    """Say that no entry is of the year asked for; the entries that state a year prove it."""
    dated = [fact for item in listed.items for fact in item.of("year")]
    claim = Claim(
        f"“{listed.label}”: none of {len(listed.items)} entries ({filters[0].shown}).", tuple(range(len(dated)))
    )
    evidence = tuple(Evidence(f.doc_id, f.statement, f.path, f.flags, CONFIDENCE, short=f.span) for f in dated)
    notes = tuple(Claim(note, ()) for note in _not_stated(listed, filters))
    listing = _listing(listed, filters, (), sources.documents[listed.items[0].title.doc_id])
    return Finding(Kind.LIST, (claim, *notes), evidence, "none", listing=listing, confidence=CONFIDENCE)

"""Questions about the lists of the documents, about one entry of them, and about what a sentence enumerates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from weakref import WeakKeyDictionary

from nkqa.ask.read import read
from nkqa.ask.sources import Sources
from nkqa.store.facts import FactStore
from nkqa.text.terms import stem, terms, tokens
from nkqa.types import (
    AnswerType,
    Block,
    BlockKind,
    Claim,
    Document,
    Evidence,
    Fact,
    FactKind,
    Finding,
    Kind,
    Query,
    Span,
)

CONFIDENCE = 0.9
NEAR_CONFIDENCE = 0.7
# Longer lists are shown by their titles; the citations have the whole entries.
MAX_WORDS = 150
MAX_LEAD_WORDS = 8
_SAME = tuple(
    frozenset(stem(word) for word in group.split())
    for group in ("film films movie movies picture", "book books reading readings", "prize award medal")
)
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
class _Item:
    """An entry of a list with its facts; `stems` are those of its whole text."""

    facts: tuple[Fact, ...]
    stems: frozenset[str]

    @property
    def title(self) -> Fact:
        return self.facts[0]

    def of(self, attribute: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.attribute == attribute)

    def words(self, attribute: str) -> frozenset[str]:
        return frozenset(term for fact in self.of(attribute) for term in terms(fact.value))


@dataclass(frozen=True, slots=True)
class _List:
    """A list with the words it goes by: its nouns ("films"), and the subject that its surroundings give it."""

    items: tuple[_Item, ...]
    label: str
    lead: Span | None
    nouns: frozenset[str]
    subject: frozenset[str]

    def words(self, attribute: str) -> frozenset[str]:
        return frozenset(term for item in self.items for term in item.words(attribute))


@dataclass(frozen=True, slots=True)
class _Filter:
    """What the entries asked for have in common; `first` and `last` bound a year."""

    attribute: str
    shown: str
    stems: frozenset[str] = frozenset()
    first: float = 0
    last: float = 9999

    def takes(self, item: _Item) -> bool:
        if self.attribute == "year":
            return any(f.low is not None and self.first <= f.low <= self.last for f in item.of("year"))
        if self.attribute == "prize" and not self.stems:
            return bool(item.of("prize"))
        return any(self.stems <= _with_synonyms(terms(fact.value)) for fact in item.of(self.attribute))


def find_list(query: Query, sources: Sources) -> Finding | None:
    """Return all entries of a list that fit a question, or what the best passage enumerates; None for other questions.

    Without hits, only whole lists are looked at.
    """
    found = _find_entries(query, sources)
    return found or (_find_enumeration(query, sources) if sources.hits else None)


def _find_entries(query: Query, sources: Sources) -> Finding | None:
    if _NO_LISTING.match(query.text):
        return None
    for listed in _lists(sources):
        # A follow-up ("and by Lind?") asks of the same list, not for the same entries.
        asked = frozenset(query.terms) | (frozenset(query.context) & listed.nouns)
        if _is_introduced(query, asked, listed):
            return _entries(query, listed, listed.items, (), sources)
        if not _asks_for_several(query, listed):
            continue
        filters, rest = _filters(query, asked, listed)
        if rest:
            continue
        chosen = tuple(item for item in listed.items if all(one.takes(item) for one in filters))
        if chosen:
            return _entries(query, listed, chosen, filters, sources)
        if [one.attribute for one in filters] == ["year"]:
            return _no_entry(listed, filters)
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
    shown = _one_line(fact.statement, sources.documents[fact.doc_id])
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


# ------------------------------------------------------------------------------------------------------ what there is


# The lists of a store never change; reading them takes longer than all else here.
_READ: WeakKeyDictionary[FactStore, tuple[_List, ...]] = WeakKeyDictionary()


def _lists(sources: Sources) -> tuple[_List, ...]:
    if sources.facts not in _READ:
        groups: dict[str, list[Fact]] = {}
        for fact in sources.facts.find(FactKind.LIST_ITEM):
            groups.setdefault(fact.group or "", []).append(fact)
        _READ[sources.facts] = tuple(_list(facts, sources.documents[facts[0].doc_id]) for facts in groups.values())
    return _READ[sources.facts]


def _list(facts: list[Fact], document: Document) -> _List:
    places: dict[object, list[Fact]] = {}
    for fact in facts:
        places.setdefault(fact.position, []).append(fact)
    items = tuple(
        _Item(tuple(own), _with_synonyms(terms(own[0].statement.of(document.text)))) for own in places.values()
    )
    lead = _lead(document, facts[0].statement)
    heading = facts[0].path[-1] if facts[0].path else document.title
    label = _one_line(lead, document).rstrip(":") if lead else heading
    around = terms(" ".join([label, document.title, *facts[0].path]))
    return _List(items, heading, lead, _nouns(label), _with_synonyms(around))


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
    return _with_synonyms(stem(token.word) for token in tokens(head) if _is_plural(token.word))


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith("ss") and stem(word) != word


def _with_synonyms(stems: Iterable[str]) -> frozenset[str]:
    own = frozenset(stems)
    return own.union(*(group for group in _SAME if group & own))


# ------------------------------------------------------------------------------------------------------ what is asked


def _is_introduced(query: Query, asked: frozenset[str], listed: _List) -> bool:
    """Tell whether a question asks for what a sentence above a list introduces: all of its words are there."""
    if listed.lead is None or query.answer_type not in (AnswerType.ANY, AnswerType.NAME):
        return False
    content = asked - _GENERIC
    own = listed.subject & content
    return len(content) >= 2 and content <= own and query.kind not in (Kind.YES_NO, Kind.WHY_HOW)


def _asks_for_several(query: Query, listed: _List) -> bool:
    """Tell whether a question names the entries of a list, or a kind of them, in the plural."""
    names = listed.nouns | _with_synonyms(listed.words("kind"))
    plural = {stem(token.word) for token in tokens(query.text) if _is_plural(token.word)}
    return bool(plural & names) and query.kind is not Kind.YES_NO


def _filters(query: Query, asked: frozenset[str], listed: _List) -> tuple[list[_Filter], frozenset[str]]:
    """Return the filters of a question, and the words of it that are left without a meaning here."""
    filters = [year] if (year := _year_filter(query)) else []
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


def _item_named(query: Query, sources: Sources, wanted: str | None) -> _Item | None:
    """Return the only entry whose title a question holds, or that holds all words of the question."""
    lists = _lists(sources)
    asked = frozenset(terms(query.text))
    found = tokens(query.text)
    words = [token.word for token in found]
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


def _length_of_title(words: Sequence[str], item: _Item) -> int:
    """Return how many words of a question are an entry's title, whole or before its colon; 0 where they are not all."""
    title = item.title.value
    for part in (title, re.split(r"[:–—]|\s-\s", title)[0]):
        wanted = [token.word for token in tokens(part)]
        wanted = wanted[1:] if wanted[:1] in (["the"], ["a"], ["an"]) and len(wanted) > 2 else wanted
        if wanted and any(list(words[i : i + len(wanted)]) == wanted for i in range(len(words) - len(wanted) + 1)):
            return len(wanted)
    return 0


def _holds(asked: frozenset[str], item: _Item, listed: _List) -> bool:
    """Tell whether an entry holds all words of a question, one of them in what is known of it."""
    content = asked - _GENERIC - listed.nouns
    known = frozenset().union(
        *(item.words(name) for name in ("title", "creator", "performer", "prize", "about", "year"))
    )
    return bool(content & known) and content <= item.stems and bool(asked & (listed.nouns | item.words("kind")))


def _stated(question: str, item: _Item, wanted: str) -> Fact | None:
    """Return the fact that states an attribute of an entry, None where there is none or more than one fits."""
    facts = _fitting(question, item, wanted)
    if wanted == "performer" and len(facts) > 1:
        asked = {token.word for token in tokens(question)}
        likeness = [_share(asked, fact.unit or "") for fact in facts]
        best = max(likeness)
        facts = tuple(fact for fact, like in zip(facts, likeness, strict=True) if like == best >= 0.5)
    return facts[0] if len(facts) == 1 else None


def _fitting(question: str, item: _Item, wanted: str) -> tuple[Fact, ...]:
    """Return the facts of an attribute; who wrote something did not direct it."""
    facts = item.of(wanted)
    if wanted != "creator":
        return facts
    is_film = "film" in _with_synonyms(item.words("kind"))
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
    query: Query, listed: _List, chosen: tuple[_Item, ...], filters: Sequence[_Filter], sources: Sources
) -> Finding:
    document = sources.documents[chosen[0].title.doc_id]
    texts = [_one_line(item.title.statement, document).rstrip(" ;") for item in chosen]
    if sum(len(text.split()) for text in texts) > MAX_WORDS:
        texts = [" ".join(item.title.value.split()) for item in chosen]
    titles = ", ".join(" ".join(item.title.value.split()) for item in chosen)
    counts = bool(re.search(r"\bhow many\b|\bnumber of\b|\bcount\b", query.text, re.IGNORECASE))
    claims = [Claim(_opening(listed, len(chosen), filters), ())]
    claims += [Claim(text, (place,)) for place, text in enumerate(texts)]
    claims += [Claim(note, ()) for note in _not_stated(listed, filters)]
    evidence = tuple(
        Evidence(f.doc_id, f.statement, f.path, f.flags, CONFIDENCE, listed.lead, f.span)
        for f in (item.title for item in chosen)
    )
    short = str(len(chosen)) if counts else titles if len(titles.split()) <= 12 else f"{len(chosen)} entries"
    return Finding(Kind.LIST, tuple(claims), evidence, short, confidence=CONFIDENCE)


def _opening(listed: _List, shown: int, filters: Sequence[_Filter]) -> str:
    total = len(listed.items)
    label = "" if listed.lead else f"“{listed.label}”: "  # what introduces a list is cited and shown with it
    if not filters:
        return f"{label}all {total} entries shown:"
    what = "; ".join(f"{one.attribute}: {one.shown}" for one in filters)
    return f"{label}{shown} of {total} entries ({what}), all {shown} shown:"


def _not_stated(listed: _List, filters: Sequence[_Filter]) -> list[str]:
    total = len(listed.items)
    missing = [(one.attribute, sum(not item.of(one.attribute) for item in listed.items)) for one in filters]
    return [f"For {count} of {total} entries the {name} is not stated." for name, count in missing if count]


def _no_entry(listed: _List, filters: Sequence[_Filter]) -> Finding:
    """Say that no entry is of the year asked for; the entries that state a year prove it."""
    dated = [fact for item in listed.items for fact in item.of("year")]
    claim = Claim(
        f"“{listed.label}”: none of {len(listed.items)} entries ({filters[0].shown}).", tuple(range(len(dated)))
    )
    evidence = tuple(Evidence(f.doc_id, f.statement, f.path, f.flags, CONFIDENCE, short=f.span) for f in dated)
    notes = tuple(Claim(note, ()) for note in _not_stated(listed, filters))
    return Finding(Kind.LIST, (claim, *notes), evidence, "none", confidence=CONFIDENCE)


def _one_line(span: Span, document: Document) -> str:
    return " ".join(span.of(document.text).split())


# ------------------------------------------------------------------------------------------------------ enumerations

_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten)"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)"
_PLURAL = re.compile(
    rf"(?:which|what|name|list) (?:(?!{_AUXILIARY}\b)\w+ ){{0,2}}?"
    rf"(?!{_AUXILIARY}\b|(?:this|its|his|across)\b)[a-z-]+s\b(?!['’])",
    re.IGNORECASE,
)
_PREPOSITION = r"(?:in|of|from|as|with|for|by|to|on|including|include|includes|between|both|namely|via|due to|such as)"
_BE = r"(?:is|are|was|were|be|has|have|had|can|could|will|would|may|might)"
# A finite verb, or a pronoun that has one: what stands before it is a clause and no item.
_VERB = re.compile(
    rf"\b(?:{_BE}|[a-z]{{3,}}ed|provides?|ranges?|includes?|said|says|gave|gives|took|held|saw|led|kept|it|they|he|she|we)\b",
    re.IGNORECASE,
)
_ENTRANCE = re.compile(rf"\b(?:{_PREPOSITION}|{_BE}|[a-z]{{3,}}ed)\s+(?:{_PREPOSITION}\s+)?(?=\S)", re.IGNORECASE)
_OPENER = re.compile(r"\s*(?:In|On|At|By|After|Before|Since|During|According to|Under|For)\s")
_JOINT = re.compile(r"(?:\A|\s)(?:and|or|as well as)\s")
_PART = re.compile(r"(?:[^,;:.()]|(?<=\d),(?=\d)|\.(?=\w))+")
# What stands behind a single comma may be an aside, and two things are an enumeration only where a word says so.
_ASIDE = re.compile(r"\s*(?:an?|with|from|often|either|whose|where|including|in|at|by)\b", re.IGNORECASE)
_NO_ITEM = re.compile(
    rf"\b(?:{_BE}|which|that|who|but|not|however|according|usually|mainly|among others)\b|\A\s*(?:\d|around\b)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"(?:\b(?:including|both|namely)|\b(?:{_NUMBER}|main|major) (?:[a-z]+ ){{1,3}}(?:are|were))\s+"
    r"(?P<pair>(?!\d|[a-z]+ed\b)[^,;:.()]{2,80}\sand\s[^,;:.()]{2,60})"
)
_TAIL = re.compile(rf"\s(?:{_BE}|that|who|which|to(?!\s(?:an?|the)\b)|because|when|where|under|as)\s")
_COUNTED = re.compile(rf"There (?:are|were|have been|had been) (?P<number>{_NUMBER}) ")
_GOES_ON = re.compile(r"(?:It|Its|They|Their|These|Those)\b")
MAX_ITEM_WORDS = 9
MAX_LAST_WORDS = 14
MAX_CASE_WORDS = 170
MAX_PARTS = 60


def _find_enumeration(query: Query, sources: Sources) -> Finding | None:
    if query.kind is not Kind.LIST and not _PLURAL.match(query.text):
        return None
    evidence = read(replace(query, kind=Kind.LIST), sources.hits, sources.documents)
    if not evidence:
        return None
    first = evidence[0]
    document = sources.documents[first.doc_id]
    short = enumeration(document.text, first.span)
    if cases := _cases(query, evidence, sources):
        short, evidence = None, cases
    elif short is None and (after := _following(first, document)[:1]):
        short = enumeration(document.text, after[0].span) if _GOES_ON.match(after[0].span.of(document.text)) else None
        evidence = (first, *after, *evidence[1:2])
    if short is None and not cases:
        return None
    claims = tuple(Claim(_one_line(p.span, sources.documents[p.doc_id]), (i,)) for i, p in enumerate(evidence))
    shown = _one_line(short, document) if short else None
    return Finding(Kind.LIST, claims, evidence, shown, confidence=NEAR_CONFIDENCE)


def enumeration(text: str, span: Span) -> Span | None:
    """Return what a sentence enumerates ("knots, cooking and first aid"), None where it does not.

    The last item has the "and"; those before it are short and without a verb; the first is what stands behind the last
    preposition or verb of the part of the sentence that leads up to it.
    """
    # A sentence of more parts than this is a listing of its own, and would take long.
    parts = [Span(*part.span()) for part in _PART.finditer(text, span.start, span.end)][:MAX_PARTS]
    for last in range(len(parts) - 1, 0, -1):
        if found := _ending_with(text, parts[_first_part(text, parts, last) : last + 1]):
            return found
    pair = _PAIR.search(text, span.start, span.end)
    if pair is None:
        return None
    tail = _TAIL.search(pair["pair"], pair["pair"].index(" and ") + 4)
    return Span(pair.start("pair"), pair.start("pair") + (tail.start() if tail else len(pair["pair"].rstrip())))


def _ending_with(text: str, parts: Sequence[Span]) -> Span | None:
    """Return the enumeration that parts between commas make, from inside the first to inside the last."""
    head, *inner, tail = (part.of(text) for part in parts) if len(parts) > 1 else ("", "")
    cuts = list(_ENTRANCE.finditer(head))
    cut = cuts[-1].end() if cuts else len(head) - len(head.split()[-1]) if head.split() else 0
    joint = _JOINT.search(tail) or (re.search(r"\sto\s", tail) if re.search(r"\bfrom\s+\Z", head[:cut]) else None)
    if joint is None or len(parts) + bool(tail[: joint.start()].strip()) < 3:
        return None
    rest = _TAIL.search(tail, joint.end())
    tail = tail[: rest.start()] if rest else tail.rstrip()
    items = [head[cut:], *inner, tail]
    if any(_NO_ITEM.search(item) for item in items) or len(tail.split()) > MAX_LAST_WORDS:
        return None
    if len(parts) == 2 and (_ASIDE.match(tail) or _VERB.search(tail) or len(tail.split()) > MAX_ITEM_WORDS):
        return None
    if any(len(item.split()) > MAX_ITEM_WORDS for item in items[:-1]):
        return None
    return Span(parts[0].start + cut, parts[-1].start + len(tail))


def _first_part(text: str, parts: Sequence[Span], last: int) -> int:
    """Return the place of the part that an enumeration begins in, going back from its last part."""
    first = last
    while first > 0 and text[parts[first - 1].end : parts[first].start] == ",":
        words = parts[first - 1].of(text)
        if first == 1 and _OPENER.match(words) and not _VERB.search(words):
            return first
        first -= 1
        if _VERB.search(words) or len(words.split()) > MAX_ITEM_WORDS or _ENTRANCE.match(words.strip()):
            return first
    return first


def _cases(query: Query, evidence: Sequence[Evidence], sources: Sources) -> tuple[Evidence, ...]:
    """Return "There have been three cases" with the sentences that tell them, where the question says "three" too."""
    for piece in evidence[:2]:
        document = sources.documents[piece.doc_id]
        counted = _COUNTED.match(piece.span.of(document.text))
        if counted and re.search(rf"\b{counted['number']}\b", query.text, re.IGNORECASE):
            cases: list[Evidence] = [piece]
            for after in _following(piece, document):
                if sum(len(one.span.of(document.text).split()) for one in (*cases, after)) > MAX_CASE_WORDS:
                    break
                cases.append(after)
            return tuple(cases) if len(cases) > 1 else ()
    return ()


def _following(piece: Evidence, document: Document) -> list[Evidence]:
    """Return the sentences behind a piece of evidence in its block."""
    block = next((block for block in document.blocks if block.span.contains(piece.span)), None)
    return [
        replace(piece, span=sentence.span, flags=tuple(flag.label for flag in sentence.flags), short=None)
        for sentence in (block.sentences if block else ())
        if sentence.span.start >= piece.span.end
    ]

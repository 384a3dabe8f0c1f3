"""Sentences and list items → quantity facts: a figure, what it counts, where, when, who says so and how surely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from nkqa.build.facts.claimants import find_claimant, find_hedge, hedge_start
from nkqa.build.facts.whereabouts import find_place, heading_place, locative
from nkqa.build.passages import plain
from nkqa.store.facts import fact_id
from nkqa.text.numbers import bounds
from nkqa.text.periods import find_periods
from nkqa.text.phrases import amount_of, first_plural, is_plural, noun_phrase
from nkqa.text.terms import STOP_WORDS
from nkqa.text.values import Value, find_values
from nkqa.types import AnswerType, Block, BlockKind, Document, Fact, FactKind, Period, Sentence, Span

_COUNTED = (AnswerType.NUMBER, AnswerType.PERCENT, AnswerType.MONEY, AnswerType.DURATION)
_MEASURE = re.compile(
    r"[`*_]?[\s-](?P<unit>(?:(?:nautical|square|cubic)\s)?(?:metres?|meters?|miles?|kilomet(?:re|er)s?|centimet(?:re|er)s?|km|cm|"
    r"mm|m|feet|foot|inch(?:es)?|yards?|kg|kilograms?|kilos?|grams?|tons?|tonnes?|pounds|lit(?:re|er)s?|gallons?|hertz|"
    r"k?Hz|bar|degrees|knots|hectares?|acres?|watts?|volts?|[kM]W|[MG]B|times))(?!\w)"
)
_YEAR_TO = re.compile(r"(?:1[5-9]|20)\d\d\s(?:to|and)\s")
_OF_STUFF = re.compile(r"k?g\b|k?m\b.*of|kilo|gram|ton|pound|lit|gallon|acre|hectare|times|square|cubic")
_CURRENCY = re.compile(r"[$€£¥₩₽₹]|[^\W\d_][^\d]*\Z")
_TIME_UNIT = re.compile(r"[^\W\d_]+\Z")
# A clause begins behind one of these and ends before one.
_CLAUSE_START = re.compile(
    r"[;:—(]\s*|,\s+|\b(?:and|but|while|whereas)\s+|"
    r"\bthat\s+(?!is\b|are\b|was\b|were\b|ha[sd]\b|have\b|can\b|could\b|will\b|would\b|may\b|did\b|do\b)|\b(?:or|as)\s(?=\d)"
)
_CLAUSE_END = re.compile(r"[;:—()]|,\s|\.\Z|\b(?:but|while|whereas)\s|\sand\s(?=they\b|he\b|she\b|it\b)")
_JOIN = re.compile(r"(?:,|\s|\b(?:and|or|to|with|by|of|in|the|a|an|further|another|until|but|down from|from|high|peak)\b)+\Z")
_PREPOSITION = r"(?:in|by|during|from|between|since|as of|after|before|on|until|up to|for|at|within|of)"
_OPENING = re.compile(
    r"\s*(?:(?:and|but|or|recently|today|now|however|also|overall|still|then|thus|meanwhile)\b,?\s*)+", re.IGNORECASE
)
_EXISTS = re.compile(
    r"(?:there\s(?:\w+\s)?)?(?:are|were|is|was|have been|has been)(?:\s(?:estimated|believed|thought|said|reported))?"
    r"(?:\sto be)?\s*\Z",
    re.IGNORECASE,
)
_ANAPHORA = re.compile(
    r"\b(?:the|this|that)\s(?:share|numbers?|figure|percentage|proportion|rate|total|portion|count)\b(?!\s(?:of|who)\b)",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:an?|the|its|their)\s(staff|crew|team|group|family|population|community|army|fleet|audience)\sof\s"
    r"(?:\w+\s){0,2}\Z"
)
_AMONG = re.compile(r"\s(?:for|among)\s")
_OF_THE = re.compile(r"\s?of(?:\s(?:all|the|these|those|its|their|original|first|last))*\s?", re.IGNORECASE)
_OF_WHOM = re.compile(r"\s(?:all\s)?(?:of\s)?(?:whom|which|them|these|those)\b")
_VERB = re.compile(
    r"\s?(?:(?:still|also|now|never|not|always|even|\w+ly)\s)?(?:are|is|was|were|be|have|has|had|do|did|can|could|will|would|may|who|which|that|being|[a-z]+ed|[a-z]+ing|"
    r"lie|lies|live|stay|remain|say|said|come|came|went|fled|left|hold|held|want|think|died|became|grew|fell|rose)\b"
)
_BOUND = re.compile(
    r"\b(?:(?:is|are|was|were)\s(?:aged?\s)?(?:under|over|between|above|below)|ages?|aged|age of|up to age|older than|"
    r"younger than|children under)\s\Z",
    re.IGNORECASE,
)
_NAME_NUMBER = re.compile(r"\b([^\W\d_a-z][\w’'-]*)\s\Z")
_RELATIVE_TIME = re.compile(
    r"\s(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)\s(?:later|earlier|ago|before|after|old)\b"
)
_FINITE = re.compile(
    r"\s(?:(?:is|are|was|were|has|have|had|can|to|at|of|for|by|within|from|ranging|who|which|that|went|paid|\w{3,}ed)"
    r"(?:\s|\Z))|,\s"
)
_THERE = re.compile(r"\bthere\b(?!\s(?:are|is|was|were|had|has|have)\b)")
_SAME_TIME = re.compile(r"\bin (?:the same|that) (?:year|month|period)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A figure before it is a fact. `before` and `behind` are the parts of its clause on either side of it."""

    value: Value
    sentence: Sentence
    before: Span
    behind: Span
    subject: str
    attribute: str
    where: str | None
    period: Period | None


def quantity_facts(document: Document) -> tuple[Fact, ...]:
    """Return a fact for every figure in the sentences and list items of a document, in the order of its text.

    Years, dates, clock times, bounds of an age group ("were under 30") and numbers that are part of a name ("Camp 14")
    are no figures. `attribute` is the rest of the clause, without time and hedge: what makes the number that number.
    """
    facts: list[Fact] = []
    lead: Block | None = None
    for block in document.blocks:
        if block.kind is BlockKind.CAPTION:
            continue
        if block.kind is not BlockKind.LIST_ITEM:
            lead = block if block.span.of(document.text).endswith(":") else None
        drafts: list[_Draft] = []
        for sentence in block.sentences:
            for value in _figures(document.text, sentence, block.kind):
                drafts.append(_draft(document, block, sentence, value, drafts))
        opening = lead.sentences[-1] if lead and block.kind is BlockKind.LIST_ITEM else None
        facts += [_fact(document, block, draft, opening) for draft in drafts]
    return tuple(facts)


# ------------------------------------------------------------------------------------------------ which numbers count


def _figures(text: str, sentence: Sentence, kind: BlockKind) -> tuple[Value, ...]:
    """Return the values of a sentence that state how many or how much."""
    flagged = [flag.span for flag in sentence.flags]
    return tuple(
        value
        for value in map(partial(_without_year, text), find_values(text, sentence.span))
        if value.type in _COUNTED
        and not any(flag.contains(value.span) for flag in flagged)
        and not (value.type is AnswerType.NUMBER and _is_no_count(text, sentence.span, value.span, kind))
    )


def _without_year(text: str, value: Value) -> Value:
    """Return a percentage without a year that was taken for the low end of its range: "in 1951 to 4%"."""
    year = _YEAR_TO.match(text, value.span.start, value.span.end) if value.type is AnswerType.PERCENT else None
    return Value(value.type, Span(year.end(), value.span.end)) if year else value


def _is_no_count(text: str, sentence: Span, span: Span, kind: BlockKind) -> bool:
    """Tell whether a bare number is a label, a bound, a time ago, or the word "one"."""
    before, written = text[sentence.start : span.start], span.of(text)
    if written.lower() == "one" or bounds(written) is None:
        return True
    if _RELATIVE_TIME.match(text, span.end) or (_BOUND.search(before) and not _counts_noun(text, span.end)):
        return True
    in_title = kind is BlockKind.LIST_ITEM and re.match(r"\s[^\W\d_a-z]", text[span.end : span.end + 2])
    if written[0].isalpha() and written[0].isupper() and (before.strip() or in_title):
        return True
    name = _NAME_NUMBER.search(before)
    in_name = name is not None and name[1].lower() not in STOP_WORDS and not _is_opening_word(before, name)
    return in_name and written[0].isdigit() and "," not in written and not _counts_noun(text, span.end)


def _is_opening_word(before: str, name: re.Match[str]) -> bool:
    """Tell whether a capital is that of the first word of the sentence: "Approximately 600"."""
    return not before[: name.start()].strip() and bool(re.search(r"ly\Z|\A(?:Over|About|Around|Some|Nearly)\Z", name[1]))


def _counts_noun(text: str, end: int) -> bool:
    phrase = noun_phrase(text, end, min(len(text), end + 60))
    return bool(phrase and phrase.start <= end + 1 and is_plural(phrase.of(text).rpartition(" ")[2]))


# ------------------------------------------------------------------------------------------------- reading one figure


def _draft(document: Document, block: Block, sentence: Sentence, value: Value, earlier: list[_Draft]) -> _Draft:
    text = document.text
    before, behind = _clause(text, sentence, value, block.kind)
    counted = _counted(text, value, behind)
    unit = _MEASURE.match(text, value.span.end) if value.type is AnswerType.NUMBER else None
    rest = Span(min(counted.end if counted else unit.end() if unit else behind.start, behind.end), behind.end)
    subject = counted.of(text) if counted else _implied(text, sentence, value, before, rest, earlier)
    attribute = _attribute(text, block, sentence, before, rest, earlier)
    where = _where(document, block, sentence, before, behind, earlier)
    period = _period(text, sentence, before, behind, value, earlier)
    told = _told_again(text, before, earlier, value)
    if told:
        subject, attribute, where = told.subject, told.attribute, told.where
    return _Draft(value, sentence, before, behind, subject, attribute, where, period)


def _clause(text: str, sentence: Sentence, value: Value, kind: BlockKind) -> tuple[Span, Span]:
    """Return the parts of the value's clause before and behind it; the words that only qualify it belong to neither."""
    start, end = sentence.span.start, sentence.span.end
    if sentence.flags:
        end = min(end, *(flag.span.start for flag in sentence.flags if flag.span.start > value.span.start), end)
    for match in _CLAUSE_START.finditer(text, start, value.span.start):
        ahead = text[match.end() : value.span.start]
        if ahead.count(")") <= ahead.count("("):  # else it stands in brackets that are closed again
            start = match.end()
    if ended := _CLAUSE_END.search(text, value.span.end, end):
        end = ended.start()
    for other in _figures(text, sentence, kind):
        if other.span.start > value.span.end and other.span.start < end:
            cut = hedge_start(text, value.span.end, other.span)
            if _OF_THE.fullmatch(text, value.span.end, cut):
                continue  # "18% of 407 defectors": the second number belongs to what is counted
            end = value.span.end + len(_JOIN.sub("", text[value.span.end : cut]))
            break
    stop = hedge_start(text, start, value.span)
    return Span(start, max(start, stop)), Span(value.span.end, max(value.span.end, end))


def _counted(text: str, value: Value, behind: Span) -> Span | None:
    """Return the phrase right behind a value that says what is counted or measured."""
    if _OF_WHOM.match(text, value.span.end):
        return None
    start = value.span.end
    unit = _MEASURE.match(text, start) if value.type is AnswerType.NUMBER else None
    if unit:
        start = unit.end()
    has_of = re.match(r"\s(?:or (?:more|so)\s)?of\s", text[start : behind.end])
    if value.type is AnswerType.NUMBER and start == value.span.end:
        return noun_phrase(text, start, behind.end)
    if unit and not _OF_STUFF.match(unit["unit"]):
        hyphen = text[value.span.end] == "-"  # "11-mile border", but "12 nautical miles of the bar"
        return noun_phrase(text, start, behind.end) if hyphen else None
    if has_of:
        return noun_phrase(text, start + has_of.end(), behind.end)
    phrase = noun_phrase(text, start, behind.end)
    if phrase and value.type is AnswerType.PERCENT:
        return phrase if is_plural(phrase.of(text)) else None
    return phrase if phrase and _is_bare(text, phrase, behind) else None


def _is_bare(text: str, phrase: Span, behind: Span) -> bool:
    """Tell whether a noun may follow a measure directly: "12-week course", "$13,300 housing subsidy"."""
    words = phrase.of(text).split()
    return len(words) > 1 or text[behind.start - 1 : behind.start].isalpha() or is_plural(words[0])


def _implied(
    text: str, sentence: Sentence, value: Value, before: Span, rest: Span, earlier: list[_Draft]
) -> str:
    """Return what a figure counts whose clause does not say it beside the figure."""
    if value.type in (AnswerType.MONEY, AnswerType.DURATION) or _MEASURE.match(text, value.span.end):
        return _measured(text, sentence, before, earlier)
    same = [draft for draft in earlier if draft.value.type in (AnswerType.NUMBER, AnswerType.PERCENT)]
    if phrase := amount_of(text, before.start, before.end):
        return phrase.of(text)
    if group := _GROUP.search(text, before.start, value.span.start):
        return group[1]
    if (among := _AMONG.match(text, rest.start, rest.end)) and (phrase := noun_phrase(text, among.end(), rest.end)):
        return phrase.of(text)
    if same and same[-1].sentence == sentence:
        return same[-1].subject
    if phrase := amount_of(text, sentence.span.start, value.span.start):
        return phrase.of(text)
    phrase = first_plural(text, sentence.span.start, value.span.start)
    if phrase and not (same and phrase.of(text) in ("numbers", "figures")):
        return phrase.of(text)
    return same[-1].subject if same else ""


def _measured(text: str, sentence: Sentence, before: Span, earlier: list[_Draft]) -> str:
    """Return what a sum, a duration or a measure is that of: the subject of its clause, or what stands before it."""
    words = _without_opening(text, before).of(text).strip()
    if not words or _VERB.match(words) or len(words.split()) == 1:
        if earlier and earlier[-1].sentence == sentence and earlier[-1].value.type is not AnswerType.NUMBER:
            return earlier[-1].subject
        words = _without_opening(text, Span(sentence.span.start, before.end)).of(text).strip()
    words = re.sub(r"\A(?:Due|According|Owing|Because|Based|Apart|Despite)\b[^,]*,\s", "", words)
    subject = _FINITE.split(words)[0].strip(" ,")
    if " the " in subject:
        subject = subject[subject.rindex(" the ") + 1 :]
    return " ".join(subject.split()[-8:])


def _without_opening(text: str, span: Span) -> Span:
    """Return a clause without the time or the adverb that opens it: "In 2012 about 100 ..."."""
    start = span.start
    if opening := _OPENING.match(text, start, span.end):
        start = opening.end()
    for place, _ in find_periods(text, Span(start, span.end)):
        lead = text[start : place.start]
        if re.fullmatch(rf"\s*(?:{_PREPOSITION}\s)?(?:the\s)?", lead, re.IGNORECASE):
            behind = re.match(r"(?:\s(?:period|alone))?,?\s", text[place.end : span.end])
            start = place.end + (behind.end() if behind else 0)
            break
    return Span(min(start, span.end), span.end)


def _attribute(text: str, block: Block, sentence: Sentence, before: Span, rest: Span, earlier: list[_Draft]) -> str:
    """Return the words of the clause around a figure and what it counts."""
    head = _without_opening(text, before).of(text).strip()
    tail = _without_time(text, rest)
    if tail and _EXISTS.match(head):
        head = ""
    last = earlier[-1] if earlier and earlier[-1].sentence == sentence else None
    if last and not head and not _VERB.match(tail) and re.fullmatch(r"[\s,]*(?:and|or|,)\s*(?:\w+\s)*", text[last.behind.end : before.end]):
        # "388 wrecks on the bar and a further 52 in the river": the verb stands before the first figure.
        head = _without_opening(text, last.before).of(text).strip()
    if not tail and len(head.split()) <= 1:
        head = _without_opening(text, Span(sentence.span.start, before.end)).of(text).strip(" (,")
    return plain(" … ".join(part for part in (_named(text, block, sentence, head), tail) if part))


def _named(text: str, block: Block, sentence: Sentence, head: str) -> str:
    """Return a clause with what its "they" most likely stands for: the first plural of the sentence before."""
    place = block.sentences.index(sentence)
    if not re.match(r"they\b", head, re.IGNORECASE) or not place:
        return head
    previous = _without_opening(text, block.sentences[place - 1].span)
    comma = re.match(r"(?:Based|According|In|As|For|By|After|Before|During|Due)\b[^,]*,\s", previous.of(text))
    start = previous.start + (comma.end() if comma else 0)
    named = first_plural(text, start, previous.end)
    return f"they ({named.of(text)}){head[4:]}" if named else head


def _without_time(text: str, span: Span) -> str:
    """Return the end of a clause without the times in it and the prepositions before them."""
    piece = span.of(text)
    for place, _ in reversed(find_periods(text, span)):
        lead = re.sub(rf"(?:\b{_PREPOSITION}\s)?(?:the\s)?(?:year\s)?\Z", "", text[span.start : place.start])
        piece = lead + text[place.end : span.start + len(piece)] if place.end <= span.end else piece
        span = Span(span.start, span.start + len(lead)) if place.end == span.end else span
    piece = re.sub(r"\A\s*(?:of\s(?:whom|them|which)\s)?", "", piece).strip(" ,.)”")
    return _JOIN.sub("", piece).strip()


def _told_again(text: str, before: Span, earlier: list[_Draft], value: Value) -> _Draft | None:
    """Return the figure that "the share" or "the number" of this clause takes up, None where it takes up none."""
    if not _ANAPHORA.search(text, before.start, before.end):
        return None
    same = [draft for draft in earlier if (draft.value.type is AnswerType.PERCENT) == (value.type is AnswerType.PERCENT)]
    return same[-1] if same else None


def _where(
    document: Document, block: Block, sentence: Sentence, before: Span, behind: Span, earlier: list[_Draft]
) -> str | None:
    """Return the place of a figure: from its clause, from the one before for "there", else from the headings."""
    text = document.text
    if (there := _THERE.search(text, behind.start, behind.end)) and earlier:
        last = earlier[-1]
        subject = re.match(r"([^\W\d_a-z][\w’'-]*(?:\s[^\W\d_a-z][\w’'-]*)*)\s(?:had|has|have)\b", last.before.of(text))
        return last.where or locative(text, last.behind) or (subject[1] if subject else None) or there[0]
    further = Span(behind.end, _until_comma(text, behind.end, sentence.span.end))
    if _OF_WHOM.match(text, behind.start) and earlier and earlier[-1].where:
        return find_place(text, behind) or earlier[-1].where
    wider = before
    if re.match(r"(?:which|who|where)\b", before.of(text)):
        wider = Span(max(sentence.span.start, text.rfind(", ", 0, before.start - 2), text.rfind(". ", 0, before.start)), before.end)
    for span in (behind, further, wider):
        if place := find_place(text, span):
            return place
    return heading_place(document, document.path_of(block.section))


def _until_comma(text: str, start: int, end: int) -> int:
    """Return where a coordinated clause ends; a place behind "and 15,675 children" holds for both figures."""
    if not re.match(r"\sand\s", text[start:end]):
        return start
    found = re.search(r"[,;:()](?!\d)|\.\Z", text[start:end])
    return start + found.start() if found else end


def _period(
    text: str, sentence: Sentence, before: Span, behind: Span, value: Value, earlier: list[_Draft]
) -> Period | None:
    """Return the time of a figure: the first behind it in its clause, the last before it, the first in the sentence."""
    if _SAME_TIME.search(text, sentence.span.start, sentence.span.end) and earlier and earlier[-1].period:
        return earlier[-1].period
    times = find_periods(text, sentence.span)
    inside = [period for place, period in times if behind.contains(place)]
    ahead = [period for place, period in times if place.end <= value.span.start]
    beyond = [period for place, period in times if place.start >= behind.end]
    joined = text[behind.end : behind.end + 1] != ";"
    return next(iter([*inside, *ahead[-1:], *(beyond if joined else [])]), None)


# ------------------------------------------------------------------------------------------------------- the fact


def _fact(document: Document, block: Block, draft: _Draft, lead: Sentence | None) -> Fact:
    text, span, sentence = document.text, draft.value.span, draft.sentence
    segment = _segment(text, sentence.span, span)
    numbers = bounds(span.of(text)) or (None, None)
    period, attribute = draft.period, draft.attribute
    claimant = find_claimant(text, segment, span)
    if lead:
        opening = lead.span.of(text).rstrip(":").strip()
        attribute = f"{opening}: {attribute}".strip(": ") if attribute else opening
        period = period or next((time for _, time in find_periods(text, lead.span)), None)
        claimant = claimant or find_claimant(text, lead.span, Span(lead.span.end, lead.span.end))
    return Fact(
        id=fact_id(document, FactKind.QUANTITY, span, draft.subject, draft.attribute),
        kind=FactKind.QUANTITY,
        subject=draft.subject,
        attribute=attribute,
        value=span.of(text),
        low=numbers[0],
        high=numbers[1],
        unit=_unit(text, draft.value),
        where=draft.where,
        period=period,
        claimant=claimant,
        hedge=find_hedge(text, Span(draft.before.start, draft.behind.end), segment, span),
        flags=tuple(dict.fromkeys(flag.label for flag in sentence.flags)),
        doc_id=document.id,
        span=span,
        statement=sentence.span if block.kind is not BlockKind.LIST_ITEM else _statement(block, sentence),
        path=document.path_of(block.section),
    )


def _statement(block: Block, sentence: Sentence) -> Span:
    return block.span if len(block.sentences) == 1 else sentence.span


def _segment(text: str, sentence: Span, value: Span) -> Span:
    """Return the part of a sentence between semicolons that holds the value."""
    start = text.rfind("; ", sentence.start, value.start)
    end = text.find("; ", value.end, sentence.end)
    return Span(sentence.start if start < 0 else start + 2, sentence.end if end < 0 else end)


def _unit(text: str, value: Value) -> str | None:
    written = value.span.of(text)
    if value.type is AnswerType.PERCENT:
        return "%"
    if value.type is AnswerType.MONEY:
        found = _CURRENCY.search(written)
        return re.sub(r"\A(?:hundred|thousand|million|billion)\s", "", found[0]) if found else None
    if value.type is AnswerType.DURATION:
        found = _TIME_UNIT.search(written)
        return found[0] if found else None
    measure = _MEASURE.match(text, value.span.end)
    return measure["unit"] if measure else None

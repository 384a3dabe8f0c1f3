"""Who says a figure, and how surely: "According to X", "X estimated that", "a survey by X", "around", "reportedly"."""

from __future__ import annotations

import re

from nkqa.text.periods import find_periods
from nkqa.types import Span

# A claimant longer than this is a misread sentence.
MAX_CLAIMANT_WORDS = 30

_HEDGES = (
    r"about|around|approximately|roughly|nearly|almost|over|under|at least|at most|more than|less than|fewer than|"
    r"up to|only|just|some|circa|as many as|as few as|close to|well|likely|probably|possibly|perhaps|maybe|"
    r"an estimated|estimated(?: at| to be)?|reportedly|allegedly|supposedly"
)
_HEDGE_BEFORE = re.compile(rf"(?:\b(?:{_HEDGES})\s)+(?=(?:between\s|a total of\s|an?\s)?\Z)", re.IGNORECASE)
_HEDGE_BEHIND = re.compile(r"\s(?:or (?:more|so|fewer|less))\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|apparently|presumably|purportedly|likely|probably|possibly|"
    r"(?:un|not )confirmed reports?|(?:is|are|was|were|been) (?:believed|thought|said|alleged|rumou?red) to|"
    r"(?:is|are|was|were) estimated|estimated (?:at|to be)|(?:is|was|were|been) (?:widely )?reported)\b",
    re.IGNORECASE,
)
_NUMBER_NEXT = rf"(?:(?:{_HEDGES}|between|a total of|a further|another)\s)*(?:[$€£¥₩]?\s?\d|(?:two|three|four|five|six|seven|eight|nine|ten)\b)"  # noqa: E501 (one pattern)
_TIME_NEXT = r"(?:\s(?:in|on|as of)\s(?:\w+\s){0,2}\d{4},?)?"
# A verb says who speaks only where what is said follows: "... that", or the number itself.
_SAYS = re.compile(
    rf"\b(?:(?P<verb>(?:estimat|report|claim|announc|suggest|indicat|reveal|conclud|stat|show|not|believ)(?:ed|es|e|s)?|"
    rf"shown|f(?:ound|inds?)|sa(?:ys?|id)|wr(?:ote|ites)){_TIME_NEXT}\s(?P<that>that)\b|"
    rf"(?:(?:estimat|report|claim|record|count|calculat)(?:ed|es|e|s)|found|said){_TIME_NEXT}\s(?={_NUMBER_NEXT})|"
    rf"puts?\s(?:the|its|their)\s(?:share|numbers?|figure|total|percentage|proportion|rate|toll|count)\sat\b)",
    re.IGNORECASE,
)
_SHOWS = re.compile(r"show|reveal|indicat|suggest|conclud", re.IGNORECASE)
_SOURCE = re.compile(
    r"\b(?:surveys?|stud(?:y|ies)|polls?|data|results?|reports?|research|census|statistics|figures|papers?|records?|"
    r"cables?|analys[ie]s|documents?|logs?|counts?)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|it)\s(?:\w+ly\s)?\Z", re.IGNORECASE)
_PASSIVE_BY = re.compile(
    r"\b(?:is|are|was|were|been)\s(?:\w+ly\s)?(?:reported|estimated|said|claimed|counted|recorded)\sby\s"
    r"(?P<who>[^,;.()]+?)(?=\s(?:to|that|in|on|at|as)\s|[,;.()]|\Z)",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\baccording to\s(?P<who>.+?)(?=,\s|;|\.?\Z)", re.IGNORECASE)
_SURVEY = re.compile(
    r"\b(?:in|based on)\s(?P<who>an?\s(?:[\w-]+\s){0,3}?(?:survey|poll|study|census|sample)\b(?:[^,;]|,(?=\d))*),\s",
    re.IGNORECASE,
)
# "estimates by the ministry": the ministry says so. A study or survey is named itself.
_DATA_OF = re.compile(
    r"(?:the\s|an?\s)?(?:\w+\s)?(?:estimates?|data|figures|statistics|research)\s"
    r"(?:conducted\s|collected\s|compiled\s|made\s|published\s)?(?:by|from)\s",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:(?:in|during|by|on|since|as|at|after|before|for|with|from|between|until|under|among|of|according|based|"
    r"moreover|however|also|recently|later|today|finally|meanwhile|additionally|furthermore|thus|therefore|then)\b"
    r"[^,]*,\s)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:\s(?:had|has|have|also|later|once|recently|previously|already|then|who|which|in its|\w+ly))+\Z")
_NOBODY = re.compile(
    r"(?:it|they|he|she|we|this|that|these|those|who|which|there|what|as|and|but|or)?\Z|"
    r".*\b(?:to|will|would|can|could|not)\Z",
    re.IGNORECASE | re.DOTALL,
)


def find_claimant(text: str, segment: Span, value: Span) -> str | None:
    """Return who states the value, as written, or None where the text does not say.

    `segment` is the sentence, or the part of it between semicolons, that holds the value. A claimant stands before
    the value, or after it at the very end ("... , according to X.").
    """
    for pattern in (_ACCORDING, _PASSIVE_BY):
        for match in pattern.finditer(text, segment.start, segment.end):
            at_end = not text[match.end() : segment.end].strip(" .,")
            if match.end() <= value.start or at_end or pattern is _PASSIVE_BY:
                return _trimmed(text, Span(match.start("who"), match.end("who")))
    said = [
        match
        for match in _SAYS.finditer(text, segment.start, segment.end)
        if match.end() <= value.start and not _PASSIVE.search(text, segment.start, match.start())
    ]
    for match in reversed(said):
        who = _speaker(text, segment.start, match.start())
        if who and (not _SHOWS.match(match[0]) or _SOURCE.search(who)):
            return who
    survey = _SURVEY.search(text, segment.start, value.start)
    return _trimmed(text, Span(survey.start("who"), survey.end("who"))) if survey else None


def find_hedge(text: str, clause: Span, segment: Span, value: Span) -> str | None:
    """Return the words that make the value less than sure, joined by commas; None where there are none.

    They stand right before the value ("only about"), right behind it ("or more"), or in its clause ("reportedly"). A
    doubt about the source ("unconfirmed reports") holds for the whole segment.
    """
    found: list[Span] = []
    near = max(clause.start, value.start - 60)
    if before := _HEDGE_BEFORE.search(text[near : value.start]):
        found.append(Span(near + before.start(), near + before.end()))
    if behind := _HEDGE_BEHIND.match(text, value.end):
        found.append(Span(*behind.span()))
    for match in _DOUBT.finditer(text, segment.start, segment.end):
        inside = clause.start <= match.start() < clause.end
        about_source = match.start() < value.start and match[0].lower().endswith(("report", "reports", "reported"))
        apart = all(match.end() <= other.start or other.end <= match.start() for other in found)
        if apart and (inside or about_source):
            found.append(Span(*match.span()))
    return ", ".join(dict.fromkeys(" ".join(span.of(text).lower().split()) for span in found)) or None


def hedge_start(text: str, start: int, value: Span) -> int:
    """Return where the words right before a value begin that only qualify it, "an estimated" or "a total of"."""
    piece = text[start : value.start]
    tail = re.search(
        rf"(?:\b(?:{_HEDGES}|between|a total of|the total of|an?|the|a further|another|further)\s)+\Z",
        piece,
        re.IGNORECASE,
    )
    return start + tail.start() if tail else value.start


def _speaker(text: str, start: int, end: int) -> str | None:
    """Return the subject of a verb of saying that begins at `end`, without what opens the sentence."""
    opening = _OPENING.match(text, start, end)
    begin = opening.end() if opening and opening.end() < end else start
    for place, _ in find_periods(text, Span(begin, end))[:1]:
        if re.fullmatch(
            r"(?:in|by|during|on|since|between|after|before)?\s?(?:the\s)?", text[begin : place.start], re.I
        ):
            begin = place.end + (text[place.end] == " ")
    piece = text[begin:end]
    chunks = piece.split(", ")
    if len(chunks) > 1 and not chunks[-1].strip():
        piece = chunks[0]  # "X, professor at Y, estimated"
    elif len(chunks) > 1:
        begin += len(piece) - len(chunks[-1])
        piece = chunks[-1]
    lead = re.match(r"(?:and|but|while|although|with|because)\s", piece)
    begin += lead.end() if lead else 0
    return _trimmed(text, Span(begin, begin + len(piece) - (lead.end() if lead else 0)))


def _trimmed(text: str, span: Span) -> str | None:
    """Return a name of a claimant without a time at its end and the verbs that lead on from it; None for a pronoun."""
    who = _TAIL.sub("", span.of(text).strip(" ,"))
    start = text.index(who, span.start) if who else span.start
    for place, _ in reversed(find_periods(text, Span(start, start + len(who)))):
        if place.end == start + len(who):
            who = re.sub(r"\s(?:in|on|of|as of|from|since)(?:\sthe)?\s?\Z", "", text[start : place.start].rstrip())
    if data := _DATA_OF.match(who):
        who = who[data.end() :]
    if sized := re.search(rf"\sof\s(?={_NUMBER_NEXT})", who):
        who = who[: sized.start()]
    who = _TAIL.sub("", who).strip(" ,")
    return None if _NOBODY.match(who) or len(who.split()) > MAX_CLAIMANT_WORDS else who

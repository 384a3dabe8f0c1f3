"""Words of questions about tables, as patterns: operations, bounds, times, and fillers. General English only."""

from __future__ import annotations

import re
from enum import Enum

from nkqa.text.terms import stem


class Operation(Enum):
    """What is done with the numbers."""

    LOOK_UP = "look up"
    SUM = "sum"
    DIFFERENCE = "difference"
    SHARE = "share"
    RATIO = "ratio"
    AVERAGE = "average"
    CHANGE = "change in per cent"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    RANK = "rank"
    WHICH = "in which"
    FIRST = "first"
    LAST = "last"
    COUNT = "count"
    TREND = "trend"
    VERIFY = "verify totals"
    COMPARE = "compare"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


YEAR = r"(?:1[5-9]|20)\d\d"
_SHARE = r"(?:per ?cent\w*|percentages?|shares?|proportions?|portions?|fractions?)"
_HIGH = r"(?:high\w*|most(?! recent)|largest|biggest|greatest|peak\w*|maximum|max|top|best)"
_LOW = r"(?:low\w*|fewest|smallest|least|minimum|min|worst)"
_MOVE = r"(?:fall|drop|rise|grow|increase|decrease|decline|change)"
_ORDINAL = r"(?:second|third|fourth|fifth|2nd|3rd|4th|5th)"
_OTHER_SIDE = rf"(?:(?:in )?{YEAR}|men|women|males?|females?|the (?:year|previous))"

# "How did it change?" asks for numbers where a table has them, not for reasons.
HOW_CHANGED = _words(rf"\bhow (?:did|do|does|has|have) .*\b(?:{_MOVE}|changed|develop(?:ed)?|evolved?)\b")
# The first operation whose words a question holds is the one asked for.
OPERATIONS: tuple[tuple[Operation, re.Pattern[str]], ...] = tuple(
    (operation, _words(pattern))
    for operation, pattern in (
        (
            Operation.VERIFY,
            r"\b(?:add(?:s|ed)? up|match\w*|agree\w*|consistent|tally|sum(?:s|med)? (?:up )?to|correct)\b"
            r"(?=.*\b(?:totals?|sums?|overall)\b)",
        ),
        (Operation.TREND, r"\b(?:trends?|over time|develop\w*|evolv\w*|over the years)\b"),
        (
            Operation.CHANGE,
            rf"(?:\b{_SHARE}|%)\s*(?:\w+\s)?(?:growth|{_MOVE})\b|\bgrowth(?: rate)?\b|\bby (?:what|how many) {_SHARE}|"
            rf"\b{_MOVE}\w* .*\bin {_SHARE}",
        ),
        (Operation.COUNT, r"\b(?:how many|number of) (?:of the )?(?:years|times|entries|rows)\b"),
        (Operation.RATIO, r"\bratio\b|\bhow many times (?:as|more)\b|\btimes as many\b"),
        (Operation.AVERAGE, r"\b(?:averages?|mean|typical)\b"),
        (Operation.RANK, rf"\brank\w*\b|\b{_ORDINAL}[- ](?:high|low|most|larg|few|small|big)\w*"),
        (
            Operation.DIFFERENCE,
            r"\b(?:differences?|gap|by how much)\b|\bhow (?:many|much) (?:fewer|more|less)\b|\bcompared (?:with|to)\b|"
            rf"\bhow much (?:did|does|do|has|have) .*\b{_MOVE}\b|\b(?:fewer|more|less)\b(?=.*\bthan {_OTHER_SIDE})",
        ),
        (Operation.MAXIMUM, rf"\b{_HIGH}\b"),
        (Operation.MINIMUM, rf"\b{_LOW}\b"),
        (
            Operation.SUM,
            r"\b(?:add(?: up)?|sum|together|combined|in total|altogether|in all|cumulative\w*|overall)\b",
        ),
    )
)
ASKS_SHARE = _words(rf"\b{_SHARE}\b|%")
ASKS_YEAR = _words(
    r"\b(?:(?:which|what) (?:\w+ )?(?:years?|entr(?:y|ies)|rows?|columns?)|when did|when was|list the years|"
    r"years (?:when|where|in which|with)|(?:peak|record|top|best|worst|highest|lowest) year)\b|^when\b"
)
ASKS_NUMBER = _words(
    r"\bhow many\b|\bnumbers?\b|\bcounts?\b|\bfigures?\b|\btotals?\b|\btable\b|\bhow (?:large|high|big|much)\b|"
    r"\barrivals?\b|\bcolumn\b|\brow\b|\bwhat (?:is|was|were|are) the\b"
)
COUNTS_YEARS = _words(r"\b(?:how many|number of) (?:of the )?years\b")
FIRST = _words(r"\b(?:first|earliest)\b")
LAST = _words(r"\b(?:last|latest|most recent) (?:year|time|entry|one)\b")
LATEST = _words(r"\b(?:latest|most recent|last)\s+(?:year|figures?|data|number|count)\b|\bnow\b|\bcurrently\b")
TOTAL_COLUMN = _words(
    r"\b(?:last column|far right|right-?most|all[- ]time|grand totals?|final column|total column|since records began)\b"
)
PERIOD_COLUMN = _words(r"\bperiod\b|~\s?\d{4}|\b(?:up to|until|through|ends? in|ending in)\b")
# Words of a yes/no question that ask whether the later, or the first named, is the larger or the smaller.
CHANGES = _words(
    r"\b(?:rise|rose|risen|grow|grew|grown|increase[sd]?|fall|fell|fallen|drop(?:ped)?|decrease[sd]?|decline[sd]?)\b"
)
UPWARD = _words(r"\b(?:rise|rose|risen|grow|grew|grown|increase[sd]?|more|higher|larger|exceed\w*|outnumber\w*)\b")
DOWNWARD = _words(r"\b(?:fall|fell|fallen|drop(?:ped)?|decrease[sd]?|decline[sd]?|fewer|less|lower|smaller)\b")
COMPARES = _words(r"\bcompar(?:e|es|ed|ison|ing)\b|\b(?:versus|vs)\b")
BOTH = _words(r"\bboth (?:sexes|genders|groups|kinds)\b|\btogether\b")
ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5}

THRESHOLD = _words(
    r"\b(?P<word>above|over|more than|greater than|higher than|exceed(?:s|ed|ing)?|at least|no fewer than|under|below|"
    r"fewer than|less than|lower than|at most|no more than|up to)\s+"
    r"(?P<number>[\d.,]*\d(?:\s?(?:thousand|hundred|million))?"
    r"|(?:(?:a|one|two|three|four|five) )?(?:thousand|hundred|million))(?!\d)"
)
SCALES = {"hundred": 100.0, "thousand": 1000.0, "million": 1e6}
RANGE = _words(
    rf"\b(?:from|between)\s+({YEAR})\s+(?:to|and|until|till|through)\s+({YEAR})\b|"
    rf"\b({YEAR})\s?(?:[-–—]|to|through|until|till)\s?({YEAR})\b"
)
SINCE = _words(
    rf"\b(?:since|from)\s+({YEAR})\b(?!\s?(?:to|and|until|till|through|[-–]))|\b({YEAR}) (?:onwards?|or later)\b"
)
AFTER = _words(rf"\bafter\s+({YEAR})\b")
BEFORE = _words(rf"\bbefore\s+({YEAR})\b")
UNTIL = _words(rf"\b(?:until|till|up to|by)\s+({YEAR})\b")
YEAR_AFTER = _words(
    rf"\b(?:(?:year|one) (?:after|later)|(?:following|next) (?:year|one))\b(?!\s+{YEAR})",
)
NEXT_TO_YEAR = _words(rf"\b(?:year|one)s? (?P<side>after|before|following|preceding) (?P<year>{YEAR})\b")
YEAR_BEFORE = _words(
    rf"\b(?:(?:year|one) (?:before|earlier)|(?:previous|preceding|prior) (?:year|one))\b(?!\s+{YEAR})",
)

# Words that a question about a table may hold without asking for more: talk about tables, people in general, coming and
# being counted. They are stems of general English, chosen for any table of counts.
FILLERS = frozenset(
    stem(word)
    for word in """table tables column columns row rows cell cells stats statistic statistics figure figures data number
    numbers count counts counted value values list listed listing show shows showed shown record records recorded report
    reported reports print printed stated state states give gives page text article according year years annual
    annually yearly month period periods end ends ending last latest recent recently far right left time times entry
    entries people person persons individual individuals folks sex sexes gender genders group groups kind kinds category
    categories need want know find look work calculate compute tell please thanks exactly exact roughly about around
    arrive arrives arrived arriving arrival arrivals come comes came coming reach reaches reached enter enters entered
    entering get gets got make made escape escapes escaped defect defects defected flee fled newcomer newcomers bring
    outnumber outnumbered outnumbers versus vs
    brought take took taken handle handled carry carried among first earliest before after since between until
    difference differences gap compare compared comparison add adds added sum average averages mean percent percentage
    percentages share shares proportion proportions portion fraction ratio rate rank ranked ranking second third fourth
    fifth trend trends change changes changed grow grew growth rise rose increase increased decrease decreased decline
    declined drop dropped fall fell develop developed high higher highest low lower lowest large larger largest big
    bigger biggest small smaller smallest great greatest few fewer fewest most least maximum minimum peak peaked top
    exceed exceeded greater less under above below total totals thousand hundred million one two three four five put
    together match agree correct consistent much cumulative previous preceding following next later earlier now
    currently overall happen happened see saw seen go went cross crossed crossing running prose paragraph""".split()
)

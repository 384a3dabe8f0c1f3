"""Greetings, thanks and questions about nkqa itself: recognised by whole short phrases, answered in a line."""

from __future__ import annotations

import re
from enum import Enum


class Smalltalk(Enum):
    """What a friendly word asks for; the value is the answer."""

    GREETING = "Hello! Ask me something about the documents, and I answer with the passages that say it."
    THANKS = "You are welcome."
    FAREWELL = "Goodbye."
    ABILITIES = (
        "I answer questions from the documents of this service, and only from them. Every answer cites the exact "
        "passage; where the text does not say, I say so."
    )


_PHRASES: tuple[tuple[Smalltalk, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{pattern})\Z", re.IGNORECASE))
    for kind, pattern in (
        (
            Smalltalk.GREETING,
            r"(?:hi|hello|hey|hiya|howdy|greetings|yo|good (?:morning|afternoon|evening|day)|annyeong\w*|안녕\w*)"
            r"(?: (?:there|all|everyone|nkqa|again|you|to you))*(?: how are you(?: doing)?(?: today)?)?|"
            r"how are you(?: doing)?",
        ),
        (
            Smalltalk.THANKS,
            r"(?:ok(?:ay)? |great |perfect )?(?:thanks|thank you|thx|cheers|ty|감사\w*|고마\w*)"
            r"(?: (?:a lot|so much|very much|again|you))*",
        ),
        (Smalltalk.FAREWELL, r"(?:bye|goodbye|good bye|see you|farewell|good night)(?: (?:bye|later|then|soon))*"),
        (
            Smalltalk.ABILITIES,
            r"(?:hi |hello )?(?:help(?: me)?|who are you|what are you|what is this|"
            r"what can (?:you|i) (?:do|ask)(?: here| for me)?|"
            r"what do you (?:do|know)|how do(?:es)? (?:you|this) work|what is nkqa)",
        ),
    )
)


def recognise(question: str) -> Smalltalk | None:
    """Return what a question is when it is nothing but small talk, else None."""
    words = " ".join(re.findall(r"[\w']+", question))
    return next((kind for kind, pattern in _PHRASES if pattern.match(words)), None)

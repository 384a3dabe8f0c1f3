"""The words of Markdown without its marks: `**Lamps**` is read aloud as "Lamps"."""

from __future__ import annotations

import re
from pathlib import PurePath

_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ESCAPE = re.compile(rf"\\([{_PUNCTUATION}])")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n]+?)(?<!`)\1(?!`)")
# ![words](address "title"), [words](address) and <address>; one pair of brackets may stand in the address.
_LINK = re.compile(
    r"!?\[((?:[^\[\]\n]|\[[^\[\]\n]*\]){0,500})\]"
    r"\(\s*<?[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)?>?(?:\s+[\"'(][^\n]{0,200}?[\"')])?\s*\)"
)
_REFERENCE = re.compile(r"!?\[([^\[\]\n]{1,500})\]\[[^\[\]\d\n][^\[\]\n]{0,99}\]")
_ADDRESS = re.compile(r"<((?:https?|mailto):[^<>\s]+)>")
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|del|em|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.I
)
# Emphasis begins before a word and ends after one; an underscore inside a word is part of it.
_EMPHASIS = (
    re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])\1"),
    re.compile(r"(?<![\w_])(_{1,3})(?=[^\s_])([^\n]{0,500}?[^\s_])\1(?![\w_])"),
    re.compile(r"(~~)(?=[^\s~])([^~\n]*[^\s~])\1"),
)
# Where an escaped character waits until all marks are gone: the private use area has no meaning of its own.
_WAITING = 0xF700


def as_read(text: str, *names: str) -> str:
    """Return a text that was made of the documents of these file names without the marks of their formats."""
    forms = {PurePath(name).suffix.lower() for name in names}
    if ".md" in forms:
        return without_marks(text)
    return without_escapes(text) if forms - {".txt"} else text


def without_marks(text: str) -> str:
    """Return a stretch of Markdown as the words that a reader of the rendered page sees."""
    kept = _ESCAPE.sub(lambda found: chr(_WAITING + ord(found[1])), text)
    kept = _CODE.sub(lambda found: found[2].strip().translate(_HIDE), kept)
    kept = _ADDRESS.sub(r"\1", kept)
    # An image may stand in a link, and emphasis in emphasis.
    for _ in range(2):
        kept = _REFERENCE.sub(r"\1", _LINK.sub(r"\1", kept))
    kept = _TAG.sub(lambda found: " " if found[0].casefold().startswith("<br") else "", kept)
    for _ in range(2):
        for emphasis in _EMPHASIS:
            kept = emphasis.sub(r"\2", kept)
    return kept.translate(_SHOW)


def without_escapes(text: str) -> str:
    """Return a text that a reader of files wrote, without the backslashes that keep its words from being marks."""
    return _ESCAPE.sub(r"\1", text)


_HIDE = {ord(char): chr(_WAITING + ord(char)) for char in "*_~[]()<>"}
_SHOW = {_WAITING + code: chr(code) for code in range(0x21, 0x7F)}

"""Bytes → text for files that name their own encoding, or none."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,20})", re.IGNORECASE)
_HEAD_BYTES = 2048
# The encodings of real pages; Python knows others, some of which cost more than they give.
_KNOWN = re.compile(
    r"utf[-_]?8|utf[-_]?16(?:[-_]?[lb]e)?|us-ascii|ascii|iso[-_]?8859[-_]\d{1,2}|latin[-_]?1|windows[-_]?\d{3,4}|"
    r"cp\d{3,4}|koi8[-_][ru]|shift[-_]?jis|euc[-_](?:jp|kr)|gb2312|gbk|gb18030|big5|macintosh",
    re.IGNORECASE,
)


def decode(data: bytes) -> str:
    """Return the text by its byte order mark, the encoding it names, UTF-8, or else Windows-1252; never fails."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    named = _NAMED.search(data[:_HEAD_BYTES])
    for encoding in ([named[1].decode("ascii", errors="replace")] if named else []) + ["utf-8"]:
        if _KNOWN.fullmatch(encoding):
            try:
                return data.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    return data.decode("windows-1252", errors="replace")

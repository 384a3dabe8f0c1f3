"""Bytes → text for files that name their own encoding, or none."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,20})", re.IGNORECASE)
_HEAD_BYTES = 2048
# The encodings of real pages; Python knows others, some of which cost more than they give.
_KNOWN = re.compile(
    r"utf[-_]?8|iso[-_]?8859[-_]\d{1,2}|windows[-_]?\d{3,4}|"
    r"cp\d{3,4}|koi8[-_][ru]|euc[-_]jp|gb18030|big5|macintosh",
    re.IGNORECASE,
)
# What browsers take a label for (encoding.spec.whatwg.org): mostly the larger encoding that has grown out of it.
_LABELS = {
    "cp949": ("euc-kr", "euc_kr", "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601", "ksc_5601", "korean", "windows-949"),
    "gb18030": ("gb2312", "gb_2312", "gb_2312-80", "gbk", "x-gbk", "chinese"),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "ms932", "windows-31j"),
    "windows-1252": (
        "iso-8859-1",
        "iso8859-1",
        "iso_8859-1",
        "iso88591",
        "latin1",
        "latin-1",
        "l1",
        "ascii",
        "us-ascii",
    ),
    # Read as bytes of ASCII, so it cannot be what it says.
    "utf-8": ("utf8", "utf-16", "utf-16le", "utf-16be"),
}
_ENCODINGS = {label: encoding for encoding, labels in _LABELS.items() for label in labels}


def decode(data: bytes) -> str:
    """Return the text by its byte order mark, the encoding it names, UTF-8, or else Windows-1252; never fails."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    named = _NAMED.search(data[:_HEAD_BYTES])
    label = named[1].decode("ascii", errors="replace").lower() if named else "utf-8"
    for encoding in (_ENCODINGS.get(label, label), "utf-8"):
        if _KNOWN.fullmatch(encoding):
            try:
                return data.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    return data.decode("windows-1252", errors="replace")

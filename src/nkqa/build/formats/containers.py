"""Zip containers: looked at before anything in them is unfolded."""

from __future__ import annotations

import io
import zipfile
import zlib

from nkqa.build.formats.extracted import MEBIBYTE, Limits
from nkqa.errors import CorpusError

MAX_MEMBERS = 10_000
# Below this, whatever a container unfolds to is small.
SMALL_BYTES = 8 * MEBIBYTE
DAMAGED = "It is probably damaged: save it again in the program that made it, or remove it."
# Old Office files, and Office files with a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 1
_DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")


def open_container(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Return the container of a file; raises CorpusError where it is none, is encrypted, or would unfold too far."""
    if data.startswith(_OLE):
        raise CorpusError("is encrypted or in an old Office format", "Save it without a password in today's format.")
    try:
        container = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise CorpusError("is no container that can be opened", DAMAGED) from error
    members = container.infolist()
    unfolded = sum(member.file_size for member in members)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise CorpusError("is encrypted", "Save it without a password.")
    too_far = unfolded > max(SMALL_BYTES, limits.ratio * len(data)) or unfolded > limits.unfolded_bytes
    if too_far or len(members) > MAX_MEMBERS:
        raise CorpusError(
            f"would unfold from {len(data):,} to {unfolded:,} bytes in {len(members):,} parts",
            "That is more than a document holds; remove it, or save its text as another format.",
        )
    return container


def read_member(container: zipfile.ZipFile, name: str) -> bytes:
    """Return a part of a container; raises CorpusError where it is missing or damaged."""
    try:
        # No more than the size declared, which the container was judged by, is ever read.
        return container.read(name)
    except (KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error) as error:
        raise CorpusError("lacks a part of itself, or holds a damaged one", DAMAGED) from error


def refuse_declarations(container: zipfile.ZipFile) -> None:
    """Raise CorpusError where a part declares entities: Office files never do, and such can unfold without end."""
    marks = [mark.encode(code) for mark in _DECLARATIONS for code in ("ascii", "utf-16-le", "utf-16-be")]
    for name in container.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            part = read_member(container, name)
            if any(mark in part for mark in marks):
                raise CorpusError("declares entities of its own, which Office files never do", "Remove it.")

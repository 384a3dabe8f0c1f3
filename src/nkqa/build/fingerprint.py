"""Keys of kept work: equal where the same document would give the same analysis and the same vectors."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nkqa
from nkqa.build.document import SIDECAR
from nkqa.store.encoder import MODEL_SHA256
from nkqa.store.files import sha256_of

# The code that work comes from, and the libraries that have a say in it.
_CODE = ("types.py", "text/**/*.py", "build/**/*.py", "store/encoder.py", "store/session.py")
_LIBRARIES = (
    *("nltk", "PyStemmer", "markdown-it-py", "pypdfium2", "python-docx", "openpyxl", "lxml", "selectolax"),
    *("onnxruntime", "tokenizers", "numpy"),
)


def key_of(path: Path, name: str) -> str:
    """Return the key of the work for a file: of its bytes, its name, its sidecar, and of the code; raises OSError."""
    sidecar = path.with_suffix(SIDECAR)
    digest = hashlib.sha256(_code().encode())
    beside = sha256_of(sidecar) if sidecar.exists() else ""
    digest.update(f"\0{name}\0{sha256_of(path)}\0{beside}".encode())
    return digest.hexdigest()


@cache
def _code() -> str:
    """Return a hash of all that makes work out of a document: a change of it makes all kept work worthless."""
    package = Path(nkqa.__file__).parent
    digest = hashlib.sha256(f"{sys.version_info[:2]}\0{MODEL_SHA256}".encode())
    for path in sorted({path for pattern in _CODE for path in package.glob(pattern)}):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    for name in _LIBRARIES:
        digest.update(f"{name} {_version(name)}\0".encode())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""

"""A process of its own in which files are parsed: `python -m nkqa.build.child LIMITS`.

It takes requests from stdin, each a line of JSON and the bytes of a file, and answers on stdout with a line that holds
the size of the answer, and the answer as JSON. What a file breaks here breaks this process only.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from nkqa.build.formats.extracted import Extracted, Limits
from nkqa.errors import CorpusError

# Each reader is imported when the first file of its kind comes: the libraries are slow to load.
READERS = {
    ".html": ("nkqa.build.formats.html", "read_html"),
    ".htm": ("nkqa.build.formats.html", "read_html"),
    ".pdf": ("nkqa.build.formats.pdf", "read_pdf"),
    ".docx": ("nkqa.build.formats.docx", "read_docx"),
    ".epub": ("nkqa.build.formats.epub", "read_epub"),
    ".csv": ("nkqa.build.formats.csv_file", "read_csv"),
    ".xlsx": ("nkqa.build.formats.xlsx", "read_xlsx"),
}
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "urllib.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Serve requests until stdin ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_forbid)
    requests = sys.stdin.buffer
    while line := requests.readline():
        request = json.loads(line)
        reader = _reader(request["format"])
        _answer(answers, {"ready": True})
        data = requests.read(request["size"])
        _allow_cpu(limits.cpu_s)
        _answer(answers, _work(reader, data, limits))


def _reader(suffix: str) -> Callable[[bytes, Limits], Extracted]:
    module, name = READERS[suffix]
    reader: Callable[[bytes, Limits], Extracted] = getattr(import_module(module), name)
    return reader


def _work(reader: Callable[[bytes, Limits], Extracted], data: bytes, limits: Limits) -> dict[str, Any]:
    try:
        return asdict(reader(data, limits))
    except CorpusError as error:
        return {"message": error.message, "remedy": error.remedy}
    except MemoryError:
        return {"message": "needs more memory than a document should", "remedy": "Split it, or remove it."}


def _allow_cpu(seconds: int) -> None:
    """Give the next file its time; the kernel ends the process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, resource.RLIM_INFINITY))


def _answer(answers: BinaryIO, value: dict[str, Any]) -> None:
    body = json.dumps(value).encode("ascii")
    answers.write(b"%d\n" % len(body) + body)
    answers.flush()


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what no reader of a file does: connections, other programs, files that are written."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not allowed here")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError("Files are not written here")


if __name__ == "__main__":
    main()

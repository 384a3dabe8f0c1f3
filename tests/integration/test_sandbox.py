"""The sandbox: what a file costs is bounded, and what it breaks costs that file only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from samples import docx_bytes, epub_bytes, pdf_bytes, xlsx_bytes, zip_bytes

from nkqa.build.formats.containers import open_container
from nkqa.build.formats.extracted import MEBIBYTE, Limits
from nkqa.build.sandbox import Sandbox
from nkqa.errors import CorpusError

GOOD = b"<p>The lamp was lit in 1907.</p>"
# Takes the parser minutes: each level is looked through for each of the levels in it.
SLOW = b"<div>" * 150_000 + b"deep"
BIG = b"0" * (32 * MEBIBYTE)
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
BOMB_XML = f'<?xml version="1.0"?><!DOCTYPE lolz [{ENTITIES}]><worksheet>&l9;</worksheet>'


@pytest.fixture
def extract(tmp_path):
    """Give a file to a sandbox and return its text; the sandbox serves all files of a test."""
    with Sandbox(Limits(wall_s=2.0, cpu_s=2)) as sandbox:

        def run(data, name="page.html", box=sandbox):
            (tmp_path / name).write_bytes(data)
            return box.extract(tmp_path / name, name)[1].text

        yield run


def refused(extract, data, name, *words):
    started = time.perf_counter()
    with pytest.raises(CorpusError) as caught:
        extract(data, name)
    assert time.perf_counter() - started < 5
    assert caught.value.message.startswith(f"{name} ")
    assert [word for word in words if word not in caught.value.message] == []
    assert caught.value.remedy
    assert "1907" in extract(GOOD), "the next file is read as if nothing had been"


def test_one_process_serves_many_files(extract, tmp_path):
    with Sandbox() as sandbox:
        assert "1907" in extract(GOOD, box=sandbox)
        first = sandbox.process_id
        assert "1907" in extract(b"a,b\n1907,2\n", "x.csv", box=sandbox)
        assert sandbox.process_id == first
    assert not Path(f"/proc/{first}").exists()


def test_file_that_takes_too_long(extract):
    refused(extract, SLOW, "slow.html", "longer than 2 s")


def test_without_the_limit_the_slow_file_goes_on(extract):
    with Sandbox(Limits(wall_s=3.5, cpu_s=60)) as sandbox:
        started = time.perf_counter()
        with pytest.raises(CorpusError):
            extract(SLOW, "slow.html", box=sandbox)
        assert time.perf_counter() - started > 3


def test_file_that_needs_too_much_memory(extract):
    data = b"<div a=b c=d e=f g=h></div>" * 150_000 + b"1907"
    with Sandbox(Limits(memory_bytes=160 * MEBIBYTE)) as small:
        with pytest.raises(CorpusError, match=r"memory|broke down"):
            extract(data, box=small)
        assert "1907" in extract(GOOD, box=small)
    # Without the limit it is read.
    with Sandbox(Limits(wall_s=30, cpu_s=30)) as large:
        assert "1907" in extract(data, box=large)


@pytest.mark.parametrize("name", ["bomb.xlsx", "bomb.docx", "bomb.epub"])
def test_container_that_unfolds_too_far(extract, name):
    refused(extract, zip_bytes({"word/document.xml": BIG, "xl/workbook.xml": BIG}), name, "unfold")


def test_container_is_judged_before_it_is_unfolded():
    data = zip_bytes({"a.xml": BIG})
    with pytest.raises(CorpusError, match="unfold"):
        open_container(data, Limits())
    unlimited = replace(Limits(), ratio=10_000)
    assert len(open_container(data, unlimited).read("a.xml")) == len(BIG)


def test_container_that_lies_about_what_is_in_it(extract):
    data = zip_bytes({"META-INF/container.xml": "<rootfile full-path='a.opf'/>", "a.opf": BIG})
    size = len(BIG).to_bytes(4, "little")
    assert data.count(size) >= 1
    refused(extract, data.replace(size, (1000).to_bytes(4, "little")), "lies.epub", "damaged")


@pytest.mark.parametrize("name", ["entities.xlsx", "entities.docx"])
def test_entities_are_refused(extract, name):
    refused(extract, zip_bytes({"[Content_Types].xml": BOMB_XML, "xl/workbook.xml": BOMB_XML}), name, "entities")


def test_entities_of_a_book_and_of_a_page_stay_what_they_are(extract, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("The code is 4711.")
    external = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>'
    for name in ("book.epub", "page.html"):
        body = f"{external}<p>&x; 1907</p>"
        data = epub_bytes([body]) if name.endswith("epub") else body.encode()
        text = extract(data, name)
        assert "1907" in text
        assert "4711" not in text


def test_book_that_points_outside_of_itself(extract):
    item = '<item id="c" href="../../../../../../etc/passwd" media-type="application/xhtml+xml"/>'
    package = f'<package><manifest>{item}</manifest><spine><itemref idref="c"/></spine></package>'
    refused(extract, epub_bytes([], extra={"OEBPS/book.opf": package}), "slip.epub", "part")


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("empty.pdf", b"", "empty"),
        ("blank.html", b"<p> </p><script>x</script>", "no text"),
        ("cut.pdf", pdf_bytes([[(72, 700, 12, "Lamps")]])[:400], "no PDF"),
        ("picture.pdf", pdf_bytes([[]]), "pictures"),
        ("noise.docx", bytes(range(256)) * 40, "container"),
        ("cut.docx", docx_bytes()[:9000], "container"),
        ("sheet.docx", xlsx_bytes(), "no Word file"),
        ("words.xlsx", docx_bytes(), "no Excel file"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted or in an old"),
        ("nul.csv", b"a,b\n1,\0\n", "NUL"),
        ("line.csv", b"a,b\n1," + b"x" * 200_000 + b"\n", "field larger"),
        ("wide.csv", b"1," * 5000, "row of more than"),
    ],
)
def test_file_that_cannot_be_read(extract, name, data, word):
    refused(extract, data, name, word)


def test_file_that_is_too_large_and_text_that_is_too_long(extract):
    with Sandbox(Limits(file_bytes=1000, text_chars=500)) as small:
        with pytest.raises(CorpusError, match="larger than"):
            extract(b"x" * 1001, box=small)
        with pytest.raises(CorpusError, match="more than 500"):
            extract(b"<p>" + b"x " * 400, box=small)


def test_child_that_dies_costs_its_file_only(extract):
    with Sandbox() as sandbox:
        extract(GOOD, box=sandbox)
        os.kill(sandbox.process_id, signal.SIGKILL)
        with pytest.raises(CorpusError, match="broke down"):
            extract(GOOD, box=sandbox)
        assert "1907" in extract(GOOD, box=sandbox)


WALLS = """
import json, resource, socket, subprocess, sys
sys.argv[1:] = [json.dumps({})]
from nkqa.build import child
sys.addaudithook(child._forbid)
for work in (lambda: socket.create_connection(("127.0.0.1", 9)), lambda: subprocess.run(["true"]),
             lambda: open(sys.argv[0] + ".x", "w"), lambda: socket.getaddrinfo("example.org", 80)):
    try:
        work()
        print("done")
    except PermissionError:
        print("refused")
"""


def test_child_makes_no_connection_starts_nothing_and_writes_nothing(tmp_path):
    (tmp_path / "walls.py").write_text(WALLS)
    root = Path(__file__).resolve().parents[2] / "src"
    command = [sys.executable, str(tmp_path / "walls.py")]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=True)
    assert result.stdout.split() == ["refused"] * 4


def test_modules_in_the_working_directory_are_not_taken_for_ours(extract, tmp_path, monkeypatch):
    (tmp_path / "selectolax.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    assert "1907" in extract(GOOD)

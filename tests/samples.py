"""Small files of every format, made by hand or by the libraries, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

import docx
import openpyxl


def pdf_bytes(pages: Sequence[Sequence[tuple[float, float, float, str]]], info: str = "") -> bytes:
    """Return a PDF; each text is (left, bottom, size, words), in points from the lower left corner."""
    count = len(pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(count))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {info} >>",
    ]
    for number, page in enumerate(pages):
        drawn = "\n".join(
            f"BT /F1 {size} Tf {x} {y} Td ({words.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj ET"
            for x, y, size, words in page
        )
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    body = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{place:010d} 00000 n \n" for place in places
    )
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + (table + trailer).encode("ascii")


def zip_bytes(parts: dict[str, str | bytes]) -> bytes:
    """Return a zip container."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return stream.getvalue()


def epub_bytes(chapters: Sequence[str], about: str = "", extra: dict[str, str | bytes] | None = None) -> bytes:
    """Return a book whose chapters are the bodies of pages."""
    items = "".join(
        f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    rootfile = '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f'<?xml version="1.0"?><container><rootfiles>{rootfile}</rootfiles></container>',
        "OEBPS/book.opf": (
            f'<?xml version="1.0"?><package><metadata>{about}</metadata>'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
        ),
    }
    for number, chapter in enumerate(chapters):
        parts[f"OEBPS/c {number}.xhtml"] = (
            f'<?xml version="1.0"?><html><head><title/></head><body><a id="x"/>{chapter}</body></html>'
        )
    return zip_bytes(parts | (extra or {}))


def docx_bytes(text: str = "The lamp was lit in 1907.") -> bytes:
    """Return a Word file with a title, a heading, a paragraph, a list and a table."""
    document = docx.Document()
    document.add_heading("Lamps of the coast", 0)
    document.add_heading("History", 1)
    document.add_paragraph(text)
    document.add_paragraph("oil lamps", style="List Bullet")
    document.add_paragraph("gas lamps", style="List Bullet")
    table = document.add_table(rows=0, cols=2)
    for row in (("Year", "Lamps"), ("1907", "12"), ("1931", "40")):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    about = document.core_properties
    about.title, about.author, about.created = "Lamps", "Ada Berg", datetime(1999, 5, 4)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def xlsx_bytes(rows: Sequence[Sequence[object]] = (("Year", "Lamps"), (1907, 12), (1931, 40))) -> bytes:
    """Return an Excel file with a sheet "Lamps"."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Lamps"
    for row in rows:
        sheet.append(row)
    book.properties.title, book.properties.creator, book.properties.created = "Lamps", "Ada Berg", datetime(1999, 5, 4)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()

"""The files of the page: each request is counted to its end, and parts and versions are served as ever."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from waitress.buffers import ReadOnlyFileBasedBuffer

from nkqa.ask.pipeline import EngineSource
from nkqa.serve import create_app
from nkqa.settings import Settings


def test_files_are_counted_whoever_reads_them():
    settings = Settings(index_dir=Path("none"))
    app = create_app(EngineSource(settings), settings)
    # As waitress does, which offers to read the file itself.
    get = partial(
        app.test_client().get, "/", environ_overrides={"wsgi.file_wrapper": ReadOnlyFileBasedBuffer}, buffered=True
    )
    whole = get()
    part = get(headers={"Range": "bytes=2-9"})
    same = get(headers={"If-None-Match": whole.headers["ETag"]})
    assert [one.status_code for one in (whole, part, same)] == [200, 206, 304]
    assert int(whole.headers["Content-Length"]) == len(whole.data)
    assert (part.data, part.headers["Content-Length"]) == (whole.data[2:10], "8")
    metrics = app.metrics.text().decode()
    assert "nkqa_requests_in_flight 0.0" in metrics
    for status in (200, 206, 304):
        assert f'nkqa_requests_total{{method="GET",route="/",status="{status}"}} 1.0' in metrics

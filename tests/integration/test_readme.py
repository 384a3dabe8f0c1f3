"""The README's example is what nkqa really answers."""

from __future__ import annotations

import re

from click.testing import CliRunner
from corpora import ROOT

from nkqa import cli
from nkqa.settings import Settings


def test_the_real_answer_is_real(article_settings: Settings) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r'^\$ nkqa ask "(?P<question>[^"]+)"\n(?P<answer>.+?)^```', readme, re.MULTILINE | re.DOTALL)
    assert block is not None
    result = CliRunner().invoke(
        cli.cli, ["ask", block["question"], "--index-dir", str(article_settings.index_dir)], catch_exceptions=False
    )
    assert result.exit_code == 0
    assert result.output.strip().startswith(block["answer"].strip())

"""What the documentation says is true of the code."""

from __future__ import annotations

import re

from corpora import ROOT

from nkqa import cli
from nkqa.settings import SETTINGS, reference

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_settings_table_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([^`]*)` \| (.+?) \|$", README, re.MULTILINE)
    assert rows == [(setting.name, setting.default, setting.help) for setting in SETTINGS]


def test_the_reference_of_settings_is_made_from_the_code() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == reference(), "run: python -m nkqa.settings > docs/settings.md"
    assert len(re.findall(r"^\| `\w+` \| `NKQA_\w+` \|", page, re.MULTILINE)) == len(SETTINGS)


def test_every_command_is_in_the_readme_and_every_named_command_exists() -> None:
    named = set(re.findall(r"^\| `nkqa (\w+)", README, re.MULTILINE))
    assert named == set(cli.cli.commands)


def test_every_file_that_documentation_names_exists() -> None:
    pages = [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md"), ROOT / "web" / "README.md"]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
        for path in re.findall(r"`((?:src|tests|docs|bench|web|corpus)/[\w./-]+\.\w+)`", text):
            assert (ROOT / path).exists(), f"{page.name} names {path}"


def test_decisions_are_all_listed() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
    assert files == set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", index))

"""Files that come with nkqa are found in an installed package and in a checkout."""

from __future__ import annotations

from nkqa.resources import packaged_corpus_dir, web_dir


def test_installed_package_comes_first(tmp_path):
    package = tmp_path / "site-packages" / "nkqa"
    for folder in (package / "web", package / "corpus", tmp_path / "web", tmp_path / "corpus"):
        folder.mkdir(parents=True)
    assert web_dir(package) == package / "web"
    assert packaged_corpus_dir(package) == package / "corpus"


def test_checkout_has_them_at_its_root(tmp_path):
    package = tmp_path / "src" / "nkqa"
    package.mkdir(parents=True)
    assert web_dir(package) == tmp_path / "web"
    assert packaged_corpus_dir(package) == tmp_path / "corpus"


def test_this_checkout_has_them():
    assert (packaged_corpus_dir() / "north-korean-defectors.txt").is_file()
    assert (web_dir() / "index.html").is_file()

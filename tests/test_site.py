"""The site builds without a warning, has a page for everything written, and asks no other host."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from autograder.parts import ROOT

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("material") is None, reason="mkdocs-material is not installed"
)
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """What a page loads, and its pictures without words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.silent: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag in LOADS and LOADS[tag] in found:
            self.loads.append(found[LOADS[tag]])
        if tag == "link" and found.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(found["href"])
        if tag == "img" and len(found.get("alt", "")) < 5:
            self.silent.append(found["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site as `make docs` does, into another folder."""
    assert "\tmkdocs build --strict\n" in (ROOT / "Makefile").read_text()
    folder = tmp_path_factory.mktemp("site")
    line = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder, done.stderr


@pytest.fixture(scope="module")
def pages(site):
    folder, _ = site
    return {path: Page(path.read_text()) for path in folder.rglob("*.html")}


def test_the_site_builds_without_a_warning(site):
    assert "WARNING" not in site[1] and "not included in the" not in site[1], site[1]


def test_every_page_that_is_written_is_built_and_in_the_menu(site):
    folder, _ = site
    menu = (ROOT / "mkdocs.yml").read_text().partition("\nnav:\n")[2]
    for path in (ROOT / "docs").glob("*.md"):
        built = folder if path.stem == "index" else folder / path.stem
        assert (built / "index.html").is_file(), path.name
        assert re.search(rf"[ ]{re.escape(path.name)}$", menu, re.M), f"{path.name}: not in nav"


def test_no_page_loads_anything_from_another_host(pages):
    """A reader without a network sees all of it; a drawing by mermaid would come from one."""
    for path, page in pages.items():
        assert page.loads, path
        assert not [one for one in page.loads if re.match(r"(\w+:)?//", one)], path
        assert 'class="mermaid"' not in path.read_text(), path
    for path in (ROOT / "docs").glob("*.md"):
        assert "```mermaid" not in path.read_text(), path.name


def test_every_picture_says_in_words_what_it_shows(pages):
    for path, page in pages.items():
        assert not page.silent, path


def test_words_for_a_table_tell_the_points_that_it_shows():
    text = (ROOT / "docs" / "index.md").read_text()
    tables = re.findall(r"!\[[^\]]*?(\d+) of (\d+) points\]\((pictures/\w+\.svg)\)", text)
    assert len(tables) == 2
    for points, full, path in tables:
        assert f"{points}/{full}" in (ROOT / "docs" / path).read_text(), path

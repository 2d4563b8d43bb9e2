"""The site builds without a warning, has a page for everything written, and asks no other host.

Tables are tables, search finds, and dark readers get it dark.
"""

from __future__ import annotations

import functools
import http.server
import importlib.util
import re
import shutil
import subprocess
import sys
import threading
from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.parts import ROOT
from tests.documentation import FENCE
from tests.test_webpage import browser  # noqa: F401  (a fixture)

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("zensical") is None, reason="zensical is not installed"
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
    """Build the site as `make docs` does, in a copy."""
    assert "\tzensical build --clean --strict\n" in (ROOT / "Makefile").read_text()
    copy = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", copy / "docs")
    shutil.copy(ROOT / "mkdocs.yml", copy)
    line = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(line, cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy / "build" / "site", done.stdout + done.stderr


@pytest.fixture(scope="module")
def pages(site):
    folder, _ = site
    return {path: Page(path.read_text()) for path in folder.rglob("*.html")}


def test_the_site_builds_without_a_warning(site):
    assert "No issues found" in site[1], site[1]


def test_every_page_that_is_written_is_built_and_in_the_menu(site):
    folder, _ = site
    menu = (ROOT / "mkdocs.yml").read_text().partition("\nnav:\n")[2]
    for path in (ROOT / "docs").glob("*.md"):
        built = folder if path.stem == "index" else folder / path.stem
        assert (built / "index.html").is_file(), path.name
        assert re.search(rf"[ ]{re.escape(path.name)}$", menu, re.M), f"{path.name}: not in nav"


def test_every_table_of_a_page_is_a_table(pages, site):
    """In Markdown a table needs an empty line before it, or it is text; boxes are text always."""
    folder, _ = site
    for path in (ROOT / "docs").glob("*.md"):
        text = FENCE.sub("", path.read_text())
        built = folder if path.stem == "index" else folder / path.stem
        shown = (built / "index.html").read_text()
        assert shown.count("<table") == len(re.findall(r"^ *\|[-:| ]+\|$", text, re.M)), path.name
        assert not set("┃│┏└") & set(path.read_text()), path.name


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


@pytest.fixture
def served(site):
    """Serve the site: its search runs in a worker, which a browser starts for no file."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *told: object) -> None:
            """Say nothing."""

    handler = functools.partial(Handler, directory=str(site[0]))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.exhaustive(reason="4 s, and a browser")
def test_search_finds_and_a_dark_reader_gets_it_dark(browser, served):  # noqa: F811
    shades = {}
    for scheme in ("light", "dark"):
        page = browser.new_context(color_scheme=scheme).new_page()
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(served)
        shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
        shades[scheme] = sum(map(int, re.findall(r"\d+", shade)[:3])) / 3
        page.get_by_role("button", name="Search").first.click()
        page.get_by_placeholder("Search").fill("leaderboard")
        page.locator("a:visible", has_text="all students see under pseudonyms").wait_for()
        assert not [url for url in asked if not url.startswith((served, "data:", "blob:"))]
        page.context.close()
    assert shades["light"] > 200 and shades["dark"] < 60, shades


@pytest.mark.exhaustive(reason="6 s, and a browser")
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen_and_each_is_accessible(browser, served, site, width):  # noqa: F811
    page = browser.new_page(viewport={"width": width, "height": 800})
    for path in sorted(site[0].rglob("index.html")):
        page.goto(served + path.relative_to(site[0]).as_posix())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        if path.parent.name in ("rubric", "versions"):  # the theme is the same on every page
            found = Axe().run(page).response["violations"]
            assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], path
    page.close()

"""The local page on which a person names mistakes: who may ask, what it shows, the command."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import sync_playwright

from autograder.cli.main import main
from autograder.judging.scoring import Judge
from autograder.parts import ROOT
from autograder.review import site
from tests.asking_pages import Client, fields, words
from tests.invented import PART, write_class
from tests.reviewed import (
    LS,
    TOKEN,
    copy_for,
    group_of,
    kept,
    opened,
    write_original,
)
from tests.selection import sample


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return write_original(tmp_path_factory.mktemp("review") / "results")


@pytest.fixture
def graded(original, tmp_path, monkeypatch):
    return copy_for(tmp_path, original, monkeypatch)


# --- who may ask ---------------------------------------------------------------------------------


def test_the_address_with_the_token_opens_the_page_and_keeps_the_token_in_a_cookie(graded):
    client = Client(site.Site(graded, TOKEN).app)
    assert client.ask("/").status == client.ask("/style.css").status == 403
    assert client.ask("/?token=another").status == client.ask("/?token=").status == 403
    first = client.ask(f"/?token={TOKEN}")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    page = client.follow(first)
    assert page.status == 200 and first.headers["location"] == "/"
    assert client.ask("/style.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""]
)
def test_a_page_elsewhere_whose_name_leads_here_is_refused(graded, host):
    client = opened(graded)
    assert client.ask("/", HTTP_HOST="localhost:9").status == 200
    assert client.ask("/", HTTP_HOST=host).status == 403
    assert client.ask(f"/?token={TOKEN}", HTTP_HOST=host).status == 403


def test_a_form_without_the_token_changes_nothing(graded):
    client = opened(graded)
    sent = fields(client.ask("/").text, "/save") | {"says": "Forged."}
    for token in ("", "another", b"\xff", "ü"):
        assert client.ask("/save", sent | {"token": token}).status == 403
    assert client.ask("/save").status == 405  # nor does a link
    client.cookies.clear()
    assert client.ask("/save", sent).status == 403  # the right form, without the cookie
    assert kept() == {}


def test_every_answer_forbids_scripts_and_frames(graded):
    client = opened(graded)
    for answer in (client.ask("/"), client.ask("/nothing"), client.ask("/", HTTP_HOST="evil")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


# --- what it shows -------------------------------------------------------------------------------


def test_groups_are_listed_by_size_or_by_function_and_two_students_stand_side_by_side(graded):
    client = opened(graded)
    page = client.ask("/")
    counts = re.findall(r"<b>(\d+ students?)</b>", page.text)
    assert counts == ["3 students", "2 students", "1 student"]
    assert f"{LS} : 3 students" in words(page.text)
    by_function = client.ask("/?by=function").text
    listed = re.findall(r"<h3>(\w+)</h3>", by_function)
    assert listed == sorted(listed) and len(listed) == 3
    assert re.findall(r'aria-label="\w+ of ([^"]*)"', page.text) == ["&lt;i&gt;cy", "ben"]
    other = re.search(r'href="([^"]*other=\d[^"]*)">ana<', page.text)[1].replace("&amp;", "&")
    beside = re.findall(r'aria-label="\w+ of ([^"]*)"', client.ask(other).text)
    assert beside == ["&lt;i&gt;cy", "ana"]
    for odd in ("-1", "99", "x", "9" * 500, "%C2%B2", "%FF"):
        assert client.ask(f"/?group={group_of(graded).id}&other={odd}").status == 200


def test_what_students_wrote_is_text(graded):
    text = opened(graded).ask("/").text
    assert "&lt;script&gt;document" in text and "&lt;i&gt;cy" in text
    assert "<script" not in text and "<i>" not in text


def test_a_group_of_one_and_code_that_was_not_kept_are_shown(graded):
    client = opened(graded)
    alone = client.ask(f"/?group={group_of(graded, 'sample_noise').id}")
    assert "Its lines were not kept" in alone.text and "Beside" not in alone.text
    assert "no such group" in words(client.ask("/?group=none-1234").text)


def test_a_class_in_which_everything_has_a_name_has_a_page_too(tmp_path):
    with Judge.for_staff(PART) as judge:
        write_class(tmp_path, {"right": {}}, judge)
    page = opened(tmp_path).ask("/")
    assert page.status == 200 and "Every lost check has a name" in page.text


# --- the command ---------------------------------------------------------------------------------


def test_the_command_serves_the_page_until_it_is_interrupted(original):
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", "review", str(original)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "3 groups without a sentence" in process.stdout.readline()
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{32}", address)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address.partition("?")[0])
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        with urllib.request.build_opener(jar).open(address) as answer:
            assert f"{LS} : 3 students" in words(answer.read().decode())
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert "Traceback" not in process.stdout.read()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("missing", ["bottle", "waitress"])
def test_without_its_packages_one_line_says_what_to_install(original, missing, monkeypatch):
    for name in [n for n in sys.modules if n.partition(".")[0] == missing] + [missing]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "autograder.review.site", raising=False)
    done = CliRunner().invoke(main, ["review", str(original)])
    assert done.exit_code == 1 and f"needs {missing}; install" in done.output
    assert len(done.output.splitlines()) == 1


def test_a_folder_that_is_no_class_is_told_in_one_line(tmp_path):
    for folder in (tmp_path, tmp_path / "nothing"):
        done = CliRunner().invoke(main, ["review", str(folder)])
        assert done.exit_code == 1 and len(done.output.splitlines()) == 1


# --- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium to look at pages with")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize(
    ("scheme", "width"), sample([("dark", 390), ("light", 390), ("light", 1280)], every=3)
)
def test_the_page_is_accessible_and_fits_a_phone(browser, graded, scheme, width):
    client = opened(graded)
    client.send(client.ask("/"), "/save", says="A sentence.")
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})

    def serve(route):
        answer = client.ask(route.request.url.removeprefix("http://127.0.0.1:8000"))
        route.fulfill(status=answer.status, headers=answer.headers, body=answer.text)

    context.route("**/*", serve)
    page = context.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto("http://127.0.0.1:8000/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title().startswith("Name mistakes") and errors == []
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") is (
        scheme == "light"
    )  # the style sheet is in force
    context.close()
    plain = browser.new_context(color_scheme=scheme, bypass_csp=True)  # for axe's own script
    plain.route("**/*", serve)
    page = plain.new_page()
    page.goto("http://127.0.0.1:8000/")
    serious = [
        (found["id"], found["nodes"][0]["html"])
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]
    assert serious == []
    plain.close()

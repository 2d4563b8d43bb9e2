"""What students write arrives as text wherever it is shown: it colours, runs and claims nothing."""

from __future__ import annotations

import csv
import html
import io
import json
import unicodedata
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder import grading
from autograder.cli import progress
from autograder.cli.main import main
from autograder.cli.options import fail_on
from autograder.errors import AutograderError, SandboxError, SubmissionError
from autograder.files import parse
from autograder.handins.layouts.entry import Entry, Person
from autograder.handins.roster import Roster
from autograder.notebook import Report
from autograder.platforms import hosted
from autograder.reports import classroom50, gradebook, gradescope, terminal, webpage
from autograder.reports.gradebook import Course, Row
from autograder.reports.webpage import Sheet
from autograder.results import CheckResult, Result

MARKUP = ["[red]x[/]", "[/]", "[link=https://a.example]x[/link]", ":warning:", "[bold", "\\[x]"]
CONTROLS = [
    *("\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b31m", "\x1bP1\x1b\\", "a\x08\x08b", "a\rb"),
    *("\u202eturned", "\u2066a", "\x00", "\x7f", "\x85line", "\u2028line", "\ud800", "\u061cx"),
]
COMMANDS = [
    *("::error::x", "  ::error file=a.py::x", "\n::add-mask::x", "\r\n::set-env name=PATH::x"),
    *("##[error]x", "x ##[group]y", "\u2028::error::x", "\x85::stop-commands::x", "\t::debug::x"),
]
HTML = ["<img src=x onerror=alert(1)>", "</pre><script>x</script>", "\"'><b>", "&lt;b&gt;", "<!--"]
FORMULAS = [
    *(
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "  =1+1",
        "\t=1",
        "\n=1",
        "\r=1",
        "\r\n=1",
        "\x00=1",
        "\xa0=1",
    ),
    *("\ufeff=1", "\u200b=1", "\u3000=1", "\u2060+1", "\u3164=1", "\u034f=1", '"=1', "'=1", '""=1'),
    *(
        "＝1",
        "＋1",
        "－1",
        "＠A",
        "﹦1",
        "\u22121",
        "a;=1",
        "a;  @A",
        "a\n=1",
        "\u202e=1",
        "\xad=1",
    ),
    *("“=1", "\ufe0f=1", "=cmd|' /C calc'!A0", "=HYPERLINK(1)"),
]
NASTY = [*MARKUP, *CONTROLS, *COMMANDS, *HTML, *FORMULAS]
every_text = pytest.mark.parametrize("text", NASTY, ids=ascii)


def result(text: str) -> Result:
    checks = (
        CheckResult("a", "It is a.", 0, 4, "error", f"f: {text}\n{text}", function="f"),
        CheckResult("b", "It is b.", 6, 6, "passed", text, function="g"),
    )
    return Result("gan_pytorch", text, 6, 10, checks, notes=(text,), seconds=0.5)


def row(text: str) -> Row:
    return Row(text or "x", (Person(text, text, text),), "", False, result(text))


def printed(what: object) -> str:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    console.print(what)
    return console.file.getvalue()


def assert_inert_in_a_terminal(told: str, text: str) -> None:
    shown = {"\n", "\u200c", "\u200d"}
    assert all(c.isprintable() or c in shown or unicodedata.category(c) == "Zs" for c in told), (
        ascii(told)
    )
    if text.isprintable() and " " not in text:
        assert text in told


class Tags(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, [name for name, _ in attrs]))

    def handle_comment(self, data):
        self.found.append(("comment", []))


def assert_same_tags(page: str, harmless: str) -> None:
    """Compare kinds of tags: how many there are depends on the lines of a text."""
    assert {str(one) for one in Tags(page).found} <= {str(one) for one in Tags(harmless).found}


def assert_without_controls(text: str) -> None:
    assert not {unicodedata.category(c) for c in text if c not in "\n\t"} & {"Cc", "Cs", "Zl", "Zp"}


# --- terminals ---------------------------------------------------------------------------------


@every_text
def test_a_result_in_a_terminal(text):
    assert_inert_in_a_terminal(printed(terminal.render([result(text)])), text)
    assert_inert_in_a_terminal(printed(terminal.render([result(text)] * 2)), text)


@every_text
def test_a_class_in_a_terminal(text):
    entry = Entry("key", (Person(text),), text, None, {"a": text, "b": "x"})
    empty = Entry(text, (Person(text),), text, None, {})
    roster = Roster(text, text, (entry, empty), ((entry, text),), (text,), ((text, text),))
    assert_inert_in_a_terminal(printed(progress.mapping(roster)), text)


@every_text
def test_an_error_is_one_line(text, capsys):
    for kind in (AutograderError, SubmissionError, SandboxError):
        assert_inert_in_a_terminal(str(kind(text)), text)
        assert "\n" not in str(kind(text))
    with pytest.raises(SystemExit):
        fail_on([text])
    assert capsys.readouterr().err.count("\n") == 1


@every_text
def test_a_command_that_a_shell_filled_with_names(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in ((text,), ("grade", "a", text), ("grade", text), ("bundle", text)):
        done = CliRunner().invoke(main, [word.replace("\x00", "") for word in words])
        assert done.exit_code in (1, 2) and "Traceback" not in done.output
        assert_inert_in_a_terminal(done.stderr, "")


@pytest.mark.parametrize("command", ["grade", "check"])
@pytest.mark.parametrize(
    "name", [f"{text}.py" for text in [*MARKUP, *CONTROLS] if "\0" not in text]
)
def test_a_file_of_any_name_is_graded(command, name, part, tmp_path, monkeypatch):
    name = name.replace("/", "⁄").encode(
        errors="surrogateescape" if "\udc80" in name else "replace"
    )
    path = Path(tmp_path, name.decode())
    path.write_bytes(part.stub.read_bytes())
    (tmp_path / grading.PUBLIC_CHECKS).write_bytes(b"")
    seen = []

    def stop(submission, *given, starting=lambda part, one: None, **more):
        starting(part, type("Submission", (), {"label": path.name}))
        seen.append(submission)
        raise AutograderError("far enough")

    monkeypatch.setattr(grading, "grade", stop)
    words = [command, str(path)] + (["--output", str(tmp_path / "r")] if command == "grade" else [])
    done = CliRunner().invoke(main, words)
    assert done.stderr.endswith("autograder: far enough\n") and seen == [path]


@pytest.mark.parametrize("source", ['x = "\\d"', 'x = "\\\x1b"', "x = 1or 2"])
def test_what_python_warns_of_in_a_students_file_is_not_told_to_the_terminal(source):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse(source).body


# --- pages and notebooks ------------------------------------------------------------------------


@every_text
def test_pages(text):
    page = webpage.student_page([Sheet(result(text))], [Person(text)])
    assert_same_tags(page, webpage.student_page([Sheet(result("x\ny"))], [Person("x")]))
    assert_without_controls(page)
    page = webpage.class_page("t", [row(text)], (), text, text)
    assert_same_tags(page, webpage.class_page("t", [row("x")], (), "x", "x"))
    assert_without_controls(page)


@every_text
def test_a_report_in_a_notebook(text):
    report = Report("f", result(text).checks, (text,))
    assert_inert_in_a_terminal(repr(report), text)
    plain = Report("f", result("x").checks, ("x",))._repr_html_()
    lines = len(Tags(report._repr_html_()).found) - len(Tags(plain).found)
    assert lines >= 0 and {tag for tag, _ in Tags(report._repr_html_()).found} == {
        tag for tag, _ in Tags(plain).found
    }
    assert_without_controls(report._repr_html_())


@every_text
def test_a_cell_that_nbgrader_shows(text):
    cells = pytest.importorskip("autograder.platforms.nbgrader.cells")
    refused = cells._output("f", None, str(SubmissionError(text)))
    assert Tags(refused["data"]["text/html"]).found == []
    assert html.unescape(refused["data"]["text/html"]) == str(SubmissionError(text))
    graded = cells._output("f", result(text), "")["data"]
    assert graded["text/plain"] == "0"
    assert not {"img", "script", "b", "comment"} & {t for t, _ in Tags(graded["text/html"]).found}


# --- platforms ----------------------------------------------------------------------------------


def assert_no_command(log: str) -> None:
    """Hold a log against the two ways in which GitHub's runner finds commands."""
    for line in log.replace("\r", "\n").split("\n"):
        assert not line.lstrip().startswith("::") and "##[" not in line


@every_text
def test_github_is_given_no_command_and_no_markup(text, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setattr(hosted, "grade", lambda *given: [grading.Graded(None, result(text), None)])
    assert hosted.main(["actions", str(tmp_path), "--part", "gan_pytorch"]) == 0
    told = capsys.readouterr().out
    assert_no_command(told)
    assert (tmp_path / "summary.md").read_text().strip() == told.strip()
    plain = classroom50.summary([result("x")])
    assert told.count("\n") == plain.count("\n") + 1 and told.count("|") == plain.count("|")
    assert Tags(told).found == []


@every_text
@pytest.mark.parametrize("kind", [SubmissionError, ValueError])
def test_github_is_given_no_command_by_an_error(kind, text, capsys, monkeypatch, tmp_path):
    def fail(*given):
        raise kind(text)

    monkeypatch.setattr(hosted, "grade", fail)
    assert hosted.main(["actions", str(tmp_path), "--part", "gan_pytorch"]) == 1
    told = capsys.readouterr().err
    assert_no_command(told)
    assert ("Traceback" in told) is (kind is ValueError)
    assert_inert_in_a_terminal(told, "")


@every_text
def test_files_for_gradescope_and_classroom_50(text):
    made = json.loads(gradescope.render([result(text)], remarks=[text]))
    plain = json.loads(gradescope.render([result("x")], remarks=["x"]))
    assert_same_tags(made["output"], plain["output"])
    for one, other in zip(made["tests"], plain["tests"]):
        assert {t for t, _ in Tags(one["output"]).found} <= {"p", "pre"}
        assert_without_controls(one["output"])
        assert one["name"] == other["name"]
    environment = dict.fromkeys(classroom50.NAMES.values(), "x")
    made = json.loads(classroom50.render([result(text)], environment, "", ""))
    for test in made["tests"]:
        assert_without_controls(test["output"])
    json.loads(gradescope.failure(text))


# --- spreadsheets -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["plain", "canvas", "nbgrader"])
@every_text
def test_a_spreadsheet_computes_nothing(form, text, part):
    data = gradebook.render(form, [row(text)], Course(part, "Canvas export", text))
    lines = list(csv.reader(io.StringIO(data.decode())))
    plain = gradebook.render(form, [row("x")], Course(part, "Canvas export", "x"))
    assert len(lines) == len(plain.splitlines()) == len(data.decode().splitlines())
    for cell in (piece for line in lines for whole in line for piece in whole.split(";")):
        seen = cell.lstrip(' \xa0\u3000\u200b\u2060\ufeff\u3164\u034f\xad\ufe0f\u061c\u2066"“')
        if not seen.lstrip("'").startswith(("=", "@", "+", "-", "＝", "＋", "－", "＠", "﹦", "−")):
            continue
        assert cell.startswith("'"), ascii(cell)


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "O'Neil, Shaun", "山田　太郎", "'t Hooft", "Müller-Lüd"]
)
def test_an_ordinary_name_stays_as_it_is(name, part):
    for form in ("plain", "canvas"):
        data = gradebook.render(form, [Row("k", (Person(name),))], Course(part))
        assert list(csv.reader(io.StringIO(data.decode())))[-1][0] == name


def test_points_below_nothing_stay_a_number(part):
    low = Result("gan_pytorch", "x", -1.5, 10, ())
    data = gradebook.render("plain", [Row("k", (Person("x"),), result=low)], Course(part))
    assert "-1.5" in list(csv.reader(io.StringIO(data.decode())))[-1]

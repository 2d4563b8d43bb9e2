"""Every command in the documentation works: it is run here, or held against what would read it.

A command is a line of a shell block, or a code span that begins with a tool's name and a space. It
stands in RUN or in NOT_RUN below; one that stands in neither fails, by its page and line.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from configparser import ConfigParser
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

from autograder import __version__, parts
from autograder.cli import main
from autograder.mistake import Mistake, apply
from autograder.parts import PACKAGE, ROOT

PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
TOOLS = "autograder|cd|dask|docker|git|make|mkdocs|mypy|nbgrader|otter|pip|pre-commit|pytest|python"
STARTS = re.compile(rf"(?:[A-Z_]+=\S+ )?(?:{TOOLS}) \S")
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```", re.M | re.S
)
SPAN = re.compile(r"`([^`]+)`")


class Runs(NamedTuple):
    """A command that is run: its exit code, words that it prints, files that it writes."""

    says: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    code: int = 0


class Elsewhere(NamedTuple):
    """A command that is not run here: why, and what does run it or the calls behind it."""

    why: str
    test: str = ""


GRADED = ("results/feedback.html", "results/result.json", "results/outputs.npz")
CLASS = ("results/index.html", "results/gradebook.csv", "results/results/ana/feedback.html")
SLIP = "The loss is a sum over the minibatch."  # submission.zip has it, and so has ben

# A command that several pages have is run once; assignment/ is as it was before each page.
RUN = {
    # README.md, and the pages that say the same again
    "autograder grade solutions": Runs(("Total 400/400",), ("results/feedback.html",)),
    "autograder grade submission.zip": Runs((SLIP, "/100"), GRADED),
    "autograder grade-class submissions/ --output results": Runs(("3 graded.",), CLASS),
    "autograder check gan_pytorch.py": Runs(("47/47", "All public checks pass")),
    "autograder release": Runs((), ("assignment/gan_pytorch.py", "assignment/public_checks.npz")),
    "autograder release gan_pytorch --nbgrader course/": Runs(
        ("nbgrader generate_assignment gan_pytorch",),
        ("course/nbgrader_config.py", "course/source/gan_pytorch/gan_pytorch.ipynb"),
    ),
    "autograder rescore results": Runs(("3 results judged again, 0 changed",)),
    "autograder bundle gradescope": Runs((), ("autograder.zip",)),
    "autograder doctor": Runs(("--isolation strict",)),
    # docs/class.md, docs/index.md, docs/instructor.md
    "autograder rescore results --dry-run": Runs(("3 results judged again, 0 would change",)),
    "autograder grade-class submissions/ --output results --gradebook canvas": Runs(
        ("0 graded, 3 kept",), ("results/gradebook-canvas.csv",)
    ),
    "autograder grade assignment": Runs(("Total 0/400",)),
    "autograder release --given bce_loss": Runs(),
    "autograder release --verify": Runs(("differs",), code=1),  # from what the line before wrote
    "autograder grade submission.zip --output results/ana": Runs((), ("results/ana/result.json",)),
    "autograder release dcgan_keras --output handout_keras": Runs(
        (), ("handout_keras/dcgan_keras.py",)
    ),
    # docs/nbgrader.md, docs/platforms.md
    "cd course": Runs(),
    "autograder bundle gradescope --part gan_pytorch --output autograder.zip": Runs(
        (), ("autograder.zip",)
    ),
    "autograder bundle gradescope --part gan_pytorch --train --output autograder.zip": Runs(
        (), ("autograder.zip",)
    ),
    "autograder bundle gradescope --train --output autograder.zip": Runs((), ("autograder.zip",)),
    "autograder bundle classroom50 --part gan_pytorch --output DIR": Runs(
        (), ("DIR/autograder.py",)
    ),
    "autograder bundle otter --part gan_pytorch --output DIR": Runs(
        (), ("DIR/tests/gan_pytorch.py",)
    ),
    "autograder bundle container --part gan_pytorch --output DIR": Runs((), ("DIR/Dockerfile",)),
    "autograder bundle otter --part gan_pytorch --output hw": Runs(
        (), ("hw/tests/gan_pytorch.py",)
    ),
    "autograder release --zip homework.zip": Runs((), ("homework.zip",)),
}

INSTALLS = Elsewhere("the network", ".ci/run")
SELF = Elsewhere("this very run")
STAFF = "test_packages.py::test_the_staff_wheel_grades_from_an_empty_folder"
WHEELS = "test_packages.py::test_the_wheels_have_two_names"
RECORD = Elsewhere("minutes: every mistake", "test_cli.py::test_record_verifies_what_is_stored")
ACCURACY = "test_new_part.py::test_every_mistake_is_caught_and_named_and_the_variant_accepted"
MEASURES = Elsewhere("minutes; a measurement")
NEW_PART = Elsewhere("followed there", "test_new_part.py::test_the_solution_earns_every_point")
NBGRADER = Elsewhere("followed there", "test_nbgrader.py::test_ten_students_come_through")
OTTER = Elsewhere(
    "otter is not installed everywhere",
    "test_bundle_others.py::test_otter_itself_gives_our_points",
)
KERAS = Elsewhere("Keras, 14 s", "test_dcgan_keras.py::test_the_solution_earns_every_point")
DASK = Elsewhere(
    "a cluster",
    "test_batch.py::test_a_dask_cluster_of_which_a_worker_is_killed_grades_the_class",
)
TRAINS = Elsewhere(
    "most of a minute",
    "test_learning.py::test_a_short_training_runs_in_the_sandbox_and_is_the_same_twice",
)

NOT_RUN = {
    "pip install -e .": INSTALLS,
    'pip install -e ".[dev]"': INSTALLS,
    'pip install -e ".[bench]"': INSTALLS,
    'pip install -e ".[dask]"': INSTALLS,
    'pip install -e ".[keras]"': INSTALLS,
    'pip install -e ".[nbgrader]"': INSTALLS,
    "pip install gan-homework": INSTALLS,
    'pip install "./gan_homework_staff-0.1.0-py3-none-any.whl[dask]"': Elsewhere("network", STAFF),
    "pip install gan_homework_staff-*.whl": Elsewhere("the network", STAFF),
    "pip wheel --no-deps .": Elsewhere("built there, both", WHEELS),
    "GAN_HOMEWORK=staff pip wheel --no-deps .": Elsewhere("built there, both", WHEELS),
    '/tmp/torch22/bin/pip install torch==2.2.2 "numpy<2"': Elsewhere("the network"),
    "python -m venv /tmp/torch22": Elsewhere("writes outside of the sandbox"),
    "pre-commit install": Elsewhere("writes into .git"),
    "pytest": SELF,
    "pytest --exhaustive": SELF,
    "make lock": Elsewhere(
        "the network",
        "test_project.py::test_the_lock_file_fulfils_every_requirement_on_every_python_and_system",
    ),
    "make changelog": Elsewhere(
        "rewrites CHANGELOG.md",
        "test_project.py::test_the_next_section_lists_every_entry_with_its_kind",
    ),
    "python -m autograder.platforms.hosted": Elsewhere(
        "the bundles' scripts start it",
        "test_bundle_gradescope.py::test_a_right_submission_earns_all_points",
    ),
    "pytest -k tiny_gan": Elsewhere("the part exists on its page only", NEW_PART.test),
    "pytest tests/test_hostile.py": SELF,
    "make lint": Elsewhere("CI does it", ".ci/run"),
    "make bench": MEASURES,
    "make docs": Elsewhere("built there", "test_site.py::test_the_site_builds_without_a_warning"),
    "autograder record": RECORD,
    "autograder record gan_learning": RECORD,
    "autograder accuracy": Elsewhere("minutes", ACCURACY),
    "autograder accuracy --full --output docs/accuracy.md": Elsewhere("an hour", ACCURACY),
    "autograder accuracy gaussian_gan dcgan dog_breeds --output docs/accuracy-parts.md": Elsewhere(
        "minutes", ACCURACY
    ),
    "autograder grade submission.zip --train": TRAINS,
    "autograder grade dcgan_keras.py": KERAS,
    "autograder grade-class submissions/ --part dcgan_keras --output results": KERAS,
    "autograder grade-class submissions/ --output results --executor dask"
    " --scheduler tcp://HOST:8786": DASK,
    "autograder grade-class submissions/ --output results --executor dask"
    " --scheduler gateway:NAME": Elsewhere("needs a gateway; the page says so"),
    "dask scheduler": DASK,
    "dask worker tcp://HOST:8786 --nworkers 4 --nthreads 1": DASK,
    "docker compose run --rm autograder grade-class /submissions --output /results": Elsewhere(
        "Docker",
        "test_bundle_others.py::test_the_dockerfiles_steps_install_pins_and_shut_the_source",
    ),
    "nbgrader generate_assignment gan_pytorch": NBGRADER,
    "nbgrader autograde gan_pytorch": NBGRADER,
    "nbgrader generate_feedback gan_pytorch": NBGRADER,
    "nbgrader export": NBGRADER,
    "otter generate -t hw/tests -o hw/autograder.zip": OTTER,
    "otter run -a hw/autograder.zip submission.ipynb": OTTER,
    "otter run": OTTER,
    "python -m autograder record tiny_gan": NEW_PART,
    "python -m autograder release tiny_gan --output tiny": NEW_PART,
    "python -m autograder grade solutions/tiny_gan.py --output graded": NEW_PART,
    "python -m autograder grade tiny/tiny_gan.py --output graded_stub": NEW_PART,
    "python -m autograder accuracy tiny_gan": NEW_PART,
    "python benchmarks/class_grading.py": MEASURES,
    "python benchmarks/cold.py": MEASURES,
    "python benchmarks/fuzz_wire.py": MEASURES,
    "python benchmarks/hosts.py": MEASURES,
    "python benchmarks/hosts.py --forget --python VENV/bin/python": MEASURES,
    "python benchmarks/learning.py": MEASURES,
    "python benchmarks/peers": MEASURES,
    "python benchmarks/repeat.py --rounds 1000 --write": MEASURES,
    "python benchmarks/run.py --write": MEASURES,
    "python benchmarks/spread.py": MEASURES,
    "python benchmarks/spread.py --python /tmp/torch22/bin/python --write": MEASURES,
    "python benchmarks/training.py": MEASURES,
    "python benchmarks/walls.py": MEASURES,
    "python benchmarks/warm.py": MEASURES,
    "python docs/attacks.py": Elsewhere("minutes, as root", "test_hostile.py"),
    "python docs/gans.py --iterations 250": MEASURES,
    "python docs/pictures.py": Elsewhere("writes pictures, with a browser"),
    "python docs/sprites.py": MEASURES,
}


# --- finding them -----------------------------------------------------------------------------


class Command(NamedTuple):
    """A command as it stands in a page; `whole` if a reader may type it as it is."""

    page: str
    line: int
    text: str
    whole: bool

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text}"


def commands(page: str, text: str) -> list[Command]:
    """Return a page's commands in their order: shell blocks' lines, spans that begin with a tool."""
    found = []
    for block in FENCE.finditer(text):
        first = text.count("\n", 0, block.start("text")) + 1
        for number, line in enumerate(block["text"].splitlines(), first):
            line = re.sub(r"(^|\s)#.*", "", line.removeprefix(block["indent"])).strip()
            if block["kind"] == "console":
                line = line[2:] if line.startswith("$ ") else ""
            elif block["kind"] not in ("sh", "bash", "shell") and not (
                block["kind"] == "" and STARTS.match(line)
            ):
                continue
            found += [Command(page, number, one, True) for one in split(line)]
    prose = FENCE.sub(
        lambda block: re.sub("```" if not block["kind"] else ".", " ", block[0]), text
    )
    for span in SPAN.finditer(prose):
        words = " ".join(span[1].split())
        if STARTS.match(words):
            number = prose.count("\n", 0, span.start()) + 1
            found += [Command(page, number, one, False) for one in split(words)]
    return sorted(found, key=lambda command: command.line)


def split(line: str) -> list[str]:
    """Return the commands of a line: what stands between &&."""
    return [one.strip() for one in line.split("&&") if one.strip()]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


DOCUMENTED = [one for path in PAGES for one in commands(name(path), path.read_text())]


def is_a_name(command: Command) -> bool:
    """Tell whether it only names a command, as in "`autograder rescore` judges it again"."""
    return not command.whole and command.text in names_that_want_more()


@functools.cache
def names_that_want_more() -> dict[str, click.Command]:
    """Return the autograder's groups and the commands that cannot be given without an argument."""
    found = {}

    def walk(group: click.Group, words: str) -> None:
        for word, one in group.commands.items():
            if isinstance(one, click.Group):
                walk(one, f"{words} {word}")
            if isinstance(one, click.Group) or any(p.required for p in one.params):
                found[f"{words} {word}"] = one

    walk(main.main, "autograder")
    return found


# --- running them -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """Return a copy of the checkout in which the names exist that the pages use."""
    copy = tmp_path_factory.mktemp("documented") / "checkout"
    copy.mkdir()
    for folder in ("assignment", "autograder", "checks", "solutions"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in ("LICENSE", "README.md", "setup.cfg", "setup.py", "pyproject.toml"):
        shutil.copy(ROOT / file, copy)
    right = (copy / "solutions" / "gan_pytorch.py").read_text()
    slip = Mistake("slip", "bce_loss", "", "", (), old=".mean()", new=".sum()")
    (copy / "gan_pytorch.py").write_text(right)
    shutil.copy(copy / "assignment" / "public_checks.npz", copy)
    students = copy / "submissions"
    for student, text in (("ana", right), ("ben", apply(slip, right))):
        (students / student).mkdir(parents=True)
        (students / student / "gan_pytorch.py").write_text(text)
    shutil.copy(copy / "assignment" / "gan_pytorch.py", students / "cem.py")
    shutil.make_archive(str(copy / "submission"), "zip", students / "ben")
    return copy


@pytest.fixture(scope="module")
def complaint(sandbox):
    """Run a command there and return what is wrong with it; one that several pages have, once."""
    environment = {**os.environ, "PYTHONPATH": str(sandbox), "COLUMNS": "120", "NO_COLOR": "1"}

    @functools.cache
    def run(text: str) -> str:
        tool, *words = shlex.split(text)
        if tool == "cd":
            return "" if (sandbox / words[0]).is_dir() else "no such folder"
        assert tool == "autograder", f"{text}: nothing here can run it"
        if words[-1] == "DIR":  # a new one for each row of a table
            shutil.rmtree(sandbox / "DIR", ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words],
            cwd=sandbox,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
        )
        said, wanted = done.stdout + done.stderr, RUN[text]
        if done.returncode != wanted.code:
            return f"exit code {done.returncode}\n{said}"
        if missing := [words for words in wanted.says if words not in said]:
            return f"does not say {missing}\n{said}"
        missing = [path for path in wanted.writes if not (sandbox / path).exists()]
        return f"does not write {missing}" if missing else ""

    return run


@pytest.fixture
def assignment(sandbox):
    """Put back what students get when a page is done: it may have given them a function."""
    yield
    shutil.copytree(ROOT / "assignment", sandbox / "assignment", dirs_exist_ok=True)


@pytest.mark.parametrize("page", sorted({one.page for one in DOCUMENTED if one.text in RUN}))
def test_what_a_page_says_to_type_works_in_its_order(page, complaint, assignment):
    for command in DOCUMENTED:
        if command.page == page and command.text in RUN and not is_a_name(command):
            wrong = complaint(command.text)
            assert not wrong, f"{command}: {wrong}"


# --- understanding them -----------------------------------------------------------------------


def test_every_command_is_run_or_has_a_reason():
    unknown = [
        str(command)
        for command in DOCUMENTED
        if not (command.text in RUN or command.text in NOT_RUN or is_a_name(command))
    ]
    assert not unknown, "\n".join([*unknown, "put each into RUN or NOT_RUN of this file"])


def test_no_entry_is_stale():
    texts = {command.text for command in DOCUMENTED}
    assert [text for text in (*RUN, *NOT_RUN) if text not in texts] == []
    assert not RUN.keys() & NOT_RUN.keys()


@pytest.mark.parametrize("where", sorted({one.test for one in NOT_RUN.values() if one.test}))
def test_what_is_said_to_run_it_exists(where):
    file, _, test = where.partition("::")
    path = ROOT / file if file.startswith(".ci/") else ROOT / "tests" / file
    assert path.is_file(), where
    assert not test or f"\ndef {test}(" in path.read_text(), where


@pytest.mark.parametrize("text", NOT_RUN)
def test_a_command_that_is_not_run_is_understood(text, monkeypatch):
    assert NOT_RUN[text].why
    words = shlex.split(re.sub(r"^[A-Z_]+=\S+ ", "", text))
    tool = Path(words[0]).name
    if words[:3] == ["python", "-m", "autograder"]:
        tool, words = "autograder", words[2:]
    understand = {
        "autograder": understand_autograder,
        "dask": understand_dask,
        "docker": understand_docker,
        "make": understand_make,
        "mypy": understand_mypy,
        "nbgrader": understand_nbgrader,
        "otter": understand_otter,
        "pip": understand_pip,
        "pre-commit": understand_pre_commit,
        "pytest": understand_pytest,
        "python": understand_python,
    }
    understand[tool](words[1:], monkeypatch)


def understand_autograder(words, monkeypatch):
    """Let click read the words, down to the command's function, which is replaced."""

    def stand_in(command: click.Command) -> None:
        known = {part.name for part in (*parts.PARTS, *parts.EXTRAS)} | {"tiny_gan"}
        free = any(p.name == "names" and isinstance(p, click.Argument) for p in command.params)

        def read(**values):
            assert not free or {*values["names"]} <= known, values["names"]

        monkeypatch.setattr(command, "callback", read)
        for one in getattr(command, "commands", {}).values():
            stand_in(one)

    for command in main.main.commands.values():
        stand_in(command)
    done = CliRunner().invoke(main.main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output


def understand_dask(words, monkeypatch):
    if importlib.util.find_spec("distributed") is None:
        pytest.skip("Dask is not installed")
    options_exist([sys.executable, "-m", "dask", words[0]], words)


def understand_docker(words, monkeypatch):
    assert words[:3] == ["compose", "run", "--rm"]
    platform = ROOT / "autograder" / "platforms" / "templates" / "container"
    compose = (platform / "compose.yaml.jinja").read_text()
    assert f"\n  {words[3]}:\n" in compose
    for folder in (word for word in words if word.startswith("/")):
        assert f":{folder}" in compose, folder
    understand_autograder(words[4:], monkeypatch)


def understand_make(words, monkeypatch):
    makefile = (ROOT / "Makefile").read_text()
    for target in words:
        assert re.search(rf"^{re.escape(target)}:", makefile, re.M), target


def understand_mypy(words, monkeypatch):
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg")
    assert settings["mypy"]["files"] == "autograder"


def understand_nbgrader(words, monkeypatch):
    """Find the command in nbgrader, and its arguments in the course that this package writes."""
    if importlib.util.find_spec("nbgrader") is None:
        pytest.skip("nbgrader is not installed")
    module = f"nbgrader.apps.{words[0].replace('_', '')}app"
    assert importlib.util.find_spec(module), words[0]
    assert {*words[1:]} <= {part.name for part in parts.PARTS}


def understand_otter(words, monkeypatch):
    assert words[0] in ("generate", "run")
    for path in (word for word in words if word.startswith("hw/")):
        assert path in ("hw/tests", "hw/autograder.zip")


def understand_pip(words, monkeypatch):
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg")
    for word in words:
        for extra in re.findall(r"\[(\w+)\]", word):
            assert extra in settings["options.extras_require"], word
        for version in re.findall(r"gan_homework_staff-([\d.]+)-", word):
            assert version == __version__, word
    options_exist([sys.executable, "-m", "pip", words[0]], words)


def understand_pre_commit(words, monkeypatch):
    assert (ROOT / ".pre-commit-config.yaml").is_file()


def understand_pytest(words, monkeypatch):
    for path in (word for word in words if word.endswith(".py")):
        assert (ROOT / path).is_file(), path


def understand_python(words, monkeypatch):
    """Ask a script for its options; it must exist and read them with argparse."""
    if words[0] == "-m":
        assert importlib.util.find_spec(words[1]), words[1]
        return
    script = ROOT / words[0]
    script = script / "__main__.py" if script.is_dir() else script
    assert "argparse" in script.read_text(), f"{words[0]}: runs whatever one asks"
    options_exist([sys.executable, words[0]], words)


@functools.cache
def help_of(*command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, "--help"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def options_exist(command, words):
    """Every option among the words stands in the command's help, which costs a start of it."""
    said = help_of(*command)
    for option in (word for word in words if re.match(r"--?[a-z]", word)):
        assert re.search(rf"(?<![\w-]){option}\b", said), f"{option}: not in {shlex.join(command)}"


def test_every_option_that_a_page_names_exists():
    """As in "with `--fresh`": it belongs to the autograder, or to a command of the same page."""

    def options(command: click.Command) -> set[str]:
        own = {word for p in command.params for word in (*p.opts, *p.secondary_opts)}
        return own.union(*(options(one) for one in getattr(command, "commands", {}).values()))

    known = options(main.main) | {"--help"}
    for path in PAGES:
        text = path.read_text()
        typed = {w for c in commands(name(path), text) for w in shlex.split(c.text)}
        for option in re.findall(r"`(--[a-z][\w-]*)", text):
            assert option in known | typed, f"{name(path)}: {option}"


# --- the collector, and blocks of Python ------------------------------------------------------


def test_blocks_spans_and_tables_are_seen_with_their_lines():
    page = textwrap.dedent("""\
        Type `autograder grade
        a.py`, not `autograder.grade`, nor `python`.

        ```sh
        pip install x && autograder frobnicate  # twice
        ```

        | a row | `make nothing` |

        1. a step

            ```console
            $ otter run
            what it prints
            ```

        ```
        a tree/  of files, by `make tree`
        python -m venv here
        ```
        """)
    assert [(c.line, c.text) for c in commands("page.md", page)] == [
        (1, "autograder grade a.py"),
        (5, "pip install x"),
        (5, "autograder frobnicate"),
        (8, "make nothing"),
        (13, "otter run"),
        (18, "make tree"),
        (19, "python -m venv here"),
    ]


@pytest.mark.parametrize("words", [["frobnicate"], ["grade", "a.py", "--fast"], ["record", "x"]])
def test_words_that_no_command_reads_are_refused(words, monkeypatch):
    with pytest.raises(AssertionError):
        understand_autograder(words, monkeypatch)


def test_blocks_of_python_are_python():
    for path in PAGES:
        text = path.read_text()
        for block in FENCE.finditer(text):
            if block["kind"] == "python":
                above = "\n" * text.count("\n", 0, block.start("text"))  # so that its line is told
                compile(above + textwrap.dedent(block["text"]), name(path), "exec")


# --- messages that a page quotes --------------------------------------------------------------


def test_what_the_students_page_quotes_is_what_the_autograder_says():
    page = (ROOT / "docs" / "student.md").read_text()
    section = page.split("## If something is odd")[1].split("\n## ")[0]
    said = "\n".join(path.read_text() for path in sorted(PACKAGE.rglob("*.py")))
    quoted = re.findall(r'\*"(.+?)"\*', section, re.S)
    assert len(quoted) >= 3
    for phrase in quoted:  # a number in it stands for one that the code fills in
        words = re.escape(" ".join(phrase.split()))
        assert re.search(re.sub(r"\d+", r"(?:\\d+|\\{[^{}]+\\})", words), said), phrase


# --- a check in four steps --------------------------------------------------------------------


def test_a_check_added_in_four_steps_catches_what_it_is_for(tmp_path):
    """Follow the README in a copy; of the known mistakes only the new one, to record in seconds."""
    section = (ROOT / "README.md").read_text().split("## Add a check in four steps")[1]
    blocks = [textwrap.dedent(block["text"]) for block in FENCE.finditer(section)]
    probe, check = blocks
    for folder in ("autograder", "solutions", "checks"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    head, _, line = probe.splitlines()
    probes = tmp_path / "autograder" / "probes" / "gan_pytorch.py"
    before, function, after = probes.read_text().partition(head.split("(")[0])
    assert function
    probes.write_text(before + function + after.replace("    return", f"{line}\n    return", 1))
    suite = tmp_path / "autograder" / "suites" / "test_gan_pytorch.py"
    suite.write_text(f"{suite.read_text()}\n\n{check}")
    mistakes = tmp_path / "autograder" / "mistakes" / "gan_pytorch.py"
    told = "A single number comes without its shape."
    squeezed = f"{mistakes.read_text()}\nMISTAKES = (Mistake('single-squeezed', 'sample_noise', "
    squeezed += f"{told!r}, 'Keep both dimensions.', ('noise_single',), old=NOISE, "
    mistakes.write_text(squeezed + "new=f'({NOISE}).squeeze()'),)\n")

    solution = (tmp_path / "solutions" / "gan_pytorch.py").read_text()
    wrong = Mistake("", "sample_noise", "", "", (), old="dim) - 1", new="dim).squeeze() - 1")
    (tmp_path / "wrong.py").write_text(apply(wrong, solution))
    said = []
    for words in (
        ("record", "gan_pytorch"),
        ("grade", "solutions/gan_pytorch.py"),
        ("grade", "wrong.py", "--part", "gan_pytorch"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "120"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout)
    assert "101/101" in said[1] and "A single number of noise can be drawn." in said[1]
    assert "100/101" in said[2] and told in said[2]

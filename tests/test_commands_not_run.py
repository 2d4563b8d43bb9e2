"""A documented command that is not run is understood: by our command line, or by its own tool."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from autograder import __version__, parts
from autograder.cli import main
from autograder.parts import ROOT
from tests.selection import sample
from tests.test_documented_commands import NOT_RUN, RUN


def words_of(text):
    """Return a command's words without the variables in front, its tool first."""
    words = shlex.split(re.sub(r"^[A-Z_]+=\S+ ", "", text))
    return words[2:] if words[:3] == ["python", "-m", "autograder"] else words


@pytest.mark.parametrize("text", sample(NOT_RUN, every=6, kind=lambda text: words_of(text)[0]))
def test_a_command_that_is_not_run_is_understood(text, monkeypatch):
    assert NOT_RUN[text].why
    words = words_of(text)
    tool = Path(words[0]).name
    understand = {
        "autograder": understand_autograder,
        "cat": understand_files,
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
        "wc": understand_files,
    }
    understand[tool](words[1:], monkeypatch)


@pytest.mark.parametrize("text", [text for text in RUN if text.startswith("autograder ")])
def test_a_command_that_is_run_is_understood_too(text, monkeypatch):
    """The quick run follows some pages only; the words of all are read here."""
    understand_autograder(words_of(text)[1:], monkeypatch)


def understand_autograder(words, monkeypatch):
    """Let click read the words, down to the command's function, which is replaced."""

    def stand_in(command: click.Command) -> None:
        known = {part.name for part in (*parts.PARTS, *parts.EXTRAS)} | {"tiny_gan", "warm_up"}
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


def understand_files(words, monkeypatch):
    named = [word for word in words if "/" in word]
    assert named
    for word in named:
        assert list(ROOT.glob(word)), word


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
    suites = [word for word in words if "/suites/" in word]  # which have an option of their own
    options_exist([sys.executable, "-m", "pytest", *suites], words)


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


@pytest.mark.parametrize("words", [["frobnicate"], ["grade", "a.py", "--fast"], ["record", "x"]])
def test_words_that_no_command_reads_are_refused(words, monkeypatch):
    with pytest.raises(AssertionError):
        understand_autograder(words, monkeypatch)

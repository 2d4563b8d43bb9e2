"""The terminal: what lost points comes first, one style of table, whole lines of help."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder.batch.rescore import Change
from autograder.cli import progress
from autograder.cli.main import main
from autograder.reports import terminal
from tests.test_webpage_student import LOST, made, result

WIDTH = 80


def printed(renderable):
    console = Console(file=io.StringIO(), width=WIDTH)
    console.print(renderable)
    return console.file.getvalue()


def shown(*checks, **more):
    return printed(terminal.render([result(*checks, **more)]))


def test_lost_functions_come_first_with_subtotals_and_the_next_one_last():
    text = shown(
        made("sample_noise", "passed", "passed"),
        made("get_optimizer", LOST, "passed"),
        made("bce_loss", LOST, LOST),
    )
    places = [text.index(name) for name in ("bce_loss ", "get_optimizer ", "sample_noise ")]
    assert places == sorted(places)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert {"bce_loss 0/4", "get_optimizer 2/4", "✓ sample_noise 4/4", "score 6/12"} <= {*lines}
    assert "✓ 1 check passed 2/2" in lines
    assert lines[-1] == "next: bce_loss"


def test_a_file_that_failed_as_a_whole_is_one_line():
    text = shown(*(made(f"f{i}", ("error", "holds no gan_pytorch.py")) for i in range(30)))
    assert text.count("holds no") == 1 and "f7" not in text and "next:" not in text


def test_functions_that_fail_alike_share_a_line_and_keep_their_places():
    told = "from your code: NameError: name 'torch' is not defined\n  gan_pytorch.py, line 1"
    text = shown(*(made(f"f{i}", ("error", f"{told}{i}")) for i in range(3)), made("g", "passed"))
    assert text.count("NameError") == 1
    assert all(f"f{i}  gan_pytorch.py, line 1{i}" in text for i in range(3))


def test_remarks_and_what_was_measured_are_told_of_functions_that_passed():
    (check,) = made("vanilla", "passed")
    text = shown(
        [dataclasses.replace(check, figure="distance", measured=7.0)],
        made("discriminator_loss", ("passed", "judged with a right bce_loss")),
    )
    assert "(measured: 7)" in text and text.count("judged with a right bce_loss") == 1
    assert "next:" not in text


def test_judging_again_tells_whose_grade_changes_and_by_how_much():
    before = result(made("f", LOST, "passed"))
    changes = [
        Change(Path("results/ada"), before, result(made("f", "passed", "passed"))),
        Change(Path("results/bo"), before, result(made("f", LOST, LOST))),
        Change(Path("results/cy"), before, result(made("f", ("failed", "Other words."), "passed"))),
        Change(Path("results/di"), None, before),
    ]
    text = printed(progress.changes(changes))
    lines = [line.split() for line in text.splitlines()]
    assert ["ada", "2", "4/4", "+2", "f_0"] in lines and ["bo", "2", "0/4", "-2", "f_1"] in lines
    assert ["di", "none", "2/4", "+2"] in lines
    assert "The same grade with other words or checks: 1 (cy)" in text
    assert progress.up_and_down(changes[:3]) == (
        "grades: 1 up by 2 points in all, 1 down by 2 points in all"
    )
    assert progress.up_and_down(changes[2:3]) == ""


def commands(group=main, words=()):
    """Yield the words of every command, and the command."""
    for name, command in group.commands.items():
        yield (*words, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))


@pytest.mark.parametrize("words", [(), *commands()], ids=" ".join)
def test_lines_of_help_are_whole_on_80_columns(words):
    told = CliRunner().invoke(main, [*words, "--help"], terminal_width=WIDTH).output
    assert max(map(len, told.splitlines())) <= WIDTH
    assert "..." not in told.partition("Options:")[2].replace("[ARGS]...", "")

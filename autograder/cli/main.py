"""The command line's entry. Exit codes: 0 success, 1 failure, 2 wrong usage."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from autograder import __version__, parts
from autograder.cli.bundle import bundle
from autograder.cli.grading import check, grade
from autograder.cli.messages import messages
from autograder.cli.naming import name
from autograder.cli.new_part import new_part
from autograder.cli.options import Commands, homework_option, language_option, say
from autograder.cli.review import review
from autograder.cli.rubric import rubric
from autograder.cli.staff import accuracy, doctor, record, release
from autograder.cli.whole_class import grade_class, rescore
from autograder.errors import AutograderError
from autograder.files import FULL
from autograder.texts import one_line

WIDEST = 120  # columns of help, if the terminal is that wide
LONGEST = 300  # characters of an unexpected error
FOR_STUDENTS = ("check", "doctor")  # what works without answers
INTERRUPTED = 130  # the exit code that shells give for Ctrl-C


class _Commands(Commands):
    """Turn every error into one line on stderr and exit code 1; only `--debug` shows a traceback.

    In the students' package only what works there is a command.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = list(self.commands)
        return [n for n in names if n in FOR_STUDENTS] if parts.is_students_package() else names

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.commands and cmd_name not in self.list_commands(ctx):
            raise AutograderError(
                f"`autograder {cmd_name}` is in the staff's package alone, gan-homework-staff; here "
                "is `autograder check`"
            )
        return super().get_command(ctx, cmd_name)

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        with _printable_usage():
            return super().make_context(*given, **more)

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a Windows console may have no ✓
                stream.reconfigure(errors="replace")
        try:
            with _printable_usage():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click ends these with one line, or with none if nothing reads the output
        except KeyboardInterrupt:
            say("autograder: interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except Exception as problem:
            if ctx.params.get("debug"):
                raise
            say(f"autograder: {_in_one_line(problem)}", err=True)
            ctx.exit(1)


@click.group(
    cls=_Commands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": min(shutil.get_terminal_size().columns, WIDEST),
    },
)
@click.version_option(__version__, prog_name="autograder")
@click.option("--debug", is_flag=True, help="Show tracebacks of the autograder's own errors.")
def main(debug: bool) -> None:
    """Grade the GAN homework: one submission, a class, or your own work."""


@contextmanager
def _printable_usage() -> Iterator[None]:
    """Make errors of usage printable: an argument may be the name of a student's file."""
    try:
        yield
    except click.UsageError as problem:
        text = problem.format_message()
        if text.isprintable() or type(problem).show is not click.UsageError.show:  # it shows help
            raise
        raise click.UsageError(one_line(text), problem.ctx) from None


def _in_one_line(problem: Exception) -> str:
    """Return what was wrong and, if known, what to do."""
    if isinstance(problem, AutograderError):
        return str(problem)
    if isinstance(problem, OSError) and problem.errno in FULL:
        where = f"{problem.filename}: " if problem.filename else ""
        return f"{where}the disk is full; make room and run the same command again"
    if isinstance(problem, OSError) and problem.filename:
        return f"{problem.filename}: {problem.strerror}"
    text = " ".join(str(problem).split())[:LONGEST]
    what = f"{type(problem).__name__}: {text}" if text else type(problem).__name__
    return f"internal error: {what} (`autograder --debug` and the same command show where)"


for command in (
    *(grade, check, grade_class, rescore, name, review),
    *(release, record, accuracy, rubric, new_part),
):
    main.add_command(homework_option(command))
for command in (grade, check, grade_class, rescore, name, review):
    language_option(command)
for command in (bundle, doctor, messages):
    main.add_command(command)

"""Options and small steps that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from autograder import language, parts
from autograder.homework import VARIABLE
from autograder.parts import EXTRAS, PARTS, Part
from autograder.texts import one_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class PartName(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """The name of a part that is known when the command runs: a homework may be chosen before it."""

    name = "part"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return the names to choose from, as click shows a choice in a command's help."""
        return f"[{'|'.join(part.name for part in parts.known())}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; fail with usage if there is no such part."""
        known = [part.name for part in parts.known()]
        if value not in known:
            self.fail(f"{value!r} is not one of {', '.join(map(repr, known))}.", param, ctx)
        return value


NAMES = PartName()
KNOWN = ", ".join(part.name for part in (*PARTS, *EXTRAS))
PART = click.option(
    "--part", "names", metavar="PART", multiple=True, type=NAMES, help=f"Only this part: {KNOWN}."
)
ISOLATION = click.option(
    "--isolation",
    type=click.Choice(["auto", "strict", "none"]),
    default="auto",
    show_default=True,
    help="Walls around student code: all that this machine has, all or an error, or none.",
)


def homework_option(command: click.Command) -> click.Command:
    """Give a command the option that chooses a course's own homework; return it."""
    option = click.Option(
        ["--homework"],
        metavar="DIR",
        expose_value=False,
        is_eager=True,  # names of parts are read after it
        callback=lambda ctx, param, named: named and ctx.with_resource(_in_use(named)),
        help=f"Use the parts of this folder, or of an installed homework; else {VARIABLE} says it.",
    )
    command.params.append(option)
    return command


def language_option(command: click.Command) -> click.Command:
    """Give a command the option that chooses the language of what students read; return it."""
    option = click.Option(
        ["--language"],
        metavar="CODE",
        expose_value=False,
        is_eager=True,
        callback=lambda ctx, param, named: named and ctx.with_resource(language.use(named)),
        help=f"Show students' texts in this language, such as zh; else {language.VARIABLE} says it.",
    )
    command.params.append(option)
    return command


@contextmanager
def _in_use(named: str) -> Iterator[None]:
    """Let this process, and those that it starts, use a course's own homework."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = os.path.abspath(named) if os.path.isdir(named) else named
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before


def say(text: str, err: bool = False) -> None:
    """Print one line; characters that control a terminal are replaced."""
    click.echo(one_line(text), err=err)


def warn_of_missing_walls() -> None:
    """Warn on systems where other people's code would run with the caller's rights."""
    from autograder.running import start

    if not start.can_fork():
        click.echo(
            "Warning: this system has no walls around student code; it runs with your rights. "
            "Grade other people's work on Linux (also in Docker, or WSL).",
            err=True,
        )


def chosen_parts(names: Sequence[str]) -> list[Part]:
    """Return the named parts, each once; without names, all parts except the extra ones."""
    return [parts.get(name) for name in dict.fromkeys(names)] if names else list(PARTS)


def imports_of(chosen: Sequence[Part]) -> list[str]:
    """Return what the solutions of some parts import."""
    return sorted({name for part in chosen for name in part.imports})


@contextmanager
def progress_bar(what: str) -> Iterator[tuple[Progress, TaskID]]:
    """Show a bar on a terminal's stderr; yield it and its task."""
    from rich.console import Console
    from rich.progress import Progress

    terminal = sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=not terminal) as bar:
        yield bar, bar.add_task(what)


def fail_on(lines: Sequence[str]) -> None:
    """Print lines on stderr and end with exit code 1, if there are any."""
    if lines:
        for line in lines:
            say(line, err=True)
        sys.exit(1)


class Commands(click.Group):
    """A group of commands whose help shows whole lines."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every command with its whole first line; click itself would cut it."""
        rows = [
            (name, (self.commands[name].help or "").strip().split("\n\n")[0].replace("\n", " "))
            for name in self.list_commands(ctx)
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

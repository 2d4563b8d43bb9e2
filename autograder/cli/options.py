"""Options and small steps that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from autograder import parts
from autograder.parts import EXTRAS, PARTS, Part

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

NAMES = click.Choice([part.name for part in (*PARTS, *EXTRAS)])
PART = click.option("--part", "names", multiple=True, type=NAMES, help="Only this part.")
ISOLATION = click.option(
    "--isolation",
    type=click.Choice(["auto", "strict", "none"]),
    default="auto",
    show_default=True,
    help="Walls around student code: all that there are, all or an error, none.",
)


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
    """Return the parts that were named, each once; without a name, those that count."""
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
            click.echo(line, err=True)
        sys.exit(1)

"""The command line's entry. Exit codes: 0 done, 1 could not, 2 wrong usage."""

from __future__ import annotations

import io
import shutil
import sys
from typing import Any

import click

from autograder import __version__
from autograder.cli.bundle import bundle
from autograder.cli.classes import grade_class, rescore
from autograder.cli.grading import check, grade
from autograder.cli.staff import accuracy, doctor, record, release
from autograder.errors import AutograderError

WIDEST = 120  # columns of help, where the terminal has them


class _Commands(click.Group):
    """Turn our own errors into one line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a Windows console may have no ✓
                stream.reconfigure(errors="replace")
        try:
            return super().invoke(ctx)
        except AutograderError as problem:
            if ctx.params.get("debug"):
                raise
            click.echo(f"autograder: {problem}", err=True)
            ctx.exit(1)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every command with its whole first line, which click itself would cut."""
        rows = [
            (name, (command.help or "").strip().split("\n\n")[0].replace("\n", " "))
            for name, command in self.commands.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


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


for command in (grade, check, grade_class, rescore, release, record, accuracy, bundle, doctor):
    main.add_command(command)

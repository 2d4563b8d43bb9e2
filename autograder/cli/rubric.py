"""`autograder rubric`: every check with its points, as a page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from autograder import parts
from autograder.cli import paths
from autograder.cli.options import chosen_parts, say
from autograder.files import write_bytes


@click.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--output", type=paths.FILE, help="Write the page here instead of printing it.")
def rubric(names: Sequence[str], output: Path | None) -> None:
    """Print the rubric: checks, points, what is public, how much there is to write."""
    from autograder.staff import rubric as writing

    if output:
        output = paths.check_file(output)
    chosen = chosen_parts(names) if names else parts.known()
    typed = ["autograder", "rubric", *names, *(["--output", str(output)] if output else [])]
    page = writing.page([writing.rubric(part) for part in chosen], shlex.join(typed))
    if not output:
        click.echo(page, nl=False)
        return
    write_bytes(output, page.encode())
    say(f"wrote {output}")

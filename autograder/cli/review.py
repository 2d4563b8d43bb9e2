"""`autograder review`: a page on this machine on which mistakes get their sentences."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import paths
from autograder.cli.options import say


@click.command()
@click.argument("results", type=paths.READ)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="Of the page, on 127.0.0.1.",
)
def review(results: Path, port: int) -> None:
    """Name mistakes of a graded class on a local page.

    RESULTS is the folder of `autograder grade-class`. The page shows groups of students who make the
    same mistake, and the code of two of them side by side; a sentence that you save is on the pages of
    the whole group. It does the same as `autograder name`.
    """
    from autograder.review.server import serve

    paths.check_readable(results)
    serve(results, port, say)

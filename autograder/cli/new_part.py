"""`autograder new-part`: the files of a part that works from the first minute."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from autograder.cli.options import say


@click.command("new-part")
@click.argument("name")
@click.option(
    "--functions",
    required=True,
    metavar="NAME,NAME",
    help="What students write.",
)
@click.option("--title", default="", help="The part's name for people.  [default: from NAME]")
@click.option(
    "--language",
    "languages",
    type=click.Choice(["en", "zh"]),
    multiple=True,
    default=["en"],
    show_default=True,
    help="Of the notebook; may be given twice, for one in each language.",
)
def new_part(name: str, functions: str, title: str, languages: Sequence[str]) -> None:
    """Write the files of a new part: small ones that work, to be replaced one by one."""
    from autograder.staff import new_part as writing

    names = [one.strip() for one in functions.split(",") if one.strip()]
    paths = writing.new_part(name, names, title, list(dict.fromkeys(languages)))
    for path in paths:
        say(f"wrote {os.path.relpath(path)}")
    say(f"Next: autograder record {name}")

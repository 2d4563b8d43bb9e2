"""`autograder bundle`: what another platform needs to grade with this package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from autograder import parts
from autograder.cli import paths
from autograder.cli.options import PART, Commands, chosen_parts, say
from autograder.errors import SourceError
from autograder.parts import PARTS


@click.group(cls=Commands)
def bundle() -> None:
    """Write what another platform needs to grade with this package."""
    if PARTS[0].outside:
        raise SourceError("a bundle holds this package's own parts, none of another --homework")


TORCH = click.option(
    "--torch",
    type=click.Choice(["cpu", "default"]),
    default="cpu",
    show_default=True,
    help="The build of PyTorch to install there: without CUDA, or pip's default.",
)
FOLDER = click.option(
    "--output",
    type=paths.FOLDER,
    required=True,
    help="A new folder.",
)


@bundle.command("gradescope")
@PART
@click.option(
    "--output",
    type=paths.FILE,
    default=Path("autograder.zip"),
    show_default=True,
)
@click.option(
    "--hidden",
    type=click.Choice(["after_published", "hidden", "visible"]),
    default="after_published",
    show_default=True,
    help="When students see the hidden checks.",
)
@click.option(
    "--train", is_flag=True, help="Also train the networks, for points and for a leaderboard."
)
@TORCH
def bundle_gradescope(
    names: Sequence[str], output: Path, hidden: str, train: bool, torch: str
) -> None:
    """Write the zip to upload to Gradescope as an autograder."""
    from autograder.staff import bundle as bundling

    chosen = chosen_parts(names)
    if train:
        also = parts.training_of(chosen)
        if not also:
            raise click.UsageError(f"--train: {', '.join(names)} cannot be trained")
        chosen += [part for part in also if part not in chosen]
    output = paths.check_file(output)
    bundling.gradescope(chosen, output, hidden, torch == "cpu")
    say(f"wrote {output} ({output.stat().st_size / 1e6:.1f} MB)")


@bundle.command("classroom50")
@PART
@FOLDER
@TORCH
def bundle_classroom50(names: Sequence[str], output: Path, torch: str) -> None:
    """Write an assignment's folder for Classroom 50, and a plain GitHub workflow."""
    from autograder.staff import bundle as bundling

    paths.check_folder(output)
    files = bundling.classroom50(chosen_parts(names), output, torch == "cpu")
    say(f"wrote {len(files)} files to {output}/")


@bundle.command("otter")
@PART
@FOLDER
def bundle_otter(names: Sequence[str], output: Path) -> None:
    """Write each part's test file for otter-grader."""
    from autograder.staff import bundle as bundling

    paths.check_folder(output)
    for path in bundling.otter(chosen_parts(names), output):
        say(f"wrote {path}")


@bundle.command("container")
@PART
@FOLDER
@TORCH
def bundle_container(names: Sequence[str], output: Path, torch: str) -> None:
    """Write a Dockerfile, and all that it needs, for a host that grades a class."""
    from autograder.staff import bundle as bundling

    paths.check_folder(output)
    files = bundling.container(chosen_parts(names), output, torch == "cpu")
    say(f"wrote {len(files)} files to {output}/")

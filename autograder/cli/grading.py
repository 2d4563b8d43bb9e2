"""`autograder grade` and `autograder check`: one submission."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from autograder import parts
from autograder.cli.options import ISOLATION, NAMES, PART, warn_of_missing_walls
from autograder.errors import SubmissionError
from autograder.files import write_bytes
from autograder.parts import EXTRAS, PARTS, Part


@click.command()
@click.argument("submission", type=click.Path(path_type=Path))
@PART
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Folder for result.json and outputs.npz.",
)
@click.option(
    "--train",
    is_flag=True,
    help="Also train the networks for a while, and judge what they draw; takes a minute or two.",
)
@ISOLATION
def grade(
    submission: Path, names: Sequence[str], output: Path, train: bool, isolation: str
) -> None:
    """Grade one SUBMISSION: a .py, a notebook, a folder or a zip."""
    from rich.console import Console

    from autograder import grading, outputs

    warn_of_missing_walls()
    folders: dict[Part, Path] = {}

    def plan(found: Sequence[Part]) -> None:
        folders.update({one: output / one.name if len(found) > 1 else output for one in found})
        # What shows results is loaded while the workers import torch.
        import_module("autograder.batch.publish")
        import_module("autograder.reports.terminal")

    def store(graded: grading.Graded) -> None:
        folder = folders[graded.part]
        outputs.save(graded.outputs, folder / "outputs.npz")
        graded.result.save(folder / "result.json")

    with Console(stderr=True).status("Starting") as status:
        graded = grading.grade(
            submission,
            names or None,
            train,
            isolation=isolation,
            planned=plan,
            starting=lambda part, one: status.update(f"{_verb(part)} {one.label}"),
            finished=store,
        )
    from autograder.batch.publish import page_of
    from autograder.reports import terminal

    write_bytes(output / "feedback.html", page_of(graded).encode())
    terminal.show([one.result for one in graded])
    click.echo(f"Written to {output}/; feedback.html there is the student's page")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--part", "name", type=NAMES, help="This part; by default what FILE is called.")
def check(file: Path, name: str | None) -> None:
    """Check your own FILE: the public checks, from the released files alone."""
    from rich.console import Console

    from autograder import grading
    from autograder.handins import lookup
    from autograder.reports import terminal

    chosen = [parts.get(name)] if name else [part for part in (*PARTS, *EXTRAS) if not part.trains]
    (part, _), *_ = lookup.parts_in(file, chosen, bool(name))
    public = (file if file.is_dir() else file.parent) / grading.PUBLIC_CHECKS
    if not public.exists():
        raise SubmissionError(f"{public}: not found; keep it beside your file")
    with Console(stderr=True).status(f"Running {file.name}"):
        [graded] = grading.grade(file, [part], public=public)
    terminal.show([graded.result])
    if all(c.status == "passed" for c in graded.result.checks):
        click.echo("All public checks pass. The hidden ones look closer: gradients, other inputs.")


def _verb(part: Part) -> str:
    return "Training" if part.trains else "Running"

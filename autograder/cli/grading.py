"""`autograder grade` and `autograder check`: one submission."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from autograder import language, parts
from autograder.cli import paths
from autograder.cli.options import ISOLATION, KNOWN, NAMES, PART, say, warn_of_missing_walls
from autograder.errors import SubmissionError
from autograder.files import write_bytes
from autograder.parts import EXTRAS, PARTS, Part
from autograder.texts import one_line


@click.command()
@click.argument("submission", type=paths.READ)
@PART
@click.option(
    "--output",
    type=paths.FOLDER,
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
    from rich.text import Text

    from autograder import grading, outputs

    paths.check_readable(submission)
    paths.check_folder(output)
    warn_of_missing_walls()
    folders: dict[Part, Path] = {}

    def plan(chosen: Sequence[Part]) -> None:
        folders.update({one: output / one.name if len(chosen) > 1 else output for one in chosen})
        # The modules that show results are imported while the workers import torch.
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
            starting=lambda part, one: status.update(Text(one_line(f"{_verb(part)} {one.label}"))),
            finished=store,
        )
    from autograder.batch.publish import page_of
    from autograder.reports import terminal

    write_bytes(output / "feedback.html", page_of(graded).encode())
    terminal.show([one.result for one in graded])
    say(
        language.say(
            "Written to {output}/; feedback.html there is the student's page", output=output
        )
    )


@click.command()
@click.argument("file", type=paths.READ)
@click.option(
    "--part",
    "name",
    metavar="PART",
    type=NAMES,
    help=f"This part, by default the one named like FILE: {KNOWN}.",
)
def check(file: Path, name: str | None) -> None:
    """Check your own FILE, or each part in a folder: the public checks, from released files alone."""
    from rich.console import Console
    from rich.text import Text

    from autograder import grading
    from autograder.handins import lookup
    from autograder.judging import scoring
    from autograder.reports import terminal

    paths.check_readable(file)
    chosen = [parts.get(name)] if name else [part for part in (*PARTS, *EXTRAS) if not part.trains]
    present = [part for part, _ in lookup.parts_in(file, chosen, bool(name))]
    public = grading.public_checks_of(file)
    if not public.is_file():
        raise SubmissionError(f"{public}: not found; keep it beside your file")
    if len(present) > 1:  # a part in another framework has functions of the same names
        released = scoring.released_parts(public)
        present = [part for part in present if part.name in released] or present
    with Console(stderr=True).status(Text(one_line(f"Running {file.name}"))):
        results = [one.result for one in grading.grade(file, present, public=public)]
    terminal.show(results)
    if all(check.status == "passed" for result in results for check in result.checks):
        said = language.say(
            "All public checks pass. The hidden ones look closer: gradients, other inputs."
        )
        click.echo(said)


def _verb(part: Part) -> str:
    return "Training" if part.trains else "Running"

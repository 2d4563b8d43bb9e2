"""`autograder record`, `release`, `accuracy` and `doctor`: the staff's own work."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from autograder.cli.options import chosen_parts, fail_on, imports_of, progress_bar
from autograder.files import write_bytes
from autograder.parts import EXTRAS


@click.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--verify", is_flag=True, help="Compute again, compare, write nothing.")
def record(names: Sequence[str], verify: bool) -> None:
    """Write the stored answers and the mistakes' fingerprints from the solutions."""
    from rich.console import Console

    from autograder.running.limits import TRAINING
    from autograder.running.start import start
    from autograder.staff import record as recording

    chosen = chosen_parts(names)
    limits = TRAINING if any(part in EXTRAS for part in chosen) else None
    with start(chosen, preload=imports_of(chosen), limits=limits) as workers:
        for part in chosen:
            if verify:
                fail_on(recording.verify(part, workers))
                click.echo(f"{part.name}: the stored answers are the solution's")
                continue
            with Console(stderr=True).status("the solution") as status:
                recording.record(part, workers, lambda text: status.update(f"mistake {text}"))
            written = part.fingerprints if part.answers_of else part.answers
            size = written.stat().st_size
            click.echo(f"{part.name}: wrote {written.name} ({size / 1000:.0f} kB)")


@click.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--verify", is_flag=True, help="Only tell whether assignment/ is up to date.")
@click.option("--given", multiple=True, metavar="FUNCTION", help="Give students this solution.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Another folder.")
@click.option(
    "--zip",
    "archive",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what is released, and up to date, as a zip: the same bytes from the same commit.",
)
@click.option(
    "--nbgrader",
    "course",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write an nbgrader course there instead, the parts as its assignments.",
)
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option(
    "--execute", is_flag=True, help="In that course nbgrader runs the notebooks too, unconfined."
)
def release(
    names: Sequence[str],
    verify: bool,
    given: Sequence[str],
    output: Path | None,
    archive: Path | None,
    course: Path | None,
    language: str,
    execute: bool,
) -> None:
    """Write the students' copy: stubs without solutions, and the public answers."""
    from autograder.staff import release as releasing

    chosen = chosen_parts(names)
    if course:
        code = "" if language == "en" else language
        for part in chosen:
            if not part.notebook(code).is_file() and not names:
                continue  # a part without a notebook
            for path in releasing.release_course(part, course, code, execute, given):
                click.echo(f"wrote {path}")
            click.echo(f"Next, in {course}: nbgrader generate_assignment {part.name}")
        return
    if names and not output:
        raise click.UsageError(
            "assignment/ holds every part; name another folder with --output for some of them"
        )
    folder = output or Path(os.path.relpath(chosen[0].stub.parent))
    if verify:
        fail_on(releasing.verify(chosen, folder, given))
        click.echo(f"{folder.name}/ is up to date")
        return
    if archive:
        write_bytes(archive, releasing.pack(chosen, folder, given))
        click.echo(f"wrote {archive}")
        return
    for path in releasing.release(chosen, folder, given):
        click.echo(f"wrote {path}")


def _typed(names: Sequence[str], full: bool, output: Path) -> str:
    """Return the command `accuracy` as it was given."""
    return shlex.join(
        ["autograder", "accuracy", *names, *["--full"] * full, "--output", str(output)]
    )


@click.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--full", is_flag=True, help="Thousands of combinations of mistakes, not a sample.")
@click.option("--messages", is_flag=True, help="Only print what students read for each mistake.")
@click.option("--output", type=click.Path(path_type=Path), help="Also write the figures as a page.")
def accuracy(names: Sequence[str], full: bool, messages: bool, output: Path | None) -> None:
    """Measure the grader: mistakes caught and named, variants accepted, chance."""
    from rich.console import Console

    from autograder.judging.scoring import Judge
    from autograder.mistake import load_mistakes
    from autograder.running.start import start
    from autograder.staff import accuracy as measuring
    from autograder.staff import accuracy_report as report

    chosen = chosen_parts(names)
    if messages:
        for part in chosen:
            click.echo(report.messages(load_mistakes(part)))
        return
    measured = []
    count = measuring.FULL if full else measuring.SAMPLE
    with progress_bar("") as (bar, task):

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        for part in chosen:
            with (
                start(chosen, preload=imports_of(chosen)) as workers,
                Judge.for_staff(part) as judge,
            ):
                measured.append(measuring.measure(part, workers, judge, count, tell))
    for one in measured:
        Console().print(report.render(one))
    if output:
        write_bytes(output, report.page(measured, _typed(names, full, output)).encode())
        click.echo(f"Written to {output}")
    fail_on([f"{one.part}: not as it should be" for one in measured if not one.perfect])


@click.command()
def doctor() -> None:
    """Tell what this machine offers: walls around student code, and versions."""
    from rich.console import Console

    from autograder.staff import doctor as report

    Console().print(report.render(*report.examine()))

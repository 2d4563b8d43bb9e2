"""`autograder record`, `release`, `accuracy` and `doctor`: the commands for staff."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from autograder.cli import paths
from autograder.cli.options import chosen_parts, fail_on, imports_of, progress_bar, say
from autograder.files import write_bytes
from autograder.parts import EXTRAS

CLASSIC = "gan-checks.npz"  # the name that those notebooks load


@click.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--verify", is_flag=True, help="Compute again, compare, write nothing.")
@click.option("--key", is_flag=True, help="Draw a key: hidden inputs that only your course has.")
@click.option("--public", is_flag=True, help="Forget the key; grade with the public inputs again.")
@click.option(
    "--classic",
    type=paths.FILE,
    is_flag=False,
    flag_value=CLASSIC,
    metavar="[FILE]",
    help=f"Only write {CLASSIC}, which the notebooks of other courses load.",
)
def record(
    names: Sequence[str], verify: bool, key: bool, public: bool, classic: Path | None
) -> None:
    """Write the stored answers and the mistakes' fingerprints from the solutions."""
    from rich.console import Console

    if verify + key + public + bool(classic) > 1:
        raise click.UsageError("choose one of --verify, --key, --public and --classic")
    if classic:
        _record_classic(names, classic)
        return
    from autograder.running.limits import TRAINING
    from autograder.running.start import start
    from autograder.staff import course_key
    from autograder.staff import record as recording

    chosen = chosen_parts(names)
    limits = TRAINING if any(part in EXTRAS for part in chosen) else None
    with start(chosen, preload=imports_of(chosen), limits=limits) as workers:
        for part in chosen:
            if verify:
                fail_on(recording.verify(part, workers))
                click.echo(f"{part.name}: the stored answers are the solution's")
                continue
            if public:
                had = course_key.remove(part)
                click.echo(f"{part.name}: {'has no key any more' if had else 'has no key'}")
                continue
            with Console(stderr=True).status("the solution") as status:
                if key:
                    drawn = course_key.draw(part, workers, status.update)
                    click.echo(f"{part.name}: has a key of its own ({drawn} drawn)")
                    continue
                recording.record(part, workers, status.update)
            path = part.fingerprints if part.answers_of else part.answers
            size = path.stat().st_size
            click.echo(f"{part.name}: wrote {path.name} ({size / 1000:.0f} kB)")


def _record_classic(names: Sequence[str], file: Path) -> None:
    """Write the answers of the usual course's notebook."""
    from autograder.running.start import start
    from autograder.staff import gan_checks

    if names:
        raise click.UsageError("--classic is for gan_pytorch alone; name no part")
    if file.suffix != ".npz":
        raise click.UsageError(f"{file}: the file's name must end in .npz")
    file = paths.check_file(file)
    with start([gan_checks.PART], preload=gan_checks.PART.imports) as workers:
        write_bytes(file, gan_checks.gan_checks(workers))
    say(f"wrote {file}")


@click.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--verify", is_flag=True, help="Only check whether assignment/ is up to date.")
@click.option("--given", multiple=True, metavar="FUNCTION", help="Give students this solution.")
@click.option("--output", type=paths.FOLDER, help="Write here instead.")
@click.option(
    "--package",
    default="",
    metavar="NAME",
    help="Put the modules into a package, for notebooks that import NAME.gan_pytorch.",
)
@click.option(
    "--zip",
    "archive",
    type=paths.FILE,
    help="Write the released folder, if it is up to date, as a zip: equal bytes for equal commits.",
)
@click.option(
    "--nbgrader",
    "course",
    type=paths.FOLDER,
    help="Write an nbgrader course there instead; each part is an assignment.",
)
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option(
    "--execute", is_flag=True, help="Let nbgrader run the notebooks too, outside the sandbox."
)
def release(
    names: Sequence[str],
    verify: bool,
    given: Sequence[str],
    output: Path | None,
    package: str,
    archive: Path | None,
    course: Path | None,
    language: str,
    execute: bool,
) -> None:
    """Write the students' copy: stubs without solutions, and the public answers."""
    from autograder.staff import release as releasing

    chosen = chosen_parts(names)
    if course and package:
        raise click.UsageError(
            "an nbgrader course has its modules beside the notebook, in no package"
        )
    if course:
        paths.check_folder(course)
        code = "" if language == "en" else language
        for part in chosen:
            if not part.notebook(code).is_file() and not names:
                continue  # a part without a notebook
            for path in releasing.release_course(part, course, code, execute, given):
                say(f"wrote {path}")
            say(f"Next, in {course}: nbgrader generate_assignment {part.name}")
        return
    if names and not (output or package):
        raise click.UsageError(
            "assignment/ holds every part; to write only some, choose another folder with --output"
        )
    standard = Path(os.path.relpath(chosen[0].stub.parent))
    folder = output or standard.with_name(
        f"{standard.name}-{package}" if package else standard.name
    )
    if verify:
        fail_on(releasing.verify(chosen, folder, given, package))
        say(f"{folder.name}/ is up to date")
        return
    if archive:
        archive = paths.check_file(archive)
        write_bytes(archive, releasing.pack(chosen, folder, given, package))
        say(f"wrote {archive}")
        return
    paths.check_folder(folder)
    for path in releasing.release(chosen, folder, given, package):
        say(f"wrote {path}")


def _typed(names: Sequence[str], full: bool, pairs: int, held_out: int, output: Path) -> str:
    """Return the command `accuracy` as the user typed it."""
    more = ["--pairs", str(pairs)] if pairs else []
    more += ["--held-out", str(held_out)] if held_out else []
    return shlex.join(
        ["autograder", "accuracy", *names, *["--full"] * full, *more, "--output", str(output)]
    )


@click.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--full", is_flag=True, help="Thousands of combinations of mistakes, not a sample.")
@click.option("--messages", is_flag=True, help="Only print what students read for each mistake.")
@click.option("--output", type=paths.FILE, help="Also write the figures as a page.")
@click.option(
    "--pairs",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Also let the search explain N pairs of mistakes in one function, for each part.",
)
@click.option(
    "--held-out",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Also try N mistakes that are not in the list, of each kind, for each part.",
)
def accuracy(
    names: Sequence[str],
    full: bool,
    messages: bool,
    output: Path | None,
    pairs: int,
    held_out: int,
) -> None:
    """Measure the grader: mistakes caught and named, variants accepted, failures by chance."""
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
    if output:
        output = paths.check_file(output)
    measured = []
    count = measuring.FULL if full else measuring.SAMPLE
    with progress_bar("") as (bar, task):

        def update(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        for part in chosen:
            with (
                start(chosen, preload=imports_of(chosen)) as workers,
                Judge.for_staff(part) as judge,
            ):
                measured.append(
                    measuring.measure(part, workers, judge, count, update, pairs, held_out)
                )
    for one in measured:
        Console().print(report.render(one))
    if output:
        write_bytes(
            output, report.page(measured, _typed(names, full, pairs, held_out, output)).encode()
        )
        say(f"Written to {output}")
    fail_on([f"{one.part}: not accurate enough" for one in measured if not one.perfect])


@click.command()
def doctor() -> None:
    """Show what this machine offers: walls around student code, and versions."""
    from rich.console import Console

    from autograder.staff import doctor as report

    Console().print(report.render(*report.examine()))

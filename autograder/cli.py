"""The command line: arguments -> one call, printed. Exit codes: 0 done, 1 could not, 2 wrong usage."""

from __future__ import annotations

import io
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from autograder import __version__, parts
from autograder.errors import AutograderError, SubmissionError
from autograder.outputs import write_bytes
from autograder.parts import EXTRAS, PARTS, Part

NAMES = click.Choice([part.name for part in (*PARTS, *EXTRAS)])
PART = click.option("--part", "names", multiple=True, type=NAMES, help="Only this part.")
ISOLATION = click.option(
    "--isolation",
    type=click.Choice(["auto", "strict", "none"]),
    default="auto",
    show_default=True,
    help="Walls around student code: all that there are, all or an error, none.",
)


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


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autograder")
@click.option("--debug", is_flag=True, help="Show tracebacks of the autograder's own errors.")
def main(debug: bool) -> None:
    """Grade the GAN homework: one submission, a class, or your own work."""


@main.command()
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

    from autograder import batch, grading, outputs, runner

    _tell_of_missing_walls()
    found = _find(submission, _chosen(names), explicit=bool(names))
    if train:
        also = [(extra, one) for part, one in found for extra in parts.training_of([part])]
        found += [(extra, one) for extra, one in also if extra not in dict(found)]
    limits = {part: runner.Limits.usual(part) for part, _ in found}
    longest = runner.Limits.longest(limits.values())
    preload = sorted({n for part, s in found for n in runner.wanted_imports(s, part)})
    graded = []
    with grading.Grader(list(limits), isolation, preload, longest) as grader:
        from autograder.reports import terminal  # while the grader starts

        for part, one in found:
            verb = "Training" if part.trains else "Running"
            with Console(stderr=True).status(f"{verb} {one.label}"):
                result, raw = grader.grade(one, part, limits[part])
            folder = output if len(found) == 1 else output / part.name
            outputs.save(raw, folder / "outputs.npz")
            result.save(folder / "result.json")
            graded.append((part, result, raw))
    write_bytes(output / "feedback.html", batch.pages(graded).encode())
    terminal.show([result for _, result, _ in graded])
    click.echo(f"Written to {output}/; feedback.html there is the student's page")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--part", "name", type=NAMES, help="This part; by default what FILE is called.")
def check(file: Path, name: str | None) -> None:
    """Check your own FILE: the public checks, from the released files alone."""
    from rich.console import Console

    from autograder import grading, runner

    chosen = [parts.get(name)] if name else [part for part in (*PARTS, *EXTRAS) if not part.trains]
    (part, submission), *_ = _find(file, chosen, explicit=bool(name))
    public = (file if file.is_dir() else file.parent) / grading.PUBLIC_CHECKS
    if not public.exists():
        raise SubmissionError(f"{public}: not found; keep it beside your file")
    preload = runner.wanted_imports(submission, part)
    with grading.Grader([part], preload=preload, public=public) as grader:
        from autograder.reports import terminal

        with Console(stderr=True).status(f"Running {submission.label}"):
            result, _ = grader.grade(submission, part)
    terminal.show([result])
    if all(c.status == "passed" for c in result.checks):
        click.echo("All public checks pass. The hidden ones look closer: gradients, other inputs.")


@main.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--verify", is_flag=True, help="Compute again, compare, write nothing.")
def record(names: Sequence[str], verify: bool) -> None:
    """Write the stored answers and the mistakes' fingerprints from the solutions."""
    from rich.console import Console

    from autograder import record as recording
    from autograder import spawning
    from autograder.runner import TRAINING

    chosen = _chosen(names)
    limits = TRAINING if any(part in EXTRAS for part in chosen) else None
    with spawning.start(chosen, preload=_imports(chosen), limits=limits) as zygote:
        for part in chosen:
            if verify:
                _fail_on(recording.verify(part, zygote))
                click.echo(f"{part.name}: the stored answers are the solution's")
                continue
            with Console(stderr=True).status("the solution") as status:
                recording.record(part, zygote, lambda text: status.update(f"mistake {text}"))
            written = part.fingerprints if part.answers_of else part.answers
            size = written.stat().st_size
            click.echo(f"{part.name}: wrote {written.name} ({size / 1000:.0f} kB)")


@main.command()
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
    from autograder import release as releasing

    chosen = _chosen(names)
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
        _fail_on(releasing.verify(chosen, folder, given))
        click.echo(f"{folder.name}/ is up to date")
        return
    if archive:
        write_bytes(archive, releasing.pack(chosen, folder, given))
        click.echo(f"wrote {archive}")
        return
    for path in releasing.release(chosen, folder, given):
        click.echo(f"wrote {path}")


@main.command("grade-class")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for results, gradebook.csv and index.html; a run that stopped goes on there.",
)
@click.option("--part", "name", type=NAMES, default=PARTS[0].name, show_default=True)
@click.option(
    "--assignment", metavar="NAME", default="", help="Which one of an nbgrader course is meant."
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=lambda: len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
    show_default="one for each processor",
    help="How many submissions run at once here.",
)
@click.option(
    "--executor",
    type=click.Choice(["serial", "local", "dask"]),
    default="local",
    show_default=True,
    help="Where submissions run: one after the other, side by side, on a Dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", help="tcp://host:8786 or gateway:NAME.")
@click.option(
    "--time-limit",
    type=click.FloatRange(1),
    metavar="SECONDS",
    help="For one submission, all functions together.",
)
@click.option(
    "--deadline",
    metavar="TIME",
    help="As in 2026-03-01T23:59+01:00; no zone means UTC. The latest hand-in before it counts.",
)
@click.option(
    "--gradebook",
    "forms",
    multiple=True,
    type=click.Choice(["canvas", "gradescope", "nbgrader"]),
    help="Also write the gradebook in this form.",
)
@click.option(
    "--resume/--fresh",
    default=True,
    show_default=True,
    help="Keep the results in DIR that still hold, or grade all again.",
)
@ISOLATION
def grade_class(
    submissions: Path,
    output: Path,
    name: str,
    assignment: str,
    workers: int,
    executor: str,
    scheduler: str | None,
    time_limit: float | None,
    deadline: str | None,
    forms: Sequence[str],
    resume: bool,
    isolation: str,
) -> None:
    """Grade a class: a folder, a zip, or an export of SUBMISSIONS from a platform."""
    from rich.console import Console

    from autograder import batch, classes, executors, grading
    from autograder.reports import progress
    from autograder.runner import PRELOADABLE, Limits
    from autograder.scoring import Judge

    part = parts.get(name)
    if (executor == "dask") is not bool(scheduler):
        raise click.UsageError("--executor dask and --scheduler ADDRESS go together")
    moment = classes.parse_time(deadline) if deadline else None
    if deadline and moment is None:
        raise click.BadParameter(f"{deadline!r} is no time", param_hint="--deadline")
    _tell_of_missing_walls()
    roster = classes.find_class(submissions, part, moment, assignment)
    console = Console()
    console.print(progress.mapping(roster))
    limits = Limits.within(time_limit) if time_limit else Limits.usual(part)
    preload = tuple(dict.fromkeys((*PRELOADABLE, *part.imports)))
    settings = executors.Settings(part.name, isolation, limits, preload)
    with (
        executors.opened(executor, workers, settings, scheduler) as (submit, width),
        Judge.for_staff(part) as judge,
        progress.shown(Console(stderr=True), len(roster.entries)) as tell,
    ):
        summary = batch.grade_class(
            roster,
            part,
            output,
            settings,
            submit,
            width,
            lambda found, label: grading.result(judge, found, label),
            forms,
            moment,
            tell,
            fresh=not resume,
        )
    console.print(progress.summary(summary, output))
    _fail_on([f"{key}: not graded: {words}" for key, words in summary.failures.items()])


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
def rescore(folder: Path, dry_run: bool) -> None:
    """Judge stored outputs below FOLDER again, without running student code."""
    from rich.console import Console
    from rich.progress import Progress

    from autograder import rescoring
    from autograder.reports.progress import counted

    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("judging again")
        changes = rescoring.rescore(
            folder, lambda done, total: bar.update(task, completed=done, total=total)
        )
    changed = [change for change in changes if change.changed]
    for change in changed:
        click.echo(change.line())
    verb = "would change" if dry_run else "changed"
    click.echo(f"{counted(len(changes), 'result')} judged again, {len(changed)} {verb}")
    if not dry_run:
        rescoring.write(folder, changes)


def _tell_of_missing_walls() -> None:
    """Warn on systems where other people's code would run with the caller's rights."""
    from autograder import spawning

    if not spawning.can_fork():
        click.echo(
            "Warning: this system has no walls around student code; it runs with your rights. "
            "Grade other people's work on Linux (also in Docker, or WSL).",
            err=True,
        )


def _typed(names: Sequence[str], full: bool, output: Path) -> str:
    """Return the command `accuracy` as it was given."""
    return shlex.join(
        ["autograder", "accuracy", *names, *["--full"] * full, "--output", str(output)]
    )


@main.command()
@click.argument("names", metavar="[PART]...", nargs=-1)
@click.option("--full", is_flag=True, help="Thousands of combinations of mistakes, not a sample.")
@click.option("--messages", is_flag=True, help="Only print what students read for each mistake.")
@click.option("--output", type=click.Path(path_type=Path), help="Also write the figures as a page.")
def accuracy(names: Sequence[str], full: bool, messages: bool, output: Path | None) -> None:
    """Measure the grader: mistakes caught and named, variants accepted, chance."""
    from rich.console import Console
    from rich.progress import Progress

    from autograder import accuracy as measuring
    from autograder import spawning
    from autograder.diagnosis import load_mistakes
    from autograder.reports import accuracy as report
    from autograder.scoring import Judge

    chosen = _chosen(names)
    if messages:
        for part in chosen:
            click.echo(report.messages(load_mistakes(part)))
        return
    found = []
    count = measuring.FULL if full else measuring.SAMPLE
    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("")
        for part in chosen:
            start = spawning.start(chosen, preload=_imports(chosen))
            with start as zygote, Judge.for_staff(part) as judge:
                found.append(
                    measuring.measure(
                        part,
                        zygote,
                        judge,
                        count,
                        lambda what, done, total: bar.update(
                            task, description=what, completed=done, total=total
                        ),
                    )
                )
    for one in found:
        Console().print(report.render(one))
    if output:
        write_bytes(output, report.page(found, _typed(names, full, output)).encode())
        click.echo(f"Written to {output}")
    _fail_on([f"{one.part}: not as it should be" for one in found if not one.perfect])


@main.group()
def bundle() -> None:
    """Write what another platform needs to grade with this package."""


TORCH = click.option(
    "--torch",
    type=click.Choice(["cpu", "default"]),
    default="cpu",
    show_default=True,
    help="Which build of PyTorch to install there: without CUDA, or what pip gives.",
)
FOLDER = click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="A new folder.",
)


@bundle.command("gradescope")
@PART
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
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
    """Write the zip that Gradescope takes as an autograder."""
    from autograder import bundle as bundling

    chosen = _chosen(names)
    if train:
        also = parts.training_of(chosen)
        if not also:
            raise click.UsageError(f"--train: {', '.join(names)} cannot be trained")
        chosen += [part for part in also if part not in chosen]
    bundling.gradescope(chosen, output, hidden, torch == "cpu")
    click.echo(f"wrote {output} ({output.stat().st_size / 1e6:.1f} MB)")


@bundle.command("classroom50")
@PART
@FOLDER
@TORCH
def bundle_classroom50(names: Sequence[str], output: Path, torch: str) -> None:
    """Write an assignment's folder for Classroom 50, and a plain GitHub workflow."""
    from autograder import bundle as bundling

    files = bundling.classroom50(_chosen(names), output, torch == "cpu")
    click.echo(f"wrote {len(files)} files to {output}/")


@bundle.command("otter")
@PART
@FOLDER
def bundle_otter(names: Sequence[str], output: Path) -> None:
    """Write each part's test file for otter-grader."""
    from autograder import bundle as bundling

    for path in bundling.otter(_chosen(names), output):
        click.echo(f"wrote {path}")


@bundle.command("container")
@PART
@FOLDER
@TORCH
def bundle_container(names: Sequence[str], output: Path, torch: str) -> None:
    """Write a Dockerfile, and all it needs, for a host that grades a class."""
    from autograder import bundle as bundling

    files = bundling.container(_chosen(names), output, torch == "cpu")
    click.echo(f"wrote {len(files)} files to {output}/")


@main.command()
def doctor() -> None:
    """Tell what this machine offers: walls around student code, and versions."""
    from rich.console import Console

    from autograder.reports import doctor as report

    Console().print(report.render(*report.examine()))


def _chosen(names: Sequence[str]) -> list[Part]:
    return [parts.get(name) for name in dict.fromkeys(names)] if names else list(PARTS)


def _imports(chosen: Sequence[Part]) -> list[str]:
    return sorted({name for part in chosen for name in part.imports})


def _find(path: Path, chosen: Sequence[Part], explicit: bool) -> list[tuple[Part, Any]]:
    """Return the parts that a submission holds; every part that was asked for must be there."""
    from autograder import submissions

    if path.is_file() and path.suffix.lower() != ".zip" and not explicit:
        chosen = parts.named_after(path.stem) or list(chosen)[:1]
    found, problems = [], []
    for part in chosen:
        try:
            found.append((part, submissions.find(path, part)))
        except SubmissionError as problem:
            problems.append(problem)
    if problems and (explicit or not found):
        raise problems[0]
    return found


def _fail_on(lines: Sequence[str]) -> None:
    if lines:
        for line in lines:
            click.echo(line, err=True)
        sys.exit(1)

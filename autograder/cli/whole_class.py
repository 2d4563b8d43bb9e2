"""`autograder grade-class` and `autograder rescore`: many submissions."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder import parts
from autograder.cli import paths
from autograder.cli.options import (
    ISOLATION,
    NAMES,
    fail_on,
    progress_bar,
    say,
    warn_of_missing_walls,
)
from autograder.parts import PARTS, Part

if TYPE_CHECKING:
    from autograder.batch.progress import Summary
    from autograder.handins.roster import Roster
    from autograder.running.executors import Submit
    from autograder.running.warm import Settings


@click.command("grade-class")
@click.argument("submissions", type=paths.READ)
@click.option(
    "--output",
    type=paths.FOLDER,
    required=True,
    help="Folder for results, gradebook.csv and index.html; a run that stopped continues there.",
)
@click.option("--part", "name", type=NAMES, default=PARTS[0].name, show_default=True)
@click.option(
    "--assignment", metavar="NAME", default="", help="Which assignment of an nbgrader course."
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=lambda: len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
    show_default="one for each processor",
    help="How many submissions run at once on this machine.",
)
@click.option(
    "--executor",
    type=click.Choice(["serial", "local", "dask"]),
    default="local",
    show_default=True,
    help="How submissions run: one after the other, side by side, or on a Dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", help="tcp://host:8786 or gateway:NAME.")
@click.option(
    "--time-limit",
    type=click.FloatRange(1),
    metavar="SECONDS",
    help="For one submission, for all functions together.",
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
    help="Keep the results that are still valid, or grade all again.",
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

    from autograder.cli import progress
    from autograder.handins.listing import parse_time
    from autograder.handins.roster import find_class
    from autograder.running import executors
    from autograder.running.environment import PRELOADABLE
    from autograder.running.limits import Limits
    from autograder.running.warm import Settings

    part = parts.get(name)
    if (executor == "dask") is not bool(scheduler):
        raise click.UsageError("--executor dask and --scheduler ADDRESS go together")
    moment = parse_time(deadline) if deadline else None
    if deadline and moment is None:
        raise click.BadParameter(f"{deadline!r} is not a time", param_hint="--deadline")
    paths.check_readable(submissions)
    paths.check_folder(output)
    warn_of_missing_walls()
    roster = find_class(submissions, part, moment, assignment)
    console = Console()
    console.print(progress.mapping(roster))
    limits = Limits.within(time_limit) if time_limit else Limits.usual(part)
    preload = tuple(dict.fromkeys((*PRELOADABLE, *part.imports)))
    settings = Settings(part.name, isolation, limits, preload)
    with executors.opened(executor, workers, settings, scheduler) as (submit, width):
        summary = _grade(
            roster, part, output, settings, submit, width, forms, moment, fresh=not resume
        )
    console.print(progress.summary(summary, output))
    fail_on([f"{key}: not graded: {reason}" for key, reason in summary.failures.items()])


def _grade(
    roster: Roster,
    part: Part,
    output: Path,
    settings: Settings,
    submit: Submit,
    width: int,
    forms: Sequence[str],
    deadline: dt.datetime | None,
    fresh: bool,
) -> Summary:
    """Grade a class with a progress bar."""
    from rich.console import Console

    from autograder import grading
    from autograder.batch import run
    from autograder.cli import progress
    from autograder.judging.scoring import Judge

    with (
        Judge.for_staff(part) as judge,
        progress.shown(Console(stderr=True), len(roster.entries)) as update,
    ):
        judge.suite.require_collected()  # else judging would fail for every student with the same error
        return run.grade_class(
            roster,
            part,
            output,
            settings,
            submit,
            width,
            lambda returned, label: grading.result(judge, returned, label),
            forms,
            deadline,
            update,
            fresh,
        )


@click.command()
@click.argument("folder", type=paths.READ)
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
def rescore(folder: Path, dry_run: bool) -> None:
    """Judge stored outputs below FOLDER again, without running student code."""
    from autograder.batch import rescore as judging_again
    from autograder.reports.words import counted

    paths.check_readable(folder)
    failures: dict[str, str] = {}

    def fail(one: Path, why: str) -> None:
        failures[one.name] = why

    with progress_bar("judging again") as (bar, task):
        changes = judging_again.rescore(
            folder, lambda done, total: bar.update(task, completed=done, total=total), fail
        )
    changed = [change for change in changes if change.changed]
    for change in changed:
        say(change.line())
    verb = "would change" if dry_run else "changed"
    click.echo(f"{counted(len(changes), 'result')} judged again, {len(changed)} {verb}")
    if not dry_run:
        failures = {**judging_again.write(folder, changes), **failures}
    fail_on([f"{name}: not judged again: {why}" for name, why in failures.items()])

"""`autograder grade-class` and `autograder rescore`: many submissions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli import paths
from autograder.cli.class_options import Wanted, class_options
from autograder.cli.options import fail_on, progress_bar, say, warn_of_missing_walls
from autograder.parts import PARTS, Part

if TYPE_CHECKING:
    from autograder.batch.progress import Summary
    from autograder.handins.roster import Roster
    from autograder.running.executors import Submit
    from autograder.running.warm import Settings


@click.command("grade-class")
@class_options
def grade_class(**options: Any) -> None:
    """Grade a class: a folder, a zip, or an export of SUBMISSIONS from a platform."""
    from rich.console import Console

    from autograder.cli import progress
    from autograder.running import executors
    from autograder.running.environment import PRELOADABLE
    from autograder.running.limits import Limits
    from autograder.running.warm import Settings

    wanted = Wanted(**options)
    wanted.check()
    warn_of_missing_walls()
    part = (wanted.parts or list(PARTS))[0]
    wanted.check_table(part.title)
    roster = _roster(wanted, [part])
    console = Console()
    console.print(progress.mapping(roster))
    limits = Limits.within(wanted.time_limit) if wanted.time_limit else Limits.usual(part)
    preload = tuple(dict.fromkeys((*PRELOADABLE, *part.imports)))
    settings = Settings(part.name, wanted.isolation, limits, preload)
    with executors.opened(wanted.executor, wanted.workers, settings, wanted.scheduler) as (
        submit,
        width,
    ):
        summary = _grade(roster, part, wanted, settings, submit, width)
    console.print(progress.summary(summary, wanted.output))
    fail_on(
        [
            *(f"{key}: not graded: {reason}" for key, reason in summary.failures.items()),
            *summary.unplaced,
            *unowned(roster),
        ]
    )


def unowned(roster: Roster) -> list[str]:
    """Return a line for each file that may be a student's work, and belongs to nobody."""
    return [
        f"{name}: no student is known to own this file, so it was not graded; put it into the "
        "student's folder, or name the parts of the paths with --pattern"
        for name in roster.unowned
    ]


def _roster(wanted: Wanted, parts: list[Part]) -> Roster:
    """Read who handed in what."""
    from autograder.handins.enrolled import read_enrolled
    from autograder.handins.roster import find_class

    return find_class(
        wanted.submissions,
        parts,
        wanted.moment,
        wanted.assignment,
        zone=wanted.zone,
        form=wanted.pattern,
        students=read_enrolled(wanted.students) if wanted.students else (),
        output=wanted.output,
    )


def _grade(
    roster: Roster, part: Part, wanted: Wanted, settings: Settings, submit: Submit, width: int
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
            wanted.output,
            settings,
            submit,
            width,
            lambda returned, label: grading.result(judge, returned, label),
            wanted.forms,
            wanted.moment,
            update,
            fresh=not wanted.resume,
            into=wanted.into,
            column=wanted.column,
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

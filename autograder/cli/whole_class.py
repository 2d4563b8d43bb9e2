"""`autograder grade-class` and `autograder rescore`: many submissions."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli import paths
from autograder.cli.class_options import Wanted, class_options
from autograder.cli.options import fail_on, progress_bar, say, warn_of_missing_walls
from autograder.parts import PARTS, Part

if TYPE_CHECKING:
    from autograder.batch.progress import Summary
    from autograder.batch.rescore import Change
    from autograder.batch.store import Store
    from autograder.handins.roster import Roster
    from autograder.judging.scoring import Judge
    from autograder.running.executors import Submit
    from autograder.running.warm import Settings


TRAINING_SECONDS = 50  # of a processor, for a right solution; docs/platforms.md has the measurement


@click.command("grade-class")
@class_options
def grade_class(**options: Any) -> None:
    """Grade a class: a folder, a zip, or an export of SUBMISSIONS from a platform.

    Without --part, every part is graded that the class handed in.
    """
    from rich.console import Console

    from autograder.batch.course import grade_parts
    from autograder.cli import progress

    wanted = Wanted(**options)
    wanted.check()
    warn_of_missing_walls()
    roster = _roster(wanted, wanted.parts or list(PARTS))
    chosen, left = _chosen(wanted, roster)
    wanted.check_table(chosen)
    console = Console()
    console.print(progress.mapping(roster))
    for line in (*left, *costs(wanted, chosen, len(roster.entries))):
        say(line)
    if len(chosen) == 1:
        summary = _grade_one(wanted, roster, chosen[0], wanted.output, top=True)
    else:
        summary = grade_parts(
            roster,
            chosen,
            wanted.output,
            lambda part, folder: _grade_one(wanted, roster, part, folder),
            wanted.forms,
            wanted.moment,
            wanted.into,
            wanted.column,
        )
    console.print(progress.summary(summary, wanted.output))
    fail_on(
        [
            *(f"{key}: not graded: {reason}" for key, reason in summary.failures.items()),
            *summary.unplaced,
            *summary.unexplained,
            *unowned(roster),
        ]
    )


def _chosen(wanted: Wanted, roster: Roster) -> tuple[list[Part], list[str]]:
    """Return the parts to grade, and a line for each that only a few students handed in."""
    from autograder.batch.course import count_hand_ins, of_the_class
    from autograder.parts import training_of
    from autograder.reports.words import counted

    chosen, left = wanted.parts, []
    if not chosen:
        counts = count_hand_ins(roster, PARTS)
        chosen = of_the_class(counts, PARTS)
        left = [
            f"{part.name} is not graded: only {counted(counts[part.name], 'student')} handed it in; "
            f"to grade it too, add {' '.join(f'--part {p.name}' for p in (*chosen, part))}"
            for part in PARTS
            if counts[part.name] and part not in chosen
        ]
    more = [part for part in training_of(chosen) if part not in chosen] if wanted.train else []
    return [*chosen, *more], left


def costs(wanted: Wanted, chosen: Sequence[Part], students: int) -> list[str]:
    """Return a line on what training costs, before it starts."""
    from autograder.reports.words import counted
    from autograder.running.limits import Limits

    lines = []
    for part in chosen:
        if part.trains:
            most = wanted.time_limit or Limits.usual(part).total_seconds
            width = wanted.workers if wanted.executor == "local" else 1
            minutes = max(1, round(TRAINING_SECONDS * students / width / 60))
            lines.append(
                f"Training ({part.name}): {counted(students, 'submission')}, each about "
                f"{TRAINING_SECONDS} s of a processor and at most {most:.0f} s; with "
                f"{counted(width, 'worker')} about {counted(minutes, 'minute')}."
            )
    return lines


def _grade_one(
    wanted: Wanted, roster: Roster, part: Part, folder: Path, top: bool = False
) -> Summary:
    """Grade one part of a class into a folder."""
    from autograder.running import executors
    from autograder.running.environment import PRELOADABLE
    from autograder.running.limits import Limits
    from autograder.running.warm import Settings

    limits = Limits.within(wanted.time_limit) if wanted.time_limit else Limits.usual(part)
    preload = tuple(dict.fromkeys((*PRELOADABLE, *part.imports)))
    settings = Settings(part.name, wanted.isolation, limits, preload)
    with executors.opened(wanted.executor, wanted.workers, settings, wanted.scheduler) as opened:
        return _grade(
            roster, part, folder, wanted if top else wanted.without_forms, settings, opened
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
    roster: Roster,
    part: Part,
    folder: Path,
    wanted: Wanted,
    settings: Settings,
    opened: tuple[Submit, int],
) -> Summary:
    """Grade a class with a progress bar."""
    from rich.console import Console

    from autograder import grading
    from autograder.batch import run
    from autograder.cli import progress
    from autograder.judging.scoring import Judge

    started = time.monotonic()

    with (
        ExitStack() as stack,
        Judge.for_staff(part) as judge,
        progress.shown(Console(stderr=True), len(roster.entries)) as update,
    ):
        judge.suite.require_collected()  # else judging would fail for every student with the same error
        return run.grade_class(
            roster,
            part,
            folder,
            settings,
            *opened,
            lambda returned, label: grading.result(judge, returned, label),
            wanted.forms,
            wanted.moment,
            update,
            fresh=not wanted.resume,
            into=wanted.into,
            column=wanted.column,
            explain=lambda store, say: _explain(
                store, judge, wanted, settings, started, say, stack
            ),
        )


def _explain(
    store: Store,
    judge: Judge,
    wanted: Wanted,
    settings: Settings,
    started: float,
    say: Callable[[str], None],
    stack: ExitStack,
) -> list[str]:
    """Explain what has no name in a class that was graded since a moment."""
    from autograder.batch import searching
    from autograder.running.start import start

    search = None
    if wanted.search:
        part, isolation = judge.part, settings.isolation
        search = searching.Wanted(
            lambda: stack.enter_context(start([part], isolation, settings.preload)),
            searching.until(started),
        )
    return searching.explain_class(store, judge, search, say, fresh=not wanted.resume)


def judge_again(folder: Path) -> tuple[list[Change], dict[str, str]]:
    """Judge what is stored below a folder; return the changes, and why results could not be judged."""
    from autograder.batch import rescore as judging_again

    failures: dict[str, str] = {}

    def fail(one: Path, why: str) -> None:
        failures[one.name] = why

    with progress_bar("judging again") as (bar, task):
        changes = judging_again.rescore(
            folder, lambda done, total: bar.update(task, completed=done, total=total), fail
        )
    return changes, failures


@click.command()
@click.argument("folder", type=paths.READ)
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
def rescore(folder: Path, dry_run: bool) -> None:
    """Judge stored outputs below FOLDER again, without running student code."""
    from rich.console import Console

    from autograder.batch import rescore as judging_again
    from autograder.cli import progress
    from autograder.reports.words import counted

    paths.check_readable(folder)
    with nullcontext() if dry_run else judging_again.alone(folder):
        changes, failures = judge_again(folder)
        if not dry_run:
            failures = {**judging_again.write(folder, changes), **failures}
    changed = [change for change in changes if change.changed]
    if changed:
        Console().print(progress.changes(changed))
    verb = "would change" if dry_run else "changed"
    click.echo(f"{counted(len(changes), 'result')} judged again, {len(changed)} {verb}")
    if up_or_down := progress.up_and_down(changed):
        click.echo(up_or_down)
    fail_on([f"{name}: not judged again: {why}" for name, why in failures.items()])

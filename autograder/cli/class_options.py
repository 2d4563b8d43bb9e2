"""The options of `autograder grade-class`, and what they ask for."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from autograder import parts
from autograder.cli import paths
from autograder.cli.options import ISOLATION, KNOWN, NAMES
from autograder.parts import Part

FORMS = ("canvas", "gradescope", "moodle", "nbgrader")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command line asks for, each as its option says."""

    submissions: Path
    output: Path
    names: Sequence[str]
    assignment: str
    pattern: str
    students: Path | None
    deadline: str | None
    timezone: str
    workers: int
    executor: str
    scheduler: str | None
    time_limit: float | None
    forms: Sequence[str]
    into: Path | None
    column: str
    resume: bool
    isolation: str
    train: bool
    search: bool

    @property
    def parts(self) -> list[Part]:
        """The parts that are named, each once."""
        return [parts.get(name) for name in dict.fromkeys(self.names)]

    @property
    def zone(self) -> dt.tzinfo | None:
        """The zone that is named; None is this machine's."""
        from autograder.handins.times import zone_named

        try:
            return zone_named(self.timezone)
        except ValueError as problem:
            raise click.BadParameter(str(problem), param_hint="--timezone") from None

    @property
    def moment(self) -> dt.datetime | None:
        """The deadline, with its zone."""
        from autograder.handins.times import read_deadline

        if not self.deadline:
            return None
        moment = read_deadline(self.deadline, self.zone)
        if moment is None:
            raise click.BadParameter(
                f"{self.deadline!r} is not a time, as 2026-03-01 or 2026-03-01T23:59 are",
                param_hint="--deadline",
            )
        return moment

    def check(self) -> None:
        """Raise an error of usage, or an AutograderError, for what cannot be done; write nothing."""
        if (self.executor == "dask") is not bool(self.scheduler):
            raise click.UsageError("--executor dask and --scheduler ADDRESS go together")
        if self.into is not None and len({"canvas", "moodle"} & {*self.forms}) != 1:
            raise click.UsageError(
                "--into EXPORT.csv goes with --gradebook canvas or --gradebook moodle"
            )
        if self.into is None and "moodle" in self.forms:
            raise click.UsageError(
                "--gradebook moodle fills in Moodle's own worksheet: name it with --into "
                "(in Moodle: the assignment, View all submissions, Download grading worksheet)"
            )
        if self.column and self.into is None:
            raise click.UsageError("--column NAME goes with --into EXPORT.csv")
        _ = self.moment
        if self.pattern:
            from autograder.handins.layouts.pattern import check_pattern

            check_pattern(self.pattern)
        paths.check_readable(self.submissions)
        paths.check_folder(self.output)

    @property
    def without_forms(self) -> Wanted:
        """The same without tables for platforms: those are of all parts together."""
        return replace(self, forms=(), into=None, column="")

    def check_table(self, chosen: Sequence[Part]) -> None:
        """Raise an AutograderError if it is not clear where points go in the platform's table."""
        if self.into is not None:
            from autograder.handins.tables import read_table
            from autograder.reports import filled
            from autograder.reports.course import TITLE

            title = chosen[0].title if len(chosen) == 1 else TITLE
            form = next(form for form in self.forms if form in filled.FORMS)
            filled.find_place(form, read_table(self.into), title, self.column)


WHERE = (
    click.argument("submissions", type=paths.READ),
    click.option(
        "--output",
        type=paths.FOLDER,
        required=True,
        help="Folder for results, gradebook.csv and index.html; a run that stopped continues there.",
    ),
    click.option(
        "--part",
        "names",
        metavar="PART",
        multiple=True,
        type=NAMES,
        show_default="what the class handed in",
        help=f"Only this part; may be given several times: {KNOWN}.",
    ),
    click.option(
        "--train",
        is_flag=True,
        help="Also train the networks and judge what they draw; takes most of a minute for each.",
    ),
    click.option(
        "--assignment",
        metavar="NAME",
        default="",
        help="Which assignment of an nbgrader course or of a Teams class.",
    ),
    click.option(
        "--pattern",
        metavar="REGEX",
        default="",
        help="For any other layout: fits the path of each file, with named groups: student, and "
        "if there are any id, email, time, file.",
    ),
    click.option(
        "--roster",
        "students",
        type=paths.READ,
        metavar="CSV",
        help="Who is in the course, as the platform exports it: each student gets a line.",
    ),
    click.option(
        "--deadline",
        metavar="TIME",
        help="As in 2026-03-01, the end of that day, or 2026-03-01T18:00. The latest hand-in before "
        "it counts.",
    ),
    click.option(
        "--timezone",
        metavar="ZONE",
        default="",
        show_default="this machine's",
        help="Of times that name none, as in Europe/Berlin.",
    ),
)
HOW = (
    click.option(
        "--workers",
        type=click.IntRange(1),
        default=lambda: len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        show_default="one for each processor",
        help="How many submissions run at once on this machine.",
    ),
    click.option(
        "--executor",
        type=click.Choice(["serial", "local", "dask"]),
        default="local",
        show_default=True,
        help="How submissions run: one after the other, side by side, or on a Dask cluster.",
    ),
    click.option("--scheduler", metavar="ADDRESS", help="tcp://host:8786 or gateway:NAME."),
    click.option(
        "--time-limit",
        type=click.FloatRange(1),
        metavar="SECONDS",
        help="For one submission, for all functions together.",
    ),
    click.option(
        "--gradebook",
        "forms",
        multiple=True,
        type=click.Choice(FORMS),
        help="Also write the gradebook in this form.",
    ),
    click.option(
        "--into",
        type=paths.READ,
        metavar="CSV",
        help="The gradebook that Canvas exported, or Moodle's grading worksheet: points are filled "
        "into a copy of it.",
    ),
    click.option(
        "--column", metavar="NAME", default="", help="Which column of it, by its name or number."
    ),
    click.option(
        "--resume/--fresh",
        default=True,
        show_default=True,
        help="Keep the results that are still valid, or grade all again.",
    ),
    click.option(
        "--search/--no-search",
        default=True,
        show_default=True,
        help="Look for explanations of what is in no list, for 10 s or 15 % of the time.",
    ),
    ISOLATION,
)


def class_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of `grade-class`."""
    for option in reversed((*WHERE, *HOW)):
        command = option(command)
    return command

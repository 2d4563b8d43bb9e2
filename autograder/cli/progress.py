"""What a terminal shows while a class is graded: who handed in what, a progress bar, a summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar
from rich.text import Text

from autograder.batch.progress import Progress, Summary
from autograder.batch.rescore import Change
from autograder.handins.layouts.entry import Entry
from autograder.handins.roster import Roster
from autograder.reports.terminal import plain_table
from autograder.reports.words import counted
from autograder.texts import one_line

SHOWN = 12  # rows of a table; the pages show all


class _Rate(ProgressColumn):
    """Submissions per minute, without those that an earlier run had graded."""

    def render(self, task: Task) -> Text:
        seconds = task.elapsed or 0.0
        graded = task.fields["graded"]
        return Text(f"{60 * graded / seconds:.0f} a minute" if graded and seconds else "")


def mapping(roster: Roster) -> RenderableType:
    """Return a table of who handed in what, and a list of what does not count."""
    title = f"{counted(len(roster.entries), 'submission')}: {roster.layout}"
    table = plain_table(title, "student", "handed in", "when", "files")
    for entry in _shortened(roster.entries):
        table.add_row(*(_row(entry) if entry else (_text(_more(roster)), "", "", "")))
    lines = [_text(f"Rule: {roster.rule}.", "dim")]
    absent = [entry.key for entry in roster.entries if entry.absent]
    nothing = [entry.key for entry in roster.entries if not entry.names and not entry.absent]
    if nothing:
        lines.append(_text(f"Without a program: {_some(nothing)}", "yellow"))
    if absent:
        names = f"{len(absent)} ({_some(absent)})"
        lines.append(_text(f"In the course, with nothing handed in: {names}", "yellow"))
    lines += [_text(f"Warning: {warning}.", "yellow") for warning in roster.warnings[:SHOWN]]
    for entry, why in roster.dropped[:SHOWN]:
        lines.append(_text(f"Left out: {entry.where} of {entry.people[0].name} ({why})"))
    if len(roster.dropped) > SHOWN:
        lines.append(_text(f"Left out: {len(roster.dropped) - SHOWN} more"))
    for old, new in roster.replaced[:SHOWN]:
        lines.append(_text(f"Left out: {old} ({new} replaces it)"))
    if len(roster.replaced) > SHOWN:
        lines.append(_text(f"Left out: {len(roster.replaced) - SHOWN} more that others replace"))
    if roster.unread:
        files = counted(len(roster.unread), "other file")
        lines.append(_text(f"Not read: {files} ({_some(roster.unread)})", "yellow"))
    return Group("", table, *lines, "")


def _text(text: str, style: str = "") -> Text:
    """Return text that may hold students' names, in one line and without markup."""
    return Text(one_line(text), style=style)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _shortened(entries: tuple[Entry, ...]) -> list[Entry | None]:
    """Return the first and the last entries, with None in place of those between."""
    if len(entries) <= SHOWN + 1:
        return list(entries)
    return [*entries[: SHOWN - 2], None, *entries[-2:]]


def _more(roster: Roster) -> str:
    return f"... {len(roster.entries) - SHOWN} more"


def _row(entry: Entry) -> tuple[Text, Text, Text, Text]:
    when = entry.submitted.strftime("%Y-%m-%d %H:%M") if entry.submitted else ""
    names = sorted(entry.names.values())
    files = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    student = ", ".join(person.name for person in entry.people)
    late = _text(when + " late", "yellow") if entry.late else _text(when)
    return _text(student), _text(entry.where), late, _text(files)


@contextmanager
def shown(console: Console, total: int) -> Iterator[Callable[[Progress], None]]:
    """Show a progress bar; yield the function that updates it."""
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"),
        _Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("", total=total, state="starting", graded=0)

        def update(progress: Progress) -> None:
            counts = [f"{progress.failed} failed"] if progress.failed else []
            counts += [f"{progress.kept} kept"] if progress.kept else []
            bar.update(
                task,
                completed=progress.done,
                graded=progress.graded,
                state=progress.doing or ", ".join(counts),
            )

        yield update


def summary(done: Summary, output: Path) -> RenderableType:
    """Return how the run ended, and where to look."""
    progress = done.progress
    counts = [f"{progress.graded} graded"]
    counts += [f"{progress.kept} kept from before"] if progress.kept else []
    counts += [f"{progress.failed} not graded"] if progress.failed else []
    lines = [Text(", ".join(counts) + ".", style="red" if progress.failed else "green")]
    lines.append(
        _text(f"Look at {output / 'index.html'}; grades are in {output / 'gradebook.csv'}")
    )
    return Group(*lines)


def changes(changed: Sequence[Change]) -> RenderableType:
    """Return a table of the grades that change, the largest change first, and a line on the others."""
    several = len({change.after.part for change in changed}) > 1
    graded = sorted(
        (change for change in changed if change.difference or change.before is None),
        key=lambda change: (-abs(change.difference), str(change.folder)),
    )
    columns = ("student", *["part"] * several, "before", "after", "change", "checks")
    table = plain_table(
        f"{counted(len(graded), 'grade')} to change", *columns, right=["before", "after", "change"]
    )
    for change in graded:
        before = f"{change.before.score:g}" if change.before else "none"
        table.add_row(
            _text(change.folder.name),
            *[_text(change.after.part)] * several,
            before,
            f"{change.after.score:g}/{change.after.max_score:g}",
            Text(f"{change.difference:+g}", style="green" if change.difference > 0 else "red"),
            _text(", ".join(change.names)),
        )
    lines: list[RenderableType] = [table] if graded else []
    rest = [change for change in changed if change not in graded]
    if rest:
        names = _some([change.folder.name for change in rest])
        lines.append(_text(f"The same grade with other words or checks: {len(rest)} ({names})"))
    return Group("", *lines, "")


def up_and_down(changed: Sequence[Change]) -> str:
    """Return how many grades rise and how many fall, with the sums; empty if none changes."""
    up = [change.difference for change in changed if change.difference > 0]
    down = [change.difference for change in changed if change.difference < 0]
    told = [f"{len(up)} up by {sum(up):g} points in all"] * bool(up)
    told += [f"{len(down)} down by {-sum(down):g} points in all"] * bool(down)
    return f"grades: {', '.join(told)}" if told else ""

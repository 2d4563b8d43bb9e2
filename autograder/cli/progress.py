"""What a terminal shows while a class is graded: who handed in what, how far it is, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import box
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
from rich.table import Table
from rich.text import Text

from autograder.batch.progress import Progress, Summary
from autograder.handins.layouts.entry import Entry
from autograder.handins.roster import Roster
from autograder.reports.words import counted

SHOWN = 12  # rows of a table; the pages show all


class _Rate(ProgressColumn):
    """Submissions a minute, without those that an earlier run had graded."""

    def render(self, task: Task) -> Text:
        seconds = task.elapsed or 0.0
        graded = task.fields["graded"]
        return Text(f"{60 * graded / seconds:.0f} a minute" if graded and seconds else "")


def mapping(roster: Roster) -> RenderableType:
    """Return a table of who handed in what, as it was understood, and what does not count."""
    table = Table(
        title=f"{counted(len(roster.entries), 'submission')}: {roster.layout}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for column in ("student", "handed in", "when", "files"):
        table.add_column(column, overflow="fold")
    for entry in _shortened(roster.entries):
        table.add_row(*(_row(entry) if entry else (Text(_more(roster)), "", "", "")))
    lines = [Text(f"Rule: {roster.rule}.", style="dim")]
    nothing = [entry.key for entry in roster.entries if not entry.names]
    if nothing:
        lines.append(Text(f"Without a program: {_some(nothing)}", style="yellow"))
    for entry, why in roster.dropped[:SHOWN]:
        lines.append(Text(f"Left out: {entry.where} of {entry.people[0].name} ({why})"))
    if len(roster.dropped) > SHOWN:
        lines.append(Text(f"Left out: {len(roster.dropped) - SHOWN} more"))
    for old, new in roster.replaced[:SHOWN]:
        lines.append(Text(f"Left out: {old} ({new} replaces it)"))
    if len(roster.replaced) > SHOWN:
        lines.append(Text(f"Left out: {len(roster.replaced) - SHOWN} more that others replace"))
    if roster.unread:
        files = counted(len(roster.unread), "other file")
        lines.append(Text(f"Not read: {files} ({_some(roster.unread)})", style="yellow"))
    return Group("", table, *lines, "")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _shortened(entries: tuple[Entry, ...]) -> list[Entry | None]:
    """Return the first and the last entries; None stands for those between."""
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
    late = Text(when + " late", style="yellow") if entry.late else Text(when)
    return Text(student), Text(entry.where), late, Text(files)


@contextmanager
def shown(console: Console, total: int) -> Iterator[Callable[[Progress], None]]:
    """Show a bar; yield what moves it."""
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[words]}"),
        _Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("", total=total, words="starting", graded=0)

        def tell(progress: Progress) -> None:
            words = [f"{progress.failed} failed"] if progress.failed else []
            words += [f"{progress.kept} kept"] if progress.kept else []
            bar.update(
                task,
                completed=progress.done,
                graded=progress.graded,
                words=", ".join(words),
            )

        yield tell


def summary(done: Summary, output: Path) -> RenderableType:
    """Return how the run ended, and where to look."""
    progress = done.progress
    words = [f"{progress.graded} graded"]
    words += [f"{progress.kept} kept from before"] if progress.kept else []
    words += [f"{progress.failed} not graded"] if progress.failed else []
    lines = [Text(", ".join(words) + ".", style="red" if progress.failed else "green")]
    lines.append(Text(f"Look at {output / 'index.html'}; grades are in {output / 'gradebook.csv'}"))
    return Group(*lines)

"""Results as tables in a terminal, by rich."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.results import CheckResult, Result

SIGNS = {
    "passed": ("✓", "green"),
    "failed": ("✗", "red"),
    "error": ("!", "magenta"),
    "skipped": ("·", "dim"),
}


def render(results: Sequence[Result]) -> RenderableType:
    """Return tables of all checks with points and messages, and the total where parts are several."""
    blocks: list[RenderableType] = [_part(result) for result in results]
    if len(results) > 1:
        score = sum(result.score for result in results)
        full = sum(result.max_score for result in results)
        blocks.append(Text(f"Total {score:g}/{full:g}", style="bold"))
    return Group(*blocks)


def show(results: Sequence[Result], console: Console | None = None) -> None:
    """Print the tables."""
    (console or Console()).print(render(results))


def _part(result: Result) -> RenderableType:
    table = Table(
        title=f"{result.part}: {result.submission}",
        title_justify="left",
        title_style="bold",
        caption=_caption(result),
        caption_justify="left",
        expand=False,
        show_edge=False,
        pad_edge=False,
    )
    table.add_column("")
    table.add_column("check", ratio=1)
    table.add_column("points", justify="right", no_wrap=True)
    function = None
    for check in result.checks:
        if check.function != function:
            function = check.function
            table.add_section()
            table.add_row("", Text(function, style="bold"), "")
        sign, style = SIGNS[check.status]
        table.add_row(
            Text(sign, style=style), _words(check, style), f"{check.score:g}/{check.max_score:g}"
        )
    table.add_section()
    total = Text(f"{result.score:g}/{result.max_score:g}", style="bold")
    table.add_row("", Text("score", style="bold"), total)
    return Padding(table, (1, 0))


def _words(check: CheckResult, style: str) -> RenderableType:
    words = Text(check.title)
    if check.message:
        color = "yellow" if check.status == "passed" else style
        words.append("\n" + check.message, style=color)
    return words


def _caption(result: Result) -> Text:
    lines = [f"Note: {note}" for note in result.notes]
    walls = f"{len(result.isolation)} layers of isolation" if result.isolation else "no isolation"
    lines.append(f"{result.seconds:.1f} s in the student's code, {walls}")
    return Text("\n".join(lines), style="dim")

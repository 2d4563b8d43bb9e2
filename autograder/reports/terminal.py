"""Results as tables in a terminal, made with rich."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.reports.messages import said_by_all, said_once
from autograder.reports.status import IN_TERMINAL, SIGNS
from autograder.reports.words import counted
from autograder.results import CheckResult, Result
from autograder.texts import one_line, printable
from autograder.worker.sandbox.layers import NAMESPACES

REMARK = "cyan"  # the message of a passed check


def render(results: Sequence[Result]) -> RenderableType:
    """Return tables of all checks with points and messages.

    If there are several parts, a function whose checks all pass takes one line, and a total follows.
    """
    several = len(results) > 1
    blocks: list[RenderableType] = [_part(result, several) for result in results]
    if several:
        score = sum(result.score for result in results)
        full = sum(result.max_score for result in results)
        blocks.append(Text(f"Total {score:g}/{full:g}", style="bold"))
    return Group(*blocks)


def show(results: Sequence[Result], console: Console | None = None) -> None:
    """Print the tables."""
    (console or Console()).print(render(results))


def _part(result: Result, short: bool) -> RenderableType:
    table = Table(
        title=Text(one_line(f"{result.part}: {result.submission}"), style="bold"),
        caption=_caption(result),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        min_width=72,  # else a short table would fold its caption
    )
    table.add_column("")
    table.add_column("check", ratio=1)
    table.add_column("points", justify="right", no_wrap=True)
    for function, group in groupby(result.checks, key=lambda check: check.function):
        checks = list(group)
        if short and all(check.status == "passed" and not check.message for check in checks):
            points = f"{sum(c.score for c in checks):g}/{sum(c.max_score for c in checks):g}"
            table.add_row(_sign("passed"), Text(function), points)
        else:
            _add_function(table, function, checks)
    table.add_section()
    table.add_row("", Text("score", style="bold"), _points(result, "bold"))
    return Padding(table, (1, 0))


def _add_function(table: Table, function: str, checks: list[CheckResult]) -> None:
    """Add a function's checks; a message that all of them share is shown once, above them."""
    shared = said_by_all(checks) if len(checks) > 1 else ""
    table.add_row("", Text(function, style="bold"), "")
    if shared:
        table.add_row("", Text(printable(shared), style=_color(checks[0])), "")
    for check, message in said_once(checks):
        line = Text(check.title)
        if check.measured is not None:
            line.append(f" (measured: {check.measured:.0f})")
        if message and not shared:
            line.append("\n" + printable(message), style=_color(check))
        table.add_row(_sign(check.status), line, _points(check))
    table.add_row("", "", "")


def _sign(status: str) -> Text:
    return Text(SIGNS[status], style=IN_TERMINAL[status])


def _color(check: CheckResult) -> str:
    return REMARK if check.status == "passed" else IN_TERMINAL[check.status]


def _points(scored: CheckResult | Result, style: str = "") -> Text:
    return Text(f"{scored.score:g}/{scored.max_score:g}", style=style)


def _caption(result: Result) -> Text:
    lines = [f"Note: {one_line(note)}" for note in result.notes]
    lines += [f"To look at by hand: {one_line(text)}" for text in result.suspicions]
    lines.append(f"{result.seconds:.1f} s in the student's code, {_walls(result.isolation)}")
    return Text("\n".join(lines), style="dim")


def _walls(layers: Sequence[str]) -> str:
    """Return how many layers isolated the code, and a warning if there were no namespaces."""
    if not layers:
        return "no isolation"
    text = f"{counted(len(layers), 'layer')} of isolation"
    if not set(NAMESPACES) <= set(layers):
        text += ", no namespaces: `autograder doctor` tells why that matters"
    return text

"""Results as tables in a terminal, made with rich; and the one style that all tables have."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.language import say
from autograder.reports.functions import Function, alike, failed_whole, functions_of, next_of
from autograder.reports.messages import brief, said_by_all, said_once, translated
from autograder.reports.status import IN_TERMINAL, SIGNS
from autograder.results import CheckResult, Result
from autograder.texts import one_line, printable
from autograder.worker.sandbox.layers import NAMESPACES

REMARK = "cyan"  # the message of a passed check


def render(results: Sequence[Result]) -> RenderableType:
    """Return tables with points: first the functions that lost some, check by check, with messages.

    A function that passed takes one line. If there are several parts, a total follows; the last line
    names the function to mend next.
    """
    results = [translated(result) for result in results]
    blocks: list[RenderableType] = [_part(result) for result in results]
    if len(results) > 1:
        score = sum(result.score for result in results)
        full = sum(result.max_score for result in results)
        blocks.append(Text(f"{say('Total')} {score:g}/{full:g}", style="bold"))
    unread = any(failed_whole(r) and r.checks[0].status == "error" for r in results)
    if (name := next_of(results)) and not unread:
        blocks.append(Text(one_line(say("next: {name}", name=name)), style="bold"))
    return Group(*blocks)


def show(results: Sequence[Result], console: Console | None = None) -> None:
    """Print the tables."""
    (console or Console()).print(render(results))


def plain_table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    """Return an empty table in the style of all commands.

    Arguments:
        right: the columns that hold numbers.
    """
    table = Table(
        title=Text(one_line(title), style="bold"),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_header=bool(columns),
        show_edge=False,
        pad_edge=False,
    )
    for column in columns:
        numbers = column in right
        justify = "right" if numbers else "left"
        table.add_column(column, justify=justify, no_wrap=numbers, overflow="fold")  # type: ignore[arg-type]
    return table


def _part(result: Result) -> RenderableType:
    points = say("points")
    table = plain_table(
        f"{result.part}: {result.submission}", "", say("check"), points, right=[points]
    )
    table.min_width = 72  # else a short table would fold its caption
    table.columns[1].ratio = 1
    table.caption = _caption(result)
    functions = functions_of(result)
    whole = failed_whole(result)
    if whole:
        first = result.checks[0]
        told = Text(printable(whole), style=_color(first))
        table.add_row(_sign(first.status), told, _points(result))
    else:
        for group in alike(function for function in functions if function.lost):
            _add_lost(table, group)
        for function in functions:
            if not function.lost:
                _add_passed(table, function)
    table.add_section()
    table.add_row("", Text(say("score"), style="bold"), _points(result, "bold"))
    return Padding(table, (1, 0))


def _add_lost(table: Table, group: Sequence[Function]) -> None:
    """Add what a function lost, or several that failed for one reason, which is shown once."""
    first = group[0]
    for function in group:
        name = Text(function.name, style="bold")
        if len(group) > 1:
            name.append(_place(function), style="not bold dim")
        table.add_row("", name, _subtotal(function, "bold"))
    if first.reason:
        told = first.reason if len(group) > 1 else brief(first.checks[0])
        sign = _sign(first.checks[0].status)
        table.add_row(sign, Text(printable(told), style=_color(first.checks[0])), "")
    else:
        _add_checks(table, first.lost)
        if first.passed:
            passed = Text(_passed(len(first.passed)), style="dim")
            earned = sum(check.max_score for check in first.passed)
            table.add_row(_sign("passed"), passed, Text(f"{earned:g}/{earned:g}", style="dim"))
    table.add_row("", "", "")


def _place(function: Function) -> str:
    """Return where a function of several that failed alike did so, if its message says that."""
    lines = brief(function.checks[0]).splitlines()[1:2]
    return f"  {printable(lines[0].strip(), kept='')}" if lines else ""


def _add_passed(table: Table, function: Function) -> None:
    """Add a line for a function that passed; what was measured, and remarks, are told below it."""
    table.add_row(_sign("passed"), Text(function.name), _subtotal(function))
    _add_checks(table, [check for check in function.checks if check.measured is not None])
    remarks = dict.fromkeys(
        message for c, message in said_once(function.checks) if message and c.measured is None
    )
    for remark in list(remarks)[:1]:
        table.add_row("", Text(printable(remark), style=REMARK), "")


def _add_checks(table: Table, checks: Sequence[CheckResult]) -> None:
    """Add checks; a message that all of them share is shown once, above them."""
    shared = said_by_all(checks) if len(checks) > 1 else ""
    if shared:
        table.add_row("", Text(printable(shared), style=_color(checks[0])), "")
    for check, message in said_once(checks):
        line = Text(check.title)
        if check.measured is not None:
            line.append(say(" (measured: {number})", number=f"{check.measured:.0f}"))
        if message and not shared:
            line.append("\n" + printable(message), style=_color(check))
        table.add_row(_sign(check.status), line, _points(check))


def _sign(status: str) -> Text:
    return Text(SIGNS[status], style=IN_TERMINAL[status])


def _color(check: CheckResult) -> str:
    return REMARK if check.status == "passed" else IN_TERMINAL[check.status]


def _points(scored: CheckResult | Result, style: str = "") -> Text:
    return Text(f"{scored.score:g}/{scored.max_score:g}", style=style)


def _subtotal(function: Function, style: str = "") -> Text:
    return Text(f"{function.score:g}/{function.full:g}", style=style)


def _caption(result: Result) -> Text:
    lines = [say("Note: {note}", note=one_line(note)) for note in result.notes]
    lines += [say("To look at by hand: {text}", text=one_line(text)) for text in result.suspicions]
    seconds = f"{result.seconds:.1f}"
    lines.append(
        say("{seconds} s in the student's code, {walls}", seconds=seconds, walls=_walls(result))
    )
    return Text("\n".join(lines), style="dim")


def _passed(number: int) -> str:
    return say("1 check passed") if number == 1 else say("{number} checks passed", number=number)


def _walls(result: Result) -> str:
    """Return how many layers isolated the code, and a warning if there were no namespaces."""
    layers = result.isolation
    if not layers:
        return say("no isolation")
    number = len(layers)
    text = say("1 layer of isolation") if number == 1 else ""
    text = text or say("{number} layers of isolation", number=number)
    if not set(NAMESPACES) <= set(layers):
        text += say(", no namespaces: `autograder doctor` tells why that matters")
    return text

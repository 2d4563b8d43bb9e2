"""The accuracy of the grader, as tables in a terminal and as a page of the docs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.mistake import Mistake
from autograder.staff.accuracy import Accuracy, Trial

Row = tuple[str, str]


def render(accuracy: Accuracy) -> RenderableType:
    """Return tables of all figures, and a line for each problem."""
    table = Table(title=f"{accuracy.part}: known mistakes", title_justify="left")
    for number, column in enumerate(COLUMNS):
        table.add_column(column, justify="right" if number else "left", no_wrap=not number)
    rows = _by_function(accuracy.trials)
    for name, *cells in rows[:-1]:
        table.add_row(name, *cells)
    table.add_section()
    table.add_row(*rows[-1], style="bold")
    facts = Table(title=f"{accuracy.part}: the rest", title_justify="left", show_header=False)
    for what, figure in _facts(accuracy):
        facts.add_row(what, figure)
    wrong = [Text(line, style="red") for line in problems(accuracy)]
    return Group(table, facts, *wrong)


def page(accuracies: Sequence[Accuracy], command: str) -> str:
    """Return the figures as Markdown, with the command that made them."""
    lines = [
        "# How accurate the grader is",
        "",
        f"`{command}` writes this page.",
        "Without `--output` it prints the same figures. Without `--full` it tries fewer combinations.",
        "",
        "A *mistake* is a known wrong way to write one function, put into the solution. It is *caught*",
        "if it loses a check. It is *exact* if it loses the checks that it should, and no other. It is",
        "*named* if the message of every lost check names that mistake. The *classic checks* are those",
        "of notebooks with stored answers, on the same mistakes: they print the relative error of each",
        "loss at one input, compare the number of parameters, and assert the shape and range of the",
        "noise. *Classic, read* counts the mistakes that a person can see who reads every printed",
        "figure. *Unattended* counts those at which the notebook stops.",
    ]
    for accuracy in accuracies:
        lines += ["", f"## {accuracy.part}", "", _markdown(COLUMNS)]
        lines += [_markdown(["---", *["---:"] * (len(COLUMNS) - 1)])]
        lines += [_markdown(row) for row in _by_function(accuracy.trials)]
        lines += ["", "| | |", "|---|---|"]
        lines += [_markdown(row) for row in _facts(accuracy)]
        if accuracy.exceptions:
            lines += [
                "",
                "Variants that are right except in the checks that they name themselves:",
                "",
            ]
            for name, loses in accuracy.exceptions.items():
                reasons = "; ".join(f"`{check}` ({why})" for check, why in loses.items())
                lines += [f"- `{name}`: {reasons}"]
        lines += [f"- **{line}**" for line in problems(accuracy)]
    return "\n".join(lines) + "\n"


COLUMNS = ("function", "mistakes", "caught", "exact", "named", "classic, read", "unattended")


def _by_function(trials: Sequence[Trial]) -> list[list[str]]:
    groups = [(name, list(group)) for name, group in groupby(trials, lambda t: t.mistake.function)]
    return [_counts(name, group) for name, group in [*groups, ("all", list(trials))]]


def _counts(name: str, trials: Sequence[Trial]) -> list[str]:
    counts = [
        len(trials),
        sum(trial.caught for trial in trials),
        sum(trial.exact for trial in trials),
        sum(trial.right_name for trial in trials),
        sum(trial.classic[0] for trial in trials),
        sum(trial.classic[1] for trial in trials),
    ]
    return [name, *map(str, counts)]


def _facts(accuracy: Accuracy) -> list[Row]:
    some, total = accuracy.combinations, len(accuracy.combinations)
    rows = [
        ("combinations of two or three mistakes", str(total)),
        ("that lose the union of their checks", str(sum(one.exact for one in some))),
        ("in which each mistake is named", str(sum(one.all_named for one in some))),
        ("correct variants", str(len(accuracy.variants))),
        ("that are graded as they say", str(sum(accuracy.variants.values()))),
    ]
    for check, bound in accuracy.chance.items():
        rows.append((f"how often chance fails a right one: {check}", f"at most {bound:.1g}"))
    return rows


def problems(accuracy: Accuracy) -> list[str]:
    """Return a line for each problem."""
    lines = []
    for trial in accuracy.trials:
        one = trial.mistake
        if not trial.caught:
            lines.append(f"{one.id}: is not caught")
        elif not trial.exact:
            lines.append(f"{one.id}: loses {_names(trial.lost)}, but lists {_names(one.loses)}")
        elif not trial.right_name:
            lines.append(f"{one.id}: is named {_names(map(str, trial.named))}")
    for combination in accuracy.combinations:
        ids = " + ".join(mistake.id for mistake in combination.mistakes)
        if not combination.exact:
            lines.append(f"{ids}: loses {_names(combination.lost)}")
    lines += [
        f"{name}: is not graded as it says" for name, ok in accuracy.variants.items() if not ok
    ]
    return lines


def messages(mistakes: Sequence[Mistake]) -> str:
    """Return what students read for every mistake, grouped by function, for a teacher to edit."""
    lines = []
    for function, group in groupby(mistakes, lambda mistake: mistake.function):
        lines += ["", function]
        lines += [f"  {one.id:36} {one.says} {one.hint}" for one in group]
    return "\n".join(lines[1:])


def _names(names: object) -> str:
    return ", ".join(sorted(names)) or "nothing"  # type: ignore[call-overload]


def _markdown(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"

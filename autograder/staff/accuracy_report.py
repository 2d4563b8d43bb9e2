"""The accuracy of the grader, as tables in a terminal and as a page of the docs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from autograder.mistake import Mistake
from autograder.reports.terminal import plain_table
from autograder.staff.accuracy import Accuracy, Trial
from autograder.staff.held_out import HeldOut, interval
from autograder.staff.pairs import PairTried
from autograder.staff.unlisted import Tried

Row = tuple[str, str]


def render(accuracy: Accuracy) -> RenderableType:
    """Return tables of all figures, and a line for each problem."""
    table = plain_table(f"{accuracy.part}: known mistakes", *COLUMNS, right=COLUMNS[1:])
    for column in table.columns:
        column.no_wrap = column is table.columns[0]
    rows = _by_function(accuracy.trials)
    for name, *cells in rows[:-1]:
        table.add_row(name, *cells)
    table.add_section()
    table.add_row(*rows[-1], style="bold")
    facts = plain_table(f"{accuracy.part}: the rest")
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
        "",
        "A *false name* is the message of a mistake that the code does not make. It is counted in two",
        "ways: for wrong functions that are in no list (`tests/unlisted/`), and for each listed",
        "mistake, judged as if it were not listed.",
    ]
    if any(accuracy.pairs for accuracy in accuracies):
        lines += [
            "",
            "A *pair* is two listed mistakes in one function. No list holds it. Every lost check must",
            "tell of the pair, or of the one mistake that hides the other. Where the list has no name,",
            "the search of `autograder grade-class` looks for edits of the solution that do the same.",
        ]
    if any(accuracy.held_out for accuracy in accuracies):
        lines += [
            "",
            "*Held out* are mistakes that the list does not hold. *Other values*: a number of the",
            "solution is another one. *Left out*: a random half of the listed mistakes is left out of",
            "the list and of the search, and some of these are tried. A false name is one of which the",
            "solution with these edits does something else, asked with inputs and weights that the",
            "search has not seen. *Other styles*: listed mistakes, each written in up to seven other",
            "styles; the list alone must name them.",
        ]
    for accuracy in accuracies:
        lines += ["", f"## {accuracy.part}", "", _markdown(COLUMNS)]
        lines += [_markdown(["---", *["---:"] * (len(COLUMNS) - 1)])]
        lines += [_markdown(row) for row in _by_function(accuracy.trials)]
        lines += ["", "| what | figure |", "|---|---|"]
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
    tried = accuracy.unlisted
    rows += [
        ("wrong functions that are in no list", str(len(tried))),
        ("that lose a check", str(sum(bool(one.lost) for one in tried))),
        ("that get the name of a listed mistake, which is true", str(sum(map(_truly, tried)))),
        ("false names: of functions in no list", str(sum(bool(one.false_names) for one in tried))),
        (
            "false names: of mistakes that are left out of the list",
            f"{sum(bool(one.else_named) for one in accuracy.trials)} of {len(accuracy.trials)}",
        ),
    ]
    if accuracy.pairs:
        rows += _pairs(accuracy.pairs)
    rows += _held_out(accuracy.held_out)
    for check, bound in accuracy.chance.items():
        rows.append((f"how often chance fails a right one: {check}", f"at most {bound:.1g}"))
    return rows


def _held_out(tried: Sequence[HeldOut]) -> list[Row]:
    """Tell of mistakes that the list does not hold, and of styles."""
    rows = []
    for kind in dict.fromkeys(one.kind for one in tried):
        some = [one for one in tried if one.kind == kind]
        rows += [
            (f"{kind}: named", _share(sum(one.named for one in some), len(some))),
            (f"{kind}: false names", str(sum(one.false for one in some))),
        ]
    return rows


def _share(hits: int, total: int) -> str:
    """Return a share with its confidence interval."""
    low, high = interval(hits, total)
    return f"{hits} of {total} ({hits / total:.1%}; 95 % interval {low:.1%} to {high:.1%})"


def _pairs(pairs: Sequence[PairTried]) -> list[Row]:
    """Tell of pairs in one function."""
    searched = [one for one in pairs if one.searched]
    seconds = sum(one.seconds for one in searched) / (len(searched) or 1)
    return [
        ("pairs of mistakes in one function", str(len(pairs))),
        ("of which every lost check tells", _share(sum(one.named for one in pairs), len(pairs))),
        ("that have no name in the list", str(len(searched))),
        ("of these, explained by search", str(sum(one.named for one in searched))),
        ("false names of pairs", str(sum(one.false_name for one in pairs))),
        ("seconds of a search", f"{seconds:.1f}"),
    ]


def _truly(tried: Tried) -> bool:
    return bool(tried.named) and not tried.false_names


def problems(accuracy: Accuracy) -> list[str]:
    """Return a line for each problem."""
    lines = []
    for trial in accuracy.trials:
        one = trial.mistake
        if not trial.caught:
            lines.append(f"{one.id}: is not caught")
        elif not trial.exact:
            lines.append(f"{one.id}: loses {_names(trial.lost)}, and lost {_names(one.loses)} once")
        elif not trial.right_name:
            lines.append(f"{one.id}: is named {_names(map(str, trial.named))}")
        if trial.else_named:
            lines.append(f"{one.id}: were it not listed, it would be {_names(trial.else_named)}")
    for pair in accuracy.pairs:
        if not pair.named:
            told = pair.found or pair.listed
            lines.append(f"{_names(pair.ids)} in one function: {_names(map(str, told))}")
    for combination in accuracy.combinations:
        ids = " + ".join(mistake.id for mistake in combination.mistakes)
        if not combination.exact:
            lines.append(f"{ids}: loses {_names(combination.lost)}")
    lines += [
        f"{name}: is not graded as it says" for name, ok in accuracy.variants.items() if not ok
    ]
    for tried in accuracy.unlisted:
        one_more, wrong = tried.unlisted, tried.false_names
        if not tried.lost:
            lines.append(f"{one_more.id}: loses nothing ({one_more.says})")
        if wrong:
            says = f"which is false ({one_more.says})"
            lines.append(f"{one_more.id}: is named {_names(wrong)}, {says}")
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

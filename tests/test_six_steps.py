"""The six-step table is read in any sane form, and wrong numbers stay wrong."""

from __future__ import annotations

import pytest

from autograder.platforms.nbgrader.six_steps import expected, read_steps

Y, X = (2, 1, -1, -2, -1, 1), (-1, -2, -1, 1, 2, 1)


def row(numbers, between):
    return between.join(map(str, numbers))


def standing(y, x, start=True, heads=("step", "y", "x"), order="yx"):
    rows = [(1, 1), *zip(y, x)] if start else list(zip(y, x))
    lines = ["| " + " | ".join(heads) + " |", "|---|---|---|"]
    for step, (a, b) in enumerate(rows, 0 if start else 1):
        cells = (a, b) if order == "yx" else (b, a)
        lines.append(f"| {step} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def forms(y, x):
    """Return the same two rows as students write them."""
    ys, xs = (1, *y), (1, *x)
    cells = "".join(f"<td>{n}</td>" for n in ys), "".join(f"<td>{n}</td>" for n in xs)
    heads = " | ".join(f"$y_{i}$" for i in range(7))
    return {
        "lists": f"y = {list(ys)}\nx = {list(xs)}",
        "lists without start": f"y = {list(y)}, x = {list(x)}",
        "lists, x first": f"x: {list(xs)}\ny: {list(ys)}",
        "lists of floats": f"y: {[float(n) for n in ys]}; x: {[float(n) for n in xs]}",
        "one line": f"y: {row(ys, ', ')}\nx: {row(xs, ', ')}",
        "code": f"```python\ny = np.array({list(ys)})\nx = np.array({list(xs)})\n```",
        "Markdown, lying": (
            "| t | 0 | 1 | 2 | 3 | 4 | 5 | 6 |\n|---|---|---|---|---|---|---|---|\n"
            f"| **y** | {row(ys, ' | ')} |\n| **x** | {row(xs, ' | ')} |"
        ),
        "Markdown, indexed heads": (
            f"{heads}\n---|---|---|---|---|---|---\n{row(ys, ' | ')}\n\n"
            f"{heads.replace('y', 'x')}\n---|---|---|---|---|---|---\n{row(xs, ' | ')}"
        ),
        "Markdown, standing": standing(y, x),
        "Markdown, standing, without start": standing(y, x, start=False),
        "Markdown, standing, x first": standing(y, x, heads=("step", "x", "y"), order="xy"),
        "Markdown, standing, subscripts": standing(y, x, heads=("t", "$y_t$", "$x_t$")),
        "LaTeX": rf"$y$ & {row(ys, ' & ')} \\ $x$ & {row(xs, ' & ')} \\ \hline",
        "LaTeX, standing": "\\begin{tabular}{ccc}\n$t$ & $y_t$ & $x_t$ \\\\ \\hline\n"
        + "\n".join(rf"{i} & ${a}$ & ${b}$ \\" for i, (a, b) in enumerate(zip(ys, xs)))
        + "\n\\end{tabular}",
        "HTML": f"<table><tr><th>y</th>{cells[0]}</tr>\n<tr><th>x</th>{cells[1]}</tr></table>",
        "prose, (x, y)": "The points (x, y) are "
        + ", ".join(f"({a}, {b})" for a, b in zip(xs, ys)),
        "prose, (y, x)": "As (y, x): " + " -> ".join(f"({a},{b})" for a, b in zip(y, x)),
        "prose, no order": "We get " + ", then ".join(f"({a}, {b})" for a, b in zip(y, x)) + ".",
        "indexed": "\n".join(
            f"- $y_{i} = {a}$, $x_{i} = {b}$" for i, (a, b) in enumerate(zip(y, x), 1)
        ),
        "indexed, bare": ", ".join(f"y{i}={a}, x{i}={b}" for i, (a, b) in enumerate(zip(y, x), 1)),
        "computed": "\n".join(
            f"y_{i} = y_{i - 1} + x_{i - 1} = {b - c} + {c} = {b}; x_{i} = {c} - {b} = {a}"
            for i, (a, b, c) in enumerate(zip(x, y, xs), 1)
        ),
        "nameless lists": f"{list(ys)}\n\n{list(xs)}",
        "unicode minus": f"y: {row(ys, ', ')}\nx: {row(xs, ', ')}".replace("-", "\u2212"),
        "Chinese": f"y：{row(ys, '，')}\nx：{row(xs, '，')}",
    }


def test_the_right_rows_are_those_of_the_game():
    assert expected() == (tuple(map(float, Y)), tuple(map(float, X)))


@pytest.mark.parametrize("form", forms(Y, X))
def test_the_right_rows_are_read_in_any_form(form):
    found = read_steps(forms(Y, X)[form])
    assert found is not None and found.right == 6, found


WRONG = {
    "x with the old y": ((2, 2, 0, -2, -2, 0), (0, -2, -2, 0, 2, 2)),
    "signs swapped": (tuple(-n for n in Y), tuple(-n for n in X)),
    "x ascends": ((2, 5, 13, 34, 89, 233), (3, 8, 21, 55, 144, 377)),
    "all ones": ((1,) * 6, (1,) * 6),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("form", forms(Y, X))
def test_wrong_rows_get_what_is_right_in_them_and_no_more(form, wrong):
    y, x = WRONG[wrong]
    most = sum(pair in ((a, b), (b, a)) for pair, a, b in zip(zip(Y, X), y, x))
    found = read_steps(forms(y, x)[form])
    assert found is not None and found.right <= most < 6, found


@pytest.mark.parametrize("form", [f for f in forms(Y, X) if "order" not in f and "name" not in f])
def test_rows_under_the_wrong_names_are_wrong(form):
    found = read_steps(forms(X, Y)[form])
    assert found is not None and found.right < 6


@pytest.mark.parametrize("steps", range(1, 6))
def test_the_first_steps_count_where_a_later_one_is_wrong(steps):
    y = (*Y[:steps], *(9,) * (6 - steps))
    found = read_steps(forms(y, X)["lists"])
    assert found is not None and found.right == steps


@pytest.mark.parametrize(
    "text", ["", "YOUR ANSWER HERE", "It cycles for ever.", "y grows: 1, 2, 3", "1"]
)
def test_what_is_no_table_is_left_to_a_person(text):
    assert read_steps(text) is None

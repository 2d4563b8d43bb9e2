"""Read the six steps of a written answer, in any reasonable form.

The question: min_x max_y f(x, y) = x y from (1, 1) with step 1, y first and then x with the new y.
The answer is two rows of numbers. Students write them as lists, as a Markdown, LaTeX or HTML table with
y and x in rows or in columns, as tuples in a sentence, or as y_1 = 2, x_1 = -1. Every reading of the
text that gives two rows is compared with the right answer, and the best one counts: numbers are
unlikely to be right by chance.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

STEPS = 6
LONGEST = 20_000  # characters; a table in HTML has 2,000. A longer answer waits for a person
CLAUSE = 300  # characters of `y_1 = y_0 + x_0 = 1 + 1 = 2` and the like
MOST = 10  # rows of one name, or headings of a table, that are tried
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
INDEX = r"_?\s*[\[({]?\s*(\d)\s*[\])}]?"
NAMED = rf"\b([xy]){INDEX}\s*(?:=|:|is\b)"
PLAIN = re.compile(rf"{NAMED}\s*([-+]?\d+(?:\.\d+)?)(?![ \t]*[-+*/\d(=])", re.IGNORECASE)
COMPUTED = re.compile(rf"{NAMED}.*=\s*([-+]?\d+(?:\.\d+)?)\W*$", re.IGNORECASE)  # y_1 = 1 + 1 = 2
SUBSCRIPT = re.compile(
    r"\b([xy])(?:_?\d\b|_\{?[\w+\-]+\}?|\((?:t|k|n|i)\)|\[(?:t|k|n|i)\])", re.IGNORECASE
)
PAIR = re.compile(r"[(\[]\s*([-+]?\d+(?:\.\d+)?)\s*,\s*([-+]?\d+(?:\.\d+)?)\s*[)\]]")
ORDER = re.compile(r"[(\[]\s*([xy])\w*\s*,\s*([xy])\w*\s*[)\]]", re.IGNORECASE)
Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """What was read: both rows without their start, and how many of the steps are right."""

    y: Row
    x: Row
    right: int
    total: int = STEPS

    @property
    def share(self) -> float:
        return self.right / self.total


def expected() -> tuple[Row, Row]:
    """Return y and x after each step."""
    x = y = 1.0
    ys, xs = [], []
    for _ in range(STEPS):
        y += x  # ascent: the derivative by y is x
        x -= y  # descent, with the new y
        ys.append(y)
        xs.append(x)
    return tuple(ys), tuple(xs)


def read_steps(text: str) -> Steps | None:
    """Return the best reading of an answer; None if it does not hold two rows.

    A student's text must not take long, so there is a longest one, and no expression may try several
    ways to share a run of characters, or look for an end that is not there.
    """
    if len(text) > LONGEST:
        return None
    plain = _plain(text)
    readings = [*_indexed(plain), *_lying(plain), *_standing(plain), *_tuples(plain)]
    best: Steps | None = None
    for y, x in readings:
        one = _judge(_without_start(y), _without_start(x))
        if best is None or one.right > best.right:
            best = one
    return best


def _judge(y: Row, x: Row) -> Steps:
    right_y, right_x = expected()
    pairs = zip(y, x, right_y, right_x)
    right = sum(a == c and b == d for a, b, c, d in pairs)
    return Steps(y, x, right if len(y) == len(x) <= STEPS else 0)


def _without_start(row: Sequence[float]) -> Row:
    """Leave out the value before the first step, if it is given."""
    return tuple(row[1:] if len(row) == STEPS + 1 else row)


def _plain(text: str) -> str:
    """Turn tables of any kind into lines of cells between bars, and typography into ASCII."""
    text = re.sub(r"&#[xX]?[0-9a-fA-F]{9,};?", " ", text)  # no character has 9 digits
    text = html.unescape(text)
    text = re.sub(r"[\u2212\u2013\u2014\uff0d]", "-", text)
    text = _without_comments(text)
    text = re.sub(r"(?i)</t[dh]>\s*|&(?!\w+;)", " | ", text)
    text = re.sub(r"(?i)</tr>|<br\s*/?>|</p>|</li>|\\\\", "\n", text)
    text = re.sub(r"<[^<>]+>", " ", text)
    text = re.sub(r"\\(hline|toprule|midrule|bottomrule)", "\n", text)
    text = re.sub(r"\\(begin|end)\{[^}]{0,200}\}(\{[^}]{0,200}\})?", "\n", text)
    text = re.sub(r"\\(left|right|mathbf|mathrm|text|textbf|quad|,|;|!)", " ", text)
    text = text.translate(str.maketrans("（），：；｜＝、", "(),:;|=,"))
    return re.sub(r"[$`*]|\^\{?\(?[tkni\d]?\)?\}?", " ", text)


def _without_comments(text: str) -> str:
    """Remove HTML comments; one that does not end is text."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return " ".join([*kept, text[at:]])


def _indexed(text: str) -> Iterator[tuple[Row, Row]]:
    """Read y_1 = 2, x_1 = -1, ..."""
    values: dict[str, dict[int, float]] = {"x": {}, "y": {}}
    for clause in re.split(r"[,;\n]", text):
        clause = " ".join(clause.split())  # or the expressions try every way to share long gaps
        computed = COMPUTED.search(clause) if len(clause) <= CLAUSE else None
        plain = PLAIN.findall(clause)
        for name, index, number in plain if len(plain) > 1 or not computed else [computed.groups()]:
            values[name.lower()].setdefault(int(index), float(number))
    rows = []
    for name in "yx":
        by_step = values[name]
        if not {1, 2} <= by_step.keys():
            return
        steps = range(1, STEPS + 1)
        rows.append(tuple(by_step.get(step, float("nan")) for step in steps))
    yield rows[0], rows[1]


def _lying(text: str) -> Iterator[tuple[Row, Row]]:
    """Read a row for y and a row for x, with their names in front; without names, y is first."""
    named: dict[str, list[Row]] = {"x": [], "y": []}
    nameless: list[Row] = []
    for line in _rows(text):
        bare = SUBSCRIPT.sub(r"\1", line)
        label, numbers = _label(bare), tuple(map(float, NUMBER.findall(bare)))
        if len(numbers) not in (STEPS, STEPS + 1):
            continue
        if label:
            named[label].append(numbers)
        else:
            nameless.append(numbers)
    for y in named["y"][:MOST]:
        for x in named["x"][:MOST]:
            yield y, x
    if not named["x"] and not named["y"]:
        for one, other in pairwise(nameless):
            if one != tuple(range(STEPS)) and one != tuple(range(STEPS + 1)):
                yield one, other


def _rows(text: str) -> Iterator[str]:
    """Yield the lines, and each bracketed list with the text before it; a line may hold several."""
    yield from text.splitlines()
    flat = " ".join(text.split())
    for match in re.finditer(r"([^\[\](){}]{0,20})[\[({]([^\[\](){}]*)[\])}]", flat):
        yield f"{match[1]} {match[2]}"


def _label(line: str) -> str:
    """Return "x" or "y" if a line names only that one before its first number; else ""."""
    first = NUMBER.search(line)
    before = line[: first.start()] if first else line
    names = {name.lower() for name in re.findall(r"(?<![A-Za-z])([xyXY])(?![A-Za-z])", before)}
    return names.pop() if len(names) == 1 else ""


def _standing(text: str) -> Iterator[tuple[Row, Row]]:
    """Read a table whose columns are y and x: a row for each step."""
    lines = [_cells(line) for line in text.splitlines()]
    tried = 0
    for position, heads in enumerate(lines):
        names = [_label(SUBSCRIPT.sub(r"\1", head)) for head in heads]
        if names.count("y") != 1 or names.count("x") != 1:
            continue
        tried += 1
        if tried > MOST:
            return
        columns = names.index("y"), names.index("x")
        rows: tuple[list[float], list[float]] = ([], [])
        for cells in lines[position + 1 :]:
            numbers = [
                NUMBER.fullmatch(cells[c].strip()) if c < len(cells) else None for c in columns
            ]
            for row, number in zip(rows, numbers):
                if number and all(numbers):
                    row.append(float(number[0]))
        if rows[0]:
            yield tuple(rows[0]), tuple(rows[1])


def _cells(line: str) -> list[str]:
    """Split a table's line at its bars, else at commas, tabs or wide gaps."""
    if "|" in line:
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    return [
        cell.strip() for cell in re.split(r"[,;\t]|\s{2,}|\s(?=[-+]?\d)|(?<=[xy])\s", line.strip())
    ]


def _tuples(text: str) -> Iterator[tuple[Row, Row]]:
    """Read (x, y) or (y, x) for each step; if the text does not say the order, try both."""
    pairs = [(float(a), float(b)) for a, b in PAIR.findall(text)]
    if len(pairs) not in (STEPS, STEPS + 1):
        return
    first, second = (tuple(row) for row in zip(*pairs))
    order = ORDER.search(text)
    if order is None or order[1].lower() == "y":
        yield first, second
    if order is None or order[1].lower() == "x":
        yield second, first

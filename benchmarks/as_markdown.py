"""What a benchmark prints, as Markdown: its boxes become tables, all other lines paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

SIDES = ("┃", "│")  # with which a row of a box begins
RULE = re.compile(r"[─━┏┓┡┩┗┛└┘┬┴┳┻╇┼├┤]+")
NUMBER = re.compile(r"(?:[-+]?[\d.,]+(?:e[-+]?\d+)?)?")


def as_markdown(printed: str) -> str:
    """Return the text with each of rich's tables as one of Markdown; a line above it is its title.

    Columns of numbers are set to the right. JSON, which a benchmark prints for programs, is left out.
    """
    blocks: list[str] = []
    rows: list[list[str]] = []
    for line in map(str.strip, [*printed.splitlines(), ""]):
        if line.startswith(SIDES):
            if not rows and blocks and not blocks[-1].startswith("|"):
                blocks[-1] = f"**{blocks[-1]}**"
            rows.append([cell.strip() for cell in re.split("[┃│]", line)[1:-1]])
        elif not RULE.fullmatch(line):
            if rows:
                blocks.append(_table(rows))
                rows = []
            if line and not line.startswith("{"):
                blocks.append(line)
    return "\n\n".join(blocks)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    right = [all(NUMBER.fullmatch(cell) for cell in column) for column in zip(*body)]
    lines = [head, ["---:" if one else "---" for one in right], *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

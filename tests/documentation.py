"""Find the commands that the documentation holds, page by page.

A command is a line of a shell block, or a code span that begins with a tool's name and a space.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import NamedTuple

import click

from autograder.cli import main
from autograder.parts import ROOT

PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
TOOLS = (
    "autograder|cd|dask|docker|git|make|mypy|nbgrader|otter|pip|pre-commit|pytest|python|zensical"
)
STARTS = re.compile(rf"(?:[A-Z_]+=\S+ )?(?:{TOOLS}) \S")
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```", re.M | re.S
)
SPAN = re.compile(r"`([^`]+)`")


class Command(NamedTuple):
    """A command as it stands in a page; `whole` if a reader may type it as it is."""

    page: str
    line: int
    text: str
    whole: bool

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text}"


def commands(page: str, text: str) -> list[Command]:
    """Return a page's commands in their order: shell blocks' lines, spans that begin with a tool."""
    found = []
    for block in FENCE.finditer(text):
        first = text.count("\n", 0, block.start("text")) + 1
        for number, line in enumerate(block["text"].splitlines(), first):
            line = re.sub(r"(^|\s)#.*", "", line.removeprefix(block["indent"])).strip()
            if block["kind"] == "console":
                line = line[2:] if line.startswith("$ ") else ""
            elif block["kind"] not in ("sh", "bash", "shell") and not (
                block["kind"] == "" and STARTS.match(line)
            ):
                continue
            found += [Command(page, number, one, True) for one in split(line)]
    prose = FENCE.sub(
        lambda block: re.sub("```" if not block["kind"] else ".", " ", block[0]), text
    )
    for span in SPAN.finditer(prose):
        words = " ".join(span[1].split())
        if STARTS.match(words):
            number = prose.count("\n", 0, span.start()) + 1
            found += [Command(page, number, one, False) for one in split(words)]
    return sorted(found, key=lambda command: command.line)


def split(line: str) -> list[str]:
    """Return the commands of a line: what stands between &&."""
    return [one.strip() for one in line.split("&&") if one.strip()]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


DOCUMENTED = [one for path in PAGES for one in commands(name(path), path.read_text())]


def is_a_name(command: Command) -> bool:
    """Tell whether it only names a command, as in "`autograder rescore` judges it again"."""
    return not command.whole and command.text in names_that_want_more()


@functools.cache
def names_that_want_more() -> dict[str, click.Command]:
    """Return the autograder's groups and the commands that cannot be given without an argument."""
    found = {}

    def walk(group: click.Group, words: str) -> None:
        for word, one in group.commands.items():
            if isinstance(one, click.Group):
                walk(one, f"{words} {word}")
            if isinstance(one, click.Group) or any(p.required for p in one.params):
                found[f"{words} {word}"] = one

    walk(main.main, "autograder")
    return found

"""Compare errors by what stays the same between versions: kind, shapes and names, not the words.

PyTorch words its errors anew from release to release, but an error of a matrix product goes on to be a
RuntimeError that gives the sizes of both matrices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUOTED = re.compile(r"""(['"`])(.+?)\1""")
TOKEN = re.compile(r"[^\s'\"]+")
FOLDERS = 2  # of a file's path that are kept: those further up differ from machine to machine
CALLED = re.compile(r"(?<![\w.])[\w.]+\(\)")  # whose error it is: "Adam.__init__()"
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?|(?<=\dx)\d+")
WORD = re.compile(r"[a-z_]+")
# The share of words that two wordings of one error have in common. Where an error gives neither numbers
# nor names, its words are all there is.
SAME_WORDS, ONLY_WORDS = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class ErrorFacts:
    """What an error says: its status and class, the numbers and the names in it, its words."""

    kind: str
    numbers: tuple[str, ...]
    names: frozenset[str]
    words: frozenset[str]


def facts(line: str) -> ErrorFacts:
    """Read "error: RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x4 and 96x1024)"."""
    status, _, rest = line.partition(": ")
    kind, separator, text = rest.partition(": ")
    if not separator or " " in kind:  # an exception without a text, or a sentence
        kind, text = (rest, "") if " " not in rest else ("", rest)
    text = TOKEN.sub(lambda token: "/".join(token[0].split("/")[-1 - FOLDERS :]), text)
    quoted = (match[2] for match in QUOTED.finditer(text))
    names = frozenset((*quoted, *CALLED.findall(text)))
    plain = QUOTED.sub(" ", text)
    return ErrorFacts(
        kind=f"{status}: {kind}",
        numbers=tuple(NUMBER.findall(plain)),
        names=names,
        words=frozenset(WORD.findall(plain.lower())),
    )


def same(line: str, other: str) -> bool:
    """Return whether two first lines, with their status in front, tell of the same error.

    What the grader words itself, a "slip", must be the same text.
    """
    if line == other or not line.startswith("error: "):
        return line == other
    one, two = facts(line), facts(other)
    if (one.kind, one.numbers, one.names) != (two.kind, two.numbers, two.names):
        return False
    both = one.words | two.words
    shared = len(one.words & two.words) / len(both) if both else 1.0
    return shared >= (SAME_WORDS if one.numbers or one.names else ONLY_WORDS)

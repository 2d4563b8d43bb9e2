"""What a file's name says: which part it is meant for, and how close it is to the name asked for.

Browsers, Colab, platforms and people change names: `gan_pytorch (1).py`, `Copy of gan_pytorch.ipynb`,
`hw4_gan_pytorch.py`, `20260301_GAN-PyTorch_v2.py`. So names are compared without case and marks.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.parts import Part, known

MARKS = re.compile(r"[^a-z0-9]+")
OTHER = 4  # the distance of a name that says nothing about the part
NUMBER = re.compile(r"[0-9]{1,9}")
# In the name of a file, or of a folder above it, these words say that another one is newer.
ASIDE = frozenset(
    "old older backup bak checkpoint starter stub template original released handout archive"
    " attempt draft unfinished".split()
)


def plain(text: str) -> str:
    """Return a name in lower case, with one _ for each run of other characters."""
    return MARKS.sub("_", text.casefold()).strip("_")


def meant_for(stem: str) -> Part | None:
    """Return the part whose name a file's name holds, the longest if several; None if it holds none."""
    name = plain(stem)
    fitting = [part for part in known() if not part.file and plain(part.name) in name]
    return max(fitting, key=lambda part: len(part.name), default=None)


def distance(stem: str, part: Part) -> int:
    """Return how far a file's name is from the part's: 0 is the same name."""
    name, wanted = plain(stem), plain(part.stem)
    if stem == part.stem:
        return 0
    if name == wanted:
        return 1
    if (meant := meant_for(stem)) is not None and meant.stem != part.stem:
        return OTHER
    return 2 if name.startswith(wanted) else 3 if wanted in name else OTHER


def is_of_another(stem: str, part: Part) -> bool:
    """Return whether a file, named without its suffix, is meant for another part."""
    meant = meant_for(stem)
    return meant is not None and meant.stem != part.stem


def gives(stem: str) -> Part | None:
    """Return the part that gives students a module of that name, or of a copy's; None if none does."""
    name = plain(stem)
    for part in known():
        for module in map(plain, part.modules):
            if name == module or re.fullmatch(rf"{module}_[0-9]{{1,9}}", name):
                return part
    return None


def order(name: str, part: Part) -> tuple[bool, int, bool, int, int, str]:
    """Return a sort key for files that hold the same: the one to take by its name comes first.

    A name that says "old" comes last, the part's own name before similar ones, a .py before a notebook,
    an outer folder before an inner one, and a higher number (`_v2`, `(2)`) before a lower one.
    """
    path = PurePosixPath(name)
    words = {word for one in path.with_suffix("").parts for word in plain(one).split("_")}
    number = sum(map(int, NUMBER.findall(path.stem)[-1:]))
    return (
        bool(words & ASIDE),
        distance(path.stem, part),
        path.suffix.lower() != ".py",
        len(path.parts),
        -number,
        name,
    )

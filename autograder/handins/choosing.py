"""Decide which file of a hand-in is a part's: the one that defines the part's functions.

Names do not decide, because browsers, platforms and people change them, and because the untouched stub
has the right name. What a file defines decides:

1. Of the files that write functions of the part, the one that writes the most; a file that takes them
   from others of the hand-in writes these, too. Then the one that writes the most itself; then names.
2. If there is none, the released stub, or a file of the part's name: it is graded, and earns nothing.

A file belongs to the part that its name says, if it defines any function of that part, and to each part
of which it defines several functions that are no other part's. Each file is read once for all parts.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.handins.names import OTHER, distance, gives, is_of_another, meant_for, order
from autograder.handins.writes import (
    ANY,
    Writes,
    as_written,
    code_of,
    function_of,
    modules_in,
    pieces,
    writes_in,
)
from autograder.parts import EXTRAS, PARTS, Part

FEWEST = 2  # functions of a part that a file of another name defines; others have a `train`, too
INDIRECT = re.compile(r"\b(?:exec|eval|globals|locals|vars|setattr|__import__)\b|import[ ]\*|%run")
DEEPEST = 5  # modules that take functions from modules that take them ...


def owner(part: Part) -> Part:
    """Return the part whose functions a part's file defines: itself, or the one that it trains."""
    return next((one for one in PARTS if one.name == part.stem), part)


@dataclass(slots=True)
class Facts:
    """What the source files of one hand-in define; read once, for all parts.

    Attributes:
        sources: the files.
        code: the text of each, or of a notebook's code cells; None for a damaged notebook.
        writes: what each does for the functions of all parts.
        totals: which functions each writes, or takes from others of the hand-in.
        belongs: for each, the names of the parts whose file it may be, and whether that is sure.
        handed_out: the functions of all parts' stubs, as `writes.as_written` returns them.
    """

    sources: Mapping[str, bytes]
    code: dict[str, str | None] = field(default_factory=dict)
    writes: dict[str, Writes] = field(default_factory=dict)
    totals: dict[str, set[str]] = field(default_factory=dict)
    belongs: dict[str, dict[str, bool]] = field(default_factory=dict)
    handed_out: frozenset[str] = frozenset()
    _functions: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Mapping[str, bytes], *others: Part) -> Facts:
        """Read what some files define for the known parts, and for others."""
        facts = cls(sources)
        for part in (*PARTS, *EXTRAS, *others):
            if not part.file and part.probes.is_file():  # a bundle has only some parts' probes
                facts._functions[part.name] = frozenset(part.functions())
                facts.handed_out |= _handed_out(part)
        wanted = frozenset[str]().union(*facts._functions.values())
        for name, data in sources.items():
            facts.code[name] = code_of(name, data)
            facts.writes[name] = writes_in(facts.code[name] or "", wanted, facts.handed_out)
        facts._add_up()
        for name in sources:
            facts.belongs[name] = facts._parts_of(name)
        return facts

    def know(self, part: Part) -> bool:
        """Return whether the files were read for a part, too."""
        return owner(part).name in self._functions

    def functions(self, part: Part) -> frozenset[str]:
        """Return the functions that a part's file should define."""
        return self._functions.get(owner(part).name, frozenset())

    def own(self, name: str, part: Part) -> frozenset[str]:
        """Return which of a part's functions a file writes itself."""
        return self.functions(part) & self.writes[name].own

    def total(self, name: str, part: Part) -> frozenset[str]:
        """Return which of a part's functions a file writes, or takes from others of the hand-in."""
        return self.functions(part) & self.totals[name]

    def defines_nothing(self, name: str, part: Part) -> bool:
        """Return whether a file neither defines functions of the part nor takes them from elsewhere."""
        writes = self.writes[name]
        taken = (names for module, names in writes.imported.items() if module != part.stem)
        return not (self.functions(part) | {ANY}) & writes.named.union(*taken)

    def _add_up(self) -> None:
        """Find each file's `totals`: what it imports from others, these from others, and so on."""
        modules: dict[str, str] = {}
        for name in sorted(self.sources, key=lambda n: (-len(PurePosixPath(n).parts), n)):
            if name.endswith(".py"):
                modules[PurePosixPath(name).stem] = name  # of several, the outermost
        links: list[tuple[str, str, set[str]]] = []
        for name, writes in self.writes.items():
            self.totals[name] = set(writes.own)
            for module, names in writes.imported.items():
                last = module.rpartition(".")[2]
                if last in modules and modules[last] != name:
                    links.append((name, modules[last], names))
                else:
                    self.totals[name] |= names - {ANY} - self._functions.get(module, frozenset())
        for _ in range(DEEPEST):
            for name, other, names in links:
                there = self.totals[other] - self._functions.get(PurePosixPath(other).stem, set())
                self.totals[name] |= there if ANY in names else there & names

    def _parts_of(self, name: str) -> dict[str, bool]:
        """Return the parts whose file this may be, and whether that is sure.

        One file may hold several parts. Parts have functions of the same name, so a part whose
        functions in this file are all those of another part is not counted.
        """
        here = self.writes[name].named | self.totals[name]
        named = {part: functions & here for part, functions in self._functions.items()}
        meant = meant_for(PurePosixPath(name).stem)
        first = meant.name if meant is not None and named.get(meant.name) else ""
        for extra in EXTRAS:  # in another framework, which tells them apart
            if extra.name != first and named.get(extra.name):
                special = {*extra.imports}.difference(*(other.imports for other in PARTS))
                if not special & modules_in(self.code[name] or ""):
                    named[extra.name] = frozenset()
                elif not first:
                    first = extra.name
        found = {first: True} if first else {}
        for part, functions in named.items():
            own = functions - named[first] if first else functions
            size = len(self._functions[part])
            greater = (
                other
                for other, more in named.items()
                if other != part
                and functions <= more
                and (len(more), -len(self._functions[other])) > (len(functions), -size)
            )
            if part != first and len(own) >= FEWEST and not any(greater):
                found[part] = 2 * len(own) >= size
        return found


def _handed_out(part: Part) -> frozenset[str]:
    """Return the functions that a part's stub defines, as `as_written` returns them."""
    if not part.stub.is_file():
        return frozenset()
    return _functions_of(part.stub, part.stub.stat().st_mtime_ns)


@functools.lru_cache(maxsize=16)
def _functions_of(stub: Path, changed: int) -> frozenset[str]:
    """Return the same; `changed`, the stub's time, keeps the cache up to date."""
    code = stub.read_text(encoding="utf-8")
    return frozenset(as_written(piece) for piece in pieces(code) if function_of(piece))


@dataclass(frozen=True, slots=True)
class Choice:
    """A part's file in a hand-in, and the files that might have been it.

    Attributes:
        main: the file that is graded; None if the hand-in holds none.
        completed: a file of the other kind that writes functions which `main` lacks; "" if none does.
        aside: the other files that were considered, each with the reason why it is not graded.
        sure: whether a name, or half of the functions, says that the hand-in holds the part.
    """

    main: str | None
    completed: str = ""
    aside: tuple[tuple[str, str], ...] = ()
    sure: bool = False


def choose(facts: Facts, part: Part, whole: bool = False) -> Choice:
    """Choose a part's file among the sources of one hand-in.

    Arguments:
        whole: whether nothing else was handed in: then a single file may be the part's, whatever is
            in it, unless it is another part's.
    """
    mine = owner(part).name
    written: dict[str, frozenset[str]] = {}
    sure = False
    for name in facts.sources:
        stem = PurePosixPath(name).stem
        by_name = distance(stem, part) < OTHER and gives(stem) is None
        if mine in facts.belongs[name] or (by_name and not facts.belongs[name]):
            written[name] = facts.total(name, part)
            sure = sure or by_name or facts.belongs[name][mine]
    if not written:
        return Choice(_alone(facts, part, whole))

    def rank(name: str) -> tuple[object, ...]:
        return -len(written[name]), -len(facts.own(name, part)), order(name, part)

    main, *others = sorted(written, key=rank)
    completed = _completing(main, others, written)
    taken = modules_in(facts.code[main] or "")
    aside = [
        (name, _why_not(facts, name, part, written[name], written[main]))
        for name in others
        if name != completed
        and not (name.endswith(".py") and PurePosixPath(name).stem in taken and written[name])
    ]
    return Choice(main, completed, tuple(aside), sure)


def held(facts: Facts) -> list[tuple[str, str]]:
    """Return the files that hold a part, each with the part's name."""
    return [
        (name, part)
        for name in sorted(facts.sources)
        for part, sure in facts.belongs[name].items()
        if sure
    ]


def _alone(facts: Facts, part: Part, whole: bool) -> str | None:
    """Return the only file that writes a function of the part, or may write some.

    A function that other parts have, too, says something only where there is no other file. A text with
    `exec` or `%run` defines functions in a way that cannot be read.
    """
    others = (functions for other, functions in facts._functions.items() if other != part.stem)
    special = facts.functions(part).difference(*others)
    free = [
        name
        for name in facts.sources
        if not facts.belongs[name]
        and not is_of_another(PurePosixPath(name).stem, part)
        and gives(PurePosixPath(name).stem) is None
    ]
    writing = [name for name in free if special & facts.writes[name].named]
    if len(writing) == 1:
        return writing[0]
    if len(facts.sources) != 1 or not free:
        return None
    named = facts.functions(part) & facts.writes[free[0]].named
    return free[0] if whole or named or INDIRECT.search(facts.code[free[0]] or "") else None


def _completing(main: str, others: list[str], written: Mapping[str, frozenset[str]]) -> str:
    """Return the file of the other kind that adds the most functions to the main one."""
    kind = PurePosixPath(main).suffix.lower()
    adding = [
        name
        for name in others
        if PurePosixPath(name).suffix.lower() != kind and written[name] - written[main]
    ]
    return max(adding, key=lambda name: len(written[name] - written[main]), default="")


def _why_not(
    facts: Facts, name: str, part: Part, written: frozenset[str], best: frozenset[str]
) -> str:
    """Say why a file was left aside."""
    if facts.code[name] is None:
        return "a damaged notebook"
    if not facts.sources[name].strip():
        return "empty"
    if not written and facts.functions(part) & facts.writes[name].gaps:
        return "its functions are still to be written"
    if not written:
        return "defines none of the functions"
    if len(written) < len(best):
        return f"writes {len(written)} of the functions, not {len(best)}"
    return "writes as many functions"

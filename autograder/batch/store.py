"""A class's results on disk, and which of them are still valid.

    DIR/class.json                    who handed in, as the last run read it
    DIR/results/<student>/            outputs.npz, result.json, feedback.html, and last graded.json
    DIR/results/<student>/attempts/   pages and results of earlier hand-ins
    DIR/no-longer-in-class/           results of students who are not in the class any more
    DIR/parts/<part>/                 all of this for one part, if there are several
    DIR/into-<form>.csv               the platform's own table, into a copy of which points are filled

Each file is written whole or not at all. A student's ``graded.json`` comes last: it holds hashes of
what the result was made from. If a run stops for any reason, the next one finds what is missing.
"""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from autograder import outputs
from autograder.batch import digests
from autograder.errors import AnswersError, AutograderError
from autograder.files import write_bytes
from autograder.handins.layouts.entry import Person
from autograder.handins.tables import read_table
from autograder.outputs import Outputs
from autograder.reports import filled
from autograder.results import Result

RESULTS = "results"
CLASS = "class.json"
MARK = "graded.json"
LOCK = ".lock"
GONE = "no-longer-in-class"
PARTS = "parts"
INTO = "into-{}.csv"  # the platform's own table, into a copy of which points are filled

# What a result was made from ("run", "judged", "outputs", "result", "fragments"), and of which hand-in
# it is ("handed", "attempt", "about").
Mark = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One hand-in of a class, as class.json keeps it."""

    key: str
    people: tuple[Person, ...]
    submitted: str = ""
    late: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """What class.json holds: who handed in, and by which rules.

    Attributes:
        part: its name.
        layout, rule, assignment: as `Roster` has them.
        forms: gradebooks to write besides gradebook.csv.
        deadline: as ISO text, or empty.
        column: of the platform's own table, if points are filled into that and it is named.
        parts: if there are several; then each one's results are in a folder of its own.
    """

    part: str
    layout: str
    rule: str
    assignment: str = ""
    forms: tuple[str, ...] = ()
    deadline: str = ""
    column: str = ""
    parts: tuple[str, ...] = ()
    entries: tuple[HandedIn, ...] = field(default_factory=tuple)

    def dumps(self) -> bytes:
        """Return the JSON text."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        return text.encode(errors="backslashreplace")  # surrogates, as JSON escapes them

    @classmethod
    def loads(cls, data: bytes) -> ClassRecord:
        """Read what `dumps` wrote; raise ValueError, KeyError or TypeError if it is something else."""
        about = json.loads(data)
        entries = tuple(
            HandedIn(**{**entry, "people": tuple(Person(**p) for p in entry["people"])})
            for entry in about.pop("entries")
        )
        lists = {name: tuple(about.get(name, ())) for name in ("forms", "parts")}
        return cls(**{**about, **lists}, entries=entries)


class Store:
    """A class's output folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_class(self) -> bool:
        """Whether a class was graded into this folder."""
        return (self.folder / CLASS).is_file()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let one run at a time write; the lock ends with the process.

        Raises AutograderError if another run has the lock, or the disk is full or not writable.
        """
        lock = FileLock(self.folder / LOCK)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise AutograderError(
                f"{self.folder}: another run is writing to it; wait for it"
            ) from None
        except OSError as problem:
            raise AutograderError(
                f"{self.folder}: cannot be written: {problem.strerror}"
            ) from problem
        try:
            self._remove_half_written()
            yield
        except OSError as problem:
            if problem.errno in (errno.ENOSPC, errno.EDQUOT):
                raise AutograderError(
                    f"{self.folder}: the disk is full; what was graded is kept: make room and run "
                    "the same command again"
                ) from problem
            raise
        finally:
            lock.release()

    # --- one student --------------------------------------------------------------------------

    def of(self, key: str) -> Path:
        """Return a student's folder."""
        return self.folder / RESULTS / key

    def holds(self, key: str, mark: Mark) -> str:
        """Return what is still valid of an earlier run: "result", "outputs" alone, or "" for none."""
        folder = self.of(key)
        try:
            stored = _read_mark(folder)
            same_run = stored["run"] == mark["run"]
            if not same_run or stored["outputs"] != digests.of_file(folder / "outputs.npz"):
                return ""
            whole = (folder / "feedback.html").is_file()
            same = stored["result"] == digests.of_file(folder / "result.json")
            same &= all(stored.get(n) == mark[n] for n in ("fragments", "about"))  # new since
            if not (same and whole and stored["judged"] == mark["judged"]):
                return "outputs"
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return "result" if self.result(key)[0] is not None else "outputs"

    def outputs(self, key: str) -> Outputs:
        """Return a student's stored outputs; raise AnswersError if they cannot be read."""
        return outputs.load(self.of(key) / "outputs.npz")

    def result(self, key: str) -> tuple[Result | None, dict[str, Any]]:
        """Return a student's result and its mark; None if there is no complete one."""
        folder = self.of(key)
        try:
            mark = _read_mark(folder)
            return Result.from_json((folder / "result.json").read_bytes()), mark
        except (OSError, ValueError, AnswersError):
            return None, {}

    def write_outputs(self, key: str, data: bytes) -> str:
        """Write the bytes of an outputs.npz; return their hash, for the mark."""
        write_bytes(self.of(key) / "outputs.npz", data)
        return digests.of_bytes(data)

    def write_result(self, key: str, result: Result, page: str, mark: Mark) -> None:
        """Write a student's result and page, and last the mark that makes them count."""
        folder, text = self.of(key), result.to_bytes()
        write_bytes(folder / "result.json", text)
        write_bytes(folder / "feedback.html", page.encode(errors="replace"))
        whole = {**mark, "result": digests.of_bytes(text)}
        write_bytes(folder / MARK, json.dumps(whole, indent=1, sort_keys=True).encode())

    def forget(self, key: str) -> None:
        """Make a student's stored result invalid: it belongs to an earlier hand-in."""
        (self.of(key) / MARK).unlink(missing_ok=True)

    def finished(self) -> list[str]:
        """Return the keys of all students who have a complete result."""
        return [folder.name for folder in _finished(self.folder / RESULTS)]

    # --- the class ----------------------------------------------------------------------------

    def read_class(self) -> ClassRecord:
        """Return what class.json holds; raise AnswersError if it cannot be read."""
        try:
            return ClassRecord.loads((self.folder / CLASS).read_bytes())
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise AnswersError(
                f"{self.folder}: not a folder of a graded class ({problem})"
            ) from problem

    def write_class(self, about: ClassRecord) -> None:
        """Write class.json."""
        write_bytes(self.folder / CLASS, about.dumps())

    def keep_table(self, forms: Collection[str], into: Path | None) -> None:
        """Keep a copy of the platform's own table, for this run and later ones."""
        if into is not None:
            form = next(form for form in forms if form in filled.FORMS)
            write_bytes(self.folder / INTO.format(form), read_table(into).dumps())

    def parts(self) -> list[Store]:
        """Return the folders of the parts, if there are several, else this one alone."""
        names = self.read_class().parts
        return [self.part(name) for name in names] or [self]

    def part(self, name: str) -> Store:
        """Return the folder of one of several parts."""
        return Store(self.folder / PARTS / name)

    def require_same(self, part: str, keys: Collection[str]) -> None:
        """Raise AutograderError if the folder holds the results of another part or class.

        Arguments:
            keys: of the students who are to be graded.
        """
        try:
            before = self.read_class()
        except AnswersError:
            return
        what_to_do = "choose another --output, or delete that folder first"
        known = ", ".join(before.parts or (before.part,))
        if known != part:
            raise AutograderError(
                f"{self.folder}: holds the results of {known}, and not of {part}; {what_to_do}"
            )
        earlier = [entry.key for entry in before.entries]
        if earlier and keys and not {*earlier} & {*keys}:
            some = ", ".join(earlier[:3]) + (", ..." if len(earlier) > 3 else "")
            raise AutograderError(
                f"{self.folder}: holds the results of other students ({some}); {what_to_do}"
            )

    def earlier_forms(self) -> list[str]:
        """Return the gradebooks of earlier runs, which must be kept up to date."""
        try:
            return list(self.read_class().forms)
        except AnswersError:
            return []

    def set_aside(self, keys: Collection[str]) -> None:
        """Move away the results of students who left the class; move them back if they return."""
        here, gone = self.folder / RESULTS, self.folder / GONE
        for folder in _finished(here):
            if folder.name not in keys:
                gone.mkdir(exist_ok=True)
                if (gone / folder.name).exists():
                    shutil.rmtree(gone / folder.name)
                folder.rename(gone / folder.name)
        for folder in _finished(gone):
            if folder.name in keys and not (here / folder.name).exists():
                here.mkdir(exist_ok=True)
                folder.rename(here / folder.name)

    def _remove_half_written(self) -> None:
        """Remove the partial files of a run that was killed while it wrote."""
        for pattern in (".*.part", f"{RESULTS}/*/.*.part", f"{RESULTS}/*/attempts/*/.*.part"):
            for path in self.folder.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _read_mark(folder: Path) -> dict[str, Any]:
    """Return a student's mark; raise OSError or ValueError if it cannot be read."""
    try:
        mark = json.loads((folder / MARK).read_bytes())
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem
    written = mark.get("fragments", {}) if isinstance(mark, dict) else None
    if not isinstance(written, dict) or not all(map(_is_row_of_numbers, written.values())):
        raise ValueError("not a mark")
    return dict(mark)


def _is_row_of_numbers(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, int) for one in value)


def _finished(folder: Path) -> list[Path]:
    """Return the students' folders that hold a complete result."""
    return [path.parent for path in sorted(folder.glob(f"*/{MARK}"))]

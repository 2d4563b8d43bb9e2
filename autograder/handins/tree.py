"""Read everything in a hand-in that a student may have written: a folder, an archive, files of a class.

The sources, the archives among them (archives in archives, too, one level deep), and the small data
files that the sources mention are read into memory; nothing is unpacked to disk. What is too large or
cannot be read is left out and kept as a problem, which is told where it may be the reason why the work
was not found. Only a hand-in that is too large as a whole is refused.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.errors import SubmissionError
from autograder.handins import members, reading, tars
from autograder.handins.members import Member, Problem, is_archive, unreadable, without_suffix
from autograder.handins.reading import SOURCES, TooMuch, check_counts, check_size
from autograder.handins.writes import code_of
from autograder.handins.zips import Allowance, opened

DATA = (".json", ".csv", ".tsv", ".txt", ".npz", ".npy", ".yaml", ".yml")
ANSWERS = "public_checks.npz"  # released, but no worker holds answers
MAX_DATA = 2 << 20  # bytes of one data file; labels and settings have some kB
MAX_ALL_DATA = 8 << 20
MAX_DATA_FILES = 50
NESTED = 2  # archives in each other: the one that was handed in, and one in it
MAX_ARCHIVES = 100
WORD = re.compile(r"[\w.\-]+")
NOT_IN_WORDS = re.compile(r"[^\w.\-]")


@dataclass(slots=True)
class Tree:
    """What a hand-in holds, by paths from its top.

    Attributes:
        sources: the source files.
        data: the small files of data that a source mentions.
        others: the names of all other files.
        problems: what could not be read, and why.
        notes: lines for the student about data that was left out.
    """

    sources: dict[str, bytes] = field(default_factory=dict)
    data: dict[str, bytes] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def of_folder(top: Path) -> Tree:
    """Read a folder; raise TooMuch, or OSError if the folder itself cannot be read."""
    os.listdir(top)
    gathering = _Gathering(str(top))
    for member in members.of_folder(top, gathering.tree.problems):
        gathering.take(member)
    return gathering.finished()


def of_archive(path: Path) -> Tree:
    """Read a zip or a tar; raise SubmissionError if it cannot be read as a whole."""
    gathering = _Gathering(str(path))
    with path.open("rb") as file:
        gathering.take_archive(file, path.stat().st_size, str(path), PurePosixPath(), 1)
        return gathering.finished()


def of_members(files: Iterable[Member], where: str) -> Tree:
    """Read files that a class's listing names; raise TooMuch.

    Arguments:
        where: the hand-in's name in messages.
    """
    gathering = _Gathering(where)
    for member in files:
        gathering.take(member)
    return gathering.finished()


class _Gathering:
    """A tree that is being read, with what is left of its limits."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.tree = Tree()
        self.total = 0  # bytes of sources
        self.packed = 0  # bytes of archives
        self.archives = 0
        self.lists = Allowance()
        self.data: list[Member] = []
        self.opened = ExitStack()

    def finished(self) -> Tree:
        """Read the data that the sources mention, and return the tree."""
        with self.opened:
            self._take_data()
        return self.tree

    def take(self, member: Member, depth: int = 0) -> None:
        """Read a source file or an archive; remember a data file; list any other."""
        suffix = PurePosixPath(member.name).suffix.lower()
        try:
            if member.read is None:
                self.tree.others.append(member.name)
            elif suffix in SOURCES:
                self._take_source(member, suffix)
            elif is_archive(member.name) and depth < NESTED:
                self._take_inner(member, depth)
            elif is_data(member.name):
                self.data.append(member)
            else:
                self.tree.others.append(member.name)
        except TooMuch:
            raise
        except (OSError, SubmissionError) as problem:
            self.tree.problems.append(problem)

    def take_archive(
        self, file: BinaryIO, size: int, where: str, inside: PurePosixPath, depth: int
    ) -> None:
        """Take everything in an archive; raise SubmissionError if it cannot be read.

        Arguments:
            size: of the archive, in bytes.
            where: its name in messages.
            inside: the folder in the hand-in that its files go to.
            depth: how many archives deep it is; 1 for the one that was handed in.
        """
        kind = "tar" if tars.is_tar(where) else "zip"
        left = self.lists.left
        try:
            if kind == "tar":
                found = list(members.of_tar(file, size, where))
            else:
                archive = self.opened.enter_context(opened(file, where, self.lists))
                found = list(members.of_zip(archive, where))
        except PermissionError:
            raise  # the archive itself may be good
        except (SubmissionError, *tars.TAR_ERRORS) as problem:
            self.lists.left = left  # its list was not read; that of the next one may be
            raise unreadable(where, kind, problem) from problem
        for member in found:
            self.take(Member(str(inside / member.name), member.size, member.read), depth)

    def _take_source(self, member: Member, suffix: str) -> None:
        assert member.read is not None
        limit = reading.MAX_NOTEBOOK if suffix == ".ipynb" else reading.MAX_FILE
        count = len(self.tree.sources) + 1
        check_counts(self.where, count, self.total + (member.size or 0))
        if member.size is not None:
            check_size(f"{self.where}: {member.name}", suffix, member.size)
        data = member.read(limit)
        self.total += len(data)
        check_counts(self.where, count, self.total)
        self.tree.sources[member.name] = data

    def _take_inner(self, member: Member, depth: int) -> None:
        """Read an archive in the hand-in; raise SubmissionError if it is too large or damaged."""
        assert member.read is not None
        where = f"{self.where}: {member.name}"
        self.archives += 1
        if self.archives > MAX_ARCHIVES:
            raise SubmissionError(f"{where}: not read; the hand-in holds too many archives")
        left = reading.MAX_TOTAL - self.packed
        if left <= 0 or (member.size or 0) > left:
            raise SubmissionError(
                f"{where}: not read, because it is too large; pack only the files that you wrote"
            )
        data = member.read(left)
        self.packed += len(data)
        self.take_archive(
            io.BytesIO(data), len(data), where, without_suffix(member.name), depth + 1
        )

    def _take_data(self) -> None:
        """Read the data files that the sources mention, up to the limits."""
        words = data_words(self.tree.sources) if self.data else set()
        total = 0
        for member in self.data:
            if not is_mentioned(member.name, words):
                self.tree.others.append(member.name)
                continue
            left = min(MAX_DATA, MAX_ALL_DATA - total)
            if len(self.tree.data) >= MAX_DATA_FILES or left <= 0 or (member.size or 0) > left:
                self._leave(member, "it is too large, or the data files are too many")
                continue
            assert member.read is not None
            try:
                self.tree.data[member.name] = member.read(left)
                total += len(self.tree.data[member.name])
            except SubmissionError:
                self._leave(member, "it is too large, or damaged")
            except OSError as problem:
                self._leave(member, f"it cannot be read: {problem.strerror}")

    def _leave(self, member: Member, why: str) -> None:
        self.tree.notes.append(f"your code cannot read {member.name[:100]}: {why}")


def is_data(name: str) -> bool:
    """Return whether a file may be data that a student's code reads."""
    path = PurePosixPath(name)
    return path.suffix.lower() in DATA and path.name != ANSWERS


def is_mentioned(name: str, words: Collection[str]) -> bool:
    """Return whether some of the words that `data_words` returned may mean a file."""
    path = PurePosixPath(name.casefold())
    return NOT_IN_WORDS.split(path.name)[-1] in words or path.suffix in words


def data_words(sources: Mapping[str, bytes]) -> set[str]:
    """Return the words of all sources that may be names of data files, or only their suffix.

    A suffix alone is what is left of `f"{name}.csv"` and `"*.csv"`: it stands for all such files.
    """
    found = set()
    for name, data in sources.items():
        for found_word in WORD.findall(code_of(name, data) or ""):
            word = found_word.rstrip(".-").casefold()
            if word.endswith(DATA):
                found.add(word)
    return found

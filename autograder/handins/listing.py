"""List what is in a class's folder or zip: the files, when they were changed, and how to read one.

Nothing is unpacked: only names and times are kept in memory, even for a class of thousands.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.environments import Environments, left_by_a_program, worth_reading
from autograder.handins.reading import MAX_RATIO, MAX_TOTAL, SOURCES, read_regular
from autograder.handins.tars import TARS
from autograder.handins.zips import MAX_CLASS_LIST, ZIP_ERRORS, Allowance, opened, unpack

HANDED_IN = (*SOURCES, ".zip", *TARS)
METADATA = "submission_metadata.yml"  # in a Gradescope export
TIMESTAMP = "timestamp.txt"  # beside each hand-in of an nbgrader course
SUBMITTED = "submitted"  # an nbgrader course's folder of hand-ins
UTC = dt.timezone.utc
LONGEST_NAME = 200  # characters that are shown of an unusable name
LONGEST_TIME = 100  # characters; a platform writes about 30
DEEPEST = 100  # nested folders; file systems and platforms allow more, people need ten
MOST_FILES = 1_000_000  # of a class: more is another folder, perhaps a whole disk
MOST_FILES_OF_ONE = 20_000  # of a student's folder; an environment that was handed in has as many
DEEPEST_STUDENT = 4  # folders above a student's files: a/course/submitted/ana


@dataclass(frozen=True, slots=True)
class Source:
    """A folder or a zip file, and how to read one of its files."""

    path: Path

    def read(self, name: str, most: int = MAX_TOTAL) -> bytes:
        """Return a file's bytes; raise SubmissionError if it is too large or cannot be read."""
        if self.path.is_dir():
            return self._from_folder(name, most)
        return self._from_zip(name, most)

    def _from_zip(self, name: str, most: int) -> bytes:
        try:
            archive = open_class(self.path)
            info = archive.getinfo(name)
            packed = max(info.compress_size, 1024)
            if info.file_size > most or info.file_size > MAX_RATIO * packed:
                raise SubmissionError(f"{name}: far too large")
            return unpack(archive, info)
        except ZIP_ERRORS as problem:
            reason = str(problem)[:100] or type(problem).__name__
            raise SubmissionError(f"{name}: cannot be read ({reason})") from problem

    def _from_folder(self, name: str, most: int) -> bytes:
        path = self.path / name
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                raise SubmissionError(f"{name}: not a regular file")
            if status.st_size > most:
                raise SubmissionError(f"{name}: {status.st_size >> 20} MB is too large")
            return read_regular(path, most)
        except OSError as problem:
            raise SubmissionError(f"{name}: cannot be read ({problem.strerror})") from problem


@dataclass(frozen=True, slots=True)
class Listing:
    """The files in a class's folder or zip, by their names in it.

    Attributes:
        source: the folder or zip.
        times: the files that can be a hand-in or describe one, and when each was last changed.
        others: all other files, and empty folders.
        top: the folder that holds everything else; empty if there is no such folder.
        tails: the path, relative to `top`, of every file in it, also of the others.
    """

    source: Source
    times: Mapping[str, dt.datetime]
    others: tuple[str, ...]
    top: PurePosixPath
    tails: Mapping[str, PurePosixPath]


def list_class(path: Path) -> Listing:
    """List a class's folder or zip; raise SubmissionError if it cannot be read as a whole."""
    times, others = _list_folder(path) if path.is_dir() else _list_zip(path)
    top = PurePosixPath() if path.name == SUBMITTED else _common_folder(times, others)
    paths = {name: PurePosixPath(name) for name in [*times, *others]}
    tails = {
        name: inside.relative_to(top)
        for name, inside in paths.items()
        if inside.is_relative_to(top) and name != str(top)
    }
    return Listing(Source(path), times, tuple(others), top, tails)


def names_at_the_top(listing: Listing) -> set[str]:
    """Return the folders and possible hand-ins at the top, each of which may be one student's.

    Most of these decide the layout, so that one student's files cannot.
    """
    return {
        tail.parts[0]
        for tail in listing.tails.values()
        if len(tail.parts) > 1 or can_be_handed_in(tail.name)
    }


def can_be_handed_in(name: str) -> bool:
    """Return whether a file's name ends as that of a source file or an archive."""
    return name.lower().endswith(HANDED_IN)


def parse_time(text: str) -> dt.datetime | None:
    """Read a time as Gradescope and nbgrader write it, in UTC if it names no zone.

    Returns None if the text is not a time.
    """
    text = text.strip().strip("'\"")
    if len(text) > LONGEST_TIME:
        return None
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    text = re.sub(r"\s*(Z|UTC)$", "+00:00", text)
    text = re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", text)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def open_class(path: Path) -> zipfile.ZipFile:
    """Open a class's zip, or return the one that is open: reading its list takes long.

    Raises SubmissionError if the list is too long, else one of ZIP_ERRORS.
    """
    status = path.stat()
    return _opened(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=1)
def _opened(path: Path, changed: int, size: int) -> zipfile.ZipFile:
    with opened(path, str(path), Allowance(MAX_CLASS_LIST)):
        pass  # its list is not too long
    return zipfile.ZipFile(path)  # closes itself when another class takes its place


def _list_zip(path: Path) -> tuple[dict[str, dt.datetime], list[str]]:
    """Return `times` and `others` of a Listing."""
    if not path.exists():
        raise SubmissionError(f"{path}: no such file or folder")
    if path.suffix.lower() != ".zip":
        raise SubmissionError(f"{path}: expected a folder or a .zip with a class's submissions")
    if not path.is_file():
        raise SubmissionError(f"{path}: neither a file nor a folder")
    try:
        infos = open_class(path).infolist()
    except ZIP_ERRORS as problem:
        raise SubmissionError(f"{path}: not a readable zip file ({problem})") from problem
    times, others = {}, []
    environments = Environments(info.filename for info in infos)
    for info in infos:
        name = PurePosixPath(info.filename)
        if info.is_dir() or left_by_a_program(*name.parts):
            continue
        if len(name.parts) <= DEEPEST and environments.hold(name):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            others.append(f"{info.filename} (a link)")
            continue
        if name.is_absolute() or ".." in name.parts or len(name.parts) > DEEPEST:
            others.append(
                f"{info.filename[:LONGEST_NAME]} (a path outside of the zip, or too deep)"
            )
            continue
        if not _of_interest(name):
            others.append(info.filename)
            continue
        times[info.filename] = _zip_time(info)
    return times, others


def _list_folder(top: Path) -> tuple[dict[str, dt.datetime], list[str]]:
    """Return `times` and `others` of a Listing."""

    times: dict[str, dt.datetime] = {}
    others: list[str] = []
    count: Counter[tuple[str, ...]] = Counter()
    total = 0

    def refuse(problem: OSError) -> None:  # else a student would be missing without notice
        inside = Path(problem.filename).relative_to(top)
        if len(inside.parts) < 2:
            raise SubmissionError(f"{problem.filename}: cannot be read ({problem.strerror})")
        where = inside.as_posix()[:LONGEST_NAME]  # a student's own folder: it affects only them
        others.append(f"{where}/(cannot be read: {problem.strerror})")

    for folder, folders, names in os.walk(top, onerror=refuse, followlinks=False):
        if (total := total + len(names)) > MOST_FILES:
            raise SubmissionError(f"{top}: more than {MOST_FILES:,} files; is it the right folder?")
        place = Path(folder).relative_to(top).parts[:DEEPEST_STUDENT]
        before, count[place] = count[place], count[place] + len(names)
        if place and count[place] > MOST_FILES_OF_ONE:
            if before <= MOST_FILES_OF_ONE:
                where = "/".join(place)[:LONGEST_NAME]
                others.append(f"{where}/(too many files; the rest is not read)")
            folders.clear()
            continue
        # A class's own folder may hold a student who is called Lib.
        folders[:] = worth_reading(folders, names if place else ())
        links = [
            f for f in folders if os.path.islink(os.path.join(folder, f))
        ]  # os.walk does not follow them
        others += [f"{Path(folder, f).relative_to(top).as_posix()} (a link)" for f in links]
        if not folders and not names and Path(folder) != top:
            others.append(f"{Path(folder).relative_to(top).as_posix()}/(empty)")
        for name in sorted(names):
            path = Path(folder, name)
            inside = path.relative_to(top).as_posix()
            try:
                status = path.lstat()
            except FileNotFoundError:
                continue  # deleted since its folder was listed
            except OSError as problem:
                refuse(problem)
                continue
            if stat.S_ISREG(status.st_mode) and _of_interest(PurePosixPath(name)):
                times[inside] = dt.datetime.fromtimestamp(int(status.st_mtime), UTC)
            elif not left_by_a_program(name):
                others.append(inside if stat.S_ISREG(status.st_mode) else f"{inside} (a link)")
    return times, others


def _of_interest(name: PurePosixPath) -> bool:
    return can_be_handed_in(name.name) or name.name in (METADATA, TIMESTAMP)


def _zip_time(info: zipfile.ZipInfo) -> dt.datetime:
    try:
        return dt.datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return dt.datetime(1980, 1, 1, tzinfo=UTC)


def _common_folder(names: Iterable[str], others: Iterable[str]) -> PurePosixPath:
    """Return the innermost folder that holds everything, unless it is a hand-in itself.

    A folder with files of other kinds alone may be a student's, too; such a file outside of all folders
    is not.
    """
    tops = [PurePosixPath(name).parts for name in names]
    rest = [PurePosixPath(name).parts for name in others]
    depth = 0
    while tops and all(len(parts) > depth + 2 for parts in tops):
        first = {parts[depth] for parts in tops}
        first |= {parts[depth] for parts in rest if len(parts) > depth + 1}
        if len(first) > 1:
            break
        depth += 1
        if first == {SUBMITTED}:
            break
    return PurePosixPath(*tops[0][:depth]) if tops else PurePosixPath()

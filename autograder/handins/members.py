"""The files in a folder, a zip or a tar, one by one: their paths, their sizes, and how to read each.

What programs left (environments, caches) is skipped before anything is counted. Links are not followed.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from autograder.errors import SubmissionError
from autograder.handins import reading, tars
from autograder.handins.environments import Environments, left_by_a_program, worth_reading
from autograder.handins.reading import MAX_RATIO, SOURCES, in_utf_8
from autograder.handins.zips import ZIP_ERRORS, unpack

DEEPEST = 100  # nested folders
Problem = OSError | SubmissionError


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a hand-in: its path from the top, its size if it is known, and how to read it.

    `read` gets the largest size that is wanted; it raises OSError or SubmissionError. A member without
    it is named only: a link, a pipe.
    """

    name: str
    size: int | None
    read: Callable[[int], bytes] | None


def is_archive(name: str) -> bool:
    """Return whether a file's name ends as that of a zip or a tar."""
    return name.lower().endswith(".zip") or tars.is_tar(name)


def without_suffix(name: str) -> PurePosixPath:
    """Return an archive's path without its suffix, `.tar.gz` being one."""
    path = PurePosixPath(name)
    ending = next((one for one in tars.TARS if name.lower().endswith(one)), path.suffix)
    return path.with_name(path.name[: -len(ending)] or path.name)


def of_folder(top: Path, problems: list[Problem]) -> Iterator[Member]:
    """Yield the files in a folder and below it; what cannot be read is added to `problems`."""
    for folder, folders, names in os.walk(top, onerror=problems.append, followlinks=False):
        linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        folders[:] = worth_reading(folders, names)
        for name in sorted([*names, *linked]):
            if left_by_a_program(name):
                continue
            path = Path(folder, name)
            inside = in_utf_8(path.relative_to(top).as_posix())
            try:
                status = path.lstat()
            except OSError as problem:
                problems.append(problem)
                continue
            if stat.S_ISREG(status.st_mode):
                yield Member(inside, status.st_size, _reader(path))
            else:
                yield Member(f"{inside} (not a regular file)", None, None)


def of_zip(archive: zipfile.ZipFile, where: str) -> Iterator[Member]:
    """Yield a zip's files; raise SubmissionError for a path that leads out of it.

    Arguments:
        where: the zip's name in messages.
    """
    infos = [info for info in archive.infolist() if not info.is_dir()]
    names = [info.filename.replace("\\", "/") for info in infos]
    environments = Environments(names)
    for info, name in zip(infos, names, strict=True):
        if (path := _checked(name, where, environments)) is None:
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            yield Member(f"{path} (a link)", None, None)
        else:
            yield Member(path, info.file_size, _unpacker(archive, info, where, path))


def of_tar(file: BinaryIO, size: int, where: str) -> Iterator[Member]:
    """Yield a tar's files, as `of_zip` does; raise SubmissionError or one of TAR_ERRORS."""
    found = list(tars.members(file, size, where))
    environments = Environments(info.name for info, _ in found)
    for info, content in found:
        if (path := _checked(info.name, where, environments)) is None:
            continue
        if content is None:
            yield Member(f"{path} (a link)", None, None)
        else:
            yield Member(path, info.size, _tar_reader(content, where))


def unreadable(where: str, kind: str, problem: BaseException) -> SubmissionError:
    """Return the error for an archive that cannot be read."""
    if isinstance(problem, SubmissionError):
        return problem
    reason = str(problem)[:100] or type(problem).__name__
    return SubmissionError(
        f"{where}: not a readable {kind} file ({reason}); pack it again, or hand in the file itself"
    )


def _checked(name: str, where: str, environments: Environments) -> str | None:
    """Return the path of an archive's file, in UTF-8; None for one that is left out."""
    path = PurePosixPath(in_utf_8(name))
    if not path.name or len(path.parts) > DEEPEST:
        return None
    if left_by_a_program(*(part for part in path.parts if part != "..")) or environments.hold(path):
        return None
    if path.is_absolute() or PureWindowsPath(name).drive or ".." in path.parts:
        if path.suffix.lower() not in SOURCES and not is_archive(path.name):
            return None
        raise SubmissionError(f"{where}: holds a path outside of itself: {str(path)!r}")
    return str(path)


def _reader(path: Path) -> Callable[[int], bytes]:
    return lambda most: reading.read_regular(path, most)


def _unpacker(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, path: str
) -> Callable[[int], bytes]:
    """Return what reads one of a zip's files, with a limit that is checked before anything is read."""

    def read(most: int) -> bytes:
        if info.flag_bits & 1:
            raise SubmissionError(f"{where}: encrypted; pack it without a password")
        if info.file_size > MAX_RATIO * max(info.compress_size, 1024):
            raise SubmissionError(f"{where}: {path!r} is far larger unpacked than packed")
        if info.file_size > most:
            raise SubmissionError(f"{where}: {path}: more than {most >> 20} MB")
        try:
            return unpack(archive, info)
        except PermissionError:
            raise  # the zip itself may be good
        except ZIP_ERRORS as problem:
            raise unreadable(where, "zip", problem) from problem

    return read


def _tar_reader(content: BinaryIO, where: str) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        try:
            data = content.read(most + 1)
        except tars.TAR_ERRORS as problem:
            raise unreadable(where, "tar", problem) from problem
        if len(data) > most:
            raise SubmissionError(f"{where}: holds a file of more than {most >> 20} MB")
        return data

    return read

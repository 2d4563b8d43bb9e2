r"""Leave out of a class's listing what is not handed in, and read its names as Windows may write them.

Some programs pack `submissions\Ada\gan_pytorch.py` into a zip, with backslashes, which are part of a
file's name everywhere but on Windows. And `autograder grade-class . --output results` writes into the
folder that it reads: its own results are nobody's hand-in, and neither are those of an earlier run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.environments import IGNORED
from autograder.handins.layouts.entry import may_be_work
from autograder.handins.listing import DEEPEST, SUBMITTED, Listing

RESULTS = frozenset(
    ("class.json", "gradebook.csv", "index.html")
)  # at the top of a class's results


def cleaned(listing: Listing, output: Path | None = None) -> tuple[Listing, list[str]]:
    """Return a listing of what was handed in, and what was left out of it, for staff.

    Arguments:
        output: the folder for results of this run.

    Raises SubmissionError if what is graded are results themselves, or the results' own folder.
    """
    paths = {name: PurePosixPath(name) for name in [*listing.times, *listing.others]}
    if not listing.source.path.is_dir():
        paths = {name: PurePosixPath(name.replace("\\", "/")) for name in paths}
    changed = any("\\" in name for name in paths) and not listing.source.path.is_dir()
    own = _output_inside(listing.source.path, output)
    earlier = _earlier_results(paths)
    if PurePosixPath() in earlier:
        raise SubmissionError(
            f"{listing.source.path}: holds the results of a class, and no submissions; give the folder "
            "of the submissions"
        )
    left = {*earlier, *([own] if own else [])}
    kept = {
        name: path
        for name, path in paths.items()
        if not any(path.is_relative_to(folder) for folder in left) and not _unusable(path)
    }
    told = [f"{folder}/ (results of an earlier run)" for folder in sorted(earlier - {own})]
    told += [f"{name} (a path outside of the zip)" for name in paths if ".." in paths[name].parts]
    if len(kept) == len(paths) and not changed:
        return listing, told
    return _relisted(listing, kept), told


def _output_inside(source: Path, output: Path | None) -> PurePosixPath | None:
    """Return where in the class's folder this run writes; raise SubmissionError if it is all of it."""
    if output is None or not source.is_dir():
        return None
    here, there = source.resolve(), output.resolve()
    if here == there or (there / "results") in (here, *here.parents):
        raise SubmissionError(
            f"{output}: the submissions are in it; give another folder for the results, as in "
            "--output results"
        )
    return PurePosixPath(there.relative_to(here).as_posix()) if there.is_relative_to(here) else None


def _earlier_results(paths: Mapping[str, PurePosixPath]) -> set[PurePosixPath]:
    """Return the folders at the top, or the top itself, that hold a class's results and no program."""
    seen: dict[PurePosixPath, set[str]] = {}
    busy: set[PurePosixPath] = set()
    for path in paths.values():
        for folder in (PurePosixPath(), PurePosixPath(*path.parts[: len(path.parts) > 1])):
            if path.parent == folder and path.name in RESULTS:
                seen.setdefault(folder, set()).add(path.name)
            if may_be_work(path):
                busy.add(folder)
    return {folder for folder, names in seen.items() if names >= RESULTS} - busy


def _unusable(path: PurePosixPath) -> bool:
    """Return whether a path, with its backslashes read as slashes, must not be used."""
    left = any(part in IGNORED or part.startswith("._") for part in path.parts)
    return left or path.is_absolute() or ".." in path.parts or len(path.parts) > DEEPEST


def _relisted(listing: Listing, kept: Mapping[str, PurePosixPath]) -> Listing:
    """Return a listing of some of the files, with the innermost folder that holds all of these."""
    times = {name: listing.times[name] for name in kept if name in listing.times}
    others = tuple(name for name in listing.others if name in kept)
    works = [path.parts for name, path in kept.items() if name in times]
    depth = 0
    while works and all(len(parts) > depth + 2 for parts in works):
        tops = {path.parts[depth] for path in kept.values() if len(path.parts) > depth + 1}
        if len(tops) > 1 or listing.source.path.name == SUBMITTED:
            break
        depth += 1
        if tops == {SUBMITTED}:
            break
    top = PurePosixPath(*works[0][:depth]) if works else PurePosixPath()
    tails = {
        name: path.relative_to(top)
        for name, path in kept.items()
        if path.is_relative_to(top) and path != top
    }
    return replace(listing, times=times, others=others, top=top, tails=tails)

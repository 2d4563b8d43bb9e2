"""Which parts of the homework a path holds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.handins.reading import SOURCES, in_utf_8
from autograder.handins.submission import Submission, find, is_of_another
from autograder.parts import Part, named_after

PartHandedIn = tuple[Part, Submission | str]  # a string is the reason why there is none


def parts_in(
    path: Path, chosen: Sequence[Part], all_of_them: bool
) -> list[tuple[Part, Submission]]:
    """Return the submission for each part that a path holds; raise SubmissionError if it holds none.

    Arguments:
        chosen: the parts to look for.
        all_of_them: require every one; if False, a single file is the part that it is named after.
    """
    if path.suffix.lower() in SOURCES and not all_of_them and os.path.isfile(path):
        chosen = named_after(path.stem) or list(chosen)[:1]
    submissions, problems = [], []
    for part in chosen:
        try:
            submissions.append((part, find(path, part)))
        except SubmissionError as problem:
            problems.append(problem)
    if problems and (all_of_them or not submissions):
        raise problems[0]
    return submissions


def each_or_reason(folder: Path, chosen: Sequence[Part]) -> list[PartHandedIn]:
    """Return for each part its submission in a folder, or why there is none.

    A single file in the folder may have any name. The folder itself may be a link, because the host
    made it; the files in it may not, because the student did.
    """
    return [(part, _find_or_reason(folder, part)) for part in chosen]


def _find_or_reason(folder: Path, part: Part) -> Submission | str:
    try:
        place = folder.resolve()
        if not place.is_dir():
            return "nothing was handed in"
        files = [path for path in sorted(place.iterdir()) if not path.name.startswith(".")]
        alone = len(files) == 1 and not is_of_another(files[0].stem, part)
        return replace(find(files[0] if alone else place, part), label=in_utf_8(folder.name))
    except SubmissionError as problem:
        return str(problem).replace(f"{place}/", "").replace(str(place), "what was handed in")
    except (OSError, RuntimeError, ValueError) as problem:  # a loop of links; a path with a NUL
        return f"what was handed in: cannot be read: {getattr(problem, 'strerror', problem)}"

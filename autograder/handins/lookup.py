"""Which parts of the homework a path holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.handins.submission import Submission, find, is_of_another
from autograder.parts import Part, named_after

Found = tuple[Part, Submission | str]  # a string is the reason why there is none


def parts_in(
    path: Path, chosen: Sequence[Part], all_of_them: bool
) -> list[tuple[Part, Submission]]:
    """Return the submission for each part that a path holds; raise SubmissionError if it holds none.

    Arguments:
        chosen: the parts to look for.
        all_of_them: each must be there; else a single file is the part that it is named after.
    """
    if path.is_file() and path.suffix.lower() != ".zip" and not all_of_them:
        chosen = named_after(path.stem) or list(chosen)[:1]
    found, problems = [], []
    for part in chosen:
        try:
            found.append((part, find(path, part)))
        except SubmissionError as problem:
            problems.append(problem)
    if problems and (all_of_them or not found):
        raise problems[0]
    return found


def each_or_reason(folder: Path, chosen: Sequence[Part]) -> list[Found]:
    """Return for each part its submission in a folder, or why there is none.

    A single file in the folder may have any name.
    """
    return [(part, _find_or_reason(folder, part)) for part in chosen]


def _find_or_reason(folder: Path, part: Part) -> Submission | str:
    try:
        if not folder.is_dir():
            return "nothing was handed in"
        files = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
        alone = len(files) == 1 and not is_of_another(files[0].stem, part)
        return replace(find(files[0] if alone else folder, part), label=folder.name)
    except SubmissionError as problem:
        return str(problem).replace(f"{folder}/", "").replace(str(folder), "what was handed in")

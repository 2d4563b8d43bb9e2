"""Which parts of the homework a path holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.handins.reading import in_utf_8
from autograder.handins.submission import HandIn, Submission, opened
from autograder.parts import Part

PartHandedIn = tuple[Part, Submission | str]  # a string is the reason why there is none


def parts_in(
    path: Path, chosen: Sequence[Part], all_of_them: bool
) -> list[tuple[Part, Submission]]:
    """Return the submission for each part that a path holds; raise SubmissionError if it holds none.

    Arguments:
        chosen: the parts to look for.
        all_of_them: require every one; if False, a file that tells nothing is taken for the first.
    """
    handed_in = opened(path)
    wanted = list(chosen)
    if not all_of_them:
        held = [part for part in chosen if handed_in.holds(part)]
        wanted = held or (wanted[:1] if handed_in.alone else wanted)
    submissions, problems = [], []
    for part in wanted:
        try:
            submissions.append((part, handed_in.of(part)))
        except SubmissionError as problem:
            problems.append(problem)
        if submissions and not all_of_them and not handed_in.holds(part):
            break  # this file may be any part's: it is graded as one
    if problems and (all_of_them or not submissions):
        raise problems[0]
    return submissions


def each_or_reason(folder: Path, chosen: Sequence[Part]) -> list[PartHandedIn]:
    """Return for each part its submission in a folder, or why there is none.

    The folder itself may be a link, because the host made it; the files in it may not, because the
    student did.
    """
    try:
        place = folder.resolve()
        if not place.is_dir():
            return [(part, "nothing was handed in") for part in chosen]
        handed_in = opened(place)
    except SubmissionError as problem:
        return [(part, _without(place, problem)) for part in chosen]
    except (OSError, RuntimeError, ValueError) as problem:  # a loop of links; a path with a NUL
        reason = f"what was handed in: cannot be read: {getattr(problem, 'strerror', problem)}"
        return [(part, reason) for part in chosen]
    label = in_utf_8(folder.name)
    return [(part, _found_or_reason(handed_in, part, place, label)) for part in chosen]


def _found_or_reason(handed_in: HandIn, part: Part, place: Path, label: str) -> Submission | str:
    try:
        return replace(handed_in.of(part), label=label)
    except SubmissionError as problem:
        return _without(place, problem)


def _without(place: Path, problem: Exception) -> str:
    """Return a problem's line without the host's own path."""
    return str(problem).replace(f"{place}/", "").replace(str(place), "what was handed in")

"""Earlier attempts: the page and the result of a hand-in, kept when the student's next one is graded.

DIR/results/<student>/attempts/<number>/     feedback.html and result.json
"""

from __future__ import annotations

from autograder.batch import digests
from autograder.batch.store import Mark, Store
from autograder.errors import AnswersError
from autograder.files import write_bytes
from autograder.reports.sheet import About, Earlier
from autograder.results import Result

ATTEMPTS = "attempts"
PAGE, RESULT = "feedback.html", "result.json"


def keep_attempt(store: Store, key: str, mark: Mark) -> int:
    """Keep a student's result if it is of another hand-in than a new mark; return the new one's number.

    A run that was killed keeps the same result in the same place again.
    """
    _, before = store.result(key)
    number = _number(before) or len(_kept(store, key)) + 1
    handed_in = before.get("handed"), mark["handed"]
    if not all(handed_in) or handed_in[0] == handed_in[1]:
        return number
    folder = store.of(key)
    result, page = folder / RESULT, folder / PAGE
    if not page.is_file() or before.get("result") != digests.of_file(result):
        return number  # damaged, or half of it is the new one's
    # Its own links lead to the attempts before it; texts in a page hold no quotation marks.
    text = page.read_bytes().replace(f'href="{ATTEMPTS}/'.encode(), b'href="../')
    write_bytes(folder / ATTEMPTS / str(number) / PAGE, text)
    write_bytes(folder / ATTEMPTS / str(number) / RESULT, result.read_bytes())
    return number + 1


def about_of(store: Store, key: str, mark: Mark, way: str = "") -> About:
    """Return which hand-in a result is about; what an older run did not store stays empty.

    Arguments:
        way: to the student's folder, from that of the page; ends with a slash.
    """
    told = mark.get("about")
    told = told if isinstance(told, dict) else {}
    number = _number(mark)
    return About(
        file=str(told.get("file", "")),
        submitted=str(told.get("submitted", "")),
        late=told.get("late") is True,
        attempt=number,
        earlier=tuple(
            Earlier(one, result.score, result.max_score, f"{way}{ATTEMPTS}/{one}/{PAGE}")
            for one, result in sorted(_kept(store, key).items())
            if one < number
        ),
    )


def _number(mark: Mark) -> int:
    """Return the number of the attempt that a mark belongs to; 0 if it does not say."""
    number = mark.get("attempt")
    return number if isinstance(number, int) and number > 0 else 0


def _kept(store: Store, key: str) -> dict[int, Result]:
    """Return the results of earlier attempts, by their numbers."""
    found = {}
    for folder in (store.of(key) / ATTEMPTS).glob("*"):
        try:
            found[int(folder.name)] = Result.from_json((folder / RESULT).read_bytes())
        except (OSError, ValueError, AnswersError):
            continue
    return found

"""Results as the results.json that Gradescope reads from an autograder.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.reports.messages import translated
from autograder.reports.pictures import Picture
from autograder.results import CheckResult, Result
from autograder.texts import printable

HIDDEN = "after_published"  # when students see the hidden checks
CHOICES = ("after_published", "hidden", "visible")
LAST = 9999.0  # for a figure that could not be measured; a GAN that learns nothing gets 2000
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def render(
    results: Sequence[Result],
    hidden: str = HIDDEN,
    remarks: Sequence[str] = (),
    drawn: Sequence[Picture] = (),
) -> bytes:
    """Return the file for one submission, with a test for each check of each part.

    Arguments:
        hidden: the visibility of hidden checks: "after_published", "hidden" or "visible". While a
            test is hidden from students, Gradescope hides the total from them too.
        remarks: what the student should read first, such as lateness.
        drawn: pictures below the remarks, inside the text, because Gradescope serves no files of ours.
    """
    results = [translated(result) for result in results]
    several = len(results) > 1
    tests = [
        _test(check, f"{place}.{number}", result.part if several else "", hidden)
        for place, result in enumerate(results, 1)
        for number, check in enumerate(result.checks, 1)
    ]
    score = round(sum(result.score for result in results), 6)
    everything_shown = all(test["visibility"] == "visible" for test in tests)
    places = leaderboard(results, score if everything_shown else None)
    notes = [
        f"{result.part}: {note}" if several else note for result in results for note in result.notes
    ]
    paragraphs = [f"<p>{_escaped(text)}</p>" for text in (*remarks, *notes)]
    about = {
        "score": score,
        "execution_time": round(sum(result.seconds for result in results), 3),
        "output": "".join([*paragraphs, *map(_picture, drawn)]),
        "output_format": "html",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            result.part: {
                "environment": dict(result.environment),
                "isolation": list(result.isolation),
            }
            for result in results
        },
        "tests": tests,
        **({"leaderboard": places} if places else {}),
    }
    return _json(about)


def leaderboard(results: Sequence[Result], score: float | None) -> list[dict[str, Any]]:
    """Return the leaderboard, which all students see under pseudonyms: items {name, value, order}.

    The checks' figures are always in it. A figure that was not measured gets LAST, because Gradescope
    does not document how it ranks a missing item.

    Arguments:
        score: the total; None while some checks are hidden from students. With the total on the
            leaderboard, they could find out by trial what the hidden checks judge.
    """
    figures = [
        {"name": check.figure, "value": _place(check.measured), "order": "asc"}
        for result in results
        for check in result.checks
        if check.figure
    ]
    total = {"name": "Score", "value": score, "order": "desc"}
    return [*([total] if score is not None else []), *figures]


def failure(reason: str) -> bytes:
    """Return a valid file for a submission that the grader could not judge, with the reason."""
    text = f"The autograder itself failed, and no points were decided: {reason} Tell the staff."
    about = {
        "score": 0,
        "output": f"<p>{_escaped(text)}</p>",
        "output_format": "html",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }
    return _json(about)


def lateness(metadata: Mapping[str, Any]) -> list[str]:
    """Return what to tell a student who is late, from Gradescope's submission_metadata.json.

    Only times that Gradescope recorded are compared, so that a later regrade gives the same text. A
    student's own due date, an extension, counts before the assignment's; in a group the latest one.
    """
    created, due = metadata.get("created_at"), _due(metadata)
    if not created or due is None:
        return []
    late = dt.datetime.fromisoformat(created) - due
    if late <= dt.timedelta(0):
        return []
    return [
        f"Handed in {_length(late)} after the due date. The checks take no points off for that."
    ]


def _due(metadata: Mapping[str, Any]) -> dt.datetime | None:
    """Return when a submission was due: the latest extension of its students, else the assignment's."""
    own = [
        user["assignment"].get("due_date")
        for user in metadata.get("users") or ()
        if isinstance(user, Mapping) and isinstance(user.get("assignment"), Mapping)
    ]
    dates = [date for date in own if date] or [(metadata.get("assignment") or {}).get("due_date")]
    return max((dt.datetime.fromisoformat(date) for date in dates if date), default=None)


def _test(check: CheckResult, number: str, part: str, hidden: str) -> dict[str, Any]:
    return {
        "name": check.title,
        "name_format": "text",
        "number": number,
        "score": check.score,
        "max_score": check.max_score,
        "status": "passed" if check.status == "passed" else "failed",
        "output": _message(check.message),
        "output_format": "html",
        "tags": [word for word in (part, check.function) if word],
        "visibility": "visible" if check.visibility == "public" else hidden,
        "extra_data": {"check": check.name, "status": check.status, "mistake": check.mistake or ""},
    }


def _place(measured: float | None) -> float:
    return LAST if measured is None else min(round(measured, 1), LAST)


def _picture(picture: Picture) -> str:
    source = f"data:image/png;base64,{picture.base64}"
    return f'<p>{_escaped(picture.title)}</p><img alt="{_escaped(picture.alt)}" src="{source}">'


def _message(text: str) -> str:
    """Return a message as HTML: its first line as a paragraph, then the traceback, if any."""
    first, _, rest = text.partition("\n")
    trace = f"<pre>{_escaped(rest)}</pre>" if rest else ""
    return f"<p>{_escaped(first)}</p>{trace}" if text else ""


def _escaped(text: str) -> str:
    """Escape text that a student may have written, such as an exception's message."""
    return html.escape(printable(text))


def _length(time: dt.timedelta) -> str:
    """Return the two largest units of a time as text, such as "2 days and 1 hour"."""
    left, counts = int(time.total_seconds()), []
    for size, unit in UNITS:
        count, left = divmod(left, size)
        if count:
            counts.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " and ".join(counts[:2]) or "less than a second"


def _json(about: Mapping[str, Any]) -> bytes:
    text = json.dumps(about, indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode(errors="replace")  # surrogates, which a name may hold

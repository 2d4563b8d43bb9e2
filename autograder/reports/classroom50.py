"""Results as the result.json that Classroom 50 reads, and as a summary for GitHub Actions.

The format "classroom50/result/v1" has whole points only. If a check is worth a fraction of a point, all
points are multiplied by the same number; the summary shows the original points.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from autograder.reports.status import SIGNS
from autograder.results import CheckResult, Result
from autograder.texts import one_line, printable

SCHEMA = "classroom50/result/v1"
FINEST = 1000  # the smallest fraction of a point is 1 / FINEST
NAMES = {  # key in result.json -> variable that the runner sets
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}
LONGEST_CELL = 500  # characters
MARKUP = frozenset("&<>|`*_[]\\!#@~$^")  # to GitHub's Markdown
# Two colons at the start of a line are a command to GitHub's runner; one may begin an emoji or end a
# link's scheme.
COMMAND = re.compile(r":(?! |$)")
STAMPED = {
    "assignment_type": "ASSIGNMENT_TYPE",
    "owner": "OWNER",
}  # the runner adds them if they are missing


def render(
    results: Sequence[Result], environment: Mapping[str, str], committed: str, graded: str
) -> bytes:
    """Return the bytes of result.json.

    Arguments:
        environment: the variables that Classroom 50's runner sets; raises KeyError for a missing one.
        committed: the commit's time, in ISO 8601 and UTC; the same for every grading of the commit.
        graded: the time of this grading, in the same form.
    """
    scale = _scale(results)
    checks = [check for result in results for check in result.checks]
    tests = [_test(result, check, scale) for result in results for check in result.checks]
    about = {
        "schema": SCHEMA,
        **{key: environment[variable] for key, variable in NAMES.items()},
        **{k: environment[v] for k, v in STAMPED.items() if environment.get(v)},
        "review": environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        "datetime": committed,
        "graded_at": graded,
        "score": sum(round(check.score * scale) for check in checks),
        "max-score": sum(round(check.max_score * scale) for check in checks),
        "tests": tests,
    }
    return (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode(errors="replace")


def summary(results: Sequence[Result]) -> str:
    """Return a table in GitHub's Markdown, with what every student may see."""
    lines = []
    for result in results:
        lines += [f"## {result.part}: {result.score:g} of {result.max_score:g} points", ""]
        lines += [f"Note: {_cell(note)}\n" for note in result.notes]
        lines += ["| | check | points | |", "|---|---|---:|---|"]
        for check in result.checks:
            sign = SIGNS["passed" if check.status == "passed" else "failed"]
            points = f"{check.score:g}/{check.max_score:g}"
            lines.append(f"| {sign} | {_cell(check.title)} | {points} | {_cell(check.message)} |")
        lines.append("")
    return "\n".join(lines)


def _test(result: Result, check: CheckResult, scale: int) -> dict[str, object]:
    return {
        "test-name": f"{result.part}: {check.title}",
        "passed": check.status == "passed",
        "score": round(check.score * scale),
        "max-score": round(check.max_score * scale),
        "output": printable(check.message),
    }


def _scale(results: Sequence[Result]) -> int:
    """Return the smallest number that makes all points whole."""
    points = [check.max_score for result in results for check in result.checks]
    points += [check.score for result in results for check in result.checks]
    return lcm(*(Fraction(value).limit_denominator(FINEST).denominator for value in points))


def _cell(text: str) -> str:
    """Return text for one cell of a table, without markup, line breaks or cell borders."""
    line = one_line(" ".join(text.split()))[:LONGEST_CELL]
    quoted = "".join(f"&#{ord(c)};" if c in MARKUP else c for c in line)
    return COMMAND.sub("&#58;", quoted)

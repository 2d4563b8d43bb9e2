"""Any other layout, as a pattern of staff's names the parts of each file's path.

The pattern is tried in another process, which is ended when its time is over: a pattern such as
`(\\w+)+x` takes years for some names, and the names are the students'.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.layouts import matching
from autograder.handins.layouts.entry import PATTERN, HandIns, Person, make_entry, newest
from autograder.handins.listing import Listing
from autograder.handins.times import read_written

GROUPS = {"student", "id", "email", "time", "file"}
SECONDS = 10.0  # for all names of a class; a harmless pattern takes a millionth of that for one
LONGEST = 2000  # characters of a pattern


def check_pattern(pattern: str) -> None:
    """Raise SubmissionError for a pattern that is not valid, or has other groups than these."""
    if len(pattern) > LONGEST:
        raise SubmissionError(f"--pattern: longer than {LONGEST} characters")
    try:
        groups = set(re.compile(pattern).groupindex)
    except (re.error, RecursionError, OverflowError) as problem:
        raise SubmissionError(f"--pattern: not a regular expression: {problem}") from problem
    if "student" not in groups or not groups <= GROUPS:
        known = ", ".join(sorted(GROUPS - {"student"}))
        raise SubmissionError(
            f"--pattern: needs the named group (?P<student>...), and may have {known} besides"
        )


def collect_by(pattern: str, listing: Listing, zone: dt.tzinfo | None = None) -> HandIns:
    """Return an entry for each student and time that the pattern finds in the files' paths.

    The pattern is tried from the start of each path, below the folder or zip that is graded. Without a
    group `file`, the file's name is what follows the fit, or its last part.
    """
    whole = {name: "/".join((*listing.top.parts, *t.parts)) for name, t in listing.tails.items()}
    found = _matches(pattern, [*whole.values()])
    groups: dict[tuple[Person, str], dict[str, str]] = defaultdict(dict)
    for (name, path), fit in zip(whole.items(), found):
        if fit is None or not fit["student"]:
            continue
        rest = path[int(fit["end"] or 0) :].lstrip("/")
        inside = fit.get("file") or rest or PurePosixPath(path).name
        person = Person(fit["student"] or "", fit.get("id") or "", fit.get("email") or "")
        groups[person, fit.get("time") or ""][name] = inside
    entries, warnings = [], []
    for (person, time), files in groups.items():
        moment = read_written(time, zone) if time else None
        if time and moment is None:
            warnings.append(f"{person.name}: {time!r} is not read as a time")
        where = f"{person.name} {time}".strip()
        when = moment or (None if time else newest(files, listing.times))
        entries.append(make_entry(person.name, (person,), where, listing.source, files, when))
    return HandIns(entries, exclusive=True, warnings=tuple(warnings[:3]))


def _matches(pattern: str, paths: Sequence[str]) -> list[dict[str, str | None] | None]:
    """Return the groups and the end of each fit; raise SubmissionError if that takes too long."""
    asked = json.dumps({"pattern": pattern, "paths": paths})
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", matching.__file__],
            input=asked.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise SubmissionError(
            f"--pattern: takes more than {SECONDS:.0f} s on this class's names; avoid repeats in "
            "repeats, as in (\\w+)+, and write [^/]* or [^_]* for .*"
        ) from None
    except (subprocess.CalledProcessError, OSError) as problem:
        raise SubmissionError(f"--pattern: could not be tried: {problem}") from problem
    return list(json.loads(done.stdout))


NAME = PATTERN

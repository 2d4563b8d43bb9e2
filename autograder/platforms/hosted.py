"""Grade what a platform put into a folder, and write the file that it expects, whatever happens.

Started by the scripts of `autograder bundle`, as ``python -m autograder.platforms.hosted PLATFORM``.
Imports as little as grading takes: such machines are small.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import grading, parts
from autograder.errors import AutograderError
from autograder.files import write_bytes
from autograder.grading import Graded
from autograder.parts import PACKAGE, Part
from autograder.reports import classroom50, gradescope, pictures
from autograder.running.limits import Limits

CONFIG = "bundle.json"
ONE_OF = ("mount namespace", "own user id", "landlock")  # each keeps answers out of reach
# For all parts, training too. As much again may be forgiven for waiting, and Gradescope gives 600:
# two minutes are left for starting, for judging, and for a machine that is slow at both.
SECONDS = 240.0
MEMORY = 320 << 20  # bytes for a worker on top of what torch maps; Gradescope's smallest has 768 MB
PATIENCE = 3  # such machines have half a processor


@dataclass(frozen=True, slots=True)
class Config:
    """What a bundle was made for: its parts, and when students see its hidden checks."""

    parts: tuple[Part, ...]
    hidden: str = gradescope.HIDDEN

    @classmethod
    def load(cls, path: Path) -> Config:
        """Read what `dumps` wrote."""
        about = json.loads(path.read_text(encoding="utf-8"))
        return cls(tuple(parts.get(name) for name in about["parts"]), about["hidden"])

    def dumps(self) -> bytes:
        """Return the JSON text."""
        about = {"parts": [part.name for part in self.parts], "hidden": self.hidden}
        return (json.dumps(about) + "\n").encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade for a platform; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m autograder.platforms.hosted")
    commands = parser.add_subparsers(dest="platform", required=True)
    on_gradescope = commands.add_parser("gradescope", help="Grade ROOT/submission.")
    on_gradescope.add_argument("root", type=Path)
    for name, words in (
        ("classroom50", "Write Classroom 50's result.json for a student's checkout."),
        ("actions", "Write GitHub's summary for a student's checkout."),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("folder", type=Path)
        command.add_argument("--part", action="append", required=True, type=parts.get)
        command.add_argument("--public", type=Path, help="Only public checks, with these answers.")
        command.add_argument("--output", type=Path, default=Path("result.json"))
    given = parser.parse_args(arguments)
    if given.platform == "classroom50" and (
        lost := sorted({*classroom50.NAMES.values()} - {*os.environ})
    ):
        parser.error(f"its runner sets variables that are not here: {', '.join(lost)}")
    if given.platform == "gradescope":
        on_gradescope_host(given.root)
        return 0
    results = [graded.result for graded in grade(given.folder, given.part, given.public)]
    if given.platform == "classroom50":
        now = dt.datetime.now(dt.timezone.utc)
        times = (commit_time(given.folder), _utc(now))
        data = classroom50.render(results, os.environ, *times)
        write_bytes(given.output, data)
    _summarize(classroom50.summary(results))
    return 0


def on_gradescope_host(root: Path) -> None:
    """Grade ROOT/submission and write ROOT/results/results.json, also where grading fails.

    `root` is /autograder on Gradescope. What went wrong is printed, for staff to read.
    """
    try:
        config = Config.load(PACKAGE / "data" / CONFIG)
        graded = grade(root / "submission", config.parts)
        remarks = _lateness(root / "submission_metadata.json")
        drawn = [picture for one in graded for picture in pictures.trainings(one.outputs)]
        data = gradescope.render([one.result for one in graded], config.hidden, remarks, drawn)
    except Exception as problem:  # the platform must get its file, and the student a sentence
        traceback.print_exc()
        ours = isinstance(problem, AutograderError)  # the text of any other could show an answer
        data = gradescope.failure(f"{problem}." if ours else f"{type(problem).__name__}.")
    write_bytes(root / "results" / "results.json", data)


def grade(folder: Path, chosen: Sequence[Part], public: Path | None = None) -> list[Graded]:
    """Grade every part that a folder may hold; what it does not hold earns nothing, and says so.

    Raises SandboxError where not a single wall would stand between student code and the answers.
    """
    return grading.grade(
        folder,
        chosen,
        public=public,
        limits=limits_of(chosen),
        absent_earns_nothing=True,
        one_wall_of=() if public else ONE_OF,
    )


def limits_of(chosen: Sequence[Part]) -> dict[str, Limits]:
    """Share SECONDS among parts, by what each may use elsewhere; what hangs leaves half of a share.

    Returns limits by the parts' names; a share is a whole number of seconds, and a student may read it.
    """
    usual = {part.name: Limits.usual(part) for part in chosen}
    everything = sum(one.total_seconds for one in usual.values())
    shares = {}
    for name, one in usual.items():
        total = SECONDS * one.total_seconds // everything
        shares[name] = Limits(
            min(one.load_seconds * PATIENCE, total / 2),
            min(one.probe_seconds * PATIENCE, total / 2),
            total,
            MEMORY,
        )
    return shares


def commit_time(folder: Path) -> str:
    """Return when a checkout's commit was made, in UTC; equal for every grading of it."""
    line = ["git", "-C", str(folder), "show", "-s", "--format=%cI", "HEAD"]
    shown = subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()
    return _utc(dt.datetime.fromisoformat(shown.replace("Z", "+00:00")))


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _lateness(path: Path) -> list[str]:
    if not path.is_file():
        return []
    try:
        metadata: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return gradescope.lateness(metadata)
    except (ValueError, TypeError, AttributeError) as problem:  # costs a remark and no points
        print(f"{path.name}: cannot tell whether this is late: {problem}")
        return []


def _summarize(text: str) -> None:
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    print(text)


if __name__ == "__main__":
    sys.exit(main())

"""Grade what a platform put into a folder, and write the file that it expects, whatever happens.

Started by the scripts of `autograder bundle`, as ``python -m autograder.platforms.hosted PLATFORM``.
Imports only what grading needs: such machines are small.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
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
from autograder.texts import one_line

CONFIG = "bundle.json"
ONE_OF = ("mount namespace", "own user id", "landlock")  # each keeps answers out of reach
# For all parts, with training. Waiting for a processor may add as much again, and Gradescope gives 600:
# two minutes are left to start and to judge, on a machine that is slow at both.
SECONDS = 240.0
MEMORY = 320 << 20  # bytes for a worker on top of what torch maps; Gradescope's smallest has 768 MB
PATIENCE = 3  # times the usual seconds: such machines have half a processor


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
    for name, text in (
        ("classroom50", "Write Classroom 50's result.json for a student's checkout."),
        ("actions", "Write GitHub's summary for a student's checkout."),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("folder", type=Path)
        command.add_argument("--part", action="append", required=True, type=parts.get)
        command.add_argument("--public", type=Path, help="Only public checks, with these answers.")
        command.add_argument("--output", type=Path, default=Path("result.json"))
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # its encoding may have no ✓
            stream.reconfigure(errors="replace")
    if options.platform == "classroom50" and (
        lost := sorted({*classroom50.NAMES.values()} - {*os.environ})
    ):
        parser.error(f"variables that Classroom 50's runner sets are missing: {', '.join(lost)}")
    if options.platform == "gradescope":
        on_gradescope_host(options.root)
        return 0
    try:
        _on_github(options)
    except AutograderError as problem:
        print(f"autograder: {_no_command(str(problem))}", file=sys.stderr)
        return 1
    except Exception:  # its text may come from a student
        for line in traceback.format_exc().splitlines():
            print(f"| {_no_command(line)}", file=sys.stderr)
        return 1
    return 0


def _on_github(options: argparse.Namespace) -> None:
    """Grade a checkout on GitHub's runner."""
    results = [graded.result for graded in grade(options.folder, options.part, options.public)]
    if options.platform == "classroom50":
        now = dt.datetime.now(dt.timezone.utc)
        times = (commit_time(options.folder), _utc(now))
        data = classroom50.render(results, os.environ, *times)
        write_bytes(options.output, data)
    _summarize(classroom50.summary(results))


def _no_command(line: str) -> str:
    """Return a line, not the first word of one, that GitHub's runner does not read as a command.

    A command is "##[" anywhere in a line, or "::" at its start.
    """
    return one_line(line).replace("##[", "## [")


def on_gradescope_host(root: Path) -> None:
    """Grade ROOT/submission and write ROOT/results/results.json, even if grading fails.

    `root` is /autograder on Gradescope. Errors are printed, for staff to read.
    """
    try:
        config = Config.load(PACKAGE / "data" / CONFIG)
        graded = grade(root / "submission", config.parts)
        remarks = _lateness(root / "submission_metadata.json")
        drawn = [picture for one in graded for picture in pictures.trainings(one.outputs)]
        data = gradescope.render([one.result for one in graded], config.hidden, remarks, drawn)
        for one in graded:
            for text in one.result.suspicions:  # Gradescope shows what is printed to staff alone
                print(f"To look at by hand: {one_line(text)}")
    except Exception as problem:  # the platform must get its file, and the student a sentence
        traceback.print_exc()
        ours = isinstance(problem, AutograderError)  # the text of any other could show an answer
        data = gradescope.failure(f"{problem}." if ours else f"{type(problem).__name__}.")
    write_bytes(root / "results" / "results.json", data)


def grade(folder: Path, chosen: Sequence[Part], public: Path | None = None) -> list[Graded]:
    """Grade every chosen part in a folder; a missing part gets 0 points and the reason.

    Raises SandboxError if no wall at all would keep the answers from student code.
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
    """Share SECONDS among parts, in proportion to their usual limits. Returns limits by part name.

    Loading, or one probe, may use half of a share at most. A share is a whole number of seconds,
    because a student may read it.
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
    """Return when a checkout's commit was made, in UTC; the same for every grading of it."""
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
    except (ValueError, TypeError, AttributeError) as problem:  # costs a remark, but no points
        print(f"{path.name}: cannot tell whether this is late: {one_line(str(problem))}")
        return []


def _summarize(text: str) -> None:
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    print(text)


if __name__ == "__main__":
    sys.exit(main())

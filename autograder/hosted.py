"""Grade what a platform put into a folder, and write the file that it expects, whatever happens.

Started by the scripts of `autograder bundle`, as ``python -m autograder.hosted PLATFORM``. Imports
as little as grading takes: such machines are small.
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
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import grading, outputs, parts, runner
from autograder.errors import AutograderError, SandboxError, SubmissionError
from autograder.outputs import Outputs, ProbeStatus
from autograder.parts import PACKAGE, Part
from autograder.reports import classroom50, gradescope, pictures
from autograder.results import Result
from autograder.runner import Limits, Zygote
from autograder.scoring import Judge
from autograder.submissions import Submission, find, is_of_another

CONFIG = "bundle.json"
ONE_OF = frozenset(
    ("mount namespace", "own user id", "landlock")
)  # each keeps answers out of reach
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
    parser = argparse.ArgumentParser(prog="python -m autograder.hosted")
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
    told = parser.parse_args(arguments)
    if told.platform == "classroom50" and (
        lost := sorted({*classroom50.NAMES.values()} - {*os.environ})
    ):
        parser.error(f"its runner sets variables that are not here: {', '.join(lost)}")
    if told.platform == "gradescope":
        on_gradescope_host(told.root)
        return 0
    results = [result for result, _ in grade(told.folder, told.part, told.public)]
    if told.platform == "classroom50":
        now = dt.datetime.now(dt.timezone.utc)
        times = (commit_time(told.folder), _utc(now))
        data = classroom50.render(results, os.environ, *times)
        outputs.write_bytes(told.output, data)
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
        drawn = [picture for _, told in graded for picture in pictures.trainings(told)]
        data = gradescope.render([result for result, _ in graded], config.hidden, remarks, drawn)
    except Exception as problem:  # the platform must get its file, and the student a word
        traceback.print_exc()
        ours = isinstance(problem, AutograderError)  # of another's text nobody knows what it tells
        data = gradescope.failure(f"{problem}." if ours else f"{type(problem).__name__}.")
    outputs.write_bytes(root / "results" / "results.json", data)


def grade(
    folder: Path, chosen: Sequence[Part], public: Path | None = None
) -> list[tuple[Result, Outputs]]:
    """Grade every part that a folder may hold; what it does not hold earns nothing, and says so.

    Returns each part's result, and the outputs that it was judged by.

    Raises SandboxError where not a single wall would stand between student code and the answers.
    """
    graded, limits = [], limits_of(chosen)
    with ExitStack() as stack:
        zygote: Zygote | None = None
        found = {part.name: _find(folder, part) for part in chosen}
        handed_in = [(p, s) for p in chosen if isinstance(s := found[p.name], Submission)]
        if handed_in:  # else there is nothing to import torch for
            preload = {name for p, s in handed_in for name in runner.wanted_imports(s, p)}
            longest = Limits.longest(limits.values())
            zygote = Zygote(chosen, "auto", sorted(preload), longest)
            stack.enter_context(zygote)
            if public is None:
                _require_a_wall(zygote, chosen[0])
        for part in chosen:
            one = found[part.name]
            if zygote is not None and isinstance(one, Submission):
                told = runner.run(zygote, one, part, limits=limits[part.name])
            else:
                told = _unreadable(part, str(one))
            with Judge.for_students(part, public) if public else Judge.for_staff(part) as judge:
                graded.append((grading.result(judge, told, folder.name), told))
    return graded


def limits_of(chosen: Sequence[Part]) -> dict[str, Limits]:
    """Share SECONDS among parts, by what each may use elsewhere; what hangs leaves half of a share.

    Returns limits by the parts' names; a share is a whole number of seconds, and a student may read it.
    """
    usual = {part.name: Limits.usual(part) for part in chosen}
    everything = sum(one.total_seconds for one in usual.values())
    found = {}
    for name, one in usual.items():
        total = SECONDS * one.total_seconds // everything
        found[name] = Limits(
            min(one.load_seconds * PATIENCE, total / 2),
            min(one.probe_seconds * PATIENCE, total / 2),
            total,
            MEMORY,
        )
    return found


def commit_time(folder: Path) -> str:
    """Return when a checkout's commit was made, in UTC; equal for every grading of it."""
    line = ["git", "-C", str(folder), "show", "-s", "--format=%cI", "HEAD"]
    told = subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()
    return _utc(dt.datetime.fromisoformat(told.replace("Z", "+00:00")))


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _find(folder: Path, part: Part) -> Submission | str:
    """Return a part's submission, or why there is none; a single file may have any name."""
    try:
        if not folder.is_dir():
            return "nothing was handed in"
        files = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
        alone = len(files) == 1 and not is_of_another(files[0].stem, part)
        return find(files[0] if alone else folder, part)
    except SubmissionError as problem:
        return str(problem).replace(f"{folder}/", "").replace(str(folder), "what was handed in")


def _unreadable(part: Part, words: str) -> Outputs:
    status = ProbeStatus("unloadable", words)
    return Outputs(part.name, {}, dict.fromkeys(part.probe_names(), status), notes=(words,))


def _require_a_wall(zygote: Zygote, part: Part) -> None:
    if not ONE_OF & set(runner.layers_in_force(zygote, part)):
        raise SandboxError(
            "this machine keeps student code from nothing: "
            f"none of {', '.join(sorted(ONE_OF))} is to be had"
        )


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

"""Check one function from a notebook: `check("sample_noise")` shows its public checks.

`grade_cell("sample_noise")` is in the cells that nbgrader grades. The points of these cells come from
the engine (see platforms/nbgrader/cells.py). In a kernel, the call runs the same checks as `check` and
raises an error if one fails; nbgrader's "validate" shows this to a student.

A grader stays warm between calls, so that only the first one takes seconds. The student's file is read
from disk and runs in its own process, as in grading. Nothing is written to stderr: nbgrader would take
away the cell's points.
"""

from __future__ import annotations

import atexit
import functools
import html
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from autograder import grading
from autograder.errors import SubmissionError
from autograder.grading import PUBLIC_CHECKS, Grader
from autograder.handins.submission import find
from autograder.parts import PARTS, Part, named_after
from autograder.reports.messages import SAME, said_once
from autograder.reports.status import IN_NOTEBOOK, SIGNS
from autograder.results import CheckResult
from autograder.texts import one_line, printable

CLOSER = "Hidden checks, if there are any, look closer: gradients, other inputs."


@dataclass(frozen=True, slots=True)
class Report:
    """How the checks of one function went: a table in a notebook, lines in a terminal.

    Attributes:
        function: its name.
        checks: how each check went.
        notes: remarks about the file as a whole.
        public: whether these are the public checks alone.
    """

    function: str
    checks: tuple[CheckResult, ...]
    notes: tuple[str, ...] = ()
    public: bool = True

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.status == "passed" for check in self.checks)

    def __repr__(self) -> str:
        lines = [self.function]
        for check, message in self._lines():
            lines.append(f"  {SIGNS[check.status]} {check.title}")
            lines += [f"      {line}" for line in message]
        lines += [f"  Note: {one_line(note)}" for note in self.notes]
        return "\n".join([*lines, f"  {self._end()}"])

    def _repr_html_(self) -> str:
        rows = "".join(self._row(check, message) for check, message in self._lines())
        notes = "".join(f"<div>Note: {html.escape(one_line(note))}</div>" for note in self.notes)
        return (
            f'<table style="text-align:left"><caption style="text-align:left;caption-side:top">'
            f"<code>{html.escape(self.function)}</code></caption>{rows}</table>"
            f'{notes}<div style="opacity:.8">{html.escape(self._end())}</div>'
        )

    def _row(self, check: CheckResult, message: list[str]) -> str:
        sign, color = SIGNS[check.status], IN_NOTEBOOK[check.status]
        text = "".join(
            f'<div style="white-space:pre-wrap;opacity:.85">{html.escape(m)}</div>' for m in message
        )
        return (
            f'<tr><td style="color:{color};font-weight:bold;vertical-align:top" '
            f'title="{check.status}">{sign}</td>'
            f'<td style="text-align:left">{html.escape(check.title)}{text}</td></tr>'
        )

    def _lines(self) -> Iterator[tuple[CheckResult, list[str]]]:
        """Yield each check with the lines of its message; a repeated message is left out."""
        for check, message in said_once(self.checks):
            yield check, [] if message == SAME else printable(message).splitlines()

    def _end(self) -> str:
        passed = sum(check.status == "passed" for check in self.checks)
        kind = "public checks" if self.public else "checks"
        count = f"{passed} of {len(self.checks)} {kind} passed."
        return f"{count} {CLOSER}" if self.passed and self.public else count


def check(function: str, file: str | Path = "gan_pytorch.py") -> Report:
    """Run the public checks of one function in a saved file; return a report.

    Raises SubmissionError if there is no such file or function, or no released answers.
    """
    path = Path(file)
    part = [*named_after(path.stem), PARTS[0]][0]
    if function not in (known := part.functions()):
        functions = ", ".join(known)
        raise SubmissionError(f"no checks for {function!r}; the functions are: {functions}")
    find(path, part)  # its problems are reported before those of the released answers
    public = _public(part, path.parent)
    grader = _grader(part, public.resolve(), public.stat().st_mtime_ns)
    [graded] = grading.grade(path, [part], functions=[function], grader=grader)
    checks = tuple(check for check in graded.result.checks if check.function == function)
    return Report(function, checks, graded.result.notes)


def _public(part: Part, folder: Path) -> Path:
    """Return the path of the released answers beside a file; for the solution, those of its stub."""
    beside = folder / PUBLIC_CHECKS
    if beside.is_file():
        return beside
    if folder.resolve() == part.solution.parent and (part.stub.parent / PUBLIC_CHECKS).exists():
        return part.stub.parent / PUBLIC_CHECKS
    raise SubmissionError(f"{beside}: not found; keep it beside your file")


@functools.lru_cache(maxsize=4)
def _grader(part: Part, public: Path, changed: int) -> Grader:
    """Return a grader that stays open until the notebook's kernel ends.

    `changed`, the time of the released answers, keeps the cache up to date.
    """
    return until_exit(Grader([part], preload=part.imports, public=public))


def until_exit(grader: Grader) -> Grader:
    """Start a grader that stops when this process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(grader)


def grade_cell(function: str, file: str | Path = "gan_pytorch.py") -> Report:
    """Check a function in a cell that nbgrader grades; raise AssertionError if a check fails.

    The engine writes the points that count, not the kernel that runs this. If nbgrader grades without
    the engine (with settings that `autograder release --nbgrader` did not write), the cell fails:
    public checks that the student's own process ran must not count as a grade.
    """
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        raise AssertionError("graded outside of this kernel; see nbgrader_config.py")
    report = check(function, file)
    if not report.passed:
        raise AssertionError(str(report))
    return report

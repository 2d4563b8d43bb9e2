"""Check one function from a notebook: `check("sample_noise")` shows its public checks.

`speak("zh")` shows reports in a language.

`done("sample_noise")` tells whether a function is written: a cell that needs it can wait for it, and
"run all" goes on. `Watched` shows a picture while a training runs.

`grade_cell("sample_noise")` is in the cells that nbgrader grades. The points of these cells come from
the engine (see platforms/nbgrader/cells.py). In a kernel, the call runs the same checks as `check`.
Under nbgrader's "validate" it raises an error if one fails, which a student then sees.

A grader stays warm between calls, so that only the first one takes seconds. The student's file is read
from disk and runs in its own process, as in grading. Nothing is written to stderr: nbgrader would take
away the cell's points.
"""

from __future__ import annotations

import ast
import atexit
import functools
import html
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import grading, language
from autograder.errors import SubmissionError
from autograder.files import parse
from autograder.grading import PUBLIC_CHECKS, Grader
from autograder.handins.submission import find
from autograder.language import VARIABLE, say, translate
from autograder.parts import PARTS, Part, named_after
from autograder.reports.messages import SAME, said_once, translated_check
from autograder.reports.status import IN_NOTEBOOK, SIGNS
from autograder.results import CheckResult
from autograder.texts import one_line, printable

TODO = "NotImplementedError"  # what a gap in the stub raises


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
        lines += [f"  {note}" for note in self._notes()]
        return "\n".join([*lines, f"  {self._end()}"])

    def _repr_html_(self) -> str:
        rows = "".join(self._row(check, message) for check, message in self._lines())
        notes = "".join(f"<div>{html.escape(note)}</div>" for note in self._notes())
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
            f'title="{translate(check.status)}">{sign}</td>'
            f'<td style="text-align:left">{html.escape(check.title)}{text}</td></tr>'
        )

    def _lines(self) -> Iterator[tuple[CheckResult, list[str]]]:
        """Yield each check with the lines of its message; a repeated message is left out."""
        for check, message in said_once([translated_check(check) for check in self.checks]):
            yield check, [] if message == translate(SAME) else printable(message).splitlines()

    def _end(self) -> str:
        passed = sum(check.status == "passed" for check in self.checks)
        of = {"number": passed, "all": len(self.checks)}
        if not self.public:
            return say("{number} of {all} checks passed.", **of)
        count = say("{number} of {all} public checks passed.", **of)
        closer = say("Hidden checks, if there are any, look closer: gradients, other inputs.")
        return f"{count} {closer}" if self.passed else count

    def _notes(self) -> list[str]:
        return [say("Note: {note}", note=one_line(translate(note))) for note in self.notes]


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
    public = _public(part, path)
    grader = _grader(part, public.resolve(), public.stat().st_mtime_ns)
    [graded] = grading.grade(path, [part], functions=[function], grader=grader)
    checks = tuple(check for check in graded.result.checks if check.function == function)
    return Report(function, checks, graded.result.notes)


def speak(name: str) -> None:
    """Show this notebook's reports in a language; raise AutograderError if there are none in it."""
    language.catalogue(name)
    os.environ[VARIABLE] = name


def _public(part: Part, file: Path) -> Path:
    """Return the path of a file's released answers; for the solution, those of its stub."""
    beside = grading.public_checks_of(file)
    if beside.is_file():
        return beside
    if (
        file.parent.resolve() == part.solution.parent
        and (part.stub.parent / PUBLIC_CHECKS).exists()
    ):
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
    public checks that the student's own process ran must not count as a grade. Where nbgrader does not
    run the notebook, nothing is raised: "run all" goes on after a function that is not done yet.
    """
    execution = os.environ.get("NBGRADER_EXECUTION")
    if execution == "autograde":
        raise AssertionError("graded outside of this kernel; see nbgrader_config.py")
    report = check(function, file)
    if execution is not None and not report.passed:
        raise AssertionError(str(report))
    return report


def done(*functions: str, file: str | Path = "gan_pytorch.py") -> bool:
    """Tell whether functions are written in a saved file; print which ones are not done yet.

    A function is done if the file defines it and it does not raise NotImplementedError any more, as the
    handed-out one does. Whether it is right is for `check` to say.
    """
    written = _written(Path(file))
    if missing := [name for name in functions if name not in written]:
        names, file = ", ".join(missing), Path(file).name
        print(
            say("not done yet: {names} (in {file}); this cell waits for it", names=names, file=file)
        )
    return not missing


def _written(path: Path) -> set[str]:
    """Return the names that a file binds at its top and that are no gaps; none if it cannot be read."""
    try:
        tree = parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return set()
    names = set()
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node is statement:
                names.add(node.name)
            elif isinstance(node, ast.alias):
                names.add(node.asname or node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names - {node.name for node in tree.body if _is_gap(node)}  # type: ignore[attr-defined]


def _is_gap(node: ast.stmt) -> bool:
    """Tell whether this is a function or a class with a line that raises NotImplementedError."""
    if not isinstance(node, ast.FunctionDef | ast.ClassDef):
        return False
    raised = [one.exc for one in ast.walk(node) if isinstance(one, ast.Raise) and one.exc]
    return any(TODO in ast.dump(one) for one in raised)


class Watched:
    """Stand between a loader and a training, and show a picture after each pass over the data.

    Give it to a training loop in place of the loader. In a notebook the picture replaces the one before
    it, and what the loop prints stays; elsewhere nothing is drawn.

    Arguments:
        loader: what yields minibatches.
        draw: returns a figure of Matplotlib. If it draws random numbers, the training gets others.
    """

    def __init__(self, loader: Iterable[Any], draw: Callable[[], Any]) -> None:
        self.loader, self.draw = loader, draw
        self._shown: Any = None

    def __len__(self) -> int:
        return len(self.loader)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        yield from self.loader
        if "ipykernel" in sys.modules:
            self._show()

    def _show(self) -> None:
        import matplotlib.pyplot as plt
        from IPython.display import display

        figure = self.draw()
        if self._shown is None:
            self._shown = display(figure, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._shown.update(figure)
        plt.close(figure)

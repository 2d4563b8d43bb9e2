"""One submission -> its result: run the student's code, let the worker die, then score."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from autograder import __version__, runner, spawning
from autograder.errors import AnswersError
from autograder.outputs import Outputs
from autograder.parts import Part
from autograder.results import Result
from autograder.runner import Limits
from autograder.scoring import Judge
from autograder.submissions import Submission

PUBLIC_CHECKS = "public_checks.npz"


class Grader:
    """Grades any number of submissions with one zygote; close it when done.

    Arguments:
        parts: what to grade.
        isolation: "auto" (every wall that there is), "strict" (all walls or an error), "none".
        preload: packages that the zygote imports before it forks.
        public: the released answers; given, only public checks count and no stored answer is read.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        isolation: str = "auto",
        preload: Sequence[str] = ("torch", "numpy"),
        limits: Limits | None = None,
        public: Path | None = None,
    ) -> None:
        self._stack = ExitStack()
        self._judges: dict[str, Judge] = {}
        try:
            # First, because it takes longest: torch is imported while the suites are collected.
            zygote = spawning.start(parts, isolation, preload, limits)
            self.zygote = self._stack.enter_context(zygote)
            for part in parts:
                judge = Judge.for_students(part, public) if public else Judge.for_staff(part)
                self._judges[part.name] = self._stack.enter_context(judge)
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def grade(
        self, submission: Submission, part: Part, limits: Limits | None = None
    ) -> tuple[Result, Outputs]:
        """Run and score one submission; never raises for what its code does.

        Arguments:
            limits: seconds for this part, where they are fewer than the grader's.
        """
        outputs = runner.run(self.zygote, submission, part, limits=limits)
        return self.rescore(outputs, submission.label), outputs

    def rescore(self, outputs: Outputs, label: str) -> Result:
        """Score outputs that were stored before."""
        return result(self._judges[outputs.part], outputs, label)


def result(judge: Judge, outputs: Outputs, label: str) -> Result:
    """Score outputs and say under which circumstances they came about."""
    if outputs.part != judge.part.name:
        raise AnswersError(f"{label}: outputs of {outputs.part}, not of {judge.part.name}")
    checks = judge.score(outputs)
    return Result(
        part=outputs.part,
        submission=label,
        score=sum(check.score for check in checks),
        max_score=sum(check.max_score for check in checks),
        checks=checks,
        environment=dict(sorted({**outputs.versions, "autograder": __version__}.items())),
        isolation=outputs.layers,
        notes=outputs.notes,
        seconds=round(outputs.seconds, 3),
    )

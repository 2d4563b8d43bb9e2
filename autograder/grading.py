"""One submission -> its results: find its parts, run the student's code, let the worker die, judge."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from autograder import __version__
from autograder import parts as known_parts
from autograder.errors import AnswersError
from autograder.handins import lookup
from autograder.handins.submission import Submission
from autograder.judging.scoring import Judge
from autograder.outputs import Outputs, ProbeStatus
from autograder.parts import Part
from autograder.results import Result
from autograder.running import runner, start
from autograder.running.environment import wanted_imports
from autograder.running.limits import Limits
from autograder.running.protocol import Workers
from autograder.running.walls import require_one_of

PUBLIC_CHECKS = "public_checks.npz"


@dataclass(frozen=True, slots=True)
class Graded:
    """One part of a submission: what it earned, and what the student's code computed."""

    part: Part
    result: Result
    outputs: Outputs


def grade(
    path: str | Path,
    parts: Sequence[str | Part] | None = None,
    train: bool = False,
    *,
    public: Path | None = None,
    isolation: str = "auto",
    limits: Mapping[str, Limits] | None = None,
    functions: Collection[str] = (),
    absent_earns_nothing: bool = False,
    one_wall_of: Collection[str] = (),
    grader: Grader | None = None,
    planned: Callable[[Sequence[Part]], None] = lambda parts: None,
    starting: Callable[[Part, Submission], None] = lambda part, submission: None,
    finished: Callable[[Graded], None] = lambda graded: None,
) -> list[Graded]:
    """Grade one submission; what its code does raises nothing.

        >>> from autograder import grade
        >>> for graded in grade("solutions", parts=["gan_pytorch", "gaussian_gan"]):
        ...     print(graded.part.name, graded.result.score)
        gan_pytorch 100.0
        gaussian_gan 100.0

    Arguments:
        path: of a .py, a notebook, a folder or a zip.
        parts: which ones to grade, by name; by default those that it holds.
        train: also grade the parts that train what was handed in; takes minutes.
        public: the released answers; given, only public checks count and no stored answer is read.
        isolation: "auto" (every wall that there is), "strict" (all walls or an error), "none".
        limits: by the part's name; by default what `Limits.usual` says.
        functions: ask these alone; by default all functions of each part.
        absent_earns_nothing: a part that is not there gets a result of 0 points with the reason.
        one_wall_of: layers of which at least one must be in force.
        grader: one that is open already, for many submissions; it has its own answers and isolation.
        planned: is called once with the parts to be graded, while workers start.
        starting: is called before each part is run.
        finished: is called after each part is judged.

    Raises SubmissionError where there is nothing to grade, or a part that was asked for is missing;
    SandboxError where walls are missing that were asked for; AnswersError where answers are.
    """
    found = _find(Path(path), parts, absent_earns_nothing)
    if train:
        found += _training_of(found)
    usual = {part.name: Limits.usual(part) for part, _ in found}
    opened = nullcontext(grader) if grader else _open(found, isolation, limits or usual, public)
    graded = []
    with opened as grader:
        planned([part for part, _ in found])
        handed_in = [part for part, one in found if isinstance(one, Submission)]
        if one_wall_of and handed_in:
            require_one_of(runner.layers_in_force(grader.workers, handed_in[0]), one_wall_of)
        for part, one in found:
            if isinstance(one, Submission):
                starting(part, one)
                probes = part.probes_of(*functions) if functions else None
                own = {**usual, **(limits or {})}[part.name]
                result, outputs = grader.grade(one, part, own, probes)
            else:
                outputs = unloadable(part, one, notes=(one,))
                result = grader.rescore(outputs, Path(path).name)
            graded.append(Graded(part, result, outputs))
            finished(graded[-1])
    return graded


class Grader:
    """Grades any number of submissions with one set of warm workers; close it when done.

    Arguments:
        parts: what to grade.
        isolation: "auto" (every wall that there is), "strict" (all walls or an error), "none".
        preload: packages to import before any submission comes.
        public: the released answers; given, only public checks count and no stored answer is read.
        start_now: start workers at once; else when the first submission comes.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        isolation: str = "auto",
        preload: Sequence[str] = ("torch", "numpy"),
        limits: Limits | None = None,
        public: Path | None = None,
        start_now: bool = True,
    ) -> None:
        self._stack = ExitStack()
        self._judges: dict[str, Judge] = {}
        self._workers: Workers | None = None
        self._start = functools.partial(start.start, parts, isolation, preload, limits)
        try:
            if start_now:  # first, because it takes longest: torch is imported meanwhile
                self._workers = self._stack.enter_context(self._start())
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

    @property
    def workers(self) -> Workers:
        """What runs the submissions."""
        if self._workers is None:
            self._workers = self._stack.enter_context(self._start())
        return self._workers

    def grade(
        self,
        submission: Submission,
        part: Part,
        limits: Limits | None = None,
        probes: Sequence[str] | None = None,
    ) -> tuple[Result, Outputs]:
        """Run and score one submission; never raises for what its code does.

        Arguments:
            limits: seconds for this part, where they are fewer than the grader's.
            probes: which ones; all of the part's by default.
        """
        outputs = runner.run(self.workers, submission, part, probes, limits)
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


def unloadable(part: Part, message: str, notes: Sequence[str] = ()) -> Outputs:
    """Return the outputs of what cannot be run at all: no probe got an answer."""
    status = ProbeStatus("unloadable", message)
    return Outputs(
        part.name, {}, dict.fromkeys(sorted(part.probe_names()), status), notes=tuple(notes)
    )


def _find(
    path: Path, names: Sequence[str | Part] | None, absent_earns_nothing: bool
) -> list[lookup.Found]:
    """Return each part with its submission, or with the reason why there is none."""
    chosen = [known_parts.get(one) if isinstance(one, str) else one for one in names or ()]
    chosen = list(dict.fromkeys(chosen))
    if absent_earns_nothing:
        return lookup.each_or_reason(path, chosen or known_parts.PARTS)
    return [*lookup.parts_in(path, chosen or known_parts.PARTS, bool(chosen))]


def _training_of(found: Sequence[lookup.Found]) -> list[lookup.Found]:
    """Return the parts that train what was handed in, each with the same submission."""
    there = {part for part, _ in found}
    return [
        (extra, one)
        for part, one in found
        for extra in known_parts.training_of([part])
        if extra not in there
    ]


def _open(
    found: Sequence[lookup.Found],
    isolation: str,
    limits: Mapping[str, Limits],
    public: Path | None,
) -> Grader:
    """Return a grader for one submission: what it imports is preloaded, if there is any to run."""
    handed_in = [(part, one) for part, one in found if isinstance(one, Submission)]
    wanted = sorted({name for part, one in handed_in for name in wanted_imports(one, part)})
    longest = Limits.longest(limits.values())
    parts = [part for part, _ in found]
    return Grader(parts, isolation, wanted, longest, public, start_now=bool(handed_in))

"""Grade one submission: find its parts, run the student's code, end the worker, then judge."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

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
    """One part of a submission: what it earned, and what the student's code computed.

    `file` is the name of the file that was graded; empty if there was none.
    """

    part: Part
    result: Result
    outputs: Outputs
    file: str = ""


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
    """Grade one submission; return one `Graded` per part. No error in the student's code is raised.

        >>> from autograder import grade
        >>> [graded] = grade("solutions", parts=["gaussian_gan"])
        >>> graded.result.score
        100.0

    Arguments:
        path: a .py, a notebook, a folder or a zip.
        parts: the parts to grade, or their names; by default those that the submission holds.
        train: also grade the parts that train the student's networks; takes minutes.
        public: the released answers; with them, only public checks count and no stored answer is read.
        isolation: "auto" (every available wall), "strict" (all walls, or an error), "none".
        limits: by part name; by default `Limits.usual`.
        functions: run only the probes of these functions; by default all.
        absent_earns_nothing: a missing part gets 0 points and the reason, instead of an error.
        one_wall_of: at least one of these layers must be in force.
        grader: an open grader to use again; it has its own answers and isolation.
        planned, starting, finished: called with the parts to grade while workers start, before each
            part is run, and after it is judged.

    Raises SubmissionError if there is nothing to grade, or a part that was asked for is missing;
    SandboxError if a required wall is missing; AnswersError if answers are missing.
    """
    handed_in = _find(Path(path), parts, absent_earns_nothing)
    handed_in += _training_of(handed_in) if train else []
    usual = {part.name: Limits.usual(part) for part, _ in handed_in}
    opened = nullcontext(grader) if grader else _open(handed_in, isolation, limits or usual, public)
    graded = []
    with opened as grader:
        planned([part for part, _ in handed_in])
        _require_one_wall(grader, handed_in, one_wall_of)
        for part, one in handed_in:
            if isinstance(one, Submission):
                starting(part, one)
                probes = part.probes_of(*functions) if functions else None
                own = {**usual, **(limits or {})}[part.name]
                result, outputs = grader.grade(one, part, own, probes)
            else:
                outputs = unloadable(part, one, notes=(one,))
                result = grader.rescore(outputs, Path(path).name)
            graded.append(Graded(part, result, outputs, getattr(one, "source", "")))
            finished(graded[-1])
    return graded


def public_checks_of(path: Path) -> Path:
    """Return where the released answers of a file or a folder are: in its folder.

    If that is a Python package without them, they are beside the outermost package.
    """
    beside = (path if path.is_dir() else path.parent) / PUBLIC_CHECKS
    folder = beside.parent.resolve()
    while not beside.is_file() and (folder / "__init__.py").is_file():
        folder = folder.parent
        if (folder / PUBLIC_CHECKS).is_file():
            return folder / PUBLIC_CHECKS
    return beside


class Grader:
    """Grades any number of submissions with one set of warm workers; close it when done.

    Arguments:
        parts: what to grade.
        isolation: "auto" (every available wall), "strict" (all walls, or an error), "none".
        preload: packages to import before any submission comes.
        limits: what one submission may use.
        public: the released answers; with them, only public checks count and no stored answer is read.
        start_now: start workers at once, not when the first submission comes.
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
        self._public = public is not None
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

    def __exit__(self, *problem: object) -> None:
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
            limits: seconds for this part, if they are fewer than the grader's.
            probes: the names of the probes to run; by default all of the part's.
        """
        asked = part.released if self._public else part
        outputs = runner.run(self.workers, submission, asked, probes, limits)
        return self.rescore(outputs, submission.label), outputs

    def rescore(self, outputs: Outputs, label: str) -> Result:
        """Score outputs that were stored earlier."""
        return result(self._judges[outputs.part], outputs, label)


def result(judge: Judge, outputs: Outputs, label: str) -> Result:
    """Score outputs, and record how they were made: versions, layers, notes and seconds."""
    if outputs.part != judge.part.name:
        raise AnswersError(f"{label}: outputs of {outputs.part}, not of {judge.part.name}")
    if outputs.key != judge.part.key_id:
        raise AnswersError(f"{label}: was asked with another course's key; grade it again")
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
    """Return the outputs of a submission that cannot be run: no probe returned anything."""
    status = ProbeStatus("unloadable", message)
    statuses = dict.fromkeys(sorted(part.probe_names()), status)
    return Outputs(part.name, {}, statuses, notes=tuple(notes), key=part.key_id)


def _find(
    path: Path, names: Sequence[str | Part] | None, absent_earns_nothing: bool
) -> list[lookup.PartHandedIn]:
    """Return each part with its submission, or with the reason why there is none."""
    chosen = [known_parts.get(one) if isinstance(one, str) else one for one in names or ()]
    chosen = list(dict.fromkeys(chosen))
    if absent_earns_nothing:
        return lookup.each_or_reason(path, chosen or known_parts.PARTS)
    return [*lookup.parts_in(path, chosen or known_parts.PARTS, bool(chosen))]


def _require_one_wall(
    grader: Grader, handed_in: Sequence[lookup.PartHandedIn], layers: Collection[str]
) -> None:
    """Raise SandboxError unless one of some layers is in force, if any are named and code will run."""
    present = [part for part, one in handed_in if isinstance(one, Submission)]
    if layers and present:
        require_one_of(runner.layers_in_force(grader.workers, present[0]), layers)


def _training_of(handed_in: Sequence[lookup.PartHandedIn]) -> list[lookup.PartHandedIn]:
    """Return the parts that train the student's networks, each with the same submission."""
    present = {part for part, _ in handed_in}
    return [
        (extra, one)
        for part, one in handed_in
        for extra in known_parts.training_of([part])
        if extra not in present
    ]


def _open(
    handed_in: Sequence[lookup.PartHandedIn],
    isolation: str,
    limits: Mapping[str, Limits],
    public: Path | None,
) -> Grader:
    """Return a grader for one submission; its workers import in advance what the submission imports."""
    present = [(part, one) for part, one in handed_in if isinstance(one, Submission)]
    imports = sorted({name for part, one in present for name in wanted_imports(one, part)})
    longest = Limits.longest(limits.values())
    parts = [part for part, _ in handed_in]
    return Grader(parts, isolation, imports, longest, public, start_now=bool(present))

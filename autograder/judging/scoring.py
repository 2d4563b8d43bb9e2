"""Turn outputs into points and messages, by the answers. No student code runs here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import AnswersError, JudgingError
from autograder.judging import signatures
from autograder.judging.check import Check, Verdict
from autograder.judging.fingerprints import Fingerprints, load_fingerprints
from autograder.judging.named import load_named, merged
from autograder.judging.naming import Evidence, Right, diagnose
from autograder.judging.suite import Suite
from autograder.mistake import Mistake, load_mistakes
from autograder.outputs import Array, Outputs, read_npz
from autograder.parts import Part
from autograder.results import CheckResult

NOTHING_TO_JUDGE = ("todo", "missing")
JUDGED = ("slip",)  # the code ran to its end; what it returned is wrong


def released_answers(part: Part, public: Path) -> dict[str, Array]:
    """Return a part's answers that students have; raise AnswersError if there are none."""
    arrays, _ = read_npz(public)
    prefix = part.name + "/"
    answers = {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
    if not answers:
        raise AnswersError(f"{public}: holds no answers for {part.name}")
    return answers


def released_parts(public: Path) -> set[str]:
    """Return the names of the parts whose public answers students have."""
    arrays, _ = read_npz(public)
    return {key.partition("/")[0] for key in arrays}


@dataclass(slots=True)
class Judge:
    """A part's suite, answers and known mistakes; judges any number of submissions."""

    part: Part
    answers: Mapping[str, Array]
    suite: Suite
    mistakes: Sequence[Mistake] = ()
    prints: Fingerprints = field(default_factory=dict)
    public_only: bool = False
    _right: Right | None = None

    @classmethod
    def for_staff(cls, part: Part) -> Judge:
        """Judge all checks, with the stored answers; raise AnswersError if these are damaged."""
        signatures.check(part)
        answers, _ = read_npz(part.answers)
        if not part.mistakes.is_dir():
            return cls(part, answers, Suite(part.suite))
        prints, mistakes = load_fingerprints(part.fingerprints), load_mistakes(part)
        return cls(part, answers, Suite(part.suite), *merged(mistakes, prints, load_named(part)))

    @classmethod
    def for_students(cls, part: Part, public: Path) -> Judge:
        """Judge the public checks alone, with the answers released to students."""
        answers = released_answers(part, public)
        return cls(part.released, answers, Suite(part.suite), public_only=True)

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *problem: object) -> None:
        self.suite.close()

    def score(self, outputs: Outputs) -> tuple[CheckResult, ...]:
        """Judge one submission's outputs; every check of the suite appears once."""
        verdicts = self.suite.judge(outputs, self.answers, self.public_only)
        if self._right is None or self._right.answers is not self.answers:
            self._right = Right(self.answers)
        evidence = Evidence(outputs, self._right)
        results = {verdict.check.name: self._result(verdict, evidence) for verdict in verdicts}
        return tuple(
            _with_what_it_rests_on(results[verdict.check.name], verdict.check, results)
            for verdict in verdicts
        )

    def _result(self, verdict: Verdict, evidence: Evidence) -> CheckResult:
        check, outputs = verdict.check, evidence.outputs
        status, message, mistake = "passed", "; ".join(verdict.remarks), None
        if verdict.failure is not None:
            status, message = _lost(verdict, outputs)
            try:
                mistake = self._diagnose(verdict, evidence) if status != "skipped" else None
            except Exception as problem:
                raise JudgingError.of(f"naming the mistake in {check.name}", problem) from problem
            if mistake is not None:
                message = _with_trace(f"{mistake.says} {mistake.hint}".strip(), message, status)
        return CheckResult(
            name=check.name,
            title=check.title,
            score=check.points if status == "passed" else 0.0,
            max_score=check.points,
            status=status,
            message=message,
            mistake=mistake.id if mistake else None,
            visibility="public" if check.public else "hidden",
            function=check.probe,
            figure=check.figure,
            measured=None if verdict.suspicion else verdict.measured,
            suspicion=verdict.suspicion,
        )

    def _diagnose(self, verdict: Verdict, evidence: Evidence) -> Mistake | None:
        check = verdict.check
        probes = [check.probe, *([check.instead] if check.instead else [])]
        return diagnose(
            evidence.outputs,
            probes,
            verdict.read,
            check.name,
            self.mistakes,
            self.prints,
            self.answers,
            evidence,
        )


def _with_what_it_rests_on(
    result: CheckResult, check: Check, results: Mapping[str, CheckResult]
) -> CheckResult:
    """Withhold the points of a check that rests on others, unless one of these passed.

    If none of the others is judged, as in a student's copy of the suite, the check counts by itself.
    """
    others = [results[name] for name in check.rests_on if name in results]
    if result.status != "passed" or not others or any(o.status == "passed" for o in others):
        return result
    message = f"{check.probe}: counts once this check passes: {others[0].title}"
    return replace(result, status="skipped", score=0.0, message=message, withheld=True)


def _lost(verdict: Verdict, outputs: Outputs) -> tuple[str, str]:
    """Return the status and message of a lost check."""
    assert verdict.failure is not None
    probe = outputs.statuses.get(verdict.check.probe)
    if not verdict.blocked or probe is None or probe.status in JUDGED:
        return "failed", verdict.failure
    if probe.status == "todo":
        return "skipped", f"{verdict.check.probe}: still to do"
    if probe.status in NOTHING_TO_JUDGE:
        return "skipped", verdict.failure
    return "error", f"{verdict.check.probe}: {verdict.failure}"


def _with_trace(explanation: str, message: str, status: str) -> str:
    """Put a mistake's explanation before an error's traceback, or in place of another message."""
    return f"{explanation}\n{message}" if status == "error" else explanation

"""Run a suite with pytest, for one submission after another.

pytest collects the suite once and then waits, in its own thread, for outputs to judge. Fixtures,
parametrization and marks work as usual, and pytest does not start anew for each submission of a class.
A mark makes a test a check:

    @pytest.mark.check(points=4, probe="discriminator", public=True)
    def test_discriminator_scores(outputs, answers, remark): ...

`outputs` and `answers` are the arrays of the check's probe; with ``instead="other_probe"`` a check
that fails is judged again on that probe's arrays. `remark(text)` tells the student something that
costs no points. ``figure="Some distance"`` names a number for a leaderboard that all students see;
lower is better. The check passes it to `measured(value)` before it can fail. `suspect(text)` tells
staff, not the student, why the figure does not count. pytest's own failure
texts, which print values, are never used.
"""

from __future__ import annotations

import inspect
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.compare import CheckFailed
from autograder.errors import AutograderError, SourceError
from autograder.files import PARSING
from autograder.judging.check import Check, Verdict, declared
from autograder.judging.views import OF_ARRAYS, NoArray, NotReturned, StudentView, View, describe
from autograder.outputs import MAX_MESSAGE, Array, Outputs
from autograder.parts import REFERENCE

OPTIONS = [
    *("-c", "/dev/null", "--noconftest", "--assert=plain", "--strict-markers"),
    *("--disable-plugin-autoload", "--import-mode=importlib", "-s"),
]
UNUSED = "cacheprovider terminal faulthandler threadexception unraisableexception warnings logging"


@dataclass(slots=True)
class _Job:
    outputs: Outputs
    answers: Mapping[str, Array]
    public_only: bool
    verdicts: list[Verdict] = field(default_factory=list)
    problem: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)


class Suite:
    """A collected suite that judges outputs; close it when done. May be shared by threads."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise SourceError(f"{path}: no such suite")
        self._path = path
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._collected = threading.Event()
        self._checks: list[Check] = []
        self._failure: str | None = None
        self._job: _Job | None = None
        self._thread = threading.Thread(target=self._main, name=path.stem, daemon=True)
        self._collecting = ExitStack()
        self._thread.start()
        self._collected.wait()

    def __enter__(self) -> Suite:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    @property
    def checks(self) -> list[Check]:
        """The suite's checks in their order."""
        self.require_collected()
        return self._checks

    def judge(
        self, outputs: Outputs, answers: Mapping[str, Array], public_only: bool = False
    ) -> list[Verdict]:
        """Judge one submission's outputs; raise SourceError if the suite itself fails."""
        self.require_collected()
        job = _Job(outputs, answers, public_only)
        self._jobs.put(job)
        job.done.wait()
        if job.problem is not None:
            raise job.problem
        return job.verdicts

    def close(self) -> None:
        """End the waiting pytest session."""
        self._jobs.put(None)
        self._thread.join()

    def require_collected(self) -> None:
        """Wait for pytest to collect; raise SourceError if it could not."""
        self._collected.wait()
        if self._failure:
            raise SourceError(self._failure)

    # --- the thread in which pytest runs ------------------------------------------------------

    def _end_collection(self) -> None:
        self._collecting.close()
        self._collected.set()

    def _main(self) -> None:
        unused = [word for name in UNUSED.split() for word in ("-p", f"no:{name}")]
        try:
            # Else pytest lists every folder from the root down, and fails if one disappears meanwhile.
            folder = self._path.parent
            here = [f"--rootdir={folder}", f"--confcutdir={folder}"]
            self._collecting.enter_context(PARSING)  # one suite at a time, and no other parsing
            code = pytest.main([*OPTIONS, *here, *unused, str(self._path)], plugins=[self])
            if code and not self._failure and not self._checks:
                self._failure = f"{self._path.name}: pytest could not collect it (exit {code})"
        finally:
            self._end_collection()

    def pytest_configure(self, config: pytest.Config) -> None:
        mark = "check(points, probe, instead, public, figure, rests_on): a graded test"
        config.addinivalue_line("markers", mark)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self._failure:
            last = str(report.longrepr).strip().splitlines()[-1]
            self._failure = f"{self._path.name}: cannot be collected: {last}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        try:
            self._checks = [declared(item) for item in items]
        except SourceError as problem:
            self._failure = f"{self._path.name}: {problem}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        checks = dict(zip(session.items, self._checks))
        self._end_collection()
        while (job := self._jobs.get()) is not None:
            self._job = job
            try:
                wanted = [i for i, c in checks.items() if c.public or not job.public_only]
                # Since pytest knows the next item, it keeps the module set up in between.
                for item, following in zip(wanted, [*wanted[1:], None]):
                    job.verdicts.append(Verdict(checks[item]))
                    session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            except BaseException as problem:  # the caller waits, and must get any error
                job.problem = problem
            finally:
                job.done.set()
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        job = self._current()
        verdict = job.verdicts[-1]
        check = verdict.check
        probes = [check.probe, *([check.instead] if check.instead else [])]
        for probe in probes:
            status = job.outputs.statuses.get(probe)
            if status is None or status.status != "ok":
                if verdict.failure is None:
                    verdict.failure = status.message if status else f"{probe} was not run"
                    verdict.blocked = True
                continue
            remarks: list[str] = []
            try:
                self._call(pyfuncitem, job, verdict, probe, remarks)
            except CheckFailed as failure:
                if verdict.failure is None or verdict.blocked:
                    verdict.failure, verdict.blocked = str(failure)[:MAX_MESSAGE], False
                continue
            if verdict.failure is not None:
                remarks.append(f"judged with a right {_missing_word(probe)}")
            verdict.failure, verdict.blocked, verdict.remarks = None, False, remarks
            break
        return True

    def _call(
        self, item: pytest.Function, job: _Job, verdict: Verdict, probe: str, remarks: list[str]
    ) -> None:
        """Judge one probe's arrays, of any form; raise CheckFailed if they lose the check."""
        outputs = StudentView(job.outputs.arrays, job.answers, probe, verdict.read)
        tell: dict[str, Callable[[Any], None]] = {
            "remark": remarks.append,
            "measured": verdict.measure,
            "suspect": verdict.suspect,
        }
        try:
            _judge(item, job.answers, probe, outputs, verdict.answers_read, tell)
        except CheckFailed:
            raise
        except NotReturned:
            raise CheckFailed("what came back from your code is incomplete") from None
        except NoArray as problem:
            raise SourceError(f"{item.name}: no answer {problem}; record again?") from problem
        except Exception as problem:
            if not _judges_the_solution(item, job.answers, probe, problem):
                raise  # the suite itself is wrong; pytest reports that
            arrays = describe(job.outputs.arrays, job.answers, probe, verdict.read)
            message = f"{verdict.check.probe}: this check cannot judge what came back: {arrays}"
            raise CheckFailed(message) from problem

    @pytest.fixture
    def outputs(self) -> None:
        """Stand in for the arrays of the check's probe."""

    @pytest.fixture
    def answers(self) -> None:
        """Stand in for the solution's arrays of the check's probe."""

    @pytest.fixture
    def reference(self) -> None:
        """Stand in for the arrays of the part's `probe_reference`, which are not answers."""

    @pytest.fixture
    def remark(self) -> Callable[[str], None] | None:
        """Stand in for the function that tells the student something."""
        return None

    @pytest.fixture
    def measured(self) -> Callable[[float], None] | None:
        """Stand in for the function that records the check's figure."""
        return None

    @pytest.fixture
    def suspect(self) -> Callable[[str], None] | None:
        """Stand in for the function that tells staff, and them alone, why to look at a figure."""
        return None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            job = self._current()
            last = str(report.longrepr).strip().splitlines()[-1]
            name = report.nodeid.rpartition("::")[2]
            job.problem = job.problem or SourceError(f"{self._path.name}: {name}: {last}")

    def _current(self) -> _Job:
        if self._job is None:
            raise AutograderError("a check ran outside of a judgement")
        return self._job


def _judge(
    item: pytest.Function,
    answers: Mapping[str, Array],
    probe: str,
    outputs: View,
    answers_read: set[str],
    tell: Mapping[str, Callable[[Any], None]],
) -> None:
    """Call a check with the arguments that it names; `tell` are the functions among them."""
    wanted = inspect.signature(item.obj).parameters
    given: dict[str, Any] = {
        **{name: value for name, value in item.funcargs.items() if name in wanted},
        "outputs": outputs,
        "answers": View(answers, probe, answers_read),
        "reference": View(answers, REFERENCE, answers_read),
        **tell,
    }
    with np.errstate(all="ignore"):  # what overflows becomes infinite, and fails
        item.obj(**{name: value for name, value in given.items() if name in wanted})


def _judges_the_solution(
    item: pytest.Function, answers: Mapping[str, Array], probe: str, problem: Exception
) -> bool:
    """Return whether a check that raised works on the solution's arrays, so that the student's are odd.

    If some of the solution's arrays are missing, as in the released answers, the kind of error decides.
    """
    own = View(answers, probe, set())
    try:
        nobody = dict.fromkeys(("remark", "measured", "suspect"), lambda said: None)
        _judge(item, answers, probe, own, set(), nobody)
    except (CheckFailed, NoArray):
        return isinstance(problem, OF_ARRAYS)
    except Exception:
        return False
    return True


def _missing_word(probe: str) -> str:
    """Return which functions a probe replaces by correct ones: for "net_G_given_G_block", G_block."""
    word = probe.partition("_given_")[2]
    short = {"bce": "bce_loss", "updates": "update_D and update_G"}
    return short.get(word, word.replace("_and_", " and ") or probe)

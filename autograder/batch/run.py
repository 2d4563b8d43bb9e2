"""Grade a class into one folder per student, gradebooks and pages; nothing is ever lost.

If a run stops for any reason, the same command continues it, and the final gradebook is the same to
the byte: see `store` for how.
"""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from autograder import outputs
from autograder.batch import digests
from autograder.batch.attempts import about_of, keep_attempt
from autograder.batch.code import keep_code
from autograder.batch.predictions import keep_predictions
from autograder.batch.progress import Progress, Summary
from autograder.batch.publish import page_for, publish, released
from autograder.batch.store import ClassRecord, HandedIn, Mark, Store
from autograder.errors import AutograderError, SubmissionError, reason
from autograder.files import FULL
from autograder.grading import unloadable
from autograder.handins.fragments import fragments
from autograder.handins.layouts.entry import Entry
from autograder.handins.roster import Roster
from autograder.handins.submission import Submission
from autograder.outputs import Outputs
from autograder.parts import Part
from autograder.reports.sheet import About
from autograder.results import Result
from autograder.running.executors import Submit
from autograder.running.warm import Settings

JudgeOutputs = Callable[[Outputs, str], Result]
Waiting = dict["Future[bytes]", tuple[Entry, Mark]]
# Errors of one folder's name: the other students' folders can be written.
OF_A_NAME = (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ENOTDIR, errno.EISDIR)


class _Unwritable(AutograderError):
    """The output folder cannot be written; this ends the run."""


def grade_class(
    roster: Roster,
    part: Part,
    output: Path,
    settings: Settings,
    submit: Submit,
    width: int,
    judge: JudgeOutputs,
    forms: Sequence[str] = (),
    deadline: dt.datetime | None = None,
    tell: Callable[[Progress], None] = lambda progress: None,
    fresh: bool = False,
    into: Path | None = None,
    column: str = "",
    explain: Callable[[Store, Callable[[str], None]], Sequence[str]] = lambda store, say: (),
) -> Summary:
    """Grade every entry that has no valid result yet, then write gradebook and pages.

    Arguments:
        submit: runs a submission somewhere; its future gives the bytes of an outputs.npz.
        width: how many it runs at once.
        judge: turns outputs into a result; its second argument is the student's key.
        forms: gradebooks to write besides gradebook.csv; those of earlier runs are kept up to date.
        tell: called with the progress after each entry.
        fresh: grade everything again.
        into: the table that the platform of the one form exported, and `column` in it.
        explain: called with the graded class before its pages are written, and with what tells the
            progress; returns what failed, a sentence each.

    Raises AutograderError if the disk is full or another run writes to the same folder.
    """
    store = Store(output)
    with store.opened():
        store.require_same(part.name, [entry.key for entry in roster.entries])
        store.write_class(
            record_of(roster, part, [*forms, *store.earlier_forms()], deadline, column)
        )
        store.keep_table(forms, into)
        store.set_aside({entry.key for entry in roster.entries})
        keep_predictions(store, roster, part)
        run = _Run(part, store, settings, judge, tell, Progress(len(roster.entries)))
        failed = run.grade(roster.entries, submit, width, fresh)
        if failed:  # once more, one at a time: another submission may have caused the failure
            for entry in failed:
                del run.failures[entry.key]
            run.progress = replace(run.progress, failed=len(run.failures))
            run.grade(failed, submit, 1, fresh)
        for key in run.failures:
            store.forget(key)
        failed_to = explain(store, lambda doing: tell(replace(run.progress, doing=doing)))
        unplaced = publish(store)
        return Summary(run.progress, run.failures, tuple(unplaced), tuple(failed_to))


def record_of(
    roster: Roster,
    part: Part,
    forms: Sequence[str],
    deadline: dt.datetime | None,
    column: str = "",
) -> ClassRecord:
    """Return what class.json holds of a class."""
    return ClassRecord(
        column=column,
        part=part.name,
        layout=roster.layout,
        rule=roster.rule,
        assignment=roster.assignment,
        forms=tuple(sorted(set(forms))),
        deadline=deadline.isoformat() if deadline else "",
        entries=tuple(
            HandedIn(entry.key, entry.people, _time(entry), entry.late, entry.absent)
            for entry in roster.entries
        ),
    )


def _time(entry: Entry) -> str:
    return entry.submitted.isoformat() if entry.submitted else ""


def _about(entry: Entry, file: str = "") -> Mapping[str, object]:
    return About(file, _time(entry), entry.late).to_mark()


class _Run:
    """One run over a class: its progress and failures, and the hashes that its results get."""

    def __init__(
        self,
        part: Part,
        store: Store,
        settings: Settings,
        judge: JudgeOutputs,
        tell: Callable[[Progress], None],
        progress: Progress,
    ) -> None:
        self.part = part
        self.store = store
        self.judge = judge
        self.tell = tell
        self.progress = progress
        self.failures: dict[str, str] = {}
        self.running = digests.of_running(part, settings)
        self.judging = digests.of_judging(part)
        self.released = released(part)
        self.names = part.functions()

    def grade(
        self, entries: Sequence[Entry], submit: Submit, width: int, fresh: bool
    ) -> list[Entry]:
        """Grade entries, at most twice `width` at once; return those on which the grader failed."""
        waiting: Waiting = {}
        failed: list[Entry] = []
        try:
            for entry in entries:
                task = None
                with self._failing_alone(entry):
                    task = self._begin(entry, fresh)
                if task is None:
                    continue
                submission, mark = task
                waiting[submit(submission)] = (entry, mark)
                while len(waiting) >= 2 * width:
                    failed += self._collect(waiting)
            while waiting:
                failed += self._collect(waiting)
        finally:
            for future in waiting:
                future.cancel()
        return failed

    def _begin(self, entry: Entry, fresh: bool) -> tuple[Submission, Mark] | None:
        """Return what must be run; None if the result is still valid, or can be written at once."""
        try:
            submission = entry.load(self.part)
        except SubmissionError as problem:
            self._take_unreadable(entry, str(problem).removeprefix(f"{entry.key}: "), fresh)
            return None
        handed = digests.of_submission(submission)
        mark = {
            "run": digests.of_bytes(f"{self.running} {handed}".encode()),
            "handed": handed,
            "about": _about(entry, submission.source),
            "judged": self.judging,
            "fragments": fragments(submission, self.names),
        }
        held = "" if fresh else self.store.holds(entry.key, mark)
        self._keep_code(entry, submission)
        if not held:
            return submission, mark
        if held == "outputs":
            self._judge(entry, mark, (self.store.of(entry.key) / "outputs.npz").read_bytes())
        self._count(kept=1)
        return None

    def _keep_code(self, entry: Entry, submission: Submission) -> None:
        try:
            keep_code(self.store, entry.key, submission, self.names)
        except AutograderError as problem:
            raise _of_writing(problem) from problem

    def _take_unreadable(self, entry: Entry, message: str, fresh: bool) -> None:
        """Store a result for a hand-in that cannot be read: no probe returned anything."""
        run = digests.of_bytes(message.encode())
        mark = {
            "run": run,
            "handed": "" if entry.absent else run,
            "about": _about(entry),
            "judged": self.judging,
            "fragments": {},
        }
        if not fresh and self.store.holds(entry.key, mark) == "result":
            self._count(kept=1)
            return
        self._judge(entry, mark, outputs.dumps(unloadable(self.part, message)))
        self._count(graded=1)

    def _collect(self, waiting: Waiting) -> list[Entry]:
        """Judge what has come back; return the entries on which the grader itself failed."""
        failed = []
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            entry, mark = waiting.pop(future)
            problem = future.exception()
            if problem is None:
                with self._failing_alone(entry):
                    self._judge(entry, mark, future.result())
                    self._count(graded=1)
            else:
                self._fail(entry, problem)
                failed.append(entry)
        return failed

    @contextmanager
    def _failing_alone(self, entry: Entry) -> Iterator[None]:
        """Record any error with one entry as that entry's failure, and go on with the others.

        The entry is not tried again, because no other submission can be the cause. Only an output
        folder that cannot be written ends the run.
        """
        try:
            yield
        except Exception as problem:
            if isinstance(problem, _Unwritable) or _is_full(problem):
                raise
            self._fail(entry, problem)

    def _fail(self, entry: Entry, problem: BaseException) -> None:
        self.failures[entry.key] = reason(problem).removeprefix(f"{entry.key}: ")
        self._count(failed=1)

    def _judge(self, entry: Entry, mark: Mark, data: bytes) -> None:
        """Judge outputs and write a student's files; the mark that makes them count comes last."""
        returned = outputs.loads(data, entry.key)
        result = self.judge(returned, entry.key)
        try:
            mark = {**mark, "attempt": keep_attempt(self.store, entry.key, mark)}
            about = about_of(self.store, entry.key, mark)
        except AutograderError as problem:
            raise _of_writing(problem) from problem
        page = page_for(result, returned, self.released, entry.people, about)
        try:
            digest = self.store.write_outputs(entry.key, data)
            self.store.write_result(entry.key, result, page, {**mark, "outputs": digest})
        except AutograderError as problem:
            raise _of_writing(problem) from problem

    def _count(self, **more: int) -> None:
        now = {name: getattr(self.progress, name) + n for name, n in more.items()}
        self.progress = replace(self.progress, **now)
        self.tell(self.progress)


def _of_writing(problem: AutograderError) -> AutograderError:
    """Return what to raise when a student's file cannot be written: it may be the name's fault."""
    of_a_name = getattr(problem.__cause__, "errno", None) in OF_A_NAME
    return problem if of_a_name else _Unwritable(str(problem))


def _is_full(problem: Exception) -> bool:
    return isinstance(problem, OSError) and problem.errno in FULL

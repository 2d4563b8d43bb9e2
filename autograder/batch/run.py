"""A class -> results, one folder a student, a gradebook and pages; nothing is ever lost.

Whatever ends a run, the same command goes on where it stopped, and the gradebook in the end is the
same to the byte: see `store` for how.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from pathlib import Path

from autograder import outputs
from autograder.batch import digests
from autograder.batch.progress import Progress, Summary
from autograder.batch.publish import page_for, publish, released
from autograder.batch.store import ClassRecord, HandedIn, Mark, Store
from autograder.errors import SubmissionError
from autograder.grading import unloadable
from autograder.handins import similarity
from autograder.handins.layouts.entry import Entry
from autograder.handins.roster import Roster
from autograder.handins.submission import Submission
from autograder.outputs import Outputs
from autograder.parts import Part
from autograder.results import Result
from autograder.running.executors import Submit
from autograder.running.warm import Settings

JudgeOutputs = Callable[[Outputs, str], Result]
Waiting = dict["Future[bytes]", tuple[Entry, Mark]]


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
) -> Summary:
    """Grade every entry that has no valid result yet, then write gradebook and pages.

    Arguments:
        submit: runs a submission somewhere; its future gives the bytes of an outputs.npz.
        width: how many it runs at once.
        judge: turns outputs into a result; its second argument is the student's key.
        forms: gradebooks to write besides gradebook.csv; those of earlier runs are kept up to date.
        tell: is called with the progress after each entry.
        fresh: grade everything again.

    Raises AutograderError if the disk is full or another run writes to the same folder.
    """
    store = Store(output)
    with store.opened():
        store.write_class(_record(roster, part, [*forms, *store.earlier_forms()], deadline))
        store.set_aside({entry.key for entry in roster.entries})
        run = _Run(part, store, settings, judge, tell, Progress(len(roster.entries)))
        failed = run.grade(roster.entries, submit, width, fresh)
        if failed:  # once more, one at a time: another submission may have been the reason
            run.progress = replace(run.progress, failed=0)
            run.failures.clear()
            run.grade(failed, submit, 1, fresh)
        publish(store)
        return Summary(run.progress, run.failures)


def _record(
    roster: Roster, part: Part, forms: Sequence[str], deadline: dt.datetime | None
) -> ClassRecord:
    return ClassRecord(
        part=part.name,
        layout=roster.layout,
        rule=roster.rule,
        assignment=roster.assignment,
        forms=tuple(sorted(set(forms))),
        deadline=deadline.isoformat() if deadline else "",
        entries=tuple(
            HandedIn(
                key=entry.key,
                people=entry.people,
                submitted=entry.submitted.isoformat() if entry.submitted else "",
                late=entry.late,
            )
            for entry in roster.entries
        ),
    )


class _Run:
    """One pass over a class: what is waiting, what came back, what went wrong."""

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

    def grade(
        self, entries: Sequence[Entry], submit: Submit, width: int, fresh: bool
    ) -> list[Entry]:
        """Grade entries, at most twice `width` underway; return those that the grader failed on."""
        waiting: Waiting = {}
        failed: list[Entry] = []
        try:
            for entry in entries:
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
        """Return what is to be run; None where its result still holds, or can be written at once."""
        try:
            submission = entry.load(self.part)
        except SubmissionError as problem:
            self._take_unreadable(entry, str(problem).removeprefix(f"{entry.key}: "), fresh)
            return None
        run = f"{self.running} {digests.of_submission(submission)}"
        mark = {
            "run": digests.of_bytes(run.encode()),
            "judged": self.judging,
            "shapes": similarity.shapes(submission),
        }
        held = "" if fresh else self.store.holds(entry.key, mark)
        if not held:
            return submission, mark
        if held == "outputs":
            self._judge(entry, mark, (self.store.of(entry.key) / "outputs.npz").read_bytes())
        self._count(kept=1)
        return None

    def _take_unreadable(self, entry: Entry, message: str, fresh: bool) -> None:
        """Judge what cannot be read as a submission of which no probe got an answer."""
        mark = {
            "run": digests.of_bytes(message.encode()),
            "judged": self.judging,
            "shapes": {},
        }
        if not fresh and self.store.holds(entry.key, mark) == "result":
            self._count(kept=1)
            return
        self._judge(entry, mark, outputs.dumps(unloadable(self.part, message)))
        self._count(graded=1)

    def _collect(self, waiting: Waiting) -> list[Entry]:
        """Take what has come back; return the entries that the grader itself failed on."""
        failed = []
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            entry, mark = waiting.pop(future)
            problem = future.exception()
            if problem is None:
                self._judge(entry, mark, future.result())
                self._count(graded=1)
            else:
                text = f"{type(problem).__name__}: {problem}"
                self.failures[entry.key] = " ".join(text.split())[:300]
                self._count(failed=1)
                failed.append(entry)
        return failed

    def _judge(self, entry: Entry, mark: Mark, data: bytes) -> None:
        """Judge outputs and write a student's files; what makes them count comes last."""
        returned = outputs.loads(data, entry.key)
        result = self.judge(returned, entry.key)
        page = page_for(result, returned, self.released, entry.people)
        digest = self.store.write_outputs(entry.key, data)
        self.store.write_result(entry.key, result, page, {**mark, "outputs": digest})

    def _count(self, **more: int) -> None:
        now = {name: getattr(self.progress, name) + n for name, n in more.items()}
        self.progress = replace(self.progress, **now)
        self.tell(self.progress)

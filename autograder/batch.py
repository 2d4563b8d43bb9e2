"""A class -> results, one folder a student, a gradebook and pages; nothing is ever lost.

Each submission's files are written whole or not at all, and its ``graded.json`` last: it names what
the result was made from, by hashes, so that a later run knows what still holds. Whatever ends a run,
the same command goes on where it stopped, and the gradebook in the end is the same to the byte.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from autograder import __version__, grading, outputs, similarity
from autograder.classes import Entry, Person, Roster
from autograder.errors import AnswersError, AutograderError, SubmissionError
from autograder.executors import Settings, Submit
from autograder.outputs import Array, Outputs, ProbeStatus, write_bytes
from autograder.parts import EXTRAS, PACKAGE, Part, get
from autograder.reports import gradebook, gradescope, pictures, webpage
from autograder.reports.gradebook import Row
from autograder.reports.progress import Progress, Summary
from autograder.results import Result
from autograder.scoring import released_answers
from autograder.submissions import Submission

RESULTS = "results"
CLASS = "class.json"
MARK = "graded.json"
LOCK = ".lock"
GONE = "no-longer-in-class"
RUNS = (
    "worker zygote spawning spawned runner loading serve_cuda sandbox postpone submissions outputs"
).split()
JUDGES = "scoring plugin compare diagnosis grading results similarity".split()

JudgeOutputs = Callable[[Outputs, str], Result]


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
        forms: gradebooks to write besides gradebook.csv; those of earlier runs are kept up to date.
        fresh: grade everything again.

    Raises AutograderError if the disk is full or another run writes to the same folder.
    """
    with _disk_errors(output), _locked(output):
        _tidy(output)
        _write_class(roster, part, output, [*forms, *_earlier_forms(output)], deadline)
        _set_aside(output, {entry.key for entry in roster.entries})
        run = _Run(part, output, settings, judge, tell, Progress(len(roster.entries)))
        failed = run.grade(roster.entries, submit, width, fresh)
        if failed:  # once more, one at a time: another submission may have been the reason
            run.progress = replace(run.progress, failed=0)
            run.failures.clear()
            run.grade(failed, submit, 1, fresh)
        publish(output)
        return Summary(run.progress, run.failures)


def publish(output: Path) -> None:
    """Write gradebook, class page and platform gradebooks from what is stored; raise AnswersError."""
    try:
        about = json.loads((output / CLASS).read_bytes())
        part = get(about["part"])
        rows, seen = [], {}
        for entry in about["entries"]:
            key = entry["key"]
            result, mark = _stored(output / RESULTS / key)
            rows.append(
                Row(
                    key=key,
                    people=tuple(Person(**person) for person in entry["people"]),
                    submitted=entry["submitted"],
                    late=entry["late"],
                    result=result,
                )
            )
            seen[key] = mark.get("shapes", {})
        forms = about["forms"]
        course = gradebook.Course(part, about["layout"], about["assignment"], about["deadline"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise AnswersError(f"{output}: not a folder of a graded class ({problem})") from problem
    stub = {part.stub.name: part.stub.read_bytes()} if part.stub.is_file() else {}
    given = similarity.shapes(Submission("stub", part.stub.name, stub)) if stub else {}
    names = {row.key: row.result.submission for row in rows if row.result is not None}
    alike = similarity.pairs({key: seen[key] for key in names}, given)
    write_bytes(output / "gradebook.csv", gradebook.render("plain", rows, course))
    for form in forms:
        if form == "gradescope":
            for row in rows:
                if row.result is not None:
                    data = gradescope.render([row.result])
                    write_bytes(output / RESULTS / row.key / "results.json", data)
        else:
            data = gradebook.render(form, rows, course)
            write_bytes(output / f"gradebook-{form}.csv", data)
    page = webpage.class_page(part.title, rows, alike, about["layout"], about["rule"])
    write_bytes(output / "index.html", page.encode())


def pages(graded: Sequence[tuple[Part, Result, Outputs]]) -> str:
    """Return one submission's page over all of its parts."""
    return webpage.student_page(
        [_sheet(result, told, released(part)) for part, result, told in graded]
    )


def replace_results(output: Path, results: Mapping[Path, Result]) -> None:
    """Store results that were judged again, by their folder, and write every page anew."""
    about = json.loads((output / CLASS).read_bytes())
    part = get(about["part"])
    people = {entry["key"]: entry["people"] for entry in about["entries"]}
    judging, answers = digest_of_judging(part), released(part)
    with _disk_errors(output), _locked(output):
        for path in sorted((output / RESULTS).glob(f"*/{MARK}")):
            mark = json.loads(path.read_bytes())
            result = results.get(path.parent)
            if result is None:
                result = Result.from_json((path.parent / "result.json").read_text(encoding="utf-8"))
            told = outputs.load(path.with_name("outputs.npz"))
            who = [Person(**person) for person in people.get(path.parent.name, ())]
            page = _page(result, told, answers, who)
            _write_result(path.parent, result, page, {**mark, "judged": judging})
        publish(output)


def released(part: Part) -> Mapping[str, Array]:
    """Return the answers that students were given, which their pages may show; none if none were."""
    path = part.stub.with_name(grading.PUBLIC_CHECKS)
    return released_answers(part, path) if path.is_file() and part not in EXTRAS else {}


def digest_of_running(part: Part, settings: Settings) -> str:
    """Hash what outputs depend on besides the submission."""
    files = [PACKAGE / f"{name}.py" for name in RUNS] + [*part.asks]
    words = {
        "limits": asdict(settings.limits),
        "isolation": settings.isolation,
        "torch": metadata.version("torch"),
        "files": [_digest_file(path) for path in files],
    }
    return _digest(json.dumps(words, sort_keys=True).encode())


def digest_of_judging(part: Part) -> str:
    """Hash what a result depends on besides the outputs."""
    files = [PACKAGE / f"{name}.py" for name in JUDGES]
    files += [part.suite, part.answers, part.fingerprints, part.mistakes]
    files += [PACKAGE / "reports" / "webpage.py", *sorted(webpage.TEMPLATES.glob("*"))]
    return _digest("".join([__version__, *map(_digest_file, files)]).encode())


class _Run:
    """One pass over a class: what is waiting, what came back, what went wrong."""

    def __init__(
        self,
        part: Part,
        output: Path,
        settings: Settings,
        judge: JudgeOutputs,
        tell: Callable[[Progress], None],
        progress: Progress,
    ) -> None:
        self.part = part
        self.output = output
        self.judge = judge
        self.tell = tell
        self.progress = progress
        self.failures: dict[str, str] = {}
        self.running = digest_of_running(part, settings)
        self.judging = digest_of_judging(part)
        self.released = released(part)

    def grade(
        self, entries: Sequence[Entry], submit: Submit, width: int, fresh: bool
    ) -> list[Entry]:
        """Grade entries, at most twice `width` underway; return those that the grader failed on."""
        waiting: dict[Future[bytes], tuple[Entry, dict[str, Any]]] = {}
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

    def _begin(self, entry: Entry, fresh: bool) -> tuple[Submission, dict[str, Any]] | None:
        """Return what is to be run, or None where nothing is, and the result stands or is written."""
        folder = self.output / RESULTS / entry.key
        try:
            submission = entry.load(self.part)
        except SubmissionError as problem:
            self._take_unreadable(entry, str(problem).removeprefix(f"{entry.key}: "), fresh)
            return None
        mark = {
            "run": _digest(f"{self.running} {_digest_submission(submission)}".encode()),
            "judged": self.judging,
            "shapes": similarity.shapes(submission),
        }
        held = "" if fresh else _what_holds(folder, mark)
        if held == "result":
            self._count(kept=1)
            return None
        if held == "outputs":
            self._store(entry, mark, (folder / "outputs.npz").read_bytes())
            self._count(kept=1)
            return None
        return submission, mark

    def _take_unreadable(self, entry: Entry, message: str, fresh: bool) -> None:
        """Judge what cannot be read as a submission of which no probe got an answer."""
        mark = {"run": _digest(message.encode()), "judged": self.judging, "shapes": {}}
        if not fresh and _what_holds(self.output / RESULTS / entry.key, mark) == "result":
            self._count(kept=1)
            return
        names = sorted(self.part.probe_names())
        status = ProbeStatus("unloadable", message)
        nothing = Outputs(self.part.name, {}, dict.fromkeys(names, status))
        self._store(entry, mark, outputs.dumps(nothing))
        self._count(graded=1)

    def _collect(self, waiting: dict[Future[bytes], tuple[Entry, dict[str, Any]]]) -> list[Entry]:
        failed = []
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            entry, mark = waiting.pop(future)
            problem = future.exception()
            if problem is None:
                self._store(entry, mark, future.result())
                self._count(graded=1)
            else:
                words = f"{type(problem).__name__}: {problem}"
                self.failures[entry.key] = " ".join(words.split())[:300]
                self._count(failed=1)
                failed.append(entry)
        return failed

    def _store(self, entry: Entry, mark: Mapping[str, Any], data: bytes) -> None:
        """Judge outputs and write a student's files; what makes them count comes last."""
        folder = self.output / RESULTS / entry.key
        told = outputs.loads(data, entry.key)
        result = self.judge(told, entry.key)
        page = _page(result, told, self.released, entry.people)
        write_bytes(folder / "outputs.npz", data)
        _write_result(folder, result, page, {**mark, "outputs": _digest(data)})

    def _count(self, **more: int) -> None:
        now = {name: getattr(self.progress, name) + n for name, n in more.items()}
        self.progress = replace(self.progress, **now)
        self.tell(self.progress)


def _page(
    result: Result, told: Outputs, answers: Mapping[str, Array], people: Sequence[Person]
) -> str:
    return webpage.student_page([_sheet(result, told, answers)], people)


def _sheet(result: Result, told: Outputs, answers: Mapping[str, Array]) -> webpage.Sheet:
    return webpage.Sheet(result, webpage.networks(told, answers), pictures.trainings(told))


def _write_result(folder: Path, result: Result, page: str, mark: Mapping[str, Any]) -> None:
    """Write a student's result and page, and last the mark that makes them count."""
    text = result.to_json().encode()
    write_bytes(folder / "result.json", text)
    write_bytes(folder / "feedback.html", page.encode())
    written = {**mark, "result": _digest(text)}
    write_bytes(folder / MARK, json.dumps(written, indent=1, sort_keys=True).encode())


def _what_holds(folder: Path, mark: Mapping[str, Any]) -> str:
    """Say what of an earlier run still holds: the "result", the "outputs" alone, or nothing."""
    try:
        stored = json.loads((folder / MARK).read_bytes())
        if stored["run"] != mark["run"] or stored["outputs"] != _digest_file(
            folder / "outputs.npz"
        ):
            return ""
        whole = (folder / "feedback.html").is_file()
        same = stored["result"] == _digest_file(folder / "result.json")
        return "result" if same and whole and stored["judged"] == mark["judged"] else "outputs"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _stored(folder: Path) -> tuple[Result | None, dict[str, Any]]:
    """Return a student's result if it was written to its end."""
    try:
        mark: dict[str, Any] = json.loads((folder / MARK).read_bytes())
        return Result.from_json((folder / "result.json").read_text(encoding="utf-8")), mark
    except FileNotFoundError:
        return None, {}


def _write_class(
    roster: Roster,
    part: Part,
    output: Path,
    forms: Sequence[str],
    deadline: dt.datetime | None,
) -> None:
    entries = [
        {
            "key": entry.key,
            "people": [asdict(person) for person in entry.people],
            "submitted": entry.submitted.isoformat() if entry.submitted else "",
            "late": entry.late,
        }
        for entry in roster.entries
    ]
    about = {
        "part": part.name,
        "layout": roster.layout,
        "rule": roster.rule,
        "assignment": roster.assignment,
        "forms": sorted(set(forms)),
        "deadline": deadline.isoformat() if deadline else "",
        "entries": entries,
    }
    text = json.dumps(about, indent=1, ensure_ascii=False)
    write_bytes(output / CLASS, text.encode())


def _earlier_forms(output: Path) -> list[str]:
    """Return the gradebooks of earlier runs: they would tell old scores if nobody wrote them anew."""
    try:
        return list(json.loads((output / CLASS).read_bytes())["forms"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _set_aside(output: Path, keys: Collection[str]) -> None:
    """Move the results of who is not in the class out of the way, and back if they return."""
    here, gone = output / RESULTS, output / GONE
    for folder in _finished(here):
        if folder.name not in keys:
            gone.mkdir(exist_ok=True)
            if (gone / folder.name).exists():
                shutil.rmtree(gone / folder.name)
            folder.rename(gone / folder.name)
    for folder in _finished(gone):
        if folder.name in keys and not (here / folder.name).exists():
            here.mkdir(exist_ok=True)
            folder.rename(here / folder.name)


def _finished(folder: Path) -> list[Path]:
    """Return the students' folders that hold a whole result."""
    return [path.parent for path in sorted(folder.glob(f"*/{MARK}"))]


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """Let one run at a time write to a folder; the lock ends with the process."""
    lock = FileLock(output / LOCK)
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise AutograderError(f"{output}: another run is writing to it; wait for it") from None
    except OSError as problem:
        raise AutograderError(f"{output}: cannot be written: {problem.strerror}") from problem
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _disk_errors(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise AutograderError(
                f"{output}: the disk is full; what was graded is kept: make room and run the same "
                "command again"
            ) from problem
        raise


def _tidy(output: Path) -> None:
    """Remove the half-written files of a run that was killed."""
    for pattern in (".*.part", f"{RESULTS}/*/.*.part"):
        for path in output.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _digest_submission(submission: Submission) -> str:
    whole = hashlib.sha256(submission.main.encode())
    for name in sorted(submission.files):
        whole.update(f"\0{name}\0{_digest(submission.files[name])}".encode())
    return whole.hexdigest()


def _digest_file(path: Path) -> str:
    return _digest(path.read_bytes()) if path.is_file() else ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

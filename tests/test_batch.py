"""A class is graded whole: what stops a run costs time, and nothing else."""

from __future__ import annotations

import csv
import dataclasses
import errno
import json
import os
import random
import shutil
import signal
from concurrent.futures import Future
from pathlib import Path

import pytest

from autograder import grading, outputs, parts
from autograder.batch import publish, rescore, run, store
from autograder.batch.progress import Progress
from autograder.batch.store import Store
from autograder.errors import AutograderError
from autograder.handins.roster import find_class
from autograder.judging.scoring import Judge
from autograder.parts import PACKAGE
from autograder.running.executors import SerialExecutor
from autograder.running.warm import Settings
from autograder.staff import record
from tests.selection import sample

PART = parts.get("gan_pytorch")
SETTINGS = Settings(PART.name)
KILLS = 10  # with each of five seeds: docs/class.md says 50


@pytest.fixture(scope="module")
def judge():
    with Judge.for_staff(PART) as judge:
        yield judge


@pytest.fixture(scope="module")
def ran(grader):
    """Return what running gave, by the text of a submission."""
    solution = record.run_solution(PART, grader.workers)
    wrong = dataclasses.replace(
        solution,
        arrays={k: v * 2 if k.startswith("bce_loss") else v for k, v in solution.arrays.items()},
    )
    return {b"right": outputs.dumps(solution), b"wrong": outputs.dumps(wrong)}


@pytest.fixture
def handed_in(tmp_path):
    """Five students, one of whose files is not there to be graded."""
    folder = tmp_path / "class"
    for name, text in {"ada": "right", "bob": "wrong", "山田": "right", "eve": "wrong"}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "gan_pytorch.py").write_text(text)
    (folder / "zoe").mkdir()
    (folder / "zoe" / "nothing.zip").write_bytes(b"no zip")
    return folder


@pytest.fixture
def grade(ran, judge, handed_in, tmp_path):
    """Grade the class with workers that answer at once; return the summary.

    What was judged before is remembered: a forked process has no suite of its own.
    """
    judged = {}

    def remembered(found, label):
        key = (outputs.dumps(found), label)
        if key not in judged:
            judged[key] = grading.result(judge, found, label)
        return judged[key]

    def grade(output=tmp_path / "out", submit=None, **options):
        executor = SerialExecutor()

        def at_once(submission):
            return executor.submit(ran.__getitem__, submission.files[submission.main])

        return run.grade_class(
            find_class(handed_in, PART),
            PART,
            output,
            SETTINGS,
            submit or at_once,
            2,
            remembered,
            **{"forms": ("canvas", "gradescope", "nbgrader"), **options},
        )

    return grade


def contents(folder):
    """Return every file of a class's folder but the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != store.LOCK
    }


def scores(folder):
    with (folder / "gradebook.csv").open(encoding="utf-8-sig") as file:
        return {line["student"]: line["score"] for line in csv.DictReader(file)}


def test_every_student_gets_their_files_and_a_line(grade, tmp_path):
    done = grade()
    assert done.progress == Progress(total=5, graded=5)
    assert done.failures == {}
    assert scores(tmp_path / "out") == {
        "ada": "100",
        "bob": "92",
        "eve": "92",
        "zoe": "0",
        "山田": "100",
    }
    folder = tmp_path / "out" / "results" / "山田"
    names = {
        "outputs.npz",
        "result.json",
        "feedback.html",
        "graded.json",
        "results.json",
        "code.json",
    }
    assert {path.name for path in folder.iterdir()} == names
    assert "index.html" in contents(tmp_path / "out")


def test_what_cannot_be_read_says_why(grade, tmp_path):
    grade()
    result = json.loads((tmp_path / "out" / "results" / "zoe" / "result.json").read_text())
    assert result["score"] == 0
    assert "zip" in result["checks"][0]["message"]


def test_a_second_run_grades_nothing_again(grade, tmp_path):
    grade()
    before = contents(tmp_path / "out")
    again = grade(submit=None)
    assert (again.progress.kept, again.progress.graded) == (5, 0)
    assert contents(tmp_path / "out") == before


def test_a_changed_submission_alone_is_graded_again(grade, handed_in, tmp_path):
    grade()
    (handed_in / "bob" / "gan_pytorch.py").write_text("right")
    assert grade().progress.kept == 4
    assert scores(tmp_path / "out")["bob"] == "100"


def test_a_damaged_file_is_made_again(grade, tmp_path):
    grade()
    before = contents(tmp_path / "out")
    (tmp_path / "out" / "results" / "ada" / "outputs.npz").write_bytes(b"half")
    (tmp_path / "out" / "results" / "bob" / "result.json").write_text("{}")
    (tmp_path / "out" / "results" / "eve" / "feedback.html").unlink()
    grade()
    assert contents(tmp_path / "out") == before


def test_fresh_grades_all_again(grade):
    grade()
    assert grade(fresh=True).progress.graded == 5


@pytest.mark.parametrize("seed", sample(range(1, 6), every=5))
def test_killed_at_any_point_the_same_command_ends_with_the_same_bytes(
    grade, tmp_path, monkeypatch, seed
):
    """Kill -9 at random file operations, each time going on from what is there."""
    whole = tmp_path / "whole"
    operations = count_operations(monkeypatch, lambda: grade(whole))
    expected = contents(whole)
    chance = random.Random(seed)
    output = tmp_path / "killed"
    for kill in range(KILLS):
        died = 0
        while died_at(monkeypatch, chance.randrange(operations + 1), lambda: grade(output)):
            died += 1
            assert died < 100
        assert contents(output) == expected
        output.rename(tmp_path / f"done-{kill}")


def count_operations(monkeypatch, work):
    counted = [0]
    with monkeypatch.context() as patch:
        watch(patch, lambda: counted.__setitem__(0, counted[0] + 1))
        work()
    return counted[0]


def died_at(monkeypatch, number, work):
    """Do the work in a forked process that is killed at an operation; tell whether it was."""
    pid = os.fork()
    if pid == 0:
        left = [number]

        def tick():
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        try:
            watch(monkeypatch, tick)
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended in (0, -signal.SIGKILL)
    return ended != 0


def watch(patch, tick):
    """Call `tick` before, in the middle of, and after every file that is written."""
    write, replace = Path.write_bytes, os.replace

    def slowly(path, data):
        tick()
        write(path, data[: len(data) // 2])
        tick()
        return write(path, data)

    def moved(source, target):
        tick()
        replace(source, target)
        tick()

    patch.setattr(Path, "write_bytes", slowly)
    patch.setattr(os, "replace", moved)


def test_a_full_disk_is_one_line_and_costs_nothing(grade, tmp_path, monkeypatch):
    grade(tmp_path / "whole")
    with monkeypatch.context() as patch:
        left = [4]

        def moved(source, target, replace=os.replace):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            replace(source, target)

        patch.setattr(os, "replace", moved)
        with pytest.raises(AutograderError, match="the disk is full") as caught:
            grade()
    assert "\n" not in str(caught.value)
    grade()
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_two_runs_do_not_write_to_one_folder(grade, tmp_path):
    with Store(tmp_path / "out").opened(), pytest.raises(AutograderError, match="another run"):
        grade()


def test_a_failure_of_the_grader_is_tried_again_and_then_told(grade, ran, tmp_path):
    tried = []

    def breaks_on_bob(submission):
        future = Future()
        tried.append(submission.label)
        if submission.label == "bob":
            future.set_exception(ConnectionError("the machine went away"))
        else:
            future.set_result(ran[submission.files[submission.main]])
        return future

    done = grade(submit=breaks_on_bob)
    assert done.failures == {"bob": "ConnectionError: the machine went away"}
    assert tried.count("bob") == 2
    assert scores(tmp_path / "out")["bob"] == ""
    assert grade().failures == {}
    assert scores(tmp_path / "out")["bob"] == "92"


def test_rescoring_changes_results_pages_and_gradebook_and_what_resuming_keeps(
    grade, tmp_path, monkeypatch
):
    output = tmp_path / "out"
    grade()
    before = contents(output)
    assert [change for change in rescore.rescore(output) if change.changed] == []

    def generous(judge, found, label, result=grading.result):
        made = result(judge, found, label)
        checks = tuple(dataclasses.replace(c, score=c.max_score) for c in made.checks)
        return dataclasses.replace(made, checks=checks, score=made.max_score)

    with monkeypatch.context() as patch:
        patch.setattr(grading, "result", generous)
        changes = rescore.rescore(output)
        assert contents(output) == before, "nothing is written before it is told"
        rescore.write(output, changes)
    bob = next(change for change in changes if change.folder.name == "bob")
    assert bob.difference == 8 and bob.names[0].startswith("bce_")
    assert scores(output)["bob"] == "100"
    assert "100" in (output / "results" / "bob" / "feedback.html").read_text()
    assert grade().progress.kept == 5


def test_a_gradebook_of_an_earlier_run_tells_no_old_score(grade, handed_in, tmp_path):
    output = tmp_path / "out"
    grade()
    (handed_in / "bob" / "gan_pytorch.py").write_text("right")
    grade(forms=())
    lines = (output / "gradebook-canvas.csv").read_text().splitlines()
    assert next(line for line in lines if line.startswith("bob,")).endswith(",100.00")
    told = json.loads((output / "results" / "bob" / "results.json").read_text())
    assert told["score"] == 100


def test_who_left_the_class_is_set_aside_and_comes_back_as_they_were(grade, handed_in, tmp_path):
    output = tmp_path / "out"
    grade()
    before = contents(output)
    (handed_in / "bob").rename(tmp_path / "bob")
    done = grade()
    assert done.progress == Progress(total=4, kept=4)
    assert "bob" not in scores(output)
    assert not (output / "results" / "bob").exists()
    assert "bob" not in {change.folder.name for change in rescore.rescore(output)}
    (tmp_path / "bob").rename(handed_in / "bob")
    assert grade().progress == Progress(total=5, kept=5)
    assert contents(output) == before


def test_a_result_of_an_older_suite_stops_no_page(grade, tmp_path):
    """A run that was killed after a change of the suite leaves results of both."""
    output = tmp_path / "out"
    grade()
    path = output / "results" / "bob" / "result.json"
    told = json.loads(path.read_text())
    told["checks"] = told["checks"][3:]
    path.write_text(json.dumps(told))
    publish.publish(Store(output))
    assert "bob" in scores(output)


def test_a_folder_that_is_no_class_says_so(tmp_path):
    (tmp_path / store.CLASS).write_text("[]")
    with pytest.raises(AutograderError, match="not a folder of a graded class"):
        publish.publish(Store(tmp_path))


@pytest.mark.parametrize(
    ("changed", "judged"),
    [("reports/pictures.py", True), ("compare.py", True), ("cli/main.py", False)],
)
def test_no_stale_page_is_kept_after_a_change_of_what_makes_it(
    grade, tmp_path, monkeypatch, changed, judged
):
    """And nothing is run again for it, nor judged again for what makes no page."""
    copy = tmp_path / "autograder"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("autograder.batch.digests.PACKAGE", copy)
    grade()
    page_for = run.page_for
    monkeypatch.setattr(run, "page_for", lambda *given: page_for(*given) + "<!-- today's -->")
    with (copy / changed).open("a") as file:
        file.write("# changed\n")
    assert grade().progress.kept == (5 if not judged else 4)  # the unreadable one is judged anew
    pages = [path.read_text() for path in (tmp_path / "out").rglob("feedback.html")]
    assert len(pages) == 5
    assert {page.endswith("<!-- today's -->") for page in pages} == {judged}

"""A class is graded whole: what stops a run costs time, and nothing else."""

from __future__ import annotations

import csv
import dataclasses
import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
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
from autograder.running import limits
from autograder.running.executors import SerialExecutor
from autograder.running.warm import Settings
from autograder.staff import record

PART = parts.get("gan_pytorch")
SETTINGS = Settings(PART.name)
KILLS = 50


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
    with (folder / "gradebook.csv").open() as file:
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
    names = {"outputs.npz", "result.json", "feedback.html", "graded.json", "results.json"}
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


def test_killed_at_any_point_the_same_command_ends_with_the_same_bytes(
    grade, tmp_path, monkeypatch
):
    """Kill -9 at random file operations, each time going on from what is there."""
    whole = tmp_path / "whole"
    operations = count_operations(monkeypatch, lambda: grade(whole))
    expected = contents(whole)
    chance = random.Random(1)
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
    bob = next(change.line() for change in changes if change.folder.name == "bob")
    assert "92 -> 100/100 (bce_" in bob
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


# --- the command, with real workers --------------------------------------------------------------


@pytest.fixture
def real_class(tmp_path, solution_text):
    folder = tmp_path / "submissions"
    folder.mkdir()
    for number in range(6):
        (folder / f"student {number}.py").write_text(f"# {number}\n{solution_text}")
    (folder / "stub.py").write_text(PART.stub.read_text())
    (folder / "crash.py").write_text(f"{solution_text}\nimport os\nos._exit(3)\n")
    return folder


def command(folder, output, *more):
    line = [sys.executable, "-m", "autograder", "grade-class", folder, "--output", output, *more]
    return list(map(str, line))


def test_the_command_killed_midway_goes_on_and_ends_the_same(real_class, tmp_path):
    whole = subprocess.run(
        command(real_class, tmp_path / "whole"), capture_output=True, text=True, timeout=100
    )
    assert whole.returncode == 0, whole.stderr
    assert "8 submissions" in whole.stdout
    output = tmp_path / "out"
    process = subprocess.Popen(
        command(real_class, output, "--workers", "1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while len(list(output.glob("results/*/graded.json"))) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not (output / "gradebook.csv").exists()
    again = subprocess.run(command(real_class, output), capture_output=True, text=True, timeout=100)
    assert again.returncode == 0, again.stderr
    assert "kept from before" in again.stdout
    for name in ("gradebook.csv", "class.json"):
        assert (output / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert scores(output)["student 3"] == "100"


def test_a_dask_cluster_of_which_a_worker_is_killed_grades_the_class(real_class, tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        output = tmp_path / "out"
        process = subprocess.Popen(
            command(
                real_class,
                output,
                "--executor",
                "dask",
                "--scheduler",
                cluster.scheduler_address,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        deadline = time.monotonic() + 60
        while not list(output.glob("results/*/graded.json")):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.01)
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        said, _ = process.communicate(timeout=100)
    assert process.returncode == 0, said
    assert scores(output)["student 5"] == "100"
    assert scores(output)["stub"] == "0"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--executor", "dask"), "go together"),
        (("--scheduler", "tcp://127.0.0.1:1"), "go together"),
        (("--part", "no_part"), "'no_part' is not"),
        (("--executor", "dask", "--scheduler", "gateway:x"), "gateway"),
        (("--deadline", "soon"), "is not a time"),
    ],
)
def test_wrong_options_are_one_line(autograder, real_class, tmp_path, arguments, words):
    done = autograder("grade-class", real_class, "--output", tmp_path / "o", *arguments)
    assert done.exit_code in (1, 2)
    assert words in done.stderr
    assert "Traceback" not in done.output


def test_memory_that_runs_out_in_the_zygote_costs_a_restart_not_a_result(judge, solution_text):
    """Kill the process that forks workers: the submission is run by a new one."""
    from autograder.handins.submission import Submission
    from autograder.running.warm import Warm

    warm = Warm(SETTINGS)
    try:
        name = PART.solution.name
        submission = Submission("one", name, {name: solution_text.encode()})
        first = outputs.loads(warm.run(submission))
        warm._workers._process.kill()
        second = outputs.loads(warm.run(submission))
    finally:
        warm.close()
    assert {s.status for s in second.statuses.values()} == {"ok"}
    assert first.arrays.keys() == second.arrays.keys()
    assert limits.Limits() == SETTINGS.limits

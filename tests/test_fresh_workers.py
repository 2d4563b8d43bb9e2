"""Where a process cannot be forked: new processes, the same answers, and a report that says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder import grading, parts
from autograder.errors import AutograderError, SandboxError
from autograder.handins.submission import Submission
from autograder.running import fresh, runner, start
from autograder.running.fresh import FreshWorkers
from autograder.running.limits import Limits
from tests.selection import sample

PART = parts.get("gan_pytorch")
PRETENDER = Path(__file__).with_name("without_posix.py")
PATIENCE = 60.0  # seconds until a test gives up; nothing takes nearly as long
ASKED = ["sample_noise", "bce_loss"]
LIMITS = Limits(load_seconds=20, probe_seconds=2, total_seconds=40)


@pytest.fixture(scope="module")
def fresh_workers():
    with FreshWorkers([PART], limits=LIMITS) as workers:
        yield workers


def grade(workers, text, probes=ASKED):
    submission = Submission("it", "gan_pytorch.py", {"gan_pytorch.py": text.encode()})
    return runner.run(workers, submission, PART, probes)


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def at_home_in(folder):
    everyone = psutil.process_iter(["cwd"])
    return [process for process in everyone if str(folder) in str(process.info["cwd"])]


def test_linux_forks_and_other_systems_start_processes(monkeypatch):
    assert start.can_fork() == (sys.platform == "linux")
    for system in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        assert not start.can_fork()


def test_both_ways_compute_the_same(fresh_workers, grader, solution_text):
    forked = grade(grader.workers, solution_text, None)
    by_fresh = grade(fresh_workers, solution_text, None)
    assert grader.rescore(by_fresh, "it").score == 100
    assert forked.arrays.keys() == by_fresh.arrays.keys()
    for name, array in forked.arrays.items():
        assert np.array_equal(array, by_fresh.arrays[name]), name
    assert by_fresh.layers == ("resource limits",)
    assert by_fresh.versions.items() <= forked.versions.items()


@pytest.mark.parametrize(
    ("code", "status", "words"),
    sample(
        [
            ("while True: pass", "timeout", "no result after 2 s"),
            ("import os; os._exit(3)", "crash", "ended the program"),
            ("import os; os.kill(os.getpid(), 11)", "crash", "segmentation fault"),
            ("import sys; sys.exit(1)", "error", "sys.exit(1)"),
            (
                "print('x' * 10**6); import sys; print('y', file=sys.stderr); input()",
                "error",
                "EOF",
            ),
        ],
        every=5,
    ),
)
def test_what_student_code_does_costs_its_probe_alone(fresh_workers, code, status, words):
    noise = f"def sample_noise(*a, **k):\n    {code}\n"
    loss = (
        "def bce_loss(x, t):\n    return (x.relu() - x * t + (1 + (-x.abs()).exp()).log()).mean()\n"
    )
    told = grade(fresh_workers, noise + loss)
    assert told.statuses["sample_noise"].status == status
    assert words in told.statuses["sample_noise"].message
    assert told.statuses["bce_loss"].status == "ok"


@pytest.mark.exhaustive(reason="5 s; the quick run has such a file for forked workers")
def test_a_file_that_never_ends_is_reduced_to_what_it_defines(solution_text):
    limits = Limits(load_seconds=2, probe_seconds=2, total_seconds=40)
    with FreshWorkers([PART], limits=limits) as workers:
        told = grade(workers, solution_text + "\nwhile True: pass\n")
    assert {status.status for status in told.statuses.values()} == {"ok"}
    assert "training loop at the bottom" in told.notes[0]


@pytest.mark.exhaustive(reason="4 s; the quick run ends a worker with its engine")
def test_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    forks = "import os, time\nif os.fork() == 0:\n    time.sleep(1000)\n"
    with FreshWorkers([PART], limits=LIMITS) as workers:
        grade(workers, forks + "def sample_noise(*a, **k):\n    while True: pass\n", ASKED[:1])
    assert list(tmp_path.iterdir()) == []
    ours = psutil.Process().children(recursive=True)
    assert not [p for p in ours if "worker.one_shot" in " ".join(p.cmdline())]
    wait_until(lambda: not at_home_in(tmp_path))  # killed, and the kernel takes its time


@pytest.mark.parametrize("busy", sample([True, False], every=2), ids=["running", "importing torch"])
def test_a_worker_ends_when_the_engine_is_killed(busy, tmp_path):
    code = (
        "from autograder import parts\n"
        "from autograder.handins.submission import Submission\n"
        "from autograder.running import fresh, runner\n"
        "from autograder.running.limits import Limits\n"
        "part = parts.get('gan_pytorch')\n"
        "text = b'def sample_noise(*a, **k):\\n    while True: pass\\n'\n"
        "one = Submission('it', 'gan_pytorch.py', {'gan_pytorch.py': text})\n"
        "with fresh.FreshWorkers([part], limits=Limits(probe_seconds=100)) as workers:\n"
        "    print(flush=True)\n"
        "    runner.run(workers, one, part, ['sample_noise'])\n"
    )
    engine = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    engine.stdout.readline()
    process = psutil.Process(engine.pid)
    if busy:
        wait_until(lambda: list(tmp_path.glob("*/gan_pytorch.py")))
    else:
        wait_until(lambda: any(p.cpu_times().user > 0.2 for p in process.children()))
    family = process.children(recursive=True)
    engine.send_signal(signal.SIGKILL)
    engine.communicate()
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []
    assert list(tmp_path.iterdir()) == []


def test_strict_isolation_is_refused():
    with FreshWorkers([PART], "strict") as workers, pytest.raises(SandboxError, match="strict"):
        grade(workers, "")


def test_a_worker_that_cannot_start_is_one_line(monkeypatch, tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such interpreter >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with (
        FreshWorkers([PART]) as workers,
        pytest.raises(AutograderError, match="no such interpreter"),
    ):
        grade(workers, "")


def test_a_file_that_cannot_be_written_is_the_graders_failure_and_not_the_students(fresh_workers):
    files = {"gan_pytorch.py": b"", "gan_pytorch.py/beside.py": b""}
    told = runner.run(fresh_workers, Submission("it", "gan_pytorch.py", files), PART, ASKED)
    assert {status.status for status in told.statuses.values()} == {"unloadable"}
    assert "the autograder itself failed" in told.statuses["bce_loss"].message


def test_a_start_that_takes_too_long_is_told_and_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(fresh, "START_LIMIT", 0.2)
    with (
        FreshWorkers([PART]) as workers,
        pytest.raises(AutograderError, match=r"longer than 0\.2 s"),
    ):
        grade(workers, "")
    assert list(tmp_path.iterdir()) == []


def test_windows_crashes_are_no_ends_that_student_code_chose():
    assert fresh._how_it_ended(0xC0000005) == "signal 11"
    assert fresh._how_it_ended(3) == "exit 3"
    assert fresh._how_it_ended(-9) == "signal 9"


def pretend(system, *arguments, folder):
    environment = {
        **os.environ,
        "PRETENDED_PLATFORM": system,
        "PYTHONPATH": str(parts.PACKAGE.parent),
        "COLUMNS": "120",
    }
    line = [sys.executable, PRETENDER, "-m", "autograder", *arguments]
    return subprocess.run(
        list(map(str, line)), cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory, solution_text):
    folder = tmp_path_factory.mktemp("student")
    (folder / "gan_pytorch.py").write_text(solution_text)
    public = PART.stub.with_name(grading.PUBLIC_CHECKS).read_bytes()
    (folder / grading.PUBLIC_CHECKS).write_bytes(public)
    return folder


@pytest.mark.parametrize(
    ("system", "walls"),
    sample([("win32", "no isolation"), ("darwin", "1 layer of isolation")], every=2),
)
@pytest.mark.exhaustive(reason="4 s each; the quick run asks such workers itself")
def test_students_check_their_work_without_what_linux_has(system, walls, handed_out):
    done = pretend(system, "check", "gan_pytorch.py", folder=handed_out)
    assert "47/47" in done.stdout, done.stderr
    assert walls in done.stdout
    assert done.returncode == 0


@pytest.mark.exhaustive(reason="8 s; the quick run checks one submission on Windows")
def test_a_class_is_graded_on_windows_too_and_told_of_the_walls(tmp_path, solution_text):
    (tmp_path / "class" / "ana").mkdir(parents=True)
    (tmp_path / "class" / "ana" / "gan_pytorch.py").write_text(solution_text)
    for _ in range(2):  # the second finds the first's lock and results
        done = pretend("win32", "grade-class", "class", "--output", "results", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "no walls" in done.stderr
    assert ",100," in (tmp_path / "results" / "gradebook.csv").read_text()


@pytest.mark.exhaustive(reason="4 s; the quick run asks the doctor about this machine")
def test_doctor_tells_what_is_missing(tmp_path):
    done = pretend("darwin", "doctor", folder=tmp_path)
    assert "no walls for student code" in done.stdout
    assert "✓   resource limits" in done.stdout
    assert "✗   mount namespace" in done.stdout

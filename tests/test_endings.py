"""However grading ends, nothing is left: no process, no mount, no folder, no lock."""

from __future__ import annotations

import contextlib
import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.selection import sample

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="looks into /proc for what processes do"
)
PATIENCE = 30.0  # seconds until a test gives up; nothing takes nearly as long
STUBBORN = """
def sample_noise(batch_size, dim, seed=None):
    import os, signal, time
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        try:
            os.setsid()
        except PermissionError:  # behind the filter nobody gets a session of its own
            pass
    while True:
        time.sleep(1)
"""
DIRECTLY = """
import sys
from pathlib import Path
from autograder import parts
from autograder.handins.submission import find
from autograder.running.forked import ForkedWorkers
from autograder.running.limits import Limits
from autograder.running.runner import run
part = parts.get("gan_pytorch")
submission = find(Path(sys.argv[1]), part)
with ForkedWorkers([part], limits=Limits(probe_seconds=float(sys.argv[2]))) as zygote:
    print(run(zygote, submission, part, ["sample_noise"]).statuses["sample_noise"].status)
"""


def ignores(process: psutil.Process, number: int) -> bool:
    """Tell whether a process ignores a signal; one that has ended does not."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return False
    mask = status.partition("SigIgn:")[2].split()[0]
    return bool(int(mask, 16) >> (number - 1) & 1)


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _as_from_a_terminal() -> None:
    """Undo what nohup and background shells hand down: signals that are ignored from the start."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Run:
    """A grading of a submission that never ends, in a folder and a session of its own."""

    def __init__(self, tmp_path: Path, *arguments: object) -> None:
        self.temporary = tmp_path / "temporary"
        self.temporary.mkdir()
        self.mounts = Path("/proc/self/mounts").read_text()
        self.process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_as_from_a_terminal,
        )
        grader = psutil.Process(self.process.pid)
        wait_until(lambda: len(self.stubborn(grader)) == 2)  # a worker, and its child
        self.family = grader.children(recursive=True)
        self.zygote = grader.children()[0]

    def stubborn(self, grader: psutil.Process) -> list[psutil.Process]:
        return [p for p in grader.children(recursive=True) if ignores(p, signal.SIGTERM)]

    def assert_nothing_is_left(self) -> None:
        self.process.communicate(timeout=PATIENCE)
        _, alive = psutil.wait_procs(self.family, timeout=PATIENCE)
        assert alive == []
        assert list(self.temporary.iterdir()) == []
        assert Path("/proc/self/mounts").read_text() == self.mounts


@pytest.fixture
def stubborn(tmp_path, solution_text):
    path = tmp_path / "gan_pytorch.py"
    text = solution_text + STUBBORN
    path.write_text(text)
    return path


@pytest.fixture
def start(tmp_path):
    """Start gradings; what a failed test leaves of them is ended."""
    runs = []

    def start(*arguments):
        runs.append(Run(tmp_path, *arguments))
        return runs[-1]

    yield start
    for run in runs:
        run.process.kill()
        run.process.communicate()
        for process in run.family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


@pytest.fixture
def run(start, stubborn):
    return start("-m", "autograder", "grade", stubborn)


@pytest.mark.parametrize(
    "number",
    sample([signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP], every=2),
    ids=lambda n: n.name,
)
def test_a_signal_to_the_grader_leaves_nothing(run, number, tmp_path):
    run.process.send_signal(number)
    run.assert_nothing_is_left()
    assert run.process.returncode != 0
    assert not (tmp_path / "results").exists()


def test_a_killed_zygote_is_one_line_and_leaves_nothing(run):
    run.zygote.kill()
    said, _ = run.process.communicate(timeout=PATIENCE)
    assert run.process.returncode == 1
    lines = [line for line in said.decode().splitlines() if line.strip()]
    assert len(lines) == 1
    assert lines[0].startswith("autograder: the process that runs submissions ended: killed")
    run.assert_nothing_is_left()


@pytest.mark.exhaustive(reason="4 s; the quick run kills the zygote")
def test_a_killed_user_of_a_zygote_leaves_nothing(start, stubborn):
    run = start("-c", DIRECTLY, stubborn, 100)
    run.process.kill()
    run.assert_nothing_is_left()


@pytest.mark.exhaustive(reason="4 s; the quick run has signals")
def test_a_time_limit_leaves_nothing(start, stubborn):
    run = start("-c", DIRECTLY, stubborn, 1)
    said, _ = run.process.communicate(timeout=PATIENCE)
    assert said.decode().strip() == "timeout"
    run.assert_nothing_is_left()


@pytest.mark.exhaustive(reason="6 s; the quick run has a time limit for one submission")
def test_a_time_limit_ends_it_all_and_the_class_goes_on(start, tmp_path, stubborn, solution_text):
    folder = tmp_path / "class"
    folder.mkdir()
    stubborn.rename(folder / "stubborn.py")
    (folder / "right.py").write_text(solution_text)
    output = tmp_path / "out"
    limit = ("--time-limit", 2)
    run = start(
        "-m", "autograder", "grade-class", folder, "--output", output, "--no-search", *limit
    )
    run.assert_nothing_is_left()
    assert run.process.returncode == 0
    with (output / "gradebook.csv").open(newline="") as file:
        scores = {row["student"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {"right": 100, "stubborn": 90}  # its other functions are right
    assert sorted(path.name for path in output.iterdir()) == [
        ".lock",
        "class.json",
        "gradebook.csv",
        "index.html",
        "results",
    ]

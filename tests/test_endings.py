"""However grading ends, nothing is left: no process, no mount, no folder, no lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.parts import get

PART = get("gan_pytorch")
PATIENCE = 30.0  # seconds until a test gives up; nothing takes nearly as long
STUBBORN = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
while True:
    time.sleep(1)
"""


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Run:
    """A grading of a submission that never ends, in a folder and a session of its own."""

    def __init__(self, tmp_path: Path, *arguments: object) -> None:
        self.temporary = tmp_path / "temporary"
        self.temporary.mkdir()
        self.mounts = Path("/proc/self/mounts").read_text()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        # the zygote, the child it lives on in, a worker, and the worker's child
        grader = psutil.Process(self.process.pid)
        wait_until(lambda: len(grader.children(recursive=True)) >= 4)
        self.family = grader.children(recursive=True)
        self.zygote = grader.children()[0]

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
def run(tmp_path, stubborn):
    return Run(tmp_path, "grade", stubborn)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda n: n.name
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
    assert lines[0].startswith("autograder: the process that runs submissions ended")
    run.assert_nothing_is_left()


def test_a_time_limit_ends_it_all_and_the_class_goes_on(tmp_path, stubborn, solution_text):
    folder = tmp_path / "class"
    folder.mkdir()
    stubborn.rename(folder / "stubborn.py")
    (folder / "right.py").write_text(solution_text)
    output = tmp_path / "out"
    run = Run(tmp_path, "grade-class", folder, "--output", output, "--time-limit", 2)
    run.assert_nothing_is_left()
    assert run.process.returncode == 0
    assert "right,,,", (output / "gradebook.csv").read_text()
    assert sorted(path.name for path in output.iterdir()) == [
        ".lock",
        "class.json",
        "gradebook.csv",
        "index.html",
        "results",
    ]

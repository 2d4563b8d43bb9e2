"""What stands between student code and the grader, where the machine offers all of it or less."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import psutil
import pytest

from autograder.handins.submission import Submission
from autograder.running import environment
from autograder.running.forked import ForkedWorkers
from autograder.running.runner import run
from autograder.worker.sandbox import layers
from tests.attacks import PART

REFUSE = "echo 0 > /proc/sys/user/max_user_namespaces && exec "


def without_namespaces(*arguments, cwd):
    """Run the command line below a user namespace that allows no further one."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare (util-linux) to refuse namespaces with")
    line = " ".join([sys.executable, "-m", "autograder", *map(str, arguments)])
    done = subprocess.run(
        ["unshare", "-U", "-r", "sh", "-c", REFUSE + line],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=100,
    )
    if "unshare failed" in done.stderr or "max_user_namespaces" in done.stderr:
        pytest.skip("this machine grants no user namespace in which to refuse the next one")
    return done


def test_a_machine_that_refuses_namespaces_grades_with_what_it_has(tmp_path):
    done = without_namespaces("grade", PART.solution, "--output", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    assert result["score"] == 100
    assert not set(result["isolation"]) & set(layers.NAMESPACES)
    assert "resource limits" in result["isolation"]
    said = " ".join(done.stdout.split())
    assert "no namespaces" in said


def test_strict_isolation_refuses_such_a_machine_in_one_line(tmp_path):
    done = without_namespaces("grade", PART.solution, "--isolation", "strict", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "strict isolation is unavailable here" in done.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.exhaustive(reason="3 s; the quick run has such a machine")
def test_outside_of_a_room_a_worker_may_signal_nobody_else(tmp_path):
    source = """
    import os
    for target in (os.getppid(), -1):
        try:
            os.kill(target, 0)
        except PermissionError:
            continue
        raise RuntimeError(f"may signal {target}")
    os.kill(os.getpid(), 0)
    """
    file = tmp_path / "gan_pytorch.py"
    lines = [line.removeprefix("    ") for line in source.strip("\n").splitlines()]
    file.write_text(PART.solution.read_text() + "\n" + "\n".join(lines) + "\n")
    done = without_namespaces("grade", file, "--output", tmp_path / "out", cwd=tmp_path)
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    assert done.returncode == 0
    assert "system-call filter" in result["isolation"]
    assert result["notes"] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand out other user ids")
def test_root_is_dropped_before_student_code_runs(grade_text):
    source = "import os\nraise RuntimeError(f'user {os.getuid()} {os.geteuid()} {os.getgid()}')\n"
    result = grade_text(PART.stub.read_text() + source)
    note = " ".join(result.notes)
    assert "user" in note
    assert "user 0" not in note
    assert " 0 " not in note.partition("user")[2]


@pytest.mark.exhaustive(reason="3 s; the quick run ends what is left behind walls")
def test_without_walls_too_what_a_submission_leaves_running_is_ended():
    marker = "4194301.25"  # seconds to sleep, and what to look for
    source = f"""
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "{marker}"])
    os._exit(0)
time.sleep(0.2)
"""
    text = PART.stub.read_text() + source
    name = PART.stub.name
    with ForkedWorkers([PART], isolation="none") as zygote:
        run(zygote, Submission("forks", name, {name: text.encode()}), PART, ["sample_noise"])
        assert running(marker) == []


def running(argument):
    lines = (process.info["cmdline"] for process in psutil.process_iter(["cmdline"]))
    return [line for line in lines if line and argument in line]


@pytest.mark.exhaustive(reason="3 s by itself; the quick run has others of its kind")
def test_a_spare_worker_that_was_killed_is_replaced():
    name = PART.solution.name
    honest = Submission("honest", name, {name: PART.solution.read_bytes()})
    with ForkedWorkers([PART]) as zygote:
        run(zygote, honest, PART, ["bce_loss"])
        usual = 2 if zygote.layers else 1  # in a room the zygote lives on in a child
        deadline = time.monotonic() + 10
        while len(family := psutil.Process(zygote._process.pid).children(recursive=True)) < usual:
            assert time.monotonic() < deadline
        spare = max(family, key=lambda process: process.create_time())
        spare.kill()
        while spare.status() != psutil.STATUS_ZOMBIE:  # its parent has not looked yet
            assert time.monotonic() < deadline
        again = run(zygote, honest, PART, ["bce_loss"])
    assert again.statuses["bce_loss"].status == "ok"


def test_student_code_does_not_get_the_folder_that_the_grader_was_started_in(tmp_path, monkeypatch):
    """`python -m autograder` puts it on the path, and other people's work may lie in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert str(tmp_path) in sys.path
    assert str(tmp_path) not in environment.import_paths()

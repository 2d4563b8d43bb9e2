"""`autograder grade-class` with real workers: killed midway, on a cluster, short of memory."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from autograder import outputs, parts
from autograder.handins.submission import Submission
from autograder.running.limits import Limits
from autograder.running.warm import Settings, Warm

PART = parts.get("gan_pytorch")
SETTINGS = Settings(PART.name)


def scores(folder):
    with (folder / "gradebook.csv").open(encoding="utf-8-sig") as file:
        return {line["student"]: line["score"] for line in csv.DictReader(file)}


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
    line = [
        sys.executable,
        "-m",
        "autograder",
        "grade-class",
        folder,
        "--output",
        output,
        "--no-search",
        *more,
    ]
    return list(map(str, line))


@pytest.mark.exhaustive(reason="16 s; the quick run kills a run in its own process")
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


def zygotes(processes):
    """Return the warm workers among processes and what they started."""
    family = [one for process in processes for one in process.children(recursive=True)]
    return [one for one in family if "autograder.worker.zygote" in command_line(one)]


def command_line(process):
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


@pytest.mark.exhaustive(reason="10 s; the quick run kills a run without a cluster")
def test_a_dask_cluster_of_which_a_worker_is_killed_grades_the_class(real_class, tmp_path):
    """Afterwards the cluster is as it was: it keeps none of our processes."""
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
        before = zygotes([psutil.Process(cluster.workers[n].pid) for n in (0, 1)])
        assert before
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        said, _ = process.communicate(timeout=100)
        _, alive = psutil.wait_procs(before, timeout=60)
        assert alive == []
        while left := zygotes([psutil.Process(one.pid) for one in cluster.workers.values()]):
            assert time.monotonic() < deadline + 60, left
            time.sleep(0.05)
    assert process.returncode == 0, said
    assert scores(output)["student 5"] == "100"
    assert scores(output)["stub"] == "0"


def test_what_ends_a_dask_plugin_ends_its_warm_workers(monkeypatch):
    cluster = pytest.importorskip(
        "autograder.running.cluster", reason="the extra [dask] is not installed"
    )
    calls = []

    class FakeWarm:
        def __init__(self, settings):
            calls.append(("made", settings))

        def close(self):
            calls.append(("closed", None))

    monkeypatch.setattr(cluster, "Warm", FakeWarm)
    plugin = cluster.KeepWarm(SETTINGS, "a name")
    assert calls == []  # it travels to the cluster before
    plugin.setup(None)
    plugin.teardown(None)
    assert calls == [("made", SETTINGS), ("closed", None)]


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


@pytest.mark.exhaustive(reason="5 s; the quick run ends workers in other ways")
def test_memory_that_runs_out_in_the_zygote_costs_a_restart_not_a_result(solution_text):
    """Kill the process that forks workers: the submission is run by a new one."""
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
    assert Limits() == SETTINGS.limits

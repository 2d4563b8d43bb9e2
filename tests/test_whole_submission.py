"""Memory, processor time and processes are limited for all that a submission starts, taken together."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from autograder.handins.submission import Submission
from autograder.running import runner
from autograder.running.endings import how_it_ended
from autograder.running.forked import ForkedWorkers
from autograder.running.limits import Limits
from tests.attacks import PART
from tests.test_walls import without_namespaces

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has forked workers")
if sys.platform == "linux":
    from autograder.worker import watch
    from autograder.worker.shared_memory import SharedMemory

MEMORY = 512 << 20
LIMITS = Limits(load_seconds=12.0, probe_seconds=12.0, total_seconds=25.0, memory=MEMORY)
SAID = "used more than 512 MB of memory, together with all that it started"
FILL = """
import mmap, os, time
def fill(megabytes):
    block = bytearray(megabytes << 20)
    block[::4096] = bytes(len(block[::4096]))
    return block
"""
HOLDS = {
    "children": """
for _ in range(10):
    if os.fork() == 0:
        kept = fill(300)
        time.sleep(20)
""",
    "orphans": """
for _ in range(10):
    if os.fork() == 0:
        if os.fork() == 0:
            kept = fill(300)
            time.sleep(20)
        os._exit(0)
    os.wait()
""",
    "children of children": """
for _ in range(5):
    if os.fork():
        break
    kept = None
    kept = fill(300)
""",
    "pages that children share": """
for _ in range(4):
    if os.fork() == 0:
        kept = mmap.mmap(-1, 300 << 20)
        for place in range(0, 300 << 20, 4096):
            kept[place] = 1
        time.sleep(20)
""",
    "many small children": """
for _ in range(50):
    if os.fork() == 0:
        kept = fill(20)
        time.sleep(20)
""",
    "files in memory, and an array": """
for folder, count in (("/tmp", 4), ("/dev/shm", 1)):
    for number in range(count):
        with open(f"{folder}/file-{number}", "wb") as file:
            file.write(fill(60))
kept = fill(280)
""",
    "a deleted file that is open": """
files = []
for number in range(4):
    files.append(open(f"/tmp/file-{number}", "wb"))
    files[-1].write(fill(60))
    files[-1].flush()
    os.unlink(f"/tmp/file-{number}")
kept = fill(330)
""",
    "children with shared memory of Python's": """
from multiprocessing import resource_tracker, shared_memory
resource_tracker.register = lambda *a: None  # a program of its own, which may not be started here
kept = shared_memory.SharedMemory(create=True, size=50 << 20)
kept.buf[:] = fill(50)
for _ in range(2):
    if os.fork() == 0:
        more = fill(250)
        time.sleep(20)
""",
}


@pytest.fixture(scope="module")
def small():
    with ForkedWorkers([PART], limits=LIMITS) as workers:
        if not workers.layers:
            pytest.skip("this machine grants no namespaces")
        yield workers


def submission(text):
    name = PART.stub.name
    return Submission("large", name, {name: text.encode()})


def ask(workers, text):
    outputs = runner.run(workers, submission(text), PART, ["sample_noise"])
    return outputs, outputs.statuses["sample_noise"].message


def held_by(process):
    """Return the bytes that a zygote's descendants hold, each page once, as far as root may see."""
    held = 0
    for one in process.children(recursive=True):
        try:
            held += one.memory_full_info().pss
        except psutil.Error:
            continue
    return held


@pytest.mark.parametrize("way", HOLDS)
def test_memory_is_summed_over_all_that_a_submission_holds(way, small):
    text = PART.stub.read_text() + FILL + HOLDS[way] + "time.sleep(10)\n"
    _, said = ask(small, text)
    assert SAID in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root sees which pages are shared")
def test_no_submission_holds_much_more_than_the_limit_for_a_second(small):
    zygote = psutil.Process(small._process.pid)
    before = held_by(zygote)
    text = PART.stub.read_text() + FILL + HOLDS["children"] + "time.sleep(10)\n"
    running = threading.Thread(target=ask, args=(small, text))
    running.start()
    above = longest = 0.0
    while running.is_alive():
        if held_by(zygote) - before <= 700 << 20:
            above = time.monotonic()
        longest = max(longest, time.monotonic() - above)
        time.sleep(0.02)
    assert longest < 1.0


def test_a_name_of_any_bytes_does_not_end_the_watch(small):
    text = (
        PART.stub.read_text()
        + FILL
        + """
import ctypes
ctypes.CDLL(None).prctl(15, bytes([0xFF, 0x29, 0x20, 0x0A, 0xFE]), 0, 0, 0)  # PR_SET_NAME
time.sleep(0.3)
def sample_noise(*a, **k): raise RuntimeError("all of it ran")
"""
    )
    _, said = ask(small, text)
    assert "all of it ran" in said
    _, again = ask(small, PART.stub.read_text())
    assert "NotImplementedError" in again


def test_what_fits_is_not_ended(small):
    text = PART.stub.read_text() + FILL
    text += """
kept = fill(250)
for _ in range(3):
    if os.fork() == 0:
        more = fill(20)
        time.sleep(0.3)
        os._exit(0)
for _ in range(3):
    os.wait()
def sample_noise(*a, **k): raise RuntimeError("all of it ran")
"""
    _, said = ask(small, text)
    assert "all of it ran" in said


@pytest.mark.exhaustive(reason="17 s; the quick run counts a submission's processes and threads")
def test_a_neighbour_of_sixty_busy_children_loses_nothing(grader):
    """Not for want of a processor, nor of threads: a plain user's workers share one user id."""
    threads = "\nimport threading\nones = [threading.Thread(target=int) for _ in range(20)]\n"
    threads += "[one.start() for one in ones]\n[one.join() for one in ones]\n"
    crowd = "\nimport os, time\nfor _ in range(60):\n    try:\n        if os.fork() == 0:\n"
    crowd += "            while True: pass\n    except OSError: pass\ntime.sleep(9)\n"
    hostile = submission(PART.stub.read_text() + crowd)
    beside = threading.Thread(
        target=runner.run, args=(grader.workers, hostile, PART, ["sample_noise"])
    )
    beside.start()
    time.sleep(1)
    honest = submission(PART.solution.read_text() + threads)
    outputs = runner.run(grader.workers, honest, PART)
    beside.join()
    assert {status.status for status in outputs.statuses.values()} == {"ok"}
    assert outputs.notes == ()


# --- the watch itself ---------------------------------------------------------------------------


def watched(bounds, child, seconds=10.0):
    """Fork a process that does something, look at it, and return why it was ended."""
    looking = watch.Watch(bounds, None)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        try:
            child()
        finally:
            os._exit(0)
    looking.begin(pid, [])
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            time.sleep(looking.seconds())
            looking.look()
            if os.waitpid(pid, os.WNOHANG)[0]:
                pid = 0
                break
    finally:
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    [reason] = [looking.end(worker) for worker in list(looking._workers)]
    return reason


def spin():
    while True:
        pass


def many(function, count):
    def start():
        for _ in range(count):
            if os.fork() == 0:
                function()
        time.sleep(20)

    return start


def test_processor_time_is_summed_over_processes():
    bounds = watch.Bounds(memory=1 << 40, cpu_seconds=1, tasks=100)
    assert watched(bounds, many(spin, 3), 30.0) == "processor 1"


def test_processes_are_counted():
    bounds = watch.Bounds(memory=1 << 40, cpu_seconds=100, tasks=5)
    assert watched(bounds, many(lambda: time.sleep(20), 8)) == "processes 5"


def test_what_stays_within_its_bounds_is_left_alone():
    bounds = watch.Bounds(memory=1 << 40, cpu_seconds=100, tasks=5)
    assert watched(bounds, lambda: time.sleep(0.3)) == ""


def test_pages_that_were_inherited_count_once_they_are_changed():
    """A child could otherwise write over its copy of the zygote's memory, and hold it for nothing."""
    looking = watch.Watch(watch.Bounds(1 << 40, 100, 100), None)
    me = next(one for one in watch._processes() if one.pid == os.getpid())
    me.faults = 0
    assert looking._own_memory(me) <= 64 << 20  # what came since `looking` was made
    me.faults = 10**9
    assert looking._own_memory(me) >= psutil.Process().memory_info().data // 10


def test_a_machine_without_proc_is_watched_by_nobody(monkeypatch):
    monkeypatch.setattr(os, "listdir", lambda path: (_ for _ in ()).throw(FileNotFoundError(path)))
    assert list(watch._processes()) == []


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ("memory 536870912", "more than 512 MB of memory, together with all that it started"),
        ("processor 125", "more than 125 s of processor time, together with all that it started"),
        ("processes 64", "more than 64 processes and threads at once"),
    ],
)
def test_the_student_is_told_which_limit_it_was(ended, words):
    assert words in how_it_ended(ended)


# --- shared memory outside a room ---------------------------------------------------------------


@pytest.fixture
def mark():
    """Return a name that nothing else in /dev/shm has."""
    name = f"autograder-test-{os.getpid()}-{time.monotonic_ns()}"
    yield name
    for path in Path("/dev/shm").glob(f"*{name}*"):
        path.unlink()


@pytest.mark.exhaustive(reason="3 s; the quick run has the attacks that leave some")
def test_what_is_left_in_shared_memory_goes_where_namespaces_are_refused(mark, tmp_path):
    theirs = Path("/dev/shm") / f"theirs-{mark}"
    theirs.write_text("of another program")
    file = tmp_path / "gan_pytorch.py"
    leave = f"""
import os
os.mkdir("/dev/shm/folder-{mark}")
for name in ("left-{mark}", "folder-{mark}/left"):
    with open("/dev/shm/" + name, "w") as file:
        file.write("left")
"""
    file.write_text(PART.solution.read_text() + leave)
    done = without_namespaces("grade", file, "--output", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "as a whole" not in done.stdout, "the file was not left"
    assert [path.name for path in Path("/dev/shm").glob(f"*{mark}*")] == [theirs.name]


def test_a_file_that_another_program_uses_stays(mark):
    shared = SharedMemory()
    path = Path("/dev/shm") / f"used-{mark}"
    with path.open("w") as file:
        file.write("in use")
        file.flush()
        shared.remove(os.geteuid(), alone=True)
        assert path.exists()
    shared.remove(os.geteuid(), alone=False)
    assert path.exists()
    shared.remove(os.geteuid(), alone=True)
    assert not path.exists()


def test_files_in_shared_memory_are_counted_in_folders_too(mark):
    shared = SharedMemory()
    before = shared.used_by(os.geteuid())
    folder = Path("/dev/shm") / f"folder-{mark}"
    folder.mkdir()
    (folder / "deep").write_bytes(bytes(1 << 20))
    assert shared.used_by(os.geteuid()) - before >= 1 << 20
    shared.remove(os.geteuid(), alone=True)
    assert not folder.exists()

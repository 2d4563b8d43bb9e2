"""Measure the Gradescope bundle in a small machine: memory and time, in a control group.

    python benchmarks/hosts.py [--memory 768] [--processors 0.5] [--python HOME/bin/python] [--train]

Needs root and control groups (version 1 or 2). Prints a line for each kind of submission: its score,
wall seconds, processor seconds, and the largest memory of the whole group, with and without file cache
that could be freed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
V1, V2 = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
NAME = f"autograder-bench-{os.getpid()}"
MB = 1 << 20


class Group:
    """A control group with limits, which processes can enter."""

    def __init__(self, memory: int, processors: float) -> None:
        period = 100_000
        quota = str(int(period * processors))
        if V1.is_dir():
            self.memory, self.cpu = V1 / NAME, Path("/sys/fs/cgroup/cpu") / NAME
            self.account = Path("/sys/fs/cgroup/cpuacct") / NAME
            for folder in (self.memory, self.cpu, self.account):
                folder.mkdir(exist_ok=True)
            (self.memory / "memory.limit_in_bytes").write_text(str(memory))
            (self.cpu / "cpu.cfs_period_us").write_text(str(period))
            (self.cpu / "cpu.cfs_quota_us").write_text(quota)
            self.folders = [self.memory, self.cpu, self.account]
        else:
            self.memory = V2 / NAME
            self.memory.mkdir()
            (self.memory / "memory.max").write_text(str(memory))
            (self.memory / "cpu.max").write_text(f"{quota} {period}")
            self.folders = [self.memory]

    def enter(self) -> None:
        """Move this process into the group."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    def anonymous(self) -> int:
        """Return the bytes in use that are not file cache."""
        text = (self.memory / "memory.stat").read_text()
        figures = dict(line.split() for line in text.splitlines())
        if "anon" in figures:
            return int(figures["anon"]) + int(figures["shmem"])
        return int(figures["total_rss"]) + int(figures.get("total_shmem", 0))

    def largest(self) -> int:
        """Return the largest memory so far, with file cache."""
        names = ("memory.max_usage_in_bytes", "memory.peak")
        path = next(self.memory / name for name in names if (self.memory / name).exists())
        return int(path.read_text())

    def kills(self) -> int:
        """Return how many processes the kernel killed because memory was short."""
        names = ("memory.oom_control", "memory.events")
        path = next(self.memory / name for name in names if (self.memory / name).exists())
        figures = dict(line.split() for line in path.read_text().splitlines())
        return int(figures["oom_kill"])

    def seconds(self) -> float:
        """Return the processor seconds of all processes that were in the group."""
        if V1.is_dir():
            return int((self.account / "cpuacct.usage").read_text()) / 1e9
        text = (self.memory / "cpu.stat").read_text()
        return int(dict(line.split() for line in text.splitlines())["usage_usec"]) / 1e6

    def close(self) -> None:
        """Remove the group."""
        for folder in set(self.folders):
            for _ in range(50):
                try:
                    folder.rmdir()
                    break
                except OSError:
                    time.sleep(0.1)


def lay_out(root: Path, bundle: Path, python: Path, files: dict[str, str]) -> None:
    """Make a folder like Gradescope's, with the files of one submission."""
    for name in ("submission", "results", "home"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(root / "source")
    (root / "home" / "venv").symlink_to(python.parent.parent)
    shutil.copy(root / "source" / "run_autograder", root)
    for name, text in files.items():
        (root / "submission" / name).write_text(text)


def forget(folder: Path) -> None:
    """Drop a folder's files from the page cache, so that their next reader is charged for them."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measure(root: Path, memory: int, processors: float) -> str:
    """Run the bundle's script in a fresh group; return a line."""
    group = Group(memory, processors)
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(root)}
    environment["AUTOGRADER_HOME"] = str(root / "home")
    most = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.02):
            most = max(most, group.anonymous())

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.monotonic()
    finished = subprocess.run(
        ["bash", str(root / "run_autograder")],
        env=environment,
        preexec_fn=group.enter,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    wall = time.monotonic() - started
    done.set()
    watcher.join()
    results = root / "results" / "results.json"
    points = "  no results,"
    if results.exists():
        points = f"{json.loads(results.read_text())['score']:5g} points"
    line = (
        f"{points}  exit code {finished.returncode}  {wall:6.1f} s  {group.seconds():5.1f} cpu s  "
        f"{most / MB:4.0f} MB in use at most  {group.largest() / MB:4.0f} MB with file cache  "
        f"{group.kills()} killed"
    )
    group.close()
    return line


def main() -> None:
    """Print a line for each kind of submission."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--memory", type=int, default=768, help="MB")
    parser.add_argument("--processors", type=float, default=0.5)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    parser.add_argument("--kind", action="append", help="Only this submission.")
    parser.add_argument("--forget", action="store_true", help="Drop PYTHON's files from the cache.")
    parser.add_argument("--train", action="store_true", help="With the part that trains, too.")
    options = parser.parse_args()
    stub = (ROOT / "assignment" / "gan_pytorch.py").read_text()
    solution = (ROOT / "solutions" / "gan_pytorch.py").read_text()
    hostile = ROOT / "tests" / "hostile"
    kinds = {
        "solution": solution,
        "stub": stub,
        "endless": f"{solution}\n\ndef sample_noise(*_):\n    while True:\n        pass\n",
        **{
            name: f"{stub}\n\n{(hostile / f'{name}.py').read_text()}"
            for name in ("flood_the_memory", "fork_without_end", "loop_in_a_call")
        },
    }
    submissions = {name: {"gan_pytorch.py": text} for name, text in kinds.items()}
    solutions = {path.name: path.read_text() for path in (ROOT / "solutions").glob("*.py")}
    submissions = {"solutions of all parts": solutions, **submissions}
    with tempfile.TemporaryDirectory() as folder:
        for name, files in submissions.items():
            if options.kind and name not in options.kind:
                continue
            bundle = Path(folder) / f"{name}.zip"
            line = [sys.executable, "-m", "autograder", "bundle", "gradescope"]
            line += [] if files is solutions else ["--part", "gan_pytorch"]
            line += [*["--train"] * options.train, "--output", str(bundle)]
            subprocess.run(line, cwd=ROOT, check=True, capture_output=True)
            root = Path(folder) / name
            lay_out(root, bundle, options.python, files)
            if options.forget:
                forget(options.python.parent.parent)
            print(f"{name:22}", measure(root, options.memory * MB, options.processors), flush=True)


if __name__ == "__main__":
    main()

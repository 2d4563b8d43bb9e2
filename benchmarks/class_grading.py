"""Grade made-up classes of 10, 100 and 1000; print wall time, failures, memory, and how cost grows.

    python benchmarks/class_grading.py [--sizes 10,100,1000] [--workers 2] [--keep FOLDER]

A class is a mixture: the solution, correct variants, known mistakes (one to three at once), hostile
submissions, stubs, and files that cannot be read. It is graded with the command that a TA uses.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from autograder import parts
from autograder.mistake import apply, load_mistakes
from autograder.parts import ROOT
from autograder.staff.variants import read_variant, variants

MB = 1 << 20
PART = parts.get("gan_pytorch")
TIME_LIMIT = 15  # seconds for one submission; hostile ones use all of them
KINDS = {
    "solution": 0.15,
    "variant": 0.2,
    "mistakes": 0.5,
    "hostile": 0.1,
    "stub": 0.04,
    "junk": 0.01,
}


@dataclass(slots=True)
class Figures:
    """What one run took; memory in MB."""

    size: int
    seconds: float
    failures: int
    processes: float = 0.0
    each_worker: float = 0.0


def make_class(folder: Path, size: int, seed: int = 1) -> None:
    """Write the files of a class; the same seed gives the same class."""
    random = np.random.default_rng(seed)
    solution, stub = PART.solution.read_text(), PART.stub.read_text()
    mistakes = load_mistakes(PART)
    others = [read_variant(path).submission(PART) for path in variants(PART)]
    hostile = sorted((ROOT / "tests" / "hostile").glob("*.py"))
    for number in range(size):
        kind = str(random.choice(list(KINDS), p=list(KINDS.values())))
        name: str = PART.solution.name
        text: str | bytes = solution
        if kind == "variant":
            other = others[int(random.integers(len(others)))]
            name, text = other.main, other.files[other.main]
        elif kind == "mistakes":
            chosen = random.choice(len(mistakes), size=int(random.integers(1, 4)), replace=False)
            wrong, functions = solution, set[str]()
            for mistake in (mistakes[int(i)] for i in chosen):
                if mistake.function not in functions:
                    functions.add(mistake.function)
                    wrong = apply(mistake, wrong)
            text = wrong
        elif kind == "hostile":
            attack = hostile[int(random.integers(len(hostile)))].read_text()
            text = attack if "__future__" in attack else f"{stub}\n\n{attack}"
        elif kind == "stub":
            text = stub
        elif kind == "junk":
            text = b"\xff\xfe\0 no source\0"
        data = text.encode() if isinstance(text, str) else text
        place = folder / f"student {number:04d} ({kind})"
        place.mkdir(parents=True)
        (place / name).write_bytes(data)


def grade(folder: Path, output: Path, workers: int) -> Figures:
    """Grade a class with the command; if the command fails, that counts as one more failure."""
    line = [sys.executable, "-m", "autograder", "grade-class", str(folder), "--output", str(output)]
    line += ["--workers", str(workers), "--time-limit", str(TIME_LIMIT)]
    start = time.perf_counter()
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, cwd=ROOT)
    watch = _Memory(process.pid)
    watch.start()
    code = process.wait()
    seconds = time.perf_counter() - start
    watch.stop()
    with (output / "gradebook.csv").open() as file:
        rows = list(csv.DictReader(file))
    failures = sum(not row["score"] for row in rows) + (code != 0)
    own = statistics.median(watch.workers.values()) if watch.workers else 0.0
    return Figures(len(rows), seconds, failures, watch.most, own)


class _Memory(threading.Thread):
    """Watch a process and its descendants: their total memory, and what each worker adds to it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.most = 0.0
        self.workers: dict[int, float] = {}  # by process: the most memory of its own that was seen
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def run(self) -> None:
        while not self._stopped.wait(0.25):
            with contextlib.suppress(psutil.Error):  # some of them have ended meanwhile
                grader = psutil.Process(self.pid)
                family = [grader, *grader.children(recursive=True)]
                self.most = max(self.most, sum(p.memory_full_info().pss for p in family) / MB)
                rooms = [room for zygote in grader.children() for room in zygote.children()]
                workers = [worker for room in rooms for worker in room.children()]
                for worker in workers:
                    own = worker.memory_full_info().uss / MB
                    self.workers[worker.pid] = max(own, self.workers.get(worker.pid, 0.0))


def main() -> int:
    """Grade classes of all sizes, print the table, and return how many submissions failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="10,100,1000")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--keep", type=Path, help="Write the largest class's results there.")
    options = parser.parse_args()
    table = Table(title=f"Classes on {options.workers} workers", title_justify="left")
    columns = "size,seconds,a minute,s each,failures,peak MB,worker's own MB"
    for column in columns.split(","):
        table.add_column(column, justify="right")
    failures = 0
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            make_class(folder / "class", size)
            output = options.keep / str(size) if options.keep else folder / "out"
            run = grade(folder / "class", output, options.workers)
        failures += run.failures
        table.add_row(
            str(run.size),
            f"{run.seconds:.1f}",
            f"{60 * run.size / run.seconds:.0f}",
            f"{run.seconds / run.size:.3f}",
            str(run.failures),
            f"{run.processes:.0f}",
            f"{run.each_worker:.0f}",
        )
    Console().print(table)
    print(json.dumps({"failures": failures}))
    return failures


if __name__ == "__main__":
    sys.exit(main())

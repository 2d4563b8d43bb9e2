"""Time one more grading by a warm grader, compared with the same calls in a warm process.

    python benchmarks/warm.py [--rounds N]

The warm process has imported torch and done every lazy import. It compiles the solution and calls all
probes, on one thread as workers do, with no walls, no fork, no wire and no report. Both take turns, so
that a busy machine is busy for both. Compare the ratio of the medians.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder import grading, outputs, parts
from autograder.handins.submission import find
from autograder.parts import ROOT, Part
from autograder.running import environment
from autograder.running.environment import SCRUBBED

FLOOR = """
import importlib.util, sys, time, types
import torch
from autograder.worker import run as worker
from autograder.worker.surroundings import seed_everything

def module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made

torch.set_num_threads(1)
probes = module("probes", sys.argv[1])
names = [name for name in vars(probes) if name.startswith("probe_")]
for line in sys.stdin:
    start = time.perf_counter()
    made = types.ModuleType("gan_pytorch")
    with open(sys.argv[2]) as file:
        exec(compile(file.read(), sys.argv[2], "exec"), made.__dict__)
    student = worker.Student(made, [])
    for name in names:
        seed_everything()
        getattr(probes, name)(student)
    print(time.perf_counter() - start, flush=True)
"""


def start_floor(part: Part) -> subprocess.Popen[str]:
    """Start the process that makes the same calls; it answers each line with their seconds."""
    return subprocess.Popen(
        [sys.executable, "-c", FLOOR, str(part.probes), str(part.solution)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PATH": SCRUBBED["PATH"], "OMP_NUM_THREADS": "1"},
    )


def ask(floor: subprocess.Popen[str]) -> float:
    """Return the seconds of one pass over all probes in the warm process."""
    assert floor.stdin is not None and floor.stdout is not None
    floor.stdin.write("again\n")
    floor.stdin.flush()
    return float(floor.stdout.readline())


def measure(part: Part, rounds: int) -> dict[str, list[float]]:
    """Return seconds by name, one for each round: of the calls alone, and of a whole grading."""
    submission = find(part.solution, part)
    preload = environment.wanted_imports(submission, part)
    seconds: dict[str, list[float]] = {"the calls alone": [], "graded": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        grading.Grader([part], preload=preload) as grader,
        start_floor(part) as floor,
    ):
        for number in range(rounds + 2):
            alone = ask(floor)
            start = time.perf_counter()
            [one] = grading.grade(part.solution, [part], grader=grader)
            outputs.save(one.outputs, Path(folder) / "outputs.npz")
            one.result.save(Path(folder) / "result.json")
            graded = time.perf_counter() - start
            if number >= 2:  # the first rounds warm both
                seconds["the calls alone"].append(alone)
                seconds["graded"].append(graded)
        assert floor.stdin is not None
        floor.stdin.close()
    return seconds


def show(seconds: dict[str, list[float]], console: Console) -> None:
    """Print medians and their ratios to the calls alone."""
    table = Table(title="One more submission, warm", title_justify="left")
    for column in ("what", "median, s", "fastest, s", "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    floor = statistics.median(seconds["the calls alone"])
    for name, values in seconds.items():
        median = statistics.median(values)
        table.add_row(name, f"{median:.3f}", f"{min(values):.3f}", f"{median / floor:.2f}")
    console.print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    show(measure(parts.get("gan_pytorch"), parser.parse_args().rounds), Console())


if __name__ == "__main__":
    main()

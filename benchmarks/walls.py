"""Measure what the walls cost: warm gradings behind all walls, and behind none.

    python benchmarks/walls.py [--rounds N]

Two zygotes take turns on the solution, so that a busy machine is busy for both. The times are those of
one more submission in a class: fork, confine, run, kill, judge. A second table tells what a fork and
its walls take by themselves: how much sooner a worker answers that was forked in advance.
"""

from __future__ import annotations

import argparse
import statistics
import time
from base64 import b64encode

from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from autograder import parts
from autograder.grading import Grader, grade
from autograder.running.protocol import Worker, Workers

WAITS = b"import time\ntime.sleep(60)\n"

MODES = ("none", "auto")


def measure(rounds: int) -> tuple[dict[str, list[float]], int]:
    """Return seconds by mode, one for each round, and how many layers were in force."""
    part = parts.get("gan_pytorch")
    seconds: dict[str, list[float]] = {mode: [] for mode in MODES}
    layers = 0
    with Grader([part], "none") as bare, Grader([part], "auto") as walled:
        graders = {"none": bare, "auto": walled}
        for number in tqdm(range(rounds + 3), leave=False):
            for mode in MODES if number % 2 else MODES[::-1]:
                start = time.perf_counter()
                [graded] = grade(part.solution, [part], grader=graders[mode])
                if number >= 3:  # the first rounds warm both
                    seconds[mode].append(time.perf_counter() - start)
                layers = max(layers, len(graded.outputs.layers))
    return seconds, layers


def measure_fork(rounds: int) -> dict[str, list[float]]:
    """Return by mode how many seconds later a worker answers that has to be forked first.

    Of two workers that are started one after the other, the first was forked in advance.
    """
    seconds: dict[str, list[float]] = {mode: [] for mode in MODES}
    for mode in MODES:
        with Grader([parts.get("gan_pytorch")], mode) as grader:
            for number in tqdm(range(rounds + 3), leave=False):
                time.sleep(0.05)  # in which the next worker is forked
                waiting, forked = (answered(grader.workers) for _ in range(2))
                if number >= 3:  # the first worker waits until torch is imported
                    seconds[mode].append(forked[0] - waiting[0])
                for _, worker in (forked, waiting):
                    worker.end()
    return seconds


def answered(workers: Workers) -> tuple[float, Worker]:
    """Start a worker; return the seconds until its first frame, and the worker."""
    request = {
        "part": "gan_pytorch",
        "key": "",
        "main": "gan_pytorch.py",
        "files": {"gan_pytorch.py": b64encode(WAITS).decode()},
        "probes": ["bce_loss"],
        "way": "usual",
        "seconds": 10.0,
    }
    start = time.perf_counter()
    worker = workers.start(request)
    worker.frames.recv(1)
    return time.perf_counter() - start, worker


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    seconds, layers = measure(rounds)
    floor = statistics.median(seconds["none"])
    table = Table(title="One more submission, warm", title_justify="left")
    for column in ("walls", "median, s", "fastest, s", "ratio of medians", "of fastest"):
        table.add_column(column, justify="left" if column == "walls" else "right")
    for mode, values in seconds.items():
        median = statistics.median(values)
        table.add_row(
            "none" if mode == "none" else f"{layers} layers",
            f"{median:.3f}",
            f"{min(values):.3f}",
            f"{median / floor:.3f}",
            f"{min(values) / min(seconds['none']):.3f}",
        )
    Console().print(table)
    forks = Table(title="Fork and walls alone", title_justify="left")
    for column in ("walls", "median, ms", "fastest, ms"):
        forks.add_column(column, justify="left" if column == "walls" else "right")
    for mode, values in measure_fork(rounds).items():
        name = "none" if mode == "none" else f"{layers} layers"
        forks.add_row(name, *(f"{1000 * f(values):.1f}" for f in (statistics.median, min)))
    Console().print(forks)


if __name__ == "__main__":
    main()

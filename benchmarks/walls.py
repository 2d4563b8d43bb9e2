"""Measure what the walls cost: warm gradings behind all walls, and behind none.

    python benchmarks/walls.py [--rounds N]

Two zygotes take turns on the solution, so that a busy machine is busy for both. The times are those of
one more submission in a class: fork, confine, run, kill, judge.
"""

from __future__ import annotations

import argparse
import statistics
import time

from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from autograder import parts
from autograder.grading import Grader, grade

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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    seconds, layers = measure(parser.parse_args().rounds)
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


if __name__ == "__main__":
    main()

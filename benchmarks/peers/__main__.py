"""Grade the same homework with this grader and with those that courses use today, in turns.

    pip install -e ".[bench]"
    python benchmarks/peers [--rounds 3]

Every command has one processor core and one thread. The peers run ten checks of all functions
(ten_checks.py), this grader its whole suite, which does more. *Cold* is one submission, by the command
that grades one. *In a class* is the command that grades many, divided by their number. Otter's needs
Docker, and gradescope-utils has none, because the platform starts it for each submission: for these
two, a class costs as much as its submissions cold. Memory is the largest total of a command's
processes; shared pages are divided among the processes that share them (PSS).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from importlib import metadata
from pathlib import Path

import psutil
from contenders import (
    Command,
    Contender,
    environment,
    gradescope_utils,
    nbgrader,
    otter,
    ours,
    pytest,
)
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

EVERY = 0.1  # seconds between two looks at the memory
HEAD = ("grader", "class", "wall, s", "CPU, s", "MB", "× wall", "× CPU", "× MB")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds of wall clock and processor, and its largest bytes of memory."""

    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Set up all graders, let them take turns, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--class", dest="size", type=int, default=60, help="Size of our class.")
    parser.add_argument("--nbgrader-class", type=int, default=5, help="Size of nbgrader's.")
    options = parser.parse_args()
    cold: dict[str, list[Cost]] = defaultdict(list)
    crowd: dict[str, list[Cost]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as place:
        contenders = [
            make((Path(place) / make.__name__).resolve(), size)
            for make, size in (
                (ours, options.size),
                (pytest, options.size),
                (gradescope_utils, 1),
                (nbgrader, options.nbgrader_class),
                (otter, 1),
            )
        ]
        for _ in tqdm(range(options.rounds), leave=False):
            for one in contenders:
                cost = measure(one.one, one.folder)
                require_all_points(one, one.points())
                cold[one.name].append(cost)
                if one.crowd:
                    whole = measure(one.crowd, one.folder)
                    require_all_points(one, one.crowd_points())
                    shared = Cost(whole.wall / one.size, whole.cpu / one.size, whole.memory)
                    crowd[one.name].append(shared)
                else:
                    crowd[one.name].append(cost)
    names = {one.name: _title(one) for one in contenders}
    sizes = {one.name: str(one.size or 1) for one in contenders}
    first = [[names[name], "1", *row] for name, row in rows(cold)]
    second = [[names[name], sizes[name], *row] for name, row in rows(crowd)]
    show("One submission, cold", first)
    show("Each submission of a class", second)


def measure(line: Command, folder: Path) -> Cost:
    """Run a command on one core; if it fails, exit with its output."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        list(map(str, line)),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_on_one_core,
    )
    done, most = threading.Event(), [0]

    def watch() -> None:
        while not done.wait(EVERY):
            most[0] = max(most[0], memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    wall = time.perf_counter() - start
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, line))}\n{output[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, most[0])


def memory_of(number: int) -> int:
    """Return the proportional set size of a process and its descendants, in bytes."""
    total = 0
    try:
        family = [psutil.Process(number), *psutil.Process(number).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue  # it has ended meanwhile
    return total


def require_all_points(contender: Contender, share: float) -> None:
    """Exit unless the solution earned all points: a grader that failed was not measured."""
    if abs(share - 1) > 1e-9:
        sys.exit(f"{contender.name}: the solution earned {share:.0%} of the points")


def rows(costs: dict[str, list[Cost]]) -> list[tuple[str, list[str]]]:
    """Return for each grader a line of medians and their ratios to ours; ours comes first."""
    middle = {
        name: [statistics.median(values) for values in zip(*map(astuple, measured))]
        for name, measured in costs.items()
    }
    floor = next(iter(middle.values()))
    return [
        (
            name,
            [f"{values[0]:.2f}", f"{values[1]:.2f}", f"{values[2] / 1e6:.0f}"]
            + [f"{value / ours:.2f}" for value, ours in zip(values, floor)],
        )
        for name, values in middle.items()
    ]


def show(title: str, lines: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(HEAD):
        table.add_column(column, justify="right" if number else "left")
    for line in lines:
        table.add_row(*line)
    Console().print(table)


def _title(one: Contender) -> str:
    return f"{one.name} {metadata.version(one.package)}"


def _on_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


if __name__ == "__main__":
    main()

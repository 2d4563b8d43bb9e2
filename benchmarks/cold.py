"""Time one cold `autograder grade`, compared with a Python that imports torch and torchvision.

    python benchmarks/cold.py [--rounds N]

Each round starts every command once, in turn, so that a busy machine is busy for all. Compare the
ratios of the medians; seconds differ from machine to machine.
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

ROOT = Path(__file__).resolve().parent.parent
SOLUTION = str(ROOT / "solutions" / "gan_pytorch.py")
PYTHON = sys.executable


def commands(output: str) -> dict[str, list[str]]:
    """Return the commands to time, by name; the others are compared with the first."""
    grade = [PYTHON, "-m", "autograder", "grade", SOLUTION, "--output", output]
    return {
        "import torch, torchvision": [PYTHON, "-c", "import torch, torchvision"],
        "import torch": [PYTHON, "-c", "import torch"],
        "autograder grade": grade,
        "autograder grade --isolation none": [*grade, "--isolation", "none"],
    }


def measure(rounds: int) -> dict[str, list[float]]:
    """Return wall seconds of every command, one for each round."""
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as output:
        for number in range(rounds + 1):
            for name, command in commands(output).items():
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
                if number:  # the first round only warms the disk's cache
                    seconds.setdefault(name, []).append(time.perf_counter() - start)
    return seconds


def show(seconds: dict[str, list[float]], console: Console) -> None:
    """Print medians and their ratios to the first command."""
    table = Table(title="One cold run", title_justify="left")
    for column in ("command", "median, s", "fastest, s", "ratio"):
        table.add_column(column, justify="left" if column == "command" else "right")
    floor = statistics.median(next(iter(seconds.values())))
    for name, values in seconds.items():
        median = statistics.median(values)
        table.add_row(name, f"{median:.2f}", f"{min(values):.2f}", f"{median / floor:.2f}")
    console.print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    show(measure(parser.parse_args().rounds), Console())


if __name__ == "__main__":
    main()

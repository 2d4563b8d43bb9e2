"""Measure the notebook's eight experiments over seeds: `python benchmarks/ablations.py [--seeds 5]`.

Every seed must give the answer that autograder/reports/predictions.py holds; prints the lowest and the
highest figure of each. About three minutes on one core.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from autograder.reports.predictions import LETTERS, OUTCOMES

SOURCE = Path(__file__).resolve().parent.parent / "solutions" / "ablations.py"
FIGURES = {  # what each experiment is judged by, and how it is written
    "tanh": ("outside", "{:.0%}", "values outside of [-1, 1]"),
    "constant": ("spread", "{:.2f}", "variance, as a share of real digits'"),
    "swapped": ("g_loss", "{:.2f}", "G's loss (D's vanishes, too)"),
    "latent": ("digits", "{:.0f}", "digits that are drawn"),
}
DISTANCE = ("distance", "{:.1f}", "distance")


def load() -> ModuleType:
    """Import the students' module from its file; this script has the same name."""
    spec = importlib.util.spec_from_file_location("students_ablations", SOURCE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def figure(name: str, outcome: Any) -> float:
    """Return the number that an experiment is judged by."""
    value = getattr(outcome, FIGURES.get(name, DISTANCE)[0])
    return float(value[-1] if isinstance(value, list) else value)


def between(shape: str, numbers: list[float]) -> str:
    """Return the lowest and the highest number in words."""
    ends = [shape.format(one) for one in (min(numbers), max(numbers))]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def main() -> int:
    """Measure, print a line for each experiment, and return 1 if one has another answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="how often each experiment is played")
    parser.add_argument("--only", choices=list(OUTCOMES), action="append", help="an experiment")
    options = parser.parse_args()
    torch.set_num_threads(1)
    ablations = load()
    seeds = range(options.seeds)
    base = [ablations.play(ablations.Settings(), seed) for seed in seeds]
    wrong = 0
    for name in options.only or OUTCOMES:
        experiment = ablations.EXPERIMENTS[name]
        changed = [ablations.play(experiment.settings, seed) for seed in seeds]
        answers = {LETTERS[experiment.judge(*pair)[0]] for pair in zip(base, changed)}
        _, shape, words = FIGURES.get(name, DISTANCE)
        now, before = (
            between(shape, [figure(name, one) for one in some]) for some in (changed, base)
        )
        as_stored = answers == {OUTCOMES[name].answer}
        wrong += not as_stored
        mark = "" if as_stored else f", not {OUTCOMES[name].answer} as stored"
        print(f"{name}: {'/'.join(sorted(answers))}{mark}: {words} {now}; unchanged {before}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

"""What a class predicted of the experiments of `ablations.py`, beside what was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

LETTERS = "abc"


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out of an experiment, the same for every one of five seeds.

    Attributes:
        title: what is changed in the GAN.
        answer: the letter of the answer that is right.
        figures: the lowest and the highest number over the seeds.
    """

    title: str
    answer: str
    figures: str


# `python benchmarks/ablations.py` measures them again.
OUTCOMES: Mapping[str, Measured] = {
    "beta1": Measured("beta1 = 0.9", "a", "distance 17.4 to 23.1; unchanged 4.0 to 5.5"),
    "tanh": Measured("no Tanh", "b", "values outside of [-1, 1] 26% to 27%; unchanged 0%"),
    "faster": Measured("D takes five steps", "c", "distance 2.1 to 2.8; unchanged 4.0 to 5.5"),
    "constant": Measured(
        "constant noise", "c", "variance, as a share of real digits' 0.00; unchanged 0.91 to 1.00"
    ),
    "swapped": Measured(
        "labels swapped", "a", "G's loss (D's vanishes, too) 0.00; unchanged 0.86 to 0.95"
    ),
    "norm": Measured("no BatchNorm", "a", "distance 19.3 to 23.4; unchanged 4.0 to 5.5"),
    "latent": Measured("latent size 2", "a", "digits that are drawn 9 to 10; unchanged 10"),
    "rate": Measured("learning rate times ten", "c", "distance 2.6 to 3.2; unchanged 4.0 to 5.5"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One experiment in the table: what was measured, and how many predicted each answer."""

    measured: Measured
    counts: Mapping[str, int]

    @property
    def predicted(self) -> int:
        """How many students predicted anything."""
        return sum(self.counts.values())

    @property
    def right(self) -> int:
        """How many of them predicted what was measured."""
        return self.counts[self.measured.answer]


def lines(predictions: Mapping[str, Mapping[str, str]]) -> list[Line]:
    """Return a line for each experiment; none if nobody predicted anything.

    `predictions` has each student's letters, by experiment.
    """
    table = []
    for name, measured in OUTCOMES.items():
        chosen = Counter(one[name] for one in predictions.values() if name in one)
        table.append(Line(measured, {letter: chosen[letter] for letter in LETTERS}))
    return table if any(line.predicted for line in table) else []

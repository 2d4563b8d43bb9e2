"""Run the corpus of hostile submissions: every file of tests/hostile/, against one zygote.

Comments at the top of a file tell:

    # tries: to do what
    # harmful: yes      (would hurt the machine where the walls do not hold; not run without them)
    # twice: yes        (what the first run leaves behind, the second would find)
    # never: text       (must not appear in any report; escapes as in Python)
    # honest: 1         (points that the same code earns without its tricks)

An attack that reaches something that it must not raises an error whose text begins with "LOOT: ". All
are put on top of the stub, so that honest code earns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder import parts
from autograder.handins.submission import Submission
from autograder.judging.scoring import Judge
from autograder.outputs import Array, Outputs
from autograder.results import CheckResult
from autograder.running import runner
from autograder.running.forked import ForkedWorkers
from autograder.running.limits import Limits

HOSTILE = Path(__file__).parent / "hostile"
PART = parts.get("gan_pytorch")
PROBES = ["sample_noise", "discriminator", "bce_loss", "generator_loss"]
LIMITS = Limits(load_seconds=1.5, probe_seconds=1.5, total_seconds=6.0, memory=2 << 30)
LINE = re.compile(r"^# (tries|harmful|twice|never|honest): (.+)$", re.MULTILINE)
LOOT = "LOOT: "


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile submission."""

    name: str
    source: str
    tries: str
    harmful: bool
    twice: bool
    never: str
    honest: float

    def submission(self) -> Submission:
        """Return the attack on top of the stub."""
        stub = PART.stub.read_text()
        text = f"{stub}\n\n{self.source}" if "__future__" not in self.source else self.source
        return Submission(self.name, "gan_pytorch.py", {"gan_pytorch.py": text.encode()})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attack: points, loot, and answers that a report gave away."""

    points: float
    loot: tuple[str, ...]
    leaked: tuple[str, ...]
    outputs: Outputs

    @property
    def clean(self) -> bool:
        """Tell whether nothing was reached and nothing was given away."""
        return not self.loot and not self.leaked


def attacks() -> list[Attack]:
    """Read the corpus."""
    return [read(path) for path in sorted(HOSTILE.glob("*.py"))]


def read(path: Path) -> Attack:
    """Read one file and its header."""
    source = path.read_text()
    said = dict(LINE.findall(source))
    return Attack(
        path.stem,
        source,
        said["tries"],
        said.get("harmful") == "yes",
        said.get("twice") == "yes",
        said.get("never", "").encode().decode("unicode_escape"),
        float(said.get("honest", 0)),
    )


def try_attack(attack: Attack, zygote: ForkedWorkers, judge: Judge, secrets: set[str]) -> Outcome:
    """Run and judge one attack; run it twice where the first run prepares the second."""
    for _ in range(1 + attack.twice):
        outputs = runner.run(zygote, attack.submission(), PART, PROBES)
        checks = [c for c in judge.score(outputs) if c.function in PROBES]
    words = texts(checks, outputs)
    return Outcome(
        sum(check.score for check in checks),
        tuple(text for text in words if f"RuntimeError: {LOOT}" in text),
        tuple(digits for digits in sorted(secrets) if any(digits in text for text in words)),
        outputs,
    )


def texts(checks: list[CheckResult], outputs: Outputs) -> list[str]:
    """Return everything that a report would print."""
    return [*(check.message for check in checks), *outputs.notes]


def secrets_of(answers: Mapping[str, Array]) -> set[str]:
    """Return the digits of answers, as any report might print them: six significant ones."""
    digits = set()
    for array in answers.values():
        if array.dtype.kind == "f":
            for value in array.reshape(-1)[:50]:
                if np.isfinite(value) and abs(value) not in (0, 1) and abs(value) > 1e-12:
                    digits.add(f"{value:.6g}".lstrip("-"))
    return {d for d in digits if len(d.replace(".", "").lstrip("0")) >= 6}

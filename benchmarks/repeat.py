"""Grade the solution many times, each time in another setting: it must never lose a point.

    python benchmarks/repeat.py [--rounds 1000] [--write]

The settings differ in the seed of PyTorch's random generator, the number of threads, and Python's hash
seed. The worker sets the seed itself; a few lines at the end of the submission shift it. With --write,
the result replaces the one in docs/tolerances.md.
"""

from __future__ import annotations

import argparse
import time
from unittest import mock

from autograder import parts
from autograder.handins.submission import Submission
from autograder.judging.scoring import Judge
from autograder.parts import ROOT
from autograder.running import runner
from autograder.running.environment import SCRUBBED
from autograder.running.forked import ForkedWorkers
from autograder.staff.documents import write_section

PAGE = ROOT / "docs" / "tolerances.md"
HASH_SEEDS = 20

TAIL = """

def _circumstances(offset, threads):
    torch.set_num_threads(threads)
    here = torch.manual_seed
    torch.manual_seed = lambda seed: here(seed + offset)
    torch.manual_seed(0)

_circumstances({offset}, {threads})
"""


def main() -> None:
    """Grade, count, and write if asked to."""
    parser = argparse.ArgumentParser(description="does a right submission ever lose a point?")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="write docs/tolerances.md")
    options = parser.parse_args()
    part = parts.get("gan_pytorch")
    source = part.solution.read_text()
    name = part.solution.name
    failures: list[str] = []
    graded = 0
    start = time.monotonic()
    with Judge.for_staff(part) as judge:
        for hash_seed in range(HASH_SEEDS):
            changed = {"PYTHONHASHSEED": str(hash_seed * 1000 + 1)}
            with mock.patch.dict(SCRUBBED, changed), ForkedWorkers([part]) as zygote:
                for _ in range(options.rounds // HASH_SEEDS):
                    tail = TAIL.format(offset=7919 * (graded + 1), threads=1 + graded % 2)
                    files = {name: (source + tail).encode()}
                    outputs = runner.run(zygote, Submission(name, name, files), part)
                    lost = [c.name for c in judge.score(outputs) if c.score < c.max_score]
                    graded += 1
                    if lost:
                        failures.append(f"round {graded}: {', '.join(lost)}")
                        print(failures[-1], flush=True)
    seconds = time.monotonic() - start
    text = (
        f"{graded} gradings of the solution, each with other seeds, half of them with one thread and "
        f"half with two, under {HASH_SEEDS} hash seeds: {len(failures)} lost a point. "
        f"({seconds / graded:.2f} s each.)"
    )
    print(text)
    if options.write:
        write_section(PAGE, "repeat", text)


if __name__ == "__main__":
    main()

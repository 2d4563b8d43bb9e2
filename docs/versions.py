"""Measure the grader under several versions of PyTorch, and write docs/versions.md.

    python docs/versions.py PYTHON...

Each PYTHON is an interpreter in which this package is installed beside one version of PyTorch, as
`pip install torch==2.6.0 torchvision==0.21.0 -e .` does. Minutes for each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "versions.md"
PARTS = ("gan_pytorch", "gaussian_gan", "dcgan", "dog_breeds")
TEXT = """\
# The same names under every version

`python docs/versions.py PYTHON...` writes this page: each interpreter has another version of PyTorch.
The answers and the mistakes' outputs are stored once, with {recorded}; nothing is recorded again.

A mistake is *caught* if it loses a check, *exact* if it loses the checks that it should and no other,
and *named* if every lost check names it. *Left out* counts the mistakes that get another mistake's
name when they are not in the list themselves, and *in no list* the wrong functions of
`tests/unlisted/` that get a name that is false of them: both are false names.
"""


def measure_here() -> dict[str, Any]:
    """Measure every part with this interpreter's PyTorch."""
    from autograder import parts
    from autograder.cli.options import imports_of
    from autograder.judging.scoring import Judge
    from autograder.running.start import start
    from autograder.staff import accuracy

    found: dict[str, Any] = {"torch": version("torch").partition("+")[0], "parts": {}}
    for part in map(parts.get, PARTS):
        with (
            start([part], preload=imports_of([part])) as workers,
            Judge.for_staff(part) as judge,
        ):
            one = accuracy.measure(part, workers, judge, 0)
        found["parts"][part.name] = {
            "mistakes": len(one.trials),
            "caught": sum(trial.caught for trial in one.trials),
            "exact": sum(trial.exact for trial in one.trials),
            "named": {t.mistake.id: sorted(map(str, t.named)) for t in one.trials},
            "left out": sum(bool(trial.else_named) for trial in one.trials),
            "variants": len(one.variants),
            "accepted": sum(one.variants.values()),
            "unlisted": len(one.unlisted),
            "unlisted lose": sum(bool(tried.lost) for tried in one.unlisted),
            "false": sum(bool(tried.false_names) for tried in one.unlisted),
        }
        print(f"{found['torch']}: {part.name} measured", file=sys.stderr, flush=True)
    return found


def recorded_with() -> str:
    """Return the version of PyTorch with which the stored answers were computed."""
    with np.load(ROOT / "checks" / "gan_pytorch.npz") as stored:
        about = json.loads(stored["about"].tobytes())
    return f"torch {about['torch'].partition('+')[0]}"


def page(measured: list[dict[str, Any]], recorded: str) -> str:
    """Return the page: a table for each part with a row for each version, and what differs."""
    lines = [TEXT.format(recorded=recorded)]
    for part in PARTS:
        lines += [f"## {part}", "", row(HEAD), row(["---", *["---:"] * (len(HEAD) - 1)])]
        for one in measured:
            figures = one["parts"][part]
            right = sum(names == [id] for id, names in figures["named"].items())
            total = figures["mistakes"]
            lines.append(
                row(
                    [
                        one["torch"],
                        *(f"{n} of {total}" for n in (figures["caught"], figures["exact"], right)),
                        f"{figures['left out']}",
                        f"{figures['accepted']} of {figures['variants']}",
                        f"{figures['unlisted lose']} of {figures['unlisted']}",
                        f"{figures['false']}",
                    ]
                )
            )
        lines += ["", *differences(part, measured), ""]
    return "\n".join(lines).rstrip() + "\n"


HEAD = (
    "torch",
    "caught",
    "exact",
    "named",
    "left out: false names",
    "variants accepted",
    "in no list: lose a check",
    "in no list: false names",
)


def row(cells: list[str] | tuple[str, ...]) -> str:
    """Return a line of a table."""
    return "| " + " | ".join(cells) + " |"


def differences(part: str, measured: list[dict[str, Any]]) -> list[str]:
    """Return a line for each mistake that two versions name differently."""
    named = {one["torch"]: one["parts"][part]["named"] for one in measured}
    lines = []
    for id in sorted(set().union(*named.values())):
        told = {torch: ", ".join(names.get(id, ["not tried"])) for torch, names in named.items()}
        if len(set(told.values())) > 1:
            lines.append(f"- `{id}`: " + "; ".join(f"{name} with {t}" for t, name in told.items()))
    return lines or ["All versions name each mistake alike."]


def main() -> None:
    """Measure under each interpreter, and write the page."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("pythons", nargs="*", metavar="PYTHON")
    arguments.add_argument("--here", action="store_true", help="Measure, and print JSON.")
    given = arguments.parse_args()
    if given.here:
        print(json.dumps(measure_here()))
        return
    measured = []
    for python in given.pythons or [sys.executable]:
        done = subprocess.run(
            [python, __file__, "--here"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        if done.returncode:
            sys.exit(f"{python}: could not be measured")
        measured.append(json.loads(done.stdout.splitlines()[-1]))
    PAGE.write_text(page(measured, recorded_with()), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""Does the training check accept every correct solution, and catch those that do not learn?

Trains the networks of the solution with many seeds, and those of changed solutions with a few. The loop
is the probe's own and the measures are the suite's own. Writes the table in docs/training.md. One run
takes about 15 s of one processor core. Each result is kept in a file; a run that stopped can continue.

    python benchmarks/learning.py --seeds 30 --seeds-wrong 5
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import sys
import types
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from autograder import parts
from autograder.compare import CheckFailed
from autograder.outputs import read_npz
from autograder.staff.documents import write_section

PART = parts.get("gan_learning")
KEPT = Path("build/learning.jsonl")
PAGE = parts.ROOT / "docs" / "training.md"
LOSSES = {
    "vanilla": ("discriminator_loss", "generator_loss"),
    "lsgan": ("ls_discriminator_loss", "ls_generator_loss"),
}
ONES_REAL = "bce_loss(logits_real, torch.ones_like(logits_real))"
ZEROS_FAKE = "bce_loss(logits_fake, torch.zeros_like(logits_fake))"
G_TARGET = "loss = bce_loss(logits_fake, torch.ones_like(logits_fake))"
G_END = "        nn.Linear(1024, 784),\n        nn.Tanh(),"
NOISE = "2 * torch.rand(batch_size, dim) - 1"

# What is changed in the solution.
WRONG: dict[str, tuple[tuple[str, str], ...]] = {
    "labels swapped": (
        (ONES_REAL, ONES_REAL.replace("ones", "zeros")),
        (ZEROS_FAKE, ZEROS_FAKE.replace("zeros", "ones")),
    ),
    "generator's target 0": ((G_TARGET, G_TARGET.replace("ones", "zeros")),),
    "generator never updated": ((G_TARGET, G_TARGET + " * 0"),),
    "no network updated": (("lr=1e-3", "lr=0.0"),),
    "tanh missing": ((G_END, "        nn.Linear(1024, 784),"),),
    "sigmoid for tanh": ((G_END, G_END.replace("Tanh", "Sigmoid")),),
    "learning rate 10 times too high": (("lr=1e-3", "lr=1e-2"),),
    "learning rate 10 times too low": (("lr=1e-3", "lr=1e-4"),),
    "beta1 0.9": (("betas=(0.5, 0.999)", "betas=(0.9, 0.999)"),),
    "every noise vector the same": ((NOISE, "torch.zeros(batch_size, dim)"),),
}
ONE_LOSS = ("labels swapped", "generator's target 0", "generator never updated")  # not LSGAN's loss


def main() -> None:
    """Run what is not in the file yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--seeds-wrong", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    KEPT.parent.mkdir(exist_ok=True)
    kept = [json.loads(line) for line in KEPT.read_text().splitlines()] if KEPT.exists() else []
    done = {(one["what"], one["kind"], one["seed"]) for one in kept}
    todo = [job for job in _jobs(arguments.seeds, arguments.seeds_wrong) if job not in done]
    with ProcessPoolExecutor(arguments.workers) as pool, KEPT.open("a") as file:
        running = [pool.submit(run, *job) for job in todo]
        for future in tqdm(as_completed(running), total=len(running), disable=not running):
            kept.append(future.result())
            file.write(json.dumps(kept[-1]) + "\n")
            file.flush()
    lines = list(table(kept))
    write_section(PAGE, "table", "\n".join(lines))
    print("\n".join(lines))


def _jobs(seeds: int, wrong: int) -> Iterator[tuple[str, str, int]]:
    for seed in range(max(seeds, wrong)):
        for what in ("right", *WRONG):
            for kind in LOSSES:
                wanted = seed < (seeds if what == "right" else wrong)
                if wanted and (kind == "vanilla" or what not in ONE_LOSS):
                    yield what, kind, seed


def run(what: str, kind: str, seed: int) -> dict[str, Any]:
    """Train once; return the distance, how many digits were drawn, and the lost checks."""
    import torch

    torch.set_num_threads(1)
    probes, suite = _module("probes", PART.probes), _module("suite", PART.suite)
    probes.SEED = seed
    text = PART.solution.read_text()
    for old, new in WRONG.get(what, ()):
        assert old in text, old
        text = text.replace(old, new)
    student = types.ModuleType("student")
    exec(compile(text, what, "exec"), student.__dict__)  # noqa: S102
    answers, _ = read_npz(PART.answers)
    reference = {k.partition("/")[2]: v for k, v in answers.items() if k.startswith("reference/")}
    d_loss, g_loss = (getattr(student, name) for name in LOSSES[kind])
    outputs = {k: np.asarray(v) for k, v in probes.train(student, d_loss, g_loss, kind).items()}
    features, seen = suite.features(outputs, reference)
    shares = np.bincount(seen, minlength=10) / len(seen)
    lost = []
    for name in ("distance", "variety"):
        try:
            getattr(suite, f"judge_{name}")(outputs, reference, kind)
        except CheckFailed:
            lost.append(name)
    return {
        "what": what,
        "kind": kind,
        "seed": seed,
        "distance": suite.distance(features, reference),
        "digits": int(np.count_nonzero(shares >= suite.SEEN)),
        "outside": float(outputs["outside"]),
        "lost": lost,
    }


def table(kept: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    groups = defaultdict(list)
    for one in kept:
        groups[one["what"], one["kind"]].append(one)
    yield "| solution | losses | runs | distance: least, median, most | fewest digits | lost points |"
    yield "|---|---|---:|---|---:|---:|"
    for (what, kind), runs in groups.items():
        far = [one["distance"] for one in runs]
        figures = f"{min(far):.0f}, {statistics.median(far):.0f}, {max(far):.0f}"
        fewest, lost = min(one["digits"] for one in runs), sum(bool(one["lost"]) for one in runs)
        yield f"| {what} | {kind} | {len(runs)} | {figures} | {fewest} | {lost} of {len(runs)} |"


def _module(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    made = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


if __name__ == "__main__":
    main()

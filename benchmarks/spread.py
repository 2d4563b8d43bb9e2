"""Measure how much correct outputs differ from machine to machine, compared with the tolerances.

    python benchmarks/spread.py [--python OTHER/bin/python ...] [--write]

The solution's probes run again in one process for each setting: in double precision, with one and
two threads, without oneDNN, with older instruction sets (in place of other processors), and under
every other Python that is given, each with its own torch version. Only deviations that the suite judges
count: its calls of ``close`` are recorded instead of judged. Each recorded mistake is run too; the
smallest deviation by which a check catches one is shown beside the tolerance.

With --write, the tables replace those in docs/tolerances.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder import compare, parts
from autograder.compare import CheckFailed
from autograder.mistake import load_mistakes
from autograder.outputs import read_npz
from autograder.parts import PACKAGE, ROOT, Part
from autograder.running.environment import SCRUBBED
from autograder.running.forked import ForkedWorkers
from autograder.staff import record
from autograder.staff.documents import write_section

PAGE = ROOT / "docs" / "tolerances.md"

# What a check's name ends in -> what it compares.
GROUPS = {
    "scores": "networks",
    "images": "networks",
    "gradients": "networks, unseen inputs",
    "value": "losses",
    "gradient": "losses, unseen scores",
    "extreme": "losses, extreme scores",
    "step": "optimizer",
    "momentum": "optimizer",
}

CHILD = """
import importlib.util, json, sys
import numpy as np, torch
arguments = json.loads(sys.argv[1])
def module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    made = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
torch.set_num_threads(arguments["threads"])
torch.backends.mkldnn.enabled = arguments["onednn"]
if arguments["double"]:
    torch.set_default_dtype(torch.float64)
sys.path.insert(0, arguments["root"])
from autograder.worker import run as worker
from autograder.worker.surroundings import seed_everything
probes = module("probes", arguments["probes"])
student = worker.Student(module("solution", arguments["solution"]), [])
arrays = {}
for name in vars(probes):
    if name.startswith("probe_"):
        seed_everything()
        for field, value in getattr(probes, name)(student).items():
            arrays[name[6:] + "/" + field] = np.asarray(value)
np.savez(arguments["out"], **arrays)
print(json.dumps({"torch": torch.__version__, "cpu": torch.backends.cpu.get_cpu_capability()}))
"""


@dataclass(frozen=True)
class Setting:
    """One way to run the solution."""

    name: str
    python: str = sys.executable
    threads: int = 1
    onednn: bool = True
    double: bool = False
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Deviation:
    """The deviation in one comparison of a check, in the check's own units, and its tolerance."""

    check: str
    size: float
    tolerance: float


def settings(pythons: list[str]) -> Iterator[Setting]:
    """Yield every setting to measure."""
    yield Setting("1 thread")
    yield Setting("2 threads", threads=2)
    yield Setting("double precision", double=True)
    yield Setting("without oneDNN", onednn=False)
    for level in ("SSE41", "AVX", "AVX2", "AVX512_CORE"):
        yield Setting(f"oneDNN up to {level}", environment=(("ONEDNN_MAX_CPU_ISA", level),))
    for level in ("default", "avx2"):
        yield Setting(f"ATen kernels: {level}", environment=(("ATEN_CPU_CAPABILITY", level),))
    yield Setting("MKL: any processor", environment=(("MKL_CBWR", "COMPATIBLE"),))
    oldest = {
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "ATEN_CPU_CAPABILITY": "default",
        "MKL_CBWR": "COMPATIBLE",
    }
    yield Setting("the oldest of everything", environment=tuple(oldest.items()))
    for python in pythons:
        yield Setting("", python=python)
        yield Setting("2 threads", python=python, threads=2)
        yield Setting("without oneDNN", python=python, onednn=False)
        yield Setting("the oldest of everything", python=python, environment=tuple(oldest.items()))


def measure(setting: Setting, part: Part) -> tuple[str, dict[str, np.ndarray]]:
    """Run all probes of the solution in a setting; return torch's version and the arrays."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = {
            "threads": setting.threads,
            "onednn": setting.onednn,
            "double": setting.double,
            "root": str(PACKAGE.parent),
            "probes": str(part.probes),
            "solution": str(part.solution),
            "out": f"{folder}/arrays.npz",
        }
        environment = {"PATH": SCRUBBED["PATH"], "HOME": folder, **dict(setting.environment)}
        environment["OMP_NUM_THREADS"] = str(setting.threads)
        done = subprocess.run(
            [setting.python, "-W", "ignore", "-c", CHILD, json.dumps(arguments)],
            env=environment,
            capture_output=True,
            text=True,
            cwd=folder,
        )
        if done.returncode:
            raise SystemExit(f"{setting}: {done.stderr.strip().splitlines()[-1]}")
        with np.load(f"{folder}/arrays.npz") as file:
            arrays = {key: file[key] for key in file.files}
    return str(json.loads(done.stdout.splitlines()[-1])["torch"]), arrays


def load_suite(part: Part) -> types.ModuleType:
    """Import a copy of the suite that may be changed."""
    spec = importlib.util.spec_from_file_location("measured_suite", part.suite)
    assert spec is not None and spec.loader is not None
    suite = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(suite)
    return suite


def deviations(
    suite: types.ModuleType, outputs: Mapping[str, np.ndarray], answers: Mapping[str, np.ndarray]
) -> list[Deviation]:
    """Run every check whose probe is there; return the deviation of each comparison."""
    measured: list[Deviation] = []
    current = ""

    def close(
        got: np.ndarray, want: np.ndarray, rtol: float, message: str, scale: float | None = None
    ) -> None:
        off = np.inf
        if got.shape == want.shape and np.isfinite(got).all():
            largest = float(np.max(np.abs(want), initial=0.0)) if scale is None else scale
            difference = np.max(np.abs(got.astype(float) - want.astype(float)), initial=0.0)
            off = float(difference) / largest if largest else float(difference)
        measured.append(Deviation(current, off, rtol))

    suite.close = close  # type: ignore[attr-defined]
    compare.close = close  # what networks are compared with stands there
    for name, check in vars(suite).items():
        marks = [m for m in getattr(check, "pytestmark", ()) if m.name == "check"]
        if not (name.startswith("test_") and marks):
            continue
        current = name.removeprefix("test_")
        probe = marks[0].kwargs["probe"]
        ours = _view(outputs, probe)
        if ours:
            _call(check, {"outputs": ours, "answers": _view(answers, probe)})
    return measured


def _view(arrays: Mapping[str, np.ndarray], probe: str) -> dict[str, np.ndarray]:
    return {k.partition("/")[2]: v for k, v in arrays.items() if k.startswith(probe + "/")}


def _call(check: Callable[..., None], given: dict[str, Any]) -> None:
    given["remark"] = lambda text: None
    wanted = check.__code__.co_varnames[: check.__code__.co_argcount]
    try:
        check(**{name: given[name] for name in wanted})
    except (CheckFailed, ValueError):  # it failed for another reason than a tolerance
        pass


def group_of(one: Deviation) -> str:
    """Return the group that a comparison belongs to, with its tolerance."""
    group = GROUPS.get(one.check.rpartition("_")[2], one.check)
    return f"{group} ({one.tolerance:.0e})"


def by_group(measured: list[Deviation]) -> dict[str, float]:
    """Return the largest deviation of each group of comparisons."""
    groups: dict[str, float] = {}
    for one in measured:
        groups[group_of(one)] = max(groups.get(group_of(one), 0.0), one.size)
    return groups


def smallest_mistakes(
    part: Part, suite: types.ModuleType, answers: Mapping[str, np.ndarray]
) -> dict[str, tuple[float, str]]:
    """Return by group the smallest deviation by which a check catches a mistake, and which."""
    smallest: dict[str, tuple[float, str]] = {}
    with ForkedWorkers([part]) as zygote:
        for mistake, outputs in record.run_mistakes(part, zygote, load_mistakes(part)):
            caught = [d for d in deviations(suite, outputs.arrays, answers) if d.size > d.tolerance]
            for group, size in by_group(caught).items():
                smallest[group] = min(smallest.get(group, (np.inf, "")), (size, mistake.id))
    return smallest


def processor() -> str:
    """Return the processor's name, as Linux gives it."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()
    match = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return match[1] if match else platform.processor()


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; every column but the first is aligned to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description="how far right outputs differ")
    parser.add_argument("--python", action="append", default=[], help="another Python with torch")
    parser.add_argument("--write", action="store_true", help="write docs/tolerances.md")
    options = parser.parse_args()
    os.chdir(ROOT)
    part = parts.get("gan_pytorch")
    answers, about = read_npz(part.answers)
    suite = load_suite(part)

    rows: list[list[str]] = []
    largest: dict[str, tuple[float, str]] = {}
    for setting in settings(options.python):
        version, arrays = measure(setting, part)
        name = f"torch {version.partition('+')[0]}" + (f", {setting.name}" if setting.name else "")
        groups = by_group(deviations(suite, arrays, answers))
        for group, size in groups.items():
            largest[group] = max(largest.get(group, (0.0, "")), (size, name))
        rows.append([name, *(f"{groups[group]:.1e}" for group in largest)])
        print(" | ".join(rows[-1]), flush=True)

    mistakes = smallest_mistakes(part, suite, answers)
    summary = []
    for group, (size, where) in largest.items():
        caught, mistake = mistakes.get(group, (np.inf, ""))
        least = [f"{caught:.1e}", f"`{mistake}`"] if mistake else ["", ""]
        summary.append([group, f"{size:.1e}", where, *least])
    head = ["checks (tolerance)", "largest deviation", "seen with"]
    text = "\n\n".join(
        (
            f"Measured on one machine ({processor()}); answers recorded with torch "
            f"{about.get('torch')}. Every deviation is relative to the "
            "largest element of the right array, or to the scale that the check names.",
            table([*head, "smallest mistake caught", "its id"], summary),
            table(["setting", *largest], rows),
        )
    )
    print(text)
    if options.write:
        write_section(PAGE, "spread", text)


if __name__ == "__main__":
    main()

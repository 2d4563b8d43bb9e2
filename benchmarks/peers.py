"""Grade the same homework with this grader, with nbgrader and with otter, taking turns.

    python -m venv peers && peers/bin/pip install nbgrader otter-grader ipykernel torch
    python benchmarks/peers.py --peers peers/bin [--rounds 3]

The peers run ten checks of all functions, as their documentation writes checks; this grader runs its
whole suite, which does more. All use one core: nbgrader and otter work on one submission after the
other, and so does `--executor serial`. A class of --size submissions is graded by nbgrader and by
this grader in one command each; `otter run` grades one (its class command needs Docker).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from autograder import parts

PART = parts.get("gan_pytorch")
ASSIGNMENT = "gan"
CHECKS = (
    "z = sample_noise(20, 10)\nassert z.shape == (20, 10) and z.min() >= -1 and z.max() <= 1",
    "assert sum(p.numel() for p in discriminator().parameters()) == 267009",
    "assert discriminator()(torch.ones(4, 784)).shape == (4, 1)",
    "assert sum(p.numel() for p in generator(4).parameters()) == 1858320",
    "assert generator(4)(torch.ones(4, 4)).shape == (4, 784)",
    "x = torch.linspace(-3, 3, 50)\nassert 0 < discriminator_loss(x, x.flip(0)).item() < 4",
    "x = torch.linspace(-3, 3, 50)\nassert abs(generator_loss(x).item() - 1.0) < 1",
    "x = torch.linspace(-3, 3, 50)\n"
    "assert ls_discriminator_loss(x, x).item() > 0 and ls_generator_loss(x).item() > 0",
    "assert sum(p.numel() for p in build_dc_classifier(128).parameters()) == 1102721",
    "g = build_dc_generator(4)\nassert sum(p.numel() for p in g.parameters()) == 6580801\n"
    "assert g(torch.ones(3, 4)).shape == (3, 784) and get_optimizer(g)",
)


def nbgrader_cell(source: str, name: str, solution: bool) -> nbformat.NotebookNode:
    """Return a cell with what nbgrader must know of it."""
    about = {"schema_version": 3, "grade_id": name, "task": False, "solution": solution}
    about |= {"grade": not solution, "locked": not solution}
    if not solution:
        about["points"] = 1
    return new_code_cell(source, metadata={"nbgrader": about})


def set_up_nbgrader(course: Path, size: int, tools: Path) -> None:
    """Write a course with an assignment and `size` submissions of it."""
    cells = [nbgrader_cell(PART.solution.read_text(), "answer", True)]
    cells += [nbgrader_cell(text, f"check{i}", False) for i, text in enumerate(CHECKS)]
    source = course / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), source / "gan.ipynb")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f"c.CourseDirectory.root = {str(course)!r}\n"
        "c.ClearSolutions.enforce_metadata = False\n"
        "c.ExecutePreprocessor.timeout = 120\n"
        "c.Execute.timeout = 120\n"
    )
    _run([tools / "nbgrader", "generate_assignment", ASSIGNMENT], course)
    for number in range(size):
        handed_in = course / "submitted" / f"student{number}" / ASSIGNMENT
        handed_in.mkdir(parents=True)
        shutil.copy(source / "gan.ipynb", handed_in)
        _run([tools / "nbgrader", "db", "student", "add", f"student{number}"], course)


def set_up_otter(folder: Path, tools: Path) -> None:
    """Write tests in otter's exception format, and its zip."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for number, text in enumerate(CHECKS):
        (tests / f"q{number}.py").write_text(
            "from otter.test_files import test_case\n\nOK_FORMAT = False\n"
            f"name = 'q{number}'\npoints = 1\n\n\n@test_case()\ndef test_it(env):\n"
            f"    exec({text!r}, env)\n"
        )
    cells = [new_code_cell(PART.solution.read_text())]
    about = {"kernelspec": {"name": "python3", "display_name": "python3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=about), folder / "gan.ipynb")
    _run([tools / "otter", "generate", "-t", "tests", "-o", "autograder.zip"], folder)


def set_up_ours(folder: Path, size: int) -> None:
    """Write a class of solutions."""
    for number in range(size):
        handed_in = folder / f"student{number}"
        handed_in.mkdir(parents=True)
        shutil.copy(PART.solution, handed_in)


def _run(line: list[object], folder: Path) -> tuple[float, float]:
    """Run a command; return wall and processor seconds; raise with its words if it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        list(map(str, line)), cwd=folder, capture_output=True, text=True, env=_environment(line)
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, line))}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def _environment(line: list[object]) -> dict[str, str]:
    """Put the peer's own Python first, so that kernels are started with it; one thread each."""
    path = os.pathsep.join([str(Path(str(line[0])).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "OMP_NUM_THREADS": "1"}


def main() -> None:
    """Set all three up, let them take turns, and print seconds and ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", type=Path, required=True, help="Folder with nbgrader and otter.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=5, help="Of nbgrader's class.")
    parser.add_argument("--ours", type=int, default=60, help="Size of our class.")
    options = parser.parse_args()
    tools = options.peers.resolve()
    seconds: dict[str, list[tuple[float, float]]] = {"autograder": [], "nbgrader": [], "otter": []}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        set_up_ours(folder / "ours", options.ours)
        set_up_otter(folder / "otter", tools)
        set_up_nbgrader(folder / "course", options.size, tools)
        ours = [sys.executable, "-m", "autograder", "grade-class", folder / "ours"]
        ours += ["--executor", "serial", "--workers", "1", "--fresh", "--output", folder / "out"]
        theirs = [tools / "nbgrader", "autograde", ASSIGNMENT, "--force"]
        otters = [tools / "otter", "run", "-a", "autograder.zip", "gan.ipynb", "-o", "."]
        for _ in tqdm(range(options.rounds), leave=False):
            for name, line, where, count in (
                ("autograder", ours, folder, options.ours),
                ("nbgrader", theirs, folder / "course", options.size),
                ("otter", otters, folder / "otter", 1),
            ):
                wall, cpu = _run(line, where)
                seconds[name].append((wall / count, cpu / count))
    show(seconds)


def show(seconds: dict[str, list[tuple[float, float]]]) -> None:
    """Print medians for one submission, and how many times ours they are."""
    table = Table(title="One submission, start of the command shared out", title_justify="left")
    for column in (
        "grader",
        "wall, s",
        "processor, s",
        "times ours, wall",
        "times ours, processor",
    ):
        table.add_column(column, justify="left" if column == "grader" else "right")
    middle = {n: [statistics.median(v[i] for v in s) for i in (0, 1)] for n, s in seconds.items()}
    floor = middle["autograder"]
    for name, (wall, cpu) in middle.items():
        ratios = (f"{wall / floor[0]:.1f}", f"{cpu / floor[1]:.1f}")
        table.add_row(name, f"{wall:.2f}", f"{cpu:.2f}", *ratios)
    Console().print(table)


if __name__ == "__main__":
    main()

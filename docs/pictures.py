"""Draw the pictures of the README and the tour: `python docs/pictures.py`.

Checks and grades a submission that loses points in several ways, and saves the tables as SVG. Then
grades an invented class, and saves its page and one student's page as Chromium shows them.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.terminal_theme import MONOKAI

from autograder import grading, parts
from autograder.mistake import Mistake, apply, load_mistakes
from autograder.reports import terminal

PICTURES = Path(__file__).resolve().parent / "pictures"
SLIPS = (  # function, what the solution has, what this student wrote
    ("discriminator", "nn.Linear(256, 1),", "nn.Linear(256, 1),\n        nn.Sigmoid(),"),
    ("bce_loss", ".mean()", ".sum()"),
    ("generator_loss", "ones_like", "zeros_like"),
    ("get_optimizer", ", betas=(0.5, 0.999)", ""),
    ("ls_generator_loss", "scores_fake - 1", "score_fake - 1"),
)
FIRST = "Ada Noor Wei Juan Mia Omar Eva Raj".split()
LAST = "Lovelace Turing Hopper Curie Noether Gauss".split()
UNDONE = "build_dc_generator"


def example(source: str, without: str = "") -> str:
    """Return the solution as a student with a few slips would have written it."""
    for function, old, new in (slip for slip in SLIPS if slip[0] != without):
        source = apply(Mistake("example", function, "", "", (), old=old, new=new), source)
    undone = Mistake("example", UNDONE, "", "", (), body="raise NotImplementedError()")
    return apply(undone, source)


def write_class(folder: Path, mistakes: Sequence[Mistake]) -> None:
    """Write a class whose students make up to four known mistakes each, some mistakes more often."""
    random = np.random.default_rng(7)
    source = parts.get("gan_pytorch").solution.read_text()
    common = random.choice(len(mistakes), size=24, replace=False)
    for name in (f"{first} {last}" for first in FIRST for last in LAST):
        text, done = source, set()
        for i in random.choice(common, size=random.choice([0, 1, 1, 2, 2, 3, 4]), replace=False):
            if mistakes[i].function not in done:
                done.add(mistakes[i].function)
                text = apply(mistakes[i], text)
        (folder / name).mkdir(parents=True)
        (folder / name / "gan_pytorch.py").write_text(text)


def photograph(results: Path) -> None:
    """Save the class's page, and the page of the student with the lowest score."""
    lowest = min(results.glob("results/*/result.json"), key=lambda path: _score(path))
    from playwright.sync_api import sync_playwright  # not needed for --tables

    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, page_path in (
            ("class", results / "index.html"),
            ("student", lowest.with_name("feedback.html")),
        ):
            page = browser.new_page(viewport={"width": 900, "height": 900})
            page.goto(page_path.as_uri())
            if name == "student":
                page.get_by_label("only what lost points").check()
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


def _score(path: Path) -> float:
    return float(json.loads(path.read_text())["score"])


def draw_table(command: str, public: Path | None = None) -> None:
    """Save what `autograder COMMAND gan_pytorch.py` prints; with public answers, only public checks.

    With public answers bce_loss is right. This package would judge the losses that call a wrong one
    again with a right one; the students' package does not, so its table would look different.
    """
    part = parts.get("gan_pytorch")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{part.name}.py"
        path.write_text(example(part.solution.read_text(), "bce_loss" if public else ""))
        [graded] = grading.grade(path, [part], public=public)
    console = Console(record=True, width=88, file=io.StringIO())
    terminal.show([graded.result], console)
    console.save_svg(
        str(PICTURES / f"{command}.svg"),
        title=f"autograder {command} gan_pytorch.py",
        theme=MONOKAI,
        unique_id=command,
    )


def draw_pages() -> None:
    """Grade an invented class and save its pages as pictures."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        write_class(Path(folder) / "class", load_mistakes(parts.get("gan_pytorch")))
        line = ["grade-class", str(Path(folder) / "class"), "--output", str(results)]
        subprocess.run([sys.executable, "-m", "autograder", *line], check=True)
        photograph(results)


def main() -> None:
    """Grade the examples and draw the results."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tables", action="store_true", help="Only the terminal's tables.")
    options = parser.parse_args()
    draw_table("check", parts.get("gan_pytorch").stub.with_name(grading.PUBLIC_CHECKS))
    draw_table("grade")
    if not options.tables:
        draw_pages()


if __name__ == "__main__":
    main()

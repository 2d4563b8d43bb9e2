"""Draw the pictures of the README and the tour: `python docs/pictures.py`.

Checks and grades a submission that loses points in several ways, and saves the tables as SVG. Then
grades invented classes, and saves a class's page, one student's page, and the page on which mistakes
are named, as Chromium shows them.
"""

from __future__ import annotations

import argparse
import io
import json
import re
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
from autograder.mistake import Mistake, after, apply, drop, load_mistakes, swap
from autograder.reports import terminal

PICTURES = Path(__file__).resolve().parent / "pictures"
SLIPS = (
    ("discriminator", after("nn.Linear(256, 1)", "nn.Sigmoid()")),
    ("bce_loss", swap("(...).mean()", "(...).sum()")),
    ("generator_loss", swap("torch.ones_like", "torch.zeros_like")),
    ("get_optimizer", drop("betas=...")),
    ("ls_generator_loss", swap("scores_fake - 1", "score_fake - 1")),
)
FIRST = "Ada Noor Wei Juan Mia Omar Eva Raj".split()
LAST = "Lovelace Turing Hopper Curie Noether Gauss".split()
UNDONE = "build_dc_generator"
# Mistakes in no list: how many students make each, and two ways to write it
UNLISTED = (
    (
        "ls_generator_loss",
        9,
        "error = scores_fake - 1\n    loss = (error ** 4).mean()",
        "loss = (scores_fake - 1).pow(2).square().mean()",
    ),
    (
        "discriminator",
        6,
        "model = nn.Sequential(\n        Flatten(),\n        nn.Linear(784, 100),\n"
        "        nn.LeakyReLU(0.01),\n        nn.Linear(100, 1),\n    )",
        "layers = [Flatten(), nn.Linear(784, 100)]\n"
        "    layers += [nn.LeakyReLU(0.01), nn.Linear(100, 1)]\n"
        "    model = nn.Sequential(*layers)",
    ),
    (
        "discriminator_loss",
        3,
        "loss = bce_loss(logits_real, torch.ones_like(logits_real) * 0.7)",
        "soft = torch.full_like(logits_real, 0.7)\n    loss = bce_loss(logits_real, soft)",
    ),
)


def example(source: str, without: str = "") -> str:
    """Return the solution as a student with a few slips would have written it."""
    for function, change in (slip for slip in SLIPS if slip[0] != without):
        source = apply(Mistake("example", change, "", "", function), source)
    undone = swap("model = nn.Sequential(...)", "raise NotImplementedError()")
    return apply(Mistake("example", undone, "", "", UNDONE), source)


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


def write_unlisted(folder: Path) -> None:
    """Write a class whose students make mistakes that are in no list, several of them the same one."""
    source = parts.get("gan_pytorch").solution.read_text()
    names = iter(f"{first} {last}" for last in LAST for first in FIRST)
    for function, students, *ways in UNLISTED:
        region = rf"(def {function}\(.*?### BEGIN SOLUTION\n)(.*?)(    ### END SOLUTION)"
        for number, name in zip(range(students), names):
            body = f"    {ways[number % len(ways)]}\n"
            text = re.sub(region, lambda m: m[1] + body + m[3], source, count=1, flags=re.S)  # noqa: B023
            (folder / name).mkdir(parents=True)
            (folder / name / "gan_pytorch.py").write_text(text)


def photograph_naming(results: Path) -> None:
    """Save the page on which mistakes are named."""
    from playwright.sync_api import sync_playwright

    line = [sys.executable, "-u", "-m", "autograder", "review", str(results)]
    server = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        _, address = server.stdout.readline(), server.stdout.readline().strip()
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 760})
            page.goto(address)
            page.fill("textarea", "The fourth power of the distance to 1 is taken, not its square.")
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            page.screenshot(path=PICTURES / "review.png")
            browser.close()
    finally:
        server.terminate()
        server.wait()


def photograph(results: Path) -> None:
    """Save the class's page, its heat map, and the page of the student with the lowest score."""
    lowest = min(results.glob("results/*/result.json"), key=lambda path: _score(path))
    from playwright.sync_api import sync_playwright  # not needed for --tables

    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, page_path, place in (
            ("class", results / "index.html", ""),
            ("heat", results / "index.html", "#students"),
            ("student", lowest.with_name("feedback.html"), ""),
        ):
            page = browser.new_page(viewport={"width": 900, "height": 900})
            page.goto(page_path.as_uri() + place)
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


def draw_naming() -> None:
    """Grade a class with mistakes that nobody listed, and save the page on which they are named."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        write_unlisted(Path(folder) / "class")
        line = ["grade-class", str(Path(folder) / "class"), "--output", str(results), "--no-search"]
        subprocess.run([sys.executable, "-m", "autograder", *line], check=True)
        photograph_naming(results)


def main() -> None:
    """Grade the examples and draw the results."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tables", action="store_true", help="Only the terminal's tables.")
    options = parser.parse_args()
    draw_table("check", parts.get("gan_pytorch").stub.with_name(grading.PUBLIC_CHECKS))
    draw_table("grade")
    if not options.tables:
        draw_pages()
        draw_naming()


if __name__ == "__main__":
    main()

"""Draw the pictures of the README: `python docs/pictures.py`.

Grades a submission that shows several kinds of lost points, and saves the terminal's table as SVG.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from autograder import grading, parts, submissions
from autograder.diagnosis import Mistake, apply
from autograder.reports import terminal

PICTURES = Path(__file__).resolve().parent / "pictures"
SLIPS = (  # function, what the solution has, what this student wrote
    ("discriminator", "nn.Linear(256, 1),", "nn.Linear(256, 1),\n        nn.Sigmoid(),"),
    ("bce_loss", ".mean()", ".sum()"),
    ("generator_loss", "ones_like", "zeros_like"),
    ("get_optimizer", ", betas=(0.5, 0.999)", ""),
    ("ls_generator_loss", "scores_fake - 1", "score_fake - 1"),
)
UNDONE = "build_dc_generator"


def example(source: str) -> str:
    """Return the solution as a student with a few slips would have written it."""
    for function, old, new in SLIPS:
        source = apply(Mistake("example", function, "", "", (), old=old, new=new), source)
    undone = Mistake("example", UNDONE, "", "", (), body="raise NotImplementedError()")
    return apply(undone, source)


def main() -> None:
    """Grade the example and draw its table."""
    part = parts.get("gan_pytorch")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{part.name}.py"
        path.write_text(example(part.solution.read_text()))
        with grading.Grader([part]) as grader:
            result, _ = grader.grade(submissions.find(path, part), part)
    console = Console(record=True, width=88, file=io.StringIO())
    terminal.show([result], console)
    PICTURES.mkdir(exist_ok=True)
    console.save_svg(
        str(PICTURES / "grade.svg"), title="autograder grade gan_pytorch.py", theme=MONOKAI
    )


if __name__ == "__main__":
    main()

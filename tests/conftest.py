"""What many tests share: one warm grader for the whole run, and submissions made from text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as CliResult

from autograder import parts
from autograder.cli.main import main
from autograder.grading import Grader
from autograder.handins.submission import Submission
from autograder.parts import PARTS, Part
from autograder.results import Result
from autograder.running.limits import Limits

QUICK = Limits(load_seconds=3.0, probe_seconds=2.0, total_seconds=20.0)
GradeText = Callable[..., Result]


@pytest.fixture(scope="session")
def grader() -> Iterator[Grader]:
    """Grade anything: torch is imported once, limits are short enough for endless loops."""
    preload = list(dict.fromkeys(name for part in PARTS for name in part.imports))
    with Grader(PARTS, preload=preload, limits=QUICK) as grader:
        yield grader


@pytest.fixture(scope="session")
def part() -> Part:
    """Return the main part."""
    return parts.get("gan_pytorch")


@pytest.fixture(scope="session")
def solution_text(part: Part) -> str:
    """Return the text of the main part's solution."""
    return part.solution.read_text()


@pytest.fixture(scope="session")
def grade_text(grader: Grader, part: Part) -> GradeText:
    """Grade a submission given as text."""

    def grade(text: str | bytes, name: str = "gan_pytorch.py") -> Result:
        data = text.encode() if isinstance(text, str) else text
        result, _ = grader.grade(Submission(Path(name).stem, name, {name: data}), part)
        return result

    return grade


@pytest.fixture
def autograder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., CliResult]:
    """Call the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: object) -> CliResult:
        return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)

    return call


# Begun first, so that at the end no process waits for the other one's longest file.
LONGEST = (
    *("nbgrader", "mistakes", "documented_commands", "batch", "notebook", "bundle_hostile"),
    *("dcgan_keras", "bundle_gradescope", "gan_training", "spawning", "hostile", "variants"),
)


def pytest_collection_modifyitems(items):
    """Sort the files by how long they take."""
    places = {f"test_{name}": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))

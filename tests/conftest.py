"""What many tests share: one warm grader for the whole run, and submissions made from text."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result as CliResult

from autograder import parts
from autograder.cli.main import main
from autograder.grading import Grader
from autograder.handins.submission import Submission
from autograder.parts import PARTS, ROOT, Part
from autograder.results import Result
from autograder.running import start
from autograder.running.limits import Limits
from autograder.running.protocol import Workers
from tests.selection import (  # noqa: F401 (hooks)
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)

collect_ignore = ["sequences"]  # a homework, whose suite judges submissions
QUICK = Limits(load_seconds=3.0, probe_seconds=2.0, total_seconds=20.0)
GradeText = Callable[..., Result]


@pytest.fixture(autouse=True, scope="session")
def no_search() -> Iterator[None]:
    """Let no class be searched for explanations, which takes seconds; `test_search.py` has time."""
    from autograder.batch import searching

    before = searching.LEAST, searching.SHARE
    searching.LEAST, searching.SHARE = 0.0, 0.0
    yield
    searching.LEAST, searching.SHARE = before


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


class Shared:
    """The run's warm workers, with limits of one's own; to close it leaves them warm."""

    def __init__(self, workers: Workers, limits: Limits | None) -> None:
        self._workers = workers
        self.limits = limits or Limits()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._workers, name)

    def __enter__(self) -> Shared:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave them as they are."""


@pytest.fixture
def warm(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is opened in this process use the run's warm workers, where the same ones are asked for.

    For tests of what comes before and after: that workers are started is seen by those without it.
    """
    really_start = start.start

    def start_or_share(
        of: Sequence[Part],
        isolation: str = "auto",
        preload: Sequence[str] = ("torch", "numpy"),
        limits: Limits | None = None,
    ) -> Workers | Shared:
        if isolation == "auto" and set(of) <= set(PARTS):
            return Shared(grader.workers, limits)
        return really_start(of, isolation, preload, limits)

    monkeypatch.setattr(start, "start", start_or_share)
    monkeypatch.setattr("autograder.running.warm.start", start_or_share)


# --- the homework's own code, in this process ---------------------------------------------------


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Compute in one thread: several that wait for each other take ten times as long when busy."""
    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def solutions(one_thread: None) -> Iterator[list[ModuleType]]:
    """Import the solution and the given module as a notebook beside them does."""
    names = ("gan_pytorch", "gan_training")
    sys.path.insert(0, str(ROOT / "solutions"))
    yield [importlib.import_module(name) for name in names]
    sys.path.remove(str(ROOT / "solutions"))
    for name in names:
        del sys.modules[name]


@pytest.fixture(scope="module")
def gan(solutions: list[ModuleType]) -> ModuleType:
    return solutions[0]


@pytest.fixture(scope="module")
def training(solutions: list[ModuleType]) -> ModuleType:
    return solutions[1]


@pytest.fixture
def digits(training: ModuleType):
    """Two epochs of this are nine iterations: 73 images are four minibatches and a rest."""
    from tests.games import BATCH

    found = training.load_digits_28x28("digits", batch_size=BATCH, quiet=True)
    return training.PreloadedLoader(found.images[:73], found.labels[:73], BATCH, seed=3)

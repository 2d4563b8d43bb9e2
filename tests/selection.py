"""What plain `pytest` leaves out, and how: the quick selection, in at most four minutes.

    pytest                      quick: a case of every test, a spread sample of large families
    pytest --exhaustive         everything
    pytest --exhaustive-only    what plain `pytest` leaves out; CI runs it after `pytest`

What is left out has the mark `exhaustive`, with a reason. `sample` gives it by a rule to most cases of
a family; a single test has it only where it is long by itself. A file or a test that is named on the
command line runs whole, whatever its marks; `-k` chooses among what runs anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

import pytest

# Begun first, so that at the end no process waits for the other one's longest file.
LONGEST = (
    *("nbgrader", "mistakes", "documented_commands", "batch", "notebook", "bundle_hostile"),
    *("dcgan_keras", "bundle_gradescope", "gan_training", "fresh_workers", "hostile", "variants"),
    *("unlisted", "search", "forms", "any_arrays", "course", "course_key", "what_the_loop_passes"),
)
ALL = pytest.StashKey[list[pytest.Item]]()  # as collected, before anything is left out
LEFT_OUT = pytest.StashKey[int]()


def sample(
    values: Iterable[Any], every: int, kind: Callable[[Any], Hashable] = lambda value: None
) -> list[Any]:
    """Return parameters of which the quick run has a few: of each kind the first, and every n-th.

    Arguments:
        values: each a parameter, or a tuple of several.
        every: how many of a kind there are from one that runs to the next.
        kind: what is not to go missing, such as a value's part.
    """
    marked, seen = [], Counter[Hashable]()
    for value in values:
        of = kind(value)
        left = seen[of] % every
        seen[of] += 1
        reason = f"one of many like it, of which the quick run has one in {every}"
        marks = [pytest.mark.exhaustive(reason=reason)] if left else []
        several = value if isinstance(value, tuple) else (value,)
        marked.append(pytest.param(*several, marks=marks))
    return marked


def reasons(item: pytest.Item) -> list[str]:
    """Return why the quick run leaves a test out; nothing if it does not."""
    return [mark.kwargs.get("reason", "") for mark in item.iter_markers("exhaustive")]


def named(item: pytest.Item, arguments: Iterable[str]) -> bool:
    """Tell whether the command line names the test's file, its function or the test itself."""
    own = item.nodeid.partition("::")[2]
    for argument in arguments:
        file, _, name = argument.replace("\\", "/").partition("::")
        in_file = file.endswith(".py") and item.path.as_posix().endswith(file.removeprefix("./"))
        if in_file and (not name or own == name or own.startswith((f"{name}[", f"{name}::"))):
            return True
    return False


# --- hooks, which conftest.py hands to pytest ---------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("selection", "which tests run")
    group.addoption(
        "--exhaustive", action="store_true", help="run all tests, not a quick selection"
    )
    group.addoption(
        "--exhaustive-only", action="store_true", help="run what plain `pytest` leaves out"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Sort the files by how long they take, and leave out what is not to run."""
    config.stash[ALL] = list(items)
    yield
    places = {f"test_{name}": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))
    if config.getoption("exhaustive"):
        return
    only = config.getoption("exhaustive_only")
    left = [one for one in items if bool(reasons(one)) is not only and not named(one, config.args)]
    config.stash[LEFT_OUT] = len(left)
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [one for one in items if one not in gone]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that prints, where another one has collected."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    left = config.stash.get(LEFT_OUT, 0)
    if left and not config.getoption("exhaustive_only"):
        words = f"quick run: {left} tests left out; all of them: pytest --exhaustive"
        terminalreporter.write_line(words)

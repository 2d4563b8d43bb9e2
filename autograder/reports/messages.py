"""Checks' messages without repetition: of the function's name, and of the same message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.outputs import SAID
from autograder.results import CheckResult

SAME = "For the same reason."


def brief(check: CheckResult) -> str:
    """Return a check's message without its function's name, which is in the line above."""
    name = f"{check.function}: "
    message = check.message.removeprefix(name)
    if message.startswith(SAID + name):
        return SAID + message.removeprefix(SAID + name)
    return message


def said_by_all(checks: Sequence[CheckResult]) -> str:
    """Return the message that all of these checks share; empty if they differ."""
    messages = {(check.status, brief(check)) for check in checks}
    return brief(checks[0]) if len(messages) == 1 else ""


def said_once(checks: Sequence[CheckResult]) -> Iterator[tuple[CheckResult, str]]:
    """Yield each check and its message, or SAME if it repeats the last message."""
    last = ""
    for check in checks:
        message = brief(check)
        yield check, SAME if message and message == last else message
        last = message or last

"""What checks say, without saying it twice: under a function's name, and where a reason repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.results import CheckResult

SAME = "For the same reason."


def brief(check: CheckResult) -> str:
    """Return a check's message without its function's name, which stands in the line above."""
    return check.message.removeprefix(f"{check.function}: ")


def said_by_all(checks: Sequence[CheckResult]) -> str:
    """Return what all of these checks say, if that is the same; else nothing."""
    messages = {(check.status, brief(check)) for check in checks}
    return brief(checks[0]) if len(messages) == 1 else ""


def said_once(checks: Sequence[CheckResult]) -> Iterator[tuple[CheckResult, str]]:
    """Yield each check and its message, or SAME where the last message is repeated."""
    last = ""
    for check in checks:
        message = brief(check)
        yield check, SAME if message and message == last else message
        last = message or last

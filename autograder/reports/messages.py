"""Checks' messages without repetition: of the function's name, and of the same message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.language import translate
from autograder.outputs import SAID
from autograder.results import CheckResult, Result

SAME = "For the same reason."


def translated(result: Result) -> Result:
    """Return a result with titles, messages and notes in the language that texts are shown in."""
    checks = tuple(translated_check(check) for check in result.checks)
    return replace(result, checks=checks, notes=tuple(map(translate, result.notes)))


def translated_check(check: CheckResult) -> CheckResult:
    """Return a check's result with its title and message in the language that texts are shown in."""
    said = SAID if check.message.startswith(SAID) else ""
    message = said + translate(check.message.removeprefix(said))
    return replace(check, title=translate(check.title), message=message)


def brief(check: CheckResult) -> str:
    """Return a check's message without its function's name, which is in the line above."""
    name = f"{check.function}: "
    message = check.message.removeprefix(name)
    if message.startswith(SAID + name):
        message = SAID + message.removeprefix(SAID + name)
    if message.startswith(SAID):
        return translate(SAID) + message.removeprefix(SAID)
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
        yield check, translate(SAME) if message and message == last else message
        last = message or last

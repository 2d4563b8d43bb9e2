"""The exceptions that the engine raises.

    AutograderError            whatever a user can act on: one line, exit code 1
    ├── SubmissionError        what was handed in cannot be graded at all
    ├── SandboxError           the isolation that was asked for is unavailable here
    ├── AnswersError           stored answers are missing, stale, or damaged
    ├── SourceError            a staff file (solution, suite, mistakes) is wrong
    ├── JudgingError           the autograder itself failed on one submission's outputs
    └── WireError              a worker's reply breaks the rules; costs that submission's probe

What a student's code raises never becomes one of these: it is data, the status of a probe.
"""

from __future__ import annotations

from autograder.texts import one_line

LONGEST = 300  # characters of an exception's text that an error of ours repeats


class AutograderError(Exception):
    """Something that the user can act on.

    Its text is one line of printable characters, whatever the names of files are.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(one_line(text))


class SubmissionError(AutograderError):
    """What was handed in cannot be graded: it is missing, unreadable or too large."""


class SandboxError(AutograderError):
    """The isolation that was asked for is unavailable on this machine."""


class AnswersError(AutograderError):
    """Stored answers are missing, do not fit the suite, or were changed."""


class SourceError(AutograderError):
    """A file that staff wrote is wrong; the text names the file and the line."""


class JudgingError(AutograderError):
    """The autograder itself failed on what one submission returned; its text names the check.

    It costs no points: that submission is not graded, and all others are.
    """

    @classmethod
    def of(cls, what: str, problem: Exception) -> JudgingError:
        """Return the error for an unexpected exception."""
        return cls(f"{what}: the autograder itself failed: {reason(problem)}")


class WireError(AutograderError):
    """A worker's reply breaks the rules of `running.wire`."""


def reason(problem: BaseException) -> str:
    """Return an exception's text for one line: our own unchanged, others with their name, shortened."""
    if isinstance(problem, AutograderError):
        return str(problem)
    text = " ".join(str(problem).split())[:LONGEST]
    return f"{type(problem).__name__}: {text}"

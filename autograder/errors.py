"""The exceptions that the engine raises.

    AutograderError            whatever a user can act on: one line, exit code 1
    ├── SubmissionError        what was handed in cannot be graded at all
    ├── SandboxError           the confinement asked for is not to be had here
    ├── AnswersError           stored answers are missing, stale, or damaged
    ├── SourceError            a staff file (solution, suite, mistakes) is wrong
    └── WireError              a worker sent what no worker sends; costs that submission's probe

What a student's own code raises never becomes one of these: it is data, the status of a probe.
"""

from __future__ import annotations


class AutograderError(Exception):
    """Something that the user can act on; its text is one line."""


class SubmissionError(AutograderError):
    """What was handed in cannot be graded: not there, not readable, too large.

    Its text is one line and leaves the terminal alone, whatever the files in it are called.
    """

    def __init__(self, text: str) -> None:
        joiners = "\u200c\u200d"  # parts of Persian and Indic words, and of emoji
        super().__init__(
            "".join(
                c if c.isprintable() or c in joiners else "\N{REPLACEMENT CHARACTER}" for c in text
            )
        )


class SandboxError(AutograderError):
    """The confinement that was asked for cannot be had on this machine."""


class AnswersError(AutograderError):
    """Stored answers are missing, do not fit the suite, or were changed."""


class SourceError(AutograderError):
    """A file that staff wrote is wrong; the text names the file and the line."""


class WireError(AutograderError):
    """A worker's reply breaks the rules of the wire."""

"""Grade some functions of the main part, written over its solution."""

from __future__ import annotations

from autograder import parts
from autograder.handins.submission import Submission
from autograder.running import runner

PART = parts.get("gan_pytorch")


def asked(grader, source, *functions):
    """Return the checks of these functions, by name, of the solution with `source` behind it."""
    text = f"{PART.solution.read_text()}\n\n{source}\n"
    submission = Submission("student", "gan_pytorch.py", {"gan_pytorch.py": text.encode()})
    outputs = runner.run(grader.workers, submission, PART, PART.probes_of(*functions))
    checks = grader._judges[PART.name].score(outputs)
    return {check.name: check for check in checks if check.function in functions}


def lost(checks):
    """Return the names of the checks that were lost by themselves."""
    return {c.name for c in checks.values() if c.score < c.max_score and not c.withheld}


def told(checks):
    """Return everything that the student reads of these checks."""
    return "\n".join(check.message for check in checks.values())


def names(checks):
    """Return the mistakes that were named."""
    return {check.mistake for check in checks.values() if check.mistake}

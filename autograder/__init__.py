"""A graded homework on generative adversarial networks, and its autograder.

    >>> import autograder
    >>> [graded] = autograder.grade("solutions/gan_pytorch.py")
    >>> graded.result.score
    100.0

`grade` is imported on first use: workers import this package too, and must get nothing with it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.grading import Graded, grade

__all__ = ["Graded", "__version__", "grade"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("Graded", "grade"):
        from autograder import grading

        return getattr(grading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

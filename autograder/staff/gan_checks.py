"""Write the solution's answers as `gan-checks.npz`, the file that the usual course's notebook loads.

It holds two minibatches of scores and the four losses of them, under that notebook's names. Nothing in
this package reads it.
"""

from __future__ import annotations

import io

import numpy as np

from autograder.parts import Part
from autograder.running.protocol import Workers
from autograder.staff.record import run_solution

PART = Part("gan_checks", "The answers of the usual notebook", file="gan_pytorch", course="")


def gan_checks(workers: Workers) -> bytes:
    """Return the file; equal solutions give equal bytes. Raises SourceError if the solution fails."""
    outputs = run_solution(PART, workers)
    arrays = {key.rpartition("/")[2]: array for key, array in outputs.arrays.items()}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()

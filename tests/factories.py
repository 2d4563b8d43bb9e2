"""Small records with defaults."""

from __future__ import annotations

import numpy as np

from autograder.mistake import Mistake, swap
from autograder.outputs import Outputs, ProbeStatus


def an_output(value=1.0, probe="loss", status="ok", message="", part="toy") -> Outputs:
    arrays = {f"{probe}/value": np.array(value)} if status == "ok" else {}
    return Outputs(part, arrays, {probe: ProbeStatus(status, message)})


def a_mistake(**changes) -> Mistake:
    values = {
        "id": "m",
        "function": "one",
        "change": swap("x = 1", "x = 2"),
        "says": "It is 2.",
        "hint": "Count.",
        "loses": ("value",),
    }
    return Mistake(**{**values, **changes})

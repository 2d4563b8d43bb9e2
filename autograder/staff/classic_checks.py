"""The checks of notebooks with stored answers, to compare this grader with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.outputs import Array, Outputs


def classic_checks(
    outputs: Outputs, answers: Mapping[str, Array], function: str
) -> tuple[bool, bool]:
    """Judge one function as notebooks with stored answers do.

    They print the relative error of a loss at one input, compare a network's number of parameters
    with the published one, assert the shape and range of the noise, and check nothing else.

    Returns whether a person who reads every printed figure sees a mistake, and whether the notebook
    stops by itself.
    """
    status = outputs.statuses[function].status
    if status != "ok":
        return True, True  # a cell that raises, or never ends, is seen and stops the notebook
    got = outputs.of(function)
    if function == "sample_noise":
        sample = got["sample"]
        wrong = sample.shape != answers["sample_noise/sample"].shape
        wrong = wrong or np.abs(sample).max() > 1 or sample.min() >= 0 or sample.max() <= 0
        return bool(wrong), bool(wrong)
    if "parameters" in got:
        return bool(got["parameters"] != answers[f"{function}/parameters"]), False
    if "public" in got:
        value, want = got["public"], answers[f"{function}/public"]
        try:
            error = np.abs(value - want) / np.maximum(1e-8, np.abs(value) + np.abs(want))
        except ValueError:  # the shapes do not fit: the cell raises
            return True, True
        return not float(np.max(error)) <= 1e-5, False
    return False, False

"""Assertions for suites. Their messages are for students and never print an answer.

A suite judges arrays that a student's code computed (`outputs`) against the solution's (`answers`).
pytest's own assertions would print both sides; these say what is wrong without what is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


UNIFORM_FAILURE = 1e-10  # how often chance may fail a sample that is drawn rightly


class CheckFailed(AssertionError):
    """A check is lost; the text tells the student why."""


def require(condition: object, message: str) -> None:
    """Raise CheckFailed with the message unless the condition holds."""
    if not condition:
        raise CheckFailed(message)


def close(got: Array, want: Array, rtol: float, message: str, scale: float | None = None) -> None:
    """Require two arrays to agree, relative to the largest element of the right one.

    Arguments:
        got, want: arrays of one shape.
        rtol: the largest difference allowed, in units of `scale`.
        message: what to tell the student; no numbers are added to it.
        scale: defaults to the largest absolute value in `want`.
    """
    finite(got, message.partition(":")[0])
    require(got.shape == want.shape, message)
    size = float(np.max(np.abs(want), initial=0.0)) if scale is None else scale
    difference = np.max(np.abs(got.astype(np.float64) - want.astype(np.float64)), initial=0.0)
    require(float(difference) <= rtol * size, message)


def finite(got: Array, subject: str) -> None:
    """Require an array to hold neither NaN nor infinity."""
    require(not np.isnan(got).any(), f"{subject}: gives NaN (not a number)")
    require(np.isfinite(got).all(), f"{subject}: gives infinity")


def scalar(got: Array, subject: str) -> Array:
    """Require one number, an array of shape (); one of shape (1,) and the like is let through."""
    require(
        got.size == 1,
        f"{subject}: expected one number, got a tensor of shape {got.shape}; "
        "average over the minibatch?",
    )
    return got.reshape(())


def uniform(
    sample: Array, low: float, high: float, message: str, failure: float = UNIFORM_FAILURE
) -> None:
    """Require a sample to look drawn uniformly from (low, high).

    The largest distance between the sample's distribution function and the uniform one must stay
    below the bound that a right sample exceeds with a probability of at most `failure`
    (Dvoretzky, Kiefer, Wolfowitz; constant by Massart, 1990).
    """
    ordered = np.sort(sample.astype(np.float64), axis=None)
    count = ordered.size
    expected = np.clip((ordered - low) / (high - low), 0, 1)
    steps = np.arange(count + 1) / count
    distance = max(np.max(steps[1:] - expected), np.max(expected - steps[:-1]))
    require(distance <= np.sqrt(np.log(2 / failure) / (2 * count)), message)


def many_repeats(count: int, values: int, allowed: int) -> float:
    """Bound the probability that of `count` draws more than `allowed` coincide.

    The draws are uniform among `values` numbers. The number of coinciding pairs is close to a Poisson
    one; this is Chernoff's bound for it.
    """
    pairs = count * (count - 1) / 2 / values
    return float(np.exp(allowed * (1 + np.log(pairs / allowed)) - pairs))


def gaussian_distance(
    mean: Array, covariance: Array, other_mean: Array, other_covariance: Array
) -> float:
    """Return how far two Gaussians are apart: the Wasserstein distance (Dowson and Landau, 1982)."""
    values, vectors = np.linalg.eigh(other_covariance)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ covariance @ root), 0)).sum()
    squared = np.sum((mean - other_mean) ** 2)
    squared += np.trace(covariance) + np.trace(other_covariance) - 2 * shared
    return float(np.sqrt(max(squared, 0.0)))


def field(outputs: Mapping[str, Array], name: str) -> Array:
    """Return an array that a probe must have sent; a reply without it is not a probe's."""
    require(name in outputs, "the worker's reply is incomplete")
    return outputs[name]

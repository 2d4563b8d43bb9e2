"""Assertions for suites. Their messages are for students and never print an answer.

A suite judges arrays that a student's code computed (`outputs`) against the solution's (`answers`).
pytest's own assertions would print both sides; these say what is wrong without what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    require(agree(got, want, rtol, scale), message)


def agree(got: Array, want: Array, rtol: float, scale: float | None = None) -> bool:
    """Tell whether two arrays have one shape and agree, relative to the largest element of `want`.

    What is not finite must stand at the same places in both.

    Arguments:
        rtol: the largest difference allowed, in units of `scale`.
        scale: defaults to the largest absolute value in `want`.
    """
    if got.shape != want.shape:
        return False
    one, other = got.astype(np.float64), want.astype(np.float64)
    there = np.isfinite(other)
    if not np.array_equal(np.isfinite(one), there):
        return False
    one, other = one[there], other[there]
    size = float(np.max(np.abs(other), initial=0.0)) if scale is None else scale
    return float(np.max(np.abs(one - other), initial=0.0)) <= rtol * size


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


# Networks with weights by formula, relative to the largest element. Two Linux machines agree to 1e-6
# in float32, an Apple laptop differs by up to 2e-5; the smallest recorded mistake by more than 1e-3.
NETWORK = 2e-4


def network_outputs(
    outputs: Mapping[str, Array],
    answers: Mapping[str, Array],
    name: str,
    which: str,
    remark: Callable[[str], None] | None,
) -> None:
    """Require a network's outputs, as `probing.networks.ask_network` returns them, to be right.

    Arguments:
        name: of the student's function.
        which: "public" or "hidden" inputs.
        remark: told where every value is right and the shape is not; without it, that is a failure.
    """
    got, want = field(outputs, which), answers[which]
    finite(got, name)
    count, described = int(field(outputs, "parameters")), int(answers["parameters"])
    shape, right = tuple(field(outputs, "shape").tolist()), tuple(answers["shape"].tolist())
    require(got.size == want.size, f"{name}: returns shape {shape} for a minibatch of {right[0]}")
    words = f"{name}: it has {count} parameters; the described network has {described}"
    message = words if count != described else f"{name}: its outputs differ from the described ones"
    close(got.reshape(want.shape), want, NETWORK, message)
    if shape != right:
        words = f"{name}: the values are right, but in shape {shape}; the described one is {right}"
        require(remark is not None, words)
        assert remark is not None
        remark(words)


def network_gradients(
    outputs: Mapping[str, Array],
    answers: Mapping[str, Array],
    name: str,
    prefix: str = "",
    smallest: float = 0.0,
) -> None:
    """Require a network's gradients, of every parameter and of the input, to be right.

    Arguments:
        prefix: of the arrays' names.
        smallest: gradients below this share of the largest are judged in units of that share; before a
            BatchNorm a bias has none but rounding errors.
    """
    got, want = field(outputs, prefix + "gradients"), answers[prefix + "gradients"]
    require(got.shape == want.shape, f"{name}: has another number of layers with parameters")
    floor = smallest * float(np.abs(want).max())
    message = f"{name}: right outputs, wrong gradients; is something detached or frozen in it?"
    for ours, theirs in zip(want, got):  # norm, two projections: all in units of the norm
        close(theirs, ours, NETWORK, message, scale=max(float(np.abs(ours).max()), floor))
    close(
        field(outputs, prefix + "input_gradient"),
        answers[prefix + "input_gradient"],
        NETWORK,
        f"{name}: right outputs, but the gradient for its input is wrong; the generator learns by it",
    )


def network_fresh(outputs: Mapping[str, Array], name: str) -> None:
    """Require that building a network leaves PyTorch's random generator alone."""
    require(
        field(outputs, "fresh"),
        f"{name}: building it seeds PyTorch's random generator; seed only if a seed is given",
    )


def field(outputs: Mapping[str, Array], name: str) -> Array:
    """Return an array that a probe must have sent; a reply without it is not a probe's."""
    require(name in outputs, "the worker's reply is incomplete")
    return outputs[name]

"""Assertions for suites. Their messages are for students and never print an answer.

A suite compares the arrays that a student's code computed (`outputs`) with the solution's (`answers`).
pytest's own assertions would print both; these say what is wrong, but not what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
UNIFORM_FAILURE = 1e-10  # probability that a correctly drawn sample fails by chance
# Of the whole range: a wider bound than this says too little. Right solutions send 181 numbers or more,
# for which the bound is a quarter; fewer than 107 are refused.
DISTINCT = 0.9  # the least share of independent numbers that differ from all others
WIDEST_BOUND = 1 / 3
MAX_RANK = 8  # of an array that a worker may send
UNREADABLE = "what came back from your code cannot be read"


class CheckFailed(AssertionError):
    """A check failed; the text tells the student why."""


def require(condition: object, message: str) -> None:
    """Raise CheckFailed with the message unless the condition holds."""
    if not condition:
        raise CheckFailed(message)


def close(got: Array, want: Array, rtol: float, message: str, scale: float | None = None) -> None:
    """Require two arrays to agree, relative to the largest element of the right one.

    Arguments:
        got, want: arrays of the same shape.
        rtol: the largest difference allowed, in units of `scale`.
        message: the text for the student; no numbers are added to it.
        scale: defaults to the largest absolute value in `want`.
    """
    finite(got, message.partition(":")[0])
    require(agree(got, want, rtol, scale), message)


def agree(got: Array, want: Array, rtol: float, scale: float | None = None) -> bool:
    """Return whether two arrays have the same shape and agree.

    Values that are not finite must be at the same places in both.

    Arguments:
        rtol: the largest difference allowed, in units of `scale`.
        scale: defaults to the largest absolute value in `want`.
    """
    if got.shape != want.shape or not (is_real(got) and is_real(want)):
        return False
    with np.errstate(all="ignore"):  # a difference beyond all numbers is infinite, which is right
        one, other = got.astype(np.float64), want.astype(np.float64)
        usable = np.isfinite(other)
        if not np.array_equal(np.isfinite(one), usable):
            return False
        one, other = one[usable], other[usable]
        size = float(np.max(np.abs(other), initial=0.0)) if scale is None else scale
        return float(np.max(np.abs(one - other), initial=0.0)) <= rtol * size


def finite(got: Array, subject: str) -> None:
    """Require an array of real numbers that holds neither NaN nor infinity."""
    real(got, subject)
    require(not np.isnan(got).any(), f"{subject}: gives NaN (not a number)")
    require(np.isfinite(got).all(), f"{subject}: gives infinity")


def real(got: Array, subject: str) -> None:
    """Require an array to hold real numbers."""
    require(is_real(got), f"{subject}: gives complex numbers; expected real ones")


def is_real(array: Array) -> bool:
    """Return whether an array holds real numbers of any kind, truth values among them."""
    return array.dtype.kind in "biuf"


def scalar(got: Array, subject: str) -> Array:
    """Require one number, of shape (), (1,) or the like; return it with shape ()."""
    require(
        got.size == 1,
        f"{subject}: expected one number, got a tensor of shape {got.shape}; "
        "average over the minibatch?",
    )
    return got.reshape(())


def uniform(
    sample: Array, low: float, high: float, message: str, failure: float = UNIFORM_FAILURE
) -> None:
    """Require a sample to look like a uniform one from (low, high).

    The largest distance between the sample's distribution function and the uniform one must stay
    below a bound. A correct sample exceeds that bound with a probability of at most `failure`
    (Dvoretzky, Kiefer, Wolfowitz; constant by Massart, 1990). A sample that is too small for the bound
    to mean something fails.
    """
    subject = message.partition(":")[0]
    real(sample, subject)
    least = int(np.ceil(np.log(2 / failure) / (2 * WIDEST_BOUND**2)))
    require(
        sample.size >= least,
        f"{subject}: too few random numbers to judge: {sample.size}, in an array of shape "
        f"{sample.shape}; at least {least} are needed",
    )
    ordered = np.sort(sample.astype(np.float64), axis=None)
    count = ordered.size
    expected = np.clip((ordered - low) / (high - low), 0, 1)
    steps = np.arange(count + 1) / count
    distance = max(np.max(steps[1:] - expected), np.max(expected - steps[:-1]))
    require(distance <= np.sqrt(np.log(2 / failure) / (2 * count)), message)


def distinct(sample: Array, message: str) -> None:
    """Require that nearly all numbers of a sample occur once, as independent draws do.

    Of 5000 independent float32 numbers about one occurs twice. A sample of few numbers, each of them
    repeated, may have the right distribution.
    """
    different = np.unique(sample).size
    told = f"{message}: only {different} of {sample.size} numbers are different"
    require(different >= DISTINCT * sample.size, told)


def many_repeats(count: int, values: int, allowed: int) -> float:
    """Bound the probability that `count` draws hold more than `allowed` equal pairs.

    Each draw is one of `values` numbers, all equally likely. The number of equal pairs is nearly
    Poisson; this is Chernoff's bound for it.
    """
    pairs = count * (count - 1) / 2 / values
    return float(np.exp(allowed * (1 + np.log(pairs / allowed)) - pairs))


def gaussian_distance(
    mean: Array, covariance: Array, other_mean: Array, other_covariance: Array
) -> float:
    """Return the Wasserstein distance of two Gaussians (Dowson and Landau, 1982)."""
    values, vectors = np.linalg.eigh(other_covariance)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ covariance @ root), 0)).sum()
    squared = np.sum((mean - other_mean) ** 2)
    squared += np.trace(covariance) + np.trace(other_covariance) - 2 * shared
    return float(np.sqrt(max(squared, 0.0)))


# For networks with weights from a formula, relative to the largest element. In float32, two Linux
# machines agree to 1e-6, an Apple laptop differs by up to 2e-5, and the smallest recorded mistake by
# more than 1e-3.
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
        name: the student's function.
        which: "public" or "hidden" inputs.
        remark: called if all values are right but the shape is not; None makes that a failure.
    """
    got, want = field(outputs, which), answers[which]
    finite(got, name)
    count, described = whole_number(outputs, "parameters"), int(answers["parameters"])
    shape, right = sent_shape(outputs, "shape"), tuple(answers["shape"].tolist())
    counts = f"it has {count} parameters; {described} are expected"
    if got.size != want.size:
        raise CheckFailed(_of_shapes(outputs, answers, name, counts if count != described else ""))
    message = f"{name}: its outputs differ from the described ones"
    if count != described:
        message = f"{name}: {counts}"
    close(got.reshape(want.shape), want, NETWORK, message)
    if shape != right:
        slip = f"{name}: the values are right, but in shape {shape}; expected {right}"
        require(remark is not None, slip)
        assert remark is not None
        remark(slip)


def _of_shapes(
    outputs: Mapping[str, Array], answers: Mapping[str, Array], name: str, counts: str
) -> str:
    """Say which shape came, which one is expected, and what else speaks for a missing layer."""
    shape, right = sent_shape(outputs, "shape"), tuple(answers["shape"].tolist())
    text = f"{name}: returns shape {shape}; expected {right}"
    layers = "weight_shapes"
    if layers in outputs and layers in answers and len(outputs[layers]) < len(answers[layers]):
        text += ": is the last layer missing?"
    return f"{text} ({counts})" if counts else text


def network_gradients(
    outputs: Mapping[str, Array],
    answers: Mapping[str, Array],
    name: str,
    prefix: str = "",
    smallest: float = 0.0,
) -> None:
    """Require a network's gradients, of every parameter and of the input, to be right.

    Arguments:
        prefix: how the arrays' names begin.
        smallest: a gradient below this share of the largest one is compared in units of that share.
            Before a BatchNorm, a bias has no gradient except rounding errors.
    """
    got, want = field(outputs, prefix + "gradients"), answers[prefix + "gradients"]
    received = field(outputs, prefix + "input_gradient")  # read first: it tells mistakes apart
    require(got.shape == want.shape, f"{name}: has another number of layers with parameters")
    floor = smallest * float(np.abs(want).max())
    message = f"{name}: right outputs, wrong gradients; is something detached or frozen in it?"
    for ours, theirs in zip(want, got):  # norm, two projections: all in units of the norm
        close(theirs, ours, NETWORK, message, scale=max(float(np.abs(ours).max()), floor))
    close(
        received,
        answers[prefix + "input_gradient"],
        NETWORK,
        f"{name}: right outputs, but the gradient for its input is wrong; the generator learns by it",
    )


def network_loud(
    outputs: Mapping[str, Array], answers: Mapping[str, Array], name: str, prefix: str = ""
) -> None:
    """Require a network's outputs to be right with larger weights, too, as training may make them."""
    got, want = field(outputs, prefix + "loud"), answers[prefix + "loud"]
    finite(got, name)
    message = (
        f"{name}: right with small weights, wrong with larger ones; is something in it bounded, by "
        "ReLU6, Hardtanh or clamp?"
    )
    require(got.size == want.size, message)
    close(got.reshape(want.shape), want, NETWORK, message)


def network_fresh(outputs: Mapping[str, Array], name: str) -> None:
    """Require that building a network leaves PyTorch's random generator alone."""
    require(
        field(outputs, "fresh").all(),
        f"{name}: building it seeds PyTorch's random generator; seed only if a seed is given",
    )


def field(outputs: Mapping[str, Array], name: str) -> Array:
    """Return one of a probe's arrays; a reply without it did not come from the probe."""
    require(name in outputs, "what came back from your code is incomplete")
    return outputs[name]


@contextmanager
def explained_with(outputs: Mapping[str, Array], *names: str) -> Iterator[None]:
    """Let a mistake be named only where it explains these arrays, too, which do not decide here."""
    try:
        yield
    except CheckFailed:
        for name in outputs.keys() & set(names):
            field(outputs, name)
        raise


def text(outputs: Mapping[str, Array], name: str) -> str:
    """Return one of a probe's arrays that holds the bytes of a text."""
    characters = field(outputs, name)
    require(characters.ndim == 1 and characters.dtype == np.uint8, UNREADABLE)
    return characters.tobytes().decode("utf-8", "replace")


def whole_number(outputs: Mapping[str, Array], name: str) -> int:
    """Return one of a probe's arrays that holds one whole number, such as a count."""
    count = field(outputs, name)
    require(count.size == 1 and count.dtype.kind in "iu", UNREADABLE)
    return int(count.item())


def sent_shape(outputs: Mapping[str, Array], name: str) -> tuple[int, ...]:
    """Return one of a probe's arrays that holds the shape of another one."""
    shape = field(outputs, name)
    require(shape.ndim == 1 and shape.size <= MAX_RANK, UNREADABLE)
    if shape.size == 0:  # one number has no dimensions, and NumPy makes () an empty float array
        return ()
    require(shape.dtype.kind in "iu" and (shape >= 0).all(), UNREADABLE)
    return tuple(int(n) for n in shape)

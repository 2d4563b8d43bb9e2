"""Judge how the GANs of a `gan_pytorch.py` have learned to draw digits. NumPy only.

Pictures are judged by the features of a small classifier of digits, which `autograder record` trains:
the Frechet distance between generated and real features (Heusel et al., 2017, with this classifier in
place of the Inception network), and which digits the classifier sees.
"""

import numpy as np
import pytest

from autograder.compare import field, gaussian_distance, require

# With 30 seeds, a correct solution had a distance of 170 at most, and drew at least 9 digits; no wrong
# one had less than 870 (benchmarks/learning.py; the table is in docs/training.md).
FARTHEST = {"vanilla": 400.0, "lsgan": 400.0}
DRAWN = 400  # pictures
SEEN = 0.01  # the share of pictures that must show a digit for it to count
DIGITS = 7  # how many of the ten must be drawn

check = pytest.mark.check


def require_form(outputs):
    """Require arrays as the probe sends them: losses (n, 2), pictures (400, 784), one share."""
    losses, sample = field(outputs, "losses"), field(outputs, "sample")
    require(
        losses.dtype == np.float32
        and losses.size > 0
        and losses.shape == (losses.size // 2, 2)
        and sample.dtype == np.uint8
        and sample.shape == (DRAWN, 784)
        and field(outputs, "outside").shape == (),
        "the worker's reply is not what training gives",
    )


def judge_losses(outputs, name):
    """Require finite losses, and pixels in [-1, 1]."""
    require_form(outputs)
    losses = field(outputs, "losses")
    require(
        np.isfinite(losses).all(),
        f"{name}: a loss became infinite or NaN at iteration {len(losses)}; the learning rate may be "
        "too high, or the loss takes the logarithm of zero",
    )
    require(
        field(outputs, "outside") == 0,
        f"{name}: the generator draws pixels outside of [-1, 1]; what stands at its end?",
    )


def features(outputs, reference):
    """Return the pictures' features, (N, 32), and the most likely digit of each."""
    x = field(outputs, "sample").reshape(-1, 784) / 127.5 - 1
    for layer in (0, 1):
        x = np.maximum(x @ reference[f"weight{layer}"].T + reference[f"bias{layer}"], 0)
    return x, (x @ reference["weight2"].T + reference["bias2"]).argmax(1)


def distance(drawn, reference):
    """Return the Frechet distance between the features of drawn pictures and of real digits."""
    moments = drawn.mean(0), np.cov(drawn.T)
    return gaussian_distance(*moments, reference["mean"], reference["covariance"]) ** 2


def judge_distance(outputs, reference, name, measured=lambda far: None):
    """Require features of pictures that are distributed nearly like those of real digits."""
    judge_losses(outputs, name)
    drawn, _ = features(outputs, reference)
    far = distance(drawn, reference)
    measured(far)
    require(
        far <= FARTHEST[name.split()[0].lower()],
        f"{name}: after 600 iterations the pictures do not look like digits yet; a right solution's "
        "do. Do the losses push the two networks in opposite directions, with the right labels, and "
        "does the optimizer step the network that it was given, at the right rate?",
    )


def judge_variety(outputs, reference, name):
    """Require most digits to be drawn."""
    judge_losses(outputs, name)
    _, seen = features(outputs, reference)
    shares = np.bincount(seen, minlength=10) / max(len(seen), 1)
    require(
        np.count_nonzero(shares >= SEEN) >= DIGITS,
        f"{name}: the generator draws only a few of the ten digits, whatever the noise: it has "
        "collapsed. Is the noise drawn anew for each picture, and does the discriminator learn?",
    )


@check(points=6, probe="vanilla", figure="Vanilla GAN: distance")
def test_vanilla_distance(outputs, reference, measured):
    """The vanilla GAN's pictures come close to real digits."""
    judge_distance(outputs, reference, "vanilla GAN", measured)


@check(points=4, probe="vanilla")
def test_vanilla_variety(outputs, reference):
    """The vanilla GAN draws most of the ten digits."""
    judge_variety(outputs, reference, "vanilla GAN")


@check(points=6, probe="lsgan", figure="LSGAN: distance")
def test_lsgan_distance(outputs, reference, measured):
    """The least-squares GAN's pictures come close to real digits."""
    judge_distance(outputs, reference, "LSGAN", measured)


@check(points=4, probe="lsgan")
def test_lsgan_variety(outputs, reference):
    """The least-squares GAN draws most of the ten digits."""
    judge_variety(outputs, reference, "LSGAN")

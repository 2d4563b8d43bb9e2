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
# A file may hand out real digits instead of drawing. That takes no points here, but staff are told, and
# the figure is left out. Right networks, trained ten times as long, too, have a distance of 46 or more,
# lie 18.5 or more from the nearest real digit, and 1.4 or more from all enlarged images of 8x8 pixels
# (medians; pixels from 0 to 16). Real digits lie 16.1 from each other; hidden in noise of a tenth of
# their range they have a distance of 16, mixed in pairs they are enlarged images still.
TOO_GOOD = 25.0
TOO_NEAR = 16.0
TOO_SMOOTH = 0.5

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
        "what came back from your code is not what training gives",
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


def enlarging():
    """Return the matrix (28, 8) that enlarges a row of 8 pixels to 28, linearly between them."""
    place = np.clip((np.arange(28) + 0.5) * 8 / 28 - 0.5, 0, 7)
    return np.maximum(0, 1 - np.abs(place[:, None] - np.arange(8)))


def replayed(sample, far, digits):
    """Return why pictures may be the real digits and not drawn by a network; "" if they are not."""
    pixels = sample.reshape(-1, 28, 28) / 255 * 16
    enlarge = enlarging()
    back = np.linalg.pinv(enlarge)
    small = back @ pixels @ back.T
    rest = np.sqrt(((pixels - enlarge @ small @ enlarge.T) ** 2).mean((1, 2)))
    rows, real = small.reshape(-1, 64), digits.astype(np.float64)
    squares = (rows**2).sum(1)[:, None] + (real**2).sum(1) - 2 * rows @ real.T
    near = np.sqrt(np.maximum(squares.min(1), 0))
    if np.median(near) < TOO_NEAR:
        return "the pictures lie on the real digits; are they drawn by the network?"
    if np.median(rest) < TOO_SMOOTH:
        return "the pictures are enlarged from 8x8 pixels, as the real digits are"
    if far < TOO_GOOD:
        return f"the distance, {far:.0f}, is smaller than any that a right solution reached"
    return ""


def judge_distance(outputs, reference, name, measured, suspect):
    """Require features of pictures that are distributed nearly like those of real digits."""
    judge_losses(outputs, name)
    drawn, _ = features(outputs, reference)
    far = distance(drawn, reference)
    measured(far)
    if reason := replayed(field(outputs, "sample"), far, reference["digits"]):
        suspect(f"{name}: {reason}")
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
def test_vanilla_distance(outputs, reference, measured, suspect):
    """The vanilla GAN's pictures come close to real digits."""
    judge_distance(outputs, reference, "vanilla GAN", measured, suspect)


@check(points=4, probe="vanilla")
def test_vanilla_variety(outputs, reference):
    """The vanilla GAN draws most of the ten digits."""
    judge_variety(outputs, reference, "vanilla GAN")


@check(points=6, probe="lsgan", figure="LSGAN: distance")
def test_lsgan_distance(outputs, reference, measured, suspect):
    """The least-squares GAN's pictures come close to real digits."""
    judge_distance(outputs, reference, "LSGAN", measured, suspect)


@check(points=4, probe="lsgan")
def test_lsgan_variety(outputs, reference):
    """The least-squares GAN draws most of the ten digits."""
    judge_variety(outputs, reference, "LSGAN")

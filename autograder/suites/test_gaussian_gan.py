"""Judge what a `gaussian_gan.py` computed. NumPy only: nothing of the student's runs here.

One test is one check. The mark says how many points it is worth, which probe's arrays it gets as
`outputs` (the student's) and `answers` (the solution's), and whether students may run it themselves.
The docstring is the line that the student reads.

The constants below are policy where the interface leaves a choice open. The default is lenient; to be
stricter, change them here and run `autograder rescore`.
"""

import numpy as np
import pytest

from autograder.compare import (
    UNIFORM_FAILURE,
    close,
    field,
    finite,
    gaussian_distance,
    network_fresh,
    network_gradients,
    network_outputs,
    require,
    scalar,
    uniform,
)

# A network that returns (N,) instead of (N, 1), with every value right, keeps its points and gets a
# remark.
SHAPE_SLIPS_COST = False
# Biases that are drawn like the weights (a loop over all of `network.parameters()` does that) keep
# their points and get a remark: training starts as well from there.
DRAWN_BIASES_COST = False

# Relative to the largest element. Networks have their own, NETWORK in compare.py, with its reasons.
GRADIENT = 2e-4
LOSS = 1e-5
# Six steps of Adam, in units of the learning rate; float32 and float64 differ by 6e-6 here.
STEPS = 1e-3
# Means of six losses on the way; measured 7e-8, and 2e-6 if the loss is summed over the minibatch.
LOSSES = 2e-5

check = pytest.mark.check

# The probe's training data has exactly this mean and this covariance.
CLOUD_MAP, CLOUD_SHIFT = np.array([[1.0, 0.6], [-0.2, 0.7]]), np.array([1.0, -1.0])
# How far apart the two Gaussians may be (Wasserstein). In 20000 correct trainings with different random
# numbers, half of them with fresh noise for the generator: median 0.062, 99.9 % below 0.16, largest
# 0.197. The logarithm looks normal with mean -2.81 and deviation 0.29, which puts this bound 7.8
# deviations away. An untrained generator is 1.97 away, swapped learning rates 0.71 to 3.1 (300 runs).
CLOUD = 0.6
CLOUD_FAILURE = 1e-12  # extrapolated: 3e-15 by that normal distribution, rounded up for its tail

# How often chance fails a correct solution, for every check that depends on chance.
FALSE_FAILURES = {
    "train_weights": 2 * UNIFORM_FAILURE,
    "train_noise": UNIFORM_FAILURE,
    "train_cloud": CLOUD_FAILURE,
}


# --- networks ---------------------------------------------------------------------------------


def judge_outputs(outputs, answers, remark, name, which):
    """Compare a network's outputs on the inputs that students may see, or on the others."""
    network_outputs(outputs, answers, name, which, None if SHAPE_SLIPS_COST else remark)


def judge_gradients(outputs, answers, remark, name):
    """Compare outputs on unseen inputs, and the gradients of every parameter and of the input."""
    judge_outputs(outputs, answers, remark, name, "hidden")
    network_gradients(outputs, answers, name)


@check(points=4, probe="net_G", public=True)
def test_net_g_points(outputs, answers, remark):
    """The generator maps noise to points as one linear layer, 2 -> 2, does."""
    judge_outputs(outputs, answers, remark, "net_G", "public")


@check(points=5, probe="net_G")
def test_net_g_gradients(outputs, answers, remark):
    """The generator is right on unseen noise, and in every gradient."""
    judge_gradients(outputs, answers, remark, "net_G")


@check(points=1, probe="net_G", rests_on=("net_g_points", "net_g_gradients"))
def test_net_g_fresh(outputs):
    """Building the generator leaves random numbers random."""
    network_fresh(outputs, "net_G")


@check(points=6, probe="net_D", public=True)
def test_net_d_scores(outputs, answers, remark):
    """The discriminator scores points as 2-5-3-1 with Tanh (37 parameters) does."""
    judge_outputs(outputs, answers, remark, "net_D", "public")


@check(points=7, probe="net_D")
def test_net_d_gradients(outputs, answers, remark):
    """The discriminator is right on unseen points, and in every gradient."""
    judge_gradients(outputs, answers, remark, "net_D")


@check(points=1, probe="net_D", rests_on=("net_d_scores", "net_d_gradients"))
def test_net_d_fresh(outputs):
    """Building the discriminator leaves random numbers random."""
    network_fresh(outputs, "net_D")


# --- one step of each player ------------------------------------------------------------------


def judge_value(outputs, answers, name, message):
    """Compare the loss that an update returns."""
    value = field(outputs, "value")
    require(value.size > 0, f"{name}: returns no loss; return one number")
    finite(value, name)
    close(scalar(value, name), answers["value"].reshape(()), LOSS, f"{name}: {message}")


def judge_step(outputs, answers, name, which, message):
    """Compare how far an update moved every parameter of its network."""
    close(field(outputs, which), answers[which], GRADIENT, f"{name}: {message}")


def judge_other_step(outputs, answers, name):
    """Compare a step with other sizes, networks and another loss."""
    got = field(outputs, "other_step")
    require(
        got.size > 0,
        f"{name}: fails for 5 points in three dimensions; take every size from the arguments",
    )
    message = (
        f"{name}: wrong for other networks, another number of points and another `loss` than usual; "
        "use what is passed"
    )
    close(got, answers["other_step"], GRADIENT, message)


def judge_other_network(outputs, name, other):
    """Require the network that must not change to stay as it was."""
    require(field(outputs, "unmoved"), f"{name}: changes the weights of {other}")
    require(field(outputs, "trainable"), f"{name}: keeps {other} from learning from then on")


NOT_ITS_GRADIENT = "the parameters do not move by the gradient of the described loss"


@check(points=4, probe="update_D", public=True)
def test_update_d_value(outputs, answers):
    """The discriminator's update returns the mean of a real and a generated half."""
    judge_value(outputs, answers, "update_D", "the returned loss is wrong")


@check(points=6, probe="update_D", public=True)
def test_update_d_step(outputs, answers):
    """The discriminator's update moves every parameter as the loss's gradient says."""
    judge_step(outputs, answers, "update_D", "step", NOT_ITS_GRADIENT)


@check(points=5, probe="update_D")
def test_update_d_leftovers(outputs, answers):
    """Gradients that the generator's step left in the discriminator do not count."""
    message = "wrong where net_D holds old gradients; when must they be set to zero?"
    judge_step(outputs, answers, "update_D", "second_step", message)


@check(
    points=5,
    probe="update_D",
    rests_on=("update_d_step", "update_d_value", "update_d_leftovers", "update_d_other"),
)
def test_update_d_alone(outputs):
    """The discriminator's update leaves the generator, the points and the noise alone."""
    judge_other_network(outputs, "update_D", "the generator")
    require(
        not field(outputs, "gradient"),
        "update_D: leaves gradients in the generator; cut the generated points off from it",
    )
    require(not field(outputs, "changed"), "update_D: changes the points or the noise it is given")


@check(points=3, probe="update_D")
def test_update_d_other(outputs, answers):
    """The discriminator's update works for other sizes, networks and losses."""
    judge_other_step(outputs, answers, "update_D")


@check(points=4, probe="update_G", public=True)
def test_update_g_value(outputs, answers):
    """The generator's update returns its loss, low where its points are taken for real."""
    judge_value(outputs, answers, "update_G", "the returned loss is wrong")


@check(points=6, probe="update_G", public=True)
def test_update_g_step(outputs, answers):
    """The generator's update moves every parameter as the loss's gradient says."""
    judge_step(outputs, answers, "update_G", "step", NOT_ITS_GRADIENT)


@check(points=5, probe="update_G")
def test_update_g_leftovers(outputs, answers):
    """Gradients of the generator's earlier step do not count."""
    message = "wrong in a second step; what becomes of the gradients of the first?"
    judge_step(outputs, answers, "update_G", "second_step", message)


@check(
    points=5,
    probe="update_G",
    rests_on=("update_g_step", "update_g_value", "update_g_leftovers", "update_g_other"),
)
def test_update_g_alone(outputs):
    """The generator's update leaves the discriminator and the noise alone."""
    judge_other_network(outputs, "update_G", "the discriminator")
    require(not field(outputs, "changed"), "update_G: changes the noise that it is given")


@check(points=3, probe="update_G")
def test_update_g_other(outputs, answers):
    """The generator's update works for other sizes, networks and losses."""
    judge_other_step(outputs, answers, "update_G")


# --- training ---------------------------------------------------------------------------------

GIVEN = "train_given_updates"
# What begins, is drawn or comes out by chance counts beside steps or losses that can be computed.
TRAINED = ("train_first_step", "train_later_steps", "train_losses")


def judge_steps(outputs, answers, which, message):
    """Compare steps of both networks, each in units of its learning rate."""
    for name in ("d", "g"):
        got, want = field(outputs, f"{which}_{name}"), answers[f"{which}_{name}"]
        require(
            got.shape == want.shape,
            "train: goes through the data another number of times than num_epochs says",
        )
        close(got, want, STEPS, f"train: {message}", scale=1.0)


@check(points=4, probe="train", instead=GIVEN, rests_on=TRAINED)
def test_train_weights(outputs, remark):
    """Training begins with weights from N(0, 0.02) and biases of 0, in both networks."""
    for name, network in (("d", "net_D"), ("g", "net_G")):
        weights = field(outputs, f"sample_weights_{name}")
        message = (
            f"train: the weights of {network} do not begin as N(0, 0.02), mean 0, deviation 0.02"
        )
        uniform(weights, 0, 1, message)
        require(np.unique(weights).size > weights.size // 2, f"{message}; numbers repeat")
    for name, network in (("d", "net_D"), ("g", "net_G")):
        if not field(outputs, f"zero_biases_{name}"):
            message = f"train: the biases of {network} do not begin at 0"
            require(not DRAWN_BIASES_COST, message)
            uniform(field(outputs, f"biases_{name}"), 0, 1, message)
            remark(f"{message}, but as the weights do; that is no harm")


@check(points=4, probe="train", instead=GIVEN, rests_on=TRAINED)
def test_train_noise(outputs, answers):
    """Training draws fresh standard normal noise, a row for each point, latent_dim wide."""
    noise = field(outputs, "sample_noise")
    require(noise.size > 0, "train: the generator is never asked for points")
    uniform(noise, 0, 1, "train: the noise is not standard normal")
    require(not field(outputs, "repeats"), "train: minibatches share their noise; draw it anew")
    shapes, right = field(outputs, "noise_shapes"), answers["noise_shapes"]
    message = (
        "train: wrong noise for minibatches of 6, 6 and 4 points and latent_dim 5; "
        "take both sizes from X and latent_dim"
    )
    require(shapes.shape == right.shape and (shapes == right).all(), message)


@check(points=5, probe="train", instead=GIVEN, public=True)
def test_train_first_step(outputs, answers):
    """The first minibatch moves both networks by one step of Adam, each at its own rate."""
    message = "the first steps are wrong; is it Adam, each network with its own learning rate?"
    judge_steps(outputs, answers, "first_step", message)


@check(points=6, probe="train", instead=GIVEN)
def test_train_later_steps(outputs, answers):
    """Over minibatches and epochs both networks follow Adam's steps."""
    message = "later steps are wrong; look at the optimizers, and at what is done more than once"
    judge_steps(outputs, answers, "steps", message)


@check(points=4, probe="train", instead=GIVEN, public=True)
def test_train_losses(outputs, answers):
    """Training returns two lists: each epoch's mean losses of discriminator and generator."""
    for name in ("losses_d", "losses_g"):
        got, want = field(outputs, name), answers[name]
        require(got.size > 0, "train: return two lists of numbers, (losses_D, losses_G)")
        require(
            got.shape == want.shape,
            f"train: returns {got.size} losses for {want.size} epochs; one for each is asked",
        )
    for name in ("losses_d", "losses_g"):
        message = (
            "train: the returned losses are not the epochs' means of what the updates returned"
        )
        close(field(outputs, name), answers[name], LOSSES, message)


@check(points=7, probe="train", instead=GIVEN, public=True, rests_on=TRAINED)
def test_train_cloud(outputs):
    """After training the generated points have the real ones' mean and covariance."""
    cloud = field(outputs, "sample_cloud")
    finite(cloud, "train: the trained generator")
    require(cloud.shape == (3, 2), "train: the trained generator does not draw points in the plane")
    away = gaussian_distance(cloud[0], cloud[1:], CLOUD_SHIFT, CLOUD_MAP.T @ CLOUD_MAP)
    require(away <= CLOUD, "train: the generated points do not come to lie where the real ones do")

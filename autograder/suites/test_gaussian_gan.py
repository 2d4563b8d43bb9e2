"""Judge what a `gaussian_gan.py` computed. NumPy only: nothing of the student's runs here.

One test is one check. The mark says how many points it is worth, which probe's arrays it gets as
`outputs` (the student's) and `answers` (the solution's), and whether students may run it themselves.
The docstring is the line that the student reads.

The constants below are policy where the interface leaves a choice open. The default is lenient; to be
stricter, change them here and run `autograder rescore`.
"""

import functools

import numpy as np
import pytest

from autograder.compare import (
    UNIFORM_FAILURE,
    CheckFailed,
    agree,
    close,
    distinct,
    field,
    finite,
    gaussian_distance,
    network_fresh,
    network_gradients,
    network_loud,
    network_outputs,
    require,
    scalar,
    text,
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
# Fifteen steps of Adam, in units of the learning rate; float32 and float64 differ by 2e-5 here.
STEPS = 1e-3
# Means of five losses on the way; measured 7e-8, and 2e-6 if the loss is summed over the minibatch.
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
    "train_noise": 2 * UNIFORM_FAILURE,
    "train_cloud": CLOUD_FAILURE,
}


# --- what tells mistakes apart ----------------------------------------------------------------


def tells(*names):
    """Let a check that fails read more arrays: a mistake is named only if these fit it, too.

    Arguments in another order than described, or in a wrong place, are told before everything else.
    """

    def decorate(judge):
        @functools.wraps(judge)
        def judged(*args, **named):
            outputs = named["outputs"] if "outputs" in named else args[0]
            try:
                judge(*args, **named)
            except CheckFailed as failure:
                for name in names:
                    field(outputs, name)
                raise CheckFailed(first_of_all(outputs, str(failure))) from None

        return judged

    return decorate


def first_of_all(outputs, message):
    """Return what a failed check tells: what stands in a wrong place explains everything else."""
    name = message.partition(":")[0]
    order = text(outputs, "order") if "order" in outputs else ""
    if order:
        return f"{name}: takes its arguments as {order}, which is not the described order"
    misplaced = text(outputs, "misplaced") if "misplaced" in outputs else ""
    return f"{name}: {misplaced}" if misplaced else message


# --- networks ---------------------------------------------------------------------------------


def judge_outputs(outputs, answers, remark, name, which):
    """Compare a network's outputs on the inputs that students may see, or on the others."""

    def told(slip):
        require(not text(outputs, "together"), slip)  # the student's own training cannot use it
        remark(slip)

    network_outputs(outputs, answers, name, which, None if SHAPE_SLIPS_COST else told)


def judge_gradients(outputs, answers, remark, name):
    """Compare outputs on unseen inputs, and the gradients of every parameter and of the input."""
    judge_outputs(outputs, answers, remark, name, "hidden")
    network_gradients(outputs, answers, name)
    network_loud(outputs, answers, name)


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


@tells("step", "kind")
def judge_value(outputs, answers, name, which):
    """Compare the loss that an update returns; what it did tells one mistake from another."""
    value = field(outputs, "value")
    if not value.size:
        require(False, f"{name}: returns {text(outputs, 'kind')}; expected one number, {which}")
    finite(value, name)
    message = f"returns another number than {which} of before the step"
    close(scalar(value, name), answers["value"].reshape(()), LOSS, f"{name}: {message}")


@tells()
def judge_step(outputs, answers, name, which, message):
    """Compare how far an update moved every parameter of its network."""
    got = field(outputs, which)
    if not got.any():
        field(outputs, "own_gradient"), field(outputs, "reached")  # computed, but not used?
        message = "its network does not move"
    close(got, answers[which], GRADIENT, f"{name}: {message}")


@tells("step", "own_gradient")
def judge_leftovers(outputs, answers, name, network):
    """Compare a step that finds old gradients; read whether it leaves some, which tells mistakes."""
    message = f"wrong where {network} holds old gradients; when must they be set to zero?"
    judge_step(outputs, answers, name, "second_step", message)


OTHER = {
    "update_D": "5 points in three dimensions, noise 4 wide and a loss that is no cross-entropy",
    "update_G": "5 rows of noise, 4 wide, points in three dimensions, and a loss that is no "
    "cross-entropy",
}


@tells("step")
def judge_other_step(outputs, answers, name):
    """Compare a step with other sizes, networks and another loss."""
    got, failed = field(outputs, "other_step"), text(outputs, "other_step_failed")
    fails = f"fails with {OTHER[name]} ({failed}); take every size and the loss from the arguments"
    require(not failed, f"{name}: {fails}")
    message = f"takes a wrong step with {OTHER[name]}; use what is passed"
    close(got, answers["other_step"], GRADIENT, f"{name}: {message}")


def judge_other_network(outputs, name, other):
    """Require the network that must not change to stay as it was."""
    moved, trainable = field(outputs, "moved"), field(outputs, "trainable")
    require(not moved.any(), f"{name}: changes the weights of {other}")
    require(trainable, f"{name}: keeps {other} from learning from then on")


NOT_ITS_GRADIENT = "the parameters do not move by the gradient of the described loss"


@check(points=4, probe="update_D", public=True)
def test_update_d_value(outputs, answers):
    """The discriminator's update returns the mean of a real and a generated half."""
    judge_value(outputs, answers, "update_D", "the mean of both halves' losses")


@check(points=6, probe="update_D", public=True)
def test_update_d_step(outputs, answers):
    """The discriminator's update moves every parameter as the loss's gradient says."""
    judge_step(outputs, answers, "update_D", "step", NOT_ITS_GRADIENT)


@check(points=5, probe="update_D")
def test_update_d_leftovers(outputs, answers):
    """Gradients that the generator's step left in the discriminator do not count."""
    judge_leftovers(outputs, answers, "update_D", "net_D")


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
    judge_value(outputs, answers, "update_G", "the loss")


@check(points=6, probe="update_G", public=True)
def test_update_g_step(outputs, answers):
    """The generator's update moves every parameter as the loss's gradient says."""
    judge_step(outputs, answers, "update_G", "step", NOT_ITS_GRADIENT)


@check(points=5, probe="update_G")
def test_update_g_leftovers(outputs, answers):
    """Gradients of the generator's earlier step do not count."""
    judge_leftovers(outputs, answers, "update_G", "net_G")


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
PER_EPOCH, NUM_EPOCHS = 5, 3  # of the probe's steps
STILL = 1e-6  # in units of the learning rate: less is no step


def with_calls(judge):
    """Let a check that fails read what is called, where no network moves."""

    def judged(outputs, *args):
        try:
            judge(outputs, *args)
        except CheckFailed:
            if not field(outputs, "total_d").any() and not field(outputs, "total_g").any():
                field(outputs, "calls")
            raise

    return judged


def described_step(outputs):
    """Say how far each network moved in the first minibatch, in units of its learning rate."""
    for name, network in (("d", "net_D"), ("g", "net_G")):
        step = np.abs(field(outputs, f"first_step_{name}"))
        if step.size and step.max() < STILL:
            return f"{network} does not move in the first minibatch"
        size = float(np.median(step)) if step.size and np.isfinite(step).all() else 1.0
        even = step.size > 0 and np.allclose(step, size, rtol=1e-3)  # as Adam's first step is
        if even and abs(size - 1) > 1e-2:
            return f"the first step of {network} is {size:.3g} times its learning rate, not once"
    return (
        "the first steps are not Adam's, each network with its own learning rate, for these losses"
    )


@tells("steps_d", "steps_g", "total_d", "total_g", "passes")
@with_calls
def judge_steps(outputs, answers, which, message):
    """Compare steps of both networks, each in units of its learning rate."""
    evidence = {name: field(outputs, f"{which}_{name}") for name in ("d", "g")}
    for name, got in evidence.items():
        want = answers[f"{which}_{name}"]
        if got.shape != want.shape:
            passes = int(field(outputs, "passes"))
            counts = (
                f"train: {NUM_EPOCHS} epochs of {PER_EPOCH} minibatches were asked for, and {passes} "
                "minibatches were gone through to the end"
            )
            require(False, counts)
        if which == "first_step":
            message = message if agree(got, want, STEPS, 1.0) else described_step(outputs)
        close(got, want, STEPS, f"train: {message}", scale=1.0)


def judge_sample(outputs, sample, moments, what, wanted):
    """Require a sample to look uniform; say otherwise what mean and deviation it had before."""
    try:
        uniform(sample, 0, 1, f"train: {what} are not {wanted}")
    except CheckFailed as failure:
        sized = "too few" in str(failure)
        told = str(failure) if sized else distribution(outputs, moments, what, wanted)
        raise CheckFailed(told) from None


def distribution(outputs, which, what, wanted):
    """Say what mean and deviation numbers have, and what is asked for."""
    got = field(outputs, which)
    if got.size < 2 or not np.isfinite(got).all():
        return f"train: {what} are not {wanted}"
    return f"train: {what} have mean {got[0]:.2g} and deviation {got[1]:.2g}; expected {wanted}"


BEGUN = (
    *(
        f"sample_{kind}_{name}"
        for kind in ("weights", "first_sizes", "middle_sizes")
        for name in "dg"
    ),
    *(f"{kind}_{name}" for kind in ("kept", "zero_biases", "biases") for name in "dg"),
)


@check(points=4, probe="train", instead=GIVEN, rests_on=TRAINED)
@tells(*BEGUN)
def test_train_weights(outputs, remark):
    """Training begins with weights from N(0, 0.02) and biases of 0, in both networks."""
    networks = (("d", "net_D"), ("g", "net_G"))
    for name, network in networks:
        weights = field(outputs, f"sample_weights_{name}")
        wanted = "normal numbers with mean 0 and deviation 0.02"
        what = f"the weights that {network} begins with"
        moments = f"sample_moments_{name}"
        judge_sample(outputs, weights, moments, what, wanted)
        repeats = f"train: numbers repeat among {what}; expected {wanted}"
        require(np.unique(weights).size > weights.size // 2, repeats)
    for name, network in networks:
        if not field(outputs, f"zero_biases_{name}"):
            mean, deviation = field(outputs, f"sample_moments_{name}")[2:]
            message = (
                f"train: the biases of {network} do not begin at 0: they have mean {mean:.2g} and "
                f"deviation {deviation:.2g}"
            )
            require(not DRAWN_BIASES_COST, message)
            uniform(field(outputs, f"biases_{name}"), 0, 1, message)
            remark(
                f"train: the biases of {network} do not begin at 0, but as the weights do; "
                "that is no harm"
            )


@check(points=4, probe="train", instead=GIVEN, rests_on=TRAINED)
def test_train_noise(outputs, answers):
    """Training draws fresh standard normal noise, a row for each point, latent_dim wide."""
    samples = {name: field(outputs, f"sample_{name}") for name in ("noise", "noise_g")}
    shapes, right = field(outputs, "noise_shapes"), answers["noise_shapes"]
    failed, repeats = text(outputs, "noise_shapes_failed"), field(outputs, "repeats")
    for name, noise in samples.items():
        if not noise.size:
            field(outputs, "calls"), field(outputs, "total_d"), field(outputs, "total_g")
        require(noise.size > 0, "train: the generator is never asked for points")
        whose = "the numbers of the noise" + (" for update_G" if name == "noise_g" else "")
        wanted = "standard normal numbers, with mean 0 and deviation 1"
        if not repeats:
            distinct(noise, f"train: {whose} repeat; draw each anew")
        judge_sample(outputs, noise, f"sample_{name}_moments", whose, wanted)
    require(not repeats, "train: minibatches share their noise; draw it anew for each of them")
    setting = "3 minibatches of 6, 6 and 4 points in three dimensions, and latent_dim 5"
    require(not failed, f"train: fails with {setting} ({failed})")
    message = f"noise of another shape than (points, latent_dim) with {setting}"
    require(shapes.shape == right.shape and (shapes == right).all(), f"train: {message}")


@check(points=5, probe="train", instead=GIVEN, public=True)
def test_train_first_step(outputs, answers):
    """The first minibatch moves both networks by one step of Adam, each at its own rate."""
    judge_steps(outputs, answers, "first_step", "")


@check(points=6, probe="train", instead=GIVEN)
def test_train_later_steps(outputs, answers):
    """Over minibatches and epochs both networks follow Adam's steps."""
    message = "later steps are wrong; look at the optimizers, and at what is done more than once"
    judge_steps(outputs, answers, "steps", message)


@check(points=4, probe="train", instead=GIVEN, public=True)
@tells("total_d", "total_g", "loss", "returned")
def test_train_losses(outputs, answers):
    """Training returns two lists: each epoch's mean losses of discriminator and generator."""
    names = ("losses_d", "losses_g")
    pair = {name: field(outputs, name) for name in names}
    for name, got in pair.items():
        if not got.size:
            returned = text(outputs, "returned")
            lists = f"returns {returned}; expected two lists of numbers, (losses_D, losses_G)"
            require(False, f"train: {lists}")
        counts = f"returns {got.size} losses for {NUM_EPOCHS} epochs; one for each is expected"
        require(got.shape == answers[name].shape, f"train: {counts}")
    for name, got in pair.items():
        message = "the returned losses are not the means of the described losses over each epoch"
        close(got, answers[name], LOSSES, f"train: {message}")


# Where the points end up tells no mistake from another: these do.
CLOUDED = (
    *(f"{name}_{whose}" for name in ("steps", "total", "kept") for whose in "dg"),
    *(f"sample_{name}_{whose}" for name in ("weights", "middle_sizes") for whose in "dg"),
    *("sample_noise", "sample_noise_g", "passes"),
)


@check(points=7, probe="train", instead=GIVEN, public=True, rests_on=TRAINED)
@tells(*CLOUDED)
def test_train_cloud(outputs):
    """After training the generated points have the real ones' mean and covariance."""
    cloud = field(outputs, "sample_cloud")
    finite(cloud, "train: the trained generator")
    require(cloud.shape == (3, 2), "train: the trained generator does not draw points in the plane")
    away = gaussian_distance(cloud[0], cloud[1:], CLOUD_SHIFT, CLOUD_MAP.T @ CLOUD_MAP)
    message = "the generated points do not come to lie where the real ones do"
    require(away <= CLOUD, f"train: {message}")

"""Judge what a `dcgan.py` computed. NumPy only: nothing of the student's runs here.

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
    CheckFailed,
    close,
    field,
    finite,
    network_gradients,
    require,
    scalar,
    sent_shape,
    uniform,
    whole_number,
)

# A discriminator that returns (N, 1) instead of (N, 1, 1, 1), or the other way round, with every value
# right, keeps its points and gets a remark.
SHAPE_SLIPS_COST = False

# Relative to the largest element. Processors and versions of PyTorch differ by up to 1e-5 in float32
# (docs/tolerances.md); the smallest recorded mistake differs by more than 1e-3.
NETWORK = 2e-4
GRADIENT = 2e-4
# A bias before a BatchNorm has no gradient except rounding errors: a gradient smaller than this share
# of the largest one is compared in units of that share.
SMALLEST = 1e-2
LOSS = 1e-5
STEP = 2e-5  # relative to ten times the learning rate, the length of ten of Adam's steps
RATE = 0.01  # the learning rate that `train` is asked with

check = pytest.mark.check

# How often chance fails a correct solution, for every check that depends on chance. Compared with
# these, two draws that agree in every number are impossible.
FALSE_FAILURES = {
    "init_convolutions": 2 * UNIFORM_FAILURE,
    "init_norm": UNIFORM_FAILURE,
    "train_noise": UNIFORM_FAILURE,
    "train_start": 4 * UNIFORM_FAILURE,
}


# --- networks ---------------------------------------------------------------------------------


def judge_outputs(outputs, answers, remark, name, which, prefix=""):
    """Compare a network's outputs on the inputs that students may see, or on the others."""
    got, want = field(outputs, prefix + which), answers[prefix + which]
    finite(got, name)
    shape = sent_shape(outputs, prefix + "shape")
    right = tuple(answers[prefix + "shape"].tolist())
    same_size = shape[:1] == right[:1] and np.prod(shape) == np.prod(right)
    require(same_size, f"{name}: returns shape {shape} where {right} is asked")
    require(got.size == want.size, f"{name}: returns another number of values than it should")
    close(
        got.reshape(want.shape),
        want,
        NETWORK,
        f"{name}: its outputs differ from the described ones",
    )
    if shape != right:
        slip = f"{name}: the values are right, but in shape {shape}; the described shape is {right}"
        require(not SHAPE_SLIPS_COST, slip)
        remark(slip)


def judge_whole(outputs, answers, remark, name, which):
    """Compare a whole network's outputs; if they differ, report a wrong number of parameters first."""
    count, published = whole_number(outputs, "parameters"), int(answers["parameters"])
    try:
        judge_outputs(outputs, answers, remark, name, which)
    except CheckFailed:
        require(
            count == published,
            f"{name}: it has {count} parameters; the described network has {published}",
        )
        raise


def judge_gradients(outputs, answers, name, prefix=""):
    """Compare the gradients of every parameter and of the input, each in units of its own size."""
    network_gradients(outputs, answers, name, prefix, SMALLEST)


def judge_settings(outputs, answers, remark, name):
    """Compare a block in two settings that are not its defaults."""
    for prefix, case in (
        ("small_", f"{name} with strides=1, padding=0"),
        ("odd_", f"{name} with kernel_size=3, strides=1, padding=1"),
    ):
        judge_outputs(outputs, answers, remark, case, "public", prefix)


def judge_statistics(outputs, answers, name):
    """Compare outputs in evaluation mode, which show a BatchNorm's running statistics."""
    close(
        field(outputs, "frozen"),
        answers["frozen"],
        NETWORK,
        f"{name}: in evaluation mode its outputs are wrong; look at BatchNorm's running statistics",
    )


@check(points=3, probe="G_block", public=True)
def test_g_block_images(outputs, answers, remark):
    """A G_block doubles 16x16 to 32x32: transposed convolution, BatchNorm, ReLU."""
    judge_outputs(outputs, answers, remark, "G_block", "public")


@check(points=2, probe="G_block", public=True)
def test_g_block_settings(outputs, answers, remark):
    """A G_block obeys its arguments: with strides=1 and padding=0 a pixel becomes 4x4."""
    judge_settings(outputs, answers, remark, "G_block")


@check(points=2, probe="G_block")
def test_g_block_gradients(outputs, answers, remark):
    """A G_block is right on unseen images, and in every gradient."""
    judge_outputs(outputs, answers, remark, "G_block", "hidden")
    judge_gradients(outputs, answers, "G_block")


@check(points=1, probe="G_block")
def test_g_block_statistics(outputs, answers):
    """A G_block in evaluation mode uses what its BatchNorm learned of the minibatches before."""
    judge_statistics(outputs, answers, "G_block")


@check(points=3, probe="D_block", public=True)
def test_d_block_images(outputs, answers, remark):
    """A D_block halves 16x16 to 8x8: convolution, BatchNorm, LeakyReLU."""
    judge_outputs(outputs, answers, remark, "D_block", "public")


@check(points=2, probe="D_block", public=True)
def test_d_block_settings(outputs, answers, remark):
    """A D_block obeys its arguments: with strides=1 and padding=0 4x4 becomes a pixel."""
    judge_settings(outputs, answers, remark, "D_block")


@check(points=2, probe="D_block")
def test_d_block_gradients(outputs, answers, remark):
    """A D_block is right on unseen images, and in every gradient."""
    judge_outputs(outputs, answers, remark, "D_block", "hidden")
    judge_gradients(outputs, answers, "D_block")


@check(points=1, probe="D_block")
def test_d_block_statistics(outputs, answers):
    """A D_block in evaluation mode uses what its BatchNorm learned of the minibatches before."""
    judge_statistics(outputs, answers, "D_block")


@check(points=4, probe="net_G", instead="net_G_given_G_block", public=True)
def test_net_g_images(outputs, answers, remark):
    """The generator turns noise into 64x64 images as described (3576704 parameters)."""
    judge_whole(outputs, answers, remark, "net_G", "public")


@check(points=5, probe="net_G", instead="net_G_given_G_block")
def test_net_g_gradients(outputs, answers, remark):
    """The generator is right on unseen noise, and in every gradient."""
    judge_whole(outputs, answers, remark, "net_G", "hidden")
    judge_gradients(outputs, answers, "net_G")


@check(points=4, probe="net_D", instead="net_D_given_D_block", public=True)
def test_net_d_scores(outputs, answers, remark):
    """The discriminator scores 64x64 images as described (2765696 parameters)."""
    judge_whole(outputs, answers, remark, "net_D", "public")


@check(points=5, probe="net_D", instead="net_D_given_D_block")
def test_net_d_gradients(outputs, answers, remark):
    """The discriminator is right on unseen images, and in every gradient."""
    judge_whole(outputs, answers, remark, "net_D", "hidden")
    judge_gradients(outputs, answers, "net_D")


@check(points=3, probe="faces_net_G", instead="faces_net_G_given_G_block", public=True)
def test_faces_net_g_images(outputs, answers, remark):
    """The generator of faces draws images as described (12658438 parameters)."""
    judge_whole(outputs, answers, remark, "faces_net_G", "public")


@check(points=3, probe="faces_net_G", instead="faces_net_G_given_G_block")
def test_faces_net_g_gradients(outputs, answers, remark):
    """The generator of faces is right on unseen noise, and in every gradient."""
    judge_whole(outputs, answers, remark, "faces_net_G", "hidden")
    judge_gradients(outputs, answers, "faces_net_G")


@check(points=3, probe="faces_net_D", public=True)
def test_faces_net_d_scores(outputs, answers, remark):
    """The discriminator of faces scores images as described (430625 parameters)."""
    judge_whole(outputs, answers, remark, "faces_net_D", "public")


@check(points=3, probe="faces_net_D")
def test_faces_net_d_gradients(outputs, answers, remark):
    """The discriminator of faces is right on unseen images, and in every gradient."""
    judge_whole(outputs, answers, remark, "faces_net_D", "hidden")
    judge_gradients(outputs, answers, "faces_net_D")


# --- the weights that training begins with ----------------------------------------------------


def judge_drawn(outputs, name, message):
    """Require numbers to be drawn from a distribution; the probe sent the value of its CDF for each."""
    places = field(outputs, name)
    finite(places, message.partition(":")[0])
    uniform(places, 0, 1, message)


@check(points=3, probe="init_weights", public=True)
def test_init_convolutions(outputs):
    """Weights of both kinds of convolution begin normal, with mean 0 and deviation 0.02."""
    for kind, name in (("convolutions", "convolution"), ("transposed convolutions", "transposed")):
        message = f"init_weights: the weights of {kind} are not normal with mean 0, deviation 0.02"
        judge_drawn(outputs, f"sample_{name}", message)
    require(
        not field(outputs, "repeats"),
        "init_weights: two networks get the same weights; do not seed PyTorch's generator here",
    )


@check(points=3, probe="init_weights")
def test_init_norm(outputs):
    """Weights of BatchNorm begin normal, with mean 1 and deviation 0.02; its biases begin at 0."""
    message = "init_weights: BatchNorm's weights are not normal with mean 1, deviation 0.02"
    judge_drawn(outputs, "sample_norm", message)
    biases = field(outputs, "biases")
    finite(biases, "init_weights")
    require(float(biases) == 0, "init_weights: BatchNorm's biases do not begin at 0")


# --- steps of training ------------------------------------------------------------------------


def judge_steps(outputs, answers, name, whose):
    """Compare the change of every parameter in each of two steps, for two losses."""
    for which, loss in (("steps", "the binary cross-entropy"), ("other_steps", "another loss")):
        message = f"{name}: with {loss}, {whose} parameters do not change as they should"
        close(field(outputs, which), answers[which], GRADIENT, message)


def judge_kept(outputs, name, whom):
    """Require the other network to be as it was."""
    kept = field(outputs, "kept")
    require(kept.shape == (3,), "the worker's reply cannot be read")
    for same, what in zip(
        kept.tolist(), ("parameters", "readiness to learn (requires_grad)", "mode (train or eval)")
    ):
        require(same, f"{name}: changes the {whom}'s {what}")


@check(points=3, probe="update_D", public=True)
def test_update_d_value(outputs, answers):
    """The discriminator's update returns the mean of the losses of real and of generated images."""
    message = "update_D: returns a wrong loss"
    close(field(outputs, "public"), answers["public"], LOSS, message)
    close(field(outputs, "other"), answers["other"], LOSS, f"{message} when `loss` is another one")


@check(points=4, probe="update_D")
def test_update_d_step(outputs, answers):
    """The discriminator's update moves every one of its parameters as it should."""
    judge_steps(outputs, answers, "update_D", "the discriminator's")


@check(points=3, probe="update_D", rests_on=("update_d_step", "update_d_value"))
def test_update_d_alone(outputs):
    """The discriminator's update leaves the generator alone, its gradients included."""
    judge_kept(outputs, "update_D", "generator")
    require(
        not field(outputs, "reached"),
        "update_D: a gradient reaches the generator, which is not being trained here",
    )


@check(points=3, probe="update_G", public=True)
def test_update_g_value(outputs, answers):
    """The generator's update returns the loss of images that are to be taken for real."""
    message = "update_G: returns a wrong loss"
    close(field(outputs, "public"), answers["public"], LOSS, message)
    close(field(outputs, "other"), answers["other"], LOSS, f"{message} when `loss` is another one")


@check(points=4, probe="update_G")
def test_update_g_step(outputs, answers):
    """The generator's update moves every one of its parameters as it should."""
    judge_steps(outputs, answers, "update_G", "the generator's")


@check(points=2, probe="update_G", rests_on=("update_g_step", "update_g_value"))
def test_update_g_alone(outputs):
    """The generator's update leaves the discriminator as it was."""
    judge_kept(outputs, "update_G", "discriminator")


# --- training ---------------------------------------------------------------------------------

WHO, NETWORKS, NOISE = 0, 1, slice(2, 6)


@check(
    points=3,
    probe="train",
    public=True,
    rests_on=("train_optimizers", "train_losses", "train_loss"),
)
def test_train_calls(outputs, answers):
    """Training calls update_D and then update_G for each minibatch, with noise of the right shape."""
    got, want = field(outputs, "calls"), answers["calls"]
    require(got.ndim == 2 and got.shape[1:] == want.shape[1:], "train: its calls cannot be read")
    require(
        np.array_equal(got[:, WHO], want[:, WHO]),
        "train: for every minibatch of every epoch, call update_D once and then update_G once",
    )
    message = "train: passes the networks to its steps in the wrong places"
    require(np.array_equal(got[:, NETWORKS], want[:, NETWORKS]), message)
    shape = tuple(n for n in got[0, NOISE].tolist() if n)
    require(
        np.array_equal(got[:, NOISE], want[:, NOISE]),
        f"train: noise has the shape {shape} for the first minibatch; it must be "
        "(images of the minibatch, latent_dim, 1, 1)",
    )
    require(
        field(outputs, "same_images"), "train: passes other images than data_iter's to update_D"
    )


@check(points=2, probe="train", rests_on=("train_optimizers", "train_losses", "train_loss"))
def test_train_noise(outputs):
    """The noise is drawn from the standard normal distribution, new for each minibatch."""
    judge_drawn(
        outputs, "sample_noise", "train: the noise is not drawn from the normal distribution"
    )
    require(not field(outputs, "repeats"), "train: minibatches get the same noise again")


@check(points=2, probe="train", rests_on=("train_optimizers", "train_losses", "train_loss"))
def test_train_start(outputs):
    """Training begins with weights drawn anew, in both networks."""
    networks = (("D", "discriminator"), ("G", "generator"))
    for by_init_weights, (network, whose) in zip(field(outputs, "marked").tolist(), networks):
        if not by_init_weights:
            message = (
                f"train: the {whose}'s weights do not begin normal with mean 0, deviation 0.02"
            )
            judge_drawn(outputs, f"sample_weights_{network}", message)
            message = f"train: the {whose}'s BatchNorms do not begin with mean 1, deviation 0.02"
            judge_drawn(outputs, f"sample_norms_{network}", message)


@check(points=4, probe="train")
def test_train_optimizers(outputs, answers):
    """Both networks have their own Adam: learning rate lr, beta1 = 0.5, beta2 = 0.999."""
    got, want = field(outputs, "history"), answers["history"]
    require(got.shape == want.shape, "train: takes another number of steps than it should")
    message = "train: parameters do not move as Adam with lr, beta1 = 0.5, beta2 = 0.999 moves them"
    close(got, want, STEP, message, scale=10 * RATE)


@check(points=3, probe="train", public=True)
def test_train_losses(outputs, answers):
    """Training returns the mean loss of each epoch, over its images, for both networks."""
    got, want = field(outputs, "losses"), answers["losses"]
    message = "train: expected two lists, the discriminator's first, with one loss for each epoch"
    require(got.shape == want.shape, message)
    message = "train: the losses are not the means over the images of each epoch"
    close(got, want, LOSS, message)


@check(points=2, probe="train")
def test_train_loss(outputs, answers):
    """The loss is the mean binary cross-entropy of logits, right for very large ones, too."""
    value = scalar(field(outputs, "loss"), "train: the loss that it passes on")
    message = "train: the loss that it passes on is not the mean binary cross-entropy of logits"
    close(value, answers["loss"].reshape(()), LOSS, message)


# --- find the bug -----------------------------------------------------------------------------


@check(points=3, probe="buggy_block")
def test_bug_block(outputs, answers, remark):
    """Find the bug: a block normalizes as BatchNorm does, and its running statistics follow fast."""
    judge_outputs(outputs, answers, remark, "buggy_block", "public")
    judge_outputs(outputs, answers, remark, "buggy_block", "hidden")
    judge_gradients(outputs, answers, "buggy_block")
    judge_statistics(outputs, answers, "buggy_block")


@check(points=3, probe="buggy_step")
def test_bug_step(outputs, answers):
    """Find the bug: a step trains the discriminator and leaves the generator as it was."""
    message = "buggy_step: returns a wrong loss"
    close(field(outputs, "public"), answers["public"], LOSS, message)
    message = "buggy_step: the discriminator's step is wrong"
    close(field(outputs, "steps"), answers["steps"], GRADIENT, message)
    judge_kept(outputs, "buggy_step", "generator")
    message = "buggy_step: afterwards the generator's gradients are not what they were"
    close(field(outputs, "left"), answers["left"], 0.0, message)


@check(points=2, probe="buggy_losses", public=True)
def test_bug_losses(outputs, answers):
    """Find the bug: both losses, and the part of the training that is done, can be computed."""
    message = "buggy_losses: computes something else than its docstring says"
    close(field(outputs, "public"), answers["public"], LOSS, message)


@check(points=3, probe="buggy_mean_loss", public=True)
def test_bug_mean_loss(outputs, answers):
    """Find the bug: a mean loss is one over all images, whatever the sizes of the minibatches."""
    message = "buggy_mean_loss: returns something else than the mean over all images"
    close(field(outputs, "public"), answers["public"], LOSS, message)


@check(points=2, probe="buggy_pictures", public=True)
def test_bug_pictures(outputs, answers):
    """Find the bug: every picture stays upright."""
    got, want = field(outputs, "public"), answers["public"]
    require(
        got.shape == want.shape,
        f"buggy_pictures: two images, 6 high and 4 wide, become {got.shape}; compare the docstring",
    )
    close(
        got,
        want,
        LOSS,
        "buggy_pictures: pixels are in the wrong places, or of the wrong brightness",
    )

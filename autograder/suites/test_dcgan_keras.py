"""Judge what a `dcgan_keras.py` computed against the answers of `dcgan`. NumPy only.

The probe sends arrays in PyTorch's layout, channels first; messages show shapes as in Keras. One test
is one check; the docstring is the line that the student reads.
"""

import numpy as np
import pytest

from autograder.compare import (
    UNIFORM_FAILURE,
    CheckFailed,
    agree,
    close,
    explained_with,
    field,
    finite,
    network_loud,
    require,
    scalar,
    sent_shape,
    text,
    uniform,
    whole_number,
)

# A discriminator that returns (N, 1) instead of (N, 1, 1, 1), or the other way round, with every value
# right, keeps its points and gets a remark.
SHAPE_SLIPS_COST = False

# Relative to the largest element, as in the suite of `dcgan`. Keras and PyTorch add numbers in
# different orders, and agree to 5e-6. In evaluation mode there is 1e-5 more: Keras divides a
# minibatch's variance by N (512 pixels at least), PyTorch's running variance by N - 1.
NETWORK = 2e-4
GRADIENT = 2e-4
LOSS = 1e-5

check = pytest.mark.check

FALSE_FAILURES = {
    "g_block_start": 2 * UNIFORM_FAILURE,
    "d_block_start": 2 * UNIFORM_FAILURE,
    "net_g_start": UNIFORM_FAILURE,
    "net_d_start": UNIFORM_FAILURE,
}


# --- networks ---------------------------------------------------------------------------------


def in_keras(shape):
    """Return a shape with its channels last."""
    return (shape[0], *shape[2:], shape[1]) if len(shape) == 4 else tuple(shape)


def judge_outputs(outputs, answers, remark, name, which, prefix=""):
    """Compare a network's outputs on the inputs that students may see, or on the others."""
    got, want = field(outputs, prefix + which), answers[prefix + which]
    finite(got, name)
    shape = in_keras(sent_shape(outputs, prefix + "shape"))
    right = in_keras(answers[prefix + "shape"].tolist())
    same_size = shape[:1] == right[:1] and np.prod(shape) == np.prod(right)
    require(same_size, f"{name}: returns shape {shape} where {right} is asked")
    require(got.size == want.size, f"{name}: returns another number of values than it should")
    message = f"{name}: its outputs differ from the described ones"
    close(got.reshape(want.shape), want, NETWORK, message)
    if shape != right:
        slip = f"{name}: the values are right, but in shape {shape}; the described shape is {right}"
        require(not SHAPE_SLIPS_COST, slip)
        remark(slip)


def judge_whole(outputs, answers, remark, name, which):
    """Compare a whole network's outputs; if they differ, report a wrong number of weights first."""
    count, published = whole_number(outputs, "parameters"), int(answers["parameters"])
    try:
        judge_outputs(outputs, answers, remark, name, which)
    except CheckFailed:
        message = (
            f"{name}: it has {count} trainable parameters; the described network has {published}"
        )
        require(count == published, message)
        raise


def judge_gradients(outputs, answers, name):
    """Compare the gradients of every weight and of the input, each in units of its own size."""
    got, want = field(outputs, "gradients"), answers["gradients"]
    require(got.shape == want.shape, f"{name}: has another number of layers with weights")
    message = f"{name}: right outputs, wrong gradients; does ops.stop_gradient stand in it?"
    for ours, theirs in zip(want, got):  # norm, two projections: all in units of the norm
        close(theirs, ours, GRADIENT, message, scale=float(np.abs(ours).max()))
    message = f"{name}: right outputs, but the gradient for its input is wrong"
    close(field(outputs, "input_gradient"), answers["input_gradient"], GRADIENT, message)
    network_loud(outputs, answers, name)


def judge_settings(outputs, answers, remark, name):
    """Compare a block in two settings that are not its defaults.

    A mistake in these is named only where it also explains what the block does with its defaults.
    """
    with explained_with(outputs, "public"):
        for prefix, case in (
            ("small_", f'{name} with strides=1, padding="valid"'),
            ("odd_", f'{name} with kernel_size=3, strides=1, padding="same"'),
        ):
            judge_outputs(outputs, answers, remark, case, "public", prefix)


def judge_statistics(outputs, answers, name):
    """Compare outputs in evaluation mode, which show BatchNormalization's moving statistics."""
    got, want = field(outputs, "frozen"), answers["frozen"]
    finite(got, name)
    if agree(got, want, NETWORK):
        return
    message = f"{name}: in evaluation mode its outputs are wrong, as they are in training mode"
    if agree(field(outputs, "public"), answers["public"], NETWORK):
        message = (
            f"{name}: right in training mode, but in evaluation mode its outputs are wrong; "
            "look at BatchNormalization's momentum"
        )
    raise CheckFailed(message)


TAIL = 0.0228  # of a normal distribution lies below its mean minus two deviations


def judge_drawn(outputs, sample, message):
    """Require numbers to be drawn from a distribution; the probe sent the value of its CDF for each."""
    places = field(outputs, sample)
    finite(places, message.partition(":")[0])
    require(places.size > 0, message)
    outside = np.mean((places < TAIL) | (places > 1 - TAIL))
    message += f" ({outside:.0%} of them lie more than two deviations from that mean, not 5%)"
    uniform(places, 0, 1, message)


def judge_start(outputs, name):
    """Require a block's weights to begin as described.

    A mistake in these is named only in a block that computes what the mistake's does.
    """
    with explained_with(outputs, "public"):
        message = (
            f"{name}: the numbers of its kernel do not begin normal with mean 0, deviation 0.02"
        )
        judge_drawn(outputs, "sample_kernels", message)
        message = f"{name}: the numbers of gamma do not begin normal with mean 1, deviation 0.02"
        judge_drawn(outputs, "sample_scales", message)


@check(points=6, probe="G_block", public=True)
def test_g_block_images(outputs, answers, remark):
    """A G_block doubles 16x16 to 32x32: transposed convolution, BatchNormalization, ReLU."""
    judge_outputs(outputs, answers, remark, "G_block", "public")


@check(points=4, probe="G_block", public=True)
def test_g_block_settings(outputs, answers, remark):
    """A G_block obeys its arguments: with strides=1 and padding="valid" a pixel becomes 4x4."""
    judge_settings(outputs, answers, remark, "G_block")


@check(points=6, probe="G_block")
def test_g_block_gradients(outputs, answers, remark):
    """A G_block is right on unseen images, and in every gradient."""
    judge_outputs(outputs, answers, remark, "G_block", "hidden")
    judge_gradients(outputs, answers, "G_block")


@check(points=4, probe="G_block")
def test_g_block_statistics(outputs, answers):
    """A G_block in evaluation mode uses what its BatchNormalization learned, as PyTorch's does."""
    judge_statistics(outputs, answers, "G_block")


@check(points=4, probe="G_block")
def test_g_block_start(outputs):
    """A G_block's weights begin as described."""
    judge_start(outputs, "G_block")


@check(points=6, probe="D_block", public=True)
def test_d_block_images(outputs, answers, remark):
    """A D_block halves 16x16 to 8x8: convolution, BatchNormalization, LeakyReLU."""
    judge_outputs(outputs, answers, remark, "D_block", "public")


@check(points=4, probe="D_block", public=True)
def test_d_block_settings(outputs, answers, remark):
    """A D_block obeys its arguments: with strides=1 and padding="valid" 4x4 becomes a pixel."""
    judge_settings(outputs, answers, remark, "D_block")


@check(points=6, probe="D_block")
def test_d_block_gradients(outputs, answers, remark):
    """A D_block is right on unseen images, and in every gradient."""
    judge_outputs(outputs, answers, remark, "D_block", "hidden")
    judge_gradients(outputs, answers, "D_block")


@check(points=4, probe="D_block")
def test_d_block_statistics(outputs, answers):
    """A D_block in evaluation mode uses what its BatchNormalization learned, as PyTorch's does."""
    judge_statistics(outputs, answers, "D_block")


@check(points=4, probe="D_block")
def test_d_block_start(outputs):
    """A D_block's weights begin as described."""
    judge_start(outputs, "D_block")


@check(points=7, probe="net_G", instead="net_G_given_G_block", public=True)
def test_net_g_images(outputs, answers, remark):
    """The generator turns noise into 64x64 images as described (3576704 trainable parameters)."""
    judge_whole(outputs, answers, remark, "net_G", "public")


@check(points=6, probe="net_G", instead="net_G_given_G_block")
def test_net_g_gradients(outputs, answers, remark):
    """The generator is right on unseen noise, and in every gradient."""
    judge_whole(outputs, answers, remark, "net_G", "hidden")
    judge_gradients(outputs, answers, "net_G")


@check(points=2, probe="net_G", instead="net_G_given_G_block")
def test_net_g_start(outputs):
    """The kernel of the generator's last layer begins as those of the blocks."""
    message = (
        "net_G: the numbers of its last kernel do not begin normal with mean 0, deviation 0.02"
    )
    judge_drawn(outputs, "sample_last", message)


@check(points=7, probe="net_D", instead="net_D_given_D_block", public=True)
def test_net_d_scores(outputs, answers, remark):
    """The discriminator scores 64x64 images as described (2765696 trainable parameters)."""
    judge_whole(outputs, answers, remark, "net_D", "public")


@check(points=6, probe="net_D", instead="net_D_given_D_block")
def test_net_d_gradients(outputs, answers, remark):
    """The discriminator is right on unseen images, and in every gradient."""
    judge_whole(outputs, answers, remark, "net_D", "hidden")
    judge_gradients(outputs, answers, "net_D")


@check(points=2, probe="net_D", instead="net_D_given_D_block")
def test_net_d_start(outputs):
    """The kernel of the discriminator's last layer begins as those of the blocks."""
    message = (
        "net_D: the numbers of its last kernel do not begin normal with mean 0, deviation 0.02"
    )
    judge_drawn(outputs, "sample_last", message)


# --- steps of training ------------------------------------------------------------------------


FORMULAS = {
    "update_D": "(loss of 1 and D(X) + loss of 0 and D(G(Z))) / 2",
    "update_G": "loss of 1 and D(G(Z))",
}


def judge_value(outputs, answers, name):
    """Compare the returned loss, for two losses."""
    problem = text(outputs, "returned")
    require(not problem, problem)
    with explained_with(outputs, "public", "other"):
        message = f"{name}: returns another loss than {FORMULAS[name]}"
        close(field(outputs, "public"), answers["public"], LOSS, message)
        close(
            field(outputs, "other"),
            answers["other"],
            LOSS,
            f"{message}, when `loss` is not the cross-entropy",
        )


def judge_steps(outputs, answers, name, whose):
    """Compare the change of every weight in each of two steps, for two losses.

    A mistake is named only where it also explains how many steps the optimizer took, what became of
    gradients, and what happened to the other network.
    """
    taken = float(scalar(field(outputs, "taken"), name))
    with explained_with(outputs, "steps", "other_steps", "left", "untouched"):
        for which, loss in (("steps", "the binary cross-entropy"), ("other_steps", "another loss")):
            message = f"{name}: with {loss}, {whose} weights do not change as they should"
            if taken != 2:
                message = f"{name}: {taken:.0f} steps are taken in two calls; expected 2"
            close(field(outputs, which), answers[which], GRADIENT, message)


def judge_mode(outputs, name):
    """Require both networks to compute in training mode."""
    with explained_with(outputs, "public"):
        modes = field(outputs, "training")
        require(modes.shape == (2,), "what came back from your code cannot be read")
        for right, network in zip(modes.tolist(), ("discriminator", "generator")):
            require(right, f"{name}: calls the {network} outside of training mode")


@check(points=3, probe="update_D", public=True)
def test_update_d_value(outputs, answers):
    """The discriminator's update returns the mean of the losses of real and of generated images."""
    judge_value(outputs, answers, "update_D")


@check(points=4, probe="update_D")
def test_update_d_step(outputs, answers):
    """The discriminator's update moves every one of its weights as it should."""
    judge_steps(outputs, answers, "update_D", "the discriminator's")


@check(points=3, probe="update_D")
def test_update_d_alone(outputs):
    """The discriminator's update leaves the generator alone, its gradients included."""
    require(field(outputs, "untouched"), "update_D: changes the generator's weights")
    message = "update_D: a gradient reaches the generator, which is not being trained here"
    require(not field(outputs, "reached"), message)


@check(points=2, probe="update_D")
def test_update_d_mode(outputs):
    """The discriminator's update lets both networks compute in training mode."""
    judge_mode(outputs, "update_D")


@check(points=3, probe="update_G", public=True)
def test_update_g_value(outputs, answers):
    """The generator's update returns the loss of images that are to be taken for real."""
    judge_value(outputs, answers, "update_G")


@check(points=4, probe="update_G")
def test_update_g_step(outputs, answers):
    """The generator's update moves every one of its weights as it should."""
    judge_steps(outputs, answers, "update_G", "the generator's")


@check(points=1, probe="update_G")
def test_update_g_alone(outputs):
    """The generator's update leaves the discriminator's weights as they were."""
    with explained_with(outputs, "steps"):
        require(field(outputs, "untouched"), "update_G: changes the discriminator's weights")


@check(points=2, probe="update_G")
def test_update_g_mode(outputs):
    """The generator's update lets both networks compute in training mode."""
    judge_mode(outputs, "update_G")

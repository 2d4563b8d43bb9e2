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
    agree,
    close,
    distinct,
    explained_with,
    field,
    finite,
    network_gradients,
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

# Relative to the largest element. Processors and versions of PyTorch differ by up to 1e-5 in float32
# (docs/tolerances.md); the smallest recorded mistake differs by more than 1e-3.
NETWORK = 2e-4
GRADIENT = 2e-4
# A bias before a BatchNorm has no gradient except rounding errors: a gradient smaller than this share
# of the largest one is compared in units of that share.
SMALLEST = 1e-2
LOSS = 1e-5
STEP = 2e-5  # relative to ten times the learning rate, the length of ten of Adam's steps
RATE = 0.007  # the learning rate that `train` is asked with

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
    network_loud(outputs, answers, name, prefix)


def judge_settings(outputs, answers, remark, name):
    """Compare a block in two settings that are not its defaults.

    A mistake in these is named only where it also explains what the block does with its defaults.
    """
    with explained_with(outputs, "public"):
        for prefix, case in (
            ("small_", f"{name} with strides=1, padding=0"),
            ("odd_", f"{name} with kernel_size=3, strides=1, padding=1"),
        ):
            judge_outputs(outputs, answers, remark, case, "public", prefix)


def judge_statistics(outputs, answers, name):
    """Compare outputs in evaluation mode, which show a BatchNorm's running statistics.

    Where outputs are wrong in training mode already, the statistics need not be.
    """
    got, want = field(outputs, "frozen"), answers["frozen"]
    finite(got, name)
    if agree(got, want, NETWORK):
        return
    message = f"{name}: in evaluation mode its outputs are wrong, as they are in training mode"
    if agree(field(outputs, "public"), answers["public"], NETWORK):
        message = (
            f"{name}: right in training mode, but in evaluation mode its outputs are wrong; "
            "look at BatchNorm's running statistics"
        )
    raise CheckFailed(message)


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


TAIL = 0.0228  # of a normal distribution lies below its mean minus two deviations


def judge_drawn(outputs, name, message):
    """Require numbers to be drawn from a distribution; the probe sent the value of its CDF for each."""
    places = field(outputs, name)
    finite(places, message.partition(":")[0])
    if places.size:
        outside = np.mean((places < TAIL) | (places > 1 - TAIL))
        message += f" ({outside:.0%} of them lie more than two deviations from that mean, not 5%)"
    uniform(places, 0, 1, message)


def judge_left(outputs, name, which, message):
    """Require that something was changed: a clearer message than that of its distribution."""
    left = field(outputs, name)
    require(left.size > which, "what came back from your code cannot be read")
    require(not left[which], message)


@check(points=3, probe="init_weights", public=True)
def test_init_convolutions(outputs):
    """Weights of both kinds of convolution begin normal, with mean 0 and deviation 0.02."""
    with explained_with(outputs, "deviation_convolutions"):
        kinds = (("Conv2d", "convolution"), ("ConvTranspose2d", "transposed"))
        for position, (kind, _) in enumerate(kinds):
            message = f"init_weights: the weights of {kind} stay as they were built"
            judge_left(outputs, "left_convolutions", position, message)
        for kind, name in kinds:
            message = (
                f"init_weights: the weights of {kind} are not normal with mean 0, deviation 0.02"
            )
            judge_drawn(outputs, f"sample_{name}", message)
        require(
            not field(outputs, "repeats"),
            "init_weights: two networks get the same weights; do not seed PyTorch's generator here",
        )


@check(points=2, probe="init_weights")
def test_init_norm(outputs):
    """Weights of BatchNorm begin normal, with mean 1 and deviation 0.02; its biases begin at 0."""
    with explained_with(outputs, "deviation_norm"):
        message = "init_weights: the weights of BatchNorm2d stay as they were built"
        judge_left(outputs, "left_norm", 0, message)
        message = "init_weights: BatchNorm's weights are not normal with mean 1, deviation 0.02"
        judge_drawn(outputs, "sample_norm", message)
        biases = field(outputs, "biases")
        finite(biases, "init_weights")
        require(float(biases) == 0, "init_weights: BatchNorm's biases do not begin at 0")


@check(points=1, probe="init_weights", rests_on=("init_convolutions", "init_norm"))
def test_init_others(outputs):
    """Linear layers, and the biases of convolutions, stay as they are."""
    kept = field(outputs, "others")
    require(kept.shape == (2,), "what came back from your code cannot be read")
    require(
        kept[0], "init_weights: changes the biases of convolutions, which are to stay as they are"
    )
    require(kept[1], "init_weights: changes linear layers, which are to stay as they are")


# --- steps of training ------------------------------------------------------------------------


FORMULAS = {
    "update_D": "(loss(D(X), 1) + loss(D(G(Z)), 0)) / 2",
    "update_G": "loss(D(G(Z)), 1)",
}


def judge_value(outputs, answers, name):
    """Compare the returned losses, for two losses."""
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
    """Compare the change of every parameter in each of two steps, for two losses.

    A mistake is named only where it also explains how many steps the optimizer took, and what became of
    gradients.
    """
    taken = float(scalar(field(outputs, "taken"), name))
    with explained_with(outputs, "steps", "other_steps", "left", "arrived"):
        for which, loss in (("steps", "the binary cross-entropy"), ("other_steps", "another loss")):
            message = f"{name}: with {loss}, {whose} parameters do not change as they should"
            if taken != 2:
                message = f"{name}: {taken:.0f} steps are taken in two calls; expected 2"
            close(field(outputs, which), answers[which], GRADIENT, message)


def judge_kept(outputs, name, whom):
    """Require the other network to be as it was."""
    kept = field(outputs, "kept")
    require(kept.shape == (3,), "what came back from your code cannot be read")
    for same, what in zip(
        kept.tolist(), ("parameters", "readiness to learn (requires_grad)", "mode (train or eval)")
    ):
        require(same, f"{name}: changes the {whom}'s {what}")


@check(points=3, probe="update_D", public=True)
def test_update_d_value(outputs, answers):
    """The discriminator's update returns the mean of the losses of real and of generated images."""
    judge_value(outputs, answers, "update_D")


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
    judge_value(outputs, answers, "update_G")


@check(points=4, probe="update_G")
def test_update_g_step(outputs, answers):
    """The generator's update moves every one of its parameters as it should."""
    judge_steps(outputs, answers, "update_G", "the generator's")


@check(points=2, probe="update_G", rests_on=("update_g_step", "update_g_value"))
def test_update_g_alone(outputs):
    """The generator's update leaves the discriminator as it was."""
    judge_kept(outputs, "update_G", "discriminator")


# --- training ---------------------------------------------------------------------------------

WHO, NOISE = 0, slice(1, 5)
ARGUMENTS = ("X", "Z", "net_D", "net_G", "loss", "trainer")  # as the probe counts them
EPOCH = 6  # minibatches
RESTS_ON = ("train_optimizer_d", "train_optimizer_g", "train_losses", "train_loss")


def called(places, who):
    """Say how a step was called, from the numbers of what stood in each place."""
    trainer = f"trainer_{'DG'[who]}"
    names = [*ARGUMENTS[:-1], trainer]
    known = [names[int(n)] for n in places if 0 <= n < len(names)]
    return f"update_{'DG'[who]}({', '.join(known)})"


def judge_places(outputs, answers):
    """Require every step to be called with its arguments in the right order."""
    calls, places = field(outputs, "calls"), field(outputs, "places")
    right = answers["places"]
    require(
        places.ndim == 2 and places.shape == (len(calls), right.shape[1]),
        "train: its calls cannot be read",
    )
    for who, expected in enumerate(right[:2]):
        for row in places[calls[:, WHO] == who]:
            message = f"train: calls {called(row, who)}; expected {called(expected, who)}"
            require(np.array_equal(row, expected), message)


@check(points=2, probe="train", public=True, rests_on=RESTS_ON)
def test_train_calls(outputs, answers):
    """Training calls update_D and then update_G for each minibatch, with noise of the right shape."""
    got, want = field(outputs, "calls"), answers["calls"]
    require(got.ndim == 2 and got.shape[1:] == want.shape[1:], "train: its calls cannot be read")
    judge_places(outputs, answers)
    if not np.array_equal(got[:, WHO], want[:, WHO]):
        each = [int(np.sum(got[:, WHO] == who)) for who in (0, 1)]
        message = (
            f"train: for 3 epochs of 6 minibatches it calls update_D {each[0]} times and update_G "
            f"{each[1]} times; expected 18 times each"
        )
        if each[0] == each[1] == len(want) // 2:
            message = "train: for every minibatch, call update_D once and then update_G once"
        raise CheckFailed(message)
    for row, (_, *right) in zip(got, want.tolist()):
        shape, expected = (tuple(int(n) for n in r if n) for r in (row[NOISE], right))
        require(
            shape == expected,
            f"train: noise has the shape {shape} for {expected[0]} images; expected {expected}",
        )
    require(
        field(outputs, "same_images"), "train: passes other images than data_iter's to update_D"
    )


@check(points=2, probe="train", rests_on=RESTS_ON)
def test_train_noise(outputs):
    """The noise is drawn from the standard normal distribution, new for each minibatch."""
    require(not field(outputs, "alike"), "train: all images of a minibatch get the same noise")
    distinct(field(outputs, "sample_noise"), "train: numbers of the noise repeat; draw each anew")
    judge_drawn(
        outputs,
        "sample_noise",
        "train: the numbers of the noise are not normal with mean 0, deviation 1",
    )
    require(not field(outputs, "repeats"), "train: minibatches get the same noise again")


@check(points=2, probe="train", rests_on=RESTS_ON)
def test_train_start(outputs):
    """Training begins with weights drawn anew, in both networks."""
    samples = [f"sample_{kind}_{network}" for network in "DG" for kind in ("weights", "norms")]
    with explained_with(outputs, *samples):
        networks = (("D", "discriminator"), ("G", "generator"))
        for by_init_weights, (network, whose) in zip(field(outputs, "marked").tolist(), networks):
            if not by_init_weights:
                message = (
                    f"train: the {whose}'s weights do not begin normal with mean 0, deviation 0.02"
                )
                judge_drawn(outputs, f"sample_weights_{network}", message)
                message = (
                    f"train: the weights of the {whose}'s BatchNorms do not begin normal with mean 1, "
                    "deviation 0.02"
                )
                judge_drawn(outputs, f"sample_norms_{network}", message)


def judge_moves(outputs, answers, which, whose):
    """Compare what an optimizer did, step by step, as far as both took steps: an epoch at least."""
    got, want = field(outputs, which), answers[which]
    require(got.ndim == 2 and got.shape[1:] == want.shape[1:], "train: its steps cannot be read")
    count = min(len(got), len(want))
    require(count >= EPOCH, f"train: the {whose} takes {count} steps in an epoch of 6 minibatches")
    message = (
        f"train: the {whose}'s parameters do not move as Adam with lr, beta1 = 0.5, beta2 = 0.999 "
        "moves them"
    )
    close(got[:count], want[:count], STEP, message, scale=10 * RATE)


@check(points=2, probe="train")
def test_train_optimizer_d(outputs, answers):
    """The discriminator has its own Adam: learning rate lr, beta1 = 0.5, beta2 = 0.999."""
    judge_moves(outputs, answers, "moves_D", "discriminator")


@check(points=2, probe="train")
def test_train_optimizer_g(outputs, answers):
    """The generator has its own Adam: learning rate lr, beta1 = 0.5, beta2 = 0.999."""
    judge_moves(outputs, answers, "moves_G", "generator")


@check(points=3, probe="train", public=True)
def test_train_losses(outputs, answers):
    """Training returns the mean loss of each epoch, over its images, for both networks."""
    problem = text(outputs, "returned")
    require(not problem, problem)
    got, want = field(outputs, "losses"), answers["losses"]
    require(
        got.shape == want.shape,
        f"train: returns {got.size // 2} losses of each network for 3 epochs of 6 minibatches; "
        "expected one for each epoch",
    )
    # Who weights a sum over a minibatch again has one fault, which is asked for in `train_loss`.
    if agree(got, answers["again"], LOSS) and is_summed(outputs, answers):
        return
    message = "train: the losses are not the means over the images of each epoch"
    close(got, want, LOSS, message)


def is_summed(outputs, answers):
    """Return whether the loss that train passes on is a sum over the minibatch."""
    value, mean = field(outputs, "loss"), answers["loss"].reshape(())
    return value.size == 1 and agree(value.reshape(()), 4 * mean, LOSS)


@check(points=2, probe="train")
def test_train_loss(outputs, answers):
    """The loss is the mean binary cross-entropy of logits, right for very large ones, too."""
    with explained_with(outputs, "each"):
        value = scalar(field(outputs, "loss"), "train: the loss that it passes on")
        message = "train: the loss that it passes on is not the mean binary cross-entropy of logits"
        close(value, answers["loss"].reshape(()), LOSS, message)


@check(points=1, probe="train", rests_on=RESTS_ON)
def test_train_runs(outputs, answers):
    """Training runs with only a few minibatches, and with your own update_D and update_G."""
    kind = text(outputs, "short_error")
    message = "train: with a data_iter of 2 minibatches it ends in an error"
    require(not kind, f"{message} ({kind}); with 6 it does not")
    # Wrong calls and a wrong loss have checks of their own, and are not asked for twice.
    alike = [np.array_equal(field(outputs, n), answers[n]) for n in ("calls", "places")]
    if all(alike) and agree(field(outputs, "loss"), answers["loss"], LOSS):
        error = text(outputs, "together_error")
        message = (
            "train: with your own update_D and update_G, which work alone, it ends in an error"
        )
        require(not error, f"{message}: {error}")


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
    got, want = field(outputs, "public"), answers["public"]
    require(got.shape == want.shape, "buggy_losses: its numbers cannot be read")
    whats = ("the discriminator's loss", "the generator's loss", "the part that is done")
    for what, one, right in zip(whats, got.T, want.T):
        close(one, right, LOSS, f"buggy_losses: {what} is not what the docstring says")


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
    finite(got, "buggy_pictures")
    message = "buggy_pictures: pixels have another brightness than (image + 1) / 2"
    if agree(np.sort(got, axis=None), np.sort(want, axis=None), LOSS):
        message = "buggy_pictures: pixels are in the wrong places"
    close(got, want, LOSS, message)

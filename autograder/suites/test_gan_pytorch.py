"""Judge what a `gan_pytorch.py` computed. NumPy only: nothing of the student's runs here.

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
    agree,
    close,
    explained_with,
    field,
    finite,
    many_repeats,
    network_fresh,
    network_gradients,
    network_loud,
    network_outputs,
    require,
    scalar,
    sent_shape,
    uniform,
    whole_number,
)

# A network that returns (N, 1, 28, 28) instead of (N, 784), or (N,) instead of (N, 1), with every value
# right, keeps its points and gets a remark, as long as the student's own losses can use its scores.
SHAPE_SLIPS_COST = False
# A loss that fails for scores of shape (N,), or for real and fake minibatches of unequal size, keeps
# its points and gets a remark: the homework's own networks return (N, 1), its loop equal sizes.
# So does a `bce_loss` that is right for labels of shape (N,), as some courses have them, but fails for
# scores and labels of shape (N, 1).
OTHER_SHAPES_COST = False
# What the training loop (`run_a_gan`) cannot use is wrong, whatever the constants above say.

# Relative to the largest element. Networks have their own, NETWORK in compare.py, with its reasons.
GRADIENT = 2e-4
LOSS = 1e-5
STEP = 2e-5  # relative to the learning rate times ten; float32 and float64 differ by 3e-6

check = pytest.mark.check

FEWEST = 32  # numbers of a draw, by which two are told apart
REPEATS = 1000  # of 20000 float32 numbers about 12 coincide; this many do only if some are reused
# How often chance fails a correct solution, for every check that depends on chance.
FALSE_FAILURES = {
    "noise_range": 0.0,  # torch.rand draws from [0, 1)
    "noise_uniform": UNIFORM_FAILURE + many_repeats(20000, 2**24, REPEATS),
    "noise_fresh": 2.0 ** (-24 * 32),  # 32 equal numbers in a row
}


# --- noise ------------------------------------------------------------------------------------


@check(points=3, probe="sample_noise", public=True)
def test_noise_range(outputs):
    """Noise has the shape (batch_size, dim) and lies between -1 and 1."""
    sample, small = field(outputs, "sample"), field(outputs, "small")
    finite(sample, "sample_noise")
    for sizes, shape in (((3, 5), small.shape), ((500, 40), sample.shape)):
        message = f"sample_noise: sample_noise{sizes} has shape {shape}; expected {sizes}"
        require(shape == sizes, message)
    require(np.abs(sample).max() <= 1, "sample_noise: some noise lies outside [-1, 1]")
    require(np.ptp(sample) > 0, "sample_noise: every number is the same")


@check(points=4, probe="sample_noise", public=True)
def test_noise_uniform(outputs):
    """Noise is spread evenly over the whole of (-1, 1)."""
    sample = field(outputs, "sample")
    finite(sample, "sample_noise")
    require(
        sample.size == 500 * 40,
        f"sample_noise: sample_noise(500, 40) gives {sample.size} numbers; 20000 are asked",
    )
    uniform(sample, -1, 1, "sample_noise: the noise is not spread evenly over (-1, 1)")
    require(
        np.unique(sample).size >= sample.size - REPEATS,
        "sample_noise: numbers repeat; draw each element independently",
    )


def beginnings(outputs, name, draws):
    """Return the first numbers of several draws, which bear out what a flag says of them."""
    rows = field(outputs, name)
    require(rows.ndim == 2 and len(rows) == draws, "what came back from your code is incomplete")
    finite(rows, "sample_noise")
    return rows


@check(points=3, probe="sample_noise", public=True)
def test_noise_fresh(outputs):
    """Each call gives new noise, and a given seed gives the same noise again."""
    size = field(outputs, "sample").size
    message = (
        f"sample_noise: sample_noise(500, 40) gives {size} numbers, too few to tell fresh noise"
    )
    require(size >= FEWEST, message)
    first, second = beginnings(outputs, "sample_draws", 2)
    require(
        not field(outputs, "repeats") and not np.array_equal(first, second),
        "sample_noise: two calls without a seed give the same noise; seed only if seed is given",
    )
    if "seeded" in outputs:
        same, other = outputs["seeded"].tolist()
        one, two, third = beginnings(outputs, "sample_seeded", 3)
        message = "sample_noise: two calls with seed=5 give different noise"
        require(same and np.array_equal(one, two), message)
        message = "sample_noise: seed=5 and seed=6 give the same noise"
        require(not other and not np.array_equal(one, third), message)


# --- networks ---------------------------------------------------------------------------------


LOSSES = ("discriminator_loss", "generator_loss", "ls_discriminator_loss", "ls_generator_loss")


def judge_outputs(outputs, answers, remark, name, which):
    """Compare a network's outputs on the inputs that students may see, or on the others."""
    if "input_shape" in answers and len(answers["input_shape"]) == 3:
        require(
            sent_shape(outputs, "input_shape") == (1, 28, 28),
            f"{name}: takes vectors, (N, 784), but not images, (N, 1, 28, 28), which the training "
            "loop passes; flatten them in the network",
        )
    network_outputs(outputs, answers, name, which, None if SHAPE_SLIPS_COST else remark)
    if "refused" in outputs and outputs["refused"].shape == (len(LOSSES),):
        names = [loss for loss, refused in zip(LOSSES, outputs["refused"]) if refused]
        shape, right = outputs["shape"].tolist(), answers["shape"].tolist()
        message = (
            f"{name}: returns scores of shape {tuple(shape)}, which your {' and '.join(names)} cannot "
            f"use, so that the training loop fails; expected {tuple(right)}"
        )
        require(not names, message)


def judge_default(outputs, answers, remark, name):
    """Remark on a size that the notebook leaves out, where the function has no such default."""
    if "default" not in outputs or "default" not in answers:
        return
    got, right = whole_number(outputs, "default"), whole_number(answers, "default")
    parameter = "batch_size" if name == "build_dc_classifier" else "noise_dim"
    if got < 0:
        remark(f"{name}: the notebook calls {name}(); give `{parameter}` the default {right}")
    elif got != right:
        remark(f"{name}: `{parameter}` is {got} if nothing is given; the homework's is {right}")


def judge_gradients(outputs, answers, remark, name):
    """Compare outputs on unseen inputs, and the gradients of every parameter and of the input."""
    judge_outputs(outputs, answers, remark, name, "hidden")
    network_gradients(outputs, answers, name)
    network_loud(outputs, answers, name)


@check(points=4, probe="discriminator", public=True)
def test_discriminator_scores(outputs, answers, remark):
    """The discriminator scores images as 784-256-256-1 with LeakyReLU (267009 parameters) does."""
    judge_outputs(outputs, answers, remark, "discriminator", "public")


@check(points=5, probe="discriminator")
def test_discriminator_gradients(outputs, answers, remark):
    """The discriminator is right on unseen images, and in every gradient."""
    judge_gradients(outputs, answers, remark, "discriminator")


@check(
    points=1, probe="discriminator", rests_on=("discriminator_scores", "discriminator_gradients")
)
def test_discriminator_fresh(outputs):
    """Building the discriminator leaves random numbers random."""
    network_fresh(outputs, "discriminator")


@check(points=4, probe="generator", public=True)
def test_generator_images(outputs, answers, remark):
    """The generator draws images as noise-1024-1024-784 with ReLU and Tanh does."""
    judge_outputs(outputs, answers, remark, "generator", "public")
    judge_default(outputs, answers, remark, "generator")


@check(points=5, probe="generator")
def test_generator_gradients(outputs, answers, remark):
    """The generator is right on unseen noise, and in every gradient."""
    judge_gradients(outputs, answers, remark, "generator")


@check(points=1, probe="generator", rests_on=("generator_images", "generator_gradients"))
def test_generator_fresh(outputs):
    """Building the generator leaves random numbers random."""
    network_fresh(outputs, "generator")


@check(points=4, probe="build_dc_classifier", public=True)
def test_dc_classifier_scores(outputs, answers, remark):
    """The convolutional classifier scores images as described (1102721 parameters)."""
    judge_outputs(outputs, answers, remark, "build_dc_classifier", "public")
    judge_default(outputs, answers, remark, "build_dc_classifier")


@check(points=5, probe="build_dc_classifier")
def test_dc_classifier_gradients(outputs, answers, remark):
    """The convolutional classifier is right on unseen images, and in every gradient."""
    judge_gradients(outputs, answers, remark, "build_dc_classifier")


@check(
    points=1,
    probe="build_dc_classifier",
    rests_on=("dc_classifier_scores", "dc_classifier_gradients"),
)
def test_dc_classifier_fresh(outputs):
    """Building the convolutional classifier leaves random numbers random."""
    network_fresh(outputs, "build_dc_classifier")


@check(points=4, probe="build_dc_generator", public=True)
def test_dc_generator_images(outputs, answers, remark):
    """The convolutional generator draws images as described."""
    judge_outputs(outputs, answers, remark, "build_dc_generator", "public")
    judge_default(outputs, answers, remark, "build_dc_generator")


@check(points=5, probe="build_dc_generator")
def test_dc_generator_gradients(outputs, answers, remark):
    """The convolutional generator is right on unseen noise, and in every gradient."""
    judge_gradients(outputs, answers, remark, "build_dc_generator")


@check(
    points=1, probe="build_dc_generator", rests_on=("dc_generator_images", "dc_generator_gradients")
)
def test_dc_generator_fresh(outputs):
    """Building the convolutional generator leaves random numbers random."""
    network_fresh(outputs, "build_dc_generator")


# --- losses -----------------------------------------------------------------------------------


# One number alone, or its infinity, is no evidence: many mistakes share it.
MODERATE = (
    "moderate_value",
    "moderate_gradients",
    "moderate_connected",
    "moderate_changed",
    "exchanged",
)
EXTREMES = ("extreme_value", "extreme_gradients")
# How `bce_loss` may be called, in the order of the probe.
CALLS = (
    "scores and labels of shape (N, 1)",
    "scores and labels of shape (N,)",
    "scores of shape (N, 1) and labels of shape (N,)",
)


def judge_value(outputs, answers, remark, name):
    """Compare the value at scores of shape (N, 1) that students may see."""
    with explained_with(outputs, *MODERATE):
        value = scalar(field(outputs, "public"), name)
        want = answers["public"]
        close(value, want.reshape(()), LOSS, f"{name}: wrong value for scores of shape (128, 1)")
    if "taken" in answers and whole_number(outputs, "taken") != 0:
        judge_call(outputs, remark, name)
        return
    for field_name, case in (
        ("flat", "scores of shape (N,)"),
        ("unequal_sizes", "real and fake minibatches of different sizes"),
    ):
        if field_name in outputs and field_name in answers:
            got, right = outputs[field_name], answers[field_name]
            agrees = got.size == 1 and abs(float(got.reshape(())) - float(right)) <= 1e-4
            require(agrees or not OTHER_SHAPES_COST, f"{name}: wrong for {case}")
            if not agrees:
                remark(f"{name}: right for the homework, but not for {case}")


def judge_call(outputs, remark, name):
    """Remark on a loss that is right, but not for scores and labels of shape (N, 1)."""
    call = CALLS[min(max(whole_number(outputs, "taken"), 1), 2)]
    text = f"{name}: right for {call}, but not for {CALLS[0]}"
    require(not OTHER_SHAPES_COST, text)
    if "breaks" in outputs and outputs["breaks"].shape == (2,) and outputs["breaks"].any():
        losses = [loss for loss, breaks in zip(LOSSES, outputs["breaks"]) if breaks]
        text += f". Your {' and '.join(losses)} passes other shapes to it, so that training fails"
    remark(text)


def judge_slope(outputs, answers, name, case, which_scores):
    """Compare value and gradient in one case."""
    with explained_with(outputs, *MODERATE, *(EXTREMES if case == "extreme" else ())):
        value = scalar(field(outputs, f"{case}_value"), name)
        want = answers[f"{case}_value"].reshape(())
        close(value, want, LOSS, f"{name}: wrong value for {which_scores}")
        require(
            field(outputs, f"{case}_connected"),
            f"{name}: no gradient flows back to the scores; nothing may be detached or .item()-ed",
        )
        require(
            not field(outputs, f"{case}_changed"),
            f"{name}: changes the scores that it is given; compute with copies",
        )
        close(
            field(outputs, f"{case}_gradients"),
            answers[f"{case}_gradients"],
            GRADIENT,
            f"{name}: right value, wrong gradient for {which_scores}",
        )


UNSEEN = "scores that you have not seen"
EXTREME = "very large scores (100 or -100), where the sigmoid rounds to 0 or 1"


@check(points=3, probe="bce_loss", public=True)
def test_bce_value(outputs, answers, remark):
    """The binary cross-entropy of logits is averaged over the minibatch."""
    judge_value(outputs, answers, remark, "bce_loss")


@check(points=3, probe="bce_loss")
def test_bce_gradient(outputs, answers):
    """The binary cross-entropy has the right gradient."""
    judge_slope(outputs, answers, "bce_loss", "moderate", UNSEEN)


@check(points=2, probe="bce_loss")
def test_bce_extreme(outputs, answers):
    """The binary cross-entropy stays finite and right for very large logits."""
    judge_slope(outputs, answers, "bce_loss", "extreme", EXTREME)


@check(points=3, probe="discriminator_loss", instead="discriminator_loss_given_bce", public=True)
def test_discriminator_loss_value(outputs, answers, remark):
    """The discriminator's loss adds the means over the real and over the generated minibatch."""
    judge_value(outputs, answers, remark, "discriminator_loss")


@check(points=3, probe="discriminator_loss", instead="discriminator_loss_given_bce")
def test_discriminator_loss_gradient(outputs, answers):
    """The discriminator's loss passes the right gradient to both minibatches of scores."""
    judge_slope(outputs, answers, "discriminator_loss", "moderate", UNSEEN)


@check(points=2, probe="discriminator_loss", instead="discriminator_loss_given_bce")
def test_discriminator_loss_extreme(outputs, answers):
    """The discriminator's loss stays finite and right for very large logits."""
    judge_slope(outputs, answers, "discriminator_loss", "extreme", EXTREME)


@check(points=3, probe="generator_loss", instead="generator_loss_given_bce", public=True)
def test_generator_loss_value(outputs, answers, remark):
    """The generator's loss is low where its images are taken for real."""
    judge_value(outputs, answers, remark, "generator_loss")


@check(points=3, probe="generator_loss", instead="generator_loss_given_bce")
def test_generator_loss_gradient(outputs, answers):
    """The generator's loss passes the right gradient to the scores."""
    judge_slope(outputs, answers, "generator_loss", "moderate", UNSEEN)


@check(points=2, probe="generator_loss", instead="generator_loss_given_bce")
def test_generator_loss_extreme(outputs, answers):
    """The generator's loss stays finite and right for very large logits."""
    judge_slope(outputs, answers, "generator_loss", "extreme", EXTREME)


@check(points=4, probe="ls_discriminator_loss", public=True)
def test_ls_discriminator_loss_value(outputs, answers, remark):
    """The least-squares discriminator loss has a mean for each minibatch, each halved."""
    judge_value(outputs, answers, remark, "ls_discriminator_loss")


@check(points=4, probe="ls_discriminator_loss")
def test_ls_discriminator_loss_gradient(outputs, answers):
    """The least-squares discriminator loss passes the right gradient to both minibatches."""
    judge_slope(outputs, answers, "ls_discriminator_loss", "moderate", UNSEEN)


@check(points=4, probe="ls_generator_loss", public=True)
def test_ls_generator_loss_value(outputs, answers, remark):
    """The least-squares generator loss pulls scores towards 1."""
    judge_value(outputs, answers, remark, "ls_generator_loss")


@check(points=4, probe="ls_generator_loss")
def test_ls_generator_loss_gradient(outputs, answers):
    """The least-squares generator loss passes the right gradient to the scores."""
    judge_slope(outputs, answers, "ls_generator_loss", "moderate", UNSEEN)


# --- optimizer --------------------------------------------------------------------------------

WEIGHT = slice(0, 6)  # of the probe's first layer; its bias, which gets no gradient, follows
UNTOUCHED = slice(6, 8)


@check(points=4, probe="get_optimizer", public=True)
def test_optimizer_first_step(outputs, answers):
    """The optimizer's first step has Adam's size for a learning rate of 1e-3."""
    got, want = field(outputs, "history"), answers["history"]
    require(got.shape == want.shape, "get_optimizer: the model's parameters changed their shapes")
    message = "get_optimizer: the first step is wrong; is it Adam, with learning rate 1e-3?"
    close(got[1, WEIGHT], want[1, WEIGHT], STEP, message, scale=1e-2)


@check(points=4, probe="get_optimizer")
def test_optimizer_momentum(outputs, answers):
    """The optimizer's later steps show beta1 = 0.5 and beta2 = 0.999."""
    got, want = field(outputs, "history"), answers["history"]
    require(got.shape == want.shape, "get_optimizer: the model's parameters changed their shapes")
    message = "get_optimizer: later steps are wrong; check both betas"
    close(np.diff(got[:, WEIGHT], axis=0), np.diff(want[:, WEIGHT], axis=0), STEP, message, 1e-2)


@check(points=2, probe="get_optimizer", rests_on=("optimizer_first_step", "optimizer_momentum"))
def test_optimizer_parameters(outputs, answers):
    """The optimizer moves every parameter that has a gradient, and none that has not."""
    got, want = field(outputs, "history"), answers["history"]
    require(got.shape == want.shape, "get_optimizer: the model's parameters changed their shapes")
    moved, right = np.any(got != got[0], axis=0), np.any(want != want[0], axis=0)
    require(moved[right].all(), "get_optimizer: some of the model's parameters never move")
    require(not moved[~right].any(), "get_optimizer: parameters without a gradient move (decay?)")
    require(
        field(outputs, "cleared").all(),
        "get_optimizer: its zero_grad leaves gradients behind; the training loop calls it before "
        "each step",
    )
    if agree(np.diff(got[:, WEIGHT], axis=0), np.diff(want[:, WEIGHT], axis=0), STEP, 1e-2):
        message = "get_optimizer: some parameters take other steps than the first layer's weights"
        close(np.diff(got, axis=0), np.diff(want, axis=0), STEP, message, 1e-2)

"""Judge what a `wgan_gp.py` computed. NumPy only: nothing of the student's runs here."""

import numpy as np
import pytest

from autograder.compare import (
    UNIFORM_FAILURE,
    UNREADABLE,
    close,
    field,
    finite,
    require,
    scalar,
    text,
    uniform,
    whole_number,
)

# Relative to the largest element; the smallest mistakes differ by 1e-2. Machines differ in float32 by
# 1e-6 in a loss, and by 1e-5 in a gradient of a gradient.
LOSS = 2e-5
GRADIENT = 2e-4
ADAM = 5e-3  # of a step, in units of the learning rate: a parameter near 1 is rounded by 6e-4 of it
RATE = 1e-4  # the learning rate that is asked for
N_CRITIC = 5  # of the probe's first round

FALSE_FAILURES = {
    "train_step_noise": UNIFORM_FAILURE,
    "train_step_epsilon": UNIFORM_FAILURE,
}

check = pytest.mark.check


# --- losses -----------------------------------------------------------------------------------


def judge_loss_value(outputs, answers, name):
    """Compare a loss at the scores that students may see."""
    value = scalar(field(outputs, "public"), name)
    close(value, answers["public"], LOSS, f"{name}: returns a wrong value")


def judge_loss_gradient(outputs, answers, name):
    """Compare a loss at unseen scores, and its gradient."""
    value = scalar(field(outputs, "hidden"), name)
    close(value, answers["hidden"], LOSS, f"{name}: returns a wrong value on unseen scores")
    message = f"{name}: right values, wrong gradients; is something detached?"
    close(field(outputs, "gradients"), answers["gradients"], LOSS, message)
    require(not field(outputs, "changed"), f"{name}: changes the scores that it is given")


@check(points=4, probe="critic_loss", public=True)
def test_critic_loss_value(outputs, answers):
    """The critic's loss is the difference of the two mean scores."""
    judge_loss_value(outputs, answers, "critic_loss")


@check(points=4, probe="critic_loss")
def test_critic_loss_gradient(outputs, answers):
    """The critic's loss is right on unseen scores, and so is its gradient for both arguments."""
    judge_loss_gradient(outputs, answers, "critic_loss")


@check(points=3, probe="generator_loss", public=True)
def test_generator_loss_value(outputs, answers):
    """The generator's loss is minus the mean score."""
    judge_loss_value(outputs, answers, "generator_loss")


@check(points=3, probe="generator_loss")
def test_generator_loss_gradient(outputs, answers):
    """The generator's loss is right on unseen scores, and so is its gradient."""
    judge_loss_gradient(outputs, answers, "generator_loss")


# --- the penalty ------------------------------------------------------------------------------


@check(points=10, probe="gradient_penalty", public=True)
def test_penalty_value(outputs, answers):
    """The penalty is the mean of (|g| - 1)^2 between real and generated images."""
    value = scalar(field(outputs, "public"), "gradient_penalty")
    close(value, answers["public"], LOSS, "gradient_penalty: returns a wrong value")


@check(points=6, probe="gradient_penalty")
def test_penalty_unseen(outputs, answers):
    """The penalty is right for another critic, and another number and size of images."""
    got, failed = field(outputs, "hidden"), text(outputs, "hidden_failed")
    sizes = "5 images of 4 pixels"
    require(not failed, f"gradient_penalty: fails with {sizes} ({failed}); take sizes from `real`")
    message = f"gradient_penalty: returns a wrong value for {sizes} and another critic"
    close(scalar(got, "gradient_penalty"), answers["hidden"], LOSS, message)


@check(points=8, probe="gradient_penalty")
def test_penalty_trains(outputs, answers):
    """The critic can learn from the penalty: its gradient reaches every parameter of the critic."""
    got = field(outputs, "gradients")
    require(got.any(), "gradient_penalty: no gradient of the penalty reaches the critic")
    message = "gradient_penalty: the penalty's gradient for the critic is wrong"
    close(got, answers["gradients"], GRADIENT, message)


@check(
    points=4,
    probe="gradient_penalty",
    rests_on=("penalty_value", "penalty_unseen", "penalty_trains"),
)
def test_penalty_alone(outputs):
    """The penalty leaves images, epsilon, and the critic's own gradients as they are."""
    require(
        not field(outputs, "touched"),
        "gradient_penalty: changes the gradients that the critic's parameters hold; "
        "`backward` does that, `torch.autograd.grad` does not",
    )
    require(not field(outputs, "changed"), "gradient_penalty: changes what it is given")
    message = "gradient_penalty: switches gradients on or off in what it is given"
    require(field(outputs, "kept"), message)


# --- the optimizer ----------------------------------------------------------------------------


def judge_history(outputs, answers, steps, message):
    """Compare some of the steps that an optimizer takes."""
    got, want = field(outputs, "history"), answers["history"]
    require(got.shape == want.shape, "get_optimizer: the network's parameters changed their shapes")
    finite(got, "get_optimizer")
    got, want = (np.diff(one.astype(np.float64), axis=0) for one in (got, want))
    close(got[steps], want[steps], ADAM, f"get_optimizer: {message}", scale=RATE)


@check(points=4, probe="get_optimizer", public=True)
def test_optimizer_first_step(outputs, answers):
    """The optimizer's first step has Adam's size for a learning rate of 1e-4."""
    message = "the first step is wrong; is it Adam, with learning rate 1e-4?"
    judge_history(outputs, answers, slice(0, 1), message)


@check(points=4, probe="get_optimizer")
def test_optimizer_betas(outputs, answers):
    """The optimizer's later steps show the betas 0 and 0.9."""
    judge_history(outputs, answers, slice(1, None), "later steps are wrong; check both betas")


# --- one step of each player ------------------------------------------------------------------

NOT_ITS_GRADIENT = "the parameters do not move by the gradient of the described loss"
GIVEN = {
    "update_critic": "update_critic_given_critic_loss_and_gradient_penalty",
    "update_generator": "update_generator_given_generator_loss",
    "train_step": "train_step_given_update_critic_and_update_generator",
}
OTHER = {
    "update_critic": "5 images of 4 pixels and penalty_weight 3",
    "update_generator": "5 rows of noise, 2 wide",
}


def judge_value(outputs, answers, name):
    """Compare the loss that an update returns."""
    value = field(outputs, "value")
    require(value.size, f"{name}: returns no number; the loss of before the step is expected")
    message = f"{name}: returns another number than the loss of before the step"
    close(scalar(value, name), answers["value"].reshape(()), LOSS, message)


def judge_step(outputs, answers, name, which, message):
    """Compare how far an update moved every parameter of its network."""
    got = field(outputs, which)
    finite(got, name)
    if not got.any():
        field(outputs, "own_gradient"), field(outputs, "reached")  # computed, but not used?
        message = "its network does not move"
    close(got, answers[which], GRADIENT, f"{name}: {message}")


def judge_other(outputs, answers, name):
    """Compare a step with other sizes."""
    failed = text(outputs, "other_step_failed")
    sizes = OTHER[name]
    require(not failed, f"{name}: fails with {sizes} ({failed}); use what is passed")
    judge_step(outputs, answers, name, "other_step", f"takes a wrong step with {sizes}")


def judge_alone(outputs, name, other):
    """Require what must not change to stay as it was."""
    require(not field(outputs, "moved").any(), f"{name}: changes the weights of the {other}")
    require(field(outputs, "trainable"), f"{name}: keeps the {other} from learning from then on")
    require(not field(outputs, "changed"), f"{name}: changes images, noise or epsilon")


@check(points=4, probe="update_critic", instead=GIVEN["update_critic"], public=True)
def test_update_critic_value(outputs, answers):
    """The critic's update returns its loss, with the penalty times its weight."""
    judge_value(outputs, answers, "update_critic")


@check(points=6, probe="update_critic", instead=GIVEN["update_critic"], public=True)
def test_update_critic_step(outputs, answers):
    """The critic's update moves every parameter as the gradient of loss and penalty says."""
    judge_step(outputs, answers, "update_critic", "step", NOT_ITS_GRADIENT)


@check(points=4, probe="update_critic", instead=GIVEN["update_critic"])
def test_update_critic_leftovers(outputs, answers):
    """Gradients that the generator's step left in the critic do not count."""
    message = "wrong where the critic holds old gradients; when must they be set to zero?"
    judge_step(outputs, answers, "update_critic", "second_step", message)


@check(
    points=4,
    probe="update_critic",
    instead=GIVEN["update_critic"],
    rests_on=(
        "update_critic_value",
        "update_critic_step",
        "update_critic_leftovers",
        "update_critic_other",
    ),
)
def test_update_critic_alone(outputs):
    """The critic's update leaves the generator, images, noise and epsilon alone."""
    judge_alone(outputs, "update_critic", "generator")
    message = "leaves gradients in the generator; cut the generated images off from it"
    require(not field(outputs, "gradient"), f"update_critic: {message}")


@check(points=4, probe="update_critic", instead=GIVEN["update_critic"])
def test_update_critic_other(outputs, answers):
    """The critic's update works for other sizes and another weight of the penalty."""
    judge_other(outputs, answers, "update_critic")


@check(points=3, probe="update_generator", instead=GIVEN["update_generator"], public=True)
def test_update_generator_value(outputs, answers):
    """The generator's update returns its loss."""
    judge_value(outputs, answers, "update_generator")


@check(points=5, probe="update_generator", instead=GIVEN["update_generator"], public=True)
def test_update_generator_step(outputs, answers):
    """The generator's update moves every parameter as the loss's gradient says."""
    judge_step(outputs, answers, "update_generator", "step", NOT_ITS_GRADIENT)


@check(points=3, probe="update_generator", instead=GIVEN["update_generator"])
def test_update_generator_leftovers(outputs, answers):
    """Gradients of the generator's earlier step do not count, and sizes are those of the noise."""
    message = "wrong where the generator holds old gradients; when must they be set to zero?"
    judge_step(outputs, answers, "update_generator", "second_step", message)
    judge_other(outputs, answers, "update_generator")


@check(
    points=3,
    probe="update_generator",
    instead=GIVEN["update_generator"],
    rests_on=("update_generator_value", "update_generator_step", "update_generator_leftovers"),
)
def test_update_generator_alone(outputs):
    """The generator's update leaves the critic and the noise alone."""
    judge_alone(outputs, "update_generator", "critic")


# --- both, n_critic to one --------------------------------------------------------------------

TRAINED = ("train_step_rounds", "train_step_losses")


@check(points=5, probe="train_step", instead=GIVEN["train_step"], public=True)
def test_train_step_rounds(outputs, answers):
    """The critic takes n_critic steps, each on new images, and the generator one after them."""
    steps = {name: field(outputs, f"{name}_steps") for name in ("critic", "generator")}
    order, taken = text(outputs, "order"), whole_number(outputs, "taken")
    got, failed = field(outputs, "other_steps"), text(outputs, "other_steps_failed")
    own, others = order.count("c"), order.count("g")
    counts = (
        f"{own} steps of the critic and {others} of the generator; {N_CRITIC} and 1 are asked for"
    )
    require((own, others) == (N_CRITIC, 1), f"train_step: takes {counts}")
    require(order.endswith("g"), "train_step: the generator's step comes last")
    message = f"{taken} minibatches for {N_CRITIC} steps of the critic; one for each is expected"
    require(taken == N_CRITIC, f"train_step: takes {message}")
    for name, step in steps.items():
        message = f"train_step: a step of the {name} is wrong; what is passed to its update?"
        close(step, answers[f"{name}_steps"], GRADIENT, message)
    require(not failed, f"train_step: fails with n_critic 2 and 97 images ({failed})")
    message = "train_step: takes wrong steps with n_critic 2 and 97 images"
    close(got, answers["other_steps"], GRADIENT, message)


@check(points=2, probe="train_step", instead=GIVEN["train_step"], public=True)
def test_train_step_losses(outputs, answers):
    """It returns the last loss of the critic and the loss of the generator."""
    got = field(outputs, "losses")
    require(got.shape == (2,), "train_step: two numbers are expected, the critic's loss first")
    close(got, answers["losses"], LOSS, "train_step: returns other numbers than the last losses")


@check(points=3, probe="train_step", instead=GIVEN["train_step"], rests_on=TRAINED)
def test_train_step_noise(outputs, answers):
    """Each step gets new standard normal noise, a row for each image, noise_dim wide."""
    sample, shapes = field(outputs, "sample_noise"), field(outputs, "noise_shapes")
    repeats = field(outputs, "repeats")
    require(sample.size, "train_step: the generator is never asked for images")
    message = "noise of another shape than (images, noise_dim)"
    right = answers["noise_shapes"]
    require(shapes.shape == right.shape and (shapes == right).all(), f"train_step: {message}")
    uniform(sample, 0, 1, "train_step: the noise is not standard normal")
    require(not repeats, "train_step: two steps share their noise; draw it anew for each")


@check(points=4, probe="train_step", instead=GIVEN["train_step"], rests_on=TRAINED)
def test_train_step_epsilon(outputs):
    """Each pair of images gets an epsilon of its own, evenly from (0, 1), new in each step."""
    sample, elsewhere = field(outputs, "sample_epsilon"), field(outputs, "elsewhere")
    message = "the critic's slope is not asked for on the lines between real and generated images"
    require(sample.size and not elsewhere.any(), f"train_step: {message}")
    require(sample.ndim == 1, UNREADABLE)
    finite(sample, "train_step: epsilon")
    wanted = "train_step: epsilon is not spread evenly over (0, 1)"
    different = np.unique(np.round(sample.astype(np.float64), 4)).size
    message = "train_step: images share their epsilon; draw one for each pair, in each step"
    uniform(sample, 0, 1, message if different < sample.size // 2 else wanted)
    require(different >= sample.size // 2, message)

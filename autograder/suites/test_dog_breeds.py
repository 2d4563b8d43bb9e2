"""Judge what a `dog_breeds.py` computed. NumPy only: nothing of the student's runs here.

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
    CheckFailed,
    close,
    field,
    finite,
    network_loud,
    require,
    sent_shape,
    text,
    whole_number,
)

# A `get_net` that fails if the pretrained weights cannot be downloaded keeps its points and gets a
# remark: in grading, the weights are always there.
OFFLINE_COSTS = False

# Relative to the largest element. A ResNet's float32 sums differ by 1e-5 between machines; the
# smallest recorded mistake differs by more than 1e-2.
NETWORK = 2e-4
GRADIENT = 2e-4
NORMAL = 1e-3  # for normalized black and white; it shows a mean that is wrong in its second digit
# For pixels between 0 and 1. Resizing an image and resizing a tensor differ by one step of 1/255, a
# shift by one pixel by ten steps.
PIXEL = 4 / 255
LOSS = 1e-5
STEP = 1e-4  # for a float32 weight's step; the smallest recorded mistake changes it by a tenth
PROBABILITY = 2e-4  # four decimals are enough

check = pytest.mark.check

# --- chance -----------------------------------------------------------------------------------

DRAWS = 128  # of the random transform
WHITES = 40  # draws of a white image


def none_beyond(share):
    """Return the probability that no draw falls into a range that a share of all draws falls into."""
    return (1 - share) ** DRAWS


# A piece's area is uniform in (0.08, 1), and the logarithm of its ratio is uniform, if the piece fits
# into the image; all pieces with an area up to 0.75 do. The shares below hold for any position.
SMALL, LARGE = 0.25, 0.7
NARROW, WIDE = 0.88, 1 / 0.88
DIM, STRONG = 0.78, 1.22  # of factors that are uniform in (0.6, 1.4)
FLIPS = (0.15, 0.85)
SHARE_SMALL = (SMALL - 0.08) / 0.92
# With an area a above 0.75, ratios between a and 1 / a fit; integrated from 0.75 to 1.
SHARE_LARGE = (0.75 - LARGE + (1 - 0.75 - 0.75 * np.log(4 / 3)) / np.log(4 / 3)) / 0.92
# Any ratio fits with an area up to 0.75.
SHARE_NARROW = (0.75 - 0.08) / 0.92 * np.log(NARROW / 0.75) / (2 * np.log(4 / 3))
SHARE_DIM = (DIM - 0.6) / 0.8
BLACKENED = 2.0**-WHITES  # every white image darkened

# How often chance fails a correct solution, for every check that depends on chance.
FALSE_FAILURES = {
    "training_normalization": BLACKENED,
    "training_area": BLACKENED + none_beyond(SHARE_SMALL) + none_beyond(SHARE_LARGE),
    "training_ratio": BLACKENED + 2 * none_beyond(SHARE_NARROW),
    # Hoeffding's bound for the share of heads among tosses of a fair coin.
    "training_flip": BLACKENED + 2 * np.exp(-2 * DRAWS * (0.5 - FLIPS[0]) ** 2),
    "training_brightness": BLACKENED + 2 * none_beyond(SHARE_DIM),
    "training_contrast": BLACKENED + 2 * none_beyond(SHARE_DIM),
    "training_saturation": BLACKENED + 2 * none_beyond(SHARE_DIM),
}


def tells(*names):
    """Let a check that fails read more arrays: a mistake is named only if these fit it, too."""

    def decorate(judge):
        @functools.wraps(judge)
        def judged(*args, **named):
            outputs = named["outputs"] if "outputs" in named else args[0]
            try:
                judge(*args, **named)
            except CheckFailed:
                for name in names:
                    field(outputs, name)
                raise

        return judged

    return decorate


# --- files ------------------------------------------------------------------------------------


def require_files(outputs, answers):
    """Require that what the probe says of files is borne out by the contents of at least one."""
    found = field(outputs, "found")
    require(np.isin(found, answers["found"]).any(), "reorg_dog_data: copies no image")


@check(points=4, probe="reorg_dog_data", public=True)
def test_reorg_copies(outputs, answers):
    """Every image is copied: labelled ones to train_valid/<breed>, the others to test/unknown."""
    require_files(outputs, answers)
    name = "reorg_dog_data"
    require(
        np.array_equal(field(outputs, "labelled"), answers["labelled"]),
        f"{name}: train_valid does not hold each labelled image in its breed's folder",
    )
    require(
        field(outputs, "unlabelled") == answers["unlabelled"],
        f"{name}: test/unknown does not hold each image without a label",
    )
    require(
        field(outputs, "kept") == answers["kept"],
        f"{name}: the originals are gone; copy them instead of moving them",
    )


@check(points=4, probe="reorg_dog_data", public=True)
def test_reorg_split(outputs, answers):
    """Of each breed, valid_ratio of the images go to valid, rounded down, but at least one."""
    require_files(outputs, answers)
    require(
        np.array_equal(field(outputs, "valid"), answers["valid"]),
        "reorg_dog_data: valid holds a wrong number of images of some breed",
    )


@check(points=3, probe="reorg_dog_data")
def test_reorg_apart(outputs, answers):
    """Each labelled image is either in train or in valid, and no file is where none belongs."""
    require_files(outputs, answers)
    name = "reorg_dog_data"
    require(field(outputs, "both") == 0, f"{name}: some images are in train and in valid")
    require(
        field(outputs, "neither") == 0, f"{name}: some images are neither in train nor in valid"
    )
    require(field(outputs, "strangers") == 0, f"{name}: there are files that do not belong there")


@check(points=2, probe="reorg_dog_data")
def test_reorg_again(outputs, answers):
    """A second run leaves every file as it is."""
    require_files(outputs, answers)
    judge_run(outputs, "again", "a second run")


@tells("kept", "empty_refused")
def judge_run(outputs, which, run):
    """Require that a later run leaves what the first one made, and adds nothing to it."""
    missing, added = field(outputs, which).tolist()
    failed = text(outputs, f"{which}_failed")
    name = "reorg_dog_data"
    require(not failed, f"{name}: {run} fails ({failed}); what is there already may stay")
    require(missing == 0, f"{name}: after {run} {missing} files are missing or changed")
    require(
        added == 0,
        f"{name}: after {run} there are {added} files more than after the first one; "
        "are images in train and in valid?",
    )


@check(points=2, probe="reorg_dog_data")
def test_reorg_resumed(outputs, answers):
    """A run that was interrupted is completed by the next one."""
    require_files(outputs, answers)
    judge_run(outputs, "resumed", "a run that follows an interrupted one")


@check(points=1, probe="reorg_dog_data")
def test_reorg_missing_label(outputs, answers):
    """An image without a label is an error that names its id."""
    require_files(outputs, answers)
    noticed = field(outputs, "missing_label")
    require(noticed > 0, "reorg_dog_data: an image without a label goes unnoticed")
    require(noticed > 1, "reorg_dog_data: the error for an image without a label must name its id")


@check(points=1, probe="reorg_dog_data")
def test_reorg_missing_image(outputs, answers):
    """A label without an image is an error that names its id."""
    require_files(outputs, answers)
    noticed = field(outputs, "missing_image")
    require(noticed > 0, "reorg_dog_data: a label without an image goes unnoticed")
    require(noticed > 1, "reorg_dog_data: the error for a label without an image must name its id")


@check(points=3, probe="reorg_dog_data")
def test_reorg_refuses(outputs, answers):
    """A different file that is in the way is left untouched, and is an error."""
    require_files(outputs, answers)
    require(field(outputs, "untouched"), "reorg_dog_data: writes over a file with other contents")
    require(
        field(outputs, "refused"),
        "reorg_dog_data: a file with other contents is in the way, and no error says so",
    )


# --- transforms -------------------------------------------------------------------------------


def judge_ends(outputs, answers, name):
    """Compare the values for black and for white, which show the mean and deviation of each colour."""
    for which in ("black", "white"):
        got = field(outputs, which)
        message = f"{name}: {which} is not normalized by ImageNet's mean and deviation"
        close(got, answers[which], NORMAL, message)


@check(points=3, probe="transform_for_training", public=True)
def test_training_normalization(outputs, answers):
    """The training transform normalizes by ImageNet's mean and deviation of each colour."""
    judge_ends(outputs, answers, "transform_for_training")


@check(points=2, probe="transform_for_training", public=True)
def test_training_shape(outputs):
    """The training transform gives tensors of shape (3, 224, 224)."""
    shape = sent_shape(outputs, "shape")
    require(
        shape == (3, 224, 224),
        f"transform_for_training: gives shape {shape}; it must be (3, 224, 224)",
    )


def judge_range(sample, low, high, slack, name, what):
    """Require a sample to be between two bounds, up to `slack`, the error of measuring it."""
    finite(sample, name)
    require(
        sample.min() >= low * (1 - slack) and sample.max() <= high * (1 + slack),
        f"{name}: {what} goes too far, as measured on a picture that was drawn for it",
    )


@check(points=3, probe="transform_for_training")
def test_training_area(outputs):
    """The training transform cuts out pieces with areas from 0.08 to 1 of the whole."""
    name, area = "transform_for_training", field(outputs, "sample_area")
    judge_range(area, 0.08, 1, 0.08, name, "the area of the random pieces")
    require(
        area.min() < SMALL and area.max() > LARGE,
        f"{name}: the area of the random pieces does not vary as it should",
    )


@check(points=2, probe="transform_for_training")
def test_training_ratio(outputs):
    """The training transform cuts out pieces with ratios from 3/4 to 4/3."""
    name, ratio = "transform_for_training", field(outputs, "sample_ratio")
    judge_range(ratio, 3 / 4, 4 / 3, 0.05, name, "the ratio of width to height")
    require(
        ratio.min() < NARROW and ratio.max() > WIDE,
        f"{name}: the ratio of width to height does not vary as it should",
    )


@check(points=2, probe="transform_for_training")
def test_training_flip(outputs):
    """The training transform flips about half of the images from left to right, none upside down."""
    name, flips = "transform_for_training", field(outputs, "sample_flip")
    require(
        (flips == 0.5).mean() < 0.5, f"{name}: no colours are left, by which flips could be seen"
    )
    share = float(flips.mean())
    require(share > 0, f"{name}: no image is flipped")
    require(FLIPS[0] < share < FLIPS[1], f"{name}: about half of the images must be flipped")
    turned = float(field(outputs, "sample_turn").mean())
    require(turned < FLIPS[0], f"{name}: images are turned upside down")


def judge_factor(outputs, what):
    """Require a factor of jitter to be spread over (0.6, 1.4)."""
    name, factor = "transform_for_training", field(outputs, f"sample_{what}")
    judge_range(factor, 0.6, 1.4, 0.1, name, f"the random {what}")
    require(factor.min() < DIM and factor.max() > STRONG, f"{name}: {what} varies too little")


@check(points=1, probe="transform_for_training")
def test_training_brightness(outputs):
    """The training transform varies brightness by a factor from 0.6 to 1.4."""
    judge_factor(outputs, "brightness")


@check(points=1, probe="transform_for_training")
def test_training_contrast(outputs):
    """The training transform varies contrast by a factor from 0.6 to 1.4."""
    judge_factor(outputs, "contrast")


@check(points=1, probe="transform_for_training")
def test_training_saturation(outputs):
    """The training transform varies saturation by a factor from 0.6 to 1.4, and keeps the hues."""
    judge_factor(outputs, "saturation")


def judge_photo(outputs, answers, which, picture):
    """Compare one transformed picture; the probe has undone its normalization."""
    name = "transform_for_testing"
    shape = sent_shape(outputs, f"{which}_shape")
    right = tuple(answers[f"{which}_shape"].tolist())
    require(shape == right, f"{name}: gives shape {shape} for {picture}; it must be {right}")
    message = f"{name}: shows another part of {picture}, or in another size"
    close(field(outputs, which), answers[which], PIXEL, message, scale=1.0)


@check(points=3, probe="transform_for_testing", public=True)
def test_testing_normalization(outputs, answers):
    """The test transform normalizes by ImageNet's mean and deviation of each colour."""
    judge_ends(outputs, answers, "transform_for_testing")


@check(points=3, probe="transform_for_testing", public=True)
def test_testing_crop(outputs, answers):
    """The test transform resizes the shorter side to 256 and cuts out the centre."""
    judge_photo(outputs, answers, "tall", "a picture of 300x400 pixels")


@check(points=3, probe="transform_for_testing")
def test_testing_proportions(outputs, answers):
    """The test transform is right for wide and for small pictures, and the same every time."""
    judge_photo(outputs, answers, "wide", "a picture of 520x280 pixels")
    judge_photo(outputs, answers, "small", "a picture of 120x90 pixels")
    require(
        field(outputs, "repeats"),
        "transform_for_testing: gives another result each time; nothing in it may be random",
    )


# --- the network ------------------------------------------------------------------------------


@check(points=5, probe="get_net", public=True)
def test_net_head(outputs, answers):
    """The new head computes 512-256-120 with ReLU (162168 parameters)."""
    got, want = field(outputs, "public"), answers["public"]
    finite(got, "get_net")
    count = whole_number(outputs, "parameters")
    require(
        got.shape == want.shape,
        f"get_net: the head gives {got.shape[-1] if got.ndim else 1} scores for each image",
    )
    message = "its outputs differ from the described ones"
    if count != answers["parameters"]:
        message = f"it has {count} parameters; the described one has {answers['parameters']}"
    close(got, want, NETWORK, f"get_net: the head: {message}")


@check(points=3, probe="get_net")
def test_net_head_learns(outputs, answers):
    """Every weight of the head gets the right gradient."""
    moded = float(field(outputs, "moded"))
    require(0 <= moded <= NETWORK, "get_net: the head computes something else in training mode")
    message = "get_net: right head, wrong gradients; is something detached or frozen in it?"
    close(field(outputs, "hidden"), answers["hidden"], NETWORK, message)
    got, want = field(outputs, "gradients"), answers["gradients"]
    require(got.shape == want.shape, "get_net: the head has another number of weights")
    for ours, theirs in zip(want, got):  # norm, two projections: all in units of the norm
        close(theirs, ours, GRADIENT, message, scale=float(np.abs(ours).max()))
    network_loud(outputs, answers, "get_net: the head")


@check(points=4, probe="get_net")
def test_net_pretrained(outputs, answers, remark):
    """The head gets a pretrained ResNet-34's features, and its scores are what is returned."""
    message = "get_net: the head does not get the features of a ResNet-34 with pretrained weights"
    close(field(outputs, "features"), answers["features"], NETWORK, message)
    message = "get_net: the head's scores are changed again before the network returns them"
    got = field(outputs, "after_head")
    finite(got, "get_net")
    require(got.size > 0 and np.abs(got).max() <= NETWORK, message)
    if not field(outputs, "offline"):
        slip = "get_net: fails where the pretrained weights cannot be downloaded"
        require(not OFFLINE_COSTS, slip)
        remark(slip)


@check(points=4, probe="get_net", rests_on=("net_head", "net_head_learns", "net_pretrained"))
def test_net_frozen(outputs):
    """No gradient reaches a pretrained weight."""
    matrices, vectors = field(outputs, "backbone").tolist()
    require(
        matrices == 0 or vectors == 0,
        "get_net: the pretrained weights get gradients; freeze them",
    )
    require(matrices == 0, "get_net: some pretrained weights get gradients; freeze all of them")
    require(vectors == 0, "get_net: the pretrained BatchNorms get gradients; freeze them too")


# --- evaluation -------------------------------------------------------------------------------


EVALUATED = (
    "evaluation_loss",
    "evaluation_accuracy",
    "evaluation_unequal_loss",
    "evaluation_unequal_accuracy",
    "evaluation_mode",
)


def judge_number(outputs, answers, which, message):
    """Compare one number; both of its kind are read, since one alone may fit several mistakes."""
    got, want = field(outputs, which), answers[which]
    try:
        close(got, want, LOSS, f"evaluate_loss_acc: {message}", scale=1.0)
    except CheckFailed:
        for kind in ("", "_accuracy"):
            if which in (f"public{kind}", f"unequal{kind}"):
                field(outputs, f"public{kind}"), field(outputs, f"unequal{kind}")
        raise


@check(points=2, probe="evaluate_loss_acc", public=True)
def test_evaluation_loss(outputs, answers):
    """The loss is the mean cross-entropy."""
    judge_number(outputs, answers, "public", "the loss is wrong; it is a mean over the examples")


@check(points=2, probe="evaluate_loss_acc", public=True)
def test_evaluation_accuracy(outputs, answers):
    """The accuracy is the fraction of right answers."""
    message = "the accuracy is wrong; it is a fraction, from 0 to 1"
    judge_number(outputs, answers, "public_accuracy", message)


@check(points=2, probe="evaluate_loss_acc")
def test_evaluation_unequal_loss(outputs, answers):
    """The loss is right where the last minibatch is smaller than the others."""
    message = "the loss is wrong where the last minibatch is smaller; weigh each example alike"
    judge_number(outputs, answers, "unequal", message)


@check(points=2, probe="evaluate_loss_acc")
def test_evaluation_unequal_accuracy(outputs, answers):
    """The accuracy is right where the last minibatch is smaller than the others."""
    message = "the accuracy is wrong where the last minibatch is smaller; weigh each example alike"
    judge_number(outputs, answers, "unequal_accuracy", message)


@check(points=2, probe="evaluate_loss_acc")
def test_evaluation_mode(outputs, answers):
    """The network is evaluated in evaluation mode, which its BatchNorms answer to."""
    message = "a network with BatchNorm is evaluated in training mode"
    judge_number(outputs, answers, "moded", message)
    judge_number(outputs, answers, "statistics", message)


@check(
    points=2,
    probe="evaluate_loss_acc",
    rests_on=EVALUATED,
)
def test_evaluation_leaves_mode(outputs):
    """The network is left in the mode that it came in, and gradients are switched on again."""
    evaluating, training, recording = field(outputs, "left").tolist()
    require(training, "evaluate_loss_acc: leaves a network in evaluation mode that was in training")
    require(evaluating, "evaluate_loss_acc: leaves a network in training mode that was not")
    require(recording, "evaluate_loss_acc: leaves gradients switched off for everybody")


@check(
    points=1,
    probe="evaluate_loss_acc",
    rests_on=EVALUATED,
)
def test_evaluation_without_gradients(outputs):
    """No gradients are recorded."""
    require(
        not field(outputs, "recorded"),
        "evaluate_loss_acc: records gradients that nobody needs; it costs memory and time",
    )


# --- training ---------------------------------------------------------------------------------

train = {"probe": "train", "instead": "train_given_evaluate"}
# What the probe says of steps counts beside weights that can be computed.
STEPPED = ("train_first_step", "train_weight_decay")


def raise_still():
    """Tell that nothing moves."""
    require(False, "train: the head's weights never change while it trains")


@check(points=3, public=True, **train)
def test_train_first_step(outputs, answers):
    """The first step goes down the mean loss of one minibatch, as far as lr says."""
    got, want = field(outputs, "history"), answers["history"]
    require(len(got) > 1, "train: takes no step on the minibatches of train_iter")
    if not (got[-1] - got[0]).any():  # does weight decay move it, and was a gradient computed?
        field(outputs, "shrunk"), field(outputs, "graded")
        raise_still()
    step = want[1] - want[0]
    message = "train: the first step is wrong; is it the minibatch's mean loss, times lr?"
    close(got[1] - got[0], step, STEP, message)


@check(points=2, rests_on=STEPPED, **train)
@tells("history", "shrunk", "graded")
def test_train_momentum(outputs, answers):
    """Later steps show a momentum of 0.9, and gradients that start at zero each time."""
    got, want = field(outputs, "momentum"), answers["momentum"]
    require(got.shape == want.shape, "train: there are too few steps to see a momentum")
    close(got, want, 0.01, "train: later steps do not show a momentum of 0.9")


@check(points=2, **train)
@tells("history")
def test_train_weight_decay(outputs, answers):
    """A step with weight decay pulls the weights towards zero by lr * wd."""
    message = "train: weight decay changes a step by another amount than lr * wd * weights"
    close(field(outputs, "shrunk"), answers["shrunk"], 1e-2, message)


@check(points=3, rests_on=STEPPED, **train)
@tells("history", "shrunk", "graded")
def test_train_schedule(outputs, answers):
    """The learning rate is multiplied by lr_decay after every lr_period epochs."""
    got, want = field(outputs, "schedule"), answers["schedule"]
    require(got.shape == want.shape, "train: takes another number of steps than asked")
    close(got, want, 0.02, "train: the learning rate does not fall when it should")


@check(
    points=1,
    public=True,
    rests_on=STEPPED,
    **train,
)
def test_train_epochs(outputs, answers):
    """There is one step for each minibatch of each epoch, however few minibatches there are."""
    passes, short = int(field(outputs, "passes")), int(field(outputs, "short"))
    failed = text(outputs, "short_failed")
    require(
        passes == answers["passes"],
        f"train: takes {passes} steps in 3 epochs of 5 minibatches; expected one for each",
    )
    require(not failed, f"train: fails with a loader of two minibatches ({failed})")
    require(
        short == answers["short"],
        f"train: takes {short} steps in an epoch of two minibatches; expected one for each",
    )


@check(
    points=1,
    rests_on=STEPPED,
    **train,
)
def test_train_mode(outputs):
    """The network is trained in training mode, after each evaluation too."""
    require(field(outputs, "modes").all(), "train: the network is not always in training mode")


@check(
    points=1,
    rests_on=STEPPED,
    **train,
)
def test_train_evaluates(outputs, answers):
    """The validation set is evaluated after each epoch."""
    require(
        field(outputs, "evaluated") >= answers["evaluated"],
        "train: the whole of valid_iter must be evaluated after each epoch",
    )


@check(
    points=1,
    rests_on=STEPPED,
    **train,
)
@tells("alone_moved", "evaluated")
def test_train_without_validation(outputs):
    """There may be no validation set: valid_iter may be None."""
    alone = field(outputs, "alone")
    failed = text(outputs, "alone_failed")
    require(alone >= 0, f"train: fails if valid_iter is None ({failed})")
    require(alone > 0, "train: trains differently if valid_iter is None")


@check(
    points=1,
    rests_on=STEPPED,
    **train,
)
def test_train_head_only(outputs):
    """Nothing but the head changes."""
    require(field(outputs, "backbone") == 0, "train: changes weights outside of net.fc")


# --- submission -------------------------------------------------------------------------------


@check(
    points=2,
    probe="write_submission",
    public=True,
    rests_on=("submission_ids", "submission_values"),
)
def test_submission_header(outputs, answers):
    """The file's first line is id, and the breeds in their order."""
    require(
        text(outputs, "header") == text(answers, "header"),
        "write_submission: the first line must be id and the breeds, with commas between them",
    )


@check(points=3, probe="write_submission", public=True)
def test_submission_ids(outputs, answers):
    """There is one line for each test image, in the order of the sorted ids."""
    got, want = text(outputs, "ids").split("\n"), text(answers, "ids").split("\n")
    name = "write_submission"
    require(len(got) == len(want), f"{name}: {len(got)} lines for {len(want)} test images")
    require(set(got) <= set(want), f"{name}: an id is not the name of a test image without .jpg")
    require(got == want, f"{name}: the lines are not in the order of the sorted ids")


@check(
    points=2,
    probe="write_submission",
    public=True,
    rests_on=("submission_ids", "submission_values"),
)
def test_submission_sums(outputs):
    """Each line's probabilities sum to 1."""
    rows = field(outputs, "rows")
    message = "write_submission: a line's probabilities do not sum to 1"
    require(rows.ndim == 2 and rows.size > 0, message)
    sums = rows.sum(1)
    close(sums, np.ones_like(sums), 1e-3, message)


@check(points=3, probe="write_submission")
def test_submission_values(outputs, answers):
    """Each probability is the softmax of the network's scores."""
    message = "write_submission: the probabilities are not the softmax of the network's scores"
    close(field(outputs, "rows"), answers["rows"], PROBABILITY, message, scale=1.0)


@check(points=2, probe="write_submission")
def test_submission_mode(outputs, answers):
    """The network predicts in evaluation mode, which its BatchNorms answer to."""
    message = "write_submission: a network with BatchNorm predicts in training mode"
    got = field(outputs, "moded")
    finite(got, "write_submission")
    require(got.size > 0 and np.abs(got).max() <= PROBABILITY, message)
    close(field(outputs, "statistics"), answers["statistics"], LOSS, message)

"""A mistake is named on evidence that tells it from every other one, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judging import errors
from autograder.judging.fingerprints import fingerprint
from autograder.judging.naming import diagnose
from autograder.outputs import Outputs, ProbeStatus
from tests.factories import a_mistake

RIGHT = {"value": np.array([1.0, 2.0]), "gradient": np.array([3.0, 4.0]), "fresh": np.array(True)}


def returned(**arrays) -> Outputs:
    """Return what a probe `loss` sent."""
    sent = {f"loss/{name}": np.asarray(array) for name, array in arrays.items()}
    return Outputs("toy", sent, {"loss": ProbeStatus("ok")})


def raised(message: str, status: str = "error") -> Outputs:
    return Outputs("toy", {}, {"loss": ProbeStatus(status, message)})


def name_of(outputs, *known, read=("value",), right=RIGHT, says=()):
    """Name outputs among mistakes "m0", "m1", ... that give `known`."""
    answers = {f"loss/{name}": array for name, array in right.items()}
    mistakes = [
        a_mistake(id=f"m{i}", says=says[i] if says else f"Mistake {i}.") for i in range(len(known))
    ]
    prints = {m.id: fingerprint(one, answers) for m, one in zip(mistakes, known)}
    keys = [f"loss/{name}" for name in read]
    named = diagnose(outputs, ["loss"], keys, "value", mistakes, prints, answers)
    return named and named.id


def test_everything_must_be_changed_as_the_mistake_changes_it_also_what_the_check_did_not_read():
    known = returned(**RIGHT | {"value": [2.0, 4.0], "gradient": [6.0, 8.0]})
    assert name_of(known, known) == "m0"
    other = returned(**RIGHT | {"value": [2.0, 4.0], "gradient": [9.0, 9.0]})
    assert name_of(other, known) is None
    assert name_of(returned(**RIGHT | {"value": [2.0, 4.0]}), known) is None


def test_what_the_mistake_leaves_right_must_be_right():
    """ "The right step is taken, but the sum is returned" is said of nothing with a wrong step."""
    known = returned(**RIGHT | {"value": [2.0, 4.0]})
    other = returned(**RIGHT | {"value": [2.0, 4.0], "gradient": [6.0, 8.0]})
    assert name_of(other, known) is None


def test_what_has_nothing_to_do_with_the_rest_hinders_no_name():
    known = returned(**RIGHT | {"value": [2.0, 4.0]})
    seeding = returned(**RIGHT | {"fresh": False})
    both = returned(**RIGHT | {"value": [2.0, 4.0], "fresh": False})
    assert name_of(both, known, seeding) == "m0"
    assert name_of(both, known, seeding, read=("fresh",)) == "m1"


def test_of_two_mistakes_that_fit_as_well_none_is_named_unless_both_say_the_same():
    one = returned(**RIGHT | {"value": [2.0, 4.0]})
    near = returned(**RIGHT | {"value": [2.0, 4.0002]})
    assert name_of(one, one, near) == "m0"
    between = returned(**RIGHT | {"value": [2.0, 4.0001]})
    assert name_of(between, one, near) is None
    assert name_of(between, one, near, says=("Too large.", "Too large.")) is not None


def test_images_in_another_shape_are_still_the_mistake_but_another_order_is_not():
    right = {"public": np.arange(80.0).reshape(4, 20), "shape": np.array([4, 20])}
    known = returned(public=right["public"] * 2, shape=[4, 20])
    images = right["public"].reshape(4, 1, 5, 4) * 2
    ask = {"read": ("public", "shape"), "right": right}
    assert name_of(returned(public=images, shape=[4, 1, 5, 4]), known, **ask) == "m0"
    assert name_of(returned(public=images, shape=[5, 4, 4, 1]), known, **ask) is None
    for odd in ([4.5, 20.0], [[4, 20]], 80):
        assert name_of(returned(public=images, shape=odd), known, **ask) is None


def test_a_sample_is_named_by_its_numbers_never_by_its_shape_alone():
    rng = np.random.default_rng(0)
    right = {"sample": rng.uniform(-1, 1, (100, 40))}
    positive = returned(sample=rng.uniform(0, 1, (100, 40)))
    ask = {"read": ("sample",), "right": right}
    assert name_of(returned(sample=rng.uniform(0, 1, (100, 40))), positive, **ask) == "m0"
    assert name_of(returned(sample=rng.uniform(0, 0.9, (100, 40))), positive, **ask) is None
    assert name_of(returned(sample=rng.normal(0, 1, (100, 40))), positive, **ask) is None
    small = {"sample": rng.uniform(-1, 1, (3, 2))}
    known = returned(sample=rng.uniform(0, 1, (3, 2)))
    assert name_of(known, known, read=("sample",), right=small) is None


def test_samples_with_equal_quantiles_are_told_apart_by_what_repeats():
    rng = np.random.default_rng(0)
    right = {"sample": rng.uniform(-1, 1, (200, 40))}
    same_rows = returned(sample=np.tile(rng.uniform(0, 1, (1, 40)), (200, 1)))
    same_columns = returned(sample=np.tile(rng.uniform(0, 1, (200, 1)), (1, 40)))
    rounded = returned(sample=rng.uniform(0, 1, (200, 40)).round(2))
    known, ask = (same_rows, same_columns, rounded), {"read": ("sample",), "right": right}
    for number, one in enumerate(known):
        assert name_of(one, *known, **ask) == f"m{number}"
        others = [other for other in known if other is not one]
        assert name_of(one, *others, **ask) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x4 and 96x1024)",
            "RuntimeError: mat1 and mat2 cannot be multiplied, shapes (8x4 and 96x1024)",
        ),
        ("NameError: name 'score_fake' is not defined", "NameError: 'score_fake' is not defined"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/a0/data/train/x.jpg'",
            "FileNotFoundError: [Errno 2] No such file or directory: '/home/b7/data/train/x.jpg'",
        ),
    ],
)
def test_an_error_in_other_words_is_the_same_error(one, other):
    assert errors.same(f"error: {one}", f"error: {other}")
    assert name_of(raised(other), raised(one)) == "m0"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x4 and 96x1024)",
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x96 and 4x1024)",
        ),
        (
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x4 and 96x1024)",
            "ValueError: mat1 and mat2 shapes cannot be multiplied (8x4 and 96x1024)",
        ),
        ("NameError: name 'score_fake' is not defined", "NameError: name 'fake' is not defined"),
        ("RuntimeError: non-positive stride is not supported", "RuntimeError: stride is odd"),
        (
            "RuntimeError: expected 4 dimensions",
            "RuntimeError: a minibatch of 4",
        ),
        ("ValueError", "ValueError: expected 4D input (got 2D input)"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/data/train/x.jpg'",
            "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/new/train/x.jpg'",
        ),
        (
            "TypeError: Adam.__init__() got an unexpected keyword argument 'beta1'",
            "TypeError: RMSprop.__init__() got an unexpected keyword argument 'beta1'",
        ),
        ("ValueError: id has no image", "ValueError: it has no image"),
    ],
)
def test_an_error_of_another_kind_or_with_other_numbers_is_another_one(one, other):
    assert not errors.same(f"error: {one}", f"error: {other}")
    assert name_of(raised(other), raised(one)) is None


def test_what_the_grader_words_itself_must_be_the_same_text():
    assert name_of(raised("loss: returned None", "slip"), raised("loss: returned None", "slip"))
    assert not name_of(raised("loss: returned 1", "slip"), raised("loss: returned None", "slip"))
    assert not name_of(raised("loss: returned None"), raised("loss: returned None", "slip"))

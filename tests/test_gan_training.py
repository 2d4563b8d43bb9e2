"""The fast training loop: the same mathematics as the plain one, and what it adds to it."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from tests.games import BATCH, both, game, plain, weights
from tests.selection import sample

# --- the same mathematics -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "epochs"), sample([("vanilla", 7), ("lsgan", 6), ("dcgan", 4)], every=3)
)
def test_exact_training_is_the_plain_loop_bit_for_bit(gan, training, digits, kind, epochs, capsys):
    options = {"show_every": 10, "num_epochs": epochs, "seed": 7}
    digits.generator.manual_seed(5)
    players = game(gan, kind)
    losses, samples = plain(gan, players, digits, **options)
    lines = capsys.readouterr().out

    digits.generator.manual_seed(5)
    again = game(gan, kind)
    kept = training.train_gan(*again, digits, batch_size=BATCH, exact=True, **options)
    assert len(kept.d_losses) == 4 * epochs
    np.testing.assert_array_equal(both(kept), losses)
    np.testing.assert_array_equal(kept.samples, samples)
    for one, other in zip(weights(players), weights(again)):
        assert torch.equal(one, other)
    assert capsys.readouterr().out == lines
    assert re.fullmatch(r"(Iter: \d+, D: \d\.\d+, G:\d\.\d+\n)+", lines), lines


@pytest.mark.parametrize("kind", ["vanilla", "dcgan"])
def test_fast_training_differs_by_rounding_only(gan, training, digits, kind, monkeypatch):
    results, fast = [], []
    speed_up = training._fast
    monkeypatch.setattr(training, "_fast", lambda *given: fast.append(given) or speed_up(*given))
    for exact in (True, False):
        digits.generator.manual_seed(5)
        players = game(gan, kind)
        options = {"batch_size": BATCH, "seed": 7, "progress": False}
        # The second call goes on with moments that the first one left: exact ones, if so wanted.
        training.train_gan(*players, digits, num_iterations=3, exact=True, **options)
        results.append(
            training.train_gan(*players, digits, num_iterations=3, exact=exact, **options)
        )
    # Not later: the game is chaotic, and rounding grows tenfold in a few iterations.
    np.testing.assert_allclose(both(results[1]), both(results[0]), rtol=2e-3)
    assert len(fast) == 1  # on some processors no number differs, so that cannot be asked


def test_fast_training_leaves_optimizers_and_weights_as_it_found_them(gan, training, digits):
    players = game(gan, "dcgan")
    training.train_gan(*players, digits, batch_size=BATCH, num_iterations=1, progress=False)
    for network, solver in zip(players[:2], players[2:4]):
        assert all(p.is_contiguous() for p in network.parameters())
        assert all(p.requires_grad for p in network.parameters())
        assert not solver.param_groups[0]["fused"]
        for state in solver.state.values():
            assert state["exp_avg"].is_contiguous()


def test_mixed_precision_learns_the_same_to_two_digits(gan, training, digits):
    results = []
    for mixed in (False, True):
        digits.generator.manual_seed(5)
        options = {"batch_size": BATCH, "seed": 7, "progress": False, "num_iterations": 3}
        results.append(training.train_gan(*game(gan, "vanilla"), digits, mixed=mixed, **options))
    np.testing.assert_allclose(both(results[1]), both(results[0]), rtol=0.05)
    assert not np.array_equal(both(results[1]), both(results[0]))


def test_losses_are_read_only_where_they_are_shown(gan, training, digits, monkeypatch):
    reads = []
    read = training._Run.read_losses
    monkeypatch.setattr(
        training._Run, "read_losses", lambda run: (reads.append(run.iteration), read(run))
    )
    players = game(gan, "small")
    training.train_gan(
        *players, digits, batch_size=BATCH, num_iterations=7, show_every=5, progress=False
    )
    assert reads == [1, 6, 7]  # after iterations 0 and 5, and at the end


# --- what can go wrong ----------------------------------------------------------------------------


def nan_after(loss, calls):
    count = iter(range(10**6))
    return lambda *scores: loss(*scores) * (1 if next(count) < calls else float("nan"))


@pytest.mark.parametrize("which", ["discriminator", "generator"])
def test_a_nan_is_told_with_its_iteration_and_a_hint(gan, training, digits, which):
    players = game(gan, "small")
    place = 4 if which == "discriminator" else 5
    players[place] = nan_after(players[place], 5)
    words = f"the {which} loss became NaN at iteration 5; .*bce_loss"
    with pytest.raises(FloatingPointError, match=words):
        training.train_gan(*players, digits, batch_size=BATCH, num_iterations=8, progress=False)
    players = game(gan, "small")
    players[place] = nan_after(players[place], 0)
    with pytest.raises(FloatingPointError, match=f"the {which} loss became NaN at iteration 0; "):
        plain(gan, players, digits, num_epochs=1)


def test_an_infinite_loss_is_called_infinite(gan, training, digits):
    players = game(gan, "small")
    players[4] = lambda real, fake: (real.sum() + fake.sum()) * 0 + float("inf")
    with pytest.raises(FloatingPointError, match="became infinite at iteration 0"):
        training.train_gan(*players, digits, batch_size=BATCH, num_iterations=2, progress=False)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"show_every": 0}, "show_every: 0"),
        ({"resume": True}, "resume: say where from"),
        ({"exact": True, "mixed": True}, "exact and mixed"),
        ({"batch_size": 17}, "no minibatch has batch_size=17 images; the sizes are: 16"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(gan, training, digits, options, words):
    with pytest.raises(ValueError, match=words):
        training.train_gan(*game(gan, "small"), digits, **{"batch_size": BATCH, **options})


def test_the_plain_loop_says_why_it_cannot_train(gan, digits):
    players = game(gan, "small")
    words = "no minibatch has batch_size=128 images; the sizes are: 16$"
    with pytest.raises(ValueError, match=f"^loader_train: {words}"):
        gan.run_a_gan(*players, digits, num_epochs=3)
    with pytest.raises(ValueError, match=r"the sizes are: none$"):
        gan.run_a_gan(*players, [], num_epochs=1)
    assert gan.run_a_gan(*players, digits, num_epochs=0) == []


def test_a_smaller_last_minibatch_is_left_out_and_no_error(gan, digits):
    data = torch.utils.data.TensorDataset(digits.images[:40], digits.labels[:40])
    loader = torch.utils.data.DataLoader(data, BATCH)  # 16, 16 and 8
    samples = plain(gan, game(gan, "small"), loader, num_epochs=1, show_every=1)[1]
    assert len(samples) == 2


@pytest.mark.parametrize("loop", ["plain", "fast", "exact"])
def test_networks_of_double_precision_are_trained_in_it(loop, gan, training, digits, capsys):
    players = game(gan, "small")
    for network in players[:2]:
        network.double()
    players[2:4] = map(gan.get_optimizer, players[:2])
    before = weights(players)
    if loop == "plain":
        plain(gan, players, digits, num_epochs=1)
    else:
        options = {"batch_size": BATCH, "num_iterations": 2, "progress": False}
        training.train_gan(*players, digits, exact=loop == "exact", **options)
    assert all(w.dtype == torch.float64 for w in weights(players))
    assert not any(torch.equal(one, other) for one, other in zip(before, weights(players)))


# --- interrupted and resumed ----------------------------------------------------------------------


class Interrupted(Exception):
    """The power went out."""


def interrupted_after(loss, calls):
    count = iter(range(10**6))

    def call(*scores):
        if next(count) == calls:
            raise Interrupted
        return loss(*scores)

    return call


def loader_of(kind, digits):
    """Return a loader as a fresh program makes it."""
    if kind == "preloaded":
        digits.generator.manual_seed(11)
        return digits
    data = torch.utils.data.TensorDataset(digits.images, digits.labels)
    return torch.utils.data.DataLoader(data, BATCH, shuffle=True)  # with a small last minibatch


@pytest.mark.parametrize("kind", ["preloaded", "dataloader"])
@pytest.mark.parametrize("stop", [5, 8, 9, 14])  # 4 in each epoch; checkpoints at 1, 5, 9, 13
def test_a_resumed_run_is_one_that_was_never_interrupted(
    gan, training, digits, kind, stop, tmp_path
):
    options = {
        "batch_size": BATCH, "num_epochs": 4, "show_every": 4, "progress": False, "seed": 2,
    }  # fmt: skip
    whole = training.train_gan(*game(gan, "small"), loader_of(kind, digits), **options)

    options["checkpoint"] = tmp_path / "deeper" / "run.pt"
    players = game(gan, "small")
    players[4] = interrupted_after(players[4], stop)
    with pytest.raises(Interrupted):
        training.train_gan(*players, loader_of(kind, digits), **options)
    torch.manual_seed(99)  # another program, other networks
    players = game(gan, "small")
    for network in players[:2]:
        for parameter in network.parameters():
            parameter.data.zero_()
    resumed = training.train_gan(*players, loader_of(kind, digits), resume=True, **options)
    np.testing.assert_array_equal(both(resumed), both(whole))
    np.testing.assert_array_equal(resumed.samples, whole.samples)
    assert resumed.shown == whole.shown == [0, 4, 8, 12]
    assert players[2].param_groups[0]["fused"] is None  # as it was made, not as it was saved


def test_a_finished_run_goes_on_with_more_epochs(gan, training, digits, tmp_path):
    options = {"batch_size": BATCH, "progress": False, "seed": 2}
    digits.generator.manual_seed(11)
    whole = training.train_gan(*game(gan, "small"), digits, num_epochs=3, **options)
    options["checkpoint"] = tmp_path / "run.pt"
    digits.generator.manual_seed(11)
    training.train_gan(*game(gan, "small"), digits, num_epochs=2, **options)
    players = game(gan, "small")
    longer = training.train_gan(*players, digits, num_epochs=3, resume=True, **options)
    np.testing.assert_array_equal(both(longer), both(whole))


def test_another_networks_checkpoint_is_refused_in_one_line(gan, training, digits, tmp_path):
    path = tmp_path / "run.pt"
    options = {"batch_size": BATCH, "num_iterations": 1, "progress": False, "checkpoint": path}
    training.train_gan(*game(gan, "small"), digits, **options)
    with pytest.raises(ValueError, match=r"^.*run\.pt: not a checkpoint of these networks .*$"):
        training.train_gan(*game(gan, "dcgan"), digits, resume=True, **options)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"^.*run\.pt: not a checkpoint .*$"):
        training.train_gan(*game(gan, "small"), digits, resume=True, **options)

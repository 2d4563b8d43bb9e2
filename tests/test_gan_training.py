"""The fast training loop: the same mathematics as the plain one, and what it adds to it."""

from __future__ import annotations

import dataclasses
import importlib
import shutil
import socket
import sys
import time

import numpy as np
import pytest
import torch

from autograder.errors import SourceError
from autograder.parts import ROOT
from autograder.staff import release

BATCH = 16  # small minibatches: a dozen iterations of the large networks in a second


@pytest.fixture(scope="module", autouse=True)
def solutions():
    """Import the solution and the given module as a notebook beside them does."""
    names = ("gan_pytorch", "gan_training")
    sys.path.insert(0, str(ROOT / "solutions"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # threads that wait for each other take ten times as long when busy
    yield [importlib.import_module(name) for name in names]
    torch.set_num_threads(threads)
    sys.path.remove(str(ROOT / "solutions"))
    for name in names:
        del sys.modules[name]


@pytest.fixture(scope="module")
def gan(solutions):
    return solutions[0]


@pytest.fixture(scope="module")
def training(solutions):
    return solutions[1]


@pytest.fixture
def digits(training):
    """Two epochs of this are nine iterations: 73 images are four minibatches and a rest."""
    found = training.load_digits_28x28("digits", batch_size=BATCH, quiet=True)
    return training.PreloadedLoader(found.images[:73], found.labels[:73], BATCH, seed=3)


def game(gan, kind):
    """Return the networks, optimizers and losses of one of the homework's three GANs, or small ones."""
    torch.manual_seed(1)
    if kind == "small":
        flat = torch.nn.Flatten()
        networks = (
            torch.nn.Sequential(
                flat, torch.nn.Linear(784, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1)
            ),
            torch.nn.Sequential(torch.nn.Linear(96, 784), torch.nn.Tanh()),
        )
    elif kind == "dcgan":
        networks = gan.build_dc_classifier(BATCH), gan.build_dc_generator()
        for network in networks:
            network.apply(gan.initialize_weights)
    else:
        networks = gan.discriminator(), gan.generator()
    losses = gan.discriminator_loss, gan.generator_loss
    if kind == "lsgan":
        losses = gan.ls_discriminator_loss, gan.ls_generator_loss
    return [*networks, *map(gan.get_optimizer, networks), *losses]


def weights(players):
    return [p.detach().clone() for network in players[:2] for p in network.state_dict().values()]


def noted(loss, into):
    """Return a loss function that also notes each value."""

    def call(*scores):
        value = loss(*scores)
        into.append(value.item())
        return value

    return call


def plain(gan, players, loader, **options):
    """Train with run_a_gan; return its losses and samples."""
    d_losses, g_losses = [], []
    *first, d_loss, g_loss = players
    samples = gan.run_a_gan(
        *first,
        noted(d_loss, d_losses),
        noted(g_loss, g_losses),
        loader,
        batch_size=BATCH,
        **options,
    )
    return np.array([d_losses, g_losses], np.float32), samples


def both(kept):
    return np.array([kept.d_losses, kept.g_losses])


# --- the same mathematics -------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "epochs"), [("vanilla", 7), ("lsgan", 6), ("dcgan", 4)])
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
    assert lines.startswith("Iter: 0, D: ")


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
        ({"batch_size": 17}, "no minibatch of 17 images"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(gan, training, digits, options, words):
    with pytest.raises(ValueError, match=words):
        training.train_gan(*game(gan, "small"), digits, **{"batch_size": BATCH, **options})


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


# --- data -----------------------------------------------------------------------------------------


def test_the_offline_digits_are_real_and_28x28(training, capsys):
    digits = training.load_digits_28x28("digits")
    assert capsys.readouterr().out.splitlines() == [
        "scikit-learn's digits, 8x8 enlarged to 28x28: 1664 images for training, 133 for validation"
    ]
    assert digits.source == "digits"
    assert digits.images.shape == (1664, 1, 28, 28) and digits.images.dtype == torch.float32
    assert digits.images.min() == 0 and digits.images.max() == 1
    assert sorted(set(digits.labels.tolist())) == list(range(10))
    assert len(digits.train) == 13
    assert sum(len(images) for images, _ in digits.val) == 133
    # A four's middle is ink, a nought's is not: the enlarged pictures still show their digits.
    middle = digits.images[:, 0, 12:16, 12:16].mean((1, 2))
    assert middle[digits.labels == 0].mean() < 0.2 < 0.6 < middle[digits.labels == 8].mean()


def test_a_preloaded_loader_shuffles_every_example_into_each_epoch(training):
    images = torch.arange(10.0).reshape(10, 1, 1, 1)
    labels = torch.arange(10)
    loader = training.PreloadedLoader(images, labels, 4, seed=1, drop_last=False)
    epochs = [[(i.flatten().tolist(), n.tolist()) for i, n in loader] for _ in range(2)]
    assert [len(i) for i, _ in epochs[0]] == [4, 4, 2] and len(loader) == 3
    assert all(i == n for epoch in epochs for i, n in epoch)
    orders = [[n for _, batch in epoch for n in batch] for epoch in epochs]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(10))
    assert orders[0] != orders[1]
    same = training.PreloadedLoader(images, labels, 4, seed=1)
    assert [n for _, batch in same for n in batch.tolist()] == orders[0][:8] and len(same) == 2


@pytest.mark.parametrize("size", [0, 11])
def test_an_impossible_batch_size_is_refused(training, size):
    with pytest.raises(ValueError, match=f"batch_size: {size} of 10 images"):
        training.PreloadedLoader(torch.zeros(10, 1), torch.zeros(10), size)


def test_an_unknown_source_is_refused_in_one_line(training):
    with pytest.raises(
        ValueError, match=r"^source: 'cifar'; choose one of 'auto', 'mnist', 'digits'$"
    ):
        training.load_digits_28x28("cifar")


@pytest.fixture
def offline(monkeypatch):
    """Take the network away: no proxy, and names whose look-up hangs."""

    def hang(*address, **options):
        time.sleep(60)
        raise OSError("no such name")

    monkeypatch.setattr(socket, "create_connection", hang)
    monkeypatch.setattr("urllib.request.getproxies", dict)


def test_without_a_network_the_digits_are_at_hand_within_seconds(
    training, offline, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(training, "NETWORK_TIMEOUT", 0.3)
    start = time.monotonic()
    digits = training.load_digits_28x28(root=tmp_path)
    assert time.monotonic() - start < 30  # importing takes a while on a busy machine; a look-up, 60
    assert digits.source == "digits"
    said = capsys.readouterr()
    assert said.out.endswith("133 for validation (MNIST cannot be downloaded: no network)\n")
    assert said.err == ""
    with pytest.raises(RuntimeError, match=r"^MNIST cannot be downloaded: no network$"):
        training.load_digits_28x28("mnist", root=tmp_path)


def refusing(problem):
    def download(root, train, download=False):
        raise problem

    download.mirrors = ["http://localhost/"]
    return download


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            RuntimeError("File not found or corrupted."),
            "what came has a wrong checksum; delete .*MNIST",
        ),
        (RuntimeError("Error downloading x:"), "every mirror refuses"),
        (TimeoutError("timed out"), "timed out"),
    ],
)
def test_a_failed_download_is_told_plainly(training, monkeypatch, tmp_path, problem, words):
    monkeypatch.setattr("torchvision.datasets.MNIST", refusing(problem))
    monkeypatch.setattr(training, "_answers", lambda addresses: True)
    with pytest.raises(RuntimeError, match=f"^MNIST cannot be downloaded: {words}"):
        training.load_digits_28x28("mnist", root=tmp_path)
    assert socket.getdefaulttimeout() is None


def write_mnist(folder, count):
    """Write MNIST's files as they lie there after a download, with few images in them."""
    folder.mkdir(parents=True)
    for name, shape in (("images-idx3", (count, 28, 28)), ("labels-idx1", (count,))):
        data = (np.arange(np.prod(shape)) % 251).astype(np.uint8)
        head = bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
        for which in ("train", "t10k"):
            (folder / f"{which}-{name}-ubyte").write_bytes(head + data.tobytes())


def test_mnist_that_is_there_is_read_without_a_network_and_split(
    gan, training, offline, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(gan, "NUM_TRAIN", 200)
    monkeypatch.setattr(gan, "NUM_VAL", 50)
    write_mnist(tmp_path / "MNIST" / "raw", 260)
    digits = training.load_digits_28x28(root=tmp_path)
    assert capsys.readouterr().out == "MNIST: 200 images for training, 50 for validation\n"
    assert digits.source == "mnist"
    assert digits.images.shape == (200, 1, 28, 28) and digits.images.max() == 250 / 255
    assert torch.cat([labels for _, labels in digits.val]).tolist() == list(range(200, 250))


def test_a_damaged_mnist_is_told_plainly(training, tmp_path):
    folder = tmp_path / "MNIST" / "raw"
    write_mnist(folder, 20)
    (folder / "train-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03 short")
    with pytest.raises(RuntimeError, match=r"^MNIST in .*raw is damaged; delete that folder$"):
        training.load_digits_28x28("mnist", root=tmp_path)


# --- what is drawn --------------------------------------------------------------------------------


def test_a_bar_is_silent_where_nobody_watches(gan, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with gan.progress_bar(3) as bar:
        bar.update()
    assert "0/3" in capsys.readouterr().err
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with gan.progress_bar(3) as bar:
        bar.update()
    assert capsys.readouterr().err == ""


def test_pictures_show_what_a_run_left(gan, training, digits):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    options = {"batch_size": BATCH, "num_iterations": 5, "show_every": 2, "progress": False}
    kept = training.train_gan(*game(gan, "small"), digits, **options)
    figure = training.plot_losses({"one": kept, "two": kept})
    assert [axis.get_title() for axis in figure.axes] == ["one", "two"]
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), kept.d_losses)
    assert training.plot_samples({"one": kept}).axes[0].get_title() == "one, iteration 4"
    titles = [axis.get_title() for axis in training.plot_history(kept, most=2).axes]
    assert titles == ["iteration 0", "iteration 4"]
    # Image 1 of a batch stands right of image 0, image 4 below it.
    grid = training._grid(kept.samples[-1], 4)
    np.testing.assert_array_equal(grid[:28, 28:56], kept.samples[-1][1].reshape(28, 28))
    np.testing.assert_array_equal(grid[28:56, :28], kept.samples[-1][4].reshape(28, 28))
    pyplot.close("all")


def test_a_live_plot_is_drawn_anew_in_a_notebook_and_nowhere_else(
    gan, training, digits, monkeypatch
):
    import IPython.display
    import matplotlib

    matplotlib.use("Agg")
    calls, options = [], {"batch_size": BATCH, "num_iterations": 5, "show_every": 2}
    options |= {"progress": False, "live_plot": True}
    monkeypatch.setattr(IPython.display, "clear_output", lambda wait: calls.append(wait))
    monkeypatch.setattr(
        IPython.display, "display", lambda figure: calls.append(figure.axes[0].get_title())
    )
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    training.train_gan(*game(gan, "small"), digits, **options)
    assert calls == []
    monkeypatch.setitem(sys.modules, "ipykernel", IPython)
    training.train_gan(*game(gan, "small"), digits, **options)
    assert calls == [True, "iteration 0", True, "iteration 2", True, "iteration 4"]


# --- handed out -----------------------------------------------------------------------------------


def test_students_get_the_module_as_it_is(part, tmp_path):
    release.release([part], tmp_path)
    released = tmp_path / "gan_training.py"
    assert released.read_bytes() == (ROOT / "solutions" / "gan_training.py").read_bytes()
    assert release.verify([part], tmp_path) == []
    released.write_text("# changed\n")
    (line,) = release.verify([part], tmp_path)
    assert line.endswith("gan_training.py: differs from its source; run `autograder release`")


def test_a_given_module_with_a_solution_in_it_is_not_handed_out(part, tmp_path):
    staff = tmp_path / "staff"
    shutil.copytree(ROOT / "solutions", staff / "solutions")
    shutil.copytree(ROOT / "checks", staff / "checks")
    given = staff / "solutions" / "gan_training.py"
    given.write_text(given.read_text() + "### BEGIN SOLUTION\n")
    with pytest.raises(SourceError, match=r"^solutions/gan_training\.py: is given as it is"):
        release.release([dataclasses.replace(part, root=staff)], tmp_path / "out")

"""What the fast training has besides its loop: digits, pictures, and a file that is handed out."""

from __future__ import annotations

import dataclasses
import gzip
import re
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
from tests.games import BATCH, game

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
    with pytest.raises(
        RuntimeError, match=r"^MNIST in .*raw is damaged; delete train-images-idx3-ubyte$"
    ):
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


# --- as MNIST lies on people's disks ------------------------------------------------------------


@pytest.fixture
def small(gan, monkeypatch):
    """Let few images be enough."""
    monkeypatch.setattr(gan, "NUM_TRAIN", 200)
    monkeypatch.setattr(gan, "NUM_VAL", 50)


def packed(folder):
    for path in list(folder.iterdir()):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()


def renamed(folder):
    for path in list(folder.iterdir()):
        path.rename(path.with_name(path.name.replace("-idx", ".idx")))


def each_in_a_folder(folder):
    renamed(folder)
    for path in list(folder.iterdir()):
        data = path.read_bytes()
        path.unlink()
        path.mkdir()
        (path / path.name).write_bytes(data)


def read_only(folder):
    each_in_a_folder(folder)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)


@pytest.mark.parametrize("inner", ["", "MNIST", "MNIST/raw"])
@pytest.mark.parametrize("form", [packed, renamed, each_in_a_folder, read_only])
def test_mnist_is_read_as_it_lies_there(form, inner, training, small, offline, tmp_path, capsys):
    write_mnist(tmp_path / "data" / inner, 260)
    form(tmp_path / "data" / inner)
    before = sorted(tmp_path.rglob("*"))
    digits = training.load_digits_28x28("mnist", root=tmp_path / "data")
    assert digits.images.shape == (200, 1, 28, 28) and digits.images.max() == 250 / 255
    assert digits.labels.dtype == torch.int64
    assert sorted(tmp_path.rglob("*")) == before


def test_a_home_folder_may_be_written_as_a_tilde(training, small, offline, tmp_path, monkeypatch):
    write_mnist(tmp_path / "digits" / "MNIST" / "raw", 260)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert training.load_digits_28x28("mnist", root="~/digits").source == "mnist"


@pytest.mark.parametrize("gone", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"])
def test_mnist_that_is_partly_there_is_told_by_what_is_missing(
    gone, training, small, offline, tmp_path, capsys
):
    folder = tmp_path / "MNIST" / "raw"
    write_mnist(folder, 260)
    (folder / gone).unlink()
    words = f"MNIST in {folder} is incomplete: {gone} is missing"
    with pytest.raises(RuntimeError, match=f"^{re.escape(words)}$"):
        training.load_digits_28x28("mnist", root=tmp_path)
    assert training.load_digits_28x28(root=tmp_path).source == "digits"
    assert words in capsys.readouterr().out


def test_too_few_images_are_told_with_their_number(training, small, offline, tmp_path):
    write_mnist(tmp_path / "data", 240)
    with pytest.raises(RuntimeError, match="is incomplete: 240 images and 240 labels, where 250"):
        training.load_digits_28x28("mnist", root=tmp_path / "data")


@pytest.mark.parametrize(
    "damage",
    [lambda b: b[:-1], lambda b: b + b"0", lambda b: b"\0" + b, lambda b: b"", gzip.compress],
)
@pytest.mark.parametrize("form", [renamed, packed])
def test_any_damage_is_told_with_the_file(damage, form, training, small, offline, tmp_path):
    write_mnist(tmp_path / "data", 260)
    form(tmp_path / "data")
    (path,) = (tmp_path / "data").glob("train-images*")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(RuntimeError, match=f"is damaged; delete {re.escape(path.name)}$"):
        training.load_digits_28x28("mnist", root=tmp_path / "data")


# --- as people set PyTorch up -------------------------------------------------------------------


def test_another_default_device_leaves_the_data_where_they_are(training, small, tmp_path):
    write_mnist(tmp_path / "data", 260)
    torch.set_default_device("meta")  # where numbers get lost
    try:
        for source in ("mnist", "digits"):
            digits = training.load_digits_28x28(
                source, root=tmp_path / "data", batch_size=64, quiet=True
            )
            images, labels = next(iter(digits.train))
            assert images.device.type == labels.device.type == "cpu" and images.any()
    finally:
        torch.set_default_device(None)

"""Data and a fast training loop for GANs on 28x28 digits. Given: nothing is to be filled in here.

`run_a_gan` in gan_pytorch.py is the loop to read. `train_gan` here does the same, call for call,
without waiting for what it need not wait for; it also keeps the losses, stops at a NaN, and goes on
where an interrupted run stopped.

    loaders = load_digits_28x28()
    training = train_gan(D, G, D_solver, G_solver, discriminator_loss, generator_loss, loaders.train)
    plot_losses({"vanilla": training})
"""

import contextlib
import gzip
import http.client
import math
import os
import socket
import sys
import threading
import time
import urllib.parse
import urllib.request
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import gan_pytorch
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch.utils.data import DataLoader, TensorDataset

NETWORK_TIMEOUT = 3.0  # seconds of silence after which there is no network
DIGITS_TRAIN = 1664  # of 1797: thirteen whole minibatches; the other 133 are for validation
SOURCES = ("auto", "mnist", "digits")
CHECKPOINT_FORMAT = 1
MNIST_FILES = {  # of its training set, and the shape of an image and of a label
    "train-images-idx3-ubyte": (28, 28),
    "train-labels-idx1-ubyte": (),
}


# ---------------------------------------------------------------------------------------------
# Data
# ---------------------------------------------------------------------------------------------


class PreloadedLoader:
    """Yield shuffled minibatches of a data set that is one tensor in memory.

    Yields (images, labels) as a DataLoader does, but no image is opened, converted or copied alone:
    a minibatch is one indexing operation.

    Arguments:
        images: a tensor of shape (N, ...).
        labels: a tensor of shape (N,).
        batch_size: examples in a minibatch.
        seed: the order is the same every time for the same seed, and another in each epoch.
        drop_last: leave out the last minibatch of an epoch where it is smaller.
        device: where the data set is kept, and where minibatches come from.
    """

    def __init__(self, images, labels, batch_size=128, seed=0, drop_last=True, device="cpu"):
        if len(images) != len(labels):
            raise ValueError(f"{len(images)} images, but {len(labels)} labels")
        if not 0 < batch_size <= len(images):
            raise ValueError(f"batch_size: {batch_size} of {len(images)} images")
        self.images = images.to(device)
        self.labels = labels.to(device)
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.generator = torch.Generator("cpu").manual_seed(seed)

    def __len__(self):
        count = len(self.images) / self.batch_size
        return math.floor(count) if self.drop_last else math.ceil(count)

    def __iter__(self):
        order = torch.randperm(len(self.images), generator=self.generator, device="cpu")
        for chosen in order.to(self.images.device).split(self.batch_size)[: len(self)]:
            yield self.images[chosen], self.labels[chosen]


@dataclass(frozen=True)
class Digits:
    """Digits of 28x28 pixels, ready for training.

    Attributes:
        source: "mnist" or "digits".
        train: yields shuffled (images, labels); images in [0, 1], shape (batch_size, 1, 28, 28).
        val: a DataLoader over the validation images, in their order.
        images, labels: all training data, shapes (N, 1, 28, 28) and (N,).
    """

    source: str
    train: PreloadedLoader
    val: DataLoader
    images: torch.Tensor
    labels: torch.Tensor


def load_digits_28x28(
    source="auto", root="data", batch_size=128, seed=0, device="cpu", quiet=False
):
    """Load handwritten digits, 28x28: MNIST, or where it cannot be had scikit-learn's own.

    Arguments:
        source: "mnist" (downloaded once, then read from `root`; the first 50000 images of its
            training set, and the next 5000 for validation), "digits" (1797 real digits of 8x8
            pixels that come with scikit-learn, enlarged), or "auto": the first that can be had.
        root: the folder that MNIST is kept in. Its files are also read where they lie in there,
            packed (.gz) or not, under their other usual name (train-images.idx3-ubyte), and in
            folders of their own, as on Kaggle. Nothing is written then.
        batch_size, seed, device: as `PreloadedLoader` takes them.
        quiet: do not print the line that says which digits these are.

    Returns Digits. Raises ValueError for another source, and RuntimeError if MNIST was asked for
    and cannot be had; its text says why.
    """
    if source not in SOURCES:
        raise ValueError(f"source: {source!r}; choose one of {', '.join(map(repr, SOURCES))}")
    why = ""
    if source != "digits":
        try:
            images, labels = _mnist(Path(root).expanduser())
            source = "mnist"
        except RuntimeError as problem:
            if source == "mnist":
                raise
            source, why = "digits", f" ({problem})"
    if source == "mnist":
        train, val = gan_pytorch.NUM_TRAIN, gan_pytorch.NUM_VAL
        name = "MNIST"
    else:
        images, labels = _sklearn_digits()
        train, val = DIGITS_TRAIN, len(images) - DIGITS_TRAIN
        name = "scikit-learn's digits, 8x8 enlarged to 28x28"
    if not quiet:
        print(f"{name}: {train} images for training, {val} for validation{why}")
    chosen = TensorDataset(images[train : train + val], labels[train : train + val])
    images, labels = images[:train], labels[:train]
    loader = PreloadedLoader(images, labels, batch_size, seed, device=device)
    return Digits(source, loader, DataLoader(chosen, batch_size), loader.images, loader.labels)


def _mnist(root):
    """Return MNIST's training set as tensors; raise RuntimeError, in one line, if it cannot be had."""
    paths = _mnist_files(root)
    if not paths:
        _download_mnist(root)
        paths = _mnist_files(root)
    if missing := [name for name in MNIST_FILES if name not in paths]:
        there = next(iter(paths.values()), root).parent
        raise RuntimeError(f"MNIST in {there} is incomplete: {missing[0]} is missing")
    images, labels = (_numbers(paths[name], shape) for name, shape in MNIST_FILES.items())
    wanted = gan_pytorch.NUM_TRAIN + gan_pytorch.NUM_VAL
    if len(images) != len(labels) or len(images) < wanted:
        folder = paths["train-images-idx3-ubyte"].parent
        raise RuntimeError(
            f"MNIST in {folder} is incomplete: {len(images)} images and {len(labels)} labels, "
            f"where {wanted} of each are needed"
        )
    return images.float().unsqueeze(1) / 255, labels.long()


def _mnist_files(root):
    """Find MNIST's training files; return their paths by their names, packed or not."""
    found = {}
    for name in MNIST_FILES:
        names = [name, name.replace("-idx", ".idx")]
        places = [
            folder / inner / f"{one}{suffix}"
            for folder in (root / "MNIST" / "raw", root / "MNIST", root)
            for one in names
            for inner in ("", one)
            for suffix in ("", ".gz")
        ]
        path = next((place for place in places if place.is_file()), None)
        if path is not None:
            found[name] = path
    return found


def _numbers(path, shape):
    """Read a file of MNIST's format: a head that tells the shape, then a byte for each number."""
    head = 4 * (2 + len(shape))
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        kind, count, *rest = np.frombuffer(data[:head], ">i4").tolist()
        if kind != 0x0801 + len(shape) or tuple(rest) != shape:
            raise ValueError("another head")
        numbers = np.frombuffer(data, np.uint8, offset=head).reshape(count, *shape)
    except (OSError, EOFError, ValueError, zlib.error) as problem:  # too short, or another file
        raise RuntimeError(f"MNIST in {path.parent} is damaged; delete {path.name}") from problem
    return torch.from_numpy(numbers.copy())


def _download_mnist(root):
    from torchvision.datasets import MNIST

    if not _answers(MNIST.mirrors):
        raise RuntimeError("MNIST cannot be downloaded: no network")
    usual = socket.getdefaulttimeout()
    socket.setdefaulttimeout(NETWORK_TIMEOUT)
    try:
        # Its progress bars go to stderr, which costs points in a graded notebook.
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
            MNIST(str(root), train=True, download=True)
    except RuntimeError as problem:
        if "corrupted" in str(problem):
            raise RuntimeError(
                "MNIST cannot be downloaded: what came has a wrong checksum; "
                f"delete {root / 'MNIST'} and try again"
            ) from problem
        raise RuntimeError("MNIST cannot be downloaded: every mirror refuses") from problem
    except (
        OSError,
        http.client.HTTPException,
    ) as problem:  # the network broke off, the disk is full
        raise RuntimeError(f"MNIST cannot be downloaded: {problem}") from problem
    finally:
        socket.setdefaulttimeout(usual)


def _answers(addresses):
    """Tell within NETWORK_TIMEOUT whether one of some web servers takes a connection.

    Looking up a name knows no time limit, and takes half a minute on some machines without a
    network: hence the thread.
    """
    if urllib.request.getproxies():
        return True  # somebody else looks names up
    answered = threading.Event()

    def knock(address):
        parts = urllib.parse.urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with contextlib.suppress(OSError):  # this one does not answer, which is all to be known
            socket.create_connection((parts.hostname, port), NETWORK_TIMEOUT).close()
            answered.set()

    knocks = [threading.Thread(target=knock, args=(a,), daemon=True) for a in addresses]
    for thread in knocks:
        thread.start()
    end = time.monotonic() + NETWORK_TIMEOUT
    while any(thread.is_alive() for thread in knocks) and time.monotonic() < end:
        if answered.wait(0.05):
            break
    return answered.is_set()


def _sklearn_digits():
    """Return scikit-learn's digits as tensors, enlarged from 8x8 to 28x28."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as problem:
        raise RuntimeError("scikit-learn is not installed: `pip install scikit-learn`") from problem
    data = load_digits()
    images = torch.tensor(data.images, dtype=torch.float32, device="cpu").unsqueeze(1) / 16
    # 8 -> 24 with a margin of 2, as MNIST's digits stand in theirs.
    large = F.interpolate(images, size=(24, 24), mode="bicubic", align_corners=False)
    return F.pad(large.clamp(0, 1), (2, 2, 2, 2)), torch.tensor(data.target, device="cpu")


# ---------------------------------------------------------------------------------------------
# Training
# ---------------------------------------------------------------------------------------------


@dataclass
class Training:
    """What a training run left.

    Attributes:
        d_losses, g_losses: NumPy arrays, one number for each iteration.
        samples: sample batches, NumPy arrays of shape (16, 784), one every `show_every` iterations.
        shown: the iterations of the samples.
        seconds: how long this run took; a resumed one counts from where it went on.
        images_per_second: real images that the discriminator saw in a second of this run.
    """

    d_losses: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    g_losses: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    samples: list = field(default_factory=list)
    shown: list = field(default_factory=list)
    seconds: float = 0.0
    images_per_second: float = 0.0


def best_device():
    """Return the fastest device that this machine offers: "cuda", "mps" or "cpu"."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def train_gan(
    D,  # noqa: N803
    G,  # noqa: N803
    D_solver,  # noqa: N803
    G_solver,  # noqa: N803
    discriminator_loss,
    generator_loss,
    loader,
    show_every=250,
    batch_size=128,
    noise_size=96,
    num_epochs=10,
    *,
    num_iterations=None,
    exact=False,
    seed=None,
    device=None,
    progress=True,
    live_plot=False,
    checkpoint=None,
    resume=False,
    mixed=False,
):
    """Train a discriminator and a generator against each other, as `run_a_gan` does, but faster.

    Arguments, beside those of `run_a_gan`:
        loader: yields (images, labels) with images in [0, 1] of shape (N, 1, 28, 28).
        num_iterations: if given, stop after so many, in whatever epoch; num_epochs is not used.
        exact: compute every number as `run_a_gan` does, bit for bit (on a CPU; a GPU need not even
            repeat itself). Otherwise Adam's steps are fused and convolutions take the order of
            memory that is faster: equal up to rounding.
        seed: if given, the same noise is drawn every time for the same seed.
        device: move the networks there; where they are, if not given.
        progress: print the losses every `show_every` iterations, and show a bar where one watches.
        live_plot: draw the newest samples and the losses every `show_every` iterations, in a
            notebook; elsewhere there is no place for it.
        checkpoint: a file to keep everything in that it takes to go on, every `show_every`
            iterations and at the end.
        resume: go on from that file, if it is there. The losses are those of a run that was never
            interrupted, if the loader is made as it was then.
        mixed: multiply matrices in bfloat16. Twice as fast where the processor has instructions for
            it, and good to three digits only; not with `exact`.

    Returns a Training. Raises FloatingPointError if a loss became NaN or infinite (noticed within
    `show_every` iterations, told with its own), and ValueError for arguments that do not fit.
    """
    if show_every < 1:
        raise ValueError(f"show_every: {show_every}; it must be at least 1")
    if resume and checkpoint is None:
        raise ValueError("resume: say where from, with checkpoint='some_file.pt'")
    if exact and mixed:
        raise ValueError("exact and mixed: bfloat16 is not exact; choose one of them")
    if not len(loader):
        raise ValueError("loader: it holds no minibatch")
    if device is not None:
        D.to(device)
        G.to(device)
    like = next(D.parameters())  # images and noise go to its device, in its precision
    device = like.device
    if seed is not None:
        torch.manual_seed(seed)
    run = _Run(D, G, D_solver, G_solver, loader, checkpoint)
    if resume and Path(checkpoint).exists():
        run.restore()
    first = run.iteration
    start = time.perf_counter()
    learning = [p for p in D.parameters() if p.requires_grad]
    total = num_iterations if num_iterations is not None else num_epochs * len(loader)
    fast = contextlib.nullcontext() if exact else _fast(D, G, D_solver, G_solver)
    with fast, _bar(total, first, progress) as bar:
        for images in run.batches(batch_size, num_epochs, num_iterations):
            real = gan_pytorch.preprocess_img(images.to(like, non_blocking=True))
            noise = gan_pytorch.sample_noise(batch_size, noise_size).to(like, non_blocking=True)
            with _precision(device, mixed):
                with torch.no_grad():  # the generator stands still here: no graph is needed
                    fake = G(noise).reshape(batch_size, 1, 28, 28)
                scores_real, scores_fake = D(real), D(fake)
            d_loss = discriminator_loss(_full(scores_real), _full(scores_fake))
            D_solver.zero_grad()
            d_loss.backward()
            D_solver.step()

            noise = gan_pytorch.sample_noise(batch_size, noise_size).to(like, non_blocking=True)
            with _frozen(learning):  # the discriminator stands still: it needs no gradients
                with _precision(device, mixed):
                    fake = G(noise)
                    scores_fake = D(fake.reshape(batch_size, 1, 28, 28))
                g_loss = generator_loss(_full(scores_fake))
                G_solver.zero_grad()
                g_loss.backward()
                G_solver.step()

            shown = run.add(d_loss, g_loss, fake, show_every)
            bar.update()
            if shown and progress:
                bar.write(run.line())
            if shown and live_plot and "ipykernel" in sys.modules:
                _draw(run.training)
            if shown and checkpoint is not None:
                run.save()
        run.read_losses()
    if checkpoint is not None:
        run.save()
    seconds = time.perf_counter() - start
    run.training.seconds = seconds
    run.training.images_per_second = (run.iteration - first) * batch_size / max(seconds, 1e-9)
    return run.training


class _Run:
    """The state of a run: what is trained, how far it is, and what it left so far.

    Losses stay on their device until `read_losses`: reading one number makes the processor wait
    for the accelerator, and would do so twice in each iteration.
    """

    def __init__(self, D, G, D_solver, G_solver, loader, checkpoint):  # noqa: N803
        self.trained = {"D": D, "G": G, "D_solver": D_solver, "G_solver": G_solver}
        self.loader = loader
        self.checkpoint = checkpoint
        self.training = Training()
        self.iteration = 0
        self.epoch = 0
        self.position = 0  # minibatches of this epoch that were taken, small ones too
        self.epoch_start = None  # random states with which this epoch began
        self.resumed = None  # random states to go on with, once the place in the epoch is found
        self.sizes = set()  # of minibatches
        self.unread = []

    def batches(self, batch_size, num_epochs, num_iterations):
        """Yield the images of minibatches of the right size, from where the run stands."""

        def finished():
            if num_iterations is not None:
                return self.iteration >= num_iterations
            return self.epoch >= num_epochs

        while not finished():
            going_on = self.resumed is not None
            if going_on and self.position:
                self._set_random(self.epoch_start)  # the loader shuffles as it did then
            elif going_on:
                self._go_on()
            self.epoch_start = self._random()
            before = self.iteration
            for number, (images, _labels) in enumerate(self.loader):
                if self.resumed is not None:
                    if number < self.position:
                        continue
                    self._go_on()
                self.position = number + 1
                self.sizes.add(len(images))
                if len(images) == batch_size:
                    yield images
                    if finished():
                        return
            if self.resumed is not None:  # it was interrupted after the epoch's last minibatch
                self._go_on()
            if self.iteration == before and not going_on:
                there = ", ".join(map(str, sorted(self.sizes))) or "none"
                raise ValueError(
                    f"loader: no minibatch has batch_size={batch_size} images; the sizes are: {there}"
                )
            self.epoch += 1
            self.position = 0

    def _go_on(self):
        self._set_random(self.resumed)
        self.resumed = None

    def add(self, d_loss, g_loss, fake, show_every):
        """Take note of an iteration; tell whether it is one to show."""
        self.unread.append((d_loss.detach().reshape(()), g_loss.detach().reshape(())))
        show = self.iteration % show_every == 0
        self.iteration += 1
        if show:
            self.read_losses()
            self.training.shown.append(self.iteration - 1)
            self.training.samples.append(fake[:16].detach().reshape(-1, 784).float().cpu().numpy())
        return show

    def read_losses(self):
        """Move the losses off their device; raise FloatingPointError if one is not finite."""
        if not self.unread:
            return
        rows = torch.stack([loss for pair in self.unread for loss in pair]).cpu().reshape(-1, 2)
        first = self.iteration - len(self.unread)
        self.sizes = set()  # of minibatches
        self.unread = []
        bad = (~torch.isfinite(rows)).flatten().nonzero()
        if len(bad):
            row, column = divmod(int(bad[0]), 2)
            name = ("discriminator", "generator")[column]
            gan_pytorch.check_finite(name, rows[row, column], first + row)
        values = rows.numpy()
        self.training.d_losses = np.append(self.training.d_losses, values[:, 0])
        self.training.g_losses = np.append(self.training.g_losses, values[:, 1])

    def line(self):
        """Return what `run_a_gan` prints."""
        kept = self.training
        return f"Iter: {self.iteration - 1}, D: {kept.d_losses[-1]:.4}, G:{kept.g_losses[-1]:.4}"

    def save(self):
        """Write the checkpoint, whole or not at all."""
        self.read_losses()
        kept = self.training
        state = {
            "format": CHECKPOINT_FORMAT,
            **{name: part.state_dict() for name, part in self.trained.items()},
            "at": [self.iteration, self.epoch, self.position],
            "random": [self.epoch_start, self._random()],
            "losses": torch.tensor(np.stack([kept.d_losses, kept.g_losses])),
            "samples": torch.tensor(np.array(kept.samples)),
            "shown": kept.shown,
        }
        path = Path(self.checkpoint)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".part")
        torch.save(state, draft)
        os.replace(draft, path)

    def restore(self):
        """Go back to where the checkpoint was written; raise ValueError if it does not fit."""
        device = next(self.trained["D"].parameters()).device
        try:
            state = torch.load(self.checkpoint, map_location=device, weights_only=True)
            if state["format"] != CHECKPOINT_FORMAT:
                raise ValueError(f"format {state['format']}, not {CHECKPOINT_FORMAT}")
            for name, part in self.trained.items():
                with _own_flags(part):
                    part.load_state_dict(state[name])
        except (RuntimeError, KeyError, ValueError, EOFError) as problem:
            reason = str(problem).splitlines()[0] if str(problem) else "it is empty"
            raise ValueError(
                f"{self.checkpoint}: not a checkpoint of these networks ({reason}); "
                "delete it, or name another"
            ) from problem
        self.iteration, self.epoch, self.position = state["at"]
        self.epoch_start, self.resumed = state["random"]
        losses = state["losses"].cpu().numpy()
        self.training = Training(
            losses[0], losses[1], list(state["samples"].cpu().numpy()), list(state["shown"])
        )

    def _random(self):
        """Return the states of every generator of random numbers that a run draws from."""
        states = {"torch": torch.get_rng_state()}
        if torch.cuda.is_available():
            states["cuda"] = torch.cuda.get_rng_state()
        own = getattr(self.loader, "generator", None)
        if own is not None:
            states["loader"] = own.get_state()
        return states

    def _set_random(self, states):
        torch.set_rng_state(states["torch"].cpu())
        if "cuda" in states and torch.cuda.is_available():
            torch.cuda.set_rng_state(states["cuda"].cpu())
        if "loader" in states:
            self.loader.generator.set_state(states["loader"].cpu())


@contextlib.contextmanager
def _frozen(parameters):
    """Keep parameters out of the backward pass for a while."""
    for parameter in parameters:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in parameters:
            parameter.requires_grad_(True)


def _precision(device, mixed):
    """Return the context in which networks run."""
    return torch.autocast(device.type, torch.bfloat16) if mixed else contextlib.nullcontext()


def _full(scores):
    """Return scores as float32 where they are less: losses are means of small differences."""
    return scores.float() if scores.dtype == torch.bfloat16 else scores


@contextlib.contextmanager
def _fast(D, G, D_solver, G_solver):  # noqa: N803
    """Let two networks and their optimizers use what is faster and equal only up to rounding.

    benchmarks/training.py has the figures. A compiled network is no faster here: nearly all of the
    time goes into products of large matrices, and compiling takes half a minute.
    """
    device = next(D.parameters()).device
    fused = [s for s in (D_solver, G_solver) if _can_be_fused(s, device)]
    convolutions = device.type == "cpu"  # where another order of memory was measured to help
    if convolutions:
        _arrange((D, G), (D_solver, G_solver), torch.channels_last)
    with contextlib.ExitStack() as kept:
        for solver in fused:
            kept.enter_context(_own_flags(solver))
            for group in solver.param_groups:
                group.update(fused=True, foreach=False)
            _move_steps(solver, device)
        try:
            yield
        finally:
            if convolutions:
                _arrange((D, G), (D_solver, G_solver), torch.contiguous_format)


@contextlib.contextmanager
def _own_flags(solver):
    """Give an optimizer its way of stepping back in the end: how is no part of what is learned.

    Anything else, a network say, is left alone.
    """
    groups = getattr(solver, "param_groups", [])
    flags = [{k: g[k] for k in ("fused", "foreach") if k in g} for g in groups]
    try:
        yield
    finally:
        for group, own in zip(getattr(solver, "param_groups", []), flags):
            group.update(own)
            if "fused" in own and not own["fused"]:
                _move_steps(solver, "cpu")


def _arrange(networks, solvers, order):
    """Put the weights of convolutions into an order of memory, and what optimizers keep of them.

    A fused step walks through parameter, gradient and moments side by side: theirs must agree.
    """
    for network in networks:
        network.to(memory_format=order)
    for solver in solvers:
        for state in solver.state.values():
            for name, value in state.items():
                if torch.is_tensor(value) and value.dim() == 4:
                    state[name] = value.contiguous(memory_format=order)


def _can_be_fused(solver, device):
    """Tell whether this PyTorch has a fused step of this kind for this device."""
    if type(solver) not in (torch.optim.Adam, torch.optim.AdamW) or device.type == "mps":
        return False
    number = torch.zeros(1, device=device, requires_grad=True)
    number.grad = torch.zeros_like(number)
    try:
        type(solver)([number], fused=True).step()
    except RuntimeError:  # how PyTorch says no: by its version, by the device
        return False
    return True


def _move_steps(solver, device):
    """Put an optimizer's counts of steps where its way of stepping wants them."""
    for state in solver.state.values():
        if "step" in state:
            state["step"] = state["step"].to(device)


def _bar(total, first, progress):
    if progress:
        bar = gan_pytorch.progress_bar(total)
    else:
        from tqdm import tqdm

        bar = tqdm(total=total, disable=True)
    bar.update(first)
    return bar


# ---------------------------------------------------------------------------------------------
# Pictures
# ---------------------------------------------------------------------------------------------


def plot_losses(trainings):
    """Draw loss curves side by side, one panel for each named Training; return the figure."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        1, len(trainings), figsize=(4.2 * len(trainings), 3), squeeze=False, layout="constrained"
    )
    for axis, (name, training) in zip(axes.flat, trainings.items()):
        _draw_losses(axis, training)
        axis.set_title(name)
    axes.flat[0].legend(frameon=False)
    return figure


def plot_samples(trainings):
    """Draw the last samples of each named Training side by side; return the figure."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        1, len(trainings), figsize=(3 * len(trainings), 3.3), squeeze=False, layout="constrained"
    )
    for axis, (name, training) in zip(axes.flat, trainings.items()):
        axis.imshow(_grid(training.samples[-1], 4), cmap="gray", vmin=-1, vmax=1)
        axis.set_title(f"{name}, iteration {training.shown[-1]}")
        axis.axis("off")
    return figure


def plot_history(training, most=6):
    """Draw samples of a Training from its beginning to its end; return the figure."""
    import matplotlib.pyplot as plt

    last = len(training.samples) - 1
    chosen = sorted({round(i * last / max(most - 1, 1)) for i in range(most)})
    figure, axes = plt.subplots(
        1, len(chosen), figsize=(2 * len(chosen), 2.3), squeeze=False, layout="constrained"
    )
    for axis, number in zip(axes.flat, chosen):
        axis.imshow(_grid(training.samples[number], 4), cmap="gray", vmin=-1, vmax=1)
        axis.set_title(f"iteration {training.shown[number]}", fontsize=9)
        axis.axis("off")
    return figure


def _draw_losses(axis, training):
    """Draw each loss faintly, and its mean over a window of a fiftieth of the run."""
    for name, losses in (("D", training.d_losses), ("G", training.g_losses)):
        (line,) = axis.plot(losses, alpha=0.25, linewidth=0.8)
        width = max(len(losses) // 50, 1)
        mean = np.convolve(losses, np.full(width, 1 / width), mode="valid")
        axis.plot(np.arange(len(mean)) + width // 2, mean, color=line.get_color(), label=name)
    axis.set_xlabel("iteration")
    axis.set_ylabel("loss")
    axis.set_ylim(bottom=0)
    axis.spines[["top", "right"]].set_visible(False)


def _grid(images, side):
    """Return flat images of 28x28 pixels as one picture of `side` by `side` of them."""
    images = np.reshape(images[: side * side], (side, side, 28, 28))
    return images.transpose(0, 2, 1, 3).reshape(28 * side, 28 * side)


def _draw(training):
    """Replace what the cell shows by the newest samples and the losses so far."""
    import matplotlib.pyplot as plt
    from IPython.display import clear_output, display

    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    left.imshow(_grid(training.samples[-1], 4), cmap="gray", vmin=-1, vmax=1)
    left.set_title(f"iteration {training.shown[-1]}")
    left.axis("off")
    _draw_losses(right, training)
    right.legend(frameon=False)
    clear_output(wait=True)
    display(figure)
    plt.close(figure)

"""Ask a `dcgan.py` what it computes. Runs in the worker; imports `autograder.probing` only.

Every probe is a function ``probe_<name>(student)`` that calls the student's functions and returns
named arrays. It judges nothing: the suite does, where the answers are.

Networks of the training functions are the probe's own and tiny, so that a mistake in the student's
networks costs nothing there; a network that is built of the student's blocks is asked again with blocks
of the probe's. Nothing here is a right answer to what another probe asks.
"""

import copy
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.probing.formula import as_tensor, formula
from autograder.probing.losses import value_or_nan
from autograder.probing.networks import BATCH, ask_network
from autograder.probing.values import (
    Slip,
    agree,
    array_from,
    module_from,
    parameter_names,
    snapshot,
    tensor_from,
)

NOISE = (100, 1, 1)
IMAGE = (3, 64, 64)
FEW = 4  # examples that a whole network is asked with: twelve million parameters take their time
KEPT = 512  # numbers of each image that travel: 4 whole images would be 200 kB an array
STRIDE = 5003  # a prime: the kept numbers lie in every row, column and channel
SPREAD = 0.02  # the standard deviation that weights begin with

# --- networks ---------------------------------------------------------------------------------


class _Seen(nn.Module):
    """A student's network, asked with the first `examples` inputs only, and with thinned outputs.

    The outputs are repeated, so that there is one for each input. Notes their shape, and how the
    network's buffers began.
    """

    def __init__(self, network: nn.Module, name: str, examples: int) -> None:
        super().__init__()
        self.network = network
        self.label = name
        self.examples = examples
        self.shape: tuple[int, ...] = ()
        self.began = [(buffer, buffer.clone()) for buffer in network.buffers()]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result = tensor_from(self.network(x[: self.examples]), f"{self.label}'s network")
        self.shape = tuple(result.shape)
        if not self.shape:
            return result
        flat = result.reshape(len(result), -1)
        size = flat.shape[1]
        kept = flat if size <= KEPT else flat[:, torch.arange(KEPT) * STRIDE % size]
        return kept.repeat(len(x) // self.examples, 1)

    def begin_again(self) -> None:
        """Put buffers back where they were, a BatchNorm's running statistics among them."""
        for buffer, first in self.began:
            buffer.copy_(first)
        for module in self.network.modules():
            if callable(reset := getattr(module, "reset_running_stats", None)):
                reset()  # of a layer that was lazy, and has seen a minibatch before


def ask(
    build: Callable[[], Any],
    name: str,
    key: int,
    shape: tuple[int, ...],
    examples: int = BATCH,
) -> dict[str, Any]:
    """Ask a network for outputs and gradients."""
    return _asked(build, name, key, shape, examples)[0]


def ask_also_frozen(
    build: Callable[[], Any], name: str, key: int, shape: tuple[int, ...]
) -> dict[str, Any]:
    """Ask a network for its outputs in evaluation mode, too, after one minibatch in training mode.

    So the running statistics of a BatchNorm show.
    """
    arrays, network = _asked(build, name, key, shape, BATCH)
    kind = next(network.parameters()).dtype
    first, then = (as_tensor(formula(k, (BATCH, *shape))).to(kind) for k in (key, key + 100))
    with torch.no_grad():
        network.begin_again()
        network.train()
        network(first)
        network.eval()
        return {**arrays, "frozen": array_from(network(then), name)}


def _asked(
    build: Callable[[], Any], name: str, key: int, shape: tuple[int, ...], examples: int
) -> tuple[dict[str, Any], _Seen]:
    built: list[_Seen] = []

    def seen(_batch: int) -> _Seen:
        network = module_from(build(), name)
        if any(nn.parameter.is_lazy(p) for p in network.parameters()):
            with torch.no_grad():  # a lazy layer fills its parameters in its first call
                network(torch.zeros(examples, *shape))
        built.append(_Seen(network, name, examples))
        return built[-1]

    def inputs(key: int) -> np.ndarray:
        return formula(key, (BATCH, int(np.prod(shape))))

    arrays = ask_network(seen, name, inputs, key, [shape])
    wanted = ("parameters", "public", "hidden", "gradients", "input_gradient")
    found = {name: arrays[name] for name in wanted}
    for outputs in ("public", "hidden"):
        found[outputs] = found[outputs][:examples]  # the others repeat these
    return {**found, "shape": np.array(built[-1].shape)}, built[-1]


def built_by(student: Any, name: str) -> Callable[[], Any]:
    """Return what builds a network: the function, or copies where the name is the network itself."""
    found = getattr(student, name)
    return (lambda: copy.deepcopy(found)) if isinstance(found, nn.Module) else found


# --- blocks -----------------------------------------------------------------------------------

SETTINGS = ("kernel_size", "strides", "padding", "alpha", "*", "**")


def block(kind: Any, outputs: int, inputs: int, **settings: Any) -> Any:
    """Build a block; one that finds out its input's channels by itself is told the outputs alone."""
    channels = [name for name in parameter_names(kind) if name not in SETTINGS]
    if {"in_channels", "out_channels"} <= set(channels):
        return kind(out_channels=outputs, in_channels=inputs, **settings)
    return kind(*(outputs, inputs)[: len(channels) or 2], **settings)


def ask_block(kind: Any, name: str, key: int, side: int, small: int, **odd: Any) -> dict[str, Any]:
    """Ask a block with its defaults on images of `side`, and in two other settings.

    "small": stride 1 without padding, on images of `small`; "odd": the settings given.
    """
    arrays = ask_also_frozen(lambda: block(kind, 20, 3), name, key, (3, side, side))
    shape = (5, small, small)
    other = ask(lambda: block(kind, 24, 5, strides=1, padding=0), name, key + 10, shape)
    third = ask(lambda: block(kind, 6, 5, **odd), name, key + 20, (5, 5, 5))
    arrays |= {f"small_{field}": array for field, array in other.items()}
    arrays |= {f"odd_{field}": third[field] for field in ("shape", "public")}
    return arrays


def probe_G_block(student: Any) -> dict[str, Any]:
    odd = {"kernel_size": 3, "strides": 1, "padding": 1}
    return ask_block(student.G_block, "G_block", 21000, 16, 1, **odd)


def probe_D_block(student: Any) -> dict[str, Any]:
    odd = {"kernel_size": 3, "strides": 1, "padding": 1, "alpha": 0.5}
    return ask_block(student.D_block, "D_block", 22000, 16, 4, **odd)


class OtherBlock(nn.Module):
    """Stands in for either block, so that a wrong one costs its own checks alone.

    It is not what a block should be: the worker holds no right one that a submission could look for.
    A network made of it has answers of its own. Like a right one, it answers to the mode of the
    network and to alpha.
    """

    def __init__(self, layer: nn.Module, slope: float) -> None:
        super().__init__()
        self.layer = layer
        self.slope = slope

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        slope = self.slope if self.training else -self.slope
        return nn.functional.leaky_relu(self.layer(x), slope)


def other_G_block(
    out_channels: int,
    in_channels: int = 3,
    kernel_size: int = 4,
    strides: int = 2,
    padding: int = 1,
) -> nn.Module:
    settings = (in_channels, out_channels, kernel_size, strides, padding)
    return OtherBlock(nn.ConvTranspose2d(*settings), 0.5)


def other_D_block(
    out_channels: int,
    in_channels: int = 3,
    kernel_size: int = 4,
    strides: int = 2,
    padding: int = 1,
    alpha: float = 0.2,
) -> nn.Module:
    settings = (in_channels, out_channels, kernel_size, strides, padding)
    return OtherBlock(nn.Conv2d(*settings), alpha + 0.3)


# --- whole networks ---------------------------------------------------------------------------


def ask_whole(student: Any, name: str, key: int, shape: tuple[int, ...]) -> dict[str, Any]:
    return ask(built_by(student, name), name, key, shape, FEW)


def probe_net_G(student: Any) -> dict[str, Any]:
    return ask_whole(student, "net_G", 23075, NOISE)


def probe_net_G_given_G_block(student: Any) -> dict[str, Any]:
    with student.replaced("G_block", other_G_block):
        return probe_net_G(student)


def probe_net_D(student: Any) -> dict[str, Any]:
    return ask_whole(student, "net_D", 24000, IMAGE)


def probe_net_D_given_D_block(student: Any) -> dict[str, Any]:
    with student.replaced("D_block", other_D_block):
        return probe_net_D(student)


def probe_faces_net_G(student: Any) -> dict[str, Any]:
    return ask_whole(student, "faces_net_G", 25423, NOISE)


def probe_faces_net_G_given_G_block(student: Any) -> dict[str, Any]:
    with student.replaced("G_block", other_G_block):
        return probe_faces_net_G(student)


def probe_faces_net_D(student: Any) -> dict[str, Any]:
    return ask_whole(student, "faces_net_D", 26003, IMAGE)


# --- the weights that training begins with ----------------------------------------------------


def percentiles(values: torch.Tensor, mean: float, deviation: float) -> np.ndarray:
    """Return where numbers lie in a normal distribution: uniform in (0, 1) if drawn from it."""
    placed: np.ndarray = torch.special.ndtr(
        (values.detach().reshape(-1) - mean) / deviation
    ).numpy()
    return placed


def probe_init_weights(student: Any) -> dict[str, Any]:
    """Draw the weights of a network of both kinds of convolution and a BatchNorm, two times."""

    def drawn() -> list[nn.Module]:
        layers = [nn.Conv2d(32, 32, 4), nn.ConvTranspose2d(32, 32, 4), nn.BatchNorm2d(8192)]
        nn.init.constant_(layers[2].bias, 0.5)
        nn.Sequential(nn.Sequential(*layers[:2]), layers[2], nn.Tanh()).apply(student.init_weights)
        return layers

    one, two = drawn(), drawn()
    return {
        "sample_convolution": percentiles(one[0].weight, 0.0, SPREAD),
        "sample_transposed": percentiles(one[1].weight, 0.0, SPREAD),
        "sample_norm": percentiles(one[2].weight, 1.0, SPREAD),
        "biases": float(one[2].bias.detach().abs().max()),
        "repeats": agree(one[0].weight.detach().numpy(), two[0].weight.detach().numpy()),
    }


# --- steps of training ------------------------------------------------------------------------

LATENT = 4
LOSSES = (("public", nn.BCEWithLogitsLoss()), ("other", nn.MSELoss()))


def filled(network: nn.Module, key: int) -> nn.Module:
    with torch.no_grad():
        for position, parameter in enumerate(network.parameters(), key):
            parameter.copy_(as_tensor(formula(position, tuple(parameter.shape), 0.5)))
    return network


def small_D(key: int) -> nn.Module:
    """Build a discriminator of 4x4 images: (N, 3, 4, 4) to (N, 1, 1, 1)."""
    return filled(nn.Sequential(nn.Conv2d(3, 2, 3), nn.LeakyReLU(0.2), nn.Conv2d(2, 1, 2)), key)


def small_G(key: int) -> nn.Module:
    """Build a generator of 4x4 images: (N, 4, 1, 1) to (N, 3, 4, 4)."""
    return filled(nn.Sequential(nn.ConvTranspose2d(LATENT, 3, 4), nn.Tanh()), key)


def images(key: int, count: int = BATCH) -> torch.Tensor:
    return as_tensor(formula(key, (count, 3, 4, 4)))


def noise(key: int, count: int = BATCH) -> torch.Tensor:
    return as_tensor(formula(key, (count, LATENT, 1, 1)))


def number_from(value: Any, name: str) -> float:
    """Return the one number that a function returned, as a tensor or not."""
    if isinstance(value, (float, int, np.generic, np.ndarray)):
        value = torch.as_tensor(value, dtype=torch.float64)
    tensor = tensor_from(value, name).detach()
    if tensor.numel() != 1:
        raise Slip(f"{name}: returned a tensor of shape {tuple(tensor.shape)}; expected one number")
    return float(tensor)


def give_gradients(network: nn.Module, key: int) -> None:
    """Leave gradients in a network's parameters, as a step before would have."""
    for position, parameter in enumerate(network.parameters(), key):
        parameter.grad = as_tensor(formula(position, tuple(parameter.shape)))


def state(network: nn.Module) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all parameters, which of them take gradients, and the mode."""
    parameters = list(network.parameters())
    taking = np.array([p.requires_grad for p in parameters])
    return snapshot(parameters), taking, np.array(network.training)


def gradients(network: nn.Module) -> np.ndarray:
    """Return all gradients as one array; zeros where there are none."""
    found = [torch.zeros_like(p) if p.grad is None else p.grad for p in network.parameters()]
    return np.concatenate([g.detach().numpy().reshape(-1) for g in found]).copy()


def ask_update(
    name: str,
    step: Callable[[torch.Tensor, torch.Tensor, nn.Module, nn.Module, Any, Any], Any],
    key: int,
    of_discriminator: bool,
) -> dict[str, Any]:
    """Take two steps with each of two losses, from the same parameters each time.

    Returns losses, the changes of parameters, the gradients that are left, whether the other network
    kept parameters, readiness to learn and mode, and whether a gradient reached it. Gradients of the
    step before lie in the way of the next one, as they do in training.

    `step` is called with images, noise, discriminator, generator, loss, and the optimizer, plain
    gradient descent, so that a step shows the gradient.
    """
    arrays: dict[str, Any] = {}
    for case, loss in LOSSES:
        net_d, net_g = small_D(key), small_G(key + 10)
        own, other = (net_d, net_g) if of_discriminator else (net_g, net_d)
        give_gradients(own, key + 20)
        parameters, begun, before = list(own.parameters()), state(own), state(other)
        trainer = torch.optim.SGD(parameters, lr=0.5)
        values, steps, kept = [], [], np.ones(3, dtype=bool)
        for turn in (30, 40):
            value = step(images(key + turn), noise(key + turn + 1), net_d, net_g, loss, trainer)
            values.append(number_from(value, name))
            steps.append(snapshot(parameters) - begun[0])
            kept &= [agree(one, two) for one, two in zip(before, state(other))]
            filled(net_d, key)
            filled(net_g, key + 10)
        arrays[case] = np.array(values)
        arrays["steps" if case == "public" else "other_steps"] = np.stack(steps)
        if case == "public":
            arrays |= {"kept": kept, "left": gradients(own)}
            arrays["reached"] = bool(gradients(other).any())
    return arrays


def probe_update_D(student: Any) -> dict[str, Any]:
    return ask_update("update_D", student.update_D, 27000, True)


def probe_update_G(student: Any) -> dict[str, Any]:
    step = student.update_G
    arrays = ask_update("update_G", lambda x, z, *others: step(z, *others), 28000, False)
    del arrays["reached"]  # the generator's gradient has to flow through the discriminator
    return arrays


# --- training ---------------------------------------------------------------------------------

TRAIN_LATENT = 10
SIZES = (64, 64, 21)  # of minibatches
EPOCHS = 2
RATE = 0.01
MARK = 0.25  # no weight begins with it by itself
WIDE = 1024  # channels: enough numbers to tell a distribution by
SOME = 4096  # weights of a layer whose distribution travels
EACH = 16  # numbers of each parameter whose steps travel


def mark(m: nn.Module) -> None:
    """Stand in for init_weights: leave a mark in all parameters of a module, or of a network."""
    with torch.no_grad():
        for parameter in m.parameters():
            parameter.fill_(MARK)


class _Watch:
    """Stands in for update_D and update_G: gives known gradients and losses, and writes down calls."""

    def __init__(self, net_D: nn.Module, net_G: nn.Module, batches: list[torch.Tensor]) -> None:
        self.networks = (net_D, net_G)
        self.batches = itertools.cycle(batches)
        self.calls: list[list[int]] = []
        self.noise: list[torch.Tensor] = []
        self.first: list[list[torch.Tensor]] = []
        self.changes: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        self.same_images = True
        self.loss: Any = None

    def update_D(
        self,
        X: torch.Tensor,
        Z: torch.Tensor,
        net_D: nn.Module,
        net_G: nn.Module,
        loss: Any,
        trainer_D: Any,
    ) -> torch.Tensor:
        wanted = next(self.batches)
        self.same_images &= agree(array_from(X, "train: images"), wanted.numpy())
        return self.step(0, Z, net_D, net_G, loss, trainer_D)

    def update_G(
        self, Z: torch.Tensor, net_D: nn.Module, net_G: nn.Module, loss: Any, trainer_G: Any
    ) -> torch.Tensor:
        return self.step(1, Z, net_D, net_G, loss, trainer_G)

    def step(
        self, who: int, z: Any, net_d: nn.Module, net_g: nn.Module, loss: Any, trainer: Any
    ) -> torch.Tensor:
        if not callable(getattr(trainer, "step", None)):
            raise Slip(f"train: passes {type(trainer).__name__} where an optimizer belongs")
        self.first = self.first or [copies(network) for network in self.networks]
        self.loss = self.loss or loss
        tensor = tensor_from(z, "train: noise").detach()
        right = net_d is self.networks[0] and net_g is self.networks[1]
        self.calls.append([who, int(right), *[*tensor.shape, 0, 0, 0, 0][:4]])
        if who == 0:
            self.noise.append(tensor)
        turn = len(self.changes[who])
        parameters = list(self.networks[who].parameters())
        for position, parameter in enumerate(parameters):
            key = 29100 + 1000 * who + 20 * turn + position
            scale = 10.0 ** (turn % 3 - 1)
            parameter.grad = as_tensor(formula(key, tuple(parameter.shape), scale))
        trainer.step()
        self.changes[who].append(
            np.concatenate(
                [
                    (p.detach() - first).reshape(-1)[:EACH].numpy()
                    for p, first in zip(parameters, self.first[who])
                ]
            )
        )
        return given_loss(who, turn)

    def history(self) -> np.ndarray:
        """Return how far parameters have come after each step, the discriminator's first."""
        found = [np.stack(changes) for changes in self.changes]
        turns = min(len(changes) for changes in found)
        return np.concatenate([changes[:turns] for changes in found], axis=1)


def copies(network: nn.Module) -> list[torch.Tensor]:
    return [p.detach().clone() for p in network.parameters()]


def given_loss(who: int, turn: int) -> torch.Tensor:
    return as_tensor(formula(29000 + 50 * who + turn, (), 0.5, 1.0))


def probe_train(student: Any) -> dict[str, Any]:
    """Train small networks with known steps: what train does with networks, noise and losses.

    "marked" tells of each network whether init_weights was applied to all of it. Where it was not,
    train may draw the weights itself: then their distribution tells.
    """
    net_d = nn.Sequential(
        nn.Conv2d(3, WIDE, 4, 2, 1, bias=False),
        nn.BatchNorm2d(WIDE),
        nn.Conv2d(WIDE, 1, 4, bias=False),
    )
    net_g = nn.Sequential(
        nn.ConvTranspose2d(TRAIN_LATENT, WIDE, 4, bias=False),
        nn.BatchNorm2d(WIDE),
        nn.ConvTranspose2d(WIDE, 3, 4, 2, 1, bias=False),
    )
    pictures = as_tensor(formula(29900, (sum(SIZES), 3, 8, 8)))
    data_iter = DataLoader(TensorDataset(pictures, torch.zeros(len(pictures))), SIZES[0])
    watch = _Watch(net_d, net_g, list(pictures.split(SIZES)))
    with (
        student.replaced("init_weights", mark),
        student.replaced("update_D", watch.update_D),
        student.replaced("update_G", watch.update_G),
    ):
        returned = student.train(net_d, net_g, data_iter, EPOCHS, RATE, TRAIN_LATENT)
    if not all(watch.changes):
        raise Slip("train: never calls both update_D and update_G, your functions of this file")
    scores = np.array([-60.0, -1.0, 0.5, 80.0]) * formula(29950, (4,), 0.2, 1.0)
    scores = scores.reshape(4, 1, 1, 1)
    labels = np.array([1.0, 0.0, 1.0, 0.0]).reshape(4, 1, 1, 1)
    weights = [torch.cat([first[i].reshape(-1)[:SOME] for i in (0, 3)]) for first in watch.first]
    return {
        "calls": np.array(watch.calls),
        "same_images": watch.same_images,
        "sample_noise": percentiles(torch.cat([z.reshape(-1) for z in watch.noise]), 0.0, 1.0),
        "repeats": any(
            one.shape == two.shape and torch.equal(one, two)
            for one, two in itertools.combinations(watch.noise, 2)
        ),
        "sample_weights_D": percentiles(weights[0], 0, SPREAD),
        "sample_weights_G": percentiles(weights[1], 0, SPREAD),
        "sample_norms_D": percentiles(watch.first[0][1], 1, SPREAD),
        "sample_norms_G": percentiles(watch.first[1][1], 1, SPREAD),
        "marked": np.array([all(bool((p == MARK).all()) for p in first) for first in watch.first]),
        "history": watch.history(),
        "losses": losses_from(returned),
        "loss": value_or_nan(watch.loss, "train", scores, labels),
    }


def losses_from(returned: Any) -> np.ndarray:
    """Return the two lists of losses as one array, or say what there is instead."""
    if not isinstance(returned, (tuple, list, np.ndarray, torch.Tensor)) or len(returned) != 2:
        kind = "None" if returned is None else type(returned).__name__
        raise Slip(f"train: returned {kind}; expected two lists, the losses of both networks")
    lists = [_numbers(one) for one in returned]
    if len(lists[0]) != len(lists[1]):
        raise Slip("train: the two lists of losses differ in length")
    return np.array(lists)


def _numbers(values: Any) -> list[float]:
    if not isinstance(values, (Sequence, np.ndarray, torch.Tensor)):
        raise Slip(f"train: returned {type(values).__name__} where a list of losses belongs")
    return [number_from(value, "train: a loss") for value in values]


# --- find the bug -----------------------------------------------------------------------------


def probe_buggy_block(student: Any) -> dict[str, Any]:
    return ask_also_frozen(lambda: student.buggy_block(3, 12), "buggy_block", 31000, (3, 16, 16))


def probe_buggy_step(student: Any) -> dict[str, Any]:
    net_d, net_g = small_D(32000), small_G(32010)
    give_gradients(net_g, 32020)
    give_gradients(net_d, 32025)
    parameters, before = list(net_d.parameters()), state(net_g)
    begun = snapshot(parameters)
    solver = torch.optim.SGD(parameters, lr=0.5)
    value = student.buggy_step(images(32030), noise(32031), net_d, net_g, solver)
    return {
        "public": number_from(value, "buggy_step"),
        "steps": snapshot(parameters) - begun,
        "kept": np.array([agree(one, two) for one, two in zip(before, state(net_g))]),
        "left": gradients(net_g),
    }


def probe_buggy_losses(student: Any) -> dict[str, Any]:
    net_d, net_g = small_D(33000), small_G(33010)
    found = []
    for key, count, epoch, epochs in ((33020, 5, 1, 4), (33030, 3, 6, 7)):
        settings = (images(key, count), noise(key + 1, count), net_d, net_g, epoch, epochs)
        returned = student.buggy_losses(*settings)
        if not isinstance(returned, (tuple, list)) or len(returned) != 3:
            raise Slip("buggy_losses: expected three numbers: two losses and the part that is done")
        found.append([number_from(value, "buggy_losses") for value in returned])
    return {"public": np.array(found)}


def probe_buggy_mean_loss(student: Any) -> dict[str, Any]:
    """Ask for minibatches of different sizes, and for some of one size."""
    found = []
    for key, sizes in ((34000, (5, 5, 2)), (34010, (1, 6)), (34020, (3, 3, 3, 3))):
        data_iter = [(images(key + i, n), torch.zeros(n)) for i, n in enumerate(sizes)]
        value = student.buggy_mean_loss(data_iter, lambda x: (x + 1).square().mean())
        found.append(number_from(value, "buggy_mean_loss"))
    return {"public": np.array(found)}


def probe_buggy_pictures(student: Any) -> dict[str, Any]:
    returned = student.buggy_pictures(as_tensor(formula(35000, (2, 3, 6, 4))))
    if isinstance(returned, np.ndarray):
        returned = torch.as_tensor(returned)
    found = array_from(returned, "buggy_pictures")
    return {"public": found, "shape": np.array(found.shape)}

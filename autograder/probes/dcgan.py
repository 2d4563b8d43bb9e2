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
    holds_numbers,
    module_from,
    parameter_names,
    snapshot,
    tensor_from,
)

NOISE = (100, 1, 1)
IMAGE = (3, 64, 64)
FEW = 4  # examples that a whole network is asked with: twelve million parameters take their time
MAX_TEXT = 300  # bytes of a text that travels
KEPT = 512  # numbers of each image that travel: 4 whole images would be 200 kB an array
STRIDE = 5003  # a prime: the kept numbers lie in every row, column and channel
SPREAD = 0.02  # the standard deviation that weights begin with
LAYERS = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.BatchNorm2d)

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
        refuse_computed_weights(network, name)
        if any(nn.parameter.is_lazy(p) for p in network.parameters()):
            with torch.no_grad():  # a lazy layer fills its parameters in its first call
                network(torch.zeros(examples, *shape))
        built.append(_Seen(network, name, examples))
        return built[-1]

    def inputs(key: int) -> np.ndarray:
        return formula(key, (BATCH, int(np.prod(shape))))

    arrays = ask_network(seen, name, inputs, key, [shape])
    wanted = ("parameters", "public", "loud", "hidden", "gradients", "input_gradient", "network")
    found = {name: arrays[name] for name in wanted}
    for outputs in ("public", "loud", "hidden"):
        found[outputs] = found[outputs][:examples]  # the others repeat these
    return {**found, "shape": np.array(built[-1].shape)}, built[-1]


def refuse_computed_weights(network: nn.Module, name: str) -> None:
    """Raise Slip for a layer whose weight is no parameter: its numbers could not be put there."""
    for layer in network.modules():
        if isinstance(layer, LAYERS) and "weight" not in layer._parameters:
            kind = next(kind.__name__ for kind in LAYERS if isinstance(layer, kind))
            raise Slip(
                f"{name}: the weight of a {kind} is computed from other parameters, as spectral_norm "
                "and weight_norm do; the described layers hold their weights themselves"
            )


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


# Deviations that students write for 0.02, so that a measured one, which is never exact, has a name.
DEVIATIONS = (0.0, 0.002, 0.02**2, 0.02, 0.05, 0.1, 0.02**0.5, 0.2, 1.0)


def named_deviation(values: torch.Tensor) -> float:
    """Return which of DEVIATIONS numbers have, to four percent; -1 if it is none of them."""
    measured = float(values.detach().std())
    near = [d for d in DEVIATIONS if abs(measured - d) <= 0.04 * d + 1e-7]
    return near[0] if near else -1.0


def probe_init_weights(student: Any) -> dict[str, Any]:
    """Draw the weights of a network of both kinds of convolution and a BatchNorm, two times.

    Among its layers are some that are not to change, and some that the homework has: convolutions
    without bias. "left_convolutions" and "left_norm" tell what stayed as it was built; "others" whether
    all else did, biases of convolutions and linear layers apart.
    """

    def drawn() -> tuple[list[Any], list[Any]]:
        layers: list[Any] = [
            nn.Conv2d(32, 32, 4, bias=False),
            nn.ConvTranspose2d(32, 32, 4, bias=False),
            nn.BatchNorm2d(8192),
            nn.Conv2d(2, 3, 3),
            nn.ConvTranspose2d(2, 3, 3),
            nn.Linear(3, 4),
        ]
        nn.init.constant_(layers[2].bias, 0.5)
        network = nn.Sequential(nn.Sequential(*layers[:2]), *layers[2:], nn.Tanh())
        begun = [[p.detach().clone() for p in layer.parameters()] for layer in layers]
        network.apply(student.init_weights)
        return layers, begun

    (one, begun), (two, _) = drawn(), drawn()
    kept = [
        [torch.equal(p, first) for p, first in zip(layer.parameters(), before)]
        for layer, before in zip(one, begun)
    ]
    return {
        "sample_convolution": percentiles(one[0].weight, 0.0, SPREAD),
        "sample_transposed": percentiles(one[1].weight, 0.0, SPREAD),
        "sample_norm": percentiles(one[2].weight, 1.0, SPREAD),
        "deviation_convolutions": np.array([named_deviation(layer.weight) for layer in one[:2]]),
        "deviation_norm": named_deviation(one[2].weight),
        "biases": float(one[2].bias.detach().abs().max()),
        "repeats": agree(one[0].weight.detach().numpy(), two[0].weight.detach().numpy()),
        "left_convolutions": np.array([kept[0][0], kept[1][0]]),
        "left_norm": np.array(kept[2]),
        "others": np.array([kept[3][1] and kept[4][1], all(kept[5])]),
    }


# --- steps of training ------------------------------------------------------------------------

LATENT = 4


def require_one_shape(scores: Any, targets: Any) -> None:
    """Require a loss to be called with scores and targets of one shape, as the docstrings have it."""
    if isinstance(scores, torch.Tensor) and isinstance(targets, torch.Tensor):
        one, other = tuple(scores.shape), tuple(targets.shape)
        if one != other:
            raise Slip(
                f"`loss` is called with arguments of the shapes {one} and {other}; "
                "targets must have the scores' shape"
            )


class CrossEntropy(nn.BCEWithLogitsLoss):
    """The binary cross-entropy of logits."""

    def forward(self, input: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        require_one_shape(input, target)
        return super().forward(input, target)


class Square(nn.MSELoss):
    """The mean square."""

    def forward(self, input: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        require_one_shape(input, target)
        return super().forward(input, target)


LOSSES = (("public", CrossEntropy()), ("other", Square()))


class Descent(torch.optim.SGD):
    """Plain gradient descent, so that a step shows the gradient; counts its steps."""

    def __init__(self, parameters: list[nn.Parameter]) -> None:
        super().__init__(parameters, lr=0.5)
        self.taken = 0

    def step(self, closure: Any = None) -> Any:
        self.taken += 1
        return super().step(closure)


def filled(network: nn.Module, key: int) -> nn.Module:
    with torch.no_grad():
        for position, parameter in enumerate(network.parameters(), key):
            parameter.copy_(as_tensor(formula(position, tuple(parameter.shape), 0.5)))
    return network


def small_D(key: int) -> nn.Module:
    """Build a discriminator of 4x4 images: (N, 3, 4, 4) to (N, 1, 1, 1).

    By its BatchNorm it scores a minibatch otherwise than two halves of it.
    """
    layers = (nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2), nn.LeakyReLU(0.2), nn.Conv2d(2, 1, 2))
    return filled(nn.Sequential(*layers), key)


def small_G(key: int) -> nn.Module:
    """Build a generator of 4x4 images: (N, 4, 1, 1) to (N, 3, 4, 4)."""
    return filled(nn.Sequential(nn.ConvTranspose2d(LATENT, 3, 4), nn.Tanh()), key)


def images(key: int, count: int = BATCH) -> torch.Tensor:
    return as_tensor(formula(key, (count, 3, 4, 4)))


def noise(key: int, count: int = BATCH) -> torch.Tensor:
    return as_tensor(formula(key, (count, LATENT, 1, 1)))


def number_from(value: Any, name: str) -> float:
    """Return the one number that a function returned, as a tensor or not."""
    if not isinstance(value, torch.Tensor) and holds_numbers(value):
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

    Returns losses, the changes of parameters, the gradients that are left, how many steps the optimizer
    took, whether the other network kept parameters, readiness to learn and mode, whether a gradient
    reached it, and whether one arrived at the images that the generator drew. Gradients of the step
    before lie in the way of the next one, as they do in training. "returned" is empty, or says what was
    returned where one number belongs.

    `step` is called with images, noise, discriminator, generator, loss and optimizer.
    """
    arrays: dict[str, Any] = {}
    problems: list[str] = []
    for case, loss in LOSSES:
        net_d, net_g = small_D(key), small_G(key + 10)
        own, other = (net_d, net_g) if of_discriminator else (net_g, net_d)
        give_gradients(own, key + 20)
        parameters, begun, before = list(own.parameters()), state(own), state(other)
        trainer, arrived = Descent(parameters), note_arrivals(net_g)
        values, steps, kept = [], [], np.ones(3, dtype=bool)
        for turn in (30, 40):
            value = step(images(key + turn), noise(key + turn + 1), net_d, net_g, loss, trainer)
            values.append(number_or_nan(value, name, problems))
            steps.append(snapshot(parameters) - begun[0])
            kept &= [agree(one, two) for one, two in zip(before, state(other))]
            filled(net_d, key)
            filled(net_g, key + 10)
        arrays[case] = np.array(values)
        arrays["steps" if case == "public" else "other_steps"] = np.stack(steps)
        if case == "public":
            arrays |= {"kept": kept, "left": gradients(own), "taken": trainer.taken}
            arrays |= {"reached": bool(gradients(other).any()), "arrived": bool(arrived)}
    return {**arrays, "returned": text_of(problems)}


def note_arrivals(network: nn.Module) -> list[bool]:
    """Return a list that becomes longer when a gradient arrives at what the network returned."""
    arrivals: list[bool] = []

    def hook(_module: nn.Module, _inputs: Any, result: torch.Tensor) -> None:
        if result.requires_grad:
            result.register_hook(lambda _gradient: arrivals.append(True))

    network.register_forward_hook(hook)
    return arrivals


def number_or_nan(value: Any, name: str, problems: list[str]) -> float:
    """Return the number that a function returned; if it is none, NaN, and say so in `problems`."""
    try:
        return number_from(value, name)
    except Slip as slip:
        problems.append(str(slip))
        return float("nan")


def text_of(problems: list[str]) -> np.ndarray:
    """Return the first of some texts as an array of bytes; an empty one if there is none."""
    first = problems[0] if problems else ""
    return np.frombuffer(first.encode()[:MAX_TEXT], dtype=np.uint8)


def probe_update_D(student: Any) -> dict[str, Any]:
    return ask_update("update_D", student.update_D, 27000, True)


def probe_update_G(student: Any) -> dict[str, Any]:
    step = student.update_G
    arrays = ask_update("update_G", lambda x, z, *others: step(z, *others), 28000, False)
    del arrays["reached"]  # the generator's gradient has to flow through the discriminator
    return arrays


# --- training ---------------------------------------------------------------------------------

TRAIN_LATENT = 10
# Of minibatches: at least 5, since students who print their progress divide by a fifth of their number.
SIZES = (32, 32, 32, 32, 32, 11)
FEW_SIZES = (5, 3)  # a loader so short that such a fifth is 0
EPOCHS, FEW_EPOCHS = 3, 2
RATE = 0.007  # of no round multiple is a rate that students write instead
MARK = 0.25  # no weight begins with it by itself
WIDE = 1024  # channels: enough numbers to tell a distribution by
SOME = 4096  # weights of a layer whose distribution travels
EACH = 16  # numbers of each parameter whose steps travel
NOISES = 5000  # numbers of the noise that travel
PLACES = ("X", "Z", "net_D", "net_G", "loss", "trainer")  # what a step is called with


def mark(m: nn.Module) -> None:
    """Stand in for init_weights: leave a mark in all parameters of a module, or of a network."""
    with torch.no_grad():
        for parameter in m.parameters():
            parameter.fill_(MARK)


def train_networks(wide: int) -> tuple[nn.Module, nn.Module]:
    net_d = nn.Sequential(
        nn.Conv2d(3, wide, 4, 2, 1, bias=False),
        nn.BatchNorm2d(wide),
        nn.Conv2d(wide, 1, 4, bias=False),
    )
    net_g = nn.Sequential(
        nn.ConvTranspose2d(TRAIN_LATENT, wide, 4, bias=False),
        nn.BatchNorm2d(wide),
        nn.ConvTranspose2d(wide, 3, 4, 2, 1, bias=False),
    )
    return net_d, net_g


class _Watch:
    """Stands in for update_D and update_G: gives known gradients and losses, and writes down calls.

    Arguments:
        networks: the discriminator and the generator that are trained.
        batches: the minibatches of an epoch.
        names: what the student calls the arguments of update_D and of update_G.
    """

    def __init__(
        self,
        networks: tuple[nn.Module, nn.Module],
        batches: list[torch.Tensor],
        names: tuple[list[str], list[str]],
    ) -> None:
        self.networks = networks
        self.names = names
        self.batches = itertools.cycle(batches)
        self.calls: list[list[int]] = []
        self.places: list[list[int]] = []
        self.noise: list[tuple[int, torch.Tensor]] = []
        self.first: list[list[torch.Tensor]] = []
        self.last: list[torch.Tensor] = []
        self.moves: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        self.losses = [-1, -1]  # the turn of the last loss that each step returned
        self.same_images = True
        self.loss: Any = None
        self.summed = False

    def update_D(self, *arguments: Any, **named: Any) -> torch.Tensor:
        return self.step(0, arguments, named)

    def update_G(self, *arguments: Any, **named: Any) -> torch.Tensor:
        return self.step(1, arguments, named)

    def sorted_out(
        self, who: int, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the arguments by what they are, and write down in which places they stood."""
        step = ("update_D", "update_G")[who]
        expected = PLACES[who:]
        if len(arguments) + len(named) != len(expected):
            given = len(arguments) + len(named)
            raise Slip(f"train: calls {step} with {given} arguments; it has {len(expected)}")
        placed = list(zip(range(len(expected)), arguments))
        for name, value in named.items():
            known = [names.index(name) for names in (self.names[who], expected) if name in names]
            placed.append((known[0] if known else len(placed), value))
        found = {self.kind(who, value): value for _, value in placed}
        if set(found) != set(expected):
            kinds = ", ".join(type(value).__name__ for _, value in placed)
            wanted = ", ".join([*expected[:-1], f"trainer_{step[-1]}"])
            raise Slip(f"train: calls {step} with ({kinds}); expected ({wanted})")
        order = [PLACES.index(self.kind(who, value)) for _, value in sorted(placed, key=first_of)]
        self.places.append([*order, -1][: len(PLACES)])
        return found

    def kind(self, who: int, value: Any) -> str:
        """Return which of PLACES a value is meant for; "" for none."""
        if any(value is network for network in self.networks):
            return "net_D" if value is self.networks[0] else "net_G"
        if callable(getattr(value, "step", None)):
            return "trainer"
        if isinstance(value, torch.Tensor):
            return "X" if who == 0 and value.shape[1:] == (3, 8, 8) else "Z"
        return "loss" if callable(value) else ""

    def step(self, who: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> torch.Tensor:
        found = self.sorted_out(who, arguments, named)
        if self.loss is None:
            self.first = [copies(network) for network in self.networks]
            self.last = [torch.cat([p.reshape(-1)[:EACH] for p in first]) for first in self.first]
            self.loss = found["loss"]
            self.summed = is_summed(self.loss)
        z = found["Z"].detach()
        self.note_noise(who, z)
        if who == 0:
            images = array_from(found["X"], "train: images")
            self.same_images &= agree(images, next(self.batches).numpy())
        # A step that is taken again before the other network's returns the same loss again.
        again = bool(self.calls) and self.calls[-1][0] == who
        self.losses[who] += not again
        self.calls.append([who, *[*z.shape, 0, 0, 0, 0][:4]])
        self.move(who, found["trainer"])
        # A loss that is a sum over the minibatch comes back as one.
        return given_loss(who, self.losses[who]) * (len(z) if self.summed else 1)

    def note_noise(self, who: int, z: torch.Tensor) -> None:
        """Keep the noise, unless the other network has had it just now."""
        shared = self.noise and self.noise[-1][0] != who and equal(self.noise[-1][1], z)
        if not shared:
            self.noise.append((who, z))

    def move(self, who: int, trainer: Any) -> None:
        """Let the optimizer take its step along gradients that are known."""
        parameters = list(self.networks[who].parameters())
        turn = len(self.moves[who])
        for position, parameter in enumerate(parameters):
            key = 29100 + 1000 * who + 20 * turn + position
            parameter.grad = torch.zeros_like(parameter)
            count = min(EACH, parameter.numel())
            numbers = as_tensor(formula(key, (count,), 10.0 ** (turn % 3 - 1)))
            parameter.grad.reshape(-1)[:count] = numbers
        trainer.step()
        now = torch.cat([p.detach().reshape(-1)[:EACH] for p in parameters])
        # Since the step before: what else changed the parameters in between shows, too.
        self.moves[who].append((now - self.last[who]).numpy())
        self.last[who] = now


def first_of(pair: tuple[int, Any]) -> int:
    return pair[0]


def copies(network: nn.Module) -> list[torch.Tensor]:
    return [p.detach().clone() for p in network.parameters()]


def equal(one: torch.Tensor, two: torch.Tensor) -> bool:
    return one.shape == two.shape and torch.equal(one, two)


def given_loss(who: int, turn: int) -> torch.Tensor:
    return as_tensor(formula(29000 + 50 * who + turn, (), 0.5, 1.0))


def loss_of(loss: Any, times: int = 1, only: int | None = None) -> np.ndarray:
    """Return what a loss says of four scores, each as often as told, or of one; NaN where it fails."""
    scores = np.array([-60.0, -1.0, 0.5, 80.0]) * formula(29950, (4,), 0.2, 1.0)
    labels = np.array([1.0, 0.0, 1.0, 0.0])
    if only is not None:
        scores, labels = scores[only : only + 1], labels[only : only + 1]
    shown = [np.tile(values, times).reshape(-1, 1, 1, 1) for values in (scores, labels)]
    return value_or_nan(loss, "train", *shown)


def is_summed(loss: Any) -> bool:
    """Tell whether a loss doubles where each score comes twice, as a sum does and no mean."""
    once, twice = loss_of(loss), loss_of(loss, 2)
    return once.size == 1 and twice.size == 1 and abs(float(twice) / float(once) - 2) < 1e-3


def loader_of(sizes: tuple[int, ...]) -> Any:
    """Return a loader of pictures in minibatches of these sizes, the same each time."""
    pictures = as_tensor(formula(29900, (sum(sizes), 3, 8, 8)))
    return DataLoader(TensorDataset(pictures, torch.zeros(len(pictures))), sizes[0])


def trained(student: Any, wide: int, sizes: tuple[int, ...], epochs: int) -> tuple[_Watch, Any]:
    """Train small networks with known steps; return what was seen, and what train returned."""
    data_iter = loader_of(sizes)
    pictures = data_iter.dataset.tensors[0]
    names = (own_names(student, "update_D"), own_names(student, "update_G"))
    watch = _Watch(train_networks(wide), list(pictures.split(sizes[0])), names)
    with (
        student.replaced("init_weights", mark),
        student.replaced("update_D", watch.update_D),
        student.replaced("update_G", watch.update_G),
    ):
        returned = student.train(*watch.networks, data_iter, epochs, RATE, TRAIN_LATENT)
    if not all(watch.moves):
        raise Slip("train: never calls both update_D and update_G, your functions of this file")
    return watch, returned


def own_names(student: Any, name: str) -> list[str]:
    """Return what a student calls a function's arguments; nothing if there is no such function yet."""
    function = getattr(student, name, None)
    return parameter_names(function) if function is not None else []


def probe_train(student: Any) -> dict[str, Any]:
    """Train small networks with known steps: what train does with networks, noise and losses.

    "marked" tells of each network whether init_weights was applied to all of it. Where it was not,
    train may draw the weights itself: then their distribution tells. "again" holds the epochs' losses
    of someone who weights a sum over a minibatch once more.
    """
    watch, returned = trained(student, WIDE, SIZES, EPOCHS)
    problems: list[str] = []
    losses = losses_or_none(returned, problems)
    weights = [torch.cat([first[i].reshape(-1)[:SOME] for i in (0, 3)]) for first in watch.first]
    noise = [z for _, z in watch.noise]
    numbers = torch.cat([z.reshape(-1) for z in noise])[:NOISES]
    return {
        "calls": np.array(watch.calls),
        "places": np.array(watch.places),
        "same_images": watch.same_images,
        "sample_noise": percentiles(numbers, 0.0, 1.0),
        "repeats": any(equal(one, two) for one, two in itertools.combinations(noise, 2)),
        "alike": any(len(z) > 1 and torch.equal(z[0], z[1]) for z in noise),
        "sample_weights_D": percentiles(weights[0], 0, SPREAD),
        "sample_weights_G": percentiles(weights[1], 0, SPREAD),
        "sample_norms_D": percentiles(watch.first[0][1], 1, SPREAD),
        "sample_norms_G": percentiles(watch.first[1][1], 1, SPREAD),
        "marked": np.array([all(bool((p == MARK).all()) for p in first) for first in watch.first]),
        "moves_D": np.stack(watch.moves[0]),
        "moves_G": np.stack(watch.moves[1]),
        "losses": losses,
        "again": weighted_again(),
        "returned": text_of(problems),
        "loss": loss_of(watch.loss),
        "each": np.array([loss_of(watch.loss, only=i).reshape(-1)[0] for i in range(4)]),
        "short_error": short(student),
        "together_error": together(student),
    }


def short(student: Any) -> np.ndarray:
    """Train for two minibatches, and return the kind of error that ended it, if one did."""
    problems = []
    try:
        trained(student, 8, FEW_SIZES, FEW_EPOCHS)
    except Exception as error:
        problems.append(type(error).__name__)
    return text_of(problems)


def together(student: Any) -> np.ndarray:
    """Train with the student's own steps, if these work alone; return the error that ended it.

    Steps may return a number or a tensor, and train may be written for one of them.
    """
    loader = loader_of(FEW_SIZES)
    try:
        for step in (student.update_D, student.update_G):
            networks = train_networks(8)
            for network in networks:
                network.apply(student.init_weights)
            own = networks[step is student.update_G]
            X, Z = next(iter(loader))[0], torch.ones(FEW_SIZES[0], TRAIN_LATENT, 1, 1)
            inputs = (X, Z) if step is student.update_D else (Z,)
            trainer = Descent(list(own.parameters()))
            number_from(step(*inputs, *networks, nn.BCEWithLogitsLoss(), trainer), "a step")
    except Exception:
        return text_of([])  # another probe tells that
    problems = []
    try:
        student.train(*train_networks(8), loader, FEW_EPOCHS, RATE, TRAIN_LATENT)
    except Exception as error:
        problems.append(f"{type(error).__name__}: {error}".splitlines()[0])
    return text_of(problems)


def weighted_again() -> np.ndarray:
    sizes = np.array(SIZES, dtype=np.float64)
    found = [
        [float(given_loss(who, turn)) for turn in range(EPOCHS * len(SIZES))] for who in (0, 1)
    ]
    by_epoch = np.array(found).reshape(2, EPOCHS, len(SIZES))
    means: np.ndarray = by_epoch @ sizes**2 / sizes.sum()
    return means


def losses_or_none(returned: Any, problems: list[str]) -> np.ndarray:
    """Return the two lists of losses as one array; an empty one, and say why, if there are none."""
    try:
        return losses_from(returned)
    except Slip as slip:
        problems.append(str(slip))
        return np.zeros((0,))


def losses_from(returned: Any) -> np.ndarray:
    """Return the two lists of losses as one array, or say what there is instead."""
    if not isinstance(returned, (tuple, list, np.ndarray, torch.Tensor)) or len(returned) != 2:
        kind = "None" if returned is None else f"a {type(returned).__name__}"
        if isinstance(returned, (tuple, list)):
            kind += f" of {len(returned)}"
        raise Slip(f"train: returned {kind}; expected two lists, the losses of both networks")
    lists = [_numbers(one) for one in returned]
    if len(lists[0]) != len(lists[1]):
        lengths = f"{len(lists[0])} and {len(lists[1])}"
        raise Slip(f"train: returned lists of {lengths} losses; expected one loss for each epoch")
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
    solver = Descent(parameters)
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
    if isinstance(returned, np.ndarray) and holds_numbers(returned):
        returned = torch.as_tensor(returned)
    found = array_from(returned, "buggy_pictures")
    return {"public": found, "shape": np.array(found.shape)}

"""Ask a `dcgan_keras.py` what it computes, in the words of `dcgan`: the answers are the same.

Runs in the worker; imports `autograder.probing` only. A Keras network is asked through `AsTorch`, a
module of PyTorch that holds the weights in PyTorch's layout and takes images with their channels first.
So the same formula fills the same weights, and outputs and gradients can be held against those of a
network that was written in PyTorch.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import torch
from torch import nn

from autograder.probing.formula import as_tensor, formula
from autograder.probing.networks import BATCH, ask_network
from autograder.probing.values import Slip, agree, array_from, tensor_from

NOISE = (100, 1, 1)
IMAGE = (3, 64, 64)
FEW, KEPT, STRIDE = 4, 512, 5003  # as in the probes of `dcgan`
WIDE = 512  # filters of a block: enough numbers to tell a distribution by
SOME = 8192  # weights whose distribution travels
SPREAD = 0.02  # the standard deviation that weights begin with


# --- two layouts ------------------------------------------------------------------------------


def from_keras(kernel: torch.Tensor) -> torch.Tensor:
    """Lay weights out as PyTorch does.

    Kernels go from (height, width, in, out) to (out, in, height, width), and those of transposed
    convolutions, whose channels stand the other way round on both sides, by the same permutation.
    """
    return kernel.permute(3, 2, 0, 1) if kernel.dim() == 4 else kernel


def to_keras(kernel: torch.Tensor) -> torch.Tensor:
    return kernel.permute(2, 3, 1, 0) if kernel.dim() == 4 else kernel


def channels_last(images: torch.Tensor) -> torch.Tensor:
    return images.permute(0, 2, 3, 1) if images.dim() == 4 else images


def channels_first(images: torch.Tensor) -> torch.Tensor:
    return images.permute(0, 3, 1, 2) if images.dim() == 4 else images


class _Order(keras.StatelessScope):
    """Keep the weights of a network in the order in which they are read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: dict[int, Any] = {}

    def get_current_value(self, variable: Any) -> Any:
        self.read.setdefault(id(variable), variable)
        return super().get_current_value(variable)


class AsTorch(nn.Module):
    """A student's Keras network as a module of PyTorch; outputs are thinned where there are many.

    Arguments:
        network: a Keras layer or model.
        name: of the student's function.
        shape: of one input, channels first.
        examples: of the minibatch that the network sees; outputs are repeated to fill it.
    """

    def __init__(self, network: Any, name: str, shape: tuple[int, ...], examples: int) -> None:
        super().__init__()
        if not isinstance(network, keras.Layer):
            what = "None" if network is None else type(network).__name__
            raise Slip(f"{name}: returned {what}; expected a Keras model")
        # A Sequential tells layers the mode, also those whose `call` does not ask for it.
        self.hidden_network = [keras.Sequential([network])]  # in a list: no module of this one
        self.label, self.examples = name, examples
        self.shape: tuple[int, ...] = ()
        with torch.no_grad():
            inputs = channels_last(torch.zeros(examples, *shape))
            self.keras_network(inputs)  # builds it
            with _Order() as order:
                self.keras_network(inputs, training=True)
        trainable = self.keras_network.trainable_variables
        place = {one: number for number, one in enumerate(order.read)}
        self.variables = sorted(trainable, key=lambda v: place.get(id(v), len(place)))
        self.weights = nn.ParameterList(
            nn.Parameter(from_keras(v.value.detach()).contiguous().clone()) for v in self.variables
        )
        self.began = [v.value.detach().clone() for v in self.keras_network.non_trainable_variables]
        self.state = [first.clone() for first in self.began]

    @property
    def scales(self) -> list[torch.Tensor]:
        """A normalization's factors: by their name, or because they begin at 1 and not at 0."""
        return [
            weight
            for weight, variable in zip(self.weights, self.variables)
            if weight.dim() == 1 and (variable.name == "gamma" or variable.value.mean() > 0.5)
        ]

    def values(self) -> list[torch.Tensor]:
        """Return the weights for Keras, so that `ask_network` sees their order and what they are."""
        scales = {id(weight) for weight in self.scales}
        return [
            weight + 0 if weight.dim() == 1 and id(weight) not in scales else to_keras(weight * 1)
            for weight in self.weights
        ]

    @property
    def keras_network(self) -> Any:
        return self.hidden_network[0]

    def begin_again(self) -> None:
        """Put moving statistics back where they were."""
        self.state = [first.clone() for first in self.began]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        network = self.keras_network
        own = network.non_trainable_variables
        mapping = list(zip([*self.variables, *own], [*self.values(), *self.state]))
        with keras.StatelessScope(state_mapping=mapping) as scope:
            returned = network(channels_last(x[: self.examples]), training=self.training)
        result = channels_first(tensor_from(returned, f"{self.label}'s network"))
        self.state = [scope.get_current_value(v).detach() for v in own]
        self.shape = tuple(result.shape)
        if not self.shape:
            return result
        flat = result.reshape(len(result), -1)
        size = flat.shape[1]
        kept = flat if size <= KEPT else flat[:, torch.arange(KEPT) * STRIDE % size]
        return kept.repeat(len(x) // self.examples, 1)


def ask(
    build: Callable[[], Any],
    name: str,
    key: int,
    shape: tuple[int, ...],
    examples: int = BATCH,
) -> tuple[dict[str, Any], AsTorch]:
    """Ask a network for outputs and gradients; return it, too."""
    built: list[AsTorch] = []

    def adapted(_batch: int) -> AsTorch:
        built.append(AsTorch(build(), name, shape, examples))
        return built[-1]

    def inputs(key: int) -> np.ndarray:
        return formula(key, (BATCH, int(np.prod(shape))))

    arrays = ask_network(adapted, name, inputs, key, [shape])
    wanted = ("parameters", "public", "loud", "hidden", "gradients", "input_gradient")
    found = {name: arrays[name] for name in wanted}
    for outputs in ("public", "loud", "hidden"):
        found[outputs] = found[outputs][:examples]  # the others repeat these
    return {**found, "shape": np.array(built[-1].shape)}, built[-1]


# --- blocks -----------------------------------------------------------------------------------


def ask_block(
    kind: Any, name: str, key: int, small: int, slope: dict[str, float]
) -> dict[str, Any]:
    """Ask a block with its defaults, then in evaluation mode, in other settings, and newly built."""
    arrays, network = ask(lambda: kind(20), name, key, (3, 16, 16))
    first, then = (as_tensor(formula(k, (BATCH, 3, 16, 16))) for k in (key, key + 100))
    with torch.no_grad():
        network.begin_again()
        network.train()
        network(first)
        network.eval()
        arrays["frozen"] = array_from(network(then), name)
    shape = (5, small, small)
    other, _ = ask(lambda: kind(24, strides=1, padding="valid"), name, key + 10, shape)
    odd = {"kernel_size": 3, "strides": 1, "padding": "same", **slope}
    third, _ = ask(lambda: kind(6, **odd), name, key + 20, (5, 5, 5))
    arrays |= {f"small_{field}": array for field, array in other.items()}
    arrays |= {f"odd_{field}": third[field] for field in ("shape", "public")}
    fresh = AsTorch(kind(WIDE), name, (4, 8, 8), 1)
    return {
        **arrays,
        "sample_kernels": kernels_begin(fresh),
        "sample_scales": percentiles(fresh.scales, 1.0),
    }


def percentiles(tensors: list[torch.Tensor], mean: float) -> np.ndarray:
    """Return where numbers lie in a normal distribution: uniform in (0, 1) if drawn from it."""
    flat = [tensor.detach().reshape(-1)[:SOME] for tensor in tensors]
    values = torch.cat(flat) if flat else torch.empty(0)
    placed: np.ndarray = torch.special.ndtr((values - mean) / SPREAD).numpy()
    return placed


def kernels_begin(network: AsTorch) -> np.ndarray:
    """Return where the last kernel's first numbers lie in the distribution that is asked for."""
    return percentiles([w for w in network.weights if w.dim() == 4][-1:], 0.0)


def probe_G_block(student: Any) -> dict[str, Any]:
    return ask_block(student.G_block, "G_block", 21000, 1, {})


def probe_D_block(student: Any) -> dict[str, Any]:
    return ask_block(student.D_block, "D_block", 22000, 4, {"alpha": 0.5})


class OtherBlock(keras.layers.Layer):
    """Stands in for either block, so that a wrong one costs its own checks alone.

    As in the probes of `dcgan`, it is not what a block should be; a network made of it has answers of
    its own.
    """

    def __init__(self, layer: Any, slope: float) -> None:
        super().__init__()
        self.layer = layer
        self.slope = slope

    def call(self, x: torch.Tensor, training: bool = False) -> torch.Tensor:
        return keras.ops.leaky_relu(self.layer(x), self.slope if training else -self.slope)


def other_G_block(
    filters: int, kernel_size: int = 4, strides: int = 2, padding: str = "same"
) -> Any:
    return OtherBlock(keras.layers.Conv2DTranspose(filters, kernel_size, strides, padding), 0.5)


def other_D_block(
    filters: int, kernel_size: int = 4, strides: int = 2, padding: str = "same", alpha: float = 0.2
) -> Any:
    return OtherBlock(keras.layers.Conv2D(filters, kernel_size, strides, padding), alpha + 0.3)


# --- whole networks ---------------------------------------------------------------------------


def ask_whole(student: Any, name: str, key: int, shape: tuple[int, ...]) -> dict[str, Any]:
    """Ask a network for outputs and gradients, and how the kernel of its last layer begins."""
    begun: list[np.ndarray] = []

    def build() -> Any:
        found = getattr(student, name)
        network = found if isinstance(found, keras.Layer) else found()
        if isinstance(network, keras.Layer):
            begun.append(kernels_begin(AsTorch(network, name, shape, 1)))
        return network

    arrays, _ = ask(build, name, key, shape, FEW)
    return {**arrays, "sample_last": begun[0]}


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


# --- steps of training ------------------------------------------------------------------------

LATENT = 4
MAX_TEXT = 300  # bytes of a text that travels


def require_one_shape(targets: Any, scores: Any) -> None:
    """Require a loss to be called with targets and scores of one shape, as the docstrings have it."""
    if hasattr(targets, "shape") and hasattr(scores, "shape"):
        one, other = tuple(targets.shape), tuple(scores.shape)
        if one != other:
            raise Slip(
                f"`loss` is called with arguments of the shapes {one} and {other}; "
                "targets must have the scores' shape"
            )


class CrossEntropy(keras.losses.BinaryCrossentropy):
    """The binary cross-entropy of logits."""

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        require_one_shape(y_true, y_pred)
        return super().__call__(y_true, y_pred, sample_weight)


class Square(keras.losses.MeanSquaredError):
    """The mean square."""

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        require_one_shape(y_true, y_pred)
        return super().__call__(y_true, y_pred, sample_weight)


LOSSES = (("public", lambda: CrossEntropy(from_logits=True)), ("other", Square))


class Descent(keras.optimizers.SGD):
    """Plain gradient descent, so that a step shows the gradient; counts its steps."""

    taken = 0

    def apply(self, grads: Any, trainable_variables: Any = None) -> Any:
        self.taken += 1
        return super().apply(grads, trainable_variables)


class Mode(keras.layers.Layer):
    """Change nothing, and write down whether each call is in training mode."""

    def __init__(self) -> None:
        super().__init__()
        self.modes: list[bool] = []

    def call(self, x: torch.Tensor, training: bool | None = None) -> torch.Tensor:
        self.modes.append(bool(training))
        return x


def built(mode: Mode, layers: list[Any], shape: tuple[int, ...], key: int) -> Any:
    network = keras.Sequential([keras.Input(shape), mode, *layers])
    filled(network, key)
    mode.modes.clear()  # of the calls with which Keras looked for shapes
    return network


def filled(network: Any, key: int) -> None:
    """Give all weights the numbers that the networks in PyTorch have."""
    for position, variable in enumerate(network.trainable_variables, key):
        variable.assign(to_keras(numbers_like(variable, position, 0.5)))


def numbers_like(variable: Any, key: int, scale: float) -> torch.Tensor:
    shape = tuple(from_keras(variable.value.detach()).shape)
    return as_tensor(formula(key, shape, scale))


def small_D(key: int, mode: Mode) -> Any:
    """Build a discriminator of 4x4 images: (N, 4, 4, 3) to (N, 1, 1, 1).

    By its normalization it scores a minibatch otherwise than two halves of it.
    """
    first, second = keras.layers.Conv2D(2, 3), keras.layers.Conv2D(1, 2)
    norm = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    return built(mode, [first, norm, keras.layers.LeakyReLU(0.2), second], (4, 4, 3), key)


def small_G(key: int, mode: Mode) -> Any:
    """Build a generator of 4x4 images: (N, 1, 1, 4) to (N, 4, 4, 3)."""
    layer = keras.layers.Conv2DTranspose(3, 4, activation="tanh")
    return built(mode, [layer], (1, 1, LATENT), key)


def in_torchs_order(tensors: list[torch.Tensor]) -> np.ndarray:
    """Return weights, or their gradients, one behind the other, as PyTorch has them."""
    return np.concatenate([from_keras(t.detach()).reshape(-1).numpy() for t in tensors])


def snapshot(network: Any) -> np.ndarray:
    return in_torchs_order([v.value for v in network.trainable_variables])


def gradients(network: Any) -> np.ndarray:
    """Return all gradients as one array; zeros where there are none."""
    values = [v.value for v in network.trainable_variables]
    return in_torchs_order([torch.zeros_like(v) if v.grad is None else v.grad for v in values])


def give_gradients(network: Any, key: int) -> None:
    """Leave gradients in a network's weights, as a step before would have."""
    for position, variable in enumerate(network.trainable_variables, key):
        variable.value.grad = to_keras(numbers_like(variable, position, 1.0)).contiguous()


def number_from(value: Any, name: str) -> float:
    """Return the one number that a function returned, as a tensor or not."""
    if isinstance(value, (float, int, np.generic, np.ndarray)):
        value = torch.as_tensor(value, dtype=torch.float64)
    tensor = tensor_from(value, name).detach()
    if tensor.numel() != 1:
        raise Slip(f"{name}: returned a tensor of shape {tuple(tensor.shape)}; expected one number")
    return float(tensor)


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


def ask_update(name: str, step: Callable[..., Any], key: int, of_D: bool) -> dict[str, Any]:
    """Take two steps with each of two losses, from the same weights each time.

    Returns losses, the changes of weights, the gradients that are left, how many steps the optimizer
    took, whether the other network kept its weights and their readiness to learn, whether a gradient
    reached it, and whether both networks computed in training mode. "returned" is empty, or says what
    was returned where one number belongs. `step` is called with images, noise, discriminator,
    generator, loss, and plain gradient descent.
    """
    arrays: dict[str, Any] = {}
    modes = (Mode(), Mode())
    problems: list[str] = []
    untouched = True
    for case, loss in LOSSES:
        modes = (Mode(), Mode())
        net_D, net_G = small_D(key, modes[0]), small_G(key + 10, modes[1])
        own, other = (net_D, net_G) if of_D else (net_G, net_D)
        give_gradients(own, key + 20)
        begun, before = snapshot(own), snapshot(other)
        taking = [v.trainable for v in other.variables]
        trainer = Descent(0.5)
        values, steps = [], []
        for turn in (30, 40):
            images = channels_last(as_tensor(formula(key + turn, (BATCH, 3, 4, 4))))
            noise = channels_last(as_tensor(formula(key + turn + 1, (BATCH, LATENT, 1, 1))))
            value = step(images, noise, net_D, net_G, loss(), trainer)
            values.append(number_or_nan(value, name, problems))
            steps.append(snapshot(own) - begun)
            untouched &= agree(before, snapshot(other))
            untouched &= taking == [v.trainable for v in other.variables]
            filled(net_D, key)
            filled(net_G, key + 10)
        arrays[case] = np.array(values)
        arrays["steps" if case == "public" else "other_steps"] = np.stack(steps)
        if case == "public":
            arrays |= {"left": gradients(own), "reached": bool(gradients(other).any())}
            arrays["taken"] = trainer.taken
    training = [bool(mode.modes) and all(mode.modes) for mode in modes]
    return {
        **arrays,
        "untouched": untouched,
        "training": np.array(training),
        "returned": text_of(problems),
    }


def probe_update_D(student: Any) -> dict[str, Any]:
    return ask_update("update_D", student.update_D, 27000, True)


def probe_update_G(student: Any) -> dict[str, Any]:
    step = student.update_G
    arrays = ask_update("update_G", lambda x, z, *others: step(z, *others), 28000, False)
    del arrays["reached"]  # the generator's gradient has to flow through the discriminator
    return arrays

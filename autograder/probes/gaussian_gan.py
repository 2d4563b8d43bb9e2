"""Ask a `gaussian_gan.py` what it computes. Runs in the worker; imports `autograder.probing` only.

The updates and the training are asked with networks of the probe's own, so that a wrong network costs
its own checks alone; whether scores are logits or probabilities is the student's choice, and the
networks follow it. The training is asked once with the student's updates and once with given ones.
"""

import copy
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.probing.formula import as_tensor, formula, weight_bound, weights_by_formula
from autograder.probing.networks import BATCH, ask_network
from autograder.probing.values import Slip, agree, holds_numbers, parameter_names, snapshot

D_SIZES, G_SIZES = (2, 5, 3, 1), (2, 2)  # of the homework's own networks
OTHER_D, OTHER_G = (3, 4, 1), (4, 3)  # of others that fit together: the updates are for any
Ask = Callable[[Any, bool], dict[str, Any]]  # (student, scores are probabilities) -> arrays


# --- what the student returns -----------------------------------------------------------------


def number_from(value: Any) -> np.ndarray:
    """Return a loss as an array, whether it is a tensor or a number; an empty one for anything else.

    The suite says what is missing; the step that was taken is judged all the same.
    """
    if not holds_numbers(value):
        return np.zeros(0, dtype=np.float32)
    if isinstance(value, torch.Tensor):
        return np.array(value.detach().to("cpu", torch.float32).numpy())
    return np.array(value, dtype=np.float32)


def numbers_from(values: Any) -> np.ndarray:
    """Return numbers, or tensors of one number, in a row, as an array; else an empty one."""
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        return np.zeros(0, dtype=np.float32)
    if isinstance(values, (np.ndarray, torch.Tensor)) and values.ndim == 0:
        return np.zeros(0, dtype=np.float32)
    found = [number_from(value) for value in values]
    if any(number.size != 1 for number in found):
        return np.zeros(0, dtype=np.float32)
    return np.array([number.reshape(()) for number in found], dtype=np.float32)


LONGEST = 200  # bytes of a text that travels


def characters(text: str) -> np.ndarray:
    """Return a text's bytes: what was met, in words that the suite shows the student."""
    return np.frombuffer(text.encode("ascii", "replace")[:LONGEST], np.uint8)


def kind_of(value: Any) -> str:
    """Say in words what a function returned: "one number", "None", "a list of 2"."""
    if value is None:
        return "None"
    if isinstance(value, (torch.Tensor, np.ndarray, np.generic)):
        of = "a tensor" if isinstance(value, torch.Tensor) else "an array"
        return "one number" if value.ndim == 0 else f"{of} of shape {tuple(value.shape)}"
    if isinstance(value, (float, int)):
        return "one number"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    word = {"str": "text"}.get(type(value).__name__, type(value).__name__)
    return f"an object of type {word}" if word != "text" else "text"


def what_failed(problem: Exception) -> np.ndarray:
    """Return an error's kind, and the shapes that it speaks of: words of PyTorch change."""
    shapes = re.findall(r"\d+x\d+|\[[\d, ]+\]|\([\d, ]+\)", str(problem))
    return characters(" ".join([type(problem).__name__, *shapes[:4]]))


NOTHING = characters("")


# --- networks ---------------------------------------------------------------------------------


class Undone(nn.Module):
    """A student's network whose sigmoid is undone, so that it is judged by its logits."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.logit(self.network(x))


def built_by(student: Any, name: str) -> Callable[[], Any]:
    """Return what builds a network: the function or class, or copies of what is a network itself."""
    found = getattr(student, name)
    return (lambda: copy.deepcopy(found)) if isinstance(found, nn.Module) else found


def gives_probabilities(student: Any) -> bool | None:
    """Tell whether the student's discriminator returns probabilities; None where it cannot be told.

    Weights and inputs so large that logits would leave (0, 1) leave no doubt.
    """
    try:
        with torch.random.fork_rng(devices=[]):  # a seed set here must not hide from net_D's probe
            network = built_by(student, "net_D")()
        scores = []
        for key in (100, 200, 300):
            with torch.no_grad():
                for position, parameter in enumerate(network.parameters(), key):
                    parameter.copy_(weights_by_formula(position, tuple(parameter.shape), 2.0))
                scores.append(network(as_tensor(formula(key + 50, (64, 2), 3.0))).reshape(-1))
    except Exception:  # net_D is missing or wrong: its own probe tells the student
        return None
    every = torch.cat(scores)
    return bool(every.min() >= 0 and every.max() <= 1 and every.std() > 0.01)


def points(key: int) -> np.ndarray:
    return formula(key, (BATCH, 2), 2.0)


def probe_net_G(student: Any) -> dict[str, Any]:
    construct = built_by(student, "net_G")
    arrays = ask_network(lambda batch: construct(), "net_G", points, 1000)
    return {**arrays, **in_the_game(student, arrays, 2)}


def probe_net_D(student: Any) -> dict[str, Any]:
    def build(batch: int) -> Any:
        network = construct()
        return Undone(network) if probabilities and isinstance(network, nn.Module) else network

    construct = built_by(student, "net_D")
    probabilities = gives_probabilities(student)
    arrays = ask_network(build, "net_D", points, 2000)
    return {**arrays, **in_the_game(student, arrays, 1)}


def in_the_game(student: Any, arrays: dict[str, Any], wide: int) -> dict[str, Any]:
    """Tell whether a network of an unusual shape can be used by the student's own training.

    A network as it is described is used by the probes of the updates and of the training.
    """
    together = NOTHING
    if tuple(arrays["shape"]) != (BATCH, wide):
        try:
            with torch.random.fork_rng(devices=[]):
                D, G = built_by(student, "net_D")(), built_by(student, "net_G")()
                batches = [as_tensor(formula(2900 + i, (BATCH, 2), 2.0)) for i in range(5)]
                student.train(D, G, Minibatches(batches), 1, 0.05, 0.005, 2, torch.cat(batches))
        except Exception as problem:  # a student's own training tells whether it can be used
            together = what_failed(problem)
    return {"together": together}


def chain(sizes: tuple[int, ...], key: int, probabilities: bool = False) -> nn.Sequential:
    """Return linear layers of these sizes with Tanh between them and weights by formula."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.Tanh()]
    network = nn.Sequential(*layers[:-1], *([nn.Sigmoid()] if probabilities else []))
    put_weights(network, key)
    return network


def put_weights(network: nn.Module, key: int) -> None:
    """Overwrite every parameter by formula."""
    with torch.no_grad():
        for position, parameter in enumerate(network.parameters(), key):
            shape = tuple(parameter.shape)
            scale = weight_bound(shape) if len(shape) > 1 else 0.25
            parameter.copy_(weights_by_formula(position, shape, scale))


def parameters_of(network: nn.Module) -> np.ndarray:
    return snapshot(list(network.parameters())).astype(np.float64)


# --- one step of each player ------------------------------------------------------------------

# A step of gradient descent with learning rate 1 moves each parameter by its gradient: what the
# update computed can be read off, whatever its own scale.
RATE = 1.0


class Table:
    """Two networks, noise and real points, laid out for one call of an update."""

    def __init__(
        self, key: int, sizes: tuple[tuple[int, ...], tuple[int, ...]], count: int, sigmoid: bool
    ) -> None:
        self.D = chain(sizes[0], key + 10, sigmoid)
        self.G = chain(sizes[1], key + 20)
        self.X = as_tensor(formula(key, (count, sizes[0][0]), 2.0))
        self.Z = as_tensor(formula(key + 1, (count, sizes[1][0]), 2.0))
        self.reached = False

    def step(
        self, moved: nn.Module, call: Callable[[torch.optim.Optimizer], Any]
    ) -> tuple[Any, np.ndarray]:
        """Let an update move one of the networks; return what it returned and the step."""
        trainer = torch.optim.SGD(moved.parameters(), lr=RATE)
        before = parameters_of(moved)
        hooks = [p.register_hook(self.note) for p in moved.parameters()]
        value = call(trainer)
        for hook in hooks:
            hook.remove()
        return value, parameters_of(moved) - before

    def note(self, gradient: torch.Tensor) -> None:
        """Note that a gradient of the network that is to move was computed."""
        self.reached = True

    def again(self, key: int) -> None:
        """Give both networks other weights, whatever became of them in a step; gradients stay."""
        for network, place in ((self.D, key + 10), (self.G, key + 20)):
            network.requires_grad_(True)
            put_weights(network, place)

    def other(self, network: nn.Module, before: np.ndarray) -> dict[str, Any]:
        """Return how far a network moved that is not to move, and whether it may still learn."""
        return {
            "moved": parameters_of(network) - before,
            "trainable": all(p.requires_grad for p in network.parameters()),
        }


def has_gradient(network: nn.Module) -> bool:
    return any(p.grad is not None and bool(p.grad.any()) for p in network.parameters())


def loss_for(probabilities: bool) -> nn.Module:
    return nn.BCELoss() if probabilities else nn.BCEWithLogitsLoss()


def least_squares(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Compute another loss than cross-entropy, to see whether the one that is passed is used."""
    return ((scores - labels) ** 2).mean()


def ask_update_D(student: Any, probabilities: bool) -> dict[str, Any]:
    """Take one step, one after the generator has left gradients, one in another setting."""
    update, loss = student.update_D, loss_for(probabilities)
    arrays: dict[str, Any] = {}

    t = Table(3000, (D_SIZES, G_SIZES), BATCH, probabilities)
    other, X, Z = parameters_of(t.G), t.X.clone(), t.Z.clone()
    call = lambda trainer: update(t.X, t.Z, t.D, t.G, loss, trainer)  # noqa: E731
    value, arrays["step"] = t.step(t.D, call)
    arrays |= {"value": number_from(value), "kind": characters(kind_of(value))}
    arrays |= t.other(t.G, other)
    arrays["gradient"] = has_gradient(t.G)
    # No matter, but they tell mistakes apart: is a gradient left, and was one computed?
    arrays |= {"own_gradient": has_gradient(t.D), "reached": t.reached}
    arrays["changed"] = not (torch.equal(X, t.X) and torch.equal(Z, t.Z))

    t.again(3100)
    for position, p in enumerate(t.D.parameters(), 3150):  # as the generator's step leaves them
        p.grad = as_tensor(formula(position, tuple(p.shape)))
    _, arrays["second_step"] = t.step(t.D, call)

    o = Table(3200, (OTHER_D, OTHER_G), BATCH - 3, False)
    last = lambda trainer: update(o.X, o.Z, o.D, o.G, least_squares, trainer)  # noqa: E731
    arrays |= in_another_setting("other_step", lambda: o.step(o.D, last)[1])
    return arrays


def ask_update_G(student: Any, probabilities: bool) -> dict[str, Any]:
    """Take one step, one more after it, and one in another setting."""
    update, loss = student.update_G, loss_for(probabilities)
    arrays: dict[str, Any] = {}

    t = Table(4000, (D_SIZES, G_SIZES), BATCH, probabilities)
    other, Z = parameters_of(t.D), t.Z.clone()
    call = lambda trainer: update(t.Z, t.D, t.G, loss, trainer)  # noqa: E731
    value, arrays["step"] = t.step(t.G, call)
    arrays |= {"value": number_from(value), "kind": characters(kind_of(value))}
    arrays |= t.other(t.D, other)
    arrays |= {"own_gradient": has_gradient(t.G), "reached": t.reached}
    arrays["changed"] = not torch.equal(Z, t.Z)

    t.again(4100)
    _, arrays["second_step"] = t.step(t.G, call)

    o = Table(4200, (OTHER_D, OTHER_G), BATCH - 3, False)
    last = lambda trainer: update(o.Z, o.D, o.G, least_squares, trainer)  # noqa: E731
    arrays |= in_another_setting("other_step", lambda: o.step(o.G, last)[1])
    return arrays


def in_another_setting(name: str, ask: Callable[[], np.ndarray]) -> dict[str, np.ndarray]:
    """Return what was asked; or nothing, and what failed, where the student's code raises.

    The suite says so, and judges the usual setting by itself.
    """
    try:
        return {name: ask(), f"{name}_failed": NOTHING}
    except Exception as problem:
        return {name: np.zeros(0), f"{name}_failed": what_failed(problem)}


def in_order(
    function: Callable[..., Any], name: str, ask: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Ask; note where the function has the described arguments in another order.

    An error is then told as what it comes from.
    """
    names, described = parameter_names(function), ORDER[name]
    other = names != [*described] and sorted(names) == sorted(described)
    order = f"({', '.join(names)})" if other else ""
    try:
        return {**ask(), "order": characters(order)}
    except NotImplementedError:
        raise
    except Exception as problem:
        if not order:
            raise
        raise Slip(f"{name}: takes {order}; described is ({', '.join(described)})") from problem


def probe_update_D(student: Any) -> dict[str, Any]:
    ask = lambda: ask_update_D(student, bool(gives_probabilities(student)))  # noqa: E731
    return in_order(student.update_D, "update_D", ask)


def probe_update_G(student: Any) -> dict[str, Any]:
    ask = lambda: ask_update_G(student, bool(gives_probabilities(student)))  # noqa: E731
    return in_order(student.update_G, "update_G", ask)


# --- training ---------------------------------------------------------------------------------


class Minibatches(DataLoader):
    """Hand out fixed minibatches as a loader does, and know which one is under way."""

    def __init__(
        self,
        batches: list[torch.Tensor],
        before: Callable[[], None] = lambda: None,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(TensorDataset(torch.cat(batches)), batch_size=len(batches[0]))
        self.batches, self.before, self.after = batches, before, after
        self.epochs = self.place = 0

    def __iter__(self) -> Iterator[list[torch.Tensor]]:  # type: ignore[override]
        for place, batch in enumerate(self.batches):
            self.place = place
            self.before()
            yield [batch.clone()]
            self.after()
        self.epochs += 1

    def __len__(self) -> int:
        return len(self.batches)

    @property
    def number(self) -> int:
        """Count minibatches, those of finished epochs too; a mere peek into a loader counts nothing."""
        return self.epochs * len(self.batches) + self.place


ORDER = {
    "update_D": ("X", "Z", "net_D", "net_G", "loss", "trainer_D"),
    "update_G": ("Z", "net_D", "net_G", "loss", "trainer_G"),
    "train": ("net_D", "net_G", "data_iter", "num_epochs", "lr_D", "lr_G", "latent_dim", "data"),
}


class Calls:
    """Note what a training passes to its updates, and which of it stands in a wrong place."""

    def __init__(self, D: nn.Module, G: nn.Module, loader: Minibatches) -> None:
        self.networks = {"net_D": D, "net_G": G}
        self.loader = loader
        self.count = dict.fromkeys(("update_D", "update_G"), 0)
        self.misplaced = ""
        self.loss: Any = None

    def around(self, name: str, update: Callable[..., Any]) -> Callable[..., Any]:
        """Return an update that notes what it is given before it does its work."""

        def noted(*args: Any, **named: Any) -> Any:
            self.count[name] += 1
            if self.count[name] > 2:  # the places stay the same, and looking takes time
                return update(*args, **named)
            passed = {**dict(zip(ORDER[name], args)), **named}
            self.loss = self.loss or passed.get("loss")
            wrong = self.in_wrong_places(passed)
            words = f"{name} gets {wrong}" if wrong else ""
            self.misplaced = self.misplaced or words
            try:
                return update(*args, **named)
            except NotImplementedError:
                raise
            except Exception as problem:
                if not words:
                    raise
                raise Slip(f"train: {words}, and fails with it") from problem

        return noted

    def in_wrong_places(self, passed: Mapping[str, Any]) -> str:
        """Say which arguments are certainly something else than their place asks for."""
        pairs = ((self.name_of(value, place), place) for place, value in passed.items())
        return ", ".join(
            f"{found} in the place of {place}" for found, place in pairs if found not in ("", place)
        )

    def name_of(self, value: Any, place: str) -> str:
        """Return what a value is known to be, as the arguments are called; "" if that is open."""
        for name, network in self.networks.items():
            if value is network:
                return name
            if isinstance(value, torch.optim.Optimizer):
                moved = {id(p) for group in value.param_groups for p in group["params"]}
                if moved and moved <= {id(p) for p in network.parameters()}:
                    return name.replace("net", "trainer")
        if isinstance(value, torch.Tensor) and place != "X":
            points = self.loader.batches[self.loader.place]
            if value.shape == points.shape and bool((value.to(points.dtype) == points).all()):
                return "X"
        return ""

    def of_loss(self) -> np.ndarray:
        """Return the value of the loss that was passed, and its ratio for twice as many scores.

        A mean has the ratio 1, a sum 2. Both are NaN where the training passes no loss.
        """
        scores, labels = torch.tensor([[0.3], [0.6]]), torch.tensor([[1.0], [0.0]])
        try:
            with torch.no_grad():
                once = float(self.loss(scores, labels))
                twice = float(self.loss(scores.repeat(2, 1), labels.repeat(2, 1)))
        except Exception:  # it takes something else, or there is none
            return np.full(2, np.nan)
        return np.array([once, twice / once if once else np.nan])


Play = Callable[..., tuple[Any, Calls]]


def player(student: Any, given: bool) -> Play:
    """Return what lets the student's training run, with its own updates or with right ones."""
    right = {"update_D": given_update_D, "update_G": given_update_G}

    def play(D: nn.Module, G: nn.Module, loader: Minibatches, *settings: Any) -> tuple[Any, Calls]:
        calls = Calls(D, G, loader)
        with ExitStack() as stack:
            for name in right:
                update = right[name] if given else getattr(student, name, None)
                if callable(update):  # a training may have its steps inside
                    stack.enter_context(student.replaced(name, calls.around(name, update)))
            return student.train(D, G, loader, *settings), calls

    return play


def normal_to_uniform(values: np.ndarray, deviation: float) -> np.ndarray:
    """Map numbers to (0, 1) by the normal distribution's function: normal ones become uniform."""
    erf = np.vectorize(math.erf, otypes=[np.float64])
    return (0.5 + 0.5 * erf(values / (deviation * math.sqrt(2)))).astype(np.float32)


def sizes(values: np.ndarray, trimmed: float, divisor: float) -> np.ndarray:
    """Return numbers on a logarithmic scale, on which every spread shows; without the extremes.

    The mistakes' fingerprints compare quantiles up to 0.06; the divisor puts that at five deviations.
    """
    ordered = np.sort(values.astype(np.float64), axis=None)
    cut = int(trimmed * ordered.size)
    kept = ordered[cut : ordered.size - cut]
    return (np.sign(kept) * np.log1p(np.abs(kept) / DEVIATION) / divisor).astype(np.float32)


# 8660 and 8780 weights. With these widths the usual ways to draw weights have different deviations:
# 0.169 (He), 0.103 (Glorot), 0.141 (the root of 0.02).
WIDE_D, WIDE_G = (2, 70, 120, 1), (2, 70, 120, 2)
DEVIATION = 0.02  # what the homework asks for


def ask_beginning(play: Play, probabilities: bool) -> dict[str, Any]:
    """Train wide networks for a moment: what weights they begin with, and what noise is drawn."""
    networks = {"d": chain(WIDE_D, 5000, probabilities), "g": chain(WIDE_G, 5010)}
    came = {name: parameters_of(network) for name, network in networks.items()}
    loader = Minibatches([as_tensor(formula(5020 + i, (800, 2), 2.0)) for i in range(5)])
    arrays: dict[str, Any] = {}
    noise = Noise(loader)

    def note_parameters(name: str) -> Callable[..., None]:
        def note(network: nn.Module, inputs: Any) -> None:
            if f"zero_biases_{name}" not in arrays:
                arrays.update(beginning(network, name, came[name]))

        return note

    for name, network in networks.items():
        network.register_forward_pre_hook(note_parameters(name))
    networks["g"].register_forward_pre_hook(noise.note)
    play(networks["d"], networks["g"], loader, 1, 1e-3, 1e-3, 2, torch.cat(loader.batches))
    for name, network in networks.items():  # of networks that were never used
        note_parameters(name)(network, ())
    for name, place in (("noise", 0), ("noise_g", -1)):
        values = noise.values(place)
        arrays[f"sample_{name}"] = normal_to_uniform(values, 1.0)
        arrays[f"sample_{name}_moments"] = moments_of(values)
    arrays["repeats"] = noise.repeats()
    return arrays


def beginning(network: nn.Module, name: str, came: np.ndarray) -> dict[str, Any]:
    """Describe the parameters of a network: their distribution, and whether they are as they came."""
    every = list(network.parameters())
    weights, biases = (
        snapshot([p for p in every if (p.dim() > 1) == matrices]) for matrices in (True, False)
    )
    first, middle, *_ = (snapshot([p]) for p in every if p.dim() > 1)
    return {
        f"sample_weights_{name}": normal_to_uniform(weights, DEVIATION),
        f"sample_first_sizes_{name}": sizes(first, 0.05, 8.0),
        f"sample_middle_sizes_{name}": sizes(middle, 0.01, 2.0),
        f"sample_moments_{name}": np.array([*moments_of(weights), *moments_of(biases)]),
        f"biases_{name}": normal_to_uniform(biases, DEVIATION),
        f"zero_biases_{name}": not biases.any(),
        f"kept_{name}": agree(parameters_of(network), came),
    }


def moments_of(values: np.ndarray) -> np.ndarray:
    """Return mean and deviation, or nothing of nothing."""
    return np.array([values.mean(), values.std()]) if values.size else np.zeros(0)


class Noise:
    """Note what a generator is given in the first epoch: at its first two uses in each minibatch.

    The first is for the discriminator's step and the second for its own, which may have other noise.
    """

    def __init__(self, loader: Minibatches) -> None:
        self.loader = loader
        self.seen: dict[int, list[np.ndarray]] = {}

    def note(self, network: nn.Module, inputs: Any) -> None:
        given = self.seen.setdefault(self.loader.place, []) if self.loader.epochs == 0 else None
        if given is not None and len(given) < 2:
            given.append(inputs[0].detach().numpy().copy())

    def at(self, place: int) -> list[np.ndarray]:
        return [self.seen[number][place] for number in sorted(self.seen)]

    def values(self, place: int) -> np.ndarray:
        return np.concatenate([z.reshape(-1) for z in self.at(place)] or [np.zeros(0)])

    def shapes(self, place: int) -> np.ndarray:
        return np.array([z.shape for z in self.at(place)], dtype=np.float64)

    def repeats(self) -> bool:
        """Tell whether two minibatches share noise."""
        groups = list(self.seen.values())
        return any(
            agree(one, other)
            for number, group in enumerate(groups)
            for one in group
            for earlier in groups[:number]
            for other in earlier
        )


def ask_sizes(play: Play, probabilities: bool) -> np.ndarray:
    """Return the shapes of the noise for 6, 6 and 4 points of a short loader, 5 wide, at both uses."""
    D, G = chain((3, 4, 1), 5100, probabilities), chain((5, 3), 5110)
    loader = Minibatches([as_tensor(formula(5120 + i, (n, 3))) for i, n in enumerate((6, 6, 4))])
    noise = Noise(loader)
    G.register_forward_pre_hook(noise.note)
    play(D, G, loader, 1, 1e-3, 1e-3, 5, torch.cat(loader.batches))
    return np.stack([noise.shapes(0), noise.shapes(-1)])


RATES = (0.03, 0.01)  # of discriminator and generator, none of them the homework's
# Five minibatches at least: a line of progress after each fifth of an epoch divides by a fifth.
EPOCHS, PER_EPOCH = 3, 5


def ask_steps(play: Play, probabilities: bool) -> dict[str, Any]:
    """Train from given weights on given noise: every step follows, and so does every loss.

    The networks replace their weights at their first use, after they were initialized, and the
    generator its noise at each use, by the number of the minibatch. What is random is gone.
    """
    D, G = chain(D_SIZES, 6000, probabilities), chain(G_SIZES, 6010)
    history: dict[str, list[np.ndarray]] = {"d": [], "g": []}
    batches = [as_tensor(formula(6020 + i, (BATCH, 2), 2.0)) for i in range(PER_EPOCH)]

    def note() -> None:
        history["d"].append(parameters_of(D))
        history["g"].append(parameters_of(G))

    def note_beginning() -> None:
        if not history["d"]:  # of networks that are never used, it is what they were initialized to
            begun.update({"d": parameters_of(D), "g": parameters_of(G)})

    loader = Minibatches(batches, note_beginning, note)

    def put_noise(network: nn.Module, inputs: Any) -> Any:
        return (as_tensor(formula(6040 + loader.number, (len(inputs[0]), 2), 2.0)),)

    begun = {"d": parameters_of(D), "g": parameters_of(G)}
    for name, network, key in (("d", D, 6000), ("g", G, 6010)):
        at_first_use(
            network, key, lambda n=name, net=network: begun.update({n: parameters_of(net)})
        )
    G.register_forward_pre_hook(put_noise)
    result, calls = play(D, G, loader, EPOCHS, *RATES, 2, torch.cat(batches))
    arrays: dict[str, Any] = {
        "passes": len(history["d"]),
        "calls": np.array(list(calls.count.values())),
        "misplaced": characters(calls.misplaced),
        "loss": calls.of_loss(),
        "returned": characters(kind_of(result)),
    }
    for name, rate, network in zip("dg", RATES, (D, G)):
        steps = np.diff([begun[name], *history[name]], axis=0)
        arrays[f"steps_{name}"] = steps / rate
        arrays[f"first_step_{name}"] = steps[:1] / rate
        arrays[f"total_{name}"] = (parameters_of(network) - begun[name]) / rate
    arrays["losses_d"], arrays["losses_g"] = (numbers_from(losses) for losses in pair_of(result))
    return arrays


def pair_of(result: Any) -> Any:
    """Return both lists of losses, in whatever they come; two empty ones for anything else."""
    if isinstance(result, Mapping):
        result = tuple(result.values())
    several = isinstance(result, (tuple, list)) or (
        isinstance(result, (np.ndarray, torch.Tensor)) and result.ndim == 2
    )
    return result if several and len(result) == 2 else ((), ())


def at_first_use(network: nn.Module, key: int, then: Callable[[], None]) -> None:
    """Let a network replace its weights by the formula's when it is first used, and go on."""

    def replace(network: nn.Module, inputs: Any) -> None:
        handle.remove()
        put_weights(network, key)
        then()

    handle = network.register_forward_pre_hook(replace)


# What the data of the last run are drawn from, and how it is trained: found by trying, so that a right
# training comes close in every one of thousands of runs, in half a second. A discriminator with one
# hidden layer of 16 follows the generator fast enough that the two do not circle each other.
CLOUD_MAP, CLOUD_SHIFT = ((1.0, 0.6), (-0.2, 0.7)), (1.0, -1.0)
CLOUD_SIZES = ((2, 16, 1), (2, 2))
CLOUD_RATES = (0.05, 0.01)
CLOUD_EPOCHS, CLOUD_PER_EPOCH, CLOUD_BATCH = 8, 50, 64


def whitened(key: int, count: int) -> np.ndarray:
    """Return points that look normal, with mean 0 and covariance I to the last digit."""
    angle, radius = np.pi * formula(key, (count,)), formula(key + 1, (count,), 0.5, 0.5)
    length = np.sqrt(-2 * np.log1p(-radius))
    values = np.stack([length * np.cos(angle), length * np.sin(angle)], 1)  # Box and Muller, 1958
    values -= values.mean(0)
    return values @ np.linalg.inv(np.linalg.cholesky(values.T @ values / count)).T


def ask_cloud(play: Play, probabilities: bool) -> np.ndarray:
    """Train for real; return mean and covariance of the generated points, (3, 2)."""
    D, G = chain(CLOUD_SIZES[0], 7000, probabilities), chain(CLOUD_SIZES[1], 7010)
    count = CLOUD_PER_EPOCH * CLOUD_BATCH
    real = as_tensor(whitened(7020, count) @ np.array(CLOUD_MAP) + np.array(CLOUD_SHIFT))
    loader = Minibatches(list(real.split(CLOUD_BATCH)))
    play(D, G, loader, CLOUD_EPOCHS, *CLOUD_RATES, 2, real)
    with torch.no_grad():
        cloud = G(as_tensor(whitened(7030, 1000))).numpy().astype(np.float64)
    centred = cloud - cloud.mean(0)
    return np.stack([cloud.mean(0), *(centred.T @ centred / len(cloud))])


def ask_train(play: Play, probabilities: bool) -> dict[str, Any]:
    return {
        **ask_steps(play, probabilities),
        **ask_beginning(play, probabilities),
        **in_another_setting("noise_shapes", lambda: ask_sizes(play, probabilities)),
        "sample_cloud": ask_cloud(play, probabilities),
    }


def probe_train(student: Any, given: bool = False) -> dict[str, Any]:
    play = player(student, given)

    def ask() -> dict[str, Any]:
        known = gives_probabilities(student)
        if known is not None:
            return ask_train(play, known)
        try:
            return ask_train(play, False)
        except NotImplementedError:
            raise
        except Exception as problem:  # a loss of probabilities refuses logits; then it gets those
            try:
                return ask_train(play, True)
            except Exception:
                raise problem from None

    return in_order(student.train, "train", ask)


def given_update_D(X: Any, Z: Any, D: Any, G: Any, loss: Any, trainer: Any) -> torch.Tensor:
    """Take a right step of the discriminator."""
    return given_step(trainer, [(loss, D(X), 0.5, 1.0), (loss, D(G(Z).detach()), 0.5, 0.0)])


def given_update_G(Z: Any, D: Any, G: Any, loss: Any, trainer: Any) -> torch.Tensor:
    """Take a right step of the generator."""
    return given_step(trainer, [(loss, D(G(Z)), 1.0, 1.0)])


def given_step(trainer: Any, terms: list[tuple[Any, torch.Tensor, float, float]]) -> torch.Tensor:
    """Minimize a weighted sum of losses for one step; return it."""
    total = sum(
        weight * loss(scores, torch.full_like(scores, label))
        for loss, scores, weight, label in terms
    )
    trainer.zero_grad()
    total.backward()
    trainer.step()
    return total.detach()


def probe_train_given_updates(student: Any) -> dict[str, Any]:
    """Ask again with right updates, so that a wrong one costs its own checks alone."""
    return probe_train(student, given=True)

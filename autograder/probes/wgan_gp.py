"""Ask a `wgan_gp.py` what it computes. Runs in the worker; imports `autograder.probing` only.

All networks are the probe's own, and tiny. What calls other functions of the student's is asked twice,
the second time with right ones in their place, so that a wrong one costs its own checks alone.
"""

import math
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.probing.formula import as_tensor, formula, weight_bound, weights_by_formula
from autograder.probing.losses import ask_loss, gradients_of
from autograder.probing.networks import BATCH
from autograder.probing.values import Slip, agree, called, holds_numbers, snapshot, tensor_from

# --- networks and numbers ---------------------------------------------------------------------

CRITIC, GENERATOR = (6, 5, 1), (3, 4, 6)  # sizes of layers: images of 6 pixels, noise of 3 numbers
OTHER_CRITIC, OTHER_GENERATOR = (4, 7, 1), (2, 4)  # and of others that fit together
# Found by trying: images so wide, and a last layer so steep, that slopes lie on both sides of one.
WIDE, STEEP = 3.0, 1.6
RATE = 1.0  # gradient descent moves by the gradient itself, which can be read off so


def network(sizes: tuple[int, ...], key: int) -> nn.Sequential:
    """Return linear layers of these sizes with Tanh between them and weights by formula.

    The last layer of a critic is steep, so that its slope is no rarity on either side of one.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.Tanh()]
    found = nn.Sequential(*layers[:-1])
    put_weights(found, key)
    return found


def put_weights(network: nn.Module, key: int) -> None:
    """Overwrite every parameter by formula."""
    with torch.no_grad():
        for position, parameter in enumerate(network.parameters(), key):
            shape = tuple(parameter.shape)
            scale = weight_bound(shape) if len(shape) > 1 else 0.25
            steep = STEEP if shape[0] == 1 and len(shape) > 1 else 1.0
            parameter.copy_(weights_by_formula(position, shape, scale * steep))


def numbers(key: int, *shape: int) -> torch.Tensor:
    return as_tensor(formula(key, shape))


def images(key: int, *shape: int) -> torch.Tensor:
    return as_tensor(formula(key, shape, WIDE))


def weights_between(key: int, count: int) -> torch.Tensor:
    """Return numbers between 0 and 1, (count, 1)."""
    return as_tensor(formula(key, (count, 1), 0.5, 0.5))


def parameters_of(network: nn.Module) -> np.ndarray:
    return snapshot(list(network.parameters())).astype(np.float64)


def has_gradient(network: nn.Module) -> bool:
    return any(p.grad is not None and bool(p.grad.any()) for p in network.parameters())


def number_from(value: Any) -> np.ndarray:
    """Return a loss as an array, whether it is a tensor or a number; an empty one for anything else."""
    if not holds_numbers(value):
        return np.zeros(0, dtype=np.float32)
    if isinstance(value, torch.Tensor):
        return np.array(value.detach().to("cpu", torch.float32).numpy())
    return np.array(value, dtype=np.float32)


def in_another_setting(name: str, ask: Callable[[], Any]) -> dict[str, Any]:
    """Return what was asked; or nothing, and what failed, where the student's code raises."""
    try:
        return {name: ask(), f"{name}_failed": characters("")}
    except Exception as problem:  # the suite says so, and judges the usual setting by itself
        shapes = re.findall(r"\d+x\d+|\[[\d, ]+\]|\([\d, ]+\)", str(problem))
        failed = " ".join([type(problem).__name__, *shapes[:4]])
        return {name: np.zeros(0), f"{name}_failed": characters(failed)}


def characters(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("ascii", "replace")[:200], np.uint8)


# --- losses -----------------------------------------------------------------------------------


def ask_score_loss(loss: Callable[..., Any], name: str, key: int, count: int) -> dict[str, Any]:
    """Ask a loss of `count` arrays of scores, as networks return them, at two places."""
    shown, unseen = (
        [formula(place + i, (BATCH, 1), 3.0) for i in range(count)] for place in (key, key + 100)
    )
    public, hidden = ask_loss(loss, name, *shown), ask_loss(loss, name, *unseen)
    arrays = {"public": public["value"], "hidden": hidden["value"]}
    return {**arrays, "gradients": hidden["gradients"], "changed": hidden["changed"]}


def probe_critic_loss(student: Any) -> dict[str, Any]:
    return ask_score_loss(student.critic_loss, "critic_loss", 1000, 2)


def probe_generator_loss(student: Any) -> dict[str, Any]:
    return ask_score_loss(student.generator_loss, "generator_loss", 2000, 1)


# --- the penalty ------------------------------------------------------------------------------


def ask_penalty(student: Any, key: int, sizes: tuple[int, ...], count: int) -> dict[str, Any]:
    """Ask for one penalty: its value, its gradient for the critic, and what else has changed."""
    critic = network(sizes, key + 10)
    parameters = list(critic.parameters())
    left = [numbers(key + 50 + i, *p.shape) for i, p in enumerate(parameters)]
    for parameter, gradient in zip(parameters, left):  # as an earlier step leaves them
        parameter.grad = gradient.clone()
    given = [images(key, count, sizes[0]), images(key + 1, count, sizes[0])]
    given.append(weights_between(key + 2, count))
    passed = [one.clone() for one in given]
    call = "gradient_penalty(critic, real, fake, epsilon)"
    value = tensor_from(called(student.gradient_penalty, call, critic, *passed), "gradient_penalty")
    kept = all(p.requires_grad for p in parameters) and not any(one.requires_grad for one in passed)
    changed = not all(agree(x.numpy(), y.detach().numpy()) for x, y in zip(given, passed))
    touched = not all(
        p.grad is not None and agree(p.grad.numpy(), g.numpy()) for p, g in zip(parameters, left)
    )
    gradients = [torch.zeros_like(p) for p in parameters]
    if value.requires_grad:
        found = gradients_of(value.sum(), parameters, "gradient_penalty")
        gradients = [g if one is None else one for g, one in zip(gradients, found)]
    return {
        "value": number_from(value),
        "gradients": np.concatenate([g.numpy().reshape(-1) for g in gradients]),
        "kept": kept,
        "changed": changed,
        "touched": touched,
    }


def probe_gradient_penalty(student: Any) -> dict[str, Any]:
    shown = ask_penalty(student, 3000, CRITIC, BATCH)
    other = lambda: ask_penalty(student, 3200, OTHER_CRITIC, BATCH - 3)["value"]  # noqa: E731
    return {"public": shown.pop("value"), **shown, **in_another_setting("hidden", other)}


# --- the optimizer ----------------------------------------------------------------------------


def probe_get_optimizer(student: Any) -> dict[str, Any]:
    """Take six steps with known gradients; return every parameter after each."""
    model = network((3, 2, 2), 4000)
    parameters = list(model.parameters())
    optimizer = called(student.get_optimizer, "get_optimizer(network)", model)
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise Slip(f"get_optimizer: returned {type(optimizer).__name__}; expected an optimizer")
    history = [snapshot(parameters)]
    for step in range(6):
        for position, parameter in enumerate(parameters):
            gradient = formula(4100 + 20 * step + position, tuple(parameter.shape))
            scale = 0.0 if position == 1 else 10.0 ** (step % 3 - 1)
            parameter.grad = as_tensor(gradient * scale)
        optimizer.step()
        history.append(snapshot(parameters))
    return {"history": np.stack(history)}


# --- one step of each player ------------------------------------------------------------------

Sizes = tuple[tuple[int, ...], tuple[int, ...]]


class Table:
    """Two networks, real images, noise and epsilon, laid out for one call of an update."""

    def __init__(self, key: int, sizes: Sizes, count: int) -> None:
        self.critic, self.generator = network(sizes[0], key + 10), network(sizes[1], key + 20)
        self.given = [images(key, count, sizes[0][0]), images(key + 1, count, sizes[1][0])]
        self.given.append(weights_between(key + 2, count))
        self.real, self.noise, self.epsilon = (one.clone() for one in self.given)
        self.reached = False

    def step(self, moved: nn.Module, call: Callable[[Any], Any]) -> tuple[Any, np.ndarray]:
        """Let an update move one of the networks; return what it returned and the step."""
        before = parameters_of(moved)
        hooks = [p.register_hook(self.note) for p in moved.parameters()]
        value = call(torch.optim.SGD(moved.parameters(), lr=RATE))
        for hook in hooks:
            hook.remove()
        return value, parameters_of(moved) - before

    def note(self, gradient: torch.Tensor) -> None:
        """Note that a gradient of the network that is to move was computed."""
        self.reached = True

    def again(self, key: int) -> None:
        """Give both networks other weights, whatever became of them; gradients stay."""
        for one, place in ((self.critic, key + 10), (self.generator, key + 20)):
            one.requires_grad_(True)
            put_weights(one, place)

    def changed(self) -> bool:
        now = (self.real, self.noise, self.epsilon)
        return not all(agree(x.numpy(), y.numpy()) for x, y in zip(self.given, now))


def of_the_other(network: nn.Module, before: np.ndarray) -> dict[str, Any]:
    """Return how far a network moved that is not to move, and whether it may still learn."""
    trainable = all(p.requires_grad for p in network.parameters())
    return {"moved": parameters_of(network) - before, "trainable": trainable}


def ask_update_critic(student: Any) -> dict[str, Any]:
    """Take one step, one that finds old gradients, and one in another setting."""

    def update(t: Table, *weight: float) -> Callable[[Any], Any]:
        return lambda optimizer: student.update_critic(
            t.critic, t.generator, t.real, t.noise, t.epsilon, optimizer, *weight
        )

    t = Table(5000, (CRITIC, GENERATOR), BATCH)
    other = parameters_of(t.generator)
    value, step = t.step(t.critic, update(t))
    arrays = {"value": number_from(value), "step": step, **of_the_other(t.generator, other)}
    arrays |= {"gradient": has_gradient(t.generator), "changed": t.changed()}
    # No matter, but they tell mistakes apart: is a gradient left, and was one computed?
    arrays |= {"own_gradient": has_gradient(t.critic), "reached": t.reached}

    t.again(5100)
    for position, p in enumerate(
        t.critic.parameters(), 5150
    ):  # as the generator's step leaves them
        p.grad = numbers(position, *p.shape)
    arrays["second_step"] = t.step(t.critic, update(t))[1]

    o = Table(5200, (OTHER_CRITIC, OTHER_GENERATOR), BATCH - 3)
    last = lambda: o.step(o.critic, update(o, 3.0))[1]  # noqa: E731
    return arrays | in_another_setting("other_step", last)


def ask_update_generator(student: Any) -> dict[str, Any]:
    """Take one step, one more after it, and one in another setting."""

    def update(t: Table) -> Callable[[Any], Any]:
        return lambda optimizer: student.update_generator(t.critic, t.generator, t.noise, optimizer)

    t = Table(6000, (CRITIC, GENERATOR), BATCH)
    other = parameters_of(t.critic)
    value, step = t.step(t.generator, update(t))
    arrays = {"value": number_from(value), "step": step, **of_the_other(t.critic, other)}
    arrays |= {"own_gradient": has_gradient(t.generator), "reached": t.reached}
    arrays["changed"] = t.changed()

    t.again(6100)
    arrays["second_step"] = t.step(t.generator, update(t))[1]

    o = Table(6200, (OTHER_CRITIC, OTHER_GENERATOR), BATCH - 3)
    last = lambda: o.step(o.generator, update(o))[1]  # noqa: E731
    return arrays | in_another_setting("other_step", last)


# --- both, n_critic to one --------------------------------------------------------------------

PIXELS, NOISE = 4, 3
COUNT = 100  # images of a minibatch: enough to see how noise and epsilon are distributed
RATES = (0.02, 0.1)  # of critic and generator
SAME = 1e-3  # of images that lie within one or two of each other


class Round:
    """What is seen of one `train_step`: steps of both networks, noise, and where the critic is asked.

    The critic is linear: its slope is the same everywhere, so that no step depends on epsilon. The
    noise is replaced by the formula's, by the number of steps that the critic has taken. Nothing
    random is left in the steps.
    """

    def __init__(self, key: int, count: int) -> None:
        self.critic, self.generator = network((PIXELS, 1), key + 10), network((NOISE, PIXELS), key)
        self.key, self.count = key, count
        self.solvers = [
            torch.optim.SGD(net.parameters(), lr=rate)
            for net, rate in zip((self.critic, self.generator), RATES)
        ]
        self.order = ""
        self.steps: dict[str, list[np.ndarray]] = {"critic": [], "generator": []}
        self.taken: list[np.ndarray] = []
        self.noise: list[np.ndarray] = []
        self.made: dict[int, np.ndarray] = {}
        self.asked: dict[int, list[np.ndarray]] = {}
        self.passed: list[np.ndarray] = []
        self.watch()

    def watch(self) -> None:
        """Note each step, each call of the generator, and each call of the critic."""
        for name, net, solver in zip(self.steps, (self.critic, self.generator), self.solvers):
            self.watch_steps(name, net, solver)
        self.generator.register_forward_pre_hook(self.replace_noise)
        self.generator.register_forward_hook(self.note_made)
        self.critic.register_forward_pre_hook(self.note_asked)

    def watch_steps(self, name: str, net: nn.Module, solver: Any) -> None:
        last = [parameters_of(net)]

        def note(*_: Any) -> None:
            now = parameters_of(net)
            self.steps[name].append(now - last[0])
            last[0] = now
            self.order += name[0]

        solver.register_step_post_hook(note)

    @property
    def number(self) -> int:
        """How many steps the critic has taken."""
        return len(self.steps["critic"])

    def replace_noise(self, net: nn.Module, inputs: Any) -> Any:
        self.noise.append(inputs[0].detach().float().numpy().copy())
        return (numbers(self.key + 40 + self.number, self.count, NOISE).to(inputs[0].dtype),)

    def note_made(self, net: nn.Module, inputs: Any, made: torch.Tensor) -> None:
        self.made[self.number] = made.detach().numpy().copy()

    def note_asked(self, net: nn.Module, inputs: Any) -> None:
        rows = inputs[0].detach().numpy().reshape(-1, PIXELS).copy()
        self.asked.setdefault(self.number, []).append(rows)

    def batches(self) -> Iterator[torch.Tensor]:
        for number in range(100):
            batch = numbers(self.key + 60 + number, self.count, PIXELS)
            self.taken.append(batch.numpy().copy())
            yield batch

    def around(self, update: Callable[..., Any]) -> Callable[..., Any]:
        """Return an update of the critic that notes the epsilon that it is given."""

        def noted(*arguments: Any, **named: Any) -> Any:
            epsilon = named.get("epsilon", arguments[4] if len(arguments) > 4 else None)
            if holds_numbers(epsilon):
                self.passed.append(np.array(torch.as_tensor(epsilon).detach().float().numpy()))
            return update(*arguments, **named)

        return noted

    def epsilons(self) -> tuple[np.ndarray, bool]:
        """Return each pair's epsilon, and whether the critic's slope is asked for off the lines.

        Where `update_critic` is not called, epsilon is where a mixed image lies between its two.
        """
        found, elsewhere = self.mixed()
        if self.passed:
            found = [x.reshape(-1) for x in self.passed]
        return np.concatenate(found).astype(np.float32), elsewhere

    def mixed(self) -> tuple[list[np.ndarray], bool]:
        """Return where between its two images each mixed one lies, and whether some lie elsewhere."""
        found, elsewhere = [np.zeros(0)], False
        for number, rows in self.asked.items():
            if number >= len(self.taken) or number not in self.made:
                continue
            real, fake = self.taken[number], self.made[number]
            together = np.concatenate(rows)
            for place in range(0, len(together) - self.count + 1, self.count):
                x, line = together[place : place + self.count], real - fake
                share = ((x - fake) * line).sum(1) / (line**2).sum(1)
                away = np.abs(x - fake - share[:, None] * line).max()
                at_an_end = np.abs(share - share.round()).max() < SAME and np.ptp(share) < SAME
                elsewhere |= bool(away >= SAME)
                if away < SAME and not at_an_end:
                    found.append(share)
        return found, elsewhere


def normal_to_uniform(values: np.ndarray) -> np.ndarray:
    """Map numbers to (0, 1) by the normal distribution's function: normal ones become uniform."""
    erf = np.vectorize(math.erf, otypes=[np.float64])
    return (0.5 + 0.5 * erf(values / math.sqrt(2))).astype(np.float32)


def ask_train_step(student: Any) -> dict[str, Any]:
    """Ask for one round with the usual number of steps, and for one with another."""
    one, result = play(student, 7000, COUNT)
    sample, elsewhere = one.epsilons()
    noise = [z.reshape(-1) for z in one.noise] or [np.zeros(0)]
    pair = result if isinstance(result, (tuple, list)) and len(result) == 2 else ()
    losses = [number_from(value) for value in pair]
    rows = {z.tobytes() for z in one.noise}
    return {
        **{f"{name}_steps": in_a_row(steps) for name, steps in one.steps.items()},
        "order": characters(one.order),
        "taken": len(one.taken),
        "losses": np.concatenate([np.zeros(0), *(x.reshape(-1) for x in losses if x.size == 1)]),
        "sample_noise": normal_to_uniform(np.concatenate(noise)),
        "noise_shapes": np.unique([[*z.shape, 0, 0][:2] for z in one.noise], axis=0)
        if one.noise
        else np.zeros((0, 2)),
        "repeats": len(rows) < len(one.noise),
        "sample_epsilon": sample,
        "elsewhere": elsewhere,
        **in_another_setting("other_steps", lambda: in_a_row(of_both(student))),
    }


def play(student: Any, key: int, count: int, *n_critic: int) -> tuple[Round, Any]:
    one = Round(key, count)
    given = (one.batches(), NOISE, *one.solvers, *n_critic)
    with ExitStack() as stack:
        update = getattr(student, "update_critic", None)
        if callable(update):  # a round may have its steps inside
            stack.enter_context(student.replaced("update_critic", one.around(update)))
        return one, student.train_step(one.critic, one.generator, *given)


def of_both(student: Any) -> list[np.ndarray]:
    """Return the steps of a round of two, in their order."""
    one, _ = play(student, 7200, COUNT - 3, 2)
    return [*one.steps["critic"], *one.steps["generator"]]


def in_a_row(steps: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0), *steps])


# --- with right functions in place of the student's own ------------------------------------------


def given_critic_loss(scores_real: Any, scores_fake: Any) -> Any:
    return scores_fake.mean() - scores_real.mean()


def given_generator_loss(scores_fake: Any) -> Any:
    return -scores_fake.mean()


def given_gradient_penalty(critic: Any, real: Any, fake: Any, epsilon: Any) -> Any:
    at = torch.lerp(fake.detach(), real.detach(), epsilon).requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
    return (slope.square().sum(1).sqrt() - 1).square().mean()


def given_update_critic(
    critic: Any,
    generator: Any,
    real: Any,
    noise: Any,
    epsilon: Any,
    optimizer: Any,
    penalty_weight: float = 10.0,
) -> Any:
    fake = generator(noise).detach()
    loss = given_critic_loss(critic(real), critic(fake))
    return given_step(
        loss + penalty_weight * given_gradient_penalty(critic, real, fake, epsilon), optimizer
    )


def given_update_generator(critic: Any, generator: Any, noise: Any, optimizer: Any) -> Any:
    return given_step(given_generator_loss(critic(generator(noise))), optimizer)


def given_step(loss: Any, optimizer: Any) -> Any:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


def with_right(student: Any, ask: Callable[[Any], dict[str, Any]], *names: str) -> dict[str, Any]:
    """Ask while right functions stand in the places of some of the student's."""
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(student.replaced(name, globals()[f"given_{name}"]))
        return ask(student)


def probe_update_critic(student: Any) -> dict[str, Any]:
    return ask_update_critic(student)


def probe_update_critic_given_critic_loss_and_gradient_penalty(student: Any) -> dict[str, Any]:
    return with_right(student, ask_update_critic, "critic_loss", "gradient_penalty")


def probe_update_generator(student: Any) -> dict[str, Any]:
    return ask_update_generator(student)


def probe_update_generator_given_generator_loss(student: Any) -> dict[str, Any]:
    return with_right(student, ask_update_generator, "generator_loss")


def probe_train_step(student: Any) -> dict[str, Any]:
    return ask_train_step(student)


def probe_train_step_given_update_critic_and_update_generator(student: Any) -> dict[str, Any]:
    return with_right(student, ask_train_step, "update_critic", "update_generator")

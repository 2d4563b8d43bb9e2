"""Ask a network in which the order of use does not say which weight is which.

The gates of an LSTM, or queries, keys and values, may be computed in any order, together or one by
one, by a module of PyTorch's or by hand. So the weights are named by their role. A *kind* is the shape
of one block of weights, such as (hidden, inputs); a *slot* is one of the blocks of a kind that may
change places, such as a gate. A student's parameters are cut into blocks, however they are stacked.
Which slot comes first is the student's choice: every order is tried, and the results are sorted by what
comes out. Networks that compute the same function give the same set of results, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.probing.formula import as_tensor, formula, weight_bound, weights_by_formula
from autograder.probing.losses import gradients_of
from autograder.probing.networks import BATCH, first_that_runs, outputs_of, shadow
from autograder.probing.values import Slip, array_from


@dataclass(frozen=True, slots=True)
class Roles:
    """The weights of a network that have a role.

    Attributes:
        slots: how many blocks of each kind may change places: 4 gates, or 3 of query, key and value.
        kinds: the shape of one block by the kind's name, as torch's layers lay it out, (out, in); of a
            bias, (out,). Shapes must differ from each other, and from those of all other weights.
        state: the kind that is multiplied by the state of a step before; "" if there is none. A weight
            for input and state together is told from its columns: those of the state see nothing at
            the first step.
    """

    slots: int
    kinds: Mapping[str, tuple[int, ...]]
    state: str = ""

    def matrices(self) -> dict[str, tuple[int, ...]]:
        """Return the kinds that are no biases."""
        return {kind: shape for kind, shape in self.kinds.items() if len(shape) > 1}

    def joins(self, shape: tuple[int, ...]) -> bool:
        """Return whether a parameter of this shape, either way, may hold two kinds side by side."""
        both = [block[1] for block in self.matrices().values()]
        return len(shape) == 2 == len(both) and sum(both) in shape


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows and columns of a parameter, which are laid out as torch's layers do if not turned."""

    parameter: torch.Tensor
    turned: bool
    rows: slice
    columns: slice | None

    def of(self, values: torch.Tensor) -> torch.Tensor:
        """Return the block's part of the parameter, or of its gradient."""
        laid_out = values.t() if self.turned else values
        return laid_out[self.rows] if self.columns is None else laid_out[self.rows, self.columns]


Blocks = dict[str, list[list[Block]]]  # of each kind, for each slot: more than one if biases add up


def ask_in_roles(
    build: Callable[[int], Any],
    name: str,
    inputs: Callable[[int], np.ndarray],
    key: int,
    roles: Roles,
    shape: tuple[int, ...],
) -> dict[str, Any]:
    """Build a network, give it known weights in every order of the slots, and return what comes out.

    Arguments:
        build, name, inputs, key: as `networks.ask_network` takes them.
        roles: what the weights are.
        shape: of one input; of a sequence, (steps, numbers).

    Returns, for each order, sorted by the outputs: `public` and `hidden` outputs, (orders, BATCH, ...),
    `gradients` (orders, kinds and other weights, 3) and `input_gradient` (orders, 3), as `ask_network`
    describes them; and `fresh`. Raises Slip if the weights are not those of the described network.
    """
    seed = torch.initial_seed()
    _, module, _, uses, _ = first_that_runs(build, name, inputs(key), [shape])
    fresh = torch.initial_seed() == seed
    ordered = list(uses.found.values())
    ordered += [(p, "weight") for p in module.parameters() if id(p) not in uses.found]
    joined = roles.state and any(roles.joins(tuple(p.shape)) for p in module.parameters())
    seen = _columns_of_inputs(module, inputs(key), shape, name) if joined else {}
    blocks, others = _cut(ordered, roles, seen, name)
    values = _values(roles, key + 1)
    for place, (parameter, role) in enumerate(others, key + 50):
        _fill(parameter, role, place)
    found = []
    for order in permutations(range(roles.slots)):
        _put(blocks, values, order, key + 90)
        found.append(_answers(module, name, inputs, key, shape, blocks, others, order))
    found.sort(key=lambda one: one["place"])
    stacked = {what: np.stack([one[what] for one in found]) for what in found[0] if what != "place"}
    return {**stacked, "fresh": fresh}


# --- which block is which ---------------------------------------------------------------------


def _cut(
    ordered: list[tuple[torch.Tensor, str]],
    roles: Roles,
    seen: Mapping[int, torch.Tensor],
    name: str,
) -> tuple[Blocks, list[tuple[torch.Tensor, str]]]:
    """Cut parameters into blocks, in the order of use; return them, and those without a role."""
    rows: dict[tuple[str, str], list[Block]] = {}  # by kind, and of biases by the kind before them
    others, last = [], ""
    for parameter, role in ordered:
        turned = role == "transposed"
        shape = tuple(parameter.shape[::-1] if turned else parameter.shape)
        columns = _columns(shape, roles, seen.get(id(parameter)), turned)
        if not columns:
            others.append((parameter, role))
            continue
        for kind, these in columns:
            tall = roles.kinds[kind][0]
            last = kind if these is not None else last
            row = rows.setdefault((kind, "" if these is not None else last), [])
            row += [
                Block(parameter, turned, slice(start, start + tall), these)
                for start in range(0, shape[0], tall)
            ]
    blocks: Blocks = {kind: [[] for _ in range(roles.slots)] for kind in roles.kinds}
    for (kind, _), row in rows.items():
        for place, block in enumerate(row):
            blocks[kind][place % roles.slots].append(block)
    for kind, slots in blocks.items():
        counts = {len(slot) for slot in slots}
        right = len(counts) == 1 and (len(roles.kinds[kind]) == 1 or counts == {1})
        if not right or counts == {0}:
            have = sum(map(len, slots))
            raise Slip(
                f"{name}: it has {have} times {roles.kinds[kind]} weights of the kind {kind!r}; "
                f"the described network has {roles.slots}"
            )
    return blocks, others


def _columns(
    shape: tuple[int, ...], roles: Roles, seen: torch.Tensor | None, turned: bool
) -> list[tuple[str, slice | None]]:
    """Return the kinds side by side in a parameter of this shape, and their columns."""
    for kind, block in roles.kinds.items():
        if len(shape) == len(block) and shape[0] % block[0] == 0 and shape[1:] == block[1:]:
            few = shape[0] <= roles.slots * block[0]
            return [(kind, slice(0, block[1]) if len(block) > 1 else None)] if few else []
    matrices = roles.matrices()
    wide = {kind: block[1] for kind, block in matrices.items()}
    tall = next(iter(matrices.values()))[0] if matrices else 0
    if len(shape) != 2 or len(wide) != 2 or shape[1] != sum(wide.values()) or shape[0] % tall:
        return []
    first, second = wide
    if roles.state and seen is not None:  # the columns of the state see nothing at first
        inputs = next(kind for kind in wide if kind != roles.state)
        reached = seen.t() if turned else seen
        unseen_last = not reached[:, -wide[roles.state] :].any()
        first, second = (inputs, roles.state) if unseen_last else (roles.state, inputs)
    return [(first, slice(0, wide[first])), (second, slice(wide[first], shape[1]))]


def _columns_of_inputs(
    module: nn.Module, flat: np.ndarray, shape: tuple[int, ...], name: str
) -> dict[int, torch.Tensor]:
    """Return each parameter's gradient for sequences of one step."""
    one = as_tensor(flat).reshape(len(flat), *shape)[:, :1]
    parameters: list[torch.Tensor] = list(module.parameters())
    found = gradients_of(outputs_of(module, one, name).sum(), parameters, name)
    return {id(p): torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found)}


# --- weights put in, results taken out --------------------------------------------------------


def _values(roles: Roles, key: int) -> dict[str, list[torch.Tensor]]:
    """Return the weights of every kind and slot, by formula."""
    values = {}
    for number, (kind, shape) in enumerate(roles.kinds.items()):
        bound = weight_bound(shape) * 2 if len(shape) > 1 else 0.5
        places = range(key + number * roles.slots, key + (number + 1) * roles.slots)
        values[kind] = [weights_by_formula(place, shape, bound) for place in places]
    return values


def _fill(parameter: torch.Tensor, role: str, key: int) -> None:
    """Overwrite a weight without a role by formula."""
    shape = tuple(parameter.shape)
    bound = weight_bound(shape) if len(shape) > 1 else 0.25
    turned = role == "transposed"
    values = weights_by_formula(key, shape[::-1] if turned else shape, bound)
    with torch.no_grad():
        parameter.copy_(values.T if turned else values)


def _put(
    blocks: Blocks, values: Mapping[str, list[torch.Tensor]], order: tuple[int, ...], key: int
) -> None:
    """Give each slot the values of the place that it has in an order; biases that add up share them."""
    with torch.no_grad():
        for kind, slots in blocks.items():
            for slot, place in zip(slots, order):
                rest = values[kind][place].clone()
                for number, block in enumerate(slot[1:]):
                    part = weights_by_formula(key + number, tuple(rest.shape), 0.125)
                    block.of(block.parameter).copy_(part)
                    rest -= part
                slot[0].of(slot[0].parameter).copy_(rest)


def _answers(
    module: nn.Module,
    name: str,
    inputs: Callable[[int], np.ndarray],
    key: int,
    shape: tuple[int, ...],
    blocks: Blocks,
    others: list[tuple[torch.Tensor, str]],
    order: tuple[int, ...],
) -> dict[str, Any]:
    """Return outputs and gradients with the weights that are there now, and a number to sort by."""
    public, x = (as_tensor(inputs(key + more)).reshape(BATCH, *shape) for more in (0, 100))
    with torch.no_grad():
        shown = array_from(outputs_of(module, public, name), name)
    x.requires_grad_()
    hidden = outputs_of(module, x, name)
    weights = as_tensor(formula(key + 200, (hidden[0].numel() * len(hidden),)))
    loss = (hidden.reshape(-1) * weights.to(hidden.dtype)).sum()
    parameters = list(module.parameters())
    first, *found = gradients_of(loss, [x, *parameters], name)
    by_parameter = {
        id(p): torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found)
    }
    where = {place: slot for slot, place in enumerate(order)}
    shadows = []
    for slots in blocks.values():
        in_place = [slots[where[place]][0] for place in range(len(slots))]
        whole = torch.cat([one.of(by_parameter[id(one.parameter)]) for one in in_place])
        shadows.append(shadow(whole.contiguous(), key + 300))
    for parameter, role in others:
        gradient = by_parameter[id(parameter)]
        laid_out = gradient.t() if role == "transposed" else gradient
        shadows.append(shadow(laid_out.contiguous(), key + 300))
    return {
        "public": shown,
        "hidden": array_from(hidden, name),
        "gradients": np.stack(shadows),
        "input_gradient": shadow(first, key + 400),
        "place": float(loss.detach()),
    }

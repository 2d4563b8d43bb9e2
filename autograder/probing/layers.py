"""Which layers a network runs, in what order, and what shapes they return: for a drawing of it.

Nothing in it is judged. What a network computes without a layer, as in `torch.relu(x)`, is not seen.
"""

import json
from typing import Any

import torch
from torch import nn
from torch.nn.modules.module import (
    register_module_forward_hook,
    register_module_forward_pre_hook,
)

MOST = 40  # layers that are told
LONGEST = 40  # characters of a layer's name
GIVEN = ("Flatten", "Unflatten")  # layers that students get with the homework
SIZES = {"in": ("in_features", "in_channels"), "out": ("out_features", "out_channels")}
# What else tells layers apart, and the value that is not worth telling.
SETTINGS: dict[str, tuple[str, Any]] = {
    "num_features": ("", None),
    "kernel_size": ("kernel", None),
    "stride": ("stride", 1),
    "padding": ("padding", 0),
    "output_padding": ("output padding", 0),
    "dilation": ("dilation", 1),
    "groups": ("groups", 1),
    "negative_slope": ("slope", None),
    "p": ("p", None),
    "alpha": ("alpha", None),
    "scale_factor": ("by", None),
    "eps": ("eps", 1e-5),
    "momentum": ("momentum", 0.1),
}


class Watched:
    """Note the layers that run inside a `with`: those of PyTorch's and a student's that hold no others.

    A layer is listed when it begins; what it returned is added when it ends. So the last one without a
    shape is where an error arose.
    """

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self._running: list[list[Any]] = []
        self.layers: list[list[Any]] = []  # name, settings, shape of one example or None

    def __enter__(self) -> "Watched":
        self._handles = [
            register_module_forward_pre_hook(self._begin),
            register_module_forward_hook(self._end),
        ]
        return self

    def __exit__(self, *problem: object) -> None:
        for handle in self._handles:
            handle.remove()

    def _begin(self, module: nn.Module, given: Any) -> None:
        if _is_leaf(module) and len(self.layers) < MOST:
            self._running.append([*_named(module), None])
            self.layers.append(self._running[-1])

    def _end(self, module: nn.Module, given: Any, returned: Any) -> None:
        if _is_leaf(module) and self._running:
            shape = returned.shape[1:] if isinstance(returned, torch.Tensor) else ()
            self._running.pop()[:] = [
                *_named(module),
                list(map(int, shape)),
            ]  # a lazy one has sizes now

    @property
    def text(self) -> str:
        """The layers as JSON; `plain` tells that there is nothing else in the network."""
        return json.dumps({"plain": _is_plain(self._network), "layers": self.layers})


def _is_leaf(module: nn.Module) -> bool:
    return next(module.children(), None) is None


def _is_pytorchs(module: nn.Module) -> bool:
    return str(type(module).__module__).startswith("torch.nn.")


def _named(module: nn.Module) -> tuple[str, str]:
    return type(module).__name__[:LONGEST], settings(module)


def settings(module: nn.Module) -> str:
    """Return the arguments of one of PyTorch's layers in short; "" for any other."""
    if not _is_pytorchs(module):
        return ""
    sizes = [_first(module, names) for names in SIZES.values()]
    told = [" → ".join(map(str, sizes))] if None not in sizes else []
    for name, (word, usual) in SETTINGS.items():
        value = _short(getattr(module, name, usual))
        if value != usual and value is not None:
            told.append(f"{word} {value}".strip())
    if getattr(module, "bias", True) is None and None not in sizes:
        told.append("no bias")
    return ", ".join(told)


def _first(module: nn.Module, names: tuple[str, ...]) -> Any:
    return next((getattr(module, name) for name in names if hasattr(module, name)), None)


def _short(value: Any) -> Any:
    """Return one number for a tuple of equal ones, and for the word that stands for 0."""
    if value == "valid":
        return 0
    if isinstance(value, tuple) and value and len(set(value)) == 1:
        return value[0]
    return value


def _is_plain(network: nn.Module) -> bool:
    """Tell whether a network is made of `nn.Sequential` and of layers without code of a student's."""
    return all(
        _is_pytorchs(module) or type(module).__name__ in GIVEN
        if _is_leaf(module)
        else type(module) is nn.Sequential
        for module in network.modules()
    )

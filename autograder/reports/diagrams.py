"""A student's networks as diagrams: layer below layer, and a mark where it is certain what is wrong.

Two things are certain: in which layer an error arose, and, in a network of PyTorch's layers in an
`nn.Sequential` that computes something else than the described one, in which layer alone it differs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.compare import agree
from autograder.outputs import Array, Outputs, ProbeStatus

SHOWN = "public"  # the array with which a network's probe answers a public check
SAME = 2e-4  # as the suites compare networks
MOST, LONGEST = 40, 120  # layers, characters of one
RESHAPING = ("Flatten", "Unflatten", "Identity")  # where they stand is the student's choice
FAILED, DIFFERS, MISSING = "the error arose here", "not as described", "a layer is missing here"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a diagram.

    Attributes:
        settings: its main arguments, such as "784 → 256"; "" if there are none worth telling.
        shape: of what it returns for one example; "" if it returned nothing.
        mark: what is wrong with it; "" if nothing is known to be.
    """

    name: str
    settings: str = ""
    shape: str = ""
    mark: str = ""

    @property
    def label(self) -> str:
        """Its name and settings."""
        return f"{self.name} {self.settings}".strip()


@dataclass(frozen=True, slots=True)
class Diagram:
    """The layers of one network, in the order in which they ran."""

    function: str
    layers: tuple[Layer, ...]

    @property
    def is_marked(self) -> bool:
        """Whether it is certain what is wrong."""
        return any(layer.mark for layer in self.layers)

    @property
    def in_words(self) -> str:
        """The diagram for those who do not see it."""
        told = [f"{one.label} ({one.mark})" if one.mark else one.label for one in self.layers]
        return f"Layers of {self.function}: {', '.join(told)}"


def diagrams(
    outputs: Outputs, answers: Mapping[str, Array], described: Mapping[str, str]
) -> list[Diagram]:
    """Return a diagram for each network whose layers a worker told.

    Arguments:
        answers: the released ones, with the keys "<probe>/public".
        described: what the solution's probes tell of their layers; without it nothing is compared.
    """
    found = []
    for probe, status in outputs.statuses.items():
        layers, plain = _parsed(status.network)
        if not layers:
            continue
        if status.status != "ok":
            layers = _where_it_failed(layers, status)
        elif plain and _differs(outputs.of(probe).get(SHOWN), answers.get(f"{probe}/{SHOWN}")):
            layers = _compared(layers, _parsed(described.get(probe, ""))[0])
        found.append(Diagram(probe, tuple(layers)))
    return found


def _parsed(text: str) -> tuple[list[Layer], bool]:
    """Return the layers of a text, and whether there is nothing else in the network.

    A worker may send any text; of one that is something else, there are no layers.
    """
    try:
        told = json.loads(text)
        layers = [_layer(*one) for one in told["layers"][:MOST]]
        return layers, told["plain"] is True
    except (ValueError, TypeError, KeyError, RecursionError):
        return [], False


def _layer(name: object, settings: object, shape: object) -> Layer:
    if not isinstance(name, str) or not isinstance(settings, str):
        raise TypeError("a layer has a name and settings")
    if shape is None:
        return Layer(name[:LONGEST], settings[:LONGEST])
    if not isinstance(shape, list) or not all(type(n) is int for n in shape):
        raise TypeError("a shape is made of whole numbers")
    return Layer(name[:LONGEST], settings[:LONGEST], " × ".join(map(str, shape))[:LONGEST] or "1")


def _where_it_failed(layers: list[Layer], status: ProbeStatus) -> list[Layer]:
    """Mark the last layer if it returned nothing: an error arose in it."""
    if status.status == "error" and not layers[-1].shape:
        return [*layers[:-1], replace(layers[-1], mark=FAILED)]
    return layers


def _differs(got: Array | None, right: Array | None) -> bool:
    if got is None or right is None:
        return False
    if got.size != right.size:
        return True
    return not agree(got.reshape(-1), right.reshape(-1), SAME)


def _compared(layers: list[Layer], described: Sequence[Layer]) -> list[Layer]:
    """Mark the layers in which a network differs from the described one, if it is certain which.

    That is so if the kinds of all layers are the same, or if one layer is another one, one too many, or
    missing.
    """
    places = [i for i, one in enumerate(layers) if one.name not in RESHAPING]
    mine = [layers[i].label for i in places]
    right = [one.label for one in described if one.name not in RESHAPING]
    if not right or mine == right:
        return layers
    if len(mine) == len(right):
        kinds = [one.name for one in described if one.name not in RESHAPING]
        wrong = [n for n, (one, other) in enumerate(zip(mine, right)) if one != other]
        if len(wrong) == 1 or [layers[i].name for i in places] == kinds:
            return _marked(layers, {places[n] for n in wrong})
    elif len(mine) == len(right) + 1:
        n = _first_difference(mine, right)
        if mine[:n] + mine[n + 1 :] == right:
            return _marked(layers, {places[n]})
    elif len(mine) + 1 == len(right):
        n = _first_difference(right, mine)
        if right[:n] + right[n + 1 :] == mine:
            at = places[n] if n < len(places) else places[-1] + 1
            return [*layers[:at], Layer("?", mark=MISSING), *layers[at:]]
    return layers


def _marked(layers: Sequence[Layer], wrong: set[int]) -> list[Layer]:
    return [replace(one, mark=DIFFERS) if i in wrong else one for i, one in enumerate(layers)]


def _first_difference(longer: Sequence[str], shorter: Sequence[str]) -> int:
    pairs = enumerate(zip(longer, shorter))
    return next((n for n, (one, other) in pairs if one != other), len(shorter))

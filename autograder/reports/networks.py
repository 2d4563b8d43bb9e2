"""The networks that a submission built, as their probes described them: weights, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder.compare import MAX_RANK, is_real
from autograder.outputs import Array, Outputs

WEIGHTS = "weight_shapes"  # the array with which a network's probe describes the architecture
TOTAL = "parameters"
LONGEST = 100  # weights of a network that are listed
LARGEST = 1 << 40  # numbers in one network; more than any memory holds


@dataclass(frozen=True, slots=True)
class Network:
    """A network's weights, in the order in which a forward pass uses them."""

    function: str
    weights: tuple[tuple[str, int], ...]  # shape, numbers
    total: int
    expected: int | None


def networks(outputs: Outputs, expected: Mapping[str, Array]) -> list[Network]:
    """Return the networks whose weights are in the outputs.

    Arguments:
        expected: the released answers, with the keys "<probe>/parameters".
    """
    listed = []
    for probe in outputs.statuses:
        arrays = outputs.of(probe)
        shapes, total = arrays.get(WEIGHTS), arrays.get(TOTAL)
        if shapes is None or total is None or not _is_readable(shapes, total):
            continue
        weights = tuple(_weight([int(n) for n in row if n > 0]) for row in shapes[:LONGEST])
        answer = expected.get(f"{probe}/{TOTAL}")
        right = int(answer.item()) if answer is not None else None
        listed.append(Network(probe, weights, int(total.item()), right))
    return listed


def unreadable(outputs: Outputs) -> list[str]:
    """Return a sentence for each network whose weights came back in a form that cannot be shown."""
    sentences = []
    for probe in outputs.statuses:
        arrays = outputs.of(probe)
        shapes, total = arrays.get(WEIGHTS), arrays.get(TOTAL)
        if (
            shapes is not None
            and shapes.size
            and (total is None or not _is_readable(shapes, total))
        ):
            sentences.append(
                f"{probe}: the shapes of its weights are not whole numbers that can be shown"
            )
    return sentences


def _is_readable(shapes: Array, total: Array) -> bool:
    """Return whether a worker's arrays describe weights: a row of sizes for each, and a total."""
    if shapes.ndim != 2 or shapes.shape[1] > MAX_RANK or total.size != 1:
        return False
    if not (is_real(shapes) and is_real(total)):
        return False
    with np.errstate(invalid="ignore"):  # a kind of NaN that warns
        sizes = np.concatenate([one.astype(np.float64).reshape(-1) for one in (shapes, total)])
    return bool(((sizes >= 0) & (sizes <= LARGEST) & (np.floor(sizes) == sizes)).all())


def _weight(shape: list[int]) -> tuple[str, int]:
    size = 1
    for n in shape:
        size *= n
    return " × ".join(map(str, shape)) or "1", size

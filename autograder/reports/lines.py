"""A student's numbers and the described ones as two lines: an optimizer's steps, a generator's pixels.

Both come from the public inputs, so that the line of the described ones is no secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.compare import is_real
from autograder.outputs import Array, Outputs

WIDTH, HEIGHT = 360, 110  # of the drawing
# The probes that return all parameters, before the first step and after each one.
HISTORIES = {"get_optimizer": "history"}
# The probes that return images, with pixels between -1 and 1.
IMAGES = {"generator": "public", "build_dc_generator": "public"}
WIDEST, BINS = 1.5, 30  # of pixels; what lies beyond is counted at the edge
SEEN = 0.1  # of the pixels; where fewer are brighter or darker, the two lines look the same
LARGEST = 1e30  # a number beyond it cannot be drawn


@dataclass(frozen=True, slots=True)
class Lines:
    """A drawing of two lines.

    Attributes:
        says: what it shows, in words.
        mine, right: the points of both lines, as SVG's `points`.
        axis: the height of the horizontal line.
        labels: texts below the drawing, from the left edge to the right one.
    """

    function: str
    says: str
    mine: str
    right: str
    axis: float
    labels: tuple[str, ...]


def lines(outputs: Outputs, answers: Mapping[str, Array]) -> dict[str, Lines]:
    """Return a drawing for each function of which there is one; none where a course has its own key.

    Arguments:
        answers: the released ones, with the keys "<probe>/<array>".
    """
    found: dict[str, Lines] = {}
    if outputs.key:
        return found
    for table, draw in ((HISTORIES, _steps), (IMAGES, _pixels)):
        for probe, name in table.items():
            got, right = outputs.of(probe).get(name), answers.get(f"{probe}/{name}")
            if got is None or right is None or got.shape != right.shape or not _can_be_drawn(got):
                continue
            one = draw(probe, got.astype(np.float64), right.astype(np.float64))
            if one is not None:
                found[probe] = one
    return found


def _can_be_drawn(array: Array) -> bool:
    if array.ndim < 2 or not array.size or not is_real(array):
        return False
    with np.errstate(all="ignore"):  # a kind of NaN that warns
        return bool((np.abs(array.astype(np.float64)) <= LARGEST).all())


def _steps(function: str, got: Array, right: Array) -> Lines | None:
    """Draw the way of the parameter that differs most."""
    got, right = got - got[:1], right - right[:1]
    worst = int(np.abs(got - right).max(axis=0).argmax())
    both = np.stack([got[:, worst], right[:, worst]])
    low, high = float(both.min()), float(both.max())
    if high == low:
        return None
    mine, other = (_points(line) for line in HEIGHT * (1 - (both - low) / (high - low)))
    count = both.shape[1] - 1
    return Lines(
        function,
        f"How far one parameter moved in {count} steps with known gradients, from {low:.2g} to "
        f"{high:.2g}: the line is your optimizer's, the dashed one the described optimizer's. Of all "
        "parameters it is the one in which they differ most.",
        mine,
        other,
        round(HEIGHT * (1 + low / (high - low)), 1),
        ("start", f"step {count}"),
    )


def _pixels(function: str, got: Array, right: Array) -> Lines | None:
    """Draw how often each brightness occurs, if that differs."""
    counts = np.stack([_counts(got), _counts(right)]) / got.size
    if np.abs(counts[0] - counts[1]).sum() / 2 < SEEN:
        return None
    heights = HEIGHT * (1 - counts / counts.max())
    mine, other = (_points(line) for line in heights)
    outside = float((np.abs(got) > 1).mean())
    beyond = f" {_percent(outside)} of yours lie outside of (-1, 1)." if outside else ""
    return Lines(
        function,
        "How bright the pixels are: the line is your generator's, the dashed one the described "
        "generator's, with the same weights and the same noise; nothing is trained yet. The ends count "
        f"all that lies beyond.{beyond}",
        mine,
        other,
        float(HEIGHT),
        ("-1.5", "-1", "-0.5", "0", "0.5", "1", "1.5"),
    )


def _counts(pixels: Array) -> Array:
    clipped = np.clip(pixels.reshape(-1), -WIDEST, WIDEST)
    counts: Array = np.histogram(clipped, bins=BINS, range=(-WIDEST, WIDEST))[0]
    return counts.astype(np.float64)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "less than 1 %"


def _points(heights: Sequence[float] | Array) -> str:
    across = np.linspace(0, WIDTH, len(heights))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, heights))

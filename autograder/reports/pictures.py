"""Pictures of a training, for a page: the losses, and what the generator draws at the end."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder.outputs import Array, Outputs

SIDE = 28  # pixels
ROWS, COLUMNS = 4, 8
LONGEST = 100_000  # iterations that are drawn; a training of the homework has 600
HIGHEST = 1e6  # a loss above it is left out: no axis could show it beside the others
COLORS = {"D": "#2f6fb2", "G": "#c2571a"}  # different also for red-green colour blindness


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file as text inside a page, and what it shows."""

    title: str
    alt: str
    base64: str


def trainings(outputs: Outputs) -> list[Picture]:
    """Return a picture for each probe that trained a pair of networks."""
    pictures = []
    for probe, status in outputs.statuses.items():
        arrays = outputs.of(probe) if status.status == "ok" else {}
        if _is_training(arrays):
            pictures.append(_picture(probe, arrays["losses"], arrays["sample"]))
    return pictures


def _is_training(arrays: Mapping[str, Array]) -> bool:
    losses, sample = arrays.get("losses"), arrays.get("sample")
    if losses is None or sample is None:
        return False
    right_losses = losses.ndim == 2 and losses.shape[1] == 2 and losses.dtype.kind == "f"
    return bool(
        right_losses and 0 < len(losses) <= LONGEST
        and sample.dtype.name == "uint8" and sample.ndim == 2
        and sample.shape[1] == SIDE * SIDE and len(sample) >= ROWS * COLUMNS
    )  # fmt: skip


def _picture(probe: str, losses: Array, sample: Array) -> Picture:
    from matplotlib.figure import Figure  # takes half a second, and few pages need it

    figure = Figure(figsize=(9, 2.9), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.1, 1))
    with np.errstate(invalid="ignore"):  # a kind of NaN that warns
        numbers = losses.astype(np.float64)
    drawn = np.where(np.abs(numbers) <= HIGHEST, numbers, np.nan)
    for column, name in enumerate("DG"):
        left.plot(drawn[:, column], color=COLORS[name], linewidth=0.8, label=name)
    left.set(xlabel="iteration", ylabel="loss")
    left.legend(frameon=False)
    left.spines[["top", "right"]].set_visible(False)
    grid = sample[: ROWS * COLUMNS].reshape(ROWS, COLUMNS, SIDE, SIDE)
    right.imshow(grid.swapaxes(1, 2).reshape(ROWS * SIDE, COLUMNS * SIDE), cmap="gray")
    right.set_axis_off()
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110, metadata={"Software": None})
    last = [f"{name} {_short(float(losses[-1, i]))}" for i, name in enumerate("DG")]
    return Picture(
        title=f"{probe}: {len(losses)} iterations, the last losses {', '.join(last)}",
        alt=f"Loss curves of {probe}, and {ROWS * COLUMNS} pictures that its generator drew",
        base64=base64.b64encode(file.getvalue()).decode(),
    )


def _short(loss: float) -> str:
    return f"{loss:.2f}" if abs(loss) <= HIGHEST else f"{loss:.2g}"

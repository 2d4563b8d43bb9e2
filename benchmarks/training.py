"""Time GAN training, compared with the classic loop and with the bare steps, in turns.

    python benchmarks/training.py [--rounds 9] [--gans "MLP GAN" DCGAN] [--threads N]

classic: `run_a_gan` over a DataLoader of PIL images with ToTensor, as courses hand it out. floor: only
the same steps, on minibatches that are in memory already. ours: `train_gan` as students call it, over a
PreloadedLoader, with samples and losses kept. All use the same digits, networks, losses and optimizers.
All take turns within each round, so that a busy machine is busy for all. Compare the ratios of the
medians.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from rich.console import Console
from rich.table import Table
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import ToTensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "solutions"))

import gan_pytorch as gan
import gan_training

BATCH = gan.BATCH_SIZE
GOALS = {  # the least ratios of our images/s to the classic loop's, and to the floor's
    "MLP GAN": (2.5, 1 / 1.15),
    "DCGAN": (1.0, 1 / 1.1),
}


class PilDigits(Dataset[Any]):
    """Digits as torchvision gives them: one PIL image after the other, made into a tensor."""

    def __init__(self, images: torch.Tensor) -> None:
        self.pixels = (images[:, 0] * 255).to(torch.uint8).numpy()
        self.transform = ToTensor()

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.transform(Image.fromarray(self.pixels[index])), 0


def players(kind: str) -> list[Any]:
    """Return fresh networks, their optimizers and their losses."""
    torch.manual_seed(0)
    networks = (
        (gan.discriminator(), gan.generator())
        if kind == "MLP GAN"
        else (gan.build_dc_classifier(), gan.build_dc_generator())
    )
    return [
        *networks,
        *map(gan.get_optimizer, networks),
        gan.discriminator_loss,
        gan.generator_loss,
    ]


def classic(kind: str, digits: gan_training.Digits) -> Callable[[], None]:
    """Return one epoch of the loop as courses have it."""
    data = PilDigits(digits.images)
    loader = DataLoader(data, BATCH, sampler=gan.ChunkSampler(len(data)))
    cast = players(kind)

    def epoch() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            gan.run_a_gan(*cast, loader, num_epochs=1)

    return epoch


def floor(kind: str, digits: gan_training.Digits) -> Callable[[], None]:
    """Return one epoch of nothing but the steps."""
    batches = [gan.preprocess_img(b) for b in digits.images.split(BATCH) if len(b) == BATCH]
    D, G, D_solver, G_solver, d_loss, g_loss = players(kind)  # noqa: N806

    def epoch() -> None:
        for real in batches:
            fake = G(gan.sample_noise(BATCH, 96)).detach().reshape(BATCH, 1, 28, 28)
            loss = d_loss(D(real), D(fake))
            D_solver.zero_grad()
            loss.backward()
            D_solver.step()
            loss = g_loss(D(G(gan.sample_noise(BATCH, 96)).reshape(BATCH, 1, 28, 28)))
            G_solver.zero_grad()
            loss.backward()
            G_solver.step()

    return epoch


def ours(kind: str, digits: gan_training.Digits, **options: Any) -> Callable[[], None]:
    """Return one epoch of `train_gan`."""
    cast = players(kind)

    def epoch() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            gan_training.train_gan(*cast, digits.train, num_epochs=1, **options)

    return epoch


def measure(kind: str, rounds: int) -> dict[str, list[float]]:
    """Return images/s by name, one figure for each round."""
    digits = gan_training.load_digits_28x28("digits", quiet=True)
    epochs = {
        "classic": classic(kind, digits),
        "floor": floor(kind, digits),
        "ours, exact": ours(kind, digits, exact=True),
        "ours": ours(kind, digits),
        "ours, mixed precision": ours(kind, digits, mixed=True),
    }
    count = len(digits.train) * BATCH
    speeds: dict[str, list[float]] = {name: [] for name in epochs}
    for number in range(rounds + 1):
        for name, epoch in epochs.items():
            start = time.perf_counter()
            epoch()
            if number:  # the first round warms all
                speeds[name].append(count / (time.perf_counter() - start))
    return speeds


def show(kind: str, speeds: dict[str, list[float]], console: Console) -> None:
    """Print medians, and their ratios to the classic loop and to the floor."""
    threads = f"{torch.get_num_threads()} threads, torch {torch.__version__}"
    table = Table(title=f"{kind}, batch {BATCH}, {threads}", title_justify="left")
    for column in ("what", "images/s", "fastest", "to classic", "to the floor"):
        table.add_column(column, justify="left" if column == "what" else "right")
    medians = {name: statistics.median(values) for name, values in speeds.items()}
    for name, median in medians.items():
        table.add_row(
            name,
            f"{median:.0f}",
            f"{max(speeds[name]):.0f}",
            f"{median / medians['classic']:.2f}",
            f"{median / medians['floor']:.2f}",
        )
    console.print(table)
    for goal, base in zip(GOALS[kind], ("classic", "floor")):
        ratio = medians["ours"] / medians[base]
        word = "reached" if ratio >= goal else "missed"
        console.print(f"goal: at least {goal:.2f} times {base}: {word} ({ratio:.2f})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--gans", nargs="+", choices=list(GOALS), default=list(GOALS))
    parser.add_argument(
        "--threads", type=int, help="on a busy machine: threads wait for each other"
    )
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    for kind in arguments.gans:
        show(kind, measure(kind, arguments.rounds), Console())


if __name__ == "__main__":
    main()

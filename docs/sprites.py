"""Draw the sprite set, train a DCGAN on it, and draw what it learned: `python docs/sprites.py`.

Takes minutes on a CPU, because it uses fewer sprites, smaller minibatches and fewer epochs than the
homework asks for, with a learning rate that fits them. Writes docs/pictures/sprites.png and
sprites_generated.png.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import time
from pathlib import Path
from typing import Any

import matplotlib
import torch
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
LARGEST = 200_000  # bytes of a picture in the repository


def solution() -> Any:
    """Return the part's solution as a module."""
    path = ROOT / "solutions" / "dcgan.py"
    spec = importlib.util.spec_from_file_location("dcgan", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def save(figure: Any, name: str) -> None:
    """Write a figure as a PNG of 256 colours, which is enough to look at."""
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=80)
    path = PICTURES / name
    Image.open(buffer).convert("RGB").quantize(256).save(path, optimize=True)
    assert path.stat().st_size < LARGEST, f"{path.name}: too large for the repository"


def main() -> None:
    """Train, say how it went, and save both pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=640, help="sprites in the set")
    parser.add_argument("--batch", type=int, default=16, help="sprites in a minibatch")
    parser.add_argument("--epochs", type=int, default=9, help="passes over the set")
    parser.add_argument("--lr", type=float, default=0.002, help="learning rate of both networks")
    options = parser.parse_args()
    matplotlib.use("Agg")
    dcgan = solution()
    torch.manual_seed(0)
    sprites = dcgan.load_sprites(batch_size=options.batch, count=options.count)
    save(dcgan.show_grid(next(iter(sprites))[0], rows=2, columns=8), "sprites.png")
    discriminator, generator = dcgan.net_D(), dcgan.net_G()
    started = time.monotonic()
    losses = dcgan.train(
        discriminator, generator, sprites, options.epochs, options.lr, dcgan.LATENT_DIM
    )
    for epoch, (loss_d, loss_g) in enumerate(zip(*losses), 1):
        print(f"epoch {epoch}: D {loss_d:.3f}, G {loss_g:.3f}")
    print(f"{time.monotonic() - started:.0f} s on {torch.get_num_threads()} threads")
    save(dcgan.show_grid(dcgan.sample_images(generator)), "sprites_generated.png")


if __name__ == "__main__":
    main()

"""Train the three GANs for equal budgets, score and draw them: `python docs/gans.py`.

Writes docs/pictures/gans.png and the table in docs/training.md. The score is the distance that the
checks of training use: the Frechet distance between the features of 1000 drawn pictures and those of
real digits. The DCGAN takes most of the time: a few minutes on a free processor core.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from autograder import parts
from autograder.outputs import read_npz
from autograder.staff.documents import write_section

ROOT = Path(__file__).resolve().parent.parent
PART = parts.get("gan_learning")
PAGE = ROOT / "docs" / "training.md"
DRAWN = 1000
SHOWN = 16


def main() -> None:
    """Train, score, draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--iterations", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT / "solutions"))
    import gan_pytorch
    import gan_training

    digits = gan_training.load_digits_28x28("digits")
    pairs = {
        "vanilla GAN": (gan_pytorch.discriminator, gan_pytorch.generator, "", False),
        "LSGAN": (gan_pytorch.discriminator, gan_pytorch.generator, "ls_", False),
        "DCGAN": (gan_pytorch.build_dc_classifier, gan_pytorch.build_dc_generator, "", True),
    }
    rows, drawn = [], {}
    for name, (make_d, make_g, kind, convolutional) in pairs.items():
        torch.manual_seed(arguments.seed)
        net_d, net_g = make_d(), make_g()
        if convolutional:
            net_d.apply(gan_pytorch.initialize_weights)
            net_g.apply(gan_pytorch.initialize_weights)
        done = gan_training.train_gan(
            net_d,
            net_g,
            gan_pytorch.get_optimizer(net_d),
            gan_pytorch.get_optimizer(net_g),
            getattr(gan_pytorch, f"{kind}discriminator_loss"),
            getattr(gan_pytorch, f"{kind}generator_loss"),
            digits.train,
            num_iterations=arguments.iterations,
            seed=arguments.seed,
        )
        with torch.no_grad():
            noise = gan_pytorch.sample_noise(DRAWN, gan_pytorch.NOISE_DIM, seed=arguments.seed)
            drawn[name] = net_g(noise).reshape(DRAWN, -1).numpy()
        far, seen = score(drawn[name])
        late = slice(-100, None)
        losses = f"{done.d_losses[late].mean():.2f}, {done.g_losses[late].mean():.2f}"
        rows.append(f"| {name} | {arguments.iterations} | {far:.0f} | {seen} of 10 | {losses} |")
    draw(drawn)
    head = [
        "| GAN | iterations | distance | digits seen | last losses: D, G |",
        "|---|---:|---:|---:|---|",
    ]
    picture = f"![{SHOWN} pictures of each: {', '.join(pairs)}](pictures/gans.png)"
    write_section(PAGE, "gans", "\n".join([*head, *rows, "", picture]))
    print("\n".join(rows))


def score(pictures: np.ndarray) -> tuple[float, int]:
    """Return the distance from real digits, and how many digits are seen."""
    spec = importlib.util.spec_from_file_location("suite", PART.suite)
    assert spec is not None and spec.loader is not None
    suite: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(suite)
    answers, _ = read_npz(PART.answers)
    reference = {k.partition("/")[2]: v for k, v in answers.items() if k.startswith("reference/")}
    found, digits = suite.features({"sample": (pictures + 1) * 127.5}, reference)
    shares = np.bincount(digits, minlength=10) / len(digits)
    return suite.distance(found, reference), int(np.count_nonzero(shares >= suite.SEEN))


def draw(drawn: dict[str, np.ndarray]) -> None:
    """Write a row of pictures for each GAN."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 2.2), layout="constrained")
    for axis, (name, pictures) in zip(figure.subplots(len(drawn), 1), drawn.items()):
        row = pictures[:SHOWN].reshape(SHOWN, 28, 28)
        axis.imshow(np.concatenate(list(row), axis=1), cmap="gray", vmin=-1, vmax=1)
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
        axis.set(xticks=[], yticks=[])
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=100)
    image = Image.open(buffer).convert("L").quantize(64)
    image.save(ROOT / "docs" / "pictures" / "gans.png", optimize=True)


if __name__ == "__main__":
    main()

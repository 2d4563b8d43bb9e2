"""What students of `dcgan` are given: the sprite set, loaders of pictures, and ways to look at them."""

from __future__ import annotations

import runpy
import types
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import datasets

from autograder import parts

matplotlib.use("Agg")


@pytest.fixture(scope="module")
def dcgan(one_thread):
    return types.SimpleNamespace(**runpy.run_path(str(parts.get("dcgan").solution)))


@pytest.fixture(scope="module")
def sprites(dcgan):
    return dcgan.draw_sprites(300, seed=3)


# --- the sprite set ---------------------------------------------------------------------------


def test_sprites_are_colour_images_between_minus_one_and_one(sprites):
    assert sprites.shape == (300, 3, 64, 64) and sprites.dtype == torch.float32
    assert sprites.min() >= -1 and sprites.max() <= 1


def test_a_seed_draws_the_same_sprites_and_another_seed_others(dcgan, sprites):
    assert torch.equal(sprites, dcgan.draw_sprites(300, seed=3))
    assert not torch.equal(sprites[:20], dcgan.draw_sprites(20, seed=4))


def test_no_two_sprites_are_alike(sprites):
    distances = torch.cdist(sprites.flatten(1), sprites.flatten(1))
    distances.fill_diagonal_(torch.inf)
    assert distances.min() > 5  # a sprite of one other colour is about 30 away


def test_every_sprite_is_a_creature_in_the_middle_of_an_empty_background(sprites):
    corners = sprites[:, :, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert torch.allclose(corners, corners[0, 0, 0])
    drawn = (sprites - corners[0, 0, 0]).abs().amax(1) > 0.1
    assert (drawn.float().mean((1, 2)) > 0.15).all()
    assert drawn[:, 20:44, 22:42].float().mean() > 0.85  # the whites of eyes count as empty
    assert torch.equal(drawn, drawn.flip(2))  # two eyes, two arms, two feet


def test_sprites_differ_in_colour_and_in_outline(sprites):
    assert sprites[:, :, 20, 20].std(0).min() > 0.3
    outlines = (sprites - sprites[0, 0, 0, 0]).abs().amax(1) > 0.1
    assert ((outlines.float().mean(0) > 0.1) & (outlines.float().mean(0) < 0.9)).sum() > 300


def test_the_loader_draws_a_set_where_no_folder_is_given(dcgan):
    loader = dcgan.load_sprites(batch_size=8, count=20)
    sizes = [(images.shape, labels.shape) for images, labels in loader]
    assert [tuple(images) for images, _ in sizes] == [(n, 3, 64, 64) for n in (8, 8, 4)]
    assert [tuple(labels) for _, labels in sizes] == [(8,), (8,), (4,)]


def test_no_sprites_can_be_drawn_too(dcgan):
    assert dcgan.draw_sprites(0).shape == (0, 3, 64, 64)


# --- folders of pictures ----------------------------------------------------------------------


def picture(path: Path, size: tuple[int, int], colour: tuple[int, int, int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


def test_a_folder_of_ones_own_sprites_is_read(dcgan, tmp_path):
    picture(tmp_path / "birds" / "one.png", (40, 50), (255, 255, 255))
    picture(tmp_path / "cats" / "two.png", (90, 30), (0, 0, 0))
    ((images, labels),) = dcgan.load_sprites(tmp_path, batch_size=2)
    assert images.shape == (2, 3, 64, 64)
    assert images[labels == 0].unique().tolist() == [1.0]
    assert images[labels == 1].unique().tolist() == [-1.0]


def test_a_folder_of_faces_is_read(dcgan, tmp_path, monkeypatch):
    # The files' own checksums are those of the real data set; everything else is torchvision's.
    monkeypatch.setattr(datasets.CelebA, "_check_integrity", lambda self: True)
    root = tmp_path / "celeba"
    names = [f"00000{i}.jpg" for i in (1, 2, 3)]
    for name in names:
        picture(root / "img_align_celeba" / name, (178, 218), (255, 0, 0))
    rows = {
        "identity_CelebA.txt": [f"{name} 1" for name in names],
        "list_eval_partition.txt": [f"{name} {i // 2}" for i, name in enumerate(names)],
        "list_bbox_celeba.txt": ["3", "image_id x", *(f"{name} 1" for name in names)],
        "list_landmarks_align_celeba.txt": ["3", "x", *(f"{name} 1" for name in names)],
        "list_attr_celeba.txt": ["3", "Smiling", *(f"{name} 1" for name in names)],
    }
    for name, lines in rows.items():
        (root / name).write_text("\n".join(lines) + "\n")
    ((images, _),) = dcgan.load_faces(tmp_path)
    assert images.shape == (2, 3, 64, 64)  # of the three, two are for training
    assert images[:, 0].min() > 0.9 and images[:, 1:].max() < -0.9


# --- looking at what was learned --------------------------------------------------------------


def small_generator() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.ConvTranspose2d(5, 3, 4), torch.nn.BatchNorm2d(3), torch.nn.Tanh()
    )


def test_a_walk_begins_and_ends_at_its_two_noise_vectors(dcgan):
    generator = small_generator()
    start, end = torch.randn(5, 1, 1), torch.randn(5, 1, 1)
    walk = dcgan.latent_walk(generator, start, end, steps=9)
    assert walk.shape == (9, 3, 4, 4) and generator.training
    generator.eval()
    with torch.no_grad():
        ends = generator(torch.stack([start, end]))
    assert torch.allclose(walk[[0, -1]], ends, atol=1e-6)
    steps = (walk[1:] - walk[:-1]).flatten(1).norm(dim=1)
    assert steps.max() < (walk[-1] - walk[0]).norm()


def test_noise_on_the_way_is_as_long_as_noise_is(dcgan):
    class Lengths(torch.nn.Module):
        def forward(self, z):
            return z.flatten(1).norm(dim=1)

    torch.manual_seed(0)
    ends = torch.randn(2, 20000, 1, 1)
    lengths = dcgan.latent_walk(Lengths(), *ends, steps=5)
    assert np.allclose(lengths, np.sqrt(20000), rtol=0.02)


def test_samples_fill_a_grid_of_three_by_seven(dcgan, sprites):
    assert dcgan.sample_images(small_generator(), latent_dim=5).shape == (21, 3, 4, 4)
    figure = dcgan.show_grid(sprites)
    drawn = [axis.images for axis in figure.axes]
    assert len(drawn) == 21 and all(len(images) == 1 for images in drawn)
    shown = drawn[0][0].get_array()
    assert np.allclose(shown, (np.moveaxis(sprites[0].numpy(), 0, 2) + 1) / 2)


def test_loss_curves_have_a_point_for_each_epoch(dcgan):
    (axis,) = dcgan.show_losses([0.5, 0.4, 0.3], [1.0, 2.0, 3.0]).axes
    curves = {line.get_label(): line.get_xydata().tolist() for line in axis.lines}
    assert curves["generator"] == [[1, 1], [2, 2], [3, 3]]
    assert curves["discriminator"] == [[1, 0.5], [2, 0.4], [3, 0.3]]


# --- training ---------------------------------------------------------------------------------


def test_training_reaches_every_parameter_of_the_real_networks(dcgan):
    torch.manual_seed(0)
    loader = dcgan.load_sprites(batch_size=4, count=6)
    discriminator, generator = dcgan.net_D(), dcgan.net_G()
    losses = dcgan.train(discriminator, generator, loader, 1, 0.0002, dcgan.LATENT_DIM)
    assert np.shape(losses) == (2, 1) and np.isfinite(losses).all()
    assert dcgan.sample_images(generator).shape == (21, 3, 64, 64)
    for network in (discriminator, generator):
        assert all(p.grad is not None and p.grad.any() for p in network.parameters())


def test_a_small_gan_learns_a_colour(dcgan):
    """Images of one colour: after a few steps the generator's are of that colour, too."""
    torch.manual_seed(1)
    colour = torch.tensor([0.6, -0.2, 0.3])
    images = colour.reshape(1, 3, 1, 1) + 0.05 * torch.randn(128, 3, 4, 4)
    data = torch.utils.data.TensorDataset(images, torch.zeros(len(images)))
    loader = torch.utils.data.DataLoader(data, batch_size=32, shuffle=True)
    generator = torch.nn.Sequential(torch.nn.ConvTranspose2d(4, 3, 4), torch.nn.Tanh())
    discriminator = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 4), torch.nn.LeakyReLU(0.2), torch.nn.Conv2d(8, 1, 1)
    )
    dcgan.train(discriminator, generator, loader, 60, 0.01, 4)
    learned = dcgan.sample_images(generator, 4, 64).mean((0, 2, 3))
    assert (learned - colour).abs().max() < 0.25

"""An error about shapes or calls says what came and what is expected."""

from __future__ import annotations

import pytest

from tests.asking import asked, lost, names, told

DC_GENERATOR = """
def build_dc_generator({arguments}):
    return nn.Sequential(
        nn.Linear({width}, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272), nn.ReLU(),
        nn.BatchNorm1d(6272), nn.Unflatten(1, (128, 7, 7)), nn.ConvTranspose2d(128, 64, 4, 2, 1),
        nn.ReLU(), nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), nn.Flatten())
"""


@pytest.mark.parametrize(
    "network",
    [
        "nn.Sequential()",
        "nn.Flatten()",
        "nn.Module.__new__(nn.Sequential)",
    ],
)
def test_a_network_without_layers_is_told_in_one_sentence(network, grader):
    source = f"def generator(noise_dim=96, seed=None):\n    return {network}\n"
    checks = asked(grader, source, "generator")
    assert "generator_images" in lost(checks)
    assert "stack" not in told(checks)
    if "__new__" not in network:
        assert "the network has no parameters to train" in told(checks)


def test_layers_in_a_plain_list_are_told_in_the_same_sentence(grader):
    source = """
class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1)]
    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers:
            x = layer(x)
        return x
def discriminator(seed=None):
    return Listed()
"""
    assert "kept in a plain list" in told(asked(grader, source, "discriminator"))


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("", "returns shape (8, 256); expected (8, 1): is the last layer missing?"),
        (", nn.Linear(256, 3)", "returns shape (8, 3); expected (8, 1) (it has"),
    ],
)
def test_another_shape_is_told_with_the_expected_one_and_the_number_of_parameters(
    end, words, grader
):
    source = (
        "def discriminator(seed=None):\n    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), "
        f"nn.ReLU(), nn.Linear(256, 256), nn.ReLU(){end})\n"
    )
    checks = asked(grader, source, "discriminator")
    assert words in told(checks)
    assert "parameters; 267009 are expected" in told(checks)


def test_an_argument_in_front_of_the_noise_is_told_with_the_call(grader):
    source = DC_GENERATOR.format(arguments="batch_size, noise_dim=96", width="noise_dim")
    checks = asked(grader, source, "build_dc_generator")
    assert "built by build_dc_generator(4), where 4 is the length of a noise vector" in told(checks)
    assert names(checks) <= {"dc-generator-fixed-noise-dim"}


@pytest.mark.parametrize(
    ("source", "function", "words"),
    [
        (
            DC_GENERATOR.format(arguments="batch_size, noise_dim", width="noise_dim"),
            "build_dc_generator",
            "is called as build_dc_generator(4), but takes (batch_size, noise_dim)",
        ),
        (
            "def discriminator(size):\n    return 1\n",
            "discriminator",
            "is called as discriminator(),",
        ),
        (
            "def generator():\n    return 1\n",
            "generator",
            "is called as generator(4), but takes ()",
        ),
        ("def bce_loss(a):\n    return 1\n", "bce_loss", "is called as bce_loss(input, target),"),
        (
            "def generator_loss():\n    return 1\n",
            "generator_loss",
            "is called as generator_loss(fake),",
        ),
        (
            "def ls_discriminator_loss(scores):\n    return 1\n",
            "ls_discriminator_loss",
            "is called as ls_discriminator_loss(real, fake),",
        ),
        (
            "def get_optimizer():\n    return 1\n",
            "get_optimizer",
            "as get_optimizer(model), but takes ()",
        ),
        (
            "def sample_noise(n):\n    return 1\n",
            "sample_noise",
            "is called as sample_noise(500, 40),",
        ),
    ],
)
def test_a_function_that_cannot_be_called_as_the_homework_does_is_told_how(
    source, function, words, grader
):
    checks = asked(grader, source, function)
    assert words in told(checks)
    assert names(checks) == set()


def test_the_error_of_the_minibatch_that_counts_is_told_with_its_size(grader):
    source = """
class Maps(nn.Module):
    def forward(self, x):
        return x.view(128, 128, 7, 7)
def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 7 * 7 * 28),
        nn.ReLU(), nn.BatchNorm1d(7 * 7 * 28), Maps(), nn.ConvTranspose2d(128, 1, 4, 4), nn.Flatten())
"""
    checks = asked(grader, source, "build_dc_generator")
    assert "input of size 175616" in told(checks)
    assert "asked with a minibatch of shape (128, 4)" in told(checks)


def test_words_are_true_of_both_codes_that_compute_the_same(grader):
    one, two = (
        "def build_dc_classifier(batch_size=128):\n    return nn.Sequential("
        f"nn.Conv2d(1, 32, 5{stride}), nn.LeakyReLU(0.01), {pool}nn.Conv2d(32, 64, 5{stride}), "
        f"nn.LeakyReLU(0.01), {pool}nn.Flatten(), nn.Linear(1024, 1024), nn.LeakyReLU(0.01), "
        "nn.Linear(1024, 1))\n"
        for stride, pool in ((", 2", ""), ("", "nn.MaxPool2d(1, 2), "))
    )
    for source in (one, two):
        checks = asked(grader, source, "build_dc_classifier")
        assert names(checks) <= {"classifier-strided"}
        assert "no maximum of 2 by 2 is taken" in told(checks)


@pytest.mark.parametrize(
    "drawn", ["drawn / drawn.abs().max()", "drawn / torch.max(torch.abs(drawn))"]
)
def test_a_normal_sample_divided_by_its_largest_is_named(drawn, grader):
    source = (
        "def sample_noise(batch_size, dim, seed=None):\n    if seed is not None:\n"
        "        torch.manual_seed(seed)\n    drawn = torch.randn(batch_size, dim)\n"
        f"    return {drawn}\n"
    )
    checks = asked(grader, source, "sample_noise")
    assert checks["noise_uniform"].mistake == "noise-normal-by-largest"

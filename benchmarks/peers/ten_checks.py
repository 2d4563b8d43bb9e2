"""Ten checks of all functions of gan_pytorch, as a course writes them with asserts.

Each is a piece of Python that finds the student's functions and torch among its globals.
"""

from __future__ import annotations

CHECKS = {
    "noise": (
        "z = sample_noise(20, 10)\nassert z.shape == (20, 10) and z.min() >= -1 and z.max() <= 1"
    ),
    "discriminator_parameters": (
        "assert sum(p.numel() for p in discriminator().parameters()) == 267009"
    ),
    "discriminator_shape": "assert discriminator()(torch.ones(4, 784)).shape == (4, 1)",
    "generator_parameters": "assert sum(p.numel() for p in generator(4).parameters()) == 1858320",
    "generator_shape": "assert generator(4)(torch.ones(4, 4)).shape == (4, 784)",
    "discriminator_loss": (
        "x = torch.linspace(-3, 3, 50)\n"
        "assert abs(discriminator_loss(x, x.flip(0)).item() - 2.0375) < 1e-3"
    ),
    "generator_loss": (
        "x = torch.linspace(-3, 3, 50)\nassert abs(generator_loss(x).item() - 1.0188) < 1e-3"
    ),
    "least_squares": (
        "x = torch.linspace(-3, 3, 50)\n"
        "assert abs(ls_discriminator_loss(x, x).item() - 3.6224) < 1e-3\n"
        "assert abs(ls_generator_loss(x).item() - 2.0612) < 1e-3"
    ),
    "classifier_parameters": (
        "assert sum(p.numel() for p in build_dc_classifier(128).parameters()) == 1102721"
    ),
    "dc_generator": (
        "g = build_dc_generator(4)\n"
        "assert sum(p.numel() for p in g.parameters()) == 6580801\n"
        "assert g(torch.ones(3, 4)).shape == (3, 784) and get_optimizer(g)"
    ),
}

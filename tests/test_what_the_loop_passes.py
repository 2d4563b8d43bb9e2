"""What the given training loop cannot use is wrong, and the student reads why."""

from __future__ import annotations

import sys
import types

import pytest
import torch

from autograder.mistake import function_in
from autograder.probing.values import parameter_names
from autograder.staff.variants import read_variant, variants
from tests.asking import PART, asked, lost, names, told

LAYERS = "nn.Linear(784, 256), {0}, nn.Linear(256, 256), {0}, nn.Linear(256, 1)"
CONVOLUTIONS = (
    "nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), "
    "nn.LeakyReLU(0.01), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1024, 1024), nn.LeakyReLU(0.01), "
    "nn.Linear(1024, 1)"
)


def discriminator(first="nn.Flatten(), ", last="", slope=0.01):
    layers = LAYERS.format(f"nn.LeakyReLU({slope})")
    return f"def discriminator(seed=None):\n    return nn.Sequential({first}{layers}{last})\n"


@pytest.mark.parametrize("slope", [0.01, 0.2])
def test_a_discriminator_that_takes_vectors_alone_loses_its_points_by_name(slope, grader):
    checks = asked(grader, discriminator(first="", slope=slope), "discriminator")
    assert lost(checks) == {"discriminator_scores", "discriminator_gradients"}
    assert names(checks) == {"discriminator-vectors-only"}
    assert "(N, 1, 28, 28)" in told(checks)


def test_a_classifier_that_takes_vectors_alone_loses_its_points_by_name(grader):
    source = (
        "def build_dc_classifier(batch_size=128):\n"
        f"    return nn.Sequential(nn.Unflatten(1, (1, 28, 28)), {CONVOLUTIONS})\n"
    )
    checks = asked(grader, source, "build_dc_classifier")
    assert names(checks) == {"classifier-vectors-only"}


def test_a_classifier_that_takes_images_alone_keeps_its_points(grader):
    source = f"def build_dc_classifier(batch_size=128):\n    return nn.Sequential({CONVOLUTIONS})\n"
    assert lost(asked(grader, source, "build_dc_classifier")) == set()


@pytest.mark.parametrize(
    ("function", "had", "has", "remark"),
    [
        ("generator", "noise_dim=NOISE_DIM, seed", "noise_dim, seed", "calls generator()"),
        ("generator", "noise_dim=NOISE_DIM, seed", "noise_dim=100, seed", "is 100 if nothing"),
        ("build_dc_generator", "noise_dim=NOISE_DIM", "noise_dim=None", ""),
        ("build_dc_generator", "noise_dim=NOISE_DIM", "noise_dim", "the default 96"),
        ("build_dc_generator", "noise_dim=NOISE_DIM", "*sizes", ""),
        ("build_dc_classifier", "batch_size=BATCH_SIZE", "batch_size", "the default 128"),
        ("build_dc_classifier", "batch_size=BATCH_SIZE", "", ""),
    ],
)
def test_a_size_that_the_notebook_leaves_out_is_asked_for_in_a_remark(
    function, had, has, remark, grader
):
    source = function_in(PART.solution.read_text(), function)
    assert had in source
    source = source.replace(had, has)
    if has == "*sizes":
        source = source.replace("noise_dim,", "sizes[0],")
    checks = asked(grader, source, function)
    assert lost(checks) == set()
    assert remark in told(checks) and bool(remark) == bool(told(checks).strip())


@pytest.mark.parametrize(
    "change", ["x.mul_(1.0)", "x.clamp_(-1, 1)", "F.threshold_(x, -2.0, -2.0)"]
)
def test_a_discriminator_that_changes_generated_images_in_place_loses_its_points(change, grader):
    source = (
        f"class Changed(nn.Module):\n    def forward(self, x):\n        return {change}\n"
        + discriminator("Changed(), nn.Flatten(), ")
    )
    checks = asked(grader, source, "discriminator")
    assert "discriminator_gradients" in lost(checks)
    assert names(checks) == {"discriminator-in-place"}


STRICT = """
def generator_loss(logits_fake):
    n, one = logits_fake.shape
    return bce_loss(logits_fake, torch.ones(n, one))
"""


def test_scores_that_the_students_own_losses_refuse_cost_points_and_others_do_not(grader):
    squeezed = discriminator(last=", nn.Flatten(0)")
    checks = asked(grader, squeezed, "discriminator")
    assert lost(checks) == set()
    assert "in shape (8,); expected (8, 1)" in checks["discriminator_scores"].message
    checks = asked(grader, squeezed + STRICT, "discriminator")
    assert lost(checks) == {"discriminator_scores", "discriminator_gradients"}
    assert "your generator_loss cannot use" in told(checks)


OPTIMIZER = """
class Slow(torch.optim.Adam):
    def zero_grad(self, set_to_none=True):
        pass
class Bare:
    def __init__(self, inner):
        self.step = inner.step
def adam(model, kind=torch.optim.Adam):
    return kind(model.parameters(), lr=1e-3, betas=(0.5, 0.999))
def get_optimizer(model):
    return {}
"""


@pytest.mark.parametrize(
    ("made", "loses", "words"),
    [
        ("adam(model)", set(), ""),
        ("adam(model, Slow)", {"optimizer_parameters"}, "its zero_grad leaves gradients behind"),
        ("Bare(adam(model))", None, "returned Bare, which has no zero_grad"),
        ("torch.optim.lr_scheduler.LambdaLR(adam(model), float)", None, "has no zero_grad"),
        (
            "torch.optim.Adam([{'params': [p], 'lr': 1e-3 / p.dim() ** i} "
            "for i, p in enumerate(model.parameters())], betas=(0.5, 0.999))",
            {"optimizer_parameters"},
            "other steps than the first layer's weights",
        ),
    ],
)
def test_an_optimizer_is_judged_by_what_the_loop_calls(made, loses, words, grader):
    checks = asked(grader, OPTIMIZER.replace("{}", made, 1), "get_optimizer")
    assert lost(checks) == (set(checks) if loses is None else loses)
    assert words in told(checks)


# --- the loop itself --------------------------------------------------------------------------

ELSEWHERE = ("cuda", "mps", "torch.compile")  # words of variants that this process may not serve


def loaded(path, monkeypatch):
    """Run the solution with a variant behind it; return the module."""
    module = types.ModuleType("gan_pytorch")
    monkeypatch.setitem(sys.modules, "gan_pytorch", module)
    text = f"{PART.solution.read_text()}\n\n{path.read_text()}"
    exec(compile(text, str(path), "exec"), module.__dict__)  # noqa: S102 (our own variants)
    return module


def train_one_step(module, convolutional):
    """Take one step of `run_a_gan` with the functions of a module; return the samples."""
    losses = [(module.discriminator_loss, module.generator_loss)]
    make_d, sizes, make_g = module.discriminator, (), module.generator
    if convolutional:
        make_d, make_g = module.build_dc_classifier, module.build_dc_generator
        sizes = (128,) if parameter_names(make_d) else ()
    else:
        losses.append((module.ls_discriminator_loss, module.ls_generator_loss))
    data = [(torch.rand(128, 1, 28, 28), torch.zeros(128))]
    kept = []
    for d_loss, g_loss in losses:
        d, g = make_d(*sizes), make_g()
        solvers = module.get_optimizer(d), module.get_optimizer(g)
        kept += module.run_a_gan(d, g, *solvers, d_loss, g_loss, data, num_epochs=1)
    return kept


def partial_variants():
    """Return the variants that define some functions, and run in any process."""
    for path in variants(PART):
        variant = read_variant(path)
        elsewhere = any(word.encode() in variant.source for word in ELSEWHERE)
        if variant.only and not variant.loses and not elsewhere and path.suffix == ".py":
            quick = path.stem in ("bce_for_flat_labels", "in_place_input")
            marks = () if quick else pytest.mark.exhaustive(reason="a step with each variant")
            yield pytest.param(path, variant.only, id=path.stem, marks=marks)


# Every second one: each trains for a second or more.
@pytest.mark.parametrize(("path", "only"), list(partial_variants())[::2])
def test_whatever_earns_all_points_trains_in_the_given_loop(path, only, monkeypatch):
    kind = torch.get_default_dtype()
    try:
        module = loaded(path, monkeypatch)
        convolutional = any(name.startswith("build_dc") for name in only)
        samples = train_one_step(module, convolutional)
    finally:
        torch.set_default_dtype(kind)
    assert len(samples) == (1 if convolutional else 2)
